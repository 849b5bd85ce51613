package names

import (
	_ "embed"
	"slices"
	"strings"
	"unicode/utf8"
)

// class is what is known of a word: none, one or more of the lists of vocabulary.txt.
type class uint32

const (
	particle     class = 1 << iota // between first name and surname
	alsoFirst                      // a particle that begins a name as its first name
	title                          // before a name
	address                        // before or after a name
	abbreviated                    // its full stop ends no sentence
	shortened                      // a first name's abbreviation
	degree                         // after a name
	role                           // a function or a department
	connector                      // between two people
	opener                         // before whom an answer is about
	follower                       // after a name that stands alone
	month                          // no name beside a number
	abbreviation                   // nobody's initials
	sentence                       // a word that sentences begin with
	ordinary                       // a word that is a name as well
	common                         // never a typing error of a name
	pronoun                        // in brackets after a name in the workspace
)

// listed are the words that are a name only where they are written as one.
const listed = sentence | ordinary | common

// lists are the headings of vocabulary.txt.
var lists = map[string]class{
	"particles": particle, "also first names": alsoFirst, "titles": title, "forms of address": address, "abbreviated": abbreviated,
	"shortened first names": shortened, "degrees": degree, "roles": role, "connectors": connector, "openers": opener, "followers": follower,
	"months": month, "abbreviations": abbreviation, "sentence words": sentence, "ordinary words": ordinary, "common words": common,
	"pronouns": pronoun,
}

//go:embed vocabulary.txt
var vocabularyText string

//go:embed nicknames.txt
var nicknamesText string

// vocabulary holds the classes of each listed word, folded.
var vocabulary = readVocabulary(vocabularyText)

// related holds for each first name those that may stand for it: spellings and short forms, folded.
var related = readNicknames(nicknamesText)

func (c class) is(any class) bool { return c&any != 0 }

// lines gives the lines that say something.
func lines(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
		return strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#")
	})
}

func readVocabulary(text string) map[string]class {
	words := map[string]class{}
	var of class
	for _, line := range lines(text) {
		if heading, isHeading := strings.CutPrefix(line, "["); isHeading {
			heading, _, _ = strings.Cut(heading, "]")
			of = lists[heading]
			continue
		}
		for _, word := range strings.Fields(line) {
			folded, _ := fold(word)
			words[folded] |= of
		}
	}
	return words
}

func readNicknames(text string) map[string][]string {
	others := map[string][]string{}
	relate := func(a, b string) {
		if a != b && !slices.Contains(others[a], b) {
			others[a] = append(others[a], b)
		}
	}
	for _, line := range lines(text) {
		names, short, _ := strings.Cut(line, ":")
		folded := func(s string) []string {
			words := strings.Fields(s)
			for i := range words {
				words[i], _ = fold(words[i])
			}
			return words
		}
		spellings := folded(names)
		for _, a := range spellings {
			for _, b := range spellings {
				relate(a, b)
			}
			for _, b := range folded(short) {
				relate(a, b)
				relate(b, a)
			}
		}
	}
	return others
}

// classOf is what is known of a folded word; words of two letters are never taken for a name without a capital.
func classOf(folded string) class {
	c := vocabulary[folded]
	if !c.is(listed) && utf8.RuneCountInString(folded) == 2 {
		c |= ordinary
	}
	return c
}
