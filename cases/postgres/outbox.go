package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// Outgoing is one thing that waits to be sent: a line of an intake conversation, or a notice of a case. What is sent on one
// lane goes out in the order of ID, at least once.
//
// The IDs of a lane follow the order in which its transactions committed wherever that order could be seen: what changes a
// conversation or a case holds its row, so a transaction that knows of another's change begins, and numbers its rows, after
// that one ended. Transactions that don't know of each other may go out in either order.
type Outgoing struct {
	ID        int64
	Lane      string // its face, a slash, and the recipient there: telegram/7001, slack/K-2026-0001, mail/K-2026-0001
	Attempts  int    // how often it was tried before
	NotBefore time.Time
	Number    cases.Number // empty for a line of a conversation
	Notice    cases.Notice
	Line      []byte // of a conversation, in its face's own encoding
	Foreign   bool   // another process may have queued something before it that this one does not know of
	chat      int64
	sealed    []byte
	caseID    int64
}

// The faces, as they stand at the beginning of a lane.
const (
	LaneTelegram = "telegram/"
	LaneSlack    = "slack/"
	LaneMail     = "mail/"
	LaneFile     = "file/" // where a face fetches what somebody sent; the recipient is the chat that it came from
)

// lane says on which lane a notice goes out.
func lane(c *cases.Case, n cases.Notice) string {
	switch n.To {
	case cases.ByChat:
		return LaneTelegram + strconv.FormatInt(c.Chat, 10)
	case cases.ByMail:
		return LaneMail + string(c.Number)
	case cases.ByOldMail: // another address, whose trouble is to delay nothing for the one of now
		return LaneMail + string(c.Number) + "/" + string(n.To)
	}
	if m, ok := n.To.Member(); ok {
		return LaneSlack + string(m)
	}
	return LaneSlack + string(c.Number)
}

func (o *once) notice(c *cases.Case, n cases.Notice) {
	o.out = append(o.out, Outgoing{Lane: lane(c, n), Number: c.Number, Notice: n, Foreign: o.foreign, caseID: c.ID})
}

// flush writes what waits to be written and what was queued, as the last thing in its transaction.
func (o *once) flush(ctx context.Context) error {
	if o.writes.Len() == 0 && len(o.out) == 0 {
		return nil
	}
	results, before := o.sendAll(ctx)
	return errors.Join(o.readAll(results, before), results.Close())
}

// sendAll sends what waits to be written, and what was queued, after it; and says how many results come before those of
// what was queued.
func (o *once) sendAll(ctx context.Context, after ...string) (pgx.BatchResults, int) {
	batch := o.writes
	o.writes = pgx.Batch{}
	writes := batch.Len()
	if len(o.out) > 0 {
		o.queueOut(&batch)
	}
	for _, statement := range after {
		batch.Queue(statement)
	}
	return o.SendBatch(ctx, &batch), writes
}

func (o *once) readAll(results pgx.BatchResults, before int) error {
	for range before {
		if _, err := results.Exec(); err != nil {
			return fmt.Errorf("save: %w", err)
		}
	}
	if len(o.out) == 0 {
		return nil
	}
	return o.readOut(results)
}

// Lines and notices are written apart: that a notice is told once has to be looked up for each.
const (
	insertLines = `INSERT INTO outbox (lane, chat, line, queued_at)
		SELECT lane, chat, line, $4 FROM unnest($1::text[], $2::bigint[], $3::bytea[]) WITH ORDINALITY AS o (lane, chat, line, place)
		ORDER BY place RETURNING id`
	insertNotices = `INSERT INTO outbox (lane, case_id, kind, recipient, event, queued_at)
		SELECT lane, case_id, kind, recipient, event, $6
		FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::int[]) WITH ORDINALITY AS o (lane, case_id, kind, recipient, event, place)
		ORDER BY place
		ON CONFLICT (case_id, event, kind, recipient) WHERE case_id IS NOT NULL DO NOTHING
		RETURNING id, lane, kind, event`
)

// queueOut has what was queued written: the lines of conversations first, then the notices. It comes in that order out of
// readOut, too, so that on each lane the rows are in the order in which they were queued, but for a notice that was queued
// before a line of the same turn, whose place is after what is said at once.
func (o *once) queueOut(batch *pgx.Batch) {
	slices.SortStableFunc(o.out, func(a, b Outgoing) int { return cmp.Compare(min(a.caseID, 1), min(b.caseID, 1)) })
	notices := slices.IndexFunc(o.out, func(out Outgoing) bool { return out.caseID != 0 })
	if notices < 0 {
		notices = len(o.out)
	}
	if lines := o.out[:notices]; len(lines) > 0 {
		batch.Queue(insertLines, pick(lines, func(out Outgoing) string { return out.Lane }), pick(lines, func(out Outgoing) int64 { return out.chat }),
			pick(lines, func(out Outgoing) []byte { return out.sealed }), o.now)
	}
	if rest := o.out[notices:]; len(rest) > 0 {
		batch.Queue(insertNotices, pick(rest, func(out Outgoing) string { return out.Lane }), pick(rest, func(out Outgoing) int64 { return out.caseID }),
			pick(rest, func(out Outgoing) string { return string(out.Notice.Kind) }), pick(rest, func(out Outgoing) string { return string(out.Notice.To) }),
			pick(rest, func(out Outgoing) int { return out.Notice.Event }), o.now)
	}
	if !o.store.sending() {
		batch.Queue(`SELECT pg_notify('outbox', '')`)
	}
}

