package playground

import (
	"slices"
	"strings"
)

// inside finds a channel that the bot is in and that is not archived.
func (s *Slack) inside(a SlackArgs) (*channel, *slackError) {
	c, refused := s.target(a["channel"])
	switch {
	case refused != nil:
		return nil, refused
	case c.Archived:
		return nil, no("is_archived")
	case len(c.With) > 0:
		return nil, no("method_not_supported_for_channel_type")
	case !c.has(BotUserID):
		return nil, no("not_in_channel")
	}
	return c, nil
}

func (s *Slack) invite(a SlackArgs) (object, *slackError) {
	c, refused := s.inside(a)
	if refused != nil {
		return nil, refused
	}
	users := strings.Split(strings.ReplaceAll(a["users"], " ", ""), ",")
	var problems []object
	var good []string
	for _, user := range users {
		m := s.member(user)
		code := ""
		switch {
		case user == "":
			code = "no_user"
		case user == BotUserID:
			code = "cant_invite_self"
		case m == nil:
			code = "user_not_found"
		case m.Deleted:
			code = "cant_invite"
		case c.has(user):
			code = "already_in_channel"
		default:
			good = append(good, user)
			continue
		}
		problems = append(problems, object{"ok": false, "error": code, "user": user})
	}
	if len(problems) > 0 && (!a.bool("force") || len(good) == 0) {
		return nil, &slackError{code: problems[0]["error"].(string), extra: object{"errors": problems}}
	}
	for _, user := range good {
		s.enter(c, user, BotUserID)
	}
	return object{"channel": s.channelObject(c)}, nil
}

// enter puts somebody into a channel. The caller holds the lock.
func (s *Slack) enter(c *channel, user, inviter string) {
	c.Members = append(c.Members, user)
	s.seeChannel(c, user)
	event := object{"type": "member_joined_channel", "user": user, "channel": c.ID, "channel_type": c.letter(), "team": TeamID}
	if inviter != "" {
		event["inviter"] = inviter
	}
	s.tell(c, event)
	s.shown()
}

// leaveChannel takes somebody out of a channel, by their own doing or another's. The caller holds the lock.
func (s *Slack) leaveChannel(c *channel, user, by string) {
	gone := object{"type": "member_left_channel", "user": user, "channel": c.ID, "channel_type": c.letter(), "team": TeamID}
	if user == BotUserID { // an app hears of its own going in another way
		gone = object{"type": c.kind() + "_left", "channel": c.ID, "actor_id": by}
	}
	s.tell(c, gone)
	c.Members = slices.DeleteFunc(c.Members, func(m string) bool { return m == user })
	s.shown()
}

// letter is the channel_type of events about members.
func (c *channel) letter() string {
	if c.Private {
		return "G"
	}
	return "C"
}

func (s *Slack) kick(a SlackArgs) (object, *slackError) {
	c, refused := s.inside(a)
	switch {
	case refused != nil:
		return nil, refused
	case a["user"] == BotUserID:
		return nil, no("cant_kick_self")
	case s.member(a["user"]) == nil:
		return nil, no("user_not_found")
	case !c.has(a["user"]):
		return nil, no("not_in_channel")
	}
	s.leaveChannel(c, a["user"], BotUserID)
	return object{"errors": object{}}, nil
}

func (s *Slack) join(a SlackArgs) (object, *slackError) {
	c, refused := s.target(a["channel"])
	switch {
	case refused != nil:
		return nil, refused
	case c.Private:
		return nil, no("method_not_supported_for_channel_type")
	case c.Archived:
		return nil, no("is_archived")
	case c.has(BotUserID):
		return object{"channel": s.channelObject(c), "warning": "already_in_channel", "response_metadata": object{"warnings": []string{"already_in_channel"}}}, nil
	}
	s.enter(c, BotUserID, "")
	return object{"channel": s.channelObject(c)}, nil
}

func (s *Slack) leave(a SlackArgs) (object, *slackError) {
	c, refused := s.target(a["channel"])
	switch {
	case refused != nil:
		return nil, refused
	case len(c.With) > 0:
		return nil, no("method_not_supported_for_channel_type")
	case c.Archived:
		return nil, no("is_archived")
	case !c.has(BotUserID):
		return object{"not_in_channel": true}, nil
	case c.Private && len(c.Members) == 1:
		return nil, no("last_member")
	}
	s.leaveChannel(c, BotUserID, BotUserID)
	return nil, nil
}
