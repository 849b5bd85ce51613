package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// falls lets a conversation fall silent, to be woken at a moment.
func (h *house) falls(t testing.TB, chat int64, wake time.Time) {
	t.Helper()
	h.turn(t, chat, func(turn *postgres.Turn) error {
		turn.Session, turn.Wake = fmt.Appendf(nil, "%d", chat), wake
		return nil
	})
}

func (h *house) woken(t testing.TB, step func(*postgres.Turn) error) int {
	t.Helper()
	n, err := h.Wake(t.Context(), 100, step)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestConversationsAreWokenWhenTheirMomentHasComeAndNotBefore(t *testing.T) {
	h := newHouse(t)
	h.falls(t, 7001, h.now.Add(2*time.Hour))
	h.falls(t, 7002, h.now.Add(3*time.Hour))
	h.falls(t, 7003, time.Time{})
	remind := func(turn *postgres.Turn) error {
		if string(turn.Session) != fmt.Sprint(turn.Chat) || !turn.Now.Equal(h.now) {
			t.Errorf("chat %d is woken with session %q at %s", turn.Chat, turn.Session, turn.Now)
		}
		turn.Say([]byte("are you still there?"))
		turn.Session, turn.Wake = append(turn.Session, '!'), turn.Wake.Add(24*time.Hour)
		return nil
	}
	h.now = h.now.Add(2*time.Hour - time.Minute)
	if n := h.woken(t, remind); n != 0 {
		t.Errorf("%d were woken too early", n)
	}
	h.now = h.now.Add(time.Minute)
	if n := h.woken(t, remind); n != 1 {
		t.Errorf("%d were woken", n)
	}
	if n := h.woken(t, remind); n != 0 {
		t.Errorf("%d were woken once more", n)
	}
	out := h.waiting(t)
	if len(out) != 1 || out[0].Lane != "telegram/7001" || string(out[0].Line()) != "are you still there?" {
		t.Errorf("said: %v", out)
	}
	h.turn(t, 7001, func(turn *postgres.Turn) error {
		if string(turn.Session) != "7001!" || !turn.Wake.Equal(sunday.Add(26*time.Hour)) {
			t.Errorf("left with %q, to be woken at %s", turn.Session, turn.Wake)
		}
		return nil
	})
}

func TestManyProcessesWakeEachConversationOnce(t *testing.T) {
	h := newHouse(t)
	for chat := range int64(60) {
		h.falls(t, 7000+chat, h.now)
	}
	var turns atomic.Int64
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for {
				n, err := h.Wake(t.Context(), 7, func(turn *postgres.Turn) error {
					turns.Add(1)
					turn.Say([]byte("hello"))
					turn.Wake = time.Time{}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
				if n == 0 {
					return
				}
			}
		})
	}
	all.Wait()
	lanes := map[string]int{}
	for _, o := range h.waiting(t) {
		lanes[o.Lane]++
	}
	if len(lanes) != 60 || turns.Load() != 60 {
		t.Errorf("%d turns in %d conversations", turns.Load(), len(lanes))
	}
}

func TestConversationThatCanNotBeWokenDoesNotHoldUpTheOthers(t *testing.T) {
	h := newHouse(t)
	var logged bytes.Buffer
	h.Store = h.under(t, cases.DefaultProcedure(), slog.New(slog.NewTextHandler(&logged, nil)))
	for chat := range int64(3) {
		h.falls(t, 7000+chat, h.now)
	}
	said := func() (lanes []string) {
		for _, o := range h.waiting(t) {
			lanes = append(lanes, o.Lane)
		}
		slices.Sort(lanes)
		return lanes
	}
	n := h.woken(t, func(turn *postgres.Turn) error {
		turn.Say([]byte("hello"))
		if turn.Chat == 7001 {
			return errors.New("wrong")
		}
		return nil // it leaves them due
	})
	if n != 3 || strings.Count(logged.String(), "can't be woken") != 1 {
		t.Errorf("%d were due, and the log says %s", n, logged.String())
	}
	if got := said(); !slices.Equal(got, []string{"telegram/7000", "telegram/7002"}) {
		t.Errorf("said in %v", got)
	}
	if n := h.woken(t, func(*postgres.Turn) error { return nil }); n != 0 {
		t.Errorf("%d are due at once again", n)
	}
	h.now = h.now.Add(time.Hour)
	if n := h.woken(t, func(turn *postgres.Turn) error { turn.Wake = time.Time{}; return nil }); n != 3 {
		t.Errorf("%d are due later", n)
	}
}

func TestConversationThatCanNotBeReadIsPutOff(t *testing.T) {
	h := newHouse(t)
	var logged bytes.Buffer
	h.Store = h.under(t, cases.DefaultProcedure(), slog.New(slog.NewTextHandler(&logged, nil)))
	for chat := range int64(3) {
		h.falls(t, 7000+chat, h.now)
	}
	if _, err := h.pool.Exec(t.Context(), `UPDATE conversation SET session = '\x0102' WHERE chat = 7000`); err != nil {
		t.Fatal(err)
	}
	var woken []int64
	step := func(turn *postgres.Turn) error {
		woken = append(woken, turn.Chat)
		turn.Wake = time.Time{}
		return nil
	}
	if n := h.woken(t, step); n != 3 || len(woken) != 2 || strings.Count(logged.String(), "can't be woken") != 1 {
		t.Errorf("%d were due, %v were woken, and the log says %s", n, woken, logged.String())
	}
	if n := h.woken(t, step); n != 0 {
		t.Errorf("%d are due at once again", n)
	}
	h.now = h.now.Add(time.Hour)
	if n := h.woken(t, step); n != 1 || len(woken) != 2 {
		t.Errorf("%d are due later, %v were woken", n, woken)
	}
}

