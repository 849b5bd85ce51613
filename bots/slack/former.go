package slack

import (
	"context"
	"errors"
	"slices"
	"strings"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// clearRooms puts out of the room of a case, where it has one, who may not be there, and closes the rooms that it had before.
func (s *sending) clearRooms(ctx context.Context, c *cases.Case, r *roles) error {
	all, err := s.bot.store.Surfaces(ctx, c.Number)
	if err != nil {
		return err
	}
	for _, at := range all {
		switch {
		case at.Place == placeRoom:
			err = s.putOut(ctx, c, at.Channel, r)
		case isFormer(at):
			err = s.closeRoom(ctx, c, at.Channel, r)
		}
		if err != nil && !isCode(err, channelGone...) { // of one that is gone showRoom makes another
			return err
		}
	}
	return nil
}

// isFormer says whether something is a room that another replaced.
func isFormer(at postgres.Surface) bool { return strings.HasPrefix(at.Place, postgres.FormerRoom) }

// closeFormer closes the rooms that a case had before the one that it has now.
func (s *sending) closeFormer(ctx context.Context, c *cases.Case, r *roles) error {
	all, err := s.bot.store.Surfaces(ctx, c.Number)
	for _, at := range all {
		if isFormer(at) {
			err = errors.Join(err, s.closeRoom(ctx, c, at.Channel, r))
		}
	}
	return err
}

// closeRoom archives a room that is not in use, unless it is archived or out of reach. Before that it puts out who may not be there:
// whoever is in a room when it is archived can read it ever after.
func (s *sending) closeRoom(ctx context.Context, c *cases.Case, room string, r *roles) error {
	is, err := s.bot.slack.channelInfo(ctx, room)
	if err == nil && is.Archived {
		return nil
	}
	if err == nil {
		err = s.putOut(ctx, c, room, r)
	}
	if err == nil {
		err = s.slack.archive(ctx, room)
	}
	switch {
	case isCode(err, channelGone...):
		return nil
	case isCode(err, noRights...):
		s.bot.log.Error("slack: a former room of a case can't be closed", append([]any{"case", c.Number}, why(err)...)...)
		return nil
	}
	return err
}

// opened looks at a channel that was unarchived, or that the bot was asked into. A room that was replaced, or whose case is closed,
// is closed again.
func (b *Bot) opened(ctx context.Context, e event) error {
	channel, _ := e.channel()
	number, err := b.store.CaseOfRoom(ctx, channel)
	if errors.Is(err, postgres.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := b.store.Case(ctx, number)
	if err != nil {
		return err
	}
	used, err := b.inUse(ctx, c, channel)
	if err != nil {
		return err
	}
	if used && e.Event.Type == memberJoined {
		return nil // it is being made
	}
	if used {
		return b.about(number).refreshed(ctx, number)
	}
	b.log.Warn("slack: a room of a case that is not in use was opened again; it is archived", "case", number)
	r, err := b.roles(ctx)
	if err != nil {
		return err
	}
	return b.about(number).closeRoom(ctx, c, channel, r)
}

// inUse says whether a channel is the room that an open case has now.
func (b *Bot) inUse(ctx context.Context, c *cases.Case, channel string) (bool, error) {
	at, err := b.store.Surface(ctx, c.Number, placeRoom)
	if errors.Is(err, postgres.ErrNotFound) {
		return false, nil
	}
	return c.Open() && at.Channel == channel, err
}

// readOn says whether members who are excluded from a case can go on reading a room of it: one that is archived, with one of them in
// it, or where nobody can be put out because the bot is not in it.
func (s *sending) readOn(ctx context.Context, c *cases.Case, excluded []cases.Event) (bool, error) {
	rooms, err := s.bot.store.Surfaces(ctx, c.Number)
	if err != nil {
		return false, err
	}
	for _, at := range rooms {
		if at.Place != placeRoom && !isFormer(at) {
			continue
		}
		is, err := s.bot.slack.channelInfo(ctx, at.Channel)
		var inside []string
		if err == nil && is.Archived {
			inside, err = s.bot.slack.members(ctx, at.Channel)
		}
		lost := isCode(err, channelGone...)
		if err != nil && !lost {
			return false, err
		}
		if slices.ContainsFunc(excluded, func(e cases.Event) bool {
			return slices.Contains(inside, e.Data["member"]) || lost && slices.Contains(strings.Fields(e.Data["saw"]), "room")
		}) {
			return true, nil
		}
	}
	return false, nil
}

// takeOut puts somebody out of a room. False: the room is archived or out of reach, and they can read it as long as it is there.
func (b *Bot) takeOut(ctx context.Context, room, member string) (bool, error) {
	err := b.slack.remove(ctx, room, member)
	if err == nil || !isCode(err, channelGone...) {
		return err == nil, err
	}
	inside, err := b.slack.members(ctx, room)
	if isCode(err, channelGone...) {
		return false, nil
	}
	return !slices.Contains(inside, member), err
}
