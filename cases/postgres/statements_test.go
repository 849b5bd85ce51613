package postgres_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgrestest"
)

// counting counts the statements that a database is sent.
type counting struct{ statements atomic.Int64 }

func (c *counting) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.statements.Add(1)
	return ctx
}
func (c *counting) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (c *counting) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}
func (c *counting) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {
	c.statements.Add(1)
}
func (c *counting) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// mostToFile is how many statements it takes to file a complaint, with those that begin and end the transactions and the one
// that wakes who sends: more than another step takes, since filing makes a whole case. Its number is given out in a transaction of
// its own, as all cases would otherwise wait for each other's; the story and its files are read; the case with its key, its
// events with their words, the messages that they came in, and the notices, are written, each kind at once; and what was told
// is erased, under another key.
const mostToFile = 16

func TestFilingTakesFewStatements(t *testing.T) {
	cfg, err := pgxpool.ParseConfig(postgrestest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	count := new(counting)
	cfg.ConnConfig.Tracer = count
	pool, err := pgxpool.NewWithConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	h := houseOn(t, pool, cases.DefaultProcedure())
	h.file(t, 7001)
	before := count.statements.Load()
	h.file(t, 7001)
	if n := count.statements.Load() - before; n > mostToFile {
		t.Errorf("%d statements, want %d at most", n, mostToFile)
	}
}
