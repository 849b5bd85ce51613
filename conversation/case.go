package conversation

import (
	"strconv"
	"strings"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// What the complainant does with a case of theirs comes in between: it leaves the open question, and goes back to it.

// pending says what it is that was asked for, where the state does not say so.
type pending int

const (
	pendingNothing pending = iota
	pendingHelped
	pendingCorrection
	pendingFile
	pendingRating
	pendingEdit
	pendingHelps
	pendingProposal
)

// The buttons of a case. They are never old: whether what they ask for can still be done is seen when they are pressed.

func caseButton(label i18n.Text, what string, number cases.Number) Button {
	return Button{Text: label, Choice: what + ":" + string(number)}
}

// ReplyButton is the button under words of the committee with which a complainant answers them.
func ReplyButton(number cases.Number) Button {
	return caseButton(i18n.T("reply.button.answer"), "reply", number)
}

// CaseButton is the button with which a complainant looks how a case stands.
func CaseButton(number cases.Number) Button {
	return caseButton(i18n.T("case.button.open"), "case", number)
}

// ProposalButtons are the buttons under a solution that an event of the case proposed: to agree with it, or to say what is not
// right in it. They are about that solution alone, not about one that is proposed later.
func ProposalButtons(number cases.Number, proposal int) []Button {
	which := string(number) + ":" + strconv.Itoa(proposal)
	return []Button{
		{Text: i18n.T("case.button.agree"), Choice: "agree:" + which},
		{Text: i18n.T("case.button.object"), Choice: "object:" + which},
	}
}

// cutProposal takes apart which proposal of which case a button is about; 0: it says none.
func cutProposal(which string) (number cases.Number, proposal int) {
	text, event, _ := strings.Cut(which, ":")
	proposal, err := strconv.Atoi(event)
	if err != nil || proposal < 1 || len(event) > 9 || !validNumber(text) {
		return "", 0
	}
	return cases.Number(text), proposal
}

// HelpedButtons are the buttons under the question whether a talk helped.
func HelpedButtons(number cases.Number) []Button {
	return []Button{
		{Text: i18n.T("helped.button.yes"), Choice: "helped:" + string(number) + ":" + yes},
		{Text: i18n.T("helped.button.no"), Choice: "helped:" + string(number) + ":" + no},
	}
}

// RateButton is the button with which a complainant says how a case was handled, once it is closed.
func RateButton(number cases.Number) Button {
	return caseButton(i18n.T("case.button.rate"), "rate", number)
}

// beginnings are the states in which it is asked what to do with a case, by the buttons that ask for it.
var beginnings = map[string]State{
	"reply": Replying, "add": Adding, "contact": NewContact, "withdraw": Withdrawing,
	"agree": Agreeing, "object": Objecting, "rate": RateHandled,
}

// anytime says whether a choice is that of a button that is never old.
func anytime(choice string) bool {
	what, which, _ := strings.Cut(choice, ":")
	switch what {
	case "language":
		return i18n.Language(which).Valid()
	case "helped":
		number, did, _ := strings.Cut(which, ":")
		return validNumber(number) && (did == yes || did == no)
	case "privacy", "menu", "cases":
		return which == "" && what == choice
	case "case":
		return validNumber(which)
	case "agree", "object":
		_, proposal := cutProposal(which)
		return proposal != 0
	}
	return beginnings[what] != "" && validNumber(which)
}

func (t *turn) pressedAnytime(choice string) {
	what, which, _ := strings.Cut(choice, ":")
	switch what {
	case "language":
		if chosen := i18n.Language(which); chosen != t.Language {
			t.Language = chosen
			if t.Has {
				t.do(ChangeLanguage{chosen})
			}
		}
		t.say(i18n.T("language.chosen"))
		t.again()
	case "privacy":
		t.say(privacyNotice(t.procedure))
		t.again()
	case "menu":
		t.menu()
	case "cases":
		t.do(Look{})
	case "case":
		t.Session.asked.looking = cases.Number(which)
		t.do(Look{})
	case "helped":
		number, did, _ := strings.Cut(which, ":")
		t.helps(cases.Number(number), did == yes)
	case "rate": // which they may have done already
		t.Session.asked.looking, t.Session.asked.pending = cases.Number(which), pendingRating
		t.do(Look{})
	case "agree", "object":
		number, proposal := cutProposal(which)
		t.Session.asked.looking, t.Session.asked.pending = number, pendingProposal
		t.Session.asked.begin, t.Session.asked.proposal = what, proposal
		t.do(Look{})
	default:
		t.beginAside(beginnings[what], cases.Number(which), 0)
	}
}

// done says what became of what was asked for, and goes back to the question that was left.
func (t *turn) done(number cases.Number) {
	switch asked := t.was.pending; {
	case asked == pendingHelped:
		t.Has = true
		t.do(settledTalk(number))
		t.note = i18n.T("helped.yes")
		t.again()
	case asked == pendingEdit:
		t.editDone(t.was.field, t.was.said, number)
	case asked == pendingCorrection && number == "":
		t.belongsToNothing(t.was.edited)
	case asked == pendingCorrection:
		t.say(i18n.T("edit.corrected", "number", string(number)))
	case asked == pendingFile:
		t.attachedToCase(t.was.attached)
	case t.State == Adding:
		t.quietly(i18n.T("adding.noted", "number", string(t.Case)), false, row(i18n.T("adding.button.done"), done))
	default:
		t.note = t.sent()
		switch t.State {
		case NewCheck:
			t.contactChanged()
		case Agreeing, ObjectCheck:
			t.do(settledProposal(t.Case, t.Proposal))
		case RateWhy:
			t.do(settledRating(t.Case))
		}
		t.backFromAside()
	}
}

// sent says what was done.
func (t *turn) sent() i18n.Text {
	number := string(t.Case)
	switch t.State {
	case NewCheck:
		return i18n.T("contact.new.changed", "number", number)
	case WithdrawReason:
		return i18n.T("withdraw.done", "number", number)
	case Disowning:
		return i18n.T("approve.foreign.done")
	case Agreeing:
		return i18n.T("agree.sent", "number", number)
	case ObjectCheck:
		return i18n.T("object.sent", "number", number)
	case RateWhy:
		if t.Aside[aSolved] == no {
			return i18n.T("rate.sent-reopen", "number", number)
		}
		return i18n.T("rate.sent")
	}
	return i18n.T("reply.sent", "number", number)
}

// attachToCase takes a file in that comes while something is said about a case. What there is to say of it is said once it is
// in the file.
func (t *turn) attachToCase(e Attached) {
	if why := t.unfit(e.File, t.Added, 0); why.Key != "" {
		t.nudge(t.refuse(two(why, t.otherWay())))
		return
	}
	t.Session.asked.pending, t.Session.asked.attached, t.Session.asked.spoke = pendingFile, e, t.Spoke
	file := Attach{Case: t.Case, Field: cases.FieldText, File: e.File, Message: e.Message}
	if t.State == Adding {
		file.Words = e.Caption
	}
	t.do(file)
}

// attachedToCase says that a file is in the file of the case, and hears the words under it, where they did not go there with it.
func (t *turn) attachedToCase(e Attached) {
	t.Added++
	t.Spoke = t.was.spoke // it is answered as if it had been answered when it came
	if t.State == Adding {
		t.quietly(i18n.T("adding.noted", "number", string(t.Case)), e.Caption == "", row(i18n.T("adding.button.done"), done))
		return
	}
	if e.Caption == "" && (t.hushed() || t.Pace > often && t.quiet() < apart) {
		return
	}
	t.Spoke = t.now.Unix()
	t.say(i18n.T("adding.file", "number", string(t.Case)))
	if e.Caption != "" && t.writes() {
		if objection := t.open().hear(t, answer{words: e.Caption, message: e.Message}); objection.Key != "" {
			t.nudge(objection)
		}
		return
	}
	t.again()
}

func askAdding(t *turn) {
	t.ask(i18n.T("adding.ask", "number", string(t.Case)), row(i18n.T("adding.button.done"), done))
}

// hearAdding puts each message into the file at once.
func hearAdding(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == done, isDone(a.words):
		t.note = i18n.T("adding.done", "number", string(t.Case))
		t.follow(done)
	case a.words == "" || smallTalk(a.words):
		return t.open().expect
	case tooLong(a.words, t.procedure.Limits.Reply):
		return t.refuse(i18n.T("reply.too-long", "limit", t.procedure.Limits.Reply))
	default:
		t.do(Reply{Case: t.Case, Text: a.words, Messages: from(a.message)})
	}
	return i18n.Text{}
}

