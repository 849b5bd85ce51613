package slack

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
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
	file, who, err := b.readFile(ctx, i, value)
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
	shown := fileModal(file, b.procedure(&file.Case), b.store.Now(), l, page)
	shown.blocks = append(shown.blocks, buttons(act(actTimeline, &file.Case, l)))
	if row := personalOffers(&file.Case, who, b.store.Now(), l); len(row) > 0 {
		shown.blocks = append(shown.blocks, divider(), buttons(row...))
	}
	return b.fill(ctx, view, shown)
}

// personalOffers are what a member may do with a case whose file they read, of what the room does not offer to everybody.
func personalOffers(c *cases.Case, who cases.Person, now time.Time, l i18n.Language) (row []*button) {
	for _, one := range []struct {
		action string
		do     cases.Action
		is     bool
	}{
		{actInTime, cases.Extend, foreseeable(c, now)}, {actForesee, cases.Extend, foreseeable(c, now)},
		{actAgreeByCall, cases.AgreeByCall, true}, {actApprove, cases.Approve, c.Work.Draft != 0 && c.Work.DraftBy != who.Member},
		{actReopen, cases.Reopen, true}, {actLapse, cases.Lapse, c.Stage == cases.Awaiting}, {actNote, cases.Note, true}, {actExclude, cases.Exclude, true},
		{actClear, cases.Clear, len(c.Clearable()) > 0}, {actRecuseWhy, cases.Recuse, true},
	} {
		if one.is && cases.May(who, one.do, c) == nil {
			row = append(row, act(one.action, c, l))
		}
	}
	return row
}

func (b *Bot) readFile(ctx context.Context, i interaction, value string) (*cases.File, cases.Person, error) {
	number, err := numberOf(value)
	if err != nil {
		return nil, cases.Person{}, err
	}
	who, err := b.person(ctx, i.User.ID)
	if err != nil {
		return nil, who, err
	}
	if err := b.lookAt(ctx, number, who); err != nil {
		return nil, who, err
	}
	file, err := b.store.ReadFile(ctx, i.claim(), number, who)
	return file, who, err
}

// fileModal is one page of a file, counted from 1. From each page the parts that begin on another are one press away.
func fileModal(f *cases.File, p *cases.Procedure, now time.Time, l i18n.Language, page int) modal {
	blocks, starts := fileBlocks(f, p, now, l)
	all := pages(blocks, viewPage)
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
	var row, parts []*button
	if page > 1 {
		row = append(row, pageButton(f, actBack, "file.button.back", page-1, l))
	}
	if page < len(all) {
		row = append(row, pageButton(f, actOn, "file.button.on", page+1, l))
	}
	for _, start := range starts {
		if on := pageOf(all, start.block); on != page {
			parts = append(parts, pageButton(f, actPart+start.name, "file.part."+start.name, on, l))
		}
	}
	m.blocks = append(m.blocks, buttons(row...))
	if len(parts) > 0 {
		m.blocks = append(m.blocks, buttons(parts...))
	}
	return m
}

// pageOf is the page, counted from 1, that the nth block stands on, counted from 0.
func pageOf(all [][]block, n int) int {
	for page, blocks := range all {
		if n < len(blocks) {
			return page + 1
		}
		n -= len(blocks)
	}
	return len(all)
}

func pageButton(f *cases.File, action, key string, page int, l i18n.Language) *button {
	return press(action, i18n.T(key).In(l), string(f.Case.Number)+" "+strconv.Itoa(page))
}

// section is a part of a file under a title of its own.
type section struct {
	name   string // in keys
	blocks []block
}

