package mail

import (
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// approval shows the complainant what was written up of what they told, answer by answer, and asks whether it is a true
// account. It is sent once more as a reminder, and where they gave another address.
func (w *writer) approval() bool {
	if len(w.file.Answers) == 0 {
		return false
	}
	until := w.show(i18n.Date{Time: w.lapses()})
	w.fact("letter.fact.answer", until)
	title, subject := "letter.approval.title", "letter.approval.subject"
	if w.event.Kind == cases.Reminded {
		title, subject = "letter.approval.title-again", "letter.approval.subject-again"
	}
	w.head(title, subject)
	w.add(Section{Paragraphs: []string{w.say("letter.approval.body"), w.say("letter.approval.wanted")}})
	ask := Section{Heading: w.say("letter.approval.ask-heading"), Paragraphs: []string{w.say("letter.approval.ask")}}
	if w.links == (Links{}) {
		ask.Paragraphs = some(w.say("letter.approval.ask-plain"), w.turnTo("letter.approval.no-link"))
	}
	if w.links.Page != "" {
		ask.Links = append(ask.Links, Line{Label: w.say("letter.approval.page"), Value: w.links.Page})
	}
	if w.links.Chat != "" {
		ask.Links = append(ask.Links, Line{Label: w.say("letter.approval.chat"), Value: w.links.Chat})
	}
	ask.After = append(ask.After, w.say("letter.approval.until", "until", until))
	w.add(ask)
	w.add(Section{Heading: w.say("letter.approval.words"), Answers: w.answers(), After: some(w.turnTo("letter.approval.not-you"))})
	return true
}

// lapses is the last day on which the write-up can be agreed to before it lapses.
func (w *writer) lapses() time.Time {
	written := w.procedure.In(w.file.Case.Received)
	return written.AddDate(0, 0, w.procedure.ApprovalLapse)
}

// lapse says that the case ended because nothing was heard, or for the reason that was given.
func (w *writer) lapse() bool {
	words := w.words(cases.FieldText)
	w.fact("letter.fact.closed", w.show(i18n.Date{Time: w.procedure.In(w.event.At)}))
	w.head("letter.lapse.title", "letter.lapse.subject")
	if len(words) == 0 {
		w.add(Section{Paragraphs: []string{w.say("letter.lapse.body-write-up")}})
	} else {
		w.add(Section{Paragraphs: []string{w.say("letter.lapse.body")}})
		w.add(Section{Heading: w.say("letter.delay.reason"), Quote: words})
	}
	w.add(Section{Paragraphs: some(w.say("letter.lapse.again"), w.turnTo("notice.turn-to"))})
	return w.event.Kind == cases.Lapsed
}

// nobody says that nobody of the committee may handle the case, who sees to it now, and by when they hear more.
func (w *writer) nobody() bool {
	who := w.letter.Organisation
	if contact := clean(w.procedure.Contact); contact != "" {
		who = w.say("notice.contact-person", "contact", contact)
	}
	until := w.show(i18n.Date{Time: w.procedure.In(w.procedure.AddWorkingDays(w.event.At, max(1, w.procedure.Milestones.Owned.Within)))})
	w.head("letter.nobody.title", "letter.nobody.subject")
	w.add(Section{Paragraphs: some(
		w.say("letter.nobody.body"), w.say("letter.nobody.who", "who", who, "until", until), w.turnTo("notice.turn-to"),
	)})
	return w.event.Kind == cases.LeftAlone
}

// report is what came of the hearing, to which the complainant may react.
func (w *writer) report() bool {
	words := w.words(cases.FieldText)
	w.head("letter.report.title", "letter.report.subject")
	w.add(Section{Paragraphs: []string{w.say("letter.report.body")}})
	w.add(Section{Heading: w.say("letter.report.heading"), Quote: words, After: w.reply("letter.report.react")})
	return len(words) > 0
}
