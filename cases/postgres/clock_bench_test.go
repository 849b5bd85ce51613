package postgres_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
)

// benchHouse is a store on a durable PostgreSQL: what is committed is on the disk.
func benchHouse(b *testing.B) *house {
	b.Helper()
	server, err := postgres.StartServer(b.Context(), postgres.ServerConfig{Dir: b.TempDir(), Fetch: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := server.Stop(); err != nil {
			b.Error(err)
		}
	})
	if _, _, err := postgres.Migrate(b.Context(), server.URL()); err != nil {
		b.Fatal(err)
	}
	pool, err := postgres.Connect(b.Context(), server.URL())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	h := houseOn(b, pool, settings(b, "committee:\n  chair: U3CHA\n  deputy: U4DEP\n"))
	h.now = monday
	return h
}

// monday is a morning at work.
var monday = time.Date(2026, 11, 30, 9, 30, 0, 0, time.UTC)

// fill makes so many open cases, with five owners, of which one is away. They were received within ten days, of which the last is
// so many days ago; the clock looks at them at an instant, or within some time after it.
func (h *house) fill(b *testing.B, from, n, days int, first time.Time, within time.Duration) {
	b.Helper()
	_, err := h.pool.Exec(b.Context(), `INSERT INTO cases (number, kind, way, language, stage, received, deadline, owner, contacted, chat, has_mail,
			version, last_seq, last_hash, next_tick, screened, last_word, absence, work)
		SELECT 'K-2026-' || lpad(n::text, 7, '0'), 'complaint', 'chat', 'nl', 'contact', received, date_trunc('day', received) + interval '15 days', owner,
			received + interval '1 day', n, n % 2 = 0, $1, 4, sha256(n::text::bytea), $4::timestamptz + random() * $5::interval, true, received + interval '1 day',
			CASE owner WHEN 'U1OWN' THEN (SELECT coalesce(max(id), 0) FROM absence) ELSE 0 END,
			jsonb_build_object('owned', received + interval '2 hours', 'heard', received + interval '1 day', 'have_owned', jsonb_build_array(owner))
		FROM (SELECT n, 'U' || n % 5 + 1 || 'OWN' AS owner, $6::timestamptz - (n % 240 + 1) * interval '1 hour' AS received
			FROM generate_series($2::bigint, $3::bigint) n) s`,
		h.Procedure().Version, from, from+n-1, first, within, h.now.AddDate(0, 0, -days))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := h.pool.Exec(b.Context(), `VACUUM ANALYZE cases`); err != nil {
		b.Fatal(err)
	}
}

// telling are the parts of a plan that say where a statement looks, and how long it takes.
var telling = regexp.MustCompile(`\S+ Scan\b[^(]*|Index Cond: .*|Execution Time: .*`)

var execution = regexp.MustCompile(`Execution Time: (\S+) ms`)

// BenchmarkTickOfAMillionOpenCases is a tick that finds nothing due. The plans of its statements are in the output.
//
//	go test ./cases/postgres -run '^$' -bench TickOfAMillionOpenCases -benchtime 2s
func BenchmarkTickOfAMillionOpenCases(b *testing.B) {
	h := benchHouse(b)
	if _, err := h.SetAway(b.Context(), "U1OWN", h.now.AddDate(0, 0, -1), h.now.AddDate(0, 0, 10), "U1OWN"); err != nil {
		b.Fatal(err)
	}
	h.fill(b, 1, 1_000_000, 0, h.now.Add(time.Hour), 10*24*time.Hour)
	b.ResetTimer()
	for b.Loop() {
		if n, err := h.Tick(b.Context(), atOnce); n != 0 || err != nil {
			b.Fatalf("%d are due, %v", n, err)
		}
	}
	b.StopTimer()
	var inDatabase float64
	for _, statement := range postgres.TickStatements {
		plan := h.explain(b, statement, h.now, atOnce)
		b.Log(strings.Join(telling.FindAllString(plan, -1), "; "))
		var ms float64
		fmt.Sscan(execution.FindStringSubmatch(plan)[1], &ms)
		inDatabase += ms
		if strings.Contains(plan, "Seq Scan on cases") || !strings.Contains(plan, "Index Scan") {
			b.Error("it looks at every case")
		}
	}
	b.ReportMetric(inDatabase, "database-ms/op")
	if inDatabase > 5 {
		b.Errorf("a tick takes %.1f ms of the database, and must take less than 5", inDatabase)
	}
}

