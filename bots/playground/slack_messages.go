package playground

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// The published lengths of a message's text, in characters: a longer one is cut when posted, refused when updated.
const (
	cutText       = 40000
	maxUpdateText = 4000
	maxMarkdown   = 12000
	maxMetadata   = 16000
)

// content is what chat.postMessage and its kin are given to show.
type content struct {
	text     string
	blocks   json.RawMessage
	metadata json.RawMessage
}

func readContent(a SlackArgs) (content, *slackError) {
	c := content{text: a["text"]}
	if markdown := a["markdown_text"]; markdown != "" {
		if c.text != "" || a["blocks"] != "" {
			return c, no("markdown_text_conflict")
		}
		if utf8.RuneCountInString(markdown) > maxMarkdown {
			return c, no("msg_too_long")
		}
		c.text = markdown
	}
	if raw := a["blocks"]; raw != "" {
		if !json.Valid([]byte(raw)) || strings.TrimSpace(raw)[0] != '[' {
			return c, no("invalid_blocks_format")
		}
		if problems := CheckBlocks(json.RawMessage(raw)); len(problems) > 0 {
			return c, &slackError{code: "invalid_blocks", messages: problems}
		}
		c.blocks = withBlockIDs(json.RawMessage(raw))
	}
	if raw := a["metadata"]; raw != "" {
		var metadata struct {
			Type    string         `json:"event_type"`
			Payload map[string]any `json:"event_payload"`
		}
		if err := json.Unmarshal([]byte(raw), &metadata); err != nil || metadata.Type == "" || metadata.Payload == nil {
			return c, no("invalid_metadata_format")
		}
		if len(raw) > maxMetadata {
			return c, no("metadata_too_large")
		}
		c.metadata = json.RawMessage(raw)
	}
	return c, nil
}

func (c content) empty() bool { return c.text == "" && len(c.blocks) == 0 }

// target finds the channel of a call, as far as the bot can see it. The caller holds the lock.
func (s *Slack) target(id string) (*channel, *slackError) {
	c := s.channels[id]
	if c == nil || c.Private && !c.has(BotUserID) {
		return nil, no("channel_not_found")
	}
	return c, nil
}

// writable finds the channel that a message is for: by ID, by the name of a public channel, or by the member to write to.
func (s *Slack) writable(name string) (*channel, *slackError) {
	c, refused := s.target(name)
	if refused != nil {
		if m := s.member(name); m != nil && !m.Deleted {
			return s.direct(name), nil
		}
		if c = s.byName(name); c == nil || c.Private {
			return nil, refused
		}
	}
	switch {
	case c.Archived:
		return nil, no("is_archived")
	case !c.has(BotUserID):
		return nil, no("not_in_channel")
	}
	return c, nil
}

func (s *Slack) postMessage(a SlackArgs) (object, *slackError) {
	content, refused := readContent(a)
	if refused != nil {
		return nil, refused
	}
	c, refused := s.writable(a["channel"])
	if refused != nil {
		return nil, refused
	}
	if content.empty() {
		return nil, no("no_text")
	}
	m := s.add(c, &SlackMessage{
		User: BotUserID, Text: cut(content.text, cutText), Blocks: content.blocks, Metadata: content.metadata, ThreadTS: a["thread_ts"],
	})
	s.tellMessage(c, m)
	return object{"channel": c.ID, "ts": m.TS, "message": m.object()}, nil
}

func (s *Slack) postEphemeral(a SlackArgs) (object, *slackError) {
	content, refused := readContent(a)
	if refused != nil {
		return nil, refused
	}
	c, refused := s.writable(a["channel"])
	switch {
	case refused != nil:
		return nil, refused
	case content.empty():
		return nil, no("no_text")
	case utf8.RuneCountInString(content.text) > cutText:
		return nil, no("msg_too_long")
	case !c.has(a["user"]):
		return nil, no("user_not_in_channel")
	}
	m := s.add(c, &SlackMessage{User: BotUserID, Text: content.text, Blocks: content.blocks, Ephemeral: a["user"], ThreadTS: a["thread_ts"]})
	return object{"message_ts": m.TS}, nil
}

// updateMessage changes a message of the bot. Blocks that are not given stay as they are: who redacts must send blocks.
func (s *Slack) updateMessage(a SlackArgs) (object, *slackError) {
	content, refused := readContent(a)
	if refused != nil {
		return nil, refused
	}
	c, m, refused := s.own(a, "cant_update_message")
	if refused != nil {
		return nil, refused
	}
	if content.empty() && !(a.given("blocks") && len(m.Text) > 0) {
		return nil, no("no_text")
	}
	if utf8.RuneCountInString(content.text) > maxUpdateText {
		return nil, no("msg_too_long")
	}
	s.change(c, m, content, a.given("text"), a.given("blocks"))
	return object{"channel": c.ID, "ts": m.TS, "text": m.Text, "message": m.object()}, nil
}

