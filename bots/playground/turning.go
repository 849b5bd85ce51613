package playground

import (
	"time"
)

// SetNextDeadline says where "to the next deadline" turns the clock to.
func (p *Playground) SetNextDeadline(next func() (time.Time, bool)) {
	p.mu.Lock()
	p.nextDeadline = next
	p.mu.Unlock()
	p.changed()
}

// SetTurned sets what is called after the clock was turned.
func (p *Playground) SetTurned(turned func(time.Time)) {
	p.mu.Lock()
	p.turned = turned
	p.mu.Unlock()
}

// Turn turns the clock forward and tells who wants to know.
func (p *Playground) Turn(d time.Duration) time.Time {
	p.clock.Advance(d)
	p.mu.Lock()
	turned := p.turned
	p.mu.Unlock()
	now := p.clock.Now()
	if turned != nil {
		turned(now)
	}
	p.changed()
	return now
}

// TurnToDeadline turns the clock to one second after the next deadline, so that it has passed. It reports false where there is none ahead.
func (p *Playground) TurnToDeadline() (time.Time, bool) {
	next, ok := p.deadline()
	if !ok {
		return p.clock.Now(), false
	}
	return p.Turn(max(0, next.Sub(p.clock.Now())) + time.Second), true
}

func (p *Playground) deadline() (time.Time, bool) {
	p.mu.Lock()
	next := p.nextDeadline
	p.mu.Unlock()
	if next == nil {
		return time.Time{}, false
	}
	return next()
}
