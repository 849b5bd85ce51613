package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"websec.nl/gehoor/bots/mail"
	"websec.nl/gehoor/bots/slack"
	"websec.nl/gehoor/bots/telegram"
	"websec.nl/gehoor/bots/web"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/s3"
)

// program is everything that runs: what is kept, what happens by itself, and the faces.
type program struct {
	log        *slog.Logger
	server     *postgres.Server // the private PostgreSQL; nil with one of the admin's own
	pool       *pgxpool.Pool
	bucket     *s3.Bucket // for files; nil: they are in the database
	store      *postgres.Store
	dispatcher *jobs.Dispatcher
	clock      *jobs.Clock
	late       lateness
	telegram   *telegram.Bot
	slack      *slack.Bot
	web        *web.Server
}

// open starts the database, migrates it, and wires everything; nothing is received or sent yet.
func open(ctx context.Context, s *settings, now func() time.Time, log *slog.Logger) (*program, error) {
	p := &program{log: log}
	if err := p.open(ctx, s, now); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

func (p *program) open(ctx context.Context, s *settings, now func() time.Time) error {
	database, err := p.database(ctx, s)
	if err != nil {
		return err
	}
	if p.pool, err = postgres.Connect(ctx, database); err != nil {
		return err
	}
	kept := postgres.Config{MasterKey: postgres.MasterKey(s.Key.bytes()), Procedure: s.Procedure.Settings, Now: now, Log: p.log}
	if p.bucket, err = p.storage(ctx, &s.Storage); err != nil {
		return err
	}
	if p.bucket != nil {
		kept.Bucket = p.bucket
	}
	if p.store, err = postgres.New(p.pool, kept); err != nil {
		return err
	}
	if err := p.store.CheckKey(ctx); errors.Is(err, postgres.ErrWrongKey) {
		return wrong("GEHOOR_MASTER_KEY", "is not the key that this database was sealed with; it must be the one that was used before")
	} else if err != nil {
		return err
	}
	if err := p.store.KeepProcedure(ctx); err != nil {
		return err
	}
	if err := p.faces(s, database, now); err != nil {
		return err
	}
	return p.schedules(s, now)
}

// database is the address of a migrated database: the one of the settings, or that of a private server.
func (p *program) database(ctx context.Context, s *settings) (address string, err error) {
	address = string(s.Data.DatabaseURL)
	if address == "" {
		p.server, err = postgres.StartServer(ctx, postgres.ServerConfig{Dir: s.Data.DataDir, Fetch: true, Log: p.log})
		if err != nil {
			return "", err
		}
		address = p.server.URL()
	}
	from, to, err := postgres.Migrate(ctx, address)
	if err != nil {
		return "", err
	}
	if from != to {
		p.log.Info("database migrated", "from", from, "to", to)
	}
	return address, nil
}

// eachChat is how many messages a second Telegram takes for one chat; short bursts may go over it.
const eachChat, chatBurst = 1, 3

// faces makes the bots, and the dispatcher that sends through them; now is a clock that may be turned, nil that of the machine.
func (p *program) faces(s *settings, database string, now func() time.Time) (err error) {
	p.telegram, err = telegram.New(p.store, telegram.Config{
		Token: string(s.Telegram.Token), API: s.Telegram.API, Public: s.Telegram.WebhookURL, Secret: string(s.Telegram.WebhookSecret),
		Mail: s.Mail.SMTPURL != "", Log: p.log,
	})
	if err != nil {
		return err
	}
	letters, err := mail.New(p.store, mail.Config{
		SMTPURL: string(s.Mail.SMTPURL), From: s.Mail.From, Public: s.Web.PublicURL, Telegram: p.telegram.Name, Log: p.log,
	})
	if err != nil {
		return err
	}
	preview := func(f *cases.File, n cases.Notice, p *cases.Procedure) (text string, ok bool) {
		if n.To == cases.ByMail {
			return letters.NoticeText(f, n, p)
		}
		return telegram.NoticeText(f, n, p)
	}
	p.slack = slack.New(p.store, slack.Config{
		Token: string(s.Slack.BotToken), AppToken: string(s.Slack.AppToken), SigningSecret: string(s.Slack.SigningSecret),
		API: s.Slack.API, Channel: s.Slack.Channel, Log: p.log, Rate: slack.PublishedRate, Preview: preview,
	})
	if s.Mail.SMTPURL == "" {
		p.log.Warn("no mail server is set: no letter is sent, and the files say so", "setting", "GEHOOR_SMTP_URL")
	}
	if s.Web.PublicURL == "" {
		p.log.Warn("no public address is set: letters carry no link to a page", "setting", "GEHOOR_PUBLIC_URL")
	}
	chats := jobs.Face{Prefix: postgres.LaneTelegram, Send: p.telegram.Send, Now: now, Most: 128, Limit: telegram.SendLimit}
	if s.Telegram.PerSecond > 0 {
		chats.Rate, chats.Each, chats.Burst = rate.Limit(s.Telegram.PerSecond), eachChat, chatBurst
	}
	p.dispatcher = jobs.NewDispatcher(p.store, database, p.log, chats,
		jobs.Face{Prefix: postgres.LaneFile, Send: p.telegram.Take, Most: telegram.MostFetches, Limit: telegram.FetchLimit},
		jobs.Face{Prefix: postgres.LaneSlack, Send: p.slack.Send, Now: now, Most: 16, Limit: time.Minute},
		jobs.Face{Prefix: postgres.LaneMail, Send: letters.Send, Now: now, Most: 4, Limit: mail.SendLimit},
		jobs.Face{Prefix: postgres.LaneHeld, Send: p.store.Release, Now: p.store.Now, Most: 4, Limit: time.Minute},
	)
	p.store.Attach(p.dispatcher)
	p.store.ScreenBy(p.slack.NamesNobody)
	return p.listen(s)
}

// listen makes the server of what this program answers to.
func (p *program) listen(s *settings) error {
	mounts := map[string]http.Handler{}
	if s.Telegram.WebhookURL != "" {
		at, err := url.Parse(s.Telegram.WebhookURL)
		if err != nil {
			return fmt.Errorf("webhook address: %w", err)
		}
		mounts["POST "+at.Path] = p.telegram.Webhook()
	}
	if s.Slack.AppToken == "" {
		mounts["/slack/"] = p.slack.Handler()
	}
	if s.Web.PublicURL != "" {
		pages, err := web.NewPages(p.store, s.Web.PublicURL, p.log)
		if err != nil {
			return err
		}
		mounts[web.PagesAt] = pages
	}
	checks := []web.Check{
		{Name: "database", Check: p.store.Ping},
		{Name: "telegram", Check: p.telegram.Ready},
		{Name: "slack", Check: p.slack.Ready},
	}
	if p.bucket != nil {
		checks = append(checks, web.Check{Name: "storage", Check: p.bucket.Check})
	}
	p.web = web.New(web.Config{Listen: s.Web.Listen, Listener: s.Web.Listener, Log: p.log, Mounts: mounts, Metrics: metrics(p), Checks: checks})
	return nil
}

// schedules makes the clock of all that runs by itself.
func (p *program) schedules(s *settings, now func() time.Time) (err error) {
	procedure := s.Procedure.Settings
	if now == nil {
		now = time.Now
	}
	var all []jobs.Schedule
	for _, one := range schedules {
		spec := one.spec(procedure)
		all = append(all, jobs.Schedule{Name: one.name, Spec: spec, Run: one.run(p)})
		when, err := parseSchedule(spec, procedure.Location())
		if err != nil {
			return fmt.Errorf("schedule %s: %q: %w", one.name, spec, err)
		}
		p.log.Info("runs by itself", "schedule", one.name, "setting", one.setting, "spec", spec, "next", when.Next(now()).Format(time.RFC3339))
	}
	p.clock, err = jobs.NewClock(p.store, now, procedure.Location(), p.log, all...)
	return err
}

// winding is how long what is in hand may take after the program was told to stop.
const winding = 15 * time.Second

// run receives, sends and ticks until ctx ends: then it stops taking, and finishes what is in hand.
func (p *program) run(ctx context.Context) error {
	all, ctx := errgroup.WithContext(ctx) // its cause is what ended first
	receiving, received := context.WithCancel(context.WithoutCancel(ctx))
	all.Go(func() error { return p.web.Run(ctx) })
	all.Go(func() error { return p.clock.Run(ctx) })
	all.Go(func() error { return p.slack.Run(ctx) })
	all.Go(func() error {
		defer received() // what was taken in last is still handed to who sends
		return p.telegram.Run(ctx)
	})
	all.Go(func() error { return p.dispatcher.Run(receiving) })
	if p.server != nil {
		all.Go(func() error {
			select {
			case <-ctx.Done():
				return nil
			case <-p.server.Done():
				return errors.New("the private PostgreSQL ended by itself; its log is in the data directory")
			}
		})
	}
	p.log.Info("running", "version", versionLine())
	finished := make(chan error, 1)
	go func() { finished <- all.Wait() }()
	select {
	case err := <-finished:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-finished:
		return err
	case <-time.After(winding - 2*time.Second):
		p.log.Warn("not everything in hand is finished; it is kept and goes on at the next start")
		if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
			return cause
		}
		return nil
	}
}

// close lets go of the database. A connection that is still in use does not keep the program from ending.
func (p *program) close() error {
	if p.pool != nil {
		closed := make(chan struct{})
		go func() {
			if p.store != nil {
				p.store.Close()
			}
			p.pool.Close()
			close(closed)
		}()
		select {
		case <-closed:
		case <-time.After(time.Second):
		}
	}
	if p.server != nil {
		return p.server.Stop()
	}
	return nil
}
