package postgres_test

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
	"websec.nl/gehoor/i18n"
)

func TestMain(m *testing.M) {
	postgrestest.Main(m, func(ctx context.Context, url string) error {
		_, _, err := postgres.Migrate(ctx, url)
		return err
	})
}

// sunday is when the tests take place, unless they turn the clock: a quarter past ten on a Sunday in Amsterdam.
var sunday = time.Date(2026, 11, 22, 9, 15, 0, 0, time.UTC)

// house is a store on a database of its own, with a clock to turn.
type house struct {
	*postgres.Store
	pool *pgxpool.Pool
	key  postgres.MasterKey
	now  time.Time
	last int64 // update
}

func newHouse(t testing.TB) *house { return houseOn(t, postgrestest.Pool(t), cases.DefaultProcedure()) }

func houseOn(t testing.TB, pool *pgxpool.Pool, p *cases.Procedure) *house {
	h := &house{pool: pool, now: sunday}
	h.key, _ = postgres.NewMasterKey()
	h.Store = h.under(t, p, nil)
	return h
}

// under is another process on the same database, which is under other settings.
func (h *house) under(t testing.TB, p *cases.Procedure, log *slog.Logger) *postgres.Store {
	t.Helper()
	store, err := postgres.New(h.pool, postgres.Config{MasterKey: h.key, Procedure: p, Now: func() time.Time { return h.now }, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	if err := store.KeepProcedure(t.Context()); err != nil {
		t.Fatal(err)
	}
	return store
}

const canary = "kanariewoord"

var answers = cases.Words{
	cases.FieldName: "Noor (invented)", cases.FieldSubject: "the help desk", cases.FieldWhen: "last week", cases.FieldOften: "once",
	cases.FieldEmail: "noor@example.org", cases.FieldTelephone: "+31 20 123 4567",
}

// turn lets one update do something in a chat.
func (h *house) turn(t testing.TB, chat int64, do func(*postgres.Turn) error) {
	t.Helper()
	h.last++
	if err := h.Converse(t.Context(), []postgres.Update{{ID: h.last, Chat: chat}}, do); err != nil {
		t.Fatal(err)
	}
}

// file makes a complaint in a chat and returns its number.
func (h *house) file(t testing.TB, chat int64) (number cases.Number) {
	t.Helper()
	h.turn(t, chat, func(turn *postgres.Turn) error {
		turn.Append(1, "It began with "+canary+".", 0)
		turn.Append(2, "It did not stop.", 0)
		c, err := turn.Submit(cases.Complaint{Language: i18n.Dutch, Answers: maps(answers), StoryParts: 2})
		if err == nil {
			number = c.Number
		}
		turn.Session = []byte(`{}`)
		return err
	})
	return number
}

func maps(w cases.Words) cases.Words {
	all := cases.Words{}
	for field, words := range w {
		all[field] = words
	}
	return all
}

var (
	ann = cases.Person{Member: "U1ANN", Committee: true, Representative: true}
	bob = cases.Person{Member: "U2BOB", Committee: true, Representative: true}
	eve = cases.Person{Member: "U9EVE"}
)

// screen holds the words of a case against nobody's names, so that it is shown, and excludes whoever is given.
func (h *house) screen(t testing.TB, number cases.Number, excluded ...cases.Person) {
	t.Helper()
	h.change(t, number, func(c *cases.Case, now time.Time) error {
		var found []cases.Suspect
		for _, who := range excluded {
			found = append(found, cases.Suspect{Member: who.Member, Words: "the boss", Strength: cases.Likely})
		}
		return c.Screen(found, true, h.Procedure(), now)
	})
}

func (h *house) hidden(t testing.TB, number cases.Number) bool {
	t.Helper()
	c, err := h.Case(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return c.Hidden()
}

// take has a case owned, after its screening.
func (h *house) take(t testing.TB, number cases.Number, who cases.Person) {
	t.Helper()
	if h.hidden(t, number) {
		h.screen(t, number)
	}
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.Take(who, now) })
}

func (h *house) waiting(t testing.TB) []postgres.Outgoing {
	t.Helper()
	out, err := h.Waiting(t.Context(), nil, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// dump is every row of every table, as text.
func (h *house) dump(t testing.TB) string {
	t.Helper()
	tables, err := h.pool.Query(t.Context(), `SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'`)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(tables, pgx.RowTo[string])
	if err != nil || len(names) < 10 {
		t.Fatalf("%d tables, %v", len(names), err)
	}
	var all strings.Builder
	for _, name := range names {
		rows, err := h.pool.Query(t.Context(), `SELECT t::text FROM `+name+` t`)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(name + "\n" + strings.Join(lines, "\n") + "\n")
	}
	return all.String()
}

// dropDatabase removes a database that a test made beside its own.
func dropDatabase(t *testing.T, address string) {
	ctx := context.WithoutCancel(t.Context())
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(at.Path, "/")
	at.Path = "/postgres"
	conn, err := pgx.Connect(ctx, at.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`); err != nil {
		t.Error(err)
	}
}

// refusedBy says whether the database refused something because of a constraint.
func refusedBy(err error, constraint string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.ConstraintName == constraint
}
