package cases

import (
	"slices"
	"time"
)

// Staff says who of the committee can't be turned to. The zero Staff: everybody can be.
type Staff struct {
	Absences []Absence
}

// Absence is a time in which a member is not there.
type Absence struct {
	Member Member
	From   time.Time
	Until  time.Time // the first instant at which they are there again; zero: they do not come back
	Gone   bool      // their account was switched off, or they left the committee
}

// at says whether the absence holds at an instant.
func (a Absence) at(t time.Time) bool {
	return !t.Before(a.From) && (a.Until.IsZero() || t.Before(a.Until))
}

// Away is the absence of a member at an instant, if there is one: of several the one that ends last.
func (s Staff) Away(m Member, t time.Time) (found Absence, away bool) {
	for _, a := range s.Absences {
		if a.Member != m || !a.at(t) {
			continue
		}
		if !away || !found.Until.IsZero() && (a.Until.IsZero() || a.Until.After(found.Until)) {
			found, away = a, true
		}
	}
	return found, away
}

// Skipped is somebody of a chain who is passed over.
type Skipped struct {
	Link   Link
	Member Member // empty: nobody has that role
	Why    string // SkipNobody, SkipExcluded, SkipAway or SkipGone
}

// Why somebody is passed over.
const (
	SkipNobody   = "nobody"   // nobody has that role
	SkipExcluded = "excluded" // they must keep out of the case
	SkipAway     = "away"
	SkipGone     = "gone"
)

// Chain is who is turned to about a milestone of a case at an instant, each where the one before did nothing; at least the
// channel. Nobody is in it twice, and nobody who is excluded, away or gone.
func (p *Procedure) Chain(c *Case, step Step, staff Staff, t time.Time) (all []Recipient, skipped []Skipped) {
	for _, link := range step.rule.Chain {
		if link == LinkChannel {
			all = append(all, ToBoard)
			break
		}
		m := p.link(c, step, link)
		why := ""
		switch a, away := staff.Away(m, t); {
		case m == "":
			why = SkipNobody
		case c.Excludes(m):
			why = SkipExcluded
		case away && a.Gone:
			why = SkipGone
		case away:
			why = SkipAway
		}
		if why != "" {
			skipped = append(skipped, Skipped{link, m, why})
		} else if to := ToMember(m); !slices.Contains(all, to) {
			all = append(all, to)
		}
	}
	if len(all) == 0 {
		all = append(all, ToBoard)
	}
	return all, skipped
}

// link is the member at one place of a chain; empty where there is none.
func (p *Procedure) link(c *Case, step Step, link Link) Member {
	switch link {
	case LinkDeputy:
		return p.Committee.Deputy
	case LinkChair:
		presiding, _ := p.Presiding(c).Member()
		return presiding
	}
	switch step.Milestone {
	case MilestoneApproved:
		return c.Work.WrittenBy
	case MilestoneMeasured:
		for _, m := range c.Work.Measures {
			if m.Number == step.Of {
				return m.Owner
			}
		}
	}
	return c.Owner
}
