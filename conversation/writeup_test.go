package conversation

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// writeUp is what staff wrote up of what somebody said on the telephone.
func writeUp(l i18n.Language) *Linked {
	return &Linked{
		Number: "K-2026-0007", Language: l, Fields: cases.ComplaintFields,
		Answers: cases.Words{
			cases.FieldName: "Noor (invented)", cases.FieldFor: "self", cases.FieldSubject: "The help desk", cases.FieldProblem: "Nobody rang back.",
			cases.FieldWhen: "last week", cases.FieldTelephone: "+31 20 123 4567", cases.FieldEmail: "noor@example.nl",
		},
	}
}

// open says where a link leads.
func (p *player) open(e Open) Event {
	kind, number, _ := strings.Cut(e.Token, " ")
	switch {
	case kind == "used":
		return Linked{Token: e.Token, Number: cases.Number(number), Why: i18n.T("link.used")}
	case kind == "expired":
		return Linked{Token: e.Token, Why: i18n.T("link.expired")}
	case kind != "write-up" || p.written == nil:
		return Linked{Token: e.Token, Why: i18n.T("link.unknown")}
	}
	found := *p.written
	found.Token, found.Shown = e.Token, cases.Fingerprint(found.Answers)
	return found
}

func (p *player) correct(e CorrectAnswer) Event {
	known := e.Shown == cases.Fingerprint(p.written.Answers)
	p.written.Answers = maps.Clone(p.written.Answers)
	if e.Add {
		e.Text = p.written.Answers[e.Field] + "\n\n" + e.Text
	}
	p.written.Answers[e.Field] = e.Text
	if known {
		e.Shown = cases.Fingerprint(p.written.Answers)
	}
	return Corrected{Number: e.Case, Shown: e.Shown}
}

func (p *player) approve(e Approve) Event {
	if p.written != nil && e.Shown != cases.Fingerprint(p.written.Answers) {
		anew := p.open(Open{Token: e.Token}).(Linked)
		anew.Changed = true
		return anew
	}
	p.done = append(p.done, e)
	last := p.procedure.EndOfPeriod(p.now).AddDate(0, 0, -1)
	p.cases = append(p.cases, Status{Number: e.Case, Kind: cases.Formal, Stage: cases.Received, Received: p.now, LastDay: last})
	p.written = nil
	return Approved{Number: e.Case, LastDay: last, Email: "noor@example.nl"}
}

// approving is somebody who is shown a write-up.
func approving(t *testing.T) *player {
	t.Helper()
	p := agreed(t)
	p.written = writeUp(i18n.English)
	p.play(Followed{Token: "write-up"})
	if p.session.State != Approving || p.session.Case != "K-2026-0007" {
		t.Fatalf("in %s: %s", p.session.State, p)
	}
	return p
}

func TestALongWriteUpIsShownWhole(t *testing.T) {
	p := agreed(t)
	p.written = writeUp(i18n.English)
	story := strings.TrimSpace(strings.Repeat("Nobody rang back. \U0001F621 ", 1500))
	p.written.Answers[cases.FieldProblem] = story
	p.play(Followed{Token: "write-up"})
	checkSaid(t, p, i18n.Languages, "a long write-up")
	var said []string
	for _, e := range p.said {
		said = append(said, strings.Fields(e.(Say).Text.In(i18n.English))...)
	}
	if !strings.Contains(strings.Join(said, " "), story) {
		t.Error("words of the story are missing")
	}
}

func TestEachAnswerOfAWriteUpIsReadAsItsQuestionReadsIt(t *testing.T) {
	for field, one := range map[string]struct{ wrong, right, kept string }{
		cases.FieldName:      {"yes", "Noor Groen (invented)", "Noor Groen (invented)"},
		cases.FieldSubject:   {"hello", "The bill", "The bill"},
		cases.FieldTelephone: {"12", "020 765 4321", "+31 20 765 4321"},
		cases.FieldEmail:     {"noor@", "my address is noor.groen@example.nl", "noor.groen@example.nl"},
		cases.FieldProblem:   {"ok", "Not even once.", "Nobody rang back.\n\nNot even once."},
	} {
		p := approving(t)
		p.play(Pressed{p.session.Step, "change:" + field})
		if p.play(Typed{Text: one.wrong}); p.session.State != Correcting || len(p.done) > 0 {
			t.Errorf("%s: %q is an answer: %s", field, one.wrong, p)
		}
		if p.play(Typed{Text: one.right}); p.session.State != Approving || p.written.Answers[field] != one.kept {
			t.Errorf("%s: %q is kept as %q: %s", field, one.right, p.written.Answers[field], p)
		}
	}
}

