package playground

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Undelivered updates are kept a day, undelivered presses 150 seconds, as published.
const (
	keepUpdates = 24 * time.Hour
	keepPresses = 150 * time.Second
	// keepDelivered is how many confirmed updates are remembered, so that a test can have one delivered again.
	keepDelivered = 512
)

// update is one thing that happened, as the bot will get it: {"update_id":<id>,<body>}.
type update struct {
	id    int64
	chat  int64
	kind  string
	at    time.Time // on the playground's clock
	body  []byte
	again bool // delivered once more, whatever was confirmed
}

func (u *update) press() bool { return u.kind == "callback_query" }

func (u *update) expired(now time.Time) bool {
	keep := keepUpdates
	if u.press() {
		keep = keepPresses
	}
	return now.Sub(u.at) > keep
}

func (u *update) appendTo(out []byte) []byte {
	out = append(out, `{"update_id":`...)
	out = strconv.AppendInt(out, u.id, 10)
	out = append(out, ',')
	out = append(out, u.body...)
	return append(out, '}')
}

// updateQueue holds what was not confirmed yet, in order.
type updateQueue struct {
	mu        sync.Mutex
	next      int64
	waiting   []*update
	delivered []*update // a ring of the last ones that were confirmed
	cursor    int
	poll      *longPoll
	conflict  time.Time // when the next conflict may be told at once
	allowed   []string  // nil: the default
}

// longPoll is a getUpdates that waits.
type longPoll struct {
	wake      chan struct{}
	conflict  string
	conflictD time.Duration
}

// push gives the update its number and brings it on its way. Callers of one chat come one at a time, so that its updates keep their order.
func (t *Telegram) push(u *update) int64 {
	u.at = t.play.clock.Now()
	q := &t.updates
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.allowed != nil && !slices.Contains(q.allowed, u.kind) {
		return 0
	}
	q.next++
	u.id = q.next
	if t.webhook.active() {
		t.webhook.add(u)
		return u.id
	}
	q.waiting = append(q.waiting, u)
	q.wake()
	return u.id
}

func (q *updateQueue) wake() {
	if q.poll != nil {
		close(q.poll.wake)
		q.poll = nil
	}
}

// take returns up to limit updates from the front; what expired is let go of.
func (q *updateQueue) take(limit int, now time.Time) []*update {
	list := q.waiting
	if slices.ContainsFunc(list[:min(len(list), limit)], func(u *update) bool { return u.expired(now) }) {
		q.waiting = slices.DeleteFunc(list, func(u *update) bool { return u.expired(now) })
		list = q.waiting
	}
	return list[:min(len(list), limit)]
}

// confirm forgets everything below the offset; a negative one keeps that many of the newest.
func (q *updateQueue) confirm(offset int64) {
	n := 0
	if offset < 0 {
		n = max(0, len(q.waiting)+int(offset))
	} else {
		for n < len(q.waiting) && q.waiting[n].id < offset && !q.waiting[n].again {
			n++
		}
	}
	for _, u := range q.waiting[:n] {
		q.remember(u)
	}
	clear(q.waiting[:n])
	q.waiting = q.waiting[n:]
}

func (q *updateQueue) remember(u *update) {
	if len(q.delivered) < keepDelivered {
		q.delivered = append(q.delivered, u)
		return
	}
	q.delivered[q.cursor] = u
	q.cursor = (q.cursor + 1) % keepDelivered
}

func (t *Telegram) getUpdates(r *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	if t.webhook.active() {
		return out, &refusal{code: http.StatusConflict,
			description: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}
	}
	limit := int(p.Int("limit"))
	if limit < 1 || limit > 100 {
		limit = 100
	}
	timeout := time.Duration(min(50, max(0, p.Int("timeout")))) * time.Second
	q := &t.updates
	q.mu.Lock()
	if raw := p.Get("allowed_updates"); raw != "" {
		if refused := q.allow(raw); refused != nil {
			q.mu.Unlock()
			return out, refused
		}
	}
	q.confirm(p.Int("offset"))
	list := q.take(limit, t.play.clock.Now())
	if len(list) == 0 && timeout > 0 {
		poll := q.startPoll()
		q.mu.Unlock()
		if refused := poll.wait(r, t.play, timeout); refused != nil {
			q.stopPoll(poll)
			return out, refused
		}
		q.stopPoll(poll)
		q.mu.Lock()
		list = q.take(limit, t.play.clock.Now())
	}
	out = append(out, '[')
	for i, u := range list {
		if i > 0 {
			out = append(out, ',')
		}
		out = u.appendTo(out)
		u.again = false
	}
	q.mu.Unlock()
	return append(out, ']'), nil
}

// allow sets which kinds of updates are kept from now on. The caller holds the lock.
func (q *updateQueue) allow(raw string) *refusal {
	var list []string
	if err := json.Unmarshal([]byte(raw), &list); err != nil {
		return badRequest("can't parse allowed updates: expected an Array of String")
	}
	q.allowed = nil
	if len(list) > 0 {
		q.allowed = list
	}
	return nil
}

// startPoll makes this call the one that waits; another that waited is told of the conflict, at most once in three seconds at once, as
// the real server does. The caller holds the lock.
func (q *updateQueue) startPoll() *longPoll {
	q.abort("Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
	q.poll = &longPoll{wake: make(chan struct{})}
	return q.poll
}

func (q *updateQueue) abort(why string) {
	if q.poll == nil {
		return
	}
	q.poll.conflict = why
	now := time.Now()
	if now.Before(q.conflict) {
		q.poll.conflictD = 3 * time.Second
	} else {
		q.conflict = now.Add(3 * time.Second)
	}
	q.wake()
}

func (q *updateQueue) stopPoll(poll *longPoll) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.poll == poll {
		q.poll = nil
	}
}

func (poll *longPoll) wait(r *http.Request, play *Playground, timeout time.Duration) *refusal {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case <-poll.wake:
		if poll.conflict == "" {
			return nil
		}
		if poll.conflictD > 0 && !play.wait(poll.conflictD) {
			return &refusal{}
		}
		return &refusal{code: http.StatusConflict, description: poll.conflict}
	case <-timer.C:
		return nil
	case <-r.Context().Done():
		return &refusal{}
	case <-play.ctx.Done():
		return &refusal{}
	}
}

// Pending counts the updates that the bot has not confirmed.
func (t *Telegram) Pending() int {
	q := &t.updates
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting) + t.webhook.pending()
}

// Redeliver delivers an update once more that was delivered and confirmed before, under the same number, as happens when a confirmation
// is lost. It reports false for one that is not remembered: the last 512 are.
func (t *Telegram) Redeliver(updateID int64) bool {
	q := &t.updates
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, u := range append(slices.Clone(q.delivered), q.waiting...) {
		if u.id != updateID {
			continue
		}
		again := *u
		again.again, again.at = true, t.play.clock.Now()
		if t.webhook.active() {
			t.webhook.add(&again)
			return true
		}
		q.waiting = append([]*update{&again}, q.waiting...)
		q.wake()
		return true
	}
	return false
}

// This file is what people do with their telephones.

func sortUpdates(list []*update) {
	slices.SortStableFunc(list, func(a, b *update) int {
		switch {
		case a.id < b.id:
			return -1
		case a.id > b.id:
			return 1
		}
		return 0
	})
}
