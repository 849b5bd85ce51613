package dates

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/nl"
)

// The times of a year by which people in the Netherlands remember a day: seasons and feasts. Words name them by number.
const (
	winter = iota
	spring
	summer
	autumn
	newYear
	valentine
	carnival
	goodFriday
	easter
	easterSunday
	easterMonday
	kingsDay
	labourDay
	remembrance
	liberation
	ascension
	whitsun
	whitSunday
	whitMonday
	mothersDay
	fathersDay
	budgetDay
	halloween
	saintMartin
	saintNicholas
	christmasEve
	christmas
	christmasDay
	boxingDay
	newYearsEve
	turnOfYear
)

// yearly is the time that a feast or a season takes in a year.
type yearly func(year int) Span

var yearlies = []yearly{
	winter:        season(time.December - 12), // of the year before: a winter belongs to the year in which it ends
	spring:        season(time.March),
	summer:        season(time.June),
	autumn:        season(time.September),
	newYear:       on(time.January, 1, 1),
	valentine:     on(time.February, 14, 1),
	carnival:      around(nl.TweedePaasdag, -50, 3),
	goodFriday:    around(nl.GoedeVrijdag, 0, 1),
	easter:        around(nl.TweedePaasdag, -1, 2),
	easterSunday:  around(nl.TweedePaasdag, -1, 1),
	easterMonday:  around(nl.TweedePaasdag, 0, 1),
	kingsDay:      around(nl.Koningsdag, 0, 1),
	labourDay:     on(time.May, 1, 1),
	remembrance:   on(time.May, 4, 1),
	liberation:    on(time.May, 5, 1),
	ascension:     around(nl.Hemelvaart, 0, 1),
	whitsun:       around(nl.TweedePinksterDag, -1, 2),
	whitSunday:    around(nl.TweedePinksterDag, -1, 1),
	whitMonday:    around(nl.TweedePinksterDag, 0, 1),
	mothersDay:    weekdayOf(time.May, 7, 2),
	fathersDay:    weekdayOf(time.June, 7, 3),
	budgetDay:     weekdayOf(time.September, 2, 3),
	halloween:     on(time.October, 31, 1),
	saintMartin:   on(time.November, 11, 1),
	saintNicholas: on(time.December, 5, 1),
	christmasEve:  on(time.December, 24, 1),
	christmas:     on(time.December, 25, 2),
	christmasDay:  on(time.December, 25, 1),
	boxingDay:     on(time.December, 26, 1),
	newYearsEve:   on(time.December, 31, 1),
	turnOfYear:    on(time.December, 31, 2),
}

// season is three whole months, as the KNMI, the Dutch weather institute, counts the seasons.
func season(first time.Month) yearly {
	return func(year int) Span {
		s := months(day(year, first, 1), 3)
		s.About = true
		return s
	}
}

func on(month time.Month, d, n int) yearly {
	return func(year int) Span { return days(day(year, month, d), day(year, month, d+n-1)) }
}

// around is n days, of which the first lies offset days after the one on which a holiday is kept.
func around(holiday *cal.Holiday, offset, n int) yearly {
	return func(year int) Span {
		_, kept := holiday.Calc(year)
		first := day(kept.Year(), kept.Month(), kept.Day()+offset)
		return days(first, first.AddDate(0, 0, n-1))
	}
}

// weekdayOf is the nth of a weekday in a month.
func weekdayOf(month time.Month, wd, nth int) yearly {
	return func(year int) Span { return oneDay(nthWeekday(year, month, wd, nth)) }
}
