package cases

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func complaint(received time.Time, p *Procedure) *Case {
	c := Submit("K-2026-0001", Complaint{Language: "nl", Answers: Words{FieldEmail: "n@example.org"}}, 7001, p, received)
	_ = c.Screen(nil, true, p, received)
	c.Events()
	return c
}

// deeds are what may be done to a case; each may be refused.
var deeds = []func(c *Case, p *Procedure, now time.Time) error{
	func(c *Case, _ *Procedure, now time.Time) error { return c.Take(member, now) },
	func(c *Case, _ *Procedure, now time.Time) error { return c.Assign(chair, member, now) },
	func(c *Case, _ *Procedure, now time.Time) error { return c.Speak(member, now, "note", "steps", now) },
	func(c *Case, p *Procedure, now time.Time) error {
		return c.Extend(member, "ill", now.AddDate(0, 0, 20), p, now)
	},
	func(c *Case, _ *Procedure, now time.Time) error { return c.Propose(member, "a refund", now) },
	func(c *Case, _ *Procedure, now time.Time) error {
		return c.Answer(c.Proposal, false, "it is too little", now)
	},
	func(c *Case, _ *Procedure, now time.Time) error { return c.Propose(chair, "a larger refund", now) },
	func(c *Case, _ *Procedure, now time.Time) error { return c.Answer(c.Proposal, true, "", now) },
	func(c *Case, _ *Procedure, now time.Time) error { return c.Reply("one thing more", now) },
	func(c *Case, _ *Procedure, now time.Time) error {
		return c.Correct(Earlier{Event: 1}, "it was on Tuesday", now)
	},
	func(c *Case, _ *Procedure, now time.Time) error { return c.ChangeContact("", "other@example.org", now) },
	func(c *Case, p *Procedure, now time.Time) error {
		return c.End(member, Closing{Outcome: Settled, Solution: "agreed"}, p, now)
	},
	func(c *Case, p *Procedure, now time.Time) error {
		return c.Rate(Rating{Handled: GradeYes, Solved: GradeNo, Why: "it broke again"}, p, now)
	},
	func(c *Case, p *Procedure, now time.Time) error { return c.Reopen(chair, "it broke again", p, now) },
	func(c *Case, _ *Procedure, now time.Time) error { return c.Withdraw("", now) },
}

var (
	member = Person{Member: "U1", Committee: true, Representative: true, Chairs: []Member{"U3"}}
	other  = Person{Member: "U2", Committee: true, Representative: true, Chairs: []Member{"U3"}}
	chair  = Person{Member: "U3", Committee: true, Representative: true, Chair: true, Chairs: []Member{"U3"}}
)

// A case that is handled at random, and looked at by the clock at random moments.
func TestNoOpenCaseIsEverWithoutANextStep(t *testing.T) {
	p := DefaultProcedure()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(rapid.Int64Range(1.79e9, 1.83e9).Draw(t, "received"), 0)
		c := complaint(now, p)
		seen := map[Told]bool{}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.Int64Range(1, 200).Draw(t, "hours")) * time.Hour)
			if rapid.IntRange(0, 5).Draw(t, "act") == 0 {
				_ = rapid.SampledFrom(deeds).Draw(t, "deed")(c, p, now)
			}
			before := len(c.Told)
			c.Tick(p, Staff{}, now)
			for _, told := range c.Told[before:] {
				if seen[told] {
					t.Fatalf("told twice: %v", told)
				}
				seen[told] = true
			}
			next := p.Next(c, Staff{}, now)
			if !c.Open() {
				if before != len(c.Told) || !next.IsZero() {
					t.Fatal("the clock speaks of a closed case")
				}
				continue
			}
			if next.IsZero() || next.Before(now) || next.Sub(now) > 30*24*time.Hour {
				t.Fatalf("at %s the next step is at %s", now, next)
			}
			if p.Next(c, Staff{}, now) != next {
				t.Fatal("looking changes the next step")
			}
		}
	})
}

func TestComplainantOfALateCaseIsToldOnItsLastDay(t *testing.T) {
	p := DefaultProcedure()
	rapid.Check(t, func(t *rapid.T) {
		received := time.Unix(rapid.Int64Range(1.79e9, 1.9e9).Draw(t, "received"), 0)
		c := complaint(received, p)
		if rapid.Bool().Draw(t, "owned") {
			_ = c.Take(member, received)
		}
		next := received
		for now := received; now.Before(c.Deadline); now = now.Add(time.Minute * time.Duration(rapid.IntRange(1, 55).Draw(t, "tick"))) {
			if now.Before(next) {
				continue // as it is in the store
			}
			c.Tick(p, Staff{}, now)
			next = p.Next(c, Staff{}, now)
		}
		for _, e := range c.Events() {
			if e.Kind == Late && p.In(e.At).Format(time.DateOnly) == c.LastDay(p).Format(time.DateOnly) {
				if e.Data["until"] <= e.Data["day"] {
					t.Fatalf("late on %s, and told by %s", e.Data["day"], e.Data["until"])
				}
				return
			}
		}
		t.Fatal("nobody told the complainant")
	})
}

