package dates

import (
	"slices"
	"time"
)

// phrase is what words name of one time: its parts, those not named zero.
type phrase struct {
	year    int
	month   time.Month
	day     int
	weekday int       // 1 for Monday to 7
	nth     int       // which weekday or week of a month; -1 for its last one
	yearly  yearly    // a feast or a season
	number  int       // of a week in a year
	week    time.Time // the Monday of a week
	known   Span      // the days themselves
	// How it is spoken of:
	part  part // of it all
	aWeek bool // the week in which the day lies
	past  bool // wholly before today: "afgelopen dinsdag"
	about bool
	short bool // the weekday may be another word: "do", "sun"
	idle  bool // no single time in the past: "elke dinsdag", "volgende week"
}

// named is a set of parts of a phrase.
type named int

const (
	aYear named = 1 << iota
	aMonth
	aDay
	aWeekday
	aPlace // nth
	aYearly
	aNumber
	aKnownWeek
	aKnownSpan
)

func (p phrase) named() named {
	var n named
	for _, part := range [...]struct {
		is bool
		as named
	}{
		{p.year != 0, aYear}, {p.month != 0, aMonth}, {p.day != 0, aDay}, {p.weekday != 0, aWeekday}, {p.nth != 0, aPlace},
		{p.yearly != nil, aYearly}, {p.number != 0, aNumber}, {!p.week.IsZero(), aKnownWeek}, {!p.known.From.IsZero(), aKnownSpan},
	} {
		if part.is {
			n |= part.as
		}
	}
	return n
}

// sensible lists the parts that together name one time. What is named further on in a sentence belongs to it only if it
// makes one of these: "dinsdag" and "vorige week" do, "dinsdag" and "2024" do not.
var sensible = []named{
	aMonth | aYear, aDay | aMonth, aDay | aMonth | aYear,
	aWeekday | aDay, aWeekday | aDay | aMonth, aWeekday | aDay | aMonth | aYear,
	aWeekday | aKnownWeek, aWeekday | aKnownSpan, aWeekday | aKnownWeek | aKnownSpan,
	aNumber | aYear, aNumber | aWeekday, aNumber | aYear | aWeekday,
	aYearly | aYear, aWeekday | aYearly, aWeekday | aYearly | aYear,
	aPlace | aMonth, aPlace | aMonth | aYear, aPlace | aWeekday | aMonth, aPlace | aWeekday | aMonth | aYear,
}

// with is both phrases as one, if that makes sense.
func (p phrase) with(q phrase) (phrase, bool) {
	n, m := p.named(), q.named()
	if n&m != 0 || !slices.Contains(sensible, n|m) || p.part != wholly && q.part != wholly {
		return p, false
	}
	p.year += q.year
	p.month += q.month
	p.day += q.day
	p.weekday += q.weekday
	p.nth += q.nth
	p.number += q.number
	if q.yearly != nil {
		p.yearly = q.yearly
	}
	if !q.week.IsZero() {
		p.week = q.week
	}
	if !q.known.From.IsZero() {
		p.known = q.known
	}
	p.part += q.part
	p.aWeek = p.aWeek || q.aWeek
	p.past = p.past || q.past
	p.about = p.about || q.about
	p.short = p.short || q.short
	p.idle = p.idle || q.idle
	return p, true
}

// fixed says whether a phrase names one time, whatever today is.
func (p phrase) fixed() bool {
	return p.year != 0 || !p.week.IsZero() || !p.known.From.IsZero()
}

// dated says whether a phrase names a day of a month.
func (p phrase) dated() bool { return p.day != 0 && p.month != 0 }

// at is the time that a phrase names, of those that come again the one k turns (years, months or weeks) after that of base.
func (p phrase) at(base time.Time, k int) (Span, bool) {
	s, ok := p.whole(base, k)
	if !ok {
		return s, false
	}
	if p.aWeek {
		s = days(monday(s.From), monday(s.From).AddDate(0, 0, 6))
	}
	s = p.part.of(s)
	s.About = s.About || p.about
	return s, true
}