func (h *house) explain(b *testing.B, statement string, args ...any) string {
	b.Helper()
	var lines []string
	err := pgx.BeginFunc(b.Context(), h.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(b.Context(), postgres.TickBegins); err != nil {
			return err
		}
		rows, err := tx.Query(b.Context(), `EXPLAIN (ANALYZE, BUFFERS) `+statement, args...)
		if err != nil {
			return err
		}
		lines, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// atOnce is how many cases a tick of the program takes.
const atOnce = 100

// BenchmarkTickOfTenThousandDue claims and queues ten thousand cases that are due at once, among a hundred thousand, each of
// which has somebody reminded.
//
//	go test ./cases/postgres -run '^$' -bench TickOfTenThousandDue -benchtime 3x
func BenchmarkTickOfTenThousandDue(b *testing.B) {
	h := benchHouse(b)
	h.fill(b, 1, 100_000, 0, h.now.Add(time.Hour), 10*24*time.Hour)
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		h.fill(b, 200_000+n*10_000, 10_000, 8, h.now.Add(-time.Hour), time.Minute)
		b.StartTimer()
		h.tickAll(b)
	}
	b.ReportMetric(float64(h.number(b, `SELECT count(*) FROM outbox`))/float64(b.N), "notices/op")
}

func (h *house) tickAll(b *testing.B) {
	if err := jobs.InBatches(atOnce, h.Tick)(b.Context()); err != nil {
		b.Error(err)
	}
	if left := h.number(b, `SELECT count(*) FROM cases WHERE next_tick <= $1`, h.now); left > 0 {
		b.Errorf("%d are left", left)
	}
}

func (h *house) number(t testing.TB, statement string, args ...any) (n int) {
	t.Helper()
	if err := h.pool.QueryRow(t.Context(), statement, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// BenchmarkConversationsWhileTenThousandAreDue has sixteen people talk with the store, each of whom says something as soon as the
// last was answered, first alone and then beside a tick of ten thousand cases.
//
//	go test ./cases/postgres -run '^$' -bench ConversationsWhileTenThousandAreDue -benchtime 3x
func BenchmarkConversationsWhileTenThousandAreDue(b *testing.B) {
	h := benchHouse(b)
	h.fill(b, 1, 100_000, 0, h.now.Add(time.Hour), 10*24*time.Hour)
	var alone, beside []time.Duration
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		h.fill(b, 200_000+n*10_000, 10_000, 8, h.now.Add(-time.Hour), time.Minute)
		alone = append(alone, h.crowd(b, func() { <-time.After(3 * time.Second) })...)
		b.StartTimer()
		beside = append(beside, h.crowd(b, func() { h.tickAll(b) })...)
	}
	before, after := percentile(alone, 99), percentile(beside, 99)
	b.ReportMetric(percentile(alone, 50), "alone-p50-ms")
	b.ReportMetric(before, "alone-p99-ms")
	b.ReportMetric(percentile(beside, 50), "beside-p50-ms")
	b.ReportMetric(after, "beside-p99-ms")
	b.ReportMetric(after/before, "p99-ratio")
}

func percentile(all []time.Duration, n int) (ms float64) {
	slices.Sort(all)
	return float64(all[len(all)*n/100].Microseconds()) / 1000
}

// crowd talks for as long as meanwhile takes, and says how long each answer took.
func (h *house) crowd(b *testing.B, meanwhile func()) (took []time.Duration) {
	ctx, stop := context.WithCancel(b.Context())
	var all sync.WaitGroup
	var mu sync.Mutex
	var last atomic.Int64
	last.Store(time.Now().UnixNano())
	line := make([]byte, 400)
	for chat := range int64(16) {
		all.Go(func() {
			var mine []time.Duration
			for ctx.Err() == nil {
				began := time.Now()
				err := h.Converse(context.WithoutCancel(ctx), []postgres.Update{{ID: last.Add(1), Chat: 7001 + chat}}, func(t *postgres.Turn) error {
					t.Say(line)
					t.Session = line
					return nil
				})
				if err != nil {
					b.Error(err)
					return
				}
				mine = append(mine, time.Since(began))
			}
			mu.Lock()
			took = append(took, mine...)
			mu.Unlock()
		})
	}
	meanwhile()
	stop()
	all.Wait()
	return took
}
