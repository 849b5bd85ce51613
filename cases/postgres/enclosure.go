package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

const enclosureColumns = `id, wrapped_key, name, field, kind, type, size, state, reason, by, at, coalesce(event, 0)`

const selectEnclosures = `SELECT ` + enclosureColumns + ` FROM attachment WHERE case_id = $1 AND NOT (` + formFiles + `) ORDER BY at, message, id`

// enclosures reads rows of enclosureColumns of files whose keys are wrapped by k.
func enclosures(rows pgx.Rows, k *key) ([]cases.Enclosure, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (e cases.Enclosure, err error) {
		var wrapped, name []byte
		if err := row.Scan(&e.ID, &wrapped, &name, &e.Field, &e.Kind, &e.Type, &e.Size, &e.State, &e.Reason, &e.By, &e.At, &e.Event); err != nil {
			return e, err
		}
		data, err := k.unwrap(wrapped, e.ID)
		if err != nil {
			return e, err
		}
		words, err := data.open(name, "name")
		e.Name = string(words)
		return e, err
	})
}

// Share has one of the files of a case put into the case's room, for a person who may read it, and records that they did. Who
// may not gets the *cases.Refusal, and the try is recorded. A file that is not kept is a *cases.Refusal as well.
func (s *Store) Share(ctx context.Context, claim Claim, number cases.Number, id string, who cases.Person) error {
	var refused *cases.Refusal
	err := s.do(ctx, claim, func(o *once) error {
		c, err := o.lock(ctx, number)
		if err != nil {
			return err
		}
		if err := c.Share(who, id, o.now); errors.As(err, &refused) && refused.Denied {
			c.Deny(refused.Who, refused.Do, o.now)
		} else if err != nil {
			return err
		} else if err := o.isKept(ctx, c, id); err != nil {
			return err
		}
		return o.save(ctx, c, len(c.Told))
	})
	if err == nil && refused != nil {
		return refused
	}
	return err
}

// isKept is a *cases.Refusal if a case has no such file, or its content is not there.
func (o *once) isKept(ctx context.Context, c *cases.Case, id string) error {
	var state cases.EnclosureState
	err := o.QueryRow(ctx, `SELECT state FROM attachment WHERE id = $1 AND case_id = $2 AND NOT (`+formFiles+`)`, id, c.ID).Scan(&state)
	switch {
	case err != nil && !errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("file of case %s: %w", c.Number, err)
	case state == cases.EnclosureWaiting:
		return &cases.Refusal{Text: i18n.T("refusal.file-waits")}
	case state != cases.EnclosureKept:
		return &cases.Refusal{Text: i18n.T("refusal.no-such-file")}
	}
	return nil
}

// Content returns one of the files of a case to a program that tells a notice to who may hear it. It records nothing. A file
// that is not kept is ErrNotFound.
func (s *Store) Content(ctx context.Context, number cases.Number, id string) (*cases.Document, error) {
	at, err := s.kept(ctx, number, id)
	if err == nil {
		at.Content, err = s.content(ctx, at)
	}
	if err != nil {
		return nil, fmt.Errorf("file %s of case %s: %w", id, number, err)
	}
	return &at.Document, nil
}

// kept is where the content of a file is, and how it opens.
type kept struct {
	cases.Document
	size          int64
	place, object string
	data          *key
}

func (s *Store) kept(ctx context.Context, number cases.Number, id string) (*kept, error) {
	at := new(kept)
	var caseID int64
	var ofCase, wrapped, name []byte
	err := s.pool.QueryRow(ctx, `SELECT c.id, k.wrapped, a.wrapped_key, a.name, a.kind, a.type, a.size, a.place, a.object
		FROM attachment a JOIN cases c ON c.id = a.case_id JOIN case_key k ON k.case_id = c.id
		WHERE a.id = $1 AND c.number = $2 AND a.state = 'kept' AND NOT (`+formFiles+`)`, id, number).
		Scan(&caseID, &ofCase, &wrapped, &name, &at.Kind, &at.Type, &at.size, &at.place, &at.object)
	if err != nil {
		return nil, missing(err)
	}
	k, err := s.vault.unwrap(ofCase, holder(caseID))
	if err != nil {
		return nil, err
	}
	if at.data, err = k.unwrap(wrapped, id); err != nil {
		return nil, err
	}
	words, err := at.data.open(name, "name")
	at.Name = string(words)
	return at, err
}

// content reads what is kept, which may take long.
func (s *Store) content(ctx context.Context, at *kept) (content []byte, err error) {
	in, err := s.objectsIn(at.place)
	if err != nil {
		return nil, err
	}
	var sealed io.ReadCloser
	if sealed, err = in.Get(ctx, at.object); err != nil {
		return nil, err
	}
	defer sealed.Close()
	return at.data.openContent(sealed, at.size)
}
