package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

const caseColumns = `id, number, kind, way, language, stage, received, deadline, owner, contacted, explained, closed, outcome,
	chat, chat_gone, has_mail, mail_gone, excluded, version, last_seq, last_hash, proposal, last_word, rated, reopened, screened, work`

// scanCase reads caseColumns, and what more stands beside them.
func scanCase(row pgx.Row, more ...any) (*cases.Case, error) {
	c := new(cases.Case)
	var deadline, contacted, closed, lastWord, reopened *time.Time
	var owner, outcome *string
	var chat *int64
	err := row.Scan(append([]any{&c.ID, &c.Number, &c.Kind, &c.Way, &c.Language, &c.Stage, &c.Received, &deadline, &owner, &contacted, &c.Explained,
		&closed, &outcome, &chat, &c.ChatGone, &c.HasMail, &c.MailGone, &c.Excluded, &c.Version, &c.LastSeq, &c.LastHash,
		&c.Proposal, &lastWord, &c.Rated, &reopened, &c.Screened, &c.Work}, more...)...)
	if err != nil {
		return nil, missing(err)
	}
	c.Deadline, c.Contacted, c.Closed = value(deadline), value(contacted), value(closed)
	c.LastWord, c.Reopened = value(lastWord), value(reopened)
	c.Owner, c.Outcome, c.Chat = cases.Member(value(owner)), cases.Outcome(value(outcome)), value(chat)
	return c, nil
}

// value is what a column holds, or the zero value for NULL.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// null is nil for the zero value, so that it is kept as NULL.
func null[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// nullTime is null for instants.
func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Case returns all that is known of a case but its words, or ErrNotFound.
func (s *Store) Case(ctx context.Context, number cases.Number) (*cases.Case, error) {
	c, err := scanCase(s.pool.QueryRow(ctx, `SELECT `+caseColumns+` FROM cases WHERE number = $1`, number))
	if err != nil {
		return nil, fmt.Errorf("case %s: %w", number, err)
	}
	return c, nil
}

// lock reads a case that nobody else can change until the transaction ends, with what the clock has told about it.
func (o *once) lock(ctx context.Context, number cases.Number) (*cases.Case, error) {
	c, err := o.lockOne(ctx, `SELECT `+lockColumns+` FROM cases WHERE number = $1 FOR NO KEY UPDATE`, []any{number})
	if err != nil {
		return nil, fmt.Errorf("lock case %s: %w", number, err)
	}
	return c, nil
}

// lockColumns are what is read of a case to change it: caseColumns, its wrapped key, and what the clock has told about it. Where
// the lock had to be waited for, what the clock told meanwhile is not among it, and the clock looks at the case once more for
// nothing.
const lockColumns = caseColumns + `, (SELECT wrapped FROM case_key WHERE case_id = cases.id),
	(SELECT coalesce(json_agg(json_build_array(milestone, occasion, recipient)), '[]') FROM told WHERE case_id = cases.id)`

// lockOne reads lockColumns of one case by a statement that locks it, and what more stands beside them; or ErrNotFound.
func (o *once) lockOne(ctx context.Context, statement string, args []any, more ...any) (*cases.Case, error) {
	if err := o.write(ctx); err != nil { // it may be this case that was changed
		return nil, err
	}
	return o.scanLocked(o.QueryRow(ctx, statement, args...), more...)
}

// lockAll locks the cases for which a condition holds.
func (o *once) lockAll(ctx context.Context, which string, args ...any) ([]*cases.Case, error) {
	if err := o.write(ctx); err != nil {
		return nil, err
	}
	rows, err := o.Query(ctx, `SELECT `+lockColumns+` FROM cases WHERE `+which+` ORDER BY id FOR NO KEY UPDATE`, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*cases.Case, error) { return o.scanLocked(row) })
}

func (o *once) scanLocked(row pgx.Row, more ...any) (*cases.Case, error) {
	var wrapped []byte
	var told [][3]string
	c, err := scanCase(row, append([]any{&wrapped, &told}, more...)...)
	if err != nil {
		return nil, err
	}
	for _, one := range told {
		c.Told = append(c.Told, cases.Told{Milestone: cases.Milestone(one[0]), Occasion: one[1], Recipient: cases.Recipient(one[2])})
	}
	var k *key // none where the words were erased
	if wrapped != nil {
		if k, err = o.store.vault.unwrap(wrapped, holder(c.ID)); err != nil {
			return nil, err
		}
	}
	o.know(c.ID, k)
	o.foreign = true // who changed it last is not known
	return c, nil
}

// Change locks a case, lets decide alter it, and saves the case, its events and the notices that follow together, or
// nothing. A *cases.Refusal from decide is returned as it is; one that says Denied is recorded in the file.
func (s *Store) Change(ctx context.Context, claim Claim, number cases.Number, decide func(*cases.Case, time.Time) error) (*cases.Case, error) {
	return s.change(ctx, claim, number, func(_ *once, c *cases.Case, now time.Time) error { return decide(c, now) })
}

