package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// left looks at who left a channel: the bot, or somebody of the committee.
func (b *Bot) left(ctx context.Context, e event) error {
	member := e.member()
	channel, _ := e.channel()
	self, _, err := b.self(ctx)
	if err != nil {
		return err
	}
	if member == self {
		return b.lost(ctx, e)
	}
	board, err := b.board(ctx)
	if err != nil || board != channel {
		return err
	}
	b.homes.poke()
	return errors.Join(b.gone(ctx, member), b.refreshExcluding(ctx, member))
}

// refreshExcluding makes the cards true from which somebody is excluded who is in the channel no longer.
func (b *Bot) refreshExcluding(ctx context.Context, member string) error {
	theirs, err := b.store.List(ctx, postgres.Filter{Excluding: cases.Member(member), Open: true, Limit: 1000})
	var all error
	for _, c := range theirs {
		all = errors.Join(all, b.about(c.Number).refreshed(ctx, c.Number))
	}
	return errors.Join(err, all)
}

// gone says of the open cases of somebody who is of the committee no longer that somebody else has to look after them.
func (b *Bot) gone(ctx context.Context, member string) error {
	r, err := b.roles(ctx)
	if err != nil || slices.Contains(r.committee, member) {
		return err
	}
	theirs, err := b.store.List(ctx, postgres.Filter{Open: true, Owner: cases.Member(member), Limit: 1000})
	if err != nil {
		return err
	}
	all := b.setGone(ctx, r, member)
	for _, c := range theirs {
		all = errors.Join(all, b.orphaned(ctx, c, r))
	}
	return errors.Join(all, b.leaveAlone(ctx, r))
}

// back lets somebody who is of the committee again into the rooms of the open cases that are still theirs.
func (b *Bot) back(ctx context.Context, member string) error {
	r, err := b.roles(ctx)
	if err != nil || !slices.Contains(r.committee, member) {
		return err
	}
	if err := b.setGone(ctx, r, member); err != nil {
		return err
	}
	theirs, err := b.store.List(ctx, postgres.Filter{Open: true, Owner: cases.Member(member), Limit: 1000})
	all := err
	for _, c := range theirs {
		if !c.Hidden() {
			all = errors.Join(all, b.orphaned(ctx, c, r), b.about(c.Number).refreshed(ctx, c.Number))
		}
	}
	return all
}

// setGone tells the clock whether somebody can be turned to. Who is of the committee can; who is not is of interest only where the
// clock might turn to them. Somebody outside it who owes a measure or wrote a complaint up, and whose account is in use, can be
// turned to about that.
func (b *Bot) setGone(ctx context.Context, r *roles, member string) error {
	m := cases.Member(member)
	if slices.Contains(r.committee, member) {
		return b.store.SetGone(ctx, m, false)
	}
	owns, err := b.store.List(ctx, postgres.Filter{Open: true, Owner: m, Limit: 1})
	if err != nil {
		return err
	}
	if len(owns) > 0 || slices.Contains(r.leaders.Chairs(), m) {
		return b.store.SetGone(ctx, m, true)
	}
	for _, f := range []postgres.Filter{{Open: true, Author: m, Limit: 1}, {MeasureOwner: m, Limit: 1}} {
		if theirs, err := b.store.List(ctx, f); err != nil || len(theirs) > 0 {
			return errors.Join(err, b.store.SetGone(ctx, m, !r.here(member)))
		}
	}
	return nil
}

// knowGone is setGone for everybody whom the clock might turn to, or holds for gone: what happened while nobody listened, or in a user
// group, of which Slack tells nothing.
func (b *Bot) knowGone(ctx context.Context, r *roles, open []*cases.Case) error {
	held, err := b.store.Absences(ctx, b.store.Now())
	if err != nil {
		return err
	}
	seen := map[cases.Member]bool{"": true}
	var all error
	look := func(m cases.Member) {
		if !seen[m] {
			seen[m] = true
			all = errors.Join(all, b.setGone(ctx, r, string(m)))
		}
	}
	for _, m := range r.leaders.Chairs() {
		look(m)
	}
	for _, a := range held {
		if a.Gone {
			look(a.Member)
		}
	}
	for _, c := range open {
		look(c.Owner)
		look(c.Work.WrittenBy)
	}
	return all
}

// placeLeft begins the place where it is remembered since when the owner of a case, whose identifier follows, is of the committee no
// longer.
const placeLeft = "left/"

// owning are the events that make somebody the owner of a case.
var owning = []cases.EventKind{cases.Taken, cases.Handed, cases.Reopened}

// orphaned says, once for each time that the owner of a case leaves the committee, that they can't look after it any more.
func (b *Bot) orphaned(ctx context.Context, c *cases.Case, r *roles) error {
	if c.Hidden() || c.Owner == "" {
		return nil
	}
	place := placeLeft + string(c.Owner)
	if slices.Contains(r.committee, string(c.Owner)) {
		return b.store.DropSurface(ctx, c.Number, place)
	}
	since, err := b.store.Glance(ctx, c.Number, owning...)
	if err != nil {
		return err
	}
	now := strconv.FormatInt(b.store.Now().UnixMilli(), 10)
	left, err := b.store.KeepSurface(ctx, c.Number, postgres.Surface{Place: place, Message: now})
	if err != nil {
		return err
	}
	what := fmt.Sprintf("orphan/%s/%d/%s", c.Owner, since.At.Unix(), left.Message)
	said := func(l i18n.Language) message { return missingMessage(c, "reminder.left", string(c.Owner), l) }
	err = b.about(c.Number).toCommittee(ctx, c, what, said)
	if err == nil {
		err = b.about(c.Number).refreshed(ctx, c.Number)
	}
	return err
}

// leaveAlone looks whether somebody is left for each open case, now that the committee is smaller.
func (b *Bot) leaveAlone(ctx context.Context, r *roles) error {
	open, err := b.store.List(ctx, postgres.Filter{Open: true, Limit: 10_000})
	if err != nil {
		return err
	}
	colleagues := membersOf(r.committee)
	var all error
	for _, c := range open {
		if !c.Screened || len(c.Excluded) == 0 || len(c.Eligible(colleagues)) > 0 {
			continue
		}
		_, err := b.store.Change(ctx, postgres.Claim{}, c.Number, func(c *cases.Case, now time.Time) error {
			c.LeaveAlone(colleagues, now)
			return nil
		})
		all = errors.Join(all, err)
	}
	return all
}
