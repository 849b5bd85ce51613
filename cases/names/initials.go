package names

import "unicode/utf8"

// abbreviated finds the people whose initials stand in a text: JdV, J.d.V.
func (p *page) abbreviated(known *Workspace) map[int]sighting {
	written := map[string]sighting{}
	for i := range p.tokens {
		if initials, to := p.initialsOnly(i); initials != "" {
			written[initials] = written[initials].or(sighting{Possible, p.tokens[i].start, p.tokens[to].end})
		}
	}
	found := map[int]sighting{}
	if len(written) == 0 {
		return found
	}
	for person, f := range known.people {
		for _, initials := range f.initials {
			if s, is := written[initials]; is {
				found[person] = found[person].or(s)
			}
		}
	}
	return found
}

// initialsOnly reads initials that stand for a whole name, and says with which token they end. Two letters are so many
// other things that they count only where they are, by their place, the answer.
func (p *page) initialsOnly(i int) (initials string, to int) {
	t := &p.tokens[i]
	if t.number || t.outside || t.quoted {
		return "", 0
	}
	initials, to = t.folded, i
	if t.letter {
		if !t.dotted || i > 0 && p.tokens[i-1].letter && t.before <= space {
			return "", 0
		}
		for to < i+most && to+1 < len(p.tokens) && p.tokens[to+1].letter && p.tokens[to+1].before <= space {
			to++
			initials += p.tokens[to].folded
		}
		if to+1 < len(p.tokens) && p.tokens[to+1].before <= space && p.tokens[to+1].capital {
			return "", 0 // they are the initials of the surname that follows
		}
	}
	class := vocabulary[initials]
	count := utf8.RuneCountInString(initials)
	plain := class.is(abbreviation|month|title|particle|degree) || class.is(listed) && !t.letter
	switch {
	case plain || count < 2 || count > 5 || p.shouted(i):
		return "", 0
	case t.letter && count > 2, t.mixed && count > 2, (t.letter || t.capitals) && p.placed(i) && p.followed(to):
		return initials, to
	case count > 2 && !hasVowel(initials) && p.placed(i) && p.followed(i):
		return initials, to
	}
	return "", 0
}

func hasVowel(folded string) bool {
	for i := range folded {
		if isVowel(folded[i : i+1]) {
			return true
		}
	}
	return false
}
