package conversation

import (
	"fmt"
	"maps"
	"math/rand/v2"
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
	strings.Repeat("😡", 2048), "<b>boos</b> & {number}",
}

// anything draws an event: mostly what people do, now and then what no client sends.
func anything(t *rapid.T, p *player) Event {
	switch rapid.IntRange(0, 12).Draw(t, "kind") {
	case 12:
		return onward(p.session)
	case 0, 1, 2:
		return Typed{rapid.SampledFrom(phrases).Draw(t, "phrase")}
	case 3:
		return Typed{rapid.String().Draw(t, "text")}
	case 4, 5, 6:
		if all := offered(p.session, p.procedure, p); len(all) > 0 {
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
		return Pressed{0, rapid.SampledFrom([]string{"reply:K-2026-0001", "reply:G-2026-0002", "reply:x", "language:nl", "privacy", ""}).Draw(t, "choice")}
	case 9:
		return Command{rapid.SampledFrom([]string{"help", "language", "status", "cancel", "start", "x"}).Draw(t, "command")}
	case 10:
		kind := rapid.SampledFrom([]string{APhoto, ADocument, AVoice, ASticker, ""}).Draw(t, "attached")
		return Attached{Kind: kind, Caption: rapid.SampledFrom([]string{"", "what I saw", "done"}).Draw(t, "caption")}
	}
	return rapid.SampledFrom([]Event{Started{"en"}, Shared{"31612345678"}, Shared{"nonsense"}}).Draw(t, "event")
}

// onward is what somebody does who files a complaint without looking back.
func onward(s Session) Event {
	choices := map[State]string{
		Consent: "agree", Declined: "agree", Menu: "file", Often: "once", Prior: no, Contact: "self", Summary: "right", Express: "formal",
		TalkCheck: "send", Resume: "on", Cancelling: no, Retell: no, ReplyCheck: "send",
	}
	typed := map[State]string{TalkTelephone: "06 12345678", Telephone: "06 12345678", Email: "noor@example.nl"}
	switch choice, text := choices[s.State], typed[s.State]; {
	case s.State == "":
		return Started{"nl"}
	case choice != "":
		return Pressed{s.Step, choice}
	case text != "":
		return Typed{text}
	case s.State == Problem && s.Story.Parts > 0:
		return Pressed{s.Step, done}
	}
	return Typed{"Sinds november, elke dinsdag"}
}

func TestNoSequenceOfEventsLosesAnAnswerOrMakesOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := newPlayer(t, rapid.SampledFrom([]string{"nl", "en", "pt", ""}).Draw(rt, "profile"))
		for range rapid.IntRange(0, 20).Draw(rt, "onward") {
			p.play(onward(p.session))
		}
		for range rapid.IntRange(1, 120).Draw(rt, "events") {
			event := anything(rt, p)
			before, parts := p.session, len(p.parts)
			erased := erases(p, event)
			p.now = p.now.Add(time.Minute)
			p.play(event)
			if wrong := wrong(before, p.session, event, erased); wrong != "" {
				rt.Fatalf("%#v in %s: %s\nfrom %+v\nto   %+v", event, before.State, wrong, before, p.session)
			}
			if !erased && len(p.parts) < parts {
				rt.Fatalf("%#v in %s lost a part of the story", event, before.State)
			}
			if size := sizeOf(p.session); size > 24_000 {
				rt.Fatalf("the session holds %d characters", size)
			}
		}
	})
}

// erases says whether an event is the wish to erase or the end of a draft: what was told may go then.
func erases(p *player, e Event) bool {
	press, ok := e.(Pressed)
	if !ok || press.Step != p.session.Step {
		return false
	}
	switch p.session.State {
	case Cancelling, Retell:
		return press.Choice == yes
	case Resume:
		return press.Choice == "again"
	case Express:
		return press.Choice == "formal"
	case TalkCheck:
		return press.Choice == "send"
	}
	return false
}

