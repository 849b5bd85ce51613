package conversation

import (
	"strings"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// mostKnown is how many characters of an earlier answer are shown with its question.
const mostKnown = 200

// askQuestion asks for the answer of one field in words alone.
func askQuestion(t *turn) { t.question() }

// question asks for the answer of one field: with its place in the procedure, what was answered before, the buttons of its
// own, and those that lead around it.
func (t *turn) question(own ...[]Button) {
	t.ask(t.framed(t.asked()), append(own, t.around()...)...)
}

// asked is the open question: the organisation's own words for it, or ours.
func (t *turn) asked() i18n.Text {
	if open := t.open(); open.of == nil || open.further || open.of.Ask[t.Language] == "" || open.field != open.of.Field() {
		return open.text
	}
	text := t.open().of.Ask.In(t.Language)
	t.sayNote() // their words may be long
	return text
}

// explains says why the open question is asked.
func (t *turn) explains(open *step) i18n.Text {
	if open.of != nil && !open.further && open.of.Why[t.Language] != "" {
		return open.of.Why.In(t.Language)
	}
	return open.why
}

// framed adds the place in the procedure and what was answered before to the text of a question.
func (t *turn) framed(text i18n.Text) i18n.Text {
	open := t.open()
	if t.known() {
		text = i18n.T("intake.known", "question", text, "words", t.shown(t.knownIn(open), mostKnown))
	}
	if open.number > 0 {
		text = i18n.T("intake.progress", "number", open.number, "total", t.total, "question", text)
	}
	return text
}

// known says whether there is an answer to the open question that can be left as it is. What was pressed at a question is
// no answer to the one that asks further, if it is kept in the same field.
func (t *turn) known() bool {
	open := t.open()
	if open.state == WhenFrom || open.state == WhenUntil {
		return false
	}
	value := t.Answers[open.field]
	if open.further && open.of != nil && open.field == open.of.Field() {
		return value != "" && (!strings.HasPrefix(value, mark) || open.of.ID == cases.FieldFor && t.namesIn(open))
	}
	return value != "" || t.answered(t.knownIn(open))
}

// knownIn is the field in which the answer to the open question is known: what a talk was about may be what a complaint is
// about.
func (t *turn) knownIn(open *step) string {
	if open.field == cases.FieldSubject && !t.answered(open.field) {
		return fieldAbout
	}
	return open.field
}

// around are the buttons that lead around the open question: leave the answer, not know, skip, why, back, and the ways out.
func (t *turn) around() [][]Button {
	open := t.open()
	rows := make([][]Button, 0, 6)
	if t.Maybe.Name != "" && open.names {
		rows = append(rows, row(i18n.T("name.button.so"), so))
	}
	if open.field != cases.FieldProblem && t.known() {
		rows = append(rows, row(i18n.T("button.keep"), keep))
	}
	if _, may := open.arrow(unknown); may {
		rows = append(rows, row(i18n.T("button.unknown"), unknown))
	}
	if _, may := open.arrow(skip); may {
		rows = append(rows, row(i18n.T("button.skip"), skip))
	}
	last := make([]Button, 0, 2)
	if explains := t.explains(open); explains.Key != "" || explains.Args != nil {
		last = append(last, choice(i18n.T("button.why"), why))
	}
	if _, may := open.arrow(back); may {
		last = append(last, choice(i18n.T("button.back"), back))
	}
	if len(last) > 0 {
		rows = append(rows, last)
	}
	return append(rows, t.exits()...)
}

// exits are the buttons that lead out: to a talk, a mail or a letter, or from there back to the complaint.
func (t *turn) exits() (rows [][]Button) {
	open := t.open()
	if _, may := open.arrow(leave); may && t.Draft != "" {
		rows = append(rows, row(i18n.T("button.leave"), leave))
	}
	if _, may := open.arrow(instead); may {
		rows = append(rows, row(i18n.T("button.instead"), instead))
	}
	return rows
}

// accept keeps the answer to the open question and goes on.
func (t *turn) accept(value string, message int64) i18n.Text {
	t.set(t.open().field, value, message)
	t.follow(words)
	return i18n.Text{}
}

// hearWords takes words, as the open question reads them.
func hearWords(t *turn, a answer) i18n.Text {
	value, objection := t.open().read(t, t.open(), a)
	if objection.Key != "" {
		return objection
	}
	return t.accept(value, a.message)
}

func readName(t *turn, s *step, a answer) (string, i18n.Text) {
	name := oneLine(a.words)
	switch most := t.procedure.Limits.Name; {
	case name == "", !a.sure && (noName(name) || isQuestion(name)):
		return "", s.expect
	case tooLong(name, most):
		return "", t.refuse(i18n.T("answer.too-long", "length", length(name), "limit", most))
	}
	return name, i18n.Text{}
}

func readWords(t *turn, s *step, a answer) (string, i18n.Text) {
	switch {
	case a.words == "", !a.sure && smallTalk(a.words):
		return "", s.expect
	case tooLong(a.words, s.most):
		return "", t.refuse(i18n.T("answer.too-long", "length", length(a.words), "limit", s.most))
	}
	return a.words, i18n.Text{}
}

// press keeps the answer that was pressed, and goes where its arrow leads.
func (t *turn) press(chosen string) i18n.Text {
	t.set(t.open().field, code(chosen), 0)
	t.follow(chosen)
	return i18n.Text{}
}

func askOften(t *turn) {
	t.question(row(i18n.T("intake.often.button.once"), "once"), row(i18n.T("intake.often.button.more"), more))
}

func hearOften(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == "once":
		return t.press("once")
	case a.choice == more || isMore(a.words):
		t.follow(more)
		return i18n.Text{}
	}
	return hearWords(t, a)
}

func askPrior(t *turn) {
	t.question(row(i18n.T("intake.prior.button.no"), no), row(i18n.T("intake.prior.button.yes"), yes))
}

func hearPrior(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == no || isNo(a.words):
		return t.press(no)
	case a.choice == yes || isYes(a.words):
		t.follow(yes)
		return i18n.Text{}
	}
	return hearWords(t, a)
}

func askPriorEnd(t *turn) { t.question(row(i18n.T("intake.prior-end.button.nothing"), "nothing")) }

func hearPriorEnd(t *turn, a answer) i18n.Text {
	if a.choice == "nothing" {
		return t.press("nothing")
	}
	return hearWords(t, a)
}

func askConflict(t *turn) { t.question(row(i18n.T("intake.conflict.button.nobody"), "nobody")) }

func hearConflict(t *turn, a answer) i18n.Text {
	if a.choice == "nobody" || isNo(a.words) {
		return t.press("nobody")
	}
	return hearWords(t, a)
}
