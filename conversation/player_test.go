package conversation

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
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
	did       Event    // what the person did last
	message   int64    // number of the last message in the chat, either side's
	said      []Effect // Say and Toast, since the last event
	buttons   []Button // all that were ever shown, in order
	typed     []Typed  // all that was ever typed, for who changes it later
	parts     []Append // of the story
	files     []Attach // of the complaint that is being told
	filed     []cases.Complaint
	talks     []cases.TalkRequest
	done      []Effect // what was done with cases
	settled   []Settled
	told      map[cases.Number][]int64 // the messages of the stories that cases have
	cases     []Status
	written   *Linked       // the write-up to which the links lead that begin with "write-up"; nil: none
	proposals int           // that the committee made
	language  i18n.Language // of their cases, where they changed it
	refusal   i18n.Text     // what is refused from now on is refused with
	quick     bool          // leave out whether Next leaves its session alone
	walked    func(from, to Session)
}

// procedure is read once: it takes longer than a conversation does.
var procedure = cases.DefaultProcedure()

func newPlayer(t testing.TB, profile i18n.Language) *player {
	return &player{
		t: t, procedure: procedure, session: Session{Language: profile},
		now: time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC),
	}
}

// play gives an event to the conversation, and what becomes of its effects.
func (p *player) play(e Event) {
	p.said = nil
	p.step(p.numbered(e))
}

// numbered gives a message its number in the chat, where it has none.
func (p *player) numbered(e Event) Event {
	switch m := e.(type) {
	case Typed:
		if m.Message == 0 {
			p.message++
			m.Message = p.message
		}
		p.typed = append(p.typed, m)
		return m
	case Shared:
		p.message++
		m.Message = p.message
		return m
	case Attached:
		if m.Message == 0 {
			p.message++
			m.Message = p.message
		}
		if m.Caption != "" {
			p.typed = append(p.typed, Typed{Text: m.Caption, Message: m.Message})
		}
		return m
	case Started, Command:
		p.message++
	}
	return e
}

func (p *player) step(e Event) {
	before, frozen := p.session, ""
	if fromPerson(e) {
		p.did = e
	}
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
		if !e.InPlace {
			p.message++
		}
		for _, row := range e.Buttons {
			p.buttons = append(p.buttons, row...)
		}
	case Settled:
		p.settled = append(p.settled, e)
	case Toast, SendData, ShowProposal:
		p.said = append(p.said, e)
	case Append:
		if p.parts = append(p.parts, e); e.Part != len(p.parts) {
			p.t.Fatalf("part %d is kept as part %d", len(p.parts), e.Part)
		}
	case Attach:
		if e.File.ID == "" {
			p.t.Fatalf("a file without an identifier is taken in")
		}
		if e.Case == "" {
			p.files = append(p.files, e)
		} else {
			return p.act(e)
		}
	case Erase:
		p.parts, p.files = nil, nil
	case Amend:
		return p.amend(e)
	case FindFile:
		return p.fileOf(e.Message)
	case Look:
		return Found{p.stood()}
	case Open:
		return p.open(e)
	case Forget:
		p.parts, p.files = nil, nil
		return Forgotten{Kept: p.cases}
	case ChangeLanguage:
		p.language = e.Language
	default:
		return p.act(e)
	}
	return nil
}

// act does what may be refused.
func (p *player) act(e Effect) Event {
	if p.refusal.Key != "" {
		return Refused{p.refusal}
	}
	switch e := e.(type) {
	case File:
		return p.file(e)
	case RequestTalk:
		return p.request(e)
	case Correct:
		p.done = append(p.done, e)
		return Done{p.caseOf(e.Message)}
	case Helped:
		return p.helped(e)
	case Withdraw:
		p.stands(e.Case, func(s *Status) { s.Stage, s.Closed, s.Outcome = cases.Closed, p.now, cases.OutcomeWithdrawn })
	case Answer:
		p.stands(e.Case, func(s *Status) { s.Proposal = 0 })
	case Rate:
		p.stands(e.Case, func(s *Status) { s.Rated = true })
	case CorrectAnswer:
		p.done = append(p.done, e)
		return p.correct(e)
	case Disown:
		p.written = nil
	case Approve:
		return p.approve(e)
	}
	p.done = append(p.done, e)
	return Done{}
}

// helped hears whether a talk helped, once.
func (p *player) helped(e Helped) Event {
	before := false
	p.stands(e.Case, func(s *Status) { before, s.Rated = s.Rated, true })
	if before {
		return Refused{i18n.T("refusal.rated", "number", string(e.Case))}
	}
	p.done = append(p.done, e)
	switch {
	case e.Yes:
		return Done{e.Case}
	case e.Told:
		return Helpless{Number: e.Case, Told: p.toldFor(e.Case)}
	}
	return Helpless{Number: e.Case}
}

// fileOf says where the file belongs that came in a message.
func (p *player) fileOf(message int64) FileFound {
	for _, one := range p.files {
		if one.Message == message {
			return FileFound{Field: one.Field}
		}
	}
	return FileFound{}
}

