package names

import "slices"

// cluster is a run of words of one person's names.
type cluster struct {
	hits []hit
	sighting
	words int // that are exactly theirs, if it names them in full; else 0
}

// claim says how many words of a full name a token is of, and of how many people's.
type claim struct {
	words  int
	person int
	shared bool
	paired bool // it is of a name of two words, full or not
}

// clusters puts words of one person together where they stand together.
func (p *page) clusters(f *figure, hits []hit) []cluster {
	var all []cluster
	for _, h := range hits {
		if n := len(all) - 1; n >= 0 {
			c := &all[n]
			last := c.hits[len(c.hits)-1]
			if h.from <= last.to || p.linked(f, last, h) {
				c.hits = append(c.hits, h)
				continue
			}
		}
		all = append(all, cluster{hits: []hit{h}})
	}
	for i := range all {
		p.weighPairs(f, &all[i])
	}
	return all
}

// linked says whether two words may be of one name by what stands between them.
func (p *page) linked(f *figure, a, b hit) bool {
	const gap, unknown = 5, 2
	if b.from-a.to > gap {
		return false
	}
	commas, strange := 0, 0
	for k := a.to + 1; k <= b.from; k++ {
		t := &p.tokens[k]
		switch {
		case t.before == comma:
			commas++
		case !t.before.joins():
			return false
		}
		if k == b.from {
			break
		}
		switch {
		case t.isParticle() || t.letter || t.class.is(title|address):
		case t.number || t.outside || t.class.is(role|connector|sentence):
			return false
		case t.capital:
		case t.class.is(listed):
			return false
		default:
			strange++
		}
	}
	turned := f.words[a.word].kind&surname != 0 && f.words[b.word].kind&given != 0
	return strange <= unknown && (commas == 0 || commas == 1 && turned)
}

// weighPairs weighs a run of words by its best pair.
func (p *page) weighPairs(f *figure, c *cluster) {
	const widest = 8 // tokens between the two
	var used []int16
	last := -1
	for i, a := range c.hits {
		for _, b := range c.hits[i+1:] {
			if c.strength == Certain || b.from > a.to+widest {
				break
			}
			if b.from <= a.to || a.word == b.word {
				continue
			}
			s := sighting{p.pair(f, a, b), p.tokens[p.nameFrom(f, a)].start, p.tokens[b.to].end}
			c.sighting = c.sighting.or(s)
		}
		if a.how == exact && a.from > last && !slices.Contains(used, a.word) {
			used = append(used, a.word)
			last = a.to
		}
	}
	if c.strength == Certain {
		c.words = len(used)
	}
}

// pair weighs two words of a person's names that stand together.
func (p *page) pair(f *figure, a, b hit) Strength {
	u, v := &f.words[a.word], &f.words[b.word]
	x, y := u.kind, v.kind
	first, second := &p.tokens[a.to], &p.tokens[b.to]
	words := !first.capital && !second.capital && first.class.is(listed) && second.class.is(listed)
	switch {
	case words && (first.class | second.class).is(sentence) && !p.placed(a.from), // "ik ben bakker"
		first.class.is(particle) && !first.capital && a.from == a.to && !p.placed(a.from):
		return Possible
	case words, a.how != exact, b.how != exact:
		return Likely
	case u.hyphen != 0 && u.hyphen == v.hyphen:
		return Likely
	case f.full && x != given && y != given && !u.called && !v.called: // of a double surname, or a second first name
		return Likely
	case x&given != 0 && y&surname != 0, x&surname != 0 && y&given != 0:
		return Certain
	}
	return Likely
}

// nameFrom is where a name begins of which a word is the first: at a particle or an initial of that person.
func (p *page) nameFrom(f *figure, h hit) int {
	c := p.around(h.from)
	if c.initials&f.firsts != 0 {
		return c.from
	}
	from := h.from
	for from > 0 && p.tokens[from].before <= space && p.tokens[from-1].isParticle() && slices.Contains(f.particles, p.tokens[from-1].folded) {
		from--
	}
	return from
}

// claim marks the words of a full name as named.
func (c *cluster) claim(person int, claims []claim) {
	for _, h := range c.hits {
		if h.how != exact || c.strength < Likely {
			continue
		}
		for k := h.from; k <= h.to; k++ {
			held := &claims[k]
			held.paired = true
			switch {
			case c.words < 2:
			case c.words > held.words:
				held.words, held.person, held.shared = c.words, person, false
			case c.words == held.words && held.person != person:
				held.shared = true
			}
		}
	}
}

// outdone says whether words name others as fully.
func (c *cluster) outdone(claims []claim) bool {
	for _, h := range c.hits {
		for k := h.from; k <= h.to; k++ {
			if claims[k].words > c.words || claims[k].words == c.words && claims[k].shared {
				return true
			}
		}
	}
	return false
}
