package conversation

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// A repeated press or edit, and a press and words that come in the other order, lead to what they would have led to.
func TestRepeatedAndSwappedDeliveriesChangeNothing(t *testing.T) {
	all := procedures(t)
	rapid.Check(t, func(rt *rapid.T) {
		p := newPlayer(t, i18n.Dutch)
		p.quick = true
		p.procedure = rapid.SampledFrom(all).Draw(rt, "procedure")
		for range rapid.IntRange(0, 40).Draw(rt, "onward") {
			p.play(onward(p.session))
		}
		event := p.numbered(anything(rt, p))
		p.step(event)
		once, filed, talks, did, parts := settled(p.session), len(p.filed), len(p.talks), len(p.done), len(p.parts)
		switch e := event.(type) {
		case Pressed:
			if e.Step == 0 {
				return // it asks for the same once more
			}
			p.step(event)
		case Edited:
			p.step(event)
			did = len(p.done) // a correction stands in the file twice at most, as it was said
		default:
			return
		}
		again := settled(p.session)
		again.Step, again.asked, once.asked = once.Step, asked{}, asked{}
		if fmt.Sprintf("%+v", again) != fmt.Sprintf("%+v", once) && !turnsPage(event) {
			rt.Fatalf("%#v once more changes\n%+v\nto\n%+v", event, once, again)
		}
		if len(p.filed) > filed || len(p.talks) > talks || len(p.done) > did || len(p.parts) > parts {
			rt.Fatalf("%#v once more does it twice", event)
		}
	})
}

func turnsPage(e Event) bool {
	press, ok := e.(Pressed)
	return ok && strings.HasPrefix(press.Choice, aMonth)
}

// The last words of a story and the press that ends it, in either order, make the same story.
func TestLastWordsOfAStoryMayComeAfterThePressThatEndsIt(t *testing.T) {
	tell := func(swapped bool) *player {
		p := newPlayer(t, i18n.Dutch)
		for p.session.State != Problem {
			p.play(onward(p.session))
		}
		p.play(Typed{Text: "Het ging mis."})
		p.message++ // sent before the press, and before what we say to it
		last, press := Typed{Text: "Twee keer.", Message: p.message}, Pressed{p.session.Step, done}
		if swapped {
			p.play(press)
			p.play(last)
		} else {
			p.play(last)
			p.play(press)
		}
		return p
	}
	right, swapped := tell(false), tell(true)
	if right.story() != swapped.story() || right.session.State != swapped.session.State || swapped.session.Answers[cases.FieldWhen] != "" {
		t.Errorf("%q in %s, and swapped %q in %s", right.story(), right.session.State, swapped.story(), swapped.session.State)
	}
	swapped.play(Typed{Text: "op een dag"})
	if swapped.session.Answers[cases.FieldWhen] != "op een dag" {
		t.Errorf("the next answer is %q", swapped.session.Answers[cases.FieldWhen])
	}
}

func TestWhoSendsHundredsOfMessagesLosesNone(t *testing.T) {
	p := newPlayer(t, i18n.English)
	for p.session.State != Problem {
		p.play(onward(p.session))
	}
	said := map[string]int{}
	for n := range 400 {
		p.now = p.now.Add(200 * time.Millisecond)
		if p.play(Typed{Text: fmt.Sprint("message ", n)}); len(p.said) > 0 {
			said[mainKeys(p.said[0].(Say).Text)]++
		}
	}
	if got := len(p.parts); got != 400 {
		t.Errorf("%d parts are kept", got)
	}
	if said["flood.slower"] != 1 {
		t.Errorf("said %v", said)
	}
	total := 0
	for _, n := range said {
		total += n
	}
	if total > 30 {
		t.Errorf("%d messages in answer: %v", total, said)
	}
	if p.play(Pressed{p.session.Step, done}); p.session.State == Problem || len(p.said) == 0 {
		t.Errorf("can't be done: %s", p)
	}
}

// As many messages fit as characters: it is never for their number that one is lost.
func TestAStoryOfShortMessagesIsKeptUpToItsLastCharacter(t *testing.T) {
	p := playerAt(t, i18n.English, Problem, nil)
	p.quick = true
	most := procedure.Limits.Story
	for range most + 3 {
		p.play(Typed{Text: "w"})
		p.typed, p.buttons = nil, nil
	}
	if len(p.parts) != most || p.session.Story.Length != most {
		t.Errorf("%d messages are kept, %+v", len(p.parts), p.session.Story)
	}
}

