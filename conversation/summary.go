package conversation

import (
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

func askSummary(t *turn) {
	t.sayNote()
	t.showAnswers(i18n.T("summary.title"), t.fields)
	rows := [][]Button{row(i18n.T("summary.button.right"), "right")}
	var pair []Button
	for i := range t.lines {
		s := &t.lines[i]
		if s.of == nil || s.further {
			continue
		}
		if pair = append(pair, t.changeButton(s.part)); len(pair) == 2 {
			rows, pair = append(rows, pair), nil
		}
	}
	if pair != nil {
		rows = append(rows, pair)
	}
	t.ask(i18n.T("summary.ask"), append(append(rows, row(i18n.T("button.back"), back)), t.exits()...)...)
}

func hearSummary(t *turn, a answer) i18n.Text {
	switch {
	case t.change(a):
	case a.choice == show:
		t.again()
	case a.choice == "right", isYes(a.words):
		if !t.fillGap() {
			t.follow("right")
		}
	default:
		return t.open().expect
	}
	return i18n.Text{}
}

// fillGap asks for the first answer that is missing though it may not be skipped.
func (t *turn) fillGap() bool {
	for i := range t.lines {
		s := &t.lines[i]
		if _, may := s.arrow(skip); may || s.of == nil || !t.lacks(s) {
			continue
		}
		t.Changing = s.part
		t.enter(s.state)
		return true
	}
	return false
}

func askExpress(t *turn) {
	t.ask(i18n.T("express.ask", "organisation", t.procedure.Organisation, "count", t.procedure.Period),
		append([][]Button{row(i18n.T("express.button.formal"), formal), row(i18n.T("button.back"), back)}, t.exits()...)...)
}

func hearExpress(t *turn, a answer) i18n.Text {
	if a.choice != formal {
		return t.open().expect
	}
	if t.fillGap() { // since the summary a file may have turned out to be none
		return i18n.Text{}
	}
	made := cases.Complaint{
		Language: t.Language, Answers: t.finals(), StoryParts: t.Story.Parts,
		Messages: t.messagesOf(),
	}
	if s, ok := t.Days.span(t.procedure.Location()); ok && t.answered(cases.FieldWhen) {
		made.From, made.To = s.From, s.To
		if s.Ongoing {
			made.To = time.Time{}
		}
	}
	t.do(File{made})
	return i18n.Text{}
}

// MakesCase says of an event, before it is heard, whether it probably makes a case.
func MakesCase(e Event) bool {
	pressed, ok := e.(Pressed)
	return ok && (pressed.Choice == formal || pressed.Choice == send)
}

// messagesOf are the messages that gave the answers of a complaint, by their fields.
func (t *turn) messagesOf() map[string]int64 {
	all := make(map[string]int64, len(t.Messages))
	for _, field := range t.fields {
		if t.applies(field) && t.answered(field) && t.Messages[field] != 0 {
			all[field] = t.Messages[field]
		}
	}
	return all
}

// filed says the number, the last day and what happens next. Who complains once more need not say again who they are.
func (t *turn) filed(e Filed) {
	mailed := t.Answers[cases.FieldEmail]
	t.grow(e.Number)
	t.forget(cases.FieldName, cases.FieldContact, cases.FieldTelephone, cases.FieldEmail, fieldCall, fieldMail)
	t.Has = true
	if !e.Mail {
		mailed = ""
	}
	t.assure(i18n.T("filed.number", "number", string(e.Number)), e.LastDay, mailed)
	t.enter(Menu)
}

// assure says in one message, which they can keep, that a complaint is handled from now on, by when, and what happens next; and where an
// acknowledgement is sent to, if one is.
func (t *turn) assure(filed i18n.Text, lastDay time.Time, mailed string) {
	filed = two(filed, i18n.T("filed.last-day", "day", i18n.Date{Time: t.procedure.In(lastDay)}))
	filed = two(filed, i18n.T("filed.next"))
	if mailed != "" {
		filed = two(filed, i18n.T("filed.mail", "email", mailed))
	}
	t.say(filed)
	t.note = i18n.T("filed.later")
}
