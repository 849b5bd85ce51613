package web

import (
	"slices"
	"strconv"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// invited is the party that the link was sent to, as long as their side can still be heard, be it late.
func (v *visit) invited() (*cases.Party, bool) {
	party, found := v.file.Case.Work.Party(v.link.Party)
	return party, found && v.file.Case.Open() && party.State != cases.PartyNamed && party.State != cases.PartyHeard
}

// account shows a person concerned what is put to them, and asks for their side.
func (v *visit) account() *page {
	party, asked := v.invited()
	if !asked {
		return nil
	}
	invitation, _ := v.file.Event(party.Invited)
	p := v.begin("page.account.title")
	p.Form, p.Seen = true, number(party.Invited)
	p.Intro = []string{v.say("page.account.why", "organisation", v.procedure.Organisation), v.say("page.account.read")}
	p.Facts = []line{v.about()}
	if by, err := time.ParseInLocation(time.DateOnly, party.By, v.procedure.Location()); err == nil {
		p.Facts = append(p.Facts, line{Label: v.say("page.account.until"), Value: v.show(i18n.Date{Time: by})})
	}
	p.Sections = []section{
		{ID: "put", Heading: v.say("page.account.put"), Quote: plain(invitation.Words[cases.FieldText])},
		{
			ID: "side", Heading: v.say("page.account.side.heading"), Paragraphs: []string{v.say("page.account.side.readers")},
			Fields: []field{v.words(fieldAccount, v.say("page.account.side.label"), v.procedure.Limits.Story, 12)},
			Button: button{Do: doTell, Label: v.say("page.button.tell"), Main: true},
		},
		{
			ID: "no", Heading: v.say("page.account.no.heading"), Paragraphs: []string{v.say("page.account.no.next")},
			Fields: []field{v.words(fieldWhy, v.say("page.account.no.why"), v.procedure.Limits.Reply, 3)},
			Button: button{Do: doDecline, Label: v.say("page.button.decline")}, Quiet: true,
		},
	}
	return p
}

// tell puts the account into the file, or that there will be none.
func (v *visit) tell(c *cases.Case, now time.Time) error {
	party, asked := v.invited()
	if !asked {
		return errMoot
	}
	words, why := v.heard(fieldAccount, v.procedure.Limits.Story), v.heard(fieldWhy, v.procedure.Limits.Reply)
	do := v.typed.Get("do")
	switch {
	case do != doTell && do != doDecline:
		return errWrong
	case v.typed.Get("seen") != number(party.Invited):
		v.wrong("", i18n.T("page.wrong.changed"))
	case do == doTell && words == "":
		v.wrong(fieldAccount, i18n.T("page.wrong.no-account"))
	case do == doTell && why != "":
		v.wrong(fieldWhy, i18n.T("page.wrong.account-and-why"))
	case do == doDecline && words != "":
		v.wrong(fieldAccount, i18n.T("page.wrong.account-and-no"))
	}
	switch {
	case len(v.failures) > 0:
		return errWrong
	case do == doDecline:
		return c.Decline(v.link.Party, why, now)
	}
	return c.Account(v.link.Party, words, now)
}

// proposed is the solution that who the link was sent to is asked about: the event that proposed it.
func (v *visit) proposed() (event cases.Event, asked bool) {
	c := &v.file.Case
	at := c.Proposal
	if v.link.Party != 0 {
		at = 0
		if slices.Contains(c.Work.Consulted, cases.Consent{Party: v.link.Party, Answer: cases.Asked}) {
			at = c.Work.Proposed
		}
	}
	event, found := v.file.Event(at)
	return event, found && c.Open()
}

// proposal shows a proposed solution and asks what the reader thinks of it.
func (v *visit) proposal() *page {
	event, asked := v.proposed()
	if !asked {
		return nil
	}
	p := v.begin("page.answer.title")
	p.Form, p.Seen = true, number(event.Seq)
	p.Facts = []line{v.about()}
	about := "page.answer.about-party"
	if v.link.Party == 0 {
		about = "page.answer.about"
	}
	p.Intro = []string{v.say(about, "organisation", v.procedure.Organisation), v.say("page.answer.undecided")}
	p.Sections = []section{
		{ID: "proposed", Heading: v.say("page.answer.proposed"), Quote: plain(event.Words[cases.FieldSolution])},
		{
			ID: "agree", Heading: v.say("page.answer.agree.heading"), Paragraphs: []string{v.say("page.answer.agree.next")},
			Button: button{Do: doAgree, Label: v.say("page.button.agree"), Main: true},
		},
		{
			ID: "object", Heading: v.say("page.answer.object.heading"), Paragraphs: []string{v.say("page.answer.object.next")},
			Fields: []field{v.words(fieldWhy, v.say("page.answer.object.why"), v.procedure.Limits.Reply, 6)},
			Button: button{Do: doObject, Label: v.say("page.button.object")},
		},
	}
	return p
}

// respond says what the reader thinks of the proposal that they read.
func (v *visit) respond(c *cases.Case, now time.Time) error {
	event, asked := v.proposed()
	if !asked {
		return errMoot
	}
	words := v.heard(fieldWhy, v.procedure.Limits.Reply)
	do := v.typed.Get("do")
	seen, _ := strconv.Atoi(v.typed.Get("seen"))
	switch {
	case do != doAgree && do != doObject:
		return errWrong
	case seen != event.Seq:
		v.wrong("", i18n.T("page.wrong.replaced"))
	case do == doObject && words == "":
		v.wrong(fieldWhy, i18n.T("page.wrong.no-objection"))
	case do == doAgree && words != "":
		v.wrong(fieldWhy, i18n.T("page.wrong.agree-or-object"))
	}
	if len(v.failures) > 0 {
		return errWrong
	}
	if v.link.Party == 0 {
		return c.Answer(seen, do == doAgree, words, now)
	}
	return c.AnswerParty(v.link.Party, seen, do == doAgree, words, now)
}
