package conversation

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

var update = flag.Bool("update", false, "write what is said into the stories, and the drawings, instead of checking it")

// A story is a text file. What the person does:
//
//	> words that are typed        [label of a button]        /command
//	(photo) or (photo: words under it)        (shares 31612345678)        (changes "old words" into "new words")
//
// what is said then, each message in its order, by its key, and its first words after a colon where they matter; under it
// the buttons that it has:
//
//	< intake.name.ask: Wat is uw naam?
//	! toast.old
//
// and what the rest of the world does: (language nl), (two days pass), (the committee refuses), and more, as aside knows it.
func TestStoriesGoAsTheyAreTold(t *testing.T) {
	files, err := filepath.Glob("testdata/stories/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories", err)
	}
	walked := map[way]bool{}
	procedures := map[string]*cases.Procedure{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			p := playStory(t, file, walked)
			procedures[p.Version] = p
		})
	}
	for _, p := range procedures {
		for _, s := range flowOf(p).lines {
			for _, a := range s.arrows {
				if !walked[way{s.state, a}] {
					t.Errorf("no story goes from %s to %s by %s", s.state, a.to, a.on)
				}
			}
		}
	}
}

// way is an arrow, and where it begins.
type way struct {
	from State
	arrow
}

// labelsOf are what an arrow may be labelled with that somebody takes by what they do.
func labelsOf(from *step, did Event) []string {
	var rest []string
	for _, on := range []string{words, "found", "day", string(cases.Email), string(cases.Letter)} { // are no buttons, or were pressed before
		if _, leads := from.arrow(on); leads && from.state != Instead {
			rest = append(rest, on)
		}
	}
	said, choice := "", ""
	switch did := did.(type) {
	case Pressed:
		choice = did.Choice
	case Typed:
		said = bare(did.Text)
	case Followed:
		return []string{"right"}
	default:
		return rest
	}
	kind, _, _ := strings.Cut(choice, ":")
	for _, on := range []string{choice, kind} {
		if _, leads := from.arrow(on); leads {
			return []string{on}
		}
	}
	for on, is := range map[string]func(string) bool{unknown: isUnknown, skip: isPass, done: isDone, yes: isYes, no: isNo} {
		if _, leads := from.arrow(on); leads && said != "" && is(said) {
			return []string{on}
		}
	}
	return rest
}

// playStory plays one story, and returns the procedure that it ended with.
func playStory(t *testing.T, file string, walked map[way]bool) *cases.Procedure {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := newPlayer(t, "nl")
	p.walked = func(from, to Session) {
		line := flowOf(p.procedure).step(from.State)
		if line == nil {
			return
		}
		for _, on := range labelsOf(line, p.did) {
			walked[way{from.State, arrow{on, to.State}}] = true
			if from.Return == to.State || from.Draft == to.State {
				walked[way{from.State, arrow{on, Anywhere}}] = true
			}
		}
	}
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
		p.now = p.now.Add(20 * time.Second)
		if err := p.tell(line); err != nil {
			t.Fatalf("%s:%d: %v", file, at, err)
		}
		if len(p.said) > 0 {
			checkSaid(t, p, i18n.Languages, file, at)
		}
	}
	flush()
	if *update && out.String() != string(text) {
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return p.procedure
}

// matches compares what was said with a line of a story, and says how the line should be.
func matches(e Effect, line string, l i18n.Language) (string, bool) {
	sign, text := "<", i18n.Text{}
	switch e := e.(type) {
	case Say:
		text = e.Text
	case Toast:
		sign, text = "!", e.Text
	case ShowProposal:
		words := fmt.Sprintf("< (the proposal for %s)", e.Case)
		return words, line == words
	case SendData:
		return "< (a file with all that is held on this person)", line == "< (a file with all that is held on this person)"
	}
	words := strings.Join(strings.Fields(text.In(l)), " ")
	want := sign + " " + mainKeys(text)
	if line == want {
		return line, true
	}
	if first, literal := strings.CutPrefix(line, want+": "); literal && strings.HasPrefix(words, strings.TrimSuffix(first, "…")) {
		return line, true
	}
	return want + ": " + excerpt(words, 150), false
}

