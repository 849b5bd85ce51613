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
)

// Milestones lists every Milestone.
var Milestones = []Milestone{Unowned, Ahead, LastDay, TellLate, OweReason, TellStill}

// ahead is how many of the occasions that repeat without end a plan lists beyond now.
const ahead = 5

// stillEvery is how many working days pass at most before a complainant whose case is late hears from us again.
const stillEvery = 5

// Due is one thing that the clock has to tell, to one recipient, once.
type Due struct {
	Told
	At   time.Time
	Days int // of Ahead: days to the last day
}

// Plan lists what the clock would tell if nobody touched the case any more, and has not told yet, in the order of time. Of
// what repeats until somebody acts it lists all that is due at now and the next few occasions.
func (p *Procedure) Plan(c *Case, now time.Time) []Due {
	if !c.Open() {
		return nil
	}
	var plan []Due
	add := func(m Milestone, occasion string, to Recipient, at time.Time, days int) {
		told := Told{Milestone: m, Occasion: occasion, Recipient: to}
		if !slices.Contains(c.Told, told) {
			plan = append(plan, Due{Told: told, At: at, Days: days})
		}
	}
	if c.Owner == "" {
		p.planOwner(c, now, add)
	}
	if !c.Deadline.IsZero() {
		p.planDeadline(c, now, add)
	}
	slices.SortStableFunc(plan, func(a, b Due) int { return a.At.Compare(b.At) })
	return plan
}

type adder func(m Milestone, occasion string, to Recipient, at time.Time, days int)

// planOwner asks for an owner, each working day anew: the channel, and from the second day on the chair as well.
func (p *Procedure) planOwner(c *Case, now time.Time, add adder) {
	at := p.AddWorkingDays(c.Begun(), p.Clock.Owned)
	again := ""
	if !c.Reopened.IsZero() {
		again = p.In(c.Reopened).Format(time.DateOnly) + "/"
	}
	for n, beyond := 0, 0; beyond < ahead; n++ {
		if at.After(now) {
			beyond++
		}
		occasion := again + itoa(n+1)
		add(Unowned, occasion, ToBoard, at, 0)
		if chair := p.chair(c); n > 0 && chair != ToBoard {
			add(Unowned, occasion, chair, at, 0)
		}
		at = p.AddWorkingDays(at, 1)
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

// chair is the chair, or who stands in, or the channel.
func (p *Procedure) chair(c *Case) Recipient {
	for _, m := range []Member{p.Committee.Chair, p.Committee.Deputy} {
		if m != "" && !c.Excludes(m) {
			return ToMember(m)
		}
	}
	return ToBoard
}

func (p *Procedure) chairOr(c *Case, otherwise Recipient) Recipient {
	if chair := p.chair(c); chair != ToBoard {
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
	due := make(map[Recipient][]Due)
	for _, d := range p.Plan(c, now) {
		if !d.At.After(now) && !p.decent(d.Recipient, now).After(now) {
			due[d.Recipient] = append(due[d.Recipient], d)
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
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Recipient, b.Recipient))
	})
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
	case Ahead:
		data["days"] = itoa(d.Days)
	}
	c.record(now, TheClock, kind, data, nil)
}
