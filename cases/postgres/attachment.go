package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// wrap seals the data key of a file with the key of what it belongs to.
func (k *key) wrap(data *key, id string) []byte { return k.seal(data.raw, "attachment", id) }

func (k *key) unwrap(wrapped []byte, id string) (*key, error) {
	raw, err := k.open(wrapped, "attachment", id)
	if err != nil {
		return nil, fmt.Errorf("key of file %s: %w", id, err)
	}
	return newKey(raw)
}

// Attach takes in a file that the person sent: it is remembered, and its fetching is queued. Without a number it belongs to
// what is being told; with one it goes into the file of that case, which must be theirs (else ErrNotFound) and open (else a
// *cases.Refusal) and have room for it (else a *cases.Refusal as well), and the words under it go there too, unless they are empty.
func (t *Turn) Attach(number cases.Number, field string, message int64, sent cases.Attachment, words string) error {
	id := rand.Text()
	data, err := newDataKey()
	if err != nil {
		return err
	}
	file := taken{
		id: id, field: field, message: message, kind: sent.Type, size: sent.Size,
		source: data.seal([]byte(sent.ID), "source"), name: data.seal([]byte(sent.Name), "name"),
	}
	if number == "" {
		file.chat, file.wrapped = t.talk.chat, t.talk.key.wrap(data, id)
		t.talk.files = append(t.talk.files, file)
	} else if err := t.attachTo(number, file, data, sent, words); err != nil {
		return err
	}
	t.fetch(id)
	return nil
}

// fetch queues the fetching of a file.
func (t *Turn) fetch(id string) {
	t.talk.fetches = append(t.talk.fetches, []byte(id))
}

// taken is a file that was taken in and is not written yet.
type taken struct {
	id, field, kind string
	chat, ofCase    int64 // that it belongs to
	message, size   int64
	wrapped         []byte
	source, name    []byte
}

// attachTo puts a file that was taken in into the file of a case of theirs.
func (t *Turn) attachTo(number cases.Number, file taken, data *key, sent cases.Attachment, words string) error {
	c, err := t.own(number)
	if err != nil {
		return err
	}
	if err := t.room(c, sent.Size); err != nil {
		return err
	}
	if err := c.Attach(file.id, sent.Name, t.Now); err != nil {
		return err
	}
	if words != "" {
		if err := c.Reply(words, t.Now); err != nil {
			return err
		}
		t.remember(c, c.LastSeq, map[int64]string{file.message: ""})
	}
	k, err := t.once.key(t.ctx, c.ID)
	if err != nil {
		return err
	}
	if err := t.once.save(t.ctx, c, len(c.Told)); err != nil {
		return err
	}
	file.ofCase, file.wrapped = c.ID, k.wrap(data, file.id)
	t.once.insertFiles(file)
	return nil
}

// insertFiles has files written.
func (o *once) insertFiles(all ...taken) {
	if len(all) == 0 {
		return
	}
	o.saving.add(`INSERT INTO attachment (id, chat, case_id, wrapped_key, field, message, source, name, type, size, by, at)
		SELECT *, $11, $12 FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[], $5::text[], $6::bigint[], $7::bytea[], $8::bytea[], $9::text[], $10::bigint[])`,
		pick(all, func(f taken) string { return f.id }), pick(all, func(f taken) *int64 { return null(f.chat) }),
		pick(all, func(f taken) *int64 { return null(f.ofCase) }), pick(all, func(f taken) []byte { return f.wrapped }),
		pick(all, func(f taken) string { return f.field }), pick(all, func(f taken) int64 { return f.message }),
		pick(all, func(f taken) []byte { return f.source }), pick(all, func(f taken) []byte { return f.name }),
		pick(all, func(f taken) string { return f.kind }), pick(all, func(f taken) int64 { return f.size }), cases.Complainant, o.now)
}

// queueFiles has the files written that came for what is being told. Those that were erased are gone by now.
func (o *once) queueFiles(talks map[int64]*talk) {
	var all []taken
	for _, t := range talks {
		all, t.files = append(all, t.files...), nil
	}
	o.insertFiles(all...)
}