// change gives a message other content; what is not given stays. The caller holds the lock.
func (s *Slack) change(c *channel, m *SlackMessage, content content, textGiven, blocksGiven bool) {
	before := m.object()
	if textGiven {
		m.Text = content.text
	}
	if blocksGiven {
		m.Blocks = content.blocks
	}
	if content.metadata != nil {
		m.Metadata = content.metadata
	}
	m.EditedAt = s.play.clock.Now()
	s.seeMessage(c, m)
	if m.Ephemeral != "" {
		s.shown()
		return
	}
	s.tell(c, object{
		"type": "message", "subtype": "message_changed", "hidden": true, "message": m.object(), "previous_message": before,
		"channel": c.ID, "channel_type": c.kind(), "ts": s.ts(),
	})
	s.shown()
}

func (s *Slack) deleteMessage(a SlackArgs) (object, *slackError) {
	c, m, refused := s.own(a, "cant_delete_message")
	if refused != nil {
		return nil, refused
	}
	s.drop(c, m)
	return object{"channel": c.ID, "ts": m.TS}, nil
}

// drop takes a message out of its channel. The caller holds the lock.
func (s *Slack) drop(c *channel, m *SlackMessage) {
	delete(c.byTS, m.TS)
	c.messages = slices.DeleteFunc(c.messages, func(other *SlackMessage) bool { return other == m })
	if m.Ephemeral == "" {
		s.tell(c, object{
			"type": "message", "subtype": "message_deleted", "hidden": true, "deleted_ts": m.TS, "previous_message": m.object(),
			"channel": c.ID, "channel_type": c.kind(), "ts": s.ts(),
		})
	}
	s.shown()
}

// own finds a message that the bot wants to change. Ephemeral ones can't be.
func (s *Slack) own(a SlackArgs, otherwise string) (*channel, *SlackMessage, *slackError) {
	c, refused := s.target(a["channel"])
	if refused != nil {
		return nil, nil, refused
	}
	m := c.byTS[a["ts"]]
	switch {
	case m == nil || m.Ephemeral != "":
		return nil, nil, no("message_not_found")
	case m.User != BotUserID:
		return nil, nil, no(otherwise)
	case c.Archived:
		return nil, nil, no("is_archived")
	}
	return c, m, nil
}

func (s *Slack) permalink(a SlackArgs) (object, *slackError) {
	c, refused := s.target(a["channel"])
	if refused != nil {
		return nil, refused
	}
	ts := a["message_ts"]
	if c.byTS[ts] == nil {
		return nil, no("message_not_found")
	}
	// The real one's host is the workspace's own; a link of the demo must not lead off this machine.
	return object{"channel": c.ID, "permalink": fmt.Sprintf("%s/#archives/%s/p%s", s.base, c.ID, strings.Replace(ts, ".", "", 1))}, nil
}

// add puts a message into a channel. The caller holds the lock.
func (s *Slack) add(c *channel, m *SlackMessage) *SlackMessage {
	m.TS, m.At = s.ts(), s.play.clock.Now()
	c.messages = append(c.messages, m)
	c.byTS[m.TS] = m
	s.seeMessage(c, m)
	s.shown()
	return m
}

func (m *SlackMessage) object() object {
	o := object{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": TeamID}
	if m.User == BotUserID {
		o["bot_id"], o["app_id"] = BotID, AppID
		o["bot_profile"] = object{"id": BotID, "app_id": AppID, "user_id": BotUserID, "name": botName, "deleted": false, "team_id": TeamID}
	}
	if len(m.Blocks) > 0 {
		o["blocks"] = m.Blocks
	}
	for key, value := range map[string]string{"subtype": m.Subtype, "thread_ts": m.ThreadTS} {
		if value != "" {
			o[key] = value
		}
	}
	if len(m.Files) > 0 {
		files := make([]object, len(m.Files))
		for i, f := range m.Files {
			files[i] = f.object()
		}
		o["files"], o["upload"] = files, true
	}
	if !m.EditedAt.IsZero() {
		o["edited"] = object{"user": m.User, "ts": fmt.Sprintf("%d.000000", m.EditedAt.Unix())}
	}
	if m.Ephemeral != "" {
		o["is_ephemeral"] = true
	}
	return o
}

func cut(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit])
}