func TestWhoMayNotBeReadYetIsShownNothingOfAWriteUp(t *testing.T) {
	p := newPlayer(t, i18n.Dutch)
	p.written = writeUp(i18n.English)
	p.play(Followed{Profile: "nl", Token: "write-up"})
	if p.session.State != Consent || strings.Contains(p.String(), "Nobody rang back") || p.session.Language != i18n.English {
		t.Errorf("in %s: %s", p.session.State, p)
	}
	p.play(Pressed{p.session.Step, "decline"})
	if p.session.Link.Token != "" {
		t.Error("the link is still remembered")
	}
}

func TestAWriteUpLeavesAComplaintThatIsBeingToldAsItWas(t *testing.T) {
	p := agreed(t)
	for p.session.State != When {
		p.play(onward(p.session))
	}
	before := settled(p.session)
	p.written = writeUp(i18n.English)
	p.play(Followed{Token: "write-up"})
	p.play(Pressed{p.session.Step, "right"})
	after := settled(p.session)
	before.asked, after.asked = asked{}, asked{}
	before.Has = true
	if freeze(t, before) != freeze(t, after) {
		t.Errorf("it was\n%s\nand is\n%s", freeze(t, before), freeze(t, after))
	}
}

func TestNobodyAgreesWithWordsThatTheyWereNotShown(t *testing.T) {
	p := approving(t)
	staff := func(words string) {
		p.written.Answers = maps.Clone(p.written.Answers)
		p.written.Answers[cases.FieldProblem] = words
	}
	staff("Somebody rang back.")
	p.play(Pressed{p.session.Step, "right"})
	if p.session.State != Approving || p.written == nil || !strings.Contains(p.String(), "changed in the meantime") || !strings.Contains(p.String(), "Somebody rang back.") {
		t.Fatalf("in %s: %s", p.session.State, p)
	}
	staff("Somebody wrote back.")
	p.play(Pressed{p.session.Step, "change:name"})
	p.play(Typed{Text: "Noor Groen (invented)"})
	p.play(Pressed{p.session.Step, "right"}) // their own answer they know, the other they don't
	if p.session.State != Approving || p.written == nil || !strings.Contains(p.String(), "Somebody wrote back.") {
		t.Fatalf("in %s: %s", p.session.State, p)
	}
	p.play(Pressed{p.session.Step, "change:name"})
	p.play(Typed{Text: "Noor (invented)"})
	p.play(Pressed{p.session.Step, "right"})
	if p.session.State == Approving || p.written != nil {
		t.Errorf("in %s: %s", p.session.State, p)
	}
}

func TestDaysOfAWriteUpAreShownAndCorrected(t *testing.T) {
	p := agreed(t)
	p.written = writeUp(i18n.English)
	p.written.Fields = append(slices.Clone(p.written.Fields), cases.DayFields...)
	p.written.Answers[cases.FieldFirstDay] = "2026-11-16"
	p.play(Followed{Token: "write-up"})
	if !strings.Contains(p.String(), "First day\nMonday 16 November 2026") {
		t.Errorf("the day is not there: %s", p)
	}
	p.play(Pressed{p.session.Step, "change:" + cases.FieldFirstDay})
	p.play(Typed{Text: "some day"})
	if p.session.State != Correcting || !strings.Contains(p.String(), "3 November") {
		t.Errorf("in %s: %s", p.session.State, p)
	}
	p.play(Typed{Text: "17 November"})
	if got := p.written.Answers[cases.FieldFirstDay]; p.session.State != Approving || got != "2026-11-17" {
		t.Errorf("in %s it is %q", p.session.State, got)
	}
}
