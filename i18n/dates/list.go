package dates

import "slices"

// link is how a time is tied to the one before it.
type link int

const (
	untied link = iota
	byComma
	byAnd
	byOr
	byTo // from the one to the other
)

// member is one of the times of a list or the ends of a span: "3, 5 en 9 november", "van maart tot mei".
type member struct {
	phrase
	tie  link // to the member before
	bare bool // a day that takes its month from what follows
}

const mostMembers = 31

// list reads times that belong together from i on, and says where the last one ends. from says that "van" stands before them.
func (r *reader) list(i int, from bool) ([]member, int) {
	all, end := r.members(i, from, true)
	if len(all) == 0 && r.is(i, dayName, dayShort, number, ordinal) { // "dinsdag 3, ..." may still begin with a time
		return r.members(i, from, false)
	}
	return all, end
}

func (r *reader) members(i int, from, bare bool) ([]member, int) {
	var all []member
	complete, end := 0, i
	tie, j := untied, i
	for len(all) < mostMembers {
		m, next := r.member(j, tie, all, from && tie == untied, bare)
		if next == j {
			break
		}
		all = append(all, m)
		if !m.bare {
			complete, end = len(all), next
		}
		if tie, j = r.link(next, from && len(all) == 1); tie == untied {
			break
		}
	}
	all = all[:complete]
	for k, m := range slices.Backward(all) {
		if !m.bare {
			continue
		}
		following := all[k+1]
		if !following.dated() {
			return nil, i
		}
		all[k].month, all[k].year = following.month, following.year
	}
	return all, end
}

// member reads one time of a list of which others were read before.
func (r *reader) member(i int, tie link, before []member, from, bare bool) (member, int) {
	m := member{tie: tie}
	next := i
	if tie > byComma {
		if m.phrase, next = r.laterDay(i, before); next > i {
			return m, next
		}
	}
	if bare {
		if m.phrase, next = r.bareDay(i, from); next > i {
			m.bare = true
			return m, next
		}
	}
	m.phrase, next = r.phrase(i)
	if tie == byComma && !before[len(before)-1].bare && !alike(before[len(before)-1].named(), m.named()) {
		return m, i // something else, and no list
	}
	return m, next
}

// alike says whether two times are named in the same way, apart from the year or week in which both lie.
func alike(n, m named) bool { return (n^m)&^(aYear|aKnownWeek|aKnownSpan) == 0 }

// laterDay reads the 7 of "November 3 to 7, 2026", and the 46 of "week 45 en 46".
func (r *reader) laterDay(i int, before []member) (phrase, int) {
	if !r.is(i, number, ordinal) || r.is(i, number) && r.at(i).digits == 0 || !r.closed(i) {
		return phrase{}, i
	}
	if last := before[len(before)-1]; last.number != 0 && r.at(i).n <= weeksInYear {
		return phrase{number: r.at(i).n, year: last.year}, i + 1
	}
	for _, m := range slices.Backward(before) {
		if !m.bare && !m.dated() || !r.dayNumber(i) {
			break
		}
		if m.dated() {
			p := phrase{day: r.at(i).n, month: m.month}
			year, next := r.year(i + 1)
			p.year = max(year, m.year)
			return p, next
		}
	}
	return phrase{}, i
}

// bareDay reads "3" and "maandag 2" where more of a list follows.
func (r *reader) bareDay(i int, from bool) (phrase, int) {
	var p phrase
	j := i
	if r.is(j, dayName, dayShort) && !r.at(j).stop {
		p.weekday, p.short = r.at(j).value, r.ambiguous(j)
		j++
	}
	if r.says(j, "de", "the") {
		j++
	}
	if !r.dayNumber(j) {
		return p, i
	}
	p.day = r.at(j).n
	if tie, _ := r.link(j+1, from); tie == untied {
		return p, i
	}
	return p, j + 1
}

// until reads, a few words further on, that what was named was the beginning: "begon op 3 november, en | het duurde tot".
// Where the end is named, it says.
func (r *reader) until(i int) int {
	for k := i; k < i+6 && k < len(r.tokens); k++ {
		switch r.at(k).class {
		case untilWord:
			return r.over(k + 1)
		case endedWord:
			if r.heard(beganWord, 0, k) {
				return r.over(k + 1)
			}
		case other, small, andWord, beganWord:
		default:
			return i
		}
	}
	return i
}

// link reads what ties the next time to the one that ended before i, and where that time begins.
func (r *reader) link(i int, from bool) (link, int) {
	if k := r.until(i); k > i {
		return byTo, k
	}
	if r.at(i - 1).stop {
		return untied, i
	}
	tie := untied
	switch {
	case r.is(i, andWord):
		tie = byAnd
	case r.is(i, orWord, ofWord):
		tie = byOr
	case r.is(i, toWord, dash), from && r.says(i, "op"): // "in de nacht van 3 op 4 november"
		tie = byTo
	case r.at(i - 1).pause:
		return byComma, i
	default:
		return untied, i
	}
	i++
	for r.is(i, small, aboutWord) && !r.at(i-1).stop {
		i++
	}
	return tie, i
}
