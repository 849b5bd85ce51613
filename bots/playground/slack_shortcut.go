package playground

import (
	"errors"
	"fmt"
)

// MessageShortcut is what an app's manifest offers in the menu of a message.
type MessageShortcut struct {
	CallbackID string `json:"callback_id"`
	Name       string `json:"name"`
}

// Shortcut is a choice in the "more actions" menu of a message: one of those that the app's manifest offers there.
type Shortcut struct {
	Member     string `json:"member"`
	Channel    string `json:"channel"` // name or ID
	TS         string `json:"ts"`
	CallbackID string `json:"callback_id"`
}

// Shortcut chooses it, and waits until the app has acknowledged it. The app need not be in the channel, as in Slack. An error is
// what Slack says in its place.
func (s *Slack) Shortcut(c Shortcut) error {
	s.mu.Lock()
	payload, err := s.shortcutPayload(c)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	if _, err := s.interact(interaction(payload)); err != nil {
		return fmt.Errorf("Slack says that the shortcut did not work: %w", err)
	}
	return nil
}

func (s *Slack) shortcutPayload(c Shortcut) (object, error) {
	m, err := s.active(c.Member)
	if err != nil {
		return nil, err
	}
	channel := s.byName(c.Channel)
	if channel == nil || channel.Private && !channel.has(m.ID) {
		return nil, fmt.Errorf("%s is not in the channel", c.Member)
	}
	message := channel.byTS[c.TS]
	switch {
	case message == nil:
		return nil, errors.New("this message is gone")
	case message.Ephemeral != "":
		return nil, errors.New("a message that only one member sees has no shortcuts")
	case c.CallbackID == "":
		return nil, errors.New("a shortcut has a callback_id")
	}
	name := channel.Name
	switch {
	case len(channel.With) == 1:
		name = "directmessage"
	case channel.Private:
		name = "privategroup"
	}
	return object{
		"type": "message_action", "callback_id": c.CallbackID, "trigger_id": s.newTrigger(m.ID), "message_ts": message.TS, "message": message.object(),
		"channel": object{"id": channel.ID, "name": name}, "response_url": s.respondTo(m.ID, channel.ID, message.TS), "user": s.user(m),
		"team": s.team(), "token": "invented", "action_ts": s.ts(), "is_enterprise_install": false, "enterprise": nil,
	}, nil
}
