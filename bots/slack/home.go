package slack

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// homes remembers whose home to keep true: of those who have looked at it since the start. Others get a true one when they
// look.
type homes struct {
	mu   sync.Mutex
	seen map[string]struct{}
	wake chan struct{}
}

// poke says that something changed.
func (h *homes) poke() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

func (h *homes) members() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]string, 0, len(h.seen))
	for m := range h.seen {
		all = append(all, m)
	}
	slices.Sort(all)
	return all
}

// keepHomes shows the homes anew when something changed.
func (b *Bot) keepHomes(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.homes.wake:
		}
		for _, member := range b.homes.members() {
			if ctx.Err() != nil {
				return
			}
			if err := b.showHome(ctx, member); err != nil && ctx.Err() == nil {
				b.log.Warn("slack: a home is not shown anew", why(err)...)
			}
		}
	}
}

func (b *Bot) openHome(ctx context.Context, member string) error {
	b.homes.mu.Lock()
	b.homes.seen[member] = struct{}{}
	b.homes.mu.Unlock()
	return b.showHome(ctx, member)
}

// soon is how many days before its last day a case counts as near it.
const soon = 3

// homeList is how many cases or tasks each part of a home shows; the command lists the rest.
const homeList = 12

func (b *Bot) showHome(ctx context.Context, member string) error {
	l := b.languageOf(ctx, member)
	r, err := b.rolesForHome(ctx)
	if err != nil {
		return err
	}
	who := r.person(member)
	blocks := []block{header(i18n.T("home.title").In(l))}
	if who.Committee || who.Intake {
		row := []*button{press(actWriteUp, i18n.T("card.button."+actWriteUp).In(l), "")}
		if who.Committee {
			row = append(row, press(actAway, i18n.T("card.button."+actAway).In(l), ""))
		}
		blocks = append(blocks, buttons(row...))
	}
	if !who.Committee {
		return b.slack.publishHome(ctx, member, append(blocks, say(i18n.T("home.not-for-you").In(l))))
	}
	own, err := b.homeOf(ctx, who, r, l)
	if err != nil {
		return err
	}
	return b.slack.publishHome(ctx, member, append(append(blocks, own...), divider(), small(i18n.T("home.more").In(l))))
}

// rolesForHome asks for the roles without the hurry of a click.
func (b *Bot) rolesForHome(ctx context.Context) (*roles, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return b.roles(ctx)
}

// homeOf is what a member of the committee sees on their home: what is theirs to do, and what they may see of the cases.
func (b *Bot) homeOf(ctx context.Context, who cases.Person, r *roles, l i18n.Language) ([]block, error) {
	open, err := b.store.List(ctx, postgres.Filter{Open: true, For: who.Member, Limit: 1000})
	if err != nil {
		return nil, err
	}
	owed, err := b.store.List(ctx, postgres.Filter{MeasureOwner: who.Member, For: who.Member, Limit: 100})
	if err != nil {
		return nil, err
	}
	closed, err := b.reopenings(ctx, who)
	if err != nil {
		return nil, err
	}
	now := b.store.Now()
	blocks, err := b.homeAway(ctx, who.Member, l)
	if err != nil {
		return nil, err
	}
	blocks = append(append(blocks, divider(), say("*"+i18n.T("home.tasks").In(l)+"*")), b.taskLines(once(open, owed, closed), who, r, l)...)
	var mine, unowned, due []*cases.Case
	for _, c := range open {
		if c.Owner == who.Member {
			mine = append(mine, c)
		}
		if !slices.Contains(who.Colleagues, c.Owner) && c.Stage != cases.Awaiting { // nobody, or somebody who left the committee
			unowned = append(unowned, c)
		}
		if !c.Deadline.IsZero() && daysLeft(c, b.procedure(c), now) <= soon {
			due = append(due, c)
		}
	}
	slices.SortStableFunc(due, func(a, b *cases.Case) int { return a.Deadline.Compare(b.Deadline) })
	for _, part := range []struct {
		name  string
		cases []*cases.Case
	}{{"mine", mine}, {"unowned", unowned}, {"due", due}} {
		blocks = append(blocks, divider(), say("*"+i18n.T("home."+part.name).In(l)+"*"))
		blocks = append(blocks, b.lines(part.cases, homeList, l)...)
	}
	if !who.Chair && !who.Substitute {
		return blocks, nil
	}
	leading, err := b.leading(ctx, open, l)
	if err != nil {
		return nil, err
	}
	week, err := b.homeWeek(ctx, open, l)
	return append(append(blocks, leading...), week...), err
}

// reopenings are the closed cases of which somebody who presides may have to say whether they are opened again.
func (b *Bot) reopenings(ctx context.Context, who cases.Person) ([]*cases.Case, error) {
	if !who.Chair && !who.Substitute {
		return nil, nil
	}
	closed, err := b.store.List(ctx, postgres.Filter{Stage: cases.Closed, For: who.Member, Limit: 200})
	return slices.DeleteFunc(closed, func(c *cases.Case) bool { return c.Work.ReopenAsked.IsZero() }), err
}

