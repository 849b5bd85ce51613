package names

// weigh gives the best that a text says of each person.
func weigh(p *page, known *Workspace, hits [][]hit) map[int]sighting {
	found := map[int]sighting{}
	clusters := make([][]cluster, len(hits))
	claims := make([]claim, len(p.tokens))
	for person := range hits {
		clusters[person] = p.clusters(known.people[person], hits[person])
		for _, c := range clusters[person] {
			c.claim(person, claims)
		}
	}
	for person := range hits {
		if len(hits[person]) > 0 {
			found[person] = p.best(known.people[person], clusters[person], claims)
		}
	}
	for person, s := range p.abbreviated(known) {
		found[person] = found[person].or(s)
	}
	return found
}

// best weighs all that a text says of one person.
func (p *page) best(f *figure, clusters []cluster, claims []claim) sighting {
	var best sighting
	var firsts, lasts []hit // that may be meant together, apart as they stand
	for i := range clusters {
		c := &clusters[i]
		s := c.sighting
		if s.strength == Certain && c.outdone(claims) {
			s.strength = Likely
		}
		best = best.or(s)
		if s.strength > Possible {
			continue
		}
		for _, h := range c.hits {
			strength, by := p.single(f, h)
			claimed := claims[h.to].words > 0 || h.how == near && claims[h.to].paired
			if strength == 0 || f.full && !by.own && claimed {
				continue
			}
			best = best.or(p.sight(f, h, strength))
			if h.how != exact || by.against {
				continue
			}
			if f.words[h.word].kind&given != 0 {
				firsts = append(firsts, h)
			}
			if f.words[h.word].kind&surname != 0 {
				lasts = append(lasts, h)
			}
		}
	}
	if best.strength < Likely && len(firsts) > 0 {
		for _, h := range lasts {
			if h.word != firsts[0].word {
				return best.or(p.sight(f, h, Likely))
			}
		}
	}
	return best
}

// sight is a word of a name with the particles and the initials before it that are of the same name.
func (p *page) sight(f *figure, h hit, strength Strength) sighting {
	return sighting{strength, p.tokens[p.nameFrom(f, h)].start, p.tokens[h.to].end}
}

// beside says what stands beside a word of a name: what is theirs too, as fitting initials are, and what speaks against them.
type beside struct{ own, against bool }

// single weighs one word of a name that stands alone.
func (p *page) single(f *figure, h hit) (Strength, beside) {
	c := p.around(h.to)
	is := c.standing
	if h.from < h.to {
		is = p.standingOf(h)
	}
	switch {
	case h.how == near || h.how == alike:
		written := c.capital || c.titled || c.initials != 0 || c.whole && p.tokens[h.to].capital
		if !written || h.how == near && c.initials != 0 && c.initials&f.firsts == 0 {
			return 0, beside{}
		}
		return Possible, beside{own: c.initials&f.firsts != 0, against: true}
	case is == noName, h.how == owned && !c.capital && vocabulary[f.words[h.word].key].is(listed):
		return 0, beside{}
	}
	by := p.beside(f, h)
	if h.how == exact && (by.own || is == aName && h.alone && !by.against) {
		return Likely, by
	}
	return Possible, by
}

// beside looks at the words before and after a word of a name.
func (p *page) beside(f *figure, h hit) beside {
	var by beside
	before, after := p.around(h.from), p.around(h.to)
	k := f.words[h.word].kind
	if k&surname != 0 {
		initials := before.initials | after.after
		by.own = initials&f.firsts != 0
		if left := before.left; left >= 0 && p.tokens[left].capital && letterOf(p.tokens[left].folded)&f.loose != 0 {
			by.own = true
		}
		double := h.to+1 < len(p.tokens) && p.tokens[h.to+1].before == hyphen && p.strange(h.to+1)
		by.against = initials != 0 || p.strange(before.left) || double
	}
	if k&given != 0 && !by.own {
		by.own = after.last&f.lasts != 0
		by.against = by.against || after.last != 0 || p.strange(after.right)
	}
	if by.own {
		by.against = false
	}
	return by
}

// strange is true of a word beside a name that may be a name as well, of somebody else.
func (p *page) strange(i int) bool {
	if i < 0 {
		return false
	}
	t := &p.tokens[i]
	none := title | address | role | particle
	if t.before == stop {
		none |= listed | opener | connector
	}
	return t.capital && !t.number && !t.letter && !t.class.is(none)
}

// standingOf is the standing of a name that is written in more words than one.
func (p *page) standingOf(h hit) standing {
	last := &p.tokens[h.to]
	if !last.class.is(listed) {
		return aName
	}
	for k := h.from; k < h.to; k++ {
		t := &p.tokens[k]
		if !t.class.is(listed) || t.capital && t.before != stop && !p.shouted(k) {
			return aName // "van den berg"
		}
	}
	if p.placed(h.from) && p.followed(h.to) {
		return max(maybeName, p.around(h.to).standing)
	}
	return p.around(h.to).standing
}
