package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// Outgoing is one thing that waits to be sent: the lines that one step of an intake conversation says, or a notice of a case. What
// is sent on one lane goes out in the order of ID, at least once.
//
// The IDs of a lane follow the order in which its transactions committed wherever that order could be seen: what changes a
// conversation or a case holds its row, so a transaction that knows of another's change begins, and numbers its rows, after
// that one ended. Transactions that don't know of each other may go out in either order.
type Outgoing struct {
	ID        int64
	Lane      string       // its face, a slash, and the recipient there: telegram/7001, slack/K-2026-0001, mail/K-2026-0001/party:2
	Attempts  int          // how often it was tried before
	NotBefore time.Time    // by the clock of its face
	Number    cases.Number // empty for lines of a conversation
	Notice    cases.Notice
	Lines     [][]byte // of a conversation, each in its face's own encoding
	Sent      int      // how many of them have gone out
	Digest    string   // of the morning's overview: its day, as 2006-01-02; empty: it is something else
	Foreign   bool     // another process may have queued something before it that this one does not know of
	chat      int64
	wrapped   []byte // the key that the lines are sealed with
	sealed    []byte
	caseID    int64
}

// Line is the line whose turn it is to be sent; nil for a notice.
func (o *Outgoing) Line() []byte {
	if o.Sent < len(o.Lines) {
		return o.Lines[o.Sent]
	}
	return nil
}

// isNotice says whether it is a notice of a case, or the morning's overview, which waits among them.
func (o *Outgoing) isNotice() bool { return o.caseID != 0 || o.Number != "" || o.Digest != "" }

// The faces, as they stand at the beginning of a lane.
const (
	LaneTelegram = "telegram/"
	LaneSlack    = "slack/"
	LaneMail     = "mail/"
	LaneFile     = "file/" // where a face fetches what somebody sent; the recipient is the chat that it came from
	LaneHeld     = "held/" // what can be taken back until its time has come; see Release
)

// unasked ends the lane of what the clock tells a complainant of itself. It may have to wait for the morning, and what answers
// the same person, or somebody told them, does not wait for it.
const unasked = "/unasked"

// Unasked says whether this tells a complainant something that nobody did just now.
func (o Outgoing) Unasked() bool { return strings.HasSuffix(o.Lane, unasked) }

// Chat is the chat that this goes to; false if it goes to none.
func (o Outgoing) Chat() (chat int64, ok bool) {
	to, ok := strings.CutPrefix(o.Lane, LaneTelegram)
	chat, err := strconv.ParseInt(strings.TrimSuffix(to, unasked), 10, 64)
	return chat, ok && err == nil
}

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
		if n.Kind == cases.Reminder { // they go together, and wait for the next morning where there were many
			return LaneSlack + string(m) + reminders
		}
		return LaneSlack + string(m)
	}
	if n.Kind == cases.Reminder { // it waits until people are at work, and what makes the card true does not wait for it
		return LaneSlack + string(c.Number) + reminders
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
			if cases.Unasked(e, n) {
				o.out[len(o.out)-1].Lane += unasked
			}
		}
	}
}

// flush writes what waits to be written and what was queued, as the last thing in its transaction.
func (o *once) flush(ctx context.Context) error {
	if o.writes.Len() == 0 && len(o.saving.with) == 0 && len(o.out) == 0 {
		return nil
	}
	results, before := o.sendAll(ctx)
	return errors.Join(o.readAll(results, before), results.Close())
}

