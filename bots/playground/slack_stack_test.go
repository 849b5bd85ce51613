package playground_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"websec.nl/gehoor/bots/playground"
)

// pile is a form with one button, and a box that may be ticked.
func pile(title string) slack.ModalViewRequest {
	tick := slack.NewOptionBlockObject("yes", slack.NewTextBlockObject("plain_text", "Yes", false, false), nil)
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: slack.NewTextBlockObject("plain_text", title, false, false),
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewActionBlock("b",
			slack.NewButtonBlockElement("more", "", slack.NewTextBlockObject("plain_text", "More", false, false)),
			slack.NewCheckboxGroupsBlockElement("tick", tick))}},
	}
}

func TestThreeFormsLieOnEachOtherAndNoFourth(t *testing.T) {
	p := start(t, playground.Options{})
	var mu sync.Mutex
	var refused error
	a := newApp(t, p, func(a *app, e socketmode.Event) {
		switch e.Type {
		case socketmode.EventTypeSlashCommand:
			if _, err := a.OpenView(e.Data.(slack.SlashCommand).TriggerID, pile("one")); err != nil {
				t.Error(err)
			}
		case socketmode.EventTypeInteractive:
			in := e.Data.(slack.InteractionCallback)
			switch in.ActionCallback.BlockActions[0].ActionID {
			case "more":
				_, err := a.PushView(in.TriggerID, pile("one more"))
				mu.Lock()
				refused = err
				mu.Unlock()
			case "tick":
				if _, err := a.UpdateView(pile(in.ActionCallback.BlockActions[0].SelectedOptions[0].Value+" it is"), "", in.View.Hash, in.View.ID); err != nil {
					t.Error(err)
				}
			}
		default:
			return
		}
		a.ack(t, e)
	})
	if _, err := a.PushView("1.2.3", pile("nothing under it")); !saidError(err, "invalid_trigger_id") {
		t.Errorf("with an invented trigger: %v", err)
	}
	if err := p.Slack().Command(playground.Command{Member: bram, Channel: "klachten", Command: "/klacht"}); err != nil {
		t.Fatal(err)
	}
	more := func() error {
		stack := p.Slack().Views(bram)
		return p.Slack().Click(playground.Click{Member: bram, View: stack[len(stack)-1].ID, ActionID: "more"})
	}
	for range 3 {
		if err := more(); err != nil {
			t.Fatal(err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if !saidError(refused, "push_limit_reached") || len(p.Slack().Views(bram)) != 3 {
		t.Errorf("%d forms, %v", len(p.Slack().Views(bram)), refused)
	}
	stack := p.Slack().Views(bram)
	if err := p.Slack().Click(playground.Click{Member: bram, View: stack[0].ID, ActionID: "more"}); err == nil {
		t.Error("a form under another was clicked")
	}
	tick := playground.Click{Member: bram, View: stack[2].ID, ActionID: "tick"}
	tick.SelectedOptions = json.RawMessage(`[{"text":{"type":"plain_text","text":"No"},"value":"no"}]`)
	if err := p.Slack().Click(tick); err == nil || !strings.Contains(err.Error(), "no option") {
		t.Errorf("what can't be chosen was chosen: %v", err)
	}
	tick.SelectedOptions = json.RawMessage("[" + string(playground.Option("Yes", "yes")) + "]")
	if err := p.Slack().Click(tick); err != nil {
		t.Fatal(err)
	}
	if top := p.Slack().Views(bram)[2]; top.Title != "yes it is" {
		t.Errorf("the form is %q", top.Title)
	}
	noViolations(t, p)
}
