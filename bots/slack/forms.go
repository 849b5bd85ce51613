package slack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// filling is a form in the hands of a member, at one moment.
type filling struct {
	form   form
	m      meta // comes back with the form
	c      *cases.Case
	file   *cases.File // of a form that reads it; nil otherwise
	who    cases.Person
	p      *cases.Procedure
	now    time.Time
	l      i18n.Language           // of the member
	values map[string]string       // of the fields; nil: not filled in yet
	others map[string]cases.Person // members whom the values name, by their field, with their roles of now
	along  []cases.Enclosure       // files that are to go with the words, in their order
}

// form is what a member fills in to do something with a case.
type form struct {
	name   string // in keys, and as Slack hands it back
	do     cases.Action
	party  bool                      // it is for a person concerned, who is asked nothing else
	reads  reading                   // what of the file it shows
	first  string                    // field that is told what concerns none in particular
	at     map[string]string         // field that is told a refusal, by its key
	named  []string                  // fields that name a member whose roles matter
	thanks string                    // key of what is said when it is done; empty: the window closes
	files  bool                      // files may go with the words: see along.go
	tells  string                    // field of the event whose words somebody outside the committee gets, after a preview; empty: nobody does
	intro  func(f filling) i18n.Text // nil: the sentence of the form
	submit func(f filling) i18n.Text // what sends it, once it was looked at; nil: the words of the form
	event  func(f filling) int       // that is shown, and that what is filled in is about; nil: none
	fields func(ctx context.Context, b *Bot, f filling) ([]block, error)
	tries  func(f filling, c *cases.Case, now time.Time) error // for the preview; nil: carry
	tell   func(b *Bot, f filling) ([]arriving, error)         // the preview; nil: as the complainant gets it
	carry  func(f filling, c *cases.Case, now time.Time) error
	begin  func(ctx context.Context, b *Bot, i interaction, f *filling) ([]block, error) // fills in what was written before, and says so; nil: it opens empty
	over   func(c *cases.Case, member cases.Member, m meta) error                        // what who has an old message hears; nil: nothing else than others
	then   func(f filling, c *cases.Case) *modal                                         // what is shown when it is done, in the place of thanks; nil: the window closes
	ask    func(ctx context.Context, b *Bot, i interaction, f filling) error             // in the place of carry, where nothing changes yet
}

// reading says what a form shows of a file.
type reading int

const (
	readsNothing reading = iota
	readsPart            // what is put to its member, or what they wrote or may know anyway
	readsFile            // words of the file; that is recorded
)

// meta comes back with a form. It holds no words: the seal only tells whether the words are those that were shown.
type meta struct {
	Case     string `json:"case"`
	Step     string `json:"step"`
	Which    string `json:"which,omitempty"`    // of the parties, the measures, the answers
	Event    int    `json:"event,omitempty"`    // what was shown
	Points   int    `json:"points,omitempty"`   // that the form asks for
	Measures int    `json:"measures,omitempty"` // the same

	Files []string `json:"files,omitempty"` // that were taken up
	Round int      `json:"round,omitempty"` // how often files were: the fields for them begin empty each time
	Seal  string   `json:"seal,omitempty"`
}

const (
	stepForm    = "form"
	stepPreview = "preview"
)

func (m meta) String() string {
	raw, _ := json.Marshal(m) // strings and numbers only
	return string(raw)
}

// openForm opens a window, asks whether its member may, and shows the form or why not.
func (b *Bot) openForm(ctx context.Context, i interaction, r *reply, f form, value, which string) error {
	view, ok, err := b.open(ctx, i, r)
	if !ok {
		return err
	}
	l := b.languageOf(ctx, i.User.ID)
	shown, err := b.blank(ctx, i, f, l, meta{Case: value, Which: which})
	if errors.Is(err, postgres.ErrClaimed) {
		return nil
	}
	if err != nil {
		said, known := sayable(err)
		shown = notice(l, said.In(l))
		if known {
			err = nil
		}
	}
	return errors.Join(err, b.fill(ctx, view, shown))
}