func (p phrase) whole(base time.Time, k int) (Span, bool) {
	year := p.year
	if year == 0 {
		year = base.Year() + k
	}
	n := p.named()
	switch {
	case n&aKnownWeek != 0 && n&aWeekday != 0:
		return oneDay(p.week.AddDate(0, 0, p.weekday-1)), true
	case n&aKnownSpan != 0 && n&aWeekday != 0:
		return p.weekdayOf(p.known)
	case n&aKnownSpan != 0:
		return p.known, true
	case n&aKnownWeek != 0:
		return days(p.week, p.week.AddDate(0, 0, 6)), true
	case n&aNumber != 0:
		first, ok := weekOfYear(year, p.number)
		if n&aWeekday != 0 {
			return oneDay(first.AddDate(0, 0, p.weekday-1)), ok
		}
		return days(first, first.AddDate(0, 0, 6)), ok
	case n&aYearly != 0 && n&aWeekday != 0:
		return p.weekdayOf(p.yearly(year))
	case n&aYearly != 0:
		return p.yearly(year), true
	case n&aPlace != 0:
		return p.placed(year)
	case n&aMonth != 0 && n&aDay != 0:
		return oneDay(day(year, p.month, p.day)), exists(year, p.month, p.day)
	case n&aMonth != 0:
		return months(day(year, p.month, 1), 1), true
	case n&aDay != 0:
		first := monthsBefore(base, -k)
		return oneDay(first.AddDate(0, 0, p.day-1)), exists(first.Year(), first.Month(), p.day)
	case n&aWeekday != 0:
		return oneDay(monday(base).AddDate(0, 0, 7*k+p.weekday-1)), true
	}
	return years(year, year), n&aYear != 0
}

// weekdayOf is the last of the weekday in a span of a week or less.
func (p phrase) weekdayOf(s Span) (Span, bool) {
	for d := s.To; !d.Before(s.From) && s.To.Sub(d) < 7*24*time.Hour; d = d.AddDate(0, 0, -1) {
		if weekday(d) == p.weekday {
			return oneDay(d), s.To.Sub(s.From) <= 7*24*time.Hour
		}
	}
	return Span{}, false
}

// placed is the nth weekday, or the nth seven days, of a month.
func (p phrase) placed(year int) (Span, bool) {
	if p.month == 0 {
		return Span{}, false
	}
	if p.weekday != 0 {
		d := nthWeekday(year, p.month, p.weekday, p.nth)
		return oneDay(d), d.Month() == p.month
	}
	last := lastDay(year, p.month)
	from, to := 7*(p.nth-1)+1, min(7*p.nth, last)
	if p.nth < 0 {
		from, to = last-6, last
	}
	s := days(day(year, p.month, from), day(year, p.month, to))
	s.About = true
	return s, p.nth <= 4
}

// turns is how far is looked for what comes again: 29 February may stay away for eight years.
const turns = 9

// latest is the last time that a phrase may mean that begins no later than limit.
func (p phrase) latest(limit, today time.Time) (Span, bool) {
	for k := 1; k >= -turns; k-- {
		s, ok := p.at(limit, k)
		if ok && (p.fixed() || !s.From.After(limit)) && (!p.past || p.fixed() || s.To.Before(today)) {
			return s, p.right(s)
		}
		if p.fixed() {
			break
		}
	}
	return Span{}, false
}

// earliest is the first time that a phrase may mean that begins no earlier than limit.
func (p phrase) earliest(limit time.Time) (Span, bool) {
	for k := -1; k <= turns; k++ {
		s, ok := p.at(limit, k)
		if ok && (p.fixed() || !s.From.Before(limit)) {
			return s, p.right(s)
		}
	}
	return Span{}, false
}

// right says whether the day has the weekday that was named with it. Which of the two was mistaken, nobody knows.
func (p phrase) right(s Span) bool {
	return p.weekday == 0 || p.day == 0 || p.short || p.aWeek || weekday(s.From) == p.weekday
}
