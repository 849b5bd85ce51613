package slack

import (
	"crypto/sha256"
	"encoding/json"
	"sync"
	"time"
)

// shown remembers for a while, by a hash, what each message says that this process posted or changed.
type shown struct {
	mu    sync.Mutex
	known map[messageAt]shownAs
}

type messageAt struct{ channel, id string }

type shownAs struct {
	hash [sha256.Size]byte
	at   time.Time
}

const (
	shownAge  = 30 * time.Minute
	shownMost = 10_000
)

// hash tells what a message shows from all else that one can show.
func (m message) hash() ([sha256.Size]byte, bool) {
	blocks, err := json.Marshal(atMost(m.blocks, maxMessageBlocks))
	if err != nil {
		return [sha256.Size]byte{}, false
	}
	head, err := json.Marshal([]string{m.text, m.key})
	return sha256.Sum256(append(head, blocks...)), err == nil
}

// just says whether a message shows just what m says, as far as is known.
func (s *shown) just(channel, id string, m message) bool {
	hash, ok := m.hash()
	s.mu.Lock()
	defer s.mu.Unlock()
	as, known := s.known[messageAt{channel, id}]
	return ok && known && as.hash == hash && time.Since(as.at) < shownAge
}

func (s *shown) remember(channel, id string, m message) {
	hash, ok := m.hash()
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil || len(s.known) >= shownMost {
		s.known = make(map[messageAt]shownAs)
	}
	s.known[messageAt{channel, id}] = shownAs{hash, time.Now()}
}

func (s *shown) forget(channel, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, messageAt{channel, id})
}
