package cases

import (
	"slices"
	"strings"
	"unicode"
)

// What is put to a person concerned is written by the representative: never the story itself, and never where the complainant can
// be reached, unless they agreed to that. A person decides what that comes to; here is only seen what nobody would want to overlook.

// passage is how many words in a row make a passage of a story. Fewer may be the same by themselves.
const passage = 12

// shortStory is the fewest words of a whole story that is shorter than a passage, and would not be said by chance.
const shortStory = 6

// fewestDigits is how many of the last digits of a telephone number tell it from others: however it is written, with the code
// of its country or without it, these are the same.
const fewestDigits = 8

// storyFields are the answers in which a complainant tells what happened.
var storyFields = []string{FieldProblem, FieldPrior, FieldPriorEnd, FieldWish}

// Theirs looks in words that are to be put to a person concerned for the complainant's contact data, and for passages of what they
// told, word for word. It returns a *Refusal that says which it found; nil: neither.
func (f *File) Theirs(words string) error {
	switch reach, story := f.reachedBy(words), f.toldIn(words); {
	case reach && story:
		return refuse("refusal.theirs-both")
	case reach:
		return refuse("refusal.theirs-contact")
	case story:
		return refuse("refusal.theirs-story")
	}
	return nil
}

// toldIn says whether words have a passage of what the complainant told in them.
func (f *File) toldIn(words string) bool {
	said := tokens(words)
	return slices.ContainsFunc(storyFields, func(field string) bool {
		return repeats(said, tokens(f.Answers[field]), field == FieldProblem)
	}) || slices.ContainsFunc(f.Events, func(e Event) bool {
		return e.Kind == Replied && e.By == Complainant && repeats(said, tokens(e.Words[FieldText]), false)
	})
}

// reachedBy says whether words have the complainant's e-mail address or telephone number in them.
func (f *File) reachedBy(words string) bool {
	reach := f.Reach(len(f.Events))
	if mail := strings.ToLower(strings.TrimSpace(reach[FieldEmail])); mail != "" && strings.Contains(strings.ToLower(words), mail) {
		return true
	}
	number := digits(reach[FieldTelephone])
	if len(number) < fewestDigits {
		return false
	}
	last := number[len(number)-fewestDigits:]
	return slices.ContainsFunc(numbersIn(words), func(n string) bool { return strings.Contains(n, last) })
}

// numbersIn are the numbers in words, each as its digits: what is written between the digits of a telephone number parts none.
func numbersIn(words string) (all []string) {
	for _, run := range strings.FieldsFunc(words, func(r rune) bool { return !unicode.IsDigit(r) && !strings.ContainsRune(" ()+-./\u00a0\u2011\u2013", r) }) {
		if n := digits(run); n != "" {
			all = append(all, n)
		}
	}
	return all
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// tokens are the words of a text as they sound: without capitals, and without what stands between them.
func tokens(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// repeats says whether words have a passage of a story in them, or all of a short one where that counts.
func repeats(words, story []string, short bool) bool {
	size := passage
	if short && len(story) < passage {
		size = max(len(story), shortStory)
	}
	passages := map[string]bool{}
	for n := range len(story) - size + 1 {
		passages[strings.Join(story[n:n+size], " ")] = true
	}
	for n := range len(words) - size + 1 {
		if passages[strings.Join(words[n:n+size], " ")] {
			return true
		}
	}
	return false
}
