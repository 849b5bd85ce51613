package conversation

import (
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// stood are the cases as they stand now, with what the procedure says comes next.
func (p *player) stood() []Status {
	all := slices.Clone(p.cases)
	for i := range all {
		s := &all[i]
		c := &cases.Case{Number: s.Number, Kind: s.Kind, Stage: s.Stage, Received: s.Received, Explained: s.Explained, Contacted: s.Contacted,
			Proposal: s.Proposal, Closed: s.Closed, Chat: 1}
		if s.Owned {
			c.Owner, c.Work.Owned = "U1ANN", s.Received
		}
		if s.Stage == cases.StageProposed {
			c.Work.Proposed = max(1, s.Proposal)
		}
		if !s.LastDay.IsZero() {
			day := p.procedure.In(s.LastDay)
			c.Deadline = time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, day.Location())
		}
		s.Standing, s.Owed = p.procedure.Standing(c, p.now), p.procedure.Owed(c, p.now)
	}
	return all
}

// Whatever has been done and comes next, there is a sentence for it in each language, and none is said twice.
func TestEveryStandingIsSaidInBothLanguages(t *testing.T) {
	day := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	done := []cases.Milestone{cases.MilestoneAcknowledged, cases.MilestoneOwned, cases.MilestoneContacted, cases.MilestoneInvited, cases.MilestoneProposed}
	for _, kind := range []cases.Kind{cases.Formal, cases.Talk} {
		for _, next := range cases.Milestones {
			for n := range done {
				for _, by := range []time.Time{{}, day} {
					for _, asked := range []bool{false, true} {
						course := cases.CourseOf(kind, cases.Standing{Done: done[:n+1], Next: next, By: by}, asked, false)
						for _, l := range i18n.Languages {
							said := course.Done.In(l) + " " + course.Next.In(l)
							all := strings.SplitAfter(said, ". ")
							slices.Sort(all)
							if twice := slices.Compact(slices.Clone(all)); course.Done.Key == "" || course.Next.Key == "" || len(twice) < len(all) {
								t.Errorf("of a %s, %v done, %s next: %q", kind, done[:n+1], next, said)
							}
							if strings.Contains(said, "2026") && by.IsZero() {
								t.Errorf("a day is promised that nobody named: %q", said)
							}
						}
					}
				}
			}
		}
	}
}

// moment reads an instant of the organisation's zone.
func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, procedure.Location())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// What /status says of a late complaint is what the notices about it said: in the evening of its last day, until a reason is
// owed, and when that day is over as well. Nothing is owed where a reason was given before, which is told that evening.
func TestStatusOfALateComplaintSaysWhatItsNoticesSaid(t *testing.T) {
	ann := cases.Person{Member: "U1ANN", Committee: true, Representative: true}
	c := cases.Submit("K-2026-0001", cases.Complaint{Language: i18n.Dutch, Answers: cases.Words{}}, 7001, procedure, moment(t, "2026-11-22 10:15"))
	c.Screened = true
	if err := c.Take(ann, moment(t, "2026-11-23 10:00")); err != nil {
		t.Fatal(err)
	}
	promised := ""
	for _, one := range []struct{ at, key, until string }{
		{"2026-12-06 17:59", "status.last-day", ""},
		{"2026-12-06 18:00", "status.late-today", "2026-12-09"},
		{"2026-12-06 23:59", "status.late-today", "2026-12-09"},
		{"2026-12-07 00:00", "status.late", "2026-12-09"},
		{"2026-12-09 17:59", "status.late", "2026-12-09"},
		{"2026-12-09 18:00", "status.late", "2026-12-16"},
		{"2026-12-16 18:00", "status.late", "2026-12-23"},
	} {
		now := moment(t, one.at)
		before := len(c.Told)
		c.Tick(procedure, cases.Staff{}, now)
		for _, e := range c.Events() {
			if e.Kind == cases.Late {
				promised = e.Data["until"]
			}
		}
		if one.until != promised {
			t.Errorf("at %s the notice promises %q, after %d more told", one.at, promised, len(c.Told)-before)
		}
		said := (&turn{procedure: procedure, now: now}).until(Status{
			Kind: c.Kind, Stage: c.Stage, Owned: true, LastDay: c.LastDay(procedure), Standing: procedure.Standing(c, now), Owed: procedure.Owed(c, now),
		})
		until, _ := said.Args["until"].(i18n.Date)
		if said.Key != one.key || one.until != "" && until.Format(time.DateOnly) != one.until {
			t.Errorf("at %s: %s, until %v", one.at, said.Key, until)
		}
	}
	if err := c.Extend(ann, "ill", moment(t, "2026-12-30 12:00"), procedure, moment(t, "2026-12-17 10:00")); err != nil {
		t.Fatal(err)
	}
	if err := c.Foresee(ann, "still ill", moment(t, "2027-01-15 12:00"), procedure, moment(t, "2026-12-28 10:00")); err != nil {
		t.Fatal(err)
	}
	if owed := procedure.Owed(c, moment(t, "2026-12-30 18:00")); !owed.IsZero() {
		t.Errorf("a reason that is told at this moment is owed until %v", owed)
	}
}
