package conversation

import (
	"maps"
	"slices"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// turn is one call of Next: the session as it becomes, and the effects so far.
type turn struct {
	procedure *cases.Procedure
	now       time.Time
	Session
	copied  bool // Answers is our own and may be changed
	effects []Effect
}

// answer is what a person gave to the open question: one of its fields, or none where it was no answer at all.
type answer struct {
	words     string // cleaned, with a letter or a digit in it
	choice    string // of a button that is offered now
	telephone string // shared, in any form
}

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

// ask says a text with rows of buttons that belong to the open question, but for those that are never old.
func (t *turn) ask(s i18n.Text, rows ...[]Button) {
	own := make([][]Button, len(rows))
	for i, row := range rows {
		own[i] = slices.Clone(row)
		for j := range own[i] {
			if !anytime(own[i][j].Choice) {
				own[i][j].Step = t.Step
			}
		}
	}
	t.do(Say{Text: s, Buttons: own})
}

// enter asks the question of a state.
func (t *turn) enter(s State) {
	t.State = s
	if !comesBetween(s) {
		t.Return, t.Case = "", ""
	}
	t.Step++
	steps[s].ask(t)
}

// again asks the open question once more.
func (t *turn) again() {
	if open := steps[t.State]; open != nil {
		open.ask(t)
		return
	}
	t.begin()
}

// follow goes where the table says that on leads. An answer that is being changed leads back to where it is reviewed.
func (t *turn) follow(on string) {
	open := steps[t.State]
	to, ok := open.arrow(on)
	switch {
	case !ok:
		t.again()
	case to == Anywhere:
		t.resume()
	case t.Changing && steps[to].field != open.field:
		t.Changing = false
		t.enter(open.review)
	case to == Menu:
		t.putAside(t.State)
		t.enter(Menu)
	default:
		t.enter(to)
	}
}

// skip leaves the open question without an answer.
func (t *turn) skip() {
	open := steps[t.State]
	t.delete(open.field)
	switch t.State {
	case Telephone:
		t.say(i18n.T("intake.telephone.skipped"))
	case Email:
		t.say(i18n.T("intake.email.skipped"))
	}
	t.follow(skip)
}

// interrupt leaves the open question for what comes in between.
func (t *turn) interrupt(s State) {
	if !comesBetween(t.State) {
		t.Return = t.State
	}
	t.enter(s)
}

// resume goes back to the question that was left for what came in between.
func (t *turn) resume() {
	s := t.Return
	if steps[s] == nil {
		t.begin()
		return
	}
	t.enter(s)
}

// putAside remembers where a complaint goes on that is left for the menu.
func (t *turn) putAside(s State) {
	if ofComplaint(s) && t.told() {
		if t.Changing {
			s = Summary
		}
		t.Draft = s
	}
	t.Changing = false
}

// told says whether something is kept of what the person told.
func (t *turn) told() bool { return len(t.Answers) > 0 || t.Story.Parts > 0 }

func (t *turn) own() {
	if t.copied {
		return
	}
	t.Answers, t.copied = maps.Clone(t.Answers), true
	if t.Answers == nil {
		t.Answers = cases.Words{}
	}
}

func (t *turn) set(field, value string) {
	t.own()
	t.Answers[field] = value
}

func (t *turn) delete(field string) {
	if _, there := t.Answers[field]; there {
		t.own()
		delete(t.Answers, field)
	}
}

// forget erases what was told, but for the fields to keep.
func (t *turn) forget(kept ...string) {
	answers := cases.Words{}
	for _, field := range kept {
		if value, there := t.Answers[field]; there {
			answers[field] = value
		}
	}
	t.Answers, t.copied = answers, true
	if len(answers) == 0 {
		t.Answers = nil
		t.copied = false
	}
	if t.Story.Parts > 0 {
		t.do(Erase{})
	}
	t.Story, t.Draft, t.Changing = Story{}, "", false
}

// buttons are those of the open question.
func (t *turn) buttons() [][]Button {
	aside := *t
	aside.effects = nil
	steps[t.State].ask(&aside)
	for i := len(aside.effects) - 1; i >= 0; i-- {
		if said, ok := aside.effects[i].(Say); ok && len(said.Buttons) > 0 {
			return said.Buttons
		}
	}
	return nil
}

// offered says whether the open question has a button with this choice.
func (t *turn) offered(chosen string) bool {
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
	t.effects = append([]Effect{Say{Text: i18n.T("telephone.keyboard-away"), Ask: Remove}}, t.effects...)
}

// withEmail takes the text that names the organisation's e-mail address, or the other where there is no address.
func (t *turn) withEmail(with, without i18n.Text) i18n.Text {
	if t.procedure.Email == "" {
		return without
	}
	return with
}
