// Package slack is the face that the committee knows: it makes changes of a case of clicks, forms and commands, and of a
// case the card in the channel, the private room, the file in a window, the home.
//
// It refuses to know deadlines and permissions: package cases says who may what, each time anew, with who is in the committee's
// channel, and in the groups and lists of the settings, at that moment. A complaint's words stand in the private room of their case
// and in windows opened for somebody who may read them; nowhere else, and in no log line. Before anybody sees anything of a case,
// its words are held against the names of everybody in the workspace: whom it may be about sees nothing of it, wherever they are.
package slack

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// PublishedRate is how many messages per second Slack takes to one channel.
const PublishedRate = 1.0

// Config says how the bot reaches Slack.
type Config struct {
	Token         string       // of the bot: xoxb-...
	AppToken      string       // of the app, for Socket Mode: xapp-...; empty: no Socket Mode
	SigningSecret string       // of the app, for signed HTTP; empty: Handler refuses all
	API           string       // address of the Web API, ending in a slash; empty: Slack's own
	Channel       string       // the committee's channel, by identifier or name; the bot must be in it
	Log           *slog.Logger // nil: silent
	// Preview says how a notice reads at the complainant: the words of the face that will tell it. False: it can't say. Nil:
	// previews show the committee's words alone.
	Preview func(f *cases.File, n cases.Notice, p *cases.Procedure) (text string, ok bool)
	Rate    float64 // messages per second to one channel, and whether Slack's other rates are kept; 0: no limits
}

// Bot speaks with the committee. It is safe for use by many goroutines.
type Bot struct {
	store   *postgres.Store
	slack   *client
	config  Config
	log     *slog.Logger
	seal    []byte // of previews: a form sends only what was shown
	people  people
	homes   homes
	locks   [64]sync.Mutex // one case's surfaces are changed by one at a time
	hand    sync.RWMutex   // held for reading by each delivery in hand
	uploads chan struct{}  // bounds the files that are in hand
	ending  chan struct{}  // closed when Run ends: what takes long stops
	ended   sync.Once

	turns     atomic.Int64 // counts down what is shown anew
	reminding sync.Mutex   // messages of reminders are changed by one at a time

	directory *directory

	mu      sync.Mutex
	user    string // who we are; empty: not asked yet
	bot     string
	channel string // the committee's channel, by its identifier; empty: not found yet
	ready   error
	asked   time.Time // when Ready last asked
	looked  looked    // at whether that is public
	blocked bool      // notices have nowhere to go, and that was said
}

// New returns a bot. It asks nothing of Slack before it is used.
func New(store *postgres.Store, cfg Config) *Bot {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	// Every process of one installation has the same token, so that one sends what another has shown.
	seal := sha256.Sum256([]byte("preview " + cfg.Token))
	b := &Bot{store: store, slack: newClient(cfg), config: cfg, log: cfg.Log, seal: seal[:]}
	b.people.known, b.people.groups = make(map[string]knownPerson), make(map[string]*knownGroup)
	b.directory = newDirectory()
	b.homes.wake = make(chan struct{}, 1)
	b.uploads, b.ending = make(chan struct{}, mostUploads), make(chan struct{})
	b.homes.seen = make(map[string]struct{})
	return b
}

// Run receives by Socket Mode, if the settings have an app token, knows the people of the workspace, and keeps homes and cards
// true, until ctx ends; then it finishes what is in hand. With signed HTTP it has to run as well.
func (b *Bot) Run(ctx context.Context) error {
	var all sync.WaitGroup
	defer context.AfterFunc(ctx, func() { b.ended.Do(func() { close(b.ending) }) })()
	all.Go(func() { b.introduce(ctx) })
	all.Go(func() { b.keepDirectory(ctx) })
	all.Go(func() { b.keepHomes(ctx) })
	all.Go(func() { b.keepCards(ctx) })
	if b.config.AppToken != "" {
		all.Go(func() { b.receive(ctx) })
	}
	all.Wait()
	b.hand.Lock() // deliveries by HTTP
	defer b.hand.Unlock()
	return nil
}

// Ready says whether Slack knows the bot, the bot is in the committee's channel, and the people of the workspace are known, without
// whom no new case is shown. It asks at most every 30 seconds.
func (b *Bot) Ready(ctx context.Context) error {
	b.mu.Lock()
	err, age := b.ready, time.Since(b.asked)
	b.mu.Unlock()
	if age < 5*time.Second || err == nil && age < 30*time.Second {
		return err
	}
	err = b.check(ctx)
	b.mu.Lock()
	b.ready, b.asked = err, time.Now()
	b.mu.Unlock()
	return err
}

func (b *Bot) check(ctx context.Context) error {
	if _, err := b.slack.self(ctx); err != nil {
		return err
	}
	id, err := b.board(ctx)
	if err != nil {
		return err
	}
	info, err := b.slack.channelInfo(ctx, id)
	if err != nil {
		return err
	}
	switch {
	case info.Archived:
		return errors.New("the committee's channel is archived")
	case !info.Ours:
		return fmt.Errorf("channel %q: %w", b.config.Channel, errNotInvited)
	}
	b.remember(id, !info.Private)
	return b.directory.trouble()
}

// self says who the bot is, as a user and as a bot.
func (b *Bot) self(ctx context.Context) (user, bot string, err error) {
	b.mu.Lock()
	user, bot = b.user, b.bot
	b.mu.Unlock()
	if user != "" {
		return user, bot, nil
	}
	who, err := b.slack.self(ctx)
	if err != nil {
		return "", "", err
	}
	b.mu.Lock()
	first := b.user == ""
	b.user, b.bot = who.user, who.bot
	b.mu.Unlock()
	if first {
		b.missScopes(who.scopes)
	}
	return who.user, who.bot, nil
}

var errNotInvited = errors.New("the bot is in no such channel; invite it there")

var channelID = regexp.MustCompile(`^[CG][A-Z0-9]+$`)

// board finds the committee's channel among those that the bot is in.
func (b *Bot) board(ctx context.Context) (string, error) {
	b.mu.Lock()
	id := b.channel
	b.mu.Unlock()
	if id != "" {
		return id, nil
	}
	if channelID.MatchString(b.config.Channel) {
		id = b.config.Channel
	} else {
		ours, err := b.slack.ourChannels(ctx, "public_channel", "private_channel")
		if err != nil {
			return "", err
		}
		for _, c := range ours {
			if c.Name == b.config.Channel && !c.Archived {
				id = c.ID
			}
		}
		if id == "" {
			return "", fmt.Errorf("channel %q: %w", b.config.Channel, errNotInvited)
		}
	}
	b.mu.Lock()
	b.channel = id
	b.mu.Unlock()
	return id, nil
}

// lock keeps others in this process from changing what shows a case, until the function it returns is called.
func (b *Bot) lock(number cases.Number) (unlock func()) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(number))
	m := &b.locks[h.Sum32()%uint32(len(b.locks))]
	m.Lock()
	return m.Unlock
}

// procedure is what a case was begun under.
func (b *Bot) procedure(c *cases.Case) *cases.Procedure { return b.store.ProcedureOf(c.Version) }

// language is what the channel and the rooms are kept in.
func (b *Bot) language() i18n.Language { return b.store.Procedure().Committee.Language }
