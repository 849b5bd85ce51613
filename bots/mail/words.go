package mail

import (
	"strings"
	"unicode"

	"websec.nl/gehoor/cases"
)

// longestName is how many characters of a name stand in a greeting and an address.
const longestName = 80

// nameOf is the complainant's name as it can stand on one line; empty where there is none.
func nameOf(f *cases.File) string { return shortened(f.Answers[cases.FieldName]) }

// shortened is a name on one line.
func shortened(words string) string {
	name := []rune(clean(words))
	if len(name) > longestName {
		name = append(name[:longestName-1], '…')
	}
	return string(name)
}

// clean makes words fit for one line: no breaks, no control characters, and none of the invisible characters that turn the
// direction of what follows.
func clean(words string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(words, "\uFFFD"))), " ")
}

// visible are words with their own lines, without the control characters that a terminal or a mail program might act on.
func visible(words string) string {
	words = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n").Replace(strings.ToValidUTF8(words, "\uFFFD"))
	words = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, words)
	return strings.TrimSpace(words)
}

// paragraphs takes words apart at their empty lines.
func paragraphs(words string) (all []string) {
	var paragraph []string
	end := func() {
		if len(paragraph) > 0 {
			all = append(all, strings.Join(paragraph, "\n"))
		}
		paragraph = nil
	}
	for line := range strings.SplitSeq(visible(words), "\n") {
		if line = strings.TrimRightFunc(line, unicode.IsSpace); line == "" {
			end()
			continue
		}
		paragraph = append(paragraph, line)
	}
	end()
	return all
}