func TestPersonWhoSpeaksAtThisMomentIsNotWoken(t *testing.T) {
	h := newHouse(t)
	h.falls(t, 7001, h.now)
	h.turn(t, 7001, func(turn *postgres.Turn) error {
		if n := h.woken(t, func(*postgres.Turn) error { return nil }); n != 0 {
			t.Errorf("%d were woken", n)
		}
		turn.Wake = time.Time{}
		return nil
	})
	if n := h.woken(t, func(*postgres.Turn) error { return nil }); n != 0 {
		t.Errorf("%d were woken afterwards", n)
	}
}

func TestWhoClosedTheChatIsNotSpokenToAndNotTakenForBack(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.falls(t, 7001, h.now)
	h.turn(t, 7001, func(turn *postgres.Turn) error { return turn.Left() })
	said := len(h.waiting(t))
	if n := h.woken(t, func(turn *postgres.Turn) error {
		turn.Say([]byte("we have erased what you told us"))
		turn.Erase()
		turn.Session, turn.Wake = nil, time.Time{}
		return nil
	}); n != 1 {
		t.Errorf("%d were woken", n)
	}
	if got := len(h.waiting(t)); got != said {
		t.Errorf("%d things wait to be sent, there were %d", got, said)
	}
	if c, err := h.Case(t.Context(), number); err != nil || !c.ChatGone {
		t.Errorf("the chat is taken for open: %v", err)
	}
}

func TestUnfinishedConversationSaysGoodbyeItselfAndIsForgottenInAnyCase(t *testing.T) {
	h := newHouse(t)
	day := 24 * time.Hour
	h.falls(t, 7001, h.now.Add(14*day)) // is about to say goodbye, when the program is not running
	h.falls(t, 7002, time.Time{})       // has nothing to say any more
	h.falls(t, 7003, h.now.Add(30*day)) // began under settings that keep longer
	for _, after := range []struct {
		days int
		want string
	}{{15, "[7001 7002 7003]"}, {18, "[7003]"}, {34, "[]"}} {
		h.now = sunday.Add(time.Duration(after.days) * day)
		if err := h.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		rows, err := h.pool.Query(t.Context(), `SELECT chat FROM conversation ORDER BY chat`)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(kept); got != after.want {
			t.Errorf("after %d days %s are kept, want %s", after.days, got, after.want)
		}
	}
}

// waitingConversations makes n unfinished conversations, each due to be woken a while after the one before.
func waitingConversations(t testing.TB, h *house, n int) {
	t.Helper()
	const step = 500
	for from := 0; from < n; from += step {
		updates := make([]postgres.Update, min(step, n-from))
		for i := range updates {
			h.last++
			updates[i] = postgres.Update{ID: h.last, Chat: int64(1_000_000 + from + i)}
		}
		err := h.Converse(t.Context(), updates, func(turn *postgres.Turn) error {
			turn.Session = []byte(`{"v":"000000000000","l":"nl","s":"problem","n":12}`)
			turn.Wake = h.now.Add(time.Duration(turn.Chat-1_000_000) * time.Minute).Truncate(time.Hour).Add(time.Hour)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.pool.Exec(t.Context(), `ANALYZE conversation`); err != nil {
		t.Fatal(err)
	}
}

// plan is how the database finds the conversations that are due.
func (h *house) plan(t testing.TB) string {
	t.Helper()
	rows, err := h.pool.Query(t.Context(), `EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off) SELECT chat FROM conversation
		WHERE wake_at <= $1 ORDER BY wake_at LIMIT 100 FOR NO KEY UPDATE SKIP LOCKED`, h.now)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func TestWaitingConversationsAreFoundByTheirIndex(t *testing.T) {
	h := newHouse(t)
	waitingConversations(t, h, 2000)
	if got := h.plan(t); !strings.Contains(got, "Index Scan using conversation_by_wake") {
		t.Errorf("the plan is\n%s", got)
	}
}

// A look at what is due where ten thousand conversations wait and none is due.
func BenchmarkWake(b *testing.B) {
	for _, waiting := range []int{10, 10_000} {
		b.Run(fmt.Sprintf("waiting=%d", waiting), func(b *testing.B) {
			h := newHouse(b)
			waitingConversations(b, h, waiting)
			if b.N > 1 && waiting > 10 {
				b.Logf("\n%s", h.plan(b))
			}
			b.ResetTimer()
			for range b.N {
				if n, err := h.Wake(context.Background(), 100, func(*postgres.Turn) error { return nil }); n != 0 || err != nil {
					b.Fatal(n, err)
				}
			}
		})
	}
}
