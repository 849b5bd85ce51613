package postgres_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
)

// beside is another process on the same database, whose clock is ahead of that of the house.
func (h *house) beside(t testing.TB, ahead time.Duration) *postgres.Store {
	t.Helper()
	store, err := postgres.New(h.pool, postgres.Config{MasterKey: h.key, Procedure: h.Procedure(), Now: func() time.Time { return h.now.Add(ahead) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store
}

// once looks whether each occasion was told once, whoever told it, and each notice is there once that follows from what was told.
func (h *house) once(t *testing.T) {
	t.Helper()
	for what, query := range map[string]string{
		"occasions that were told twice": `SELECT count(*) FROM (SELECT FROM told GROUP BY case_id, milestone, occasion, recipient = 'complainant', way HAVING count(*) > 1) s`,
		"events that tell the same": `SELECT count(*) FROM (SELECT FROM event WHERE by = 'clock'
			GROUP BY case_id, kind, data->>'milestone', data->>'occasion', data->>'to', data->>'event' HAVING count(*) > 1) s`,
		"notices that were queued twice": `SELECT count(*) FROM (SELECT FROM outbox WHERE case_id IS NOT NULL GROUP BY case_id, event, kind, recipient HAVING count(*) > 1) s`,
		"reminders that were not queued": `SELECT count(*) FROM event e WHERE kind = 'reminded'
			AND NOT EXISTS (SELECT FROM outbox o WHERE o.case_id = e.case_id AND o.event = e.seq AND o.recipient = coalesce(nullif(e.data->>'to', 'complainant'), o.recipient))`,
		"words to complainants that were not queued": `SELECT count(*) FROM event e WHERE by = 'clock' AND kind IN ('late', 'progressed', 'extended')
			AND NOT EXISTS (SELECT FROM outbox o WHERE o.case_id = e.case_id AND o.recipient IN ('chat', 'mail') AND o.event IN (e.seq, (e.data->>'event')::int))`,
		"notices of no event": `SELECT count(*) FROM outbox o WHERE case_id IS NOT NULL AND NOT EXISTS (SELECT FROM event e WHERE e.case_id = o.case_id AND e.seq = o.event)`,
	} {
		if n := h.number(t, query); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}

func TestTwoProcessesWhoseClocksDifferTellEachOccasionOnce(t *testing.T) {
	h := houseOn(t, postgrestest.Pool(t), settings(t, "committee:\n  chair: U4COR\n  deputy: U2BOB\n"))
	for chat := range int64(6) {
		number := h.file(t, 7001+chat)
		if chat%2 == 0 {
			h.take(t, number, ann)
		}
	}
	all := []*postgres.Store{h.Store, h.beside(t, 3*time.Minute), h.beside(t, -time.Minute)}
	for until := h.now.AddDate(0, 0, 24); h.now.Before(until); h.now = h.now.Add(53 * time.Minute) {
		var together sync.WaitGroup
		for n, store := range all {
			if h.now.YearDay()%5 == n { // one is down for a day now and then
				continue
			}
			together.Go(func() {
				if _, err := store.Tick(t.Context(), 2); err != nil {
					t.Error(err)
				}
			})
		}
		together.Wait()
	}
	h.once(t)
	if n := h.number(t, `SELECT count(*) FROM event WHERE by = 'clock'`); n < 6*15 {
		t.Errorf("the clock spoke %d times", n)
	}
}

func TestCaseThatCanNotBeTickedDoesNotHoldUpTheOthers(t *testing.T) {
	for name, breaks := range map[string]string{
		"what was told of it can't be kept": `ALTER TABLE told ADD CONSTRAINT broken CHECK (case_id <> 2)`,
		"it can't be read":                  `UPDATE cases SET work = '{"parties": "none"}' WHERE id = 2`,
		"its file can't grow":               `INSERT INTO event SELECT case_id, seq + 1, at, by, kind, data, commitments, hash FROM event WHERE case_id = 2 ORDER BY seq DESC LIMIT 1`,
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			var log bytes.Buffer
			h.Store = h.under(t, h.Procedure(), slog.New(slog.NewTextHandler(&log, nil)))
			var all []cases.Number
			for chat := range int64(5) {
				number := h.file(t, 7001+chat)
				h.take(t, number, ann)
				all = append(all, number)
			}
			if err := h.SetGone(t.Context(), ann.Member, true); err != nil {
				t.Fatal(err)
			}
			if _, err := h.pool.Exec(t.Context(), breaks); err != nil {
				t.Fatal(err)
			}
			h.now = h.now.AddDate(0, 0, 3)
			for n, want := range []int{5, 0} { // it is put off
				if got, err := h.Tick(t.Context(), 10); got != want || err != nil {
					t.Fatalf("tick %d: %d cases, %v", n+1, got, err)
				}
			}
			for n, number := range all {
				spoken := h.number(t, `SELECT count(*) FROM event e JOIN cases c ON c.id = e.case_id WHERE c.number = $1 AND by = 'clock'`, number)
				if silent := spoken == 0; silent != (n == 1) {
					t.Errorf("case %d: the clock spoke %d times", n+1, spoken)
				}
			}
			if said := log.String(); strings.Count(said, "level=ERROR") != 1 || strings.Contains(said, canary) {
				t.Errorf("the log says %s", said)
			}
			h.now = h.now.Add(time.Hour)
			if n, err := h.Tick(t.Context(), 10); n != 1 || err != nil {
				t.Errorf("it is not tried again: %d, %v", n, err)
			}
		})
	}
}

func TestTickThatDiesBeforeItsCommitLosesNothing(t *testing.T) {
	h := newHouse(t)
	for chat := range int64(3) {
		h.file(t, 7001+chat)
	}
	h.now = h.now.AddDate(0, 0, 3)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	blocking, err := h.pool.Begin(ctx) // what the tick writes has to wait
	if err != nil {
		t.Fatal(err)
	}
	defer blocking.Rollback(context.WithoutCancel(ctx))
	if _, err := blocking.Exec(ctx, `LOCK TABLE told IN SHARE MODE`); err != nil {
		t.Fatal(err)
	}
	died := make(chan error, 1)
	go func() {
		_, err := h.Tick(ctx, 10)
		died <- err
	}()
	var killed bool
	for deadline := time.Now().Add(20 * time.Second); !killed && time.Now().Before(deadline); {
		if err := h.pool.QueryRow(ctx, `SELECT coalesce(bool_or(pg_terminate_backend(pid)), false) FROM pg_locks WHERE relation = 'told'::regclass AND NOT granted`).Scan(&killed); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-died; !killed || !postgres.Passing(err) {
		t.Fatalf("killed %t: %v", killed, err)
	}
	if err := blocking.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); h.number(t, `SELECT count(*) FROM pg_locks WHERE relation = 'cases'::regclass`) > 0; {
		if time.Now().After(deadline) { // its client hears of its end before its locks are gone
			t.Fatal("who was killed still holds cases")
		}
	}
	if n := h.count(t, "told"); n != 0 {
		t.Errorf("%d occasions were kept of a tick that died", n)
	}
	h.tick(t)
	h.once(t)
	if n := h.number(t, `SELECT count(DISTINCT case_id) FROM event WHERE by = 'clock'`); n != 3 {
		t.Errorf("the clock spoke of %d cases", n)
	}
}

func TestWhatIsNoLongerTrueIsNotToldAfterANightOff(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	h.now = h.now.AddDate(0, 0, 9) // no clock ran; and somebody else was quicker than it
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.Speak(ann, now, "note", "steps", now) })
	h.change(t, number, func(c *cases.Case, now time.Time) error {
		return c.Extend(ann, "somebody is ill", now.AddDate(0, 0, 40), h.Procedure(), now)
	})
	h.tick(t)
	for _, told := range h.tolds(t) {
		if told.Milestone != cases.MilestoneProposed || !strings.HasPrefix(told.Occasion, "2027-01-10") {
			t.Errorf("told %+v", told)
		}
	}
	h.now = h.now.AddDate(0, 0, 3)
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.Withdraw("", now) })
	h.now = h.now.AddDate(0, 0, 60)
	before := h.count(t, "told")
	h.tick(t)
	if n := h.count(t, "told") - before; n != 0 {
		t.Errorf("%d occasions of a case that ended", n)
	}
}

// tolds is all that the clock told.
func (h *house) tolds(t *testing.T) []cases.Told {
	t.Helper()
	rows, err := h.pool.Query(t.Context(), `SELECT milestone, occasion, recipient, way FROM told ORDER BY case_id, at`)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[cases.Told])
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A deadlock would end one of them with an error, which undoes its whole batch.
func TestPeopleGoOnWithCasesThatTheClockSpeaksOf(t *testing.T) {
	h := newHouse(t)
	var all []cases.Number
	for chat := range int64(20) {
		number := h.file(t, 7001+chat)
		h.take(t, number, ann)
		all = append(all, number)
	}
	h.now = h.now.AddDate(0, 0, 9)
	var together sync.WaitGroup
	for range 2 {
		together.Go(func() {
			for range 6 {
				if _, err := h.Tick(t.Context(), 7); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n, number := range all {
		together.Go(func() {
			if _, err := h.Change(t.Context(), postgres.Claim{}, number, func(c *cases.Case, now time.Time) error {
				return c.AddNote(ann, ann.Member, fmt.Sprint("note ", n), now)
			}); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	h.once(t)
}
