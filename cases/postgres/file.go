package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// ReadFile returns everything of a case to a person who may read it, and records that they did. Who may not gets the
// *cases.Refusal, and the try is recorded.
func (s *Store) ReadFile(ctx context.Context, claim Claim, number cases.Number, who cases.Person) (*cases.File, error) {
	var file *cases.File
	var refused *cases.Refusal
	err := s.do(ctx, claim, func(o *once) error {
		c, err := o.lock(ctx, number)
		if err != nil {
			return err
		}
		if err := c.Read(who, o.now); errors.As(err, &refused) && refused.Denied {
			c.Deny(refused.Who, refused.Do, o.now)
		} else if err != nil {
			return err
		}
		if err := o.save(ctx, c, len(c.Told)); err != nil || refused != nil {
			return err
		}
		if err := o.write(ctx); err != nil {
			return fmt.Errorf("record that case %s was read: %w", number, err)
		}
		file, err = o.file(ctx, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return nil, refused
	}
	return file, nil
}

// File returns everything of a case to a program that tells a notice to who may hear it. It records nothing.
func (s *Store) File(ctx context.Context, number cases.Number) (*cases.File, error) {
	var file *cases.File
	err := s.byHand(ctx, func(o *once) error { // in two round trips
		batch := new(pgx.Batch)
		batch.Queue(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
		batch.Queue(`SELECT `+lockColumns+` FROM cases WHERE number = $1`, number)
		results := o.SendBatch(ctx, batch)
		_, err := results.Exec()
		if err != nil {
			return errors.Join(err, results.Close())
		}
		c, err := o.scanLocked(results.QueryRow())
		if err = errors.Join(err, results.Close()); err != nil {
			return fmt.Errorf("file of case %s: %w", number, err)
		}
		file, err = o.file(ctx, c, `COMMIT`)
		return err
	})
	return file, err
}

// file reads the file of a case, in one round trip with what comes after it.
func (o *once) file(ctx context.Context, c *cases.Case, after ...string) (*cases.File, error) {
	k, err := o.key(ctx, c.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	batch := new(pgx.Batch)
	batch.Queue(selectEvents, c.ID)
	batch.Queue(selectLetters, c.ID, partyNotices)
	batch.Queue(selectEnclosures, c.ID)
	for _, statement := range after {
		batch.Queue(statement)
	}
	results := o.SendBatch(ctx, batch)
	f, err := readFile(results, k, c)
	return f, errors.Join(err, results.Close())
}

func readFile(results pgx.BatchResults, k *key, c *cases.Case) (*cases.File, error) {
	f := &cases.File{Case: *c}
	rows, err := results.Query()
	if err != nil {
		return nil, fmt.Errorf("events of case %s: %w", c.Number, err)
	}
	if f.Events, err = readEvents(rows, k, c); err != nil {
		return nil, err
	}
	f.Assemble()
	if rows, err = results.Query(); err != nil {
		return nil, fmt.Errorf("letters of case %s: %w", c.Number, err)
	}
	if f.Letters, err = pgx.CollectRows(rows, readLetter); err != nil {
		return nil, fmt.Errorf("letters of case %s: %w", c.Number, err)
	}
	if rows, err = results.Query(); err != nil {
		return nil, fmt.Errorf("files of case %s: %w", c.Number, err)
	}
	if k == nil { // they were erased with the words
		rows.Close()
		return f, rows.Err()
	}
	if f.Attachments, err = enclosures(rows, k); err != nil {
		return nil, fmt.Errorf("files of case %s: %w", c.Number, err)
	}
	return f, nil
}

func (o *once) events(ctx context.Context, c *cases.Case) ([]cases.Event, error) {
	k, err := o.key(ctx, c.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	rows, err := o.Query(ctx, selectEvents, c.ID)
	if err != nil {
		return nil, fmt.Errorf("events of case %s: %w", c.Number, err)
	}
	return readEvents(rows, k, c)
}

// readEvents reads events with their words; k is nil where the words of the case were erased.
func readEvents(rows pgx.Rows, k *key, c *cases.Case) ([]cases.Event, error) {
	events, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (cases.Event, error) {
		e, words, err := scanEvent(row)
		if err == nil {
			e.Words, err = words.open(k, c.Number, e.Seq)
		}
		return e, err
	})
	if err != nil {
		return nil, fmt.Errorf("events of case %s: %w", c.Number, err)
	}
	return events, nil
}

const (
	eventColumns = `e.seq, e.at, e.by, e.kind, e.data, e.commitments, w.fields, w.sealed`
	eventWords   = ` CROSS JOIN LATERAL (SELECT array_agg(w.field) AS fields, array_agg(w.sealed) AS sealed
		FROM event_word w WHERE w.case_id = e.case_id AND w.seq = e.seq) AS w `
	selectEvents = `SELECT ` + eventColumns + ` FROM event e` + eventWords + `WHERE e.case_id = $1 ORDER BY e.seq`
)

// sealedWords are the words of an event as they are kept.
type sealedWords struct {
	fields []string
	sealed [][]byte
}

// scanEvent reads eventColumns, and what more stands beside them. The words of the event are still to be opened.
func scanEvent(row pgx.Row, more ...any) (e cases.Event, words sealedWords, err error) {
	var data, commitments []byte
	err = row.Scan(append([]any{&e.Seq, &e.At, &e.By, &e.Kind, &data, &commitments, &words.fields, &words.sealed}, more...)...)
	if err == nil {
		err = errors.Join(json.Unmarshal(data, &e.Data), json.Unmarshal(commitments, &e.Commitments))
	}
	return e, words, err
}

// open opens the words of an event. Where the key of the case was destroyed, there is no key and there are none.
func (w sealedWords) open(k *key, of cases.Number, seq int) (cases.Words, error) {
	all := make(cases.Words, len(w.fields))
	for i, field := range w.fields {
		if k == nil {
			break
		}
		if err := k.openWords(w.sealed[i], of, seq, field, all); err != nil {
			return nil, err
		}
	}
	return all, nil
}

const selectLetters = `SELECT kind, recipient, event, state, reason, coalesce(done_at, queued_at) FROM outbox
	WHERE case_id = $1 AND (recipient IN ('chat', 'mail', 'mail-before') OR kind = ANY ($2)) ORDER BY id`

func readLetter(row pgx.CollectableRow) (d cases.Delivery, err error) {
	return d, row.Scan(&d.Kind, &d.To, &d.Event, &d.State, &d.Reason, &d.At)
}

// Verify recomputes the chain of a case's events. It returns an error that names the first event that does not fit, also
// where the words of the case were erased; words that are still there must fit their commitments.
func (s *Store) Verify(ctx context.Context, number cases.Number) error {
	return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		o := &once{database: tx, now: s.Now(), store: s}
		c, err := scanCase(tx.QueryRow(ctx, `SELECT `+caseColumns+` FROM cases WHERE number = $1`, number))
		if err != nil {
			return fmt.Errorf("verify case %s: %w", number, err)
		}
		events, err := o.events(ctx, c)
		if err != nil {
			return err
		}
		if len(events) != c.LastSeq {
			return fmt.Errorf("case %s has %d events, and should have %d", number, len(events), c.LastSeq)
		}
		return o.verify(ctx, c, events)
	})
}

func (o *once) verify(ctx context.Context, c *cases.Case, events []cases.Event) error {
	rows, err := o.Query(ctx, `SELECT hash FROM event WHERE case_id = $1 ORDER BY seq`, c.ID)
	if err != nil {
		return fmt.Errorf("hashes of case %s: %w", c.Number, err)
	}
	hashes, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return fmt.Errorf("hashes of case %s: %w", c.Number, err)
	}
	k, err := o.key(ctx, c.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	var previous []byte
	for i, e := range events {
		if previous = e.Hash(c.Number, previous); !bytes.Equal(previous, hashes[i]) {
			return fmt.Errorf("event %d of case %s was changed", e.Seq, c.Number)
		}
		for field, words := range e.Words {
			commitment, err := k.commit(words, string(c.Number), fmt.Sprint(e.Seq), field)
			if err != nil {
				return err
			}
			if !bytes.Equal(commitment, e.Commitments[field]) {
				return fmt.Errorf("the words of event %d of case %s were changed", e.Seq, c.Number)
			}
		}
	}
	if !bytes.Equal(previous, c.LastHash) {
		return fmt.Errorf("the last event of case %s is missing", c.Number)
	}
	return nil
}
