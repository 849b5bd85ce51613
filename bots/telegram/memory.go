package telegram

import (
	"bytes"
	"slices"
	"sync"
	"time"
)

// memory is what this process remembers of the chats it has to do with. All of it may be forgotten: what is kept for good is
// kept by the store.
type memory struct {
	mu    sync.Mutex
	chats map[int64]*remembered
	stale map[int64]struct{}  // the chats with keyboards that are to be taken away
	timed bool                // somebody will look at stale again
	until time.Time           // Telegram asked to take no more away before
	noes  map[int64]time.Time // when a group was last told that we speak with one person at a time
}

// remembered is what is known of one chat.
type remembered struct {
	step   int       // of the question that is open; what belongs to an earlier one is over
	heard  time.Time // when something was last heard from there
	boards []board   // of questions, in the order in which they were sent
	asked  []asked   // the messages that buttons were pressed under lately that are never old
	room   float64   // how much Telegram takes there at once, as it was at
	at     time.Time // a moment
}

// Telegram takes a message a second in one chat, and a few at once (Bot API FAQ); what it takes at once is not published.
const (
	roomy = 4.0 // at once
	pace  = 1.0 // a second
)

// roomAt is how much Telegram takes in a chat at a moment.
func (c *remembered) roomAt(now time.Time) float64 {
	if c.at.IsZero() {
		return roomy
	}
	return min(roomy, c.room+pace*now.Sub(c.at).Seconds())
}

// spend remembers that something is sent there.
func (c *remembered) spend(now time.Time) {
	c.room, c.at = max(0, c.roomAt(now)-1), now
}

// board is a message with the buttons of a question under it.
type board struct {
	message int64
	step    int
	markup  []byte // where some of it stays once the question is answered; nil: nothing does
}

// asked is a message with buttons that are never old.
type asked struct {
	message int64
	markup  []byte
}

// atOnce is the step of a keyboard of which something is to be taken away whatever question is open.
const atOnce = -1

// How many chats are remembered, and of one chat how many keyboards that still stand, and how many messages with buttons that
// are never old.
const (
	mostChats  = 10_000
	mostBoards = 32
	mostAsked  = 4
)

// about returns what is remembered of a chat. The caller holds the lock.
func (m *memory) about(chat int64) *remembered {
	c := m.chats[chat]
	if c != nil {
		return c
	}
	if m.chats == nil {
		m.chats, m.stale = map[int64]*remembered{}, map[int64]struct{}{}
	}
	for other := range m.chats {
		if len(m.chats) < mostChats {
			break
		}
		delete(m.chats, other)
		delete(m.stale, other)
	}
	c = new(remembered)
	m.chats[chat] = c
	return c
}

// spoke remembers what was sent to a chat, and under which number.
func (m *memory) spoke(chat, message int64, sent []byte, now time.Time) {
	step, markup := boardOf(sent)
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.about(chat)
	c.spend(now)
	if message > 0 {
		c.board(board{message, step, markup})
	}
	if now.Sub(c.heard) > alone { // another process hears this chat: what is asked tells which question is open
		c.step = max(c.step, step)
	}
	m.look(chat, c)
}

// alone is how long after something was heard from a chat it is taken for granted that no other process hears it.
const alone = time.Minute

// board remembers the keyboard that a message has from now on; of too many the oldest are forgotten, and stay where they are.
func (c *remembered) board(b board) {
	c.boards = slices.DeleteFunc(c.boards, func(other board) bool { return other.message == b.message })
	if b.step == 0 {
		return
	}
	if len(c.boards) == mostBoards {
		c.boards = slices.Delete(c.boards, 0, 1)
	}
	c.boards = append(c.boards, b)
}

// look notes whether a chat has keyboards of questions that are not open any more. The caller holds the lock.
func (m *memory) look(chat int64, c *remembered) {
	if slices.ContainsFunc(c.boards, func(b board) bool { return b.step < c.step }) {
		m.stale[chat] = struct{}{}
	} else {
		delete(m.stale, chat)
	}
}

// hear remembers which question is open after something was heard from a chat, and the keyboard in which an old button was
// pressed, if one was.
func (m *memory) hear(chat int64, step int, old board, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.about(chat)
	if step < c.step { // the conversation was erased, and counts anew
		c.boards = nil
	}
	c.step, c.heard = step, now
	if old.message > 0 {
		c.board(old)
	}
	m.look(chat, c)
}

// press remembers a message under which a button was pressed that is never old.
func (m *memory) press(chat, message int64, markup []byte) {
	if message <= 0 || len(markup) == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.about(chat)
	c.asked = slices.DeleteFunc(c.asked, func(one asked) bool { return one.message == message })
	if len(c.asked) == mostAsked {
		c.asked = slices.Delete(c.asked, 0, 1)
	}
	c.asked = append(c.asked, asked{message, bytes.Clone(markup)})
}

// settle has buttons with certain choices taken away from the messages under which they were pressed: what they ask for has its
// answer.
func (m *memory) settle(chat int64, choices []string) {
	if len(choices) == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.about(chat)
	c.asked = slices.DeleteFunc(c.asked, func(one asked) bool {
		rest, less := without(one.markup, choices)
		if less {
			c.board(board{one.message, atOnce, rest})
		}
		return less
	})
	m.look(chat, c)
}
