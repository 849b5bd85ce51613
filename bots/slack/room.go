package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// showRoom makes the private room of a complaint true: that there is one, that who works in it is there, what is pinned there. One is
// made when the case has an owner; a closed case keeps the room that it has.
func (s *sending) showRoom(ctx context.Context, c glimpse, r *roles) error {
	at, err := s.bot.store.Surface(ctx, c.Number, placeRoom)
	switch {
	case errors.Is(err, postgres.ErrNotFound) && c.Open() && c.Owner != "" && !s.refresh:
		return s.makeRoom(ctx, c, r, false)
	case errors.Is(err, postgres.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	err = s.furnish(ctx, c, at.Channel, r)
	if err == nil || !isCode(err, channelGone...) {
		return err
	}
	if !c.Open() || s.refresh {
		return nil // it was archived, as it should be; or the next notice mends it
	}
	s.bot.log.Warn("slack: the room of a case is gone; another is made", "case", c.Number, "reason", code(err))
	return s.makeRoom(ctx, c, r, true)
}

// showRoomOfTalk makes the room of a talk true, which has one only where somebody asked for a file of it: that is shown nowhere
// else. At the end of the talk it is archived.
func (s *sending) showRoomOfTalk(ctx context.Context, c glimpse, r *roles) error {
	at, err := s.bot.store.Surface(ctx, c.Number, placeRoom)
	switch {
	case errors.Is(err, postgres.ErrNotFound) && s.out.Notice.Kind != cases.Shared:
		return nil
	case err == nil && !c.Open():
		if err := s.slack.archive(ctx, at.Channel); !isCode(err, channelGone...) {
			return err
		}
		return nil
	}
	return s.showRoom(ctx, c, r)
}

// makeRoom makes the private room of a case; again says that there was one that is gone.
func (s *sending) makeRoom(ctx context.Context, c glimpse, r *roles, again bool) error {
	id, err := s.newRoom(ctx, c.Case, r)
	if err != nil {
		return err
	}
	l := s.bot.language()
	if err := s.slack.setTopic(ctx, id, i18n.T("room.topic", "number", string(c.Number)).In(l)); err != nil {
		return err
	}
	if err := s.bot.store.SetSurface(ctx, c.Number, postgres.Surface{Place: placeRoom, Channel: id}); err != nil {
		return err
	}
	if err := s.furnish(ctx, c, id, r); err != nil {
		return err
	}
	if !again {
		return nil
	}
	if err := s.closeFormer(ctx, c.Case, r); err != nil { // it may have been opened again meanwhile
		return err
	}
	text := i18n.T("room.replaced", "number", string(c.Number)).In(l)
	if _, err = s.slack.post(ctx, id, message{text: text, blocks: []block{say(text)}}); err != nil {
		return err
	}
	return s.toCommittee(ctx, c.Case, "room-gone/"+id, func(l i18n.Language) message {
		return plainMessage(i18n.T("room.gone", "number", string(c.Number)).In(l))
	})
}

// roomOf is what the room of a case is called at first.
func roomOf(number cases.Number) string { return strings.ToLower(string(number)) }

// newRoom finds a name that is free, or a room of that name that we made ourselves and then lost sight of.
func (s *sending) newRoom(ctx context.Context, c *cases.Case, r *roles) (id string, err error) {
	for n := 1; n < 20; n++ {
		name := roomOf(c.Number)
		if n > 1 {
			name = fmt.Sprintf("%s-%d", name, n)
		}
		id, err = s.slack.createRoom(ctx, name)
		if err == nil || !isCode(err, "name_taken") {
			return id, err
		}
		if id, err = s.ownRoom(ctx, c, r, name); id != "" || err != nil {
			return id, err
		}
	}
	return "", errors.New("no name is free for a room")
}

// ownRoom is the room of that name, if it is private, ours and in use, and if nobody is in it who may not be. Empty: it is not.
func (s *sending) ownRoom(ctx context.Context, c *cases.Case, r *roles, name string) (string, error) {
	user, _, err := s.bot.self(ctx)
	if err != nil {
		return "", err
	}
	ours, err := s.slack.ourChannels(ctx, "private_channel")
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(ours, func(r channel) bool { return r.Name == name && r.Creator == user && r.Private && !r.Archived })
	if at < 0 {
		return "", nil
	}
	if number, err := s.bot.store.CaseOfRoom(ctx, ours[at].ID); err == nil && number != c.Number {
		return "", nil
	}
	if out, err := s.strangers(ctx, c, ours[at].ID, r); len(out) > 0 || err != nil {
		return "", err
	}
	return ours[at].ID, nil
}

// furnish makes true what is in the room: who is there, and its pinned card.
func (s *sending) furnish(ctx context.Context, c glimpse, room string, r *roles) error {
	l := s.bot.language()
	if c.Open() {
		if err := s.putOut(ctx, c.Case, room, r); err != nil {
			return err
		}
	}
	m := message{
		text:   c.notice(l),
		blocks: append(card(c, s.bot.procedure(c.Case), s.bot.store.Now(), l), roomOffers(c.Case, l)...),
		key:    string(c.Number) + "/" + placeRoomCard,
	}
	at, err := s.bot.store.Surface(ctx, c.Number, placeRoomCard)
	if err != nil && !errors.Is(err, postgres.ErrNotFound) {
		return err
	}
	stale := err != nil || at.Channel != room
	if !stale {
		if err = s.slack.update(ctx, room, at.Message, m); err != nil && !isCode(err, messageGone...) {
			return err
		}
		stale = err != nil
	}
	if stale {
		if err := s.place(ctx, c.Number, postgres.Surface{Place: placeRoomCard, Channel: room}, m, true); err != nil {
			return err
		}
	}
	if !c.Open() {
		return nil
	}
	return s.inviteAll(ctx, c.Case, room, r)
}

// clear is putOut with the roles of this moment. It comes before any word is posted in a room.
func (s *sending) clear(ctx context.Context, c *cases.Case, room string) error {
	r, err := s.bot.roles(ctx)
	if err != nil {
		return err
	}
	return s.putOut(ctx, c, room, r)
}

// putOut puts out of a room who may not read the file of its case: who is excluded, who left the committee, who was asked in by
// somebody in the room.
func (s *sending) putOut(ctx context.Context, c *cases.Case, room string, r *roles) error {
	out, err := s.strangers(ctx, c, room, r)
	if err != nil {
		return err
	}
	for _, member := range out {
		s.bot.log.Warn("slack: somebody in a room may not be there and is put out", "case", c.Number, "member", member)
		if err := s.slack.remove(ctx, room, member); err != nil {
			return err
		}
	}
	return nil
}

// strangers are those in a room who may not read the file of its case.
func (s *sending) strangers(ctx context.Context, c *cases.Case, room string, r *roles) (out []string, err error) {
	user, _, err := s.bot.self(ctx)
	if err != nil {
		return nil, err
	}
	inside, err := s.slack.members(ctx, room)
	if err != nil {
		return nil, err
	}
	return keep(inside, func(member string) bool {
		return member != user && cases.May(r.person(member), cases.ReadFile, c) != nil
	}), nil
}

// cantEnter is what Slack says of somebody who can't be invited to a room, however often it is tried.
var cantEnter = []string{"user_is_restricted", "user_is_ultra_restricted", "cant_invite", "user_disabled", "user_not_found", "user_team_not_in_channel"}

// inviteAll asks into the room whose work is there: the owner; and who presides at the case, who answers for it in the committee's
// name, with whom is asked to look at its closing. That these others come in is a reading of the file, as if they had pressed the
// button for it, and is recorded before they can read anything. All else of the committee have the button.
func (s *sending) inviteAll(ctx context.Context, c *cases.Case, room string, r *roles) error {
	if c.Owner != "" {
		if err := s.invite(ctx, c, room, r.person(string(c.Owner))); err != nil {
			return err
		}
	}
	if c.Kind == cases.Talk {
		return nil
	}
	for _, member := range c.Expected(cases.Member(r.presiding(c))) {
		who := r.person(string(member))
		if !slices.Contains(c.Work.InRoom, member) && cases.May(who, cases.ReadFile, c) == nil {
			_, err := s.bot.store.Change(ctx, postgres.Claim{}, c.Number, func(c *cases.Case, now time.Time) error { return c.Enter(who, now) })
			if refused, ok := errors.AsType[*cases.Refusal](err); ok {
				s.bot.log.Warn("slack: somebody may not be in the room of a case any more", "case", c.Number, "reason", refused.Text.Key)
				continue
			}
			if err != nil {
				return err
			}
		}
		if err := s.invite(ctx, c, room, who); err != nil {
			return err
		}
	}
	return nil
}

// invite asks a member into the room, if they may read what stands there.
func (s *sending) invite(ctx context.Context, c *cases.Case, room string, who cases.Person) error {
	if refused := cases.May(who, cases.ReadFile, c); refused != nil {
		s.bot.log.Warn("slack: a member may not be in the room of a case", "case", c.Number, "owner", who.Member == c.Owner)
		return nil
	}
	err := s.slack.invite(ctx, room, string(who.Member))
	if isCode(err, cantEnter...) {
		s.bot.log.Warn("slack: a member can't be invited to the room of a case", "case", c.Number, "owner", who.Member == c.Owner, "reason", code(err))
		return nil
	}
	return err
}
