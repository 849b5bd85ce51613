package cases

import (
	"slices"
	"strings"
	"time"
)

// WriteDraft is what somebody would like to send to the complainant.
type WriteDraft struct {
	Text     string
	Question bool      // it asks something
	Until    time.Time // any instant of the day by which an answer is asked for; zero: none
	Files    []string  // that go along, in their order, by the identifiers of their enclosures; at most MostAlong
}

// Write sends words to the complainant, as they were written. They can be taken back for as long as Procedure.TakeBack, and
// go out then.
func (c *Case) Write(who Person, draft WriteDraft, p *Procedure, now time.Time) error {
	if err := May(who, Write, c); err != nil {
		return err
	}
	if strings.TrimSpace(draft.Text) == "" {
		return refuse("refusal.no-words")
	}
	if !c.Reachable() {
		return refuse("refusal.unreachable")
	}
	data := map[string]string{}
	if len(draft.Files) > 0 {
		data["attachments"] = strings.Join(draft.Files, " ")
	}
	if draft.Question {
		data["question"] = "yes"
		if !draft.Until.IsZero() {
			day, err := p.dayAhead(draft.Until, now)
			if err != nil {
				return err
			}
			data["until"] = day
		}
	}
	c.record(now, By(who.Member), Wrote, data, Words{FieldText: draft.Text})
	c.Work.Held = append(slices.Clip(c.Work.Held), c.LastSeq)
	c.along(len(draft.Files))
	if draft.Question {
		c.Work.Question, c.Work.QuestionBy = c.LastSeq, data["until"]
	}
	if p.TakeBack == 0 {
		return c.Dispatch(c.LastSeq, now)
	}
	return nil
}

// dayAhead is the day of an instant, as 2006-01-02; it must be today or later, and within a year.
func (p *Procedure) dayAhead(day, now time.Time) (string, error) {
	switch end := p.endOfDay(day, 0); {
	case !end.After(now):
		return "", refuse("refusal.in-the-past")
	case end.After(p.endOfDay(now, 365)):
		return "", refuse("refusal.too-far")
	}
	return p.In(day).Format(time.DateOnly), nil
}

// TakeBack keeps the words of an event from going out to the complainant.
func (c *Case) TakeBack(who Person, event int, now time.Time) error {
	if err := May(who, TakeBack, c); err != nil {
		return err
	}
	if !c.release(event) {
		return &Refusal{Text: text("refusal.sent-already", c)}
	}
	if c.Work.Question == event {
		c.Work.Question, c.Work.QuestionBy = 0, ""
	}
	c.record(now, By(who.Member), TakenBack, map[string]string{"event": itoa(event)}, nil)
	return nil
}

// Dispatch has the words of an event go out to the complainant. It refuses where they did, or were taken back.
func (c *Case) Dispatch(event int, now time.Time) error {
	if !c.release(event) {
		return &Refusal{Text: text("refusal.sent-already", c)}
	}
	c.record(now, Program, Dispatched, map[string]string{"event": itoa(event)}, nil)
	return nil
}

// sendHeld has everything go out that could still be taken back.
func (c *Case) sendHeld(now time.Time) {
	for _, event := range c.Work.Held {
		_ = c.Dispatch(event, now) // it waits, and so it is not refused
	}
}

// dropHeld takes back, in the program's name, all that could still be.
func (c *Case) dropHeld(now time.Time) {
	for _, event := range c.Work.Held {
		c.record(now, Program, TakenBack, map[string]string{"event": itoa(event)}, nil)
	}
	c.Work.Held = nil
}

// release says whether the words of an event waited, which they do no more.
func (c *Case) release(event int) bool {
	at := slices.Index(c.Work.Held, event)
	if at < 0 {
		return false
	}
	c.Work.Held = slices.Delete(slices.Clone(c.Work.Held), at, at+1)
	return true
}
