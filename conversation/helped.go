package conversation

import (
	"slices"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// grown is a complaint that was filed of what a talk had been asked for with.
type grown struct {
	Talk cases.Number `json:"t"`
	Case cases.Number `json:"c"`
}

// mostTalks is how many talks are remembered beside the last, and how many complaints that were filed after a talk.
const mostTalks = 9

// withTalk says whether a talk was asked for with what is told now.
func (t *turn) withTalk(number cases.Number) bool {
	return t.Talk == number || slices.Contains(t.Talks, number)
}

// grow remembers that a complaint was filed of what talks had been asked for with.
func (t *turn) grow(filed cases.Number) {
	for _, talk := range append(slices.Clip(t.Talks), t.Talk) {
		if talk != "" {
			t.Grown = append(slices.Clip(t.Grown[max(0, len(t.Grown)-mostTalks):]), grown{talk, filed})
		}
	}
}

// grownFrom is the complaint that was filed meanwhile of what a talk had been asked for with; empty: none was.
func (t *turn) grownFrom(talk cases.Number) cases.Number {
	for _, one := range t.Grown {
		if one.Talk == talk {
			return one.Case
		}
	}
	return ""
}

// helps tells the committee whether a talk helped. Where it did not, the formal way begins with what was told for it; a complaint
// that is being told now goes first, so that the two are not mixed. What there is to say of one that was filed meanwhile, or before
// the other goes on, depends on how their cases stand.
func (t *turn) helps(number cases.Number, did bool) {
	at := t.Session.at(t.flow)
	busy := t.Draft != "" || t.complaint(at) && t.told()
	t.Session.asked.looking, t.Session.asked.helps = number, did
	if t.grownFrom(number) != "" || !did && busy && !t.withTalk(number) {
		t.Session.asked.pending = pendingHelps
		t.do(Look{})
		return
	}
	t.Session.asked.pending = pendingHelped
	t.do(Helped{Case: number, Yes: did, Told: !did})
}

// helped goes on where a talk helped or not, once it is known how their cases stand.
func (t *turn) helped(all []Status, number cases.Number, did bool) {
	filed := t.grownFrom(number)
	for _, one := range all {
		switch {
		case one.Number == number && one.Rated:
			t.helpedBefore(number)
			return
		case one.Number == filed:
			t.Session.asked.goes = one.open()
		}
	}
	if filed == "" {
		t.say(i18n.T("helped.finish-first"))
		t.again()
		return
	}
	t.Session.asked.pending, t.Session.asked.looking = pendingHelped, number
	t.do(Helped{Case: number, Yes: did})
}

// helpedBefore says that they said so before.
func (t *turn) helpedBefore(number cases.Number) {
	t.do(settledTalk(number))
	t.note = i18n.T("refusal.rated", "number", string(number))
	t.again()
}

// helpless begins the formal way, with all that was said for the talk filled in, unless that was filed meanwhile.
func (t *turn) helpless(e Helpless) {
	t.Has = true
	t.do(settledTalk(e.Number))
	if filed := t.grownFrom(e.Number); filed != "" {
		text := i18n.T("helped.no-filed", "number", string(filed))
		if t.was.goes {
			text = i18n.T("helped.no-goes-on", "number", string(filed))
		}
		t.sayWith(text, CaseButton(filed))
		t.again()
		return
	}
	t.dropAside()
	t.note = i18n.T("helped.no")
	with := t.withTalk(e.Number)
	t.talkIsOver(e.Number)
	if at := t.Session.at(t.flow); with && t.complaint(at) {
		t.enter(at)
		return
	}
	if with && t.Draft != "" {
		t.leave()
		return
	}
	for _, field := range t.fields {
		if value := e.Told[field]; value != "" && !t.answered(field) && field != cases.FieldProblem && field != cases.FieldTelephone && field != cases.FieldEmail {
			t.set(field, recoded(field, value, e.Told), t.gave(field, value))
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
	if t.Consented.IsZero() {
		t.begin()
		return
	}
	t.scope()
	t.enter(t.unanswered(t.first))
}

// talkIsOver remembers that a talk was asked for with what is told now, and that nobody will speak with them about it any more: who
// goes on formally is reminded like anybody else.
func (t *turn) talkIsOver(number cases.Number) {
	if t.Talk == number {
		t.Talk = ""
	}
	if !slices.Contains(t.Talks, number) {
		t.Talks = append(slices.Clip(t.Talks[max(0, len(t.Talks)-mostTalks):]), number)
	}
}

// gave is the message that gave an answer which was told for a talk, as far as it is known.
func (t *turn) gave(field, value string) int64 {
	if field == cases.FieldSubject && t.Answers[fieldAbout] == value {
		return t.Messages[fieldAbout]
	}
	return 0
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
