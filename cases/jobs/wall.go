package jobs

import (
	"time"

	"github.com/robfig/cron/v3"
)

// wall is a schedule as people read it on the clock on the wall, which is put forward and back once a year. robfig/cron counts
// hours as they pass: a time of day that the clock skips passes without a run there, and one that it shows twice has two. Here
// what was skipped runs when the clock is put forward, and what names its hours runs at the first of the two alone. What runs at
// every hour goes on running.
type wall struct {
	*cron.SpecSchedule
	everyHour bool
}

// parse reads a cron specification, for a zone.
func parse(spec string, zone *time.Location) (cron.Schedule, error) {
	when, err := cron.ParseStandard("CRON_TZ=" + zone.String() + " " + spec)
	if at, ok := when.(*cron.SpecSchedule); ok {
		return wall{at, at.Hour&everyValue != 0}, err
	}
	return when, err
}

// everyValue is how cron marks a field that is a star.
const everyValue = 1 << 63

// Next is the first instant after t at which it is due; zero if never.
func (w wall) Next(t time.Time) time.Time {
	next := w.SpecSchedule.Next(t)
	for !w.everyHour && !next.IsZero() && shownBefore(next.In(w.Location)) {
		next = w.SpecSchedule.Next(next)
	}
	if at := w.skipped(t, next); !at.IsZero() {
		return at
	}
	return next
}

// shownBefore says whether the clock on the wall shows the time of t for the second time.
func shownBefore(t time.Time) bool {
	start, _ := t.ZoneBounds()
	if start.IsZero() {
		return false
	}
	return t.Sub(start) < back(start)
}

// back is how far the clock is put back at the beginning of a zone's time; less than zero: it is put forward.
func back(start time.Time) time.Duration {
	_, before := start.Add(-time.Second).Zone()
	_, since := start.Zone()
	return time.Duration(before-since) * time.Second
}

// skipped is the first instant after t and before next at which the clock is put forward over a time at which it would be due;
// zero: there is none.
func (w wall) skipped(t, next time.Time) time.Time {
	reading := *w.SpecSchedule
	reading.Location = time.UTC
	for _, change := t.In(w.Location).ZoneBounds(); !change.IsZero() && change.Before(next); _, change = change.ZoneBounds() {
		gap := -back(change)
		if gap <= 0 {
			continue
		}
		y, m, d := change.Date()
		until := time.Date(y, m, d, change.Hour(), change.Minute(), change.Second(), 0, time.UTC) // as the wall shows it
		if due := reading.Next(until.Add(-gap - time.Second)); due.Before(until) {
			return change
		}
	}
	return time.Time{}
}
