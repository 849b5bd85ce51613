package postgres

import (
	"context"
	"fmt"
	"time"

	"websec.nl/gehoor/cases"
)

// SetAway records that a member is away from one instant until another, zero where nobody knows, and who said so. What was said
// before of days that it touches becomes one absence with it, so that they are away on every day that was said; that is returned.
// The clock then looks at the open cases that the member owns.
func (s *Store) SetAway(ctx context.Context, member cases.Member, from, until time.Time, by cases.Member) (cases.Absence, error) {
	held := cases.Absence{Member: member}
	if !until.IsZero() && !until.After(from) {
		return held, fmt.Errorf("absence of %s: it ends at %s, before it begins at %s", member, until, from)
	}
	err := s.setAbsence(ctx, member, func(o *once) error {
		var last *time.Time
		if err := o.QueryRow(ctx, joinAbsences, member, from, nullTime(until), null(by), o.now).Scan(&held.From, &last); err != nil {
			return err
		}
		held.Until = value(last)
		return nil
	})
	return held, err
}

// joinAbsences makes one of an absence and all that it overlaps or adjoins, of those that are not over.
const joinAbsences = `WITH said AS (SELECT $2::timestamptz AS from_at, $3::timestamptz AS until_at),
joined AS (DELETE FROM absence a USING said
	WHERE a.member = $1 AND NOT a.gone AND (a.until_at IS NULL OR a.until_at > $5)
		AND a.from_at <= coalesce(said.until_at, 'infinity') AND coalesce(a.until_at, 'infinity') >= said.from_at
	RETURNING a.from_at, a.until_at),
every AS (SELECT * FROM said UNION ALL SELECT * FROM joined)
INSERT INTO absence (member, from_at, until_at, set_by, set_at)
SELECT $1, min(from_at), nullif(max(coalesce(until_at, 'infinity')), 'infinity'), $4, $5 FROM every
RETURNING from_at, until_at`

// Back records that a member is there again, and won't be away as was said before, and by whom; and says whether they were away,
// or going to be. Who is gone does not come back by it.
func (s *Store) Back(ctx context.Context, member, by cases.Member) (was bool, err error) {
	err = s.setAbsence(ctx, member, func(o *once) error {
		planned, err := o.Exec(ctx, `DELETE FROM absence WHERE member = $1 AND NOT gone AND from_at >= $2`, member, o.now)
		if err != nil {
			return err
		}
		ended, err := o.Exec(ctx, `UPDATE absence SET until_at = $2, set_at = $2, set_by = $3
			WHERE member = $1 AND NOT gone AND (until_at IS NULL OR until_at > $2)`, member, o.now, null(by))
		was = planned.RowsAffected()+ended.RowsAffected() > 0
		return err
	})
	return was, err
}

// SetGone records whether the account of a member is switched off, or they left the committee. To say so again changes nothing,
// and costs little.
func (s *Store) SetGone(ctx context.Context, member cases.Member, gone bool) error {
	var known bool
	if err := s.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM absence WHERE member = $1 AND gone)`, member).Scan(&known); err != nil || known == gone {
		return err
	}
	return s.setAbsence(ctx, member, func(o *once) error {
		if !gone {
			_, err := o.Exec(ctx, `DELETE FROM absence WHERE member = $1 AND gone`, member)
			return err
		}
		_, err := o.Exec(ctx, `INSERT INTO absence (member, from_at, gone, set_at) VALUES ($1, $2, true, $2) ON CONFLICT (member) WHERE gone DO NOTHING`,
			member, o.now)
		return err
	})
}

// setAbsence changes when a member is away, and knows of it from then on. The changes of one member follow each other, so that a
// later one has the higher number: by that a case is found that was saved without knowing of it.
func (s *Store) setAbsence(ctx context.Context, member cases.Member, change func(*once) error) error {
	err := s.do(ctx, Claim{}, func(o *once) error {
		if _, err := o.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('absence/' || $1, 0))`, string(member)); err != nil {
			return err
		}
		return change(o)
	})
	if err != nil {
		return fmt.Errorf("absence of %s: %w", member, err)
	}
	_, err = s.Staff(ctx)
	return err
}

// forgetAbsences forgets what is over.
const forgetAbsences = `DELETE FROM absence WHERE until_at < $1`
