package cases

import (
	"slices"
	"time"
)

// Milestone is a dated step of a case, at which the clock speaks.
type Milestone string

// The milestones, in the order of a case's life.
const (
	MilestoneAcknowledged Milestone = "acknowledged" // the complainant knows that their complaint is here, and can be told of it
	MilestoneOwned        Milestone = "owned"        // somebody handles the case
	MilestoneContacted    Milestone = "contacted"    // somebody spoke with the complainant in person
	MilestoneInvited      Milestone = "invited"      // the persons concerned are asked for their side
	MilestoneProposed     Milestone = "proposed"     // a solution is proposed
	MilestoneForeseen     Milestone = "foreseen"     // somebody says whether it will be done in time, and if not, why and by when
	MilestoneDecided      Milestone = "decided"      // it is done: the last day
	MilestoneExplained    Milestone = "explained"    // a complainant whose case is late hears why
	MilestoneProgress     Milestone = "progress"     // the complainant hears how it stands
	MilestoneTalked       Milestone = "talked"       // a talk was held
	MilestoneApproved     Milestone = "approved"     // the complainant of a write-up said whether it is a true account
	MilestoneLapsed       Milestone = "lapsed"       // a write-up that nobody approved ends
	MilestoneMeasured     Milestone = "measured"     // what was promised at the closing is done
	MilestoneCovered      Milestone = "covered"      // somebody looks after a case whose owner is away
)

// Milestones lists every Milestone.
var Milestones = []Milestone{
	MilestoneAcknowledged, MilestoneOwned, MilestoneContacted, MilestoneInvited, MilestoneProposed, MilestoneForeseen, MilestoneDecided, MilestoneExplained, MilestoneProgress, MilestoneTalked, MilestoneApproved, MilestoneLapsed, MilestoneMeasured, MilestoneCovered,
}

// MilestoneRule is what the settings say of a milestone. Within, Remind and Again are in Days.
type MilestoneRule struct {
	Within int     `yaml:"within"` // days from where it begins until it is due; see MilestoneRules
	Days   string  `yaml:"days"`   // WorkingDays or CalendarDays
	Remind []int   `yaml:"remind"` // days before it is due on which somebody is reminded; 0: when it is due
	Again  int     `yaml:"again"`  // days from one reminder to the next once it is due; 0: there is no next
	Most   int     `yaml:"most"`   // reminders from when it is due on, at most; 0: without end
	Chain  []Link  `yaml:"chain"`  // who is reminded, and who instead the next time
	Tells  Telling `yaml:"tells"`  // what the complainant is told
}

// The kinds of days.
const (
	WorkingDays  = "working"
	CalendarDays = "calendar"
)

// Link is one of a chain of people of whom each is reminded where the one before did nothing, or is not there.
type Link string

// The links.
const (
	LinkOwner   Link = "owner"   // who handles the case, wrote the complaint up, or owes the measure
	LinkDeputy  Link = "deputy"  // of the chair
	LinkChair   Link = "chair"   // or who presides where the chair must keep out of the case
	LinkChannel Link = "channel" // the committee
)

// Links lists every Link.
var Links = []Link{LinkOwner, LinkDeputy, LinkChair, LinkChannel}

// Telling is what the complainant is told at a milestone.
type Telling string

// The tellings. TellsProgress of a milestone tells a complainant how it stands when the milestone was missed.
const (
	TellsNothing  Telling = "nothing"
	TellsProgress Telling = "progress"
	TellsLate     Telling = "late"
	TellsApproval Telling = "approval"
	TellsReceipt  Telling = "receipt"
)

// MilestoneRules are the rules of the milestones.
type MilestoneRules struct {
	Acknowledged MilestoneRule `yaml:"acknowledged"` // from receipt; and from when no way to the complainant is left
	Owned        MilestoneRule `yaml:"owned"`        // from receipt; from when it was reopened, or lost its owner
	Contacted    MilestoneRule `yaml:"contacted"`    // from receipt
	Invited      MilestoneRule `yaml:"invited"`      // from receipt; of somebody who is named later a working day at least
	Proposed     MilestoneRule `yaml:"proposed"`     // from receipt; after an extension as many days before the new last day as before the first
	Foreseen     MilestoneRule `yaml:"foreseen"`     // Within is before the last day
	Decided      MilestoneRule `yaml:"decided"`      // Within is not used: it is due on the last day, which Procedure.Period says, or who extended it
	Explained    MilestoneRule `yaml:"explained"`    // from when the complainant was told that it is late; to them, Again is from one word to the next
	Progress     MilestoneRule `yaml:"progress"`     // from when the complainant last heard something
	Talked       MilestoneRule `yaml:"talked"`       // from when the talk has an owner
	Approved     MilestoneRule `yaml:"approved"`     // from when it was written up; Procedure.ApprovalLapse ends it
	Measured     MilestoneRule `yaml:"measured"`     // Within is not used: each measure has its day
	Covered      MilestoneRule `yaml:"covered"`      // Within is how many working days an owner is away, at least
}

