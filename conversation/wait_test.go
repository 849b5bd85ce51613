package conversation

import (
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
)

// told is a conversation in the middle of a complaint, left at a time in Amsterdam.
func leftAt(t *testing.T, at string) *player {
	t.Helper()
	p := newPlayer(t, "nl")
	left, err := time.ParseInLocation("2006-01-02 15:04", at, procedure.Location())
	if err != nil {
		t.Fatal(err)
	}
	p.now = left.Add(-time.Minute)
	for _, e := range []Event{Started{"nl"}, onward(p.session)} {
		p.play(e)
	}
	for p.session.State != Subject {
		p.play(onward(p.session))
	}
	p.now = left
	p.play(Typed{Text: "De planning"})
	return p
}

// heard is when the person would hear from us if they stayed away, in Amsterdam.
func (p *player) heard() (all []string) {
	for range 10 {
		due := Wake(p.procedure, p.session, p.now)
		if due.IsZero() {
			return all
		}
		p.now = due
		if p.play(Waited{}); len(p.said) > 0 {
			all = append(all, procedure.In(due).Format("01-02 15:04 ")+mainKeys(p.said[0].(Say).Text))
		}
	}
	return append(all, "and so on")
}

func TestRemindersComeAtDecentHoursAndNeverMore(t *testing.T) {
	for left, want := range map[string][]string{
		"2026-11-02 14:20": {"11-03 15:00", "11-09 15:00", "11-15 15:00", "11-16 15:00"},
		"2026-11-02 23:40": {"11-04 08:00", "11-10 08:00", "11-16 08:00", "11-17 08:00"},
		"2026-11-02 03:00": {"11-03 08:00", "11-09 08:00", "11-15 08:00", "11-16 08:00"},
		"2026-10-23 19:59": {"10-24 20:00", "10-30 20:00", "11-05 20:00", "11-06 20:00"}, // the clock is turned on the 25th
		"2026-10-23 20:59": {"10-25 08:00", "10-31 08:00", "11-06 08:00", "11-07 08:00"}, // 21:00 is too late
	} {
		got := leftAt(t, left).heard()
		if len(got) != len(want) {
			t.Errorf("left at %s: %q", left, got)
			continue
		}
		for i := range want {
			key := []string{"wait.complaint + intake.problem.ask", "wait.complaint + intake.problem.ask", "wait.last + intake.problem.ask", "wait.erased"}[i]
			if got[i] != want[i]+" "+key {
				t.Errorf("left at %s: word %d is %q, want %s", left, i+1, got[i], want[i])
			}
		}
	}
}

func TestWordThatComesLateLeavesADayToGoOn(t *testing.T) {
	p := leftAt(t, "2026-11-02 14:20")
	p.now = p.now.AddDate(0, 0, 30) // nothing ran for a month
	got := p.heard()
	if len(got) != 2 || got[0] != "12-02 15:00 wait.last + intake.problem.ask" || got[1] != "12-03 15:00 wait.erased" {
		t.Errorf("%q", got)
	}
	if p.session.told() {
		t.Errorf("left %+v", p.session)
	}
}

func TestNothingIsSaidBeforeItsTimeNorAtNight(t *testing.T) {
	for _, after := range []time.Duration{0, time.Hour, 23 * time.Hour, 34 * time.Hour} {
		p := leftAt(t, "2026-11-02 14:20")
		p.now = p.now.Add(after)
		if p.play(Waited{}); len(p.said) > 0 {
			t.Errorf("after %s: said\n%s", after, p)
		}
	}
}

func TestWhoAsksForATalkIsNotRemindedOfTheComplaint(t *testing.T) {
	p := leftAt(t, "2026-11-02 14:20")
	for _, e := range []string{instead, string(cases.Call)} {
		p.play(Pressed{p.session.Step, e})
	}
	for p.session.State != Menu {
		p.play(onward(p.session))
	}
	if got := p.heard(); len(got) != 2 || p.session.told() {
		t.Errorf("%q", got)
	}
}

