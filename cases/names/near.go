package names

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The lengths, in letters, of the words in which one wrong letter counts.
const (
	nearSound   = 3 // another spelling of the same sound
	nearSurname = 5
	nearGiven   = 6
	nearLongest = 40 // no surname is longer
)

// nearKey is a key of which a typing error counts.
type nearKey struct {
	key  string
	next int32 // of the same sum, in Workspace.nears; 0: none
}

// readNear keeps the words in which a typing error counts, by what is left of each without one of its letters: two words that
// are one letter apart have one of those in common. Of surnames another spelling of the same sound counts as well, however short
// they are: Dyck for Dijk, Visscher for Visser.
func (w *Workspace) readNear() {
	w.near = make(map[uint64]int32, 12*len(w.people))
	w.nears = make([]nearKey, 1, 12*len(w.people)+1) // the first is none
	seen := map[string]kind{}                        // a word may be one person's first name and another's surname
	for _, f := range w.people {
		for _, word := range f.words {
			before := seen[word.key]
			if !word.near || word.kind&^before == 0 {
				continue
			}
			seen[word.key] |= word.kind
			keep := func(sum uint64) {
				if last := w.near[sum]; w.nears[last].key != word.key {
					w.near[sum] = int32(len(w.nears))
					w.nears = append(w.nears, nearKey{word.key, last})
				}
			}
			if n := utf8.RuneCountInString(word.key); before == 0 && n >= nearSurname && n <= nearLongest {
				without(word.key, keep)
			}
			if word.kind&surname&^before != 0 {
				keep(sumOf(sound(word.key), -1))
			}
		}
	}
}

// nearTo gives the keys that are one typing error from a word, or sound like it, but not the word itself.
func (w *Workspace) nearTo(folded string) []string {
	var found []string
	n := utf8.RuneCountInString(folded)
	look := func(sum uint64) {
		for i := w.near[sum]; i != 0; i = w.nears[i].next {
			key := w.nears[i].key
			if key == folded || slices.Contains(found, key) {
				continue
			}
			if utf8.RuneCountInString(key) >= nearSurname && oneApart(folded, key) || sound(folded) == sound(key) {
				found = append(found, key)
			}
		}
	}
	if n >= nearSurname-1 && n <= nearLongest+1 {
		without(folded, look)
	}
	look(sumOf(sound(folded), -1))
	return found
}

// without gives the sums of a word and of what is left of it without each of its letters.
func without(word string, give func(uint64)) {
	give(sumOf(word, -1))
	for i := range word {
		give(sumOf(word, i))
	}
}

// sumOf is the sum (FNV-1a) of a word without the letter that begins at a place.
func sumOf(word string, skip int) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	sum := uint64(offset)
	for i, r := range word {
		if i != skip {
			sum = (sum ^ uint64(r)) * prime
		}
	}
	return sum
}

// oneApart says whether one letter that is missing, too many, wrong or in its neighbour's place makes one word of the other.
func oneApart(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 {
		return false
	}
	for len(x) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	switch len(y) {
	case 0, 1:
		return true
	case 2:
		return len(x) == 2 && x[0] == y[1] && x[1] == y[0]
	}
	return false
}

// sounds are letters that names are spelled with in more ways than one.
var sounds = strings.NewReplacer("sch", "s", "ck", "k", "c", "k", "z", "s", "v", "f", "dt", "t", "d", "t", "y", "i", "ph", "f", "th", "t")

// soundAlike says whether two surnames sound much the same, as Jansen and Janssen do, or Kuiper and Kuipers. In a word that is
// somebody's name, or an ordinary word, no other typing error of a name is looked for.
func soundAlike(a, b string) bool {
	return sound(a) == sound(b) || sound(strings.TrimSuffix(a, "s")) == sound(strings.TrimSuffix(b, "s"))
}

// sound is a word as it sounds, more or less.
func sound(word string) string { return undoubled(sounds.Replace(word)) }

// undoubled is a word with one consonant where there are two the same.
func undoubled(word string) string {
	var b strings.Builder
	last := rune(-1)
	for _, r := range word {
		if r != last || isVowel(string(r)) {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