// readOut fills in the identifiers of what was queued. Rows come back in their order; notices that were queued before, as
// the same notice of the same event, do not come back and are left out.
func (o *once) readOut(results pgx.BatchResults) error {
	all, kept := o.out, o.out[:0]
	if len(all) > 0 && all[0].caseID == 0 {
		rows, err := results.Query()
		if err != nil {
			return fmt.Errorf("queue: %w", err)
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return fmt.Errorf("queue: %w", err)
		}
		for i, id := range ids {
			all[i].ID = id
		}
		kept, all = all[:len(ids)], all[len(ids):]
	}
	if len(all) > 0 {
		rows, err := results.Query()
		if err != nil {
			return fmt.Errorf("queue: %w", err)
		}
		var id int64
		var in, kind string
		var event int
		if _, err = pgx.ForEachRow(rows, []any{&id, &in, &kind, &event}, func() error {
			at := slices.IndexFunc(all, func(out Outgoing) bool {
				return out.Lane == in && string(out.Notice.Kind) == kind && out.Notice.Event == event
			})
			if at < 0 {
				return fmt.Errorf("row %d is none of ours", id)
			}
			all[at].ID = id
			kept, all = append(kept, all[at]), all[at+1:]
			return nil
		}); err != nil {
			return fmt.Errorf("queue: %w", err)
		}
	}
	o.out = kept
	return nil
}

// dispatcher sends what is queued; at most one of all processes does at a time.
type dispatcher interface {
	Sending() bool       // this process is the one that sends
	Take(out []Outgoing) // what was just committed
}

// Attach makes d hear of what this store queues, without a detour through the database. It is called before the store is
// used. Where d does not send, the process that does is woken by a notification.
func (s *Store) Attach(d dispatcher) { s.dispatcher = d }

func (s *Store) sending() bool { return s.dispatcher != nil && s.dispatcher.Sending() }

func (s *Store) handOver(out []Outgoing) {
	if len(out) > 0 && s.sending() {
		s.dispatcher.Take(out)
	}
}

