package postgres_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// away lists who is away at this moment or later, on one line each.
func (h *house) away(t *testing.T) (lines []string) {
	t.Helper()
	all, err := h.Absences(t.Context(), h.now)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		line := fmt.Sprintf("%s %s", a.Member, a.From.UTC().Format("02/01 15:04"))
		switch {
		case a.Gone:
			line += " gone"
		case !a.Until.IsZero():
			line += a.Until.UTC().Format(" 02/01 15:04")
		}
		lines = append(lines, line)
	}
	return lines
}

func TestAbsenceIsSetJoinedAndEnded(t *testing.T) {
	h := newHouse(t)
	days := func(n int) time.Time { return h.now.AddDate(0, 0, n) }
	set := func(member cases.Member, from, until time.Time) {
		t.Helper()
		if _, err := h.SetAway(t.Context(), member, from, until, member); err != nil {
			t.Fatal(err)
		}
	}
	is := func(want ...string) {
		t.Helper()
		if got := h.away(t); !slices.Equal(got, want) {
			t.Errorf("away: %q, want %q", got, want)
		}
	}
	set(ann.Member, days(-1), days(3))
	set(ann.Member, days(2), days(5)) // it has a part in common with the one before
	set(ann.Member, days(9), days(12))
	set(bob.Member, days(0), time.Time{})
	is("U1ANN 21/11 09:15 27/11 09:15", "U1ANN 01/12 09:15 04/12 09:15", "U2BOB 22/11 09:15")
	if _, err := h.SetAway(t.Context(), ann.Member, days(3), days(3), ann.Member); err == nil {
		t.Error("an absence of no time is taken")
	}
	h.now = days(4)
	for n, want := range []bool{true, false} {
		if was, err := h.Back(t.Context(), ann.Member, cor.Member); err != nil || was != want {
			t.Errorf("back for the %dth time: %t, %v", n+1, was, err)
		}
	}
	is("U2BOB 22/11 09:15")
	for range 2 {
		if err := h.SetGone(t.Context(), bob.Member, true); err != nil {
			t.Fatal(err)
		}
	}
	if was, err := h.Back(t.Context(), bob.Member, bob.Member); err != nil || !was {
		t.Errorf("back: %t, %v", was, err)
	}
	is("U2BOB 26/11 09:15 gone")
	if err := h.SetGone(t.Context(), bob.Member, false); err != nil {
		t.Fatal(err)
	}
	is()
	h.now = days(6)
	if err := h.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := h.count(t, "absence"); n != 0 {
		t.Errorf("%d are kept that are over", n)
	}
}

func TestWhoIsAwayIsSoOnEveryDayThatWasSaid(t *testing.T) {
	day := func(n int) time.Time { // none: nobody knows
		if n == 0 {
			return time.Time{}
		}
		return time.Date(2026, 12, n, 0, 0, 0, 0, time.UTC)
	}
	for _, c := range []struct {
		said [][2]int // from and until, in December; said on the 5th
		want []string
	}{
		{[][2]int{{1, 11}, {9, 21}}, []string{"01/12 21/12"}},
		{[][2]int{{9, 21}, {1, 11}}, []string{"01/12 21/12"}},
		{[][2]int{{1, 11}, {11, 15}}, []string{"01/12 15/12"}},
		{[][2]int{{1, 21}, {9, 12}}, []string{"01/12 21/12"}},
		{[][2]int{{9, 12}, {1, 21}}, []string{"01/12 21/12"}},
		{[][2]int{{1, 11}, {12, 15}}, []string{"01/12 11/12", "12/12 15/12"}},
		{[][2]int{{6, 8}, {10, 12}, {14, 16}, {7, 15}}, []string{"06/12 16/12"}},
		{[][2]int{{1, 11}, {9, 0}}, []string{"01/12"}},
		{[][2]int{{9, 0}, {1, 11}}, []string{"01/12"}},
		{[][2]int{{1, 4}, {3, 8}}, []string{"03/12 08/12"}}, // they came back between, and it is over
	} {
		h := newHouse(t)
		h.now = day(5)
		var last string
		for _, s := range c.said {
			held, err := h.SetAway(t.Context(), ann.Member, day(s[0]), day(s[1]), ann.Member)
			if err != nil {
				t.Fatal(err)
			}
			last = absent(held)
		}
		all, err := h.Absences(t.Context(), h.now)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range all {
			got = append(got, absent(a))
		}
		if !slices.Equal(got, c.want) || !slices.Contains(got, last) {
			t.Errorf("%d are %q, want %q; the last was answered with %q", c.said, got, c.want, last)
		}
	}
}