// sections is all of a file: what is known of the case, what was told, the files, the persons concerned, what was proposed and
// promised, what was sent, what happened. What there is nothing of is left out.
func sections(f *cases.File, p *cases.Procedure, l i18n.Language) []section {
	all := []section{
		{"excluded", excludedBlocks(f, l)},
		{"answers", answerBlocks(f, p, l)},
		{"enclosures", nil},
		{"parties", partyBlocks(f, p, l, false)},
		{"consultation", consultationBlocks(f, l)},
		{"measures", nil},
		{"letters", nil},
		{"timeline", nil}, // with the words; the page of the timeline has none
	}
	at := func(name string) *section {
		return &all[slices.IndexFunc(all, func(s section) bool { return s.name == name })]
	}
	for _, e := range f.Attachments {
		at("enclosures").blocks = append(at("enclosures").blocks, enclosureBlocks(f, e, p, l)...)
	}
	for _, m := range f.Case.Work.Measures {
		at("measures").blocks = append(at("measures").blocks, measureBlocks(f, m, p, l, true)...)
	}
	for _, d := range f.Letters {
		at("letters").blocks = append(at("letters").blocks, small(letter(d, p, l)))
	}
	if len(f.Letters) == 0 {
		at("letters").blocks = []block{small(i18n.T("file.no-letters").In(l))}
	}
	for n, e := range f.Events {
		if n > 0 && turnedPage(f.Events[n-1], e) {
			continue
		}
		at("timeline").blocks = append(at("timeline").blocks, eventBlocks(f, e, p, l)...)
	}
	return slices.DeleteFunc(all, func(s section) bool { return len(s.blocks) == 0 })
}

// start is where a part of a file begins: at which of its blocks.
type start struct {
	name  string
	block int
}

// fileBlocks is all of a file, one part after the other.
func fileBlocks(f *cases.File, p *cases.Procedure, now time.Time, l i18n.Language) (blocks []block, starts []start) {
	seen := glimpse{Case: &f.Case}
	if len(f.Events) > 0 {
		seen.By = cases.Means(f.Events[0].Data["by"])
	}
	blocks = card(seen, p, now, l)
	switch work := f.Case.Work; {
	case work.QuestionBy != "":
		blocks = append(blocks, small(i18n.T("file.question-until", "day", day(work.QuestionBy, p)).In(l)))
	case work.Question != 0:
		blocks = append(blocks, small(i18n.T("file.question").In(l)))
	}
	blocks = append(blocks, foreseenBlocks(f, p, now, l)...)
	for _, s := range sections(f, p, l) {
		starts = append(starts, start{s.name, len(blocks)})
		blocks = append(blocks, divider(), header(i18n.T("file.part."+s.name).In(l)))
		blocks = append(blocks, s.blocks...)
	}
	return blocks, starts
}

// excludedBlocks says who sees nothing of the case, and why.
func excludedBlocks(f *cases.File, l i18n.Language) (blocks []block) {
	for _, m := range f.Case.Excluded {
		e, _ := exclusion(f, m)
		line := i18n.T("form.clear.why", "who", mention(string(m)), "why", named("excluded.", e.Data["why"])).In(l)
		if saw := strings.Fields(e.Data["saw"]); len(saw) > 0 {
			line += "\n" + sawText(saw, l)
		}
		blocks = append(blocks, small(line))
	}
	return blocks
}

// consultationBlocks says what each of those who were consulted says to the solution that was proposed last.
func consultationBlocks(f *cases.File, l i18n.Language) (blocks []block) {
	for _, one := range f.Case.Work.Consulted {
		who := i18n.T("actor.complainant")
		if one.Party != 0 {
			who = partyName(f, one.Party)
		}
		blocks = append(blocks, say(who.In(l)+" · "+i18n.T("consent."+string(one.Answer)).In(l)))
	}
	return blocks
}

// turnedPage says whether somebody only read on.
func turnedPage(before, e cases.Event) bool {
	return e.Kind == cases.Read && before.Kind == cases.Read && before.By == e.By && e.Data["attachment"] == "" && before.Data["attachment"] == ""
}

// letter is a line about something that was sent to the complainant or to a person concerned, and whether it arrived.
func letter(d cases.Delivery, p *cases.Procedure, l i18n.Language) string {
	state := "delivery." + string(d.State)
	if d.Reason == postgres.Overtaken {
		state = "delivery.overtaken"
	}
	what := named("letters.", string(d.Kind))
	if _, file := d.Kind.File(); file {
		what = i18n.T("letters.file")
	}
	text := i18n.T("file.letter", "what", what, "way", wayOf(d.To),
		"state", i18n.T(state), "at", i18n.Moment{Time: p.In(d.At)}).In(l)
	if d.Reason != "" && d.State == cases.Failed {
		text += " (" + escape(d.Reason) + ")"
	}
	return text
}

// wayOf is how a letter goes: by one of the ways to the complainant, or to a person concerned.
func wayOf(to cases.Recipient) i18n.Text {
	if m, ok := to.Member(); ok {
		return i18n.Plain(mention(string(m)))
	}
	if n, ok := to.Party(); ok {
		return i18n.T("party.number", "party", n)
	}
	return i18n.T("way." + string(to))
}