// Rule is what the settings say of a milestone; the zero MilestoneRule of one that they say nothing of.
func (p *Procedure) Rule(m Milestone) MilestoneRule {
	r := &p.Milestones
	switch m {
	case MilestoneAcknowledged:
		return r.Acknowledged
	case MilestoneOwned:
		return r.Owned
	case MilestoneContacted:
		return r.Contacted
	case MilestoneInvited:
		return r.Invited
	case MilestoneProposed:
		return r.Proposed
	case MilestoneForeseen:
		return r.Foreseen
	case MilestoneDecided:
		return r.Decided
	case MilestoneExplained:
		return r.Explained
	case MilestoneProgress:
		return r.Progress
	case MilestoneTalked:
		return r.Talked
	case MilestoneApproved:
		return r.Approved
	case MilestoneMeasured:
		return r.Measured
	case MilestoneCovered:
		return r.Covered
	}
	return MilestoneRule{}
}

// Step is a milestone of a case that is not reached yet.
type Step struct {
	Milestone Milestone
	Due       time.Time // the instant by which; of one that takes whole days the first instant after its last one
	Of        int       // of a measure: its number
	Why       Reason    // what is still to be done
	rule      MilestoneRule
	basis     string    // what its occasions begin with: it tells one course of the milestone from the next
	start     time.Time // nobody is reminded before
	base      time.Time // the moment of the reminder on the day itself
	end       time.Time // nobody is reminded from then on; zero: there is no end
}

// Reason says why the clock speaks.
type Reason string

// The reasons.
const (
	NobodyOwns      Reason = "nobody-owns"
	OwnerLeft       Reason = "owner-left" // who owned it must keep out of it now
	NotContacted    Reason = "not-contacted"
	NotInvited      Reason = "not-invited"
	NotProposed     Reason = "not-proposed"
	WillItBeDone    Reason = "will-it-be-done" // and if not, why and by when?
	LastDayNear     Reason = "last-day-near"
	OnLastDay       Reason = "last-day"
	LateUnexplained Reason = "late-unexplained"
	LateExplained   Reason = "late-explained" // the reason that somebody gave before is told now
	PromisedWord    Reason = "promised-word"  // the complainant heard nothing for as long as they may
	NotTalked       Reason = "not-talked"
	NotApprovedYet  Reason = "not-approved"
	ApprovalIsOver  Reason = "approval-over"
	MeasureOpen     Reason = "measure-open"
	Unreached       Reason = "unreachable"
	OwnerOut        Reason = "owner-out"
	AskedAgain      Reason = "asked-again" // somebody wanted to be reminded later
)

// Steps lists the milestones that a case has still to reach, in the order in which they are due. An open case has at least one.
func (p *Procedure) Steps(c *Case) []Step {
	s := &steps{p: p, c: c}
	switch {
	case !c.Open():
	case c.Stage == Awaiting:
		s.approved()
	default:
		s.open()
	}
	s.measures()
	slices.SortStableFunc(s.all, func(a, b Step) int { return a.Due.Compare(b.Due) })
	return s.all
}

type steps struct {
	p   *Procedure
	c   *Case
	all []Step
}

// add appends a milestone that begins at start, and is due within the days of its rule.
func (s *steps) add(m Milestone, why Reason, start time.Time) *Step {
	p, rule := s.p, s.p.Rule(m)
	step := Step{Milestone: m, Why: why, rule: rule, start: start, basis: stamp(start)}
	if rule.Days == WorkingDays {
		step.Due = p.AddWorkingDays(start, rule.Within)
		step.base = step.Due
	} else {
		step.Due = p.endOfDay(start, rule.Within)
		step.base = p.at(start, rule.Within, p.Clock.WorkFrom)
	}
	s.all = append(s.all, step)
	return &s.all[len(s.all)-1]
}

