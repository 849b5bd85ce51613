package dates

import "time"

// Month lays a month out as a calendar does: a row for each week, from Monday to Sunday, with 0 where a place has no day
// of this month.
func Month(year int, month time.Month) [][]int {
	var weeks [][]int
	place := weekday(day(year, month, 1)) - 1
	for d := 1; d <= lastDay(year, month); d++ {
		if len(weeks) == 0 || place == 7 {
			weeks = append(weeks, make([]int, 7))
			place %= 7
		}
		weeks[len(weeks)-1][place] = d
		place++
	}
	return weeks
}

// day is a day of the calendar. All reckoning is done in UTC, where no clock is ever turned.
func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

// midnight is when a day begins in a zone; zero stays zero.
func midnight(d time.Time, zone *time.Location) time.Time {
	if d.IsZero() {
		return d
	}
	t := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, zone)
	if t.Day() != d.Day() { // where a clock is put forward at midnight, the day begins at one
		t = t.Add(time.Hour)
	}
	return t
}

func lastDay(year int, month time.Month) int { return day(year, month+1, 0).Day() }

// weekday is 1 for Monday to 7 for Sunday.
func weekday(d time.Time) int { return (int(d.Weekday())+6)%7 + 1 }

// monday is the first day of the week of d.
func monday(d time.Time) time.Time { return d.AddDate(0, 0, 1-weekday(d)) }

// monthsBefore is the first day of the month that lies n months before that of d.
func monthsBefore(d time.Time, n int) time.Time { return day(d.Year(), d.Month()-time.Month(n), 1) }

const weeksInYear = 53 // at most

// weekOfYear is the Monday of a numbered week, as ISO 8601 counts them: week 1 has the year's first Thursday.
func weekOfYear(year, number int) (time.Time, bool) {
	first := monday(day(year, time.January, 4)).AddDate(0, 0, 7*(number-1))
	in, _ := first.ISOWeek()
	return first, in == year
}

func days(from, to time.Time) Span { return Span{From: from, To: to, Precision: ToTheDay} }

func oneDay(d time.Time) Span { return days(d, d) }

// months is n whole months, from the one of first.
func months(first time.Time, n int) Span {
	return Span{From: monthsBefore(first, 0), To: day(first.Year(), first.Month()+time.Month(n), 0), Precision: ToTheMonth}
}

func years(from, to int) Span {
	return Span{From: day(from, time.January, 1), To: day(to, time.December, 31), Precision: ToTheYear}
}

// part is a third of a time.
type part int

const (
	wholly part = iota
	early
	middle
	late
)

// of is the third of a span: of weeks and months by their days, of what is longer by its months. A day has no parts here.
func (p part) of(s Span) Span {
	if p == wholly || s.From.Equal(s.To) {
		return s
	}
	s.About = true
	if s.Precision == ToTheDay || s.Precision == ToTheMonth && s.From.Month() == s.To.Month() {
		third := 10 // of a month: to the 10th, to the 20th, to its end
		if s.Precision == ToTheDay {
			third = (int(s.To.Sub(s.From).Hours())/24 + 1) / 3 // of a week: to Tuesday, to Thursday, to Sunday
		}
		s.Precision = ToTheDay
		from, to := s.From, s.To
		switch p {
		case early:
			s.To = from.AddDate(0, 0, third-1)
		case middle:
			s.From, s.To = from.AddDate(0, 0, third), from.AddDate(0, 0, 2*third-1)
		case late:
			s.From, s.To = from.AddDate(0, 0, 2*third), to
		}
		return s
	}
	n := (s.To.Year()-s.From.Year())*12 + int(s.To.Month()-s.From.Month()) + 1
	third := n / 3
	about := months(monthsBefore(s.From, -third*int(p-early)), third)
	about.About = true
	return about
}

// nthWeekday is the nth of a weekday in a month; the last one if nth is -1.
func nthWeekday(year int, month time.Month, wd, nth int) time.Time {
	if nth < 0 {
		last := day(year, month+1, 0)
		return last.AddDate(0, 0, -((weekday(last) - wd + 7) % 7))
	}
	first := day(year, month, 1)
	return first.AddDate(0, 0, (wd-weekday(first)+7)%7+7*(nth-1))
}
