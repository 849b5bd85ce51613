package conversation

import (
	"slices"
	"strconv"
	"strings"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// What somebody begins for a case and leaves before it is sent waits, with the words that they wrote: it is offered in the menu,
// at /start, when what they left it for is done, and in the reminders, until it is sent or they throw it away.

// letter is something that was begun for a case and not sent.
type letter struct {
	State    State        `json:"s"` // in which it goes on
	Case     cases.Number `json:"k"`
	Proposal int          `json:"p,omitempty"`
	Aside    cases.Words  `json:"i"`
	Pieces   []piece      `json:"j,omitempty"`
	Open     opened       `json:"o,omitempty"`
}

// opened says that the open question, whether to throw something away, is about a letter.
type opened int

const (
	notInQuestion opened = iota
	inQuestion           // it waited
	wasOpen              // it was being written
)

// mostUnsent is how many of them wait at most.
const mostUnsent = 3

// shelve has wait what is being said for a case, if anything is.
func (t *turn) shelve() bool {
	if len(t.Aside) == 0 || t.Case == "" {
		return false
	}
	t.Unsent = append(slices.Clip(t.Unsent), letter{State: t.State, Case: t.Case, Proposal: t.Proposal, Aside: t.Aside, Pieces: t.Pieces})
	t.endAside()
	return true
}

// unshelve takes out one of what waits.
func (t *turn) unshelve(at int) letter {
	one := t.Unsent[at]
	t.Unsent = slices.Delete(slices.Clone(t.Unsent), at, at+1)
	if len(t.Unsent) == 0 {
		t.Unsent = nil
	}
	return one
}

// takeUp goes on with one of what waits.
func (t *turn) takeUp(at int) {
	if !t.between(t.State) {
		t.Return = t.State
	}
	one := t.unshelve(at)
	t.endAside()
	t.Case, t.Proposal, t.Aside, t.Pieces = one.Case, one.Proposal, one.Aside, one.Pieces
	if t.step(one.State) == nil {
		one.State = ReplyCheck
	}
	t.showProposal(one.Case, one.Proposal)
	t.enter(one.State)
}

// offerUnsent goes on with what waits longest, and says so.
func (t *turn) offerUnsent() {
	back := i18n.T("unsent.back", "number", string(t.Unsent[0].Case))
	if t.note.Key != "" {
		back = two(t.note, back)
	}
	t.note = back
	t.takeUp(0)
}

// backFromAside goes on with what else waits, or with the question that was left.
func (t *turn) backFromAside() {
	t.endAside()
	if len(t.Unsent) > 0 {
		t.offerUnsent()
		return
	}
	t.resume()
}

// roomForAside says whether something may be begun for a case: it may have to wait like the others.
func (t *turn) roomForAside() bool {
	waiting := len(t.Unsent)
	if len(t.Aside) > 0 {
		waiting++
	}
	return waiting < mostUnsent
}

// unsentFor finds what waits of what begins in a state; -1: nothing does.
func (t *turn) unsentFor(begins State, number cases.Number, proposal int) int {
	return slices.IndexFunc(t.Unsent, func(one letter) bool {
		return one.Case == number && one.Proposal == proposal && t.asideOf(one.State, begins)
	})
}

// unsentRows are the buttons with which it is taken up again.
func (t *turn) unsentRows() (rows [][]Button) {
	for i, one := range t.Unsent {
		rows = append(rows, row(i18n.T("menu.button.unsent", "number", string(one.Case)), "unsent:"+strconv.Itoa(i)))
	}
	return rows
}

// unsentAt is which of them a button takes up; -1: none.
func (t *turn) unsentAt(choice string) int {
	which, is := strings.CutPrefix(choice, "unsent:")
	at, err := strconv.Atoi(which)
	if !is || err != nil || at < 0 || at >= len(t.Unsent) {
		return -1
	}
	return at
}

// aboutUnsent has the question that follows be about one of what waits, and about no other; -1: about none.
func (t *turn) aboutUnsent(at int, how opened) {
	t.Unsent = slices.Clone(t.Unsent)
	for i := range t.Unsent {
		t.Unsent[i].Open = notInQuestion
	}
	if at >= 0 {
		t.Unsent[at].Open = how
	}
}

// unsentInQuestion is which of them the open question is about; -1: none.
func (t *turn) unsentInQuestion() int {
	return slices.IndexFunc(t.Unsent, func(one letter) bool { return one.Open != notInQuestion })
}

// cancelling asks whether it is to be thrown away.
func (l letter) cancelling() i18n.Text {
	if words := l.Aside[cases.FieldText]; words != "" {
		return i18n.T("cancel.ask-letter", "number", string(l.Case), "words", i18n.Plain(excerpt(words, mostShownBack)))
	}
	return i18n.T("cancel.ask-unsent", "number", string(l.Case))
}

// editUnsent changes a piece of what waits.
func (t *turn) editUnsent(e Edited) bool {
	for i, one := range t.Unsent {
		text, pieces, found := changedPiece(one.Aside, one.Pieces, e)
		if !found {
			continue
		}
		if most := t.procedure.Limits.Reply; tooLong(text, most) {
			t.say(t.refuse(i18n.T("reply.too-long", "limit", most)))
			return true
		}
		t.Unsent = slices.Clone(t.Unsent)
		t.Unsent[i].Aside, t.Unsent[i].Pieces = cases.Words{cases.FieldText: text}, pieces
		t.say(i18n.T("edit.early"))
		return true
	}
	return false
}

// The questions that were answered, by the choices of their buttons.

func settledTalk(number cases.Number) Settled {
	which := "helped:" + string(number) + ":"
	return Settled{[]string{which + yes, which + no}}
}

func settledRating(number cases.Number) Settled { return Settled{[]string{"rate:" + string(number)}} }

func settledProposal(number cases.Number, proposal int) Settled {
	which := string(number) + ":" + strconv.Itoa(proposal)
	return Settled{[]string{"agree:" + which, "object:" + which}}
}
