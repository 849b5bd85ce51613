package names

import "unicode/utf8"

// standing says what the place of a word says of its being a name.
type standing int

const (
	noName    standing = iota
	maybeName          // an ordinary word, written as a name is
	aName
)

// context is what stands around a word.
type context struct {
	read     bool
	standing standing
	capital  bool    // it has a capital that says something: not that of a sentence, not among capitals only
	titled   bool    // a title, a form of address or a function goes before
	whole    bool    // it is, by its place, the answer or one of those listed in it
	initials letters // that go before
	from     int     // where the name begins: at its first initial or particle
	left     int     // the word before all that, if it may be of the same name; else -1
	right    int     // the word after, particles left out, if it may be of the same name; else -1
	last     letters // that word, if it is an initial
	after    letters // initials that follow: "de Vries, J.P."
}

// most is how many particles, and how many initials, a name may have.
const most = 6

// around gives what stands around a word.
func (p *page) around(i int) *context {
	c := &p.about[i]
	if c.read {
		return c
	}
	t := &p.tokens[i]
	*c = context{read: true, left: -1, right: -1, from: i}
	shouted := p.shouted(i)
	c.capital = t.capital && t.before != stop && !shouted
	p.lookLeft(i, c)
	p.lookRight(i, c)
	c.whole = p.placed(i) && p.followed(i)
	c.standing = p.standing(i, c, shouted)
	return c
}

// standing weighs whether a word is a name where it stands. The package's comment says how.
func (p *page) standing(i int, c *context, shouted bool) standing {
	t := &p.tokens[i]
	begins := t.capital && t.before == stop && !shouted
	switch {
	case t.number || t.outside || t.class.is(role) || p.dated(i) || p.joinsNames(i):
		return noName
	case !t.class.is(listed):
		return aName
	case (c.titled || c.initials != 0) && (t.capital || !t.class.is(sentence)):
		return aName
	case c.capital, c.whole, begins && !t.class.is(sentence):
		return maybeName
	}
	return noName
}

// shouted is true of a word of capitals beside another of capitals: they say nothing of a name.
func (p *page) shouted(i int) bool {
	return p.tokens[i].capitals && (i > 0 && p.tokens[i-1].capitals || i+1 < len(p.tokens) && p.tokens[i+1].capitals)
}

// lookLeft passes the particles and the initials before a word, to what goes before them.
func (p *page) lookLeft(i int, c *context) {
	j := i - 1
	for n := 0; n < most && j >= 0 && p.tokens[j+1].before <= space && p.tokens[j].isParticle(); n++ {
		j--
	}
	first, direct := j+1, j == i-1
	for n := 0; n < most && j >= 0 && p.tokens[j+1].before <= space && p.initials(j) != 0; n++ {
		c.initials |= p.initials(j)
		j--
	}
	if c.initials != 0 {
		first = j + 1
	}
	c.from = first
	if j >= 0 && p.tokens[j+1].before.joins() && !p.tokens[j].number {
		c.left = j
		c.titled = p.tokens[j].class.is(title) || direct && p.tokens[j].class.is(address|role) // not "de afdeling van de bakker"
	}
}

// lookRight passes the particles after a word.
func (p *page) lookRight(i int, c *context) {
	j := i + 1
	for n := 0; n < most && j < len(p.tokens) && p.tokens[j].before <= space && p.tokens[j].isParticle(); n++ {
		j++
	}
	if j < len(p.tokens) && p.tokens[j].before <= space && !p.tokens[j].number {
		c.right = j
		if p.tokens[j].letter && p.tokens[j].capital {
			c.last = p.initials(j)
		}
	}
	for j = i + 1; j < len(p.tokens) && j <= i+most && p.tokens[j].before <= comma && p.tokens[j].letter && p.tokens[j].capital; j++ {
		if p.tokens[j].dotted || p.tokens[j].before != comma && p.initials(j) != 0 {
			c.after |= p.initials(j)
		}
	}
}

// initials reads a word as initials: a letter, "JP", or a first name that is cut short ("Joh.").
func (p *page) initials(i int) letters {
	t := &p.tokens[i]
	var all letters
	switch {
	case t.number || t.outside || t.quoted:
	case t.letter && (t.dotted || !t.isWord()), t.dotted && t.capital && t.class.is(shortened):
		all = letterOf(t.folded)
	case t.capitals && utf8.RuneCountInString(t.folded) <= 4 && t.class&^ordinary == 0 && !p.shouted(i),
		t.capital && len(t.folded) == 2 && !isVowel(t.folded[:1]) && !isVowel(t.folded[1:]) && t.class&^(ordinary|shortened) == 0:
		for k := range t.folded {
			all |= letterOf(t.folded[k:])
		}
	}
	return all
}

// isWord is true of one letter that is more often a word: "I", "u", "A" at the beginning of a sentence.
func (t *token) isWord() bool {
	switch {
	case !t.capital:
		return isVowel(t.folded)
	case t.before == stop:
		return t.folded == "a" || t.folded == "o" || t.folded == "i" || t.folded == "u"
	}
	return t.folded == "i" || t.folded == "u"
}

func isVowel(letter string) bool {
	switch letter {
	case "a", "e", "i", "o", "u", "y":
		return true
	}
	return false
}

// joinsNames is true of a particle that is used as one: "van" in "Van Dijk", "Ben" in "Fatima Ben Ali".
func (p *page) joinsNames(i int) bool {
	t := &p.tokens[i]
	if !t.class.is(particle) || i+1 == len(p.tokens) {
		return false
	}
	next := &p.tokens[i+1]
	if !next.capital || next.before > space {
		return false
	}
	return !t.capital || !t.class.is(alsoFirst) || i > 0 && t.before <= space && p.tokens[i-1].capital
}

// placed is true of the word that a sentence begins with, or with which it says whom it is about, and of those listed after it.
func (p *page) placed(i int) bool {
	const opening, listing = 5, 12
	if p.tokens[i].before == stop {
		return true
	}
	start, end := i, i+1
	for start > 0 && p.tokens[start].before != stop && end-start <= listing {
		start--
	}
	for end < len(p.tokens) && p.tokens[end].before != stop && end-start <= listing {
		end++
	}
	left := &p.tokens[i-1]
	if left.class.is(opener) {
		return p.tokens[start].before == stop && i-start <= opening
	}
	return end-start <= listing && (p.tokens[i].before == comma || p.tokens[i].before == slash || left.class.is(connector))
}

// followed is true of a word after which nothing follows in its sentence but what fits a name.
func (p *page) followed(i int) bool {
	return i+1 == len(p.tokens) || p.tokens[i+1].before >= bracket || p.tokens[i+1].class.is(follower|connector)
}

// dated is true of a month beside a day or a year: "12 jan", "May 2026".
func (p *page) dated(i int) bool {
	if !p.tokens[i].class.is(month) {
		return false
	}
	if i > 0 && p.tokens[i-1].number && p.tokens[i].before <= space && len(p.tokens[i-1].folded) <= 2 {
		return true
	}
	if i+1 == len(p.tokens) || !p.tokens[i+1].number || p.tokens[i+1].before > space {
		return false
	}
	number := p.tokens[i+1].folded
	return len(number) <= 2 && number[0] != '0' && p.tokens[i].before != stop || len(number) == 4 && (number[:2] == "19" || number[:2] == "20")
}
