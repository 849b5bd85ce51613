package slack

import (
	"context"
	"errors"
	"slices"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// crowded says whether somebody reads the committee's channel who must see nothing of a case, so that what stands there is only what
// they may know as well. A public channel is read by everybody of the workspace.
func (r *roles) crowded(c *cases.Case) bool {
	return slices.ContainsFunc(c.Excluded, func(m cases.Member) bool { return r.reads(string(m)) })
}

// reads says whether somebody can read the committee's channel.
func (r *roles) reads(member string) bool {
	return slices.Contains(r.inside, member) || r.public && r.here(member)
}

// publicAge is for how long it is remembered whether the committee's channel is public.
const publicAge = time.Minute

// isPublic says whether everybody of the workspace can read the committee's channel. Where Slack does not say, they can.
func (b *Bot) isPublic(ctx context.Context, board string) bool {
	b.mu.Lock()
	known, public := b.looked.channel == board && time.Since(b.looked.at) < publicAge, b.looked.public
	b.mu.Unlock()
	if known {
		return public
	}
	info, err := b.slack.channelInfo(ctx, board)
	if err != nil {
		return true
	}
	b.remember(board, !info.Private)
	return !info.Private
}

// remember keeps whether the committee's channel is public. That it is, is said once: it should not be.
func (b *Bot) remember(board string, public bool) {
	b.mu.Lock()
	say := public && b.looked != (looked{board, true, b.looked.at})
	b.looked = looked{board, public, time.Now()}
	b.mu.Unlock()
	if say {
		b.log.Warn("slack: the committee's channel is public; everybody in the workspace can read it, so make it private", "channel", board)
	}
}

// looked is what was seen of the committee's channel, and when.
type looked struct {
	channel string
	public  bool
	at      time.Time
}

// joinedBoard makes the cards true that stand in the committee's channel, now that somebody is there who must see nothing of some
// of them, and empties what else was said of those. Of the open cases that are told of directly, since somebody else is excluded,
// who is new gets the cards as well; whoever is back is let into the rooms of their own.
func (b *Bot) joinedBoard(ctx context.Context, member, channel string) error {
	board, err := b.board(ctx)
	if err != nil || board != channel {
		return err
	}
	b.homes.poke()
	all := b.keepFrom(ctx, member)
	open, err := b.store.List(ctx, postgres.Filter{Open: true, Limit: 10_000})
	if err != nil {
		return errors.Join(all, err)
	}
	all = errors.Join(all, b.back(ctx, member))
	for _, c := range open {
		if len(c.Excluded) > 0 && !c.Excludes(cases.Member(member)) && c.Owner != cases.Member(member) {
			all = errors.Join(all, b.about(c.Number).refreshed(ctx, c.Number))
		}
	}
	return all
}

// keepFrom makes the cards true of the cases from which somebody is excluded who may read the committee's channel now, and empties
// what else was said of those there.
func (b *Bot) keepFrom(ctx context.Context, member string) error {
	r, err := b.roles(ctx)
	if err != nil || !r.reads(member) {
		return err
	}
	theirs, err := b.store.List(ctx, postgres.Filter{Excluding: cases.Member(member), Limit: 10_000})
	if err != nil {
		return err
	}
	var all error
	for _, c := range theirs {
		s := b.about(c.Number)
		all = errors.Join(all, s.surfaces(ctx, c.Number), s.emptyBoard(ctx, c))
	}
	return all
}
