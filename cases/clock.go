package cases

import (
	"cmp"
	"slices"
	"time"
)

// Milestone is a dated step at which the clock speaks.
type Milestone string

// The milestones.
const (
	Unowned   Milestone = "unowned"   // nobody took the case within the time for it
	Ahead     Milestone = "ahead"     // the last day is near
	LastDay   Milestone = "last-day"  // it is the last day: will it be done, and if not, why and by when?
	TellLate  Milestone = "tell-late" // the complainant is told that it is late, and by when they hear why
	OweReason Milestone = "owe"       // the reason is owed today
	TellStill Milestone = "tell-still"

	ApprovalDue  Milestone = "approval-due"  // a write-up is not agreed to yet; to its complainant, and to who wrote it
	ApprovalOver Milestone = "approval-over" // and now it lapses
	MeasureDue   Milestone = "measure-due"   // something that was promised when the case was closed is to be done
	TalkOpen     Milestone = "talk-open"     // a talk has an owner, and nobody has said that it was held
)

// Milestones lists every Milestone.
var Milestones = []Milestone{Unowned, Ahead, LastDay, TellLate, OweReason, TellStill, ApprovalDue, ApprovalOver, MeasureDue, TalkOpen}

// ahead is how many of the occasions that repeat without end a plan lists beyond now.
const ahead = 5

// stillEvery is how many working days pass at most before a complainant whose case is late hears from us again.
const stillEvery = 5

// talkEvery is how many working days a talk waits for its owner before they are reminded, and then again.
const talkEvery = 2

// Due is one thing that the clock has to tell, to one recipient, once.
type Due struct {
	Told
	At   time.Time
	Days int // of Ahead: days to the last day
	Of   int // of MeasureDue: the number of the measure
}

// Plan lists what the clock would tell if nobody touched the case any more, and has not told yet, in the order of time. Of
// what repeats until somebody acts it lists all that is due at now and the next few occasions.
func (p *Procedure) Plan(c *Case, now time.Time) []Due {
	var plan []Due
	add := func(m Milestone, occasion string, to Recipient, at time.Time, of int) {
		due := Due{Told: Told{Milestone: m, Occasion: occasion, Recipient: to}, At: at}
		switch m {
		case Ahead, ApprovalDue:
			due.Days = of
		case MeasureDue:
			due.Of = of
		}
		if !slices.Contains(c.Told, due.Told) {
			plan = append(plan, due)
		}
	}
	switch {
	case !c.Open():
	case c.Stage == Awaiting:
		p.planApproval(c, add)
	default:
		if c.Owner == "" {
			p.planOwner(c, now, add)
		} else if c.Kind == Talk {
			p.planTalk(c, now, add)
		}
		if !c.Deadline.IsZero() {
			p.planDeadline(c, now, add)
		}
	}
	if kept := c.Kept(p); kept.IsZero() || now.Before(kept) {
		p.planMeasures(c, now, add)
	}
	slices.SortStableFunc(plan, func(a, b Due) int { return a.At.Compare(b.At) })
	return plan
}

// adder puts an occasion into a plan; of is the days or the number of the measure that it is about.
type adder func(m Milestone, occasion string, to Recipient, at time.Time, of int)

// planOwner asks for an owner, each working day anew: the channel, and from the second day on the chair as well.
func (p *Procedure) planOwner(c *Case, now time.Time, add adder) {
	at := p.AddWorkingDays(c.Begun(), p.Clock.Owned)
	again := ""
	if !c.Reopened.IsZero() {
		again = p.In(c.Reopened).Format(time.DateOnly) + "/"
	}
	left := c.Work.Left
	if !left.IsZero() { // its owner is excluded, and it has waited long enough
		at, again = p.AddWorkingDays(left, 0), stamp(left)+"/"
	}
	for n, beyond := 0, 0; beyond < ahead; n++ {
		if at.After(now) {
			beyond++
		}
		occasion := again + itoa(n+1)
		add(Unowned, occasion, ToBoard, at, 0)
		if chair := p.Presiding(c); (n > 0 || !left.IsZero()) && chair != ToBoard {
			add(Unowned, occasion, chair, at, 0)
		}
		at = p.AddWorkingDays(at, 1)
	}
}

