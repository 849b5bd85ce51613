package playground

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Chosen is what a person filled in or chose, in the field that Slack uses for that kind of element.
type Chosen struct {
	Value                 json.RawMessage `json:"value,omitempty"`
	RichText              json.RawMessage `json:"rich_text_value,omitempty"`
	SelectedOption        json.RawMessage `json:"selected_option,omitempty"`
	SelectedOptions       json.RawMessage `json:"selected_options,omitempty"`
	SelectedUser          json.RawMessage `json:"selected_user,omitempty"`
	SelectedUsers         json.RawMessage `json:"selected_users,omitempty"`
	SelectedConversation  json.RawMessage `json:"selected_conversation,omitempty"`
	SelectedConversations json.RawMessage `json:"selected_conversations,omitempty"`
	SelectedChannel       json.RawMessage `json:"selected_channel,omitempty"`
	SelectedChannels      json.RawMessage `json:"selected_channels,omitempty"`
	SelectedDate          json.RawMessage `json:"selected_date,omitempty"`
	SelectedTime          json.RawMessage `json:"selected_time,omitempty"`
	SelectedDateTime      json.RawMessage `json:"selected_date_time,omitempty"`
}

// Click is a click on a button, or a choice that is told at once. Where it is: in a message (Channel and TS) or in a view (View).
type Click struct {
	Member   string `json:"member"`
	Channel  string `json:"channel"` // name or ID
	TS       string `json:"ts"`
	View     string `json:"view"`
	BlockID  string `json:"block_id"` // may be left out where the action_id says enough
	ActionID string `json:"action_id"`
	Chosen
	State struct {
		Values map[string]map[string]json.RawMessage `json:"values"`
	} `json:"state"`
}

// Option is a choice for Chosen: a text and its value.
func Option(text, value string) json.RawMessage {
	return mustJSON(object{"text": object{"type": "plain_text", "text": text, "emoji": true}, "value": value})
}

// Typed is the state of an input that a person typed into: kind is "plain_text_input" and the like.
func Typed(kind, value string) json.RawMessage { return mustJSON(object{"type": kind, "value": value}) }

// OptionNamed finds an option of an element in blocks by its value, and returns it as Slack sends it.
func OptionNamed(blocks json.RawMessage, actionID, value string) (json.RawMessage, error) {
	var list []map[string]any
	if err := json.Unmarshal(blocks, &list); err != nil {
		return nil, fmt.Errorf("read blocks: %w", err)
	}
	for _, block := range list {
		for _, element := range elementsOf(block) {
			if element["action_id"] != actionID {
				continue
			}
			for _, option := range optionsOf(element) {
				if option["value"] == value {
					return mustJSON(option), nil
				}
			}
		}
	}
	return nil, fmt.Errorf("there is no option %q of %s", value, actionID)
}

func optionsOf(element map[string]any) []map[string]any {
	var list []map[string]any
	add := func(v any) {
		options, _ := v.([]any)
		for _, o := range options {
			if option, ok := o.(map[string]any); ok {
				list = append(list, option)
			}
		}
	}
	add(element["options"])
	groups, _ := element["option_groups"].([]any)
	for _, g := range groups {
		if group, ok := g.(map[string]any); ok {
			add(group["options"])
		}
	}
	return list
}

// user is a member as payloads name them.
func (s *Slack) user(m *Member) object {
	return object{"id": m.ID, "username": m.handle(), "name": m.handle(), "team_id": TeamID}
}

func (s *Slack) team() object { return object{"id": TeamID, "domain": teamDomain} }

// active finds a member who can act.
func (s *Slack) active(id string) (*Member, error) {
	m := s.member(id)
	if m == nil {
		return nil, fmt.Errorf("there is no member %q", id)
	}
	if m.Deleted {
		return nil, fmt.Errorf("%s is deactivated", m.Name)
	}
	return m, nil
}

// Click does a click, and waits until the app has acknowledged it. An error is what the person sees: a warning beside the button.
func (s *Slack) Click(c Click) error {
	s.mu.Lock()
	payload, err := s.clickPayload(&c)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	if _, err := s.interact(interaction(payload)); err != nil {
		return fmt.Errorf("Slack shows a warning beside the button: %w", err)
	}
	return nil
}

func (s *Slack) clickPayload(c *Click) (object, error) {
	m, err := s.active(c.Member)
	if err != nil {
		return nil, err
	}
	payload := object{
		"type": "block_actions", "user": s.user(m), "api_app_id": AppID, "token": "invented", "team": s.team(), "enterprise": nil,
		"is_enterprise_install": false, "trigger_id": s.newTrigger(m.ID),
	}
	var blocks json.RawMessage
	if c.View != "" {
		blocks, err = s.clickInView(c, payload)
	} else {
		blocks, err = s.clickInMessage(c, payload)
	}
	if err != nil {
		return nil, err
	}
	block, element, err := findElement(blocks, c.BlockID, c.ActionID)
	if err != nil {
		return nil, err
	}
	action, err := c.action(block, element)
	if err != nil {
		return nil, err
	}
	action["action_ts"] = s.ts()
	payload["actions"] = []object{action}
	if v := s.views[c.View]; v != nil {
		kind, _ := element["type"].(string)
		if name := stateNames[kind][0]; name != "" {
			v.values[action["block_id"].(string)][action["action_id"].(string)] = mustJSON(object{"type": kind, name: action[name]})
		}
		payload["view"] = s.viewObject(v)
	}
	return payload, nil
}

