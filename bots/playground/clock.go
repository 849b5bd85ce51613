package playground

import (
	"sync/atomic"
	"time"
)

// Clock is real time plus an offset that can be turned forward. It is safe for concurrent use.
type Clock struct {
	start  time.Time
	began  time.Time
	offset atomic.Int64
}

// NewClock returns a clock that reads start now and runs on in real time, in start's location.
func NewClock(start time.Time) *Clock {
	return &Clock{start: start.Round(0), began: time.Now()} // without the monotonic reading, which knows nothing of turning
}

// Now is the moment on this clock.
func (c *Clock) Now() time.Time {
	return c.start.Add(time.Since(c.began) + time.Duration(c.offset.Load()))
}

// Advance turns the clock forward by d; a negative d is ignored, because no outside service runs backwards.
func (c *Clock) Advance(d time.Duration) {
	if d > 0 {
		c.offset.Add(int64(d))
	}
}
