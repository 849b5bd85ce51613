package dates

import "time"

// amount is a length of time: "drie weken", "2 or 3 months", "een maand of twee".
type amount struct {
	least, most int // in halves, as "anderhalf"
	unit        int
	about       bool
}

// How many are a few: "een paar weken geleden".
const (
	aFewAtLeast = 2
	aFewAtMost  = 4
)

// amountAt reads a length of time, and says where it ends: at i if there is none.
func (r *reader) amountAt(i int) (amount, int) {
	a, j := r.quantity(i)
	if r.says(j, "dikke", "kleine", "goede", "ruime", "klein", "good", "little") {
		a.about = true
		j++
	}
	if j == i || !r.is(j, unit, units) {
		return amount{}, i
	}
	t := r.at(j)
	a.unit = t.value
	j++
	if !t.stop && r.is(j, andWord) && r.is(j+1, half) { // "a year and a half"
		a.least, a.most = a.least+1, a.most+1
		return a, j + 2
	}
	if t.pause || t.stop || !r.is(j, ofWord, orWord) || !r.is(j+1, number) || r.at(j+1).article() {
		return a, j
	}
	a.about = true // "een week of drie" is about three; "a week or two" is one or two
	a.most = 2 * r.at(j+1).n
	if r.is(j, ofWord) {
		a.least = a.most
	}
	return a, j + 2
}

// quantity reads how many: "3", "a few", "anderhalf", "2 of 3", "2-3".
func (r *reader) quantity(i int) (amount, int) {
	t := r.at(i)
	switch t.class {
	case few:
		return amount{least: 2 * aFewAtLeast, most: 2 * aFewAtMost, about: true}, i + 1
	case halves:
		return amount{least: t.value, most: t.value}, i + 1
	case half:
		return amount{least: 1, most: 1}, i + 1
	case pair:
		if t.sign != ',' && t.n < t.second.n && t.second.n < 100 {
			return amount{least: 2 * t.n, most: 2 * t.second.n, about: true}, i + 1
		}
		return amount{}, i
	case number:
	default:
		return amount{}, i
	}
	if t.n > 999 {
		return amount{}, i
	}
	a := amount{least: 2 * t.n, most: 2 * t.n}
	if (r.is(i+1, ofWord, orWord, toWord, dash) || r.says(i+1, "a")) && r.is(i+2, number) && !r.at(i+2).article() && r.at(i+2).n >= t.n && r.at(i+2).n < 1000 {
		a.most, a.about = 2*r.at(i+2).n, true
		return a, i + 3
	}
	return a, i + 1
}

// back is the time that lies so long before today.
func (r *reader) back(a amount) phrase {
	p := phrase{known: r.before(a.unit, a.least), about: a.about}
	if a.most > a.least {
		p.known.From, p.about = r.before(a.unit, a.most).From, true
	} else if a.unit == ofWeeks {
		p.week = monday(p.known.From) // for who adds "op dinsdag"
	}
	return p
}

// before is the time that lies n halves of a unit before today: who speaks of weeks means about that day, who speaks of
// months or years means one of those.
func (r *reader) before(unit, n int) Span {
	var s Span
	switch {
	case unit == minutes:
		return oneDay(r.today)
	case unit == hours:
		return oneDay(r.today.AddDate(0, 0, -n/2/24))
	case unit == ofDays:
		return oneDay(r.today.AddDate(0, 0, -n/2))
	case unit == ofWeeks:
		s = oneDay(r.today.AddDate(0, 0, -n*7/2))
	case unit == ofMonths && n%2 == 0:
		return months(monthsBefore(r.today, n/2), 1)
	case unit == ofMonths:
		s = oneDay(r.today.AddDate(0, 0, -n*15))
	case n%2 == 0:
		return years(r.today.Year()-n/2, r.today.Year()-n/2)
	default:
		s = months(monthsBefore(r.today, n*6), 1)
	}
	s.About = true
	return s
}

// longAgo reads "drie weken geleden", "a few days ago", "half a year ago".
func (r *reader) longAgo(i int) (phrase, int) {
	a, j := r.amountAt(i)
	if j == i || !r.is(j, backWord) || r.at(j-1).stop || r.is(i-1, andWord) && r.is(i-2, unit, units) {
		return phrase{}, i
	}
	return r.back(a), j + 1
}

// window reads "de afgelopen drie weken", "the past year": a time that ends today.
func (r *reader) window(i int) (phrase, int) {
	if !r.is(i, pastWord, lastWord) {
		return phrase{}, i
	}
	a, j := r.amountAt(i + 1)
	if j == i+1 {
		if r.is(i, lastWord) && !r.lately(i) || !r.is(j, unit) {
			return phrase{}, i
		}
		a, j = amount{least: 2, most: 2, unit: r.at(j).value}, j+1
	}
	if a.unit <= ofDays && r.is(j-1, unit) && r.at(j-1).word != "uur" { // "de laatste dag", of something
		return phrase{}, i
	}
	s := days(a.ending(r.today), r.today)
	s.About = a.unit > ofDays
	return phrase{known: s}, j
}

// lately says whether "last" means what ends now: "over the last month".
func (r *reader) lately(i int) bool { return r.says(i, "last") && r.says(i-1, "the") }

// ending is the day that lies the whole amount before another.
func (a amount) ending(d time.Time) time.Time {
	switch a.unit {
	case minutes:
		return d
	case hours:
		return d.AddDate(0, 0, -a.most/2/24)
	case ofDays:
		return d.AddDate(0, 0, -a.most/2)
	case ofWeeks:
		return d.AddDate(0, 0, -a.most*7/2)
	}
	months := a.most / 2
	if a.unit == ofYears {
		months = a.most * 6
	}
	first := monthsBefore(d, months)
	return day(first.Year(), first.Month(), min(d.Day(), lastDay(first.Year(), first.Month())))
}

// lasting is the last day of a time that takes so long from a day on.
func (a amount) lasting(d time.Time) time.Time {
	n := a.most
	switch a.unit {
	case ofDays:
		return d.AddDate(0, 0, n/2-1)
	case ofWeeks:
		return d.AddDate(0, 0, n*7/2-1)
	case ofMonths:
		return d.AddDate(0, n/2, -1)
	case ofYears:
		return d.AddDate(0, n*6, -1)
	}
	return d
}
