package playground

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Command is a slash command that a member types.
type Command struct {
	Member  string `json:"member"`
	Channel string `json:"channel"` // name or ID
	Command string `json:"command"` // with its slash
	Text    string `json:"text"`
}

// Command gives a slash command, and waits for the app. What it answers at once stands in the channel for that member only (or for all, if
// it says in_channel). An error is what Slackbot says.
func (s *Slack) Command(c Command) error {
	s.mu.Lock()
	d, ticket, err := s.command(c)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	raw, err := s.interact(d)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.replies[c.Member] = c.Command + " failed: " + err.Error()
		s.shown()
		return errors.New(s.replies[c.Member])
	}
	var answer responseBody
	switch {
	case len(strings.TrimSpace(string(raw))) == 0 || string(raw) == "null":
		return nil
	case json.Unmarshal(raw, &answer) != nil:
		answer = responseBody{Text: string(raw)} // plain text is an answer too
	}
	if answer.Text == "" && len(answer.Blocks) == 0 {
		return nil
	}
	answer.Replace, answer.Delete = false, false
	if code := s.show(ticket, answer); code != "" {
		return fmt.Errorf("Slack did not accept the app's answer to %s: %s", c.Command, code)
	}
	return nil
}

func (s *Slack) command(c Command) (*delivery, *responseURL, error) {
	m, err := s.active(c.Member)
	if err != nil {
		return nil, nil, err
	}
	channel := s.byName(c.Channel)
	switch {
	case channel == nil || channel.Private && !channel.has(m.ID):
		return nil, nil, fmt.Errorf("%s is not in the channel", c.Member)
	case !strings.HasPrefix(c.Command, "/"):
		return nil, nil, errors.New("a command begins with a slash")
	}
	delete(s.replies, m.ID)
	name := channel.Name
	if len(channel.With) == 1 {
		name = "directmessage"
	}
	fields := map[string]string{
		"token": "invented", "team_id": TeamID, "team_domain": teamDomain, "channel_id": channel.ID, "channel_name": name, "user_id": m.ID,
		"user_name": s.user(m)["name"].(string), "command": c.Command, "text": c.Text, "api_app_id": AppID, "is_enterprise_install": "false",
		"response_url": s.respondTo(m.ID, channel.ID, ""), "trigger_id": s.newTrigger(m.ID),
	}
	form := url.Values{}
	for key, value := range fields {
		form.Set(key, value)
	}
	return &delivery{
		kind: "slash_commands", what: c.Command, id: fields["trigger_id"], payload: mustJSON(fields), form: form, accepts: true,
	}, &responseURL{member: m.ID, channel: channel.ID}, nil
}

// Message lets a member write in a channel (by name or ID) or to the bot (their direct conversation); it returns the timestamp.
func (s *Slack) Message(member, channel, text string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.active(member); err != nil {
		return "", err
	}
	c := s.byName(channel)
	switch {
	case c == nil || !c.has(member):
		return "", fmt.Errorf("%s is not in the channel", member)
	case c.Archived:
		return "", errors.New("the channel is archived")
	case strings.TrimSpace(text) == "":
		return "", errors.New("the message is empty")
	}
	delete(s.replies, member)
	m := s.add(c, &SlackMessage{User: member, Text: text})
	s.tellMessage(c, m)
	return m.TS, nil
}

// OpenHome lets a member open the app's home tab.
func (s *Slack) OpenHome(member string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.active(member); err != nil {
		return err
	}
	event := object{"type": "app_home_opened", "user": member, "channel": s.direct(member).ID, "tab": "home", "event_ts": s.ts()}
	if v := s.homes[member]; v != nil {
		event["view"] = s.viewObject(v)
	}
	s.event(event)
	return nil
}

// Join lets a member into a channel (by name or ID), without the bot's doing.
func (s *Slack) Join(member, name string) error {
	return s.within(name, func(c *channel) error {
		if c.has(member) {
			return errors.New("they are in the channel already")
		}
		s.enter(c, member, "")
		return nil
	})
}

// Leave lets a member, or the bot's user, leave a channel or be removed from it.
func (s *Slack) Leave(member, name string) error {
	return s.within(name, func(c *channel) error {
		if !c.has(member) {
			return errors.New("they are not in the channel")
		}
		s.leaveChannel(c, member, member)
		return nil
	})
}

// Archive archives a channel, as a member can, or brings it back.
func (s *Slack) Archive(member, name string, archived bool) error {
	return s.within(name, func(c *channel) error {
		if c.Archived == archived {
			return errors.New("it is so already")
		}
		s.setArchived(c, archived, member)
		return nil
	})
}

// Delete lets somebody with the right to do so delete a message, for instance a card.
func (s *Slack) Delete(name, ts string) error {
	return s.within(name, func(c *channel) error {
		m := c.byTS[ts]
		if m == nil {
			return errors.New("this message is gone")
		}
		s.drop(c, m)
		return nil
	})
}

// Remove lets a member take another, or the bot's user, out of a channel.
func (s *Slack) Remove(by, user, name string) error {
	return s.within(name, func(c *channel) error {
		switch {
		case !c.has(by):
			return errors.New("who removes somebody must be in the channel")
		case !c.has(user):
			return errors.New("they are not in the channel")
		}
		s.leaveChannel(c, user, by)
		return nil
	})
}

// Invite lets a member bring another, or the bot's user, into a channel.
func (s *Slack) Invite(by, user, name string) error {
	return s.within(name, func(c *channel) error {
		switch {
		case !c.has(by):
			return errors.New("who invites somebody must be in the channel")
		case c.has(user):
			return errors.New("they are in the channel already")
		case user != BotUserID && s.member(user) == nil:
			return fmt.Errorf("there is no member %q", user)
		}
		s.enter(c, user, by)
		return nil
	})
}

// RenameChannel gives a channel another name, as its members can.
func (s *Slack) RenameChannel(member, name, other string) error {
	return s.within(name, func(c *channel) error {
		taken := s.byName(other)
		switch {
		case !c.has(member):
			return errors.New("who renames a channel must be in it")
		case checkName(other) != nil:
			return errors.New("a channel can't have this name")
		case taken != nil && taken != c:
			return errors.New("another channel has this name")
		}
		s.renameChannel(c, other)
		return nil
	})
}

// DeleteChannel deletes a channel with all that was said in it.
func (s *Slack) DeleteChannel(name string) error {
	return s.within(name, func(c *channel) error {
		if len(c.With) > 0 {
			return errors.New("a direct conversation can't be deleted")
		}
		s.tell(c, object{"type": c.kind() + "_deleted", "channel": c.ID})
		delete(s.channels, c.ID)
		s.order = slices.DeleteFunc(s.order, func(id string) bool { return id == c.ID })
		s.shown()
		return nil
	})
}

// NewChannel makes a channel without the bot, as members can.
func (s *Slack) NewChannel(name string, private bool, members ...string) Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.addChannel(Channel{Name: name, Private: private, Members: slices.Clone(members)})
	s.shown()
	return c.snapshot()
}

func (s *Slack) within(name string, do func(*channel) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.byName(name)
	if c == nil {
		return fmt.Errorf("there is no channel %q", name)
	}
	return do(c)
}
