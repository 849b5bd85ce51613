package dates

import (
	"slices"
	"time"
)

// reader finds phrases among tokens.
type reader struct {
	tokens []token
	today  time.Time
}

// at is the token at i; beyond either end of the text there is one that means nothing, and ends the sentence.
func (r *reader) at(i int) token {
	if i < 0 || i >= len(r.tokens) {
		return token{stop: true}
	}
	return r.tokens[i]
}

func (r *reader) is(i int, classes ...class) bool { return slices.Contains(classes, r.at(i).class) }

func (r *reader) says(i int, words ...string) bool { return slices.Contains(words, r.at(i).word) }

// over is the place after the small words from i on, and after "van" and "of".
func (r *reader) over(i int) int {
	for range 3 {
		if !r.is(i, small, fromWord, ofWord) || r.at(i).stop {
			break
		}
		i++
	}
	return i
}

// phrase reads one time from i on, with all that is named of it, and says where it ends: at i if there is none.
func (r *reader) phrase(i int) (phrase, int) {
	third, j := r.partAt(i)
	p, end := r.atom(j)
	if end == j {
		return phrase{}, i
	}
	p.part = third
	for {
		q, next := r.further(p, end)
		if next == end {
			return p, end
		}
		p, end = q, next
	}
}

// partAt reads "begin", "halverwege", "end of", "mid-" and, before a month, "half", and says where the time itself begins.
func (r *reader) partAt(i int) (part, int) {
	t, j := r.at(i), i+1
	if r.is(j, dash) {
		j++
	}
	switch j = r.over(j); {
	case t.class == partWord:
		return part(t.value), j
	case t.class == half && r.at(j).isMonth():
		return middle, j
	}
	return wholly, i
}

// further adds to a phrase what is named after it: at once ("dinsdag | vorige week", "3 November | , 2025"), or after a few
// words where one of the two is the time within which the other lies ("vorige week was het | dinsdag").
func (r *reader) further(p phrase, end int) (phrase, int) {
	if r.at(end - 1).stop {
		return p, end
	}
	if p.year == 0 {
		if year, next := r.year(end); next > end {
			if q, ok := p.with(phrase{year: year}); ok {
				return q, next
			}
		}
	}
	k := r.over(end)
	if q, next := r.atom(k); next > k {
		if both, ok := p.with(q); ok {
			return both, next
		}
		return p, end
	}
	for k = end; k < end+4 && !r.at(k-1).pause && !r.at(k-1).stop && r.is(k, other, opaque, small); k++ {
		q, next := r.atom(k + 1)
		if next == k+1 || p.fixed() == q.fixed() || r.at(k).pause || r.at(k).stop {
			continue
		}
		if both, ok := p.with(q); ok {
			return both, next
		}
		break
	}
	return p, end
}

// atom reads the least that names a time: a rule for each way in which people do that.
func (r *reader) atom(i int) (phrase, int) {
	if c := r.at(i).class; c < number || c > nextWord {
		return phrase{}, i // most words: they begin no time
	}
	for _, rule := range [...]func(*reader, int) (phrase, int){
		(*reader).inFigures, (*reader).dayOfMonth, (*reader).monthAndDay, (*reader).nthOfMonth, (*reader).monthAlone,
		(*reader).yearAlone, (*reader).daysAgo, (*reader).onWeekday, (*reader).period, (*reader).window, (*reader).weekOf,
		(*reader).theWeekend, (*reader).yearlyTime, (*reader).longAgo, (*reader).dayAlone,
	} {
		if p, next := rule(r, i); next > i {
			return p, next
		}
	}
	return phrase{}, i
}

// inFigures reads 3-11-2026, 2026-11-03, 3/11, 11-2026 and 2025/2026.
func (r *reader) inFigures(i int) (phrase, int) {
	switch t := r.at(i); {
	case t.class == fullDate:
		return phrase{year: t.day.Year(), month: t.day.Month(), day: t.day.Day()}, i + 1
	case t.class != pair || t.sign == ',':
	case t.isYear() && t.second.isYear() && t.n < t.second.n:
		return phrase{known: years(t.n, t.second.n)}, i + 1
	case t.isYear() && t.second.isMonthNumber() && t.second.digits == 2:
		return phrase{year: t.n, month: time.Month(t.second.n)}, i + 1
	case t.isMonthNumber() && t.second.isYear():
		return phrase{year: t.second.n, month: time.Month(t.n)}, i + 1
	case t.isDay() && t.second.isMonthNumber() && r.aDayInFigures(i):
		return phrase{month: time.Month(t.second.n), day: t.n}, i + 1
	}
	return phrase{}, i
}

