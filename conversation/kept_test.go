package conversation

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// playerAt is a player with an open question, and answers to what comes before it.
func playerAt(t *testing.T, l i18n.Language, at State, answers cases.Words) *player {
	p := newPlayer(t, l)
	p.session = Session{Language: l, State: at, Step: 1, Consented: p.now, Answers: answers}
	return p
}

func document(name string, size int64) Attached {
	return Attached{Kind: ADocument, File: cases.Attachment{ID: "file " + name, Name: name, Size: size}}
}

func TestSayingThatTheDaysAreWrongIsNoOtherAnswer(t *testing.T) {
	const told = "vorige week dinsdag, in de kantine, na de vergadering"
	for _, typed := range []string{"dat klopt niet", "nee, dat klopt niet", "nee", "no, that's wrong", "not quite"} {
		p := playerAt(t, i18n.Dutch, When, nil)
		p.play(Typed{Text: told})
		p.play(Typed{Text: typed})
		if got := p.session; got.State != WhenCheck || got.Answers[cases.FieldWhen] != told || got.Days == "" {
			t.Errorf("%q makes %q of the answer, of %q, in %s", typed, got.Answers[cases.FieldWhen], got.Days, got.State)
		}
		if said := p.said[len(p.said)-1].(Say); said.Text.Key != "intake.when-check.expect" || len(said.Buttons) == 0 {
			t.Errorf("%q: said %s", typed, p)
		}
	}
	p := playerAt(t, i18n.Dutch, When, nil)
	p.play(Typed{Text: told})
	if p.play(Typed{Text: "nee, op 3 november"}); p.session.Answers[cases.FieldWhen] != "nee, op 3 november" || p.session.State != WhenCheck {
		t.Errorf("other days make %+v", p.session)
	}
}

func TestRefusedFileOfACancelledComplaintIsForgotten(t *testing.T) {
	p := playerAt(t, i18n.English, Problem, cases.Words{cases.FieldName: "Noor (invented)"})
	p.play(document("a.exe", 20))
	p.play(Spoiled{Name: "a.exe", Field: cases.FieldProblem, Size: 20})
	p.play(Command{"cancel"})
	if p.play(Pressed{p.session.Step, yes}); len(p.files) != 0 {
		t.Errorf("the next complaint has %v", p.files)
	}
}

func TestStoryWhoseOnlyFileIsRefusedAtTheLastQuestionIsNotFiled(t *testing.T) {
	p := newPlayer(t, i18n.English)
	for p.session.State != Problem {
		p.play(onward(p.session))
	}
	p.play(document("a.exe", 20))
	p.play(Pressed{p.session.Step, done})
	for p.session.State != Express {
		p.play(onward(p.session))
	}
	p.play(Spoiled{Name: "a.exe", Field: cases.FieldProblem, Size: 20})
	if p.play(Pressed{p.session.Step, "formal"}); len(p.filed) != 0 || p.session.State != Problem {
		t.Fatalf("%d filed, at %s", len(p.filed), p.session.State)
	}
	p.play(Typed{Text: "It went wrong."})
	if p.play(Pressed{p.session.Step, done}); p.session.State != Summary {
		t.Errorf("then comes %s", p.session.State)
	}
}

func TestRefusedFileIsNoAnswerAnyMore(t *testing.T) {
	p := playerAt(t, i18n.English, Authority, cases.Words{cases.FieldFor: code("another Ann (invented)")})
	p.play(document("a.exe", 20))
	if p.session.Answers[cases.FieldAuthority] != code("files:1") {
		t.Fatalf("the answer is %q", p.session.Answers[cases.FieldAuthority])
	}
	p.play(Spoiled{Name: "a.exe", Field: cases.FieldAuthority, Size: 20})
	if got, is := p.session.Answers[cases.FieldAuthority]; is {
		t.Errorf("the answer is %q", got)
	}

	p = playerAt(t, i18n.English, Subject, cases.Words{"own": code("files:2"), cases.FieldPrior: "words"})
	p.session.Story = Story{Files: 3, Bytes: 60}
	p.play(Spoiled{Name: "a.exe", Field: "own", Size: 20})
	p.play(Spoiled{Name: "b.exe", Field: cases.FieldPrior, Size: 20})
	if got := p.session; got.Answers["own"] != code("files:1") || got.Answers[cases.FieldPrior] != "words" || got.Story.Files != 1 {
		t.Errorf("%q, %+v", got.Answers, got.Story)
	}
}

func TestRefusedFilesTakeNoRoom(t *testing.T) {
	p := playerAt(t, i18n.English, Problem, nil)
	each := procedure.Limits.BytesEach()
	for n := range 2 * procedure.Limits.BytesTotal() / each {
		name := fmt.Sprint(n, ".exe")
		p.now = p.now.Add(time.Minute)
		p.play(document(name, each))
		p.play(Spoiled{Name: name, Field: cases.FieldProblem, Size: each})
	}
	if p.play(document("good.pdf", 1<<20)); p.session.Story.Files != 1 || p.session.Story.Bytes != 1<<20 {
		t.Errorf("%+v, said %s", p.session.Story, p)
	}
	p.play(Spoiled{Name: "good.pdf", Case: "K-2026-0001", Field: cases.FieldProblem, Size: 1 << 20})
	if p.session.Story.Files != 1 {
		t.Errorf("a file of another complaint counts: %+v", p.session.Story)
	}
}

