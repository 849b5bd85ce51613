package telegram

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/conversation"
	"websec.nl/gehoor/i18n"
)

// do does one effect; where the conversation must hear what became of it, it returns the event that says so.
func (b *Bot) do(a *act, effect conversation.Effect) (conversation.Event, error) {
	turn := a.turn
	switch e := effect.(type) {
	case conversation.Say:
		a.say(e)
	case conversation.Toast:
		a.toast = e.Text.In(a.session.Language)
	case conversation.Settled:
		a.settled = append(a.settled, e.Choices...)
	case conversation.Append:
		turn.Append(e.Part, e.Text, e.Message)
	case conversation.Erase:
		turn.Erase()
	case conversation.SendData:
		a.lines = append(a.lines, []byte(dataWord+string(a.session.Language)))
	case conversation.ShowProposal:
		a.lines = append(a.lines, fmt.Appendf(nil, "%s%s %s %d", proposalWord, a.session.Language, e.Case, e.Proposal))
	case conversation.Attach:
		return b.attach(turn, e)
	case conversation.Amend:
		part, grown, excerpt, err := turn.Amend(e.Message, e.Text)
		return conversation.Amended{Part: part, Grown: grown, Excerpt: excerpt}, err
	case conversation.FindFile:
		field, err := turn.FindFile(e.Message)
		return conversation.FileFound{Field: field}, err
	case conversation.ChangeLanguage:
		return nil, turn.ChangeLanguage(e.Language)
	case conversation.Look:
		return b.look(turn)
	case conversation.Open:
		return b.open(turn, e.Token)
	case conversation.Approve:
		return b.approve(a, e)
	case conversation.File:
		c, err := turn.Submit(e.Complaint)
		if err != nil {
			return refused(err)
		}
		return conversation.Filed{Number: c.Number, LastDay: c.LastDay(turn.Procedure), Mail: c.HasMail && b.cfg.Mail}, nil
	case conversation.RequestTalk:
		c, err := turn.Request(e.Talk)
		if err != nil {
			return refused(err)
		}
		return conversation.TalkRequested{Number: c.Number}, nil
	case conversation.Forget:
		stay, err := turn.Forget()
		return conversation.Forgotten{Kept: b.statuses(stay)}, err
	default:
		return change(turn, effect)
	}
	return nil, nil
}

// change does what a complainant does with a case of theirs.
func change(turn *postgres.Turn, effect conversation.Effect) (conversation.Event, error) {
	switch e := effect.(type) {
	case conversation.Reply:
		return done(e.Case, turn.Reply(e.Case, e.Text, e.Messages...))
	case conversation.Correct:
		number, _, err := turn.Correct(e.Message, e.Text)
		return done(number, err)
	case conversation.Withdraw:
		return done(e.Case, turn.Withdraw(e.Case, e.Reason, e.Messages...))
	case conversation.ChangeContact:
		return done(e.Case, turn.ChangeContact(e.Case, e.Telephone, e.Email))
	case conversation.Answer:
		return done(e.Case, turn.Answer(e.Case, e.Proposal, e.Agree, e.Text, e.Messages...))
	case conversation.Rate:
		return done(e.Case, turn.Rate(e.Case, e.Rating, e.Messages...))
	case conversation.CorrectAnswer:
		return correct(turn, e)
	case conversation.Disown:
		return disown(turn, e)
	case conversation.Helped:
		told, err := turn.Helped(e.Case, e.Yes, e.Told)
		if err != nil || e.Yes {
			return done(e.Case, err)
		}
		return conversation.Helpless{Number: e.Case, Told: told}, nil
	}
	return nil, fmt.Errorf("the conversation asks for a %T, which nobody does", effect)
}

// done says that something was done with a case, or why it was not.
func done(number cases.Number, err error) (conversation.Event, error) {
	if err != nil {
		return refused(err)
	}
	return conversation.Done{Number: number}, nil
}

// refused makes of an error what the person must hear, where it is such a one.
func refused(err error) (conversation.Event, error) {
	var why *cases.Refusal
	switch {
	case errors.As(err, &why):
		return conversation.Refused{Why: why.Text}, nil
	case errors.Is(err, postgres.ErrNotFound):
		return conversation.Refused{Why: i18n.T("refusal.not-found")}, nil
	}
	return nil, err
}

// attach takes a file in. Of one for the complaint that is being told nothing is heard, unless it may not be.
func (b *Bot) attach(turn *postgres.Turn, e conversation.Attach) (conversation.Event, error) {
	if err := turn.Attach(e.Case, e.Field, e.Message, e.File, e.Words); err != nil {
		return refused(err)
	}
	if e.Case != "" {
		return conversation.Done{Number: e.Case}, nil
	}
	return nil, nil
}

func (b *Bot) look(turn *postgres.Turn) (conversation.Event, error) {
	mine, err := turn.Mine()
	return conversation.Found{Cases: b.statuses(mine)}, err
}

// statuses shows cases to their complainant, oldest first; they come newest first.
func (b *Bot) statuses(all []*cases.Case) (shown []conversation.Status) {
	now := b.store.Now()
	for _, c := range slices.Backward(all) {
		shown = append(shown, statusOf(c, b.store.ProcedureOf(c.Version), now))
	}
	return shown
}

// statusOf is how a case stands at an instant.
func statusOf(c *cases.Case, p *cases.Procedure, now time.Time) conversation.Status {
	one := conversation.Status{
		Number: c.Number, Kind: c.Kind, Stage: c.Stage, Received: c.Received, LastDay: c.LastDay(p), Explained: c.Explained,
		Owned: c.Owner != "", Contacted: c.Contacted, LastWord: c.LastWord, Proposal: c.Proposal, Closed: c.Closed, Outcome: c.Outcome, Rated: c.Rated,
		Kept: c.Kept(p), Measures: len(c.Work.Measures), Standing: p.Standing(c, now), Owed: p.Owed(c, now),
	}
	for _, m := range c.Work.Measures {
		if !m.Done.IsZero() {
			one.Carried++
		}
	}
	if one.Question = c.Asks(); one.Question {
		one.AnswerBy, _ = time.ParseInLocation(time.DateOnly, c.Work.QuestionBy, p.Location())
	}
	return one
}
