package slack

import (
	"context"
	"fmt"

	slackgo "github.com/slack-go/slack"
)

// members lists who is in a channel at this moment.
func (c *client) members(ctx context.Context, channel string) (all []string, err error) {
	for cursor := ""; ; {
		some, next, err := c.api.GetUsersInConversationContext(ctx, &slackgo.GetUsersInConversationParameters{ChannelID: channel, Cursor: cursor, Limit: 1000})
		if err != nil {
			return nil, fmt.Errorf("ask who is in a channel: %w", err)
		}
		all = append(all, some...)
		if next == "" {
			return all, nil
		}
		cursor = next
	}
}

// channel is what the bot needs to know of one.
type channel struct {
	ID, Name, Creator       string
	Private, Archived, Ours bool // Ours: the bot is in it
}

func channelOf(c slackgo.Channel) channel {
	return channel{ID: c.ID, Name: c.Name, Creator: c.Creator, Private: c.IsPrivate || c.IsGroup, Archived: c.IsArchived, Ours: c.IsMember}
}

func (c *client) channelInfo(ctx context.Context, id string) (channel, error) {
	info, err := c.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: id})
	if err != nil {
		return channel{}, fmt.Errorf("ask about a channel: %w", err)
	}
	return channelOf(*info), nil
}

// ourChannels lists the channels that the bot is in, archived ones too, of the types given: public_channel, private_channel.
func (c *client) ourChannels(ctx context.Context, types ...string) (all []channel, err error) {
	for cursor := ""; ; {
		if err := c.pace.call(ctx, c.turn, "users.conversations"); err != nil {
			return nil, err
		}
		some, next, err := c.api.GetConversationsForUserContext(ctx, &slackgo.GetConversationsForUserParameters{Types: types, Cursor: cursor, Limit: 200})
		if err != nil {
			return nil, fmt.Errorf("list our channels: %w", err)
		}
		for _, one := range some {
			all = append(all, channelOf(one))
		}
		if next == "" {
			return all, nil
		}
		cursor = next
	}
}

func (c *client) createRoom(ctx context.Context, name string) (id string, err error) {
	if err := c.pace.call(ctx, c.turn, "conversations.create"); err != nil {
		return "", err
	}
	made, err := c.api.CreateConversationContext(ctx, slackgo.CreateConversationParams{ChannelName: name, IsPrivate: true})
	if err != nil {
		return "", fmt.Errorf("make a room: %w", err)
	}
	return made.ID, nil
}

func (c *client) setTopic(ctx context.Context, channel, topic string) error {
	if err := c.pace.call(ctx, c.turn, "conversations.setTopic"); err != nil {
		return err
	}
	if _, err := c.api.SetTopicOfConversationContext(ctx, channel, cut(topic, 250)); err != nil {
		return fmt.Errorf("set a room's topic: %w", err)
	}
	return nil
}

// remove puts a member out of a channel; one who is not in it is no error.
func (c *client) remove(ctx context.Context, channel, member string) error {
	if err := c.pace.call(ctx, c.turn, "conversations.kick"); err != nil {
		return err
	}
	err := c.api.KickUserFromConversationContext(ctx, channel, member)
	if err == nil || isCode(err, "not_in_channel") {
		return nil
	}
	return fmt.Errorf("remove somebody from a room: %w", err)
}

// invite asks somebody into a channel; who is in it already stays there.
func (c *client) invite(ctx context.Context, channel, member string) error {
	if err := c.pace.call(ctx, c.turn, "conversations.invite"); err != nil {
		return err
	}
	_, err := c.api.InviteUsersToConversationContext(ctx, channel, member)
	if err != nil && code(err) != "already_in_channel" {
		return fmt.Errorf("invite a member: %w", err)
	}
	return nil
}

func (c *client) archive(ctx context.Context, channel string) error {
	if err := c.pace.call(ctx, c.turn, "conversations.archive"); err != nil {
		return err
	}
	err := c.api.ArchiveConversationContext(ctx, channel)
	if err != nil && code(err) != "already_archived" {
		return fmt.Errorf("archive a room: %w", err)
	}
	return nil
}

// direct is the conversation of the bot with one member.
func (c *client) direct(ctx context.Context, member string) (id string, err error) {
	if err := c.pace.call(ctx, c.turn, "conversations.open"); err != nil {
		return "", err
	}
	made, _, _, err := c.api.OpenConversationContext(ctx, &slackgo.OpenConversationParameters{Users: []string{member}, ReturnIM: true})
	if err != nil {
		return "", fmt.Errorf("open a direct conversation: %w", err)
	}
	return made.ID, nil
}

// rename gives a channel another name.
func (c *client) rename(ctx context.Context, channel, name string) error {
	if err := c.pace.call(ctx, c.turn, "conversations.rename"); err != nil {
		return err
	}
	if _, err := c.api.RenameConversationContext(ctx, channel, name); err != nil {
		return fmt.Errorf("rename a room: %w", err)
	}
	return nil
}
