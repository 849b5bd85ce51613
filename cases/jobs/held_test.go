package jobs_test

import (
	"slices"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

var (
	ann   = cases.Person{Member: "U1", Committee: true, Representative: true}
	bob   = cases.Person{Member: "U2", Committee: true, Representative: true}
	chair = cases.Person{Member: "U3", Committee: true, Chair: true, Chairs: []cases.Member{"U3"}}
)

func (d *desk) change(t testing.TB, number cases.Number, do func(*cases.Case, time.Time) error) *cases.Case {
	t.Helper()
	c, err := d.Change(t.Context(), postgres.Claim{}, number, do)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// got is what arrived on a lane.
func (d *desk) got(lane string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.arrived[lane])
}

func (d *desk) screen(t testing.TB, number cases.Number) {
	t.Helper()
	d.change(t, number, func(c *cases.Case, now time.Time) error { return c.Screen(nil, true, d.Procedure(), now) })
}

// write writes to the complainant, and returns the event.
func (d *desk) write(t testing.TB, number cases.Number) int {
	t.Helper()
	return d.change(t, number, func(c *cases.Case, now time.Time) error {
		return c.Write(ann, cases.WriteDraft{Text: "When can we call?"}, d.Procedure(), now)
	}).LastSeq
}

func TestWordsGoOutWhenTheirTimeHasComeByAClockThatIsTurned(t *testing.T) {
	d := newDesk(t)
	number := d.complain(t)
	d.screen(t, number)
	d.change(t, number, func(c *cases.Case, now time.Time) error { return c.Take(ann, now) })
	d.write(t, number) // one that waits in the database
	dispatcher, _ := d.dispatch(t)
	d.Attach(dispatcher)
	d.wait(t, "it sends", dispatcher.Sending)
	back := d.write(t, number)
	d.write(t, number) // and one that waits in memory
	d.change(t, number, func(c *cases.Case, now time.Time) error { return c.TakeBack(ann, back, now) })
	arrived := func(lane string, kind cases.NoticeKind) (n int) {
		for _, one := range d.arrived[lane] {
			if one == string(kind) {
				n++
			}
		}
		return n
	}
	messages := func() int { return arrived("telegram/7001", cases.Message) }
	early := 0
	d.wait(t, "the room hears of all three", func() bool {
		early = messages()
		return arrived("slack/"+string(number), cases.News) >= 4
	})
	if early != 0 {
		t.Errorf("%d messages went out before their time", early)
	}
	d.turned.Add(int64(time.Duration(d.Procedure().TakeBack) * time.Second))
	d.wait(t, "the two go out", func() bool { return messages() == 2 })
	d.wait(t, "nothing waits any more, and no third went out", func() bool { return d.waiting(t) == 0 && messages() == 2 })
}

func TestWhoWasExcludedMeanwhileIsNotTold(t *testing.T) {
	d := newDesk(t)
	number := d.complain(t)
	d.screen(t, number)
	d.change(t, number, func(c *cases.Case, now time.Time) error { return c.Assign(chair, bob, now) })
	d.change(t, number, func(c *cases.Case, now time.Time) error { return c.Recuse(bob, "", d.Procedure(), now) })
	d.dispatch(t)
	d.wait(t, "nothing waits any more", func() bool { return d.waiting(t) == 0 })
	if told := d.got("slack/" + string(bob.Member)); len(told) != 0 {
		t.Errorf("bob was told %v", told)
	}
	var state, reason string
	err := d.pool.QueryRow(t.Context(), `SELECT state, reason FROM outbox WHERE recipient = $1 AND kind = $2`, cases.ToMember(bob.Member), cases.YourCase).
		Scan(&state, &reason)
	if err != nil || state != string(cases.NotSent) || reason != "excluded" {
		t.Errorf("recorded as %s, %s, %v", state, reason, err)
	}
}

func TestMemberHearsOfACaseOnlyOnceItIsScreened(t *testing.T) {
	d := newDesk(t)
	number := d.complain(t)
	dispatcher, _ := d.dispatch(t)
	for range 40 { // unowned for so long that the chair hears of it, at whatever time of day this runs
		d.turned.Add(int64(7 * time.Hour))
		if _, err := d.Tick(t.Context(), 10); err != nil {
			t.Fatal(err)
		}
	}
	lane := "slack/" + string(chair.Member) + "/reminders"
	d.wait(t, "a reminder was tried", func() bool { return dispatcher.Counts().Retried.Load() > 0 })
	if told := d.got(lane); len(told) != 0 {
		t.Errorf("the chair was told %v", told)
	}
	d.screen(t, number)
	d.wait(t, "the chair is reminded", func() bool { return slices.Contains(d.arrived[lane], string(cases.Reminder)) })
}
