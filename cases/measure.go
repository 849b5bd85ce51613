package cases

import (
	"slices"
	"time"
)

// MeasureIsDone says that something which was promised when the case was closed is done: by who owes it, by the owner of the
// case, or by who leads. The note may be empty.
func (c *Case) MeasureIsDone(who Person, number int, note string, now time.Time) error {
	if err := May(who, Measured, c); err != nil {
		return err
	}
	at := slices.IndexFunc(c.Work.Measures, func(m Measure) bool { return m.Number == number })
	switch {
	case at < 0 || !c.Work.Measures[at].Done.IsZero():
		return &Refusal{Text: text("refusal.no-measure", c)}
	case c.Work.Measures[at].Owner != who.Member && !(who.Committee && (c.Owner == who.Member || who.leads(c))):
		return &Refusal{Text: text("refusal.owner-only", c), Denied: true, Who: who.Member, Do: Measured}
	}
	c.Work.Measures[at].Done = now
	c.record(now, By(who.Member), MeasureDone, map[string]string{"measure": itoa(number)}, spoken(note))
	return nil
}
