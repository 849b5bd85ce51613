package names

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// part is a word of a name, with what it is of the name.
type part struct {
	*token
	between bool // a particle
	initial bool
	group   int // words with a hyphen between them are one group
	kind    kind
	word    int16
}

func (p *part) named() bool { return !p.between && !p.initial }

// name reads a name of more than one word.
func (w *Workspace) name(person int32, name string) {
	w.page.read(name)
	parts, first := partsOf(w.page.tokens)
	divide(parts, first)
	f := w.people[person]
	for i := range parts {
		p := &parts[i]
		switch {
		case p.between:
			f.particles = append(f.particles, p.folded)
			f.lasts |= letterOf(p.folded)
		case p.initial:
			f.firsts |= letterOf(p.folded)
		default:
			p.word = w.learn(person, p.folded, p.kind, true)
			w.also(person, p.word, p.other)
			w.also(person, p.word, afterParticle(name[p.start:p.end]))
			f.begin(p.folded, p.kind)
		}
	}
	first = 0
	for i := range parts {
		for j := range parts {
			if parts[i].named() && parts[j].named() && parts[i].group != parts[j].group && parts[i].kind&given != 0 && parts[j].kind&surname != 0 {
				f.full = true
			}
		}
		if parts[i].named() && parts[i].kind&given != 0 {
			first++
		}
	}
	for _, p := range parts {
		if p.initial && first == 0 {
			f.loose |= letterOf(p.folded)
		}
	}
	w.join(person, parts)
	w.compound(person, parts)
}

// begin keeps the letter with which a first name or a surname begins.
func (f *figure) begin(folded string, k kind) {
	if k&given != 0 {
		f.firsts |= letterOf(folded)
	}
	if k&surname != 0 {
		f.lasts |= letterOf(folded)
	}
}

// partsOf leaves out of a name what is no name. Of a name that is turned round ("Vries, Jan de") it puts the first names first,
// and says how many parts are of them.
func partsOf(tokens []token) (parts []part, first int) {
	for len(tokens) > 1 && tokens[0].class.is(title) {
		tokens = tokens[1:]
	}
	for n := len(tokens) - 1; n > 0 && tokens[n].isDegree(&tokens[n-1]); n-- {
		tokens = tokens[:n]
	}
	group, names, turned := 0, 0, 0
	for i := range tokens {
		t := &tokens[i]
		if t.number || t.class.is(role) || t.folded == "" {
			continue
		}
		if t.before == comma && turned == 0 {
			turned = len(parts)
		}
		if t.before > hyphen {
			group++
		}
		p := part{token: t, group: group}
		hyphened := t.before == hyphen || i+1 < len(tokens) && tokens[i+1].before == hyphen
		begins := t.class.is(alsoFirst) && t.capital && (len(parts) == 0 || t.before == comma || i == len(tokens)-1)
		p.between = t.isParticle() && !begins || t.letter && hyphened
		p.initial = t.letter && !p.between
		if p.named() {
			names++
		}
		parts = append(parts, p)
	}
	if names == 0 { // nothing but particles and letters: then those are the name
		for i := range parts {
			parts[i].between, parts[i].initial = false, parts[i].letter
		}
	}
	if turned == 0 {
		return parts, 0
	}
	return append(parts[turned:len(parts):len(parts)], parts[:turned]...), len(parts) - turned
}

// isParticle is true of a word that may stand between a first name and a surname; a capital letter alone is an initial.
func (t *token) isParticle() bool {
	return t.quoted || t.class.is(particle) && !(t.letter && t.capital)
}

// isDegree is true of letters after a name.
func (t *token) isDegree(left *token) bool {
	return t.class.is(degree) && (t.before == comma || t.mixed && !left.capitals)
}

// divide says of each word of a name whether it is a first name, a surname, or may be either. Of a name that was turned round the
// first so many parts are first names.
func divide(parts []part, first int) {
	if first > 0 {
		for i := range parts {
			if parts[i].kind = surname; i < first {
				parts[i].kind = given
			}
		}
		return
	}
	start, end, particles, groups, led := -1, -1, len(parts), 0, false
	for i, p := range parts {
		switch {
		case p.named() && p.group != end:
			groups++
			if end = p.group; start < 0 {
				start = p.group
			}
		case p.between && start >= 0 && particles == len(parts):
			particles = i
		case start < 0:
			led = true
		}
	}
	for i := range parts {
		p := &parts[i]
		switch turned := parts[0].between; {
		case groups == 1 && led, p.group == start && turned: // "J. de Vries", "de Vries Jan"
			p.kind = surname
		case groups == 1, p.group == end && turned:
			p.kind = given | surname
		case p.group == start:
			p.kind = given
		case i > particles, p.group == end:
			p.kind = surname
		default:
			p.kind = given | surname
		}
	}
}

