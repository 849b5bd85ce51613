package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
)

func TestChangedMessageChangesThePartOfTheStoryThatItBrought(t *testing.T) {
	h := newHouse(t)
	long := strings.Repeat("é", 400)
	h.does(t, 7001, func(turn *postgres.Turn) error {
		turn.Append(1, "it began", 11)
		turn.Append(2, long, 12)
		return nil
	})
	h.does(t, 7001, func(turn *postgres.Turn) error {
		turn.Append(3, "it ended", 13)
		part, length, excerpt, err := turn.Amend(11, "so it began")
		if part != 1 || length != 11+400+8 || excerpt != "so it began\n"+strings.Repeat("é", 287)+"…" {
			t.Errorf("part %d, %d characters, begins %q", part, length, excerpt)
		}
		if part, _, _, err := turn.Amend(13, "it is over"); part != 3 || err != nil {
			t.Errorf("the part of this very batch: %d, %v", part, err)
		}
		return err
	})
	h.does(t, 7001, func(turn *postgres.Turn) error {
		if part, length, _, err := turn.Amend(12, "ë"); part != 2 || length != 11+1+10 || err != nil {
			t.Errorf("part %d, %d characters, %v", part, length, err)
		}
		part, length, excerpt, err := turn.Amend(99, "nobody's")
		if part != 0 || length != 22 || excerpt != "so it began\në\nit is over" {
			t.Errorf("a message that brought none: part %d, %d characters, begins %q", part, length, excerpt)
		}
		return err
	})
	held, err := h.PersonalData(t.Context(), 7001)
	want := []cases.Part{{Number: 1, Text: "so it began", Message: 11}, {Number: 2, Text: "ë", Message: 12}, {Number: 3, Text: "it is over", Message: 13}}
	if err != nil || !slices.Equal(held.Parts, want) {
		t.Errorf("parts %v, %v", held.Parts, err)
	}
	h.does(t, 7001, func(turn *postgres.Turn) error { // told anew in one batch
		turn.Erase()
		turn.Append(1, "again", 14)
		part, length, excerpt, err := turn.Amend(11, "x")
		if part != 0 || length != 5 || excerpt != "again" {
			t.Errorf("after the story was erased: part %d, %d characters, begins %q", part, length, excerpt)
		}
		return err
	})
	if held, err = h.PersonalData(t.Context(), 7001); err != nil || len(held.Parts) != 1 || held.Parts[0].Text != "again" {
		t.Errorf("parts %v, %v", held.Parts, err)
	}
}

// counter counts what a connection is asked.
type counter struct{ trips, statements int }

func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	c.trips++
	c.statement(data.SQL)
	return ctx
}

func (c *counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (c *counter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	c.trips++
	return ctx
}

func (c *counter) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	c.statement(data.SQL)
}

func (c *counter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// statement counts all but what begins and ends the transaction, and the bell for another process that sends.
func (c *counter) statement(sql string) {
	if sql != `BEGIN` && sql != `COMMIT` && !strings.Contains(sql, "pg_notify") {
		c.statements++
	}
}

// counted is a house whose connections are counted.
func counted(t testing.TB) (*house, *counter) {
	t.Helper()
	c := new(counter)
	cfg, err := pgxpool.ParseConfig(postgrestest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	cfg.ConnConfig.Tracer = c
	pool, err := pgxpool.NewWithConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return houseOn(t, pool, cases.DefaultProcedure()), c
}

func TestAStepTakesOneTransactionAndFourStatementsInTwoRoundTrips(t *testing.T) {
	h, count := counted(t)
	h.does(t, 7001, func(*postgres.Turn) error { return nil })
	for name, step := range map[string]func(*postgres.Turn) error{
		"an answer": func(turn *postgres.Turn) error { turn.Say([]byte("next?")); return nil },
		"a part of a story": func(turn *postgres.Turn) error {
			turn.Append(1, "it began", 11)
			turn.Say([]byte("go on"))
			return nil
		},
		"an answer that sets when to wake": func(turn *postgres.Turn) error {
			turn.Wake = turn.Now.Add(24 * time.Hour)
			turn.Say([]byte("next?"))
			return nil
		},
	} {
		*count = counter{}
		h.does(t, 7001, step)
		if *count != (counter{trips: 2, statements: 4}) {
			t.Errorf("%s took %d statements in %d round trips", name, count.statements, count.trips)
		}
	}
}

// A step of somebody whose story has a hundred parts, and of somebody whose has one.
func BenchmarkStep(b *testing.B) {
	for _, parts := range []int{1, 100} {
		b.Run(fmt.Sprintf("parts=%d", parts), func(b *testing.B) {
			h := newHouse(b)
			h.does(b, 7001, func(turn *postgres.Turn) error {
				for n := range parts {
					turn.Append(n+1, strings.Repeat("word ", 60), int64(n+1))
				}
				return nil
			})
			b.ResetTimer()
			for range b.N {
				h.does(b, 7001, func(turn *postgres.Turn) error {
					turn.Append(parts+1, "one part more", int64(parts+1))
					turn.Say([]byte("go on"))
					return nil
				})
			}
		})
	}
}
