package slack

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

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
	switch i.View.CallbackID {
	case actWriteUp:
		return b.writtenUp(ctx, i, r)
	case actAway:
		return b.awaySent(ctx, i, r)
	}
	f, ok := forms[i.View.CallbackID]
	var m meta
	if !ok || json.Unmarshal([]byte(i.View.PrivateMetadata), &m) != nil {
		return errors.New("a form that is none of ours")
	}
	l := b.languageOf(ctx, i.User.ID)
	if f.files {
		if taken, err := b.takeUp(ctx, i, r, f, m, l); taken {
			return err
		}
	}
	shown, err := b.submit(ctx, i, f, m, l)
	if err == nil {
		return b.answerForm(ctx, i, r, shown, l)
	}
	if _, known := sayable(err); !known {
		b.log.Error("slack: a form was not carried out", append([]any{"form", f.name}, why(err)...)...)
	}
	return b.wrong(ctx, i, r, f, m, err, l)
}

// wrong says at its field what is wrong with a form. Where the field is not there yet, as the case has moved on since, the
// form is shown with it; and where the form is no longer anything that its member may fill in, it is said why.
func (b *Bot) wrong(ctx context.Context, i interaction, r *reply, f form, m meta, err error, l i18n.Language) error {
	said, _ := sayable(err)
	field := f.first
	if at := f.at[said.Key]; at != "" {
		field = at
	}
	if wrong, ok := errors.AsType[*atField](err); ok {
		field = wrong.field
	}
	if _, there := i.View.State.Values[field]; there {
		return r.ack(answerErrors{"errors", map[string]string{field: cut(said.In(l), maxError)}})
	}
	shown := b.again(ctx, i, f, m, []block{say(":warning: " + said.In(l))}, notice(l, said.In(l)), l)
	return b.answerForm(ctx, i, r, &shown, l)
}

// again is a form once more, with all that was typed, under what is to be said first; or instead, where it is no longer anything
// that its member may fill in.
func (b *Bot) again(ctx context.Context, i interaction, f form, m meta, first []block, instead modal, l i18n.Language) modal {
	now, err := b.hold(ctx, i, f, l, m)
	if err == nil {
		err = b.withFile(ctx, &now)
	}
	if err == nil {
		now.values, now.m.Step = i.filled(m), stepForm
		err = b.withAlong(ctx, &now)
	}
	if err != nil {
		return instead
	}
	again, err := b.formModal(ctx, now)
	if err != nil {
		return instead
	}
	again.blocks = append(first, again.blocks...)
	return again
}

// maxView is how large a window is that Slack takes by its Web API, in bytes; a quarter of a megabyte, with some room.
const maxView = 240_000

// answerForm shows another window in the place of a form that was sent, or closes it. What is too long for an answer to a
// form is shown right after it, in the window that the answer puts there: that is known by a name of its own, as Slack may take what
// follows the answer before the answer itself, which would then stay in its place.
func (b *Bot) answerForm(ctx context.Context, i interaction, r *reply, shown *modal, l i18n.Language) error {
	if shown == nil {
		return r.ack(answerClear{"clear"})
	}
	view, err := shown.encode()
	if err != nil {
		return err
	}
	if len(view) <= maxAnswer-1024 {
		return r.ack(answerView{"update", view})
	}
	coming := b.loading(l)
	if coming.known = shown.known; coming.known == "" {
		coming.known = nameOf(i)
	}
	loading, err := coming.encode()
	if err == nil {
		err = r.ack(answerView{"update", loading})
	}
	if err != nil {
		return err
	}
	return b.fillAnswer(ctx, i, coming.known, *shown)
}

// nameOf is a name for the window that the answer to a form puts there.
func nameOf(i interaction) string { return cut(i.View.ID+"/"+i.TriggerID, maxKnown) }

// fillAnswer shows something in the window that the answer to a form puts there, as soon as that is there.
func (b *Bot) fillAnswer(ctx context.Context, i interaction, known string, shown modal) (err error) {
	for attempt := range 6 {
		if err = b.slack.updateKnown(ctx, known, shown); !isCode(err, "not_found") {
			break
		}
		pause(ctx, 50*time.Millisecond<<attempt)
	}
	if isCode(err, "not_found") {
		return nil // who sent it closed it
	}
	if err != nil { // it is there now
		return b.fill(ctx, i.View.ID, shown)
	}
	return nil
}

