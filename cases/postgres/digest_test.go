package postgres_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// digests lists the overviews that wait, by their days.
func (h *house) digests(t *testing.T) string {
	t.Helper()
	var days []string
	for _, o := range h.waiting(t) {
		if o.Digest != "" {
			days = append(days, strings.TrimPrefix(o.Lane, postgres.LaneSlack)+" "+o.Digest)
		}
	}
	return strings.Join(days, ", ")
}

func TestOverviewIsQueuedOnceOnAWorkingDay(t *testing.T) {
	h := newHouse(t)
	for _, one := range []struct {
		at, want string
	}{
		{"2026-12-24 09:00", "digest 2026-12-24"},
		{"2026-12-25 09:00", ""}, // Christmas
		{"2026-12-27 11:00", ""}, // Sunday
		{"2026-12-28 14:30", "digest 2026-12-28"},
		{"2026-12-29 18:00", ""}, // after a day without the program
		{"2026-12-30 06:00", "digest 2026-12-30"},
	} {
		var err error
		if h.now, err = time.ParseInLocation("2006-01-02 15:04", one.at, h.Procedure().Location()); err != nil {
			t.Fatal(err)
		}
		var together sync.WaitGroup
		for _, store := range []*postgres.Store{h.Store, h.beside(t, 3*time.Minute), h.beside(t, 0)} {
			together.Go(func() {
				if err := store.QueueDigest(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		together.Wait()
		if got := h.digests(t); got != one.want {
			t.Errorf("at %s: %q is queued, want %q", one.at, got, one.want)
		}
		for _, o := range h.waiting(t) {
			if err := h.Settle(t.Context(), []postgres.Result{{Out: o, State: cases.Sent}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.QueueDigest(t.Context()); err != nil || h.digests(t) != "" {
			t.Errorf("at %s it is queued anew after it was sent: %v", one.at, err)
		}
	}
}

func TestOverviewCountsAllAndListsWhatEverybodyMaySee(t *testing.T) {
	h := newHouse(t)
	file := func(days int, owner *cases.Person, excluded ...cases.Person) cases.Number {
		t.Helper()
		now := h.now
		h.now = now.AddDate(0, 0, -days)
		number := h.file(t, 7001)
		if owner != nil {
			h.take(t, number, *owner)
		}
		for _, who := range excluded {
			h.change(t, number, func(c *cases.Case, now time.Time) error {
				return c.Screen([]cases.Suspect{{Member: who.Member, Words: "x", Strength: cases.Likely}}, true, h.Procedure(), now)
			})
		}
		h.now = now
		return number
	}
	h.now = time.Date(2026, 12, 15, 8, 0, 0, 0, time.UTC) // a Tuesday
	file(1, nil)                                          // not screened
	sunday, overdue, gone := file(9, &ann), file(15, &ann), file(3, &bob)
	file(8, &ann)       // its last day is next Monday
	file(10, &ann, bob) // this week, and not for bob
	today := file(14, &ann)
	closed := file(10, &ann)
	h.change(t, closed, func(c *cases.Case, now time.Time) error {
		return c.End(ann, cases.Closing{Outcome: cases.Settled, Solution: "agreed"}, h.Procedure(), now)
	})
	if err := h.SetGone(t.Context(), bob.Member, true); err != nil {
		t.Fatal(err)
	}
	d, err := h.Digest(t.Context(), h.now)
	if err != nil {
		t.Fatal(err)
	}
	if d.Open != 7 || d.DueThisWeek != 3 || d.Overdue != 1 || d.Unowned != 2 {
		t.Errorf("open %d, due this week %d, overdue %d, unowned %d", d.Open, d.DueThisWeek, d.Overdue, d.Unowned)
	}
	lines := func(all []postgres.DigestLine) (text string) {
		for _, l := range all {
			text += fmt.Sprintf("%s %s %s;", l.Number, h.Procedure().In(l.Last).Format("02/01"), l.Owner)
		}
		return text
	}
	for got, want := range map[string]string{
		lines(d.DueThisWeekOf): fmt.Sprintf("%s 15/12 U1ANN;%s 20/12 U1ANN;", today, sunday),
		lines(d.OverdueOf):     fmt.Sprintf("%s 14/12 U1ANN;", overdue),
		lines(d.UnownedOf):     fmt.Sprintf("%s 26/12 U2BOB;", gone),
	} {
		if got != want {
			t.Errorf("listed %s, want %s", got, want)
		}
	}
}
