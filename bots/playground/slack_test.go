package playground_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"websec.nl/gehoor/bots/playground"
)

const (
	anna  = "U1"
	bram  = "U2"
	chris = "U3"
)

// app is an app made with the real client library, in Socket Mode.
type app struct {
	*slack.Client
	socket *socketmode.Client
}

func newApp(t *testing.T, p *playground.Playground, handle func(a *app, e socketmode.Event)) *app {
	t.Helper()
	api := slack.New(p.SlackBotToken(), slack.OptionAppLevelToken(p.SlackAppToken()), slack.OptionAPIURL(p.SlackURL()))
	a := &app{Client: api}
	if handle == nil {
		return a
	}
	a.socket = socketmode.New(api)
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() {
		if err := a.socket.RunContext(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	done.Go(func() {
		for {
			select {
			case e := <-a.socket.Events:
				handle(a, e)
			case <-ctx.Done():
				return
			}
		}
	})
	t.Cleanup(func() { cancel(); done.Wait() })
	if err := p.Slack().Wait(soon(t), func() bool { return p.Slack().Connections() > 0 }); err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *app) ack(t *testing.T, e socketmode.Event, payload ...any) {
	t.Helper()
	if err := a.socket.Ack(*e.Request, payload...); err != nil {
		t.Error(err)
	}
}

func card() []slack.Block {
	return []slack.Block{
		slack.NewHeaderBlock(slack.NewTextBlockObject("plain_text", "K-2026-0001", false, false)),
		slack.NewActionBlock("case", slack.NewButtonBlockElement("take", "K-2026-0001", slack.NewTextBlockObject("plain_text", "Take", false, false))),
	}
}

func form() slack.ModalViewRequest {
	reason := slack.NewPlainTextInputBlockElement(nil, "text")
	reason.Multiline = true
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: slack.NewTextBlockObject("plain_text", "Close", false, false),
		Submit: slack.NewTextBlockObject("plain_text", "Close", false, false), CallbackID: "close", PrivateMetadata: "secret",
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("reason", slack.NewTextBlockObject("plain_text", "Reason", false, false), nil, reason),
			slack.NewInputBlock("owner", slack.NewTextBlockObject("plain_text", "Owner", false, false), nil,
				slack.NewOptionsSelectBlockElement(slack.OptTypeUser, nil, "user")),
		}},
	}
}

