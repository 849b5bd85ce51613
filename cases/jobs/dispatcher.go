// Package jobs runs what happens by itself: the delivery of what waits to be told, and the schedules of the clock. It knows
// how to send, once and in order; how a message looks, and what it means, it does not.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/time/rate"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// RetryAfter is the error of a face whose platform asked to wait: nothing is sent on the lane before.
type RetryAfter struct {
	After time.Duration
	Err   error
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
}

// store is what a dispatcher needs of the database.
type store interface {
	Waiting(ctx context.Context, known map[int64]struct{}, limit int) ([]postgres.Outgoing, error)
	Settle(ctx context.Context, results []postgres.Result) error
	Lose(ctx context.Context, r postgres.Result) error
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

// drain sends what waits on a lane, one after the other, until nothing does.
func (d *Dispatcher) drain(r *run, lane string, l *line) {
	defer r.senders.Done()
	for {
		d.mu.Lock()
		if len(l.waiting) == 0 {
			l.busy = false
			if l.rested() {
				delete(d.lanes, lane)
			}
			d.mu.Unlock()
			return
		}
		o := l.waiting[0]
		d.mu.Unlock()
		result, ok := d.try(r, l, o)
		if !ok {
			return // the run ended; the row is still in the database
		}
		d.mu.Lock()
		if result.State == cases.Queued {
			o.Attempts++
			o.NotBefore = result.NotBefore
			l.waiting[0] = o
		} else {
			l.waiting = l.waiting[1:]
		}
		d.mu.Unlock()
		r.results <- result
	}
}

// rested says whether the pace of an empty lane need not be remembered.
func (l *line) rested() bool { return l.pace == nil || l.pace.Tokens() >= float64(l.face.Burst) }

// try waits until a row may be sent, sends it, and says what became of it; false when the run ended first.
func (d *Dispatcher) try(r *run, l *line, o postgres.Outgoing) (postgres.Result, bool) {
	if !wait(r.ctx, o.NotBefore) {
		return postgres.Result{}, false
	}
	for _, limiter := range []*rate.Limiter{l.pace, l.face.all} {
		if limiter != nil && limiter.Wait(r.ctx) != nil {
			return postgres.Result{}, false
		}
	}
	select {
	case l.face.slots <- struct{}{}:
	case <-r.ctx.Done():
		return postgres.Result{}, false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), l.face.Limit) // what was begun is finished
	err := d.send(ctx, l.face, o)
	cancel()
	<-l.face.slots
	return d.judge(o, err), true
}

// send lets a face send, and makes an error of a panic: one message that can't be made must not end the others.
func (d *Dispatcher) send(ctx context.Context, f *face, o postgres.Outgoing) (err error) {
	defer func() {
		if r := recover(); r != nil {
			d.log.Error("a face panicked", "face", before(o.Lane), "case", o.Number, "notice", o.Notice.Kind, "at", string(debug.Stack()))
			err = errors.New("a face panicked")
		}
	}()
	return f.Send(ctx, o)
}

// judge says what the outcome of a send means for its row.
func (d *Dispatcher) judge(o postgres.Outgoing, err error) postgres.Result {
	var later *RetryAfter
	var never *Undeliverable
	switch {
	case err == nil:
		d.counts.Sent.Add(1)
		return postgres.Result{Out: o, State: cases.Sent}
	case errors.As(err, &never):
		d.counts.Undelivered.Add(1)
		d.log.Warn("undeliverable", "face", before(o.Lane), "case", o.Number, "notice", o.Notice.Kind, "state", never.State, "reason", never.Reason)
		return postgres.Result{Out: o, State: never.State, Reason: never.Reason}
	case errors.As(err, &later):
		d.counts.Retried.Add(1)
		return postgres.Result{Out: o, State: cases.Queued, Reason: "asked to wait", NotBefore: time.Now().Add(later.After)}
	}
	d.counts.Retried.Add(1)
	d.log.Warn("send again", "face", before(o.Lane), "case", o.Number, "notice", o.Notice.Kind, "attempt", o.Attempts+1, "err", err)
	return postgres.Result{Out: o, State: cases.Queued, Reason: "no answer", NotBefore: time.Now().Add(backoff(o.Attempts))}
}

// backoff doubles from half a second to five minutes.
func backoff(attempts int) time.Duration {
	return min(500*time.Millisecond<<min(attempts, 20), 5*time.Minute)
}

func wait(ctx context.Context, until time.Time) bool {
	d := time.Until(until)
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Run waits for the lock, sends until ctx ends or the lock is lost, and begins anew. It returns when ctx is done and what
// was under way is finished.
func (d *Dispatcher) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := d.session(ctx)
		if ctx.Err() == nil {
			d.log.Warn("sending stopped, and begins anew", "err", err)
			wait(ctx, time.Now().Add(300*time.Millisecond))
		}
	}
	return nil
}

// lockID names the lock of who sends.
const lockID = 0x6765686f6f72 // "gehoor"

