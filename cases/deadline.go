package cases

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/nl"
)

// holidays are the Dutch public holidays.
var holidays = func() *cal.Calendar {
	c := new(cal.Calendar) // without its cache, which knows no locks
	c.AddHoliday(nl.Holidays...)
	return c
}()

// EndOfPeriod is the first instant after the last day of the period of a complaint received at the given instant. The
// procedure promises two weeks at the latest: calendar days, the last one whole, in the organisation's zone.
func (p *Procedure) EndOfPeriod(received time.Time) time.Time { return p.endOfDay(received, p.Period) }

// endOfDay is the first instant after the day that lies days after that of t.
func (p *Procedure) endOfDay(t time.Time, days int) time.Time {
	y, m, d := p.In(t).Date()
	return time.Date(y, m, d+days+1, 0, 0, 0, 0, p.zone)
}

// WorkingDay says whether people work on the day of t: no weekend, no Dutch public holiday, no day off of their own.
func (p *Procedure) WorkingDay(t time.Time) bool {
	t = p.In(t)
	if t.Weekday() == time.Saturday || t.Weekday() == time.Sunday || p.off[t.Format(time.DateOnly)] {
		return false
	}
	return !holiday(t)
}

// known are the days that were looked up before: whether each is a holiday. There are few, and looking one up takes long.
var known sync.Map

func holiday(t time.Time) bool {
	day := t.Year()*1000 + t.YearDay()
	if is, ok := known.Load(day); ok {
		return is.(bool)
	}
	actual, observed, _ := holidays.IsHoliday(t)
	known.Store(day, actual || observed)
	return actual || observed
}

// at is a time of day ("15:04") on the day that lies days after that of t.
func (p *Procedure) at(t time.Time, days int, clock string) time.Time {
	of, _ := time.Parse("15:04", clock)
	y, m, d := p.In(t).Date()
	return time.Date(y, m, d+days, of.Hour(), of.Minute(), 0, 0, p.zone)
}

// AddWorkingDays lets n working days pass from t. What begins outside working hours begins when work does.
func (p *Procedure) AddWorkingDays(t time.Time, n int) time.Time {
	t = p.In(p.whenAtWork(t))
	for n > 0 {
		t = t.AddDate(0, 0, 1)
		if p.WorkingDay(t) {
			n--
		}
	}
	return t
}

// workingDayBefore is the day of t, or the nearest working day before it, at the given time of day.
func (p *Procedure) workingDayBefore(t time.Time, clock string) time.Time {
	days := 0
	for !p.WorkingDay(p.at(t, days, clock)) {
		days--
	}
	return p.at(t, days, clock)
}

// whenAtWork is t, or the first instant after it at which people are at work.
func (p *Procedure) whenAtWork(t time.Time) time.Time {
	if p.WorkingDay(t) && t.Before(p.at(t, 0, p.Clock.WorkUntil)) {
		return later(t, p.at(t, 0, p.Clock.WorkFrom))
	}
	days := 1
	for !p.WorkingDay(p.at(t, days, p.Clock.WorkFrom)) {
		days++
	}
	return p.at(t, days, p.Clock.WorkFrom)
}

// whenAwake is t, or the first instant after it at which a complainant may be told something unasked.
func (p *Procedure) whenAwake(t time.Time) time.Time {
	if t.Before(p.at(t, 0, p.Clock.TellUntil)) {
		return later(t, p.at(t, 0, p.Clock.TellFrom))
	}
	return p.at(t, 1, p.Clock.TellFrom)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
