package postgres

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// roll is who of the committee can't be turned to, as this process read it last, so that to save a case takes no statement more.
// It may be a few seconds behind what another process was told. That loses nothing: the clock reads it anew each time before it
// decides whom to tell, and finds the cases that were saved with less than is known now.
type roll struct {
	known   atomic.Pointer[rollCall]
	reads   atomic.Int64
	reading atomic.Bool
}

// rollCall is what was read of the absences at one time.
type rollCall struct {
	staff  cases.Staff
	newest map[cases.Member]int64 // absence of each, as rows are numbered
	read   int64                  // counts the reads by when they began
	at     time.Time              // by the clock of the machine, as the store's may be turned
}

// rollLasts is how long what was read of the absences is taken to be so, and rollLimit how long reading it may take.
const (
	rollLasts = 5 * time.Second
	rollLimit = 5 * time.Second
)

// selectAbsences selects what holds at an instant or is to come.
const selectAbsences = `SELECT id, member, from_at, until_at, gone FROM absence WHERE until_at IS NULL OR until_at > $1 ORDER BY member, from_at, id`

// rollOf makes something of the rows that selectAbsences selected.
func rollOf(rows pgx.Rows) (*rollCall, error) {
	r := &rollCall{newest: map[cases.Member]int64{}, at: time.Now()}
	var id int64
	var until *time.Time
	var a cases.Absence
	_, err := pgx.ForEachRow(rows, []any{&id, &a.Member, &a.From, &until, &a.Gone}, func() error {
		a.Until = value(until)
		r.staff.Absences = append(r.staff.Absences, a)
		r.newest[a.Member] = max(r.newest[a.Member], id)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("who is away: %w", err)
	}
	return r, nil
}

// learn remembers what was read, unless a later read was quicker.
func (r *roll) learn(read *rollCall) {
	for {
		known := r.known.Load()
		if known != nil && known.read > read.read || r.known.CompareAndSwap(known, read) {
			return
		}
	}
}

// Staff is who of the committee can't be turned to at this moment or some time from now on.
func (s *Store) Staff(ctx context.Context) (cases.Staff, error) {
	number := s.roll.reads.Add(1)
	rows, err := s.pool.Query(ctx, selectAbsences, s.Now())
	if err != nil {
		return cases.Staff{}, fmt.Errorf("who is away: %w", err)
	}
	read, err := rollOf(rows)
	if err != nil {
		return cases.Staff{}, err
	}
	read.read = number
	s.roll.learn(read)
	return read.staff, nil
}

// rollCall is what is known of the absences without asking. Where that is old, it is read anew meanwhile: who asks may hold the
// last connection of the pool, and does not wait for another.
func (s *Store) rollCall() *rollCall {
	known := s.roll.known.Load()
	if (known == nil || time.Since(known.at) > rollLasts) && s.roll.reading.CompareAndSwap(false, true) {
		go func() {
			defer s.roll.reading.Store(false)
			ctx, cancel := context.WithTimeout(context.Background(), rollLimit)
			defer cancel()
			if _, err := s.Staff(ctx); err != nil && !Passing(err) {
				s.log.Error("who is away can't be read; it is as it was", "err", err)
			}
		}()
	}
	if known == nil {
		return new(rollCall)
	}
	return known
}

// roll is what is known of the absences, the same for all that happens in the transaction.
func (o *once) roll() *rollCall {
	if o.called == nil {
		o.called = o.store.rollCall()
	}
	return o.called
}

// next is when the clock is to look at a case, and the newest absence of its owner that was known then.
func (o *once) next(c *cases.Case) (at *time.Time, absence int64) {
	r := o.roll()
	next := o.store.ProcedureOf(c.Version).Next(c, r.staff, o.now)
	if o.silent && !next.IsZero() && !next.After(o.now) { // else it would be looked at without end
		o.store.log.Error("the clock has nothing to tell of a case for which something is due", "case", c.Number)
		next = o.now.Add(patienceWithOne)
	}
	return nullTime(next), r.newest[c.Owner]
}

// Absences are the times in which members are not there, as far as they hold at an instant or are to come.
func (s *Store) Absences(ctx context.Context, now time.Time) ([]cases.Absence, error) {
	rows, err := s.pool.Query(ctx, selectAbsences, now)
	if err != nil {
		return nil, fmt.Errorf("who is away: %w", err)
	}
	read, err := rollOf(rows)
	if err != nil {
		return nil, err
	}
	return read.staff.Absences, nil
}
