// Package dates finds the time that a person speaks of in their own words, in Dutch and in English: "vorige week
// dinsdag", "sinds maart", "from 3 to 7 November".
//
// It is made for an answer to "When did it happen, and how long did it last?", so it looks back: what could be several
// days is the last one that is not after today. It would rather find nothing than something else than was meant, because
// what it finds is shown back to somebody who may be upset. It refuses to know who asks and what is done with the
// answer, keeps none of the words, and knows no times of day.
//
// Both languages are understood at once, as people mix them, and they never differ about a date: both are spoken here to
// an organisation in the Netherlands, where 3/4 is the third of April for everybody. Only a date that can't be read that
// way, as 11/25/2026, has the month first.
package dates

import "time"

// Precision says in which whole units a Span is known.
type Precision string

// The units: a person who says "in March" has named no day.
const (
	ToTheDay   Precision = "day"
	ToTheMonth Precision = "month"
	ToTheYear  Precision = "year"
)

// Span is the time that words speak of.
type Span struct {
	// From is the first day and To the last one, both at midnight in the zone of today, and both within the span. They
	// are the first and the last day of whole units of the Precision: all of March is from 1 to 31 March, to the month.
	// To is zero where it goes on until now. A From after today was named outright: with its year, or as a day of this
	// week. A To may lie after today, as that of "this year" does.
	From, To  time.Time
	Precision Precision
	// Ongoing says that it goes on until now, as in "since March".
	Ongoing bool
	// About says that the words are vague themselves ("about two weeks ago", "early March", "in the summer"): the days
	// are then how we read them.
	About bool
}

// Find finds the time that text speaks of, seen from today: any instant of that day, in the organisation's zone. It says
// false where there is no date, or where there are several that are not one span.
//
// A day within a wider time narrows it ("vorige week, op dinsdag"); "3, 5 and 9 November" is from the first to the last.
// A week begins on Monday. What comes again and again ("every Tuesday"), what is to come ("next week") and what is only
// named to say before or after it is passed over.
func Find(text string, today time.Time) (Span, bool) {
	year, month, date := today.Date()
	r := reader{tokens: read(text, year), today: day(year, month, date)}
	s, ok := r.agreed(r.mentions())
	if !ok {
		return Span{}, false
	}
	s.From = midnight(s.From, today.Location())
	s.To = midnight(s.To, today.Location())
	return s, true
}
