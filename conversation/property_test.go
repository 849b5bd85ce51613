package conversation

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// phrases are what people type, beside anything at all.
var phrases = []string{
	"Noor (invented)", "hello?", "hallo", "klaar", "done", "nee", "yes", "no idea", "06 12345678", "+32 470 12 34 56",
	"noor@example.com", "noor@", "/start", "👍", "  ", "\x1fonce", "...", "twee keer", strings.Repeat("lang ", 800), "é\u0301\u202etxt",
	strings.Repeat("😡", 2048), "<b>boos</b> & {number}", "vorige week dinsdag", "since 3 November", "12", "In de zaal",
}

// procedures are the ones that are played: the built-in one, and one with questions of its own.
func procedures(t testing.TB) []*cases.Procedure {
	other, err := cases.LoadProcedure("testdata/procedure/own.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return []*cases.Procedure{procedure, other}
}

// anything draws an event: mostly what people do, now and then what no client sends.
func anything(t *rapid.T, p *player) Event {
	switch rapid.IntRange(0, 14).Draw(t, "kind") {
	case 12:
		return onward(p.session)
	case 0, 1, 2:
		return Typed{Text: rapid.SampledFrom(phrases).Draw(t, "phrase")}
	case 3:
		return Typed{Text: rapid.String().Draw(t, "text")}
	case 4, 5, 6:
		if all := offered(p.session, p); len(all) > 0 {
			b := rapid.SampledFrom(all).Draw(t, "button")
			return Pressed{b.Step, b.Choice}
		}
		return Started{"nl"}
	case 7:
		if len(p.buttons) > 0 {
			b := rapid.SampledFrom(p.buttons[max(0, len(p.buttons)-30):]).Draw(t, "old button")
			return Pressed{b.Step, b.Choice}
		}
		return Pressed{rapid.Int().Draw(t, "step"), rapid.String().Draw(t, "choice")}
	case 8:
		return Pressed{0, rapid.SampledFrom([]string{
			"reply:K-2026-0001", "reply:G-2026-0002", "reply:x", "language:nl", "privacy", "", "add:K-2026-0001", "contact:K-2026-0001",
			"withdraw:K-2026-0001", "agree:K-2026-0001:4", "agree:K-2026-0001:7", "object:K-2026-0001:4", "object:K-2026-0001", "rate:K-2026-0001", "case:K-2026-0001", "menu", "cases",
			"helped:G-2026-0001:no", "helped:G-2026-0001:yes",
		}).Draw(t, "choice")}
	case 9:
		return Command{rapid.SampledFrom([]string{"help", "language", "status", "cancel", "start", "menu", "mydata", "forgetme", "x"}).Draw(t, "command")}
	case 10:
		kind := rapid.SampledFrom([]string{APhoto, ADocument, AVoice, AVideo, ASticker, ""}).Draw(t, "attached")
		return Attached{Kind: kind, Caption: rapid.SampledFrom([]string{"", "what I saw", "done"}).Draw(t, "caption"), File: kinds[kind]}
	case 11:
		if len(p.typed) > 0 {
			m := rapid.SampledFrom(p.typed).Draw(t, "changed")
			return Edited{Message: m.Message, Text: rapid.SampledFrom(phrases).Draw(t, "into")}
		}
	case 13:
		return Waited{}
	}
	return rapid.SampledFrom([]Event{
		Started{"en"}, Followed{"en", "write-up"}, Followed{"nl", "write-up of another"}, Followed{"", "nonsense"}, Shared{Telephone: "31612345678"}, Shared{Telephone: "nonsense"}, Spoiled{Name: "x", Why: i18n.Plain("y")},
	}).Draw(t, "event")
}

// onward is what somebody does who files a complaint without looking back.
func onward(s Session) Event {
	choices := map[State]string{
		Consent: "agree", Declined: "agree", Menu: "file", For: "self", WhenCheck: yes, WhenFrom: "only", WhenUntil: "same", Often: "once",
		Prior: no, Contact: "self", Conflict: "nobody", Summary: "right", Express: "formal", Retell: no,
		TalkOne: no, TalkFirst: no, TalkMoment: "soon", TalkCheck: send,
		Resume: "on", Earlier: yes, Instead: drop, Cancelling: no, Forgetting: no, ReplyCheck: send, ObjectCheck: send, Adding: done,
		NewContact: drop, NewCheck: yes, Approving: "right", Correcting: drop, Disowning: no, Withdrawing: no, WithdrawReason: no, Agreeing: yes, RateHandled: yes, RateSolved: yes, RateWhy: skip,
		"own_location": "pick:hall", "own_visit": skip, "own_receipt": skip,
	}
	typed := map[State]string{
		TalkTelephone: "06 12345678", Telephone: "06 12345678", Email: "noor@example.nl", TalkEmail: "noor@example.nl",
		NewTelephone: "06 12345678", NewEmail: "noor@example.nl", "own_people": "12",
	}
	switch choice, text := choices[s.State], typed[s.State]; {
	case s.State == "":
		return Started{"nl"}
	case s.State == WhenFrom && s.Answers[cases.FieldWhen] == "":
		return Pressed{s.Step, back}
	case choice != "":
		return Pressed{s.Step, choice}
	case text != "":
		return Typed{Text: text}
	case s.State == Problem && s.Story.Parts > 0:
		return Pressed{s.Step, done}
	}
	return Typed{Text: "Sinds november, elke dinsdag"}
}

func TestNoSequenceOfEventsLosesAnAnswerOrMakesOne(t *testing.T) {
	all := procedures(t)
	rapid.Check(t, func(rt *rapid.T) {
		p := newPlayer(t, rapid.SampledFrom(i18n.Languages).Draw(rt, "profile"))
		p.quick = true
		p.procedure = rapid.SampledFrom(all).Draw(rt, "procedure")
		p.written = writeUp(i18n.Dutch)
		for range rapid.IntRange(0, 25).Draw(rt, "onward") {
			p.play(onward(p.session))
		}
		for range rapid.IntRange(1, 80).Draw(rt, "events") {
			event := p.numbered(anything(rt, p))
			before, parts, files := p.session, len(p.parts), len(p.files)
			erased := erases(p, event)
			p.now = p.now.Add(time.Minute)
			p.said = nil
			p.step(event)
			if wrong := wrong(p, before, event, erased); wrong != "" {
				rt.Fatalf("%#v in %s: %s\nfrom %+v\nto   %+v", event, before.State, wrong, before, p.session)
			}
			if !erased && (len(p.parts) < parts || len(p.files) < files) {
				rt.Fatalf("%#v in %s lost a part of the story", event, before.State)
			}
			if size := sizeOf(p.session); size > 40_000 {
				rt.Fatalf("the session holds %d characters", size)
			}
		}
	})
}

// erases says whether an event is the wish to erase or the end of a draft: what was told may go then.
func erases(p *player, e Event) bool {
	press, ok := e.(Pressed)
	if typed, is := e.(Typed); is {
		return p.session.State == Retell && isYes(typed.Text) || p.session.State == Consent && isNo(typed.Text)
	}
	if !ok || press.Step != p.session.Step {
		return false
	}
	switch p.session.State {
	case Consent:
		return press.Choice == "decline"
	case Cancelling, Retell, Forgetting:
		return press.Choice == yes
	case Resume:
		return press.Choice == "again"
	case Express:
		return press.Choice == "formal"
	case TalkCheck:
		return press.Choice == send
	}
	return false
}

// wrong says what an event did to the answers that it should not have done.
func wrong(p *player, before Session, e Event, erased bool) string {
	after, f := p.session, flowOf(p.procedure)
	if erased {
		return ""
	}
	open := f.step(before.State)
	changed := changedFields(before.Answers, after.Answers)
	for _, filled := range []string{fieldCall, fieldMail, fieldAbout} { // from what was told elsewhere, where it was empty
		if before.Answers[filled] == "" {
			delete(changed, filled)
		}
	}
	if open != nil {
		delete(changed, open.field)
		if open.field == cases.FieldContact {
			for _, filled := range []string{cases.FieldTelephone, cases.FieldEmail} {
				if before.Answers[filled] == "" {
					delete(changed, filled)
				}
			}
		}
	}
	if edited, ok := e.(Edited); ok {
		maps.DeleteFunc(changed, func(field string, _ bool) bool { return before.Messages[field] == edited.Message })
	}
	if press, ok := e.(Pressed); ok && strings.HasPrefix(press.Choice, "helped:") { // fills in what is empty
		maps.DeleteFunc(changed, func(field string, _ bool) bool { return before.Answers[field] == "" })
	}
	if before.State == NewCheck && len(before.Aside) > 0 && len(after.Aside) == 0 { // where they can be reached was changed
		for _, field := range []string{fieldCall, fieldMail, cases.FieldTelephone, cases.FieldEmail} {
			if before.Messages[field] == 0 {
				delete(changed, field)
			}
		}
	}
	if lost := lostLetter(before, after, e); lost != "" {
		return "throws away what was not sent: " + lost
	}
	if len(changed) > 0 {
		return fmt.Sprintf("changes %v", changed)
	}
	return notAnAnswer(before, after, e, open, f)
}

// notAnAnswer says what something that is no answer changed.
func notAnAnswer(before, after Session, e Event, open *step, f *flow) string {
	same := maps.Equal(before.Answers, after.Answers)
	story := before.Story.Parts == after.Story.Parts && before.Story.Files == after.Story.Files && before.Story.Excerpt == after.Story.Excerpt
	switch e := e.(type) {
	case Started, Followed, Command, Waited:
		if !same || !story {
			return "what is no answer changes one"
		}
	case Attached:
		if e.File.ID == "" && (!same || !story) {
			return "what is no answer changes one"
		}
	case Edited:
		known := slices.Contains(slices.Collect(maps.Values(before.Messages)), e.Message)
		if !known && !same {
			return "a message that was no answer became one"
		}
	case Pressed:
		if e.Step != before.Step && e.Step != 0 && (!same || !story || after.State != before.State && open != nil) {
			return "an old button changes something"
		}
	case Typed:
		if !hasWords(clean(e.Text)) && (!same || !story) {
			return "what has no words is an answer"
		}
		if before.State == Problem && after.Story.Parts < before.Story.Parts {
			return "the story shrinks"
		}
	}
	return ""
}

// lostLetter says what was begun for a case and is neither sent nor kept, though nobody threw it away.
func lostLetter(before, after Session, e Event) string {
	gone := map[State][]string{
		ReplyCheck: {send, "rewrite", drop}, ObjectCheck: {send, "rewrite", drop}, Agreeing: {yes, drop}, Cancelling: {yes}, Forgetting: {yes},
		NewCheck: {yes, drop}, NewContact: {drop}, RateHandled: {drop}, RateSolved: {drop}, RateWhy: {skip, drop},
	}
	switch e := e.(type) {
	case Pressed:
		if e.Step == before.Step && slices.Contains(gone[before.State], e.Choice) {
			return ""
		}
	case Typed:
		if before.State == RateWhy || (before.State == Agreeing || before.State == NewCheck) && isYes(clean(e.Text)) {
			return ""
		}
	case Attached: // the words under it are heard like others
		if before.State == RateWhy {
			return ""
		}
	case Waited:
		return ""
	case Edited: // of the words themselves
		return ""
	}
	now := lettersOf(after)
	for what, aside := range lettersOf(before) {
		kept, there := now[what]
		if !there || !strings.HasPrefix(kept[cases.FieldText], aside[cases.FieldText]) {
			return what
		}
	}
	return ""
}

func changedFields(a, b cases.Words) map[string]bool {
	changed := map[string]bool{}
	for field, value := range a {
		if b[field] != value {
			changed[field] = true
		}
	}
	for field, value := range b {
		if a[field] != value {
			changed[field] = true
		}
	}
	return changed
}

func sizeOf(s Session) int {
	kept, _ := json.Marshal(s)
	return length(string(kept))
}

// FuzzNext plays what the bytes say: whatever it is, nothing panics, and everything that is said can be said.
func FuzzNext(f *testing.F) {
	f.Add([]byte("abcdefghijklmnopqrstuvwxyz"), "Noor (invented)")
	f.Add([]byte{0, 0, 0, 9, 9, 9, 4, 5, 6, 220, 221, 222, 223, 224, 225, 226, 227, 228}, "\x1fmoment:")
	all := procedures(f)
	f.Fuzz(func(t *testing.T, script []byte, text string) {
		p := newPlayer(t, i18n.Closest(text))
		p.written = writeUp(i18n.English)
		p.procedure = all[len(text)%len(all)]
		for _, b := range script[:min(len(script), 200)] {
			p.now = p.now.Add(20 * time.Second)
			switch offered := offered(p.session, p); {
			case b < 100 && len(offered) > 0:
				chosen := offered[int(b)%len(offered)]
				p.play(Pressed{chosen.Step, chosen.Choice})
			case b < 140:
				p.play(Typed{Text: text})
			case b < 190:
				p.play(Typed{Text: phrases[int(b)%len(phrases)]})
			case b < 200:
				p.play(Edited{Message: int64(b) % max(1, p.message), Text: text})
			case b < 210:
				p.play(Pressed{int(b) % 3, text})
			case b < 220:
				p.play(Command{text})
			default:
				p.play([]Event{
					Started{text}, Shared{Telephone: text}, Attached{Kind: text, Caption: text, File: kinds[APhoto]}, Command{"cancel"}, Command{"status"},
					Attached{Kind: APhoto, Caption: text, File: cases.Attachment{ID: "x", Name: text, Size: int64(b) << 18}}, Waited{}, Command{"forgetme"},
					Spoiled{Name: text, Why: i18n.Plain(text)}, Pressed{0, "object:K-2026-0001:4"}, Followed{text, "write-up"}, Followed{"", text},
				}[int(b)%12])
			}
			if len(p.said) > 0 {
				checkSaid(t, p, i18n.Languages, "fuzz")
			}
		}
	})
}