// room is a *cases.Refusal where a locked case has as many files as it may have, or would have more bytes with one of this size.
func (t *Turn) room(c *cases.Case, size int64) error {
	var files int
	var bytes int64
	err := t.once.QueryRow(t.ctx, `SELECT count(*), coalesce(sum(size), 0)::bigint FROM attachment
		WHERE case_id = $1 AND by = 'complainant' AND state IN ('waiting', 'kept')`,
		c.ID).Scan(&files, &bytes)
	if err != nil {
		return fmt.Errorf("files of case %s: %w", c.Number, err)
	}
	limits := t.once.store.ProcedureOf(c.Version).Limits
	return limits.Room(c, files, bytes, size)
}

// draftFile is a file of what is being told.
type draftFile struct {
	id    string
	state cases.EnclosureState
	data  *key
	of    string // the file that it is a copy of; empty: of none
}

// moveFiles makes the files of what was told those of its case: their keys are wrapped by the key of the case.
func (t *Turn) moveFiles(c *cases.Case, files []draftFile) error {
	if len(files) == 0 {
		return nil
	}
	k, err := t.once.key(t.ctx, c.ID)
	if err != nil {
		return err
	}
	t.once.saving.add(`UPDATE attachment a SET chat = NULL, case_id = $1, wrapped_key = n.wrapped
		FROM unnest($2::text[], $3::bytea[]) AS n (id, wrapped) WHERE a.id = n.id`,
		c.ID, pick(files, func(f draftFile) string { return f.id }), pick(files, func(f draftFile) []byte { return k.wrap(f.data, f.id) }))
	return nil
}

// copiesOf gives the files that are there, or that are still to be fetched, other identifiers.
func copiesOf(files []draftFile) (copies []draftFile) {
	for _, f := range files {
		f.id, f.of = rand.Text(), f.id
		if f.state == cases.EnclosureWaiting || f.state == cases.EnclosureKept {
			copies = append(copies, f)
		}
	}
	return copies
}

// copyFiles makes copies of files those of a case: each has the content of what it is a copy of, and its key is wrapped by the
// key of the case. What waits is fetched for the case as well.
func (t *Turn) copyFiles(c *cases.Case, copies []draftFile) error {
	if len(copies) == 0 {
		return nil
	}
	k, err := t.once.key(t.ctx, c.ID)
	if err != nil {
		return err
	}
	t.once.saving.add(`INSERT INTO attachment (id, case_id, wrapped_key, field, message, by, at, state, reason, source, name, kind, type, size, place, object)
		SELECT n.id, $1, n.wrapped, a.field, a.message, a.by, a.at, a.state, a.reason, a.source, a.name, a.kind, a.type, a.size, a.place, a.object
		FROM unnest($2::text[], $3::text[], $4::bytea[]) AS n (id, former, wrapped) JOIN attachment a ON a.id = n.former`,
		c.ID, pick(copies, func(f draftFile) string { return f.id }), pick(copies, func(f draftFile) string { return f.of }),
		pick(copies, func(f draftFile) []byte { return k.wrap(f.data, f.id) }))
	for _, f := range copies {
		if f.state == cases.EnclosureWaiting {
			t.fetch(f.id)
		}
	}
	return nil
}

// eraseFiles forgets the files of what is being told. Those that it was filed with are its case's by now.
func (t *Turn) eraseFiles() {
	t.talk.files, t.talk.eraseFiles = nil, t.talk.eraseFiles || !t.talk.filed
}

// Fetching is a file that waits to be fetched.
type Fetching struct {
	ID     string
	Chat   int64  // that it came from
	Source string // by which its platform gives it out
	Name   string // as its sender named it; may be empty
	Field  string // that it answers
	Size   int64  // bytes, as its platform said when it came; 0: it did not say
	Since  time.Time
	data   *key
}

