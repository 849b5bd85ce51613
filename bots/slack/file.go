package slack

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// openFile opens a window, and shows the file there to who may read it. That they read it is recorded.
func (b *Bot) openFile(ctx context.Context, i interaction, r *reply, value string) error {
	view, ok, err := b.open(ctx, i, r)
	if !ok {
		return err
	}
	return b.showFile(ctx, i, view, value, 1)
}

// turnPage shows another page in the window of the file. It is asked anew whether the member may.
func (b *Bot) turnPage(ctx context.Context, i interaction, r *reply, value string, page int) error {
	if err := r.ack(nil); err != nil {
		return err
	}
	return b.showFile(ctx, i, i.View.ID, value, page)
}

func (b *Bot) showFile(ctx context.Context, i interaction, view, value string, page int) error {
	l := b.languageOf(ctx, i.User.ID)
	file, err := b.readFile(ctx, i, value)
	if errors.Is(err, postgres.ErrClaimed) {
		return nil
	}
	if err != nil {
		said, known := sayable(err)
		if known {
			err = nil
		}
		return errors.Join(err, b.fill(ctx, view, notice(l, said.In(l))))
	}
	return b.fill(ctx, view, fileModal(file, b.store.Procedure(), b.store.Now(), l, page))
}

func (b *Bot) readFile(ctx context.Context, i interaction, value string) (*cases.File, error) {
	number, err := numberOf(value)
	if err != nil {
		return nil, err
	}
	who, err := b.person(ctx, i.User.ID)
	if err != nil {
		return nil, err
	}
	return b.store.ReadFile(ctx, i.claim(), number, who)
}

// fileModal is one page of a file, counted from 1.
func fileModal(f *cases.File, p *cases.Procedure, now time.Time, l i18n.Language, page int) modal {
	all := pages(fileBlocks(f, p, now, l), viewPage)
	page = max(1, min(page, len(all)))
	m := modal{
		title:  i18n.T("file.title", "number", string(f.Case.Number)).In(l),
		close:  i18n.T("form.button.close").In(l),
		blocks: slices.Clone(all[page-1]),
	}
	if len(all) == 1 {
		return m
	}
	m.blocks = append(m.blocks, small(i18n.T("file.page", "page", page, "pages", len(all)).In(l)))
	var row []*button
	if page > 1 {
		row = append(row, pageButton(f, actBack, "file.button.back", page-1, l))
	}
	if page < len(all) {
		row = append(row, pageButton(f, actOn, "file.button.on", page+1, l))
	}
	m.blocks = append(m.blocks, buttons(row...))
	return m
}

func pageButton(f *cases.File, action, key string, page int, l i18n.Language) *button {
	return press(action, i18n.T(key).In(l), string(f.Case.Number)+" "+strconv.Itoa(page))
}

// fileBlocks is all of a file: what is known of the case, what was told, what was sent, what happened.
func fileBlocks(f *cases.File, p *cases.Procedure, now time.Time, l i18n.Language) []block {
	blocks := append(card(&f.Case, p, now, l), divider(), header(i18n.T("file.answers").In(l)))
	fields := cases.ComplaintFields
	if f.Case.Kind == cases.Talk {
		fields = cases.TalkFields
	}
	for _, field := range fields {
		blocks = append(blocks, say("*"+i18n.T("file.field."+field).In(l)+"*"))
		if words := f.Answers[field]; words != "" {
			blocks = append(blocks, quote(words)...)
		} else {
			blocks = append(blocks, small(i18n.T("file.unanswered").In(l)))
		}
	}
	blocks = append(blocks, divider(), header(i18n.T("file.letters").In(l)))
	if len(f.Letters) == 0 {
		blocks = append(blocks, small(i18n.T("file.no-letters").In(l)))
	}
	for _, d := range f.Letters {
		blocks = append(blocks, small(letter(d, p, l)))
	}
	blocks = append(blocks, divider(), header(i18n.T("file.timeline").In(l)))
	for n, e := range f.Events {
		if n > 0 && e.Kind == cases.Read && f.Events[n-1].Kind == cases.Read && f.Events[n-1].By == e.By {
			continue // they turned a page
		}
		blocks = append(blocks, eventBlocks(e, p, l)...)
	}
	return blocks
}

// letter is a line about something that was sent to the complainant, and whether it arrived.
func letter(d cases.Delivery, p *cases.Procedure, l i18n.Language) string {
	text := i18n.T("file.letter", "what", i18n.T("letters."+string(d.Kind)), "way", i18n.T("way."+string(d.To)),
		"state", i18n.T("delivery."+string(d.State)), "at", i18n.Moment{Time: p.In(d.At)}).In(l)
	if d.Reason != "" && d.State == cases.Failed {
		text += " (" + escape(d.Reason) + ")"
	}
	return text
}

// eventWords are the words of an event that are shown under it, in their order. Those of a complaint stand with the answers.
var eventWords = map[cases.EventKind][]string{
	cases.Wrote:    {cases.FieldText},
	cases.Replied:  {cases.FieldText},
	cases.Spoke:    {cases.FieldText, cases.FieldSteps},
	cases.Extended: {cases.FieldText},
	cases.Ended:    {cases.FieldSolution},
}

// eventBlocks is one event, with its words: only for the case's own room and for a window of who may read the file.
func eventBlocks(e cases.Event, p *cases.Procedure, l i18n.Language) []block {
	blocks := []block{say(eventLine(e, p).In(l)), small(momentOf(e.At, p).In(l))}
	for _, field := range eventWords[e.Kind] {
		words := e.Words[field]
		if words == "" {
			continue
		}
		if e.Kind == cases.Spoke {
			blocks = append(blocks, small(i18n.T("file.words."+field).In(l)))
		}
		blocks = append(blocks, quote(words)...)
	}
	return blocks
}

// eventLine says what happened, and who did it.
func eventLine(e cases.Event, p *cases.Procedure) i18n.Text {
	return i18n.T("event."+string(e.Kind),
		"who", actor(e.By), "to", mention(e.Data["to"]), "action", named("action.", e.Data["action"]),
		"when", moment(e.Data["when"], p), "until", day(e.Data["until"], p), "day", day(e.Data["day"], p),
		"outcome", named("outcome.", e.Data["outcome"]), "way", named("way.", e.Data["way"]),
		"whom", recipient(cases.Recipient(e.Data["to"])), "about", named("milestone.", e.Data["milestone"]))
}

func actor(a cases.Actor) i18n.Text {
	if m, ok := a.Member(); ok {
		return i18n.Plain(mention(string(m)))
	}
	return i18n.T("actor." + string(a))
}

func recipient(r cases.Recipient) i18n.Text {
	if m, ok := r.Member(); ok {
		return i18n.Plain(mention(string(m)))
	}
	return i18n.T("actor.board")
}

// named is the text for a value that an event holds; what is not known is shown as it is.
func named(prefix, value string) i18n.Text {
	if value == "" || !i18n.Has(prefix+value) {
		return i18n.Plain(escape(value))
	}
	return i18n.T(prefix + value)
}

func moment(value string, p *cases.Procedure) i18n.Text {
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return i18n.Plain(escape(value))
	}
	return momentOf(t, p)
}

func day(value string, p *cases.Procedure) i18n.Text {
	t, err := time.ParseInLocation(time.DateOnly, value, p.Location())
	if err != nil {
		return i18n.Plain(escape(value))
	}
	return i18n.T("file.day", "day", i18n.Date{Time: t})
}