// Where a limit is reached, that is said once, and again to who goes on after a while; a press is answered as if nothing was.
func TestALimitThatIsReachedIsSaidOnce(t *testing.T) {
	few := *procedure
	few.Limits.Parts, few.Version = 50, "few"
	p := playerAt(t, i18n.English, Problem, nil)
	p.procedure, p.quick = &few, true
	said := map[string]int{}
	send := func(n int) {
		p.now = p.now.Add(200 * time.Millisecond)
		p.play(Typed{Text: fmt.Sprint("message ", n)})
		for _, e := range p.said {
			said[mainKeys(e.(Say).Text)]++
		}
	}
	for n := range 300 {
		send(n)
	}
	if got := said["intake.problem.many-parts"]; got != 1 || len(p.parts) != 50 {
		t.Errorf("%d parts are kept, and it is said %d times that no more are: %v", len(p.parts), got, said)
	}
	p.now = p.now.Add(2 * freshly * time.Second)
	send(300)
	if got := said["intake.problem.many-parts"]; got != 2 {
		t.Errorf("after a while it is said %d times", got)
	}
	if p.play(Pressed{p.session.Step, done}); p.session.State != When || len(p.said) == 0 {
		t.Errorf("the press leads to %s, said %s", p.session.State, p)
	}
}

// Settings may change while somebody is away, and those that they began with may be lost: what they told is still there.
func TestSettingsThatChangeUnderwayStopNobody(t *testing.T) {
	all := procedures(t)
	rapid.Check(t, func(rt *rapid.T) {
		p := newPlayer(t, i18n.Dutch)
		p.quick = true
		p.procedure = rapid.SampledFrom(all).Draw(rt, "procedure")
		for range rapid.IntRange(0, 40).Draw(rt, "onward") {
			p.play(p.onwardOr(rt))
		}
		name := p.session.Answers[cases.FieldName]
		p.procedure = rapid.SampledFrom(all).Draw(rt, "other")
		for range 3 {
			p.play(rapid.SampledFrom([]Event{
				Typed{Text: "En nu?"}, Pressed{p.session.Step, done}, Pressed{p.session.Step, "menu"}, Started{"nl"}, Command{"help"}, Waited{},
			}).Draw(rt, "event"))
		}
		if p.session.Answers[cases.FieldName] != name && name != "" && p.session.Answers[cases.FieldName] != "En nu?" {
			rt.Fatalf("the name %q is lost: %+v", name, p.session)
		}
		for n := 0; len(p.filed) == 0; n++ {
			if p.play(p.onwardOr(rt)); n > 200 {
				rt.Fatalf("no way on from %+v", p.session)
			}
		}
	})
}

// onwardOr goes onward, and now and then aside.
func (p *player) onwardOr(rt *rapid.T) Event {
	if rapid.IntRange(0, 9).Draw(rt, "aside") > 0 {
		return onward(p.session)
	}
	return rapid.SampledFrom([]Event{Pressed{0, "reply:K-2026-0001"}, Command{"menu"}, Pressed{p.session.Step, instead}, Started{"nl"}}).Draw(rt, "way")
}

func TestSessionOfAnEarlierProgramIsStillUnderstood(t *testing.T) {
	var s Session
	kept := `{"v":"x","l":"nl","s":"when","n":7,"c":"2026-11-22T10:00:00Z","a":{"name":"Noor (invented)"},"t":{"p":2,"l":9,"x":"Het ging"},"g":true}`
	if err := json.Unmarshal([]byte(kept), &s); err != nil {
		t.Fatal(err)
	}
	p := newPlayer(t, i18n.Dutch)
	p.session, p.parts = s, []Append{{Part: 1}, {Part: 2}}
	for n := 0; len(p.filed) == 0; n++ {
		if p.play(onward(p.session)); n > 60 {
			t.Fatalf("no way on from %+v", p.session)
		}
	}
	if p.filed[0].Answers[cases.FieldName] != "Noor (invented)" {
		t.Errorf("filed %+v", p.filed[0])
	}
}

func TestConsentCanBeTyped(t *testing.T) {
	for said, want := range map[string]State{"Ja": Menu, "ja hoor": Menu, "Yes.": Menu, "nee": Declined, "misschien": Consent} {
		p := newPlayer(t, i18n.Dutch)
		p.play(Started{"nl"})
		if p.play(Typed{Text: said}); p.session.State != want || p.session.Consented.IsZero() != (want != Menu) {
			t.Errorf("%q leads to %s", said, p.session.State)
		}
	}
}
