package slack

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// homeAway is who is away, or will be: the reader first.
func (b *Bot) homeAway(ctx context.Context, member cases.Member, l i18n.Language) ([]block, error) {
	own, err := b.absences(ctx, member, l)
	if err != nil {
		return nil, err
	}
	all, err := b.absences(ctx, "", l)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	lines := own
	for _, line := range all {
		if !slices.Contains(own, line) {
			lines = append(lines, line)
		}
	}
	blocks := []block{divider(), say("*" + i18n.T("away.title").In(l) + "*\n" + strings.Join(lines[:min(len(lines), homeList)], "\n"))}
	if rest := len(lines) - homeList; rest > 0 {
		blocks = append(blocks, small(i18n.T("home.rest-away", "count", rest).In(l)))
	}
	if len(own) > 0 {
		blocks = append(blocks, buttons(press(actReturn, i18n.T("away.button.back").In(l), "")))
	}
	return blocks, nil
}

// weekDays is how many days ahead who leads the committee sees what the clock is about to say.
const weekDays = 7

// weekLines is how many lines of it a home shows.
const weekLines = 20

// saying is something that the clock is about to tell.
type saying struct {
	day    string // as 2006-01-02
	number cases.Number
	to     cases.Recipient
	about  cases.Milestone
}

// homeWeek is what the clock is about to say this week, if nobody does anything: of the cases that the reader may see.
func (b *Bot) homeWeek(ctx context.Context, open []*cases.Case, l i18n.Language) ([]block, error) {
	staff, err := b.store.Staff(ctx)
	if err != nil {
		return nil, err
	}
	now := b.store.Now()
	until := now.AddDate(0, 0, weekDays)
	var all []saying
	for _, c := range open {
		p := b.procedure(c)
		for _, due := range p.Plan(c, staff, now) {
			if !due.At.After(now) || due.At.After(until) {
				continue
			}
			one := saying{p.In(due.At).Format(time.DateOnly), c.Number, due.Recipient, due.Milestone}
			if !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b saying) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.number, b.number)) })
	blocks := []block{divider(), say("*" + i18n.T("home.week").In(l) + "*")}
	if len(all) == 0 {
		return append(blocks, say(i18n.T("home.week-quiet").In(l))), nil
	}
	for _, part := range byDay(all[:min(len(all), weekLines)]) {
		lines := []string{"*" + day(part[0].day, b.store.Procedure()).In(l) + "*"}
		for _, one := range part {
			lines = append(lines, "• "+b.sayingLine(ctx, one, l))
		}
		blocks = append(blocks, say(strings.Join(lines, "\n")))
	}
	if rest := len(all) - weekLines; rest > 0 {
		blocks = append(blocks, small(i18n.T("home.rest-week", "count", rest).In(l)))
	}
	return blocks, nil
}

func byDay(all []saying) (parts [][]saying) {
	for _, one := range all {
		if n := len(parts); n > 0 && parts[n-1][0].day == one.day {
			parts[n-1] = append(parts[n-1], one)
			continue
		}
		parts = append(parts, []saying{one})
	}
	return parts
}

// sayingLine is what is told of which case, and to whom, by name and without calling them.
func (b *Bot) sayingLine(ctx context.Context, one saying, l i18n.Language) string {
	whom := i18n.T("actor.board").In(l)
	if m, ok := one.to.Member(); ok {
		whom = b.nameOf(ctx, m)
	} else if (cases.Due{Told: cases.Told{Recipient: one.to}}).ToComplainant() {
		whom = i18n.T("home.week-complainant").In(l)
	}
	return i18n.T("home.week-line", "number", string(one.number), "whom", whom, "about", i18n.T("milestone."+string(one.about))).In(l)
}
