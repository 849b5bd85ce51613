package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// laneDigest is where the morning's overview goes out.
const laneDigest = LaneSlack + "digest"

// QueueDigest queues the morning's overview of a working day, as long as people are at work on it: once, whichever process gets
// to it first. On other days, and after working hours, it queues nothing.
func (s *Store) QueueDigest(ctx context.Context) error {
	now := s.Now()
	day := s.procedure.In(now).Format(time.DateOnly)
	if !s.procedure.WorkingDay(now) || s.procedure.In(s.procedure.AtWork(now)).Format(time.DateOnly) != day {
		return nil
	}
	return s.do(ctx, Claim{}, func(o *once) error {
		tag, err := o.Exec(ctx, `INSERT INTO outbox (lane, digest, queued_at) VALUES ($1, $2, $3) ON CONFLICT (digest) WHERE digest IS NOT NULL DO NOTHING`,
			laneDigest, day, o.now)
		if err == nil && tag.RowsAffected() > 0 {
			_, err = o.Exec(ctx, `SELECT pg_notify('outbox', '')`)
		}
		if err != nil {
			return fmt.Errorf("queue the overview of %s: %w", day, err)
		}
		return nil
	})
}

// Digest is how the open cases stand, without a word of any. What is counted and not listed, somebody may not see, or nobody yet.
type Digest struct {
	Open        int
	DueThisWeek int // their last day is in this week, from today on
	Overdue     int // their last day is over
	Unowned     int // nobody handles them, or somebody who is gone

	// The first of each, by their last days; at most DigestLines.
	DueThisWeekOf, OverdueOf, UnownedOf []DigestLine
}

// DigestLines is how many cases of a kind a Digest lists at most.
const DigestLines = 20

// DigestLine is one case of a Digest.
type DigestLine struct {
	Number cases.Number
	Last   time.Time    // any instant of its last day; zero: it has none
	Owner  cases.Member // empty: nobody
}

// Whose handling goes on or should begin: of these a digest tells; of all others that they are open.
const (
	goesOn      = `stage NOT IN ('awaiting', 'closed')`
	dueThisWeek = goesOn + ` AND deadline > $1 AND deadline <= $2`
	overdue     = goesOn + ` AND deadline <= $1 AND $2::timestamptz IS NOT NULL`
	unowned     = goesOn + ` AND (owner IS NULL OR owner IN (SELECT member FROM absence WHERE gone)) AND $1 < $2`
)

// Digest counts and lists the open cases, as everybody in the committee's channel may see them.
func (s *Store) Digest(ctx context.Context, now time.Time) (d Digest, err error) {
	today := midnight(s.procedure, now)
	weekEnds := today.AddDate(0, 0, 7-(int(today.Weekday())+6)%7)
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		row := tx.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE `+dueThisWeek+`), count(*) FILTER (WHERE `+overdue+`), count(*) FILTER (WHERE `+unowned+`)
			FROM cases WHERE stage <> 'closed'`, now, weekEnds)
		if err := row.Scan(&d.Open, &d.DueThisWeek, &d.Overdue, &d.Unowned); err != nil {
			return err
		}
		for _, one := range []struct {
			which string
			into  *[]DigestLine
		}{{dueThisWeek, &d.DueThisWeekOf}, {overdue, &d.OverdueOf}, {unowned, &d.UnownedOf}} {
			rows, err := tx.Query(ctx, `SELECT number, deadline, owner FROM cases WHERE stage <> 'closed' AND `+one.which+`
				AND screened AND cardinality(excluded) = 0 ORDER BY deadline, id LIMIT $3`, now, weekEnds, DigestLines)
			if err != nil {
				return err
			}
			if *one.into, err = pgx.CollectRows(rows, digestLine); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Digest{}, fmt.Errorf("how the open cases stand: %w", err)
	}
	return d, nil
}

func digestLine(row pgx.CollectableRow) (l DigestLine, err error) {
	var deadline *time.Time
	var owner *string
	if err := row.Scan(&l.Number, &deadline, &owner); err != nil {
		return l, err
	}
	l.Owner = cases.Member(value(owner))
	if deadline != nil {
		l.Last = deadline.Add(-time.Second)
	}
	return l, nil
}
