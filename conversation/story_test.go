package conversation

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

var update = flag.Bool("update", false, "write what is said into the stories, and the drawing, instead of checking it")

// A story is a text file. What the person does:
//
//	> words that are typed        [label of a button]        /command
//	(photo) or (photo: words under it)        (shares 31612345678)
//
// what is said then, each message in its order, by its key, and its first words after a colon where they matter:
//
//	< intake.name.ask: Wat is uw naam?
//	! toast.old
//
// and what the rest of the world does: (language nl), (a day passes), (the committee refuses), (the committee closes K-2026-0001).
func TestStoriesGoAsTheyAreTold(t *testing.T) {
	files, err := filepath.Glob("testdata/stories/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories", err)
	}
	walked := map[arrow]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { playStory(t, file, walked) })
	}
	for _, s := range flow {
		for _, a := range s.arrows {
			if a.to != Anywhere && !walked[arrow{string(s.state), a.to}] {
				t.Errorf("no story goes from %s to %s", s.state, a.to)
			}
		}
	}
}

func playStory(t *testing.T, file string, walked map[arrow]bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := newPlayer(t, "nl")
	p.walked = func(from, to Session) { walked[arrow{string(from.State), to.State}] = true }
	var out bytes.Buffer
	var expected []string
	at := 0
	flush := func() {
		for i, e := range p.said {
			want := ""
			if i < len(expected) {
				want = expected[i]
			}
			got, ok := matches(e, want, p.session.Language)
			if !ok && !*update {
				t.Errorf("%s:%d: said\n%s\nwanted %q", file, at, p, expected)
				break
			}
			out.WriteString(got + "\n")
		}
		if len(expected) > len(p.said) && !*update {
			t.Errorf("%s:%d: not said: %q", file, at, expected[len(p.said):])
		}
		p.said, expected = nil, nil
	}
	for number, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
		if strings.HasPrefix(line, "< ") || strings.HasPrefix(line, "! ") {
			expected = append(expected, line)
			continue
		}
		flush()
		at = number + 1
		out.WriteString(line + "\n")
		if err := p.act(line); err != nil {
			t.Fatalf("%s:%d: %v", file, at, err)
		}
	}
	flush()
	if *update && out.String() != string(text) {
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// matches compares what was said with a line of a story, and says how the line should be.
func matches(e Effect, line string, l i18n.Language) (string, bool) {
	sign, text := "<", i18n.Text{}
	switch e := e.(type) {
	case Say:
		text = e.Text
	case Toast:
		sign, text = "!", e.Text
	}
	words := strings.Join(strings.Fields(text.In(l)), " ")
	want := sign + " " + mainKey(text)
	if line == want {
		return line, true
	}
	if first, literal := strings.CutPrefix(line, want+": "); literal && strings.HasPrefix(words, strings.TrimSuffix(first, "…")) {
		return line, true
	}
	return want + ": " + excerpt(words, 100), false
}

// act does what a line of a story says.
func (p *player) act(line string) error {
	switch {
	case line == "" || strings.HasPrefix(line, "#"):
		return nil
	case strings.HasPrefix(line, "> "):
		p.play(Typed{strings.TrimPrefix(line, "> ")})
	case line == "/start":
		p.play(Started{Profile: string(p.session.Language)})
	case strings.HasPrefix(line, "/"):
		p.play(Command{line[1:]})
	case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
		if label := line[1 : len(line)-1]; !p.press(label) {
			return fmt.Errorf("there is no button %q", label)
		}
	case strings.HasPrefix(line, "(") && strings.HasSuffix(line, ")"):
		return p.aside(line[1 : len(line)-1])
	default:
		return fmt.Errorf("what does %q mean?", line)
	}
	return nil
}

func (p *player) aside(what string) error {
	kinds := []string{APhoto, ADocument, AVideo, AVoice, ASticker, ALocation, AContact}
	verb, rest, _ := strings.Cut(what, " ")
	kind, caption, _ := strings.Cut(what, ": ")
	switch {
	case slices.Contains(kinds, kind):
		p.play(Attached{Kind: kind, Caption: caption})
	case verb == "shares":
		p.play(Shared{rest})
	case verb == "language":
		p.session = New(rest)
	case what == "a day passes":
		p.now = p.now.Add(24 * time.Hour)
	case what == "three weeks pass":
		p.now = p.now.Add(21 * 24 * time.Hour)
	case strings.HasPrefix(what, "the committee writes about "):
		p.buttons = append(p.buttons, ReplyButton(cases.Number(strings.TrimPrefix(what, "the committee writes about "))))
	case what == "the committee refuses":
		p.refusal = i18n.T("answer.too-long", "length", 1, "limit", 1)
	case strings.HasPrefix(what, "stage "):
		for i := range p.cases {
			p.cases[i].Stage = cases.Stage(rest)
		}
	default:
		return fmt.Errorf("what does (%s) mean?", what)
	}
	return nil
}
