package conversation

import (
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// mostCases is how many cases are told of at once, the newest.
const mostCases = 10

// stages say in plain words where a complaint stands and what happens next, talks the same of a talk, and short the stage
// alone, beside a number.
var (
	stages = map[cases.Stage]i18n.Text{
		cases.Awaiting:      i18n.T("status.stage.awaiting"),
		cases.Received:      i18n.T("status.stage.received"),
		cases.Assigned:      i18n.T("status.stage.assigned"),
		cases.Contact:       i18n.T("status.stage.contact"),
		cases.StageProposed: i18n.T("status.stage.proposed"),
		cases.Closed:        i18n.T("status.stage.closed"),
	}
	talks = map[cases.Stage]i18n.Text{
		cases.Received: i18n.T("status.talk.received"),
		cases.Assigned: i18n.T("status.talk.assigned"),
		cases.Contact:  i18n.T("status.talk.assigned"),
		cases.Closed:   i18n.T("status.talk.closed"),
	}
	short = map[cases.Stage]i18n.Text{
		cases.Awaiting:      i18n.T("status.short.button.awaiting"),
		cases.Received:      i18n.T("status.short.button.received"),
		cases.Assigned:      i18n.T("status.short.button.assigned"),
		cases.Contact:       i18n.T("status.short.button.contact"),
		cases.StageProposed: i18n.T("status.short.button.proposed"),
		cases.Closed:        i18n.T("status.short.button.closed"),
	}
)

// stageOf is what there is to say of a case's stage. One that this table does not know is open or closed all the same.
func stageOf(all map[cases.Stage]i18n.Text, one Status) i18n.Text {
	if said, ok := all[one.Stage]; ok {
		return said
	}
	if !one.open() {
		return all[cases.Closed]
	}
	return all[cases.Assigned]
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
		label := i18n.T("status.button.case", "number", string(one.Number), "stage", stageOf(short, one))
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

// standsAt says where a case stands.
func (t *turn) standsAt(one Status) i18n.Text {
	switch {
	case one.Outcome == cases.OutcomeWithdrawn:
		return i18n.T("status.withdrawn")
	case one.Outcome == cases.OutcomeLapsed:
		return i18n.T("status.lapsed")
	case one.held() && !one.Rated:
		return two(stageOf(talks, one), i18n.T("status.talk.helped"))
	case one.Kind == cases.Talk:
		return stageOf(talks, one)
	case one.open() && one.Proposal != 0:
		return i18n.T("status.proposed")
	case one.Stage == cases.Received && one.Owned:
		return stages[cases.Assigned]
	case one.Stage == cases.Assigned && !one.Owned: // who owned it may not handle it
		return stages[cases.Received]
	case !one.open() && one.Rated:
		return two(stageOf(stages, one), i18n.T("status.rated"))
	}
	return stageOf(stages, one)
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
	case t.isOver(one) && one.Explained:
		return i18n.T("status.late-again", "day", t.day(one.LastDay))
	case t.isOver(one):
		return i18n.T("status.late", "day", t.day(one.LastDay))
	case one.Explained:
		return i18n.T("status.later", "day", t.day(one.LastDay))
	}
	return i18n.T("status.last-day", "day", t.day(one.LastDay))
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
