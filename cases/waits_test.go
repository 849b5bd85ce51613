package cases

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Whatever happens to a case and whoever is away: what the clock reminds of waits at that moment, so that no reminder is taken for
// one that is overtaken; and what waits later is a milestone that the case has still to reach.
func TestWhatIsRemindedOfWaitsUntilItIsReached(t *testing.T) {
	p := *DefaultProcedure()
	p.Committee.Chair, p.Committee.Deputy = chair.Member, other.Member
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(rapid.Int64Range(1.79e9, 1.83e9).Draw(t, "received"), 0)
		c := complaint(now, &p)
		var staff Staff
		var reminded []Event
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 60).Draw(t, "hours")) * time.Hour)
			switch n := rapid.IntRange(0, len(deeds)+1).Draw(t, "deed"); {
			case n < len(deeds):
				_ = deeds[n](c, &p, now)
			case n == len(deeds):
				staff.Absences = append(staff.Absences, Absence{Member: rapid.SampledFrom([]Member{member.Member, other.Member, chair.Member}).Draw(t, "who"), From: now, Until: now.AddDate(0, 0, rapid.IntRange(1, 20).Draw(t, "days"))})
			default:
				_ = c.Mind(other, rapid.SampledFrom(Milestones).Draw(t, "milestone"), 0, &p, now)
			}
			c.Events()
			c.Tick(&p, staff, now)
			for _, e := range c.Events() {
				if e.Kind != Reminded || e.Data["to"] == toComplainant {
					continue
				}
				reminded = append(reminded, e)
				waits := p.Waits(c, e, staff, now)
				if len(waits) == 0 || string(waits[0].Milestone) != e.Data["milestone"] || len(waits) != 1+len(strings.Fields(e.Data["also"])) {
					t.Fatalf("reminded of %v, and what waits is %v", e.Data, waits)
				}
				if slices.ContainsFunc(waits, func(w Waiting) bool { return !w.In(e) }) {
					t.Fatalf("reminded of %v, and of something else than what waits: %v", e.Data, waits)
				}
			}
			for _, e := range reminded {
				for _, w := range p.Waits(c, e, staff, now) {
					if by := p.MindedBy(c, w.Milestone, w.Of, now); by != w.Minded.Member {
						t.Fatalf("%s is minded by %q, and by %q", w.Milestone, by, w.Minded.Member)
					}
					if _, err := c.step(&p, w.Milestone, w.Of); err != nil && w.Milestone != MilestoneCovered {
						t.Fatalf("%s waits, and is reached", w.Milestone)
					}
				}
			}
		}
	})
}

func TestWhatWaitsSaysWhoIsTurnedToBefore(t *testing.T) {
	p := *DefaultProcedure()
	p.Committee.Chair, p.Committee.Deputy = chair.Member, other.Member
	received := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	c := complaint(received, &p)
	if err := c.Take(member, received); err != nil {
		t.Fatal(err)
	}
	now := received.AddDate(0, 0, 3)
	e := Event{Kind: Reminded, Data: map[string]string{"milestone": "contacted", "occasion": stamp(c.Begun()) + "/1", "to": string(ToMember(chair.Member))}}
	staff := Staff{Absences: []Absence{{Member: other.Member, From: received, Until: now.AddDate(0, 0, 1)}}}
	waits := p.Waits(c, e, staff, now)
	if len(waits) != 1 || len(waits[0].Before) != 1 || waits[0].Before[0] != member.Member || len(waits[0].Skipped) != 1 || waits[0].Skipped[0] != (Skipped{LinkDeputy, other.Member, SkipAway}) {
		t.Errorf("%+v", waits)
	}
	if e.Data["occasion"] = "2026-11-22/1"; len(p.Waits(c, e, staff, now)) != 0 || waits[0].In(e) {
		t.Error("a reminder of another course of it still waits")
	}
}
