package cases

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ahead is how many of the occasions that repeat without end a plan lists beyond now.
const ahead = 5

// Due is one thing that the clock has to tell, to one recipient, once.
type Due struct {
	Told
	At      time.Time
	Why     Reason
	By      time.Time // by when the milestone is to be reached
	Days    int       // of a reminder before that: how many days before, as the rule counts them
	Turn    int       // which reminder of the milestone this is, from when it is due on; 0 is the first, or one before
	Of      int       // of a measure: its number
	Skipped []Skipped // who would have been told before the recipient
}

// toComplainant stands for the complainant in what the clock has told, whichever ways the notice then goes. It is no
// Recipient of a notice.
const toComplainant = "complainant"

// ToComplainant says whether a Due is told to the complainant.
func (d Due) ToComplainant() bool { return d.Recipient == toComplainant }

// Plan lists what the clock would tell if nobody touched the case any more, and has not told yet, in the order of time. Of
// what repeats until somebody acts it lists all that is due at now and the next few occasions. Who is told is decided by who
// is there at the moment at which it is due, or at now where that passed.
func (p *Procedure) Plan(c *Case, staff Staff, now time.Time) []Due {
	l := newPlan(p, c, staff, now)
	l.list()
	slices.SortStableFunc(l.all, func(a, b Due) int { return cmp.Or(a.At.Compare(b.At), rank(a.Milestone)-rank(b.Milestone)) })
	return l.all
}

func newPlan(p *Procedure, c *Case, staff Staff, now time.Time) *plan {
	l := &plan{p: p, c: c, staff: staff, now: now, told: make(map[occasion]bool, len(c.Told))}
	for _, t := range c.Told {
		l.told[t.on()] = true
	}
	return l
}

// list puts all that the clock would tell into the plan, in any order.
func (l *plan) list() {
	p, c := l.p, l.c
	for _, step := range p.Steps(c) {
		l.remind(step)
		switch step.Milestone {
		case MilestoneApproved:
			l.approval(step)
		case MilestoneDecided:
			l.late(step)
		case MilestoneExplained:
			l.still(step)
		}
		if step.rule.Tells == TellsProgress {
			l.missed(step)
		}
	}
	if c.Open() && c.Stage != Awaiting {
		l.progress()
		l.covered()
	}
}

// rank is what weighs more of two things that are due at once: it comes last, and is the one that is told first and whole.
func rank(m Milestone) int { return slices.Index(weight, m) }

var weight = []Milestone{
	MilestoneProgress, MilestoneCovered, MilestoneMeasured, MilestoneProposed, MilestoneInvited, MilestoneContacted, MilestoneTalked, MilestoneOwned,
	MilestoneAcknowledged, MilestoneDecided, MilestoneForeseen, MilestoneExplained, MilestoneApproved, MilestoneLapsed,
}

type plan struct {
	p     *Procedure
	c     *Case
	staff Staff
	now   time.Time
	told  map[occasion]bool
	all   []Due

	first bool      // only when the first of all is told matters
	next  time.Time // which is then, as far as it is known; zero: there is none yet
}

// occasion is what the clock speaks of once: to the complainant, or to whoever of the committee it is whose turn it is then.
type occasion struct {
	milestone   Milestone
	name        string
	complainant bool
}

func (t Told) on() occasion { return occasion{t.Milestone, t.Occasion, t.Recipient == toComplainant} }

// add puts an occasion into the plan, unless it was told.
func (l *plan) add(d Due) {
	switch {
	case l.told[d.on()]:
	case !l.first:
		l.all = append(l.all, d)
	default:
		if at := l.p.decent(d.Recipient, later(d.At, l.now)); l.next.IsZero() || at.Before(l.next) {
			l.next = at
		}
	}
}

// beyond says whether what is due at an instant does not matter: something is told before.
func (l *plan) beyond(at time.Time) bool {
	return l.first && !l.next.IsZero() && !later(at, l.now).Before(l.next)
}

// tell puts an occasion for the complainant into the plan.
func (l *plan) tell(step Step, m Milestone, name string, why Reason, at time.Time, turn int) {
	if l.beyond(at) {
		return
	}
	l.add(Due{Told: Told{Milestone: m, Occasion: step.basis + "/" + name, Recipient: toComplainant}, At: at, Why: why, By: step.Due, Turn: turn})
}

// remind puts the reminders of a step into the plan: those before it is due, to the first of its chain, and from then on to
// one after the other. Who comes next is the first who was not reminded since it is due, so that nobody is passed over because
// the program was down when it was their turn.
func (l *plan) remind(step Step) {
	if len(step.rule.Chain) == 0 || !step.end.IsZero() && !l.now.Before(step.end) {
		return
	}
	for _, days := range step.rule.Remind {
		if at := l.before(step, days); days > 0 && !at.Before(step.start) && !(step.rule.Days == WorkingDays && days > step.rule.Within) {
			l.turn(step, "-"+itoa(days), at, nil, 0, days)
		}
	}
	asked := l.asked(step)
	due := asked
	for n, at := range l.moments(step) {
		if l.beyond(at) {
			break
		}
		before := asked // of what is due by now the same one is reminded
		if at.After(l.now) {
			before = due
		}
		due = l.turn(step, itoa(n), at, before, n, 0)
	}
	l.snoozed(step)
}