// absent is an absence by its days.
func absent(a cases.Absence) string {
	if a.Until.IsZero() {
		return a.From.UTC().Format("02/01")
	}
	return a.From.UTC().Format("02/01") + a.Until.UTC().Format(" 02/01")
}

func TestOfOneWhoIsSetAwayFromSeveralSidesAtOnceOneAbsenceHolds(t *testing.T) {
	h := newHouse(t)
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			if _, err := h.SetAway(t.Context(), ann.Member, h.now, h.now.AddDate(0, 0, n+1), ann.Member); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := h.away(t); len(got) != 1 {
		t.Errorf("away: %q", got)
	}
}

// covered lists when and to whom the clock said that the owner of a case is away.
func (h *house) covered(t *testing.T, number cases.Number) (all []string) {
	t.Helper()
	f, err := h.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range f.Events {
		if e.Data["milestone"] == string(cases.MilestoneCovered) {
			all = append(all, h.line(e))
		}
	}
	return all
}

func TestCaseOfSomebodyWhoIsAwayIsCoveredWhoeverSavedItWithoutKnowing(t *testing.T) {
	h := newHouse(t)
	other := h.under(t, h.Procedure(), nil) // it knows that nobody is away
	mine, theirs, closed := h.file(t, 7001), h.file(t, 7002), h.file(t, 7003)
	for _, number := range []cases.Number{mine, theirs, closed} {
		h.take(t, number, ann)
	}
	h.change(t, closed, func(c *cases.Case, now time.Time) error {
		return c.End(ann, cases.Closing{Outcome: cases.Settled, Solution: "agreed"}, h.Procedure(), now)
	})
	if _, err := h.SetAway(t.Context(), ann.Member, h.now, h.now.AddDate(0, 0, 10), ann.Member); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Change(t.Context(), postgres.Claim{}, theirs, func(c *cases.Case, now time.Time) error {
		return c.Speak(ann, now, "note", "steps", now)
	}); err != nil {
		t.Fatal(err)
	}
	for range 3 { // on Sunday nobody is told; and it is looked at once
		if n, err := other.Tick(t.Context(), 10); err != nil {
			t.Fatal(n, err)
		}
	}
	if n, err := other.Tick(t.Context(), 10); n != 0 || err != nil {
		t.Errorf("%d cases are looked at again and again, %v", n, err)
	}
	h.now = time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	h.tick(t)
	for number, want := range map[cases.Number][]string{mine: {"23/11 08:00 covered>board"}, theirs: {"23/11 08:00 covered>board"}, closed: nil} {
		if got := h.covered(t, number); !slices.Equal(got, want) {
			t.Errorf("%s: told %q, want %q", number, got, want)
		}
	}
}

func TestNobodyCoversForWhoIsSoonBack(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	h.now = monday
	if _, err := h.SetAway(t.Context(), ann.Member, h.now, h.now.Add(8*time.Hour), ann.Member); err != nil {
		t.Fatal(err)
	}
	h.tick(t)
	if n, err := h.Tick(t.Context(), 10); n != 0 || err != nil {
		t.Errorf("%d cases are looked at again and again, %v", n, err)
	}
	if got := h.covered(t, number); len(got) != 0 {
		t.Errorf("told %q", got)
	}
	if err := h.SetGone(t.Context(), ann.Member, true); err != nil { // and now they are not
		t.Fatal(err)
	}
	h.tick(t)
	if got := h.covered(t, number); len(got) != 1 {
		t.Errorf("told %q", got)
	}
}

func TestProcessThatTickedKnowsWhoIsAway(t *testing.T) {
	h := newHouse(t)
	other := h.under(t, h.Procedure(), nil)
	if err := h.SetGone(t.Context(), ann.Member, true); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Tick(t.Context(), 10); err != nil { // which reads it
		t.Fatal(err)
	}
	number := h.file(t, 7001)
	if _, err := other.Change(t.Context(), postgres.Claim{}, number, func(c *cases.Case, now time.Time) error {
		return c.Screen(nil, true, h.Procedure(), now)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Change(t.Context(), postgres.Claim{}, number, func(c *cases.Case, now time.Time) error { return c.Take(ann, now) }); err != nil {
		t.Fatal(err)
	}
	var known bool
	if err := h.pool.QueryRow(t.Context(), `SELECT absence = (SELECT id FROM absence) FROM cases`).Scan(&known); err != nil || !known {
		t.Errorf("the case was saved without knowing that its owner is gone: %v", err)
	}
}
