package conversation

import (
	"strings"

	"websec.nl/gehoor/i18n"
)

// most characters of an answer. The story has its own limits.
const (
	mostName  = 200
	mostWords = 2000
	mostKnown = 200 // of an earlier answer that is shown with its question
)

// question asks for the answer of one field: with its place in the procedure, what was answered before, the buttons of its
// own, and those that lead around it.
func question(text i18n.Text, own ...Button) func(*turn) {
	return func(t *turn) {
		rows := make([][]Button, 0, len(own)+2)
		for _, b := range own {
			rows = append(rows, []Button{b})
		}
		t.ask(t.framed(text), append(rows, t.around()...)...)
	}
}

// framed adds the place in the procedure and what was answered before to the text of a question.
func (t *turn) framed(text i18n.Text) i18n.Text {
	open := steps[t.State]
	if t.known() {
		text = i18n.T("intake.known", "question", text, "words", t.shown(open.field, mostKnown))
	}
	if open.number > 0 {
		text = i18n.T("intake.progress", "number", open.number, "total", total, "question", text)
	}
	return text
}

// known says whether there is an answer to the open question that can be left as it is. What was pressed at a question is
// no answer to the one that asks further.
func (t *turn) known() bool {
	open := steps[t.State]
	value := t.Answers[open.field]
	if to, ok := open.arrow(back); ok && steps[to].field == open.field && strings.HasPrefix(value, mark) {
		return false
	}
	return value != ""
}

// around are the buttons that lead around the open question: leave the answer, skip, why, back.
func (t *turn) around() [][]Button {
	open := steps[t.State]
	var rows [][]Button
	if t.known() {
		rows = append(rows, []Button{choice(i18n.T("button.keep"), keep)})
	}
	if _, may := open.arrow(skip); may {
		rows = append(rows, []Button{choice(i18n.T("button.skip"), skip)})
	}
	var last []Button
	if open.why.Key != "" {
		last = append(last, choice(i18n.T("button.why"), why))
	}
	if _, may := open.arrow(back); may {
		last = append(last, choice(i18n.T("button.back"), back))
	}
	if len(last) > 0 {
		rows = append(rows, last)
	}
	return rows
}

// accept keeps the answer to the open question and goes on.
func (t *turn) accept(value string) i18n.Text {
	t.set(steps[t.State].field, value)
	t.follow(words)
	return i18n.Text{}
}

func hearName(t *turn, a answer) i18n.Text {
	name := oneLine(a.words)
	switch {
	case name == "" || smallTalk(name) || isQuestion(name):
		return steps[t.State].expect
	case tooLong(name, mostName):
		return i18n.T("answer.too-long", "length", length(name), "limit", mostName)
	}
	return t.accept(name)
}

func hearWords(t *turn, a answer) i18n.Text {
	switch {
	case a.words == "" || smallTalk(a.words):
		return steps[t.State].expect
	case tooLong(a.words, mostWords):
		return i18n.T("answer.too-long", "length", length(a.words), "limit", mostWords)
	}
	return t.accept(a.words)
}

func hearOften(t *turn, a answer) i18n.Text {
	switch a.choice {
	case "once":
		return t.accept(code("once"))
	case more:
		t.follow(more)
		return i18n.Text{}
	}
	return hearWords(t, a)
}

func hearPrior(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == no || isNo(a.words):
		return t.accept(code(no))
	case a.choice == yes || isYes(a.words):
		t.follow(yes)
		return i18n.Text{}
	}
	return hearWords(t, a)
}
