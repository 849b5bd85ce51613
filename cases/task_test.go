package cases

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// listed are tasks with whose they are and by when.
func listed(p *Procedure, c *Case, now time.Time) string {
	var all []string
	for _, task := range p.Tasks(c, now) {
		due := "-"
		if !task.Due.IsZero() {
			due = p.In(task.Due).Format("02/01")
		}
		all = append(all, fmt.Sprintf("%s:%s:%s", task.Kind, task.For, due))
	}
	return strings.Join(all, " ")
}

func TestWhatIsToBeDoneFollowsACaseThroughItsLife(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00") // a Monday
	c := complaint(now, p)
	for _, step := range []struct {
		deed string
		do   func() error
		want string
	}{
		{"begin", func() error { return nil }, "take::24/11 assess::24/11"},
		{"take", func() error { return c.Take(member, now) }, "assess:U1:24/11 contact:U1:25/11"},
		{"assess", func() error { return c.Assess(other, Assessment{Severity: Low, Urgency: High}, "", now) }, "contact:U1:25/11"},
		{"reply", func() error { return c.Reply("and?", now) }, "contact:U1:25/11 answer:U1:25/11"},
		{"speak", func() error { return c.SpeakBy(member, OnTelephone, now, "", "steps", now) }, "close:U1:07/12"},
		{"add a party", func() error {
			_, err := c.AddParty(member, PartyDraft{Name: "Pia (invented)", Email: "pia@example.org"}, p, now)
			return err
		}, "invite:U1:30/11 close:U1:07/12"},
		{"invite them", func() error { return c.Invite(member, 1, "x", now, p, now) }, "close:U1:07/12"},
		{"wait", func() error { now = now.AddDate(0, 0, 2); return nil }, "account-overdue:U1:24/11 close:U1:07/12"},
		{"go on without", func() error { return c.NoAnswer(member, 1, now) }, "close:U1:07/12"},
		{"lose the chat", func() error { c.ChatGone, c.MailGone = true, true; return nil }, "unreachable:U1:- close:U1:07/12"},
		{"find it again", func() error { c.ChatGone, c.MailGone = false, false; return nil }, "close:U1:07/12"},
		{"be late", func() error { now = at(t, "2026-12-08 10:00"); return nil }, "close:U1:07/12 explain:U3:10/12"},
		{"draft", func() error {
			return c.End(seated(member), Closing{Outcome: Settled, Solution: "x", Measures: []MeasureDraft{{"y", "U7", now}}}, eyes(p), now)
		}, "approve-closing:U3:09/12 explain:U3:10/12"},
		{"be recused", func() error { return c.Recuse(seated(member), "", p, now) }, "take::08/12 explain:U3:10/12"},
		{"take it over", func() error { return c.Take(other, now) }, "close:U2:07/12 explain:U3:10/12"},
		{"end", func() error {
			return c.End(seated(other), Closing{Outcome: Settled, Solution: "x", Measures: []MeasureDraft{{"y", "U7", now}}}, p, now)
		}, "measure:U7:09/12"},
		{"be rated", func() error { return c.Rate(Rating{GradeYes, GradeNo, ""}, p, now) }, "measure:U7:09/12 reopen-asked:U3:10/12"},
		{"be done", func() error { return c.MeasureIsDone(Person{Member: "U7"}, 1, "", now) }, "reopen-asked:U3:10/12"},
		{"let it rest", func() error { now = now.AddDate(0, 0, 15); return nil }, ""},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.deed, err)
		}
		got := listed(p, c, now)
		want := strings.Fields(step.want)
		if !slices.Equal(strings.Fields(got), want) {
			t.Errorf("%s:\ngot  %s\nwant %s", step.deed, got, step.want)
		}
	}
}

func TestATalkAndAWriteUpAreTasksToo(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	talk := Request("G-2026-0001", TalkRequest{Telephone: "1"}, 7001, p, now)
	_ = talk.Screen(nil, true, p, now)
	if got := listed(p, talk, now); got != "take::24/11" {
		t.Error(got)
	}
	_ = talk.Take(member, now)
	if got := listed(p, talk, now); got != "contact:U1:25/11" {
		t.Error(got)
	}
	c, _ := writtenUp(t, p, now)
	for days, want := range map[int]string{0: "write-up:U4:26/11", 4: "write-up:U4:30/11", 9: "write-up:U4:07/12"} {
		if got := listed(p, c, now.AddDate(0, 0, days)); got != want {
			t.Errorf("after %d days: %s", days, got)
		}
	}
}

func TestATalkIsEndedWithANoteOnHowItWent(t *testing.T) {
	p, now := eyes(presided()), at(t, "2026-11-23 10:00")
	c := Request("G-2026-0001", TalkRequest{Telephone: "1"}, 7001, p, now)
	_ = c.Screen(nil, true, p, now)
	_ = c.Take(member, now)
	for want, made := range map[string]Closing{"no-words": {Outcome: Talked}, "no-outcome": {Outcome: Settled, Solution: "x"}} {
		if err := c.End(member, made, p, now); refusedAs(err) != want {
			t.Error(err)
		}
	}
	if err := c.End(member, Closing{Outcome: Talked, Solution: "we spoke"}, p, now); err != nil || c.Open() {
		t.Errorf("a talk waits for a second pair of eyes: %v", err)
	}
}
