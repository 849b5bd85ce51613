package playground_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"

	"websec.nl/gehoor/bots/playground"
)

func TestWordsUnderAFileAreEdited(t *testing.T) {
	p := start(t, playground.Options{})
	photo, _, err := p.Telegram().Attach(noor, playground.Attachment{Kind: "photo", Caption: "before"})
	if err != nil {
		t.Fatal(err)
	}
	sticker, _, err := p.Telegram().Attach(noor, playground.Attachment{Kind: "sticker"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Telegram().Edit(noor, sticker.ID, "words"); err == nil {
		t.Error("there are words under a sticker")
	}
	for _, words := range []string{"after", ""} {
		if _, err := p.Telegram().Edit(noor, photo.ID, words); err != nil {
			t.Fatal(err)
		}
		got := call(t, p, "getUpdates", `{"offset":-1}`)
		if !strings.Contains(got, `"edited_message"`) || !strings.Contains(got, `"edit_date"`) || strings.Contains(got, `"caption":"after"`) != (words != "") {
			t.Errorf("edited to %q: %s", words, got)
		}
	}
}

func TestAnEditCountsLikeAMessage(t *testing.T) {
	p := start(t, playground.Options{Limits: true})
	m := startedWithButton(t, p)
	if m != 12 {
		t.Fatal(m)
	}
	refused := 0
	for range 10 {
		if got := call(t, p, "editMessageReplyMarkup", `{"chat_id":7001,"message_id":12}`); strings.Contains(got, `"error_code":429`) {
			refused++
		}
		call(t, p, "editMessageReplyMarkup", `{"chat_id":7001,"message_id":12,"reply_markup":{"inline_keyboard":[[{"text":"X","callback_data":"x"}]]}}`)
	}
	if refused == 0 {
		t.Error("twenty edits in a row are let through")
	}
}

func TestABotIsPutIntoAGroupHearsItAndLeaves(t *testing.T) {
	p := start(t, playground.Options{})
	const group = -1005
	if got := call(t, p, "sendMessage", `{"chat_id":-1005,"text":"hi"}`); !strings.Contains(got, "chat not found") {
		t.Errorf("a group that nobody put it into: %s", got)
	}
	if _, err := p.Telegram().Join(noor, group, "supergroup", "Neighbours (invented)"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Telegram().SendIn(james, group, "hello"); err != nil {
		t.Fatal(err)
	}
	got := call(t, p, "getUpdates", `{}`)
	for _, want := range []string{`"my_chat_member"`, `"type":"supergroup"`, `"status":"member"`, `"first_name":"James (invented)"`, `"text":"hello"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
	for _, step := range []struct{ method, body, want string }{
		{"sendMessage", `{"chat_id":-1005,"text":"hi"}`, `"ok":true`},
		{"leaveChat", `{"chat_id":7001}`, "chat member status can't be changed in private chats"},
		{"leaveChat", `{"chat_id":-1005}`, `"ok":true`},
		{"leaveChat", `{"chat_id":-1005}`, "Forbidden: bot is not a member of the supergroup chat"},
		{"sendMessage", `{"chat_id":-1005,"text":"hi"}`, "Forbidden: bot is not a member of the supergroup chat"},
	} {
		if got := call(t, p, step.method, step.body); !strings.Contains(got, step.want) {
			t.Errorf("%s %s: %s", step.method, step.body, got)
		}
	}
	if _, err := p.Telegram().SendIn(james, group, "hello"); err == nil || p.Telegram().In(group) {
		t.Error("the bot is still there")
	}
	noViolations(t, p)
}

func TestThePageSendsAnAlbumAndOpensAFile(t *testing.T) {
	p := start(t, playground.Options{})
	page := base64.StdEncoding.EncodeToString([]byte("<script>alert(1)</script>"))
	said := do(t, p, "telegram/album", `{"person":7001,"files":[{"kind":"photo","caption":"two"},{"kind":"document","file_name":"a.html","content":"`+page+`"}]}`)
	if said != "" {
		t.Fatal(said)
	}
	all := p.Telegram().Messages(noor)
	if len(all) != 2 || all[0].Album == "" || all[0].Album != all[1].Album || all[0].Caption != "two" {
		t.Fatalf("the chat is %+v", all)
	}
	state := stateOf(t, p, "")
	for _, m := range all {
		if !strings.Contains(state, `"url":"/play/telegram/file/`+m.FileID+`"`) {
			t.Errorf("the page does not know of file %s", m.FileID)
		}
	}
	response, err := http.Get(p.URL() + "/play/telegram/file/" + all[1].FileID)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || string(body) != "<script>alert(1)</script>" {
		t.Errorf("the file is %q, %v", body, err)
	}
	if policy := response.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "sandbox; default-src 'none'") {
		t.Errorf("a page that somebody sent may do more than be read: %q", policy)
	}
}

func TestThePageKnowsWhatTheMenuButtonOpens(t *testing.T) {
	p := start(t, playground.Options{})
	for _, kind := range []string{"commands", "default"} {
		if got := call(t, p, "setChatMenuButton", `{"menu_button":{"type":"`+kind+`"}}`); got != `{"ok":true,"result":true}` {
			t.Fatal(got)
		}
		if !strings.Contains(stateOf(t, p, ""), `"menu":"`+kind+`"`) {
			t.Errorf("the page does not show %s", kind)
		}
	}
	noViolations(t, p)
}
