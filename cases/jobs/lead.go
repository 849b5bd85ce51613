package jobs

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases/postgres"
)

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
