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
	Lane      string       // its face, a slash, and the recipient there: telegram/7001, slack/K-2026-0001, mail/K-2026-0001/party:2
	Attempts  int          // how often it was tried before
	NotBefore time.Time    // by the clock of its face
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
	LaneHeld     = "held/" // what can be taken back until its time has come; see Release
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
	case cases.Held: // each has its own time
		return LaneHeld + string(c.Number) + "/" + strconv.Itoa(n.Event)
	}
	if _, ok := n.To.Party(); ok { // each has an address of their own
		return LaneMail + string(c.Number) + "/" + string(n.To)
	}
	if m, ok := n.To.Member(); ok {
		return LaneSlack + string(m)
	}
	return LaneSlack + string(c.Number)
}

func (o *once) notice(c *cases.Case, n cases.Notice) {
	out := Outgoing{Lane: lane(c, n), Number: c.Number, Notice: n, Foreign: o.foreign, caseID: c.ID}
	if n.To == cases.Held {
		out.NotBefore = o.now.Add(time.Duration(o.store.ProcedureOf(c.Version).TakeBack) * time.Second)
	}
	o.out = append(o.out, out)
}

// noticesOf queues what follows from events.
func (o *once) noticesOf(c *cases.Case, events []cases.Event) {
	for _, e := range events {
		for _, n := range cases.Notices(c, e) {
			o.notice(c, n)
		}
	}
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
	if len(o.out) == 0 || !o.says() {
		if save, args := o.saving.then(""); save != "" {
			batch.Queue(save, args...)
			writes++
		}
		o.saving = together{}
	}
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
	insertNotices = `INSERT INTO outbox (lane, case_id, kind, recipient, event, not_before, queued_at)
		SELECT lane, case_id, kind, recipient, event, not_before, $7
		FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::int[], $6::timestamptz[]) WITH ORDINALITY
			AS o (lane, case_id, kind, recipient, event, not_before, place)
		ORDER BY place
		ON CONFLICT (case_id, event, kind, recipient) WHERE case_id IS NOT NULL DO NOTHING
		RETURNING id, lane, kind, recipient, event`
)

// says says whether a line of a conversation was queued.
func (o *once) says() bool {
	return slices.ContainsFunc(o.out, func(out Outgoing) bool { return out.caseID == 0 })
}

// queueOut has what was queued written: the lines of conversations first, with what is saved of these, then the notices. It comes in that order out of
// readOut, too, so that on each lane the rows are in the order in which they were queued, but for a notice that was queued
// before a line of the same turn, whose place is after what is said at once.
func (o *once) queueOut(batch *pgx.Batch) {
	slices.SortStableFunc(o.out, func(a, b Outgoing) int { return cmp.Compare(min(a.caseID, 1), min(b.caseID, 1)) })
	notices := slices.IndexFunc(o.out, func(out Outgoing) bool { return out.caseID != 0 })
	if notices < 0 {
		notices = len(o.out)
	}
	if lines := o.out[:notices]; len(lines) > 0 {
		insert, args := o.saving.then(insertLines, pick(lines, func(out Outgoing) string { return out.Lane }), pick(lines, func(out Outgoing) int64 { return out.chat }),
			pick(lines, func(out Outgoing) []byte { return out.sealed }), o.now)
		batch.Queue(insert, args...)
		o.saving = together{}
	}
	if rest := o.out[notices:]; len(rest) > 0 {
		batch.Queue(insertNotices, pick(rest, func(out Outgoing) string { return out.Lane }), pick(rest, func(out Outgoing) int64 { return out.caseID }),
			pick(rest, func(out Outgoing) string { return string(out.Notice.Kind) }), pick(rest, func(out Outgoing) string { return string(out.Notice.To) }),
			pick(rest, func(out Outgoing) int { return out.Notice.Event }), pick(rest, func(out Outgoing) *time.Time { return nullTime(out.NotBefore) }), o.now)
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
		var in string
		var n cases.Notice
		if _, err = pgx.ForEachRow(rows, []any{&id, &in, &n.Kind, &n.To, &n.Event}, func() error {
			at := slices.IndexFunc(all, func(out Outgoing) bool { return out.Lane == in && out.Notice == n })
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

// pick is a column of rows.
func pick[R, C any](rows []R, f func(R) C) []C {
	all := make([]C, len(rows))
	for i, r := range rows {
		all[i] = f(r)
	}
	return all
}
