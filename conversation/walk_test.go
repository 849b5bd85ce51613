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

// place is what tells one reachable situation from another, as far as it makes a difference where it is.
type place struct {
	State               State
	Left                string // what was left for what comes in between
	Changing, Consented bool
	Draft, By, Early    bool
	Story, Done, Told   bool
	Whose               string
	Self, Aside, Linked bool
	Correcting          string // an answer of a write-up
	Unsent              int    // what was begun for cases and waits
	InQuestion          bool   // and the question is about it
	Gaps                int    // answers that are missing though they may not be skipped
}

func placeOf(s Session) place {
	f := flowOf(procedure)
	p := place{State: s.State, Consented: !s.Consented.IsZero(), Told: s.told(), Early: len(s.Early) > 0, Aside: len(s.Aside) > 0}
	if s.State == Menu || f.between(s.State) && (s.Return == Menu || s.Case != "") {
		p.Unsent = min(len(s.Unsent), 1)
		p.InQuestion = (s.State == Cancelling || s.State == Forgetting) && (&turn{Session: s}).unsentInQuestion() >= 0
	}
	switch {
	case f.between(s.State):
		p.Left = kindOf(f, s.Return)
		if s.State == Correcting && p.Left == string(Menu) {
			p.Correcting = s.Link.Field + " " + s.Link.Mode
		}
	case s.State == Consent:
		p.Linked = s.Link.Token != ""
	case f.talk(s.State):
		p.Draft, p.By, p.Changing = s.Draft != "", s.By == cases.Email || s.By == cases.Letter, s.Changing != ""
	case s.State == Menu:
		p.Draft = s.Draft != ""
	case f.complaint(s.State):
		p.Changing, p.Story, p.Done, p.Gaps = s.Changing != "", s.Story.has(), s.Story.Done, gaps(f, s)
		switch of := f.step(s.State).of; {
		case of == nil:
			p.Whose, _, _ = cutMark(s.Answers[cases.FieldFor])
		case of.ID == cases.FieldFor:
			p.Whose, _, _ = cutMark(s.Answers[cases.FieldFor])
		case of.ID == cases.FieldContact:
			p.Self = s.Answers[cases.FieldContact] == code("self")
		}
	}
	return p
}

func gaps(f *flow, s Session) (n int) {
	t := &turn{flow: f, procedure: procedure, Session: s}
	for i := range f.lines {
		if _, may := f.lines[i].arrow(skip); !may && f.lines[i].of != nil && t.lacks(&f.lines[i]) {
			n++
		}
	}
	return n
}

func kindOf(f *flow, s State) string {
	switch {
	case f.talk(s):
		return "a talk"
	case f.complaint(s):
		return "a complaint"
	}
	return string(s)
}

// tries are events that may be tried where the person is, with the presses of the buttons that are offered: all of them where
// this question is met for the first time.
func tries(s Session, at *player, first bool) []Event {
	photo := kinds[APhoto]
	all := []Event{
		Typed{Text: "Noor (invented)"}, Typed{Text: "done"}, Typed{Text: "no"}, Typed{Text: "yes"}, Typed{Text: "06 12345678"},
		Typed{Text: "noor@example.com"}, Typed{Text: "since 3 November"}, Attached{Kind: APhoto, File: photo, Caption: "what I saw"},
		Command{"cancel"}, Command{"menu"}, Started{"nl"},
	}
	if first {
		all = append(all,
			Typed{Text: "hello"}, Typed{Text: "👍"}, Typed{Text: strings.Repeat("w", 4096)}, Typed{Text: "I don't know"},
			Shared{Telephone: "31612345678"}, Attached{Kind: APhoto, File: photo}, Attached{Kind: ASticker},
			Attached{Kind: AVideo, File: kinds[AVideo]}, Spoiled{Name: "film.mp4", Why: i18n.Plain("Too long.")},
			Pressed{0, "reply:K-2026-0001"}, Pressed{0, "language:en"}, Pressed{0, "privacy"}, Pressed{0, "nonsense"},
			Pressed{0, "case:K-2026-0001"}, Pressed{0, "rate:K-2026-0001"}, Pressed{0, "withdraw:K-2026-0001"}, Pressed{0, "object:K-2026-0001:4"},
			Pressed{0, "agree:K-2026-0001:4"}, Pressed{0, "add:K-2026-0001"}, Pressed{0, "contact:K-2026-0001"},
			Followed{"en", "write-up"}, Followed{"nl", "write-up of another"}, Followed{"en", "used K-2026-0001"}, Followed{"en", "nonsense"},
			Pressed{0, "helped:G-2026-0001:yes"}, Pressed{0, "helped:G-2026-0001:no"}, Pressed{s.Step, "nonsense"}, Pressed{s.Step - 1, "back"},
			Edited{Message: 1, Text: "other words"}, Edited{Message: 999, Text: "other words"}, Command{"help"}, Command{"language"},
			Command{"status"}, Command{"mydata"}, Command{"forgetme"}, Command{"nonsense"})
	}
	for _, b := range offered(s, at) {
		if b.Choice != noDay && !(strings.HasPrefix(b.Choice, aDay) && !strings.HasSuffix(b.Choice, "-03")) {
			all = append(all, Pressed{b.Step, b.Choice})
		}
	}
	return all
}