func TestEarlyMessageThatIsChangedIsHeldWholeOrRefused(t *testing.T) {
	p := newPlayer(t, i18n.English)
	p.play(Started{"en"})
	p.play(Typed{Text: "It went on.", Message: 50})
	p.play(Typed{Text: "And on.", Message: 51})
	long := strings.TrimSpace(strings.Repeat("It went on and on. ", 60))
	p.play(Edited{Message: 50, Text: long})
	if got := p.session.Early[0].Text; got != long || p.said[0].(Say).Text.Key != "edit.early" {
		t.Fatalf("%d characters are held, said %s", length(got), p)
	}
	p.play(Edited{Message: 51, Text: strings.Repeat("w", mostEarlyWords-length(long)+1)})
	if got := p.session.Early[1].Text; got != "And on." || p.said[0].(Say).Text.Key != "edit.early-full" {
		t.Errorf("%d characters are held, said %s", length(got), p)
	}
}

func TestWordsUnderARefusedFileThatCameEarlyAreHeld(t *testing.T) {
	p := newPlayer(t, i18n.English)
	p.play(Started{"en"})
	large := document("film.mp4", procedure.Limits.BytesEach()+1)
	large.Caption = "what I saw"
	p.play(large)
	if len(p.session.Early) != 1 || p.session.Early[0].File != nil || p.session.Early[0].Text != "what I saw" {
		t.Fatalf("held %+v", p.session.Early)
	}
	if keys := mainKeys(p.said[0].(Say).Text); !strings.Contains(keys, "attached.large") || !strings.Contains(keys, "early.held") {
		t.Errorf("said %s", p)
	}
}

func TestWhatIsNotKeptIsSaidThoughNotOfEachOfManyMessages(t *testing.T) {
	long := strings.Repeat("w", procedure.Limits.Reply+1)
	few := *procedure
	few.Limits.Parts, few.Version = 100, "few"
	photo := Attached{Kind: APhoto, File: cases.Attachment{ID: "photo", Size: 1 << 10}}
	large := Attached{Kind: ADocument, File: cases.Attachment{ID: "large", Size: procedure.Limits.BytesEach()}}
	for name, c := range map[string]struct {
		at    State
		event Event
		said  string // where nothing is kept
	}{
		"parts of a story":         {Problem, Typed{Text: "and then"}, "intake.problem.many-parts"},
		"files of a story":         {Problem, photo, "attached.many"},
		"files beside a question":  {Wish, photo, "attached.many"},
		"bytes of a story":         {Problem, large, "attached.large-together"},
		"answers":                  {Wish, Typed{Text: long}, "answer.too-long"},
		"names":                    {Name, Typed{Text: long}, "answer.too-long"},
		"words before their place": {Menu, Typed{Text: "and then"}, "early.full"},
		"files before their place": {Menu, photo, "early.full"},
		"letters":                  {Replying, Typed{Text: long}, "reply.too-long"},
		"files of a case":          {Adding, photo, "attached.many"},
		"additions to a case":      {Adding, Typed{Text: long}, "reply.too-long"},
		"why it was so":            {RateWhy, Typed{Text: long}, "answer.too-long"},
		"why it is withdrawn":      {WithdrawReason, Typed{Text: long}, "answer.too-long"},
		"changes":                  {Wish, Edited{Message: 1 << 20, Text: "other words"}, "edit.nothing"},
		"changes of a story":       {Problem, Edited{Message: 1, Text: strings.Repeat("w", procedure.Limits.Story+1)}, "edit.too-long"},
		"changes of an answer":     {Subject, Edited{Message: 7, Text: long}, "edit.no-answer"},
	} {
		p := playerAt(t, i18n.English, c.at, cases.Words{cases.FieldName: "Noor (invented)"})
		p.procedure, p.quick = &few, true
		p.session.Messages = map[string]int64{cases.FieldName: 7}
		if open := flowOf(procedure).step(c.at); open.between {
			p.session.Case, p.session.Return = "K-2026-0001", Menu
		}
		if c.said == "edit.too-long" {
			p.play(Typed{Text: "and then", Message: 1})
		}
		refused, said := 0, 0
		for n := range 150 {
			p.now = p.now.Add(200 * time.Millisecond)
			before, kept := len(p.session.Early), len(p.parts)+len(p.files)+len(p.done)
			if p.play(c.event); len(p.session.Early) > before || len(p.parts)+len(p.files)+len(p.done) > kept {
				continue
			}
			refused++
			if len(p.said) > 0 && strings.Contains(mainKeys(p.said[0].(Say).Text), c.said) {
				said++
			} else if refused == 1 || len(p.said) > 0 && n < often {
				t.Errorf("%s, number %d: said %q", name, n+1, p)
				break
			}
		}
		if refused < often || said > chatty+1 {
			t.Errorf("%s: %d are refused, which is said %d times", name, refused, said)
		}
		p.now = p.now.Add(2 * freshly * time.Second)
		if p.play(c.event); len(p.said) == 0 || !strings.Contains(p.String(), c.said) {
			t.Errorf("%s, after a while: said %q", name, p)
		}
	}
}

