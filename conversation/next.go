package conversation

import (
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// Next says what an event in a conversation leads to: the session to keep, and what is to be said and done. It changes
// nothing of the session that it is given, and remembers nothing itself. Look, File, RequestTalk and Reply, the last
// effect where they occur, are resolved by calling Next again with the event that tells what became of them.
func Next(procedure *cases.Procedure, session Session, event Event, now time.Time) (Session, []Effect) {
	t := &turn{procedure: procedure, now: now, Session: session, effects: make([]Effect, 0, 4)}
	if !t.Language.Valid() {
		t.Language = i18n.Languages[0]
	}
	switch e := event.(type) {
	case Started:
		t.start(e.Profile)
	case Command:
		t.command(e.Name)
	case Typed:
		t.typed(e.Text)
	case Pressed:
		t.pressed(e.Step, e.Choice)
	case Shared:
		t.answer(answer{telephone: e.Telephone})
	case Attached:
		t.attached(e)
	case Found:
		t.found(e.Cases)
	case Filed:
		t.filed(e)
	case TalkRequested:
		t.talkRequested()
	case Replied:
		t.replied()
	case Refused:
		t.refused(e.Why)
	}
	if keyboardShown(session) && !keyboardShown(t.Session) {
		t.removeKeyboard()
	}
	return t.Session, t.effects
}

// start greets, or offers to go on with what was begun.
func (t *turn) start(profile string) {
	at := t.State
	if comesBetween(at) {
		at = t.Return
	}
	if steps[at] == nil && profile != "" {
		t.Language = i18n.Closest(profile)
	}
	t.dropReply()
	switch {
	case steps[at] == nil:
		t.begin()
	case at == Declined, at == Consent:
		t.enter(Consent)
	case at == Menu, !t.told():
		t.Changing = false
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
	t.Version = t.procedure.Version
	t.Draft, t.Changing = "", false
	t.Step = max(t.Step, int(t.now.Unix()-epoch), 0)
	t.enter(Consent)
}

func (t *turn) command(name string) {
	switch strings.ToLower(name) {
	case "start", "menu":
		t.start("")
	case "help":
		t.say(i18n.T("help.text", "drafts", span(t.procedure.Drafts)))
		t.again()
	case "language":
		t.sayWith(i18n.T("language.ask"), languageButtons("")...)
		t.again()
	case "status":
		t.do(Look{})
	case "cancel":
		t.cancel()
	default:
		t.say(i18n.T("help.unknown-command"))
		t.again()
	}
}

// cancel asks first whether what was told is to be erased.
func (t *turn) cancel() {
	switch {
	case t.State == Replying || t.State == ReplyCheck:
		t.delete(cases.FieldText)
		t.say(i18n.T("reply.dropped"))
		t.resume()
	case !t.told():
		t.say(i18n.T("cancel.nothing"))
		t.again()
	default:
		t.interrupt(Cancelling)
	}
}

func (t *turn) typed(text string) {
	said := clean(text)
	if !hasWords(said) {
		t.answer(answer{})
		return
	}
	t.answer(answer{words: said})
}

// answer gives an answer to the open question, or says kindly why it is none.
func (t *turn) answer(a answer) {
	open := steps[t.State]
	if open == nil {
		t.begin()
		return
	}
	if _, may := open.arrow(skip); may && isPass(a.words) {
		t.skip()
		return
	}
	objection := open.expect
	if a != (answer{}) {
		objection = open.hear(t, a)
	}
	if objection.Key != "" {
		t.nudge(objection)
	}
}

// nudge says why something was no answer; the open question stays.
func (t *turn) nudge(objection i18n.Text) {
	if steps[t.State].brief {
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
	open := steps[t.State]
	switch {
	case open == nil:
		t.begin()
	case step != t.Step:
		t.do(Toast{i18n.T("toast.old")})
	case !t.offered(choice):
		t.do(Toast{i18n.T("toast.old")})
		t.again()
	case choice == back:
		t.follow(back)
	case choice == keep:
		t.follow(words)
	case choice == skip:
		t.skip()
	case choice == why:
		t.say(open.why)
		t.again()
	default:
		t.answer(answer{choice: choice})
	}
}

// anytime says whether a choice is that of a button that is never old.
func anytime(choice string) bool {
	what, which, _ := strings.Cut(choice, ":")
	switch what {
	case "language":
		return i18n.Language(which).Valid()
	case "reply":
		return validNumber(which)
	}
	return choice == "privacy"
}

func (t *turn) pressedAnytime(choice string) {
	what, which, _ := strings.Cut(choice, ":")
	switch what {
	case "language":
		t.Language = i18n.Language(which)
		t.say(i18n.T("language.chosen"))
		t.again()
	case "privacy":
		t.say(privacyNotice(t.procedure))
		t.again()
	case "reply":
		t.reply(cases.Number(which))
	}
}

// attached meets what is no text. Words under a file that is sent while the story is told are part of the story.
func (t *turn) attached(e Attached) {
	if said := clean(e.Caption); t.State == Problem && hasWords(said) {
		t.captioned(said)
		return
	}
	if steps[t.State] == nil {
		t.begin()
		return
	}
	switch e.Kind {
	case APhoto, ADocument, AVideo:
		t.nudge(t.withEmail(i18n.T("attached.file", "email", t.procedure.Email), i18n.T("attached.file-no-email")))
	case AVoice:
		t.nudge(i18n.T("attached.voice"))
	default:
		t.nudge(i18n.T("attached.other"))
	}
}

// refused tells why nothing came of an effect.
func (t *turn) refused(reason i18n.Text) {
	t.say(reason)
	if t.State == ReplyCheck {
		t.delete(cases.FieldText)
		t.resume()
		return
	}
	t.again()
}
