package playground

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Delivery is one attempt to bring something to the app.
type Delivery struct {
	Kind    string // events_api, interactive, slash_commands
	Type    string // of the event or the interaction: "message", "block_actions"; of a command its name
	ID      string // event_id or trigger_id: the same at each attempt
	Attempt int    // 0: the first
	Acked   bool
	Failure string // why it was not acknowledged
}

// delivery is what is brought to the app, in Socket Mode or over signed HTTP.
type delivery struct {
	kind, what, id string
	payload        []byte
	form           url.Values // how HTTP carries it; nil: the payload itself
	accepts        bool       // an answer with the acknowledgement
}

// ack is what the app said, or that it did not.
type ack struct {
	answer []byte
	err    error
}

var (
	errNotConnected = errors.New("the app is not connected")
	errTimeout      = errors.New("the app did not answer in time")
)

// SetRequestURL says where deliveries are POSTed from now on; "" is Socket Mode.
func (s *Slack) SetRequestURL(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requestURL = address
}

// RequestURL is where deliveries are POSTed; "" in Socket Mode.
func (s *Slack) RequestURL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requestURL
}

// Verify does what Slack does when an admin fills in the request URL: it sends url_verification and wants the challenge back.
func (s *Slack) Verify(ctx context.Context) error {
	challenge := newID("challenge")
	d := &delivery{kind: "events_api", what: "url_verification", id: challenge, payload: mustJSON(object{
		"type": "url_verification", "challenge": challenge, "token": "invented",
	})}
	answer, err := s.post(ctx, s.RequestURL(), d, 0, "")
	if err != nil {
		return err
	}
	var said struct {
		Challenge string `json:"challenge"`
	}
	if string(answer) != challenge && (json.Unmarshal(answer, &said) != nil || said.Challenge != challenge) {
		return errors.New("the app did not answer the challenge")
	}
	return nil
}

// attempt sends a delivery once; the channel tells what came of it. The caller holds the lock, so that deliveries keep their order.
func (s *Slack) attempt(d *delivery, number int, reason string) <-chan ack {
	done := make(chan ack, 1)
	address := s.requestURL
	note := s.log.add(Delivery{Kind: d.kind, Type: d.what, ID: d.id, Attempt: number}, d)
	tell := func(a ack) {
		s.log.close(note, a.err)
		done <- a
	}
	if address == "" {
		wait, err := s.sockets.send(d, number, reason)
		if err != nil {
			tell(ack{err: err})
			return done
		}
		s.play.spawn(func() { tell(wait()) })
		return done
	}
	s.play.spawn(func() {
		ctx, cancel := context.WithTimeout(s.play.ctx, s.play.options.AckTimeout)
		defer cancel()
		answer, err := s.post(ctx, address, d, number, reason)
		tell(ack{answer, err})
	})
	return done
}

// noRetry is an error after which Slack does not try again: the app asked it not to.
type noRetry struct{ error }

// post brings a delivery over signed HTTP; a 2xx is an acknowledgement.
func (s *Slack) post(ctx context.Context, address string, d *delivery, number int, reason string) ([]byte, error) {
	body, kind := d.payload, "application/json"
	if d.form != nil {
		body, kind = []byte(d.form.Encode()), "application/x-www-form-urlencoded"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make a delivery: %w", err)
	}
	at := strconv.FormatInt(time.Now().Unix(), 10) // real time: the app compares it with its own
	request.Header.Set("Content-Type", kind)
	request.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	request.Header.Set("X-Slack-Request-Timestamp", at)
	request.Header.Set("X-Slack-Signature", Sign(s.play.options.SlackSigningSecret, at, body))
	if number > 0 {
		request.Header.Set("X-Slack-Retry-Num", strconv.Itoa(number))
		request.Header.Set("X-Slack-Retry-Reason", reason)
	}
	response, err := s.client.Do(request)
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			return nil, errTimeout
		}
		return nil, errNotConnected
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxUpload))
	if err == nil && (response.StatusCode < 200 || response.StatusCode > 299) {
		err = fmt.Errorf("the app answered with status %d", response.StatusCode)
		if response.Header.Get("X-Slack-No-Retry") == "1" {
			err = noRetry{err}
		}
	}
	return answer, err
}

