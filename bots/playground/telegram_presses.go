package playground

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"
)

// press is a press of a button that waits for its answer.
type press struct {
	chat    *chat
	message int64
	at      time.Time // real time: a telephone does not wait for a clock on a page
}

// pressTable remembers the last presses.
type pressTable struct {
	mu    sync.Mutex
	byID  map[uint64]press
	order []uint64
	at    int
}

const (
	keepQueries = 1 << 14
	answerable  = 15 * time.Second
	maxToast    = 200
)

func (p *pressTable) add(one press) uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byID == nil {
		p.byID = map[uint64]press{}
	}
	id := rand.Uint64N(1<<62) + 1<<61
	p.byID[id] = one
	if len(p.order) < keepQueries {
		p.order = append(p.order, id)
		return id
	}
	delete(p.byID, p.order[p.at])
	p.order[p.at] = id
	p.at = (p.at + 1) % keepQueries
	return id
}

func (t *Telegram) answerCallbackQuery(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	id, _ := strconv.ParseUint(p.Get("callback_query_id"), 10, 64)
	t.presses.mu.Lock()
	one, known := t.presses.byID[id]
	t.presses.mu.Unlock()
	if !known || time.Since(one.at) > answerable {
		return out, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	text := p.Get("text")
	if utf8.RuneCountInString(text) > maxToast {
		return out, badRequest("MESSAGE_TOO_LONG")
	}
	c := one.chat
	c.mu.Lock()
	c.toast = text
	c.toastID++
	if m, _ := c.find(one.message); m != nil {
		m.Toast = text
	}
	c.mu.Unlock()
	t.shown(c)
	return append(out, "true"...), nil
}
