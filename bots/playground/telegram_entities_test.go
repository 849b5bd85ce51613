package playground_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"websec.nl/gehoor/bots/playground"
)

func TestParseModesBecomeEntities(t *testing.T) {
	p := start(t, playground.Options{})
	startedWithButton(t, p)
	type entities = []playground.Entity
	for _, test := range []struct {
		mode, source, text string
		entities           entities
	}{
		{"HTML", "a <b>bé😀</b> c", "a bé😀 c", entities{{Type: "bold", Offset: 2, Length: 4}}},
		{"HTML", "<b>a <i>b</i></b>", "a b", entities{{Type: "bold", Offset: 0, Length: 3}, {Type: "italic", Offset: 2, Length: 1}}},
		{"HTML", "&lt;b&gt; &amp; &quot;x&quot; &euro; &#39;", `<b> & "x" &euro; '`, nil},
		{"HTML", `<a href="https://demo.invalid/x?a=1&amp;b=2">here</a>`, "here", entities{{Type: "text_link", Offset: 0, Length: 4, URL: "https://demo.invalid/x?a=1&b=2"}}},
		{"HTML", `<pre><code class="language-go">x</code></pre>`, "x", entities{{Type: "pre", Offset: 0, Length: 1}, {Type: "code", Offset: 0, Length: 1, Language: "go"}}},
		{"HTML", "<blockquote expandable>x</blockquote>", "x", entities{{Type: "expandable_blockquote", Offset: 0, Length: 1}}},
		{"HTML", "  <b> x </b>  ", "x", entities{{Type: "bold", Offset: 0, Length: 1}}},
		{"MarkdownV2", `*bold* _it_ __un__ ~st~ \. `, "bold it un st .", entities{
			{Type: "bold", Offset: 0, Length: 4}, {Type: "italic", Offset: 5, Length: 2}, {Type: "underline", Offset: 8, Length: 2}, {Type: "strikethrough", Offset: 11, Length: 2},
		}},
		{"MarkdownV2", "`a.b` [here](https://demo.invalid/)", "a.b here", entities{
			{Type: "code", Offset: 0, Length: 3}, {Type: "text_link", Offset: 4, Length: 4, URL: "https://demo.invalid/"},
		}},
		{"MarkdownV2", ">said\n>twice\nand done", "said\ntwice\nand done", entities{{Type: "blockquote", Offset: 0, Length: 11}}},
		{"", "plain <b>", "plain <b>", nil},
	} {
		body, err := json.Marshal(map[string]any{"chat_id": noor, "text": test.source, "parse_mode": test.mode})
		if err != nil {
			t.Fatal(err)
		}
		if got := call(t, p, "sendMessage", string(body)); !strings.HasPrefix(got, `{"ok":true`) {
			t.Errorf("%s: %s", test.source, got)
			continue
		}
		list := p.Telegram().Messages(noor)
		if m := list[len(list)-1]; m.Text != test.text || !slices.Equal(m.Entities, test.entities) {
			t.Errorf("%s: got %q %+v, want %q %+v", test.source, m.Text, m.Entities, test.text, test.entities)
		}
	}
}

func TestCommandsOfAPersonAreMarked(t *testing.T) {
	p := start(t, playground.Options{})
	m, _, err := p.Telegram().Send(noor, "één 😀 /status of mail noor@demo.invalid")
	if err != nil {
		t.Fatal(err)
	}
	want := []playground.Entity{{Type: "bot_command", Offset: 7, Length: 7}, {Type: "email", Offset: 23, Length: 17}}
	if !slices.Equal(m.Entities, want) {
		t.Errorf("got %+v, want %+v", m.Entities, want)
	}
}

func TestMenuIsInThePersonsLanguage(t *testing.T) {
	p := start(t, playground.Options{})
	for _, body := range []string{
		`{"commands":[{"command":"status","description":"How far is it?"}]}`,
		`{"commands":[{"command":"status","description":"Hoe ver is het?"}],"language_code":"nl","scope":{"type":"all_private_chats"}}`,
	} {
		if got := call(t, p, "setMyCommands", body); got != `{"ok":true,"result":true}` {
			t.Fatal(got)
		}
	}
	if got := p.Telegram().Commands(noor); len(got) != 1 || got[0].Description != "Hoe ver is het?" {
		t.Errorf("Noor's menu is %+v", got)
	}
	if got := p.Telegram().Commands(james); len(got) != 1 || got[0].Description != "How far is it?" {
		t.Errorf("James's menu is %+v", got)
	}
	call(t, p, "setMyDescription", `{"description":"Hallo","language_code":"nl"}`)
	if got := p.Telegram().Description("nl"); got != "Hallo" {
		t.Errorf("the description is %q", got)
	}
	noViolations(t, p)
}

func TestCallsThatAreNotInTheSpecificationAreNoted(t *testing.T) {
	p := start(t, playground.Options{})
	startedWithButton(t, p)
	noViolations(t, p)
	call(t, p, "sendMessage", `{"chat_id":7001,"text":"x","disable_web_page_preview":true,"reply_markup":{"inline_keyboard":[[{"text":"X","callback_data":"x","colour":"red"}]]}}`)
	want := []string{"telegram sendMessage: unknown field reply_markup.inline_keyboard[0][0].colour", "telegram sendMessage: unknown parameter disable_web_page_preview"}
	if got := p.Violations(); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