// Sign makes the v0 signature of a body that was sent at a time (seconds since 1970, as text).
func Sign(secret, at string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + at + ":"))
	mac.Write(body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// tell brings an event about a channel to the app, if it is in there. The caller holds the lock.
func (s *Slack) tell(c *channel, event object) {
	if !c.has(BotUserID) {
		return
	}
	if event["event_ts"] == nil {
		event["event_ts"] = s.ts()
	}
	s.event(event)
}

// tellMessage brings a new message to the app. The caller holds the lock.
func (s *Slack) tellMessage(c *channel, m *SlackMessage) {
	event := m.object()
	event["channel"], event["channel_type"], event["event_ts"] = c.ID, c.kind(), m.TS
	if m.User != BotUserID {
		event["client_msg_id"] = newID("M")
		event["blocks"] = []object{{"type": "rich_text", "block_id": shortID(), "elements": []object{
			{"type": "rich_text_section", "elements": []object{{"type": "text", "text": m.Text}}},
		}}}
	}
	s.tell(c, event)
}

// retryWaits are the published waits before an event is sent again.
var retryWaits = []time.Duration{0, time.Minute, 5 * time.Minute}

// event brings something that happened to the app, and again until it is acknowledged. The caller holds the lock.
func (s *Slack) event(event object) {
	what, _ := event["type"].(string)
	eventID := newID("Ev")
	d := &delivery{kind: "events_api", what: what, id: eventID, payload: mustJSON(object{
		"token": "invented", "team_id": TeamID, "context_team_id": TeamID, "api_app_id": AppID, "event": event, "type": "event_callback",
		"event_id": eventID, "event_time": s.play.clock.Now().Unix(), "is_ext_shared_channel": false, "event_context": "4-" + eventID,
		"authorizations": []object{{"enterprise_id": nil, "team_id": TeamID, "user_id": BotUserID, "is_bot": true, "is_enterprise_install": false}},
	})}
	first := s.attempt(d, 0, "")
	s.play.spawn(func() { s.follow(d, first) })
}

// follow waits for the acknowledgement of an event, and sends it again where there is none.
func (s *Slack) follow(d *delivery, sent <-chan ack) {
	for number := 0; ; number++ {
		var a ack
		select {
		case a = <-sent:
		case <-s.play.ctx.Done():
			return
		}
		var never noRetry
		if a.err == nil || errors.As(a.err, &never) || number == len(retryWaits) || !s.play.wait(retryWaits[number]) {
			return
		}
		reason := "http_error"
		switch a.err {
		case errTimeout:
			reason = "timeout"
		case errNotConnected:
			reason = "connection_failed"
		}
		s.mu.Lock()
		sent = s.attempt(d, number+1, reason)
		s.mu.Unlock()
	}
}

// interact brings what a person did to the app, once, and returns what the app answered. The caller does not hold the lock.
func (s *Slack) interact(d *delivery) ([]byte, error) {
	s.mu.Lock()
	sent := s.attempt(d, 0, "")
	s.mu.Unlock()
	select {
	case a := <-sent:
		return a.answer, a.err
	case <-s.play.ctx.Done():
		return nil, errNotConnected
	}
}

// interaction wraps a payload of interactivity: HTTP carries it as a form.
func interaction(payload object) *delivery {
	raw := mustJSON(payload)
	what, _ := payload["type"].(string)
	id, _ := payload["trigger_id"].(string)
	return &delivery{kind: "interactive", what: what, id: id, payload: raw, form: url.Values{"payload": {string(raw)}}, accepts: true}
}

// keepLog is how many deliveries are remembered.
const keepLog = 2000

// deliveryLog remembers deliveries, for tests to look at and to repeat.
type deliveryLog struct {
	mu   sync.Mutex
	list []*loggedDelivery
}

type loggedDelivery struct {
	Delivery
	sent *delivery
}

func (l *deliveryLog) add(d Delivery, sent *delivery) *loggedDelivery {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) >= keepLog {
		l.list = slices.Delete(l.list, 0, keepLog/2)
	}
	note := &loggedDelivery{d, sent}
	l.list = append(l.list, note)
	return note
}

func (l *deliveryLog) close(note *loggedDelivery, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	note.Acked = err == nil
	if err != nil {
		note.Failure = err.Error()
	}
}

// Deliveries are the attempts so far, oldest first.
func (s *Slack) Deliveries() []Delivery {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	list := make([]Delivery, len(s.log.list))
	for i, note := range s.log.list {
		list[i] = note.Delivery
	}
	return list
}

// Redeliver brings something to the app once more, under the same event_id or trigger_id, as happens when an acknowledgement is lost. It
// waits for the acknowledgement.
func (s *Slack) Redeliver(id string) error {
	var found *loggedDelivery
	s.log.mu.Lock()
	for _, note := range s.log.list {
		if note.ID == id {
			found = note
		}
	}
	s.log.mu.Unlock()
	if found == nil {
		return fmt.Errorf("nothing was delivered as %s", id)
	}
	s.mu.Lock()
	sent := s.attempt(found.sent, found.Attempt+1, "timeout")
	s.mu.Unlock()
	select {
	case a := <-sent:
		return a.err
	case <-s.play.ctx.Done():
		return errNotConnected
	}
}