// join lets a name be found where its words are written as one, and by its initials.
func (w *Workspace) join(person int32, parts []part) {
	var between, shorter, initials, capitals, group string
	for i := range parts {
		p := &parts[i]
		if i == 0 || p.group != parts[i-1].group {
			group = ""
		}
		group += p.folded
		_, size := utf8.DecodeRuneInString(p.folded)
		initials += p.folded[:size]
		if p.between {
			between += p.folded
			shorter += p.folded[:size]
			continue
		}
		capitals += p.folded[:size]
		switch {
		case p.initial:
		case between != "": // Vandenberg, vdBerg
			w.also(person, p.word, between+p.folded)
			if len(p.folded) > 3 { // not "vos" of "van Os"
				w.also(person, p.word, shorter+p.folded)
			}
		case i > 0 && parts[i-1].named(): // Annemarie, Xiaoming
			w.also(person, parts[i-1].word, parts[i-1].folded+p.folded)
		}
		if p.named() && group != p.folded { // Jansenbakker, Tjonajoe
			w.also(person, p.word, group)
		}
		between, shorter = "", ""
	}
	f := w.people[person]
	f.initials = append(f.initials, initials, capitals)
}

// compound keeps what handles and addresses are usually made of: first name or initial, particles, surname.
func (w *Workspace) compound(person int32, parts []part) {
	if len(parts) < 2 || parts[0].between {
		return
	}
	var between, pending, last string
	for _, p := range parts[1:] {
		switch {
		case p.between:
			pending += p.folded
		case p.initial:
		case p.before == hyphen && last != "":
			last += pending + p.folded
			pending = ""
		default:
			between, last, pending = pending, p.folded, ""
		}
	}
	if last == "" {
		return
	}
	first := parts[0].folded
	w.people[person].compounds = append(w.people[person].compounds, [3]string{first, between, last})
	if !parts[0].initial {
		w.learn(person, first+between+last, given|surname, false)
	}
}

// afterParticle is what follows a particle that is written to a name without a space: Vries of DeVries.
func afterParticle(name string) string {
	before, after, two := strings.Cut(parted(name), "-")
	if !two {
		return ""
	}
	if before, _ = fold(before); !vocabulary[before].is(particle) {
		return ""
	}
	after, _ = fold(after)
	return after
}

// handle reads a handle, an address's local part or a single name.
func (w *Workspace) handle(person int32, handle, whole string) {
	f := w.people[person]
	key := compact(handle)
	if at := slices.Index(f.keys, key); at >= 0 { // the same with other signs between, or its address
		h := f.handles[at]
		h.whole = whole
		f.hold(key, h)
		return
	}
	w.page.read(parted(handle))
	tokens := w.page.tokens
	var words []*token
	single := len(tokens) == 1
	for i := range tokens {
		t := &tokens[i]
		switch {
		case t.letter:
			f.firsts |= letterOf(t.folded)
		case t.number, t.folded == "", t.class.is(role), t.class.is(particle) && !single:
		default:
			words = append(words, t)
		}
	}
	f.hold(key, holder{person: int(person), whole: whole, word: single && (!f.full || w.has(person, key))})
	var hyphen int8
	if strings.Contains(handle, "-") && len(words) > 0 && words[0].capital {
		hyphen = int8(1 + len(f.handles)%100)
	}
	for _, t := range words {
		if !w.has(person, t.folded) {
			at := w.learn(person, t.folded, given|surname, t.capital)
			f.words[at].hyphen, f.words[at].called = hyphen, true
			w.also(person, at, t.other)
			f.begin(t.folded, given|surname)
		}
	}
	if !single && len(words) > 0 && !w.has(person, key) {
		w.learn(person, key, given|surname, false)
	}
}

// parted puts a hyphen where a handle goes from a small letter to a capital: JanDeVries.
func parted(handle string) string {
	small := false
	for i, r := range handle {
		if small && unicode.IsUpper(r) {
			return handle[:i] + "-" + parted(handle[i:])
		}
		small = unicode.IsLower(r)
	}
	return handle
}
