package conversation

import (
	"maps"
	"strings"
	"testing"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// asksForATalk asks for one in the middle of a complaint; what the talk is about is typed in message 93.
func asksForATalk(t *testing.T) *player {
	t.Helper()
	p := agreed(t)
	p.play(Pressed{p.session.Step, "file"})
	p.play(Typed{Text: "Noor (invented)", Message: 90})
	p.play(Pressed{p.session.Step, cases.ForSelf})
	p.play(Pressed{p.session.Step, instead})
	p.play(Pressed{p.session.Step, string(cases.Call)})
	p.play(Typed{Text: "06 12345678", Message: 91})
	p.play(Typed{Text: "Wednesday after five", Message: 92})
	p.play(Typed{Text: "The planing", Message: 93})
	p.play(Pressed{p.session.Step, send})
	if len(p.talks) != 1 {
		t.Fatalf("in %s, %d talks", p.session.State, len(p.talks))
	}
	return p
}

func TestTalkSaysWhichMessagesItsWordsCameIn(t *testing.T) {
	p := asksForATalk(t)
	want := map[string]int64{cases.FieldName: 90, cases.FieldTelephone: 91, cases.FieldMoment: 92, cases.FieldSubject: 93}
	if got := p.talks[0].Messages; !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestCorrectedMessageReachesTheFileOfTheTalk(t *testing.T) {
	for message, words := range map[int64]string{90: "Noor de Wit (invented)", 91: "06 87654321", 92: "Thursday after five", 93: "The planning"} {
		p := asksForATalk(t)
		p.done = nil
		p.play(Edited{Message: message, Text: words})
		if len(p.done) != 1 || p.done[0] != (Correct{Message: message, Text: words}) {
			t.Errorf("message %d: did %+v", message, p.done)
		}
		if got := p.keys(); !strings.Contains(got, "edit.corrected") {
			t.Errorf("message %d: said %s", message, got)
		}
	}
	p := asksForATalk(t)
	p.play(Edited{Message: 91, Text: "06 87654321"})
	if got := p.session.Answers[fieldCall]; got != "+31 6 87654321" {
		t.Errorf("the next talk begins with %q", got)
	}
	p.done = nil
	p.play(Edited{Message: 91, Text: "no number"})
	if len(p.done) != 0 || !strings.HasPrefix(p.keys(), "edit.no-answer") {
		t.Errorf("what is no number does %+v, said %s", p.done, p.keys())
	}
}

func TestWhatATalkWasAboutIsCorrectedInTheComplaintToo(t *testing.T) {
	p := agreed(t)
	p.play(Pressed{p.session.Step, "talk"})
	p.play(Pressed{p.session.Step, no})
	for _, typed := range []Typed{{"Noor (invented)", 90}, {"06 12345678", 91}, {"Wednesday after five", 92}, {"The planing", 93}} {
		p.play(typed)
	}
	p.play(Pressed{p.session.Step, send})
	p.play(Pressed{0, "helped:G-2026-0001:no"})
	p.refusal = i18n.T("refusal.closed", "number", "G-2026-0001")
	p.play(Edited{Message: 93, Text: "The planning"})
	if got := p.session.Answers[cases.FieldSubject]; got != "The planning" || !strings.HasPrefix(p.keys(), "edit.answer") {
		t.Errorf("the complaint is about %q, said %s", got, p.keys())
	}
}

func TestTalkWhoseComplaintWasFiledMeanwhileBeginsNoOther(t *testing.T) {
	for said, closed := range map[string]bool{"helped.no-goes-on": false, "helped.no-filed": true} {
		p := asksForATalk(t)
		p.press("continue")
		for len(p.filed) == 0 {
			p.play(onward(p.session))
		}
		if closed {
			p.committee("the committee closes K-2026-0001")
		} else { // what is forgotten is not that it was filed
			p.play(Command{"forgetme"})
			p.play(Pressed{p.session.Step, yes})
			p.play(Started{"en"})
			p.play(Pressed{p.session.Step, "agree"})
		}
		p.committee("the committee has held the talk G-2026-0001")
		p.play(Pressed{0, "helped:G-2026-0001:no"})
		if p.session.State != Menu || p.session.told() && p.session.Story.has() || !strings.HasPrefix(p.keys(), said) {
			t.Errorf("leads to %s, said %s", p.session.State, p.keys())
		}
		if got := p.said[0].(Say); len(got.Buttons) != 1 || got.Buttons[0][0].Choice != "case:K-2026-0001" {
			t.Errorf("%s has the buttons %v", said, got.Buttons)
		}
		if helped, is := p.done[len(p.done)-1].(Helped); !is || helped.Yes {
			t.Errorf("did %+v", p.done)
		}
	}
}

func TestEarlierTalkOfTheSameComplaintLeadsBackToIt(t *testing.T) {
	p := asksForATalk(t)
	p.press("continue")
	p.play(Pressed{p.session.Step, instead})
	p.play(Pressed{p.session.Step, string(cases.Email)})
	p.play(Typed{Text: "noor@example.com"})
	p.play(Pressed{p.session.Step, keep})
	p.play(Pressed{p.session.Step, send})
	if len(p.talks) != 2 {
		t.Fatalf("in %s, %d talks", p.session.State, len(p.talks))
	}
	p.play(Pressed{0, "helped:G-2026-0001:no"})
	if p.session.State != Subject || !strings.HasPrefix(p.keys(), "helped.no") {
		t.Errorf("leads to %s, said %s", p.session.State, p.keys())
	}
}

func TestWordsUnderAFileBelongToTheQuestionThatIsOpen(t *testing.T) {
	film := document("film.mp4", procedure.Limits.BytesEach()+1)
	film.Caption = "She told me so"
	photo := Attached{Kind: APhoto, File: kinds[APhoto], Caption: "She told me so", Message: 50}
	for name, c := range map[string]struct {
		event Attached
		want  string
	}{
		"kept": {photo, filesAnswer(1, "She told me so")}, "refused": {film, "She told me so"},
	} {
		p := playerAt(t, i18n.English, Authority, cases.Words{cases.FieldFor: code("another Ann (invented)")})
		p.play(c.event)
		if got := p.session.Answers[cases.FieldAuthority]; got != c.want || p.session.Story.Parts > 0 || len(p.session.Early) > 0 {
			t.Errorf("%s: the answer is %q, the story %+v", name, got, p.session.Story)
		}
		turned := &turn{flow: flowOf(procedure), procedure: procedure, Session: p.session}
		if got := turned.final(cases.FieldAuthority); !strings.Contains(got, "She told me so") {
			t.Errorf("%s: the committee reads %q", name, got)
		}
	}
	p := playerAt(t, i18n.English, Authority, cases.Words{cases.FieldFor: code("another Ann (invented)")})
	p.play(photo)
	p.play(Edited{Message: 50, Text: "She wrote me so"})
	if got := p.session.Answers[cases.FieldAuthority]; got != filesAnswer(1, "She wrote me so") {
		t.Errorf("changed, the answer is %q", got)
	}
	p.play(Spoiled{Name: "photo.jpg", Field: cases.FieldAuthority})
	if got := p.session.Answers[cases.FieldAuthority]; got != "She wrote me so" {
		t.Errorf("without the photo, the answer is %q", got)
	}
}

func TestWordsUnderAFileThatIsAskedForAreKeptWithIt(t *testing.T) {
	asked, err := cases.LoadProcedure("testdata/procedure/own.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p := playerAt(t, i18n.English, "own_receipt", nil)
	p.procedure = asked
	p.play(Attached{Kind: APhoto, File: kinds[APhoto], Caption: "the front"})
	p.play(Attached{Kind: APhoto, File: kinds[APhoto], Caption: "the back"})
	if got := p.session.Answers["own.receipt"]; got != filesAnswer(2, "the front\nthe back") || p.session.Story.Parts > 0 {
		t.Errorf("the answer is %q, the story %+v", got, p.session.Story)
	}
	p.play(Spoiled{Name: "a.jpg", Field: "own.receipt"})
	p.play(Spoiled{Name: "b.jpg", Field: "own.receipt"})
	if _, is := p.session.Answers["own.receipt"]; is || len(p.session.Early) != 1 || p.session.Early[0].Text != "the front\nthe back" {
		t.Errorf("without the photos: %q, held %+v", p.session.Answers, p.session.Early)
	}
}

func TestWordsBesideAButtonAreHeldForTheStory(t *testing.T) {
	for _, at := range []State{For, Resume, Earlier} {
		p := playerAt(t, i18n.English, at, cases.Words{cases.FieldName: "Noor (invented)"})
		p.session.Return = Subject
		if at == Earlier {
			p.session.Return, p.session.Early = Problem, []early{{Text: "It began."}}
		}
		p.play(Typed{Text: "It went wrong on Tuesday."})
		if held := p.session.Early; len(held) == 0 || held[len(held)-1].Text != "It went wrong on Tuesday." {
			t.Errorf("%s holds %+v", at, held)
		}
		for i := 0; p.session.State != Earlier && i < 10; i++ {
			p.play(onward(p.session))
		}
		p.play(Pressed{p.session.Step, yes})
		if got := p.story(); !strings.Contains(got, "It went wrong on Tuesday.") {
			t.Errorf("from %s the story is %q", at, got)
		}
	}
}
