package playground

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// largestPage is the most that one call lists, as published.
const largestPage = 1000

// paged cuts a list into pages of `limit`, with a cursor to the next.
func paged[T any](a SlackArgs, name string, list []T) (object, *slackError) {
	limit := a.int("limit", 100)
	if limit < 1 || limit > largestPage {
		return nil, no("invalid_limit")
	}
	from := 0
	if cursor := a["cursor"]; cursor != "" {
		raw, err := base64.StdEncoding.DecodeString(cursor)
		if err == nil {
			from, err = strconv.Atoi(strings.TrimPrefix(string(raw), "next:"))
		}
		if err != nil || from > len(list) {
			return nil, no("invalid_cursor")
		}
	}
	to := min(len(list), from+limit)
	next := ""
	if to < len(list) {
		next = base64.StdEncoding.EncodeToString([]byte("next:" + strconv.Itoa(to)))
	}
	return object{name: append([]T{}, list[from:to]...), "response_metadata": object{"next_cursor": next}}, nil
}

func (s *Slack) history(a SlackArgs) (object, *slackError) {
	return s.messagesOf(a, func(m *SlackMessage) bool { return m.ThreadTS == "" || m.ThreadTS == m.TS }, true)
}

func (s *Slack) threadReplies(a SlackArgs) (object, *slackError) {
	c, refused := s.target(a["channel"])
	if refused != nil {
		return nil, refused
	}
	if c.byTS[a["ts"]] == nil {
		return nil, no("thread_not_found")
	}
	return s.messagesOf(a, func(m *SlackMessage) bool { return m.TS == a["ts"] || m.ThreadTS == a["ts"] }, false)
}

var timestamp = regexp.MustCompile(`^\d+(\.\d+)?$`)

// messagesOf lists messages of a channel, the newest first in a history, the oldest first in a thread; ephemeral ones are not kept by Slack.
func (s *Slack) messagesOf(a SlackArgs, wanted func(*SlackMessage) bool, newestFirst bool) (object, *slackError) {
	c, refused := s.target(a["channel"])
	if refused != nil {
		return nil, refused
	}
	if !c.has(BotUserID) {
		return nil, no("not_in_channel")
	}
	for name, code := range map[string]string{"oldest": "invalid_ts_oldest", "latest": "invalid_ts_latest"} {
		if a[name] != "" && !timestamp.MatchString(a[name]) {
			return nil, no(code)
		}
	}
	within := func(ts string) bool {
		oldest, latest := micro(a["oldest"]), micro(a["latest"])
		at := micro(ts)
		if a.bool("inclusive") {
			return at >= oldest && (latest == 0 || at <= latest)
		}
		return at > oldest && (latest == 0 || at < latest)
	}
	list := []object{}
	for _, m := range c.messages {
		if m.Ephemeral != "" || !wanted(m) || !within(m.TS) {
			continue
		}
		o := m.object()
		if a.bool("include_all_metadata") && m.Metadata != nil {
			o["metadata"] = m.Metadata
		}
		if m.Pinned {
			o["pinned_to"] = []string{c.ID}
		}
		list = append(list, o)
	}
	if newestFirst {
		slices.Reverse(list)
	}
	answer, refused := paged(a, "messages", list)
	if refused == nil {
		answer["has_more"] = answer["response_metadata"].(object)["next_cursor"] != ""
	}
	return answer, refused
}

// micro reads a message's timestamp as microseconds.
func micro(ts string) int64 {
	seconds, fraction, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(seconds+(fraction + "000000")[:6], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

const maxPins = 100

func (s *Slack) addPin(a SlackArgs) (object, *slackError) {
	c, m, refused := s.pinnable(a)
	switch {
	case refused != nil:
		return nil, refused
	case m.Pinned:
		return nil, no("already_pinned")
	case len(pinned(c)) >= maxPins:
		return nil, no("too_many_pins")
	}
	m.Pinned = true
	s.shown()
	return nil, nil
}

func (s *Slack) removePin(a SlackArgs) (object, *slackError) {
	_, m, refused := s.pinnable(a)
	switch {
	case refused != nil:
		return nil, refused
	case !m.Pinned:
		return nil, no("no_pin")
	}
	m.Pinned = false
	s.shown()
	return nil, nil
}

func (s *Slack) pinnable(a SlackArgs) (*channel, *SlackMessage, *slackError) {
	c, refused := s.target(a["channel"])
	switch {
	case refused != nil:
		return nil, nil, refused
	case a["timestamp"] == "":
		return nil, nil, no("no_item_specified")
	case !timestamp.MatchString(a["timestamp"]):
		return nil, nil, no("bad_timestamp")
	case !c.has(BotUserID):
		return nil, nil, no("not_in_channel")
	}
	m := c.byTS[a["timestamp"]]
	if m == nil || m.Ephemeral != "" {
		return nil, nil, no("message_not_found")
	}
	return c, m, nil
}

func pinned(c *channel) []*SlackMessage {
	var list []*SlackMessage
	for _, m := range c.messages {
		if m.Pinned {
			list = append(list, m)
		}
	}
	return list
}

func (s *Slack) listPins(a SlackArgs) (object, *slackError) {
	c, refused := s.target(a["channel"])
	if refused != nil {
		return nil, refused
	}
	items := []object{}
	for _, m := range pinned(c) {
		items = append(items, object{"type": "message", "channel": c.ID, "message": m.object(), "created": m.At.Unix(), "created_by": BotUserID})
	}
	return object{"items": items}, nil
}

func (s *Slack) addReaction(a SlackArgs) (object, *slackError) { return s.react(a, true) }

func (s *Slack) removeReaction(a SlackArgs) (object, *slackError) { return s.react(a, false) }

var emoji = regexp.MustCompile(`^[a-z0-9_+'-]+(::skin-tone-[2-6])?$`)

func (s *Slack) react(a SlackArgs, add bool) (object, *slackError) {
	c, refused := s.target(a["channel"])
	if refused != nil {
		return nil, refused
	}
	name := strings.Trim(a["name"], ":")
	if !emoji.MatchString(name) {
		return nil, no("invalid_name")
	}
	m := c.byTS[a["timestamp"]]
	if m == nil || m.Ephemeral != "" {
		return nil, no("message_not_found")
	}
	if c.Archived {
		return nil, no("is_archived")
	}
	at := slices.Index(m.Reactions, name+":"+BotUserID)
	switch {
	case add && at >= 0:
		return nil, no("already_reacted")
	case !add && at < 0:
		return nil, no("no_reaction")
	case add:
		m.Reactions = append(m.Reactions, name+":"+BotUserID)
	default:
		m.Reactions = slices.Delete(m.Reactions, at, at+1)
	}
	s.shown()
	return nil, nil
}
