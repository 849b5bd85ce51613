package slack

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// The fields of the form of an absence.
const (
	fieldFrom  = "from"
	fieldUpTo  = "up-to"
	fieldWhose = "whose"
)

// openAway opens the form in which somebody says from when until when they are away.
func (b *Bot) openAway(ctx context.Context, i interaction, r *reply) error {
	view, ok, err := b.open(ctx, i, r)
	if !ok {
		return err
	}
	l := b.languageOf(ctx, i.User.ID)
	who, err := b.person(ctx, i.User.ID)
	if err == nil && !who.Committee {
		err = refused("refusal.committee-only")
	}
	shown := modal{}
	if err == nil {
		shown, err = b.awayModal(ctx, who, l)
	}
	if err != nil {
		said, known := sayable(err)
		if shown = notice(l, said.In(l)); known {
			err = nil
		}
	}
	return errors.Join(err, b.fill(ctx, view, shown))
}

func (b *Bot) awayModal(ctx context.Context, who cases.Person, l i18n.Language) (modal, error) {
	word := func(what string) string { return i18n.T("form.away." + what).In(l) }
	today := b.store.Procedure().In(b.store.Now()).Format(time.DateOnly)
	lines, err := b.absences(ctx, who.Member, l)
	if err != nil {
		return modal{}, err
	}
	blocks := []block{say(word("intro"))}
	for _, part := range chunks(lines, awayLines) {
		if len(part) > 0 {
			blocks = append(blocks, say(strings.Join(part, "\n")))
		}
	}
	if who.Chair {
		f := filling{form: form{name: actAway}, l: l, values: map[string]string{fieldWhose: string(who.Member)}}
		field, err := f.askColleague(ctx, b, fieldWhose, fieldWhose, false)
		if err != nil {
			return modal{}, err
		}
		blocks = append(blocks, field)
	}
	blocks = append(blocks, askDay(fieldFrom, word("from.label"), "", today, false), askDay(fieldUpTo, word("up-to.label"), word("up-to.hint"), today, false))
	if len(lines) > 0 {
		blocks = append(blocks, buttons(press(actReturn, i18n.T("away.button.back").In(l), "")))
	}
	return modal{
		title: word("title"), submit: word("submit"), close: i18n.T("form.button.cancel").In(l),
		form: actAway, meta: meta{Step: stepForm}.String(), blocks: blocks,
	}, nil
}

// awaySent takes that form, and shows who gets what meanwhile.
func (b *Bot) awaySent(ctx context.Context, i interaction, r *reply) error {
	l := b.languageOf(ctx, i.User.ID)
	said, err := b.awayBy(ctx, i, l)
	if err == nil {
		shown := notice(l, "")
		shown.blocks = paragraphs(said)
		return b.answerForm(ctx, i, r, &shown, l)
	}
	wrong, known := sayable(err)
	if !known {
		b.log.Error("slack: an absence was not kept", why(err)...)
	}
	field := fieldUpTo
	if wrong.Key == "refusal.away-of-another" || wrong.Key == "refusal.who-is-that" {
		field = fieldWhose
	}
	if _, there := i.View.State.Values[field]; !there {
		shown := notice(l, wrong.In(l))
		return b.answerForm(ctx, i, r, &shown, l)
	}
	return r.ack(answerErrors{"errors", map[string]string{field: cut(wrong.In(l), maxError)}})
}

func (b *Bot) awayBy(ctx context.Context, i interaction, l i18n.Language) ([]string, error) {
	who, err := b.person(ctx, i.User.ID)
	if err != nil {
		return nil, err
	}
	values := i.fields()
	member := cases.Member(values[fieldWhose])
	switch {
	case !who.Committee:
		return nil, refused("refusal.committee-only")
	case member == "":
		member = who.Member
	case member != who.Member && !who.Chair:
		return nil, refused("refusal.away-of-another")
	case !slices.Contains(who.Colleagues, member):
		return nil, refused("refusal.who-is-that")
	}
	zone := b.store.Procedure().Location()
	from, wrongFrom := time.ParseInLocation(time.DateOnly, values[fieldFrom], zone)
	last, wrongLast := time.ParseInLocation(time.DateOnly, values[fieldUpTo], zone)
	if wrongFrom != nil || wrongLast != nil {
		return nil, refused("refusal.no-days")
	}
	return b.setAway(ctx, who, member, from, last, l)
}

// backAgain says at the press of a button that somebody is there again.
func (b *Bot) backAgain(ctx context.Context, i interaction, r *reply) error {
	l := b.languageOf(ctx, i.User.ID)
	who, err := b.person(ctx, i.User.ID)
	if err == nil && !who.Committee {
		err = refused("refusal.committee-only")
	}
	said := ""
	if err == nil {
		said, _, err = b.answerBack(ctx, who, "", l)
	}
	if err != nil {
		text, known := sayable(err)
		if said = text.In(l); !known {
			b.tell(ctx, i, text)
			return err
		}
	}
	if err := r.ack(nil); err != nil {
		return err
	}
	if i.View.Type == "modal" {
		return b.fill(ctx, i.View.ID, notice(l, said))
	}
	b.tell(ctx, i, i18n.Plain(said))
	return nil
}