func TestClickOpensAFormWhoseAnswersComeBack(t *testing.T) {
	p := start(t, playground.Options{})
	submitted := make(chan slack.InteractionCallback, 1)
	a := newApp(t, p, func(a *app, e socketmode.Event) {
		if e.Type != socketmode.EventTypeInteractive {
			return
		}
		in := e.Data.(slack.InteractionCallback)
		switch {
		case in.Type == slack.InteractionTypeBlockActions:
			if _, err := a.OpenView(in.TriggerID, form()); err != nil {
				t.Error(err)
			}
			_, err := a.OpenView(in.TriggerID, form())
			if said, ok := errors.AsType[slack.SlackErrorResponse](err); !ok || said.Err != "exchanged_trigger_id" {
				t.Errorf("the trigger a second time: %v", err)
			}
			a.ack(t, e)
		case in.View.State.Values["reason"]["text"].Value == "because":
			a.ack(t, e, slack.NewErrorsViewSubmissionResponse(map[string]string{"reason": "Say more."}))
		default:
			submitted <- in
			a.ack(t, e)
		}
	})
	_, ts, err := a.PostMessage("klachten", slack.MsgOptionText("K-2026-0001", false), slack.MsgOptionBlocks(card()...))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Slack().Click(playground.Click{Member: bram, Channel: "klachten", TS: ts, ActionID: "take"}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Slack().WaitView(soon(t), bram, func(v playground.View) bool { return v.CallbackID == "close" }); err != nil {
		t.Fatal(err)
	}
	fill := func(reason string) {
		t.Helper()
		err := p.Slack().Submit(playground.Submit{Member: bram, Values: map[string]map[string]json.RawMessage{
			"reason": {"text": playground.Typed("plain_text_input", reason)},
			"owner":  {"user": json.RawMessage(`{"type":"users_select","selected_user":"U1"}`)},
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Slack().Submit(playground.Submit{Member: bram}); err != nil {
		t.Fatal(err)
	}
	if v := p.Slack().Views(bram)[0]; len(v.Errors) != 2 {
		t.Errorf("an empty form: errors are %v", v.Errors)
	}
	fill("because")
	if v := p.Slack().Views(bram)[0]; v.Errors["reason"] != "Say more." {
		t.Errorf("the app's errors are %v", v.Errors)
	}
	fill("because of this")
	if len(p.Slack().Views(bram)) != 0 {
		t.Error("the form is still there")
	}
	in := <-submitted
	if in.View.PrivateMetadata != "secret" || in.User.ID != bram || in.View.State.Values["owner"]["user"].SelectedUser != anna {
		t.Errorf("the app got %+v", in.View.State.Values)
	}
	noViolations(t, p)
}

func TestEventsAreSentAgainUntilTheyAreAcknowledged(t *testing.T) {
	p := start(t, playground.Options{AckTimeout: 200 * time.Millisecond, RetryScale: 0.0001})
	var mu sync.Mutex
	var attempts []int
	ids := map[string]bool{}
	newApp(t, p, func(a *app, e socketmode.Event) {
		if e.Type != socketmode.EventTypeEventsAPI {
			return
		}
		mu.Lock()
		attempts = append(attempts, e.Request.RetryAttempt)
		number := len(attempts)
		mu.Unlock()
		var payload struct {
			EventID string `json:"event_id"`
		}
		if err := json.Unmarshal(e.Request.Payload, &payload); err != nil {
			t.Error(err)
		}
		ids[payload.EventID] = true
		if inner, ok := e.Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(*slackevents.MessageEvent); !ok || inner.Text != "hello" || inner.User != anna {
			t.Errorf("the event is %+v", e.Data)
		}
		if number == 3 {
			a.ack(t, e)
		}
	})
	if _, err := p.Slack().Message(anna, "klachten", "hello"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the third attempt to be acknowledged", func() bool {
		list := p.Slack().Deliveries()
		return len(list) == 3 && list[2].Acked
	})
	mu.Lock()
	defer mu.Unlock()
	if !slices.Equal(attempts, []int{0, 1, 2}) || len(ids) != 1 {
		t.Errorf("attempts %v, event ids %v", attempts, ids)
	}
}

func TestAClickThatNobodyAcknowledgesIsNotSentAgain(t *testing.T) {
	p := start(t, playground.Options{AckTimeout: 100 * time.Millisecond})
	a := newApp(t, p, func(*app, socketmode.Event) {})
	_, ts, err := a.PostMessage("klachten", slack.MsgOptionBlocks(card()...))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Slack().Click(playground.Click{Member: bram, Channel: "klachten", TS: ts, ActionID: "take"}); err == nil {
		t.Error("the person saw no warning")
	}
	clicks := 0
	for _, d := range p.Slack().Deliveries() {
		if d.Kind == "interactive" {
			clicks++
		}
	}
	if clicks != 1 {
		t.Errorf("the click was sent %d times", clicks)
	}
}

func TestSocketModeGoesOnAfterARefreshAndABrokenNetwork(t *testing.T) {
	p := start(t, playground.Options{RetryScale: 0.001})
	var mu sync.Mutex
	seen := map[string]bool{}
	newApp(t, p, func(a *app, e socketmode.Event) {
		if e.Type != socketmode.EventTypeEventsAPI {
			return
		}
		a.ack(t, e)
		mu.Lock()
		defer mu.Unlock()
		seen[e.Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(*slackevents.MessageEvent).Text] = true
	})
	say := func(text string) {
		t.Helper()
		if _, err := p.Slack().Message(anna, "klachten", text); err != nil {
			t.Fatal(err)
		}
		eventually(t, text, func() bool { mu.Lock(); defer mu.Unlock(); return seen[text] })
	}
	say("one")
	p.Slack().Refresh()
	eventually(t, "a new connection", func() bool { return p.Slack().Connections() >= 1 })
	say("two")
	p.Slack().KillConnections()
	eventually(t, "another connection", func() bool { return p.Slack().Connections() >= 1 })
	say("three")
}

func TestPrivateRoomIsSeenByItsMembersOnly(t *testing.T) {
	p := start(t, playground.Options{})
	a := newApp(t, p, nil)
	room, err := a.CreateConversation(slack.CreateConversationParams{ChannelName: "zaak-k-2026-0001", IsPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.InviteUsersToConversation(room.ID, bram); err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.PostMessage(room.ID, slack.MsgOptionText("only here", false)); err != nil {
		t.Fatal(err)
	}
	if _, err := a.PostEphemeral(room.ID, bram, slack.MsgOptionText("only you", false)); err != nil {
		t.Fatal(err)
	}
	if _, err := a.PostEphemeral(room.ID, chris, slack.MsgOptionText("not here", false)); !saidError(err, "user_not_in_channel") {
		t.Errorf("an ephemeral for a stranger: %v", err)
	}
	if got := stateOf(t, p, bram); !strings.Contains(got, "only here") || !strings.Contains(got, "only you") {
		t.Error("a member does not see the room")
	}
	if got := stateOf(t, p, chris); strings.Contains(got, "only") {
		t.Error("a stranger sees the room")
	}
	if _, err := a.InviteUsersToConversation(room.ID, bram); !saidError(err, "already_in_channel") {
		t.Errorf("a second invitation: %v", err)
	}
	if err := a.KickUserFromConversation(room.ID, bram); err != nil {
		t.Error(err)
	}
	if got := stateOf(t, p, bram); strings.Contains(got, "only") {
		t.Error("who was removed still sees the room")
	}
	if err := a.ArchiveConversation(room.ID); err != nil {
		t.Error(err)
	}
	if _, _, err := a.PostMessage(room.ID, slack.MsgOptionText("late", false)); !saidError(err, "is_archived") {
		t.Errorf("a message into an archived room: %v", err)
	}
	noViolations(t, p)
}

// saidError reports whether Slack refused with this error.
func saidError(err error, code string) bool {
	said, ok := errors.AsType[slack.SlackErrorResponse](err)
	return ok && said.Err == code
}

func TestSlackRefusesWhatTheRealOneRefuses(t *testing.T) {
	p := start(t, playground.Options{})
	a := newApp(t, p, nil)
	elsewhere := p.Slack().NewChannel("elders", false, anna)
	hidden := p.Slack().NewChannel("verborgen", true, anna)
	room, err := a.CreateConversation(slack.CreateConversationParams{ChannelName: "kamer", IsPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	annas, err := p.Slack().Message(anna, "klachten", "mine")
	if err != nil {
		t.Fatal(err)
	}
	klachten, _ := p.Slack().Channel("klachten")
	post := func(channel string, options ...slack.MsgOption) error {
		_, _, err := a.PostMessage(channel, options...)
		return err
	}
	hi := slack.MsgOptionText("hi", false)
	create := func(name string) error {
		_, err := a.CreateConversation(slack.CreateConversationParams{ChannelName: name})
		return err
	}
	last := func(_ any, err error) error { return err }
	last3 := func(_, _, _ any, err error) error { return err }
	for _, test := range []struct {
		what string
		err  error
		want string
	}{
		{"a wrong token", last(slack.New("xoxb-wrong", slack.OptionAPIURL(p.SlackURL())).AuthTest()), "invalid_auth"},
		{"no token", last(slack.New("", slack.OptionAPIURL(p.SlackURL())).AuthTest()), "not_authed"},
		{"the wrong kind of token", last(slack.New(p.SlackAppToken(), slack.OptionAPIURL(p.SlackURL())).AuthTest()), "not_allowed_token_type"},
		{"a method that is not there", a.EndDNDContext(t.Context()), "unknown_method"},
		{"no such channel", post("C999", hi), "channel_not_found"},
		{"a channel without the bot", post(elsewhere.ID, hi), "not_in_channel"},
		{"a private channel without the bot", post(hidden.ID, hi), "channel_not_found"},
		{"nothing to say", post(klachten.ID), "no_text"},
		{"a channel of that name", create("kamer"), "name_taken"},
		{"capitals", create("Kamer"), "invalid_name_specials"},
		{"a long name", create(strings.Repeat("x", 81)), "invalid_name_maxlength"},
		{"an empty name", create(""), "invalid_name_required"},
		{"inviting oneself", last(a.InviteUsersToConversation(room.ID, playground.BotUserID)), "cant_invite_self"},
		{"inviting nobody", last(a.InviteUsersToConversation(room.ID, "U99")), "user_not_found"},
		{"another's message", last3(a.UpdateMessage(klachten.ID, annas, hi)), "cant_update_message"},
		{"a message that is not there", last3(a.UpdateMessage(klachten.ID, "1.000001", hi)), "message_not_found"},
		{"a long update", last3(a.UpdateMessage(klachten.ID, annas, hi)), "cant_update_message"},
		{"an unknown trigger", last(a.OpenView("1.2.3", form())), "invalid_trigger_id"},
		{"a view that is not there", last(a.UpdateView(form(), "", "", "V1")), "not_found"},
		{"an unknown user", last(a.GetUserInfo("U99")), "user_not_found"},
		{"an unknown address", last(a.GetUserByEmail("nobody@demo.invalid")), "users_not_found"},
	} {
		if !saidError(test.err, test.want) {
			t.Errorf("%s: got %v, want %s", test.what, test.err, test.want)
		}
	}
	long := slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", strings.Repeat("x", 3001), false, false), nil, nil)
	said, ok := errors.AsType[slack.SlackErrorResponse](post(klachten.ID, slack.MsgOptionBlocks(long)))
	if !ok || said.Err != "invalid_blocks" || !slices.Contains(said.ResponseMetadata.Messages, "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]") {
		t.Errorf("a long section: %+v", said)
	}
	view := form()
	view.Title.Text = "A title that is longer than it may be"
	err = last(a.PublishView(anna, slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{long}}}, ""))
	said, ok = errors.AsType[slack.SlackErrorResponse](err)
	if !ok || said.Err != "invalid_arguments" || !strings.Contains(said.ResponseMetadata.Messages[0], "/view/blocks/0/text") {
		t.Errorf("a long section in a home: %v", err)
	}
}

func TestUpdateWithoutBlocksKeepsTheOldBlocks(t *testing.T) {
	p := start(t, playground.Options{})
	a := newApp(t, p, nil)
	channel, ts, err := a.PostMessage("klachten", slack.MsgOptionText("words", false), slack.MsgOptionBlocks(card()...))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := a.UpdateMessage(channel, ts, slack.MsgOptionText("gone", false)); err != nil {
		t.Fatal(err)
	}
	room, _ := p.Slack().Channel("klachten")
	if m := room.Messages[0]; !strings.Contains(m.AllText(), "K-2026-0001") || m.Text != "gone" || m.EditedAt.IsZero() {
		t.Errorf("the message is %q", m.AllText())
	}
	if _, _, _, err := a.UpdateMessage(channel, ts, slack.MsgOptionText("gone", false), slack.MsgOptionBlocks()); err != nil {
		t.Fatal(err)
	}
	room, _ = p.Slack().Channel("klachten")
	if m := room.Messages[0]; m.AllText() != "gone\n" {
		t.Errorf("the message is still %q", m.AllText())
	}
	noViolations(t, p)
}

func TestSlackKeepsItsRates(t *testing.T) {
	p := start(t, playground.Options{Limits: true})
	a := newApp(t, p, nil)
	var limited *slack.RateLimitedError
	for range 10 {
		_, _, err := a.PostMessage("klachten", slack.MsgOptionText("hi", false))
		if errors.As(err, &limited) {
			break
		}
	}
	if limited == nil || limited.RetryAfter != time.Second || p.Slack().TooManyRequests() != 1 {
		t.Errorf("ten messages in a row: %v", limited)
	}
}

func TestSlashCommandIsAnsweredForItsMemberOnly(t *testing.T) {
	p := start(t, playground.Options{})
	answered := make(chan struct{})
	newApp(t, p, func(a *app, e socketmode.Event) {
		if e.Type != socketmode.EventTypeSlashCommand {
			return
		}
		c := e.Data.(slack.SlashCommand)
		a.ack(t, e, map[string]any{"text": "you asked " + c.Text})
		for i := range 6 {
			err := slack.PostWebhookContext(t.Context(), c.ResponseURL, &slack.WebhookMessage{Text: "later", ResponseType: "in_channel"})
			if (err == nil) != (i < 5) {
				t.Errorf("use %d of the response_url: %v", i+1, err)
			}
		}
		close(answered)
	})
	if err := p.Slack().Command(playground.Command{Member: anna, Channel: "klachten", Command: "/klacht", Text: "mine"}); err != nil {
		t.Fatal(err)
	}
	err := p.Slack().Wait(soon(t), func() bool {
		c, _ := p.Slack().Channel("klachten")
		return len(c.Messages) == 6
	})
	if err != nil {
		t.Fatal(err)
	}
	<-answered
	if got := stateOf(t, p, anna); !strings.Contains(got, "you asked mine") {
		t.Error("who asked sees no answer")
	}
	if got := stateOf(t, p, bram); strings.Contains(got, "you asked mine") || !strings.Contains(got, "later") {
		t.Error("another sees the answer")
	}
}

func TestACommandThatNobodyAnswersFails(t *testing.T) {
	p := start(t, playground.Options{})
	if err := p.Slack().Command(playground.Command{Member: anna, Channel: "klachten", Command: "/klacht"}); err == nil {
		t.Fatal("no app is there, and Slackbot said nothing")
	}
	if got := stateOf(t, p, anna); !strings.Contains(got, "/klacht failed") {
		t.Error("Slackbot's words are not in the state")
	}
}
