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
// Whatever would wait long gets a turn and comes back for it, so that it holds up nothing that goes elsewhere meanwhile.
type pace struct {
	perSecond rate.Limit // 0: no limits at all
	mu        sync.Mutex
	limits    map[string]*rate.Limiter
	turns     map[turn]time.Time
}

// turn is the place of something that waits to be sent, in the queue for a channel or a method.
type turn struct {
	id    int64
	queue string
}

func newPace(perSecond float64) *pace {
	return &pace{perSecond: rate.Limit(perSecond), limits: make(map[string]*rate.Limiter), turns: make(map[turn]time.Time)}
}

// tiers are calls per minute, as Slack publishes them.
var tiers = map[string]int{
	"chat.update": 50, "conversations.history": 50, "views.publish": 100, "users.conversations": 50, "conversations.create": 20,
	"conversations.setTopic": 20, "conversations.invite": 50, "conversations.kick": 50, "pins.add": 20, "conversations.archive": 20, "conversations.open": 50,
	"files.completeUploadExternal": 100,
	refreshing:                     25,
}

// refreshing is no method of Slack's: it is the pace at which the cards of old cases are made true, half of what is allowed.
const refreshing = "refresh"

// shortWait is how long a turn may be waited for on the spot.
const shortWait = 1500 * time.Millisecond

var errTurn = errors.New("its turn is later")

// post waits for the turn to post to a channel. An error says to come back for it.
func (p *pace) post(ctx context.Context, id int64, channel string) error {
	return p.wait(ctx, turn{id, channel}, p.perSecond, 1)
}

// call waits for the turn to call a method. An error says to come back for it.
func (p *pace) call(ctx context.Context, id int64, method string) error {
	// A third of a minute's calls may come at once; what follows is spread, so that no minute has more than allowed.
	minute := tiers[method]
	return p.wait(ctx, turn{id, method}, rate.Limit(float64(minute)*2/3/60), minute/3)
}

func (p *pace) wait(ctx context.Context, t turn, limit rate.Limit, burst int) error {
	if p.perSecond <= 0 {
		return nil
	}
	delay := p.delay(t, limit, burst)
	if delay > shortWait && t.id != 0 {
		p.keep(t, delay)
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

// delay is how long it is until the turn, which it takes if there was none.
func (p *pace) delay(t turn, limit rate.Limit, burst int) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at, ok := p.turns[t]; ok {
		delete(p.turns, t)
		return max(0, time.Until(at))
	}
	l := p.limits[t.queue]
	if l == nil {
		l = rate.NewLimiter(limit, max(1, burst))
		p.limits[t.queue] = l
	}
	return l.Reserve().Delay()
}

// keep remembers a turn until it is come back for, and forgets those that nobody came back for.
func (p *pace) keep(t turn, delay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if len(p.turns)%1000 == 999 {
		for other, at := range p.turns {
			if now.Sub(at) > 10*time.Minute {
				delete(p.turns, other)
			}
		}
	}
	p.turns[t] = now.Add(delay)
}
