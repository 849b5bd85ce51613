package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// Tick lets the clock speak about the cases for which something is due, at most limit of them or a few more, and says how many
// these were. What it says of them is written together, or not at all. Any number of processes may call it at the same time: a
// case is ticked by one of them. One that can't be ticked is put off and reported; the others go on.
func (s *Store) Tick(ctx context.Context, limit int) (int, error) {
	n, err := s.tick(ctx, batchOf(limit))
	if err == nil || Passing(err) {
		return n, err
	}
	due, err := s.due(ctx, limit)
	if err != nil {
		return 0, err
	}
	for _, id := range due {
		if _, err := s.tick(ctx, only(id)); err == nil {
			continue
		} else if Passing(err) {
			return 0, err
		} else if err := s.putOffCase(ctx, id, err); err != nil {
			return 0, err
		}
	}
	return len(due), nil
}

// The clock claims what is due; and the open cases of owners who are away, or going to be, that were saved without knowing of it.
const (
	isDue         = `next_tick <= $1 ORDER BY next_tick LIMIT $2`
	areAway       = `(SELECT member, max(id) AS newest FROM absence WHERE until_at IS NULL OR until_at > $1 GROUP BY member) a`
	isUnaware     = `owner = a.member AND absence < a.newest AND stage <> 'closed' ORDER BY absence LIMIT $2`
	claimDue      = `SELECT ` + caseColumns + ` FROM cases WHERE ` + isDue + ` FOR NO KEY UPDATE SKIP LOCKED`
	claimUnaware  = `SELECT c.* FROM ` + areAway + `, LATERAL (SELECT ` + caseColumns + ` FROM cases WHERE ` + isUnaware + ` FOR NO KEY UPDATE SKIP LOCKED) c LIMIT $2`
	claimOne      = `SELECT ` + caseColumns + ` FROM cases WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED`
	selectDue     = `SELECT id FROM cases WHERE ` + isDue
	selectUnaware = `SELECT c.id FROM ` + areAway + `, LATERAL (SELECT id FROM cases WHERE ` + isUnaware + `) c LIMIT $2`
)

// inOrder has the database read what is due from the front of the index. Else it might, each time anew, gather all that is due to take
// the first of it.
const inOrder = `SET LOCAL enable_bitmapscan = off`

// claim is a way of claiming cases: it queues the statements that do, and says how many these are.
type claim func(batch *pgx.Batch, now time.Time) int

func batchOf(limit int) claim {
	return func(batch *pgx.Batch, now time.Time) int {
		batch.Queue(claimDue, now, limit)
		batch.Queue(claimUnaware, now, limit)
		return 2
	}
}

func only(id int64) claim {
	return func(batch *pgx.Batch, _ time.Time) int {
		batch.Queue(claimOne, id)
		return 1
	}
}

// due are the cases that a batch would claim, without a look at what they are.
func (s *Store) due(ctx context.Context, limit int) (all []int64, err error) {
	for _, which := range []string{selectDue, selectUnaware} {
		rows, err := s.pool.Query(ctx, which, s.Now(), limit)
		if err != nil {
			return nil, fmt.Errorf("what is due: %w", err)
		}
		some, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return nil, fmt.Errorf("what is due: %w", err)
		}
		all = append(all, some...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// patienceWithOne is how long a case that could not be ticked is left alone, so that it does not hold up the others.
const patienceWithOne = time.Hour

func (s *Store) putOffCase(ctx context.Context, id int64, why error) error {
	s.log.Error("the clock can't speak of a case; it tries again later", "case-id", id, "err", why)
	_, err := s.pool.Exec(ctx, `UPDATE cases SET next_tick = $2,
			absence = greatest(absence, (SELECT max(a.id) FROM absence a WHERE a.member = owner)) WHERE id = $1`, id, s.Now().Add(patienceWithOne))
	if err != nil {
		return fmt.Errorf("put a case off: %w", err)
	}
	return nil
}

// tick claims cases, lets the clock speak of them, and says how many these were.
func (s *Store) tick(ctx context.Context, which claim) (n int, err error) {
	err = s.byHand(ctx, func(o *once) error {
		o.foreign = true // who changed these cases last is not known
		due, err := o.claimCases(ctx, which)
		if err != nil {
			return err
		}
		if n = len(due); n > 0 {
			if err := o.speak(ctx, due); err != nil {
				return err
			}
		}
		return o.finish(ctx)
	})
	return n, err
}

// finish ends a transaction that was begun by hand, and hands over what it queued.
func (o *once) finish(ctx context.Context) error {
	if err := o.flush(ctx); err != nil {
		return err
	}
	defer o.store.lockLanes(o.out)()
	if _, err := o.Exec(ctx, `COMMIT`); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	o.store.handOver(o.out)
	return nil
}

// claimCases begins a transaction, claims cases, and reads who is away, in one round trip.
func (o *once) claimCases(ctx context.Context, which claim) (due []*cases.Case, err error) {
	batch := new(pgx.Batch)
	batch.Queue(`BEGIN`)
	batch.Queue(inOrder)
	claims := which(batch, o.now)
	batch.Queue(selectAbsences, o.now)
	number := o.store.roll.reads.Add(1)
	results := o.SendBatch(ctx, batch)
	defer results.Close()
	for range 2 {
		if _, err := results.Exec(); err != nil {
			return nil, fmt.Errorf("begin: %w", err)
		}
	}
	seen := map[int64]bool{}
	for range claims {
		rows, err := results.Query()
		if err != nil {
			return nil, fmt.Errorf("what is due: %w", err)
		}
		some, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*cases.Case, error) { return scanCase(row) })
		if err != nil {
			return nil, fmt.Errorf("what is due: %w", err)
		}
		for _, c := range some {
			if !seen[c.ID] {
				seen[c.ID] = true
				due = append(due, c)
			}
		}
	}
	rows, err := results.Query()
	if err != nil {
		return nil, fmt.Errorf("who is away: %w", err)
	}
	if o.called, err = rollOf(rows); err != nil {
		return nil, err
	}
	o.called.read = number
	o.store.roll.learn(o.called)
	return due, nil
}

