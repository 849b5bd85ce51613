package conversation

import (
	"slices"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// editedMessage changes what came from a message that the person changed: an answer, a part of the story, something that is
// not sent yet. What was filed gets a correction. A message that was none of these stays none.
func (t *turn) editedMessage(e Edited) {
	if e.Text = clean(e.Text); e.Text == "" {
		return // a photograph was changed, or something that has no words
	}
	if e.Message == 0 || !hasWords(e.Text) {
		t.say(t.refuse(i18n.T("edit.nothing")))
		return
	}
	switch {
	case t.editEarly(e), t.editPiece(e), t.editAnswer(e):
	case t.Story.Parts > 0 && t.Story.Since != 0 && e.Message >= t.Story.Since:
		if length(e.Text) > t.procedure.Limits.Story {
			t.say(t.refuse(i18n.T("edit.too-long")))
			return
		}
		t.Session.asked.edited = e
		t.do(Amend(e))
	default:
		t.correct(e)
	}
}

// correct adds a correction to the case that the message belongs to, if it belongs to one.
func (t *turn) correct(e Edited) {
	if !t.Has {
		t.say(t.refuse(i18n.T("edit.nothing")))
		return
	}
	t.Session.asked.pending = pendingCorrection
	t.do(Correct(e))
}

// amended takes what became of the story. Where no part of it came from the message, a case may have it.
func (t *turn) amended(e Amended) {
	if e.Part == 0 {
		t.correct(t.was.edited)
		return
	}
	t.Story.Length, t.Story.Excerpt = e.Length, excerpt(e.Excerpt, mostExcerpt)
	t.changed(i18n.T("edit.story"), cases.FieldProblem)
}

// changed says that something was changed, and asks the open question again where it shows what was changed.
func (t *turn) changed(said i18n.Text, field string) {
	open := t.open()
	shows := open != nil && (t.State == Summary || t.State == TalkCheck || open.field == field && open.state != Problem)
	if t.State == Problem && field == cases.FieldProblem {
		t.ask(said, row(i18n.T("intake.problem.button.done"), done))
		return
	}
	if !shows {
		t.say(said)
		return
	}
	t.note = said
	t.again()
}

// editAnswer changes the answer that came from the message.
func (t *turn) editAnswer(e Edited) bool {
	field := ""
	for one, message := range t.Messages {
		if message == e.Message {
			field = one
		}
	}
	if field == "" {
		return false
	}
	line := t.answers(field, false)
	if line == nil {
		line = t.answers(field, true)
	}
	if line == nil {
		return false
	}
	if line.of != nil && line.of.ID == cases.FieldFor {
		line = t.namesLine()
	}
	value, objection := line.read(t, line, answer{words: e.Text, message: e.Message})
	if objection.Key != "" {
		t.say(t.refuse(two(i18n.T("edit.no-answer", "label", t.label(field)), objection)))
		return true
	}
	if value == t.Answers[field] {
		return true
	}
	t.set(field, value, e.Message)
	if field == cases.FieldWhen {
		t.Days = t.daysIn(value)
		if open := t.open(); open != nil && open.further && open.field == field {
			t.checkDays()
			return true
		}
	}
	t.changed(i18n.T("edit.answer", "label", t.label(field), "words", t.shown(field, mostKnown)), field)
	return true
}

// checkDays shows the days back that the changed words speak of, or asks again where they speak of none.
func (t *turn) checkDays() {
	if t.Days != "" {
		t.enter(WhenCheck)
		return
	}
	t.enter(When)
}

// namesLine is the line that asked for the names in the answer of whose complaint it is.
func (t *turn) namesLine() *step {
	if chosen, _, _ := cutMark(t.Answers[cases.FieldFor]); chosen == cases.ForJoint {
		return t.step(ForOthers)
	}
	return t.step(ForWhom)
}

// editEarly changes what came before there was a place for it.
func (t *turn) editEarly(e Edited) bool {
	at := slices.IndexFunc(t.Early, func(one early) bool { return one.Message == e.Message })
	if at < 0 {
		return false
	}
	if t.earlyWords()-length(t.Early[at].Text)+length(e.Text) > mostEarlyWords {
		t.say(t.refuse(i18n.T("edit.early-full")))
		return true
	}
	t.Early = slices.Clone(t.Early)
	t.Early[at].Text = e.Text
	t.say(i18n.T("edit.early"))
	return true
}

// editPiece changes a piece of what is being written to the committee.
func (t *turn) editPiece(e Edited) bool {
	at := slices.IndexFunc(t.Pieces, func(one piece) bool { return one.Message == e.Message })
	if at < 0 {
		return false
	}
	begin := at // each piece but the first has a line break before it
	for _, one := range t.Pieces[:at] {
		begin += one.Length
	}
	text := t.Aside[cases.FieldText]
	longer := text[:begin] + e.Text + text[begin+t.Pieces[at].Length:]
	if most := t.procedure.Limits.Reply; tooLong(longer, most) {
		t.say(t.refuse(i18n.T("reply.too-long", "limit", most)))
		return true
	}
	t.Pieces = slices.Clone(t.Pieces)
	t.Pieces[at].Length = len(e.Text)
	t.setAside(cases.FieldText, longer)
	t.again()
	return true
}
