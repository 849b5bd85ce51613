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
			all = append(all, h.line(e))
		}
	}
	return strings.Join(all, "\n")
}

// line is an event of the clock on one line.
func (h *house) line(e cases.Event) string {
	return h.Procedure().In(e.At).Format("02/01 15:04 ") + e.Data["milestone"] + ">" + e.Data["to"]
}

// due turns the clock to when something of a case is due next, if that is before an instant.
func (h *house) due(t *testing.T, number cases.Number, until time.Time) bool {
	t.Helper()
	var next *time.Time
	if err := h.pool.QueryRow(t.Context(), `SELECT next_tick FROM cases WHERE number = $1`, number).Scan(&next); err != nil {
		t.Fatal(err)
	}
	if next == nil || !next.Before(until) {
		return false
	}
	h.now = *next
	return true
}

func TestClockTellsOfAnUntouchedCaseWhatItsTimelineForetells(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	c, err := h.Case(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	until := sunday.AddDate(0, 2, 0)
	var want []string
	for _, e := range h.Procedure().Timeline(c, cases.Staff{}, h.now, until) {
		want = append(want, h.line(e))
	}
	for h.due(t, number, until) {
		h.tick(t)
	}
	if got := h.told(t, number); got != strings.Join(want, "\n") || len(want) < 30 {
		t.Errorf("told\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

func TestAfterANightOffEachIsToldOnceAndNobodyForgotten(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	h.now = time.Date(2026, 12, 6, 17, 30, 0, 0, time.UTC) // Sunday evening, half past six in Amsterdam
	h.tick(t)
	if got, want := h.told(t, number), "06/12 18:30 decided>complainant"; got != want {
		t.Fatalf("told\n%s\nwant\n%s", got, want)
	}
	h.now = h.now.Add(14 * time.Hour)
	h.tick(t)
	h.tick(t)
	seen := map[string]bool{}
	for _, line := range strings.Split(h.told(t, number), "\n")[1:] {
		_, to, _ := strings.Cut(line, ">")
		if !strings.HasPrefix(line, "07/12 08:30 ") || seen[to] {
			t.Errorf("told %s", line)
		}
		seen[to] = true
	}
	if !seen["member:U1ANN"] || seen["complainant"] {
		t.Errorf("in the morning %v are told", seen)
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
