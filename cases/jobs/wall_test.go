package jobs_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"websec.nl/gehoor/cases/jobs"
)

// clockOf is a clock with one schedule, which notes when it runs.
func (d *desk) clockOf(t *testing.T, spec string, now func() time.Time, ran *[]string) *jobs.Clock {
	t.Helper()
	c, err := jobs.NewClock(d.Store, now, d.Procedure().Location(), slog.New(slog.DiscardHandler), jobs.Schedule{
		Name: "one", Spec: spec,
		Run: func(context.Context) error {
			*ran = append(*ran, now().In(d.Procedure().Location()).Format("02/01 15:04 MST"))
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What cron does when the clock is put forward or back, so that it is noticed when that changes: it leaves out what the clock on
// the wall skips, and does twice what it shows twice.
func TestCronLeavesOutATimeThatIsSkippedAndHasOneTwiceThatIsShownTwice(t *testing.T) {
	when, err := cron.ParseStandard("CRON_TZ=Europe/Amsterdam 30 2 * * *")
	if err != nil {
		t.Fatal(err)
	}
	for from, want := range map[string]string{
		"2026-10-24T22:00:00Z": "25 02:30 CEST, 25 02:30 CET, 26 02:30 CET",
		"2027-03-27T23:00:00Z": "29 02:30 CEST, 30 02:30 CEST, 31 02:30 CEST",
	} {
		at, _ := time.Parse(time.RFC3339, from)
		amsterdam, _ := time.LoadLocation("Europe/Amsterdam")
		var got []string
		for range 3 {
			at = when.Next(at.In(amsterdam))
			got = append(got, at.Format("02 15:04 MST"))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%v", got)
		}
	}
}

func TestScheduleRunsOnceOnTheDaysWhenTheClockIsChanged(t *testing.T) {
	for _, one := range []struct {
		spec, from string
		want       []string
	}{
		{"30 2 * * *", "2026-10-24 23:00", []string{"25/10 02:30 CEST", "26/10 02:30 CET"}},
		{"30 2 * * *", "2027-03-27 23:00", []string{"28/03 03:00 CEST", "29/03 02:30 CEST"}},
		{"30 2 28 3 *", "2027-03-27 23:00", []string{"28/03 03:00 CEST"}},
		{"0 3 * * *", "2026-10-24 23:00", []string{"25/10 03:00 CET", "26/10 03:00 CET"}},
		{"0 3 * * *", "2027-03-27 23:00", []string{"28/03 03:00 CEST", "29/03 03:00 CEST"}},
		{"30 3 * * *", "2027-03-27 23:00", []string{"28/03 03:30 CEST", "29/03 03:30 CEST"}},
		{"0 2 * * *", "2026-10-24 23:00", []string{"25/10 02:00 CEST", "26/10 02:00 CET"}},
		{"*/30 2 * * *", "2026-10-24 23:00", []string{"25/10 02:00 CEST", "25/10 02:30 CEST", "26/10 02:00 CET", "26/10 02:30 CET"}},
		{"0 9 * * *", "2026-10-24 23:00", []string{"25/10 09:00 CET", "26/10 09:00 CET"}},
	} {
		t.Run(one.spec+" from "+one.from, func(t *testing.T) {
			d := newDesk(t)
			now, _ := time.ParseInLocation("2006-01-02 15:04", one.from, d.Procedure().Location())
			if _, err := d.Ran(t.Context(), "one", now); err != nil {
				t.Fatal(err)
			}
			var ran []string
			here := d.clockOf(t, one.spec, func() time.Time { return now }, &ran)
			ahead := d.clockOf(t, one.spec, func() time.Time { return now.Add(-3 * time.Minute) }, &ran)
			for end := now.Add(36 * time.Hour); now.Before(end); now = now.Add(15 * time.Minute) {
				here.CatchUp(t.Context())
				ahead.CatchUp(t.Context())
			}
			if !slices.Equal(ran, one.want) {
				t.Errorf("ran at %q, want %q", ran, one.want)
			}
		})
	}
}

func TestWhatRunsAtEveryHourGoesOnRunningWhenTheClockIsPutBack(t *testing.T) {
	d := newDesk(t)
	now, _ := time.Parse(time.RFC3339, "2026-10-24T23:30:00Z") // half past one in the night, in Amsterdam
	if _, err := d.Ran(t.Context(), "one", now); err != nil {
		t.Fatal(err)
	}
	var ran []string
	clock := d.clockOf(t, "*/20 * * * *", func() time.Time { return now }, &ran)
	for range 24 {
		now = now.Add(10 * time.Minute)
		clock.CatchUp(t.Context())
	}
	if len(ran) != 12 {
		t.Errorf("in four hours it ran %d times: %q", len(ran), ran)
	}
}

func TestUpcomingShowsTheNextTimesInTheZone(t *testing.T) {
	d := newDesk(t)
	now, _ := time.Parse(time.RFC3339, "2027-03-26T12:00:00Z")
	amsterdam := d.Procedure().Location()
	nothing := func(context.Context) error { return nil }
	clock, err := jobs.NewClock(d.Store, func() time.Time { return now }, amsterdam, slog.New(slog.DiscardHandler),
		jobs.Schedule{Name: "tidy", Spec: "30 2 * * *", Run: nothing}, jobs.Schedule{Name: "never", Spec: "0 0 30 2 *", Run: nothing})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	all := clock.Upcoming(3)
	for _, at := range all[0].Next {
		got = append(got, at.Format("Mon 2 Jan 15:04 MST"))
	}
	if want := []string{"Sat 27 Mar 02:30 CET", "Sun 28 Mar 03:00 CEST", "Mon 29 Mar 02:30 CEST"}; !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", all[0].Name, got, want)
	}
	if len(all) != 2 || all[1].Name != "never" || all[1].Spec != "0 0 30 2 *" || len(all[1].Next) != 0 {
		t.Errorf("%+v", all)
	}
}

func TestClockThatWasWrongOnceDoesNotStopTheOthers(t *testing.T) {
	d := newDesk(t)
	now, _ := time.Parse(time.RFC3339, "2026-11-23T08:30:00Z")
	if _, err := d.Ran(t.Context(), "one", now.AddDate(10, 0, 0)); err != nil { // by a process that took it for 2036
		t.Fatal(err)
	}
	var ran []string
	clock := d.clockOf(t, "0 9 * * *", func() time.Time { return now }, &ran)
	for range 5 {
		clock.CatchUp(t.Context())
		now = now.Add(6 * time.Hour)
	}
	if want := []string{"23/11 09:30 CET", "24/11 09:30 CET"}; !slices.Equal(ran, want) {
		t.Errorf("ran at %q, want %q", ran, want)
	}
}

func TestProcessesWhoseClocksDifferRunATimeOnce(t *testing.T) {
	d := newDesk(t)
	now, _ := time.Parse(time.RFC3339, "2026-11-23T07:50:00Z")
	if _, err := d.Ran(t.Context(), "one", now); err != nil {
		t.Fatal(err)
	}
	var ran []string
	ahead := d.clockOf(t, "0 9 * * 1-5", func() time.Time { return now.Add(3 * time.Minute) }, &ran)
	here := d.clockOf(t, "0 9 * * 1-5", func() time.Time { return now }, &ran)
	for day := range 3 {
		for range 24 * 60 {
			if day != 1 { // it is down
				ahead.CatchUp(t.Context())
			}
			here.CatchUp(t.Context())
			now = now.Add(time.Minute)
		}
	}
	if want := []string{"23/11 09:00 CET", "24/11 09:00 CET", "25/11 09:00 CET"}; !slices.Equal(ran, want) {
		t.Errorf("ran at %q, want %q", ran, want)
	}
}
