package cases

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// reminders ticks a case every hour and says who was reminded of what.
func reminders(t *testing.T, c *Case, p *Procedure, staff Staff, from, until string) (all []string) {
	t.Helper()
	for now := at(t, from); now.Before(at(t, until)); now = now.Add(time.Hour) {
		c.Tick(p, staff, now)
		for _, e := range c.Events() {
			if e.By == TheClock {
				words := []string{p.In(now).Format("02/01 15:04"), e.Data["milestone"] + ">" + e.Data["to"], e.Data["also"], e.Data["skipped"]}
				all = append(all, strings.TrimSpace(strings.Join(strings.Fields(strings.Join(words, " ")), " ")))
			}
		}
	}
	return all
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestACaseOfNobodyGoesUpTheChain(t *testing.T) {
	p := presided()
	c := complaint(at(t, "2026-11-23 10:00"), p) // a Monday
	same(t, reminders(t, c, p, Staff{}, "2026-11-23 11:00", "2026-11-27 12:00"), []string{
		"24/11 10:00 owned>member:U10 owner:nobody",
		"25/11 08:00 owned>member:U3 owner:nobody",
		"25/11 10:00 contacted>member:U10 owner:nobody",
		"26/11 08:00 owned>board owner:nobody",
		"26/11 08:00 contacted>member:U3 owner:nobody",
		"27/11 08:00 owned>board contacted owner:nobody",
	})
}

func TestWhoIsAwayGoneOrExcludedIsPassedOver(t *testing.T) {
	p := presided()
	c := complaint(at(t, "2026-11-23 10:00"), p)
	_ = c.Take(member, at(t, "2026-11-23 10:00"))
	_ = c.Screen([]Suspect{{"U3", "x", Certain}}, false, p, at(t, "2026-11-23 10:00"))
	c.Events()
	staff := Staff{Absences: []Absence{
		{Member: "U1", From: at(t, "2026-11-25 00:00"), Until: at(t, "2026-11-26 00:00")},
		{Member: "U10", From: at(t, "2026-11-01 00:00"), Gone: true},
	}}
	same(t, reminders(t, c, p, staff, "2026-11-23 11:00", "2026-11-27 12:00"), []string{
		"25/11 10:00 contacted>board owner:away deputy:gone chair:gone", // the deputy presides where the chair is excluded
		"26/11 08:00 contacted>member:U1",                               // who is there again
		"27/11 08:00 contacted>board deputy:gone chair:gone",
	})
}

func TestSomebodyLooksAfterTheCasesOfWhoIsAwayForLonger(t *testing.T) {
	p := presided()
	for name, test := range map[string]struct {
		until string
		want  []string
	}{
		"a day":           {"2026-11-25 00:00", nil},
		"two days":        {"2026-11-26 00:00", []string{"24/11 08:00 covered>member:U10"}},
		"from then on":    {"", []string{"24/11 08:00 covered>member:U10"}},
		"before it began": {"2026-11-23 00:00", nil},
	} {
		c := complaint(at(t, "2026-11-23 10:00"), p)
		_ = c.Take(member, at(t, "2026-11-23 10:00"))
		_ = c.Speak(member, c.Received, "", "steps", c.Received)
		c.Events()
		away := Absence{Member: "U1", From: at(t, "2026-11-24 00:00")}
		if test.until != "" {
			away.Until = at(t, test.until)
		}
		t.Run(name, func(t *testing.T) {
			same(t, reminders(t, c, p, Staff{Absences: []Absence{away}}, "2026-11-23 11:00", "2026-11-26 12:00"), test.want)
		})
	}
}

func TestIHaveItHoldsForAsLongAsSomethingFollows(t *testing.T) {
	p := presided()
	c := complaint(at(t, "2026-11-23 10:00"), p)
	_ = c.Take(member, at(t, "2026-11-23 10:00"))
	c.Events()
	same(t, reminders(t, c, p, Staff{}, "2026-11-23 11:00", "2026-11-25 11:00"), []string{"25/11 10:00 contacted>member:U1"})
	if err := c.Mind(member, MilestoneContacted, 0, p, at(t, "2026-11-25 11:00")); err != nil {
		t.Fatal(err)
	}
	if err := c.AddNote(member, "U1", "nobody picks up", at(t, "2026-11-26 15:00")); err != nil { // something follows
		t.Fatal(err)
	}
	c.Events()
	same(t, reminders(t, c, p, Staff{}, "2026-11-26 16:00", "2026-12-02 00:00"), []string{
		"30/11 08:00 decided>member:U1",    // that is another matter
		"30/11 10:00 progress>complainant", // and the complainant must not wait in silence
		"30/11 15:00 contacted>member:U10", // two working days after the note it goes on where it stopped
		"01/12 08:00 contacted>member:U3",
	})
	if err := c.InTime(member, p, at(t, "2026-12-02 08:30")); err != nil || p.MindedBy(c, MilestoneContacted, 0, at(t, "2026-12-02 08:45")) != "" {
		t.Errorf("%v: what has lapsed holds again", err)
	}
	if err := c.InTime(member, p, at(t, "2026-12-02 08:40")); refusedAs(err) != "reached-already" {
		t.Errorf("said twice: %v", err)
	}
	for m, want := range map[Milestone]string{MilestoneOwned: "not-minded", MilestoneForeseen: "not-minded", MilestoneInvited: "reached-already"} {
		if err := c.Mind(member, m, 0, p, at(t, "2026-12-02 09:00")); refusedAs(err) != want {
			t.Errorf("%s: %v", m, err)
		}
	}
}

func TestSnoozeLastsUntilTheNextWorkingDayAtMost(t *testing.T) {
	p := presided()
	now := at(t, "2026-11-27 10:30") // a Friday
	c := complaint(at(t, "2026-11-25 10:00"), p)
	_ = c.Take(member, c.Received)
	c.Tick(p, Staff{}, now)
	c.Events()
	if soon, next := p.SnoozeUntil(now); !soon.Equal(at(t, "2026-11-27 12:30")) || !next.Equal(at(t, "2026-11-30 08:00")) {
		t.Errorf("offered %s and %s", soon, next)
	}
	for _, until := range []string{"2026-11-27 10:00", "2026-11-28 10:00", "2026-11-27 19:00", "2026-12-01 08:00"} {
		if err := c.Snooze(member, MilestoneContacted, 0, at(t, until), p, now); refusedAs(err) != "snooze" {
			t.Errorf("until %s: %v", until, err)
		}
	}
	for _, until := range []string{"2026-11-27 12:30", "2026-11-27 14:00"} { // the second counts
		if err := c.Snooze(member, MilestoneContacted, 0, at(t, until), p, now); err != nil {
			t.Fatal(err)
		}
	}
	c.Events()
	same(t, reminders(t, c, p, Staff{}, "2026-11-27 11:00", "2026-11-27 18:00"), []string{"27/11 14:00 contacted>member:U1"})
}

func TestWhatSomebodyWantedLaterIsNotToldToOthersBesidesTheirOwnReminder(t *testing.T) {
	p := presided()
	away := func(from, until string) Staff {
		return Staff{Absences: []Absence{{Member: member.Member, From: at(t, from), Until: at(t, until)}}}
	}
	snoozed := func(most int) *Case {
		p.Milestones.Contacted.Most = most
		c := complaint(at(t, "2026-11-25 10:00"), p)
		_ = c.Take(member, c.Received)
		c.Tick(p, Staff{}, at(t, "2026-11-27 10:30")) // a Friday: they are told
		if err := c.Snooze(member, MilestoneContacted, 0, at(t, "2026-11-30 10:00"), p, at(t, "2026-11-27 10:40")); err != nil {
			t.Fatal(err)
		}
		c.Events()
		return c
	}
	same(t, reminders(t, snoozed(5), p, Staff{}, "2026-11-27 11:00", "2026-12-01 07:00"), []string{
		"30/11 08:00 contacted>member:U10", // the deputy, as nothing followed
		"30/11 10:00 contacted>member:U1",  // and who wanted to hear of it once more
	})
	same(t, reminders(t, snoozed(5), p, away("2026-11-30 00:00", "2026-12-01 00:00"), "2026-11-27 11:00", "2026-12-01 09:00"), []string{
		"30/11 08:00 contacted>member:U10 owner:away", // and nobody hears it once more in their place
		"01/12 08:00 contacted>member:U1",             // who is there again
		"01/12 08:00 contacted>member:U3",
	})
	same(t, reminders(t, snoozed(1), p, away("2026-11-30 00:00", "2026-12-01 00:00"), "2026-11-27 11:00", "2026-12-01 07:00"), []string{
		"30/11 10:00 contacted>member:U10 owner:away", // nobody else would hear of it
	})
}

func TestWhatIsOfferedAsLaterIsAlwaysTaken(t *testing.T) {
	p := presided()
	for now := at(t, "2026-12-21 00:10"); now.Before(at(t, "2027-01-05 00:00")); now = now.Add(37 * time.Minute) {
		c := complaint(at(t, "2026-12-16 10:00"), p)
		soon, next := p.SnoozeUntil(now)
		for _, until := range []time.Time{soon, next} {
			if err := c.Snooze(member, MilestoneContacted, 0, until, p, now); err != nil {
				t.Errorf("at %s until %s: %v", p.In(now), p.In(until), err)
			}
		}
	}
}

func TestReasonThatWasForeseenIsToldOnTheLastDay(t *testing.T) {
	p := presided()
	received := at(t, "2026-11-23 10:00") // until Monday 7 December
	for name, test := range map[string]struct {
		answer func(c *Case, now time.Time) error
		want   []string
	}{
		"no answer": {nil, []string{
			"02/12 08:00 foreseen>member:U1", "03/12 08:00 proposed>member:U1", "03/12 08:00 foreseen>member:U10", "04/12 08:00 decided>member:U1",
			"04/12 08:00 foreseen>member:U3", "07/12 08:00 proposed>member:U10", "07/12 08:00 foreseen>board", "07/12 08:00 decided>member:U1",
			"07/12 18:00 decided>complainant", "08/12 08:00 explained>member:U3",
		}},
		"in time": {func(c *Case, now time.Time) error { return c.InTime(member, p, now) }, []string{
			"03/12 08:00 proposed>member:U1", "04/12 08:00 decided>member:U1", "07/12 08:00 proposed>member:U10", "07/12 08:00 decided>member:U1",
			"07/12 18:00 decided>complainant", "08/12 08:00 explained>member:U3",
		}},
		"late": {func(c *Case, now time.Time) error { return c.Foresee(member, "ill", at(t, "2026-12-14 12:00"), p, now) }, []string{
			"03/12 08:00 proposed>member:U1", "04/12 08:00 decided>member:U1", "07/12 08:00 proposed>member:U10", "07/12 08:00 decided>member:U1",
			"07/12 18:00 >",                 // the reason, and the 14th
			"08/12 08:00 decided>member:U1", // a week before that
		}},
	} {
		t.Run(name, func(t *testing.T) {
			c := complaint(received, p)
			_ = c.Take(member, received)
			_ = c.Speak(member, at(t, "2026-11-30 10:00"), "", "steps", at(t, "2026-11-30 10:00"))
			c.Events()
			c.Tick(p, Staff{}, at(t, "2026-11-30 11:00"))
			c.Events()
			var got []string
			if test.answer == nil {
				got = reminders(t, c, p, Staff{}, "2026-11-30 12:00", "2026-12-08 12:00")
			} else {
				got = reminders(t, c, p, Staff{}, "2026-11-30 12:00", "2026-12-02 10:00")
				if err := test.answer(c, at(t, "2026-12-02 10:00")); err != nil {
					t.Fatal(err)
				}
				c.Events()
				got = append(got[1:], reminders(t, c, p, Staff{}, "2026-12-02 11:00", "2026-12-08 12:00")...)
			}
			same(t, got, test.want)
		})
	}
}

func TestForeseenReasonMovesTheLastDayWhichIsADeadlineLikeTheFirst(t *testing.T) {
	p := presided()
	c := complaint(at(t, "2026-11-23 10:00"), p)
	_ = c.Take(member, c.Received)
	now := at(t, "2026-12-03 10:00")
	for want, until := range map[string]string{"not-later": "2026-12-07 10:00", "too-far": "2028-01-01 10:00"} {
		if err := c.Foresee(member, "ill", at(t, until), p, now); refusedAs(err) != want {
			t.Errorf("until %s: %v", until, err)
		}
	}
	if err := c.Foresee(member, "ill", at(t, "2026-12-14 12:00"), p, now); err != nil || c.LastDay(p).Format(time.DateOnly) != "2026-12-07" {
		t.Fatalf("%v; last day %s", err, c.LastDay(p))
	}
	foreseen := c.LastSeq
	c.Events()
	c.Tick(p, Staff{}, at(t, "2026-12-07 18:00"))
	if got := c.LastDay(p).Format(time.DateOnly); got != "2026-12-14" || !c.Explained || c.Late(at(t, "2026-12-08 10:00")) {
		t.Errorf("last day %s", got)
	}
	events := c.Events()
	e := events[len(events)-1]
	for _, n := range Notices(c, e) {
		if n.Kind == Delay && n.Event != foreseen {
			t.Errorf("the words are looked for in event %d", n.Event)
		}
	}
	if e.Kind != Extended || e.By != TheClock || !slices.Contains(Notices(c, e), Notice{Kind: Delay, To: ByChat, Event: foreseen}) {
		t.Errorf("%+v %v", e, Notices(c, e))
	}
	got := reminders(t, c, p, Staff{}, "2026-12-07 19:00", "2026-12-15 00:00")
	for _, want := range []string{"09/12 08:00 foreseen", "14/12 18:00 decided>complainant"} {
		if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, want) }) {
			t.Errorf("%q is not among\n%s", want, strings.Join(got, "\n"))
		}
	}
}

