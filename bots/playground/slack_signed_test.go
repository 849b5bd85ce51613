package playground_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"websec.nl/gehoor/bots/playground"
)

// signedApp is an app that takes signed deliveries, and checks them with the real client library.
type signedApp struct {
	t      *testing.T
	secret string
	mu     sync.Mutex
	got    []string // what came, with the number of the retry
	status int      // what events are answered with
	answer string   // what interactions are answered with
}

func (a *signedApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		a.t.Error(err)
	}
	verifier, err := slack.NewSecretsVerifier(r.Header, a.secret)
	if err != nil {
		a.t.Error(err)
		return
	}
	if _, err := verifier.Write(body); err != nil {
		a.t.Error(err)
	}
	if err := verifier.Ensure(); err != nil {
		a.t.Errorf("the signature: %v", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.Header.Get("Content-Type") == "application/json" {
		var event struct{ Type, Challenge string }
		if err := json.Unmarshal(body, &event); err != nil {
			a.t.Error(err)
		}
		a.got = append(a.got, event.Type+r.Header.Get("X-Slack-Retry-Num")+r.Header.Get("X-Slack-Retry-Reason"))
		if event.Challenge != "" {
			_, _ = io.WriteString(w, event.Challenge)
			return
		}
		w.WriteHeader(a.status)
		return
	}
	if c, err := slack.SlashCommandParse(r); err == nil && c.Command != "" {
		a.got = append(a.got, c.Command+" "+c.Text)
		_, _ = io.WriteString(w, `{"text":"heard"}`)
		return
	}
	in, err := slack.InteractionCallbackParse(r)
	if err != nil {
		a.t.Error(err)
	}
	a.got = append(a.got, string(in.Type))
	_, _ = io.WriteString(w, a.answer)
}

func TestSignedDeliveriesAreVerifiedByTheLibrary(t *testing.T) {
	p := start(t, playground.Options{RetryScale: 0.0001})
	there := &signedApp{t: t, secret: p.SlackSigningSecret(), status: 500}
	server := httptest.NewServer(there)
	defer server.Close()
	p.Slack().SetRequestURL(server.URL)
	if err := p.Slack().Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Slack().Message(anna, "klachten", "hello"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "four attempts", func() bool { return len(p.Slack().Deliveries()) == 4 && p.Slack().Deliveries()[3].Failure != "" })
	if err := p.Slack().Command(playground.Command{Member: anna, Channel: "klachten", Command: "/klacht", Text: "mine"}); err != nil {
		t.Fatal(err)
	}
	a := newApp(t, p, nil)
	_, ts, err := a.PostMessage("klachten", slack.MsgOptionBlocks(card()...))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Slack().Click(playground.Click{Member: anna, Channel: "klachten", TS: ts, ActionID: "take"}); err != nil {
		t.Fatal(err)
	}
	there.mu.Lock()
	defer there.mu.Unlock()
	want := []string{"url_verification", "event_callback", "event_callback1http_error", "event_callback2http_error", "event_callback3http_error", "/klacht mine", "block_actions"}
	// The bot's own message is an event as well; it may come at any moment.
	got := slices.DeleteFunc(slices.Clone(there.got[5:]), func(s string) bool { return len(s) > 5 && s[:5] == "event" })
	got = append(slices.Clone(there.got[:5]), got...)
	if !slices.Equal(got, want) {
		t.Errorf("the app got %q, want %q", got, want)
	}
}

func TestAHangingAppIsWaitedForNoLongerThanSlackWaits(t *testing.T) {
	p := start(t, playground.Options{AckTimeout: 50 * time.Millisecond})
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	}))
	defer server.Close()
	defer close(hang)
	p.Slack().SetRequestURL(server.URL)
	if err := p.Slack().Command(playground.Command{Member: anna, Channel: "klachten", Command: "/klacht"}); err == nil {
		t.Error("Slackbot said nothing")
	}
}

func TestAFormCanBeReplacedPushedAndCleared(t *testing.T) {
	p := start(t, playground.Options{})
	there := &signedApp{t: t, secret: p.SlackSigningSecret(), status: 200}
	server := httptest.NewServer(there)
	defer server.Close()
	p.Slack().SetRequestURL(server.URL)
	a := newApp(t, p, nil)
	if err := p.Slack().Command(playground.Command{Member: anna, Channel: "klachten", Command: "/klacht"}); err != nil {
		t.Fatal(err)
	}
	id := p.Slack().Deliveries()[0].ID
	loading := form()
	loading.ExternalID = "case-1"
	opened, err := a.OpenView(id, loading)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.UpdateView(form(), "case-1", opened.Hash, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := a.UpdateView(form(), "case-1", opened.Hash, ""); !saidError(err, "hash_conflict") {
		t.Errorf("with an old hash: %v", err)
	}
	values := map[string]map[string]json.RawMessage{
		"reason": {"text": playground.Typed("plain_text_input", "because")},
		"owner":  {"user": json.RawMessage(`{"type":"users_select","selected_user":"U1"}`)},
	}
	answer := func(payload any) {
		t.Helper()
		raw, err := json.Marshal(payload)
		if err != nil {
			t.Fatal(err)
		}
		there.mu.Lock()
		there.answer = string(raw)
		there.mu.Unlock()
		if err := p.Slack().Submit(playground.Submit{Member: anna, Values: values}); err != nil {
			t.Fatal(err)
		}
	}
	next := form()
	next.Title.Text = "Preview"
	answer(slack.NewUpdateViewSubmissionResponse(&next))
	if stack := p.Slack().Views(anna); len(stack) != 1 || stack[0].Title != "Preview" || string(stack[0].State["reason"]["text"]) != string(values["reason"]["text"]) {
		t.Errorf("after update: %+v", stack)
	}
	answer(slack.NewPushViewSubmissionResponse(&next))
	if stack := p.Slack().Views(anna); len(stack) != 2 {
		t.Errorf("after push: %+v", stack)
	}
	answer(slack.NewClearViewSubmissionResponse())
	if stack := p.Slack().Views(anna); len(stack) != 0 {
		t.Errorf("after clear: %+v", stack)
	}
	noViolations(t, p)
}

func TestATriggerIsGoodForOneViewAndForThreeSeconds(t *testing.T) {
	p := start(t, playground.Options{})
	there := &signedApp{t: t, secret: p.SlackSigningSecret(), status: 200}
	server := httptest.NewServer(there)
	defer server.Close()
	p.Slack().SetRequestURL(server.URL)
	a := newApp(t, p, nil)
	if err := p.Slack().Command(playground.Command{Member: anna, Channel: "klachten", Command: "/klacht"}); err != nil {
		t.Fatal(err)
	}
	id := p.Slack().Deliveries()[0].ID
	p.Slack().ExpireTriggers()
	if _, err := a.OpenView(id, form()); !saidError(err, "expired_trigger_id") {
		t.Errorf("after three seconds: %v", err)
	}
}
