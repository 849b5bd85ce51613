package playground

import (
	"math"
	"time"
)

// bucket is a token bucket. Its owner guards it with a lock. Rates are counted in real time, whatever the clock was turned to.
type bucket struct {
	tokens float64
	at     time.Time
}

// take removes a token, or says how long until there is one.
func (b *bucket) take(now time.Time, capacity, perSecond float64) (wait time.Duration, ok bool) {
	if b.at.IsZero() {
		b.tokens = capacity
	} else {
		b.tokens = math.Min(capacity, b.tokens+now.Sub(b.at).Seconds()*perSecond)
	}
	b.at = now
	if b.tokens >= 1 {
		b.tokens--
		return 0, true
	}
	return time.Duration((1 - b.tokens) / perSecond * float64(time.Second)), false
}

// give puts a token back that was taken for something that did not happen.
func (b *bucket) give() { b.tokens++ }

// wholeSeconds rounds a wait up, as Retry-After and retry_after do; it is at least 1.
func wholeSeconds(d time.Duration) int {
	return max(1, int(math.Ceil(d.Seconds())))
}
