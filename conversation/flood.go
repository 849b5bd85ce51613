package conversation

import (
	"slices"

	"websec.nl/gehoor/i18n"
)

// How somebody is answered who sends much in little time. Nothing of what they send is lost in silence: what is left out is
// what we would say to what is kept, or leads nowhere.
const (
	lull   = 5  // seconds in which the files of an album, which come one by one, are answered once
	chatty = 4  // pieces of a story that each get an answer of their own, if they come close together
	often  = 20 // messages that lead nowhere, before they are answered less often
	apart  = 15 // seconds between answers from then on
	calmed = 3  // seconds in which one message less counts

	freshly = 60 // seconds in which a reason for not keeping something is remembered, from the last thing that was not kept
)

// quiet is how long ago something was last said that led nowhere, in seconds.
func (t *turn) quiet() int64 {
	if t.Spoke == 0 {
		return apart
	}
	return max(0, t.now.Unix()-t.Spoke)
}

// hushed says whether a file that comes now is one of several that are answered once: it was said just now that one was kept. That
// it was kept as well is said as soon as no more come.
func (t *turn) hushed() bool { return t.Took != 0 && t.now.Unix()-t.Took < lull }

// took remembers whether it was said of a file that was kept.
func (t *turn) took(before *Session, event Event) {
	if !t.tookFile(before, event) {
		return
	}
	for _, e := range t.effects {
		if _, said := e.(Say); said {
			t.Took, t.Unsaid = t.now.Unix(), 0
			return
		}
	}
	t.Unsaid++
}

// tookFile says whether a file was kept. That one is in the file of a case is known once it is, and is said with the words
// under it, if there are any.
func (t *turn) tookFile(before *Session, event Event) bool {
	switch event.(type) {
	case Attached:
		for _, e := range t.effects {
			if file, is := e.(Attach); is && file.Case == "" {
				return true
			}
		}
		return len(t.Early) > len(before.Early) && t.Early[len(t.Early)-1].File != nil
	case Done:
		return t.was.pending == pendingFile && t.Added > before.Added &&
			!slices.ContainsFunc(t.effects, func(e Effect) bool { _, is := e.(Reply); return is })
	}
	return false
}

// sayTook says that the last files were kept as well of which that was not said.
func (t *turn) sayTook() {
	text := i18n.T("attached.more", "count", t.Unsaid)
	t.Took, t.Unsaid = t.now.Unix(), 0
	var rows [][]Button
	for _, r := range t.buttons() {
		if len(r) == 1 && r[0].Choice == done {
			rows = append(rows, r)
		}
	}
	t.do(Say{Text: text, Buttons: rows})
}

// quietly says, with buttons, that something was kept, unless that was said just now.
func (t *turn) quietly(text i18n.Text, file bool, rows ...[]Button) {
	if file && t.hushed() || t.Pace >= chatty && t.quiet() < apart {
		return
	}
	t.Spoke = t.now.Unix()
	t.ask(text, rows...)
}

// pace slows down what is said to somebody who sends much that leads nowhere. They are told so once.
func (t *turn) pace(before *Session, event Event) {
	if t.State != before.State || t.Step != before.Step {
		t.Spoke, t.Refusal = 0, ""
		return
	}
	if !fromPerson(event) {
		return
	}
	if passed := t.now.Unix() - before.Heard; passed > 0 {
		t.Pace = int(max(0, int64(t.Pace)-passed/calmed))
	}
	t.Pace++
	if t.loud && t.repeats() {
		t.mute()
	}
	switch {
	case t.loud && t.Pace == often+1: // that we answer less is said when we do
		t.Pace = often
	case t.loud:
		t.Pace = min(t.Pace, 2*often)
	case t.Pace <= often:
	case t.Pace == often+1:
		t.Pace, t.Spoke = 2*often, t.now.Unix()
		t.mute()
		if t.open() != nil {
			t.sayFirst(Say{Text: i18n.T("flood.slower"), Buttons: t.buttons()})
		}
	default:
		t.Pace = min(t.Pace, 2*often)
		if t.quiet() < apart {
			t.mute()
			return
		}
		t.Spoke = t.now.Unix()
	}
}

// refuse marks why something is not kept: that is said however much is sent, though not of each of many messages.
func (t *turn) refuse(why i18n.Text) i18n.Text {
	t.loud, t.refusal = true, why
	return why
}

// repeats says whether it was said just now that something is not kept for the same reason, and need not be said again: since
// that holds for whatever follows, or because a lot follows.
func (t *turn) repeats() bool {
	why := t.refusal
	for first, two := why.Args["first"].(i18n.Text); two; first, two = why.Args["first"].(i18n.Text) {
		why = first
	}
	again := why.Key != "" && why.Key == t.Refusal && t.now.Unix()-t.Refused < freshly
	t.Refusal, t.Refused = why.Key, t.now.Unix()
	return again && (lasting[why.Key] || why.Args["left"] == 0 || t.Pace > chatty)
}

// lasting are the reasons for which what follows is not kept either.
var lasting = map[string]bool{"intake.problem.many-parts": true, "attached.many": true, "attached.none-taken": true, "early.full": true}

// sayFirst says something before all else: what is resolved must stay the last.
func (t *turn) sayFirst(said Say) { t.effects = slices.Insert(t.effects, 0, Effect(said)) }

// mute leaves out what would be said. What is kept, or done to a case, stays.
func (t *turn) mute() {
	t.effects = slices.DeleteFunc(t.effects, func(e Effect) bool {
		switch e := e.(type) {
		case Say:
			return !e.InPlace
		case Look, SendData, ShowProposal:
			return true
		}
		return false
	})
}

// fromPerson says whether an event is something that the person did.
func fromPerson(event Event) bool {
	switch event.(type) {
	case Started, Followed, Command, Typed, Pressed, Shared, Attached, Edited:
		return true
	}
	return false
}
