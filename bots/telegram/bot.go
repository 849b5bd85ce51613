// Package telegram is the face that complainants see: it turns updates into events of the conversation, and what the
// conversation says into messages. What a complaint is, it does not know.
//
// Receiving is our own (poll.go, webhook.go), because nothing may be acknowledged before it is kept; both ways end in
// intake.go. What each step sends goes as JSON that is ready before it waits (send.go, call.go), all else through the client
// library.
package telegram

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/valyala/fasthttp"
	"golang.org/x/time/rate"

	"websec.nl/gehoor/cases/postgres"
)

// Config says how to reach Telegram.
type Config struct {
	Token  string
	API    string // base URL of the Bot API server
	Public string // address at which Telegram reaches the webhook here; empty: long polling
	Secret string // that Telegram sends along to the webhook
	Mail   bool   // letters go out by mail as well: a complainant may be told to look for one
	Log    *slog.Logger
}

// Bot talks with complainants.
type Bot struct {
	store     *postgres.Store
	cfg       Config
	client    *telegram.Bot
	uploading *telegram.Bot // for files, which take longer
	documents chan struct{} // bounds the files that are on their way out
	base      string        // of the addresses of the Bot API's methods
	sending   *fasthttp.Client
	polling   *http.Client // waits longer than what else is asked
	fetching  *http.Client // takes as long as its context lasts, and follows nobody elsewhere: the token stands in its addresses
	log       *slog.Logger
	asides    chan struct{} // bounds what is under way that may get lost
	work      chan arrival  // from the webhook
	name      atomic.Pointer[string]
	heard     atomic.Int64 // when Telegram last answered a poll or called the webhook, in unix seconds
	memory    memory
	sessions  sessions
	room      *rate.Limiter // what all sends leave over is for taking keyboards away
}

// New returns a bot that keeps what it hears in store.
func New(store *postgres.Store, cfg Config) (*Bot, error) {
	cfg.API = strings.TrimRight(cfg.API, "/")
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost, transport.MaxIdleConns, transport.DisableCompression = 256, 512, true
	client, err := telegram.New(cfg.Token, telegram.WithServerURL(cfg.API), telegram.WithSkipGetMe(),
		telegram.WithHTTPClient(30*time.Second, &http.Client{Timeout: 30 * time.Second, Transport: transport}))
	if err != nil {
		return nil, fmt.Errorf("telegram client: %w", err)
	}
	uploading, err := newUploader(cfg, transport)
	if err != nil {
		return nil, fmt.Errorf("telegram client: %w", err)
	}
	b := &Bot{
		uploading: uploading, documents: make(chan struct{}, mostDocuments),
		store: store, cfg: cfg, client: client, log: cfg.Log,
		base:     cfg.API + "/bot" + cfg.Token + "/",
		sending:  sender(),
		polling:  &http.Client{Timeout: (pollSeconds + 15) * time.Second},
		fetching: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		asides:   make(chan struct{}, 64),
		work:     make(chan arrival, 1000),
		room:     rate.NewLimiter(spare, spareBurst),
	}
	if b.log == nil {
		b.log = slog.New(slog.DiscardHandler)
	}
	return b, nil
}

// Run introduces the bot to Telegram, and receives until ctx ends and what was taken in is kept.
func (b *Bot) Run(ctx context.Context) error {
	for n := 1; ; n++ {
		err := b.choose(ctx)
		if err == nil {
			break
		}
		b.log.Warn("telegram does not take our way of receiving", "err", b.hush(err))
		if !pause(ctx, wait(n, err)) {
			return nil
		}
	}
	go b.introduce(ctx)
	if b.cfg.Public != "" {
		return b.receive(ctx)
	}
	return b.poll(ctx)
}

// Ready says whether Telegram answers.
func (b *Bot) Ready(ctx context.Context) error {
	if time.Since(time.Unix(b.heard.Load(), 0)) < (pollSeconds+30)*time.Second {
		return nil
	}
	if _, err := b.client.GetMe(ctx); err != nil {
		return b.hush(err)
	}
	b.heard.Store(time.Now().Unix())
	return nil
}

// hush takes the token out of an error: it stands in the URLs of the Bot API.
func (b *Bot) hush(err error) error {
	if err == nil || !strings.Contains(err.Error(), b.cfg.Token) {
		return err
	}
	return fmt.Errorf("%s", strings.ReplaceAll(err.Error(), b.cfg.Token, "…"))
}

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
