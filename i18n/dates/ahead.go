package dates

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Ahead finds the days to come that somebody types as a command: "vrijdag", "morgen t/m 3 december", "from Monday until
// Friday", "23-12", "2 weken", "volgende week". It sees them from today: any instant of that day, in the organisation's
// zone. Both ends lie within the span, as they do in Find; To is zero where no end was named, as in "vanaf maandag". All of
// the text has to be about days: it says false of what it does not know whole, since somebody relies on what it finds.
//
// A day without its year is the next one from today on, and an end the next one from the beginning on.
func Ahead(text string, today time.Time) (Span, bool) {
	year, month, date := today.Date()
	r := &aheadReader{today: day(year, month, date)}
	r.read(text)
	from, to, ok := r.span()
	if !ok || r.at < len(r.words) || from.Before(r.today) || !to.IsZero() && to.Before(from) {
		return Span{}, false
	}
	zone := today.Location()
	return Span{From: midnight(from, zone), To: midnight(to, zone), Precision: ToTheDay, Ongoing: to.IsZero()}, true
}

// aheadReader reads words from the left to the right.
type aheadReader struct {
	words []string
	at    int
	today time.Time
}

// The words that stand between days.
const (
	aheadFrom = "from"
	aheadTo   = "to"
)

var joins = strings.NewReplacer("t/m", " "+aheadTo+" ", "tot en met", aheadTo, "up to and including", aheadTo, "up to", aheadTo, "day after tomorrow", "overmorgen", ",", " ")

// aheadWords are the words of a command beside the names of days and months.
var aheadWords = map[string]string{
	"van": aheadFrom, "vanaf": aheadFrom, "per": aheadFrom, "from": aheadFrom, "starting": aheadFrom, "since": aheadFrom,
	"tot": aheadTo, "tm": aheadTo, "until": aheadTo, "till": aheadTo, "to": aheadTo, "through": aheadTo, "thru": aheadTo, "-": aheadTo,
	"vandaag": "today", "nu": "today", "now": "today", "today": "today", "tonight": "today",
	"morgen": "tomorrow", "tomorrow": "tomorrow", "tomorow": "tomorrow", "overmorgen": "overmorgen",
	"volgende": "next", "komende": "next", "aanstaande": "next", "next": "next", "coming": "next", "deze": "this", "this": "this",
	"de": "", "het": "", "the": "", "op": "", "on": "", "for": "", "voor": "", "a.s.": "", "in": "", "gedurende": "",
}

// days that stand for a range in figures: 3-7, before the name of a month.
var inRange = regexp.MustCompile(`^(\d{1,2})-(\d{1,2})$`)

func (r *aheadReader) read(text string) {
	fields := strings.Fields(joins.Replace(strings.Map(plain, text)))
	for i, word := range fields {
		if word != "a.s." {
			word = strings.Trim(word, ".;:()\"'")
		}
		if m := inRange.FindStringSubmatch(word); m != nil && i+1 < len(fields) && aheadMonth(fields[i+1]) > 0 {
			r.words = append(r.words, m[1], aheadTo, m[2])
			continue
		}
		if known, ok := aheadWords[word]; ok {
			word = known
		}
		if word == "of" && i+1 < len(fields) && aheadMonth(fields[i+1]) > 0 { // "the 3rd of December"; in Dutch it leaves open which
			continue
		}
		if word != "" {
			r.words = append(r.words, word)
		}
	}
}

func (r *aheadReader) word() string {
	if r.at < len(r.words) {
		return r.words[r.at]
	}
	return ""
}

func (r *aheadReader) takes(word string) bool {
	if r.word() != word {
		return false
	}
	r.at++
	return true
}

// span reads both ends, or what has both in one.
func (r *aheadReader) span() (from, to time.Time, ok bool) {
	if r.takes(aheadTo) { // until Friday: from today on
		to, ok = r.day(r.today)
		return r.today, to, ok
	}
	if from, to, ok = r.week(); ok {
		return from, to, true
	}
	if n, ok := r.length(); ok { // two weeks: from today on
		return r.today, r.today.AddDate(0, 0, n-1), true
	}
	open := r.takes(aheadFrom)
	if from, ok = r.day(r.today); !ok {
		return from, to, false
	}
	if r.takes(aheadTo) {
		to, ok = r.day(from)
		return from, to, ok
	}
	if n, ok := r.length(); ok {
		return from, from.AddDate(0, 0, n-1), true
	}
	if r.at < len(r.words) {
		to, ok = r.day(from)
		return from, to, ok
	}
	if open {
		return from, to, true
	}
	return from, from, true
}

// week reads "next week", "deze week".
func (r *aheadReader) week() (from, to time.Time, ok bool) {
	start := r.at
	which := r.word()
	if which != "next" && which != "this" {
		return from, to, false
	}
	r.at++
	if r.takes("week") && r.at == len(r.words) {
		if from = monday(r.today); which == "next" {
			from = from.AddDate(0, 0, 7)
		}
		to = from.AddDate(0, 0, 6)
		if from.Before(r.today) {
			from = r.today
		}
		return from, to, true
	}
	r.at = start
	return from, to, false
}

