package jobs_test

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"websec.nl/gehoor/cases/jobs"
)

func TestScheduleRunsOnceHoweverManyLookAndHoweverLongTheNight(t *testing.T) {
	d := newDesk(t)
	amsterdam := d.Procedure().Location()
	now := time.Date(2026, 11, 20, 16, 0, 0, 0, amsterdam) // a Friday
	var ran atomic.Int32
	var clocks []*jobs.Clock
	for range 3 {
		c, err := jobs.NewClock(d.Store, func() time.Time { return now }, amsterdam, slog.New(slog.DiscardHandler),
			jobs.Schedule{Name: "digest", Spec: "0 9 * * 1-5", Run: func(context.Context) error { ran.Add(1); return nil }})
		if err != nil {
			t.Fatal(err)
		}
		clocks = append(clocks, c)
	}
	look := func() {
		var all sync.WaitGroup
		for _, c := range clocks {
			all.Go(func() { c.CatchUp(t.Context()) })
		}
		all.Wait()
	}
	for _, step := range []struct {
		after time.Duration
		want  int32
	}{
		{0, 1},               // never ran: at once
		{time.Hour, 1},       // Friday evening
		{40 * time.Hour, 1},  // Sunday
		{24 * time.Hour, 2},  // Monday 9:00
		{time.Minute, 2},     //
		{240 * time.Hour, 3}, // ten days off: once
	} {
		now = now.Add(step.after)
		look()
		if got := ran.Load(); got != step.want {
			t.Errorf("%s: ran %d times, want %d", now.Format("Mon 2 Jan 15:04"), got, step.want)
		}
	}
}

func TestScheduleThatCanNotBeReadIsNamed(t *testing.T) {
	d := newDesk(t)
	_, err := jobs.NewClock(d.Store, time.Now, time.UTC, slog.New(slog.DiscardHandler), jobs.Schedule{Name: "tick", Spec: "every minute"})
	if err == nil || err.Error()[:15] != `schedule tick: ` {
		t.Errorf("got %v", err)
	}
}
