package conversation

import (
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// Next says what an event in a conversation leads to: the session to keep, and what is to be said and done. The procedure is
// the one of the session's Version, or that of now where it has none. It changes nothing of the session that it is given, and
// remembers nothing itself. An effect that is resolved is the last one: Next is called again with the event that tells what
// became of it, and with the session as Next returned it.
func Next(procedure *cases.Procedure, session Session, event Event, now time.Time) (Session, []Effect) {
	t := &turn{flow: flowOf(procedure), procedure: procedure, now: now, Session: session, effects: make([]Effect, 0, 4)}
	if !t.Language.Valid() {
		t.Language = i18n.Languages[0]
	}
	t.was, t.Session.asked = session.asked, asked{}
	t.hear(event)
	if note := t.note; note.Key != "" {
		t.sayFirst(Say{Text: note})
	}
	t.took(&session, event)
	t.pace(&session, event)
	if fromPerson(event) {
		t.Heard, t.Reminded = now.Unix(), 0
	}
	if t.keyboardShown(&session) && !t.keyboardShown(&t.Session) {
		t.removeKeyboard()
	}
	t.count()
	return t.Session, t.effects
}

// hear takes one event.
func (t *turn) hear(event Event) {
	switch e := event.(type) {
	case Started:
		t.start(e.Profile)
	case Followed:
		t.followed(e)
	case Command:
		t.command(e.Name)
	case Typed:
		t.typed(e)
	case Pressed:
		t.pressed(e.Step, e.Choice)
	case Shared:
		t.answer(answer{telephone: e.Telephone, message: e.Message})
	case Attached:
		t.attached(e)
	case Edited:
		t.editedMessage(e)
	default:
		t.resolved(event)
	}
}

// resolved takes what the person did not do: what became of an effect, the time, a file that can't be kept.
func (t *turn) resolved(event Event) {
	switch e := event.(type) {
	case Waited:
		t.waited()
	case Spoiled:
		t.spoiled(e)
	case Found:
		t.found(e.Cases)
	case Filed:
		t.filed(e)
	case TalkRequested:
		t.talkRequested(e.Number)
	case Amended:
		t.amended(e)
	case FileFound:
		t.fileFound(e)
	case Forgotten:
		t.forgotten(e.Kept)
	case Linked:
		t.linked(e)
	case Corrected:
		t.corrected(e)
	case Approved:
		t.approved(e)
	case Helpless:
		t.helpless(e)
	case Done:
		t.done(e.Number)
	case Refused:
		t.refused(e.Why)
	}
}

// start greets, or offers to go on with what was begun.
func (t *turn) start(profile string) {
	at := t.Session.at(t.flow)
	if t.step(at) == nil && profile != "" {
		t.Language = i18n.Closest(profile)
	}
	if t.State == Resume {
		t.again()
		return
	}
	if at == Menu || !t.told() {
		t.shelve() // it is offered again at once
	}
	t.dropAside()
	switch {
	case t.step(at) == nil:
		t.begin()
	case at == Declined, at == Consent:
		t.greet()
	case (at == Menu || !t.told()) && len(t.Unsent) > 0:
		t.Changing, t.State = "", Menu
		t.offerUnsent()
	case at == Menu, !t.told():
		t.Changing = ""
		t.enter(Menu)
	default:
		t.Return = at
		t.enter(Resume)
	}
}

// epoch is where steps begin to be counted, in seconds: a button of a conversation that was erased since can't be taken for
// one of its successor.
var epoch = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).Unix()

// begin meets somebody who is new, or whose conversation was erased.
func (t *turn) begin() {
	t.Step = max(t.Step, int(t.now.Unix()-epoch), 0)
	switch {
	case t.Consented.IsZero():
		t.Draft, t.Changing = "", ""
		t.greet()
	default: // the question that was open is not in the table any more
		if t.told() {
			t.Draft = t.unanswered(t.first)
		}
		t.enter(Menu)
	}
}

func (t *turn) command(name string) {
	switch strings.ToLower(name) {
	case "start":
		t.start("")
	case "menu":
		t.menu()
	case "help":
		t.say(i18n.T("help.text", "drafts", Span(t.procedure.Drafts), "reach", t.reach()))
		t.again()
	case "language":
		t.sayWith(i18n.T("language.ask"), languageButtons("")...)
		t.again()
	case "status":
		t.do(Look{})
	case "cancel":
		t.cancel()
	case "mydata":
		t.say(i18n.T("mydata.sent"))
		t.do(SendData{})
		t.again()
	case "forgetme":
		t.forgetMe()
	default:
		t.say(i18n.T("help.unknown-command"))
		t.again()
	}
}

func (t *turn) typed(e Typed) {
	a := answer{words: clean(e.Text), message: e.Message}
	if !hasWords(a.words) {
		a.words = ""
	}
	t.answer(a)
}

