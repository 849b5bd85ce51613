package conversation

import (
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// mostReply is how many characters an answer to the committee may have: that of two full messages.
const mostReply = 8000

// ReplyButton is the button under words of the committee with which a complainant answers them.
func ReplyButton(number cases.Number) Button {
	return Button{Text: i18n.T("reply.button.answer"), Choice: "reply:" + string(number)}
}

// reply asks for words to the committee about a case, in between.
func (t *turn) reply(number cases.Number) {
	if comesBetween(t.State) && t.Case == number {
		t.again()
		return
	}
	t.dropReply()
	t.Case = number
	t.interrupt(Replying)
}

// dropReply forgets words to the committee that were not sent, and says so.
func (t *turn) dropReply() {
	if t.answered(cases.FieldText) {
		t.delete(cases.FieldText)
		t.say(i18n.T("reply.dropped"))
	}
	t.Case = ""
}

func askReplying(t *turn) {
	t.ask(i18n.T("reply.ask", "number", string(t.Case)), []Button{choice(i18n.T("reply.button.drop"), "drop")})
}

func hearReplying(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == "drop":
		t.say(i18n.T("reply.dropped"))
		t.follow("drop")
		return i18n.Text{}
	case a.words == "":
		return steps[Replying].expect
	}
	t.set(cases.FieldText, a.words)
	t.follow(words)
	return i18n.Text{}
}

func askReplyCheck(t *turn) {
	t.ask(i18n.T("reply.check.ask", "number", string(t.Case), "words", t.shown(cases.FieldText, mostExcerpt)),
		[]Button{choice(i18n.T("reply.check.button.send"), "send")},
		[]Button{choice(i18n.T("reply.check.button.rewrite"), "rewrite")},
		[]Button{choice(i18n.T("reply.button.drop"), "drop")})
}

// hearReplyCheck sends the words; what else is typed is added to them.
func hearReplyCheck(t *turn, a answer) i18n.Text {
	switch a.choice {
	case "send":
		t.do(Reply{Case: t.Case, Text: t.Answers[cases.FieldText]})
	case "rewrite":
		t.delete(cases.FieldText)
		t.follow("rewrite")
	case "drop":
		t.dropReply()
		t.follow("drop")
	default:
		if a.words == "" {
			return steps[ReplyCheck].expect
		}
		longer := t.Answers[cases.FieldText] + "\n" + a.words
		if tooLong(longer, mostReply) {
			return i18n.T("reply.too-long", "limit", mostReply)
		}
		t.set(cases.FieldText, longer)
		t.follow(words)
	}
	return i18n.Text{}
}

// replied says that the words are with the committee, and goes back to what was open.
func (t *turn) replied() {
	t.delete(cases.FieldText)
	t.say(i18n.T("reply.sent", "number", string(t.Case)))
	t.resume()
}
