package conversation

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// player plays a conversation: it resolves effects as the program does, and remembers every button that was shown.
type player struct {
	t         testing.TB
	procedure *cases.Procedure
	now       time.Time
	session   Session
	said      []Effect // Say and Toast, since the last event
	buttons   []Button // all that were ever shown, in order
	parts     []string // of the story
	filed     []cases.Complaint
	talks     []cases.TalkRequest
	replies   []Reply
	cases     []Status
	refusal   i18n.Text // what File, RequestTalk and Reply are refused with
	quick     bool      // leave out whether Next leaves its session alone
	walked    func(from, to Session)
}

// procedure is read once: it takes longer than a conversation does.
var procedure = cases.DefaultProcedure()

func newPlayer(t testing.TB, profile string) *player {
	return &player{
		t: t, procedure: procedure, session: New(profile),
		now: time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC),
	}
}

// play gives an event to the conversation, and what becomes of its effects.
func (p *player) play(e Event) {
	p.said = nil
	p.step(e)
}

func (p *player) step(e Event) {
	before, frozen := p.session, ""
	if !p.quick {
		frozen = freeze(p.t, p.session)
	}
	after, effects := Next(p.procedure, p.session, e, p.now)
	if !p.quick && freeze(p.t, before) != frozen {
		p.t.Fatalf("%T changed the session it was given:\n%s\n%s", e, frozen, freeze(p.t, before))
	}
	p.session = after
	if p.walked != nil {
		p.walked(before, after)
	}
	for i, effect := range effects {
		if then := p.resolve(effect); then != nil {
			if i != len(effects)-1 {
				p.t.Fatalf("%T is not the last effect", effect)
			}
			p.step(then)
		}
	}
}

func (p *player) resolve(e Effect) Event {
	switch e := e.(type) {
	case Say:
		p.said = append(p.said, e)
		for _, row := range e.Buttons {
			p.buttons = append(p.buttons, row...)
		}
	case Toast:
		p.said = append(p.said, e)
	case Append:
		if p.parts = append(p.parts, e.Text); e.Part != len(p.parts) {
			p.t.Fatalf("part %d is kept as part %d", len(p.parts), e.Part)
		}
	case Erase:
		p.parts = nil
	case Look:
		return Found{p.cases}
	case File:
		return p.file(e)
	case RequestTalk:
		return p.request(e)
	case Reply:
		if p.refusal.Key != "" {
			return Refused{p.refusal}
		}
		p.replies = append(p.replies, e)
		return Replied{}
	}
	return nil
}

func (p *player) file(e File) Event {
	if p.refusal.Key != "" {
		return Refused{p.refusal}
	}
	if e.Complaint.StoryParts != len(p.parts) {
		p.t.Fatalf("%d parts are filed of %d", e.Complaint.StoryParts, len(p.parts))
	}
	e.Complaint.Answers[cases.FieldProblem] = strings.Join(p.parts, "\n\n")
	p.filed = append(p.filed, e.Complaint)
	c := cases.Submit(cases.NumberOf(cases.Formal, 2026, len(p.filed)), e.Complaint, 1, p.procedure, p.now)
	p.cases = append(p.cases, Status{Number: c.Number, Kind: c.Kind, Stage: c.Stage, Received: c.Received, LastDay: c.LastDay(p.procedure)})
	return Filed{Number: c.Number, LastDay: c.LastDay(p.procedure), Mail: true}
}

func (p *player) request(e RequestTalk) Event {
	if p.refusal.Key != "" {
		return Refused{p.refusal}
	}
	p.talks = append(p.talks, e.Talk)
	c := cases.Request(cases.NumberOf(cases.Talk, 2026, len(p.talks)), e.Talk, 1, p.procedure, p.now)
	p.cases = append(p.cases, Status{Number: c.Number, Kind: c.Kind, Stage: c.Stage, Received: c.Received})
	return TalkRequested{}
}

// press presses the newest button with a label, in the language of the moment.
func (p *player) press(label string) bool {
	for i := len(p.buttons) - 1; i >= 0; i-- {
		b := p.buttons[i]
		if b.Text.In(p.session.Language) == label || b.Choice == label {
			p.play(Pressed{Step: b.Step, Choice: b.Choice})
			return true
		}
	}
	return false
}

// mainKey is the key of what a text is about, where it stands in a frame.
func mainKey(text i18n.Text) string {
	for _, hole := range []string{"question", "case", "first", "notice"} {
		if inner, ok := text.Args[hole].(i18n.Text); ok {
			return mainKey(inner)
		}
	}
	return text.Key
}

// freeze is a session as it is kept.
func freeze(t testing.TB, s Session) string {
	kept, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back Session
	if err := json.Unmarshal(kept, &back); err != nil {
		t.Fatal(err)
	}
	if again, _ := json.Marshal(back); string(again) != string(kept) {
		t.Fatalf("a restart changes the session:\n%s\n%s", kept, again)
	}
	return string(kept)
}

func (p *player) String() string {
	var b strings.Builder
	for _, e := range p.said {
		switch e := e.(type) {
		case Say:
			fmt.Fprintf(&b, "< %s: %s\n", mainKey(e.Text), e.Text.In(p.session.Language))
		case Toast:
			fmt.Fprintf(&b, "! %s: %s\n", mainKey(e.Text), e.Text.In(p.session.Language))
		}
	}
	return b.String()
}
