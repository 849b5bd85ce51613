package dates

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// run is a row of letters, a row of figures, or a sign.
type run struct {
	kind byte // 'a', '9', or the sign itself; '?' for one that means nothing
	text string
}

// runs takes apart what was written without spaces.
func runs(s string) []run {
	var all []run
	begin := 0
	for i, r := range s {
		kind := byte('?')
		switch {
		case r >= '0' && r <= '9':
			kind = '9'
		case unicode.IsLetter(r) || r == '\'':
			kind = 'a'
		case r < utf8.RuneSelf:
			kind = byte(r)
		}
		end := i + utf8.RuneLen(r)
		if n := len(all); n > 0 && all[n-1].kind == kind && (kind == 'a' || kind == '9') {
			all[n-1].text = s[begin:end]
			continue
		}
		begin = i
		all = append(all, run{kind, s[begin:end]})
	}
	return all
}

// shapeOf is the kinds of runs in their order: "9-9-9" for 3-11-2026.
func shapeOf(all []run) string {
	shape := make([]byte, len(all))
	for i, r := range all {
		shape[i] = r.kind
	}
	return string(shape)
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// numeral is a number in figures; one too long for a day or a year is no part of a date.
func numeral(s string) token {
	n, err := strconv.Atoi(s)
	if err != nil || len(s) > 4 {
		return token{class: opaque}
	}
	return token{class: number, value: n, figures: figures{n, len(s)}}
}

// Years that somebody may speak of.
const (
	firstYear = 1900
	lastYear  = 2099
)

func (f figures) isYear() bool        { return f.digits == 4 && f.n >= firstYear && f.n <= lastYear }
func (f figures) isDay() bool         { return f.digits < 3 && f.n >= 1 && f.n <= 31 }
func (f figures) isMonthNumber() bool { return f.digits < 3 && f.n >= 1 && f.n <= 12 }

// century is the whole year that two figures stand for: at most the one after this year.
func century(short, now int) int {
	year := now - now%100 + short
	if year > now+1 {
		year -= 100
	}
	return year
}

// exists says whether a month has such a day.
func exists(year int, month time.Month, d int) bool {
	return d >= 1 && d <= lastDay(year, month)
}

// date reads a day in figures: the year first, or the day first.
func (l *lexer) date(one, two, three string) {
	a, b, c := numeral(one).figures, numeral(two).figures, numeral(three).figures
	d, m, y := a, b, c
	if a.digits == 4 {
		d, m, y = c, b, a
	} else if b.n > 12 && a.isMonthNumber() {
		d, m = b, a // 11/25/2026 can only have its month first
	}
	if y.digits == 2 {
		y = figures{century(y.n, l.year), 4}
	}
	t := token{class: opaque}
	if y.isYear() && m.isMonthNumber() && d.digits < 3 && exists(y.n, time.Month(m.n), d.n) {
		t = token{class: fullDate, day: day(y.n, time.Month(m.n), d.n)}
	}
	l.add(t)
}

// suffixed reads a number and letters: "3e", "3rd", "3nov", "2weken"; all else, as "15u" or "12B", is no part of a date.
func (l *lexer) suffixed(figures, letters string) {
	n := numeral(figures)
	switch m := meanings[letters]; {
	case n.class == opaque:
		l.add(n)
	case strings.Contains(" e de ste st nd rd th ", " "+letters+" "):
		n.class = ordinal
		l.add(n)
	case token{class: m.class}.isMonth() || (m.class == unit || m.class == units) && m.value >= ofDays:
		l.add(n)
		l.add(token{word: letters})
	default:
		l.add(token{class: opaque})
	}
}

// mixed reads what has letters, figures and signs: "maandag/dinsdag", "3-nov-2026", "gisteren.Toen", "K-2026-0001".
func (l *lexer) mixed(s string, all []run, shape string) {
	if strings.HasPrefix(shape, "9-9-9a") && strings.HasPrefix(all[5].text, "t") { // with a time, as ISO 8601 writes it
		l.date(all[0].text, all[2].text, all[4].text)
		return
	}
	at := 0
	for i, r := range all {
		lettered := i > 0 && all[i-1].kind == 'a' || i+1 < len(all) && all[i+1].kind == 'a'
		if lettered && strings.IndexByte(".,;:!?()[]\"", r.kind) >= 0 { // a space was forgotten
			l.core(s[:at])
			if r.kind != '.' || !isMonth(all, i-1) && !isMonth(all, i+1) {
				l.end(r.text)
			}
			l.core(s[at+len(r.text):])
			return
		}
		at += len(r.text)
	}
	if !whole(all, shape) {
		l.add(token{class: opaque})
		return
	}
	for i, r := range all {
		switch r.kind {
		case 'a':
			l.word(r.text)
		case '9':
			l.add(numeral(r.text))
		default:
			if i == 0 || i+1 == len(all) || all[i-1].kind == all[i+1].kind {
				l.sign(r.kind)
			}
		}
	}
}

// whole says whether all of a chunk can be part of a date.
func whole(all []run, shape string) bool {
	figured := strings.Contains(shape, "9")
	for i, r := range all {
		switch {
		case r.kind == '9':
		case r.kind == 'a':
			c := meanings[r.text].class
			if figured && c != dayName && c != dayShort && !isMonth(all, i) {
				return false
			}
		case strings.IndexByte("-/&+", r.kind) < 0:
			return false
		}
	}
	return true
}

func isMonth(all []run, i int) bool {
	if i < 0 || i >= len(all) {
		return false
	}
	return token{class: meanings[all[i].text].class}.isMonth()
}
