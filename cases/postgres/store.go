// Package postgres keeps everything: cases and their files, conversations, what waits to be told. All SQL of the program is
// here, and so is the sealing of words. What is kept means nothing to it: package cases decides, conversation leads, others
// tell.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"websec.nl/gehoor/cases"
)

// Errors that code branches on.
var (
	ErrNotFound = errors.New("not found")
	ErrClaimed  = errors.New("this delivery was handled before")
)

// Config says what a Store works with.
type Config struct {
	MasterKey MasterKey
	Procedure *cases.Procedure
	Bucket    objects          // where the content of files is kept; nil: in the database
	Now       func() time.Time // nil: the clock of the machine
	Log       *slog.Logger     // nil: silent
}

// Store keeps cases and conversations in PostgreSQL. It is safe for use by many goroutines.
type Store struct {
	pool       *pgxpool.Pool
	lazy       *pgxpool.Pool // of connections that don't wait for the disk
	vault      *vault
	bucket     objects // nil: content is kept in the database
	procedure  *cases.Procedure
	now        func() time.Time
	log        *slog.Logger
	dispatcher dispatcher

	namesNobody func(cases.Event, *cases.Procedure) bool // of the words of an event; nil: nobody can tell

	handing   [4096]sync.Mutex // by lane: see lockLanes
	seed      maphash.Seed     // of their places
	numbering chan struct{}    // held by the transaction of this process that numbers a case
	versions  sync.Map         // of the settings, that were looked up
	process   int64            // tells this store's changes from those of another process
	roll      roll             // of who is away
}

// lazyConnections is how many connections don't wait for the disk.
const lazyConnections = 2

// New returns a store on a migrated database. It has a few connections of its own beside those of the pool, until it is closed: on
// them it records what may be lost with a machine's power.
func New(pool *pgxpool.Pool, cfg Config) (*Store, error) {
	v, err := newVault(cfg.MasterKey)
	if err != nil {
		return nil, err
	}
	own := pool.Config()
	own.MaxConns, own.MinConns, own.MinIdleConns = lazyConnections, 0, 0
	own.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, byKey+`; SET synchronous_commit = off`)
		return err
	}
	lazy, err := pgxpool.NewWithConfig(context.Background(), own)
	if err != nil {
		return nil, fmt.Errorf("connections of its own: %w", err)
	}
	s := &Store{pool: pool, lazy: lazy, vault: v, bucket: cfg.Bucket, procedure: cfg.Procedure, now: cfg.Now, log: cfg.Log, process: rand.Int64(), seed: maphash.MakeSeed(), numbering: make(chan struct{}, 1)}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s, nil
}

// Close closes the store's own connections, once nobody uses it any more. The pool is its owner's to close.
func (s *Store) Close() { s.lazy.Close() }

// ErrWrongKey says that the master key is not the one that the database was sealed with.
var ErrWrongKey = errors.New("the master key is not the one that this database was sealed with")

// CheckKey sees to it that the master key opens what is kept. A key that does not would make everything unreadable that
// comes in from now on, for who has the right one.
func (s *Store) CheckKey(ctx context.Context) error {
	var wrapped []byte
	var holder string
	err := s.pool.QueryRow(ctx, `(SELECT wrapped, 'case/' || case_id FROM case_key LIMIT 1)
		UNION ALL (SELECT wrapped_key, 'chat/' || chat FROM conversation LIMIT 1) LIMIT 1`).Scan(&wrapped, &holder)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("check the master key: %w", err)
	}
	if _, err := s.vault.unwrap(wrapped, holder); err != nil {
		return ErrWrongKey
	}
	return nil
}

// Now is the present, to the microsecond that the database keeps.
func (s *Store) Now() time.Time { return s.now().Truncate(time.Microsecond) }

// Procedure returns the settings in force.
func (s *Store) Procedure() *cases.Procedure { return s.procedure }