// planTalk reminds who owns a talk that it is to be held: it has no last day that would. From the second time on who presides
// hears it as well, as its owner may be away, or gone.
func (p *Procedure) planTalk(c *Case, now time.Time, add adder) {
	owned := later(c.Begun(), c.Work.Owned)
	presiding, owner := p.Presiding(c), p.answerable(c)
	at := p.AddWorkingDays(owned, talkEvery)
	for n, beyond := 0, 0; beyond < ahead; n++ {
		if at.After(now) {
			beyond++
		}
		occasion := stamp(owned) + "/" + itoa(n+1)
		add(TalkOpen, occasion, owner, at, 0)
		if n > 0 && presiding != ToBoard && presiding != owner {
			add(TalkOpen, occasion, presiding, at, 0)
		}
		at = p.AddWorkingDays(at, talkEvery)
	}
}

// planApproval asks the complainant of a write-up again whether it is a true account, and reminds who wrote it; in the end it
// lapses, when the day that they were told is over.
func (p *Procedure) planApproval(c *Case, add adder) {
	writer := p.Presiding(c)
	if by := c.Work.WrittenBy; by != "" && !c.Excludes(by) {
		writer = ToMember(by)
	}
	from := p.Clock.WorkFrom
	for _, days := range p.Approval {
		add(ApprovalDue, itoa(days), toComplainant, p.at(c.Received, days, from), days)
		add(ApprovalDue, itoa(days), writer, p.at(c.Received, days, from), days)
	}
	add(ApprovalOver, itoa(p.ApprovalLapse), toComplainant, p.endOfDay(c.Received, p.ApprovalLapse), 0)
}

// planMeasures reminds who owes a measure on its day, and who presides as well once it is over; also after the case is closed,
// for as long as its words are kept.
func (p *Procedure) planMeasures(c *Case, now time.Time, add adder) {
	from := p.Clock.WorkFrom
	for _, m := range c.Work.Measures {
		due, err := time.ParseInLocation(time.DateOnly, m.Due, p.zone)
		if err != nil || !m.Done.IsZero() {
			continue
		}
		presiding := p.Presiding(c)
		owner := presiding
		if one := p.measureOwner(c, m); one != "" {
			owner = ToMember(one)
		}
		at := p.workingDayBefore(p.at(due, 0, from), from)
		for n, beyond := 0, 0; beyond < ahead; n++ {
			if at.After(now) {
				beyond++
			}
			occasion := itoa(m.Number) + "/" + itoa(n+1)
			add(MeasureDue, occasion, owner, at, m.Number)
			if n > 0 && presiding != owner {
				add(MeasureDue, occasion, presiding, at, m.Number)
			}
			at = p.AddWorkingDays(at, stillEvery)
		}
	}
}

// planDeadline reminds who answers for the case that its last day comes near, and tells the complainant when it is there.
func (p *Procedure) planDeadline(c *Case, now time.Time, add adder) {
	last := c.LastDay(p)
	occasion := last.Format(time.DateOnly)
	to := p.answerable(c)
	from := p.Clock.WorkFrom
	for _, days := range p.Clock.Reminders {
		if at := p.workingDayBefore(p.at(last, -days, from), from); at.After(c.Begun()) {
			add(Ahead, occasion+"/"+itoa(days), to, at, days)
		}
	}
	add(LastDay, occasion, to, p.workingDayBefore(p.at(last, 0, from), from), 0)
	add(TellLate, occasion, toComplainant, p.at(last, 0, p.Clock.TellLate), 0)

	owed := p.ReasonBy(c)
	for n, beyond := 0, 0; beyond < ahead; n++ {
		if owed.After(now) {
			beyond++
		}
		add(OweReason, occasion+"/"+itoa(n+1), p.chairOr(c, to), p.at(owed, 0, from), 0)
		add(TellStill, occasion+"/"+itoa(n+1), toComplainant, p.at(owed, 0, p.Clock.TellLate), 0)
		owed = p.AddWorkingDays(p.at(owed, 0, from), stillEvery)
	}
}

