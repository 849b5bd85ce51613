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
	return b.fill(ctx, view, fileModal(file, b.procedure(&file.Case), b.store.Now(), l, page))
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

// fileBlocks is all of a file: what is known of the case, what was told, the files, what was sent, what happened.
func fileBlocks(f *cases.File, p *cases.Procedure, now time.Time, l i18n.Language) []block {
	seen := glimpse{Case: &f.Case}
	if len(f.Events) > 0 {
		seen.By = cases.Means(f.Events[0].Data["by"])
	}
	blocks := append(card(seen, p, now, l), divider(), header(i18n.T("file.answers").In(l)))
	blocks = append(blocks, answerBlocks(f, p, l)...)
	if len(f.Attachments) > 0 {
		blocks = append(blocks, divider(), header(i18n.T("file.enclosures").In(l)))
		for _, e := range f.Attachments {
			blocks = append(blocks, enclosureBlocks(f, e, p, l)...)
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
		if n > 0 && turnedPage(f.Events[n-1], e) {
			continue
		}
		blocks = append(blocks, eventBlocks(f, e, p, l)...)
	}
	return blocks
}

// turnedPage says whether somebody only read on.
func turnedPage(before, e cases.Event) bool {
	return e.Kind == cases.Read && before.Kind == cases.Read && before.By == e.By && e.Data["attachment"] == "" && before.Data["attachment"] == ""
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
