package slack

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// The answers of a person concerned.
const (
	fieldAnswer = "answer"

	answerAccount = "account"
	answerDecline = "decline"
	answerAgree   = "agree"
	answerObject  = "object"
)

// partyForms are those that a person concerned fills in who is a member of the workspace. They see what is put to them, and
// nothing else of the case.
var partyForms = map[string]form{
	actParty: {
		name: actParty, party: true, reads: readsPart, first: fieldText, thanks: "party.thanks",
		event: func(f filling) int { return invitedBy(f.c, f.which()) },
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			blocks, err := f.putToThem(invitedBy(f.c, f.which()), cases.FieldText)
			if err != nil {
				return nil, err
			}
			return append(blocks, f.askAnswer(answerAccount, answerDecline), f.askText(fieldText, true)), nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			switch {
			case invitedBy(c, f.which()) != f.m.Event:
				return &cases.Refusal{Text: i18n.T("refusal.moved-on", "number", string(c.Number))}
			case f.values[fieldAnswer] == answerDecline:
				return c.Decline(f.which(), f.values[fieldText], now)
			}
			return c.Account(f.which(), f.values[fieldText], now)
		},
	},
	actConsent: {
		name: actConsent, party: true, reads: readsPart, first: fieldText, thanks: "party.thanks",
		event: func(f filling) int { return f.c.Work.Proposed },
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			if consentOf(f.c, f.which()) != cases.Asked {
				return nil, &cases.Refusal{Text: i18n.T("refusal.moved-on", "number", string(f.c.Number))}
			}
			blocks, err := f.putToThem(f.c.Work.Proposed, cases.FieldSolution)
			if err != nil {
				return nil, err
			}
			return append(blocks, f.askAnswer(answerAgree, answerObject), f.askText(fieldText, true)), nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.AnswerParty(f.which(), f.m.Event, f.values[fieldAnswer] == answerAgree, f.values[fieldText], now)
		},
	},
}

// putToThem shows what is put to a person concerned in an event. The form that came back names the same one: it may have been
// altered, or be of an earlier time.
func (f filling) putToThem(event int, field string) ([]block, error) {
	if f.file == nil || event == 0 || f.m.Event != event {
		return nil, &cases.Refusal{Text: i18n.T("refusal.moved-on", "number", string(f.c.Number))}
	}
	e, _ := f.file.Event(event)
	return append([]block{small(i18n.T("party.put-to-you").In(f.l))}, quote(e.Words[field])...), nil
}

func (f filling) askAnswer(answers ...string) block {
	var all []choice
	for _, a := range answers {
		all = append(all, choice{a, f.word(fieldAnswer + "." + a)})
	}
	return askOne(fieldAnswer, f.word(fieldAnswer+".label"), "", f.values[fieldAnswer], all)
}

// invitedBy is the event that invited a party last, while it waits for their answer; 0 otherwise.
func invitedBy(c *cases.Case, number int) int {
	p, ok := c.Work.Party(number)
	if !ok || p.State != cases.PartyInvited {
		return 0
	}
	return p.Invited
}

// mayAnswer asks whether a member is the person concerned whom a form is for, now. Of a try that is not theirs the file keeps
// a record.
func (b *Bot) mayAnswer(ctx context.Context, claim postgres.Claim, member string, m meta) (*cases.Case, error) {
	number, err := numberOf(m.Case)
	if err != nil {
		return nil, err
	}
	c, err := b.store.Case(ctx, number)
	if err != nil {
		return nil, err
	}
	err = answers(cases.Member(member), c, m)
	if refused, ok := errors.AsType[*cases.Refusal](err); ok && refused.Denied {
		_, recorded := b.store.Change(ctx, claim, number, func(c *cases.Case, _ time.Time) error { return answers(cases.Member(member), c, m) })
		if _, known := sayable(recorded); recorded != nil && !known && !errors.Is(recorded, postgres.ErrClaimed) {
			return nil, recorded
		}
	}
	return c, err
}

// answers says whether a member is the person concerned that a button or a form names.
func answers(member cases.Member, c *cases.Case, m meta) error {
	p, ok := c.Work.PartyOf(member)
	switch {
	case !ok || strconv.Itoa(p.Number) != strings.TrimSpace(m.Which):
		return &cases.Refusal{Text: i18n.T("refusal.not-put-to-you"), Denied: true, Who: member, Do: cases.ReadFile}
	case !c.Open():
		return &cases.Refusal{Text: i18n.T("refusal.closed-for-party", "number", string(c.Number))}
	}
	return nil
}

// party tells a member who is a person concerned that something is put to them, or that the case is closed. Not a word of it
// stands in the message.
func (s *sending) party(ctx context.Context) error {
	c, err := s.bot.store.Case(ctx, s.out.Number)
	if err != nil {
		return err
	}
	member, ok := s.out.Notice.To.Member()
	p, is := c.Work.PartyOf(member)
	if !ok || !is {
		return overtaken()
	}
	l := s.bot.languageOf(ctx, string(member))
	value := string(c.Number) + " " + strconv.Itoa(p.Number)
	var text string
	var row []*button
	switch s.out.Notice.Kind {
	case cases.Invitation:
		if !c.Open() || invitedBy(c, p.Number) != s.out.Notice.Event {
			return overtaken()
		}
		text = i18n.T("party.invitation", "number", string(c.Number), "day", day(p.By, s.bot.procedure(c)), "organisation", s.bot.procedure(c).Organisation).In(l)
		row = append(row, primary(press(actParty, i18n.T("card.button.party").In(l), value)))
	case cases.PartyProposal:
		if !c.Open() || consentOf(c, p.Number) != cases.Asked {
			return overtaken()
		}
		text = i18n.T("party.proposal", "number", string(c.Number)).In(l)
		row = append(row, primary(press(actConsent, i18n.T("card.button.consent").In(l), value)))
	default:
		text = i18n.T("party.end", "number", string(c.Number)).In(l)
	}
	blocks := []block{say(text)}
	if len(row) > 0 {
		blocks = append(blocks, buttons(row...))
	}
	return s.toParty(ctx, c, string(member), message{text: text, blocks: blocks})
}

// toParty sends a person concerned a direct message. Where they can't be reached, the owner of the case hears so, and nobody
// else: that somebody is a person concerned is for who may read the file.
func (s *sending) toParty(ctx context.Context, c *cases.Case, member string, m message) error {
	m.key = "party/" + s.keyOf(c, "")
	err := s.toMember(ctx, member, m)
	if !isCode(err, personGone...) || c.Owner == "" || !c.Open() {
		return err
	}
	l := s.bot.languageOf(ctx, string(c.Owner))
	text := i18n.T("party.unreachable", "number", string(c.Number)).In(l)
	told := s.tell(ctx, c, string(c.Owner), message{text: text, blocks: []block{say(text), buttons(act(actHear, c, l))}})
	if told != nil {
		return told // and again
	}
	return err
}
