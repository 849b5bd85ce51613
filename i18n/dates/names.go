package dates

import "time"

// mood is how a time is spoken of by the word before it: "afgelopen", "vorige", "deze", "volgende".
type mood struct {
	class class
	past  bool
	idle  bool
}

// moodOf reads such a word, and says where the time itself begins.
func (r *reader) moodOf(i int) (mood, int) {
	m := mood{class: r.at(i).class}
	switch m.class {
	case lastWord, pastWord:
		m.past = true
	case nextWord:
		m.idle = true
	case thisWord:
	default:
		m.class = other
		m.idle = (r.at(i-1).article() || r.says(i-1, "one")) && !r.at(i-1).pause // "op een dinsdag": nobody knows which
		return m, i
	}
	return m, i + 1
}

// after reads what is said behind a time: "dinsdag jl.", "dinsdag aanstaande", "the summer before last".
func (r *reader) after(m *mood, i int) int {
	switch {
	case r.at(i - 1).stop:
	case r.says(i, "jl", "jongstleden", "ll", "laatstleden"):
		m.past = true
		return i + 1
	case r.says(i, "aanstaande"):
		m.idle = true
		return i + 1
	case r.says(i, "before") && r.says(i+1, "last"): // one that we don't look for
		m.idle = true
		return i + 2
	}
	return i
}

// nthOfMonth reads "eerste dinsdag van maart", "last week of March".
func (r *reader) nthOfMonth(i int) (phrase, int) {
	p := phrase{nth: r.at(i).value}
	switch {
	case r.is(i, lastWord, pastWord):
		p.nth = -1
	case !r.is(i, ordinal) || p.nth > 5:
		return phrase{}, i
	}
	switch t := r.at(i + 1); {
	case t.class == dayName:
		p.weekday = t.value
	case t.class != unit || t.value != ofWeeks:
		return phrase{}, i
	}
	j := r.over(i + 2)
	if j == i+2 || !r.at(j).isMonth() {
		return phrase{}, i
	}
	p.month = time.Month(r.at(j).value)
	next := j + 1
	p.year, next = r.year(next)
	return p, next
}

// monthAlone reads "maart", "afgelopen maart", "March 2026".
func (r *reader) monthAlone(i int) (phrase, int) {
	m, j := r.moodOf(i)
	if !r.at(j).isMonth() || r.aVerb(j) {
		return phrase{}, i
	}
	p, next := phrase{month: time.Month(r.at(j).value)}, j+1
	if !r.at(j).stop {
		p.year, next = r.year(next)
	}
	if p.year == 0 && !r.surely(j) && (m.class == other || m.class == thisWord && !r.at(j).pause && !r.at(j).stop) {
		return phrase{}, i // "this may be"
	}
	next = r.after(&m, next)
	p.past, p.idle = m.past, m.idle
	return p, next
}

// surely says whether the name of a month that stands alone is one: "may" and "march" are words too, and Jan is a man.
func (r *reader) surely(i int) bool {
	t := r.at(i)
	switch {
	case t.class == monthName, len(r.tokens) == 1, r.is(i-1, partWord, half), r.is(i-1, dash) && r.is(i-2, partWord):
		return true
	case r.says(i-1, "in"), r.says(i+1, "jl", "jongstleden", "ll"), r.is(i-1, unit) && r.at(i-1).value >= ofMonths:
		return true
	case r.is(i+1, lastWord, thisWord, nextWord) && r.is(i+2, unit) && r.at(i+2).value == ofYears && !t.stop:
		return true
	case r.is(i+1, andWord, orWord, ofWord, toWord, dash) && r.at(i+2).isMonth() && r.at(i+2).value != t.value && !t.stop: // no "may or may not"
		return true
	case r.is(i-1, andWord, orWord, ofWord, toWord, dash) && r.at(i-2).isMonth() && r.at(i-2).value != t.value:
		return true
	}
	return t.class == monthOrWord && (r.is(i-1, sinceWord, fromWord, betweenWord, aboutWord, toWord) || r.says(i-1, "during", "tijdens", "ergens", "sometime", "was"))
}

