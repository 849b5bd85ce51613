package playground

import (
	"slices"
	"strings"
)

func (s *Slack) openDirect(a SlackArgs) (object, *slackError) {
	if id := a["channel"]; id != "" {
		c := s.channels[id]
		if c == nil || len(c.With) == 0 {
			return nil, no("channel_not_found")
		}
		return object{"channel": s.channelObject(c)}, nil
	}
	if a["users"] == "" {
		return nil, no("users_list_not_supplied")
	}
	users := strings.Split(strings.ReplaceAll(a["users"], " ", ""), ",")
	for _, user := range users {
		m := s.member(user)
		switch {
		case user == BotUserID:
			return nil, no("cannot_dm_bot")
		case m == nil:
			return nil, no("user_not_found")
		case m.Deleted:
			return nil, no("user_disabled")
		}
	}
	if len(users) > 8 {
		return nil, no("too_many_users")
	}
	c := s.directWith(users)
	if a.bool("return_im") {
		return object{"channel": s.channelObject(c)}, nil
	}
	return object{"channel": object{"id": c.ID}}, nil
}

// directWith returns the conversation of the bot with one or several members. The caller holds the lock.
func (s *Slack) directWith(users []string) *channel {
	if len(users) == 1 {
		return s.direct(users[0])
	}
	users = slices.Sorted(slices.Values(users))
	for _, id := range s.order {
		if c := s.channels[id]; slices.Equal(c.With, users) {
			return c
		}
	}
	c := s.addChannel(Channel{
		Name: "mpdm-" + strings.ToLower(strings.Join(users, "--")) + "-1", With: users, Private: true, Members: append(slices.Clone(users), BotUserID),
	})
	s.shown()
	return c
}

func (s *Slack) closeDirect(a SlackArgs) (object, *slackError) {
	c := s.channels[a["channel"]]
	switch {
	case c == nil:
		return nil, no("channel_not_found")
	case len(c.With) == 0:
		return nil, no("method_not_supported_for_channel_type")
	}
	return nil, nil
}
