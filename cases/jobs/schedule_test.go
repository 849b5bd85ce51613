package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
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

func TestWhatIsDueIsTakenInBatchesUntilNoneIsLeft(t *testing.T) {
	left, wrong := 25, errors.New("wrong")
	var batches []int
	take := func(_ context.Context, most int) (int, error) {
		n := min(most, left)
		left -= n
		batches = append(batches, n)
		return n, nil
	}
	if err := jobs.InBatches(10, take)(t.Context()); err != nil || !slices.Equal(batches, []int{10, 10, 5}) {
		t.Errorf("took %v, %v", batches, err)
	}
	tries := 0
	err := jobs.InBatches(10, func(context.Context, int) (int, error) { tries++; return 10, wrong })(t.Context())
	if !errors.Is(err, wrong) || tries != 1 {
		t.Errorf("after %d tries: %v", tries, err)
	}
}

func TestScheduleThatCanNotBeReadIsNamed(t *testing.T) {
	d := newDesk(t)
	_, err := jobs.NewClock(d.Store, time.Now, time.UTC, slog.New(slog.DiscardHandler), jobs.Schedule{Name: "tick", Spec: "every minute"})
	if err == nil || err.Error()[:15] != `schedule tick: ` {
		t.Errorf("got %v", err)
	}
}
