package playground_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"websec.nl/gehoor/bots/playground"
)

// stateOf is the page's state as a member sees it.
func stateOf(t *testing.T, p *playground.Playground, member string) string {
	t.Helper()
	response, err := http.Get(p.URL() + "/play/state?member=" + member)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatal(response.Status, err)
	}
	return string(body)
}

// do acts as the page does, and returns the error's sentence, or "".
func do(t *testing.T, p *playground.Playground, act, body string) string {
	t.Helper()
	response, err := http.Post(p.URL()+"/play/"+act, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var said struct {
		Error string `json:"error"`
	}
	if err := json.NewDecoder(response.Body).Decode(&said); err != nil {
		t.Fatal(err)
	}
	if (said.Error == "") != (response.StatusCode == http.StatusOK) {
		t.Errorf("%s: status %d with %q", act, response.StatusCode, said.Error)
	}
	return said.Error
}

func TestThePageActsForThePerson(t *testing.T) {
	p := start(t, playground.Options{})
	for _, act := range []struct{ name, body, want string }{
		{"telegram/send", `{"person":7001,"text":"hello"}`, ""},
		{"telegram/send", `{"person":7001,"text":""}`, "the message is empty"},
		{"telegram/send", `{"person":1,"text":"hello"}`, "there is no person 1"},
		{"telegram/edit", `{"person":7001,"message":11,"text":"hello again"}`, ""},
		{"telegram/attach", `{"person":7001,"kind":"photo","file_name":"x.jpg","caption":"look"}`, ""},
		{"telegram/attach", `{"person":7001,"kind":"piano"}`, `a person can't send a "piano"`},
		{"telegram/press", `{"person":7001,"message":11,"data":"x"}`, `message 11 has no button "x"`},
		{"telegram/language", `{"person":7001,"language":"en"}`, ""},
		{"telegram/block", `{"person":7001,"blocked":true}`, ""},
		{"telegram/send", `{"person":7001,"text":"hello"}`, "the person has blocked the bot"},
		{"slack/message", `{"member":"U1","channel":"klachten","text":"hello"}`, ""},
		{"slack/message", `{"member":"U9","channel":"klachten","text":"hello"}`, `there is no member "U9"`},
		{"slack/home", `{"member":"U1"}`, ""},
		{"slack/click", `{"member":"U1","channel":"klachten","ts":"1.1","action_id":"x"}`, "this message is gone"},
		{"slack/submit", `{"member":"U1"}`, "no form is open"},
		{"slack/close", `{"member":"U1"}`, "this form is not on top"},
		{"slack/command", `{"member":"U1","channel":"klachten","command":"/klacht"}`, "/klacht failed: the app is not connected"},
		{"clock", `{"advance":"1h"}`, ""},
		{"clock", `{"advance":"deadline"}`, "there is no deadline ahead"},
		{"clock", `{"advance":"a bit"}`, `the clock can be turned by 1h, by 24h, or to the deadline, not by "a bit"`},
		{"clock", `not json`, "the body is not the JSON that this act needs"},
	} {
		if got := do(t, p, act.name, act.body); got != act.want {
			t.Errorf("%s %s: got %q, want %q", act.name, act.body, got, act.want)
		}
	}
	if m := p.Telegram().Messages(noor); m[0].Text != "hello again" || m[1].Caption != "look" {
		t.Errorf("the chat is %+v", m)
	}
}

func TestThePageClicksAndFillsInForms(t *testing.T) {
	p := start(t, playground.Options{})
	a := newApp(t, p, func(a *app, e socketmode.Event) {
		if e.Type != socketmode.EventTypeInteractive {
			return
		}
		in := e.Data.(slack.InteractionCallback)
		if in.Type == slack.InteractionTypeBlockActions {
			if in.BlockActionState == nil || in.Message.Timestamp == "" || in.Channel.Name != "klachten" || in.ResponseURL == "" {
				t.Errorf("the click is %+v", in)
			}
			if _, err := a.OpenView(in.TriggerID, form()); err != nil {
				t.Error(err)
			}
		}
		a.ack(t, e)
	})
	channel, ts, err := a.PostMessage("klachten", slack.MsgOptionBlocks(card()...))
	if err != nil {
		t.Fatal(err)
	}
	click := fmt.Sprintf(`{"member":"U1","channel":%q,"ts":%q,"block_id":"case","action_id":"take","value":"K-2026-0001","state":{"values":{}}}`, channel, ts)
	if said := do(t, p, "slack/click", click); said != "" {
		t.Fatal(said)
	}
	var state struct {
		Slack struct {
			Views []map[string]any `json:"views"`
		} `json:"slack"`
	}
	if err := json.Unmarshal([]byte(stateOf(t, p, anna)), &state); err != nil {
		t.Fatal(err)
	}
	view := state.Slack.Views[0]
	if view["private_metadata"] != nil || view["callback_id"] != "close" || len(view["errors"].(map[string]any)) != 0 {
		t.Errorf("the page shows the view %v", view)
	}
	submit := fmt.Sprintf(`{"member":"U1","view":%q,"values":{"reason":{"text":{"type":"plain_text_input","value":"so"}},"owner":{"user":{"type":"users_select","selected_user":"U2"}}}}`, view["id"])
	if said := do(t, p, "slack/submit", submit); said != "" {
		t.Fatal(said)
	}
	if len(p.Slack().Views(anna)) != 0 {
		t.Error("the form is still there")
	}
}

func TestThePageIsOnlyForThisMachine(t *testing.T) {
	p := start(t, playground.Options{})
	for _, test := range []struct {
		change func(*http.Request)
		want   int
	}{
		{func(*http.Request) {}, http.StatusOK},
		{func(r *http.Request) { r.Host = "demo.example" }, http.StatusForbidden},
		{func(r *http.Request) { r.Header.Set("Origin", "https://demo.example") }, http.StatusForbidden},
		{func(r *http.Request) { r.Header.Set("Origin", "null") }, http.StatusForbidden},
		{func(r *http.Request) { r.Header.Set("Origin", p.URL()) }, http.StatusOK},
		{func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, http.StatusUnsupportedMediaType},
		{func(r *http.Request) { r.Method = http.MethodGet }, http.StatusMethodNotAllowed},
	} {
		r, err := http.NewRequest(http.MethodPost, p.URL()+"/play/clock", strings.NewReader(`{"advance":"1h"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		test.change(r)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != test.want {
			t.Errorf("host %s, origin %q, %s: got %d, want %d", r.Host, r.Header.Get("Origin"), r.Header.Get("Content-Type"), response.StatusCode, test.want)
		}
	}
}

func TestThePageIsToldOfEachChange(t *testing.T) {
	p := start(t, playground.Options{})
	r, err := http.NewRequestWithContext(soon(t), http.MethodGet, p.URL()+"/play/events?member=U2", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	next := func() string {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
		}
		t.Fatal("the stream has ended")
		return ""
	}
	if first := next(); !strings.Contains(first, `"me":"U2"`) {
		t.Errorf("the first state is %s", first)
	}
	if _, _, err := p.Telegram().Send(noor, "a new message"); err != nil {
		t.Fatal(err)
	}
	for !strings.Contains(next(), "a new message") {
	}
}

func TestTheClockTurnsToTheDeadline(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Date(2026, 11, 22, 9, 0, 0, 0, zone)
	deadline := time.Date(2026, 12, 6, 23, 59, 59, 0, zone)
	p := start(t, playground.Options{Clock: playground.NewClock(begin)})
	var told atomic.Int64
	p.SetTurned(func(now time.Time) { told.Store(now.Unix()) })
	p.SetNextDeadline(func() (time.Time, bool) { return deadline, true })
	if got := stateOf(t, p, anna); !strings.Contains(got, `"next_deadline":"2026-12-06T23:59:59+01:00"`) || !strings.Contains(got, `"now":"2026-11-22T09:0`) {
		t.Errorf("the state is %.200s", got)
	}
	if said := do(t, p, "clock", `{"advance":"deadline"}`); said != "" {
		t.Fatal(said)
	}
	if now := p.Clock().Now(); !now.After(deadline) || now.After(deadline.Add(time.Minute)) || told.Load() == 0 {
		t.Errorf("the clock reads %v, and told %d", now, told.Load())
	}
}