// length reads "two weeks", "3 dagen", "a month", as a number of days.
func (r *aheadReader) length() (days int, ok bool) {
	start := r.at
	n := aheadNumber(r.word())
	if n > 0 {
		r.at++
	}
	m := meanings[r.word()]
	if n > 0 && (m.class == unit || m.class == units) {
		r.at++
		switch m.value {
		case ofDays:
			return n, true
		case ofWeeks:
			return 7 * n, true
		case ofMonths:
			return 30 * n, true
		}
	}
	r.at = start
	return 0, false
}

// day reads one day, the next from another on where it could be several.
func (r *aheadReader) day(from time.Time) (time.Time, bool) {
	switch {
	case r.takes("today"):
		return r.today, true
	case r.takes("tomorrow"):
		return r.today.AddDate(0, 0, 1), true
	case r.takes("overmorgen"):
		return r.today.AddDate(0, 0, 2), true
	}
	after := from
	if r.takes("next") {
		if r.takes("week") { // "next week Monday"
			after = monday(r.today).AddDate(0, 0, 7)
		} else if from.Equal(r.today) {
			after = from.AddDate(0, 0, 1)
		}
	} else {
		r.takes("this")
	}
	named := aheadWeekday(r.word())
	if named > 0 {
		r.at++
		if d, ok := r.date(after); ok { // "Friday 27 November": the day of the month says which
			return d, weekday(d) == named
		}
		if r.word() == "next" && r.at+1 < len(r.words) && r.words[r.at+1] == "week" { // "maandag volgende week"
			r.at += 2
			after = monday(r.today).AddDate(0, 0, 7)
		}
		return after.AddDate(0, 0, (named-weekday(after)+7)%7), true
	}
	return r.date(after)
}

// date reads a day in figures, or of a month by its name.
func (r *aheadReader) date(from time.Time) (time.Time, bool) {
	if d, ok := aheadFigures(r.word(), from); ok {
		r.at++
		return d, true
	}
	start := r.at
	n, month := aheadNumber(r.word()), aheadMonth(r.word())
	switch {
	case n > 0 && r.at+1 < len(r.words) && aheadMonth(r.words[r.at+1]) > 0:
		month = aheadMonth(r.words[r.at+1])
		r.at += 2
	case month > 0 && r.at+1 < len(r.words) && aheadNumber(r.words[r.at+1]) > 0:
		n = aheadNumber(r.words[r.at+1])
		r.at += 2
	case n > 0 && r.at+3 < len(r.words) && r.words[r.at+1] == aheadTo && aheadNumber(r.words[r.at+2]) > 0 && aheadMonth(r.words[r.at+3]) > 0:
		month = aheadMonth(r.words[r.at+3]) // "3 to 7 December"
		r.at++
	default:
		return time.Time{}, false
	}
	year := 0
	if y := r.word(); len(y) == 4 {
		if year, _ = strconv.Atoi(y); year > 0 {
			r.at++
		}
	}
	d, ok := aheadDated(year, month, n, from)
	if !ok {
		r.at = start
	}
	return d, ok
}

var (
	yearFirst = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	dayFirst  = regexp.MustCompile(`^(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}|\d{2}))?$`)
	counted   = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|e|ste|de)?$`)
)

func aheadFigures(word string, from time.Time) (time.Time, bool) {
	if m := yearFirst.FindStringSubmatch(word); m != nil {
		return aheadDated(atoi(m[1]), time.Month(atoi(m[2])), atoi(m[3]), from)
	}
	m := dayFirst.FindStringSubmatch(word)
	if m == nil {
		return time.Time{}, false
	}
	year := atoi(m[3])
	if len(m[3]) == 2 {
		year += 2000
	}
	return aheadDated(year, time.Month(atoi(m[2])), atoi(m[1]), from)
}

// aheadDated is a day of the calendar; without its year (0) the next one from another on.
func aheadDated(year int, month time.Month, n int, from time.Time) (time.Time, bool) {
	real := func(d time.Time) bool { return d.Month() == month && d.Day() == n }
	if month < time.January || month > time.December {
		return time.Time{}, false
	}
	if year > 0 {
		d := day(year, month, n)
		return d, real(d)
	}
	for y := from.Year(); y <= from.Year()+4; y++ { // 29 February has to be waited for
		if d := day(y, month, n); real(d) && !d.Before(from) {
			return d, true
		}
	}
	return time.Time{}, false
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// aheadNumber is a number of days, weeks, or the day of a month; 0: it is none.
func aheadNumber(word string) int {
	if m := counted.FindStringSubmatch(word); m != nil {
		return atoi(m[1])
	}
	if m := meanings[word]; m.class == number || m.class == ordinal {
		return m.value
	}
	return 0
}

func aheadWeekday(word string) int {
	m := meanings[word]
	if m.class == other {
		m = meant(word)
	}
	if m.class == dayName || m.class == dayShort {
		return m.value
	}
	return 0
}

func aheadMonth(word string) time.Month {
	m := meanings[strings.Trim(word, ".,")]
	if m.class == other {
		m = meant(word)
	}
	if m.class == monthName || m.class == monthOrWord || m.class == monthOrName {
		return time.Month(m.value)
	}
	return 0
}