func TestADayThatPassedInTheNightIsNoPromise(t *testing.T) {
	p := presided()
	c := complaint(at(t, "2026-11-23 10:00"), p)
	_ = c.Take(member, c.Received)
	_ = c.Foresee(member, "ill", at(t, "2026-12-08 12:00"), p, at(t, "2026-12-03 10:00"))
	c.Events()
	c.Tick(p, Staff{}, at(t, "2026-12-09 10:00")) // nothing ran since
	for _, e := range c.Events() {
		if e.Kind == Extended {
			t.Error("the complainant is promised a day that has passed")
		}
		if e.Kind == Late && e.Data["day"] == "2026-12-07" {
			return
		}
	}
	t.Error("the complainant is told nothing")
}

func TestAfterANightOffTheFirstOfTheChainHasTheirTurn(t *testing.T) {
	p := presided()
	c := complaint(at(t, "2026-11-23 10:00"), p)
	_ = c.Take(member, c.Received)
	c.Events()
	same(t, reminders(t, c, p, Staff{}, "2026-11-27 14:00", "2026-12-02 00:00"), []string{ // due since Wednesday
		"27/11 14:00 contacted>member:U1",
		"30/11 08:00 decided>member:U1",
		"30/11 08:00 contacted>member:U10",
		"30/11 10:00 progress>complainant",
		"01/12 08:00 contacted>member:U3",
	})
}

func TestARemindersTurnIsNotOverBeforeItBegan(t *testing.T) {
	p := presided()
	c := complaint(at(t, "2026-11-20 17:00"), p) // a Friday
	same(t, reminders(t, c, p, Staff{}, "2026-11-20 17:00", "2026-11-25 12:00"), []string{
		"23/11 17:00 owned>member:U10 owner:nobody",
		"24/11 17:00 contacted>member:U10 owner:nobody",
		"25/11 08:00 owned>member:U3 owner:nobody", // on the 24th at 08:00 there would have been an hour
	})
}

func TestACaseWhoseRemindersAnotherToldFromAheadIsStillRemindedOf(t *testing.T) {
	p := presided()
	c := Request("G-2026-0001", TalkRequest{Telephone: "1"}, 7001, p, at(t, "2026-11-23 10:00"))
	_ = c.Screen(nil, true, p, c.Received)
	now := at(t, "2026-11-26 10:00")
	c.Tick(p, Staff{}, now.AddDate(0, 0, 21)) // its clock is three weeks ahead
	if next := p.Next(c, Staff{}, now); next.IsZero() || next.After(now.AddDate(0, 0, 23)) {
		t.Errorf("the clock looks at it again at %s", next)
	}
}
