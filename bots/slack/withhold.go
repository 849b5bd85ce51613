package slack

import (
	"context"
	"slices"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// empty takes from a message whatever it says. Blocks that are left out would stay as they were, so there are some.
func (s *sending) empty(ctx context.Context, channel, id string, l i18n.Language) error {
	m := plainMessage(i18n.T("exclusion.emptied").In(l))
	m.key = emptied
	err := s.slack.update(ctx, channel, id, m)
	if isCode(err, messageGone...) || isCode(err, channelGone...) {
		return nil
	}
	return err
}

// emptied is the key of a message that says nothing any more.
const emptied = "emptied"

// withhold takes from somebody who was excluded what they were sent of the case before: all messages to them about it, their home,
// and where they read the committee's channel what was said of it there. The card and the room are made true apart from it.
func (s *sending) withhold(ctx context.Context, c *cases.Case, e cases.Event) error {
	member := e.Data["member"]
	if member == "" || !c.Excludes(cases.Member(member)) {
		return nil // they were cleared since
	}
	if e.Data["saw"] == "" {
		return nil // nobody had seen anything of it
	}
	r, err := s.bot.roles(ctx)
	if err != nil {
		return err
	}
	if r.reads(member) {
		if err := s.emptyBoard(ctx, c); err != nil {
			return err
		}
	}
	channel, err := s.slack.direct(ctx, member)
	if isCode(err, personGone...) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.emptyAll(ctx, c, channel, member, s.bot.languageOf(ctx, member)); err != nil {
		return err
	}
	return s.bot.showHome(ctx, member)
}

// emptyBoard empties what was said of a case in the committee's channel, but for its card.
func (s *sending) emptyBoard(ctx context.Context, c *cases.Case) error {
	board, err := s.bot.board(ctx)
	if err != nil {
		return err
	}
	return s.emptyAll(ctx, c, board, placeBoard, s.bot.language())
}

// emptyAll empties all messages about a case in a conversation, that of a member or the channel, but for the card that is kept true.
// From reminders of other cases as well it takes those of this one.
func (s *sending) emptyAll(ctx context.Context, c *cases.Case, channel, member string, l i18n.Language) error {
	all, err := s.saidOf(ctx, c, channel)
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.key == string(c.Number)+"/"+placeCard {
			continue
		}
		if kept := slices.DeleteFunc(slices.Clone(one.refs), func(r reminded) bool { return r.number == c.Number }); len(kept) > 0 {
			one.refs = kept // it reminds of other cases, which stay
			if _, err := s.rewrite(ctx, channel, one, member); err != nil {
				return err
			}
			continue
		}
		if err := s.empty(ctx, channel, one.id, l); err != nil {
			return err
		}
	}
	return nil
}

// saidOf lists our own messages about a case in a conversation; none where the conversation is gone.
func (s *sending) saidOf(ctx context.Context, c *cases.Case, channel string) ([]posted, error) {
	user, bot, err := s.bot.self(ctx)
	if err != nil {
		return nil, err
	}
	since := c.Received.Add(-time.Hour)
	if c.Way != cases.Chat { // a write-up is known before its complainant agrees to it, and is received then
		since = since.AddDate(0, 0, -s.bot.procedure(c).ApprovalLapse-1)
	}
	all, err := s.slack.about(ctx, channel, string(c.Number), since, user, bot)
	if isCode(err, channelGone...) {
		return nil, nil
	}
	return all, err
}
