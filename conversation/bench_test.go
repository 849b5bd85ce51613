package conversation

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"websec.nl/gehoor/i18n"
)

// complaint is each step of a whole formal complaint: the session before it and the event.
func complaint(b *testing.B) (sessions []Session, events []Event, p *player) {
	p = newPlayer(b, i18n.Dutch)
	for len(p.filed) == 0 {
		e := onward(p.session)
		sessions, events = append(sessions, p.session), append(events, e)
		p.play(e)
	}
	return sessions, events, p
}

// BenchmarkNext is one step of a whole formal complaint: a press or an answer, without saying it in words.
func BenchmarkNext(b *testing.B) {
	sessions, events, p := complaint(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		at := i % len(events)
		Next(procedure, sessions[at], events[at], p.now)
	}
}

// BenchmarkSession is what it takes to read and to write a session at its summary, and how large it is.
func BenchmarkSession(b *testing.B) {
	sessions, _, _ := complaint(b)
	s := sessions[len(sessions)-2]
	kept, _ := json.Marshal(s)
	b.ReportAllocs()
	for b.Loop() {
		var back Session
		if err := json.Unmarshal(kept, &back); err != nil {
			b.Fatal(err)
		}
		if _, err := json.Marshal(back); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(kept)), "bytes")
}

// BenchmarkNextAndSay is a step with every sentence said.
func BenchmarkNextAndSay(b *testing.B) {
	p := newPlayer(b, i18n.Dutch)
	for p.session.State != Name {
		p.play(onward(p.session))
	}
	b.ReportAllocs()
	names := []string{"Noor (invented)", "Sam (invented)"}
	for b.Loop() {
		_, effects := Next(procedure, p.session, Typed{Text: names[rand.IntN(2)]}, p.now)
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