// sendAll sends what waits to be written, and what was queued, in one statement with what is saved; and says how many results
// come before that of what was queued.
func (o *once) sendAll(ctx context.Context, after ...string) (pgx.BatchResults, int) {
	var batch pgx.Batch
	var before int
	if len(o.out) == 0 {
		batch, before = o.pending()
	} else {
		batch, before = o.writes, o.writes.Len()
		insert, args := o.queueOut()
		batch.Queue(insert, args...)
		o.writes, o.saving = pgx.Batch{}, together{}
		if !o.store.sending() {
			batch.Queue(`SELECT pg_notify('outbox', '')`)
		}
	}
	for _, statement := range after {
		batch.Queue(statement)
	}
	return o.SendBatch(ctx, &batch), before
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
	if err := o.readOut(results); err != nil {
		return fmt.Errorf("save and queue: %w", err)
	}
	return nil
}

// Lines and notices are written apart: that a notice is told once has to be looked up for each. The lines come first, so that on
// each lane the rows are in the order in which they were queued, but for a notice that was queued before a line to its chat, in
// the same transaction.
const (
	insertLines = `INSERT INTO line (lane, chat, wrapped_key, sealed, queued_at)
		SELECT lane, chat, wrapped_key, sealed, $5
		FROM unnest($1::text[], $2::bigint[], $3::bytea[], $4::bytea[]) WITH ORDINALITY AS l (lane, chat, wrapped_key, sealed, place)
		ORDER BY place RETURNING id`
	insertNotices = `INSERT INTO outbox (lane, case_id, kind, recipient, event, not_before, queued_at)
		SELECT lane, case_id, kind, recipient, event, not_before, $7
		FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::int[], $6::timestamptz[]) WITH ORDINALITY
			AS o (lane, case_id, kind, recipient, event, not_before, place)
		ORDER BY place
		ON CONFLICT ON CONSTRAINT outbox_tells_once DO NOTHING
		RETURNING id, lane, kind, recipient, event`
	asRowsOut = `SELECT id, '' AS lane, '' AS kind, '' AS recipient, 0 AS event FROM `
)

// queueOut is the statement that writes what was queued, with all that is saved, and returns a row for each that was written.
func (o *once) queueOut() (string, []any) {
	slices.SortStableFunc(o.out, func(a, b Outgoing) int { return cmp.Compare(min(a.caseID, 1), min(b.caseID, 1)) })
	notices := slices.IndexFunc(o.out, func(out Outgoing) bool { return out.isNotice() })
	if notices < 0 {
		notices = len(o.out)
	}
	var rows []string
	if lines := o.out[:notices]; len(lines) > 0 {
		written := o.saving.add(insertLines, pick(lines, func(out Outgoing) string { return out.Lane }), pick(lines, func(out Outgoing) int64 { return out.chat }),
			pick(lines, func(out Outgoing) []byte { return out.wrapped }), pick(lines, func(out Outgoing) []byte { return out.sealed }), o.now)
		rows = append(rows, asRowsOut+written)
	}
	if rest := o.out[notices:]; len(rest) > 0 {
		written := o.saving.add(insertNotices, pick(rest, func(out Outgoing) string { return out.Lane }), pick(rest, func(out Outgoing) int64 { return out.caseID }),
			pick(rest, func(out Outgoing) string { return string(out.Notice.Kind) }), pick(rest, func(out Outgoing) string { return string(out.Notice.To) }),
			pick(rest, func(out Outgoing) int { return out.Notice.Event }), pick(rest, func(out Outgoing) *time.Time { return nullTime(out.NotBefore) }), o.now)
		rows = append(rows, `SELECT id, lane, kind, recipient, event FROM `+written)
	}
	return o.saving.then(strings.Join(rows, " UNION ALL "))
}

// readOut fills in the identifiers of what was queued. Rows come back in their order; notices that were queued before, as
// the same notice of the same event, do not come back and are left out.
func (o *once) readOut(results pgx.BatchResults) error {
	rows, err := results.Query()
	if err != nil {
		return err
	}
	all, kept := o.out, o.out[:0]
	var id int64
	var in string
	var n cases.Notice
	_, err = pgx.ForEachRow(rows, []any{&id, &in, &n.Kind, &n.To, &n.Event}, func() error {
		at := 0
		if in != "" {
			at = slices.IndexFunc(all, func(out Outgoing) bool { return out.Lane == in && out.Notice == n })
		}
		if at < 0 || at >= len(all) {
			return fmt.Errorf("row %d is none of ours", id)
		}
		all[at].ID = id
		kept, all = append(kept, all[at]), all[at+1:]
		return nil
	})
	o.out = kept
	return err
}