// ChangeKnowing is as Change, and decide is shown all that happened in the case, with the words, but neither letters nor files. It
// is for a program that decides by what was said; it records no reading.
func (s *Store) ChangeKnowing(ctx context.Context, claim Claim, number cases.Number, decide func(*cases.Case, *cases.File, time.Time) error) (*cases.Case, error) {
	return s.change(ctx, claim, number, func(o *once, c *cases.Case, now time.Time) error {
		f := &cases.File{Case: *c}
		var err error
		if f.Events, err = o.events(ctx, c); err != nil {
			return err
		}
		f.Assemble()
		return decide(c, f, now)
	})
}

func (s *Store) change(ctx context.Context, claim Claim, number cases.Number, decide func(*once, *cases.Case, time.Time) error) (*cases.Case, error) {
	var changed *cases.Case
	var refused *cases.Refusal
	err := s.do(ctx, claim, func(o *once) error {
		c, err := o.lock(ctx, number)
		if err != nil {
			return err
		}
		before := *c
		if err := decide(o, c, o.now); err != nil {
			if !errors.As(err, &refused) || !refused.Denied {
				return err
			}
			*c = before
			c.Deny(refused.Who, refused.Do, o.now)
		}
		changed = c
		return o.save(ctx, c, len(before.Told))
	})
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return changed, refused
	}
	return changed, nil
}

// insert has a new case written, before the transaction ends, in the row id, with a key of its own.
func (o *once) insert(ctx context.Context, c *cases.Case, id int64) error {
	c.ID = id
	k, wrapped, err := o.store.vault.make(holder(c.ID))
	if err != nil {
		return err
	}
	o.know(c.ID, k)
	events := c.Events()
	if err := o.saveEvents(ctx, c, events); err != nil {
		return err
	}
	next, absence := o.next(c)
	o.saving.add(`INSERT INTO cases (id, number, kind, way, language, stage, received, deadline, chat, has_mail, excluded, version,
			last_seq, last_hash, next_tick, absence, screened, work)
		OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		c.ID, c.Number, c.Kind, c.Way, c.Language, c.Stage, c.Received, nullTime(c.Deadline), null(c.Chat), c.HasMail, nonNil(c.Excluded), c.Version,
		c.LastSeq, c.LastHash, next, absence, c.Screened, c.Work)
	o.saving.add(`INSERT INTO case_key (case_id, wrapped) VALUES ($1, $2)`, c.ID, wrapped)
	o.noticesOf(c, events)
	return nil
}

func nonNil(all []cases.Member) []cases.Member {
	if all == nil {
		return []cases.Member{}
	}
	return all
}

func holder(id int64) string { return fmt.Sprintf("case/%d", id) }

// key is the key of a case. It is read once in a transaction. Where it was destroyed that is ErrNotFound.
func (o *once) key(ctx context.Context, id int64) (*key, error) {
	if k, known := o.keys[id]; k != nil {
		return k, nil
	} else if known {
		return nil, fmt.Errorf("key of case %d: %w", id, ErrNotFound)
	}
	var wrapped []byte
	if err := o.QueryRow(ctx, `SELECT wrapped FROM case_key WHERE case_id = $1`, id).Scan(&wrapped); err != nil {
		return nil, fmt.Errorf("key of case %d: %w", id, missing(err))
	}
	k, err := o.store.vault.unwrap(wrapped, holder(id))
	if err == nil {
		o.know(id, k)
	}
	return k, err
}

func (o *once) know(id int64, k *key) {
	if o.keys == nil {
		o.keys = map[int64]*key{}
	}
	o.keys[id] = k
}

// save has it written, before the transaction ends, what happened to a locked case; before is how many occasions the clock
// had told when it was read.
func (o *once) save(ctx context.Context, c *cases.Case, before int) error {
	events := c.Events()
	if err := o.saveEvents(ctx, c, events); err != nil {
		return err
	}
	o.revoke(c, events)
	if err := o.enclose(ctx, c, events); err != nil {
		return err
	}
	for _, t := range c.Told[before:] {
		o.saving.add(`INSERT INTO told (case_id, milestone, occasion, recipient, way, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
			c.ID, t.Milestone, t.Occasion, t.Recipient, t.Way, o.now)
	}
	o.saving.add(updateOne, append(o.row(c), nonNil(c.Excluded))...)
	o.noticesOf(c, events)
	return nil
}