// answer gives an answer to the open question, or says kindly why it is none.
func (t *turn) answer(a answer) {
	open := t.open()
	if open == nil {
		t.note = t.hold(a.words, nil, a.message)
		t.begin()
		return
	}
	t.Maybe = maybe{}
	if t.isLate(a.message) && a.words != "" {
		t.late(a)
		return
	}
	objection := open.expect
	switch {
	case a.none():
	case t.passes(a):
		return
	default:
		if objection = open.hear(t, a); objection.Key != "" && t.mayName(a) {
			objection = t.isThatTheName(a)
		}
	}
	if objection.Key != "" {
		t.nudge(objection)
	}
}

// passes takes words that mean to skip the open question, or not to know, if it may be answered so.
func (t *turn) passes(a answer) bool {
	open := t.open()
	if _, may := open.arrow(unknown); may && isUnknown(a.words) {
		t.unknown()
		return true
	}
	if _, may := open.arrow(skip); may && isPass(a.words) && !(isNo(a.words) && open.takesNo()) {
		t.pass()
		return true
	}
	return false
}

// takesNo says whether no is an answer.
func (s *step) takesNo() bool {
	_, none := s.arrow(no)
	_, nobody := s.arrow("nobody")
	return none || nobody
}

// unknown takes it for an answer that they don't know.
func (t *turn) unknown() {
	open := t.open()
	t.Days = t.Days.but(open.field)
	t.set(open.field, code(unknown), 0)
	t.follow(unknown)
}

// nudge says why something was no answer; the open question stays.
func (t *turn) nudge(objection i18n.Text) {
	if t.loud && t.Pace >= often { // they know the question by now
		t.say(objection)
		return
	}
	if t.open().brief {
		t.do(Say{Text: objection, Buttons: t.buttons()})
		return
	}
	t.say(objection)
	t.again()
}

func (t *turn) pressed(step int, choice string) {
	if step == 0 && anytime(choice) {
		t.pressedAnytime(choice)
		return
	}
	open := t.open()
	switch {
	case open == nil && t.Step == 0:
		t.begin()
	case open == nil, step != t.Step:
		t.do(Toast{i18n.T("toast.old")})
	case !t.offered(choice):
		t.do(Toast{i18n.T("toast.old")})
		t.again()
	default:
		t.chosen(open, choice)
	}
}

// chosen takes a choice that the open question offers.
func (t *turn) chosen(open *step, choice string) {
	switch choice {
	case back:
		t.follow(back)
	case keep:
		t.keep(open)
	case skip:
		t.pass()
	case unknown:
		t.unknown()
	case why:
		t.say(t.explains(open))
		t.again()
	case instead:
		t.interrupt(Instead)
	case leave:
		t.leave()
	case so:
		said := t.Maybe
		t.Maybe = maybe{}
		if objection := open.hear(t, answer{words: said.Name, message: said.Message, sure: true}); objection.Key != "" {
			t.nudge(objection)
		}
	case noDay:
		t.do(Toast{i18n.T("toast.no-day")})
	default:
		if objection := open.hear(t, answer{choice: choice}); objection.Key != "" {
			t.nudge(objection)
		}
	}
}

// keep leaves the answer as it was, and goes on.
func (t *turn) keep(open *step) {
	if from := t.knownIn(open); from != open.field {
		t.set(open.field, t.Answers[from], t.Messages[from])
	}
	_, own := open.arrow(keep)
	switch {
	case own:
		t.follow(keep)
	case t.State == TalkName:
		t.follow(t.talkOn())
	default:
		t.follow(words)
	}
}

// pass leaves the open question, or what is asked for something that came in between, without an answer.
func (t *turn) pass() {
	if open := t.open(); open.between {
		open.hear(t, answer{choice: skip})
		return
	}
	t.skip()
}

// refused tells why nothing came of an effect, and whom they may turn to.
func (t *turn) refused(reason i18n.Text) {
	if t.was.pending == pendingEdit && t.telling() { // the case takes nothing any more; what is told here was changed
		t.editDone(t.was.field, t.was.said, "")
		return
	}
	if t.was.pending == pendingHelped && reason.Key == "refusal.rated" {
		t.helpedBefore(t.was.looking)
		return
	}
	if text := t.Aside[cases.FieldText]; reason.Key == "refusal.no-proposal" && text != "" && t.wasOfAside() && t.writes() {
		t.Proposal, t.note = 0, reason // the words may still be sent, as a message
		t.enter(ReplyCheck)
		return
	}
	t.say(two(reason, t.reach()))
	if line := t.open(); line != nil && line.between && t.Case != "" && t.wasOfAside() {
		t.backFromAside()
		return
	}
	t.again()
}

// wasOfAside says whether what was asked for is what came in between itself. What else is refused leaves words that are not
// sent yet as they are.
func (t *turn) wasOfAside() bool {
	switch t.was.pending {
	case pendingHelped, pendingCorrection, pendingEdit:
		return false
	case pendingFile:
		return t.State == Adding
	}
	return true
}
