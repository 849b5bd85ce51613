package conversation

import (
	"strconv"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
	"websec.nl/gehoor/i18n/dates"
)

// days are the days that a complaint is about, as they are kept: the first and the last, "2026-11-03/2026-11-05", without
// a last where it goes on; then m or y where they are known to the month or the year, and ~ where they are vague.
type days string

const (
	byMonth = "m"
	byYear  = "y"
	vaguely = "~"
)

func daysOf(s dates.Span) days {
	said := s.From.Format(time.DateOnly) + "/"
	if !s.Ongoing {
		said += s.To.Format(time.DateOnly)
	}
	switch s.Precision {
	case dates.ToTheMonth:
		said += byMonth
	case dates.ToTheYear:
		said += byYear
	}
	if s.About {
		said += vaguely
	}
	return days(said)
}

// daysFrom are the days from the first to the last; to is zero where it goes on.
func daysFrom(from, to time.Time) days {
	return daysOf(dates.Span{From: from, To: to, Ongoing: to.IsZero(), Precision: dates.ToTheDay})
}

// span reads what is kept, in a zone. It is not ok where nothing is.
func (d days) span(zone *time.Location) (s dates.Span, ok bool) {
	kept, vague := strings.CutSuffix(string(d), vaguely)
	s.About, s.Precision = vague, dates.ToTheDay
	if rest, is := strings.CutSuffix(kept, byMonth); is {
		kept, s.Precision = rest, dates.ToTheMonth
	}
	if rest, is := strings.CutSuffix(kept, byYear); is {
		kept, s.Precision = rest, dates.ToTheYear
	}
	from, to, _ := strings.Cut(kept, "/")
	var err error
	if s.From, err = time.ParseInLocation(time.DateOnly, from, zone); err != nil {
		return dates.Span{}, false
	}
	s.To, err = time.ParseInLocation(time.DateOnly, to, zone)
	s.Ongoing = err != nil
	return s, true
}

// of are the days that the answer in a field speaks of.
func (d days) of(field string) days {
	if field != cases.FieldWhen {
		return ""
	}
	return d
}

// but are the days, unless it was the answer in this field that spoke of them.
func (d days) but(field string) days {
	if field == cases.FieldWhen {
		return ""
	}
	return d
}

// said says the days in full.
func (d days) said(l i18n.Language) i18n.Text {
	s, ok := d.span(time.UTC)
	if !ok {
		return i18n.T("answer.none")
	}
	unit := func(day time.Time) any {
		switch s.Precision {
		case dates.ToTheMonth:
			return l.Month(day.Month()) + " " + strconv.Itoa(day.Year())
		case dates.ToTheYear:
			return strconv.Itoa(day.Year())
		}
		return i18n.Date{Time: day}
	}
	from, to := unit(s.From), unit(s.To)
	text := i18n.T("days.period", "from", from, "until", to)
	switch {
	case s.Ongoing:
		text = i18n.T("days.since", "from", from)
	case from == to:
		text = i18n.T("days.one", "day", from)
	}
	if s.About {
		return i18n.T("days.about", "days", text)
	}
	return text
}
