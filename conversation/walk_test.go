package conversation

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// place is what tells one reachable situation from another.
type place struct {
	State, Return       State
	Changing, Consented bool
	Draft               bool
	Story, Told, Self   bool
	Writing             bool
}

func placeOf(s Session) place {
	return place{
		State: s.State, Draft: s.Draft != "", Return: s.Return, Changing: s.Changing, Consented: !s.Consented.IsZero(),
		Story: s.Story.Parts > 0, Told: len(s.Answers) > 0, Self: s.Answers[cases.FieldContact] == code("self"), Writing: s.Case != "",
	}
}

// tries are events that may be tried anywhere; presses of the buttons that are offered come with them.
func tries(s Session, p *cases.Procedure, at *player) []Event {
	all := []Event{
		Typed{"Noor (invented)"}, Typed{"hello"}, Typed{"👍"}, Typed{"done"}, Typed{"no"}, Typed{"yes"},
		Typed{"06 12345678"}, Typed{"noor@example.com"}, Typed{strings.Repeat("w", 4096)},
		Shared{"31612345678"}, Attached{Kind: APhoto}, Attached{Kind: AVoice}, Attached{Kind: ASticker},
		Attached{Kind: APhoto, Caption: "what I saw"},
		Pressed{0, "reply:K-2026-0001"}, Pressed{0, "language:en"}, Pressed{0, "privacy"}, Pressed{0, "nonsense"},
		Pressed{s.Step, "nonsense"}, Pressed{s.Step - 1, "back"},
		Started{"nl"}, Command{"help"}, Command{"language"}, Command{"status"}, Command{"cancel"}, Command{"nonsense"},
	}
	for _, b := range offered(s, p, at) {
		all = append(all, Pressed{b.Step, b.Choice})
	}
	return all
}

// offered lists the buttons of the open question.
func offered(s Session, p *cases.Procedure, at *player) (all []Button) {
	if steps[s.State] == nil {
		return nil
	}
	t := &turn{procedure: p, now: at.now, Session: s}
	for _, row := range t.buttons() {
		all = append(all, row...)
	}
	return all
}

// asked is what the open question says.
func asked(s Session, at *player) []Effect {
	t := &turn{procedure: at.procedure, now: at.now, Session: s}
	steps[s.State].ask(t)
	return t.effects
}

func TestEveryReachablePlaceKeepsThePromises(t *testing.T) {
	first := New("en")
	sessions := map[place]Session{placeOf(first): first}
	queue := []place{placeOf(first)}
	leads := map[place][]place{}
	files := map[place]bool{}
	arrows := map[arrow]bool{}
	for len(queue) > 0 && !t.Failed() {
		here := queue[0]
		queue = queue[1:]
		s := sessions[here]
		freeze(t, s)
		for _, event := range tries(s, procedure, newPlayer(t, "en")) {
			p := at(t, s)
			p.walked = func(from, to Session) { arrows[arrow{string(from.State), to.State}] = true }
			p.play(event)
			checkSaid(t, p, fmt.Sprintf("%+v after %#v", here, event))
			if len(p.filed) > 0 {
				files[here] = true
			}
			there := placeOf(p.session)
			leads[here] = append(leads[here], there)
			if _, known := sessions[there]; !known {
				sessions[there] = p.session
				queue = append(queue, there)
			}
		}
		if steps[s.State] != nil {
			checkInterruptions(t, s)
			checkBack(t, s)
			checkRepeats(t, s)
		}
	}
	checkNoDeadEnd(t, sessions, leads, files)
	checkArrows(t, arrows)
	t.Logf("%d places", len(sessions))
}

// at is a player in the middle of a conversation.
func at(t testing.TB, s Session) *player {
	p := newPlayer(t, "en")
	p.session, p.quick = s, true
	p.session.Answers = maps.Clone(s.Answers)
	for range s.Story.Parts {
		p.parts = append(p.parts, "part")
	}
	return p
}

// checkSaid holds what was said against the limits of the place where it is shown (Bot API: a text of 4,096 UTF-16 units,
// a toast of 200 characters, 64 bytes behind a button, of which the step takes at most 20), in each language.
func checkSaid(t testing.TB, p *player, where string) {
	t.Helper()
	if len(p.said) == 0 {
		t.Errorf("%s: nothing is said", where)
	}
	for _, e := range p.said {
		for _, l := range i18n.Languages {
			switch e := e.(type) {
			case Toast:
				if n := length(e.Text.In(l)); n > 200 {
					t.Errorf("%s: toast of %d characters", where, n)
				}
			case Say:
				if n := units(e.Text.In(l)); n > 4096 || n == 0 {
					t.Errorf("%s: text of %d units", where, n)
				}
				if e.Ask != Unchanged && len(e.Buttons) > 0 {
					t.Errorf("%s: buttons and a keyboard under one message", where)
				}
				checkButtons(t, e, l, where)
			}
		}
	}
}

