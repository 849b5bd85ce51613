package mail

import (
	"websec.nl/gehoor/cases"
)

// The letters to a person concerned who is no member of the workspace. Nothing stands in them of the complaint but what was
// written for that person, and nothing of the complainant.

// partyNamed is the person concerned to whom a letter goes, by their name; empty where none was noted.
func (w *writer) partyNamed() string {
	number, _ := w.to.Party()
	return shortened(w.file.PartyName(number))
}

// invitation puts to a person concerned what their side is asked of: by when, and that they may decline.
func (w *writer) invitation() bool {
	words := w.words(cases.FieldText)
	until, ok := w.day("until")
	if !ok || len(words) == 0 {
		return false
	}
	w.fact("letter.fact.answer", until)
	w.head("letter.invitation.title", "letter.invitation.subject")
	w.add(Section{Paragraphs: []string{w.say("letter.invitation.body")}})
	w.add(Section{Heading: w.say("letter.invitation.heading"), Quote: words})
	answer := Section{Heading: w.say("letter.invitation.answer-heading"), Paragraphs: []string{w.say("letter.invitation.answer", "until", until)}}
	w.leads(&answer, "letter.invitation.link", "letter.invitation.no-link")
	answer.After = append(answer.After, w.say("letter.invitation.decline"))
	w.add(answer)
	w.add(Section{
		Heading:    w.say("letter.invitation.reads-heading"),
		Paragraphs: some(w.say("letter.invitation.reads"), w.turnTo("notice.turn-to")),
	})
	return true
}

// partyProposal puts a solution to a person concerned, who may agree with it or object to it.
func (w *writer) partyProposal() bool {
	words := w.words(cases.FieldSolution)
	w.head("letter.party-proposal.title", "letter.party-proposal.subject")
	w.add(Section{Paragraphs: []string{w.say("letter.party-proposal.body")}})
	w.add(Section{Heading: w.say("letter.proposal.heading"), Quote: words})
	answer := Section{Paragraphs: []string{w.say("letter.party-proposal.answer")}}
	w.leads(&answer, "letter.party-proposal.link", "letter.invitation.no-link")
	answer.After = append(answer.After, some(w.turnTo("notice.turn-to"))...)
	w.add(answer)
	return len(words) > 0
}

// partyEnd says that the case is closed, and nothing of what it ended in.
func (w *writer) partyEnd() bool {
	w.head("letter.party-end.title", "letter.party-end.subject")
	body := Section{Paragraphs: []string{w.say("letter.party-end.body")}}
	number, _ := w.to.Party()
	if one, known := w.file.Case.Work.Party(number); known && one.State == cases.PartyHeard {
		body.Paragraphs = append(body.Paragraphs, w.say("letter.party-end.thanks"))
	}
	body.After = some(w.turnTo("notice.turn-to"))
	w.add(body)
	return true
}

// leads adds the link to a page, or says how they can answer without one.
func (w *writer) leads(s *Section, label, without string) {
	if w.links.Page != "" {
		s.Links = append(s.Links, Line{Label: w.say(label), Value: w.links.Page})
		return
	}
	if line := w.turnTo(without); line != "" {
		s.After = append(s.After, line)
	}
}
