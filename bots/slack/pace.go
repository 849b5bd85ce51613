package slack

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"websec.nl/gehoor/cases/jobs"
)

// pace keeps the rates that Slack publishes, so that it never has to refuse: a message per second to each channel, and for
// each other method what its tier allows per minute.
//
// Whatever would wait long gets turns and comes back for them, so that it holds up nothing that goes elsewhere meanwhile. When
// it comes back it does again what it had done before, so it gets as many turns as that takes, and one for what it waited for:
// with a single one it would use that up on the way, and come back for ever.
type pace struct {
	perSecond rate.Limit // 0: no limits at all
	mu        sync.Mutex
	limits    map[string]*rate.Limiter
	waiting   map[int64]*waiting // what was told to come back, by what it is
}

// waiting is something that waits to be sent, with what it holds of each queue for a channel or a method.
type waiting struct {
	queues map[string]*held
	until  time.Time
}

// held is what something has of a queue: turns that it was given, from a moment on, and how many it took since it began.
type held struct {
	from  time.Time
	turns int
	taken int
}

func newPace(perSecond float64) *pace {
	return &pace{perSecond: rate.Limit(perSecond), limits: make(map[string]*rate.Limiter), waiting: make(map[int64]*waiting)}
}

// tiers are calls per minute, as Slack publishes them.
var tiers = map[string]int{
	"chat.update": 50, "conversations.history": 50, "views.publish": 100, "users.conversations": 50, "conversations.create": 20,
	"conversations.setTopic": 20, "conversations.invite": 50, "conversations.kick": 50, "pins.add": 20, "conversations.archive": 20, "conversations.open": 50,
	"files.completeUploadExternal": 100, "files.info": 100, "users.list": 20, "conversations.rename": 20,
	refreshing: 25,
}

// refreshing is no method of Slack's: it is the pace at which the cards of old cases are made true, half of what is allowed.
const refreshing = "refresh"

// shortWait is how long a turn may be waited for on the spot.
const shortWait = 1500 * time.Millisecond

var errTurn = errors.New("its turn is later")

// begin says that something waits to be sent is tried, for the first time or once more.
func (p *pace) begin(id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.waiting[id]
	if w == nil {
		if len(p.waiting)%1000 == 999 { // of what was given up elsewhere nobody says that it ended
			for other, w := range p.waiting {
				if time.Since(w.until) > 10*time.Minute {
					delete(p.waiting, other)
				}
			}
		}
		w = &waiting{queues: make(map[string]*held), until: time.Now()}
		p.waiting[id] = w
	}
	for _, h := range w.queues {
		h.taken = 0
	}
}

// end says that it does not come back.
func (p *pace) end(id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.waiting, id)
}

// post waits for the turn to post to a channel. An error says to come back for it.
func (p *pace) post(ctx context.Context, id int64, channel string) error {
	return p.wait(ctx, id, channel, p.perSecond, 1)
}

// ahead sees to it that there is a turn to post to a channel, before anything is made ready for that. An error says to come back, and
// that nothing was done yet.
func (p *pace) ahead(id int64, channel string) error {
	if p.perSecond <= 0 {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.waiting[id]
	if w == nil {
		return nil
	}
	h := w.queue(channel)
	if h.turns > 0 {
		return nil
	}
	now := time.Now()
	h.turns = 1
	h.from = now.Add(p.limiter(channel, p.perSecond, 1).ReserveN(now, 1).DelayFrom(now))
	w.until = h.from
	if delay := h.from.Sub(now); delay > shortWait {
		return &jobs.RetryAfter{After: delay, Err: errTurn, Untried: true}
	}
	return nil
}

// call waits for the turn to call a method. An error says to come back for it.
func (p *pace) call(ctx context.Context, id int64, method string) error {
	// A third of a minute's calls may come at once; what follows is spread, so that no minute has more than allowed.
	minute := tiers[method]
	return p.wait(ctx, id, method, rate.Limit(float64(minute)*2/3/60), minute/3)
}

func (p *pace) wait(ctx context.Context, id int64, queue string, limit rate.Limit, burst int) error {
	if p.perSecond <= 0 {
		return nil
	}
	delay, later := p.turn(id, queue, limit, max(1, burst))
	if later {
		return &jobs.RetryAfter{After: delay, Err: errTurn}
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// turn is how long it is until the next turn, and whether to come back for it.
func (p *pace) turn(id int64, queue string, limit rate.Limit, burst int) (delay time.Duration, later bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.limiter(queue, limit, burst)
	w := p.waiting[id]
	if w == nil {
		return l.Reserve().Delay(), false
	}
	h := w.queue(queue)
	now := time.Now()
	if h.turns > 0 {
		h.turns--
		h.taken++
		return max(0, h.from.Sub(now)), false
	}
	one := l.ReserveN(now, 1)
	if one.DelayFrom(now) <= shortWait {
		h.taken++
		return one.DelayFrom(now), false
	}
	one.CancelAt(now)
	h.turns = min(h.taken+1, burst)
	h.from = now.Add(l.ReserveN(now, h.turns).DelayFrom(now))
	w.until = h.from
	return h.from.Sub(now), true
}

// limiter is that of a queue. The caller holds the lock.
func (p *pace) limiter(queue string, limit rate.Limit, burst int) *rate.Limiter {
	l := p.limits[queue]
	if l == nil {
		l = rate.NewLimiter(limit, burst)
		p.limits[queue] = l
	}
	return l
}

// queue is what is held of a queue.
func (w *waiting) queue(name string) *held {
	h := w.queues[name]
	if h == nil {
		h = new(held)
		w.queues[name] = h
	}
	return h
}
