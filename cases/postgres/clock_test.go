package postgres_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// tick lets two processes look at the same time what is due.
func (h *house) tick(t *testing.T) {
	t.Helper()
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			for {
				n, err := h.Tick(t.Context(), 10)
				if err != nil {
					t.Error(err)
				}
				if n == 0 {
					return
				}
			}
		})
	}
	both.Wait()
}

// told lists what the clock said of a case: the milestones by the events.
func (h *house) told(t *testing.T, number cases.Number) string {
	t.Helper()
	f, err := h.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range f.Events {
		if e.By == cases.TheClock {
			all = append(all, h.Procedure().In(e.At).Format("02/01 15:04 ")+e.Data["milestone"]+">"+e.Data["to"])
		}
	}
	return strings.Join(all, "\n")
}

func TestUntouchedCaseIsNeverSilent(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	for h.now.Before(sunday.AddDate(0, 0, 24)) {
		h.tick(t)
		h.now = h.now.Add(time.Hour)
	}
	want := strings.TrimSpace(`
24/11 08:15 unowned>board
25/11 08:15 unowned>board
26/11 08:15 unowned>board
27/11 08:15 ahead>board
30/11 08:15 unowned>board
01/12 08:15 unowned>board
02/12 08:15 unowned>board
03/12 08:15 ahead>board
04/12 08:15 last-day>board
06/12 18:15 tell-late>complainant
07/12 08:15 unowned>board
08/12 08:15 unowned>board
09/12 08:15 owe>board
09/12 18:15 tell-still>complainant
10/12 08:15 unowned>board
11/12 08:15 unowned>board
14/12 08:15 unowned>board
15/12 08:15 unowned>board
16/12 08:15 owe>board`)
	if got := h.told(t, number); got != want {
		t.Errorf("told\n%s\nwant\n%s", got, want)
	}
}

func TestAfterANightOffEachIsToldOnceAndNobodyForgotten(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	h.now = time.Date(2026, 12, 6, 17, 30, 0, 0, time.UTC) // Sunday evening, half past six in Amsterdam
	h.tick(t)
	h.now = h.now.Add(14 * time.Hour)
	h.tick(t)
	h.tick(t)
	want := "06/12 18:30 tell-late>complainant\n07/12 08:30 last-day>member:U1ANN"
	if got := h.told(t, number); got != want {
		t.Errorf("told\n%s\nwant\n%s", got, want)
	}
}

func TestTheClockIsSilentAboutAClosedCase(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	if _, err := h.Change(t.Context(), postgres.Claim{}, number, func(c *cases.Case, now time.Time) error {
		return c.End(ann, cases.Closing{Outcome: cases.Settled, Solution: "agreed"}, h.Procedure(), now)
	}); err != nil {
		t.Fatal(err)
	}
	h.now = h.now.AddDate(0, 1, 0)
	h.tick(t)
	if got := h.told(t, number); got != "" {
		t.Errorf("told %s", got)
	}
}

func TestCaseThatCanNotBeTickedDoesNotHoldUpTheOthers(t *testing.T) {
	h := newHouse(t)
	broken, sound := h.file(t, 7001), h.file(t, 7002)
	// What was done to this row can't be saved again.
	if _, err := h.pool.Exec(t.Context(), `ALTER TABLE told ADD CONSTRAINT broken CHECK (case_id <> (1))`); err != nil {
		t.Fatal(err)
	}
	h.now = h.now.AddDate(0, 0, 3)
	h.tick(t)
	if got := h.told(t, sound); got == "" {
		t.Error("the clock is silent about the sound case")
	}
	if got := h.told(t, broken); got != "" {
		t.Errorf("half of it was kept: %s", got)
	}
}
