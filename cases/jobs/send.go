package jobs

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"golang.org/x/time/rate"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

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
		result, untried, ok := d.try(r, l, o)
		if !ok {
			return // the run ended; the row is still in the database
		}
		said := result.State != cases.Queued && result.State != cases.Gone // as far as it ever will be
		switch {
		case result.State == cases.Queued:
			o.NotBefore = result.NotBefore
			if !untried {
				o.Attempts++
			}
		case said && o.Sent+1 < len(o.Lines): // the next of its lines is to go out
			o.Sent, o.Attempts, o.NotBefore = o.Sent+1, 0, time.Time{}
			result = postgres.Result{State: cases.Queued}
		}
		result.Out = o
		d.mu.Lock()
		if result.State == cases.Queued {
			l.waiting[0] = o
		} else {
			l.waiting = l.waiting[1:]
		}
		d.mu.Unlock()
		if !untried && (!said || result.State != cases.Queued || l.waits()) {
			r.results <- result
		}
	}
}

// waits says whether what is next on a lane has to wait for its turn: what went out before it is recorded then, so that it is not
// sent again if the program is killed meanwhile.
func (l *line) waits() bool {
	return l.pace != nil && l.pace.Tokens() < 1 || l.face.all != nil && l.face.all.Tokens() < 1
}

// rested says whether the pace of an empty lane need not be remembered.
func (l *line) rested() bool { return l.pace == nil || l.pace.Tokens() >= float64(l.face.Burst) }

// try waits until a row may be sent, sends it, and says what became of it, and whether its face did nothing yet; not ok when the run
// ended first.
func (d *Dispatcher) try(r *run, l *line, o postgres.Outgoing) (result postgres.Result, untried, ok bool) {
	if !l.face.wait(r.ctx, o.NotBefore) {
		return result, false, false
	}
	for _, limiter := range []*rate.Limiter{l.pace, l.face.all} {
		if limiter != nil && limiter.Wait(r.ctx) != nil {
			return result, false, false
		}
	}
	select {
	case l.face.slots <- struct{}{}:
	case <-r.ctx.Done():
		return result, false, false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), l.face.Limit) // what was begun is finished
	err := d.send(ctx, l.face, o)
	cancel()
	<-l.face.slots
	if later, ok := errors.AsType[*RetryAfter](err); ok && later.Untried {
		return postgres.Result{State: cases.Queued, NotBefore: l.face.now().Add(later.After)}, true, true
	}
	return d.judge(l.face, o, err), false, true
}

// send lets a face send, and makes an error of a panic: one message that can't be made must not end the others.
func (d *Dispatcher) send(ctx context.Context, f *face, o postgres.Outgoing) (err error) {
	defer func() {
		if r := recover(); r != nil {
			d.log.Error("a face panicked", "face", before(o.Lane), "case", o.Number, "notice", o.Notice.Kind, "at", string(debug.Stack()))
			err = errors.New("a face panicked")
		}
	}()
	if err := d.tellable(ctx, o); err != nil {
		return err
	}
	return f.Send(ctx, o)
}

// tellable says whether a notice may go to the member that it is for: between its queueing and now they may have been excluded
// from its case. It is tried again where the case is not screened for that yet.
func (d *Dispatcher) tellable(ctx context.Context, o postgres.Outgoing) error {
	err := d.store.Tellable(ctx, o)
	if errors.Is(err, postgres.ErrExcluded) {
		return &Undeliverable{State: cases.NotSent, Reason: "excluded"}
	}
	return err
}

// judge says what the outcome of a send means for its row.
func (d *Dispatcher) judge(f *face, o postgres.Outgoing, err error) postgres.Result {
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
		return postgres.Result{Out: o, State: cases.Queued, Reason: "asked to wait", NotBefore: f.now().Add(later.After)}
	}
	d.counts.Retried.Add(1)
	d.log.Warn("send again", "face", before(o.Lane), "case", o.Number, "notice", o.Notice.Kind, "attempt", o.Attempts+1, "err", err)
	return postgres.Result{Out: o, State: cases.Queued, Reason: "no answer", NotBefore: f.now().Add(backoff(o.Attempts))}
}

// backoff doubles from half a second to five minutes.
func backoff(attempts int) time.Duration {
	return min(500*time.Millisecond<<min(attempts, 20), 5*time.Minute)
}

// now is the present by the clock of a face.
func (f *face) now() time.Time {
	if f.Now != nil {
		return f.Now()
	}
	return time.Now()
}

// glances is how often a clock is looked at that may be turned.
const glances = 100 * time.Millisecond

// wait waits until an instant by the clock of a face; false when ctx ended first.
func (f *face) wait(ctx context.Context, until time.Time) bool {
	if f.Now == nil {
		return wait(ctx, until)
	}
	for left := until.Sub(f.Now()); left > 0; left = until.Sub(f.Now()) {
		if !wait(ctx, time.Now().Add(min(left, glances))) {
			return false
		}
	}
	return ctx.Err() == nil
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
