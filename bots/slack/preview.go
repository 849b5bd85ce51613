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

// arrival does what the form is for with a copy of the case, and says what of it arrives at the complainant, and how. What
// is wrong with the form is its error, before anything is shown as if it could be sent.
func (b *Bot) arrival(f filling) (text string, how i18n.Text, err error) {
	tries := f.form.tries
	if tries == nil {
		tries = f.form.carry
	}
	return b.arrivalOf(f, func(c *cases.Case) error { return tries(f, c, f.now) })
}

func (b *Bot) arrivalOf(f filling, tries func(*cases.Case) error) (text string, how i18n.Text, err error) {
	tried := copyOf(f.c)
	if err := tries(tried); err != nil {
		return "", how, err
	}
	events := tried.Events()
	file := &cases.File{Case: *tried, Events: make([]cases.Event, events[0].Seq-1), Attachments: f.along}
	if f.file != nil {
		copy(file.Events, f.file.Events)
	}
	file.Events = append(file.Events, events...)
	file.Assemble()
	var ways []cases.Recipient
	for _, e := range file.Events[events[0].Seq-1:] {
		if text == "" {
			text = e.Words[f.form.tells]
		}
		for _, n := range previewed(tried, e) {
			if n.To != cases.ByChat && n.To != cases.ByMail || slices.Contains(ways, n.To) {
				continue
			}
			ways = append(ways, n.To)
			if b.config.Preview == nil || len(ways) > 1 {
				continue
			}
			if said, ok := b.config.Preview(file, n, f.p); ok {
				text = said
			}
		}
	}
	switch len(ways) {
	case 0:
		return text, i18n.T("form.preview.nobody"), nil
	case 1:
		return text, i18n.T("form.preview."+string(ways[0]), "language", languageName(f.c.Language)), nil
	}
	return text, i18n.T("form.preview.both", "language", languageName(f.c.Language)), nil
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
