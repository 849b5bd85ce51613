package cases

import (
	"slices"
	"time"
)

// Unasked says whether a notice tells the complainant something that nobody did just now: the clock speaks of itself. That
// goes out at decent hours alone, and only while it is still so. What somebody did is told at any hour.
func Unasked(e Event, n Notice) bool {
	if n.To != ByChat && n.To != ByMail {
		return false
	}
	switch n.Kind {
	case LateNotice, ProgressNotice: // also where the other way is tried
		return true
	}
	return e.By == TheClock && (e.Kind == Extended || e.Kind == Reminded || e.Kind == Lapsed)
}

// Awake is t, or the first instant after it at which a complainant may be told something unasked.
func (p *Procedure) Awake(t time.Time) time.Time { return p.whenAwake(t) }

// AtWork is t, or the first instant after it at which a member of the committee may be.
func (p *Procedure) AtWork(t time.Time) time.Time { return p.whenAtWork(t) }

// Overtaken says whether what the clock had the complainant told is no longer so, as may be when it could not be sent for a
// while: what followed says more, and truly.
func (f *File) Overtaken(n Notice, p *Procedure) bool {
	e, known := f.Event(n.Event)
	if !known {
		return false
	}
	c := &f.Case
	last := c.LastDay(p).Format(time.DateOnly)
	switch n.Kind {
	case ProgressNotice:
		return !c.Open() || f.heardSince(e)
	case LateNotice:
		return !c.Open() || e.Data["day"] != last || f.heardSince(e, Late)
	case Delay:
		return !c.Open() || e.Data["until"] != last
	}
	return false
}

// heardSince says whether the complainant was told something after an event, be it of these kinds alone.
func (f *File) heardSince(e Event, kinds ...EventKind) bool {
	if len(kinds) == 0 {
		kinds = toldBy
	}
	for _, later := range f.Events[e.Seq:] {
		if slices.Contains(kinds, later.Kind) {
			return true
		}
	}
	return false
}

// Owed is the day, any instant of it, by which a complainant hears of a case whose last day came without an end: why it takes
// longer and when it will be done, or else that this is still owed. It is zero where nothing is owed: before the evening of the
// last day, and on it also where somebody said before why it would be late, which is told then.
func (p *Procedure) Owed(c *Case, now time.Time) time.Time {
	last := c.LastDay(p)
	if !c.Open() || c.Deadline.IsZero() || now.Before(p.at(last, 0, p.Clock.TellLate)) {
		return time.Time{}
	}
	if f := c.Work.Foreseen; f.Until != "" && f.Day == last.Format(time.DateOnly) && now.Before(c.Deadline) {
		return time.Time{}
	}
	return p.owed(c, now)
}

// owed is the day by which a complainant whose case is late hears more: each promised day is kept in its evening.
func (p *Procedure) owed(c *Case, now time.Time) time.Time {
	until := p.ReasonBy(c)
	for !p.at(until, 0, p.Clock.TellLate).After(now) {
		until = p.AddWorkingDays(p.at(until, 0, p.Clock.WorkFrom), max(1, p.Milestones.Progress.Within))
	}
	return until
}

// HearsAgain is when a complainant who was told something at an instant hears something again at the latest, as long as their
// case is open and its last day does not come before.
func (p *Procedure) HearsAgain(told time.Time) time.Time {
	return p.AddWorkingDays(told, p.Milestones.Progress.Within)
}

// Asks says whether the complainant was asked something that they have not answered. What can still be taken back was not.
func (c *Case) Asks() bool {
	return c.Work.Question != 0 && !slices.Contains(c.Work.Held, c.Work.Question)
}
