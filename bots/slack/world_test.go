package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"websec.nl/gehoor/bots/mail"
	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/bots/telegram"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
	"websec.nl/gehoor/i18n"
)

func TestMain(m *testing.M) {
	postgrestest.Main(m, func(ctx context.Context, url string) error {
		_, _, err := postgres.Migrate(ctx, url)
		return err
	})
}

// The invented people: Anna is the chair, Eve is in the workspace and not in the committee.
const (
	anna  = "U1"
	bram  = "U2"
	chris = "U3" // has an English Slack
	dewi  = "U4"
	eve   = "U5"
	board = "klachten"
)

// canary is in every word that a complainant or the committee writes; where it shows up, words do.
const canary = "kanariewoord"

// world is a Slack with a bot in it, on a database of its own.
type world struct {
	t     *testing.T
	play  *playground.Playground
	slack *playground.Slack
	store *postgres.Store
	bot   *Bot
	logs  *syncBuffer
	url   string // of the database
	pool  *pgxpool.Pool
	last  int64 // update of the chat
	queue *jobs.Dispatcher
	stop  func()

	change    func(*cases.Procedure)
	real      bool // the complainant is told by the real faces, between stand-ins for Telegram and a mail server
	forgeries int
	fails     atomic.Bool // what is told to the complainant does not arrive

	told sync.Map // case number, notice kind: what went to the complainant

	mu    sync.Mutex
	calls []call // every call of the Web API
	wrong func(method string, args playground.SlackArgs) *playground.Failure
}

// call is a call of the Web API.
type call struct {
	method string
	args   playground.SlackArgs
}

// heard remembers a call, and lets it go wrong as the story wants.
func (w *world) heard(method string, args playground.SlackArgs) *playground.Failure {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, call{method, maps.Clone(args)})
	if w.wrong == nil {
		return nil
	}
	return w.wrong(method, args)
}

// goesWrong lets calls fail from now on; nil: none.
func (w *world) goesWrong(how func(method string, args playground.SlackArgs) *playground.Failure) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wrong = how
}

// called counts the calls of a method.
func (w *world) called(method string) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.calls {
		if c.method == method {
			n++
		}
	}
	return n
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// setting changes how a world is made.
type setting func(*playground.Options, *Config)

// byHTTP lets Slack deliver by signed HTTP.
func byHTTP(_ *playground.Options, cfg *Config) { cfg.AppToken = "" }

// sunday is when the stories begin: a quarter past ten on a Sunday in Amsterdam.
var sunday = time.Date(2026, 11, 22, 9, 15, 0, 0, time.UTC)

func newWorld(t *testing.T, settings ...setting) *world {
	t.Helper()
	return newWorldUnder(t, func(*cases.Procedure) {}, settings...)
}

// newWorldUnder is a world with other settings of the procedure.
func newWorldUnder(t *testing.T, change func(*cases.Procedure), settings ...setting) *world {
	t.Helper()
	return (&world{change: change}).begin(t, settings...)
}

// begin begins a world.
func (w *world) begin(t *testing.T, settings ...setting) *world {
	t.Helper()
	t.Parallel()
	w.t, w.logs = t, new(syncBuffer)
	log := slog.New(slog.NewTextHandler(w.logs, nil))
	options := playground.Options{Clock: playground.NewClock(sunday), Log: slog.New(slog.DiscardHandler), RetryScale: 0.01}
	cfg := Config{AppToken: "app", Channel: board, Log: log, Preview: preview}
	for _, s := range settings {
		s(&options, &cfg)
	}
	w.play = playground.New(options)
	w.slack = w.play.Slack()
	ctx, stop := context.WithCancel(context.Background())
	if err := w.play.Start(ctx, "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	w.slack.Fail(w.heard)
	w.slack.AddMember(playground.Member{ID: eve, Name: "Eve (invented)", Locale: "nl-NL"})
	w.makeStore(log)
	cfg.Token, cfg.SigningSecret, cfg.API = w.play.SlackBotToken(), w.play.SlackSigningSecret(), w.play.SlackURL()
	if cfg.AppToken != "" {
		cfg.AppToken = w.play.SlackAppToken()
	}
	w.start(ctx, stop, cfg, log)
	return w
}

// preview says how a notice reads by the way that it goes, as the program does.
func preview(f *cases.File, n cases.Notice, p *cases.Procedure) (text string, ok bool) {
	if n.To != cases.ByMail {
		return telegram.NoticeText(f, n, p)
	}
	letters, err := mail.New(nil, mail.Config{}) // none is sent
	if err != nil {
		return "", false
	}
	return letters.NoticeText(f, n, p)
}

func (w *world) makeStore(log *slog.Logger) {
	w.url = postgrestest.URL(w.t)
	pool, err := postgres.Connect(w.t.Context(), w.url)
	w.pool = pool
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(pool.Close)
	key, _ := postgres.NewMasterKey()
	procedure := cases.DefaultProcedure()
	procedure.Committee.Chair = anna
	procedure.TakeBack = 0 // what is written goes at once, but where a story is about taking it back
	w.change(procedure)
	w.store, err = postgres.New(pool, postgres.Config{MasterKey: key, Procedure: procedure, Now: w.play.Clock().Now, Log: log})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		if w.t.Failed() {
			w.t.Log(w.logs.String())
		}
	})
}