// yearAlone reads "in 2024".
func (r *reader) yearAlone(i int) (phrase, int) {
	t := r.at(i)
	if t.class != number && t.class != shortYear || t.class == number && (!t.isYear() || r.is(i+1, unit, units) && !t.pause) {
		return phrase{}, i
	}
	year := t.value
	switch {
	case len(r.tokens) == 1, r.is(i-1, sinceWord, betweenWord, partWord, aboutWord), r.says(i-1, "in", "jaar", "year", "during", "tijdens", "heel"):
	case r.is(i+1, andWord, orWord, ofWord, toWord, dash) && r.at(i+2).isYear(), r.is(i+1, nowWord):
	case r.is(i-1, andWord, orWord, ofWord, toWord, dash) && (r.at(i-2).isYear() || r.at(i-2).isMonth()):
	default:
		return phrase{}, i
	}
	return phrase{year: year}, i + 1
}

// daysAgo reads "gisteren", "last night", "vannacht", "gisteren een week geleden".
func (r *reader) daysAgo(i int) (phrase, int) {
	if !r.is(i, ago, nightAgo) {
		return phrase{}, i
	}
	d := r.today.AddDate(0, 0, -r.at(i).value)
	if r.is(i, nightAgo) {
		return phrase{known: days(d, d.AddDate(0, 0, 1))}, i + 1
	}
	k := i + 1
	if r.is(k, exactWord) {
		k++
	}
	if a, end := r.amountAt(k); end > k && r.is(end, backWord) {
		return phrase{known: oneDay(a.ending(d))}, end + 1
	}
	return phrase{known: oneDay(d)}, i + 1
}

// onWeekday reads "dinsdag", "afgelopen dinsdag", "di" where a day of the month follows.
func (r *reader) onWeekday(i int) (phrase, int) {
	m, j := r.moodOf(i)
	t := r.at(j)
	p := phrase{weekday: t.value}
	switch {
	case t.class == dayName:
	case t.class == dayNames:
		p.idle = true
	case t.class == dayShort && (r.is(j+1, fullDate, pair) || r.dayNumber(j+1) && !t.stop):
		p.short = r.ambiguous(j)
	default:
		return phrase{}, i
	}
	next := r.after(&m, j+1)
	p.past, p.idle = m.past, p.idle || m.idle
	return p, next
}

// ambiguous says whether the short name of a day is a word as well.
func (r *reader) ambiguous(i int) bool { return r.says(i, "do", "zo", "sat", "sun") }

// period reads "vorige week", "this month", "last year", "the week before last".
func (r *reader) period(i int) (phrase, int) {
	m, j := r.moodOf(i)
	t, turns, next := r.at(j), 0, j+1
	switch {
	case t.class == beforeLast:
		turns = 2
	case t.class == thisWeek && !r.is(i-1, unit, units):
		return phrase{week: monday(r.today)}, next
	case t.class != unit || m.class == other || m.class == pastWord || r.lately(i):
		return phrase{}, i
	case m.class == lastWord:
		turns = 1
	case m.class == nextWord:
		turns = -1
	}
	p := phrase{idle: m.idle && m.class == nextWord}
	switch t.value {
	case ofWeeks:
		p.week = monday(r.today).AddDate(0, 0, -7*turns)
	case ofMonths:
		first := monthsBefore(r.today, turns)
		p.year, p.month = first.Year(), first.Month()
	case ofYears:
		p.year = r.today.Year() - turns
	default:
		return phrase{}, i
	}
	return p, next
}