// Ping asks the database for an answer.
func (s *Store) Ping(ctx context.Context) error { return s.pool.Ping(ctx) }

// Claim names a delivery from outside, such as an event or the press of a button, so that it changes something once. The
// zero Claim claims nothing.
type Claim struct{ Source, ID string }

func (s *Store) claim(ctx context.Context, tx pgx.Tx, c Claim, now time.Time) error {
	if c == (Claim{}) {
		return nil
	}
	tag, err := tx.Exec(ctx, `INSERT INTO delivery (source, id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, c.Source, c.ID, now)
	if err != nil {
		return fmt.Errorf("claim a delivery of %s: %w", c.Source, err)
	}
	if tag.RowsAffected() == 0 {
		return ErrClaimed
	}
	return nil
}

// Once claims a delivery and does nothing else; ErrClaimed: it was claimed before.
func (s *Store) Once(ctx context.Context, c Claim) error {
	return s.do(ctx, c, func(*once) error { return nil })
}

// Claimed says whether a delivery was claimed.
func (s *Store) Claimed(ctx context.Context, c Claim) (is bool, err error) {
	err = s.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM delivery WHERE source = $1 AND id = $2)`, c.Source, c.ID).Scan(&is)
	if err != nil {
		return false, fmt.Errorf("ask whether a delivery of %s was claimed: %w", c.Source, err)
	}
	return is, nil
}

// database is a transaction, or a connection that is in one.
type database interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// once is what one transaction works with: one present for all that happens in it.
type once struct {
	database
	now     time.Time
	writes  pgx.Batch      // what is to be written before what is saved
	saving  together       // what is written before the transaction ends, in one statement
	out     []Outgoing     // queued in this transaction
	kept    []func()       // what is done once it is committed
	foreign bool           // it goes on from what another process did
	keys    map[int64]*key // of cases, as far as they were needed
	inHand  []byte         // the hash of the link by which a case is being changed; nil: none
	spent   LinkPurpose    // of the complainant's links to it that are used up by that; empty: none are
	called  *rollCall      // who is away, as far as it was asked
	silent  bool           // the clock looks at a case, and has nothing to tell of it
	store   *Store

	shared    bool // several updates share it, each of which can be handled alone
	numbering bool // it numbers a case
}

// do runs f in a transaction, and hands over what it queued once that is committed.
func (s *Store) do(ctx context.Context, claim Claim, f func(*once) error) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) // does nothing after a commit
	o := &once{database: tx, now: s.Now(), store: s}
	defer o.numbered()
	if err := s.claim(ctx, tx, claim, o.now); err != nil {
		return err
	}
	if err := f(o); err != nil {
		return err
	}
	if err := o.flush(ctx); err != nil {
		return err
	}
	defer s.lockLanes(o.out)()
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	s.handOver(o.out)
	return nil
}

// write writes what waits to be written, for what reads it or must know now whether it can be.
func (o *once) write(ctx context.Context) error {
	batch, _ := o.pending()
	if batch.Len() == 0 {
		return nil
	}
	return o.SendBatch(ctx, &batch).Close()
}

// pending takes what waits to be written, as statements, and says how many these are.
func (o *once) pending() (pgx.Batch, int) {
	batch := o.writes
	if save, args := o.saving.then(""); save != "" {
		batch.Queue(save, args...)
	}
	o.writes, o.saving = pgx.Batch{}, together{}
	return batch, batch.Len()
}

func violates(err error, constraint string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.ConstraintName == constraint
}

func missing(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// Passing says whether an error may be gone when the same is tried again: the database was out of reach, was stopping, or
// chose this transaction to give way to another.
func Passing(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code[:2] {
		case "08", "40", "53", "55", "57", "58": // connection, rollback, resources, state, intervention, system
			return true
		}
		return false
	}
	var connecting *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connecting) || errors.As(err, &network) || pgconn.SafeToRetry(err) || pgconn.Timeout(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		errors.Is(err, net.ErrClosed)
}
