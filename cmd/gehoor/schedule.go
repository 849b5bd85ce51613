package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/i18n"
)

// planned is something that runs by itself.
type planned struct {
	name    string // as the log and the database have it
	setting string // of the procedure, that says when
	does    string
	working bool // it is passed over on days on which nobody works
	run     func(*program) func(context.Context) error
}

// tickAtOnce is how many cases one transaction of the clock takes.
const tickAtOnce = 100

// schedules are all things that run by themselves, in the order in which they catch up after a night off.
var schedules = []planned{
	{"tick", "clock.tick", "reminds people of what is due, and tells complainants what was promised", false, func(p *program) func(context.Context) error {
		return p.late.measured(p.store, jobs.InBatches(tickAtOnce, p.store.Tick))
	}},
	{"wake", "clock.tick", "reminds complainants of a conversation that they did not finish", false, func(p *program) func(context.Context) error {
		return p.telegram.Wake
	}},
	{"sweep", "clock.tick", "takes up what another process left lying", false, func(p *program) func(context.Context) error {
		return p.store.Sweep
	}},
	{"digest", "clock.digest", "gives the channel an overview of the open cases, on working days", true, func(p *program) func(context.Context) error {
		procedure := p.store.Procedure()
		return onItsDay(procedure.Clock.Digest, procedure.Location(), p.store.Now, p.store.QueueDigest)
	}},
	{"tidy", "clock.tidy", "forgets what was kept long enough", false, func(p *program) func(context.Context) error {
		return p.store.Tidy
	}},
}

// spec is the cron specification of what is planned.
func (one planned) spec(p *cases.Procedure) string { return p.Clock.Schedules()[one.setting] }

// parseSchedule reads a cron specification, in a zone.
func parseSchedule(spec string, zone *time.Location) (cron.Schedule, error) {
	return cron.ParseStandard("CRON_TZ=" + zone.String() + " " + spec)
}

// schedulesFrom looks from a moment on at the schedules of settings: see checkSchedule.
func schedulesFrom(now time.Time) cases.ScheduleCheck {
	return func(p *cases.Procedure, setting, spec string) error { return checkSchedule(p, setting, spec, now) }
}

// checkSchedule says what is wrong with the schedule of a setting: it is none, or the promises of the procedure can't be kept with it in
// the days that come after now.
func checkSchedule(p *cases.Procedure, setting, spec string, now time.Time) error {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil { // that is said of its own setting
		zone = time.UTC
	}
	when, err := parseSchedule(spec, zone)
	switch {
	case err != nil:
		return cases.NoSchedule(errors.New(strings.TrimPrefix(err.Error(), "CRON_TZ=")))
	case setting == "clock.tick" && seldom(when, now, time.Hour, 10*time.Minute, course(spec)):
		return errors.New("has nobody told anything for more than an hour; it must come every hour at least, such as * * * * *")
	case setting == "clock.tidy" && seldom(when, now, 31*day, day, 400*day):
		return errors.New("has nothing forgotten for more than a month; it must come every month at least, such as 30 3 * * *")
	case setting == "clock.digest" && !atWork(p, when, now.In(zone)):
		return errors.New("comes at no hour at which people are at work; it must, such as 0 9 * * *")
	}
	return nil
}

const day = 24 * time.Hour

// course is how long a schedule has to be looked at until it comes round: a week where every day is like the others, and a change
// of the hour with it, else a year.
func course(spec string) time.Duration {
	if strings.HasSuffix(strings.TrimSpace(spec), " * * *") {
		return 8 * day
	}
	return 400 * day
}

// seldom says whether a schedule leaves more than so long between two times; it looks at each step from a moment on, for so long.
func seldom(when cron.Schedule, begin time.Time, most, step, until time.Duration) bool {
	for t := begin; t.Before(begin.Add(until)); t = t.Add(step) {
		if next := when.Next(t); next.IsZero() || next.Sub(t) > most {
			return true
		}
	}
	return false
}

// atWork says whether a schedule has, within a year of now, a time on a day of the week and at an hour at which people are at work; all
// in the zone of now.
func atWork(p *cases.Procedure, when cron.Schedule, now time.Time) bool {
	from, wrongFrom := time.Parse("15:04", p.Clock.WorkFrom)
	until, wrongUntil := time.Parse("15:04", p.Clock.WorkUntil)
	if wrongFrom != nil || wrongUntil != nil {
		return true // that is said of their own settings
	}
	y, m, d := now.Date()
	for n := range 366 {
		begin := time.Date(y, m, d+n, from.Hour(), from.Minute(), 0, 0, now.Location())
		end := time.Date(y, m, d+n, until.Hour(), until.Minute(), 0, 0, now.Location())
		week := begin.Weekday() != time.Saturday && begin.Weekday() != time.Sunday
		if at := when.Next(begin.Add(-time.Second)); week && !at.IsZero() && at.Before(end) {
			return true
		}
	}
	return false
}

// onItsDay is the run of what has no sense on another day than its own: what was missed is not made good the next day before its
// own time.
func onItsDay(spec string, zone *time.Location, now func() time.Time, run func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		when, err := parseSchedule(spec, zone)
		if err != nil {
			return fmt.Errorf("schedule %q: %w", spec, err)
		}
		at := now().In(zone)
		y, m, d := at.Date()
		if when.Next(time.Date(y, m, d, 0, 0, 0, 0, zone).Add(-time.Second)).After(at) {
			return nil
		}
		return run(ctx)
	}
}

// scheduleSettings is what the command schedule wants to know.
type scheduleSettings struct {
	Procedure procedureSettings `embed:""`
	From      string            `placeholder:"MOMENT" help:"Show what comes after this moment in the procedure's time zone, such as '2026-10-24 20:00'; by default after now."`
}

// comes is how many times of each schedule are shown.
const comes = 3

// Run is the command schedule.
func (s *scheduleSettings) Run(out io.Writer) error {
	if err := s.Procedure.check(); err != nil {
		return err
	}
	p, from := s.Procedure.Settings, time.Now()
	if s.From != "" {
		given, err := momentOf("--from", s.From, p.Location())
		if err != nil {
			return err
		}
		from = given.at
	}
	var said strings.Builder
	fmt.Fprintf(&said, "What runs by itself, and when next, in %s:\n", p.Location())
	for _, one := range schedules {
		if err := one.show(&said, p, from); err != nil {
			return err
		}
	}
	_, err := io.WriteString(out, said.String())
	return err
}

// show writes what is planned, and its next times.
func (one planned) show(to io.Writer, p *cases.Procedure, at time.Time) error {
	when, err := parseSchedule(one.spec(p), p.Location())
	if err != nil {
		return fmt.Errorf("schedule %s: %q: %w", one.name, one.spec(p), err)
	}
	fmt.Fprintf(to, "\n%-8s%s\n%8s%s: %s\n", one.name, one.does, "", one.setting, one.spec(p))
	for range comes {
		if at = when.Next(at); at.IsZero() {
			fmt.Fprintf(to, "%8snever\n", "")
			break
		}
		passed := ""
		if one.working && !p.WorkingDay(at) {
			passed = "  (nobody works: passed over)"
		}
		fmt.Fprintf(to, "%8s%s%s\n", "", shown(p.In(at)), passed)
	}
	return nil
}

// shown is a moment with the day of the week, and with how far the zone is ahead, which tells apart what comes twice.
func shown(t time.Time) string {
	return fmt.Sprintf("%-9s %s", i18n.English.Weekday(t.Weekday()), t.Format("2006-01-02 15:04 -07:00"))
}
