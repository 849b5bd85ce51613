package mail

import (
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// progress says how a case stands: what has been done, what comes next, and by when. Where nothing is new it says so.
func (w *writer) progress() bool {
	if w.event.Kind != cases.Progressed {
		return false
	}
	c, p := &w.file.Case, w.procedure
	title, subject := "letter.progress.title", "letter.progress.subject"
	if w.isTalk() {
		title, subject = "letter.progress.title-talk", "letter.progress.subject-talk"
	}
	w.head(title, subject)
	course := cases.CourseOf(c.Kind, p.StandingOf(w.event), c.Proposal != 0, false)
	same := w.file.Before(w.event)
	first := []string{w.say(cases.ProgressKey(c.Kind, same), "number", string(c.Number))}
	if same == 0 {
		first = append(first, course.Done.In(w.letter.Language))
	}
	w.add(Section{Paragraphs: first})
	next := []string{course.Next.In(w.letter.Language)}
	if c.Asks() {
		next = append(append(next, w.say("notice.progress.question")), w.reply("letter.reply")...)
	}
	if w.isTalk() {
		next = append(next, w.say("notice.progress.again", "again", i18n.Date{Time: p.HearsAgain(w.event.At)}))
	} else {
		next = append(next, w.aim()...)
	}
	w.add(Section{Heading: w.say("letter.next.heading"), Paragraphs: next, After: some(w.turnTo("notice.turn-to"))})
	return true
}

// delay says why a case takes longer, and by when it will be done. On the last day the reason may be one that was given before.
func (w *writer) delay() bool {
	words := w.words(cases.FieldText)
	until, ok := w.day("until")
	if !ok || len(words) == 0 {
		return false
	}
	w.fact("letter.fact.until", until)
	w.head("letter.delay.title", "letter.delay.subject")
	w.add(Section{Paragraphs: []string{w.whyDelayed()}})
	w.add(Section{
		Heading: w.say("letter.delay.reason"), Quote: words,
		After: some(w.say("notice.delay-until", "until", until), w.turnTo("notice.turn-to")),
	})
	return true
}

// whyDelayed comes before the reason.
func (w *writer) whyDelayed() string {
	moved := w.file.Before(w.event) > 0
	day, foreseen := w.day("day")
	switch foreseen = foreseen && w.event.Kind == cases.ForeseenLate; {
	case foreseen && moved:
		return w.say("letter.delay.body-foreseen-again", "day", day)
	case foreseen:
		return w.say("letter.delay.body-foreseen", "day", day)
	case w.file.OwesReason(w.event):
		return w.say("letter.delay.body-owed")
	case moved:
		return w.say("letter.delay.body-again")
	}
	return w.say("letter.delay.body")
}

// late owns up: we are late, a reason is owed, and by then they hear more. Who heard that before reads that they did.
func (w *writer) late() bool {
	day, ok := w.day("day")
	until, both := w.day("until")
	if !ok || !both {
		return false
	}
	w.fact("letter.fact.deadline", day)
	title, subject, promised := "letter.late.title-still", "letter.late.subject-still", "letter.fact.hear"
	var body, hear string
	switch before := w.file.Before(w.event); {
	case before == 0:
		title, subject, promised = "letter.late.title", "letter.late.subject", "letter.fact.explained"
		body, hear = w.say("letter.late.body", "day", day), w.say("letter.late.owed", "until", until)
		if w.file.Moved(w.event) {
			body = w.say("letter.late.body-again", "day", day)
		}
	case before%2 == 1:
		body, hear = w.say("letter.late.body-still"), w.say("letter.late.hear", "until", until)
	default:
		body, hear = w.say("letter.late.body-still-again"), w.say("letter.late.hear-again", "until", until)
	}
	w.fact(promised, until)
	w.head(title, subject)
	w.add(Section{Paragraphs: some(body, hear, w.turnTo("notice.turn-to"))})
	return true
}
