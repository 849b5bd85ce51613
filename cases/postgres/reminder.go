package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/robfig/cron/v3"

	"websec.nl/gehoor/cases"
)

// reminders ends the lane of the reminders to a member, or about a case to the channel. Other notices are on a lane of their own, and do
// not wait for these.
const reminders = "/reminders"

// Reminders returns all reminders that wait for the member that o is for, o first, so that they go in one message: as far as
// that member may be told of the cases. None: o was settled since, or goes along no more, and there is nothing to send.
//
// Where wait is not zero nothing is to be sent before it: the member had as many messages with reminders today as Clock.Most
// allows, or nobody is at work at this moment. What waits then goes together in the morning.
//
// Who sends them settles those that went along with SentAlong, and those that are no longer so as well, before it returns for o.
func (s *Store) Reminders(ctx context.Context, o Outgoing) (all []Outgoing, wait time.Time, err error) {
	now := s.Now()
	if start := s.procedure.AtWork(now); start.After(now) {
		return nil, start, nil
	}
	rows, err := s.pool.Query(ctx, `SELECT o.id, o.lane, o.attempts, c.number, o.kind, o.recipient, o.event FROM outbox o JOIN cases c ON c.id = o.case_id
		WHERE o.lane = $1 AND o.kind = 'reminder' AND o.state = 'queued' AND (o.id = $2 OR c.screened AND NOT $3 = ANY (c.excluded))
		ORDER BY o.id <> $2, o.id`, o.Lane, o.ID, memberOf(o))
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("reminders that wait: %w", err)
	}
	all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (one Outgoing, err error) {
		return one, row.Scan(&one.ID, &one.Lane, &one.Attempts, &one.Number, &one.Notice.Kind, &one.Notice.To, &one.Notice.Event)
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("reminders that wait: %w", err)
	}
	if len(all) == 0 || all[0].ID != o.ID {
		return nil, time.Time{}, nil
	}
	var had int
	err = s.pool.QueryRow(ctx, `SELECT count(DISTINCT coalesce(along, id)) FROM outbox
		WHERE recipient = $1 AND kind = 'reminder' AND state = 'sent' AND done_at >= $2`, o.Notice.To, midnight(s.procedure, now)).Scan(&had)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("reminders of today: %w", err)
	}
	if had >= s.procedure.Clock.Most {
		return nil, s.nextMorning(now), nil
	}
	return all, time.Time{}, nil
}

// RemindersBefore returns the reminders of a case that were sent before that of an event, or by now where it was not sent yet: to whom,
// and of which event.
func (s *Store) RemindersBefore(ctx context.Context, number cases.Number, event int) ([]cases.Notice, error) {
	rows, err := s.pool.Query(ctx, `SELECT o.kind, o.recipient, o.event FROM outbox o JOIN cases c ON c.id = o.case_id
		WHERE c.number = $1 AND o.kind = 'reminder' AND o.state = 'sent' AND o.event <> $2 AND o.done_at <= coalesce(
			(SELECT min(done_at) FROM outbox WHERE case_id = c.id AND event = $2 AND kind = 'reminder' AND state = 'sent'), 'infinity')
		ORDER BY o.id`, number, event)
	if err != nil {
		return nil, fmt.Errorf("reminders of case %s: %w", number, err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (n cases.Notice, err error) {
		return n, row.Scan(&n.Kind, &n.To, &n.Event)
	})
	if err != nil {
		return nil, fmt.Errorf("reminders of case %s: %w", number, err)
	}
	return all, nil
}

func memberOf(o Outgoing) cases.Member {
	m, _ := o.Notice.To.Member()
	return m
}

// SentAlong settles reminders that were dealt with together with another: sent in one message, or not sent as they are no longer
// so. What was settled before stays as it is.
func (s *Store) SentAlong(ctx context.Context, with Outgoing, ids []int64, state cases.DeliveryState, reason string) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := s.pool.Exec(ctx, `UPDATE outbox SET state = $3, reason = $4, done_at = $5, attempts = attempts + 1, along = $1
		WHERE id = ANY ($2) AND id <> $1 AND lane = $6 AND state = 'queued'`, with.ID, ids, state, reason, s.Now(), with.Lane)
	if err != nil {
		return fmt.Errorf("settle reminders that went along: %w", err)
	}
	return nil
}

// Redirect queues a reminder for somebody else as well, once. What becomes of it where it was is recorded apart.
func (s *Store) Redirect(ctx context.Context, o Outgoing, to cases.Recipient) error {
	c, err := s.Case(ctx, o.Number)
	if err != nil {
		return err
	}
	return s.do(ctx, Claim{}, func(one *once) error {
		one.foreign = true // the case is not locked, so who changed it last is not known
		one.notice(c, cases.Notice{Kind: o.Notice.Kind, To: to, Event: o.Notice.Event})
		return nil
	})
}

// morning is the hour at which what waits for the next morning goes, where the overview in the channel comes at no time of
// working hours.
const morning = 9

// nextMorning is when the overview comes on the next working day, or nine o'clock.
func (s *Store) nextMorning(now time.Time) time.Time {
	p := s.procedure
	starts := p.In(p.AtWork(midnight(p, now).AddDate(0, 0, 1)))
	fits := func(t time.Time) bool { return midnight(p, t).Equal(midnight(p, starts)) && p.AtWork(t).Equal(t) }
	if schedule, err := cron.ParseStandard("CRON_TZ=" + p.Zone + " " + p.Clock.Digest); err == nil {
		if at := schedule.Next(starts.Add(-time.Second)); fits(at) {
			return at
		}
	}
	if at := time.Date(starts.Year(), starts.Month(), starts.Day(), morning, 0, 0, 0, p.Location()); fits(at) {
		return at
	}
	return starts
}

// midnight is when the day of an instant begins.
func midnight(p *cases.Procedure, t time.Time) time.Time {
	y, m, d := p.In(t).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, p.Location())
}
