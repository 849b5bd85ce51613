package conversation

import (
	"slices"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// What a complainant says of how a case was handled.
const (
	partly   = "partly"
	aHandled = "handled"
	aSolved  = "solved"
)

func rateRows(more ...[]Button) [][]Button {
	return append([][]Button{
		row(i18n.T("rate.button.yes"), yes),
		row(i18n.T("rate.button.partly"), partly),
		row(i18n.T("rate.button.no"), no),
	}, append(more, row(i18n.T("rate.button.drop"), drop))...)
}

// beginRating asks how a case was handled, unless they have said so.
func (t *turn) beginRating(all []Status, number cases.Number) {
	if slices.ContainsFunc(all, func(one Status) bool { return one.Number == number && one.Rated }) {
		t.do(settledRating(number))
		t.note = i18n.T("status.rated")
		t.again()
		return
	}
	t.beginAside(RateHandled, number, 0)
}

func askRateHandled(t *turn) {
	t.ask(i18n.T("rate.handled.ask", "number", string(t.Case)), rateRows()...)
}

func askRateSolved(t *turn) {
	t.ask(i18n.T("rate.solved.ask"), rateRows(row(i18n.T("button.back"), back))...)
}

func hearRateHandled(t *turn, a answer) i18n.Text { return t.rate(aHandled, a) }
func hearRateSolved(t *turn, a answer) i18n.Text  { return t.rate(aSolved, a) }

func (t *turn) rate(field string, a answer) i18n.Text {
	switch {
	case isYes(a.words):
		a.choice = yes
	case isNo(a.words):
		a.choice = no
	}
	switch a.choice {
	case yes, partly, no:
		t.setAside(field, a.choice)
		t.follow(a.choice)
	case drop:
		return t.stop()
	default:
		return t.open().expect
	}
	return i18n.Text{}
}

// askRateWhy says what "not solved" leads to, before it is sent.
func askRateWhy(t *turn) {
	text := i18n.T("rate.why.ask")
	if t.Aside[aSolved] == no {
		text = i18n.T("rate.why.ask-reopen")
	}
	t.ask(text,
		row(i18n.T("rate.why.button.skip"), skip),
		row(i18n.T("button.back"), back),
		row(i18n.T("rate.button.drop"), drop))
}

func hearRateWhy(t *turn, a answer) i18n.Text {
	rating := cases.Rating{Handled: t.Aside[aHandled], Solved: t.Aside[aSolved], Why: a.words}
	switch {
	case a.choice == skip:
		t.do(Rate{Case: t.Case, Rating: rating})
	case a.choice == drop:
		return t.stop()
	case a.words == "" || smallTalk(a.words):
		return t.open().expect
	case tooLong(a.words, t.procedure.Limits.Answer):
		return t.refuse(i18n.T("answer.too-long", "length", length(a.words), "limit", t.procedure.Limits.Answer))
	default:
		t.do(Rate{Case: t.Case, Rating: rating, Messages: from(a.message)})
	}
	return i18n.Text{}
}