func checkButtons(t testing.TB, said Say, l i18n.Language, where string) {
	t.Helper()
	seen := map[string]bool{}
	for _, row := range said.Buttons {
		for _, b := range row {
			label := b.Text.In(l)
			switch {
			case length(label) > 30 || label == "":
				t.Errorf("%s: button %q", where, label)
			case !strings.Contains(b.Text.Key, ".button.") && !strings.HasPrefix(b.Text.Key, "button."):
				t.Errorf("%s: %s is the label of a button", where, b.Text.Key)
			case len(b.Choice) > 40 || b.Choice == "":
				t.Errorf("%s: choice %q", where, b.Choice)
			case seen[label]:
				t.Errorf("%s: two buttons %q", where, label)
			case (b.Step == 0) != anytime(b.Choice):
				t.Errorf("%s: choice %q of step %d", where, b.Choice, b.Step)
			}
			seen[label] = true
		}
	}
}

// checkInterruptions: after help, another language or a look at the cases the same question is open, and is asked again;
// cancelling asks first, and no means no.
func checkInterruptions(t *testing.T, s Session) {
	t.Helper()
	for _, e := range []Event{Command{"help"}, Command{"language"}, Command{"status"}, Command{"nonsense"}, Pressed{0, "privacy"}} {
		p := at(t, s)
		p.play(e)
		if !reflect.DeepEqual(p.session, s) {
			t.Errorf("%#v in %s changes the session to\n%+v, from\n%+v", e, s.State, p.session, s)
		}
		if last := asked(s, p); !reflect.DeepEqual(p.said[len(p.said)-len(last):], last) {
			t.Errorf("%#v in %s does not ask again, but says\n%s", e, s.State, p)
		}
	}
	if told := (&turn{Session: s}).told(); !told || comesBetween(s.State) {
		return
	}
	p := at(t, s)
	p.play(Command{"cancel"})
	p.play(Pressed{p.session.Step, no})
	back := p.session
	back.Step, back.Case = s.Step, s.Case
	if !reflect.DeepEqual(back, s) {
		t.Errorf("cancel and no lead from\n%+v to\n%+v", s, p.session)
	}
	p.play(Command{"cancel"})
	p.play(Pressed{p.session.Step, yes})
	if len(p.session.Answers) > 0 || p.session.Story.Parts > 0 || len(p.parts) > 0 || p.session.State != Menu {
		t.Errorf("cancel and yes in %s leave %+v", s.State, p.session)
	}
}

// checkBack: back leads to an earlier question, and nothing is lost.
func checkBack(t *testing.T, s Session) {
	t.Helper()
	if _, may := steps[s.State].arrow(back); !may {
		return
	}
	p := at(t, s)
	p.play(Pressed{s.Step, back})
	if p.session.State == s.State || !maps.Equal(p.session.Answers, s.Answers) || p.session.Story != s.Story {
		t.Errorf("back from %s leads to %s and leaves %v of %v", s.State, p.session.State, p.session.Answers, s.Answers)
	}
}

// checkRepeats: a button that is pressed twice does once what it does.
func checkRepeats(t *testing.T, s Session) {
	t.Helper()
	for _, b := range offered(s, procedure, newPlayer(t, "en")) {
		once := at(t, s)
		once.play(Pressed{b.Step, b.Choice})
		twice := once.session
		once.play(Pressed{b.Step, b.Choice})
		if !reflect.DeepEqual(once.session, twice) || len(once.filed) > 1 || len(once.talks) > 1 || len(once.replies) > 1 {
			t.Errorf("a second press of %q in %s changes something", b.Choice, s.State)
		}
	}
}

// checkNoDeadEnd: from everywhere there is a way to a filed complaint.
func checkNoDeadEnd(t *testing.T, sessions map[place]Session, leads map[place][]place, files map[place]bool) {
	t.Helper()
	for grown := true; grown; {
		grown = false
		for here, there := range leads {
			if !files[here] && slices.ContainsFunc(there, func(p place) bool { return files[p] }) {
				files[here], grown = true, true
			}
		}
	}
	for here := range sessions {
		if !files[here] {
			t.Errorf("no way on from %+v", here)
		}
	}
}

// checkArrows: whoever goes somewhere goes along an arrow of the table, and each state is reached.
func checkArrows(t *testing.T, walked map[arrow]bool) {
	t.Helper()
	reached := map[State]bool{}
	for a := range walked {
		reached[a.to] = true
		from := steps[State(a.on)]
		if from == nil || comesBetween(from.state) || a.on == string(a.to) {
			continue
		}
		known := slices.ContainsFunc(between, func(b arrow) bool { return b.to == a.to }) || from.review == a.to ||
			slices.ContainsFunc(from.arrows, func(b arrow) bool { return b.to == a.to || b.to == Anywhere })
		if !known {
			t.Errorf("the table has no arrow from %s to %s", a.on, a.to)
		}
	}
	for _, s := range flow {
		if !reached[s.state] {
			t.Errorf("nobody gets to %s", s.state)
		}
	}
}
