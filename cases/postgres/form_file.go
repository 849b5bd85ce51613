package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// Files that a member put into a form belong to the case and to that member, and are nowhere to be seen. They become part of the
// file of the case with the event that sends them. Those that nobody sends are forgotten.

// formFiles are the files that stand in forms.
const formFiles = `event IS NULL AND by <> 'complainant'`

// formFilesFor is how long files stand in a form that nobody sends.
const formFilesFor = 24 * time.Hour

// Enclose takes in files that a member put into a form for the complainant, who may write to them: they are remembered, to be
// fetched by who calls. Who may not gets the *cases.Refusal, and the try is recorded. It returns their identifiers, in order.
func (s *Store) Enclose(ctx context.Context, claim Claim, number cases.Number, who cases.Person, sent []cases.Attachment) ([]string, error) {
	var ids []string
	var refused *cases.Refusal
	err := s.do(ctx, claim, func(o *once) error {
		c, err := o.lock(ctx, number)
		if err != nil {
			return err
		}
		if err := cases.May(who, cases.Write, c); errors.As(err, &refused) && refused.Denied {
			c.Deny(refused.Who, refused.Do, o.now)
			return o.save(ctx, c, len(c.Told))
		} else if err != nil {
			return err
		}
		k, err := o.key(ctx, c.ID)
		if err != nil {
			return err
		}
		for n, file := range sent {
			id := rand.Text()
			data, err := newDataKey()
			if err != nil {
				return err
			}
			ids = append(ids, id)
			o.writes.Queue(`INSERT INTO attachment (id, case_id, wrapped_key, field, message, source, name, type, size, by, at)
				VALUES ($1, $2, $3, '', $4, $5, $6, $7, $8, $9, $10)`, id, c.ID, k.wrap(data, id), n+1,
				data.seal([]byte(file.ID), "source"), data.seal([]byte(file.Name), "name"), file.Type, file.Size, cases.By(who.Member), o.now)
		}
		return nil
	})
	if err == nil && refused != nil {
		return nil, refused
	}
	return ids, err
}

// InForm returns the files that stand in forms of a member about a case, of those with the identifiers given, in that order.
// What is not there is left out.
func (s *Store) InForm(ctx context.Context, number cases.Number, member cases.Member, ids []string) ([]cases.Enclosure, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var all []cases.Enclosure
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		o := &once{database: tx, now: s.Now(), store: s}
		c, err := scanCase(tx.QueryRow(ctx, `SELECT `+caseColumns+` FROM cases WHERE number = $1`, number))
		if err != nil {
			return err
		}
		k, err := o.key(ctx, c.ID)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT `+enclosureColumns+` FROM attachment WHERE case_id = $1 AND by = $2 AND id = ANY ($3) AND `+formFiles+`
			ORDER BY array_position($3, id)`, c.ID, cases.By(member), ids)
		if err != nil {
			return err
		}
		all, err = enclosures(rows, k)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("files in a form about case %s: %w", number, err)
	}
	return all, nil
}

// FetchingInForm looks up a file of a form that is to be fetched. One that is forgotten meanwhile, or that is kept, is
// ErrNotFound.
func (s *Store) FetchingInForm(ctx context.Context, number cases.Number, id string) (*Fetching, error) {
	f := &Fetching{ID: id}
	var caseID int64
	var ofCase, wrapped, source, name []byte
	err := s.pool.QueryRow(ctx, `SELECT c.id, k.wrapped, a.wrapped_key, a.source, a.name, a.size, a.at
		FROM attachment a JOIN cases c ON c.id = a.case_id JOIN case_key k ON k.case_id = c.id
		WHERE a.id = $1 AND c.number = $2 AND a.state = 'waiting' AND `+formFiles, id, number).
		Scan(&caseID, &ofCase, &wrapped, &source, &name, &f.Size, &f.Since)
	if err != nil {
		return nil, fmt.Errorf("file of a form to fetch: %w", missing(err))
	}
	k, err := s.vault.unwrap(ofCase, holder(caseID))
	if err == nil {
		f.data, err = k.unwrap(wrapped, id)
	}
	if err != nil {
		return nil, fmt.Errorf("file of a form to fetch: %w", err)
	}
	from, err := f.data.open(source, "source")
	called, otherwise := f.data.open(name, "name")
	f.Source, f.Name = string(from), string(called)
	return f, errors.Join(err, otherwise)
}

// ForgetInForm forgets a file of a form, whether it is kept or not.
func (s *Store) ForgetInForm(ctx context.Context, id string) error {
	if _, err := s.pool.Exec(ctx, `DELETE FROM attachment WHERE id = $1 AND `+formFiles, id); err != nil {
		return fmt.Errorf("forget a file of a form: %w", err)
	}
	return nil
}

// forgetForms forgets the files of forms that nobody sent.
func (s *Store) forgetForms(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, `DELETE FROM attachment WHERE at < $1 AND `+formFiles, s.Now().Add(-formFilesFor))
	if err != nil {
		return fmt.Errorf("forget the files of forms: %w", err)
	}
	return nil
}

// enclose makes the files that go along with events part of the file of their case. They must stand in a form of who sends them,
// be kept, and not be too many; else the event is a *cases.Refusal.
func (o *once) enclose(ctx context.Context, c *cases.Case, events []cases.Event) error {
	for _, e := range events {
		ids := strings.Fields(e.Data["attachments"])
		if e.Kind != cases.Wrote || len(ids) == 0 {
			continue
		}
		rows, err := o.Query(ctx, `UPDATE attachment SET event = $1, at = $2 WHERE case_id = $3 AND by = $4 AND id = ANY ($5) AND state = 'kept' AND `+formFiles+`
			RETURNING size`, e.Seq, e.At, c.ID, e.By, ids)
		if err != nil {
			return fmt.Errorf("files to go along: %w", err)
		}
		sizes, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return fmt.Errorf("files to go along: %w", err)
		}
		if len(sizes) != len(ids) {
			return &cases.Refusal{Text: i18n.T("refusal.along-gone")}
		}
		if err := o.store.ProcedureOf(c.Version).Limits.Along(sizes...); err != nil {
			return err
		}
	}
	return nil
}