// weekOf reads "week 45" and "de week van 9 november".
func (r *reader) weekOf(i int) (phrase, int) {
	t := r.at(i)
	if t.class != unit && t.class != units || t.value != ofWeeks || t.pause || t.stop {
		return phrase{}, i
	}
	n := r.at(i + 1)
	if n.class == number && n.digits > 0 && n.n >= 1 && n.n <= weeksInYear && !r.is(i+2, unit, units) {
		if i == 0 || r.at(i-1).pause || r.is(i-1, small, sinceWord, fromWord, toWord, betweenWord, partWord, aboutWord, andWord) {
			return phrase{number: n.n}, i + 2
		}
	}
	if !r.is(i+1, fromWord, ofWord) {
		return phrase{}, i
	}
	j := r.over(i + 1)
	if r.is(j, dayName, dayShort) { // "de week van maandag 9 november"
		j++
	}
	for _, rule := range [...]func(*reader, int) (phrase, int){(*reader).inFigures, (*reader).dayOfMonth, (*reader).monthAndDay} {
		if p, next := rule(r, j); next > j && p.dated() {
			p.aWeek = true
			return p, next
		}
	}
	return phrase{}, i
}

// theWeekend reads "afgelopen weekend", "in het weekend".
func (r *reader) theWeekend(i int) (phrase, int) {
	m, j := r.moodOf(i)
	if !r.is(j, weekend) || r.is(j+1, fromWord, ofWord) || m.class == other && !r.says(i-1, "het", "the") {
		return phrase{}, i
	}
	saturday := monday(r.today).AddDate(0, 0, 5)
	for saturday.After(r.today) || m.past && !saturday.AddDate(0, 0, 1).Before(r.today) {
		saturday = saturday.AddDate(0, 0, -7)
	}
	return phrase{known: days(saturday, saturday.AddDate(0, 0, 1)), idle: m.idle}, j + 1
}

// yearlyTime reads "met Kerst", "zomer 2025", "winter 2025/2026".
func (r *reader) yearlyTime(i int) (phrase, int) {
	m, j := r.moodOf(i)
	t := r.at(j)
	if t.class != feast && t.class != feastOrWord {
		return phrase{}, i
	}
	next := r.after(&m, j+1)
	p := phrase{yearly: yearlies[t.value], past: m.past, idle: m.idle}
	if t.stop {
		return p, next
	}
	if both := r.at(next); both.class == pair && both.isYear() && both.second.isYear() {
		p.year = both.second.n
		return p, next + 1
	}
	p.year, next = r.year(next)
	if t.class == feastOrWord && m.class == other && p.year == 0 && !r.is(i-1, partWord, sinceWord) && !r.says(i-1, "in") &&
		!(r.says(i-1, "the") && (r.says(i-2, "in", "during", "over") || r.is(i-2, partWord))) {
		return phrase{}, i // "the fall from the stairs"
	}
	return p, next
}

// dayAlone reads "de 10e", which is one of this month or the one before: "op de 10e", "dinsdag 10", "the 10th of this month".
func (r *reader) dayAlone(i int) (phrase, int) {
	t := r.at(i)
	if r.is(i-1, dayName) && !r.at(i-1).pause && r.dayNumber(i) && t.digits > 0 && r.closed(i) {
		return phrase{day: t.n}, i + 1
	}
	if t.class != ordinal || !t.isDay() || !r.says(i-1, "de", "the") {
		return phrase{}, i
	}
	before := r.is(i-2, dayName, unit)
	marked := before || // in words it may be a floor: "op de eerste"
		t.digits > 0 && (r.says(i-2, "op", "on") || r.is(i-2, sinceWord, fromWord, toWord, andWord, betweenWord))
	k := r.over(i + 1)
	ofMonth := k > i+1 && r.is(k, lastWord, thisWord) && r.is(k+1, unit) && r.at(k+1).value == ofMonths
	if ofMonth || marked && (r.closed(i) || r.is(i-2, dayName)) {
		return phrase{day: t.n}, i + 1
	}
	return phrase{}, i
}
