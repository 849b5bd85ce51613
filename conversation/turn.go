package conversation

import (
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// turn is one call of Next: the session as it becomes, and the effects so far.
type turn struct {
	*flow
	procedure *cases.Procedure
	now       time.Time
	Session
	was     asked
	copied  bool // Answers and Messages are our own and may be changed
	effects []Effect
	loud    bool      // something was not kept: that is said however much is sent
	refusal i18n.Text // why
	note    i18n.Text // is said in one message with the question that follows
}

// answer is what a person gave to the open question, or none where it was no answer at all.
type answer struct {
	words     string // cleaned, with a letter or a digit in it
	choice    string // of a button that is offered now
	telephone string // shared, in any form
	message   int64  // that it came in
	sure      bool   // they said that it is their answer
}

func (a answer) none() bool { return a.words == "" && a.choice == "" && a.telephone == "" }

func (t *turn) do(e Effect)     { t.effects = append(t.effects, e) }
func (t *turn) say(s i18n.Text) { t.do(Say{Text: s}) }

// sayWith says a text with one row for each button.
func (t *turn) sayWith(s i18n.Text, buttons ...Button) {
	rows := make([][]Button, len(buttons))
	for i, b := range buttons {
		rows[i] = []Button{b}
	}
	t.do(Say{Text: s, Buttons: rows})
}

// choice makes a button of a question; asking it gives it its step.
func choice(label i18n.Text, chosen string) Button { return Button{Text: label, Choice: chosen} }

// row is a row of one button.
func row(label i18n.Text, chosen string) []Button { return []Button{choice(label, chosen)} }

// ask says a text with rows of buttons that belong to the open question, but for those that are never old. The rows become
// its own.
func (t *turn) ask(s i18n.Text, rows ...[]Button) {
	for _, row := range rows {
		for i := range row {
			if !anytime(row[i].Choice) {
				row[i].Step = t.Step
			}
		}
	}
	t.do(Say{Text: t.noted(s), Buttons: rows})
}

// noted puts the note before a text.
func (t *turn) noted(s i18n.Text) i18n.Text {
	if t.note.Key == "" {
		return s
	}
	note := t.note
	t.note = i18n.Text{}
	return two(note, s)
}

// sayNote says the note in a message of its own.
func (t *turn) sayNote() {
	if t.note.Key != "" {
		t.say(t.note)
		t.note = i18n.Text{}
	}
}

func two(first, second i18n.Text) i18n.Text {
	return i18n.T("answer.two", "first", first, "second", second)
}

// open is the line of the open question; nil where there is none.
func (t *turn) open() *step { return t.step(t.State) }

// enter asks the question of a state.
func (t *turn) enter(to State) {
	if len(t.Early) > 0 && t.complaint(to) && t.flow.at[to] >= t.story {
		t.Return, to = to, Earlier
	}
	line := t.step(to)
	if !line.between {
		t.shelve() // what was not sent, whatever it was left for
	}
	t.State = to
	if !line.between {
		t.Return = ""
		t.endAside()
	}
	switch {
	case t.talk(to), t.complaint(to):
		if t.Version == "" {
			t.Version = t.procedure.Version
		}
	case to == Menu && !t.told():
		t.Version = ""
	}
	t.Step++
	t.Maybe = maybe{}
	line.ask(t)
}

// endAside forgets what was said for something that came in between.
func (t *turn) endAside() {
	t.Case, t.Proposal, t.Aside, t.Pieces, t.Added = "", 0, nil, nil, 0
	if !t.Consented.IsZero() { // else it waits until they agree
		t.Link = link{}
	}
}

// again asks the open question once more.
func (t *turn) again() {
	if open := t.open(); open != nil {
		open.ask(t)
		return
	}
	t.begin()
}

// follow goes where the table says that on leads. What is being changed leads back to where it is reviewed, and what was
// answered before is not asked again.
func (t *turn) follow(on string) {
	open := t.open()
	if on != back && open.field != "" && t.talk(open.state) && t.answered(open.field) {
		t.Asking = true
	}
	to, ok := open.arrow(on)
	if on == back && open.behind != nil {
		to = open.behind(t)
	}
	next := t.step(to)
	switch {
	case !ok:
		t.again()
	case to == Anywhere:
		t.resume()
	case t.Changing != "" && open.review != "" && t.leaves(open, next):
		t.Changing = ""
		t.enter(open.review)
	case to == Menu:
		t.putAside(t.State)
		t.enter(Menu)
	case on != back && next.of != nil && next.of != open.of:
		t.enter(t.unanswered(to))
	default:
		t.enter(to)
	}
}

// leaves says whether a way leads out of what is being changed.
func (t *turn) leaves(open, to *step) bool {
	return to == nil || to.of != open.of || open.part == t.Changing && to.part != open.part
}

// unanswered is the first question from a state on that has no answer yet.
func (t *turn) unanswered(from State) State {
	for i := t.flow.at[from]; i < len(t.lines); i++ {
		if s := &t.lines[i]; s.of == nil || t.lacks(s) {
			return s.state
		}
	}
	return Summary
}

// lacks says whether the answer is missing that a line asks for.
func (t *turn) lacks(s *step) bool {
	switch {
	case s.field == cases.FieldProblem:
		return !s.further && !(t.Story.Done && t.Story.has())
	case s.state == Authority:
		return t.applies(s.field) && !t.answered(s.field)
	case s.part == cases.FieldTelephone, s.part == cases.FieldEmail:
		return !t.answered(s.field)
	}
	return !s.further && !t.answered(s.field)
}

// skip leaves the open question without an answer.
func (t *turn) skip() {
	open := t.open()
	t.delete(open.field)
	t.Days = t.Days.but(open.field)
	switch {
	case t.State == Telephone:
		t.say(i18n.T("intake.telephone.skipped"))
	case t.State == Email:
		t.note = i18n.T("intake.email.skipped")
	}
	t.follow(skip)
}

// interrupt leaves the open question for what comes in between.
func (t *turn) interrupt(s State) {
	if t.State == s {
		t.again()
		return
	}
	if !t.between(t.State) {
		t.Return = t.State
	}
	t.enter(s)
}

// resume goes back to the question that was left for what came in between.
func (t *turn) resume() {
	if t.step(t.Return) == nil {
		t.State = ""
		t.endAside()
		t.begin()
		return
	}
	t.enter(t.Return)
}

// putAside remembers where a complaint goes on that is left for the menu or a talk. Where the question that was open is not in
// the table any more, it goes on with the first that has no answer.
func (t *turn) putAside(s State) {
	if t.step(s) == nil && t.told() && t.Draft == "" {
		t.Draft = t.unanswered(t.first)
	}
	if t.complaint(s) && t.told() {
		if t.Changing != "" {
			s = Summary
		}
		t.Draft = s
	}
	t.Changing = ""
}

// buttons are those of the open question.
func (t *turn) buttons() [][]Button {
	aside := *t
	aside.effects, aside.note = nil, i18n.Text{}
	t.open().ask(&aside)
	for i := len(aside.effects) - 1; i >= 0; i-- {
		if said, ok := aside.effects[i].(Say); ok && len(said.Buttons) > 0 {
			return said.Buttons
		}
	}
	return nil
}

// offered says whether the open question has a button with this choice, on this page or on another.
func (t *turn) offered(chosen string) bool {
	_, leads := t.open().arrow(chosen)
	switch {
	case chosen == words, chosen == "found", chosen == "day": // are no buttons
		return false
	case chosen == keep:
		return t.known()
	case chosen == leave:
		return leads && t.Draft != ""
	case leads, t.onCalendar(chosen), chosen == show && t.State == Summary:
		return true
	}
	for _, row := range t.buttons() {
		for _, b := range row {
			if b.Choice == chosen && b.Step == t.Step {
				return true
			}
		}
	}
	return false
}

// removeKeyboard takes our keyboard away with the first message that can.
func (t *turn) removeKeyboard() {
	for i, e := range t.effects {
		if said, ok := e.(Say); ok && len(said.Buttons) == 0 && said.Ask == Unchanged {
			said.Ask = Remove
			t.effects[i] = said
			return
		}
	}
	t.sayFirst(Say{Text: i18n.T("telephone.keyboard-away"), Ask: Remove})
}
