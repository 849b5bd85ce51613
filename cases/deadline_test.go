package cases

import (
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func at(t testing.TB, text string) time.Time {
	t.Helper()
	p := DefaultProcedure()
	instant, err := time.ParseInLocation("2006-01-02 15:04", text, p.Location())
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

func TestPeriodEndsWithItsFourteenthDay(t *testing.T) {
	p := DefaultProcedure()
	for received, last := range map[string]string{
		"2026-11-22 00:00": "2026-12-06",
		"2026-11-22 23:59": "2026-12-06",
		"2026-10-20 12:00": "2026-11-03", // the clock goes back in between
		"2027-03-20 12:00": "2027-04-03", // and forward
		"2028-02-20 09:00": "2028-03-05", // 29 February
		"2026-12-24 17:00": "2027-01-07",
	} {
		c := &Case{Received: at(t, received), Deadline: p.EndOfPeriod(at(t, received))}
		if got := c.LastDay(p).Format(time.DateOnly); got != last {
			t.Errorf("received %s: last day %s, want %s", received, got, last)
		}
		if got, want := p.In(c.Deadline).Format("15:04"), "00:00"; got != want {
			t.Errorf("received %s: ends at %s", received, got)
		}
	}
}

func TestPeriodIsNeverShorterThanPromised(t *testing.T) {
	p := DefaultProcedure()
	rapid.Check(t, func(t *rapid.T) {
		received := time.Unix(rapid.Int64Range(1.7e9, 2.5e9).Draw(t, "received"), 0)
		if end := p.EndOfPeriod(received); end.Sub(received) < time.Duration(p.Period)*24*time.Hour-time.Hour {
			t.Fatalf("received %s, ends %s", p.In(received), p.In(end))
		}
	})
}

func TestDutchHolidaysAndOwnDaysAreNoWorkingDays(t *testing.T) {
	p := DefaultProcedure()
	p.off = map[string]bool{"2026-12-24": true}
	for day, want := range map[string]bool{
		"2026-11-23": true, "2026-11-22": false, "2026-12-24": false, "2026-12-25": false, "2027-01-01": false,
		"2027-03-29": false, // Easter Monday
		"2025-04-26": false, // King's Day of 2025, when the 27th is a Sunday
		"2027-04-27": false, "2027-05-06": false, "2027-05-17": false, "2027-05-18": true,
	} {
		if got := p.WorkingDay(at(t, day+" 12:00")); got != want {
			t.Errorf("%s: working day %t", day, got)
		}
	}
}

func TestWorkingDaysPassOnlyWhilePeopleWork(t *testing.T) {
	p := DefaultProcedure()
	for _, c := range []struct {
		from string
		days int
		want string
	}{
		{"2026-11-20 16:45", 1, "2026-11-23 16:45"}, // Friday afternoon
		{"2026-11-20 20:00", 1, "2026-11-24 08:00"}, // Friday evening counts from Monday
		{"2026-11-22 10:00", 1, "2026-11-24 08:00"}, // and so does Sunday
		{"2026-12-24 10:00", 1, "2026-12-28 10:00"}, // Christmas and a weekend
		{"2026-11-23 06:00", 0, "2026-11-23 08:00"},
	} {
		if got := p.AddWorkingDays(at(t, c.from), c.days).Format("2006-01-02 15:04"); got != c.want {
			t.Errorf("%d working days from %s: %s, want %s", c.days, c.from, got, c.want)
		}
	}
}

func TestManyMayAskForWorkingDaysAtOnce(t *testing.T) {
	p := DefaultProcedure()
	from := at(t, "2026-01-01 12:00")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for day := range 1000 {
				p.WorkingDay(from.AddDate(0, 0, day))
			}
		})
	}
	all.Wait()
}
