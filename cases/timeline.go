package cases

import (
	"slices"
	"time"
)

// Timeline is what the clock would do about a case from now on if nobody touched it any more, until an instant, as the events
// that it would record, in the order of time. The case stays as it is.
func (p *Procedure) Timeline(c *Case, staff Staff, now, until time.Time) []Event {
	future := *c
	future.Told, future.events = slices.Clone(c.Told), nil
	for at := p.Next(&future, staff, now); !at.IsZero() && at.Before(until); at = p.Next(&future, staff, at) {
		future.Tick(p, staff, at)
	}
	return future.Events()
}

// Untouched is a complaint that was filed in the chat at an instant by somebody with an e-mail address, and that nobody touched,
// with the event of its filing: what a Timeline can be drawn of before there is any case.
func (p *Procedure) Untouched(number Number, filed time.Time) (*Case, Event) {
	c := Submit(number, Complaint{Answers: Words{FieldEmail: "somebody@example.org"}}, 1, p, filed)
	c.Screened = true
	return c, c.Events()[0]
}

// Responsible is the milestone that a case has to reach next, and who is turned to about it at an instant; false where the
// case has none, which is true of a closed case alone whose measures are done.
func (p *Procedure) Responsible(c *Case, staff Staff, now time.Time) (Step, Recipient, bool) {
	all := p.Steps(c)
	if len(all) == 0 {
		return Step{}, "", false
	}
	chain, _ := p.Chain(c, all[0], staff, now)
	return all[0], chain[0], true
}
