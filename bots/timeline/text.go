package timeline

import (
	"strings"
	"unicode/utf8"
)

// width is how many columns the words take at most: those of a terminal that nobody made wider.
const width = 80

// Text is the timeline for a terminal: a heading for each day, and below it who is told what, and at what time.
func (t Timeline) Text() string {
	var b strings.Builder
	put(&b, "", t.Title)
	for _, said := range t.Intro {
		put(&b, "", said)
	}
	who := t.widest()
	for _, day := range t.Days {
		b.WriteByte('\n')
		put(&b, "", t.heading(day))
		before := ""
		for _, line := range day.Lines {
			at := t.clock(line.At)
			shown := at
			if at == before {
				shown = ""
			}
			before = at
			put(&b, "  "+pad(shown, 7)+pad(line.Whom, who+2), line.Text)
		}
	}
	if len(t.Notes) > 0 {
		b.WriteByte('\n')
	}
	for _, said := range t.Notes {
		put(&b, "", said)
	}
	return b.String()
}

// widest is the length of the longest name of who is told something.
func (t Timeline) widest() (most int) {
	for _, day := range t.Days {
		for _, line := range day.Lines {
			most = max(most, utf8.RuneCountInString(line.Whom))
		}
	}
	return most
}

// put writes words behind what stands before them, and lets the lines that follow begin below the first of these.
func put(b *strings.Builder, before, words string) {
	indent := utf8.RuneCountInString(before)
	lines := wrap(words, func(line string) bool { return utf8.RuneCountInString(line) <= width-indent })
	for i, line := range lines {
		if i > 0 {
			before = strings.Repeat(" ", indent)
		}
		b.WriteString(strings.TrimRight(before+line, " ") + "\n")
	}
}

func pad(s string, columns int) string {
	return s + strings.Repeat(" ", max(0, columns-utf8.RuneCountInString(s)))
}

// wrap breaks words into lines that fit. A word that is too long for any stands on one of its own.
func wrap(words string, fits func(string) bool) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(words) {
		switch {
		case line == "":
			line = word
		case fits(line + " " + word):
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}