func TestPeopleAreSpokenToAtDecentHours(t *testing.T) {
	p := DefaultProcedure()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(rapid.Int64Range(1.79e9, 1.9e9).Draw(t, "received"), 0)
		c := complaint(now, p)
		for range 60 {
			now = now.Add(time.Duration(rapid.IntRange(1, 300).Draw(t, "quarters")) * 15 * time.Minute)
			c.Tick(p, Staff{}, now)
		}
		for _, e := range c.Events() {
			clock := p.In(e.At).Format("15:04")
			if e.Kind == Late && (clock < "08:00" || clock >= "21:00") {
				t.Fatalf("a complainant is told at %s", clock)
			}
			if e.Kind == Reminded && (clock < "08:00" || clock >= "18:00" || !p.WorkingDay(e.At)) {
				t.Fatalf("a member is reminded on %s", p.In(e.At))
			}
		}
	})
}

func TestReasonGivenInTimeKeepsTheClockFromSayingThatNoneWas(t *testing.T) {
	p := DefaultProcedure()
	received := at(t, "2026-11-23 10:00")
	c := complaint(received, p)
	now := received.AddDate(0, 0, 12)
	if err := c.Take(member, now); err != nil {
		t.Fatal(err)
	}
	if err := c.Extend(member, "somebody is ill", at(t, "2026-12-18 12:00"), p, now); err != nil {
		t.Fatal(err)
	}
	for now.Before(at(t, "2026-12-17 00:00")) {
		now = now.Add(time.Hour)
		c.Tick(p, Staff{}, now)
	}
	if slices.ContainsFunc(c.Events(), func(e Event) bool { return e.Kind == Late }) {
		t.Error("the complainant was told that no reason was given")
	}
	if got := c.LastDay(p).Format(time.DateOnly); got != "2026-12-18" {
		t.Errorf("last day %s", got)
	}
}

func TestRemindersMoveToTheWorkingDayBefore(t *testing.T) {
	p := DefaultProcedure()
	c := complaint(at(t, "2026-11-22 10:00"), p) // a Sunday; so is the last day
	_ = c.Take(member, c.Received)
	_ = c.Speak(member, c.Received, "note", "steps", c.Received)
	var got []string
	for _, due := range p.Plan(c, Staff{}, c.Received) {
		if due.Milestone == MilestoneProgress || due.Milestone == MilestoneExplained {
			continue
		}
		got = append(got, fmt.Sprintf("%s %s", p.In(due.At).Format("Mon 02/01 15:04"), due.Milestone))
	}
	want := []string{
		"Fri 27/11 08:00 decided", "Wed 02/12 08:00 proposed", "Wed 02/12 08:00 foreseen", "Thu 03/12 08:00 foreseen", "Fri 04/12 08:00 proposed",
		"Fri 04/12 08:00 decided", "Fri 04/12 08:00 decided", "Fri 04/12 08:00 foreseen", "Sun 06/12 08:00 proposed", "Sun 06/12 18:00 decided",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

func TestWhoOwnsATalkIsRemindedUntilItEnds(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00") // a Monday
	c := Request("G-2026-0001", TalkRequest{Telephone: "1"}, 7001, p, now)
	_ = c.Screen(nil, true, p, now)
	now = at(t, "2026-11-24 11:00")
	if err := c.Take(member, now); err != nil {
		t.Fatal(err)
	}
	c.Events()
	got := ticked(c, p, now, at(t, "2026-12-01 00:00"))
	want := []string{"26/11 11:00 reminder>member:U1", "30/11 08:00 reminder>member:U10"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	now = at(t, "2026-12-01 09:00")
	if err := c.Assign(seated(deputy), seated(other), now); err != nil {
		t.Fatal(err)
	}
	if next := p.Next(c, Staff{}, now); !next.Equal(at(t, "2026-12-03 09:00")) {
		t.Errorf("its new owner is reminded at %s", next)
	}
	if err := c.End(other, Closing{Outcome: Talked, Solution: "we spoke"}, p, now); err != nil || !p.Next(c, Staff{}, now).IsZero() {
		t.Errorf("%v: the clock goes on", err)
	}
}

func TestAnOldCaseWithoutAWayToTheComplainantBecomesATaskAtTheFirstTick(t *testing.T) {
	p := presided()
	c := complaint(at(t, "2026-11-23 10:00"), p)
	_ = c.Take(member, c.Received)
	_ = c.Speak(member, c.Received, "x", "y", c.Received)
	c.ChatGone, c.MailGone = true, true // as a program of before left it, which did not note since when
	c.Events()
	same(t, reminders(t, c, p, Staff{}, "2026-11-24 07:30", "2026-11-25 07:00"), []string{"24/11 08:30 acknowledged>member:U1"})
	if tasks := p.Tasks(c, at(t, "2026-11-24 09:00")); !slices.ContainsFunc(tasks, func(one Task) bool { return one.Kind == TaskRing }) {
		t.Errorf("%+v", tasks)
	}
}
