package telegram_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
)

// steps remembers what each transaction that handled an update sent to the database, but for what begins and ends it, and for the
// bell of who sends.
type steps struct {
	mu   sync.Mutex
	open map[*pgx.Conn][]string
	done [][]string
}

func (s *steps) TraceQueryStart(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	s.statement(conn, data.SQL)
	return ctx
}
func (s *steps) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (s *steps) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}
func (s *steps) TraceBatchQuery(_ context.Context, conn *pgx.Conn, data pgx.TraceBatchQueryData) {
	s.statement(conn, data.SQL)
}
func (s *steps) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

func (s *steps) statement(conn *pgx.Conn, sql string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case sql == "BEGIN":
		s.open[conn] = nil
	case sql == "COMMIT":
		if all := s.open[conn]; len(all) > 0 && strings.Contains(all[0], "FROM conversation WHERE chat") {
			s.done = append(s.done, all)
		}
		delete(s.open, conn)
	case !strings.Contains(sql, "pg_notify"):
		s.open[conn] = append(s.open[conn], sql)
	}
}

// taken are the steps since it was last asked.
func (s *steps) taken() [][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.done
	s.done = nil
	return all
}

func (s *steps) connect(ctx context.Context, url string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	cfg.ConnConfig.Tracer = s
	return pgxpool.NewWithConfig(ctx, cfg)
}

func TestEachStepTakesOneTransactionAndFourStatements(t *testing.T) {
	t.Parallel()
	count := &steps{open: map[*pgx.Conn][]string{}}
	s := newStageOn(t, true, cases.DefaultProcedure(), playground.Options{}, count.connect)
	p := &person{stage: s, id: noor}
	check := func(name string) {
		t.Helper()
		s.until("the step is kept: "+name, func() bool { count.mu.Lock(); defer count.mu.Unlock(); return len(count.done) > 0 })
		for _, step := range count.taken() {
			if len(step) > 4 {
				t.Errorf("%s takes %d statements, want 4 at most:\n%s", name, len(step), strings.Join(step, ";\n"))
			}
		}
	}
	p.complain() // awaited by its number
	check("a whole complaint")
	p.types("/status")
	p.hears("K-2026-0001")
	check("/status")
	p.chooses("file")
	p.chooses("self")
	p.hears("2 van 8")
	p.types("de helpdesk, weer")
	p.hears("3 van 8")
	check("answers")
	p.types("Niemand belde terug.")
	p.types("Ook na drie keer vragen niet.")
	s.until("the story is kept", func() bool {
		held, err := s.store.PersonalData(t.Context(), noor)
		return err == nil && len(held.Parts) == 2
	})
	check("the story")
	var told int64
	for _, m := range s.Telegram().Messages(noor) {
		if m.Text == "Ook na drie keer vragen niet." {
			told = m.ID
		}
	}
	if _, err := s.Telegram().Edit(noor, told, "Ook na vier keer vragen niet."); err != nil {
		t.Fatal(err)
	}
	check("a changed part of the story")
	if _, _, err := s.Telegram().Attach(noor, playground.Attachment{Kind: "photo", Caption: "Zo zag het eruit."}); err != nil {
		t.Fatal(err)
	}
	check("a photo")
	for _, command := range []string{"/help", "/language", "/menu", "/cancel"} {
		p.types(command)
		check(command)
	}
	p.chooses("yes")
	p.hears("gewist")
	check("erasing what was told")
}
