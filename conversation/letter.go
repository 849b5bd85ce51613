package conversation

import (
	"slices"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// What is written to the committee, as an answer or against a proposal, is shown before it is sent.

// mostShownBack is how many characters of it are shown back.
const mostShownBack = 1500

// writes says whether words are being written that the open question shows back.
func (t *turn) writes() bool {
	switch t.State {
	case Replying, ReplyCheck, Objecting, ObjectCheck, Agreeing:
		return true
	}
	return false
}

func askReplying(t *turn) {
	t.ask(i18n.T("reply.ask", "number", string(t.Case)), row(i18n.T("reply.button.drop"), drop))
}

func askObjecting(t *turn) {
	t.ask(i18n.T("object.ask", "number", string(t.Case)), row(i18n.T("reply.button.drop"), drop))
}

// hearLetter takes the first words.
func hearLetter(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == drop:
		return t.stop()
	case a.words == "":
		return t.open().expect
	}
	if full := t.write(a); full.Key != "" {
		return full
	}
	t.follow(words)
	return i18n.Text{}
}

// write adds words to those that are not sent yet, or says why there is no room for them.
func (t *turn) write(a answer) i18n.Text {
	text := a.words
	if before := t.Aside[cases.FieldText]; before != "" {
		text = before + "\n" + a.words
	}
	if most := t.procedure.Limits.Reply; tooLong(text, most) {
		return t.refuse(i18n.T("reply.too-long", "limit", most))
	}
	if len(t.Pieces) >= mostPieces { // else they could not all be told apart when one is changed
		return t.refuse(i18n.T("reply.many", "limit", mostPieces))
	}
	t.setAside(cases.FieldText, text)
	t.Pieces = append(slices.Clip(t.Pieces), piece{Message: a.message, Length: len(a.words)})
	return i18n.Text{}
}

// mostPieces is how many pieces a letter may have: each is remembered by its message.
const mostPieces = 100

func askLetterCheck(t *turn) {
	text := i18n.T("reply.check.ask", "number", string(t.Case), "words", t.written())
	if t.State == ObjectCheck {
		text = i18n.T("object.check.ask", "number", string(t.Case), "words", t.written())
	}
	t.ask(text,
		row(i18n.T("reply.check.button.send"), send),
		row(i18n.T("reply.check.button.rewrite"), "rewrite"),
		row(i18n.T("reply.button.drop"), drop))
}

func (t *turn) written() i18n.Text {
	return i18n.Plain(excerpt(t.Aside[cases.FieldText], mostShownBack))
}

// hearLetterCheck sends the words; what else is typed is added to them.
func hearLetterCheck(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == send && t.State == ObjectCheck:
		t.do(Answer{Case: t.Case, Proposal: t.Proposal, Text: t.Aside[cases.FieldText], Messages: t.pieces()})
	case a.choice == send:
		t.do(Reply{Case: t.Case, Text: t.Aside[cases.FieldText], Messages: t.pieces()})
	case a.choice == "rewrite":
		t.Aside, t.Pieces = nil, nil
		t.follow("rewrite")
	case a.choice == drop:
		return t.stop()
	case a.words == "":
		return t.open().expect
	default:
		if full := t.write(a); full.Key != "" {
			return full
		}
		t.follow(words)
	}
	return i18n.Text{}
}

// pieces are the messages that the words came from.
func (t *turn) pieces() []int64 {
	all := make([]int64, len(t.Pieces))
	for i, one := range t.Pieces {
		all[i] = one.Message
	}
	return from(all...)
}

// from are the messages that something came from, without those that are not known.
func from(messages ...int64) []int64 {
	return slices.DeleteFunc(messages, func(m int64) bool { return m == 0 })
}

func askAgreeing(t *turn) {
	text := i18n.T("agree.ask", "number", string(t.Case))
	if t.Aside[cases.FieldText] != "" {
		text = i18n.T("agree.ask-words", "number", string(t.Case), "words", t.written())
	}
	t.ask(text, row(i18n.T("agree.button.yes"), yes), row(i18n.T("agree.button.drop"), drop))
}

// hearAgreeing passes on that they agree, with the words that they added.
func hearAgreeing(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == yes, isYes(a.words):
		t.do(Answer{Case: t.Case, Proposal: t.Proposal, Agree: true, Text: t.Aside[cases.FieldText], Messages: t.pieces()})
	case a.choice == drop:
		return t.stop()
	case a.words == "" || smallTalk(a.words):
		return t.open().expect
	default:
		if full := t.write(a); full.Key != "" {
			return full
		}
		t.follow(words)
	}
	return i18n.Text{}
}
