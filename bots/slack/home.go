package slack

import (
	"context"
	"errors"
	"slices"
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

// homeList is how many cases each part of a home shows; the command lists the rest.
const homeList = 15

func (b *Bot) showHome(ctx context.Context, member string) error {
	l := b.languageOf(ctx, member)
	who, err := b.person(ctx, member)
	if err != nil {
		return err
	}
	if !who.Committee {
		return b.slack.publishHome(ctx, member, []block{header(i18n.T("home.title").In(l)), say(i18n.T("home.not-for-you").In(l))})
	}
	mine, err := b.store.List(ctx, postgres.Filter{Open: true, Owner: who.Member, For: who.Member})
	if err != nil {
		return err
	}
	unowned, err := b.store.List(ctx, postgres.Filter{Unowned: true, For: who.Member})
	if err != nil {
		return err
	}
	formal, err := b.store.List(ctx, postgres.Filter{Open: true, Kind: cases.Formal, For: who.Member, Limit: 1000})
	if err != nil {
		return err
	}
	now := b.store.Now()
	due := slices.DeleteFunc(formal, func(c *cases.Case) bool { return daysLeft(c, b.procedure(c), now) > soon })
	slices.SortStableFunc(due, func(a, b *cases.Case) int { return a.Deadline.Compare(b.Deadline) })
	blocks := []block{header(i18n.T("home.title").In(l))}
	for _, part := range []struct {
		name  string
		cases []*cases.Case
	}{{"mine", mine}, {"unowned", unowned}, {"due", due}} {
		blocks = append(blocks, divider(), say("*"+i18n.T("home."+part.name).In(l)+"*"))
		blocks = append(blocks, b.lines(part.cases, homeList, l)...)
	}
	return b.slack.publishHome(ctx, member, append(blocks, divider(), small(i18n.T("home.more").In(l))))
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

// Refresh makes the cards of all open cases true, as the days that are left change every night. Call it when the day
// changed in another way.
func (b *Bot) Refresh(ctx context.Context) error {
	open, err := b.store.List(ctx, postgres.Filter{Open: true, Limit: 10_000})
	if err != nil {
		return err
	}
	b.homes.poke()
	var all error
	for _, c := range open {
		// Slowly, and without holding anything meanwhile: what is new goes first.
		if err := b.slack.pace.call(ctx, 0, refreshing); err != nil {
			return err
		}
		s := &sending{bot: b, slack: b.slack, out: postgres.Outgoing{Number: c.Number}, refresh: true}
		all = errors.Join(all, s.surfaces(ctx, c.Number))
	}
	return all
}

// keepCards makes all cards true at the start and whenever a day has begun in the organisation's zone.
func (b *Bot) keepCards(ctx context.Context) {
	shown := "" // the day for which they were last made true
	for {
		day := b.store.Procedure().In(b.store.Now()).Format(time.DateOnly)
		if day != shown {
			if err := b.Refresh(ctx); err == nil {
				shown = day
			} else if ctx.Err() == nil {
				b.log.Warn("slack: the cards are not all true yet", why(err)...)
			}
		}
		pause(ctx, time.Minute)
		if ctx.Err() != nil {
			return
		}
	}
}