// maxKnown is how long the name of a window may be, as Slack publishes of external_id.
const maxKnown = 255

// submit does what a form says. What it returns is to be shown next; nil: nothing, it is done.
func (b *Bot) submit(ctx context.Context, i interaction, f form, m meta, l i18n.Language) (*modal, error) {
	now, err := b.hold(ctx, i, f, l, m)
	if err != nil {
		return nil, err
	}
	now.values = i.filled(m)
	if err := b.withFile(ctx, &now); err != nil {
		return nil, err
	}
	if err := b.withAlong(ctx, &now); err != nil {
		return nil, err
	}
	if len(now.along) != len(strings.Fields(now.values[fieldFiles])) {
		return nil, &cases.Refusal{Text: i18n.T("refusal.along-gone")}
	}
	if now.others, err = b.namedBy(ctx, now); err != nil {
		return nil, err
	}
	if f.tells != "" && (m.Step != stepPreview || !hmac.Equal([]byte(m.Seal), []byte(b.sealOf(now)))) {
		return b.preview(ctx, now)
	}
	if f.ask != nil {
		err = f.ask(ctx, b, i, now)
	} else {
		// Slack gives up after three seconds and leaves the form where it is: whoever sends it once more sends nothing twice.
		claim := postgres.Claim{Source: "slack-form", ID: i.View.ID + "/" + b.sealOf(now)}
		if refused, ok := errors.AsType[*cases.Refusal](now.carried(copyOf(now.c), now.now)); ok && refused.Denied {
			claim = i.claim() // each try that is not theirs is another, and hears so
		}
		var changed *cases.Case
		changed, err = b.store.Change(ctx, claim, now.c.Number, func(c *cases.Case, at time.Time) error { return now.carried(c, at) })
		if err == nil && f.then != nil {
			return f.then(now, changed), nil
		}
	}
	if err != nil && !errors.Is(err, postgres.ErrClaimed) {
		return nil, err
	}
	if f.thanks == "" {
		return nil, nil
	}
	done := notice(l, i18n.T(f.thanks, "number", string(now.c.Number)).In(l))
	return &done, nil
}

// withFile adds the file to a form that shows something of it and was opened by who may see that, and to a preview, which begins as
// a letter does: with a name.
func (b *Bot) withFile(ctx context.Context, f *filling) (err error) {
	if f.file != nil || f.form.reads == readsNothing && f.m.Step != stepPreview {
		return nil
	}
	if f.file, err = b.store.File(ctx, f.c.Number); err == nil {
		f.c = &f.file.Case
	}
	return err
}

// carried does what the form is for. What was asked of a person concerned is asked once more, of the case as it is now.
func (f filling) carried(c *cases.Case, now time.Time) error {
	if f.form.party {
		if err := answers(f.who.Member, c, f.m); err != nil {
			return err
		}
	}
	return f.form.carry(f, c, now)
}

// namedBy looks up the roles that those have at this moment whom the values of a form name.
func (b *Bot) namedBy(ctx context.Context, f filling) (map[string]cases.Person, error) {
	found := map[string]cases.Person{}
	for _, field := range f.form.named {
		member := f.values[field]
		if strings.TrimSpace(member) == "" {
			continue
		}
		to, err := b.colleague(ctx, member)
		if err != nil {
			return nil, err
		}
		found[field] = to
	}
	return found, nil
}

// colleague is a member with the roles of this moment. A bot has none, though it is in the channel, nor has who is no longer
// active.
func (b *Bot) colleague(ctx context.Context, member string) (cases.Person, error) {
	nobody := cases.Person{Member: cases.Member(member)}
	who, err := b.person(ctx, member)
	if err != nil || !who.Committee && !who.Intake {
		return nobody, err
	}
	p, err := b.profile(ctx, member)
	if err != nil || p.Bot || p.Gone {
		return nobody, err
	}
	return who, nil
}
