package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/robfig/cron/v3"

	"websec.nl/gehoor/cases/postgres"
)

// Schedule is something that runs by itself.
type Schedule struct {
	Name string
	Spec string // cron: minute, hour, day of the month, month, day of the week; in the organisation's zone
	Run  func(context.Context) error
}

// InBatches is the run of what takes about so many things at once, and says how many it took: again and again, until there were
// fewer. It rests between them for half as long as the last one took, so that who waits for an answer meanwhile gets one.
func InBatches(most int, take func(ctx context.Context, most int) (int, error)) func(context.Context) error {
	return func(ctx context.Context) error {
		for {
			began := time.Now()
			n, err := take(ctx, most)
			if err != nil || n < most {
				return err
			}
			if now := time.Now(); !wait(ctx, now.Add(now.Sub(began)/2)) {
				return ctx.Err()
			}
		}
	}
}

// runs remembers when a schedule last ran, for all processes on a database.
type runs interface {
	LastRun(ctx context.Context, schedule string) (time.Time, error)
	Ran(ctx context.Context, schedule string, due time.Time) (bool, error)
}

// Clock runs schedules when they are due: each time by one of all processes, and once after any downtime.
type Clock struct {
	runs  runs
	now   func() time.Time
	log   *slog.Logger
	zone  *time.Location
	cron  *cron.Cron
	all   []scheduled
	first context.Context
}

type scheduled struct {
	Schedule
	when cron.Schedule
}

// NewClock parses the schedules, in the given zone. An error names the schedule and what is wrong with it.
func NewClock(r runs, now func() time.Time, zone *time.Location, log *slog.Logger, all ...Schedule) (*Clock, error) {
	c := &Clock{runs: r, now: now, log: log, zone: zone}
	quiet := cron.DiscardLogger
	c.cron = cron.New(cron.WithLocation(zone), cron.WithLogger(quiet), cron.WithChain(cron.Recover(quiet), cron.SkipIfStillRunning(quiet)))
	for _, s := range all {
		when, err := parse(s.Spec, zone)
		if err != nil {
			return nil, fmt.Errorf("schedule %s: %q: %w", s.Name, s.Spec, err)
		}
		one := scheduled{s, when}
		c.all = append(c.all, one)
		c.cron.Schedule(when, cron.FuncJob(func() { c.catchUp(c.first, one) }))
	}
	return c, nil
}

// Upcoming is a schedule and when it runs next.
type Upcoming struct {
	Name string
	Spec string
	Next []time.Time // in the organisation's zone
}

// Upcoming lists the schedules, each with the next n times at which it runs.
func (c *Clock) Upcoming(n int) []Upcoming {
	all := make([]Upcoming, 0, len(c.all))
	for _, s := range c.all {
		one := Upcoming{Name: s.Name, Spec: s.Spec}
		for at := s.when.Next(c.now()); len(one.Next) < n && !at.IsZero(); at = s.when.Next(at) {
			one.Next = append(one.Next, at.In(c.zone))
		}
		all = append(all, one)
	}
	return all
}

// Run catches up on what was missed, and then runs what is due until ctx ends and what was under way is finished.
func (c *Clock) Run(ctx context.Context) error {
	c.first = context.WithoutCancel(ctx)
	c.CatchUp(ctx)
	c.cron.Start()
	<-ctx.Done()
	<-c.cron.Stop().Done()
	return nil
}

// CatchUp runs, once, each schedule that was due since it last ran: after downtime, or when the clock was turned.
func (c *Clock) CatchUp(ctx context.Context) {
	for _, s := range c.all {
		c.catchUp(ctx, s)
	}
}

func (c *Clock) catchUp(ctx context.Context, s scheduled) {
	defer func() {
		if r := recover(); r != nil {
			c.log.Error("a schedule panicked", "schedule", s.Name, "at", string(debug.Stack())) // not the value: it may hold words
		}
	}()
	if err := c.runIfDue(ctx, s); err != nil {
		c.log.Error("a schedule did not run", "schedule", s.Name, "err", err)
	}
}

// runIfDue runs s if it was due since its last run. What a run does is itself done once, so a run that is cut off by a crash
// is made good by the next.
func (c *Clock) runIfDue(ctx context.Context, s scheduled) error {
	now := c.now()
	last, err := c.runs.LastRun(ctx, s.Name)
	if err != nil {
		return err
	}
	if last.Sub(now) > postgres.Astray { // whoever wrote that down had a clock that was wrong, or this one was put right
		last = now.Add(-24 * time.Hour)
	}
	due := lastDue(s.when, last, now)
	if due.IsZero() {
		return nil
	}
	mine, err := c.runs.Ran(ctx, s.Name, due)
	if err != nil || !mine {
		return err
	}
	return s.Run(ctx)
}

// lastDue is the last instant in (after, now] at which a schedule was due, zero if it was not. A schedule that never ran is
// due at once.
func lastDue(when cron.Schedule, after, now time.Time) time.Time {
	if after.IsZero() {
		return now
	}
	from := after
	if day := now.Add(-24 * time.Hour); from.Before(day) && !when.Next(day).After(now) {
		from = day
	}
	due := time.Time{}
	for at := when.Next(from); !at.IsZero() && !at.After(now); at = when.Next(at) {
		due = at
	}
	return due
}