func askWithdrawing(t *turn) {
	text := i18n.T("withdraw.ask", "number", string(t.Case))
	if isTalk(t.Case) {
		text = i18n.T("withdraw.ask-talk", "number", string(t.Case))
	}
	t.ask(text,
		row(i18n.T("withdraw.button.yes"), yes),
		row(i18n.T("withdraw.button.no"), no))
}

// isTalk says whether a number is that of a talk.
func isTalk(number cases.Number) bool { return strings.HasPrefix(string(number), "G-") }

func hearWithdrawing(t *turn, a answer) i18n.Text {
	switch a.choice {
	case yes:
		t.follow(yes)
	case no:
		t.note = i18n.T("withdraw.kept", "number", string(t.Case))
		t.follow(no)
	default:
		return t.open().expect
	}
	return i18n.Text{}
}

func askWithdrawReason(t *turn) {
	t.ask(i18n.T("withdraw.reason.ask", "number", string(t.Case)),
		row(i18n.T("withdraw.reason.button.skip"), skip),
		row(i18n.T("withdraw.button.no"), no))
}

func hearWithdrawReason(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == skip:
		t.do(Withdraw{Case: t.Case})
	case a.choice == no:
		return hearWithdrawing(t, a)
	case a.words == "" || smallTalk(a.words):
		return t.open().expect
	case tooLong(a.words, t.procedure.Limits.Answer):
		return t.refuse(i18n.T("answer.too-long", "length", length(a.words), "limit", t.procedure.Limits.Answer))
	default:
		t.do(Withdraw{Case: t.Case, Reason: a.words, Messages: from(a.message)})
	}
	return i18n.Text{}
}