// start runs the bot and a dispatcher that sends through it.
func (w *world) start(ctx context.Context, stop func(), cfg Config, log *slog.Logger) {
	w.bot = New(w.store, cfg)
	sent := func(_ context.Context, o postgres.Outgoing) error {
		if o.Notice.To == cases.ByMail {
			return &jobs.Undeliverable{State: cases.NotSent, Reason: "no mail server"}
		}
		if w.fails.Load() {
			return &jobs.Undeliverable{State: cases.Failed, Reason: "refused"}
		}
		w.told.Store(string(o.Number)+"/"+string(o.Notice.Kind), true)
		return nil
	}
	chats, letters := sent, sent
	if w.real {
		chats, letters = w.faces(log)
	}
	d := jobs.NewDispatcher(w.store, w.url, log,
		jobs.Face{Prefix: postgres.LaneHeld, Send: w.store.Release, Now: w.store.Now, Most: 4, Limit: time.Second},
		jobs.Face{Prefix: postgres.LaneSlack, Send: w.bot.Send, Now: w.store.Now, Most: 8, Limit: 20 * time.Second},
		jobs.Face{Prefix: postgres.LaneTelegram, Send: chats, Most: 8, Limit: 10 * time.Second},
		jobs.Face{Prefix: postgres.LaneMail, Send: letters, Most: 8, Limit: 10 * time.Second})
	w.store.Attach(d)
	w.store.ScreenBy(w.bot.NamesNobody)
	w.queue = d
	running, stopRunning := context.WithCancel(ctx)
	var all sync.WaitGroup
	all.Go(func() { _ = w.bot.Run(running) })
	all.Go(func() { _ = d.Run(running) })
	w.stop = sync.OnceFunc(func() { stopRunning(); all.Wait() })
	var server *httptest.Server
	if cfg.AppToken == "" {
		server = httptest.NewServer(w.bot.Handler())
		w.slack.SetRequestURL(server.URL + "/slack/anything")
	}
	w.t.Cleanup(func() {
		if server != nil {
			server.Close()
		}
		w.stop()
		stop()
		_ = w.play.Close()
		w.check()
	})
	w.until("the bot to be connected", func() bool { return d.Sending() && (cfg.AppToken == "" || w.slack.Connections() > 0) })
}

// check is what holds in every story: Slack refused nothing, and no words are where they must not be, in any version of
// anything that was ever shown.
func (w *world) check() {
	for _, v := range w.play.Violations() {
		w.t.Errorf("Slack would refuse: %s", v)
	}
	if strings.Contains(w.logs.String(), canary) {
		w.t.Error("words of a complaint are in the log")
	}
	rooms := map[string]bool{}
	for _, c := range w.slack.Channels() {
		rooms[c.ID] = c.Private && strings.HasPrefix(c.Name, "k-") && c.Creator == playground.BotUserID
		for _, m := range c.Messages {
			if !rooms[c.ID] && strings.Contains(m.AllText()+string(m.Metadata), canary) {
				w.t.Errorf("words of a complaint are in channel %s", c.Name)
			}
		}
	}
	w.mu.Lock()
	calls := slices.Clone(w.calls) // one that nobody waits for any more may still come
	w.mu.Unlock()
	for _, c := range calls {
		if _, known := scopes[c.method]; !known {
			w.t.Errorf("nobody knows which scopes %s needs", c.method)
		}
		for name, value := range c.args {
			inWindow := name == "view" && (c.method == "views.update" || c.method == "views.open")
			inRoom := name == "blocks" && rooms[c.args["channel"]] && c.method != "chat.postEphemeral"
			if strings.Contains(value, canary) && !inWindow && !inRoom {
				w.t.Errorf("words of a complaint are in %s of %s", name, c.method)
			}
			w.checkHidden(c.method, name, value)
		}
	}
}