func (s *steps) open() {
	c, w := s.c, &s.c.Work
	if !c.Reachable() && !w.Lost.IsZero() && !c.Contacted.After(w.Lost) {
		s.add(MilestoneAcknowledged, Unreached, w.Lost)
	}
	if c.Owner == "" {
		s.unowned()
	}
	if c.Kind == Talk {
		if c.Owner != "" {
			s.add(MilestoneTalked, NotTalked, later(c.Begun(), w.Owned))
		}
		return
	}
	if c.Contacted.IsZero() {
		s.add(MilestoneContacted, NotContacted, c.Begun())
	}
	s.invited()
	if w.Proposed == 0 && w.Draft == 0 {
		s.proposed()
	}
	if !c.Deadline.IsZero() {
		s.deadline()
	}
}

func (s *steps) unowned() {
	c := s.c
	if left := c.Work.Left; !left.IsZero() {
		step := s.add(MilestoneOwned, OwnerLeft, left)
		step.Due = s.p.AddWorkingDays(left, 0) // it has waited long enough
		step.base = step.Due
		return
	}
	s.add(MilestoneOwned, NobodyOwns, c.Begun())
}

// invited is about the person concerned whom nobody has invited for the longest time.
func (s *steps) invited() {
	at := slices.IndexFunc(s.c.Work.Parties, func(one Party) bool { return one.State == PartyNamed })
	if at < 0 {
		return
	}
	step := s.add(MilestoneInvited, NotInvited, s.c.Begun())
	if least := s.p.AddWorkingDays(s.c.Work.Parties[at].Since, 1); least.After(step.Due) {
		step.Due, step.base = least, least
	}
	step.basis = itoa(s.c.Work.Parties[at].Number)
}

func (s *steps) proposed() {
	p, c := s.p, s.c
	step := s.add(MilestoneProposed, NotProposed, c.Begun())
	if !c.Deadline.IsZero() {
		step.end = p.at(c.LastDay(p), 0, p.Clock.TellLate)
	}
	if moved := p.Period - step.rule.Within; step.rule.Days == CalendarDays && c.Deadline.After(p.EndOfPeriod(c.Begun())) {
		last := c.LastDay(p)
		step.Due, step.base = p.endOfDay(last, -moved), p.at(last, -moved, p.Clock.WorkFrom)
		step.basis = last.Format(time.DateOnly)
	}
}

// deadline is the last day, what comes before it, and what follows where it passed.
func (s *steps) deadline() {
	p, c := s.p, s.c
	last := c.LastDay(p)
	day, from := last.Format(time.DateOnly), p.Clock.WorkFrom
	tell := p.at(last, 0, p.Clock.TellLate)
	if c.Work.Foreseen.Day != day {
		step := s.add(MilestoneForeseen, WillItBeDone, c.Begun())
		step.base = p.workingDaysBefore(last, step.rule.Within, from)
		step.Due, step.basis, step.end = p.at(last, 0, from), day, tell
	}
	step := s.add(MilestoneDecided, LastDayNear, c.Begun())
	step.Due, step.base, step.basis, step.end = c.Deadline, p.at(last, 0, from), day, tell
	if c.Work.Foreseen.Day != day || c.Work.Foreseen.Until == "" {
		owed := s.add(MilestoneExplained, LateUnexplained, tell)
		owed.Due, owed.base, owed.basis = p.ReasonBy(c), p.ReasonBy(c), day
	}
}

func (s *steps) approved() {
	s.add(MilestoneApproved, NotApprovedYet, s.c.Received)
}

// measures are what was promised when the case was closed; also after that, for as long as its words are kept.
func (s *steps) measures() {
	p := s.p
	for _, m := range s.c.Work.Measures {
		due, err := time.ParseInLocation(time.DateOnly, m.Due, p.zone)
		if err != nil || !m.Done.IsZero() {
			continue
		}
		step := s.add(MilestoneMeasured, MeasureOpen, due)
		step.Due, step.base = p.endOfDay(due, 0), p.workingDayBefore(p.at(due, 0, p.Clock.WorkFrom), p.Clock.WorkFrom)
		step.basis, step.Of, step.start, step.end = itoa(m.Number), m.Number, time.Time{}, s.c.Kept(p)
	}
}

// ReasonBy is the moment by which a complainant whose case is late hears why.
func (p *Procedure) ReasonBy(c *Case) time.Time {
	return p.AddWorkingDays(p.at(c.LastDay(p), 0, p.Clock.TellLate), p.Milestones.Explained.Within)
}
