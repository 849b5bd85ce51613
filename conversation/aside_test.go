package conversation

import (
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// agreed is a conversation with somebody who agreed that we read what they send.
func agreed(t *testing.T) *player {
	t.Helper()
	p := newPlayer(t, i18n.English)
	p.play(Started{"en"})
	p.play(Pressed{p.session.Step, "agree"})
	if p.session.State != Menu {
		t.Fatalf("in %s", p.session.State)
	}
	return p
}

// keys are the keys of what was said since the last event.
func (p *player) keys() string {
	var all []string
	for _, e := range p.said {
		switch e := e.(type) {
		case Say:
			all = append(all, mainKeys(e.Text))
		case Toast:
			all = append(all, mainKeys(e.Text))
		}
	}
	return strings.Join(all, " + ")
}

func TestWhatElseIsRefusedLeavesTheReplyThatIsBeingWritten(t *testing.T) {
	file := Attached{Kind: APhoto, File: kinds[APhoto], Caption: "and this"}
	for name, e := range map[string]Event{
		"a correction": Edited{Message: 1, Text: "other words"}, "whether a talk helped": Pressed{0, "helped:G-2026-0001:yes"}, "a file": file,
	} {
		p := agreed(t)
		p.session.Has = true
		p.play(Pressed{0, "reply:K-2026-0002"})
		p.play(Typed{Text: "A long and important reply."})
		p.refusal = i18n.T("refusal.rated", "number", "K-2026-0001")
		p.play(e)
		if p.session.State != ReplyCheck || p.session.Aside[cases.FieldText] != "A long and important reply." {
			t.Errorf("%s: left %s with %q", name, p.session.State, p.session.Aside)
		}
		if got := p.keys(); !strings.HasPrefix(got, "refusal.rated") || !strings.HasSuffix(got, "reply.check.ask") {
			t.Errorf("%s: said %s", name, got)
		}
		p.refusal = i18n.Text{}
		p.play(Pressed{p.session.Step, send})
		if reply, ok := p.done[len(p.done)-1].(Reply); !ok || reply.Case != "K-2026-0002" {
			t.Errorf("%s: %+v is sent", name, p.done)
		}
	}
}

func TestReplyThatIsRefusedIsOver(t *testing.T) {
	p := agreed(t)
	p.play(Pressed{0, "reply:K-2026-0002"})
	p.play(Typed{Text: "A long and important reply."})
	p.refusal = i18n.T("refusal.closed", "number", "K-2026-0002")
	p.play(Pressed{p.session.Step, send})
	if p.session.State != Menu || len(p.session.Aside) > 0 {
		t.Errorf("left %s with %q", p.session.State, p.session.Aside)
	}
}

func TestAgreementIsWithTheProposalWhoseButtonWasPressed(t *testing.T) {
	p := agreed(t)
	p.cases = []Status{{Number: "K-2026-0001", Kind: cases.Formal, Stage: cases.StageProposed, Proposal: 7}}
	answer := func() Answer {
		t.Helper()
		last, ok := p.done[len(p.done)-1].(Answer)
		if !ok {
			t.Fatalf("%+v is no answer", p.done)
		}
		return last
	}
	p.cases[0].Proposal = 4
	p.play(Pressed{0, "object:K-2026-0001:4"})
	p.play(Typed{Text: "Not this one."})
	p.cases[0].Proposal = 7
	p.play(Pressed{0, "object:K-2026-0001:7"}) // another one: what was written was not about it
	if p.session.State != Objecting || len(p.session.Aside) > 0 || !strings.HasPrefix(p.keys(), "unsent.kept") {
		t.Errorf("left %s with %q, said %s", p.session.State, p.session.Aside, p.keys())
	}
	p.play(Typed{Text: "Nor this."})
	p.play(Pressed{p.session.Step, send})
	if got := answer(); got.Proposal != 7 || got.Agree || got.Text != "Nor this." {
		t.Errorf("answered %+v", got)
	}
	if p.session.Proposal != 4 || p.session.Aside[cases.FieldText] != "Not this one." {
		t.Errorf("of what waits stays %+v", p.session)
	}
	p.play(Pressed{p.session.Step, drop})
	p.cases[0].Proposal = 9
	p.play(Command{"status"})
	if p.press("agree:K-2026-0001:9"); p.session.State != Agreeing || p.session.Proposal != 9 {
		t.Errorf("from its own page: %s of %d", p.session.State, p.session.Proposal)
	}
}

func TestButtonThatNamesNoProposalIsOld(t *testing.T) {
	for _, choice := range []string{"agree:K-2026-0001", "object:K-2026-0001", "agree:K-2026-0001:", "agree:K-2026-0001:0", "agree:K-2026-0001:x", "agree:K-2026-0001:-1"} {
		p := agreed(t)
		p.play(Pressed{0, choice})
		if p.session.State != Menu || p.keys() != "toast.old" {
			t.Errorf("%s leads to %s: %s", choice, p.session.State, p.keys())
		}
	}
	for _, b := range ProposalButtons("K-2026-123456789", 123456789) {
		if !anytime(b.Choice) || len(b.Choice) > 40 {
			t.Errorf("%q", b.Choice)
		}
	}
}

func TestFileIsSaidToBeInTheFileOnlyOnceItIs(t *testing.T) {
	file := Attached{Kind: APhoto, File: kinds[APhoto], Caption: "what I saw"}
	p := agreed(t)
	p.play(Pressed{0, "add:K-2026-0001"})
	if _, effects := Next(p.procedure, p.session, file, p.now); len(effects) != 1 {
		t.Errorf("before anything is known of it: %+v", effects)
	}
	p.play(file)
	if p.keys() != "adding.noted" || p.session.Added != 1 || len(p.done) != 1 || p.done[0].(Attach).Words != "what I saw" {
		t.Errorf("said %s, did %+v", p.keys(), p.done)
	}
	p.refusal = i18n.T("refusal.closed", "number", "K-2026-0001")
	p.now = p.now.Add(time.Minute)
	p.play(file)
	if got := p.keys(); !strings.HasPrefix(got, "refusal.closed") || strings.Contains(got, "adding") || p.session.Added != 0 || len(p.done) != 1 {
		t.Errorf("said %s, did %+v", got, p.done)
	}
}

func TestWordsUnderAFileThatIsRefusedAreNoPartOfTheLetter(t *testing.T) {
	p := agreed(t)
	p.play(Pressed{0, "reply:K-2026-0001"})
	p.refusal = i18n.T("refusal.closed", "number", "K-2026-0001")
	p.play(Attached{Kind: APhoto, File: kinds[APhoto], Caption: "what I saw"})
	if got := p.keys(); p.session.State != Replying || len(p.session.Aside) > 0 || strings.Contains(got, "adding.file") {
		t.Errorf("left %s with %q, said %s", p.session.State, p.session.Aside, got)
	}
}

func TestWhoSendsManyFilesForACaseIsAnsweredLessOftenButNotNever(t *testing.T) {
	for _, begins := range []string{"add:K-2026-0001", "reply:K-2026-0001"} {
		p := agreed(t)
		p.procedure = &cases.Procedure{}
		*p.procedure = *procedure
		p.procedure.Limits.Files = 1000
		p.play(Pressed{0, begins})
		answered := 0
		send := func() {
			p.play(Attached{Kind: APhoto, File: kinds[APhoto]})
			answered += min(1, len(p.said))
		}
		for range 60 {
			p.now = p.now.Add(time.Second)
			send()
		}
		if answered < 2 || answered > 20 {
			t.Errorf("%s: %d answers to 60 files in a minute", begins, answered)
		}
		answered = 0
		for range 4 {
			p.now = p.now.Add(apart * time.Second)
			send()
		}
		if answered != 4 {
			t.Errorf("%s: %d answers to 4 files that come slowly", begins, answered)
		}
	}
}

func TestWhoDeclinesLeavesNothingOfATalkThatDidNotHelp(t *testing.T) {
	helpless := Helpless{Number: "G-2026-0001", Told: cases.Words{cases.FieldName: "Noor (invented)", cases.FieldProblem: "my story", cases.FieldWish: "peace"}}
	for name, decline := range map[string]func(Session) Event{
		"pressed": func(s Session) Event { return Pressed{s.Step, "decline"} },
		"typed":   func(Session) Event { return Typed{Text: "no"} },
	} {
		p := newPlayer(t, i18n.English)
		p.play(Started{"en"})
		p.step(helpless)
		if len(p.session.Answers) == 0 || len(p.parts) == 0 {
			t.Fatal("nothing to decline")
		}
		if p.play(decline(p.session)); p.session.State != Declined || p.session.told() || len(p.parts) > 0 || p.session.Talk != "" || p.session.Talks != nil {
			t.Errorf("%s: kept %+v and %+v", name, p.session, p.parts)
		}
	}
	p := newPlayer(t, i18n.English)
	p.play(Started{"en"})
	p.step(helpless)
	erasedWithWords(t, p, "wait.consent")
}

func TestWhoGoesOnAfterATalkThatDidNotHelpIsRemindedLikeAnybodyElse(t *testing.T) {
	p := agreed(t)
	p.session.Talk, p.session.Answers = "G-2026-0001", cases.Words{cases.FieldName: "Noor (invented)"}
	p.step(Helpless{Number: "G-2026-0001", Told: cases.Words{cases.FieldName: "Noor (invented)", cases.FieldProblem: "my story"}})
	erasedWithWords(t, p, "wait.complaint")
}

func TestWordsForACaseSayWhichMessagesTheyCameIn(t *testing.T) {
	for name, play := range map[string]struct {
		begins string
		events []any
		want   []int64
	}{
		"a reply":           {"reply:K-2026-0001", []any{"one", "two", send}, []int64{101, 102}},
		"an addition":       {"add:K-2026-0001", []any{"one"}, []int64{101}},
		"an objection":      {"object:K-2026-0001:4", []any{"one", "two", "three", send}, []int64{101, 102, 103}},
		"an agreement":      {"agree:K-2026-0001:4", []any{"but soon", yes}, []int64{101}},
		"a bare agreement":  {"agree:K-2026-0001:4", []any{yes}, nil},
		"a withdrawal":      {"withdraw:K-2026-0001", []any{yes, "I have moved"}, []int64{101}},
		"a bare withdrawal": {"withdraw:K-2026-0001", []any{yes, skip}, nil},
		"a rating":          {"rate:K-2026-0001", []any{no, no, "it took long"}, []int64{101}},
	} {
		p := agreed(t)
		p.cases = []Status{{Number: "K-2026-0001", Kind: cases.Formal, Proposal: 4}}
		p.play(Pressed{0, play.begins})
		message := int64(100)
		for _, one := range play.events {
			switch said := one.(string); said {
			case send, yes, no, skip:
				p.play(Pressed{p.session.Step, said})
			default:
				message++
				p.play(Typed{Text: said, Message: message})
			}
		}
		if len(p.done) != 1 {
			t.Errorf("%s: did %+v", name, p.done)
			continue
		}
		if number, got := wordsIn(p.done[0]); number != "K-2026-0001" || !slices.Equal(got, play.want) {
			t.Errorf("%s: %+v, want the messages %d", name, p.done[0], play.want)
		}
	}
}