// once is all cases of some lists, each once.
func once(lists ...[]*cases.Case) (all []*cases.Case) {
	seen := make(map[cases.Number]bool)
	for _, list := range lists {
		for _, c := range list {
			if !seen[c.Number] {
				seen[c.Number] = true
				all = append(all, c)
			}
		}
	}
	return all
}

// taskLines lists what is a member's to do, the most pressing first: what is theirs, and what is anybody's and urgent. What is for
// somebody who is of the committee no longer is anybody's.
func (b *Bot) taskLines(all []*cases.Case, who cases.Person, r *roles, l i18n.Language) []block {
	type line struct {
		cases.Task
		c *cases.Case
	}
	var mine []line
	now := b.store.Now()
	for _, c := range all {
		for _, task := range b.procedure(c).Tasks(c, now) {
			orphan := task.For != "" && !slices.Contains(r.committee, string(task.For))
			if task.For == who.Member || task.For == "" || orphan {
				mine = append(mine, line{task, c})
			}
		}
	}
	if len(mine) == 0 {
		return []block{say(i18n.T("home.no-tasks").In(l))}
	}
	slices.SortStableFunc(mine, func(a, b line) int { return a.Due.Compare(b.Due) })
	var blocks []block
	for _, one := range mine[:min(homeList, len(mine))] {
		blocks = append(blocks, sayWith(b.taskLine(one.Task, one.c, now, l), act(actFile, one.c, l)))
	}
	if rest := len(mine) - homeList; rest > 0 {
		blocks = append(blocks, small(i18n.T("home.rest-tasks", "count", rest).In(l)))
	}
	return blocks
}

// taskLine is a task: what is to be done, of which case, and by when.
func (b *Bot) taskLine(task cases.Task, c *cases.Case, now time.Time, l i18n.Language) string {
	p := b.procedure(c)
	text := "*" + string(c.Number) + "* · " + i18n.T("task."+string(task.Kind)).In(l)
	switch {
	case task.Due.IsZero():
		return text
	case task.Due.Before(now):
		return text + "\n" + i18n.T("home.overdue", "day", i18n.Date{Time: p.In(task.Due.Add(-time.Second))}).In(l)
	}
	return text + "\n" + i18n.T("home.by", "day", i18n.Date{Time: p.In(task.Due.Add(-time.Second))}).In(l)
}

// leading is how the committee does, for who leads it: how many cases are at each stage, and how many each member has. Cases that
// they may not see are in none of the numbers.
func (b *Bot) leading(ctx context.Context, open []*cases.Case, l i18n.Language) ([]block, error) {
	now := b.store.Now()
	late, stages, owners := 0, make(map[cases.Stage]int), make(map[cases.Member]int)
	for _, c := range open {
		stages[c.Stage]++
		owners[c.Owner]++
		if c.Late(now) {
			late++
		}
	}
	pairs := [][2]string{{i18n.T("stats.late").In(l), strconv.Itoa(late)}}
	for _, s := range cases.Stages {
		if stages[s] > 0 {
			pairs = append(pairs, [2]string{i18n.T("stage." + string(s)).In(l), strconv.Itoa(stages[s])})
		}
	}
	blocks := append([]block{divider(), say("*" + i18n.T("home.committee").In(l) + "*")}, facts(pairs)...)
	pairs = nil
	for _, m := range slices.Sorted(maps.Keys(owners)) {
		if m == "" {
			continue
		}
		if p, err := b.profile(ctx, string(m)); err == nil && p.Name != "" {
			pairs = append(pairs, [2]string{escape(p.Name), i18n.T("home.cases", "count", owners[m]).In(l)})
		}
	}
	return append(blocks, facts(pairs[:min(len(pairs), 30)])...), nil
}

// lines lists cases, a line and a button for each, at most limit of them.
func (b *Bot) lines(all []*cases.Case, limit int, l i18n.Language) []block {
	if len(all) == 0 {
		return []block{say(i18n.T("home.none").In(l))}
	}
	var blocks []block
	for _, c := range all[:min(limit, len(all))] {
		blocks = append(blocks, sayWith(line(c, b.procedure(c), b.store.Now(), l), act(actFile, c, l)))
	}
	if rest := len(all) - limit; rest > 0 {
		blocks = append(blocks, small(i18n.T("home.rest", "count", rest).In(l)))
	}
	return blocks
}

// line is a case in a list: no words of it.
func line(c *cases.Case, p *cases.Procedure, now time.Time, l i18n.Language) string {
	text := "*" + string(c.Number) + "* · " + stage(c).In(l) + " · " + owner(c, l)
	if c.Deadline.IsZero() {
		return text + "\n" + momentOf(c.Received, p).In(l)
	}
	return text + "\n" + deadline(c, p, now, l)
}