func TestWhatNeedNotBeSaidAgainGoesWithoutAWord(t *testing.T) {
	p := newPlayer(t, "nl")
	for len(p.filed) == 0 {
		p.play(onward(p.session))
	}
	if p.session.Answers[cases.FieldName] == "" {
		t.Fatal("nothing is remembered")
	}
	if got := p.heard(); len(got) > 0 || p.session.told() || p.session.State != Menu || p.session.Consented.IsZero() {
		t.Errorf("%q, left %+v", got, p.session)
	}
}

func TestNobodyWhoToldNothingIsWaitedFor(t *testing.T) {
	p := newPlayer(t, "nl")
	for range 4 {
		if due := Wake(p.procedure, p.session, p.now); !due.IsZero() {
			t.Errorf("%s is waited for until %s", p.session.State, due)
		}
		p.play(onward(p.session))
	}
}

// erasedWithWords says whether somebody who stays away is reminded first, and told on the last day and once it is gone.
func erasedWithWords(t *testing.T, p *player, reminder string) {
	t.Helper()
	got := p.heard()
	if len(got) != 4 {
		t.Fatalf("%q", got)
	}
	for i, want := range []string{reminder, reminder, "wait.last", "wait.erased"} {
		if !strings.Contains(got[i], want) {
			t.Errorf("word %d is %q, want %s", i+1, got[i], want)
		}
	}
	if p.session.told() {
		t.Errorf("left %+v", p.session)
	}
}

func TestComplaintWhoseQuestionIsGoneIsNotErasedWithoutAWord(t *testing.T) {
	for name, e := range map[string]Event{"the menu": Command{"menu"}, "help": Command{"help"}, "nothing": nil} {
		t.Run(name, func(t *testing.T) {
			p := leftAt(t, "2026-11-02 14:20")
			p.session.State = "own_gone"
			if e != nil {
				p.play(e)
			}
			if e != nil && p.session.Draft != Problem {
				t.Errorf("it goes on at %q", p.session.Draft)
			}
			erasedWithWords(t, p, "wait.complaint")
		})
	}
}

func TestRequestForATalkThatWasLeftIsNotErasedWithoutAWord(t *testing.T) {
	for name, until := range map[string]State{"after the name": TalkTelephone, "before it is sent": TalkCheck} {
		t.Run(name, func(t *testing.T) {
			p := newPlayer(t, "nl")
			p.play(Started{"nl"})
			p.play(Pressed{p.session.Step, "agree"})
			p.play(Pressed{p.session.Step, "talk"})
			for p.session.State != until {
				p.play(onward(p.session))
			}
			p.play(Command{"menu"})
			erasedWithWords(t, p, "wait.talk")
		})
	}
}

func TestRequestThatWasPassedOnIsNotRemindedOf(t *testing.T) {
	p := newPlayer(t, "nl")
	p.play(Started{"nl"})
	p.play(Pressed{p.session.Step, "agree"})
	p.play(Pressed{p.session.Step, "talk"})
	for len(p.talks) == 0 {
		p.play(onward(p.session))
	}
	if got := p.heard(); len(got) > 0 || p.session.told() {
		t.Errorf("%q, left %+v", got, p.session)
	}
}

func TestConversationFromBeforeIsWaitedForAsWell(t *testing.T) {
	p := leftAt(t, "2026-11-02 14:20")
	p.session.Heard = 0 // as those were kept
	if due := Wake(p.procedure, p.session, p.now); due.IsZero() || due.After(p.now.Add(time.Hour)) {
		t.Fatalf("it is woken at %s", due)
	}
	if p.play(Waited{}); len(p.said) > 0 || p.session.Heard != p.now.Unix() {
		t.Fatalf("said\n%s, heard at %d", p, p.session.Heard)
	}
	erasedWithWords(t, p, "wait.complaint")
}
