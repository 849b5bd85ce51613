package playground

import (
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// responseURL is where an app may answer an interaction: five times within half an hour.
type responseURL struct {
	member  string
	channel string
	message string // the message that the interaction came from, or ""
	until   time.Time
	left    int
}

const (
	responseUses = 5
	responseFor  = 30 * time.Minute
)

// respondTo makes a response_url. The caller holds the lock.
func (s *Slack) respondTo(member, channel, message string) string {
	ticket := newID("R")
	s.responses[ticket] = &responseURL{member, channel, message, s.play.clock.Now().Add(responseFor), responseUses}
	return s.appBase() + "/slack/response/" + ticket
}

// appBase is where the app reaches us. The caller holds the lock.
func (s *Slack) appBase() string {
	if s.base != "" {
		return s.base
	}
	return s.play.URL()
}

type responseBody struct {
	Type     string          `json:"response_type"`
	Replace  bool            `json:"replace_original"`
	Delete   bool            `json:"delete_original"`
	Text     string          `json:"text"`
	Blocks   json.RawMessage `json:"blocks"`
	ThreadTS string          `json:"thread_ts"`
}

func (s *Slack) serveResponse(w http.ResponseWriter, r *http.Request, ticket string) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxUpload))
	var body responseBody
	if err == nil {
		err = json.Unmarshal(raw, &body)
	}
	if err != nil {
		http.Error(w, "invalid_payload", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	code := s.respond(ticket, body)
	s.mu.Unlock()
	switch code {
	case "":
		_, _ = io.WriteString(w, "ok")
	case "used_url", "expired_url":
		http.Error(w, code, http.StatusNotFound)
	default:
		http.Error(w, code, http.StatusBadRequest)
	}
}

// respond does what an app sent to a response_url, and says what is wrong with it. The caller holds the lock.
func (s *Slack) respond(ticket string, body responseBody) string {
	u := s.responses[ticket]
	switch {
	case u == nil || s.play.clock.Now().After(u.until):
		return "expired_url"
	case u.left == 0:
		return "used_url"
	}
	u.left--
	return s.show(u, body)
}

// show posts, replaces or deletes what an answer to an interaction says. The caller holds the lock.
func (s *Slack) show(u *responseURL, body responseBody) string {
	c := s.channels[u.channel]
	if c == nil {
		return "channel_not_found"
	}
	original := c.byTS[u.message]
	if body.Delete {
		if original != nil {
			s.drop(c, original)
		}
		return ""
	}
	given, refused := readContent(SlackArgs{"text": body.Text, "blocks": emptyIfNull(body.Blocks)})
	switch {
	case refused != nil:
		s.play.violated("slack response_url", append([]string{refused.code}, refused.messages...))
		return refused.code
	case given.empty():
		return "no_text"
	case body.Replace && original != nil:
		s.change(c, original, given, true, true)
		return ""
	}
	m := &SlackMessage{User: BotUserID, Text: given.text, Blocks: given.blocks, ThreadTS: body.ThreadTS}
	if body.Type != "in_channel" {
		m.Ephemeral = u.member
	}
	s.add(c, m)
	if m.Ephemeral == "" {
		s.tellMessage(c, m)
	}
	return ""
}

func emptyIfNull(raw json.RawMessage) string {
	if string(raw) == "null" {
		return ""
	}
	return string(raw)
}
