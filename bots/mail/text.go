package mail

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// width is how many characters a line of a letter in text holds, where its words allow.
const width = 72

// Text is the letter as plain text, its lines wrapped.
func (l *Letter) Text() string { return l.write(new(text)) }

// Preview is the letter as its reader will see it, for a window that wraps lines itself.
func (l *Letter) Preview() string { return l.write(&text{unwrapped: true}) }

func (l *Letter) write(t *text) string {
	t.heading(l.Title, "=")
	t.facts(l.Facts)
	t.paragraph(l.Greeting)
	for _, s := range l.Sections {
		if s.Heading != "" {
			t.heading(s.Heading, "-")
		}
		for _, p := range s.Paragraphs {
			t.paragraph(p)
		}
		t.steps(s.Steps)
		for _, p := range s.Quote {
			t.indented("  ", "  ", p)
			t.blank()
		}
		t.answers(s.Answers)
		for _, a := range s.Links {
			t.paragraph(a.Label + "\n" + a.Value)
		}
		for _, p := range s.After {
			t.paragraph(p)
		}
	}
	t.paragraph(l.Closing + "\n" + l.Sender)
	t.line("-- ") // the sign that a signature follows
	for _, line := range l.Footer {
		t.indented("", "", line)
	}
	return t.String()
}

// text is a letter that is being written.
type text struct {
	strings.Builder

	unwrapped bool // a paragraph is a line, and nothing is lined up
}

func (t *text) line(words string) { t.WriteString(words + "\n") }
func (t *text) blank()            { t.WriteString("\n") }

func (t *text) heading(words, under string) {
	t.line(words)
	if !t.unwrapped {
		t.line(strings.Repeat(under, utf8.RuneCountInString(words)))
	}
	t.blank()
}

func (t *text) paragraph(words string) {
	t.indented("", "", words)
	t.blank()
}

func (t *text) facts(facts []Line) {
	longest := 0
	for _, f := range facts {
		if !t.unwrapped {
			longest = max(longest, utf8.RuneCountInString(f.Label))
		}
	}
	for _, f := range facts {
		t.line(fmt.Sprintf("%s:%*s %s", f.Label, max(0, longest-utf8.RuneCountInString(f.Label)), "", f.Value))
	}
	t.blank()
}

func (t *text) steps(steps []string) {
	for i, step := range steps {
		t.indented(fmt.Sprintf("%d. ", i+1), "   ", step)
	}
	if len(steps) > 0 {
		t.blank()
	}
}

func (t *text) answers(answers []Line) {
	for _, a := range answers {
		t.paragraph(a.Label)
		if value := a.Value; a.None {
			t.indented("  ", "  ", "("+value+")")
		} else {
			t.indented("  ", "  ", value)
		}
		t.blank()
	}
}

// indented writes words with their own line breaks, wrapped, the first line after one indent and the others after another.
func (t *text) indented(first, rest, words string) {
	indent := first
	for line := range strings.SplitSeq(words, "\n") {
		used := 0
		for i, word := range strings.Fields(line) {
			size := utf8.RuneCountInString(word)
			if i > 0 && !t.unwrapped && used+1+size > width-len(indent) {
				t.blank()
				used, i = 0, 0
			}
			if i == 0 {
				t.WriteString(indent)
				indent = rest
			} else {
				t.WriteString(" ")
				used++
			}
			t.WriteString(word)
			used += size
		}
		t.blank()
	}
}
