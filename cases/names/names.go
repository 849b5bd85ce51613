// Package names decides who of a workspace a text may mean: whom a complaint is about, who should not handle it, for whom it is.
//
// Whoever may be meant is kept from the case until somebody entitled clears them. A miss may therefore show a complaint to the
// person complained of, where a match too many costs one press; so whatever could be somebody's name counts, with these bounds,
// because a text that matches half a committee protects nobody:
//
//   - A role or a department ("de helpdesk", "de monteur") is no name.
//   - A word that is also an ordinary word ("roos", "mark", "boer"; vocabulary.txt lists them) counts alone only where it is written
//     as a name: with a capital, after a title or initials, or as the whole of an answer ("over roos van de helpdesk"). A word that
//     sentences begin with ("Will", "Ben", "Can") needs more there: what follows must fit a name. Words of two letters need a capital.
//     Beside another word of the same person's name each of them counts as it stands.
//   - Where somebody is named by first name and surname, those words do not name another who has only one of them: "Jan de Vries" is
//     not Jan Bakker. Initials are less: in Dutch they often are not those of the name somebody goes by, so that "J. de Vries" may still
//     be Bob de Vries. Nor does it clear somebody of whom only a first name, a surname or initials are known.
//   - A typing error counts for one letter of a surname from five letters on, or of a first name from six, in a word that is nobody's
//     name and no ordinary word. Another spelling of the same sound ("Janssen", "van Dyck") counts in any surname. Both count only
//     where the word is written as a name, or beside another word of the same name.
//   - A month beside the number of a day or a year ("12 jan", "May 2026") is no name.
//
// It knows nothing of cases, roles or a chat tool: it takes words and people, and gives back people.
package names

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"
)

// Person is somebody of the workspace, by everything that they are called.
type Person struct {
	ID    string
	Names []string // real name, display name, handle, the local part of an e-mail address or all of it; in any order
}

// Strength says how sure it is that somebody is meant. It changes only what the chair is told of a match: each is kept from the case.
type Strength int

// The strengths, from least to most.
const (
	// Possible: a first name or surname that several bear or that is an ordinary word, a short form, a typing error, initials only, or
	// a surname beside a first name or initials that are not known as theirs.
	Possible Strength = iota + 1
	// Likely: a surname with fitting initials, a name that only they bear, both names apart from each other or with an error, or the full
	// name of more than one person.
	Likely
	// Certain: first name and surname together, their address, or a mention of them.
	Certain
)

func (s Strength) String() string {
	switch s {
	case Possible:
		return "possible"
	case Likely:
		return "likely"
	case Certain:
		return "certain"
	}
	return fmt.Sprintf("Strength(%d)", int(s))
}

// Match says who may be meant, and by what.
type Match struct {
	ID       string
	By       string // the words that name them, as they stand in the text: for a person entitled to read, never for a log
	Strength Strength
}

// String leaves out the words, which are of a complaint.
func (m Match) String() string { return m.ID + " (" + m.Strength.String() + ")" }

// LogValue leaves out the words, which are of a complaint.
func (m Match) LogValue() slog.Value { return slog.StringValue(m.String()) }

// GoString leaves out the words, which are of a complaint.
func (m Match) GoString() string { return m.String() }

// Find says who of the people may be meant in a text, each once: the surest first, then in the order of the text. The order
// of the people changes nothing; people with the same ID are one.
func Find(text string, people []Person) []Match { return Meet(people).Find(text) }

// Find is as the function of that name. It may be called by several at once.
func (w *Workspace) Find(text string) []Match {
	t := read(text)
	t.about = make([]context, len(t.tokens))
	found := weigh(t, w, hitsIn(t, w))
	for p, s := range addressed(t, w) {
		found[p] = found[p].or(s)
	}
	matches := make([]Match, 0, len(found))
	order := map[string]int{}
	for p, s := range found {
		if s.strength > 0 {
			id := w.people[p].id
			order[id] = s.start
			matches = append(matches, Match{ID: id, By: text[s.start:s.end], Strength: s.strength})
		}
	}
	slices.SortFunc(matches, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Strength, a.Strength), cmp.Compare(order[a.ID], order[b.ID]), cmp.Compare(a.ID, b.ID))
	})
	return matches
}
