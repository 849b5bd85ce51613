package names

import "unicode/utf8"

// how says in what way words of a text are a word of a name.
type how int

const (
	exact how = iota
	other     // another spelling or a short form of a first name
	owned     // with an s of possession
	alike     // as it sounds
	near      // with a typing error
)

// hit is a word of somebody's name in a text: the tokens from up to and including to.
type hit struct {
	from, to int
	word     int16
	how      how
	alone    bool // nobody else has it
}

// search looks for names in a text.
type search struct {
	*page
	known *Workspace
	hits  [][]hit // of each person, in the order of the text
	typos map[string][]string
}

// hitsIn finds all words of all names in a text.
func hitsIn(p *page, known *Workspace) [][]hit {
	s := &search{page: p, known: known, hits: make([][]hit, len(known.people)), typos: map[string][]string{}}
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.number || t.outside || t.letter || t.class.is(role) || t.folded == "" {
			continue
		}
		s.joined(i)
		found := s.take(i, i, t.folded, exact)
		if t.other != "" {
			found = s.take(i, i, t.other, exact) || found
		}
		if n := len(t.folded) - 1; !found && n > 2 && t.capital && t.folded[n] == 's' {
			s.take(i, i, t.folded[:n], owned)
		}
		for _, name := range related[t.folded] {
			s.take(i, i, name, other)
		}
		s.mistyped(i, found)
	}
	return s.hits
}

// take adds the words of a key to their people.
func (s *search) take(from, to int, key string, h how) bool {
	last := s.known.index[key]
	all := s.known.entries
	alone := true
	for i := last; i != 0; i = all[i].next {
		alone = alone && all[i].person == all[last].person
	}
	for i := last; i != 0; i = all[i].next {
		s.hits[all[i].person] = append(s.hits[all[i].person], hit{from, to, all[i].word, h, alone})
	}
	return last != 0
}

// joined looks for names that are written as one word in the workspace and as more in the text: Vandenberg, Annemarie.
func (s *search) joined(i int) {
	t := &s.tokens[i]
	if i == 0 || t.before > space || t.isParticle() && !t.capital {
		return
	}
	key := t.folded
	j := i - 1
	for n := 0; n < 3 && j >= 0 && s.tokens[j+1].before <= space && s.tokens[j].isParticle(); n++ {
		key = s.tokens[j].folded + key
		s.take(j, i, key, exact)
		j--
	}
	left := &s.tokens[i-1]
	if left.isParticle() || left.number || left.letter || left.outside {
		return
	}
	long := utf8.RuneCountInString(left.folded) > 2 && utf8.RuneCountInString(t.folded) > 2 && !left.class.is(sentence) && !t.class.is(sentence)
	if t.before == hyphen || long || left.capital && t.capital {
		s.take(i-1, i, left.folded+t.folded, exact)
	}
}

// mistyped looks for names that are one typing error from a word that is written as a name.
func (s *search) mistyped(at int, found bool) {
	t := &s.tokens[at]
	if len(t.folded) < nearSound || t.class.is(particle|title|sentence) {
		return
	}
	c := s.around(at)
	written := c.capital || c.titled || c.initials != 0
	if t.class.is(listed) && !written {
		return
	}
	keys, known := s.typos[t.folded]
	if !known {
		keys = s.known.nearTo(t.folded)
		s.typos[t.folded] = keys
	}
	for _, key := range keys {
		long := utf8.RuneCountInString(key) >= nearGiven
		how := near
		if soundAlike(t.folded, key) {
			how = alike
		} else if found || t.class.is(listed) {
			continue
		}
		for i := s.known.index[key]; i != 0; i = s.known.entries[i].next {
			e := s.known.entries[i]
			word := &s.known.people[e.person].words[e.word]
			if word.key == key && word.near && (word.kind&surname != 0 || long && !found) {
				s.hits[e.person] = append(s.hits[e.person], hit{at, at, e.word, how, false})
			}
		}
	}
}