// dispatcher sends what is queued; at most one of all processes does at a time.
type dispatcher interface {
	Sending() bool       // this process is the one that sends
	Take(out []Outgoing) // what was just committed
}

// Attach makes d hear of what this store queues, without a detour through the database. It is called before the store is
// used. Where d does not send, the process that does is woken by a notification.
func (s *Store) Attach(d dispatcher) { s.dispatcher = d }

// ScreenBy has the words of a complaint held against the names of the workspace while it is filed: where namesNobody says so of the
// event of its filing, the case is screened with it. Where it can't tell, or somebody may be meant, the screening comes afterwards,
// as a notice. It is called before the store is used.
func (s *Store) ScreenBy(namesNobody func(cases.Event, *cases.Procedure) bool) {
	s.namesNobody = namesNobody
}

func (s *Store) sending() bool { return s.dispatcher != nil && s.dispatcher.Sending() }

// lockLanes sees to it that what is committed for a lane is handed over in the order of the commits, and returns what ends that. It
// is held from before a commit until what it queued is handed over. Transactions for other lanes need not wait for each other.
func (s *Store) lockLanes(out []Outgoing) (unlock func()) {
	places := pick(out, func(o Outgoing) int { return int(maphash.String(s.seed, o.Lane) % uint64(len(s.handing))) })
	slices.Sort(places) // so that none of two waits for the other
	places = slices.Compact(places)
	for _, at := range places {
		s.handing[at].Lock()
	}
	return func() {
		for _, at := range places {
			s.handing[at].Unlock()
		}
	}
}

func (s *Store) handOver(out []Outgoing) {
	if len(out) > 0 && s.sending() {
		s.dispatcher.Take(out)
	}
}

// Waiting returns what is queued and not among known, in order, at most limit rows.
func (s *Store) Waiting(ctx context.Context, known map[int64]struct{}, limit int) ([]Outgoing, error) {
	rows, err := s.pool.Query(ctx, `SELECT id FROM line UNION ALL SELECT id FROM outbox WHERE state = 'queued' ORDER BY id`)
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
	lines, err := s.linesOut(ctx, missing)
	if err != nil {
		return nil, fmt.Errorf("what waits: %w", err)
	}
	notices, err := s.noticesOut(ctx, missing)
	if err != nil {
		return nil, fmt.Errorf("what waits: %w", err)
	}
	all := append(lines, notices...)
	slices.SortFunc(all, func(a, b Outgoing) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

func (s *Store) noticesOut(ctx context.Context, ids []int64) ([]Outgoing, error) {
	rows, err := s.pool.Query(ctx, `SELECT o.id, o.lane, o.attempts, o.not_before, coalesce(c.number, ''), coalesce(o.kind, ''),
			coalesce(o.recipient, ''), coalesce(o.event, 0), coalesce(o.digest::text, '')
		FROM outbox o LEFT JOIN cases c ON c.id = o.case_id WHERE o.id = ANY ($1) AND o.state = 'queued'`, ids)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (o Outgoing, err error) {
		var notBefore *time.Time
		err = row.Scan(&o.ID, &o.Lane, &o.Attempts, &notBefore, &o.Number, &o.Notice.Kind, &o.Notice.To, &o.Notice.Event, &o.Digest)
		o.NotBefore = value(notBefore)
		return o, err
	})
}

// pick is a column of rows.
func pick[R, C any](rows []R, f func(R) C) []C {
	all := make([]C, len(rows))
	for i, r := range rows {
		all[i] = f(r)
	}
	return all
}
