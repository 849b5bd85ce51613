package slack

import (
	"context"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// soon is how many days before the last day a reminder offers to say why it will be late.
const soon = 3

// reminder tells a member, or the channel, what waits. One that is no longer true is not told.
func (s *sending) reminder(ctx context.Context) error {
	file, e, err := s.event(ctx)
	if err != nil {
		return err
	}
	c := &file.Case
	milestone := cases.Milestone(e.Data["milestone"])
	if !s.stillTrue(c, milestone, e.Data["occasion"]) {
		return overtaken()
	}
	if member, ok := s.out.Notice.To.Member(); ok {
		if c.Excludes(member) {
			return overtaken()
		}
		return s.tell(ctx, c, string(member), s.reminderMessage(c, milestone, s.bot.languageOf(ctx, string(member))))
	}
	return s.toBoard(ctx, s.reminderMessage(c, milestone, s.bot.language()))
}

// stillTrue says whether what the clock wanted to remind of is so at this moment.
func (s *sending) stillTrue(c *cases.Case, milestone cases.Milestone, occasion string) bool {
	switch {
	case !c.Open():
		return false
	case milestone == cases.Unowned:
		return c.Owner == ""
	}
	p := s.bot.procedure(c)
	last := c.LastDay(p).Format(time.DateOnly)
	if milestone == cases.Ahead && daysLeft(c, p, s.bot.store.Now()) < 1 {
		return false
	}
	return strings.HasPrefix(occasion, last)
}

func (s *sending) reminderMessage(c *cases.Case, milestone cases.Milestone, l i18n.Language) message {
	p := s.bot.procedure(c)
	left := daysLeft(c, p, s.bot.store.Now())
	if c.Deadline.IsZero() {
		left = 0
	}
	text := i18n.T("reminder."+string(milestone), "number", string(c.Number), "count", left, "day", i18n.Date{Time: c.LastDay(p)}).In(l)
	row := []*button{act(actFile, c, l)}
	if c.Owner == "" {
		row = append([]*button{primary(act(actTake, c, l)), act(actAssign, c, l)}, row...)
	}
	if c.Kind == cases.Formal && milestone != cases.Unowned && left <= soon {
		row = append(row, press(actExtend, i18n.T("reminder.button.late").In(l), string(c.Number)))
	}
	return message{text: text, blocks: []block{say(text), buttons(row...)}}
}

// reopenAsked tells the chair, or who stands in, that a complainant asks to reopen their case. What they said of it stands in
// the file.
func (s *sending) reopenAsked(ctx context.Context) error {
	c, err := s.bot.store.Case(ctx, s.out.Number)
	if err != nil {
		return err
	}
	if c.Open() {
		return overtaken()
	}
	member, ok := s.out.Notice.To.Member()
	if !ok || c.Excludes(member) {
		return s.toBoard(ctx, reopenMessage(c, s.bot.language()))
	}
	return s.tell(ctx, c, string(member), reopenMessage(c, s.bot.languageOf(ctx, string(member))))
}

func reopenMessage(c *cases.Case, l i18n.Language) message {
	text := i18n.T("reopen.asked", "number", string(c.Number)).In(l)
	return message{text: text, blocks: []block{say(text), buttons(act(actFile, c, l), act(actReopen, c, l))}}
}