// caseOf is the case that a message belongs to: the last one, if the message is an answer of it or was added to it.
func (p *player) caseOf(message int64) cases.Number {
	for i, made := range p.filed {
		if slices.Contains(slices.Collect(maps.Values(made.Messages)), message) || slices.Contains(p.told[cases.NumberOf(cases.Formal, 2026, i+1)], message) {
			return cases.NumberOf(cases.Formal, 2026, i+1)
		}
	}
	for i, asked := range slices.Backward(p.talks) {
		number := cases.NumberOf(cases.Talk, 2026, i+1)
		if slices.Contains(slices.Collect(maps.Values(asked.Messages)), message) || slices.Contains(p.told[number], message) {
			return number
		}
	}
	for _, e := range p.done {
		if number, messages := wordsIn(e); slices.Contains(messages, message) {
			return number
		}
	}
	return ""
}

// wordsIn says for which case words were passed on, and from which messages they came.
func wordsIn(e Effect) (cases.Number, []int64) {
	switch e := e.(type) {
	case Attach:
		return e.Case, []int64{e.Message}
	case Reply:
		return e.Case, e.Messages
	case Answer:
		return e.Case, e.Messages
	case Withdraw:
		return e.Case, e.Messages
	case Rate:
		return e.Case, e.Messages
	}
	return "", nil
}

// toldFor is what was told for a talk.
func (p *player) toldFor(number cases.Number) cases.Words {
	for i, talk := range p.talks {
		if cases.NumberOf(cases.Talk, 2026, i+1) != number {
			continue
		}
		told := maps.Clone(talk.Told)
		if told == nil {
			told = cases.Words{}
		}
		told[cases.FieldName], told[cases.FieldTelephone], told[cases.FieldSubject] = talk.Name, talk.Telephone, talk.Subject
		return told
	}
	return nil
}

func (p *player) amend(e Amend) Event {
	amended := Amended{}
	var all []string
	for i := range p.parts {
		if p.parts[i].Message == e.Message {
			amended.Part, amended.Grown = i+1, length(e.Text)-length(p.parts[i].Text)
			p.parts[i].Text = e.Text
		}
		all = append(all, p.parts[i].Text)
	}
	amended.Excerpt = strings.Join(all, "\n")
	return amended
}

// story is all parts of the story.
func (p *player) story() string {
	all := make([]string, len(p.parts))
	for i, part := range p.parts {
		all[i] = part.Text
	}
	return strings.Join(all, "\n\n")
}

func (p *player) file(e File) Event {
	if e.Complaint.StoryParts != len(p.parts) {
		p.t.Fatalf("%d parts are filed of %d", e.Complaint.StoryParts, len(p.parts))
	}
	p.remember(cases.NumberOf(cases.Formal, 2026, len(p.filed)+1))
	e.Complaint.Answers[cases.FieldProblem] = p.story()
	p.parts, p.files = nil, nil
	p.filed = append(p.filed, e.Complaint)
	c := cases.Submit(cases.NumberOf(cases.Formal, 2026, len(p.filed)), e.Complaint, 1, p.procedure, p.now)
	p.cases = append(p.cases, Status{Number: c.Number, Kind: c.Kind, Stage: c.Stage, Received: c.Received, LastDay: c.LastDay(p.procedure)})
	return Filed{Number: c.Number, LastDay: c.LastDay(p.procedure), Mail: true}
}

// remember remembers which messages the story came in that a case has.
func (p *player) remember(number cases.Number) {
	if p.told == nil {
		p.told = map[cases.Number][]int64{}
	}
	for _, part := range p.parts {
		p.told[number] = append(p.told[number], part.Message)
	}
}

func (p *player) request(e RequestTalk) Event {
	if e.Talk.Told != nil {
		p.remember(cases.NumberOf(cases.Talk, 2026, len(p.talks)+1))
		e.Talk.Told[cases.FieldProblem] = p.story()
	}
	p.talks = append(p.talks, e.Talk)
	c := cases.Request(cases.NumberOf(cases.Talk, 2026, len(p.talks)), e.Talk, 1, p.procedure, p.now)
	p.cases = append(p.cases, Status{Number: c.Number, Kind: c.Kind, Stage: c.Stage, Received: c.Received})
	return TalkRequested{c.Number}
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

// pass lets time pass, and plays Waited whenever it is due.
func (p *player) pass(d time.Duration) {
	until := p.now.Add(d)
	for {
		due := Wake(p.procedure, p.session, p.now)
		if due.IsZero() || due.After(until) {
			break
		}
		p.now = due
		p.step(Waited{})
	}
	p.now = until
}

// mainKeys are the keys of what a text is about, where it stands in a frame, or of both where it says two things.
func mainKeys(text i18n.Text) string {
	for _, hole := range []string{"question", "case", "notice"} {
		if inner, ok := text.Args[hole].(i18n.Text); ok {
			return mainKeys(inner)
		}
	}
	first, one := text.Args["first"].(i18n.Text)
	second, other := text.Args["second"].(i18n.Text)
	switch {
	case !one || !other:
	case mainKeys(second) == "answer.item", mainKeys(second) == "own", strings.HasPrefix(mainKeys(second), "reach."):
		return mainKeys(first)
	default:
		return mainKeys(first) + " + " + mainKeys(second)
	}
	if text.Key == "" {
		return "own"
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
			fmt.Fprintf(&b, "< %s: %s\n", mainKeys(e.Text), e.Text.In(p.session.Language))
		case Toast:
			fmt.Fprintf(&b, "! %s: %s\n", mainKeys(e.Text), e.Text.In(p.session.Language))
		}
	}
	return b.String()
}
