package mail

import (
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

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
	w.add(Section{
		Heading: w.say("letter.words.heading"), Paragraphs: []string{w.say("letter.words.intro")},
		Answers: w.answers(), After: w.reply("letter.words.wrong"),
	})
	return true
}

func (w *writer) isTalk() bool { return w.file.Case.Kind == cases.Talk }

// means is how somebody who asked for a talk would like to be spoken with.
func (w *writer) means() string {
	asked, _ := w.file.Event(1)
	switch by := cases.Means(asked.Data["by"]); by {
	case cases.Email, cases.Letter:
		return string(by)
	}
	return string(cases.Call)
}

func (w *writer) inHand() bool {
	title, subject, body := "letter.in-hand.title", "letter.in-hand.subject", "letter.in-hand.body"
	if w.isTalk() {
		w.head("letter.in-hand.title-talk", "letter.in-hand.subject-talk")
		w.add(Section{Paragraphs: []string{w.say("letter.in-hand.talk." + w.means())}})
		return true
	}
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
	subject, body := "letter.message.subject", "letter.message.body"
	if w.isTalk() {
		subject, body = "letter.message.subject-talk", "letter.message.body-talk"
	}
	w.head("letter.message.title", subject)
	w.add(Section{Paragraphs: []string{w.say(body)}})
	after := w.reply("letter.reply")
	if w.event.Data["question"] != "" {
		ask := w.say("notice.question")
		if until, ok := w.day("until"); ok {
			w.fact("letter.fact.answer", until)
			ask = w.say("notice.question-by", "until", until)
		}
		after = append([]string{ask}, after...)
	}
	w.add(Section{Heading: w.say("letter.message.heading"), Quote: words, After: after})
	w.along()
	return len(words) > 0
}

func (w *writer) summary() bool {
	words := w.words(cases.FieldSteps)
	when, err := time.Parse(time.RFC3339, w.event.Data["when"])
	if err != nil || len(words) == 0 {
		return false
	}
	w.head("letter.summary.title", "letter.summary.subject")
	said := i18n.Moment{Time: w.procedure.In(when)}
	body := w.say("letter.summary.body", "when", said)
	if how, known := hows[cases.Manner(w.event.Data["how"])]; known {
		body = w.say("letter.summary.body-how", "when", said, "how", w.say(how))
	}
	w.add(Section{Paragraphs: []string{body}})
	w.add(Section{Heading: w.say("letter.summary.heading"), Quote: words, After: w.reply("letter.words.wrong")})
	return true
}

// hows say how a contact was, as the data of its event tell.
var hows = map[cases.Manner]string{
	cases.OnTelephone: "notice.how.telephone", cases.OnVideo: "notice.how.video", cases.OnVisit: "notice.how.visit", cases.AtOffice: "notice.how.office",
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
	made, _ := w.procedure.ClosingOf(w.event)
	w.points(made)
	heading := "letter.confirmation.solution"
	if made.Outcome == cases.NotUpheld {
		heading = "letter.confirmation.answer"
	}
	w.add(Section{Heading: w.say(heading), Quote: words})
	w.measures(made)
	if turn := some(w.turnTo("notice.disagree"), w.outside()); len(turn) > 0 {
		w.add(Section{Heading: w.say("letter.confirmation.turn-to"), Paragraphs: turn})
	}
	ask := w.reply("letter.confirmation.rate")
	if w.hasChat() {
		ask = append([]string{w.say("letter.confirmation.rate-chat")}, w.reply("letter.confirmation.rate-too")...)
	}
	if len(ask) > 0 {
		w.add(Section{Heading: w.say("letter.confirmation.rate-heading"), Paragraphs: ask})
	}
	return true
}

// verdicts are the sentences that say what a point of a complaint ended in.
var verdicts = map[cases.Outcome]string{
	cases.Upheld:    "notice.point.upheld",
	cases.Partly:    "notice.point.partly",
	cases.NotUpheld: "notice.point.not-upheld",
	cases.Settled:   "notice.point.settled",
}

// points say of each point of the complaint what it ended in, and why.
func (w *writer) points(made cases.Closing) {
	if len(made.Points) == 0 {
		return
	}
	all := Section{Heading: w.say("letter.confirmation.points")}
	for i, point := range made.Points {
		all.Answers = append(all.Answers, Line{
			Label: w.say("letter.confirmation.point", "index", i+1, "point", visible(point.Text)),
			Value: strings.Join(some(w.say(verdicts[point.Outcome]), visible(point.Why)), "\n"),
		})
	}
	w.add(all)
}

