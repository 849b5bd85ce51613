package conversation

import (
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// helped tells the committee whether a talk helped. Where it did not, the formal way begins with what was told for it; a
// complaint that is being told now goes first, so that the two are not mixed.
func (t *turn) helped(number cases.Number, did bool) {
	at := t.Session.at(t.flow)
	busy := t.Draft != "" || t.complaint(at) && t.told()
	if !did && busy && t.Talk != number {
		t.say(i18n.T("helped.finish-first"))
		t.again()
		return
	}
	t.Session.asked.pending = pendingHelped
	t.do(Helped{Case: number, Yes: did})
}

// helpless begins the formal way, with all that was said for the talk filled in.
func (t *turn) helpless(e Helpless) {
	t.dropAside()
	t.note = i18n.T("helped.no")
	if at := t.Session.at(t.flow); t.Talk == e.Number && t.complaint(at) {
		t.enter(at)
		return
	}
	if t.Talk == e.Number && t.Draft != "" {
		t.leave()
		return
	}
	for _, field := range t.fields {
		if value := e.Told[field]; value != "" && !t.answered(field) && field != cases.FieldProblem && field != cases.FieldTelephone && field != cases.FieldEmail {
			t.set(field, recoded(field, value, e.Told), 0)
		}
	}
	for field, from := range map[string]string{fieldCall: cases.FieldTelephone, fieldMail: cases.FieldEmail} {
		if value := e.Told[from]; value != "" && !t.answered(field) {
			t.set(field, value, 0)
		}
	}
	if story := clean(e.Told[cases.FieldProblem]); story != "" && !t.Story.has() {
		t.addParts(story)
		t.Story.Done = t.Story.has()
	}
	t.Talk = e.Number
	if t.Consented.IsZero() {
		t.begin()
		return
	}
	t.scope()
	t.enter(t.unanswered(t.first))
}

// recoded is an answer that went to the committee as it is kept while it is being told.
func recoded(field, value string, told cases.Words) string {
	switch {
	case field == cases.FieldFor:
		return code(value)
	case field == cases.FieldContact && value == told[cases.FieldName]:
		return code("self")
	}
	return value
}
