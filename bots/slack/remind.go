package slack

import (
	"context"
	"slices"
	"strconv"
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
	if !s.stillTrue(c, e) {
		return overtaken()
	}
	_, direct := s.out.Notice.To.Member()
	outsider := direct && (milestone == cases.MeasureDue || milestone == cases.ApprovalDue) // need not be of the committee
	if alone, err := s.alone(ctx, c); err != nil {
		return err
	} else if alone && !outsider {
		return s.nobodyAgain(ctx, c)
	}
	about := func(l i18n.Language) message { return s.reminderMessage(c, milestone, e.Data["measure"], l) }
	if member, ok := s.out.Notice.To.Member(); ok {
		if milestone == cases.MeasureDue { // who owes it need not be of the committee
			return s.tellOwed(ctx, c, string(member), about)
		}
		return s.tell(ctx, c, string(member), about(s.bot.languageOf(ctx, string(member))))
	}
	return s.toCommittee(ctx, c, "", about)
}

// tellOwed reminds who owes a measure, whoever they are; where they can't be told, the committee is.
func (s *sending) tellOwed(ctx context.Context, c *cases.Case, member string, about func(i18n.Language) message) error {
	if c.Excludes(cases.Member(member)) {
		return overtaken()
	}
	m := about(s.bot.languageOf(ctx, member))
	m.key = s.keyOf(c, "")
	p, err := s.bot.profile(ctx, member)
	if gone := err == nil && p.Gone; !gone {
		if err = s.toMember(ctx, member, m); !isCode(err, personGone...) {
			return err
		}
	}
	return s.toCommittee(ctx, c, "", func(l i18n.Language) message { return missingMessage(c, "reminder.missing", member, l) })
}

// stillTrue says whether what the clock wanted to remind of is so at this moment.
func (s *sending) stillTrue(c *cases.Case, e cases.Event) bool {
	milestone, occasion := cases.Milestone(e.Data["milestone"]), e.Data["occasion"]
	switch {
	case milestone == cases.MeasureDue:
		return slices.ContainsFunc(c.Work.Measures, func(m cases.Measure) bool {
			return strconv.Itoa(m.Number) == e.Data["measure"] && m.Done.IsZero()
		})
	case !c.Open():
		return false
	case milestone == cases.ApprovalDue:
		return c.Stage == cases.Awaiting
	case milestone == cases.Unowned:
		return c.Owner == ""
	case milestone == cases.TalkOpen:
		return c.Kind == cases.Talk && c.Owner != ""
	}
	p := s.bot.procedure(c)
	last := c.LastDay(p).Format(time.DateOnly)
	if milestone == cases.Ahead && daysLeft(c, p, s.bot.store.Now()) < 1 {
		return false
	}
	return strings.HasPrefix(occasion, last)
}

func (s *sending) reminderMessage(c *cases.Case, milestone cases.Milestone, measure string, l i18n.Language) message {
	p := s.bot.procedure(c)
	left := 0
	if !c.Deadline.IsZero() {
		left = daysLeft(c, p, s.bot.store.Now())
	}
	pairs := []any{"number", string(c.Number), "count", left, "day", i18n.Date{Time: c.LastDay(p)}}
	row := []*button{act(actFile, c, l)}
	switch {
	case milestone == cases.MeasureDue:
		at := slices.IndexFunc(c.Work.Measures, func(m cases.Measure) bool { return strconv.Itoa(m.Number) == measure })
		if due, err := time.ParseInLocation(time.DateOnly, c.Work.Measures[at].Due, p.Location()); err == nil {
			pairs[5] = i18n.Date{Time: due}
		}
		row = []*button{press(actMeasured, i18n.T("card.button."+actMeasured).In(l), string(c.Number)+" "+measure)}
	case milestone == cases.ApprovalDue:
		pairs[5] = i18n.Date{Time: p.In(c.Received).AddDate(0, 0, p.ApprovalLapse)}
		row = append(row, act(actAgreeByCall, c, l))
	case milestone == cases.TalkOpen:
		row = append(row, act(actDone, c, l))
	case c.Owner == "":
		row = append([]*button{primary(act(actTake, c, l)), act(actAssign, c, l)}, row...)
	}
	if c.Kind == cases.Formal && slices.Contains([]cases.Milestone{cases.Ahead, cases.LastDay, cases.OweReason}, milestone) && left <= soon {
		row = append(row, press(actExtend, i18n.T("reminder.button.late").In(l), string(c.Number)))
	}
	text := i18n.T("reminder."+string(milestone), pairs...).In(l)
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
		return s.toPresiding(ctx, c, "", func(l i18n.Language) message { return reopenMessage(c, l) })
	}
	return s.tell(ctx, c, string(member), reopenMessage(c, s.bot.languageOf(ctx, string(member))))
}

func reopenMessage(c *cases.Case, l i18n.Language) message {
	text := i18n.T("reopen.asked", "number", string(c.Number)).In(l)
	return message{text: text, blocks: []block{say(text), buttons(act(actFile, c, l), act(actReopen, c, l))}}
}