// offered lists the buttons of the open question.
func offered(s Session, at *player) (all []Button) {
	t := &turn{flow: flowOf(at.procedure), procedure: at.procedure, now: at.now, Session: s}
	if t.open() == nil {
		return nil
	}
	for _, row := range t.buttons() {
		all = append(all, row...)
	}
	return all
}

// openQuestion is what the open question says.
func openQuestion(s Session, at *player) []Effect {
	t := &turn{flow: flowOf(at.procedure), procedure: at.procedure, now: at.now, Session: s}
	t.open().ask(t)
	return t.effects
}

func TestEveryReachablePlaceKeepsThePromises(t *testing.T) {
	first := New("en")
	sessions := map[place]Session{placeOf(first): first}
	queue := []place{placeOf(first)}
	leads := map[place][]place{}
	files := map[place]bool{}
	arrows := map[arrow]bool{}
	met := map[State]bool{}
	for len(queue) > 0 && !t.Failed() {
		here := queue[0]
		queue = queue[1:]
		s := sessions[here]
		freeze(t, s)
		languages := i18n.Languages[:1]
		if !met[s.State] {
			languages = i18n.Languages
		}
		for _, event := range tries(s, newPlayer(t, "en"), !met[s.State]) {
			p := at(t, s)
			p.walked = func(from, to Session) { arrows[arrow{string(from.State), to.State}] = true }
			p.play(event)
			checkSaid(t, p, languages, here, event)
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
		if !met[s.State] && s.State != "" {
			checkInterruptions(t, s)
			checkRepeats(t, s)
		}
		if s.State != "" {
			checkCancelling(t, s)
			checkBack(t, s)
		}
		met[s.State] = true
	}
	if !t.Failed() {
		checkNoDeadEnd(t, sessions, leads, files)
		checkArrows(t, arrows)
	}
	t.Logf("%d places", len(sessions))
}

// at is a player in the middle of a conversation.
func at(t testing.TB, s Session) *player {
	p := newPlayer(t, "en")
	p.session, p.quick, p.message = s, true, 1000
	p.written = writeUp("en")
	p.session.Spoke, p.session.Pace, p.session.Took, p.session.Unsaid, p.session.Refusal, p.session.Refused = 0, 0, 0, 0, "", 0
	p.session.Answers, p.session.Messages = maps.Clone(s.Answers), maps.Clone(s.Messages)
	for n := range s.Story.Parts {
		p.parts = append(p.parts, Append{Part: n + 1, Text: "part", Message: int64(n)})
	}
	return p
}

// checkSaid holds what was said against the limits of the place where it is shown (Bot API: a text of 4,096 UTF-16 units,
// a toast of 200 characters, 64 bytes behind a button, of which the step takes at most 20), in each language.
func checkSaid(t testing.TB, p *player, languages []i18n.Language, at ...any) {
	t.Helper()
	where := situation(at)
	if len(p.said) == 0 {
		t.Errorf("%s: nothing is said", where)
	}
	for _, e := range p.said {
		for _, l := range languages {
			switch e := e.(type) {
			case Toast:
				if n := length(e.Text.In(l)); n > 200 {
					t.Errorf("%s: toast of %d characters", where, n)
				}
			case Say:
				if n := i18n.Units(e.Text.In(l)); n > 4096 || n == 0 {
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

// situation is where something was said, put into words only where it went wrong.
type situation []any

func (s situation) String() string { return fmt.Sprintf("%+v", []any(s)) }

func checkButtons(t testing.TB, said Say, l i18n.Language, where situation) {
	t.Helper()
	seen := map[string]bool{}
	count := 0
	for _, row := range said.Buttons {
		if count += len(row); len(row) == 0 || len(row) > 8 || count > 100 {
			t.Errorf("%s: a row of %d buttons, %d in all", where, len(row), count)
		}
		for _, b := range row {
			label := b.Text.In(l)
			switch {
			case length(label) > cases.MostButton || label == "":
				t.Errorf("%s: button %q", where, label)
			case b.Text.Key != "" && !strings.Contains(b.Text.Key, ".button.") && !strings.HasPrefix(b.Text.Key, "button."):
				t.Errorf("%s: %s is the label of a button", where, b.Text.Key)
			case len(b.Choice) > 40 || b.Choice == "":
				t.Errorf("%s: choice %q", where, b.Choice)
			case seen[label] && b.Choice != noDay:
				t.Errorf("%s: two buttons %q", where, label)
			case (b.Step == 0) != anytime(b.Choice):
				t.Errorf("%s: choice %q of step %d", where, b.Choice, b.Step)
			}
			seen[label] = true
		}
	}
}

// checkInterruptions: after help, another language or a look at the cases the same question is open, and is asked again.
func checkInterruptions(t *testing.T, s Session) {
	t.Helper()
	for _, e := range []Event{
		Command{"help"}, Command{"language"}, Command{"status"}, Command{"mydata"}, Command{"nonsense"}, Pressed{0, "privacy"}, Pressed{0, "case:K-2026-0001"},
	} {
		p := at(t, s)
		p.play(e)
		if after := settled(p.session); !reflect.DeepEqual(after, settled(s)) {
			t.Errorf("%#v in %s changes the session to\n%+v, from\n%+v", e, s.State, p.session, s)
		}
		if last := openQuestion(s, p); !reflect.DeepEqual(p.said[len(p.said)-len(last):], last) {
			t.Errorf("%#v in %s does not ask again, but says\n%s", e, s.State, p)
		}
	}
}

// checkCancelling: cancelling asks first, no means no, and yes leaves nothing of what it was about.
func checkCancelling(t *testing.T, s Session) {
	t.Helper()
	between := flowOf(procedure).between(s.State)
	if s.State == Cancelling || !s.told() && len(s.Unsent)+len(s.Aside) == 0 {
		return
	}
	p := at(t, s)
	p.play(Command{"cancel"})
	if between && s.Case != "" && len(s.Aside) == 0 { // there is nothing to lose in what came in between
		if !maps.Equal(p.session.Answers, s.Answers) || p.session.Story.Parts != s.Story.Parts || len(lettersOf(p.session)) < len(lettersOf(s)) {
			t.Errorf("cancel in %s leads from\n%+v to\n%+v", s.State, s, p.session)
		}
		return
	}
	if p.session.State != Cancelling {
		t.Errorf("cancel in %s does not ask, but leads to %s", s.State, p.session.State)
		return
	}
	p.play(Pressed{p.session.Step, no})
	back, was := settled(p.session), settled(s)
	if between && s.Case == "" { // what came in between is over
		was.State, was.Return = back.State, back.Return
	}
	if !reflect.DeepEqual(back, was) && back.State != Earlier {
		t.Errorf("cancel and no lead from\n%+v to\n%+v", s, p.session)
	}
	p = at(t, s)
	p.play(Command{"cancel"})
	p.play(Pressed{p.session.Step, yes})
	if letters := len(lettersOf(s)); len(s.Aside) > 0 || !s.told() { // it was about what was begun for a case
		if len(lettersOf(p.session)) != letters-1 || !maps.Equal(p.session.Answers, s.Answers) || p.session.Story.Parts != s.Story.Parts {
			t.Errorf("cancel and yes in %s leave %+v of %+v", s.State, p.session, s)
		}
		return
	}
	if p.session.told() || len(p.parts)+len(p.files) > 0 || p.session.State != Menu && p.session.State != Consent {
		t.Errorf("cancel and yes in %s leave %+v", s.State, p.session)
	}
}

// lettersOf are the things that were begun for cases and are not sent, by what they are about.
func lettersOf(s Session) map[string]cases.Words {
	all := map[string]cases.Words{}
	begun := func(at State, number cases.Number, proposal int, aside cases.Words) {
		f := flowOf(procedure)
		begins := Replying
		for _, one := range beginnings {
			if f.at[one] <= f.at[at] && f.at[one] > f.at[begins] {
				begins = one
			}
		}
		all[fmt.Sprint(begins, number, proposal)] = aside
	}
	for _, one := range s.Unsent {
		begun(one.State, one.Case, one.Proposal, one.Aside)
	}
	if len(s.Aside) > 0 {
		begun(s.State, s.Case, s.Proposal, s.Aside)
	}
	return all
}

// settled is a session without what changes with each event.
func settled(s Session) Session {
	s.Step, s.Heard, s.Spoke, s.Pace, s.Reminded = 0, 0, 0, 0, 0
	s.Took, s.Unsaid, s.Refusal, s.Refused = 0, 0, "", 0
	s.Story.Last, s.Story.Said = 0, 0
	return s
}

// checkBack: back leads to an earlier question, and nothing is lost.
func checkBack(t *testing.T, s Session) {
	t.Helper()
	if _, may := flowOf(procedure).step(s.State).arrow(back); !may {
		return
	}
	p := at(t, s)
	if !slices.ContainsFunc(offered(s, p), func(b Button) bool { return b.Choice == back }) {
		t.Errorf("there is no button back in %s", s.State)
	}
	p.play(Pressed{s.Step, back})
	if p.session.State == s.State || !maps.Equal(p.session.Answers, s.Answers) || settled(p.session).Story != settled(s).Story {
		t.Errorf("back from %s leads to %s and leaves %v of %v", s.State, p.session.State, p.session.Answers, s.Answers)
	}
}

// checkRepeats: a button that is pressed twice does once what it does.
func checkRepeats(t *testing.T, s Session) {
	t.Helper()
	for _, b := range offered(s, newPlayer(t, "en")) {
		if strings.HasPrefix(b.Choice, aDay) || b.Choice == noDay {
			continue
		}
		once := at(t, s)
		once.play(Pressed{b.Step, b.Choice})
		twice, did := settled(once.session), len(once.done)
		once.play(Pressed{b.Step, b.Choice})
		if !reflect.DeepEqual(settled(once.session), twice) || len(once.filed) > 1 || len(once.talks) > 1 || len(once.done) > did {
			t.Errorf("a second press of %q in %s changes something:\n%+v\n%+v, %d done, %d before", b.Choice, s.State, twice, settled(once.session), len(once.done), did)
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

// checkArrows: whoever goes somewhere goes along an arrow of the table, or past questions that are answered, and each state
// is reached.
func checkArrows(t *testing.T, walked map[arrow]bool) {
	t.Helper()
	f := flowOf(procedure)
	reached := map[State]bool{}
	for a := range walked {
		reached[a.to] = true
		from, to := f.step(State(a.on)), f.step(a.to)
		if from == nil || to == nil || from.between || a.on == string(a.to) {
			continue
		}
		past := f.at[a.to] > f.at[from.state] && (from.of != nil || from.state == Menu) && (to.of != nil && !to.further || to.state == Summary || a.to == Telephone || a.to == Authority) ||
			from.state == Summary && to.of != nil
		known := past || from.review == a.to ||
			slices.ContainsFunc(comings, func(b arrow) bool { return b.to == a.to }) ||
			slices.ContainsFunc(from.arrows, func(b arrow) bool { return b.to == a.to || b.to == Anywhere })
		if !known {
			t.Errorf("the table has no arrow from %s to %s", a.on, a.to)
		}
	}
	for _, s := range f.lines {
		if !reached[s.state] {
			t.Errorf("nobody gets to %s", s.state)
		}
	}
}
