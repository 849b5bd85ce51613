package cases

import (
	"fmt"
	"slices"
)

// tellings are what each milestone may tell a complainant. That they hear at the deadline, of what they are to approve, and
// how it stands, is promised: it can't be switched off.
var tellings = map[Milestone][]Telling{
	MilestoneAcknowledged: {TellsReceipt},
	MilestoneOwned:        {TellsNothing, TellsProgress},
	MilestoneContacted:    {TellsNothing, TellsProgress},
	MilestoneInvited:      {TellsNothing, TellsProgress},
	MilestoneProposed:     {TellsNothing, TellsProgress},
	MilestoneForeseen:     {TellsNothing},
	MilestoneDecided:      {TellsLate},
	MilestoneExplained:    {TellsLate},
	MilestoneProgress:     {TellsProgress},
	MilestoneTalked:       {TellsNothing, TellsProgress},
	MilestoneApproved:     {TellsApproval},
	MilestoneMeasured:     {TellsNothing},
	MilestoneCovered:      {TellsNothing},
}

// counted are the milestones whose days are of one kind, whatever else is right: how they are reckoned is part of the promise.
var counted = map[Milestone]string{
	MilestoneForeseen: WorkingDays, MilestoneExplained: WorkingDays, MilestoneProgress: WorkingDays, MilestoneCovered: WorkingDays,
	MilestoneApproved: CalendarDays,
}

// datedBy says of the milestones whose day is not so many days after something what sets it.
var datedBy = map[Milestone]string{
	MilestoneDecided:  "it is due on the last day, which the period sets",
	MilestoneMeasured: "each measure has its own day",
}

// withoutEnd are the milestones of which somebody is reminded until they are reached: what nobody is reminded of any more would
// be forgotten.
var withoutEnd = []Milestone{MilestoneOwned, MilestoneExplained, MilestoneTalked}

func (p *Procedure) checkMilestones(r *report) {
	for _, m := range Milestones {
		if m != MilestoneLapsed { // of which approval_lapse says all there is
			p.checkRule(r, below("milestones", string(m)), m, p.Rule(m))
		}
	}
	m := p.Milestones
	if m.Owned.Days == WorkingDays && m.Owned.Within >= p.Period {
		r.at("milestones.owned.within", "period").wrong("%d working days are not less than the period of %d days; they must be", m.Owned.Within, p.Period)
	}
	if m.Proposed.Days == CalendarDays && m.Proposed.Within > p.Period {
		r.at("milestones.proposed.within", "period").wrong("%d days are more than the period of %d days; they must not be", m.Proposed.Within, p.Period)
	}
	if last := m.Approved.Within + max(0, m.Approved.Most-1)*m.Approved.Again; last >= p.ApprovalLapse {
		r.at("milestones.approved", "approval_lapse").wrong("the last reminder comes after %d days, and the write-up lapses after %d; it must come before", last, p.ApprovalLapse)
	}
}

func (p *Procedure) checkRule(r *report, at string, m Milestone, rule MilestoneRule) {
	switch kind := counted[m]; {
	case rule.Days != WorkingDays && rule.Days != CalendarDays:
		r.at(at+".days", at).wrong("%q are no days; they must be %s or %s", rule.Days, WorkingDays, CalendarDays)
	case kind != "" && rule.Days != kind:
		r.at(at+".days", at).wrong("this milestone is not counted in %s days; it must be %s", rule.Days, kind)
	}
	if !slices.Contains(tellings[m], rule.Tells) {
		r.at(at+".tells", at).wrong("%q is nothing that a complainant can be told of it; it must be %s", rule.Tells, list(tellings[m], "or"))
	}
	least := 0
	if slices.Contains([]Milestone{MilestoneOwned, MilestoneExplained, MilestoneProgress, MilestoneApproved}, m) {
		least = 1
	}
	for _, b := range []bound{
		{at + ".within", rule.Within, least, 60, "days"},
		{at + ".again", rule.Again, 0, 60, "days, where 0 reminds once"},
		{at + ".most", rule.Most, 0, 100, "reminders, where 0 is without end"},
	} {
		if b.value < b.least || b.value > b.most {
			r.at(b.setting, at).wrong("%d is too %s; it must be from %d to %d %s", b.value, size(b.value > b.most), b.least, b.most, b.unit)
		}
	}
	if of := datedBy[m]; of != "" && rule.Within != 0 {
		r.at(at+".within", at).wrong("%d days would change nothing: %s; it must be 0", rule.Within, of)
	}
	for i, days := range rule.Remind {
		switch here := r.at(fmt.Sprintf("%s.remind[%d]", at, i+1), at+".remind", at); {
		case days < 0 || days > 60:
			here.wrong("%d is too %s; it must be from 0 to 60 days", days, size(days > 60))
		case slices.Contains(rule.Remind[:i], days):
			here.wrong("%d stands there twice; it must stand there once", days)
		}
	}
	for i, link := range rule.Chain {
		switch here := r.at(fmt.Sprintf("%s.chain[%d]", at, i+1), at+".chain", at); {
		case !slices.Contains(Links, link):
			here.wrong("%q is nobody who can be reminded; it must be %s", link, list(Links, "or"))
		case slices.Contains(rule.Chain[:i], link):
			here.wrong("%s stands there twice; it must stand there once", link)
		case link == LinkChannel && i < len(rule.Chain)-1:
			here.wrong("whoever stands behind the channel is never reminded; it must be the last")
		}
	}
	if m == MilestoneProgress {
		return
	}
	if len(rule.Chain) == 0 {
		r.at(at+".chain", at).wrong("nobody would be reminded; it must name somebody, such as channel")
	}
	if slices.Contains(withoutEnd, m) && (rule.Again == 0 || rule.Most != 0) {
		r.at(at+".most", at+".again", at).wrong("the reminders of it would end while it waits; again must be at least 1, and most 0")
	}
}
