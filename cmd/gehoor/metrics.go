package main

import (
	"context"
	"math"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// due says what the clock has to tell: cases, and since when the first of them waits.
type due interface {
	Due(ctx context.Context) (n int, since time.Time, err error)
	Now() time.Time
}

// lateness is by how much the last tick of the clock in this process came after what had waited longest for it.
type lateness struct{ nanoseconds atomic.Int64 }

// measured is a tick that notes before it begins how long the first of what is due has waited.
func (l *lateness) measured(d due, tick func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		if _, since, err := d.Due(ctx); err == nil { // a tick is worth more than what is known of it
			late := time.Duration(0)
			if !since.IsZero() {
				late = d.Now().Sub(since)
			}
			l.nanoseconds.Store(int64(late))
		}
		return tick(ctx)
	}
}

// seconds is how late the last tick was.
func (l *lateness) seconds() float64 { return time.Duration(l.nanoseconds.Load()).Seconds() }

// asking is how long a scrape waits for the database.
const asking = 2 * time.Second

// waiting counts the cases that wait for the clock; not a number where the database does not say.
func waiting(d due) float64 {
	ctx, stop := context.WithTimeout(context.Background(), asking)
	defer stop()
	n, _, err := d.Due(ctx)
	if err != nil {
		return math.NaN()
	}
	return float64(n)
}

// metrics are what this program tells about itself. None has a label that names a person or a case.
func metrics(p *program) []prometheus.Collector {
	counts := p.dispatcher.Counts()
	counter := func(name, help string, value func() int64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(value()) })
	}
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	return []prometheus.Collector{
		counter("gehoor_sent_total", "Messages that a platform took.", counts.Sent.Load),
		counter("gehoor_retried_total", "Sends that are tried again.", counts.Retried.Load),
		counter("gehoor_undelivered_total", "Messages that can't arrive.", counts.Undelivered.Load),
		gauge("gehoor_waiting", "Messages that wait in this process.", func() float64 { return float64(p.dispatcher.Waiting()) }),
		gauge("gehoor_sending", "1 in the one process that sends.", func() float64 {
			if p.dispatcher.Sending() {
				return 1
			}
			return 0
		}),
		gauge("gehoor_clock_due", "Cases about which the clock has something to tell at this moment.", func() float64 { return waiting(p.store) }),
		gauge("gehoor_clock_late_seconds", "How long what is due had waited when the clock last ticked in this process.", p.late.seconds),
		gauge("gehoor_database_connections", "Connections to the database in use.", func() float64 {
			return float64(p.pool.Stat().AcquiredConns())
		}),
	}
}
