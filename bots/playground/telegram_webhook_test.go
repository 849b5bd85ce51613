package playground_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"websec.nl/gehoor/bots/playground"
)

// hook is a webhook: it notes what comes, in order, and answers as handle says.
type hook struct {
	t      *testing.T
	mu     sync.Mutex
	got    []string
	ids    map[int64]int
	handle func(text string, times int) (status int, body string)
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Telegram-Bot-Api-Secret-Token") != "a-secret" {
		h.t.Error("the secret is missing")
	}
	var u struct {
		ID      int64 `json:"update_id"`
		Message struct {
			Text string `json:"text"`
		} `json:"message"`
		Query *struct {
			Data string `json:"data"`
		} `json:"callback_query"`
	}
	if err := json.NewDecoder(r.Body).Decode(&u); err != nil {
		h.t.Error(err)
	}
	text := u.Message.Text
	if u.Query != nil {
		text = "press " + u.Query.Data
	}
	h.mu.Lock()
	h.got = append(h.got, text)
	if h.ids == nil {
		h.ids = map[int64]int{}
	}
	h.ids[u.ID]++
	times := h.ids[u.ID]
	h.mu.Unlock()
	status, body := http.StatusOK, ""
	if h.handle != nil {
		status, body = h.handle(text, times)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func (h *hook) seen() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.got)
}

func hooked(t *testing.T, p *playground.Playground, h *hook) {
	t.Helper()
	h.t = t
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	if got := call(t, p, "setWebhook", `{"url":"`+server.URL+`","secret_token":"a-secret"}`); got != `{"ok":true,"result":true}` {
		t.Fatal(got)
	}
}

func TestWebhookGetsOneChatInOrderAndEachUpdateUntilItIsAccepted(t *testing.T) {
	p := start(t, playground.Options{RetryScale: 0.001})
	if _, _, err := p.Telegram().Send(noor, "before the webhook"); err != nil {
		t.Fatal(err)
	}
	h := &hook{handle: func(text string, times int) (int, string) {
		if text == "one" && times < 3 {
			return http.StatusServiceUnavailable, ""
		}
		return http.StatusOK, ""
	}}
	hooked(t, p, h)
	for _, text := range []string{"one", "two", "three"} {
		if _, _, err := p.Telegram().Send(noor, text); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "everything to be delivered", func() bool { return p.Telegram().Pending() == 0 })
	if got, want := h.seen(), []string{"before the webhook", "one", "one", "one", "two", "three"}; !slices.Equal(got, want) {
		t.Errorf("the webhook got %q, want %q", got, want)
	}
	if got := call(t, p, "getWebhookInfo", ``); !strings.Contains(got, "Wrong response from the webhook: 503 Service Unavailable") {
		t.Errorf("the webhook's last error: %s", got)
	}
	if got := call(t, p, "getUpdates", ``); !strings.Contains(got, "can't use getUpdates method while webhook is active") {
		t.Errorf("getUpdates meanwhile: %s", got)
	}
}

func TestAPressOvertakesATextThatTheWebhookDoesNotAccept(t *testing.T) {
	p := start(t, playground.Options{RetryScale: 0.001})
	message := startedWithButton(t, p)
	var mu sync.Mutex
	broken := true
	h := &hook{handle: func(text string, _ int) (int, string) {
		mu.Lock()
		defer mu.Unlock()
		if broken && text == "typed first" {
			return http.StatusInternalServerError, ""
		}
		return http.StatusOK, ""
	}}
	hooked(t, p, h)
	if _, _, err := p.Telegram().Send(noor, "typed first"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Telegram().Press(noor, message, "x"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the press", func() bool { return slices.Contains(h.seen(), "press x") })
	mu.Lock()
	broken = false
	mu.Unlock()
	eventually(t, "the text", func() bool { return p.Telegram().Pending() == 0 })
}

func TestAWebhookMayAnswerWithACall(t *testing.T) {
	p := start(t, playground.Options{})
	hooked(t, p, &hook{handle: func(text string, _ int) (int, string) {
		return http.StatusOK, `{"method":"sendMessage","chat_id":7001,"text":"echo ` + text + `"}`
	}})
	if _, _, err := p.Telegram().Send(noor, "hello"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Telegram().WaitText(soon(t), noor, 0, func(text string) bool { return text == "echo hello" }); err != nil {
		t.Fatal(err)
	}
}

func TestWhatTheWebhookDidNotAcceptCanBePolledAfterIt(t *testing.T) {
	p := start(t, playground.Options{})
	hooked(t, p, &hook{handle: func(string, int) (int, string) { return http.StatusInternalServerError, "" }})
	for _, text := range []string{"one", "two"} {
		if _, _, err := p.Telegram().Send(noor, text); err != nil {
			t.Fatal(err)
		}
	}
	call(t, p, "deleteWebhook", ``)
	got := call(t, p, "getUpdates", ``)
	if one, two := strings.Index(got, `"one"`), strings.Index(got, `"two"`); one < 0 || two < one {
		t.Errorf("after the webhook got %s", got)
	}
	call(t, p, "deleteWebhook", `{"drop_pending_updates":true}`)
	if p.Telegram().Pending() != 0 {
		t.Error("the updates were not dropped")
	}
}

func TestFaultsAreSeenByTheCaller(t *testing.T) {
	p := start(t, playground.Options{})
	startedWithButton(t, p)
	post := func() (*http.Response, error) {
		return http.Post(p.TelegramURL()+"/bot"+p.TelegramToken()+"/sendMessage", "application/json", strings.NewReader(`{"chat_id":7001,"text":"hi"}`))
	}
	for _, test := range []struct {
		failure  playground.Failure
		status   int // 0: the connection breaks
		body     string
		messages int
	}{
		{playground.Failure{Status: 429, RetryAfter: 7, Description: "Too Many Requests: retry after 7"}, 429,
			`{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}`, 0},
		{playground.Failure{Status: 502, Body: "<html>Bad gateway</html>"}, 502, "<html>Bad gateway</html>", 0},
		{playground.Failure{Refuse: true}, 0, "", 0},
		{playground.Failure{Drop: true}, 0, "", 1},
	} {
		before := len(p.Telegram().Messages(noor))
		p.Telegram().Fail(func(method string, params *playground.Params) *playground.Failure {
			if method != "sendMessage" || params.Int("chat_id") != noor {
				t.Errorf("asked about %s to %d", method, params.Int("chat_id"))
			}
			return &test.failure
		})
		response, err := post()
		if (err != nil) != (test.status == 0) {
			t.Errorf("%+v: %v", test.failure, err)
		}
		if err == nil {
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err != nil || response.StatusCode != test.status || string(body) != test.body {
				t.Errorf("%+v: %d %s %v", test.failure, response.StatusCode, body, err)
			}
		}
		if got := len(p.Telegram().Messages(noor)) - before; got != test.messages {
			t.Errorf("%+v: %d messages arrived, want %d", test.failure, got, test.messages)
		}
	}
	p.Telegram().Fail(nil)
	if response, err := post(); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("after the faults: %v", err)
	}
}
