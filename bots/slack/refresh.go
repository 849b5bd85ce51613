package slack

import (
	"context"
	"errors"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
)

// Refresh makes the cards of all open cases true, as the days that are left change every night, holds the cases against the names of
// the workspace once more, and says what nobody looks after any more. Call it when the day changed in another way.
func (b *Bot) Refresh(ctx context.Context) error {
	open, err := b.store.List(ctx, postgres.Filter{Open: true, Limit: 10_000})
	if err != nil {
		return err
	}
	b.homes.poke()
	r, err := b.rolesForHome(ctx)
	if err != nil {
		return err
	}
	workspace, err := b.directory.workspace(ctx)
	if err != nil && len(open) > 0 {
		b.log.Warn("slack: the open cases are not held against the names of the workspace", why(err)...)
	}
	all := errors.Join(b.leaveAlone(ctx, r), b.knowGone(ctx, r, open))
	for _, c := range open {
		if c.Hidden() {
			continue
		}
		// Slowly, and without holding anything meanwhile: what is new goes first.
		if err := b.slack.pace.call(ctx, 0, refreshing); err != nil {
			return err
		}
		s := &sending{bot: b, slack: b.slack.afresh(), out: postgres.Outgoing{Number: c.Number}, refresh: true}
		if workspace != nil {
			all = errors.Join(all, b.rescreenCase(ctx, workspace, c, "", membersOf(r.committee)))
		}
		all = errors.Join(all, s.refreshed(ctx, c.Number), b.orphaned(ctx, c, r))
	}
	return all
}

// refreshed makes true what shows a case, of which nothing waits to be sent. Where Slack's rates make it wait it lets go of the case
// meanwhile, for what is new.
func (s *sending) refreshed(ctx context.Context, number cases.Number) error {
	turn := s.bot.turns.Add(-1) // those of what waits to be sent are above zero
	s.slack = s.slack.on(turn)
	defer s.bot.slack.pace.end(turn)
	for {
		s.bot.slack.pace.begin(turn)
		err := s.surfaces(ctx, number)
		later, ok := errors.AsType[*jobs.RetryAfter](err)
		if !ok || ctx.Err() != nil {
			return err
		}
		pause(ctx, later.After)
	}
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
