package conversation

import (
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// mostCases is how many cases are told of at once, the newest.
const mostCases = 10

// short says a stage beside a number.
var short = map[cases.Stage]i18n.Text{
	cases.Awaiting:      i18n.T("status.short.button.awaiting"),
	cases.Received:      i18n.T("status.short.button.received"),
	cases.Assigned:      i18n.T("status.short.button.assigned"),
	cases.Contact:       i18n.T("status.short.button.contact"),
	cases.StageProposed: i18n.T("status.short.button.proposed"),
	cases.Closed:        i18n.T("status.short.button.closed"),
}

// shortly says the stage of a case. One that the table does not know is open or closed all the same.
func shortly(one Status) i18n.Text {
	if said, ok := short[one.Stage]; ok {
		return said
	}
	if !one.open() {
		return short[cases.Closed]
	}
	return short[cases.Assigned]
}

func (s Status) open() bool { return s.Closed.IsZero() && s.Stage != cases.Closed }

// found tells of the case that was asked for, or lists all of them, and then asks the open question again.
func (t *turn) found(all []Status) {
	number := t.was.looking
	t.Has = t.Has || len(all) > 0
	switch t.was.pending {
	case pendingRating:
		t.beginRating(all, number)
		return
	case pendingProposal:
		t.beginProposal(all)
		return
	case pendingHelps:
		t.helped(all, number, t.was.helps)
		return
	}
	switch {
	case len(all) == 0:
		t.say(i18n.T("status.none"))
	case number != "":
		t.pageOf(all, number)
	case len(all) == 1:
		t.tell(all[0])
	default:
		t.list(all)
	}
	t.again()
}

// pageOf tells of the case with a number.
func (t *turn) pageOf(all []Status, number cases.Number) {
	for _, one := range all {
		if one.Number == number {
			t.tell(one)
			return
		}
	}
	t.say(i18n.T("refusal.not-found"))
}

// list offers each case by its number and stage.
func (t *turn) list(all []Status) {
	text := i18n.T("status.list", "count", len(all))
	if older := len(all) - mostCases; older > 0 {
		all = all[older:]
		text = two(text, i18n.T("status.older", "count", older))
	}
	buttons := make([]Button, len(all))
	for i, one := range all {
		label := i18n.T("status.button.case", "number", string(one.Number), "stage", shortly(one))
		buttons[i] = caseButton(label, "case", one.Number)
	}
	t.sayWith(text, buttons...)
}

// tell says how a case stands, what happens next and by when, when there was contact last, and whom to turn to.
func (t *turn) tell(one Status) {
	text := i18n.T("status.case", "number", string(one.Number), "day", t.day(one.Received), "stage", t.standsAt(one))
	for _, more := range []i18n.Text{t.asksFor(one), measures(one), t.until(one)} {
		if more.Key != "" {
			text = two(text, more)
		}
	}
	if contact := t.lastContact(one); contact.Key != "" {
		text = two(text, contact)
	}
	t.sayWith(two(text, t.whom(one)), t.caseButtons(one)...)
}

// standsAt says where a case stands, and what happens next.
func (t *turn) standsAt(one Status) i18n.Text {
	switch {
	case one.Outcome == cases.OutcomeWithdrawn:
		return i18n.T("status.withdrawn")
	case one.Outcome == cases.OutcomeLapsed:
		return i18n.T("status.lapsed")
	case one.open() && one.Stage == cases.Awaiting:
		return i18n.T("status.stage.awaiting")
	case one.open():
		course := cases.CourseOf(one.Kind, one.Standing, one.Proposal != 0, !one.Owed.IsZero())
		if course.New { // which is said already
			return course.Next
		}
		return two(course.Done, course.Next)
	case one.held() && !one.Rated:
		return two(i18n.T("status.talk.closed"), i18n.T("status.talk.helped"))
	case one.Kind == cases.Talk:
		return i18n.T("status.talk.closed")
	case one.Rated:
		return two(i18n.T("status.stage.closed"), i18n.T("status.rated"))
	}
	return i18n.T("status.stage.closed")
}

// asksFor says that the committee waits for an answer of theirs.
func (t *turn) asksFor(one Status) i18n.Text {
	switch {
	case !one.Question || !one.open():
		return i18n.Text{}
	case one.AnswerBy.IsZero():
		return i18n.T("status.question")
	}
	return i18n.T("status.question-by", "day", t.day(one.AnswerBy))
}

// measures says how many of the measures are done that were promised when it was closed.
func measures(one Status) i18n.Text {
	switch {
	case one.Measures == 0:
		return i18n.Text{}
	case one.Carried == one.Measures:
		return i18n.T("status.measures-done", "count", one.Measures)
	}
	return i18n.T("status.measures", "count", one.Measures, "done", one.Carried)
}

// rateable says whether they can be asked how it was handled: it was handled to its end.
func (s Status) rateable() bool {
	return s.Kind == cases.Formal && !s.open() && !s.Rated && s.Outcome != cases.OutcomeWithdrawn && s.Outcome != cases.OutcomeLapsed
}

// held says whether it was a talk, and the talk was held.
func (s Status) held() bool { return s.Kind == cases.Talk && s.Outcome == cases.Talked }

// until says by when a complaint is done, or that it is late, and of one that is closed how long it is kept.
func (t *turn) until(one Status) i18n.Text {
	switch {
	case !one.open() && !one.Kept.IsZero():
		return i18n.T("status.kept", "day", t.day(one.Kept))
	case one.LastDay.IsZero() || !one.open():
		return i18n.Text{}
	case !one.Owed.IsZero():
		return t.overdue(one)
	case one.Explained:
		return i18n.T("status.later", "day", t.day(one.LastDay))
	}
	return i18n.T("status.last-day", "day", t.day(one.LastDay))
}

// overdue says that a complaint is late, in the evening of its last day as the notice of it does, and by when they hear more.
func (t *turn) overdue(one Status) i18n.Text {
	key := "status.late-today"
	switch over := t.isOver(one); {
	case over && one.Explained:
		key = "status.late-again"
	case over:
		key = "status.late"
	case one.Explained:
		key = "status.late-today-again"
	}
	return i18n.T(key, "day", t.day(one.LastDay), "until", t.day(one.Owed))
}

// isOver says whether the last day is over.
func (t *turn) isOver(one Status) bool {
	y, m, d := t.procedure.In(one.LastDay).Date()
	ty, tm, td := t.procedure.In(t.now).Date()
	return ty > y || ty == y && (tm > m || tm == m && td > d)
}

// lastContact says when either side last said something to the other.
func (t *turn) lastContact(one Status) i18n.Text {
	switch {
	case one.LastWord.IsZero() && one.Contacted.IsZero():
		return i18n.Text{}
	case one.LastWord.IsZero() || one.Contacted.After(one.LastWord):
		return i18n.T("status.spoken", "day", t.day(one.Contacted))
	}
	return i18n.T("status.last-word", "day", t.day(one.LastWord))
}

// whom says whom to turn to about a case.
func (t *turn) whom(one Status) i18n.Text {
	switch {
	case one.open() && one.Kind == cases.Talk: // somebody contacts them already
		return t.ways()
	case one.open() && one.Owned:
		return two(i18n.T("status.representative"), t.reach())
	}
	return t.reach()
}

func (t *turn) day(at time.Time) i18n.Date { return i18n.Date{Time: t.procedure.In(at)} }

// caseButtons are what can be done with a case.
func (t *turn) caseButtons(one Status) []Button {
	withdraw := i18n.T("case.button.withdraw")
	if one.Kind == cases.Talk {
		withdraw = i18n.T("case.button.withdraw-talk")
	}
	var all []Button
	switch {
	case one.Stage == cases.Awaiting: // they say by the link whether it is right
		return nil
	case one.open():
		if one.Proposal != 0 {
			all = ProposalButtons(one.Number, one.Proposal)
		}
		return append(all,
			caseButton(i18n.T("reply.button.write"), "reply", one.Number),
			caseButton(i18n.T("case.button.add"), "add", one.Number),
			caseButton(i18n.T("case.button.contact"), "contact", one.Number),
			caseButton(withdraw, "withdraw", one.Number))
	case one.held() && !one.Rated:
		return HelpedButtons(one.Number)
	case one.rateable():
		return []Button{RateButton(one.Number)}
	}
	return nil
}
