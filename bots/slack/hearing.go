package slack

import (
	"context"
	"errors"
	"strconv"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

const (
	fieldMember   = "member"
	fieldName     = "name"
	fieldEmail    = "email"
	fieldRelation = "relation"
	fieldSure     = "sure"
	fieldAgreed   = "agreed"
)

// actRemoveParty says that somebody is no person concerned after all.
const actRemoveParty = "remove-party"

// hearingForms are those with which persons concerned are named and heard.
var hearingForms = map[string]form{
	actAddParty: {
		name: actAddParty, do: cases.Hear, first: fieldRelation,
		at: map[string]string{
			"refusal.party-already": fieldMember, "refusal.no-address": fieldEmail, "refusal.no-words": fieldName, "refusal.confirm-loss": fieldSure,
		},
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			return []block{
				askPerson(fieldMember, f.word(fieldMember+".label"), f.hint(fieldMember), i18n.T("form.choose").In(f.l), f.values[fieldMember], true),
				f.askLine(fieldName, true), f.askLine(fieldEmail, true),
				askOne(fieldLanguage, f.word(fieldLanguage+".label"), f.hint(fieldLanguage), f.language(), languages(f.p, f.l)),
				f.askText(fieldRelation, true),
				askAny(fieldSure, f.word(fieldSure+".label"), "", f.values[fieldSure], []choice{{tick, f.word(fieldSure + ".yes")}}, true),
			}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			whom := cases.Member(f.values[fieldMember])
			if whom != "" && (whom == c.Owner || whom == f.who.Member) && !ticked(f.values[fieldSure], tick) {
				return &cases.Refusal{Text: i18n.T("refusal.confirm-loss")}
			}
			_, err := c.AddParty(f.who, cases.PartyDraft{
				Member: whom, Name: f.values[fieldName], Email: f.values[fieldEmail], Relation: f.values[fieldRelation],
				Language: i18n.Language(f.values[fieldLanguage]),
			}, f.p, now)
			return err
		},
	},
	actRemoveParty: {
		name: actRemoveParty, do: cases.Hear, reads: readsPart, first: fieldText,
		intro: func(f filling) i18n.Text {
			return i18n.T("form.remove-party.intro", "number", string(f.c.Number), "who", partyName(f.file, f.which()))
		},
		fields: onlyText,
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.RemoveParty(f.who, f.which(), f.values[fieldText], now)
		},
	},
	actInvite: {
		name: actInvite, do: cases.Hear, reads: readsPart, first: fieldText, tells: cases.FieldText,
		at: map[string]string{
			"refusal.in-the-past": fieldUntil, "refusal.too-far": fieldUntil, "refusal.theirs-contact": fieldAgreed, "refusal.theirs-story": fieldAgreed,
			"refusal.theirs-both": fieldAgreed,
		},
		intro: func(f filling) i18n.Text {
			return i18n.T("form.invite.intro", "number", string(f.c.Number), "who", partyName(f.file, f.which()))
		},
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			until := f.values[fieldUntil]
			if until == "" {
				until = f.p.In(f.p.AddWorkingDays(f.now, f.p.HearingDays)).Format(time.DateOnly)
			}
			fields := []block{f.askText(fieldText, false)}
			if f.file.Theirs(f.values[fieldText]) != nil {
				fields = append(fields, askAny(fieldAgreed, f.word(fieldAgreed+".label"), f.hint(fieldAgreed), f.values[fieldAgreed], []choice{{tick, f.word(fieldAgreed + ".yes")}}, true))
			}
			return append(fields, askDay(fieldUntil, f.word(fieldUntil+".label"), f.hint(fieldUntil), until, false)), nil
		},
		tell: func(_ *Bot, f filling) ([]arriving, error) {
			if err := f.form.carry(f, copyOf(f.c), f.now); err != nil {
				return nil, err
			}
			return []arriving{{partyWay(f), f.values[fieldText]}}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			text, theirs := f.values[fieldText], f.file.Theirs(f.values[fieldText])
			switch {
			case theirs == nil:
				return c.Invite(f.who, f.which(), text, f.day(fieldUntil), f.p, now)
			case ticked(f.values[fieldAgreed], tick):
				return c.InviteAgreed(f.who, f.which(), text, f.day(fieldUntil), f.p, now)
			}
			return theirs
		},
	},
	actReport: {
		name: actReport, do: cases.Report, first: fieldText, tells: cases.FieldText,
		fields: onlyText,
		carry:  func(f filling, c *cases.Case, now time.Time) error { return c.Report(f.who, f.values[fieldText], now) },
	},
}

// partyWay says how what is put to a person concerned reaches them.
func partyWay(f filling) i18n.Text {
	p, ok := f.c.Work.Party(f.which())
	if ok && p.Member != "" {
		return i18n.T("form.invite.in-slack", "who", mention(string(p.Member)))
	}
	language := f.c.Language
	if ok && p.Language.Valid() {
		language = p.Language
	}
	return i18n.T("form.invite.by-mail", "who", partyName(f.file, f.which()), "language", languageName(language))
}

// language is what was chosen for somebody; at first that of the complainant.
func (f filling) language() string {
	if chosen := f.values[fieldLanguage]; chosen != "" {
		return chosen
	}
	return string(f.c.Language)
}

