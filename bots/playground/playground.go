// Package playground stands in for the outside: Telegram's Bot API, Slack (Web API, Socket Mode, signed HTTP deliveries) and a mail
// server, on loopback, with one page that shows them side by side and a clock to turn. The demo, the bots' tests, the browser tests and
// the benchmarks use it. The stand-ins refuse what the real services refuse, with the documented errors. They know nothing of what
// the bots are for: they speak to them only as the real services do.
package playground

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

//go:embed page
var pageFiles embed.FS

// Playground is the stand-ins, the page, and what people on the page did.
type Playground struct {
	options  Options
	log      *slog.Logger
	clock    *Clock
	telegram *Telegram
	slack    *Slack
	mail     *Mail
	handler  http.Handler

	version  atomic.Int64
	watchers atomic.Int64
	changes  signal

	ctx    context.Context // ends at Close
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu           sync.Mutex
	nextDeadline func() (time.Time, bool)
	turned       func(time.Time)
	violations   []string
	server       *http.Server
	address      string
	closed       bool
}

// New returns a playground that is not yet listening: Start does that, or Handler can be served by another server.
func New(o Options) *Playground {
	o.setDefaults()
	p := &Playground{options: o, log: o.Log, clock: o.Clock, nextDeadline: o.NextDeadline, turned: o.Turned}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.telegram = newTelegram(p)
	p.slack = newSlack(p)
	p.mail = newMail(p)
	p.handler = p.routes()
	return p
}

// Telegram is the stand-in for Telegram's Bot API.
func (p *Playground) Telegram() *Telegram { return p.telegram }

// Slack is the stand-in for Slack.
func (p *Playground) Slack() *Slack { return p.slack }

// Mail is the stand-in for a mail server.
func (p *Playground) Mail() *Mail { return p.mail }

// Clock is the clock that the stand-ins go by.
func (p *Playground) Clock() *Clock { return p.clock }

// TelegramToken is the token that the Telegram stand-in accepts.
func (p *Playground) TelegramToken() string { return p.options.TelegramToken }

// SlackBotToken is the token that Slack's Web API accepts.
func (p *Playground) SlackBotToken() string { return p.options.SlackBotToken }

// SlackAppToken is the token that opens Socket Mode connections.
func (p *Playground) SlackAppToken() string { return p.options.SlackAppToken }

// SlackSigningSecret is what signed HTTP deliveries are signed with.
func (p *Playground) SlackSigningSecret() string { return p.options.SlackSigningSecret }

// Handler serves everything: the page, its acts and state, and the stand-ins for Telegram and Slack.
func (p *Playground) Handler() http.Handler { return p.handler }

func (p *Playground) routes() http.Handler {
	page, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/telegram/", p.telegram)
	mux.Handle("/slack/", p.slack)
	mux.Handle("/play/", loopbackOnly(p.actRoutes()))
	mux.Handle("/", loopbackOnly(pageHeaders(http.FileServerFS(page))))
	return mux
}

// Start listens on the address for HTTP ("127.0.0.1:8090"; port 0 picks a free one) and on a free port of loopback for SMTP.
// It returns when both are ready. The end of ctx closes the playground.
func (p *Playground) Start(ctx context.Context, listen string) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", listen)
	if err != nil {
		return fmt.Errorf("listen for the playground on %s: %w", listen, err)
	}
	if err := p.mail.start(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{
		Handler:           p.handler,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(p.log.Handler(), slog.LevelDebug),
		BaseContext:       func(net.Listener) context.Context { return p.ctx },
	}
	p.mu.Lock()
	p.server, p.address = server, listener.Addr().String()
	p.mu.Unlock()
	p.work.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			p.log.Error("playground: serve HTTP", "error", err)
		}
	})
	context.AfterFunc(ctx, func() {
		if err := p.Close(); err != nil {
			p.log.Error("playground: close", "error", err)
		}
	})
	return nil
}

// Close stops listening, ends all connections and waits for what is running.
func (p *Playground) Close() error {
	p.mu.Lock()
	server, closed := p.server, p.closed
	p.closed = true
	p.mu.Unlock()
	if closed {
		return nil
	}
	p.cancel()
	var err error
	if server != nil {
		err = server.Close()
	}
	p.slack.closeConnections()
	p.telegram.webhook.close()
	err = errors.Join(err, p.mail.close())
	p.work.Wait()
	return err
}

// URL is where the page is, without a slash at the end. Valid after Start, as are the other URLs.
func (p *Playground) URL() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return "http://" + p.address
}

// TelegramURL is the base of the Bot API: "/bot<token>/<method>" follows it.
func (p *Playground) TelegramURL() string { return p.URL() + "/telegram" }

// SlackURL is the base of Slack's Web API; it ends in a slash, as the client library wants it.
func (p *Playground) SlackURL() string { return p.URL() + "/slack/api/" }

// SMTPURL is the mail server: smtp://host:port.
func (p *Playground) SMTPURL() string { return "smtp://" + p.mail.Address() }

// Changed tells the page that something it shows may be different, for instance the next deadline.
func (p *Playground) Changed() { p.changed() }

func (p *Playground) changed() {
	p.version.Add(1)
	if p.watchers.Load() > 0 {
		p.changes.send()
	}
}

// Violations are the calls that were not as the specifications have them: names only, never what people wrote. A test asserts that
// there are none.
func (p *Playground) Violations() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.violations)
}

// violated notes problems once each.
func (p *Playground) violated(method string, problems []string) {
	if len(problems) == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, problem := range problems {
		if v := method + ": " + problem; !slices.Contains(p.violations, v) {
			p.violations = append(p.violations, v)
		}
	}
}

// spawn runs f on its own, unless the playground is closed; Close waits for it.
func (p *Playground) spawn(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.work.Go(f)
	}
}

// wait lets d pass, scaled as the options say, and reports false if the playground is closed first.
func (p *Playground) wait(d time.Duration) bool {
	timer := time.NewTimer(time.Duration(float64(d) * p.options.RetryScale))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.ctx.Done():
		return false
	}
}
