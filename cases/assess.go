package cases

import (
	"slices"
	"time"
)

// Assess says what who thinks of the case at first sight, or on better acquaintance. The note may be empty; it is for the
// committee.
func (c *Case) Assess(who Person, a Assessment, note string, now time.Time) error {
	if err := May(who, Assess, c); err != nil {
		return err
	}
	if !slices.Contains(LevelsOf, a.Severity) || !slices.Contains(LevelsOf, a.Urgency) {
		return refuse("refusal.no-words")
	}
	c.Work.Assessment = a
	data := map[string]string{"severity": string(a.Severity), "urgency": string(a.Urgency)}
	for name, is := range map[string]bool{"unsafe": a.Unsafe, "out-of-scope": a.NotInScope} {
		if is {
			data[name] = "yes"
		}
	}
	c.record(now, By(who.Member), Assessed, data, spoken(note))
	return nil
}
