package dates

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// token is a word or a figure, or several words that mean something together.
type token struct {
	class class
	value int
	word  string // as written, but in small letters and without accents; empty for figures
	figures
	second figures   // of a pair, of which the first are its own
	sign   byte      // between the two of a pair
	day    time.Time // of a fullDate
	pause  bool      // a comma, a bracket or the end of the line follows
	stop   bool      // the end of the sentence follows
}

// figures is a number as it was written; digits is 0 for one in words.
type figures struct{ n, digits int }

// isMonth says whether it can be the name of a month.
func (t token) isMonth() bool {
	return t.class == monthName || t.class == monthOrWord || t.class == monthOrName
}

// article says whether it may be no more than the article of what follows.
func (t token) article() bool {
	return t.word == "een" || t.word == "'n" || t.word == "a" || t.word == "an"
}

// lexer makes tokens of a text. What is written without spaces is looked at as one: figures are part of a date only if
// all that they hang together with is.
type lexer struct {
	tokens []token
	year   int // the one of today, from which short years are read
}

func read(text string, year int) []token {
	l := lexer{year: year, tokens: make([]token, 0, len(text)/5+4)}
	for line := range strings.Lines(strings.Map(plain, text)) {
		for chunk := range strings.FieldsSeq(line) {
			l.chunk(chunk)
		}
		l.pause()
	}
	l.together()
	l.spaced()
	l.apart()
	return l.tokens
}

// plain makes a letter small and takes its accent; signs that look alike become one.
func plain(r rune) rune {
	if r < utf8.RuneSelf {
		return unicode.ToLower(r)
	}
	switch r = unicode.ToLower(r); r {
	case 'á', 'à', 'â', 'ä':
		return 'a'
	case 'é', 'è', 'ê', 'ë':
		return 'e'
	case 'í', 'ì', 'î', 'ï':
		return 'i'
	case 'ó', 'ò', 'ô', 'ö':
		return 'o'
	case 'ú', 'ù', 'û', 'ü':
		return 'u'
	case '’', '‘', '´', '‛':
		return '\''
	case '–', '—', '‐', '‑', '−':
		return '-'
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return -1
	}
	if unicode.Is(unicode.Mn, r) { // an accent on its own
		return -1
	}
	return r
}

const (
	opening = "([{<\"“”„«»*_~"
	closing = ".,;:!?)]}>\"“”„«»'…*_~"
)

func (l *lexer) add(t token) { l.tokens = append(l.tokens, t) }

// pause marks a pause after what was read last.
func (l *lexer) pause() {
	if n := len(l.tokens); n > 0 {
		l.tokens[n-1].pause = true
	}
}

// chunk reads what stands between two spaces.
func (l *lexer) chunk(chunk string) {
	body := strings.TrimLeft(chunk, opening)
	if strings.ContainsAny(chunk[:len(chunk)-len(body)], "([{") {
		l.pause()
	}
	core := strings.TrimRight(body, closing)
	if core == "a.s" {
		l.add(token{word: "aanstaande"})
	} else if strings.Contains(core, "@") || strings.Contains(core, "://") || strings.HasPrefix(core, "www.") {
		l.add(token{class: opaque}) // an address
	} else {
		l.core(core)
	}
	l.end(body[len(core):])
}

// end marks what the signs after a word or a figure mean.
func (l *lexer) end(signs string) {
	n := len(l.tokens)
	if n == 0 {
		return
	}
	last := &l.tokens[n-1]
	if signs == "." && last.word != "" && len(last.word) <= 4 && meanings[last.word].class != other {
		return // cut short, as "nov."
	}
	last.stop = last.stop || strings.ContainsAny(signs, ".;!?…")
	last.pause = last.pause || strings.ContainsAny(signs, ",:()[]{}")
}

func (l *lexer) core(s string) {
	if rest, quoted := strings.CutPrefix(s, "'"); quoted {
		switch {
		case len(rest) == 2 && digits(rest):
			l.add(token{class: shortYear, value: century(numeral(rest).n, l.year)})
		case rest == "s" || rest == "n":
			l.add(token{word: s})
		default:
			l.core(strings.TrimLeft(rest, "'"))
		}
		return
	}
	if i := strings.Index(s, "t/m"); i == 0 || i > 0 && digits(s[i-1:i]) {
		l.core(s[:i])
		l.add(token{word: "tm"})
		l.core(s[i+len("t/m"):])
		return
	}
	if strings.HasPrefix(s, "twenty-") || strings.HasPrefix(s, "thirty-") {
		l.add(token{word: strings.Replace(s, "-", " ", 1)})
		return
	}
	all := runs(s)
	switch shape := shapeOf(all); shape {
	case "":
	case "$", "?":
		l.add(token{class: opaque, sign: all[0].kind}) // an amount may follow
	case "-":
		l.add(token{class: dash})
	case "/", "&", "+":
		l.sign(shape[0])
	case "9":
		l.add(numeral(s))
	case "a":
		l.word(s)
	case "9a":
		l.suffixed(all[0].text, all[1].text)
	case "9-9-9", "9/9/9", "9.9.9":
		l.date(all[0].text, all[2].text, all[4].text)
	case "9-9", "9/9", "9,9":
		l.add(token{class: pair, figures: numeral(all[0].text).figures, second: numeral(all[2].text).figures, sign: shape[1]})
	default:
		l.mixed(s, all, shape)
	}
}

