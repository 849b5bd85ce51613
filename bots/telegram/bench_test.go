package telegram_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/bots/telegram"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
)

// queue puts so many lines for each of so many people into the outbox, before anybody sends.
func queue(tb testing.TB, store *postgres.Store, people, each int) {
	tb.Helper()
	update := int64(0)
	for n := range each {
		var updates []postgres.Update
		for p := range people {
			update++
			updates = append(updates, postgres.Update{ID: update, Chat: int64(p + 1)})
		}
		err := store.Converse(tb.Context(), updates, func(t *postgres.Turn) error {
			t.Say(fmt.Appendf(nil, `{"text":"message %d"}`, n))
			t.Session = []byte("{}")
			return nil
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
}

// deliver sends all that is queued to a stand-in, checks that each person got theirs in order, and
// says how long the sending took.
func deliver(tb testing.TB, play *playground.Playground, people, each int, face jobs.Face) time.Duration {
	tb.Helper()
	if err := play.Start(tb.Context(), "127.0.0.1:0"); err != nil {
		tb.Fatal(err)
	}
	defer play.Close()
	for p := range people {
		play.Telegram().AddPerson(playground.Person{ID: int64(p + 1), Name: "Crowd (invented)", Language: "nl", Started: true})
	}
	url := postgrestest.URL(tb)
	pool, err := postgres.Connect(tb.Context(), url)
	if err != nil {
		tb.Fatal(err)
	}
	defer pool.Close()
	key, _ := postgres.NewMasterKey()
	store, err := postgres.New(pool, postgres.Config{MasterKey: key, Procedure: cases.DefaultProcedure()})
	if err != nil {
		tb.Fatal(err)
	}
	queue(tb, store, people, each)
	bot, err := telegram.New(store, telegram.Config{Token: play.TelegramToken(), API: play.TelegramURL()})
	if err != nil {
		tb.Fatal(err)
	}
	var arrived atomic.Int64
	var disorder atomic.Int64
	next := make([]atomic.Int64, people+1)
	done := make(chan struct{})
	play.Telegram().OnMessage(func(person int64, m playground.Message) {
		if m.Text != fmt.Sprintf("message %d", next[person].Add(1)-1) {
			disorder.Add(1)
		}
		if arrived.Add(1) == int64(people*each) {
			close(done)
		}
	})
	face.Prefix, face.Send, face.Limit = postgres.LaneTelegram, bot.Send, 10*time.Second
	dispatcher := jobs.NewDispatcher(store, url, slog.New(slog.DiscardHandler), face)
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	began := time.Now()
	running.Go(func() { dispatcher.Run(ctx) })
	select {
	case <-done:
	case <-time.After(5 * time.Minute):
		tb.Fatalf("%d of %d arrived", arrived.Load(), people*each)
	}
	took := time.Since(began)
	if n := disorder.Load(); n > 0 {
		tb.Errorf("%d messages out of order or twice", n)
	}
	return took
}

// BenchmarkDelivery sends 10,000 queued messages to 1,000 people, in order for each, over HTTP to a stand-in that takes 2 ms
// to answer; limits off.
//
//	go test ./bots/telegram -run '^$' -bench Delivery -benchtime 3x
func BenchmarkDelivery(b *testing.B) {
	const people, each = 1000, 10
	var took time.Duration
	for range b.N {
		play := playground.New(playground.Options{Lean: true})
		play.Telegram().Fail(func(string, *playground.Params) *playground.Failure {
			return &playground.Failure{Delay: 2 * time.Millisecond}
		})
		took += deliver(b, play, people, each, jobs.Face{Most: 128})
	}
	b.ReportMetric(float64(people*each*b.N)/took.Seconds(), "messages/s")
}

func TestAtThePublishedRatesTelegramNeverAsksToSlowDown(t *testing.T) {
	play := playground.New(playground.Options{Limits: true})
	deliver(t, play, 20, 6, jobs.Face{Most: 128, Rate: 30, Each: 1, Burst: 3})
	if n := play.Telegram().TooManyRequests(); n != 0 {
		t.Errorf("%d times too many requests", n)
	}
}
