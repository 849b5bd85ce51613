package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
)

func TestMain(m *testing.M) {
	postgrestest.Main(m, func(ctx context.Context, url string) error {
		_, _, err := postgres.Migrate(ctx, url)
		return err
	})
}

// platform stands in for one to send to: it remembers what arrived on each lane, and goes wrong as told.
type platform struct {
	mu      sync.Mutex
	arrived map[string][]string
	wrong   func(lane, text string, attempt int) error
	changed chan struct{}
	total   int
}

func newPlatform() *platform {
	return &platform{arrived: map[string][]string{}, changed: make(chan struct{}, 1)}
}

func (p *platform) send(ctx context.Context, o postgres.Outgoing) error {
	text := string(o.Line())
	if o.Number != "" {
		text = string(o.Notice.Kind)
	}
	p.mu.Lock()
	wrong := p.wrong
	p.mu.Unlock()
	if wrong != nil {
		if err := wrong(o.Lane, text, o.Attempts); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.arrived[o.Lane] = append(p.arrived[o.Lane], text)
	p.total++
	select {
	case p.changed <- struct{}{}:
	default:
	}
	return nil
}

func (p *platform) wait(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		p.mu.Lock()
		done := ok()
		p.mu.Unlock()
		if done {
			return
		}
		select {
		case <-p.changed:
		case <-time.After(20 * time.Millisecond):
		case <-deadline:
			t.Fatalf("never: %s", what)
		}
	}
}

// desk is a store on a database of its own, whose messages go to one platform.
type desk struct {
	*postgres.Store
	*platform
	pool   *pgxpool.Pool
	url    string
	last   int64
	turned atomic.Int64 // by how much the clock is ahead
}