// checkHidden looks at what nobody reads: a button's value and what comes back with a form.
func (w *world) checkHidden(method, name, value string) {
	if name != "view" && name != "blocks" {
		return
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			if v["type"] == "button" {
				action, _ := v["action_id"].(string)
				if s, _ := v["value"].(string); !buttonValue.MatchString(s) && !aboutNoCase(action, s) {
					w.t.Errorf("a button in %s carries %q", method, s)
				}
			}
			if s, _ := v["private_metadata"].(string); s != "" && !formMeta.MatchString(s) {
				w.t.Errorf("a form in %s carries %q", method, s)
			}
			for _, item := range v {
				walk(item)
			}
		}
	}
	var decoded any
	if err := json.Unmarshal([]byte(value), &decoded); err != nil {
		w.t.Errorf("%s of %s: %v", name, method, err)
	}
	walk(decoded)
}

func (w *world) until(what string, ok func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for !ok() {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			w.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// in lets one update do something in the complainant's chat.
func (w *world) in(chat int64, do func(*postgres.Turn) error) {
	w.t.Helper()
	w.last++
	err := w.store.Converse(w.t.Context(), []postgres.Update{{ID: w.last, Chat: chat}}, func(turn *postgres.Turn) error {
		turn.Session = []byte(`{}`)
		return do(turn)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func words(s string) string { return s + " " + canary }

// complains files a complaint in Dutch and returns its number; its card is in the channel.
func (w *world) complains(change ...func(cases.Words)) cases.Number {
	w.t.Helper()
	number := w.files(change...)
	w.card(number)
	return number
}

// files files a complaint in Dutch and returns its number.
func (w *world) files(change ...func(cases.Words)) (number cases.Number) {
	w.t.Helper()
	answers := cases.Words{}
	for _, field := range cases.ComplaintFields {
		answers[field] = words(field)
	}
	for _, c := range change {
		c(answers)
	}
	w.in(7001, func(turn *postgres.Turn) error {
		turn.Append(1, answers[cases.FieldProblem], 0)
		c, err := turn.Submit(cases.Complaint{Language: i18n.Dutch, Answers: answers, StoryParts: 1})
		if err == nil {
			number = c.Number
		}
		return err
	})
	return number
}

// wantsToTalk asks for a talk.
func (w *world) wantsToTalk() (number cases.Number) {
	w.t.Helper()
	w.in(7002, func(turn *postgres.Turn) error {
		c, err := turn.Request(cases.TalkRequest{Language: i18n.English, Name: words("Noor"), Telephone: words("06"), Moment: words("soon"), Subject: words("about")})
		if err == nil {
			number = c.Number
		}
		return err
	})
	w.card(number)
	return number
}

func (w *world) replies(chat int64, number cases.Number, text string) {
	w.t.Helper()
	w.in(chat, func(turn *postgres.Turn) error { return turn.Reply(number, text, 0) })
}

// message waits for the newest message of a channel that has all of the texts.
func (w *world) message(channel string, texts ...string) playground.SlackMessage {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	m, err := w.slack.WaitMessage(ctx, channel, func(m playground.SlackMessage) bool { return has(m.AllText(), texts...) })
	if err != nil {
		c, _ := w.slack.Channel(channel)
		var all []string
		for _, m := range c.Messages {
			all = append(all, m.AllText())
		}
		w.t.Fatalf("no message in %s with %q; there are:\n%s", channel, texts, strings.Join(all, "\n---\n"))
	}
	return m
}

func has(all string, texts ...string) bool {
	for _, s := range texts {
		if !strings.Contains(all, s) {
			return false
		}
	}
	return true
}

// card waits for the card of a case in the channel that has all of the texts.
func (w *world) card(number cases.Number, texts ...string) playground.SlackMessage {
	w.t.Helper()
	var found playground.SlackMessage
	w.until(fmt.Sprintf("a card of %s with %q", number, texts), func() bool {
		at, err := w.store.Surface(w.t.Context(), number, placeCard)
		if err != nil {
			return false
		}
		c, _ := w.slack.Channel(at.Channel)
		for _, m := range c.Messages {
			if m.TS == at.Message && has(m.AllText(), texts...) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// room waits for the room of a case, with a pinned card that has all of the texts.
func (w *world) room(number cases.Number, texts ...string) (playground.Channel, playground.SlackMessage) {
	w.t.Helper()
	var room playground.Channel
	var pinned playground.SlackMessage
	w.until(fmt.Sprintf("the room of %s with %q", number, texts), func() bool {
		at, err := w.store.Surface(w.t.Context(), number, placeRoom)
		if err != nil {
			return false
		}
		room, _ = w.slack.Channel(at.Channel)
		c := w.file(number).Case
		chair, set := w.store.Procedure().Presiding(&c).Member()
		if !slices.Contains(room.Members, string(c.Owner)) || set && c.Kind == cases.Formal && !slices.Contains(room.Members, string(chair)) {
			return false
		}
		for _, m := range room.Messages {
			if m.Pinned && has(m.AllText(), texts...) {
				pinned = m
				return true
			}
		}
		return false
	})
	return room, pinned
}

// press clicks a button of a message.
func (w *world) press(member, channel string, m playground.SlackMessage, action string) {
	w.t.Helper()
	if err := w.slack.Click(playground.Click{Member: member, Channel: channel, TS: m.TS, ActionID: action}); err != nil {
		w.t.Fatalf("%s presses %s: %v", member, action, err)
	}
}

// take lets a member take a case from its card.
func (w *world) take(member string, number cases.Number) {
	w.t.Helper()
	w.press(member, board, w.card(number), actTake)
	w.card(number, mention(member))
}

// view waits for the top window of a member that has all of the texts.
func (w *world) view(member string, texts ...string) playground.View {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	v, err := w.slack.WaitView(ctx, member, func(v playground.View) bool { return has(v.AllText(), texts...) })
	if err != nil {
		var all []string
		for _, v := range w.slack.Views(member) {
			all = append(all, v.AllText())
		}
		w.t.Fatalf("no window of %s with %q; there are:\n%s", member, texts, strings.Join(all, "\n---\n"))
	}
	return v
}

// fields are values of a form by the names of its fields: a text, or what Slack would send.
type fields map[string]any

func (w *world) submit(member string, values fields) {
	w.t.Helper()
	if err := w.trySubmit(member, values); err != nil {
		w.t.Fatalf("%s sends the form: %v", member, err)
	}
}

func (w *world) trySubmit(member string, values fields) error {
	w.t.Helper()
	stack := w.slack.Views(member)
	if len(stack) == 0 {
		w.t.Fatalf("%s has no form", member)
	}
	top := stack[len(stack)-1]
	filled := map[string]map[string]json.RawMessage{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		kind := kindOf(w.t, top, name)
		state := map[string]any{"type": kind}
		if _, whole := values[name].(json.RawMessage); whole {
			kind = ""
		}
		switch kind {
		case "datepicker":
			state["selected_date"] = values[name]
		case "datetimepicker":
			state["selected_date_time"] = values[name]
		case "users_select":
			state["selected_user"] = values[name]
		case "checkboxes":
			option, err := playground.OptionNamed(optionsOnly(top, name), fieldAction, values[name].(string))
			if err != nil {
				w.t.Fatal(err)
			}
			state["selected_options"] = []json.RawMessage{option}
		case "radio_buttons", "static_select":
			option, err := playground.OptionNamed(optionsOnly(top, name), fieldAction, values[name].(string))
			if err != nil {
				w.t.Fatal(err)
			}
			state["selected_option"] = option
		default:
			state["value"] = values[name]
		}
		raw, err := json.Marshal(state)
		if whole, ok := values[name].(json.RawMessage); ok {
			raw = whole
		}
		if err != nil {
			w.t.Fatal(err)
		}
		filled[name] = map[string]json.RawMessage{fieldAction: raw}
	}
	return w.slack.Submit(playground.Submit{Member: member, Values: filled})
}

// optionsOnly are the blocks of one field of a form: several may offer the same choices.
func optionsOnly(v playground.View, name string) json.RawMessage {
	var all, some []map[string]any
	_ = json.Unmarshal(v.Blocks, &all) // they were checked when they came
	for _, b := range all {
		if b["block_id"] == name {
			some = append(some, b)
		}
	}
	raw, _ := json.Marshal(some)
	return raw
}

func kindOf(t *testing.T, v playground.View, name string) string {
	t.Helper()
	var state struct{ Type string }
	if err := json.Unmarshal(v.State[name][fieldAction], &state); err != nil {
		t.Fatalf("the form has no field %s: %v", name, err)
	}
	return state.Type
}

// file is what the store has of a case.
func (w *world) file(number cases.Number) *cases.File {
	w.t.Helper()
	f, err := w.store.File(w.t.Context(), number)
	if err != nil {
		w.t.Fatal(err)
	}
	return f
}

func (w *world) events(number cases.Number) (kinds []cases.EventKind) {
	w.t.Helper()
	for _, e := range w.file(number).Events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

func count(all []cases.EventKind, kind cases.EventKind) (n int) {
	for _, k := range all {
		if k == kind {
			n++
		}
	}
	return n
}

// said is what a member was told beside a message.
func (w *world) said(channel, member string, texts ...string) playground.SlackMessage {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	m, err := w.slack.WaitMessage(ctx, channel, func(m playground.SlackMessage) bool { return m.Ephemeral == member && has(m.AllText(), texts...) })
	if err != nil {
		w.t.Fatalf("%s did not hear %q in %s", member, texts, channel)
	}
	return m
}

// turn turns the clock when everything is told, and lets it speak. (The clock passes over a case that is just being changed.)
func (w *world) turn(d time.Duration) {
	w.t.Helper()
	w.until("everything to be told", func() bool { return w.queue.Waiting() == 0 })
	w.play.Turn(d)
	if _, err := w.store.Tick(w.t.Context(), 100); err != nil {
		w.t.Fatal(err)
	}
}

// aboutNoCase says whether a button need not carry the number of a case, and carries nothing that it should not.
func aboutNoCase(action, value string) bool {
	switch {
	case strings.HasPrefix(action, actPage), strings.HasPrefix(action, actDigest):
		return value == "" || numbered(value) > 0
	case strings.HasPrefix(action, actRest):
		return textOf(remindedIn(value)) == value
	}
	return value == "" && slices.Contains([]string{actWriteUp, actAway, actReturn}, action)
}

var buttonValue = regexp.MustCompile(`^[KG]-\d{4}-\d{4,}( [A-Za-z0-9.-]{1,60})?$`) // of a case, and which page, file, party, answer, member
var formMeta = regexp.MustCompile(`^\{"case":"([KG]-\d{4}-\d{4,})?","step":"(form|preview)"(,"which":"[A-Za-z0-9.-]{1,60}")?(,"event":\d+)?(,"points":\d)?(,"measures":\d)?(,"files":\["[A-Z2-7]{26}"(,"[A-Z2-7]{26}")*\])?(,"round":\d)?(,"seal":"[0-9a-f]{32}")?\}$`)

func (w *world) close(member string) {
	w.t.Helper()
	if err := w.slack.CloseView(playground.CloseView{Member: member, All: true}); err != nil {
		w.t.Fatal(err)
	}
}

// noView waits until a member has no window any more.
func (w *world) noView(member string) {
	w.t.Helper()
	w.until("the windows of "+member+" to close", func() bool { return len(w.slack.Views(member)) == 0 })
}

// problem is what stands at a field of the member's form.
func (w *world) problem(member, field, text string) {
	w.t.Helper()
	stack := w.slack.Views(member)
	if len(stack) == 0 || !strings.Contains(stack[len(stack)-1].Errors[field], text) {
		w.t.Fatalf("the form of %s does not say %q at %s: %v", member, text, field, stack)
	}
}
