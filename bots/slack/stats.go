package slack

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// answerStats shows how the committee does this year: numbers without a name or a word, and nothing that leads from them to a case.
func (b *Bot) answerStats(ctx context.Context, l i18n.Language) (string, []block, error) {
	p := b.store.Procedure()
	now := p.In(b.store.Now())
	from := time.Date(now.Year(), 1, 1, 0, 0, 0, 0, p.Location())
	s, err := b.store.Stats(ctx, from, now)
	if err != nil {
		return "", nil, err
	}
	title := i18n.T("stats.title", "year", strconv.Itoa(now.Year())).In(l)
	return title, append([]block{header(title)}, statsBlocks(s, l)...), nil
}

// statsBlocks are the numbers of a while.
func statsBlocks(s cases.Stats, l i18n.Language) []block {
	pair := func(key string, n int) [2]string { return [2]string{i18n.T(key).In(l), strconv.Itoa(n)} }
	blocks := facts([][2]string{
		pair("stats.received", s.Received), pair("stats.talks", s.Talks), pair("stats.open", s.Open), pair("stats.unowned", s.Unowned),
		pair("stats.late", s.Late), pair("stats.awaiting", s.Awaiting), pair("stats.closed", s.Closed), pair("stats.in-time", s.InTime),
		pair("stats.extended", s.Extended), pair("stats.reopened", s.Reopened),
	})
	var more [][2]string
	if s.Closed > 0 {
		more = append(more, [2]string{i18n.T("stats.median").In(l), i18n.T("stats.days", "count", s.Median).In(l)},
			[2]string{i18n.T("stats.mean").In(l), i18n.T("stats.days", "count", s.Mean).In(l)})
	}
	for _, way := range append([]cases.Way{cases.Chat}, cases.WriteUps...) {
		if n := s.ByWay[way]; n > 0 {
			more = append(more, [2]string{i18n.T("card.way").In(l) + ": " + i18n.T("way."+string(way)).In(l), strconv.Itoa(n)})
		}
	}
	for _, o := range slices.Sorted(maps.Keys(s.ByOutcome)) {
		more = append(more, [2]string{i18n.T("stats.outcome").In(l) + ": " + i18n.T("outcome."+string(o)).In(l), strconv.Itoa(s.ByOutcome[o])})
	}
	for _, grade := range cases.Grades {
		if n := s.Solved[string(grade)]; n > 0 {
			more = append(more, [2]string{i18n.T("stats.solved").In(l) + ": " + i18n.T("grade."+string(grade)).In(l), strconv.Itoa(n)})
		}
	}
	if s.Measures > 0 {
		more = append(more, pair("stats.measures", s.Measures), pair("stats.owed", s.Owed), pair("stats.overdue", s.Overdue))
	}
	return append(blocks, facts(more)...)
}