func newDesk(t testing.TB) *desk {
	d := &desk{url: postgrestest.URL(t), platform: newPlatform()}
	procedure := cases.DefaultProcedure()
	procedure.Committee.Chair = chair.Member
	var err error
	if d.pool, err = postgres.Connect(t.Context(), d.url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.pool.Close)
	key, _ := postgres.NewMasterKey()
	d.Store, err = postgres.New(d.pool, postgres.Config{MasterKey: key, Procedure: procedure, Now: func() time.Time {
		return time.Now().Add(time.Duration(d.turned.Load()))
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Store.Close)
	return d
}

// dispatch runs a dispatcher until the test ends or stop is called.
func (d *desk) dispatch(t testing.TB) (*jobs.Dispatcher, func()) {
	log := slog.New(slog.DiscardHandler)
	dispatcher := jobs.NewDispatcher(d.Store, d.url, log,
		jobs.Face{Prefix: "telegram/", Send: d.send, Most: 64, Limit: time.Second},
		jobs.Face{Prefix: "slack/", Send: d.send, Most: 8, Limit: time.Second},
		jobs.Face{Prefix: "mail/", Send: d.send, Most: 8, Limit: time.Second},
		jobs.Face{Prefix: postgres.LaneHeld, Send: d.Release, Now: d.Now, Most: 4, Limit: time.Second})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { dispatcher.Run(ctx) })
	stop := func() { cancel(); running.Wait() }
	t.Cleanup(stop)
	return dispatcher, stop
}

// say queues lines for chats in one transaction; each line is "chat:text".
func (d *desk) say(t testing.TB, all ...string) {
	t.Helper()
	updates := make([]postgres.Update, len(all))
	for i, line := range all {
		chat, _, _ := strings.Cut(line, ":")
		d.last++
		updates[i].ID = d.last
		updates[i].Chat, _ = strconv.ParseInt(chat, 10, 64)
	}
	err := d.Converse(t.Context(), updates, func(turn *postgres.Turn) error {
		_, text, _ := strings.Cut(all[turn.Update], ":")
		turn.Say([]byte(text))
		turn.Session = []byte("s")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (d *desk) waiting(t testing.TB) int {
	t.Helper()
	var n int
	if err := d.pool.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM outbox WHERE state = 'queued') + (SELECT count(*) FROM line)`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEachLaneKeepsItsOrder(t *testing.T) {
	d := newDesk(t)
	for n := range 10 { // half of it waits already, half comes while sending
		if n == 5 {
			dispatcher, _ := d.dispatch(t)
			d.Attach(dispatcher)
		}
		var all []string
		for chat := range 20 {
			all = append(all, fmt.Sprintf("%d:%d", chat+1, n))
		}
		d.say(t, all...)
	}
	d.wait(t, "all 200 arrive", func() bool { return d.total == 200 })
	for lane, texts := range d.arrived {
		if want := []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}; !slices.Equal(texts, want) {
			t.Errorf("%s got %v", lane, texts)
		}
	}
}

func TestOneRecipientsTroubleDelaysNoOther(t *testing.T) {
	d := newDesk(t)
	release := make(chan struct{})
	d.wrong = func(lane, _ string, _ int) error {
		if lane == "telegram/1" {
			<-release
		}
		return nil
	}
	d.dispatch(t)
	d.say(t, "1:a", "1:b", "2:a", "3:a", "2:b")
	d.wait(t, "the others arrive", func() bool { return d.total == 3 })
	close(release)
	d.wait(t, "the first as well", func() bool { return slices.Equal(d.arrived["telegram/1"], []string{"a", "b"}) })
}

func TestWhatGoesWrongIsTriedAgainInOrder(t *testing.T) {
	d := newDesk(t)
	d.wrong = func(_, text string, attempt int) error {
		switch {
		case text == "a" && attempt == 0:
			return errors.New("no answer")
		case text == "b" && attempt < 2:
			return &jobs.RetryAfter{After: time.Millisecond, Err: errors.New("slower")}
		}
		return nil
	}
	d.dispatch(t)
	d.say(t, "1:a", "1:b", "1:c")
	d.wait(t, "all arrive", func() bool { return d.total == 3 })
	if got := d.arrived["telegram/1"]; !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("got %v", got)
	}
	d.wait(t, "nothing waits any more", func() bool { return d.waiting(t) == 0 })
}

func TestAnotherProcessTakesOverFromOneThatDied(t *testing.T) {
	d := newDesk(t)
	var first, second *jobs.Dispatcher
	first, _ = d.dispatch(t)
	d.wait(t, "the first sends", first.Sending)
	second, _ = d.dispatch(t)
	d.say(t, "1:a")
	d.wait(t, "a arrives", func() bool { return d.total == 1 })
	d.wait(t, "that is recorded", func() bool { return d.waiting(t) == 0 }) // else it may be sent once more, and rightly so
	if second.Sending() {
		t.Fatal("two send at once")
	}
	// The database ends the session of who sends, as it does when a process is killed.
	if _, err := d.pool.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	d.say(t, "1:b", "2:c")
	d.wait(t, "the rest arrives", func() bool { return d.total >= 3 })
	d.wait(t, "one of them sends", func() bool { return first.Sending() != second.Sending() })
	if got := d.arrived["telegram/1"]; !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("got %v", got)
	}
}

func TestWhatCanNotArriveInTheChatGoesByMail(t *testing.T) {
	d := newDesk(t)
	d.wrong = func(lane, _ string, _ int) error {
		if strings.HasPrefix(lane, "telegram/") {
			return &jobs.Undeliverable{State: cases.Gone, Reason: "blocked"}
		}
		return nil
	}
	d.dispatch(t)
	number := d.complain(t)
	d.screen(t, number)
	d.change(t, number, func(c *cases.Case, now time.Time) error { return c.Take(ann, now) })
	d.write(t, number)
	d.turned.Add(int64(time.Hour)) // the words can't be taken back any more
	d.wait(t, "the words go by mail", func() bool { return slices.Contains(d.arrived["mail/"+string(number)], string(cases.Message)) })
	f, err := d.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	var chat, mail int
	for _, letter := range f.Letters {
		switch {
		case letter.To == cases.ByChat && letter.State == cases.Gone:
			chat++
		case letter.To == cases.ByMail:
			mail++
		}
	}
	if !f.Case.ChatGone || chat == 0 || mail < 2 {
		t.Errorf("chat gone %t, %d undelivered in the chat, %d by mail", f.Case.ChatGone, chat, mail)
	}
}

func (d *desk) complain(t testing.TB) (number cases.Number) {
	t.Helper()
	d.last++
	err := d.Converse(t.Context(), []postgres.Update{{ID: d.last, Chat: 7001}}, func(turn *postgres.Turn) error {
		c, err := turn.Submit(cases.Complaint{Language: "en", Answers: cases.Words{cases.FieldName: "N", cases.FieldEmail: "n@example.org"}})
		if err != nil {
			return err
		}
		number, turn.Session = c.Number, []byte("s")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return number
}

func TestRatesAreKeptForEachLaneAndForAll(t *testing.T) {
	d := newDesk(t)
	var lanes [5]string
	for i := range lanes {
		lanes[i] = fmt.Sprintf("%d:x", i+1)
	}
	dispatcher := jobs.NewDispatcher(d.Store, d.url, slog.New(slog.DiscardHandler),
		jobs.Face{Prefix: "telegram/", Send: d.send, Most: 64, Limit: time.Second, Rate: 100, Each: 10, Burst: 2})
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { dispatcher.Run(ctx) })
	defer running.Wait()
	defer stop()
	began := time.Now()
	for range 4 {
		d.say(t, lanes[:]...)
	}
	d.wait(t, "all arrive", func() bool { return d.total == 20 })
	if took := time.Since(began); took < 190*time.Millisecond { // 4 on a lane: 2 at once, then one every 100 ms
		t.Errorf("20 messages left in %s", took)
	}
}

// A face that waits by itself has made no attempt: nothing of it is written down, and what comes after it on its lane waits.
func TestWhatWasNotTriedIsNoAttempt(t *testing.T) {
	d := newDesk(t)
	var mu sync.Mutex
	asked := 0
	d.wrong = func(lane, text string, attempt int) error {
		mu.Lock()
		defer mu.Unlock()
		if asked++; asked <= 3 {
			return &jobs.RetryAfter{After: 10 * time.Millisecond, Err: errors.New("its turn is later"), Untried: true}
		}
		if attempt != 0 {
			t.Errorf("%s has attempt %d", text, attempt)
		}
		return nil
	}
	d.say(t, "1:a", "1:b")
	dispatcher, _ := d.dispatch(t)
	d.wait(t, "both arrive", func() bool { return len(d.arrived["telegram/1"]) == 2 })
	if got := strings.Join(d.arrived["telegram/1"], " "); got != "a b" {
		t.Errorf("arrived: %s", got)
	}
	if n := dispatcher.Counts().Retried.Load(); n != 0 {
		t.Errorf("%d attempts failed", n)
	}
}

// The lines of one step go out one by one; what goes wrong with one of them is tried again from there.
func TestLinesOfAStepGoOutInOrderFromWhereItWasInterrupted(t *testing.T) {
	d := newDesk(t)
	var mu sync.Mutex
	failed := map[string]bool{}
	d.wrong = func(_, text string, _ int) error {
		mu.Lock()
		defer mu.Unlock()
		if text == "refused" {
			return &jobs.Undeliverable{State: cases.Failed, Reason: "refused"}
		}
		if !failed[text] {
			failed[text] = true
			return errors.New("no answer")
		}
		return nil
	}
	err := d.Converse(t.Context(), []postgres.Update{{ID: 1, Chat: 1}}, func(turn *postgres.Turn) error {
		turn.Session = []byte("s")
		for _, line := range []string{"a", "b", "refused", "c"} {
			turn.Say([]byte(line))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	d.dispatch(t)
	d.wait(t, "all arrive", func() bool { return len(d.arrived["telegram/1"]) == 3 })
	if got := strings.Join(d.arrived["telegram/1"], " "); got != "a b c" {
		t.Errorf("arrived: %s", got)
	}
	d.wait(t, "nothing waits", func() bool { return d.waiting(t) == 0 })
}
