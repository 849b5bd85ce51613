package names

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// separator is what stands between a word and the one before it, from what binds most to what parts most.
type separator int

const (
	apostrophe separator = iota // d'Hondt
	hyphen                      // Jansen-Bakker, jan_bakker
	dot                         // J.P., jan.bakker, dhr. Bakker
	space
	bracket // Robert (Bob) de Boer, "Bob"
	comma   // de Vries, Jan
	slash   // Jan/Piet, Jan & Piet
	stop    // the end of a sentence or a line
)

// joins says whether two words with this between them may be of one name.
func (s separator) joins() bool { return s <= bracket }

// token is a word or a number of a text.
type token struct {
	start, end int    // in bytes
	folded     string // as it is compared
	other      string // the same with ä written as ae and the like, or nothing
	class      class
	before     separator
	letter     bool // it is one letter
	quoted     bool // it is one letter with an apostrophe at it: 't, d'
	capital    bool // it begins with a capital
	capitals   bool // it is two or more capitals and no other letters
	mixed      bool // it begins and ends with a capital: JdV
	dotted     bool // a full stop follows at once
	number     bool
	outside    bool // of a domain: no name
}

// page is a text as it was read.
type page struct {
	text      string
	tokens    []token
	addresses []mention
	mentioned []mention // by the chat tool's own mark, with an ID
	about     []context // of each token, filled when it is asked for
}

// isApostrophe knows the apostrophe in all the ways in which it is typed.
func isApostrophe(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '\'' || r == '`'
	}
	return strings.ContainsRune("’‘´ʼʻʹ′", r)
}

// isFormat is true of signs that are not seen: a soft hyphen, joiners.
func isFormat(r rune) bool { return unicode.Is(unicode.Cf, r) }

func isLetter(r rune) bool { return unicode.IsLetter(r) && !isApostrophe(r) }

// read takes a text apart.
func read(text string) *page {
	p := &page{tokens: make([]token, 0, 2+len(text)/6)}
	p.read(text)
	return p
}

// read takes a text apart in the place of the one before.
func (p *page) read(text string) {
	p.text, p.tokens, p.addresses, p.mentioned = text, p.tokens[:0], p.addresses[:0], p.mentioned[:0]
	p.readAddresses()
	previous, domain := 0, 0
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		var end int
		switch {
		case isLetter(r):
			end = endOf(text, at, isLetter)
		case unicode.IsDigit(r):
			end = endOf(text, at, unicode.IsDigit)
		default:
			at += size
			continue
		}
		p.add(previous, at, end)
		for domain < len(p.addresses) && p.addresses[domain].end <= at {
			domain++
		}
		if domain < len(p.addresses) {
			p.tokens[len(p.tokens)-1].outside = p.addresses[domain].domain >= 0 && p.addresses[domain].domain <= at
		}
		previous, at = end, end
	}
}

// endOf is where a run of runes of a kind, with their marks and with what is not seen between them, ends.
func endOf(text string, at int, of func(rune) bool) int {
	end := at
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		at += size
		if of(r) || unicode.IsMark(r) {
			end = at
		} else if !isFormat(r) {
			break
		}
	}
	return end
}

// add appends the word that stands between two places, after a gap that began at previous.
func (p *page) add(previous, start, end int) {
	word := p.text[start:end]
	t := token{start: start, end: end}
	first, size := utf8.DecodeRuneInString(word)
	last, _ := utf8.DecodeLastRuneInString(word)
	t.number = !isLetter(first)
	t.folded, t.other = fold(word)
	t.class = classOf(t.folded)
	t.letter = !t.number && utf8.RuneCountInString(t.folded) == 1 && (unicode.IsUpper(first) || unicode.IsLower(first))
	t.capital = unicode.IsUpper(first) || unicode.IsTitle(first)
	t.capitals = t.capital && len(word) > size && strings.IndexFunc(word, func(r rune) bool { return unicode.IsLetter(r) && !unicode.IsUpper(r) }) < 0
	t.mixed = t.capital && len(word) > size && unicode.IsUpper(last)
	left, _ := utf8.DecodeLastRuneInString(p.text[:start])
	right, _ := utf8.DecodeRuneInString(p.text[end:])
	t.quoted = t.letter && (isApostrophe(left) || isApostrophe(right))
	t.dotted = right == '.'
	if len(p.tokens) == 0 {
		t.before = stop
	} else {
		t.before = between(p.text[previous:start], &p.tokens[len(p.tokens)-1])
	}
	p.tokens = append(p.tokens, t)
}

// between reads what stands between two words.
func between(gap string, left *token) separator {
	found := apostrophe
	dots, blank, dash := 0, false, 0
	worse := func(s separator) { found = max(found, s) }
	for _, r := range gap {
		switch {
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' || strings.ContainsRune("!?;:…。！？•·|", r):
			worse(stop)
		case r == '.':
			dots++
		case r == ',' || r == '、' || r == '，':
			worse(comma)
		case r == '/' || r == '&' || r == '+':
			worse(slash)
		case r == '@':
			worse(bracket)
		case isApostrophe(r):
			worse(apostrophe)
		case r == '_' || r == '\u2011' || r == '\u2010':
			worse(hyphen)
		case r == '-' || r == '–' || r == '—':
			dash++
			worse(hyphen)
		case strings.ContainsRune("()[]{}<>\"“”„«»", r):
			worse(bracket)
		case unicode.IsSpace(r):
			blank = true
			worse(space)
		default:
			worse(space)
		}
	}
	switch {
	case found == slash && gap == "/" && left.letter && left.class.is(particle):
		return dot // v/d Berg
	case left.number && strings.HasPrefix(gap, ")"): // 1) Jan
		return stop
	case dash > 0 && (blank || dash > 1):
		worse(comma)
	}
	if dots > 0 {
		if dots == 1 && (!blank || left.letter || left.class.is(abbreviated)) {
			worse(dot)
		} else {
			worse(stop)
		}
	}
	return found
}
