package telegram_test

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/bots/telegram"
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

// stage is a bot between a stand-in for Telegram and a database of its own.
type stage struct {
	*playground.Playground
	t     testing.TB
	store *postgres.Store
	pool  *pgxpool.Pool
	bot   *telegram.Bot
	steps *steps

	limits bool // it keeps to the published rates, as Telegram does
}

// newStage starts a bot. With a webhook, Telegram delivers to it; otherwise it polls.
func newStage(t testing.TB, webhook bool) *stage {
	t.Helper()
	return newStageOf(t, webhook, cases.DefaultProcedure(), playground.Options{})
}

func newStageOf(t testing.TB, webhook bool, procedure *cases.Procedure, options playground.Options) *stage {
	t.Helper()
	play := playground.New(options)
	if err := play.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { play.Close() })
	s := &stage{Playground: play, t: t, steps: &steps{open: map[*pgx.Conn]*step{}}, limits: options.Limits}
	t.Cleanup(func() { s.steps.check(t) })
	url := postgrestest.URL(t)
	var err error
	if s.pool, err = s.steps.connect(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.pool.Close)
	key, _ := postgres.NewMasterKey()
	s.store, err = postgres.New(s.pool, postgres.Config{MasterKey: key, Procedure: procedure, Now: play.Clock().Now})
	if err != nil {
		t.Fatal(err)
	}
	cfg := telegram.Config{Token: play.TelegramToken(), API: play.TelegramURL(), Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	if webhook {
		var hook http.Handler
		server := newServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hook.ServeHTTP(w, r) }))
		cfg.Public, cfg.Secret = server+"/telegram", "a-secret"
		s.start(url, cfg)
		hook = s.bot.Webhook()
		return s
	}
	s.start(url, cfg)
	return s
}

// start runs the bot and who sends for it, until the test ends.
func (s *stage) start(url string, cfg telegram.Config) {
	bot, err := telegram.New(s.store, cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	s.bot = bot
	mute := func(context.Context, postgres.Outgoing) error { return nil }
	chats := jobs.Face{Prefix: postgres.LaneTelegram, Send: bot.Send, Now: s.Clock().Now, Most: 16, Limit: 5 * time.Second}
	if s.limits {
		chats.Rate, chats.Each, chats.Burst = 30, 1, 3
	}
	d := jobs.NewDispatcher(s.store, url, cfg.Log, chats,
		jobs.Face{Prefix: postgres.LaneFile, Send: bot.Take, Most: telegram.MostFetches, Limit: telegram.FetchLimit},
		jobs.Face{Prefix: postgres.LaneSlack, Send: mute, Most: 1, Limit: time.Second},
		jobs.Face{Prefix: postgres.LaneMail, Send: mute, Most: 1, Limit: time.Second})
	s.store.Attach(d)
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { bot.Run(ctx) })
	running.Go(func() { d.Run(ctx) })
	s.t.Cleanup(func() { stop(); running.Wait() })
}

const noor = 7001

// patience is how long a test waits for what must happen.
const patience = 30 * time.Second

// person is somebody at a telephone; it remembers how far they have read.
type person struct {
	*stage
	id      int64
	read    int64
	pressed int64 // the message whose button they pressed last
}

// hears waits for a message of the bot with the words in it.
func (p *person) hears(words string) playground.Message {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.t.Context(), patience)
	defer stop()
	m, err := p.Telegram().WaitText(ctx, p.id, p.read, func(text string) bool { return strings.Contains(text, words) })
	if err != nil {
		var said []string
		for _, m := range p.Telegram().Messages(p.id) {
			said = append(said, m.Text)
		}
		p.t.Fatalf("%q was not said: %v\n%s", words, err, strings.Join(said, "\n"))
	}
	p.read = m.ID
	return m
}

func (p *person) types(text string) {
	p.t.Helper()
	if _, _, err := p.Telegram().Send(p.id, text); err != nil {
		p.t.Fatal(err)
	}
}

// presses waits for a button with that label, and presses it.
func (p *person) presses(label string) {
	p.t.Helper()
	p.until("a button "+label, func() bool {
		return slices.ContainsFunc(p.Telegram().Messages(p.id), func(m playground.Message) bool {
			return slices.ContainsFunc(slices.Concat(m.Buttons...), func(b playground.Button) bool { return b.Text == label })
		})
	})
	if _, err := p.Telegram().PressText(p.id, label); err != nil {
		p.t.Fatal(err)
	}
}

// chooses waits for a button that stands for that choice, and presses the newest.
func (p *person) chooses(choice string) {
	p.t.Helper()
	var message int64
	var data string
	p.until("a button for "+choice, func() bool {
		for _, m := range p.Telegram().Messages(p.id) {
			for _, b := range slices.Concat(m.Buttons...) {
				if _, stands, _ := strings.Cut(b.Data, ":"); stands == choice && m.ID > p.pressed {
					message, data = m.ID, b.Data
				}
			}
		}
		return message != 0
	})
	p.pressed = message
	if _, err := p.Telegram().Press(p.id, message, data); err != nil {
		p.t.Fatal(err)
	}
}

// until waits for something that must come true.
func (s *stage) until(what string, ok func() bool) {
	s.t.Helper()
	deadline := time.After(patience)
	for !ok() {
		select {
		case <-deadline:
			said := s.Telegram().Messages(noor)
			for _, m := range said[max(0, len(said)-6):] {
				s.t.Logf("%d: %s %v", m.ID, m.Text, m.Buttons)
			}
			s.t.Fatal("never: " + what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}
