package conversation

import (
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// keysSaid are the keys of what was said since the last event.
func (p *player) keysSaid() (all []string) {
	for _, e := range p.said {
		if said, ok := e.(Say); ok {
			all = append(all, mainKeys(said.Text))
		}
	}
	return all
}

func TestAFileThatComesRightAfterAReplyIsConfirmed(t *testing.T) {
	photo := Attached{Kind: APhoto, File: kinds[APhoto]}
	for at, before := range map[State]Event{
		Problem: Typed{Text: "It went wrong."}, Wish: Typed{Text: "hello"}, Menu: Typed{Text: "Is anybody there?"},
		Adding: Typed{Text: "And this."},
	} {
		p := playerAt(t, i18n.English, at, cases.Words{cases.FieldName: "Noor (invented)"})
		if at == Adding {
			p.session.Case, p.session.Return = "K-2026-0001", Menu
		}
		p.play(before)
		p.now = p.now.Add(2 * time.Second)
		if p.play(photo); len(p.said) == 0 {
			t.Errorf("at %s nothing is said of a photo", at)
		}
		if p.session.Unsaid != 0 {
			t.Errorf("at %s %d files are still to be confirmed", at, p.session.Unsaid)
		}
	}
}

// Of files that come together the first is confirmed at once, and the others as soon as no more come, at whatever hour.
func TestTheOtherFilesOfAnAlbumAreConfirmedSoonAfter(t *testing.T) {
	p := playerAt(t, i18n.English, Problem, nil)
	p.now = time.Date(2026, 11, 30, 2, 30, 0, 0, procedure.Location())
	p.play(Typed{Text: "It went wrong."})
	for range 4 {
		p.now = p.now.Add(time.Second)
		p.play(Attached{Kind: APhoto, File: kinds[APhoto]})
	}
	if p.session.Unsaid != 3 {
		t.Fatalf("%d files are still to be confirmed", p.session.Unsaid)
	}
	if p.play(Waited{}); len(p.said) != 0 {
		t.Errorf("too soon: said %s", p)
	}
	due := Wake(p.procedure, p.session, p.now)
	if wait := due.Sub(p.now); wait <= 0 || wait > 10*time.Second {
		t.Fatalf("woken after %s", wait)
	}
	p.now = due
	p.play(Waited{})
	said, ok := p.said[0].(Say)
	if !ok || len(p.said) != 1 || said.Text.Key != "attached.more" || said.Text.Args["count"] != 3 || said.Buttons[0][0].Choice != done {
		t.Errorf("said %s", p)
	}
	if next := Wake(p.procedure, p.session, p.now); next.Sub(p.now) < time.Hour {
		t.Errorf("woken again after %s", next.Sub(p.now))
	}
	p.now = p.now.Add(time.Minute)
	if p.play(Waited{}); len(p.said) != 0 {
		t.Errorf("once more: said %s", p)
	}
}

func TestAReminderAtTheSummaryIsOneShortMessage(t *testing.T) {
	p := newPlayer(t, i18n.English)
	for p.session.State != Summary {
		p.play(onward(p.session))
	}
	whole := p.keysSaid()
	for range 20 {
		p.now = Wake(p.procedure, p.session, p.now)
		if p.play(Waited{}); len(p.said) > 0 {
			break
		}
	}
	said, ok := p.said[0].(Say)
	if !ok || len(p.said) != 1 || said.Text.Key != "wait.complaint" || len(said.Buttons) != 1 {
		t.Fatalf("reminded with %s", p)
	}
	if p.play(Pressed{said.Buttons[0][0].Step, said.Buttons[0][0].Choice}); strings.Join(p.keysSaid(), " ") != strings.Join(whole, " ") {
		t.Errorf("the button shows %q, and the summary was %q", p.keysSaid(), whole)
	}
	if p.play(Pressed{p.session.Step, "right"}); p.session.State != Express {
		t.Errorf("right leads to %s", p.session.State)
	}
}

func TestWhoHasCasesIsWrittenToInTheLanguageThatTheyChoose(t *testing.T) {
	p := playerAt(t, i18n.Dutch, Menu, nil)
	p.play(Pressed{0, "language:en"})
	if p.language != "" {
		t.Error("the language of cases is changed where there are none")
	}
	p.session.Has = true
	p.play(Pressed{0, "language:en"})
	if p.language != "" {
		t.Error("the language is changed that was chosen before")
	}
	if p.play(Pressed{0, "language:nl"}); p.language != i18n.Dutch || p.session.Language != i18n.Dutch {
		t.Errorf("cases are in %q", p.language)
	}
}
