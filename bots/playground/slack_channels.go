package playground

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	channelName  = regexp.MustCompile(`^[a-z0-9_-]+$`)
	onlyMarks    = regexp.MustCompile(`^[_-]+$`)
	longestName  = 80
	longestTopic = 250
)

func checkName(name string) *slackError {
	switch {
	case strings.TrimSpace(name) == "":
		return no("invalid_name_required")
	case utf8.RuneCountInString(name) > longestName:
		return no("invalid_name_maxlength")
	case !channelName.MatchString(name):
		return no("invalid_name_specials")
	case onlyMarks.MatchString(name):
		return no("invalid_name_punctuation")
	}
	return nil
}

func (s *Slack) createChannel(a SlackArgs) (object, *slackError) {
	if refused := checkName(a["name"]); refused != nil {
		return nil, refused
	}
	if s.byName(a["name"]) != nil {
		return nil, no("name_taken") // by an archived channel too
	}
	c := s.addChannel(Channel{Name: a["name"], Private: a.bool("is_private"), Members: []string{BotUserID}, Creator: BotUserID})
	s.shown()
	return object{"channel": s.channelObject(c)}, nil
}

// channelObject is a conversation as the Web API shows it to the bot.
func (s *Slack) channelObject(c *channel) object {
	created := c.Created.Unix()
	if c.kind() == "im" {
		m := s.member(c.With[0])
		return object{
			"id": c.ID, "created": created, "is_im": true, "is_org_shared": false, "user": c.With[0], "is_user_deleted": m == nil || m.Deleted,
			"context_team_id": TeamID, "is_archived": false, "priority": 0,
		}
	}
	set := func(value string) object { return object{"value": value, "creator": "", "last_set": 0} }
	return object{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "created": created, "creator": c.Creator, "is_archived": c.Archived,
		"is_channel": !c.Private, "is_group": c.Private, "is_im": false, "is_mpim": len(c.With) > 1, "is_private": c.Private, "is_general": false,
		"is_member": c.has(BotUserID), "is_shared": false, "is_ext_shared": false, "is_org_shared": false, "is_pending_ext_shared": false,
		"pending_shared": []string{}, "previous_names": []string{}, "context_team_id": TeamID, "shared_team_ids": []string{TeamID},
		"topic": set(c.Topic), "purpose": set(c.Purpose), "num_members": len(c.Members), "unlinked": 0, "updated": created * 1000,
	}
}

func (s *Slack) listChannels(a SlackArgs) (object, *slackError) {
	return s.listWhere(a, func(c *channel) bool { return !c.Private || c.has(BotUserID) })
}

func (s *Slack) listChannelsOf(a SlackArgs) (object, *slackError) {
	user := a["user"]
	if user == "" {
		user = BotUserID
	}
	return s.listWhere(a, func(c *channel) bool { return c.has(user) && (!c.Private || c.has(BotUserID)) })
}

func (s *Slack) listWhere(a SlackArgs, wanted func(*channel) bool) (object, *slackError) {
	kinds := a["types"]
	if kinds == "" {
		kinds = "public_channel"
	}
	names := map[string]string{"channel": "public_channel", "group": "private_channel", "im": "im", "mpim": "mpim"}
	types := strings.Split(strings.ReplaceAll(kinds, " ", ""), ",")
	for _, kind := range types {
		if !slices.Contains([]string{"public_channel", "private_channel", "im", "mpim"}, kind) {
			return nil, no("invalid_types")
		}
	}
	var list []object
	for _, id := range s.order {
		c := s.channels[id]
		if slices.Contains(types, names[c.kind()]) && wanted(c) && !(c.Archived && a.bool("exclude_archived")) {
			list = append(list, s.channelObject(c))
		}
	}
	return paged(a, "channels", list)
}

func (s *Slack) channelInfo(a SlackArgs) (object, *slackError) {
	c, refused := s.target(a["channel"])
	if refused != nil {
		return nil, refused
	}
	o := s.channelObject(c)
	if !a.bool("include_num_members") {
		delete(o, "num_members")
	}
	return object{"channel": o}, nil
}

func (s *Slack) channelMembers(a SlackArgs) (object, *slackError) {
	c, refused := s.target(a["channel"])
	if refused != nil {
		return nil, refused
	}
	return paged(a, "members", c.Members)
}

func (s *Slack) archive(a SlackArgs) (object, *slackError) {
	c, refused := s.target(a["channel"])
	switch {
	case refused != nil:
		return nil, refused
	case len(c.With) > 0:
		return nil, no("method_not_supported_for_channel_type")
	case c.Archived:
		return nil, no("already_archived")
	case !c.has(BotUserID):
		return nil, no("not_in_channel")
	}
	s.setArchived(c, true, BotUserID)
	return nil, nil
}

func (s *Slack) unarchive(a SlackArgs) (object, *slackError) {
	c, refused := s.target(a["channel"])
	switch {
	case refused != nil:
		return nil, refused
	case !c.Archived:
		return nil, no("not_archived")
	}
	s.setArchived(c, false, BotUserID)
	return nil, nil
}

// setArchived is told as channel_archive for a public channel, as group_archive for a private one. The caller holds the lock.
func (s *Slack) setArchived(c *channel, archived bool, by string) {
	c.Archived = archived
	event := c.kind() + "_archive"
	if !archived {
		event = c.kind() + "_unarchive"
	}
	s.tell(c, object{"type": event, "channel": c.ID, "user": by})
	s.shown()
}

func (s *Slack) setTopic(a SlackArgs) (object, *slackError) {
	return s.describe(a, "topic", func(c *channel) *string { return &c.Topic })
}

func (s *Slack) setPurpose(a SlackArgs) (object, *slackError) {
	return s.describe(a, "purpose", func(c *channel) *string { return &c.Purpose })
}

func (s *Slack) describe(a SlackArgs, what string, field func(*channel) *string) (object, *slackError) {
	c, refused := s.inside(a)
	if refused != nil {
		return nil, refused
	}
	if utf8.RuneCountInString(a[what]) > longestTopic {
		return nil, no("too_long")
	}
	*field(c) = a[what]
	s.seeName(c)
	s.shown()
	return object{"channel": s.channelObject(c), what: a[what]}, nil
}

func (s *Slack) rename(a SlackArgs) (object, *slackError) {
	c, refused := s.inside(a)
	if refused != nil {
		return nil, refused
	}
	if refused := checkName(a["name"]); refused != nil {
		return nil, refused
	}
	if other := s.byName(a["name"]); other != nil && other != c {
		return nil, no("name_taken")
	}
	s.renameChannel(c, a["name"])
	return object{"channel": s.channelObject(c)}, nil
}

// renameChannel is told as channel_rename for a public channel, as group_rename for a private one. The caller holds the lock.
func (s *Slack) renameChannel(c *channel, name string) {
	c.Name = name
	s.tell(c, object{"type": c.kind() + "_rename", "channel": object{"id": c.ID, "name": c.Name, "created": c.Created.Unix()}})
	s.seeName(c)
	s.shown()
}