// ReasonBy is the moment by which a complainant whose case is late hears why.
func (p *Procedure) ReasonBy(c *Case) time.Time {
	return p.AddWorkingDays(p.at(c.LastDay(p), 0, p.Clock.TellLate), p.Clock.Explain)
}

// answerable is who is reminded of a case: its owner, or the channel where it has none.
func (p *Procedure) answerable(c *Case) Recipient {
	if c.Owner == "" || c.Excludes(c.Owner) {
		return ToBoard
	}
	return ToMember(c.Owner)
}

func (p *Procedure) chairOr(c *Case, otherwise Recipient) Recipient {
	if chair := p.Presiding(c); chair != ToBoard {
		return chair
	}
	return otherwise
}

// toComplainant stands for the complainant in what the clock has told, whichever ways the notice then goes. It is no
// Recipient of a notice.
const toComplainant = "complainant"

// decent is t, or the first instant after it at which the recipient may be spoken to unasked.
func (p *Procedure) decent(to Recipient, t time.Time) time.Time {
	if to == toComplainant {
		return p.whenAwake(t)
	}
	return p.whenAtWork(t)
}

// Next is the first instant at or after now at which the clock has something to tell about the case; zero if never.
func (p *Procedure) Next(c *Case, now time.Time) time.Time {
	var next time.Time
	for _, due := range p.Plan(c, now) {
		if at := p.decent(due.Recipient, later(due.At, now)); next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next
}

// Tick lets the clock tell what is due about the case. Where several things are due to one recipient at once, as after a
// night off, the last of them is told and the others count as told.
func (c *Case) Tick(p *Procedure, now time.Time) {
	type subject struct {
		to      Recipient
		measure int
	}
	due := make(map[subject][]Due)
	for _, d := range p.Plan(c, now) {
		if !d.At.After(now) && !p.decent(d.Recipient, now).After(now) {
			about := subject{to: d.Recipient, measure: d.Of}
			due[about] = append(due[about], d)
		}
	}
	var last []Due
	for _, all := range due {
		for _, d := range all {
			c.Told = append(c.Told, d.Told)
		}
		last = append(last, all[len(all)-1])
	}
	slices.SortFunc(last, func(a, b Due) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Recipient, b.Recipient), cmp.Compare(a.Of, b.Of))
	})
	if over := func(d Due) bool { return d.Milestone == ApprovalOver }; slices.ContainsFunc(last, over) {
		last = slices.DeleteFunc(last, func(d Due) bool { return !over(d) }) // nobody is reminded of what is over
	}
	for _, d := range last {
		c.tell(d, p, now)
	}
}

func (c *Case) tell(d Due, p *Procedure, now time.Time) {
	data := map[string]string{"milestone": string(d.Milestone), "occasion": d.Occasion, "to": string(d.Recipient)}
	kind := Reminded
	switch d.Milestone {
	case TellLate, TellStill:
		kind = Late
		until := p.ReasonBy(c)
		for !until.After(now) {
			until = p.AddWorkingDays(until, stillEvery)
		}
		data["until"] = p.In(until).Format(time.DateOnly)
		data["day"] = c.LastDay(p).Format(time.DateOnly)
	case Ahead, ApprovalDue:
		data["days"] = itoa(d.Days)
	case MeasureDue:
		data["measure"] = itoa(d.Of)
	case ApprovalOver:
		kind = Lapsed
		c.end(OutcomeLapsed, now)
	}
	c.record(now, TheClock, kind, data, nil)
}
