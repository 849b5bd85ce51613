package cases

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/nl"
)

// PublicHoliday is one of the Dutch public holidays, by a name of ours.
type PublicHoliday string

// The Dutch public holidays: those that the law on general terms names (Algemene termijnenwet, article 3). In many
// organisations people work on some of them.
const (
	NewYear       PublicHoliday = "new-year"
	GoodFriday    PublicHoliday = "good-friday"
	EasterMonday  PublicHoliday = "easter-monday"
	KingsDay      PublicHoliday = "kings-day"
	LiberationDay PublicHoliday = "liberation-day"
	Ascension     PublicHoliday = "ascension"
	WhitMonday    PublicHoliday = "whit-monday"
	Christmas     PublicHoliday = "christmas"
	BoxingDay     PublicHoliday = "boxing-day"
)

// PublicHolidays lists every PublicHoliday, in the order of a year.
var PublicHolidays = []PublicHoliday{NewYear, GoodFriday, EasterMonday, KingsDay, LiberationDay, Ascension, WhitMonday, Christmas, BoxingDay}

var holidays = map[PublicHoliday]*cal.Holiday{
	NewYear: nl.Nieuwjaar, GoodFriday: nl.GoedeVrijdag, EasterMonday: nl.TweedePaasdag, KingsDay: nl.Koningsdag, LiberationDay: nl.BevrijdingsDag,
	Ascension: nl.Hemelvaart, WhitMonday: nl.TweedePinksterDag, Christmas: nl.EersteKerstdag, BoxingDay: nl.TweedeKerstdag,
}

// days knows on which days of a year nobody works. Each year is looked up once.
type days struct {
	calendar cal.Calendar // without its cache, which knows no locks
	known    sync.Map     // by year: [367]bool, by day of the year
}

func daysWithout(all []PublicHoliday) *days {
	d := new(days)
	for _, one := range all {
		if h := holidays[one]; h != nil {
			d.calendar.AddHoliday(h)
		}
	}
	return d
}

func (d *days) holiday(t time.Time) bool {
	all, ok := d.known.Load(t.Year())
	if !ok {
		of := new([367]bool)
		for day := time.Date(t.Year(), 1, 1, 12, 0, 0, 0, time.UTC); day.Year() == t.Year(); day = day.AddDate(0, 0, 1) {
			actual, observed, _ := d.calendar.IsHoliday(day)
			of[day.YearDay()] = actual || observed
		}
		all, _ = d.known.LoadOrStore(t.Year(), of)
	}
	return all.(*[367]bool)[t.YearDay()]
}

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
	if t.Weekday() == time.Saturday || t.Weekday() == time.Sunday || len(p.off) > 0 && p.off[t.Format(time.DateOnly)] {
		return false
	}
	return !p.days.holiday(t)
}

// at is a time of day ("15:04") on the day that lies days after that of t.
func (p *Procedure) at(t time.Time, days int, clock string) time.Time {
	y, m, d := p.In(t).Date()
	hour, minute := hourOf(clock)
	return time.Date(y, m, d+days, hour, minute, 0, 0, p.zone)
}

// hourOf reads a time of day that was checked to have two digits for the hour and two for the minute.
func hourOf(clock string) (hour, minute int) {
	digit := func(i int) int { return int(clock[i] - '0') }
	return 10*digit(0) + digit(1), 10*digit(3) + digit(4)
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

// workingDaysBefore is the day that lies n working days before that of t, at the given time of day.
func (p *Procedure) workingDaysBefore(t time.Time, n int, clock string) time.Time {
	days := 0
	for n > 0 {
		days--
		if p.WorkingDay(p.at(t, days, clock)) {
			n--
		}
	}
	return p.at(t, days, clock)
}

// nearEnd says whether hardly anything of a working day is left at t: less than two hours.
func (p *Procedure) nearEnd(t time.Time) bool {
	return t.After(p.at(t, 0, p.Clock.WorkUntil).Add(-2 * time.Hour))
}

// clockOf is the time of day of t, as "15:04".
func (p *Procedure) clockOf(t time.Time) string { return p.In(t).Format("15:04") }

// daysFrom is how many days the day of b lies after that of a.
func (p *Procedure) daysFrom(a, b time.Time) int {
	return int(p.at(b, 0, "12:00").Sub(p.at(a, 0, "12:00")).Round(24*time.Hour) / (24 * time.Hour))
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
