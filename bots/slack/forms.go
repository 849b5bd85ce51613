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
	c      *cases.Case
	who    cases.Person
	p      *cases.Procedure
	now    time.Time
	l      i18n.Language     // of the member
	values map[string]string // of the fields; nil: not filled in yet
}

// form is what a member fills in to do something with a case.
type form struct {
	name   string // in keys, and as Slack hands it back
	do     cases.Action
	first  string            // field that is told what concerns none in particular
	at     map[string]string // field that is told a refusal, by its key
	fields func(ctx context.Context, b *Bot, f filling) ([]block, error)
	tells  string // field of the event whose words the complainant gets, after a preview; empty: nothing goes to them
	carry  func(f filling, c *cases.Case, now time.Time) error
}

// meta comes back with a form. It holds no words: the seal only tells whether the words are those that were shown.
type meta struct {
	Case string `json:"case"`
	Step string `json:"step"`
	Seal string `json:"seal,omitempty"`
}

const (
	stepForm    = "form"
	stepPreview = "preview"
)

func (m meta) String() string {
	raw, _ := json.Marshal(m) // strings only
	return string(raw)
}

// openForm opens a window, asks whether its member may, and shows the form or why not.
func (b *Bot) openForm(ctx context.Context, i interaction, r *reply, f form, value string) error {
	view, ok, err := b.open(ctx, i, r)
	if !ok {
		return err
	}
	l := b.languageOf(ctx, i.User.ID)
	shown, err := b.blank(ctx, i, f, l, value)
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
func (b *Bot) blank(ctx context.Context, i interaction, f form, l i18n.Language, value string) (modal, error) {
	c, who, err := b.may(ctx, i.claim(), i.User.ID, f.do, value)
	if err != nil {
		return modal{}, err
	}
	return b.formModal(ctx, filling{form: f, c: c, who: who, p: b.procedure(c), now: b.store.Now(), l: l})
}

// formModal is the window of a form: at first its fields; once they are filled in, what will arrive and the fields under it.
func (b *Bot) formModal(ctx context.Context, f filling) (modal, error) {
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
		meta:   meta{Case: string(f.c.Number), Step: stepForm}.String(),
		blocks: []block{say(i18n.T(key+".intro", "number", string(f.c.Number), "language", languageName(f.c.Language), "day", i18n.Date{Time: f.c.LastDay(f.p)}).In(f.l))},
	}
	if f.form.tells == "" {
		m.blocks = append(m.blocks, fields...)
		return m, nil
	}
	m.submit = i18n.T("form.button.preview").In(f.l)
	if f.values != nil {
		text, how, err := b.arrival(f)
		if err != nil {
			return modal{}, err
		}
		m.blocks = append([]block{say(how.In(f.l))}, quote(text)...)
		m.blocks = append(m.blocks, divider(), small(i18n.T("form.preview.change").In(f.l)))
		m.submit = i18n.T(key + ".submit").In(f.l)
		m.meta = meta{Case: string(f.c.Number), Step: stepPreview, Seal: b.sealOf(f)}.String()
	}
	m.blocks = append(m.blocks, fields...)
	return m, nil
}

func languageName(l i18n.Language) i18n.Text { return i18n.T("card.language." + string(l)) }

// sealOf tells one filled-in form from all others.
func (b *Bot) sealOf(f filling) string {
	h := hmac.New(sha256.New, b.seal)
	for _, part := range []string{f.form.name, string(f.c.Number), string(f.who.Member), string(f.c.Language)} {
		fmt.Fprintf(h, "%q ", part)
	}
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		fmt.Fprintf(h, "%q %q ", name, f.values[name])
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// What may answer a form that was sent.
type (
	answerErrors struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
	}
	answerView struct {
		Action string          `json:"response_action"`
		View   json.RawMessage `json:"view"`
	}
	answerClear struct {
		Action string `json:"response_action"`
	}
)