// wrong says what an event did to the answers that it should not have done.
func wrong(before, after Session, e Event, erased bool) string {
	if erased {
		return ""
	}
	open := steps[before.State]
	changed := changedFields(before.Answers, after.Answers)
	delete(changed, cases.FieldText) // words to the committee are theirs to drop at any time
	if open != nil {
		delete(changed, open.field)
	}
	if len(changed) > 0 {
		return fmt.Sprintf("changes %v", changed)
	}
	if before.State == Replying || before.State == ReplyCheck {
		return ""
	}
	same := maps.Equal(before.Answers, after.Answers)
	switch e := e.(type) {
	case Started, Command:
		if !same || before.Story != after.Story {
			return "what is no answer changes one"
		}
	case Attached:
		if !same || before.Story != after.Story && (before.State != Problem || !hasWords(clean(e.Caption))) {
			return "what is no answer changes one"
		}
	case Pressed:
		if e.Step != before.Step && (!same || before.Story != after.Story || e.Step != 0 && after.State != before.State && open != nil) {
			return "an old button changes something"
		}
	case Typed:
		if !hasWords(clean(e.Text)) && (!same || before.Story != after.Story) {
			return "what has no words is an answer"
		}
		if before.State == Problem && after.Story.Parts < before.Story.Parts {
			return "the story shrinks"
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
	size := length(s.Story.Excerpt)
	for field, value := range s.Answers {
		size += length(field) + length(value)
	}
	return size
}

// FuzzNext plays what the bytes say: whatever it is, nothing panics, and everything that is said can be said.
func FuzzNext(f *testing.F) {
	f.Add([]byte("abcdefghijklmnopqrstuvwxyz"), "Noor (invented)")
	f.Add([]byte{0, 0, 0, 9, 9, 9, 4, 5, 6}, "\x1fmoment:")
	f.Fuzz(func(t *testing.T, script []byte, text string) {
		p := newPlayer(t, text)
		for _, b := range script[:min(len(script), 200)] {
			switch all := offered(p.session, p.procedure, p); {
			case b < 100 && len(all) > 0:
				chosen := all[int(b)%len(all)]
				p.play(Pressed{chosen.Step, chosen.Choice})
			case b < 150:
				p.play(Typed{text})
			case b < 200:
				p.play(Typed{phrases[int(b)%len(phrases)]})
			case b < 210:
				p.play(Pressed{int(b) % 3, text})
			case b < 220:
				p.play(Command{text})
			default:
				p.play([]Event{Started{text}, Shared{text}, Attached{text, text}, Command{"cancel"}, Command{"status"}}[int(b)%5])
			}
			checkSaid(t, p, "fuzz")
		}
	})
}

// BenchmarkNext is one step of a whole formal complaint: a press or an answer, without saying it in words.
func BenchmarkNext(b *testing.B) {
	p := newPlayer(b, "nl")
	var sessions []Session
	var events []Event
	for len(p.filed) == 0 {
		e := onward(p.session)
		sessions, events = append(sessions, p.session), append(events, e)
		p.play(e)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		at := i % len(events)
		Next(procedure, sessions[at], events[at], p.now)
	}
}

// BenchmarkNextAndSay is the same with every sentence said.
func BenchmarkNextAndSay(b *testing.B) {
	p := newPlayer(b, "nl")
	p.play(Started{"nl"})
	p.play(Pressed{p.session.Step, "agree"})
	p.play(Pressed{p.session.Step, "file"})
	b.ReportAllocs()
	names := []string{"Noor (invented)", "Sam (invented)"}
	for b.Loop() {
		_, effects := Next(procedure, p.session, Typed{names[rand.IntN(2)]}, p.now)
		for _, e := range effects {
			if said, ok := e.(Say); ok {
				said.Text.In(i18n.Dutch)
				for _, row := range said.Buttons {
					for _, button := range row {
						button.Text.In(i18n.Dutch)
					}
				}
			}
		}
	}
}