// Waiting returns what is queued and not among known, in order, at most limit rows.
func (s *Store) Waiting(ctx context.Context, known map[int64]struct{}, limit int) ([]Outgoing, error) {
	rows, err := s.pool.Query(ctx, `SELECT id FROM outbox WHERE state = 'queued' ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("what waits: %w", err)
	}
	var missing []int64
	var id int64
	if _, err := pgx.ForEachRow(rows, []any{&id}, func() error {
		if _, ok := known[id]; !ok && len(missing) < limit {
			missing = append(missing, id)
		}
		return nil
	}); err != nil {
		return nil, fmt.Errorf("what waits: %w", err)
	}
	if len(missing) == 0 {
		return nil, nil
	}
	return s.outgoing(ctx, missing)
}

func (s *Store) outgoing(ctx context.Context, ids []int64) ([]Outgoing, error) {
	rows, err := s.pool.Query(ctx, `SELECT o.id, o.lane, o.attempts, o.not_before, coalesce(c.number, ''), coalesce(o.kind, ''),
			coalesce(o.recipient, ''), coalesce(o.event, 0), coalesce(o.chat, 0), o.line, `+keyOfLine+`
		FROM outbox o LEFT JOIN cases c ON c.id = o.case_id LEFT JOIN conversation v ON v.chat = o.chat
		WHERE o.id = ANY ($1) AND o.state = 'queued' ORDER BY o.id`, ids)
	if err != nil {
		return nil, fmt.Errorf("what waits: %w", err)
	}
	var all []Outgoing
	var o Outgoing
	var notBefore *time.Time
	var wrapped []byte
	_, err = pgx.ForEachRow(rows, []any{&o.ID, &o.Lane, &o.Attempts, &notBefore, &o.Number, &o.Notice.Kind, &o.Notice.To, &o.Notice.Event,
		&o.chat, &o.sealed, &wrapped}, func() error {
		one := o
		one.NotBefore = value(notBefore)
		if err := s.unsealLine(&one, wrapped); err != nil {
			// The others must not wait for it, and it stays for who can mend it.
			s.log.Error("a line that waits can't be unsealed", "id", one.ID, "err", err)
			return nil
		}
		all = append(all, one)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("what waits: %w", err)
	}
	return all, nil
}

func (s *Store) unsealLine(o *Outgoing, wrapped []byte) error {
	if o.sealed == nil {
		return nil
	}
	k, err := s.vault.unwrap(wrapped, chatHolder(o.chat))
	if err != nil {
		return err
	}
	o.Line, err = k.open(o.sealed, "line")
	return err
}

// Result says what became of something that was tried.
type Result struct {
	Out       Outgoing
	State     cases.DeliveryState // Queued: to be tried again
	Reason    string
	NotBefore time.Time // when it is to be tried again
}

// Settle records what became of what was tried. A line that arrived is forgotten, and so is one that can't arrive; a notice
// stays, with what became of it.
//
// It does not wait for the disk: a machine that loses its power may send some messages again, and none is lost by it.
func (s *Store) Settle(ctx context.Context, results []Result) error {
	var done, gone []Result
	batch := new(pgx.Batch)
	batch.Queue(`BEGIN`)
	batch.Queue(`SET LOCAL synchronous_commit = off`)
	for _, r := range results {
		switch {
		case r.State == cases.Queued:
			batch.Queue(`UPDATE outbox SET attempts = attempts + 1, not_before = $2, reason = $3 WHERE id = $1 AND state = 'queued'`,
				r.Out.ID, nullTime(r.NotBefore), r.Reason)
		case r.Out.Number != "":
			batch.Queue(settleNotice, r.Out.ID, r.State, r.Reason, s.Now())
		case r.State == cases.Gone:
			gone = append(gone, r)
			fallthrough
		default:
			done = append(done, r)
		}
	}
	if len(done) > 0 {
		batch.Queue(`DELETE FROM outbox o USING unnest($1::bigint[]) AS d (id) WHERE o.id = d.id`, pick(done, func(r Result) int64 { return r.Out.ID }))
	}
	if len(done) > 0 {
		batch.Queue(forgetFormer+` AND f.chat = ANY ($1)`, pick(done, func(r Result) int64 { return r.Out.chat }))
	}
	if len(gone) > 0 {
		batch.Queue(`UPDATE conversation SET gone_at = $2 WHERE chat = ANY ($1)`, pick(gone, func(r Result) int64 { return r.Out.chat }), s.Now())
	}
	batch.Queue(`COMMIT`)
	if err := alone(ctx, s.pool, batch, func(pgx.BatchResults) error { return nil }); err != nil {
		return fmt.Errorf("settle what was sent: %w", err)
	}
	return nil
}

const settleNotice = `UPDATE outbox SET state = $2, reason = $3, done_at = $4, attempts = attempts + 1 WHERE id = $1 AND state = 'queued'`

// pick is a column of rows.
func pick[R, C any](rows []R, f func(R) C) []C {
	all := make([]C, len(rows))
	for i, r := range rows {
		all[i] = f(r)
	}
	return all
}

// Lose records that a notice can't reach the complainant by its way, and queues what follows from that: the other way, or a
// word to the committee.
func (s *Store) Lose(ctx context.Context, r Result) error {
	return s.do(ctx, Claim{}, func(o *once) error {
		if err := o.lose(ctx, r); err != nil {
			return err
		}
		c, err := o.lock(ctx, r.Out.Number)
		if err != nil {
			return err
		}
		tag, err := o.Exec(ctx, settleNotice, r.Out.ID, r.State, r.Reason, o.now)
		if err != nil {
			return fmt.Errorf("settle what was lost: %w", err)
		}
		if tag.RowsAffected() == 0 || r.State == cases.NotSent && !c.ChatGone {
			return nil
		}
		if r.Out.Notice.To == cases.ByChat && r.State == cases.Gone && !c.MailGone {
			// With no mail server set there is no other way, and somebody has to ring.
			if err := o.QueryRow(ctx, `SELECT EXISTS (SELECT FROM outbox WHERE case_id = $1 AND recipient = 'mail' AND state = 'not-sent')`,
				c.ID).Scan(&c.MailGone); err != nil {
				return fmt.Errorf("look for another way: %w", err)
			}
		}
		c.Lose(r.Out.Notice, r.State, r.Reason, o.now)
		return o.save(ctx, c, len(c.Told))
	})
}

// lose remembers of a conversation that its chat is closed to us, so that it is noticed when the person comes back. It comes
// before the case is locked, as it does wherever both are.
func (o *once) lose(ctx context.Context, r Result) error {
	if r.State != cases.Gone || r.Out.Notice.To != cases.ByChat {
		return nil
	}
	_, err := o.Exec(ctx, `UPDATE conversation SET gone_at = $2 WHERE chat = (SELECT chat FROM cases WHERE number = $1)`, r.Out.Number, o.now)
	if err != nil {
		return fmt.Errorf("remember that a chat is closed: %w", err)
	}
	return nil
}
