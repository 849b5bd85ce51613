// Package jobs runs what happens by itself: the delivery of what waits to be told, and the schedules of the clock. It knows
// how to send, once and in order; how a message looks, and what it means, it does not.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// RetryAfter is the error of a face whose platform asked to wait: nothing is sent on the lane before. Untried says that the face
// waits by itself, and has done nothing yet: that is no attempt, and is not recorded.
type RetryAfter struct {
	After   time.Duration
	Err     error
	Untried bool
}

func (e *RetryAfter) Error() string { return fmt.Sprintf("wait %s: %v", e.After, e.Err) }
func (e *RetryAfter) Unwrap() error { return e.Err }

// Undeliverable is the error of a face for what will not arrive however often it is tried. Reason is a word or two for the
// file; it holds no words of a complaint.
type Undeliverable struct {
	State  cases.DeliveryState // Failed, Gone or NotSent
	Reason string
}

func (e *Undeliverable) Error() string {
	return fmt.Sprintf("undeliverable (%s): %s", e.State, e.Reason)
}

// Face sends to one platform.
type Face struct {
	Prefix string // of its lanes
	Send   func(context.Context, postgres.Outgoing) error
	Rate   rate.Limit    // sends per second over all its lanes; 0: no limit
	Each   rate.Limit    // sends per second on one lane; 0: no limit
	Burst  int           // sends at once on one lane, within Each
	Most   int           // sends under way at once
	Limit  time.Duration // that one send may take

	// Now is the clock by which its rows wait for their time, which may be turned meanwhile; nil: that of the machine.
	Now func() time.Time
}

// store is what a dispatcher needs of the database.
type store interface {
	Waiting(ctx context.Context, known map[int64]struct{}, limit int) ([]postgres.Outgoing, error)
	Settle(ctx context.Context, results []postgres.Result) error
	Lose(ctx context.Context, r postgres.Result) error
	Tellable(ctx context.Context, o postgres.Outgoing) error
}

// Dispatcher sends what waits, in order on each lane, and no lane waits for another. Of all processes on a database one
// sends: it holds a lock of its database session, so that another takes over as soon as it dies.
type Dispatcher struct {
	store   store
	url     string
	log     *slog.Logger
	faces   []*face
	sending atomic.Bool
	counts  Counts

	wake  chan struct{} // something waits in the database that is not in memory
	mu    sync.Mutex
	known map[int64]struct{} // every row that is in memory
	lanes map[string]*line
	run   *run // nil: not sending

	// What is handed over may be sent at once only while nothing older can wait in the database unknown to us.
	level  bool                // nothing older can
	early  []postgres.Outgoing // handed over while the database was being asked
	missed bool                // something was handed over that has to be read from the database
	done   map[int64]struct{}  // rows that left the memory while the database was being asked
}

// Counts tells how sending goes since the start.
type Counts struct {
	Sent, Retried, Undelivered atomic.Int64
}

type face struct {
	Face
	all   *rate.Limiter
	slots chan struct{}
}

// line is what waits on one lane.
type line struct {
	face    *face
	waiting []postgres.Outgoing // in order of ID
	busy    bool
	pace    *rate.Limiter
}

// run is one time during which this process sends.
type run struct {
	ctx     context.Context
	results chan postgres.Result
	senders sync.WaitGroup
}

// most is how many rows are held in memory; what is beyond them stays in the database until there is room.
const most = 20_000

// NewDispatcher returns a dispatcher for the store, whose database is at url, with a face for each platform.
func NewDispatcher(s store, url string, log *slog.Logger, faces ...Face) *Dispatcher {
	d := &Dispatcher{store: s, url: url, log: log, known: map[int64]struct{}{}, lanes: map[string]*line{}, wake: make(chan struct{}, 1)}
	for _, f := range faces {
		of := &face{Face: f, slots: make(chan struct{}, f.Most)}
		if f.Rate > 0 {
			of.all = rate.NewLimiter(f.Rate, max(1, int(f.Rate)/2))
		}
		d.faces = append(d.faces, of)
	}
	return d
}

// Sending says whether this process is the one that sends.
func (d *Dispatcher) Sending() bool { return d.sending.Load() }

// Counts returns how sending goes.
func (d *Dispatcher) Counts() *Counts { return &d.counts }

// Waiting says how many rows are in memory.
func (d *Dispatcher) Waiting() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.known)
}

// Take receives what was just committed, in the order of the commits. What can't be sent yet without going before something
// older is read from the database instead.
func (d *Dispatcher) Take(out []postgres.Outgoing) {
	d.mu.Lock()
	defer d.mu.Unlock()
	foreign := slices.ContainsFunc(out, func(o postgres.Outgoing) bool { return o.Foreign })
	switch {
	case d.run == nil:
	case foreign, len(d.known)+len(d.early)+len(out) > most:
		d.level, d.missed = false, true
		d.rouse()
	case !d.level:
		d.early = append(d.early, out...)
	default:
		for _, o := range out {
			d.add(o)
		}
	}
}

// rouse makes the database be asked what waits.
func (d *Dispatcher) rouse() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// add puts a row in its lane; d.mu is held.
func (d *Dispatcher) add(o postgres.Outgoing) {
	if _, ok := d.known[o.ID]; ok {
		return
	}
	l := d.lanes[o.Lane]
	if l == nil {
		f := d.faceOf(o.Lane)
		if f == nil {
			d.log.Error("no face for a lane", "face", before(o.Lane), "id", o.ID)
			return
		}
		l = &line{face: f}
		if f.Each > 0 {
			l.pace = rate.NewLimiter(f.Each, f.Burst)
		}
		d.lanes[o.Lane] = l
	}
	d.known[o.ID] = struct{}{}
	at := len(l.waiting)
	for at > 0 && l.waiting[at-1].ID > o.ID && !(at == 1 && l.busy) { // the one under way stays first
		at--
	}
	l.waiting = append(l.waiting, postgres.Outgoing{})
	copy(l.waiting[at+1:], l.waiting[at:])
	l.waiting[at] = o
	if !l.busy {
		l.busy = true
		d.run.senders.Add(1)
		go d.drain(d.run, o.Lane, l)
	}
}

func (d *Dispatcher) faceOf(lane string) *face {
	for _, f := range d.faces {
		if strings.HasPrefix(lane, f.Prefix) {
			return f
		}
	}
	return nil
}

// before is the part of a lane that names its face and nobody.
func before(lane string) string { name, _, _ := strings.Cut(lane, "/"); return name }
