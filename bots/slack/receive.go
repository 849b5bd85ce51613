package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"websec.nl/gehoor/cases/postgres"
)

// The kinds of delivery, as Socket Mode names them.
const (
	kindEvent       = "events_api"
	kindInteraction = "interactive"
	kindCommand     = "slash_commands"
)

// delivery is something that Slack hands over and wants acknowledged within three seconds.
type delivery struct {
	kind     string
	payload  json.RawMessage
	envelope string // of Socket Mode; names the delivery where nothing better does
}

// handleWithin bounds the work on one delivery, what follows its acknowledgement included.
const handleWithin = 12 * time.Second

// reply acknowledges one delivery, once.
type reply struct {
	send func(payload any) error
	done bool
}

func (r *reply) ack(payload any) error {
	if r.done {
		return nil
	}
	r.done = true
	return r.send(payload)
}

// handle does what a delivery asks for and acknowledges it, in that order. What could not be kept is not acknowledged: Slack
// delivers an event again, and shows a member that their click did nothing.
func (b *Bot) handle(d delivery, send func(payload any) error) {
	b.hand.RLock()
	defer b.hand.RUnlock()
	ctx, cancel := context.WithTimeout(context.Background(), handleWithin)
	defer cancel()
	r := &reply{send: send}
	err := b.guarded(func() error { return b.dispatch(ctx, d, r) })
	if err == nil {
		err = r.ack(nil)
	}
	if err != nil {
		b.log.Error("slack: a delivery was not handled", append([]any{"kind", d.kind, "acknowledged", r.done}, why(err)...)...)
	}
}

// guarded makes an error of a panic, so that one delivery cannot stop the program.
func (b *Bot) guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			b.log.Error("slack: panic", "stack", string(debug.Stack()))
			err = errors.New("panic")
		}
	}()
	return f()
}

func (b *Bot) dispatch(ctx context.Context, d delivery, r *reply) error {
	switch d.kind {
	case kindEvent:
		var e event
		if json.Unmarshal(d.payload, &e) != nil {
			return errors.New("an event that can't be read")
		}
		return b.happened(ctx, e, r)
	case kindInteraction:
		var i interaction
		if json.Unmarshal(d.payload, &i) != nil {
			return errors.New("an interaction that can't be read")
		}
		if i.TriggerID == "" {
			i.TriggerID = d.envelope
		}
		return b.interaction(ctx, i, r)
	case kindCommand:
		var c command
		if json.Unmarshal(d.payload, &c) != nil {
			return errors.New("a command that can't be read")
		}
		return b.command(ctx, c, r)
	}
	return fmt.Errorf("a delivery of the unknown kind %q", d.kind)
}

// interaction is a press of a button or a form that was sent. Of all that Slack sends with it, this is what we read.
type interaction struct {
	Type       string `json:"type"`
	TriggerID  string `json:"trigger_id"`
	CallbackID string `json:"callback_id"` // of a shortcut
	User       struct {
		ID string `json:"id"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Message struct { // that a shortcut was used on, or in which a button was pressed
		User  string `json:"user"`
		BotID string `json:"bot_id"`
		Text  string `json:"text"`
		TS    string `json:"ts"`
	} `json:"message"`
	Actions []pressedButton `json:"actions"`
	View    struct {
		ID              string `json:"id"`
		Type            string `json:"type"` // modal, home
		CallbackID      string `json:"callback_id"`
		PrivateMetadata string `json:"private_metadata"`
		State           struct {
			Values map[string]map[string]fieldValue `json:"values"`
		} `json:"state"`
	} `json:"view"`
}

// pressedButton is what was pressed.
type pressedButton struct {
	ActionID string `json:"action_id"`
	BlockID  string `json:"block_id"` // of the row that it stands in
	Value    string `json:"value"`
}

// fieldValue is what a field of a form holds, whichever its sort.
type fieldValue struct {
	Value            *string `json:"value"`
	SelectedUser     string  `json:"selected_user"`
	SelectedDate     string  `json:"selected_date"`
	SelectedDateTime int64   `json:"selected_date_time"`
	SelectedOption   *struct {
		Value string `json:"value"`
	} `json:"selected_option"`
	SelectedOptions []struct {
		Value string `json:"value"`
	} `json:"selected_options"`
	Files []putFile `json:"files"`
}

// text is the value as text; of several that were chosen, all of them with spaces between.
func (v fieldValue) text() string {
	switch {
	case v.Value != nil:
		return strings.TrimSpace(*v.Value)
	case v.SelectedOption != nil:
		return v.SelectedOption.Value
	case v.SelectedDateTime != 0:
		return fmt.Sprint(v.SelectedDateTime)
	}
	var chosen []string
	for _, o := range v.SelectedOptions {
		chosen = append(chosen, o.Value)
	}
	return v.SelectedUser + v.SelectedDate + strings.Join(chosen, " ")
}

// fields are the values of a form by the names of its fields.
func (i interaction) fields() map[string]string {
	all := make(map[string]string, len(i.View.State.Values))
	for name, values := range i.View.State.Values {
		all[name] = values[fieldAction].text()
	}
	return all
}

// claim names the interaction in the store. Slack makes a new trigger for each press.
func (i interaction) claim() postgres.Claim { return postgres.Claim{Source: "slack", ID: i.TriggerID} }

func (b *Bot) interaction(ctx context.Context, i interaction, r *reply) error {
	switch {
	case i.Type == "block_actions" && len(i.Actions) > 0 && i.Actions[0].ActionID == actEnter:
		return b.enter(ctx, i, r, i.Actions[0].Value)
	case i.Type == "block_actions" && len(i.Actions) > 0 && strings.HasPrefix(i.Actions[0].ActionID, actPage):
		return b.turnList(ctx, i, r)
	case i.Type == "block_actions" && len(i.Actions) > 0:
		return b.pressed(ctx, i, r)
	case i.Type == "message_action":
		return b.shortcut(ctx, i, r)
	case i.Type == "view_submission":
		return b.submitted(ctx, i, r)
	}
	return r.ack(nil)
}
