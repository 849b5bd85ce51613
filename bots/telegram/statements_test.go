package telegram_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
)

// mostStatements is how many statements any step takes, in one transaction.
const mostStatements = 4

// steps remembers what each transaction that handled an update, and no other, sent to the database, but for what begins and ends it,
// and for the bell of who sends.
type steps struct {
	mu   sync.Mutex
	open map[*pgx.Conn]*step
	done []step
}

// step is what a transaction of conversations sent.
type step struct {
	alone      bool // it was for one update
	statements []string
}

func (s *steps) TraceQueryStart(ctx context.Context, conn *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	s.statement(conn, data.SQL, data.Args)
	return ctx
}
func (s *steps) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (s *steps) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}
func (s *steps) TraceBatchQuery(_ context.Context, conn *pgx.Conn, data pgx.TraceBatchQueryData) {
	s.statement(conn, data.SQL, data.Args)
}
func (s *steps) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

func (s *steps) statement(conn *pgx.Conn, sql string, args []any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch open := s.open[conn]; {
	case sql == "BEGIN":
		s.open[conn] = new(step)
	case open == nil: // it is in no transaction
	case sql == "COMMIT":
		if len(open.statements) > 0 && strings.Contains(open.statements[0], "FROM conversation WHERE chat") {
			s.done = append(s.done, *open)
		}
		delete(s.open, conn)
	case !strings.Contains(sql, "pg_notify"):
		if len(open.statements) == 0 && len(args) > 0 {
			chats, several := args[0].([]int64)
			open.alone = !several || len(chats) == 1
		}
		open.statements = append(open.statements, sql)
	}
}

// check sees to it that no step took more than it may. What came together shares a transaction, and is left out. Who comes back by
// a step, which Telegram tells apart before anything else unless it was overtaken, has all their cases hear of it, and that comes on
// top.
func (s *steps) check(t testing.TB) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.done {
		most := mostStatements
		if slices.ContainsFunc(one.statements, func(sql string) bool { return strings.Contains(sql, "chat = $1 AND stage <> 'closed'") }) {
			most++
		}
		if one.alone && len(one.statements) > most {
			t.Errorf("a step takes %d statements, want %d at most:\n%s", len(one.statements), most, strings.Join(one.statements, ";\n"))
		}
	}
	s.done = nil
}

func (s *steps) connect(ctx context.Context, url string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	cfg.ConnConfig.Tracer, cfg.MaxConns = s, 12
	return pgxpool.NewWithConfig(ctx, cfg)
}

func TestEachStepTakesOneTransactionAndFourStatements(t *testing.T) {
	t.Parallel()
	s := newStage(t, true)
	p := &person{stage: s, id: noor}
	check := func(name string) {
		t.Helper()
		s.until("the step is kept: "+name, func() bool { s.steps.mu.Lock(); defer s.steps.mu.Unlock(); return len(s.steps.done) > 0 })
		s.steps.check(t)
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

func TestWhatIsDoneWithACaseTakesOneTransactionAndFourStatements(t *testing.T) {
	t.Parallel()
	s := newStage(t, true)
	p := &person{stage: s, id: noor}
	const number = cases.Number("K-2026-0001")
	photo := func(caption string) int64 {
		t.Helper()
		if _, _, err := s.Telegram().Attach(noor, playground.Attachment{Kind: "photo", Caption: caption}); err != nil {
			t.Fatal(err)
		}
		return p.sent(func(m playground.Message) bool { return m.Kind == "photo" && m.Caption == caption })
	}
	edits := func(message int64, words string) {
		t.Helper()
		if _, err := s.Telegram().Edit(noor, message, words); err != nil {
			t.Fatal(err)
		}
		if e := s.happened(number, cases.Corrected); e.Words[cases.FieldText] != words {
			t.Errorf("on file: %v", e.Words)
		}
	}
	replied := func(words string) {
		t.Helper()
		s.until(words+" is on file", func() bool { return s.happened(number, cases.Replied).Words[cases.FieldText] == words })
	}
	p.complain()
	edits(p.sent(func(m playground.Message) bool { return m.Text == "Niemand belde terug." }), "Niemand belde ooit terug.")
	p.types("/status")
	p.chooses("add:" + string(number))
	p.hears("Wat wilt u toevoegen")
	p.types("Het gebeurde weer.")
	replied("Het gebeurde weer.")
	photo("Zo zag het eruit.")
	replied("Zo zag het eruit.")
	bare := photo("")
	s.happened(number, cases.Attached)
	if _, err := s.Telegram().Edit(noor, bare, "En zo van achteren."); err != nil {
		t.Fatal(err)
	}
	replied("En zo van achteren.")
	edits(bare, "En zo van de zijkant.")
	p.chooses("done")
	p.hears("Kunnen wij nog iets voor u doen?")

	p.types("/status")
	p.chooses("contact:" + string(number))
	p.chooses("email")
	p.hears("e-mailadres")
	p.types("noor@example.org")
	p.chooses("yes")
	s.happened(number, cases.ContactChanged)
	s.acts(number, take, s.writes(cases.WriteDraft{Text: "Wanneer kunnen wij bellen?"}))
	p.hears("Wanneer kunnen wij bellen?")
	p.chooses("reply:" + string(number))
	p.hears("Typ wat u de commissie wilt schrijven")
	p.types("Morgen na vijven.")
	p.chooses("send")
	replied("Morgen na vijven.")
	p.types("/language")
	p.chooses("language:en")
	s.happened(number, cases.LanguageChanged)
	p.types("/forgetme")
	p.chooses("yes")
	p.hears(string(number))
}

// sent is the number of the last such message that the person sent.
func (p *person) sent(is func(playground.Message) bool) (message int64) {
	p.t.Helper()
	for _, m := range p.Telegram().Messages(p.id) {
		if !m.FromBot && is(m) {
			message = m.ID
		}
	}
	if message == 0 {
		p.t.Fatal("no such message was sent")
	}
	return message
}