func TestStoryThatWasToldForATalkIsTakenOverWhole(t *testing.T) {
	p := playerAt(t, i18n.English, Menu, nil)
	parts := make([]string, 10)
	for i := range parts {
		parts[i] = strings.Repeat(fmt.Sprint(i), procedure.Limits.Story/len(parts))
	}
	told := strings.Join(parts, "\n\n") // longer than a story may be
	p.step(Helpless{Number: "G-2026-0001", Told: cases.Words{cases.FieldName: "Noor (invented)", cases.FieldProblem: told}})
	var kept strings.Builder
	for _, part := range p.parts {
		kept.WriteString(part.Text)
	}
	if kept.String() != told || p.session.Story.Length != length(told) {
		t.Errorf("%d characters are kept of %d", length(kept.String()), length(told))
	}
	p.session.State = Problem
	p.play(Typed{Text: "more"})
	if said := p.said[0].(Say).Text; said.Key != "intake.problem.full" || said.Args["left"] != 0 {
		t.Errorf("said %s", p)
	}
}

func TestWhatIsNoNameIsKeptForNone(t *testing.T) {
	for _, typed := range []string{
		"ja graag", "Ja, graag.", "klopt", "prima", "weet ik niet", "geen idee", "Geen idee, sorry", "nee bedankt", "nee, bedankt",
		"Hallo, is daar iemand", "goedenavond allemaal", "hallo daar", "Hi! Anyone there", "n.v.t.", "I don't know", "skip",
		"ik wil een klacht indienen", "I would like to complain", "wij hebben een klacht",
	} {
		for at, field := range map[State]string{Name: cases.FieldName, ForWhom: cases.FieldFor, ForOthers: cases.FieldFor, TalkName: cases.FieldName, OtherContact: cases.FieldContact, Contact: cases.FieldContact} {
			p := playerAt(t, i18n.Dutch, at, cases.Words{cases.FieldWish: "rust"})
			p.play(Typed{Text: typed})
			if got := p.session.Answers[field]; got != "" || p.session.State != at || len(p.said) == 0 {
				t.Errorf("%q is kept as %q at %s, said %s", typed, got, at, p)
			}
		}
	}
	for _, typed := range []string{
		"Noor", "noor de wit", "Dag Visser", "Dag van der Berg", "Ja-Yoon Kim", "No Minji", "Dagmar", "Hi-Lan Tran", "J. de Wit", "jan", "Testa, Noor",
	} {
		if noName(typed) {
			t.Errorf("%q is not taken for a name", typed)
		}
	}
}

func TestWordsThatComeLaterUnderAFileBelongWhereItDoes(t *testing.T) {
	p := playerAt(t, i18n.English, Problem, nil)
	p.play(Attached{Kind: APhoto, Message: 500, File: cases.Attachment{ID: "photo", Type: "image/jpeg", Size: 1000}})
	p.play(Edited{Message: 500, Text: "This is the invoice.", File: true})
	if len(p.parts) != 1 || p.parts[0].Text != "This is the invoice." || p.parts[0].Message != 500 {
		t.Errorf("the story is %+v, said %s", p.parts, p)
	}
	p.play(Edited{Message: 500, Text: "This is the first invoice.", File: true})
	if len(p.parts) != 1 || p.parts[0].Text != "This is the first invoice." {
		t.Errorf("the story is %+v, said %s", p.parts, p)
	}

	p = playerAt(t, i18n.English, Authority, cases.Words{cases.FieldFor: code(cases.ForAnother + " Robin (invented)")})
	p.play(Attached{Kind: APhoto, Message: 600, File: cases.Attachment{ID: "note", Type: "image/jpeg", Size: 1000}})
	p.play(Edited{Message: 600, Text: "Her note.", File: true})
	if count, said := cutFiles(p.session.Answers[cases.FieldAuthority]); count != 1 || said != "Her note." {
		t.Errorf("the answer is %q, said %s", p.session.Answers[cases.FieldAuthority], p)
	}

	p = playerAt(t, i18n.English, Menu, nil)
	p.session.Has = true
	p.done = append(p.done, Attach{Case: "K-2026-0001", Message: 700})
	p.play(Edited{Message: 700, Text: "The second page.", File: true})
	if p.done[len(p.done)-1] != (Correct{Message: 700, Text: "The second page."}) || p.keys() != "edit.corrected" {
		t.Errorf("done: %+v, said %s", p.done, p)
	}
	if p.play(Edited{Message: 800, Text: "Of nothing.", File: true}); p.said[0].(Say).Text.Key != "edit.nothing" {
		t.Errorf("said %s", p)
	}
}