// aDayInFigures says whether a pair such as 3/11 is a day and no score, fraction or part of a number.
func (r *reader) aDayInFigures(i int) bool {
	t := r.at(i)
	switch {
	case r.is(i+1, number, unit, units) && !t.pause && !t.stop, r.says(i+1, "am", "pm"), r.is(i+1, fromWord, ofWord) && t.sign == '/':
		return false
	case r.is(i-1, pair) && r.at(i-1).pause: // one more
		return true
	case t.n < 10 && t.digits == 2 || t.second.n < 10 && t.second.digits == 2:
		return true
	case i == 0 || r.at(i-1).stop:
		return t.n != 24 || t.second.n != 7 // round the clock
	}
	return r.says(i-1, "op", "on", "dd", "datum", "date", "the") ||
		r.is(i-1, sinceWord, fromWord, betweenWord, toWord, dash, andWord, orWord, ofWord, aboutWord, dayName, dayShort, lastWord, pastWord)
}

// year reads a year after what it is the year of: "2026", ", 2026", "van 2026", "'26".
func (r *reader) year(i int) (int, int) {
	j := i
	if r.is(j, fromWord, ofWord) || r.says(j, "in") {
		j++
	}
	t := r.at(j)
	switch {
	case t.class == shortYear:
		return t.value, j + 1
	case t.class == number && t.isYear() && (t.pause || t.stop || !r.is(j+1, unit, units)):
		return t.n, j + 1
	}
	return 0, i
}

// dayNumber is a number or an ordinal that may be a day of a month.
func (r *reader) dayNumber(i int) bool {
	return r.is(i, number, ordinal) && r.at(i).isDay() && !r.at(i).article()
}

// verbs follow "may" where it is no month.
var verbs = []string{"have", "be", "not", "well", "also", "never", "get", "do", "go", "even", "only", "still", "just"}

// aVerb says whether "may" is no month: "those 2 may have".
func (r *reader) aVerb(i int) bool {
	return r.is(i, monthOrWord) && r.says(i+1, verbs...) && !r.at(i).pause && !r.at(i).stop
}

// dayOfMonth reads "3 november", "3e van november 2026", "the third of November '26".
func (r *reader) dayOfMonth(i int) (phrase, int) {
	t, j := r.at(i), i+1
	if !r.dayNumber(i) || t.pause || t.stop {
		return phrase{}, i
	}
	if r.is(j, ofWord) || r.is(j, fromWord) && t.class == ordinal {
		j++
	}
	if !r.at(j).isMonth() || t.class == number && r.aVerb(j) {
		return phrase{}, i
	}
	return r.dated(t.n, j, j+1)
}

// dated is a day and its month, and the year that may stand at next.
func (r *reader) dated(d, month, next int) (phrase, int) {
	p := phrase{day: d, month: time.Month(r.at(month).value)}
	if !r.at(next - 1).stop {
		p.year, next = r.year(next)
	}
	return p, next
}

// monthAndDay reads "November 3rd, 2026"; a number on its own must stand where a day would.
func (r *reader) monthAndDay(i int) (phrase, int) {
	t, j := r.at(i), i+1
	if !t.isMonth() || t.pause || t.stop {
		return phrase{}, i
	}
	if r.says(j, "the", "de") {
		j++
	}
	if !r.dayNumber(j) || r.at(j).digits == 0 && r.is(j, number) || r.is(j, number) && !r.closed(j) {
		return phrase{}, i
	}
	return r.dated(r.at(j).n, i, j+1)
}

// closed says whether a number counts nothing: no word follows that it could be a number of.
func (r *reader) closed(i int) bool {
	t, next := r.at(i), r.at(i+1)
	return t.pause || t.stop || i+1 >= len(r.tokens) || next.isYear() || next.class == small && !r.says(i+1, "de", "the", "het") ||
		r.is(i+1, shortYear, andWord, orWord, toWord, dash, opaque, nowWord, sinceWord)
}
