package cases

import (
	"strings"
	"time"

	"websec.nl/gehoor/i18n"
)

// Foresight is what was answered to the question whether a case will be done by its last day.
type Foresight struct {
	Day   string `json:"day,omitempty"`   // the last day that it is about, as 2006-01-02; empty: nobody said
	Until string `json:"until,omitempty"` // the day by which it will be done instead, as 2006-01-02; empty: it will be done in time
	Event int    `json:"event,omitempty"` // that says why
}

// InTime says that the case will be done by its last day.
func (c *Case) InTime(who Person, p *Procedure, now time.Time) error {
	if err := c.mayForesee(who, now); err != nil {
		return err
	}
	if f := c.Work.Foreseen; f.Day == c.LastDay(p).Format(time.DateOnly) && f.Until == "" {
		return &Refusal{Text: text("refusal.reached-already", c)}
	}
	c.record(now, By(who.Member), ForeseenInTime, map[string]string{"day": c.LastDay(p).Format(time.DateOnly)}, nil)
	c.Work.Foreseen = Foresight{Day: c.LastDay(p).Format(time.DateOnly), Event: c.LastSeq}
	return nil
}

// Foresee says why the case will be late, and by when it will be done: until is any instant of that day. The complainant is
// told on the last day, if it is not done by then; see Extend for telling it at once.
func (c *Case) Foresee(who Person, reason string, until time.Time, p *Procedure, now time.Time) error {
	if err := c.mayForesee(who, now); err != nil {
		return err
	}
	if !now.Before(p.at(c.LastDay(p), 0, p.Clock.TellLate)) { // they were told that it is late
		return c.Extend(who, reason, until, p, now)
	}
	if err := c.mayEndOn(reason, until, p, now); err != nil {
		return err
	}
	day := c.LastDay(p).Format(time.DateOnly)
	data := map[string]string{"day": day, "until": p.In(until).Format(time.DateOnly)}
	c.record(now, By(who.Member), ForeseenLate, data, Words{FieldText: reason})
	c.Work.Foreseen = Foresight{Day: day, Until: data["until"], Event: c.LastSeq}
	return nil
}

func (c *Case) mayForesee(who Person, now time.Time) error {
	if err := May(who, Extend, c); err != nil {
		return err
	}
	if c.Deadline.IsZero() || c.Late(now) {
		return &Refusal{Text: text("refusal.late-already", c)}
	}
	return nil
}

// mayEndOn says whether a day can be the new last day.
func (c *Case) mayEndOn(reason string, until time.Time, p *Procedure, now time.Time) error {
	deadline := p.endOfDay(until, 0)
	switch {
	case strings.TrimSpace(reason) == "":
		return refuse("refusal.no-words")
	case !deadline.After(c.Deadline) || !deadline.After(now):
		return refuse("refusal.not-later", "day", i18n.Date{Time: c.LastDay(p)})
	case deadline.After(p.endOfDay(now, 365)):
		return refuse("refusal.too-far")
	}
	return nil
}

// explain moves the last day to what somebody foresaw, and has the complainant told why.
func (c *Case) explain(p *Procedure, now time.Time) {
	f := c.Work.Foreseen
	c.Deadline, c.Explained = p.day(f.Until), true
	c.record(now, TheClock, Extended, map[string]string{"until": f.Until, "event": itoa(f.Event)}, nil)
}
