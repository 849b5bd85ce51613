package mail

import (
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// questions are the fields of a complaint as the complainant was asked for them.
var questions = map[string]string{
	cases.FieldName:      "letter.field.name",
	cases.FieldSubject:   "letter.field.subject",
	cases.FieldProblem:   "letter.field.problem",
	cases.FieldWhen:      "letter.field.when",
	cases.FieldOften:     "letter.field.often",
	cases.FieldWish:      "letter.field.wish",
	cases.FieldPrior:     "letter.field.prior",
	cases.FieldContact:   "letter.field.contact",
	cases.FieldTelephone: "letter.field.telephone",
	cases.FieldEmail:     "letter.field.email",
}

// acknowledgement is the proof of receipt: number, moment, the complainant's own words in full, and what happens next.
func (w *writer) acknowledgement() bool {
	if len(w.file.Answers) == 0 {
		return false
	}
	w.head("letter.acknowledgement.title", "letter.acknowledgement.subject")
	w.add(Section{Paragraphs: []string{w.say("letter.acknowledgement.body")}})
	w.add(Section{
		Heading: w.say("letter.next.heading"),
		Steps: []string{
			w.say("letter.next.take-up"), w.say("letter.next.contact"), w.say("letter.next.hear"),
			w.say("letter.next.consult"), w.say("letter.next.confirm"),
		},
		After: w.aim(),
	})
	told := Section{
		Heading: w.say("letter.words.heading"), Paragraphs: []string{w.say("letter.words.intro")}, After: w.reply("letter.words.wrong"),
	}
	for _, field := range cases.ComplaintFields {
		answer := Line{Label: w.say(questions[field]), Value: visible(w.file.Answers[field])}
		if answer.Value == "" {
			answer.Value, answer.None = w.say("letter.no-answer"), true
		}
		told.Answers = append(told.Answers, answer)
	}
	w.add(told)
	return true
}

func (w *writer) inHand() bool {
	title, subject, body := "letter.in-hand.title", "letter.in-hand.subject", "letter.in-hand.body"
	for _, earlier := range w.file.Events[:w.event.Seq-1] {
		if earlier.Kind == cases.Taken || earlier.Kind == cases.Handed {
			title, subject, body = "letter.in-hand.title-again", "letter.in-hand.subject-again", "letter.in-hand.body-again"
		}
	}
	w.head(title, subject)
	w.add(Section{Paragraphs: append([]string{w.say(body)}, w.aim()...)})
	return true
}

func (w *writer) message() bool {
	words := w.words(cases.FieldText)
	w.head("letter.message.title", "letter.message.subject")
	w.add(Section{Paragraphs: []string{w.say("letter.message.body")}})
	w.add(Section{Heading: w.say("letter.message.heading"), Quote: words, After: w.reply("letter.reply")})
	return len(words) > 0
}

func (w *writer) summary() bool {
	words := w.words(cases.FieldSteps)
	when, err := time.Parse(time.RFC3339, w.event.Data["when"])
	if err != nil || len(words) == 0 {
		return false
	}
	w.head("letter.summary.title", "letter.summary.subject")
	w.add(Section{Paragraphs: []string{w.say("letter.summary.body", "when", i18n.Moment{Time: w.procedure.In(when)})}})
	w.add(Section{Heading: w.say("letter.summary.heading"), Quote: words, After: w.reply("letter.words.wrong")})
	return true
}

func (w *writer) delay() bool {
	words := w.words(cases.FieldText)
	until, ok := w.day("until")
	if !ok || len(words) == 0 {
		return false
	}
	w.fact("letter.fact.until", until)
	w.head("letter.delay.title", "letter.delay.subject")
	w.add(Section{Paragraphs: []string{w.say("letter.delay.body")}})
	w.add(Section{
		Heading: w.say("letter.delay.reason"), Quote: words,
		After: some(w.say("letter.delay.until", "until", until), w.turnTo("notice.turn-to")),
	})
	return true
}

// late owns up: we are late, a reason is owed, and by then it comes.
func (w *writer) late() bool {
	day, ok := w.day("day")
	until, both := w.day("until")
	if !ok || !both {
		return false
	}
	w.fact("letter.fact.deadline", day)
	w.fact("letter.fact.explained", until)
	w.head("letter.late.title", "letter.late.subject")
	body := w.say("letter.late.body", "day", day)
	if w.event.Data["milestone"] == string(cases.TellStill) {
		body = w.say("letter.late.body-still")
	}
	w.add(Section{Paragraphs: some(body, w.say("letter.late.owed", "until", until), w.turnTo("notice.turn-to"))})
	return true
}

// outcomes are the sentences that say what a complaint ended in.
var outcomes = map[string]string{
	string(cases.Upheld):    "notice.outcome.upheld",
	string(cases.Partly):    "notice.outcome.partly",
	string(cases.NotUpheld): "notice.outcome.not-upheld",
	string(cases.Settled):   "notice.outcome.settled",
}

// confirmation is the solution in writing, with where to turn to for who does not agree.
func (w *writer) confirmation() bool {
	words := w.words(cases.FieldSolution)
	outcome, ok := outcomes[w.event.Data["outcome"]]
	if !ok || len(words) == 0 {
		return false
	}
	w.fact("letter.fact.closed", w.show(i18n.Date{Time: w.procedure.In(w.event.At)}))
	w.head("letter.confirmation.title", "letter.confirmation.subject")
	w.add(Section{Paragraphs: []string{w.say("letter.confirmation.body")}})
	w.add(Section{Heading: w.say("letter.confirmation.outcome"), Paragraphs: []string{w.say(outcome)}})
	w.add(Section{Heading: w.say("letter.confirmation.solution"), Quote: words})
	if turn := some(w.turnTo("notice.disagree"), w.outside()); len(turn) > 0 {
		w.add(Section{Heading: w.say("letter.confirmation.turn-to"), Paragraphs: turn})
	}
	return true
}

// outside names the body to turn to afterwards, if the procedure has one.
func (w *writer) outside() string {
	to := w.procedure.Outside
	if to.Name == "" {
		return ""
	}
	body := clean(to.Name)
	if to.Link != "" {
		body += " (" + clean(to.Link) + ")"
	}
	if to.Within <= 0 {
		return w.say("notice.outside", "body", body)
	}
	return w.say("notice.outside-within", "body", body, "count", to.Within)
}
