package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// A Socket Mode connection. Slack renews each of them every now and then: it warns, and the next one is open before the old
// one is left, so that no click falls between them. Nothing is acknowledged before it is handled, and an acknowledgement is
// written by the time the function that makes it returns.

const (
	silence     = 40 * time.Second // a connection without a ping for so long is dead; Slack pings several times a minute
	writeWithin = 5 * time.Second
	linger      = 30 * time.Second // how long an old connection is still listened to once it is renewed
	maxBackoff  = time.Minute
	maxAnswer   = 20 * 1024 // bytes; Slack drops a longer acknowledgement without a word
	maxEnvelope = 4 << 20   // bytes
)

// receive keeps a connection open until ctx ends.
func (b *Bot) receive(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	for failures := 0; ctx.Err() == nil; {
		s, err := b.dial(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return
			}
			failures++
			b.log.Warn("slack: no connection", append([]any{"attempt", failures}, why(err)...)...)
			pause(ctx, min(maxBackoff, 250*time.Millisecond<<min(failures, 10)))
			continue
		}
		b.log.Info("slack: connected")
		opened := time.Now()
		all.Go(func() { b.listen(ctx, s) })
		select {
		case <-s.renew:
		case <-ctx.Done():
			return
		}
		if s.planned || time.Since(opened) > silence {
			failures = 0
			continue
		}
		failures++ // it broke soon after it began; the next may as well
		pause(ctx, min(maxBackoff, 50*time.Millisecond<<min(failures, 11)))
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// socket is one connection.
type socket struct {
	conn  *websocket.Conn
	write sync.Mutex
	renew chan struct{} // closed when another connection is to be opened
	once  sync.Once

	planned bool // Slack asked for another connection in its place; set before renew is closed
}

func (s *socket) renewed() { s.once.Do(func() { close(s.renew) }) }

// dial opens a connection and waits for Slack's hello.
func (b *Bot) dial(ctx context.Context) (*socket, error) {
	address, err := b.slack.socket(ctx)
	if err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: callTimeout, WriteBufferSize: 32 * 1024}
	conn, response, err := dialer.DialContext(ctx, address, nil)
	if err != nil {
		return nil, fmt.Errorf("connect by Socket Mode: %w", err)
	}
	_ = response.Body.Close()
	s := &socket{conn: conn, renew: make(chan struct{})}
	conn.SetReadLimit(maxEnvelope)
	conn.SetPingHandler(func(data string) error {
		if err := conn.SetReadDeadline(time.Now().Add(silence)); err != nil {
			return err
		}
		if ctx.Err() != nil { // it was cancelled meanwhile, and nothing more is read
			_ = conn.SetReadDeadline(time.Now())
		}
		s.write.Lock()
		defer s.write.Unlock()
		return conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeWithin))
	})
	if err := conn.SetReadDeadline(time.Now().Add(callTimeout)); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	var hello envelope
	if err := conn.ReadJSON(&hello); err != nil {
		return nil, errors.Join(fmt.Errorf("hear Slack's hello: %w", err), conn.Close())
	}
	if hello.Type != "hello" {
		return nil, errors.Join(fmt.Errorf("hear Slack's hello: it said %q, %q", hello.Type, hello.Reason), conn.Close())
	}
	return s, nil
}

// envelope is what Slack wraps each delivery in.
type envelope struct {
	Type       string          `json:"type"`
	EnvelopeID string          `json:"envelope_id"`
	Payload    json.RawMessage `json:"payload"`
	Reason     string          `json:"reason"` // of a disconnect
}

// listen reads deliveries until the connection ends. When ctx ends, it takes no more, and leaves once what is in hand has
// been acknowledged.
func (b *Bot) listen(ctx context.Context, s *socket) {
	var hand sync.WaitGroup
	stop := context.AfterFunc(ctx, func() { _ = s.conn.SetReadDeadline(time.Now()) })
	defer func() {
		stop()
		s.renewed()
		hand.Wait()
		_ = s.conn.Close()
	}()
	extend := func() error { return s.conn.SetReadDeadline(time.Now().Add(silence)) }
	for err := extend(); ; err = extend() {
		if err != nil || ctx.Err() != nil {
			return
		}
		_, raw, err := s.conn.ReadMessage()
		if err != nil {
			if ctx.Err() == nil {
				b.log.Info("slack: the connection ended", "error", err.Error())
			}
			return
		}
		var e envelope
		if err := json.Unmarshal(raw, &e); err != nil {
			b.log.Warn("slack: a delivery that is no envelope") // the error could quote what was in it
			continue
		}
		switch {
		case e.Type == "disconnect":
			b.log.Info("slack: the connection is renewed", "reason", e.Reason)
			s.once.Do(func() {
				s.planned = e.Reason == "warning" || e.Reason == "refresh_requested"
				close(s.renew)
			})
			extend = func() error { return nil }
			_ = s.conn.SetReadDeadline(time.Now().Add(linger))
		case e.EnvelopeID != "":
			hand.Go(func() {
				b.handle(delivery{kind: e.Type, payload: e.Payload, envelope: e.EnvelopeID}, s.answer(e.EnvelopeID))
			})
		}
	}
}

// answer acknowledges a delivery, with what there is to say about it.
func (s *socket) answer(id string) func(payload any) error {
	return func(payload any) error {
		raw, err := json.Marshal(struct {
			EnvelopeID string `json:"envelope_id"`
			Payload    any    `json:"payload,omitempty"`
		}{id, payload})
		if err != nil {
			return fmt.Errorf("acknowledge: %w", err)
		}
		if len(raw) >= maxAnswer {
			return fmt.Errorf("acknowledge: %d bytes are more than Slack takes", len(raw))
		}
		s.write.Lock()
		defer s.write.Unlock()
		if err := s.conn.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
			return fmt.Errorf("acknowledge: %w", err)
		}
		if err := s.conn.WriteMessage(websocket.TextMessage, raw); err != nil {
			return fmt.Errorf("acknowledge: %w", err)
		}
		return nil
	}
}