// submitted takes a form that was sent: it shows what will arrive, or does what the form is for. What is wrong is said at
// the field, and what was written stays in the form.
func (b *Bot) submitted(ctx context.Context, i interaction, r *reply) error {
	f, ok := forms[i.View.CallbackID]
	var m meta
	if !ok || json.Unmarshal([]byte(i.View.PrivateMetadata), &m) != nil {
		return errors.New("a form that is none of ours")
	}
	l := b.languageOf(ctx, i.User.ID)
	answer, err := b.submit(ctx, i, f, m, l)
	if err != nil {
		said, known := sayable(err)
		if !known {
			b.log.Error("slack: a form was not carried out", append([]any{"form", f.name}, why(err)...)...)
		}
		answer = f.wrong(said, l)
	}
	return r.ack(answer)
}

func (f form) wrong(said i18n.Text, l i18n.Language) answerErrors {
	field := f.first
	if at := f.at[said.Key]; at != "" {
		field = at
	}
	return answerErrors{"errors", map[string]string{field: cut(said.In(l), maxError)}}
}

func (b *Bot) submit(ctx context.Context, i interaction, f form, m meta, l i18n.Language) (any, error) {
	number, err := numberOf(m.Case)
	if err != nil {
		return nil, err
	}
	who, err := b.person(ctx, i.User.ID)
	if err != nil {
		return nil, err
	}
	c, _, err := b.may(ctx, i.claim(), i.User.ID, f.do, string(number))
	if err != nil {
		return nil, err
	}
	now := filling{form: f, c: c, who: who, p: b.procedure(c), now: b.store.Now(), l: l, values: i.fields()}
	if f.tells != "" && (m.Step != stepPreview || !hmac.Equal([]byte(m.Seal), []byte(b.sealOf(now)))) {
		return b.preview(ctx, i, now)
	}
	if f.name == actAssign {
		if err := b.checkTo(ctx, now.values); err != nil {
			return nil, err
		}
	}
	// Slack gives up after three seconds and leaves the form where it is: whoever sends it once more sends nothing twice.
	claim := postgres.Claim{Source: "slack-form", ID: i.View.ID + "/" + b.sealOf(now)}
	_, err = b.store.Change(ctx, claim, number, func(c *cases.Case, at time.Time) error { return f.carry(now, c, at) })
	if err != nil && !errors.Is(err, postgres.ErrClaimed) {
		return nil, err
	}
	return answerClear{"clear"}, nil
}

// preview asks once more whether the member may, and shows what will arrive.
func (b *Bot) preview(ctx context.Context, i interaction, f filling) (any, error) {
	if _, _, err := b.may(ctx, i.claim(), string(f.who.Member), f.form.do, string(f.c.Number)); err != nil {
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
	if len(view) > maxAnswer-1024 {
		return nil, &cases.Refusal{Text: i18n.T("refusal.too-long")}
	}
	return answerView{"update", view}, nil
}

// arrival does what the form is for with a copy of the case, and says what of it arrives at the complainant, and how. What
// is wrong with the form is its error, before anything is shown as if it could be sent.
func (b *Bot) arrival(f filling) (text string, how i18n.Text, err error) {
	tried := *f.c
	if err := f.form.carry(f, &tried, f.now); err != nil {
		return "", how, err
	}
	events := tried.Events()
	e := events[len(events)-1]
	text, how = e.Words[f.form.tells], i18n.T("form.preview.nobody")
	var ways []cases.Recipient
	for _, n := range cases.Notices(&tried, e) {
		if n.To != cases.ByChat && n.To != cases.ByMail {
			continue
		}
		ways = append(ways, n.To)
		if b.config.Preview == nil || len(ways) > 1 {
			continue
		}
		file := &cases.File{Case: tried, Events: append(make([]cases.Event, e.Seq-1), e)}
		if said, ok := b.config.Preview(file, n, f.p); ok {
			text = said
		}
	}
	switch len(ways) {
	case 0:
		return text, how, nil
	case 1:
		return text, i18n.T("form.preview."+string(ways[0]), "language", languageName(f.c.Language)), nil
	}
	return text, i18n.T("form.preview.both", "language", languageName(f.c.Language)), nil
}
