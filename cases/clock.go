package cases

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// decent is t, or the first instant after it at which the recipient may be spoken to unasked.
func (p *Procedure) decent(to Recipient, t time.Time) time.Time {
	if to == toComplainant {
		return p.whenAwake(t)
	}
	return p.whenAtWork(t)
}

// Next is the first instant at or after now at which the clock has something to tell about the case; zero if never.
func (p *Procedure) Next(c *Case, staff Staff, now time.Time) time.Time {
	l := newPlan(p, c, staff, now)
	l.first = true
	l.list()
	return l.next
}

// Tick lets the clock tell what is due about the case. Where several things are due to one recipient at once, as after a
// night off, they are told together: each milestone once, by its last occasion, and the others count as told.
func (c *Case) Tick(p *Procedure, staff Staff, now time.Time) {
	c.noteWays(now) // of an old case that was not noted
	bundles := map[Recipient][]Due{}
	var order []Recipient
	over := false
	for _, d := range p.Plan(c, staff, now) {
		if d.At.After(now) || p.decent(d.Recipient, now).After(now) {
			continue
		}
		c.lapse(d, p, now)
		for _, way := range c.waysTo(d.Recipient) {
			told := d.Told
			told.Way = way
			c.Told = append(c.Told, told)
		}
		if len(bundles[d.Recipient]) == 0 {
			order = append(order, d.Recipient)
		}
		bundles[d.Recipient] = append(bundles[d.Recipient], d)
		over = over || d.Milestone == MilestoneLapsed
	}
	if over { // nobody is reminded of what is over
		c.end(OutcomeLapsed, now)
		c.record(now, TheClock, Lapsed, map[string]string{"milestone": string(MilestoneLapsed), "to": toComplainant}, nil)
		return
	}
	slices.SortStableFunc(order, func(a, b Recipient) int {
		first, second := bundles[a], bundles[b]
		return cmp.Or(first[len(first)-1].At.Compare(second[len(second)-1].At), cmp.Compare(a, b))
	})
	for _, to := range order {
		if to == toComplainant {
			c.tellComplainant(bundles[to], p, now)
		} else {
			c.remind(bundles[to], now)
		}
	}
}

// The ways in which the clock tells.
const (
	WayChat  = "chat"
	WayMail  = "mail"
	WaySlack = "slack"
	WayNone  = "none" // there is none left
)

// waysTo are the ways in which a recipient is told.
func (c *Case) waysTo(to Recipient) (all []string) {
	if to != toComplainant {
		return []string{WaySlack}
	}
	if c.byChat() {
		all = append(all, WayChat)
	}
	if c.byMail() {
		all = append(all, WayMail)
	}
	if len(all) == 0 {
		all = append(all, WayNone)
	}
	return all
}

// remind records one reminder to somebody of the committee of all that is due: of the weightiest whole, and that the others
// are due as well.
func (c *Case) remind(all []Due, now time.Time) {
	d := all[len(all)-1]
	data := map[string]string{"milestone": string(d.Milestone), "occasion": d.Occasion, "to": string(d.Recipient), "why": string(d.Why)}
	if d.Days > 0 {
		data["days"] = itoa(d.Days)
	}
	if d.Turn > 0 {
		data["turn"] = itoa(d.Turn)
	}
	if d.Of > 0 {
		data["measure"] = itoa(d.Of)
	}
	var also []string
	for _, other := range all[:len(all)-1] {
		name := string(other.Milestone)
		if other.Of > 0 {
			name += ":" + itoa(other.Of)
		}
		if same := other.Milestone == d.Milestone && other.Of == d.Of; !same && !slices.Contains(also, name) {
			also = append(also, name)
		}
	}
	if len(also) > 0 {
		data["also"] = strings.Join(also, " ")
	}
	if len(d.Skipped) > 0 {
		data["skipped"] = skippedText(d.Skipped)
	}
	c.record(now, TheClock, Reminded, data, nil)
}

// skippedText is who was passed over and why, as it stands in the file: owner:away deputy:nobody.
func skippedText(all []Skipped) string {
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = string(s.Link) + ":" + s.Why
	}
	return strings.Join(words, " ")
}

// tellComplainant tells the weightiest of what is due, which says all that the others would.
func (c *Case) tellComplainant(all []Due, p *Procedure, now time.Time) {
	d := all[len(all)-1]
	data := map[string]string{"milestone": string(d.Milestone), "occasion": d.Occasion, "to": toComplainant, "why": string(d.Why)}
	switch {
	case d.Why == LateExplained:
		c.explain(p, now)
	case d.Milestone == MilestoneDecided || d.Milestone == MilestoneExplained:
		c.Work.Foreseen = Foresight{} // whatever was foreseen, it was not told in time
		data["until"] = p.In(p.owed(c, now)).Format(time.DateOnly)
		data["day"] = c.LastDay(p).Format(time.DateOnly)
		c.record(now, TheClock, Late, data, nil)
	case d.Milestone == MilestoneApproved:
		data["days"] = itoa(p.daysFrom(c.Received, now))
		c.record(now, TheClock, Reminded, data, nil)
	default:
		c.tellProgress(data, p, now)
	}
}
