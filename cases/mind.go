package cases

import (
	"slices"
	"strings"
	"time"
)

// Minding is that somebody said of a milestone that they see to it. It holds for as long as they go on with the case: when
// nothing follows for Clock.Minded working days, the reminders go on where they stopped.
type Minding struct {
	Milestone Milestone `json:"milestone"`
	Basis     string    `json:"basis"` // which course of the milestone
	Member    Member    `json:"member"`
	At        time.Time `json:"at"`
	Last      time.Time `json:"last,omitzero"`  // when they last did something about the case since
	Until     time.Time `json:"until,omitzero"` // when it lapsed; zero: it holds, as far as is known
}

// holds says until when the minding holds.
func (m Minding) holds(p *Procedure) time.Time {
	if !m.Until.IsZero() {
		return m.Until
	}
	return p.AddWorkingDays(later(m.At, m.Last), p.Clock.Minded)
}

// lapse notes that what somebody said of a milestone holds no more, as others are reminded of it again: nothing that they do about
// the case later makes it hold anew.
func (c *Case) lapse(d Due, p *Procedure, now time.Time) {
	for i, m := range c.Work.Minding {
		if m.Milestone == d.Milestone && strings.HasPrefix(d.Occasion, m.Basis+"/") && m.Until.IsZero() && !now.Before(m.holds(p)) {
			c.Work.Minding = slices.Clone(c.Work.Minding)
			c.Work.Minding[i].Until = m.holds(p)
		}
	}
}

// Snooze is that somebody wants to be reminded of a milestone later.
type Snooze struct {
	Milestone Milestone `json:"milestone"`
	Basis     string    `json:"basis"`
	Member    Member    `json:"member"`
	Until     time.Time `json:"until"`
}

// Mind records that who sees to a milestone of which somebody was reminded; of is the number of the measure, where it is one.
// Nobody is reminded of it as long as they do. That a case needs an owner, and whether it will be done in time, can't be
// answered so.
func (c *Case) Mind(who Person, m Milestone, of int, p *Procedure, now time.Time) error {
	if err := May(who, c.minds(m), c); err != nil {
		return err
	}
	if slices.Contains([]Milestone{MilestoneOwned, MilestoneForeseen, MilestoneCovered}, m) {
		return refuse("refusal.not-minded")
	}
	step, err := c.step(p, m, of)
	if err != nil {
		return err
	}
	c.Work.Minding = slices.DeleteFunc(slices.Clone(c.Work.Minding), func(one Minding) bool { return one.Milestone == m && one.Basis == step.basis })
	c.Work.Minding = append(c.Work.Minding, Minding{Milestone: m, Basis: step.basis, Member: who.Member, At: now})
	c.record(now, By(who.Member), Minded, ofMeasure(map[string]string{"milestone": string(m)}, of), nil)
	return nil
}

// Snooze has who be reminded of a milestone at until, which lies in working hours, and on the next working day at the latest.
func (c *Case) Snooze(who Person, m Milestone, of int, until time.Time, p *Procedure, now time.Time) error {
	if err := May(who, c.minds(m), c); err != nil {
		return err
	}
	step, err := c.step(p, m, of)
	if err != nil {
		return err
	}
	if !until.After(now) || until.After(p.SnoozeLatest(now)) || !p.whenAtWork(until).Equal(until) {
		return refuse("refusal.snooze")
	}
	until = until.Truncate(time.Second)
	c.Work.Snoozed = slices.DeleteFunc(slices.Clone(c.Work.Snoozed), func(one Snooze) bool {
		return !one.Until.After(now) || one.Milestone == m && one.Basis == step.basis && one.Member == who.Member
	})
	c.Work.Snoozed = append(c.Work.Snoozed, Snooze{Milestone: m, Basis: step.basis, Member: who.Member, Until: until})
	c.record(now, By(who.Member), Snoozed, ofMeasure(map[string]string{"milestone": string(m), "until": stamp(until)}, of), nil)
	return nil
}

// Again is the moment at which a member wanted to be reminded later, as they said last; zero: they did not.
func (c *Case) Again(m Member) (at time.Time) {
	for _, s := range c.Work.Snoozed {
		if s.Member == m {
			at = s.Until
		}
	}
	return at
}

// SnoozeLatest is the end of the next working day.
func (p *Procedure) SnoozeLatest(now time.Time) time.Time {
	days := 1
	for !p.WorkingDay(p.at(now, days, p.Clock.WorkFrom)) {
		days++
	}
	return p.at(now, days, p.Clock.WorkUntil)
}

// SnoozeUntil are the moments that are offered to who would like to be reminded later: two hours from now, or when people are at
// work again after that, and when the next working day begins.
func (p *Procedure) SnoozeUntil(now time.Time) (soon, next time.Time) {
	soon = p.whenAtWork(now.Add(2 * time.Hour).Truncate(time.Minute))
	return soon, p.at(p.SnoozeLatest(now), 0, p.Clock.WorkFrom)
}

// minds is the action that minding a milestone is.
func (c *Case) minds(m Milestone) Action {
	switch m {
	case MilestoneMeasured:
		return Measured
	case MilestoneApproved:
		return WriteUp
	}
	return Mind
}

// step is a milestone that the case has still to reach, or a Refusal.
func (c *Case) step(p *Procedure, m Milestone, of int) (Step, error) {
	for _, step := range p.Steps(c) {
		if step.Milestone == m && step.Of == of {
			return step, nil
		}
	}
	return Step{}, &Refusal{Text: text("refusal.reached-already", c)}
}

func ofMeasure(data map[string]string, of int) map[string]string {
	if of > 0 {
		data["measure"] = itoa(of)
	}
	return data
}

// follow notes what an event means for who sees to something, for the ways to the complainant, and for what they have heard.
func (c *Case) follow(e EventKind, by Actor, now time.Time) {
	if m, ok := by.Member(); ok && e != Read && e != Refused && e != Minded && e != Snoozed {
		for i, one := range c.Work.Minding {
			if one.Member == m {
				c.Work.Minding = slices.Clone(c.Work.Minding)
				c.Work.Minding[i].Last = now
			}
		}
	}
	c.noteWays(now)
	if slices.Contains(toldBy, e) {
		c.Work.Heard = now
	}
}

// noteWays notes since when there is no way to the complainant.
func (c *Case) noteWays(now time.Time) {
	switch {
	case c.Reachable() || !c.Open():
		c.Work.Lost = time.Time{}
	case c.Work.Lost.IsZero():
		c.Work.Lost = now
	}
}

// toldBy are the events of which the complainant is told.
var toldBy = []EventKind{
	Filed, Requested, Approved, Taken, Handed, Dispatched, Reported, Spoke, Extended, Late, Proposed, Reopened, Progressed, LeftAlone,
}
