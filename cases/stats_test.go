package cases

import (
	"fmt"
	"testing"
)

func TestStatisticsCountWhatBecameOfTheCases(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	made := func(days int, more ...func(*Case)) *Case {
		c := complaint(now, p)
		_ = c.Take(member, now)
		ended := now.AddDate(0, 0, days)
		_ = c.End(member, closingDraft(ended), p, ended)
		for _, one := range more {
			one(c)
		}
		return c
	}
	talk := Request("G-2026-0001", TalkRequest{}, 1, p, now)
	waits, _ := writtenUp(t, p, now)
	never, _ := writtenUp(t, p, now)
	_ = never.NotApprove("", now)
	late := complaint(now.AddDate(0, 0, -20), p)
	late.Explained = true
	all := []*Case{talk, waits, never, late, complaint(now, p), made(2), made(3), made(40, func(c *Case) { _ = c.MeasureIsDone(chair, 1, "", now) })}
	s := Count(now, now, all, []map[string]string{{"handled": "yes", "solved": "no"}, {"handled": "yes", "solved": "partly"}}, p, now.AddDate(0, 0, 8))
	got := fmt.Sprint(s.Received, s.Talks, s.Awaiting, s.NotAgreed, s.Open, s.Closed, s.Unowned, s.Late, s.InTime, s.Extended, s.Reopened, s.Median, s.Mean,
		s.Measures, s.Owed, s.Overdue)
	if want := fmt.Sprint(5, 1, 1, 1, 2, 3, 2, 1, 2, 1, 0, 3, 15, 6, 5, 1); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if s.ByWay[Chat] != 5 || s.ByOutcome[Partly] != 3 || s.Handled["yes"] != 2 || s.Solved["no"] != 1 {
		t.Errorf("%+v", s)
	}
	if empty := Count(now, now, nil, nil, p, now); empty.Median != 0 || empty.Mean != 0 {
		t.Errorf("%+v", empty)
	}
}
