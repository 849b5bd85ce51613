package slack

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// preview shows what will arrive.
func (b *Bot) preview(ctx context.Context, f filling) (*modal, error) {
	f.m.Step = stepPreview
	if err := b.withFile(ctx, &f); err != nil {
		return nil, err
	}
	shown, err := b.formModal(ctx, f)
	if err != nil {
		return nil, err
	}
	view, err := shown.encode()
	if err != nil {
		return nil, err
	}
	if len(view) > maxView || len(shown.blocks) > maxViewBlocks {
		return nil, &cases.Refusal{Text: i18n.T("refusal.too-long")}
	}
	return &shown, nil
}

// arriving is what arrives at somebody by one way, under the words that say which.
type arriving struct {
	how  i18n.Text
	text string
}

// arrivingBlocks show what arrives, way by way. What would leave no room for the form under it is shown by the first way only.
func arrivingBlocks(all []arriving, l i18n.Language) (blocks []block) {
	length := 0
	for n, one := range all {
		more := append([]block{say(one.how.In(l))}, quote(one.text)...)
		if length += len(one.text); n > 0 && (length > maxView/4 || len(blocks)+len(more) > maxViewBlocks/3) {
			break
		}
		blocks = append(blocks, more...)
	}
	return blocks
}

// arrival does what the form is for with a copy of the case, and says what of it arrives at the complainant, and how. What
// is wrong with the form is its error, before anything is shown as if it could be sent.
func (b *Bot) arrival(f filling) ([]arriving, error) {
	tries := f.form.tries
	if tries == nil {
		tries = f.form.carry
	}
	return b.arrivalOf(f, func(c *cases.Case) error { return tries(f, c, f.now) })
}

func (b *Bot) arrivalOf(f filling, tries func(*cases.Case) error) ([]arriving, error) {
	tried := copyOf(f.c)
	if err := tries(tried); err != nil {
		return nil, err
	}
	events := tried.Events()
	file := &cases.File{Case: *tried, Events: make([]cases.Event, events[0].Seq-1), Attachments: f.along}
	if f.file != nil {
		copy(file.Events, f.file.Events)
	}
	file.Events = append(file.Events, events...)
	file.Assemble()
	said := ""
	var ways []cases.Recipient
	var all []arriving
	for _, e := range file.Events[events[0].Seq-1:] {
		if said == "" {
			said = e.Words[f.form.tells]
		}
		for _, n := range previewed(tried, e) {
			if n.To != cases.ByChat && n.To != cases.ByMail || slices.Contains(ways, n.To) {
				continue
			}
			ways = append(ways, n.To)
			if b.config.Preview == nil {
				continue
			}
			if text, ok := b.config.Preview(file, n, f.p); ok {
				all = append(all, arriving{i18n.T("form.preview.letter"), text})
			}
		}
	}
	if len(all) == 0 {
		all = []arriving{{text: said}}
	}
	switch len(ways) {
	case 0:
		all[0].how = i18n.T("form.preview.nobody")
	case 1:
		all[0].how = i18n.T("form.preview."+string(ways[0]), "language", languageName(f.c.Language))
	default:
		all[0].how = i18n.T("form.preview.both", "language", languageName(f.c.Language))
	}
	return all, nil
}

// previewed are the notices that an event leads to: at once, or of a reason that is given ahead on the last day.
func previewed(c *cases.Case, e cases.Event) []cases.Notice {
	if e.Kind == cases.ForeseenLate {
		e = cases.Event{Seq: e.Seq, Kind: cases.Extended, By: cases.TheClock, Data: map[string]string{"event": strconv.Itoa(e.Seq)}}
	}
	return cases.Notices(c, e)
}

// copyOf is a case to try something with.
func copyOf(c *cases.Case) *cases.Case {
	tried := *c
	tried.Excluded = slices.Clone(c.Excluded)
	tried.Work.Parties = slices.Clone(c.Work.Parties)
	tried.Work.Consulted = slices.Clone(c.Work.Consulted)
	tried.Work.Measures = slices.Clone(c.Work.Measures)
	tried.Work.Cleared = slices.Clone(c.Work.Cleared)
	tried.Work.Held = slices.Clone(c.Work.Held)
	tried.Work.Along = maps.Clone(c.Work.Along)
	tried.Told = slices.Clone(c.Told)
	return &tried
}