// changing are the columns of a case that change, with their types; excluded comes on top of them.
var changing = [][2]string{
	{"language", "text"}, {"stage", "text"}, {"deadline", "timestamptz"}, {"owner", "text"}, {"contacted", "timestamptz"}, {"explained", "boolean"},
	{"closed", "timestamptz"}, {"outcome", "text"}, {"chat", "bigint"}, {"chat_gone", "boolean"}, {"has_mail", "boolean"}, {"mail_gone", "boolean"},
	{"last_seq", "int"}, {"last_hash", "bytea"}, {"next_tick", "timestamptz"}, {"proposal", "int"}, {"last_word", "timestamptz"}, {"rated", "boolean"},
	{"reopened", "timestamptz"}, {"received", "timestamptz"}, {"screened", "boolean"}, {"work", "jsonb"}, {"absence", "bigint"},
}

// row is a case as it is now: its id, and the values of the columns that change.
func (o *once) row(c *cases.Case) []any {
	next, absence := o.next(c)
	return []any{
		c.ID, c.Language, c.Stage, nullTime(c.Deadline), null(c.Owner), nullTime(c.Contacted), c.Explained,
		nullTime(c.Closed), null(c.Outcome), null(c.Chat), c.ChatGone, c.HasMail, c.MailGone,
		c.LastSeq, c.LastHash, next, c.Proposal, nullTime(c.LastWord), c.Rated,
		nullTime(c.Reopened), c.Received, c.Screened, c.Work, absence,
	}
}

// updateOne writes a row, and who is excluded; updateAll writes rows that are given by their columns, and leaves alone who is excluded.
var updateOne, updateAll = func() (string, string) {
	var names, given, columns, arrays []string
	for i, column := range changing {
		names, given = append(names, column[0]), append(given, fmt.Sprintf("$%d", i+2))
		columns, arrays = append(columns, "n."+column[0]), append(arrays, fmt.Sprintf("$%d::%s[]", i+2, column[1]))
	}
	all, last := strings.Join(names, ", "), len(changing)+2
	return fmt.Sprintf(`UPDATE cases SET (%s, excluded) = ROW (%s, $%d) WHERE id = $1`, all, strings.Join(given, ", "), last),
		fmt.Sprintf(`UPDATE cases c SET (%s) = ROW (%s) FROM unnest($1::bigint[], %s) AS n (id, %s) WHERE c.id = n.id`,
			all, strings.Join(columns, ", "), strings.Join(arrays, ", "), all)
}()

// saveEvents has events appended to the chain of the case, with their words sealed.
func (o *once) saveEvents(ctx context.Context, c *cases.Case, events []cases.Event) error {
	if len(events) == 0 {
		return nil
	}
	var k *key
	var data, commitments []string
	var hashes, sealed [][]byte
	var of []int
	for i := range events {
		e := &events[i]
		e.Commitments = make(map[string][]byte, len(e.Words))
		if len(e.Words) > 0 && k == nil {
			var err error
			if k, err = o.key(ctx, c.ID); err != nil {
				return err
			}
		}
		for field, words := range e.Words {
			commitment, err := k.commit(words, placeOfWords(c.Number, e.Seq, field)...)
			if err != nil {
				return err
			}
			e.Commitments[field] = commitment
		}
		if len(e.Words) > 0 {
			of, sealed = append(of, e.Seq), append(sealed, k.seal(joinWords(e.Words), placeOfWords(c.Number, e.Seq, allFields)...))
		}
		c.LastHash = e.Hash(c.Number, c.LastHash)
		hashes = append(hashes, c.LastHash)
		said, err := json.Marshal(e.Data)
		if e.Data == nil {
			said = []byte("{}")
		}
		committed, otherwise := json.Marshal(e.Commitments)
		if err := errors.Join(err, otherwise); err != nil {
			return fmt.Errorf("event %d of case %s: %w", e.Seq, c.Number, err)
		}
		data, commitments = append(data, string(said)), append(commitments, string(committed))
	}
	o.saving.add(insertEvents, c.ID, pick(events, func(e cases.Event) int { return e.Seq }), pick(events, func(e cases.Event) time.Time { return e.At }),
		pick(events, func(e cases.Event) string { return string(e.By) }), pick(events, func(e cases.Event) string { return string(e.Kind) }),
		data, commitments, hashes)
	if len(sealed) > 0 {
		o.saving.add(insertWords, c.ID, of, sealed)
	}
	return nil
}

const (
	insertEvents = `INSERT INTO event (case_id, seq, at, by, kind, data, commitments, hash)
		SELECT $1, seq, at, by, kind, data::jsonb, commitments::jsonb, hash
		FROM unnest($2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[])
			AS e (seq, at, by, kind, data, commitments, hash)`
	insertWords = `INSERT INTO event_word (case_id, seq, field, sealed) SELECT $1, seq, '', sealed FROM unnest($2::int[], $3::bytea[]) AS w (seq, sealed)`
)