// blank is the form that is still to be filled in.
func (b *Bot) blank(ctx context.Context, i interaction, f form, l i18n.Language, m meta) (modal, error) {
	now, err := b.hold(ctx, i, f, l, m)
	if err != nil {
		return modal{}, err
	}
	switch f.reads {
	case readsFile:
		now.file, _, err = b.readFile(ctx, i, m.Case)
	case readsPart:
		now.file, err = b.store.File(ctx, now.c.Number)
	}
	var filled []block
	if err == nil && f.begin != nil {
		filled, err = f.begin(ctx, b, i, &now)
	}
	if err != nil {
		return modal{}, err
	}
	if now.file != nil {
		now.c = &now.file.Case
	}
	shown, err := b.formModal(ctx, now)
	shown.blocks = slices.Insert(shown.blocks, min(1, len(shown.blocks)), filled...) // after the sentence of the form
	if err == nil && f.party {
		_, err = b.store.Change(ctx, i.claim(), now.c.Number, func(c *cases.Case, at time.Time) error {
			c.Shown(now.which(), f.event(now), at)
			return nil
		})
	}
	return shown, err
}

// hold asks whether a member may have a form in hand now, and puts it there.
func (b *Bot) hold(ctx context.Context, i interaction, f form, l i18n.Language, m meta) (filling, error) {
	var c *cases.Case
	var who cases.Person
	var err error
	if f.party {
		c, err = b.mayAnswer(ctx, i.claim(), i.User.ID, m)
		who = cases.Person{Member: cases.Member(i.User.ID)}
	} else {
		if err := b.isOver(ctx, i, f, m); err != nil {
			return filling{}, err
		}
		c, who, err = b.may(ctx, i.claim(), i.User.ID, f.do, m.Case)
	}
	if err != nil {
		return filling{}, err
	}
	m.Case = string(c.Number)
	return filling{form: f, m: m, c: c, who: who, p: b.procedure(c), now: b.store.Now(), l: l}, nil
}

// isOver asks whether what a form is about is done already, by who was asked to do it: they try nothing that is not theirs.
func (b *Bot) isOver(ctx context.Context, i interaction, f form, m meta) error {
	if f.over == nil {
		return nil
	}
	number, err := numberOf(m.Case)
	if err != nil {
		return err
	}
	c, err := b.store.Case(ctx, number)
	if err != nil {
		return err
	}
	return f.over(c, cases.Member(i.User.ID), m)
}

// formModal is the window of a form: its fields; or, once they are filled in and to be looked at, what will arrive and the
// fields under it.
func (b *Bot) formModal(ctx context.Context, f filling) (modal, error) {
	looks := f.m.Step == stepPreview
	f.m.Step, f.m.Seal = stepForm, ""
	if f.form.event != nil && f.m.Event == 0 {
		f.m.Event = f.form.event(f)
	}
	fields, err := f.form.fields(ctx, b, f)
	if err != nil {
		return modal{}, err
	}
	key := "form." + f.form.name
	m := modal{
		title:  i18n.T(key + ".title").In(f.l),
		close:  i18n.T("form.button.cancel").In(f.l),
		submit: i18n.T(key + ".submit").In(f.l),
		form:   f.form.name,
		blocks: []block{say(f.intro().In(f.l))},
	}
	if f.form.tells != "" {
		m.submit = i18n.T("form.button.preview").In(f.l)
	}
	if looks {
		tell := f.form.tell
		if tell == nil {
			tell = (*Bot).arrival
		}
		all, err := tell(b, f)
		if err != nil {
			return modal{}, err
		}
		m.blocks = arrivingBlocks(all, f.l)
		m.blocks = append(m.blocks, alongBlocks("form.preview.files", f.along, f.l)...)
		m.blocks = append(m.blocks, divider(), small(i18n.T("form.preview.change").In(f.l)))
		if f.form.submit == nil {
			m.submit = i18n.T(key + ".submit").In(f.l)
		} else {
			m.submit = f.form.submit(f).In(f.l)
		}
		f.m.Step, f.m.Seal = stepPreview, b.sealOf(f)
	}
	m.meta = f.m.String()
	m.blocks = append(m.blocks, fields...)
	return m, nil
}

func (f filling) intro() i18n.Text {
	if f.form.intro != nil {
		return f.form.intro(f)
	}
	return i18n.T("form."+f.form.name+".intro", "number", string(f.c.Number), "language", languageName(f.c.Language), "day", i18n.Date{Time: f.c.LastDay(f.p)})
}

func languageName(l i18n.Language) i18n.Text { return i18n.T("card.language." + string(l)) }

// sealOf tells one filled-in form from all others.
func (b *Bot) sealOf(f filling) string {
	h := hmac.New(sha256.New, b.seal)
	for _, part := range []string{f.form.name, string(f.c.Number), string(f.who.Member), string(f.c.Language), f.m.Which, fmt.Sprint(f.m.Event)} {
		fmt.Fprintf(h, "%q ", part)
	}
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		fmt.Fprintf(h, "%q %q ", name, f.values[name])
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