// Fetching looks up a file that is to be fetched. One that was erased meanwhile, or that is settled, is ErrNotFound.
func (s *Store) Fetching(ctx context.Context, o Outgoing) (*Fetching, error) {
	f := &Fetching{ID: string(o.Line()), Chat: o.chat}
	var ofCase, wrapped, source, name []byte
	var caseID int64
	err := s.pool.QueryRow(ctx, `SELECT coalesce(a.case_id, 0), coalesce(v.wrapped_key, k.wrapped), a.wrapped_key, a.source, a.name, a.field, a.size, a.at
		FROM attachment a LEFT JOIN conversation v ON v.chat = a.chat LEFT JOIN case_key k ON k.case_id = a.case_id
		WHERE a.id = $1 AND a.state = 'waiting'`, f.ID).Scan(&caseID, &ofCase, &wrapped, &source, &name, &f.Field, &f.Size, &f.Since)
	if err != nil {
		return nil, fmt.Errorf("file to fetch: %w", missing(err))
	}
	of := chatHolder(f.Chat)
	if caseID != 0 {
		of = holder(caseID)
	}
	k, err := s.vault.unwrap(ofCase, of)
	if err != nil {
		return nil, fmt.Errorf("file to fetch: %w", err)
	}
	if f.data, err = k.unwrap(wrapped, f.ID); err != nil {
		return nil, fmt.Errorf("file to fetch: %w", err)
	}
	from, err := f.data.open(source, "source")
	called, otherwise := f.data.open(name, "name")
	f.Source, f.Name = string(from), string(called)
	return f, errors.Join(err, otherwise)
}

// Keep keeps what was fetched, as it was found to be. A file that was erased meanwhile, or that is settled, is ErrNotFound, and
// nothing of it stays.
func (s *Store) Keep(ctx context.Context, f *Fetching, found cases.Document) error {
	place, object := s.place(), rand.Text()
	in, err := s.objectsIn(place)
	if err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	if err := s.intend(ctx, place, object); err != nil {
		return err
	}
	if err := in.Put(ctx, object, &sealer{key: f.data, rest: found.Content}, sealedSize(len(found.Content))); err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		kept, err := tx.Exec(ctx, `UPDATE attachment SET state = 'kept', source = NULL, name = $2, kind = $3, type = $4, size = $5, place = $6, object = $7
			WHERE id = $1 AND state = 'waiting'`,
			f.ID, f.data.seal([]byte(found.Name), "name"), found.Kind, found.Type, len(found.Content), place, object)
		if err != nil {
			return fmt.Errorf("keep a file: %w", err)
		}
		if kept.RowsAffected() == 0 {
			return fmt.Errorf("keep a file: %w", ErrNotFound)
		}
		intended, err := tx.Exec(ctx, `DELETE FROM object_removal WHERE name = $1`, object)
		if err != nil {
			return fmt.Errorf("keep a file: %w", err)
		}
		if intended.RowsAffected() == 0 {
			return errors.New("keep a file: writing it took so long that it was removed again")
		}
		return nil
	})
}

// Spoil records that a file can't be kept, and why: it is EnclosureRefused or EnclosureLost from now on, and the case that it
// belongs to, if it is filed, hears of it. It returns the number of that case. A file that was erased meanwhile, or that is
// settled, is ErrNotFound.
func (t *Turn) Spoil(f *Fetching, state cases.EnclosureState, why i18n.Text) (number cases.Number, err error) {
	err = t.once.QueryRow(t.ctx, `UPDATE attachment a SET state = $2, reason = $3, source = NULL WHERE id = $1 AND state = 'waiting'
		RETURNING coalesce((SELECT number FROM cases c WHERE c.id = a.case_id), '')`, f.ID, state, why.Key).Scan(&number)
	if err != nil {
		return "", fmt.Errorf("spoil a file: %w", missing(err))
	}
	if number == "" {
		return "", nil
	}
	c, err := t.once.lock(t.ctx, number)
	if err != nil {
		return "", err
	}
	c.Spoil(f.ID, why, t.Now)
	return number, t.once.save(t.ctx, c, len(c.Told))
}

// FindFile says to which field of the complaint that is being told the file belongs that came in a message of the chat; empty: there is
// no such file.
func (t *Turn) FindFile(message int64) (field string, err error) {
	err = t.once.QueryRow(t.ctx, `SELECT field FROM attachment WHERE chat = $1 AND message = $2 LIMIT 1`, t.talk.chat, message).Scan(&field)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", fmt.Errorf("file of a message: %w", err)
	}
	return field, nil
}
