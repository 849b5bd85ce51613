package telegram

import (
	"bytes"
	"sync"

	"websec.nl/gehoor/conversation"
)

// sessions are those that this process kept last, as they are when they are read: a conversation goes on with what it read before
// where that is just what is kept of it, whoever kept it. Reading it anew is a good part of what a step takes.
type sessions struct {
	mu   sync.Mutex
	last map[int64]session
}

type session struct {
	kept []byte
	read conversation.Session
}

// mostSessions is how many conversations that takes some memory for: those that go on at this moment.
const mostSessions = 1000

// take hands over the session of a chat if it is what is kept. It is nobody else's then: what comes of it may come to nothing.
func (s *sessions) take(chat int64, kept []byte) (conversation.Session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, ok := s.last[chat]
	delete(s.last, chat)
	return one.read, ok && bytes.Equal(one.kept, kept)
}

// put remembers what was kept of a chat.
func (s *sessions) put(chat int64, kept []byte, read conversation.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil {
		s.last = make(map[int64]session)
	}
	for other := range s.last {
		if len(s.last) < mostSessions {
			break
		}
		delete(s.last, other)
	}
	s.last[chat] = session{kept, read}
}
