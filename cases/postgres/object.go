package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Sealed content is kept under random names, which tell nothing. What is to be written is put down as something to be removed
// before it is written, and is no longer so in the very transaction that makes it part of its file; what belonged to a file
// that is gone is put down by the database itself. So all that is in a storage either belongs to a file or will be removed,
// whenever the program or a storage fails.

// objects is a storage of sealed content.
type objects interface {
	// Put keeps size bytes under a name, all or nothing that Get would take for all.
	Put(ctx context.Context, name string, sealed io.Reader, size int64) error
	// Get is what is kept under a name. Where nothing is, it says so, at the latest when it is read.
	Get(ctx context.Context, name string) (io.ReadCloser, error)
	// Delete removes what is kept under a name. That there is nothing is no error.
	Delete(ctx context.Context, name string) error
}

// The places where content may be.
const (
	inDatabase = "database"
	inBucket   = "bucket"
)

// errNoBucket says that content is kept where this program was not told of.
var errNoBucket = errors.New("it is kept in an object storage, and none is set")

func (s *Store) objectsIn(place string) (objects, error) {
	switch {
	case place == inDatabase:
		return pieces{s.pool}, nil
	case s.bucket != nil:
		return s.bucket, nil
	}
	return nil, errNoBucket
}

// place is where content goes that is kept from now on.
func (s *Store) place() string {
	if s.bucket != nil {
		return inBucket
	}
	return inDatabase
}

// pieces keeps content in the database.
type pieces struct{ pool *pgxpool.Pool }

func (p pieces) Put(ctx context.Context, name string, sealed io.Reader, _ int64) error {
	piece := make([]byte, sealedChunk)
	for number := 0; ; number++ {
		n, err := io.ReadFull(sealed, piece)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		if _, err := p.pool.Exec(ctx, `INSERT INTO object_piece (name, number, sealed) VALUES ($1, $2, $3)`, name, number, piece[:n]); err != nil {
			return fmt.Errorf("keep content: %w", err)
		}
	}
}

func (p pieces) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	return io.NopCloser(&pieceReader{ctx: ctx, pool: p.pool, name: name}), nil
}

func (p pieces) Delete(ctx context.Context, name string) error {
	if _, err := p.pool.Exec(ctx, `DELETE FROM object_piece WHERE name = $1`, name); err != nil {
		return fmt.Errorf("remove content: %w", err)
	}
	return nil
}

// pieceReader reads pieces one after the other, so that no more than one is held.
type pieceReader struct {
	ctx    context.Context
	pool   *pgxpool.Pool
	name   string
	number int // of the next piece
	rest   []byte
}

func (r *pieceReader) Read(to []byte) (int, error) {
	for len(r.rest) == 0 {
		err := r.pool.QueryRow(r.ctx, `SELECT sealed FROM object_piece WHERE name = $1 AND number = $2`, r.name, r.number).Scan(&r.rest)
		if errors.Is(err, pgx.ErrNoRows) && r.number > 0 {
			return 0, io.EOF
		}
		if err != nil {
			return 0, fmt.Errorf("read content: %w", missing(err))
		}
		r.number++
	}
	n := copy(to, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// writing is how long writing content may take. What does not belong to a file by then is removed.
const writing = time.Hour

// intend puts down that something will be written under a name, which may come to nothing.
func (s *Store) intend(ctx context.Context, place, name string) error {
	_, err := s.pool.Exec(ctx, `INSERT INTO object_removal (name, place, after) VALUES ($1, $2, $3)`, name, place, s.Now().Add(writing))
	if err != nil {
		return fmt.Errorf("announce content: %w", err)
	}
	return nil
}

// patienceWithStorage is how long content is left alone that could not be removed.
const patienceWithStorage = 10 * time.Minute

// Sweep removes the content of files that are gone, and what was left behind when writing failed. What can't be removed now
// is tried again by a later Sweep. Any number of processes may sweep at the same time.
func (s *Store) Sweep(ctx context.Context) error {
	if err := s.forgetForms(ctx); err != nil {
		return err
	}
	for {
		more, err := s.sweepOne(ctx)
		if err != nil {
			return fmt.Errorf("remove content: %w", err)
		}
		if !more {
			return nil
		}
	}
}

func (s *Store) sweepOne(ctx context.Context) (more bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var name, place string
		// Who wants to make it part of a file waits for this, and then finds that it is not there.
		err := tx.QueryRow(ctx, `SELECT name, place FROM object_removal WHERE after <= $1 ORDER BY after LIMIT 1 FOR UPDATE SKIP LOCKED`,
			s.Now()).Scan(&name, &place)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		more = true
		in, err := s.objectsIn(place)
		if err == nil {
			err = in.Delete(ctx, name)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			s.log.Warn("content of a file that is gone can't be removed; it is tried again", "place", place, "err", err)
			_, err = tx.Exec(ctx, `UPDATE object_removal SET after = $2 WHERE name = $1`, name, s.Now().Add(patienceWithStorage))
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM object_removal WHERE name = $1`, name)
		return err
	})
	return more, err
}