// clickInView adds where the click was, and keeps what is filled in by now.
func (s *Slack) clickInView(c *Click, payload object) (json.RawMessage, error) {
	v := s.views[c.View]
	if v == nil || v.member != c.Member {
		return nil, errors.New("this form is not open any more")
	}
	if stack := s.stacks[c.Member]; v.kind == "modal" && stack[len(stack)-1] != v {
		return nil, errors.New("another form lies on top of this one")
	}
	v.keep(s.withFiles(c.Member, c.State.Values))
	payload["container"] = object{"type": "view", "view_id": v.id}
	return v.fields["blocks"], nil
}

func (s *Slack) clickInMessage(c *Click, payload object) (json.RawMessage, error) {
	channel := s.byName(c.Channel)
	if channel == nil || !channel.has(c.Member) {
		return nil, fmt.Errorf("%s is not in the channel", c.Member)
	}
	m := channel.byTS[c.TS]
	if m == nil || m.Ephemeral != "" && m.Ephemeral != c.Member {
		return nil, errors.New("this message is gone")
	}
	name := channel.Name
	if len(channel.With) == 1 {
		name = "directmessage"
	}
	payload["channel"] = object{"id": channel.ID, "name": name}
	payload["container"] = object{"type": "message", "message_ts": m.TS, "channel_id": channel.ID, "is_ephemeral": m.Ephemeral != ""}
	payload["message"] = m.object()
	payload["response_url"] = s.respondTo(c.Member, channel.ID, m.TS)
	state := &view{fields: map[string]json.RawMessage{"blocks": m.Blocks}}
	state.fill(nil)
	state.keep(c.State.Values)
	payload["state"] = object{"values": state.values}
	return m.Blocks, nil
}

func findElement(blocks json.RawMessage, blockID, actionID string) (block, element map[string]any, err error) {
	var list []map[string]any
	if len(blocks) > 0 {
		if err := json.Unmarshal(blocks, &list); err != nil {
			return nil, nil, fmt.Errorf("read blocks: %w", err)
		}
	}
	for _, b := range list {
		if blockID != "" && b["block_id"] != blockID {
			continue
		}
		for _, e := range elementsOf(b) {
			if e["action_id"] == actionID {
				return b, e, nil
			}
		}
	}
	return nil, nil, fmt.Errorf("there is nothing to click called %q", actionID)
}

// action is what block_actions says about one element.
func (c *Click) action(block, element map[string]any) (object, error) {
	kind, _ := element["type"].(string)
	if dispatches, _ := block["dispatch_action"].(bool); block["type"] == "input" && !dispatches {
		return nil, errors.New("this field is sent with the form, not by itself")
	}
	action := object{"type": kind, "block_id": block["block_id"], "action_id": element["action_id"]}
	chosen := map[string]json.RawMessage{}
	if err := json.Unmarshal(mustJSON(c.Chosen), &chosen); err != nil {
		return nil, err
	}
	copyOf := func(names ...string) {
		for _, name := range names {
			if element[name] != nil {
				action[name] = element[name]
			}
		}
	}
	switch kind {
	case "button":
		copyOf("text", "value", "style", "url", "confirm")
		return action, nil
	case "overflow":
		return action, c.choose(action, element)
	}
	name := stateNames[kind][0]
	if name == "" {
		return nil, fmt.Errorf("a %s can't be clicked", kind)
	}
	action[name] = json.RawMessage("null")
	if value, given := chosen[name]; given {
		action[name] = value
	}
	copyOf("placeholder", "initial_option", "initial_options", "confirm")
	switch kind {
	case "checkboxes", "multi_static_select":
		return action, c.chooseSome(action, element)
	case "static_select", "radio_buttons":
		if string(c.SelectedOption) == "null" {
			return action, nil
		}
		return action, c.choose(action, element)
	}
	return action, nil
}

// choose makes sure that what is chosen is one of the options.
func (c *Click) choose(action object, element map[string]any) error {
	value := textOf(fieldOf(c.SelectedOption, "value"))
	for _, option := range optionsOf(element) {
		if option["value"] == value {
			action["selected_option"] = option
			return nil
		}
	}
	return fmt.Errorf("there is no option %q", value)
}

// chooseSome makes sure that all that is chosen is among the options.
func (c *Click) chooseSome(action object, element map[string]any) error {
	var given []json.RawMessage
	if len(c.SelectedOptions) > 0 && json.Unmarshal(c.SelectedOptions, &given) != nil {
		return errors.New("what is chosen is a list of options")
	}
	chosen := []any{}
	for _, one := range given {
		pick := object{}
		if err := (&Click{Chosen: Chosen{SelectedOption: one}}).choose(pick, element); err != nil {
			return err
		}
		chosen = append(chosen, pick["selected_option"])
	}
	action["selected_options"] = chosen
	return nil
}