// moments are when somebody is reminded of a step from when it is due on, each with its number: all until now, and the next few that
// were not told.
func (l *plan) moments(step Step) iter.Seq2[int, time.Time] {
	p, rule := l.p, step.rule
	first := 1
	if slices.Contains(rule.Remind, 0) {
		first = 0
	}
	held, paused := l.minded(step), false
	return func(yield func(int, time.Time) bool) {
		var last time.Time
		raw := l.after(step, step.base, first)
		for n, beyond := first, 0; beyond < ahead && (rule.Most == 0 || n < rule.Most) && (n == 0 || rule.Again > 0); n++ {
			if n > first {
				raw = l.after(step, raw, 1)
			}
			if !held.none() && !paused && raw.After(held.At) {
				raw, paused = later(raw, held.until), true
			}
			at := raw
			if n == 0 && rule.Days == CalendarDays {
				at = p.workingDayBefore(raw, p.clockOf(raw))
			} else if !last.IsZero() && p.daysFrom(last, p.whenAtWork(raw)) < 1 {
				at = p.at(p.AddWorkingDays(last, 1), 0, p.Clock.WorkFrom) // a weekend lies between: one after the other all the same
				raw = at
			}
			last = p.whenAtWork(at)
			if at.After(l.now) && !l.told[occasion{step.Milestone, step.basis + "/" + itoa(n), false}] { // a process whose clock is ahead may have told some
				beyond++
			}
			if !step.end.IsZero() && !at.Before(step.end) || !yield(n, at) {
				return
			}
		}
	}
}

// asked are those who were reminded of a step since it is due.
func (l *plan) asked(step Step) (all []Recipient) {
	for _, t := range l.c.Told {
		name, ours := strings.CutPrefix(t.Occasion, step.basis+"/")
		if _, err := strconv.ParseUint(name, 10, 32); ours && err == nil && t.Milestone == step.Milestone && t.Recipient != toComplainant {
			all = append(all, t.Recipient)
		}
	}
	return all
}

// turn is one reminder of a step, to the first of its chain who is not among those who were asked before, or to the last. It
// returns these and the recipient.
func (l *plan) turn(step Step, name string, at time.Time, asked []Recipient, n, days int) []Recipient {
	if l.beyond(at) || l.told[occasion{step.Milestone, step.basis + "/" + name, false}] {
		return asked // whose turn it was need not be asked any more
	}
	when := later(at, l.now)
	all, skipped := l.p.Chain(l.c, step, l.staff, when)
	to := all[len(all)-1]
	if first := slices.IndexFunc(all, func(r Recipient) bool { return !slices.Contains(asked, r) }); first >= 0 {
		to = all[first]
	}
	why := step.Why
	if step.Milestone == MilestoneDecided && days == 0 {
		why = OnLastDay
	}
	_, skipped = l.p.before(l.c, step, skipped, to)
	l.add(Due{
		Told: Told{Milestone: step.Milestone, Occasion: step.basis + "/" + name, Recipient: to},
		At:   at, Why: why, By: step.Due, Days: days, Turn: n, Of: step.Of, Skipped: skipped,
	})
	return append(slices.Clip(asked), to)
}

// before is the moment of a reminder so many days before a step is due.
func (l *plan) before(step Step, days int) time.Time {
	p := l.p
	if step.rule.Days == WorkingDays {
		return p.workingDaysBefore(step.base, days, p.clockOf(step.base))
	}
	return p.workingDayBefore(p.at(step.base, -days, p.Clock.WorkFrom), p.Clock.WorkFrom)
}

// after is the moment of the nth reminder from another on. All but the first come when people begin to work, so that what is
// due about a case on one day comes at once.
func (l *plan) after(step Step, from time.Time, n int) time.Time {
	p := l.p
	switch {
	case n == 0:
		return from
	case step.rule.Days == WorkingDays:
		days := n * step.rule.Again
		if p.nearEnd(from) {
			days++ // else there was hardly time since the one before
		}
		return p.at(p.AddWorkingDays(from, days), 0, p.Clock.WorkFrom)
	}
	return p.at(from, n*step.rule.Again, p.Clock.WorkFrom)
}

// minded is who said of a step that they see to it, and until when that holds.
type minded struct {
	Minding
	until time.Time
}

func (m minded) none() bool { return m.Member == "" }

// minded finds whether somebody sees to a step. What they said holds until nothing follows for two working days.
func (l *plan) minded(step Step) minded {
	for _, m := range l.c.Work.Minding {
		if m.Milestone == step.Milestone && m.Basis == step.basis && !l.c.Excludes(m.Member) {
			return minded{m, m.holds(l.p)}
		}
	}
	return minded{}
}

