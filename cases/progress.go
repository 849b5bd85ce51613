package cases

import (
	"slices"
	"strings"
	"time"
)

// Standing is how a case stands, in words that its complainant may hear: no names, and nothing of what anybody said.
type Standing struct {
	Done []Milestone // what has been done, in the order of a case's life
	Next Milestone   // what comes next
	By   time.Time   // any instant of the day by which that is to be; zero: no day can be said
	Last time.Time   // any instant of the last day of the case; zero: it has none
}

// Standing says how a case stands. What comes next is the first thing that is not done, and it is promised for a day only while that
// day is still to come, and not after the last day of the case.
func (p *Procedure) Standing(c *Case, now time.Time) Standing {
	s := Standing{Done: c.reached(), Last: c.LastDay(p), Next: MilestoneDecided}
	if c.Stage == Awaiting {
		s.Next = MilestoneApproved
	}
	for _, step := range p.Steps(c) {
		if slices.Contains(tellable, step.Milestone) && (step.Milestone != MilestoneProposed || !c.Contacted.IsZero()) {
			s.Next, s.By = step.Milestone, step.Due.Add(-time.Second)
			break
		}
	}
	if s.Next == MilestoneDecided {
		s.By = s.Last
	}
	if !p.endOfDay(s.By, 0).After(now) || !s.Last.IsZero() && s.By.After(c.Deadline) {
		s.By = time.Time{}
	}
	return s
}

// tellable are the milestones that a complainant is told of as what comes next.
var tellable = []Milestone{MilestoneApproved, MilestoneOwned, MilestoneTalked, MilestoneContacted, MilestoneInvited, MilestoneProposed, MilestoneDecided}

// reached are the milestones that a case has reached, as far as its complainant is told of them.
func (c *Case) reached() (all []Milestone) {
	w := &c.Work
	invited := slices.ContainsFunc(w.Parties, func(one Party) bool { return one.State != PartyNamed })
	for _, one := range []struct {
		m  Milestone
		is bool
	}{
		{MilestoneAcknowledged, true}, {MilestoneOwned, c.Owner != ""}, {MilestoneContacted, !c.Contacted.IsZero()}, {MilestoneInvited, invited},
		{MilestoneProposed, w.Proposed != 0}, {MilestoneDecided, !c.Open()},
	} {
		if one.is {
			all = append(all, one.m)
		}
	}
	return all
}

// tellProgress tells the complainant how it stands.
func (c *Case) tellProgress(data map[string]string, p *Procedure, now time.Time) {
	s := p.Standing(c, now)
	words := make([]string, len(s.Done))
	for i, m := range s.Done {
		words[i] = string(m)
	}
	data["done"], data["next"] = strings.Join(words, " "), string(s.Next)
	if !s.By.IsZero() {
		data["by"] = p.In(s.By).Format(time.DateOnly)
	}
	c.record(now, TheClock, Progressed, data, nil)
}

// StandingOf is what an event of the kind Progressed told. Its days are at noon in the organisation's zone.
func (p *Procedure) StandingOf(e Event) (s Standing) {
	for word := range strings.FieldsSeq(e.Data["done"]) {
		s.Done = append(s.Done, Milestone(word))
	}
	s.Next = Milestone(e.Data["next"])
	if by, err := time.ParseInLocation(time.DateOnly, e.Data["by"], p.zone); err == nil {
		s.By = by.Add(12 * time.Hour)
	}
	return s
}
