package conversation

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

func TestWhatIsNotSentWaitsWhateverTheyDoInstead(t *testing.T) {
	const words = "A long and important letter."
	for begins, goesOn := range map[string]State{"reply:K-2026-0001": ReplyCheck, "object:K-2026-0001:4": ObjectCheck, "agree:K-2026-0001:4": Agreeing} {
		for _, leaves := range []Event{
			Command{"menu"}, Started{"en"}, Command{"forgetme"}, Pressed{0, "reply:K-2026-0002"}, Pressed{0, "withdraw:K-2026-0001"}, Pressed{0, "menu"},
			Followed{"en", "write-up"},
		} {
			name := fmt.Sprintf("%s, %#v", begins, leaves)
			p := agreed(t)
			p.written = writeUp(i18n.English)
			p.play(Pressed{0, begins})
			p.play(Typed{Text: words, Message: 70})
			p.play(leaves)
			if kept := lettersOf(p.session); len(kept) != 1 {
				t.Errorf("%s: kept %+v", name, kept)
				continue
			}
			p.play(Pressed{0, begins})
			if p.session.State != goesOn || p.session.Aside[cases.FieldText] != words || len(p.session.Unsent) != 0 {
				t.Errorf("%s: goes on in %s with %+v", name, p.session.State, p.session)
			}
			if number, messages := wordsIn(p.sends()); number != "K-2026-0001" || len(messages) != 1 || messages[0] != 70 {
				t.Errorf("%s: did %+v", name, p.done)
			}
		}
	}
}

// sends sends what is being written, and returns what was done then.
func (p *player) sends() Effect {
	choice := send
	if p.session.State == Agreeing {
		choice = yes
	}
	p.play(Pressed{p.session.Step, choice})
	return p.done[len(p.done)-1]
}

func TestWhatIsNotSentIsThrownAwayOnlyWhenTheySaySo(t *testing.T) {
	for _, from := range []string{"the letter", "the menu"} {
		p := agreed(t)
		p.play(Pressed{0, "reply:K-2026-0001"})
		p.play(Typed{Text: "A long and important reply."})
		if from == "the menu" {
			p.play(Command{"menu"})
		}
		at := p.session.State
		p.play(Command{"cancel"})
		if p.session.State != Cancelling || p.keys() != "cancel.ask-letter" {
			t.Errorf("from %s: in %s, said %s", from, p.session.State, p.keys())
		}
		p.play(Command{"cancel"})
		if p.play(Pressed{p.session.Step, no}); p.session.State != at || len(lettersOf(p.session)) != 1 {
			t.Errorf("from %s: no leads to %s with %+v", from, p.session.State, lettersOf(p.session))
		}
		p.play(Command{"cancel"})
		if p.play(Pressed{p.session.Step, yes}); p.session.State != Menu || len(lettersOf(p.session)) != 0 || !strings.HasPrefix(p.keys(), "reply.dropped") {
			t.Errorf("from %s: yes leads to %s with %+v, said %s", from, p.session.State, lettersOf(p.session), p.keys())
		}
	}
}

func TestRatingAndNewAddressWaitToo(t *testing.T) {
	for begins, say := range map[string]func(p *player){
		"rate:K-2026-0001":    func(p *player) { p.play(Pressed{p.session.Step, no}) },
		"contact:K-2026-0001": func(p *player) { p.play(Pressed{p.session.Step, "email"}); p.play(Typed{Text: "noor@example.org"}) },
	} {
		p := agreed(t)
		p.play(Pressed{0, begins})
		say(p)
		before := p.session
		p.play(Command{"menu"})
		p.press("unsent:0")
		if p.session.State != before.State || fmt.Sprint(p.session.Aside) != fmt.Sprint(before.Aside) {
			t.Errorf("%s: goes on in %s with %q", begins, p.session.State, p.session.Aside)
		}
		p.play(Command{"cancel"})
		if p.keys() != "cancel.ask-unsent" {
			t.Errorf("%s: said %s", begins, p.keys())
		}
	}
}

func TestContactThatWasChangedIsThatOfTheNextComplaint(t *testing.T) {
	p := newPlayer(t, i18n.English)
	for len(p.filed) == 0 {
		p.play(onward(p.session))
	}
	p.play(Pressed{0, "contact:K-2026-0001"})
	p.play(Pressed{p.session.Step, "email"})
	p.play(Typed{Text: "new@example.org"})
	p.play(Pressed{p.session.Step, back})
	p.play(Pressed{p.session.Step, "telephone"})
	p.play(Typed{Text: "06 87654321"})
	p.play(Pressed{p.session.Step, yes})
	for len(p.filed) == 1 {
		p.play(onward(p.session))
	}
	if got := p.filed[1].Answers; got[cases.FieldEmail] != "new@example.org" || got[cases.FieldTelephone] != "+31 6 87654321" {
		t.Errorf("the next complaint has %q and %q", got[cases.FieldEmail], got[cases.FieldTelephone])
	}
}

