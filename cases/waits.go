package cases

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Waiting is something of which somebody was reminded, and that is still to be done.
type Waiting struct {
	Step
	Minded  Minding   // who sees to it, as long as that holds; the zero Minding: nobody does
	Again   time.Time // when the recipient is reminded once more, as they asked; zero: they did not, or were
	Before  []Member  // who of the chain is turned to before the recipient
	Skipped []Skipped // who would be, but is not there, or must keep out of it
}

// Waits lists what an event of the kind Reminded reminded of, as far as it is still to be done at an instant. What the
// reminder was about in the first place comes first. Nothing: it is done, or it is another course of it that waits now.
func (p *Procedure) Waits(c *Case, e Event, staff Staff, now time.Time) (all []Waiting) {
	l := &plan{p: p, c: c, staff: staff, now: now}
	to := Recipient(e.Data["to"])
	of, _ := strconv.Atoi(e.Data["measure"])
	add := func(m Milestone, of int, occasion string) {
		step, ok := l.waits(m, of, occasion)
		if !ok || !strings.HasPrefix(occasion, step.basis+"/") && occasion != "" {
			return
		}
		w := Waiting{Step: step}
		if held := l.minded(step); !held.none() && now.Before(held.until) {
			w.Minded = held.Minding
		}
		for _, s := range c.Work.Snoozed {
			if s.Milestone == m && s.Basis == step.basis && ToMember(s.Member) == to && s.Until.After(now) {
				w.Again = s.Until
			}
		}
		_, skipped := p.Chain(c, step, staff, now)
		w.Before, w.Skipped = p.before(c, step, skipped, to)
		all = append(all, w)
	}
	add(Milestone(e.Data["milestone"]), of, e.Data["occasion"])
	for other := range strings.FieldsSeq(e.Data["also"]) {
		name, number, _ := strings.Cut(other, ":")
		of, _ := strconv.Atoi(number)
		add(Milestone(name), of, "")
	}
	return all
}

// In says whether an event of the kind Reminded reminded of it as well, in the first place or among others.
func (w Waiting) In(e Event) bool {
	if e.Kind != Reminded || e.At.Before(w.start) {
		return false
	}
	if of, _ := strconv.Atoi(e.Data["measure"]); Milestone(e.Data["milestone"]) == w.Milestone && of == w.Of {
		return strings.HasPrefix(e.Data["occasion"], w.basis+"/")
	}
	name := string(w.Milestone)
	if w.Of > 0 {
		name += ":" + itoa(w.Of)
	}
	return slices.Contains(strings.Fields(e.Data["also"]), name)
}

// before is who stands before a recipient in the chain of a milestone, and who of those that Chain skipped.
func (p *Procedure) before(c *Case, step Step, skipped []Skipped, to Recipient) (all []Member, passed []Skipped) {
	for _, link := range step.rule.Chain {
		m := p.link(c, step, link)
		at := slices.IndexFunc(skipped, func(s Skipped) bool { return s.Link == link })
		switch {
		case link == LinkChannel || ToMember(m) == to:
			return all, passed
		case at >= 0:
			passed = append(passed, skipped[at])
		case !slices.Contains(all, m):
			all = append(all, m)
		}
	}
	return all, passed
}

// Instead is who is reminded of something in the place of a member who was to be, and is away at an instant: the first of the chain
// who was not turned to before them, or the channel. Of what the member wanted to hear of later it is the first of all; nobody, and
// false, where the chain goes on by itself within a working day.
func (p *Procedure) Instead(c *Case, e Event, w Waiting, staff Staff, now time.Time) (Recipient, bool) {
	all, _ := p.Chain(c, w.Step, staff, now)
	if Reason(e.Data["why"]) == AskedAgain {
		l := &plan{p: p, c: c, staff: staff, now: now}
		return all[0], !l.goesOn(w.Step, e.At, now)
	}
	for _, to := range all {
		if m, direct := to.Member(); !direct || !slices.Contains(w.Before, m) {
			return to, true
		}
	}
	return ToBoard, true
}

// MindedBy is who sees to a milestone at an instant; empty: nobody does.
func (p *Procedure) MindedBy(c *Case, m Milestone, of int, now time.Time) Member {
	l := &plan{p: p, c: c, now: now}
	step, ok := l.waits(m, of, "")
	if !ok {
		return ""
	}
	if held := l.minded(step); !held.none() && now.Before(held.until) {
		return held.Member
	}
	return ""
}

// waits finds a milestone of which somebody can still be reminded; on the occasion that is named, where it has several.
func (l *plan) waits(m Milestone, of int, occasion string) (Step, bool) {
	if m == MilestoneCovered {
		return l.uncovered(occasion)
	}
	for _, step := range l.p.Steps(l.c) {
		if step.Milestone == m && step.Of == of {
			return step, step.end.IsZero() || l.now.Before(step.end)
		}
	}
	return Step{}, false
}

// uncovered is that the owner of a case is away for longer. They may be so for more than one reason.
func (l *plan) uncovered(occasion string) (Step, bool) {
	if !l.c.Open() {
		return Step{}, false
	}
	untold := *l.c
	untold.Told = nil
	one := &plan{p: l.p, c: &untold, staff: l.staff, now: l.now}
	one.covered()
	at := slices.IndexFunc(one.all, func(d Due) bool { return !d.At.After(l.now) && (occasion == "" || d.Occasion == occasion) })
	if at < 0 {
		return Step{}, false
	}
	d := one.all[at]
	basis, _, _ := strings.Cut(d.Occasion, "/0")
	return Step{Milestone: MilestoneCovered, Why: d.Why, Due: d.By, rule: l.p.Milestones.Covered, basis: basis}, true
}