// tell does what a line of a story says.
func (p *player) tell(line string) error {
	switch {
	case line == "" || strings.HasPrefix(line, "#"):
		return nil
	case strings.HasPrefix(line, "> "):
		p.play(Typed{Text: strings.TrimPrefix(line, "> ")})
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

// kinds are what a story calls what is no text, with what comes with it.
var kinds = map[string]cases.Attachment{
	APhoto: {ID: "photo", Type: "image/jpeg", Size: 300_000}, AVoice: {ID: "voice", Type: "audio/ogg", Size: 90_000},
	ADocument: {ID: "document", Name: "rekening.pdf", Type: "application/pdf", Size: 200_000},
	AVideo:    {ID: "video", Name: "film.mp4", Type: "video/mp4", Size: 21 << 20},
	ASticker:  {}, ALocation: {}, AContact: {},
}

// aside does what a line between brackets says.
func (p *player) aside(what string) error {
	verb, rest, _ := strings.Cut(what, " ")
	kind, caption, _ := strings.Cut(what, ": ")
	file, attached := kinds[kind]
	switch {
	case attached:
		p.play(Attached{Kind: kind, Caption: caption, File: file})
	case verb == "shares":
		p.play(Shared{Telephone: rest})
	case verb == "changes":
		return p.changes(rest)
	case verb == "language":
		p.session = New(rest)
	case verb == "procedure":
		chosen, err := cases.LoadProcedure(filepath.Join("testdata", "procedure", rest))
		if err != nil {
			return err
		}
		p.procedure = chosen
	case strings.HasSuffix(what, " pass"), strings.HasSuffix(what, " passes"):
		return p.passes(what)
	case verb == "follows":
		p.play(Followed{Profile: string(p.session.Language), Token: strings.TrimPrefix(rest, "the link ")})
	case verb == "the", verb == "nothing":
		return p.committee(what)
	default:
		return fmt.Errorf("what does (%s) mean?", what)
	}
	return nil
}

// changes changes a message that was typed.
func (p *player) changes(what string) error {
	old, words, ok := strings.Cut(strings.Trim(what, `"`), `" into "`)
	for i, typed := range slices.Backward(p.typed) {
		if ok && typed.Text == old {
			p.typed[i].Text = words
			p.play(Edited{Message: typed.Message, Text: words})
			return nil
		}
	}
	return fmt.Errorf("nobody typed %q", old)
}

// passes lets time pass: "an hour passes", "two days pass".
func (p *player) passes(what string) error {
	numbers := map[string]int{"a": 1, "an": 1, "two": 2, "six": 6, "seven": 7, "eight": 8, "thirteen": 13, "fourteen": 14, "twenty": 20}
	fields := strings.Fields(what)
	units := map[string]time.Duration{"hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour}
	count, unit := numbers[fields[0]], units[strings.TrimSuffix(fields[1], "s")]
	if count == 0 || unit == 0 {
		return fmt.Errorf("how long is %q?", what)
	}
	p.said = nil
	p.pass(time.Duration(count) * unit)
	return nil
}

// committee does what the committee, or the program for it, does.
func (p *player) committee(what string) error {
	said := strings.Fields(what)
	number := cases.Number(said[len(said)-1])
	switch {
	case what == "the committee refuses":
		p.refusal = i18n.T("refusal.not-found")
	case what == "the committee accepts again":
		p.refusal = i18n.Text{}
	case strings.HasPrefix(what, "the committee writes about "):
		p.buttons = append(p.buttons, ReplyButton(number))
	case strings.HasPrefix(what, "the committee asks whether it helped, "):
		p.buttons = append(p.buttons, HelpedButtons(number)...)
	case strings.HasPrefix(what, "the committee proposes a solution for "):
		p.proposals++
		p.buttons = append(p.buttons, ProposalButtons(number, p.proposals)...)
		return p.stands(number, func(s *Status) {
			s.Stage, s.Proposal, s.Owned, s.LastWord = cases.StageProposed, p.proposals, true, p.now
		})
	case what == "the committee writes up what they told":
		p.written = writeUp(p.session.Language)
	case what == "the write-up is sent back":
		p.written = nil
	case strings.HasPrefix(what, "the committee asks something by tomorrow about "):
		p.buttons = append(p.buttons, ReplyButton(number))
		return p.stands(number, func(s *Status) { s.Question, s.AnswerBy = true, p.now.AddDate(0, 0, 1) })
	case strings.HasPrefix(what, "the committee asks something about "):
		return p.stands(number, func(s *Status) { s.Question, s.AnswerBy = true, time.Time{} })
	case strings.HasPrefix(what, "the owner of "):
		number = cases.Number(said[3])
		return p.stands(number, func(s *Status) { s.Owned = false })
	case strings.HasPrefix(what, "the committee promises two measures for "):
		return p.stands(number, func(s *Status) { s.Measures = 2 })
	case strings.HasPrefix(what, "the committee does one more measure for "):
		return p.stands(number, func(s *Status) { s.Carried++ })
	case strings.HasPrefix(what, "the committee lets lapse "):
		return p.stands(number, func(s *Status) {
			s.Stage, s.Closed, s.Outcome, s.Measures = cases.Closed, p.now, cases.OutcomeLapsed, 0
		})
	case strings.HasPrefix(what, "the committee waits for approval of "):
		return p.stands(number, func(s *Status) { s.Stage = cases.Awaiting })
	case strings.HasPrefix(what, "the committee takes up "):
		return p.stands(number, func(s *Status) { s.Stage, s.Owned = cases.Assigned, true })
	case strings.HasPrefix(what, "the committee speaks with them about "):
		return p.stands(number, func(s *Status) { s.Stage, s.Contacted = cases.Contact, p.now })
	case strings.HasPrefix(what, "the committee explains the delay of "):
		return p.stands(number, func(s *Status) { s.Explained, s.LastDay = true, s.LastDay.AddDate(0, 0, 14) })
	case strings.HasPrefix(what, "the committee closes "):
		p.buttons = append(p.buttons, RateButton(number))
		return p.stands(number, func(s *Status) { s.Stage, s.Closed, s.Kept = cases.Closed, p.now, p.now.AddDate(2, 0, 0) })
	case strings.HasPrefix(what, "the committee has held the talk "):
		return p.stands(number, func(s *Status) { s.Stage, s.Closed, s.Outcome = cases.Closed, p.now, cases.Talked })
	case strings.HasPrefix(what, "the file "):
		name, why, _ := strings.Cut(strings.TrimPrefix(what, "the file "), " can't be kept: ")
		p.said = nil
		p.step(Spoiled{Name: name, Why: i18n.Plain(why)})
	case strings.HasPrefix(what, "the telephone sends ") && strings.HasSuffix(what, " photos at once"):
		count, err := strconv.Atoi(said[3])
		p.said = nil
		for range count {
			p.step(p.numbered(Attached{Kind: APhoto, File: kinds[APhoto]}))
		}
		return err
	case strings.HasPrefix(what, "the telephone sends ") && strings.HasSuffix(what, " messages at once"):
		count, err := strconv.Atoi(said[3])
		p.said = nil
		for n := range count {
			p.step(p.numbered(Typed{Text: fmt.Sprintf("En nog iets (%d)", n+1)}))
		}
		return err
	case what == "the press overtakes the next words":
		p.message++ // they are on their way
		p.typed = append(p.typed, Typed{Message: p.message})
	case strings.HasPrefix(what, "the words arrive: "):
		late := p.typed[slices.IndexFunc(p.typed, func(m Typed) bool { return m.Text == "" })]
		p.play(Typed{Text: strings.TrimPrefix(what, "the words arrive: "), Message: late.Message})
	default:
		return fmt.Errorf("what does (%s) mean?", what)
	}
	return nil
}

// stands changes how a case stands.
func (p *player) stands(number cases.Number, change func(*Status)) error {
	at := slices.IndexFunc(p.cases, func(s Status) bool { return s.Number == number })
	if at < 0 {
		return fmt.Errorf("there is no case %s", number)
	}
	change(&p.cases[at])
	return nil
}
