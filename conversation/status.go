package conversation

import (
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// mostCases is how many cases are told of at once, the newest.
const mostCases = 10

// stages say in plain words where a complaint stands and what happens next, talks the same of a talk.
var (
	stages = map[cases.Stage]i18n.Text{
		cases.Received: i18n.T("status.stage.received"),
		cases.Assigned: i18n.T("status.stage.assigned"),
		cases.Contact:  i18n.T("status.stage.contact"),
		cases.Closed:   i18n.T("status.stage.closed"),
	}
	talks = map[cases.Stage]i18n.Text{
		cases.Received: i18n.T("status.talk.received"),
		cases.Assigned: i18n.T("status.talk.assigned"),
		cases.Contact:  i18n.T("status.talk.assigned"),
		cases.Closed:   i18n.T("status.talk.closed"),
	}
)

// found tells of each case, whom to turn to, and then asks the open question again.
func (t *turn) found(all []Status) {
	if len(all) == 0 {
		t.say(i18n.T("status.none"))
		t.again()
		return
	}
	t.Has = true
	if older := len(all) - mostCases; older > 0 {
		all = all[older:]
		t.say(i18n.T("status.older", "count", older))
	}
	for _, one := range all {
		t.tell(one)
	}
	if t.procedure.Contact != "" && t.procedure.Email != "" {
		t.say(i18n.T("status.contact", "contact", t.procedure.Contact, "email", t.procedure.Email))
	}
	t.again()
}

func (t *turn) tell(one Status) {
	stage := stages[one.Stage]
	if one.Kind == cases.Talk {
		stage = talks[one.Stage]
	}
	text := i18n.T("status.case", "number", string(one.Number), "day", i18n.Date{Time: t.procedure.In(one.Received)}, "stage", stage)
	if one.Stage == cases.Closed {
		t.say(text)
		return
	}
	if !one.LastDay.IsZero() {
		text = i18n.T("status.with-last-day", "case", text, "last", t.lastDay(one))
	}
	t.sayWith(text, Button{Text: i18n.T("reply.button.write"), Choice: "reply:" + string(one.Number)})
}

// lastDay says by when a complaint is done, or that it is late.
func (t *turn) lastDay(one Status) i18n.Text {
	day := t.procedure.In(one.LastDay)
	y, m, d := day.Date()
	ty, tm, td := t.procedure.In(t.now).Date()
	if ty > y || ty == y && (tm > m || tm == m && td > d) {
		return i18n.T("status.late", "day", i18n.Date{Time: day})
	}
	return i18n.T("status.last-day", "day", i18n.Date{Time: day})
}

// privacyNotice is the whole of it.
func privacyNotice(p *cases.Procedure) i18n.Text {
	text := i18n.T("privacy.notice", "organisation", p.Organisation, "drafts", span(p.Drafts), "retention", span(p.Retention))
	if p.Email != "" {
		return i18n.T("privacy.with-email", "notice", text, "email", p.Email)
	}
	return text
}

// span says a number of days, in years where they are whole years.
func span(days int) i18n.Text {
	if days >= 365 && days%365 == 0 {
		return i18n.T("privacy.years", "count", days/365)
	}
	return i18n.T("privacy.days", "count", days)
}