func languages(p *cases.Procedure, l i18n.Language) (all []choice) {
	for _, one := range p.Languages() {
		all = append(all, choice{string(one), languageName(one).In(l)})
	}
	return all
}

// partyName is what a person concerned is called where the file may be read.
func partyName(f *cases.File, number int) i18n.Text {
	p, ok := f.Case.Work.Party(number)
	switch {
	case !ok:
		return i18n.T("party.unknown")
	case p.Member != "":
		return i18n.Plain(mention(string(p.Member)))
	}
	if name := f.PartyName(number); name != "" {
		return i18n.Plain(escape(cut(name, maxLine)))
	}
	return i18n.T("party.number", "party", number)
}

// partyBlocks lists the persons concerned of a case and how far the hearing of each is.
func partyBlocks(f *cases.File, p *cases.Procedure, l i18n.Language, may bool) (blocks []block) {
	for _, party := range f.Case.Work.Parties {
		line := "*" + partyName(f, party.Number).In(l) + "* · " + i18n.T("party.state."+string(party.State)).In(l)
		if party.State == cases.PartyInvited && party.By != "" {
			line += " · " + i18n.T("party.until", "day", day(party.By, p)).In(l)
		}
		if consent := consentOf(&f.Case, party.Number); consent != "" {
			line += "\n" + i18n.T("consent."+string(consent)).In(l)
		}
		blocks = append(blocks, say(line))
		e, _ := f.Event(party.Event)
		if words := e.Words[cases.FieldText]; words != "" {
			blocks = append(blocks, quote(words)...)
		}
		if row := partyButtons(&f.Case, party, l); may && f.Case.Open() && len(row) > 0 {
			blocks = append(blocks, buttons(row...))
		}
	}
	return blocks
}

func consentOf(c *cases.Case, party int) cases.ConsentState {
	for _, one := range c.Work.Consulted {
		if one.Party == party {
			return one.Answer
		}
	}
	return ""
}

func partyButtons(c *cases.Case, party cases.Party, l i18n.Language) (row []*button) {
	value := string(c.Number) + " " + strconv.Itoa(party.Number)
	switch party.State {
	case cases.PartyNamed:
		return append(row, primary(press(actInvite, i18n.T("card.button.invite").In(l), value)),
			press(actRemoveParty, i18n.T("card.button."+actRemoveParty).In(l), value))
	case cases.PartyInvited:
		row = append(row, press(actInvite, i18n.T("party.button.again").In(l), value))
	case cases.PartyHeard, cases.PartyDeclined, cases.PartySilent:
		return nil
	}
	no := sure(press(actNoAnswer, i18n.T("party.button.no-answer").In(l), value),
		i18n.T("party.no-answer.title").In(l), i18n.T("party.no-answer.text").In(l), i18n.T("party.no-answer.yes").In(l), i18n.T("form.button.cancel").In(l))
	return append(row, no)
}

// openParties opens a window with the persons concerned of a case, for who may hear them.
func (b *Bot) openParties(ctx context.Context, i interaction, r *reply, value string) error {
	view, ok, err := b.open(ctx, i, r)
	if !ok {
		return err
	}
	return b.showParties(ctx, i, view, value)
}

func (b *Bot) showParties(ctx context.Context, i interaction, view, value string) error {
	l := b.languageOf(ctx, i.User.ID)
	_, _, err := b.may(ctx, i.claim(), i.User.ID, cases.Hear, value)
	var file *cases.File
	if err == nil {
		file, _, err = b.readFile(ctx, i, value)
	}
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
	c := &file.Case
	blocks := []block{say(i18n.T("parties.intro", "number", string(c.Number)).In(l))}
	all := partyBlocks(file, b.procedure(c), l, true)
	if len(all) == 0 {
		all = []block{small(i18n.T("parties.none").In(l))}
	}
	blocks = append(blocks, atMost(all, viewPage)...)
	blocks = append(blocks, buttons(press(actAddParty, i18n.T("card.button.add-party").In(l), string(c.Number))))
	return b.fill(ctx, view, modal{title: i18n.T("parties.title").In(l), close: i18n.T("form.button.close").In(l), blocks: blocks})
}

// noAnswer says that a person concerned did not answer, and shows the window anew.
func (b *Bot) noAnswer(ctx context.Context, i interaction, r *reply, value, which string) error {
	view, ok, err := b.open(ctx, i, r)
	if !ok {
		return err
	}
	_, err = b.doing(ctx, i, deed{does: func(c *cases.Case, who cases.Person, which string, _ *cases.Procedure, now time.Time) error {
		return c.NoAnswer(who, numbered(which), now)
	}}, value, which)
	if errors.Is(err, postgres.ErrClaimed) {
		return nil
	}
	if err != nil {
		l := b.languageOf(ctx, i.User.ID)
		said, known := sayable(err)
		if known {
			err = nil
		}
		return errors.Join(err, b.fill(ctx, view, notice(l, said.In(l))))
	}
	i.TriggerID += "/shown" // to read on is another thing than to have pressed
	return b.showParties(ctx, i, view, value)
}