// word adds a word without its possessive: "king's", "weeks'".
func (l *lexer) word(s string) {
	if len(s) > 2 {
		s = strings.TrimSuffix(s, "'s")
	}
	l.add(token{word: strings.TrimRight(s, "'")})
}

// sign adds what a sign between words or figures stands for.
func (l *lexer) sign(sign byte) {
	c := dash
	switch sign {
	case '/':
		c = orWord
	case '&', '+':
		c = andWord
	}
	l.add(token{class: c})
}

// together gives the words their meaning: the longest entry that begins at each.
func (l *lexer) together() {
	kept := l.tokens[:0]
	for i := 0; i < len(l.tokens); {
		t, n := l.tokens[i], 1
		if t.word != "" && t.class == other {
			var m meaning
			m, n = l.meaningAt(i)
			t.class, t.value = m.class, m.value
			t.pause, t.stop = l.tokens[i+n-1].pause, l.tokens[i+n-1].stop
			if m.class == number || m.class == ordinal {
				t.n = m.value
			}
		}
		kept = append(kept, t)
		i += n
	}
	l.tokens = kept
}

// meaningAt is what the words from i on do, and how many of them do it together.
func (l *lexer) meaningAt(i int) (meaning, int) {
	word := l.tokens[i].word
	most := 1
	for most < longest[word] && i+most < len(l.tokens) && l.tokens[i+most].word != "" && !l.tokens[i+most-1].pause && !l.tokens[i+most-1].stop {
		most++
	}
	for n := most; n > 1; n-- {
		parts := make([]string, n)
		for k := range parts {
			parts[k] = l.tokens[i+k].word
		}
		if m, ok := meanings[strings.Join(parts, " ")]; ok {
			return m, n
		}
	}
	if m, ok := meanings[word]; ok {
		return m, 1
	}
	return meant(word), 1
}

// spaced makes one day of figures with spaces between them: "3 - 11 - 2026".
func (l *lexer) spaced() {
	for i := 0; i+4 < len(l.tokens); i++ {
		t := l.tokens[i : i+5]
		sign := t[1].class
		if t[0].isDay() && t[2].isMonthNumber() && t[4].isYear() && (sign == dash || sign == orWord) && t[1].word == "" && t[3].class == sign && exists(t[4].n, time.Month(t[2].n), t[0].n) {
			one := token{class: fullDate, day: day(t[4].n, time.Month(t[2].n), t[0].n), pause: t[4].pause, stop: t[4].stop}
			l.tokens = slices.Replace(l.tokens, i, i+5, one)
		}
	}
}

// apart takes the amounts out, and makes days of pairs that are a part of a list of days: "3-7 november", "3,5 en 9 november".
func (l *lexer) apart() {
	kept := make([]token, 0, len(l.tokens)+4)
	for i, t := range l.tokens {
		before := i > 0 && l.tokens[i-1].class == opaque && l.tokens[i-1].sign != 0
		after := i+1 < len(l.tokens) && !t.pause && !t.stop && l.tokens[i+1].class == countedWord
		switch {
		case (before || after) && (t.class == number || t.class == pair) && (t.digits > 0 || after):
			t.class = opaque
		case t.class == pair && l.days(i):
			first := token{class: number, value: t.n, figures: t.figures, pause: t.sign == ','}
			kept = append(kept, first)
			switch t.sign {
			case '-':
				kept = append(kept, token{class: dash})
			case '/':
				kept = append(kept, token{class: orWord})
			}
			t.class, t.value, t.figures = number, t.second.n, t.second
		}
		kept = append(kept, t)
	}
	l.tokens = kept
}

// days says whether the pair at i is of days, the month of which follows, or stands before it as in "November 3-7"; so do
// the two of "week 45-46".
func (l *lexer) days(i int) bool {
	t := l.tokens[i]
	if t.n < 1 || t.n > weeksInYear || t.second.n < 1 || t.second.n > weeksInYear {
		return false
	}
	if t.sign == '-' && i > 0 && (i+1 == len(l.tokens) || l.tokens[i+1].class != unit) {
		before := l.tokens[i-1]
		if before.isMonth() || before.class == unit && before.value == ofWeeks {
			return true
		}
	}
	if !t.isDay() || !t.second.isDay() {
		return false
	}
	for k := i + 1; k < min(len(l.tokens), i+64) && !l.tokens[k-1].stop; k++ {
		switch l.tokens[k].class {
		case number, ordinal, pair, andWord, orWord, ofWord, toWord, dash, small:
			if t.sign == '/' {
				return false
			}
		default:
			c := l.tokens[k-1].class
			return l.tokens[k].isMonth() && (c == number || c == ordinal || c == pair)
		}
	}
	return false
}
