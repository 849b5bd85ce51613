package playground

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	pingEvery       = 5 * time.Second // the client library gives up after 30 s without one
	mostConnections = 10
	// largestAnswer: a larger answer to an envelope is dropped silently by the real service.
	largestAnswer = 20 << 10
	refreshGrace  = 10 * time.Second
	waitingFrames = 4096
)

// sockets are the Socket Mode connections of the app.
type sockets struct {
	s       *Slack
	mu      sync.Mutex
	tickets map[string]bool
	open    []*socket
	next    int
	pending map[string]chan []byte // by envelope_id
}

// socket is one connection. Its writer is the only one to write to it.
type socket struct {
	conn     *websocket.Conn
	frames   chan []byte
	gone     chan struct{}
	once     sync.Once
	retiring bool
}

func (all *sockets) init(s *Slack) {
	all.s = s
	all.tickets, all.pending = map[string]bool{}, map[string]chan []byte{}
}

func (s *Slack) openConnection(SlackArgs) (object, *slackError) {
	ticket := newID("T")
	s.sockets.mu.Lock()
	s.sockets.tickets[ticket] = true
	s.sockets.mu.Unlock()
	return object{"url": "ws" + strings.TrimPrefix(s.appBase(), "http") + "/slack/socket?ticket=" + ticket + "&app_id=" + AppID}, nil
}

// serve is a connection, from its ticket to its end.
func (all *sockets) serve(w http.ResponseWriter, r *http.Request) {
	all.mu.Lock()
	ticket := r.FormValue("ticket")
	known := all.tickets[ticket]
	delete(all.tickets, ticket)
	all.mu.Unlock()
	if !known {
		http.Error(w, "invalid ticket", http.StatusForbidden)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }} // a ticket is better proof than an origin
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	one := &socket{conn: conn, frames: make(chan []byte, waitingFrames), gone: make(chan struct{})}
	defer one.close()
	if !all.add(one) {
		return
	}
	all.s.play.spawn(one.write)
	all.read(one)
	all.remove(one)
}

func (all *sockets) add(one *socket) bool {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.s.play.ctx.Err() != nil {
		return false
	}
	if len(all.open) >= mostConnections {
		_ = one.conn.WriteJSON(object{"type": "disconnect", "reason": "too_many_websockets", "debug_info": object{"host": "playground"}})
		return false
	}
	all.open = append(all.open, one)
	one.frames <- mustJSON(object{
		"type": "hello", "num_connections": len(all.open), "connection_info": object{"app_id": AppID},
		"debug_info": object{"host": "playground", "build_number": 1, "approximate_connection_time": 18060},
	})
	all.s.shown()
	return true
}

func (all *sockets) remove(one *socket) {
	all.mu.Lock()
	for i, other := range all.open {
		if other == one {
			all.open = append(all.open[:i:i], all.open[i+1:]...)
			break
		}
	}
	all.mu.Unlock()
	all.s.shown()
}

func (one *socket) close() {
	one.once.Do(func() {
		close(one.gone)
		_ = one.conn.Close()
	})
}

func (one *socket) write() {
	defer one.close()
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	ping := func() error {
		return one.conn.WriteControl(websocket.PingMessage, []byte("playground"), time.Now().Add(pingEvery))
	}
	if ping() != nil {
		return
	}
	for {
		var err error
		select {
		case frame := <-one.frames:
			err = one.conn.WriteMessage(websocket.TextMessage, frame)
		case <-ticker.C:
			err = ping()
		case <-one.gone:
			return
		}
		if err != nil {
			return
		}
	}
}

// read takes acknowledgements until the connection ends. One may come on another connection than the envelope went over.
func (all *sockets) read(one *socket) {
	for {
		_, raw, err := one.conn.ReadMessage()
		if err != nil {
			return
		}
		var answer struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(raw, &answer); err != nil || answer.EnvelopeID == "" {
			all.s.play.violated("slack socket", []string{"a message without envelope_id"})
			continue
		}
		if len(raw) >= largestAnswer {
			all.s.play.violated("slack socket", []string{"an answer of 20 KB or more, which Slack drops"})
			continue
		}
		all.mu.Lock()
		waiting := all.pending[answer.EnvelopeID]
		delete(all.pending, answer.EnvelopeID)
		all.mu.Unlock()
		if waiting != nil {
			waiting <- answer.Payload
		}
	}
}

// send puts an envelope on one of the connections, in turn. The function it returns waits for the acknowledgement.
func (all *sockets) send(d *delivery, number int, reason string) (func() ack, error) {
	all.mu.Lock()
	defer all.mu.Unlock()
	var one *socket
	for range all.open {
		candidate := all.open[all.next%len(all.open)]
		all.next++
		if !candidate.retiring {
			one = candidate
			break
		}
	}
	if one == nil {
		return nil, errNotConnected
	}
	envelopeID := fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", rand.Uint32(), rand.IntN(1<<16), rand.IntN(1<<12), rand.IntN(1<<12), rand.Uint64N(1<<48))
	envelope := object{"envelope_id": envelopeID, "type": d.kind, "payload": json.RawMessage(d.payload), "accepts_response_payload": d.accepts}
	if d.kind == "events_api" {
		envelope["retry_attempt"], envelope["retry_reason"] = number, reason
	}
	select {
	case one.frames <- mustJSON(envelope):
	default:
		return nil, errNotConnected // the app has stopped reading
	}
	waiting := make(chan []byte, 1)
	all.pending[envelopeID] = waiting
	return func() ack {
		timer := time.NewTimer(all.s.play.options.AckTimeout)
		defer timer.Stop()
		select {
		case answer := <-waiting:
			return ack{answer: answer}
		case <-timer.C:
		case <-all.s.play.ctx.Done():
		}
		all.mu.Lock()
		delete(all.pending, envelopeID)
		all.mu.Unlock()
		return ack{err: errTimeout}
	}, nil
}

// Connections counts the open Socket Mode connections.
func (s *Slack) Connections() int {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	return len(s.sockets.open)
}

// KillConnections ends all Socket Mode connections without a word, as a broken network does.
func (s *Slack) KillConnections() {
	s.sockets.mu.Lock()
	list := s.sockets.open
	s.sockets.open = nil
	s.sockets.mu.Unlock()
	for _, one := range list {
		_ = one.conn.NetConn().Close()
		one.close()
	}
}

// Refresh asks the app to open a new connection in the place of each it has, as Slack does regularly; the old ones end soon after.
func (s *Slack) Refresh() {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	for _, one := range s.sockets.open {
		if one.retiring {
			continue
		}
		one.retiring = true
		select {
		case one.frames <- mustJSON(object{"type": "disconnect", "reason": "refresh_requested", "debug_info": object{"host": "playground"}}):
		default:
		}
		time.AfterFunc(refreshGrace, one.close)
	}
}

// closeConnections ends all connections with the app.
func (s *Slack) closeConnections() {
	s.client.CloseIdleConnections()
	s.sockets.mu.Lock()
	list := s.sockets.open
	s.sockets.open = nil
	s.sockets.mu.Unlock()
	for _, one := range list {
		one.close()
	}
}
