package conversation

import (
	"slices"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// What comes in between is begun and left here; what waits meanwhile stands in unsent.go.

// beginProposal begins to answer a proposal, unless it waits for no answer any more.
func (t *turn) beginProposal(all []Status) {
	number, proposal := t.was.looking, t.was.proposal
	if slices.ContainsFunc(all, func(one Status) bool { return one.Number == number && one.Proposal != proposal }) {
		t.do(settledProposal(number, proposal))
		t.note = i18n.T("refusal.no-proposal", "number", string(number))
		t.again()
		return
	}
	if at := slices.IndexFunc(all, func(one Status) bool { return one.Number == number }); at >= 0 && t.now.Sub(all[at].LastWord) >= justSaid {
		t.showProposal(number, proposal)
	}
	t.beginAside(beginnings[t.was.begin], number, proposal)
}

// justSaid is how long words of the committee stand before the person's eyes.
const justSaid = 10 * time.Minute

// showProposal says a proposal again to who comes back to it, so that they need not look for it; once in a turn.
func (t *turn) showProposal(number cases.Number, proposal int) {
	show := ShowProposal{Case: number, Proposal: proposal}
	if proposal != 0 && !slices.Contains(t.effects, Effect(show)) {
		t.do(show)
	}
}

// beginAside leaves the open question for something with a case. What was not sent for another waits, and that is said.
func (t *turn) beginAside(s State, number cases.Number, proposal int) {
	if t.Case == number && t.Proposal == proposal && t.asideOf(t.State, s) {
		t.again()
		return
	}
	if at := t.unsentFor(s, number, proposal); at >= 0 {
		t.dropAside()
		t.note = i18n.T("unsent.back", "number", string(number))
		t.takeUp(at)
		return
	}
	if !t.roomForAside() {
		t.say(i18n.T("unsent.full"))
		t.again()
		return
	}
	t.dropAside()
	if !t.between(t.State) {
		t.Return = t.State
	}
	t.Case, t.Proposal = number, proposal
	t.enter(s)
}

// asideOf says whether a state belongs to what begins in another.
func (t *turn) asideOf(s, begins State) bool {
	at, begin := t.flow.at[s], t.flow.at[begins]
	if at < begin {
		return false
	}
	for _, other := range beginnings {
		if next := t.flow.at[other]; next > begin && next <= at {
			return false
		}
	}
	return true
}

// dropAside leaves what came in between. What was not sent waits, and that is said.
func (t *turn) dropAside() {
	number := t.Case
	switch {
	case t.shelve():
		t.say(i18n.T("unsent.kept", "number", string(number)))
	case t.Link.Token != "" && t.Case != "":
		t.say(t.dropped())
	case t.State == Adding && t.Case != "":
		t.say(i18n.T("adding.done", "number", string(t.Case)))
	}
	t.endAside()
}

// stop goes back to the question that was left, with nothing sent.
func (t *turn) stop() i18n.Text {
	t.Aside = nil
	t.note = t.dropped()
	if to, _ := t.open().arrow(drop); to == Anywhere {
		t.backFromAside()
	} else {
		t.follow(drop)
	}
	return i18n.Text{}
}

// dropped says that nothing came of what was open.
func (t *turn) dropped() i18n.Text { return droppedIn(t.State) }

func droppedIn(s State) i18n.Text {
	switch s {
	case NewContact, NewTelephone, NewEmail, NewCheck:
		return i18n.T("contact.new.kept")
	case RateHandled, RateSolved, RateWhy:
		return i18n.T("rate.dropped")
	case Approving, Correcting, Disowning:
		return i18n.T("approve.later")
	}
	return i18n.T("reply.dropped")
}
