package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// NextDeadline is the next moment at which a complainant will be told that their case is late, or still is, if nobody acts;
// false if no case is open.
func (s *Store) NextDeadline(ctx context.Context) (time.Time, bool, error) {
	open, err := s.List(ctx, Filter{Open: true, Kind: cases.Formal, Limit: 1000})
	if err != nil {
		return time.Time{}, false, err
	}
	var next time.Time
	staff, err := s.Staff(ctx)
	if err != nil {
		return time.Time{}, false, err
	}
	for _, c := range open {
		for _, due := range s.ProcedureOf(c.Version).Plan(c, staff, s.Now()) {
			if tells := due.ToComplainant() && (due.Milestone == cases.MilestoneDecided || due.Milestone == cases.MilestoneExplained); tells && due.At.After(s.Now()) && (next.IsZero() || due.At.Before(next)) {
				next = due.At
			}
		}
	}
	return next, !next.IsZero(), nil
}

// Astray is how far the clock of a process may be from that of another at most. A run that is further ahead was claimed by a clock
// that was wrong, and does not keep the others from running.
const Astray = 24 * time.Hour

// Ran claims the run of a schedule that was due at the given instant: false if it ran since, in this process or another.
func (s *Store) Ran(ctx context.Context, schedule string, due time.Time) (bool, error) {
	tag, err := s.pool.Exec(ctx, `INSERT INTO schedule (name, last_run) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET last_run = excluded.last_run WHERE schedule.last_run < excluded.last_run OR schedule.last_run > excluded.last_run + $3::interval`,
		schedule, due, Astray)
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

// farewell is how many days a conversation has to say itself that it forgets what was told, before it is forgotten without.
const farewell = 3

// Tidy forgets what is kept long enough: claims of deliveries, links that are out of date, conversations that nobody went on with,
// and the words and files of cases that were closed long ago, with their keys.
func (s *Store) Tidy(ctx context.Context) error {
	now := s.Now()
	versions, err := s.versionsClosed(ctx)
	if err != nil {
		return fmt.Errorf("tidy up: %w", err)
	}
	// Each in a transaction of its own, so that none waits for a row with another in hand.
	for _, one := range []struct {
		statement string
		args      []any
	}{
		{`DELETE FROM telegram_update WHERE at < $1`, []any{now.Add(-claimsKept)}},
		{`DELETE FROM delivery WHERE at < $1`, []any{now.Add(-claimsKept)}},
		{`DELETE FROM set_aside WHERE at < $1`, []any{now.AddDate(0, 0, -s.procedure.Drafts)}},
		{forgetLinks, []any{now.AddDate(0, 0, -linkDaysTold)}},
		{forgetAbsences, []any{now.Add(-claimsKept)}},
		{forgetConversations, []any{now.AddDate(0, 0, -s.procedure.Drafts-farewell), now.AddDate(0, 0, -farewell)}},
	} {
		if _, err := s.pool.Exec(ctx, one.statement, one.args...); err != nil {
			return fmt.Errorf("tidy up: %w", err)
		}
	}
	for _, version := range versions { // each is kept for as long as was promised when it began
		batch := new(pgx.Batch)
		eraseCases(batch, `closed <= $1 AND version = $2`, now.AddDate(0, 0, -s.ProcedureOf(version).Retention), version)
		if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
			return fmt.Errorf("tidy up: %w", err)
		}
	}
	return nil
}

// forgetConversations forgets those that nobody went on with, but for what is still sealed with their keys.
const forgetConversations = `DELETE FROM conversation c WHERE touched_at < $1 AND (wake_at IS NULL OR wake_at < $2)
	AND NOT EXISTS (SELECT FROM line l WHERE l.chat = c.chat)
	AND NOT EXISTS (SELECT FROM set_aside a WHERE a.chat = c.chat AND a.by_chat)
	AND NOT EXISTS (SELECT FROM cases k WHERE k.chat = c.chat AND k.stage <> 'closed')`

// versionsClosed are the versions of the settings under which cases began that are closed and have their words.
func (s *Store) versionsClosed(ctx context.Context) ([]string, error) {
	rows, err := s.pool.Query(ctx, `SELECT DISTINCT version FROM cases c JOIN case_key k ON k.case_id = c.id WHERE c.closed IS NOT NULL`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
