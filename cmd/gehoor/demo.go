package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// demo runs the program between stand-ins for Telegram, Slack and a mail server, with a page that shows them and a clock to
// turn. Nothing leaves the machine. It begins with an empty database: the stand-ins remember nothing either.
func demo(ctx context.Context, d *demoSettings) (err error) {
	log := d.Log.logger(os.Stderr)
	play := playground.New(playground.Options{Log: log})
	if err := play.Start(ctx, d.Listen); err != nil {
		return err
	}
	defer play.Close()
	server, err := postgres.StartServer(ctx, postgres.ServerConfig{Dir: d.DataDir, Fetch: true, Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	database, err := postgres.Fresh(ctx, server.URL(), "demo")
	if err != nil {
		return err
	}
	s, err := demoServe(d, play, database)
	if err != nil {
		return err
	}
	p, err := open(ctx, s, play.Clock().Now, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	play.SetNextDeadline(func() (time.Time, bool) {
		at, ok, err := p.store.NextDeadline(ctx)
		if err != nil {
			log.Warn("the next deadline is not known", "err", err)
		}
		return at, ok && err == nil
	})
	turned := make(chan struct{}, 1) // however often it is turned meanwhile, the cards are made true once
	play.SetTurned(func(time.Time) {
		p.clock.CatchUp(ctx)
		select {
		case turned <- struct{}{}:
		default:
		}
	})
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-turned:
			}
			if err := p.slack.Refresh(ctx); err != nil && ctx.Err() == nil {
				log.Warn("not every card shows the new time", "err", err)
			}
		}
	}()
	announce(play.URL()+"/?lang="+d.Language, d.Open, log)
	return p.run(ctx)
}

// announce says where the page is, and opens it if that is wanted.
func announce(page, what string, log *slog.Logger) {
	fmt.Printf("\nGehoor's demo is at %s\nEverybody in it is invented. Stop it with Ctrl-C.\n\n", page)
	if what != "browser" {
		return
	}
	opener := "xdg-open"
	if runtime.GOOS == "darwin" {
		opener = "open"
	}
	if err := exec.Command(opener, page).Start(); err != nil {
		log.Warn("no browser was opened", "err", err)
	}
}

// demoServe are the settings of serve for the stand-ins.
func demoServe(d *demoSettings, play *playground.Playground, database string) (*settings, error) {
	key, err := demoKey(d.DataDir)
	if err != nil {
		return nil, err
	}
	s := &settings{Log: d.Log}
	s.Data.DatabaseURL, s.Data.DataDir = secret(database), d.DataDir
	s.Key.MasterKey = secret(key)
	s.Telegram.Token, s.Telegram.API, s.Telegram.PerSecond = secret(play.TelegramToken()), play.TelegramURL(), 30
	s.Slack.BotToken, s.Slack.AppToken = secret(play.SlackBotToken()), secret(play.SlackAppToken())
	s.Slack.API, s.Slack.Channel = play.SlackURL(), committeeChannel(play)
	if s.Web.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("listen for the pages behind links: %w", err)
	}
	s.Web.PublicURL = "http://" + s.Web.Listener.Addr().String()
	if s.Procedure.Settings, err = demoProcedure(d.Language); err != nil {
		return nil, err
	}
	s.Mail.SMTPURL = secret(play.SMTPURL())
	s.Mail.From = (&mail.Address{Name: s.Procedure.Settings.Organisation, Address: s.Procedure.Settings.Email}).String()
	return s, nil
}

// demoProcedure is the built-in procedure with the invented members in its roles, with the channel in the language of the page, and
// with little time to take words back, so that nobody has to wait long to see them arrive.
func demoProcedure(language string) (*cases.Procedure, error) {
	members := playground.DefaultMembers()
	text := fmt.Sprintf("take_back: 10\ncommittee: {chair: %s, deputy: %s, substitute: %s, representatives: {group: %s}, language: %s}\n",
		members[0].ID, members[2].ID, members[3].ID, playground.Representatives, language)
	procedure, found := cases.CheckProcedure([]byte(text), time.Time{}, nil)
	if procedure == nil {
		return nil, fmt.Errorf("the demo's procedure: %v", found)
	}
	return procedure, nil
}

// demoKey reads the demo's master key, or makes one.
func demoKey(dir string) (string, error) {
	path := filepath.Join(dir, "master.key")
	text, err := os.ReadFile(path)
	if err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("the demo's master key: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("the demo's data directory: %w", err)
	}
	_, made := postgres.NewMasterKey()
	if err := os.WriteFile(path, []byte(made+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("the demo's master key: %w", err)
	}
	return made, nil
}

// committeeChannel is the identifier of the committee's channel in the stand-in for Slack.
func committeeChannel(play *playground.Playground) string {
	channel, _ := play.Slack().Channel("klachten")
	return channel.ID
}