// session connects, waits for its turn to send, and sends for as long as the connection holds.
func (d *Dispatcher) session(ctx context.Context) error {
	cfg, err := pgx.ParseConfig(d.url)
	if err != nil {
		return fmt.Errorf("database URL: %w", err)
	}
	// The database notices within half a minute that this machine is gone, and lets another have the lock.
	maps.Copy(cfg.RuntimeParams, map[string]string{"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"})
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return fmt.Errorf("connect to send: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for mine := false; !mine; {
		if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, int64(lockID)).Scan(&mine); err != nil {
			return fmt.Errorf("lock to send: %w", err)
		}
		if !mine && !wait(ctx, time.Now().Add(500*time.Millisecond)) {
			return ctx.Err()
		}
	}
	if _, err := conn.Exec(ctx, `LISTEN outbox`); err != nil {
		return fmt.Errorf("listen for what is queued: %w", err)
	}
	return d.lead(ctx, conn)
}

// sweepEvery is how often the database is asked for what nobody told us of.
const sweepEvery = 2 * time.Second

func (d *Dispatcher) lead(ctx context.Context, conn *pgx.Conn) error {
	ctx, stop := context.WithCancel(ctx)
	r := &run{ctx: ctx, results: make(chan postgres.Result, 1024)}
	d.mu.Lock()
	d.run, d.level, d.early = r, false, nil
	d.mu.Unlock()
	settled := make(chan struct{})
	go func() { defer close(settled); d.settle(r) }()
	d.sending.Store(true)
	d.log.Info("sending")

	err := d.sweeps(ctx, conn)

	d.sending.Store(false)
	stop()
	d.mu.Lock()
	d.run = nil
	d.mu.Unlock()
	r.senders.Wait()
	close(r.results)
	<-settled
	d.mu.Lock()
	d.known, d.lanes = map[int64]struct{}{}, map[string]*line{}
	d.mu.Unlock()
	return err
}

// sweeps reads what waits in the database: at first, when another process queued something, and every now and then.
func (d *Dispatcher) sweeps(ctx context.Context, conn *pgx.Conn) error {
	ctx, stop := context.WithCancelCause(ctx)
	var listening sync.WaitGroup
	listening.Go(func() {
		for {
			if _, err := conn.WaitForNotification(ctx); err != nil {
				stop(fmt.Errorf("listen for what is queued: %w", err))
				return
			}
			d.rouse()
		}
	})
	defer listening.Wait()
	defer stop(nil)
	for {
		more, err := d.sweep(ctx)
		if err != nil {
			return err
		}
		next := sweepEvery
		if more {
			next = sweepEvery / 100
		}
		timer := time.NewTimer(next)
		select {
		case <-d.wake:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		}
		timer.Stop()
	}
}

// sweep asks the database what waits that is not in memory, and says whether there is more.
func (d *Dispatcher) sweep(ctx context.Context) (more bool, err error) {
	d.mu.Lock()
	known := maps.Clone(d.known)
	d.done, d.missed = map[int64]struct{}{}, false
	for name, l := range d.lanes {
		if !l.busy && l.rested() {
			delete(d.lanes, name)
		}
	}
	d.mu.Unlock()
	room := max(0, most-len(known))
	waiting, err := d.store.Waiting(ctx, known, room)
	d.mu.Lock()
	defer d.mu.Unlock()
	early, done := d.early, d.done
	d.early, d.done = nil, nil
	for _, o := range waiting {
		if _, sent := done[o.ID]; !sent {
			d.add(o)
		}
	}
	d.level = err == nil && len(waiting) < room && !d.missed
	if d.level { // else something older than these may still be in the database, where these are as well
		for _, o := range early {
			d.add(o)
		}
	}
	return !d.level, err
}

// settle records results, those that came together in one transaction, until there are no more.
func (d *Dispatcher) settle(r *run) {
	for first := range r.results {
		batch := []postgres.Result{first}
	more:
		for len(batch) < 500 {
			select {
			case next, ok := <-r.results:
				if !ok {
					break more
				}
				batch = append(batch, next)
			default:
				break more
			}
		}
		d.record(batch)
	}
}

// record writes results down. A row leaves the memory only when the database knows what became of it, or has been out of
// reach for so long that another process may be sending.
func (d *Dispatcher) record(batch []postgres.Result) {
	var plain []postgres.Result
	for _, r := range batch {
		lost := r.State != cases.Sent && r.State != cases.Queued && (r.Out.Notice.To == cases.ByChat || r.Out.Notice.To == cases.ByMail)
		if !lost {
			plain = append(plain, r)
		} else if err := d.insist(func(ctx context.Context) error { return d.store.Lose(ctx, r) }); err != nil {
			d.log.Error("what did not arrive is not recorded; it is tried again", "case", r.Out.Number, "err", err)
		}
	}
	if len(plain) > 0 {
		if err := d.insist(func(ctx context.Context) error { return d.store.Settle(ctx, plain) }); err != nil {
			d.log.Error("what was sent is not recorded; it may be sent again", "rows", len(plain), "err", err)
		}
	}
	for _, r := range batch {
		d.forget(r)
	}
}

// insist tries for some seconds.
func (d *Dispatcher) insist(f func(context.Context) error) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
	defer cancel()
	for n := 0; ; n++ {
		if err = f(ctx); err == nil || !wait(ctx, time.Now().Add(backoff(n)/5)) {
			return err
		}
	}
}

func (d *Dispatcher) forget(r postgres.Result) {
	if r.State == cases.Queued {
		return
	}
	d.mu.Lock()
	delete(d.known, r.Out.ID)
	if d.done != nil {
		d.done[r.Out.ID] = struct{}{}
	}
	d.mu.Unlock()
}
