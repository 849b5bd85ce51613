package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// Tick lets the clock speak about the cases for which something is due, at most limit of them, and says how many these
// were. Any number of processes may call it at the same time: a case is ticked by one of them.
func (s *Store) Tick(ctx context.Context, limit int) (int, error) {
	n := 0
	err := s.do(ctx, Claim{}, func(o *once) error {
		n = 0
		rows, err := o.Query(ctx, `SELECT `+caseColumns+` FROM cases WHERE next_tick <= $1
			ORDER BY next_tick LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`, o.now, limit)
		if err != nil {
			return fmt.Errorf("what is due: %w", err)
		}
		due, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*cases.Case, error) { return scanCase(row) })
		if err != nil {
			return fmt.Errorf("what is due: %w", err)
		}
		o.foreign = len(due) > 0 // who changed these last is not known
		for _, c := range due {
			if err := o.told(ctx, c); err != nil {
				return err
			}
			before := len(c.Told)
			c.Tick(s.procedure, o.now)
			if err := o.save(ctx, c, before); err != nil {
				return err
			}
		}
		n = len(due)
		return nil
	})
	return n, err
}

// NextDeadline is the next moment at which a complainant will be told that their case is late, or still is, if nobody acts;
// false if no case is open.
func (s *Store) NextDeadline(ctx context.Context) (time.Time, bool, error) {
	open, err := s.List(ctx, Filter{Open: true, Kind: cases.Formal, Limit: 1000})
	if err != nil {
		return time.Time{}, false, err
	}
	var next time.Time
	for _, c := range open {
		for _, due := range s.procedure.Plan(c, s.Now()) {
			if tells := due.Milestone == cases.TellLate || due.Milestone == cases.TellStill; tells && due.At.After(s.Now()) && (next.IsZero() || due.At.Before(next)) {
				next = due.At
			}
		}
	}
	return next, !next.IsZero(), nil
}

// Ran claims the run of a schedule that was due at the given instant: false if it ran since, in this process or another.
func (s *Store) Ran(ctx context.Context, schedule string, due time.Time) (bool, error) {
	tag, err := s.pool.Exec(ctx, `INSERT INTO schedule (name, last_run) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET last_run = excluded.last_run WHERE schedule.last_run < excluded.last_run`, schedule, due)
	if err != nil {
		return false, fmt.Errorf("claim schedule %s: %w", schedule, err)
	}
	return tag.RowsAffected() == 1, nil
}

// LastRun is when a schedule was last due and ran; zero if never.
func (s *Store) LastRun(ctx context.Context, schedule string) (time.Time, error) {
	var at time.Time
	err := s.pool.QueryRow(ctx, `SELECT last_run FROM schedule WHERE name = $1`, schedule).Scan(&at)
	if errors.Is(err, pgx.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("last run of schedule %s: %w", schedule, err)
	}
	return at, nil
}

// claimsKept is how long a delivery from outside is remembered. Telegram keeps what was not fetched for a day, and Slack
// tries for some minutes; after a silent week Telegram may begin to count anew.
const claimsKept = 5 * 24 * time.Hour

// Tidy forgets what is kept long enough: claims of deliveries, and conversations that nobody went on with.
func (s *Store) Tidy(ctx context.Context) error {
	now := s.Now()
	batch := new(pgx.Batch)
	batch.Queue(`DELETE FROM telegram_update WHERE at < $1`, now.Add(-claimsKept))
	batch.Queue(`DELETE FROM delivery WHERE at < $1`, now.Add(-claimsKept))
	batch.Queue(`DELETE FROM set_aside WHERE at < $1`, now.AddDate(0, 0, -s.procedure.Drafts))
	batch.Queue(`DELETE FROM conversation c WHERE touched_at < $1 AND NOT EXISTS (SELECT FROM outbox o WHERE o.chat = c.chat)`,
		now.AddDate(0, 0, -s.procedure.Drafts))
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("tidy up: %w", err)
	}
	return nil
}
