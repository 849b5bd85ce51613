package conversation

import (
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

func TestTelephoneIsReadHoweverItIsWritten(t *testing.T) {
	for typed, want := range map[string]string{
		"06 12345678":                "+31 6 12345678",
		"06-12 34 56 78":             "+31 6 12345678",
		"0031612345678":              "+31 6 12345678",
		"+31 (0)6 12345678":          "+31 6 12345678",
		"020 123 4567":               "+31 20 123 4567",
		"+32 470 12 34 56":           "+32 470 12 34 56",
		"mijn nummer is 06 12345678": "+31 6 12345678",
	} {
		if got, ok := telephone(answer{words: typed}); !ok || got != want {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
	for _, typed := range []string{"06", "12345", "06 1234567", "bel maar", "noor06@example.com", "+31 6 1234567890", strings.Repeat("06", 200), "112"} {
		if got, ok := telephone(answer{words: typed}); ok {
			t.Errorf("%q is taken for %q", typed, got)
		}
	}
	for shared, want := range map[string]string{"31612345678": "+31 6 12345678", "+31612345678": "+31 6 12345678", "0612345678": "+31 6 12345678"} {
		if got, ok := telephone(answer{telephone: shared}); !ok || got != want {
			t.Errorf("shared %q is read as %q", shared, got)
		}
	}
}

func TestEmailIsFoundInWhatIsTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"noor@voorbeeld.nl":                 "noor@voorbeeld.nl",
		"Mijn adres is noor@voorbeeld.nl.":  "noor@voorbeeld.nl",
		"<noor+klacht@mail.example.com>":    "noor+klacht@mail.example.com",
		"mailto:noor@example.com":           "noor@example.com",
		"noor@bücher.example":               "noor@bücher.example",
		"o'neill@example.com":               "o'neill@example.com",
		"noor@xn--bcher-kva.example, graag": "noor@xn--bcher-kva.example",
	} {
		if got, ok := email(typed); !ok || got != want {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
	for _, typed := range []string{
		"noor", "noor@", "@voorbeeld.nl", "noor@voorbeeld", "noor@voorbeeld.n", "noor@@voorbeeld.nl", "noor @voorbeeld.nl",
		"a@b.nl of c@d.nl", "noor@-voorbeeld.nl", "noor@voorbeeld..nl", "noor@127.0.0.1", "noor@[127.0.0.1]",
		strings.Repeat("n", 65) + "@voorbeeld.nl", "noor@" + strings.Repeat("v.", 130) + "nl", "noor@voor_beeld.nl", "a b c",
	} {
		if got, ok := email(typed); ok {
			t.Errorf("%q is taken for %q", typed, got)
		}
	}
}

func TestWhatNobodyTypesOnPurposeIsTakenAway(t *testing.T) {
	for typed, want := range map[string]string{
		"  twee\u00a0keer \r\n":          "twee keer",
		"\x1fonce":                       "once",
		"a\x00b\u202ec\ufeff":            "abc",
		"regel\r\nregel\rregel\u2028nog": "regel\nregel\nregel\nnog",
		"broken \xff\xfe":                "broken",
		"👨‍👩‍👧 gezin":                    "👨‍👩‍👧 gezin",
	} {
		if got := clean(typed); got != want {
			t.Errorf("%q becomes %q", typed, got)
		}
	}
}

func TestExcerptNeverCutsACharacter(t *testing.T) {
	if got := excerpt(strings.Repeat("é", 300), 200); length(got) != 200 || !strings.HasSuffix(got, "é…") {
		t.Errorf("%q", got)
	}
	if got := excerpt("kort", 200); got != "kort" {
		t.Errorf("%q", got)
	}
}

func TestSmallTalkIsNoName(t *testing.T) {
	for _, typed := range []string{"Hallo", "hello?", "Hoi!", "ja", "no", "Goedemiddag.", "ok", "wie bent u?"} {
		if !smallTalk(typed) && !isQuestion(typed) {
			t.Errorf("%q is taken for a name", typed)
		}
	}
	for _, typed := range []string{"Noor", "Hal Loos", "J. de Wit", "李雷"} {
		if smallTalk(typed) || isQuestion(typed) {
			t.Errorf("%q is not taken for a name", typed)
		}
	}
}

func TestStoryHasALimitThatIsSaid(t *testing.T) {
	p := newPlayer(t, "en")
	p.session = Session{Language: "en", State: Problem, Step: 1, Consented: p.now, Answers: cases.Words{}}
	for range 8 {
		p.play(Typed{Text: strings.Repeat("w", 4000)})
	}
	if got := p.session.Story; got.Parts != 7 || got.Length != 28_000 || len(p.parts) != 7 {
		t.Fatalf("%+v", got)
	}
	if said := p.said[0].(Say); said.Text.Key != "intake.problem.full" || said.Text.Args["left"] != 2000 {
		t.Fatalf("said %s", p)
	}
	p.play(Typed{Text: "the end"})
	p.play(Typed{Text: "done"})
	if p.session.State != When {
		t.Fatalf("done leads to %s", p.session.State)
	}
}

func TestStoryHasAtMostAsManyPartsAsItIsGiven(t *testing.T) {
	p := newPlayer(t, "en")
	few := *procedure
	few.Limits.Parts, few.Version = 100, "few"
	p.procedure = &few
	p.session = Session{Language: "en", State: Problem, Step: 1, Consented: p.now}
	for range 101 {
		p.now = p.now.Add(time.Minute)
		p.play(Typed{Text: "and then"})
	}
	if p.session.Story.Parts != 100 || len(p.parts) != 100 || p.said[0].(Say).Text.Key != "intake.problem.many-parts" {
		t.Fatalf("%+v, said %s", p.session.Story, p)
	}
	if n := length(p.session.Story.Excerpt); n > mostExcerpt {
		t.Fatalf("an excerpt of %d characters", n)
	}
}

func TestLongAnswersAreRefusedAndShown(t *testing.T) {
	p := newPlayer(t, "en")
	p.session = Session{Language: "en", State: When, Step: 1, Consented: p.now}
	most := procedure.Limits.Answer
	p.play(Typed{Text: strings.Repeat("w", most+1)})
	if p.session.State != When || p.said[0].(Say).Text.Key != "answer.too-long" {
		t.Fatalf("said %s", p)
	}
	p.play(Typed{Text: strings.Repeat("w", most)})
	if p.session.State == When {
		t.Fatalf("said %s", p)
	}
}

func TestSummaryOfTheLongestAnswersFitsItsMessages(t *testing.T) {
	p := newPlayer(t, "en")
	p.session = Session{Language: "en", State: Express, Step: 1, Consented: p.now, Answers: map[string]string{}}
	long := strings.Repeat("😡w", procedure.Limits.Answer/2)
	for field := range labels {
		p.session.Answers[field] = long
	}
	p.session.Answers[cases.FieldFor] = code(cases.ForAnother + " " + long)
	p.session.Days = "2026-11-03/2026-11-05~"
	p.session.Story = Story{Parts: 9, Files: 20, Length: 20_000, Excerpt: strings.Repeat("😡", mostExcerpt)}
	p.play(Pressed{1, back})
	checkSaid(t, p, i18n.Languages, "summary")
	if len(p.said) < 3 {
		t.Fatalf("said %s", p)
	}
}

func TestPieceOfALetterIsChangedWhereItStands(t *testing.T) {
	p := newPlayer(t, "en")
	p.session = Session{Language: "en", State: Menu, Step: 1, Consented: p.now, Has: true}
	p.play(Pressed{0, "reply:K-2026-0001"})
	for n := range mostPieces {
		p.play(Typed{Text: strings.Repeat("é", n%9+1), Message: int64(100 + n)})
	}
	if p.play(Typed{Text: "one more", Message: 300}); p.said[0].(Say).Text.Key != "reply.many" {
		t.Errorf("said %s", p)
	}
	p.play(Edited{Message: 100, Text: "changed"}) // the first is known as well as any
	p.play(Edited{Message: 110, Text: "changed"})
	lines := strings.Split(p.session.Aside[cases.FieldText], "\n")
	for n, line := range lines {
		want := strings.Repeat("é", n%9+1)
		if n == 0 || n == 10 {
			want = "changed"
		}
		if line != want {
			t.Errorf("line %d is %q", n, line)
		}
	}
	if len(p.session.Pieces) != mostPieces || len(lines) != mostPieces {
		t.Errorf("%d pieces of %d lines", len(p.session.Pieces), len(lines))
	}
}

func TestDaysAreKeptAndSaidAsTheyWereFound(t *testing.T) {
	p := newPlayer(t, "en")
	for said, want := range map[string]string{
		"since March":              "since March 2026",
		"in 2025":                  "2025",
		"3 November":               "Tuesday 3 November 2026",
		"from 3 to 5 November":     "from Tuesday 3 November 2026 up to and including Thursday 5 November 2026",
		"about two weeks ago":      "roughly ",
		"op 3 november, de middag": "Tuesday 3 November 2026",
	} {
		turn := &turn{flow: flowOf(procedure), procedure: procedure, now: p.now}
		kept := turn.daysIn(said)
		if got := kept.said(i18n.English).In(i18n.English); !strings.HasPrefix(got, want) {
			t.Errorf("%q is kept as %q and said as %q", said, kept, got)
		}
		if s, ok := kept.span(procedure.Location()); !ok || daysOf(s) != kept {
			t.Errorf("%q is read as %+v", kept, s)
		}
	}
}