// snoozed puts what somebody wanted to be reminded of later into the plan. Where they are away then, it is the chain's.
func (l *plan) snoozed(step Step) {
	for _, s := range l.c.Work.Snoozed {
		if s.Milestone != step.Milestone || s.Basis != step.basis {
			continue
		}
		to, when := ToMember(s.Member), later(s.Until, l.now)
		var skipped []Skipped
		if _, away := l.staff.Away(s.Member, when); away || l.c.Excludes(s.Member) {
			if l.goesOn(step, s.Until, when) {
				continue
			}
			var all []Recipient
			all, skipped = l.p.Chain(l.c, step, l.staff, when)
			to = all[0]
			_, skipped = l.p.before(l.c, step, skipped, to)
		}
		l.add(Due{
			Told: Told{Milestone: step.Milestone, Occasion: step.basis + "/again/" + string(s.Member) + "/" + stamp(s.Until), Recipient: to},
			At:   s.Until, Why: AskedAgain, By: step.Due, Of: step.Of, Skipped: skipped,
		})
	}
}

// goesOn says whether somebody of the chain of a step is reminded of it by itself between an instant and a working day after another:
// then nobody has to hear in the place of who asked to be reminded later.
func (l *plan) goesOn(step Step, from, until time.Time) bool {
	for _, at := range l.moments(step) {
		if !at.Before(from) {
			return !at.After(l.p.AddWorkingDays(until, 1))
		}
	}
	return false
}

// approval asks the complainant of a write-up again, on the days of its reminders; in the end it lapses, when the day that
// they were told is over.
func (l *plan) approval(step Step) {
	p, rule := l.p, step.rule
	for n := range rule.Most {
		l.tell(step, MilestoneApproved, itoa(n), NotApprovedYet, p.at(l.c.Received, rule.Within+n*rule.Again, p.Clock.WorkFrom), n)
	}
	l.tell(step, MilestoneLapsed, "", ApprovalIsOver, p.endOfDay(l.c.Received, p.ApprovalLapse), 0)
}

// late tells the complainant on the last day why it is late, or that it is.
func (l *plan) late(step Step) {
	why := LateUnexplained
	if f := l.c.Work.Foreseen; f.Day == step.basis && l.p.day(f.Until).After(l.now) { // after a long night that day may be over as well
		why = LateExplained
	}
	l.tell(step, MilestoneDecided, "late", why, step.end, 0)
}

// still keeps the promise of when they hear why: where nobody said so, they hear that, and again.
func (l *plan) still(step Step) {
	p := l.p
	owed := step.Due
	for n, beyond := 0, 0; beyond < ahead; n++ {
		if owed.After(l.now) {
			beyond++
		}
		l.tell(step, MilestoneExplained, itoa(n), LateUnexplained, p.at(owed, 0, p.Clock.TellLate), n)
		owed = p.AddWorkingDays(p.at(owed, 0, p.Clock.WorkFrom), max(1, p.Milestones.Progress.Within))
	}
}

// missed tells the complainant how it stands when a milestone was missed.
func (l *plan) missed(step Step) {
	if step.Milestone != MilestoneProgress {
		l.tell(step, step.Milestone, "missed", PromisedWord, l.p.whenAwake(step.Due), 0)
	}
}

// progress tells the complainant how it stands when they heard nothing for as long as they may. On the last day, and from then
// on, they hear of the lateness instead.
func (l *plan) progress() {
	p, c := l.p, l.c
	if !c.Reachable() {
		return // somebody is asked to ring them
	}
	heard := later(c.Begun(), c.Work.Heard)
	start := heard
	for n := 0; n < ahead; n++ {
		due := p.AddWorkingDays(start, p.Milestones.Progress.Within)
		if !c.Deadline.IsZero() && !due.Before(p.at(c.LastDay(p), 0, p.Clock.TellFrom)) {
			return
		}
		l.tell(Step{basis: stamp(heard), Due: due}, MilestoneProgress, itoa(n), PromisedWord, due, n)
		start = due
	}
}

// covered tells the next of the chain that the owner of a case is away for longer, or does not come back.
func (l *plan) covered() {
	p, c := l.p, l.c
	rule := p.Milestones.Covered
	if c.Owner == "" {
		return
	}
	for _, a := range l.staff.Absences {
		from := later(a.From, c.Work.Owned)
		long := a.Until.IsZero() || p.AddWorkingDays(from, rule.Within-1).Before(a.Until)
		if a.Member != c.Owner || !long || !a.Until.IsZero() && !l.now.Before(a.Until) {
			continue
		}
		step := Step{Milestone: MilestoneCovered, Why: OwnerOut, Due: from, rule: rule, basis: string(c.Owner) + "/" + p.In(a.From).Format(time.DateOnly)}
		l.turn(step, "0", p.whenAtWork(from), nil, 0, 0)
	}
}