// selectToldOfAll looks at each case apart: a plan for all of them that was made while little was told would read everything.
const selectToldOfAll = `SELECT id, milestone, occasion, recipient, way FROM unnest($1::bigint[]) AS c (id),
	LATERAL (SELECT milestone, occasion, recipient, way FROM told WHERE case_id = c.id OFFSET 0) t`

// speak reads what was told of cases, lets the clock tell what is due, and has it written.
func (o *once) speak(ctx context.Context, due []*cases.Case) error {
	byID := make(map[int64]*cases.Case, len(due))
	for _, c := range due {
		byID[c.ID] = c
	}
	rows, err := o.Query(ctx, selectToldOfAll,
		pick(due, func(c *cases.Case) int64 { return c.ID }))
	if err != nil {
		return fmt.Errorf("what was told: %w", err)
	}
	var id int64
	var told cases.Told
	if _, err := pgx.ForEachRow(rows, []any{&id, &told.Milestone, &told.Occasion, &told.Recipient, &told.Way}, func() error {
		byID[id].Told = append(byID[id].Told, told)
		return nil
	}); err != nil {
		return fmt.Errorf("what was told: %w", err)
	}
	var said sayings
	for _, c := range due {
		if err := o.speakOf(c, &said); err != nil {
			return fmt.Errorf("tick case %s: %w", c.Number, err)
		}
	}
	said.write(o)
	return nil
}

// speakOf lets the clock tell what is due about one case. A panic is an error: it must not keep the clock from the others for ever.
func (o *once) speakOf(c *cases.Case, said *sayings) (err error) {
	defer func() {
		if r := recover(); r != nil {
			o.store.log.Error("the clock panicked", "case", c.Number, "at", string(debug.Stack())) // not the value: it may hold words
			err = errors.New("the clock panicked")
		}
	}()
	before := len(c.Told)
	c.Tick(o.store.ProcedureOf(c.Version), o.roll().staff, o.now)
	for _, told := range c.Told[before:] {
		said.told = append(said.told, tolds{c.ID, told})
	}
	events := c.Events()
	o.silent = len(c.Told) == before
	for _, e := range events {
		if len(e.Words) > 0 {
			return errors.New("the clock has no words of its own")
		}
		data, err := json.Marshal(e.Data)
		if err != nil {
			return fmt.Errorf("event %d: %w", e.Seq, err)
		}
		c.LastHash = e.Hash(c.Number, c.LastHash)
		said.events = append(said.events, line{c.ID, e, string(data), c.LastHash})
	}
	said.rows = append(said.rows, o.row(c))
	o.noticesOf(c, events)
	return nil
}

// sayings are what the clock said of many cases, to be written at once.
type sayings struct {
	rows   [][]any // of the cases as they are now
	events []line
	told   []tolds
}

type line struct {
	caseID int64
	cases.Event
	data string
	hash []byte
}

type tolds struct {
	caseID int64
	cases.Told
}

func (s *sayings) write(o *once) {
	if len(s.events) > 0 {
		o.writes.Queue(`INSERT INTO event (case_id, seq, at, by, kind, data, commitments, hash)
			SELECT case_id, seq, $1, $2, kind, data::jsonb, '{}', hash FROM unnest($3::bigint[], $4::int[], $5::text[], $6::text[], $7::bytea[])
				AS e (case_id, seq, kind, data, hash)`, o.now, cases.TheClock,
			pick(s.events, func(l line) int64 { return l.caseID }), pick(s.events, func(l line) int { return l.Seq }),
			pick(s.events, func(l line) string { return string(l.Kind) }), pick(s.events, func(l line) string { return l.data }),
			pick(s.events, func(l line) []byte { return l.hash }))
	}
	if len(s.told) > 0 {
		o.writes.Queue(`INSERT INTO told (case_id, milestone, occasion, recipient, way, at)
			SELECT *, $1::timestamptz FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[]) ON CONFLICT DO NOTHING`, o.now,
			pick(s.told, func(t tolds) int64 { return t.caseID }), pick(s.told, func(t tolds) string { return string(t.Milestone) }),
			pick(s.told, func(t tolds) string { return t.Occasion }), pick(s.told, func(t tolds) string { return string(t.Recipient) }),
			pick(s.told, func(t tolds) string { return t.Way }))
	}
	columns := make([]any, len(changing)+1)
	for i := range columns {
		columns[i] = pick(s.rows, func(row []any) any { return row[i] })
	}
	// It comes after the others: each of those looks whether its case is there, which takes longer where that was changed.
	o.saving.add(updateAll, columns...)
}
