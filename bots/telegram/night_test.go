package telegram_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
)

// turnTo turns the clock forward to an instant of the organisation's zone.
func (s *stage) turnTo(text string) {
	s.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, s.store.Procedure().Location())
	if err != nil {
		s.t.Fatal(err)
	}
	s.Clock().Advance(at.Sub(s.Clock().Now()))
}

// The word that a complaint is late can't be delivered in the evening: it comes in the morning, not at night. Who types at night
// is answered at once all the same, and reads what that word says.
func TestWhatTheClockTellsWaitsForTheMorningAndTheConversationDoesNot(t *testing.T) {
	t.Parallel()
	begun, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-22 10:15", cases.DefaultProcedure().Location())
	if err != nil {
		t.Fatal(err)
	}
	s := newStageOf(t, false, cases.DefaultProcedure(), playground.Options{Clock: playground.NewClock(begun)})
	p := &person{stage: s, id: noor}
	p.complain()
	s.acts("K-2026-0001")
	s.until("all of that is said", func() bool { return s.counted(`state = 'queued' AND lane LIKE 'telegram/%'`) == 0 })
	s.Telegram().Fail(func(method string, _ *playground.Params) *playground.Failure {
		if method != "sendMessage" {
			return nil
		}
		return &playground.Failure{Status: http.StatusBadGateway, Description: "Bad Gateway"}
	})
	s.turnTo("2026-12-06 18:00")
	if _, err := s.store.Tick(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	const late = `kind = 'late' AND recipient = 'chat'`
	s.until("it was tried in the evening", func() bool { return s.counted(late+` AND attempts > 0`) == 1 })
	s.turnTo("2026-12-07 03:00")
	s.Telegram().Fail(nil)
	s.until("it waits for the morning", func() bool {
		return s.counted(late+` AND state = 'queued' AND not_before BETWEEN '2026-12-07 07:59:59+01' AND '2026-12-07 08:00:01+01'`) == 1
	})
	p.types("/status")
	p.hears("Wij zijn u een uitleg schuldig. Uiterlijk woensdag 9 december 2026 hoort u van ons.")
	const said = "Wij zijn u een uitleg schuldig. Uiterlijk woensdag 9 december 2026 hoort u van ons waarom"
	for _, m := range s.Telegram().Messages(noor) {
		if strings.Contains(m.Text, said) {
			t.Fatal("it is said at night")
		}
	}
	s.turnTo("2026-12-07 08:01")
	p.hears(said)
	s.until("that is on record", func() bool { return s.counted(late+` AND state = 'sent'`) == 1 })
}

// counted is how many rows of the outbox there are.
func (s *stage) counted(which string) (n int) {
	s.t.Helper()
	if err := s.pool.QueryRow(s.t.Context(), `SELECT count(*) FROM outbox WHERE `+which).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}
