package conversation

import (
	"maps"
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
	case t.editEarly(e), t.editPiece(e), t.editUnsent(e), t.editAnswer(e):
	case t.Story.Parts > 0 && t.Story.Since != 0 && e.Message >= t.Story.Since:
		if length(e.Text) > t.procedure.Limits.Story {
			t.say(t.refuse(i18n.T("edit.too-long")))
			return
		}
		t.Session.asked.edited = e
		t.do(Amend{Message: e.Message, Text: e.Text})
	default:
		t.correct(e)
	}
}

// correct adds a correction to the case that the message belongs to, if it belongs to one.
func (t *turn) correct(e Edited) {
	if !t.Has {
		t.belongsToNothing(e)
		return
	}
	t.Session.asked.pending, t.Session.asked.edited = pendingCorrection, e
	t.do(Correct{Message: e.Message, Text: e.Text})
}

// belongsToNothing says that a changed message was no answer, unless it came with a file.
func (t *turn) belongsToNothing(e Edited) {
	if e.File {
		t.Session.asked.edited = e
		t.do(FindFile{e.Message})
		return
	}
	t.say(t.refuse(i18n.T("edit.nothing")))
}

// fileFound takes words that came later under a file for what they would have been from the start: a part of the answer that the
// file is, or else a part of the story.
func (t *turn) fileFound(e FileFound) {
	edited := t.was.edited
	switch count, said := cutFiles(t.Answers[e.Field]); {
	case e.Field == "":
		t.say(t.refuse(i18n.T("edit.nothing")))
	case count > 0:
		message := edited.Message
		if said != "" {
			edited.Text, message = said+"\n"+edited.Text, 0
		}
		if most := t.procedure.Limits.Answer; tooLong(edited.Text, most) {
			t.say(t.refuse(i18n.T("answer.too-long", "length", length(edited.Text), "limit", most)))
			return
		}
		t.set(e.Field, filesAnswer(count, edited.Text), message)
		t.changed(i18n.T("edit.answer", "label", t.label(e.Field), "words", t.shown(e.Field, mostKnown)), e.Field)
	default:
		if full := t.addPart(edited.Text, edited.Message); full.Key != "" {
			t.say(full)
			return
		}
		t.changed(i18n.T("edit.story"), cases.FieldProblem)
	}
}

// amended takes what became of the story. Where no part of it came from the message, a case may have it.
func (t *turn) amended(e Amended) {
	if e.Part == 0 {
		t.correct(t.was.edited)
		return
	}
	t.Story.Length += e.Grown
	t.Story.Excerpt = excerpt(e.Excerpt, mostExcerpt)
	t.alsoCorrect(t.was.edited, cases.FieldProblem, i18n.T("edit.story"))
}

// alsoCorrect sees whether the message whose answer was changed here went to the committee before, with a request for a talk:
// the case has to be corrected, too. Said is what there is to say of the change here.
func (t *turn) alsoCorrect(e Edited, field string, said i18n.Text) {
	if !t.Has {
		t.editDone(field, said, "")
		return
	}
	t.Session.asked.pending, t.Session.asked.field, t.Session.asked.said = pendingEdit, field, said
	t.do(Correct{Message: e.Message, Text: e.Text})
}

// editDone says what was changed, and where: here, in the file of a case, or in both.
func (t *turn) editDone(field string, said i18n.Text, number cases.Number) {
	if number != "" && !t.telling() {
		t.say(i18n.T("edit.corrected", "number", string(number)))
		return
	}
	if number != "" {
		said = two(said, i18n.T("edit.corrected-too", "number", string(number)))
	}
	if open := t.open(); field == cases.FieldWhen && open != nil && open.further && open.field == field {
		if number != "" {
			t.note = said
		}
		t.checkDays()
		return
	}
	t.changed(said, field)
}

// telling says whether a complaint is being told, or a talk asked for, that is not sent yet.
func (t *turn) telling() bool {
	at := t.Session.at(t.flow)
	return t.Draft != "" || t.Asking || t.talk(at) || t.complaint(at) && t.told()
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

// editAnswer changes the answers that came from the message: what a talk is about may be what a complaint is about.
func (t *turn) editAnswer(e Edited) bool {
	changes, field := cases.Words{}, ""
	for _, one := range slices.Sorted(maps.Keys(t.Messages)) {
		if t.Messages[one] != e.Message {
			continue
		}
		value, objection, reads := t.readAgain(one, e)
		switch {
		case !reads:
			continue
		case objection.Key != "":
			t.say(t.refuse(two(i18n.T("edit.no-answer", "label", t.label(one)), objection)))
			return true
		}
		if open := t.open(); field == "" || open != nil && open.field == one {
			field = one
		}
		if value != t.Answers[one] {
			changes[one] = value
		}
	}
	if field == "" || len(changes) == 0 {
		return field != ""
	}
	for one, value := range changes {
		t.set(one, value, e.Message)
		if one == cases.FieldWhen {
			t.Days = t.daysIn(value)
		}
	}
	t.alsoCorrect(e, field, i18n.T("edit.answer", "label", t.label(field), "words", t.shown(field, mostKnown)))
	return true
}

// readAgain reads an answer in the words that a message has now.
func (t *turn) readAgain(field string, e Edited) (value string, objection i18n.Text, reads bool) {
	if count, _ := cutFiles(t.Answers[field]); count > 0 { // the words under a file
		if most := t.procedure.Limits.Answer; tooLong(e.Text, most) {
			return "", i18n.T("answer.too-long", "length", length(e.Text), "limit", most), true
		}
		return filesAnswer(count, e.Text), i18n.Text{}, true
	}
	line := t.answers(field, false)
	if line == nil {
		line = t.answers(field, true)
	}
	if line == nil {
		return "", i18n.Text{}, false
	}
	if line.of != nil && line.of.ID == cases.FieldFor {
		line = t.namesLine()
	}
	value, objection = line.read(t, line, answer{words: e.Text, message: e.Message})
	return value, objection, true
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
	longer, pieces, found := changedPiece(t.Aside, t.Pieces, e)
	switch most := t.procedure.Limits.Reply; {
	case !found:
		return false
	case tooLong(longer, most):
		t.say(t.refuse(i18n.T("reply.too-long", "limit", most)))
	default:
		t.Pieces = pieces
		t.setAside(cases.FieldText, longer)
		t.again()
	}
	return true
}

// changedPiece puts other words in the place of the piece of a letter that came from a message, if one did.
func changedPiece(aside cases.Words, pieces []piece, e Edited) (text string, changed []piece, found bool) {
	at := slices.IndexFunc(pieces, func(one piece) bool { return one.Message == e.Message })
	if at < 0 {
		return "", nil, false
	}
	begin := at // each piece but the first has a line break before it
	for _, one := range pieces[:at] {
		begin += one.Length
	}
	text = aside[cases.FieldText]
	changed = slices.Clone(pieces)
	changed[at].Length = len(e.Text)
	return text[:begin] + e.Text + text[begin+pieces[at].Length:], changed, true
}