// measures say what was promised, and by when, not by whom.
func (w *writer) measures(made cases.Closing) {
	if len(made.Measures) == 0 {
		return
	}
	all := Section{Heading: w.say("letter.confirmation.measures")}
	for _, m := range made.Measures {
		all.Answers = append(all.Answers, Line{
			Label: w.say("letter.confirmation.measure", "day", i18n.Date{Time: m.Due}), Value: visible(m.Text),
		})
	}
	w.add(all)
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

// hasChat says whether the complainant can be asked in the chat, where a press is an answer.
func (w *writer) hasChat() bool { return w.file.Case.Chat != 0 && !w.file.Case.ChatGone }

// proposal is a solution that nothing is decided about yet.
func (w *writer) proposal() bool {
	words := w.words(cases.FieldSolution)
	w.head("letter.proposal.title", "letter.proposal.subject")
	w.add(Section{Paragraphs: []string{w.say("letter.proposal.body")}})
	put := Section{Heading: w.say("letter.proposal.heading"), Quote: words}
	switch {
	case w.hasChat():
		put.After = append([]string{w.say("letter.proposal.answer-chat")}, w.reply("letter.proposal.answer-too")...)
	case w.links.Page != "":
		put.Links = []Line{{Label: w.say("letter.party-proposal.link"), Value: w.links.Page}}
		put.After = w.reply("letter.proposal.answer-too")
	default:
		put.After = w.reply("letter.proposal.answer")
	}
	put.After = append(put.After, some(w.turnTo("notice.turn-to"))...)
	w.add(put)
	return len(words) > 0
}

// helped asks whether a talk helped, and says what is there if it did not.
func (w *writer) helped() bool {
	w.head("letter.helped.title", "letter.helped.subject")
	w.add(Section{Paragraphs: append([]string{w.say("letter.helped.body")}, w.reply("letter.helped.answer")...)})
	w.add(Section{Heading: w.say("letter.helped.not-heading"), Paragraphs: some(w.say("letter.helped.not"), w.turnTo("notice.turn-to"))})
	return w.isTalk()
}

// contactChanged says what changed of where the complainant is reached. The address of before is told that it did, and not
// into what: whoever reads there may be somebody else.
func (w *writer) contactChanged() bool {
	w.head("letter.contact.title", "letter.contact.subject")
	telephone, email := visible(w.event.Words[cases.FieldTelephone]), visible(w.event.Words[cases.FieldEmail])
	body := Section{Paragraphs: []string{w.say("letter.contact.body")}, After: some(w.turnTo("letter.contact.not-you"))}
	switch {
	case w.to != cases.ByOldMail:
		if telephone != "" {
			body.Answers = append(body.Answers, Line{Label: w.say("letter.contact.telephone"), Value: telephone})
		}
		if email != "" {
			body.Answers = append(body.Answers, Line{Label: w.say("letter.contact.email"), Value: email})
		}
	case telephone != "":
		body.Paragraphs = []string{w.say("letter.contact.body-before-both")}
	default:
		body.Paragraphs = []string{w.say("letter.contact.body-before")}
	}
	w.add(body)
	return telephone != "" || email != ""
}

// withdrawal confirms that the complaint ended because the complainant did not go on with it.
func (w *writer) withdrawal() bool {
	title, subject, body := "letter.withdrawal.title", "letter.withdrawal.subject", "letter.withdrawal.body"
	if w.isTalk() {
		title, subject, body = "letter.withdrawal.title-talk", "letter.withdrawal.subject-talk", "letter.withdrawal.body-talk"
	}
	w.fact("letter.fact.withdrawn", w.show(i18n.Date{Time: w.procedure.In(w.event.At)}))
	w.head(title, subject)
	first := Section{Paragraphs: []string{w.say(body)}}
	if _, byMember := w.event.By.Member(); byMember { // they said so otherwise than in the chat
		if words := w.words(cases.FieldText); len(words) > 0 {
			first.Paragraphs = append(first.Paragraphs, w.say("letter.withdrawal.noted"))
			first.Quote = words
		}
	}
	first.After = some(w.say("letter.withdrawal.again"), w.turnTo("letter.withdrawal.not-you"))
	w.add(first)
	return w.event.Kind == cases.Withdrawn
}

// reopened says that the complaint is handled again, and by when.
func (w *writer) reopened() bool {
	until, ok := w.day("until")
	if !ok {
		return false
	}
	w.fact("letter.fact.until", until)
	w.head("letter.reopened.title", "letter.reopened.subject")
	w.add(Section{Paragraphs: some(
		w.say("letter.reopened.body"), w.say("notice.aim", "day", until), w.say("letter.reopened.known"), w.turnTo("notice.turn-to"),
	)})
	return true
}
