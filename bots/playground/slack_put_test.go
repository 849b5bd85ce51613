package playground_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"websec.nl/gehoor/bots/playground"
)

func TestMessageShortcutCarriesTheMessage(t *testing.T) {
	p := start(t, playground.Options{})
	got := make(chan slack.InteractionCallback, 1)
	a := newApp(t, p, func(a *app, e socketmode.Event) {
		if e.Type == socketmode.EventTypeInteractive {
			in := e.Data.(slack.InteractionCallback)
			if _, err := a.OpenView(in.TriggerID, form()); err != nil {
				t.Error(err)
			}
			a.ack(t, e)
			got <- in
		}
	})
	ts, err := p.Slack().Message(bram, "klachten", "They rang.")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Slack().Shortcut(playground.Shortcut{Member: anna, Channel: "klachten", TS: ts, CallbackID: "add-to-file"}); err != nil {
		t.Fatal(err)
	}
	in := <-got
	if in.Type != slack.InteractionTypeMessageAction || in.CallbackID != "add-to-file" || in.Message.Text != "They rang." || in.Message.User != bram ||
		in.MessageTs != ts || in.User.ID != anna || in.Channel.ID == "" || in.ResponseURL == "" {
		t.Errorf("the app got %+v", in)
	}
	if len(p.Slack().Views(anna)) != 1 {
		t.Error("the form is not there")
	}
	ts, err = a.PostEphemeral("klachten", anna, slack.MsgOptionText("only you", false))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Slack().Shortcut(playground.Shortcut{Member: anna, Channel: "klachten", TS: ts, CallbackID: "add-to-file"}); err == nil {
		t.Error("a message for one member only had a shortcut")
	}
	noViolations(t, p)
}

func TestFormTakesFilesThatTheAppFetches(t *testing.T) {
	p := start(t, playground.Options{AckTimeout: 10 * time.Second})
	asked := slack.ModalViewRequest{
		Type: slack.VTModal, Title: slack.NewTextBlockObject("plain_text", "Write", false, false), Submit: slack.NewTextBlockObject("plain_text", "Send", false, false),
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewInputBlock("files", slack.NewTextBlockObject("plain_text", "Files", false, false), nil,
			slack.NewFileInputBlockElement("files").WithMaxFiles(1).WithFileTypes("pdf"))}},
	}
	submitted := make(chan slack.InteractionCallback, 1)
	a := newApp(t, p, func(a *app, e socketmode.Event) {
		switch e.Type {
		case socketmode.EventTypeSlashCommand:
			if _, err := a.OpenView(e.Data.(slack.SlashCommand).TriggerID, asked); err != nil {
				t.Error(err)
			}
		case socketmode.EventTypeInteractive:
			submitted <- e.Data.(slack.InteractionCallback)
		default:
			return
		}
		a.ack(t, e)
	})
	if err := p.Slack().Command(playground.Command{Member: bram, Channel: "klachten", Command: "/klacht"}); err != nil {
		t.Fatal(err)
	}
	put := func(name string) json.RawMessage {
		t.Helper()
		file, err := p.Slack().Put(bram, name, []byte("%PDF an invented letter"))
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	submit := func(files ...json.RawMessage) map[string]string {
		t.Helper()
		values := map[string]map[string]json.RawMessage{"files": {"files": playground.Files(files...)}}
		if err := p.Slack().Submit(playground.Submit{Member: bram, Values: values}); err != nil {
			t.Fatal(err)
		}
		if stack := p.Slack().Views(bram); len(stack) > 0 {
			return stack[0].Errors
		}
		return nil
	}
	for name, files := range map[string][]json.RawMessage{
		"none": {}, "two": {put("a.pdf"), put("b.pdf")}, "another kind": {put("a.exe")}, "an invented one": {json.RawMessage(`{"id":"F99"}`)},
	} {
		if problems := submit(files...); len(problems) != 1 {
			t.Errorf("%s: %v", name, problems)
		}
	}
	if problems := submit(put("letter.pdf")); problems != nil {
		t.Fatal(problems)
	}
	sent := (<-submitted).View.State.Values["files"]["files"].Files
	if len(sent) != 1 || sent[0].Name != "letter.pdf" {
		t.Fatalf("the app got %+v", sent)
	}
	file, _, _, err := a.GetFileInfo(sent[0].ID, 0, 0)
	if err != nil || file.Size != 23 {
		t.Fatalf("%+v, %v", file, err)
	}
	var content strings.Builder
	if err := a.GetFile(file.URLPrivateDownload, &content); err != nil || content.String() != "%PDF an invented letter" {
		t.Errorf("%q, %v", content.String(), err)
	}
	stranger, err := http.Get(file.URLPrivate)
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Body.Close()
	if said, err := io.ReadAll(stranger.Body); err != nil || !strings.Contains(string(said), "Sign in") {
		t.Errorf("without the token: %s, %v", said, err)
	}
	noViolations(t, p)
}
