package jobs

import (
	"context"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// linger is how long a result waits for others to be recorded with it. What is not recorded when the program is killed is
// sent again, so it is short.
const linger = 4 * time.Millisecond

// settle records results, those that came together in one transaction, until there are no more.
func (d *Dispatcher) settle(r *run) {
	for first := range r.results {
		batch := []postgres.Result{first}
		enough := time.After(linger)
	more:
		for len(batch) < 500 {
			select {
			case next, ok := <-r.results:
				if !ok {
					break more
				}
				batch = append(batch, next)
			case <-enough:
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