func TestAddressThatIsTypedForAComplaintStaysWhateverIsChangedOfAnother(t *testing.T) {
	p := agreed(t)
	p.session.Answers = cases.Words{cases.FieldEmail: "typed@example.com", cases.FieldTelephone: "+31 6 12345678"}
	p.session.Messages = map[string]int64{cases.FieldEmail: 7}
	p.session.Draft = Summary
	p.play(Pressed{0, "contact:K-2026-0001"})
	p.play(Pressed{p.session.Step, "email"})
	p.play(Typed{Text: "new@example.org"})
	p.play(Pressed{p.session.Step, yes})
	if got := p.session.Answers[cases.FieldEmail]; got != "typed@example.com" {
		t.Errorf("the complaint that is being told has %q", got)
	}
}

func TestQuestionThatHasItsAnswerIsAnsweredAtOnce(t *testing.T) {
	for choice, c := range map[string]struct {
		status Status
		said   string
	}{
		"agree:K-2026-0001:4":    {Status{Number: "K-2026-0001"}, "refusal.no-proposal"},
		"object:K-2026-0001:4":   {Status{Number: "K-2026-0001", Proposal: 9}, "refusal.no-proposal"},
		"rate:K-2026-0001":       {Status{Number: "K-2026-0001", Rated: true}, "status.rated"},
		"helped:G-2026-0001:yes": {Status{Number: "G-2026-0001", Rated: true}, "refusal.rated"},
		"helped:G-2026-0001:no":  {Status{Number: "G-2026-0001", Rated: true}, "refusal.rated"},
	} {
		p := agreed(t)
		p.cases = []Status{c.status}
		p.play(Pressed{0, choice})
		if p.session.State != Menu || len(p.done) > 0 || !strings.HasPrefix(p.keys(), c.said) {
			t.Errorf("%s leads to %s, said %s", choice, p.session.State, p.keys())
		}
		if len(p.settled) != 1 || !strings.Contains(fmt.Sprint(p.settled), choice) {
			t.Errorf("%s settles %v", choice, p.settled)
		}
	}
}

func TestAnswerSettlesItsQuestion(t *testing.T) {
	for begins, choices := range map[string][]string{
		"agree:K-2026-0001:4": {yes}, "object:K-2026-0001:4": {"", send}, "rate:K-2026-0001": {yes, yes, skip},
		"helped:G-2026-0001:yes": nil, "helped:G-2026-0001:no": nil,
	} {
		p := agreed(t)
		p.play(Pressed{0, begins})
		for i, choice := range choices {
			if len(p.settled) > 0 {
				t.Errorf("%s is settled before answer %d", begins, i)
			}
			if choice == "" {
				p.play(Typed{Text: "Not like this."})
			} else {
				p.play(Pressed{p.session.Step, choice})
			}
		}
		if len(p.settled) != 1 || !strings.Contains(fmt.Sprint(p.settled), begins) {
			t.Errorf("%s settles %v", begins, p.settled)
		}
	}
}

func TestPressThatLeadsNowhereSettlesNothing(t *testing.T) {
	p := agreed(t)
	p.play(Pressed{0, "agree:K-2026-0001:4"})
	p.play(Pressed{p.session.Step, drop})
	p.session.Answers, p.session.Draft = cases.Words{cases.FieldName: "Noor (invented)"}, Subject
	p.play(Pressed{0, "helped:G-2026-0009:no"})
	if len(p.settled) > 0 || len(p.done) > 0 || !strings.HasPrefix(p.keys(), "helped.finish-first") {
		t.Errorf("settles %v, did %v, said %s", p.settled, p.done, p.keys())
	}
}

func TestRemindersOfALetterThatWaitsOfferIt(t *testing.T) {
	p := agreed(t)
	p.play(Pressed{0, "reply:K-2026-0001"})
	p.play(Typed{Text: "A long and important reply."})
	p.play(Command{"menu"})
	p.said = nil
	p.pass(30 * time.Hour)
	if p.session.State != ReplyCheck || !strings.HasPrefix(p.keys(), "wait.aside") {
		t.Errorf("in %s, said %s", p.session.State, p.keys())
	}
}

func TestObjectionThatComesTooLateMayBeSentAsAMessage(t *testing.T) {
	for _, begins := range []string{"object:K-2026-0001:4", "agree:K-2026-0001:4"} {
		p := agreed(t)
		p.play(Pressed{0, begins})
		p.play(Typed{Text: "Only if it happens this year.", Message: 70})
		p.refusal = i18n.T("refusal.no-proposal", "number", "K-2026-0001")
		choice := send
		if p.session.State == Agreeing {
			choice = yes
		}
		p.play(Pressed{p.session.Step, choice})
		if p.session.State != ReplyCheck || !strings.HasPrefix(p.keys(), "refusal.no-proposal") {
			t.Errorf("%s: in %s, said %s", begins, p.session.State, p.keys())
		}
		p.refusal = i18n.Text{}
		p.play(Pressed{p.session.Step, send})
		if got, is := p.done[len(p.done)-1].(Reply); !is || got.Case != "K-2026-0001" || got.Text != "Only if it happens this year." {
			t.Errorf("%s: did %+v", begins, p.done)
		}
	}
}
