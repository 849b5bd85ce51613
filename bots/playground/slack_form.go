package playground

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// textOf reads a JSON string; anything else is "".
func textOf(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s)
	return s
}

// fill starts the state of a view: what was filled in before under the same block_id and action_id stays.
func (v *view) fill(before map[string]map[string]json.RawMessage) {
	v.values = map[string]map[string]json.RawMessage{}
	for _, block := range v.blocks() {
		id, _ := block["block_id"].(string)
		for _, element := range elementsOf(block) {
			action, _ := element["action_id"].(string)
			state := initialState(element)
			if state == nil {
				continue
			}
			if kept, ok := before[id][action]; ok && textOf(fieldOf(kept, "type")) == element["type"] {
				state = kept
			}
			if v.values[id] == nil {
				v.values[id] = map[string]json.RawMessage{}
			}
			v.values[id][action] = state
		}
	}
}

func (v *view) blocks() []map[string]any {
	var blocks []map[string]any
	_ = json.Unmarshal(v.fields["blocks"], &blocks) // they were checked when they came
	return blocks
}

func fieldOf(raw json.RawMessage, name string) json.RawMessage {
	var o map[string]json.RawMessage
	_ = json.Unmarshal(raw, &o)
	return o[name]
}

// stateNames says where an element's state stands, and which field it starts from.
var stateNames = map[string][2]string{
	"plain_text_input":           {"value", "initial_value"},
	"email_text_input":           {"value", "initial_value"},
	"url_text_input":             {"value", "initial_value"},
	"number_input":               {"value", "initial_value"},
	"rich_text_input":            {"rich_text_value", "initial_value"},
	"static_select":              {"selected_option", "initial_option"},
	"external_select":            {"selected_option", "initial_option"},
	"radio_buttons":              {"selected_option", "initial_option"},
	"multi_static_select":        {"selected_options", "initial_options"},
	"multi_external_select":      {"selected_options", "initial_options"},
	"checkboxes":                 {"selected_options", "initial_options"},
	"users_select":               {"selected_user", "initial_user"},
	"multi_users_select":         {"selected_users", "initial_users"},
	"conversations_select":       {"selected_conversation", "initial_conversation"},
	"multi_conversations_select": {"selected_conversations", "initial_conversations"},
	"channels_select":            {"selected_channel", "initial_channel"},
	"multi_channels_select":      {"selected_channels", "initial_channels"},
	"datepicker":                 {"selected_date", "initial_date"},
	"timepicker":                 {"selected_time", "initial_time"},
	"datetimepicker":             {"selected_date_time", "initial_date_time"},
	"file_input":                 {"files", ""},
}

// initialState is the state of an element that nobody touched, or nil for one that has none.
func initialState(element map[string]any) json.RawMessage {
	kind, _ := element["type"].(string)
	names, ok := stateNames[kind]
	if !ok {
		return nil
	}
	value := element[names[1]]
	if value == "" {
		value = nil
	}
	if value == nil && strings.HasSuffix(names[0], "s") {
		value = []any{}
	}
	return mustJSON(object{"type": kind, names[0]: value})
}

// check says, by block_id, what Slack's own client would not send.
func (v *view) check() map[string]string {
	problems := map[string]string{}
	for _, block := range v.blocks() {
		if block["type"] != "input" {
			continue
		}
		id, _ := block["block_id"].(string)
		element := elementsOf(block)[0]
		action, _ := element["action_id"].(string)
		kind, _ := element["type"].(string)
		value := decode(fieldOf(v.values[id][action], stateNames[kind][0]))
		optional, _ := block["optional"].(bool)
		if list, isList := value.([]any); value == nil || value == "" || isList && len(list) == 0 {
			if !optional {
				problems[id] = "Please complete this required field."
			}
			continue
		}
		if list, isList := value.([]any); isList && kind == "file_input" {
			if problem := checkFiles(list, element); problem != "" {
				problems[id] = problem
			}
		}
		if text, ok := value.(string); ok {
			if problem := checkTyped(kind, text, element); problem != "" {
				problems[id] = problem
			}
		}
	}
	return problems
}

func checkTyped(kind, text string, element map[string]any) string {
	n := float64(utf8.RuneCountInString(text))
	least, _ := element["min_length"].(float64)
	most, limited := element["max_length"].(float64)
	switch kind {
	case "plain_text_input":
		switch {
		case n < least:
			return fmt.Sprintf("Please enter at least %v characters.", least)
		case limited && n > most || n > 3000:
			return "This is too long."
		}
	case "email_text_input":
		if a, err := mail.ParseAddress(text); err != nil || a.Address != text {
			return "Please enter a valid email address."
		}
	case "url_text_input":
		if u, err := url.Parse(text); err != nil || u.Host == "" {
			return "Please enter a valid URL."
		}
	case "number_input":
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return "Please enter a valid number."
		}
	}
	return ""
}

// keep takes over the state of the elements that the view has.
func (v *view) keep(values map[string]map[string]json.RawMessage) {
	for block, actions := range values {
		for action, state := range actions {
			if _, there := v.values[block][action]; there {
				v.values[block][action] = state
			}
		}
	}
}

// withBlockIDs gives each block and each clickable element an identity, where it has none, as Slack does. No blocks at all are nil.
func withBlockIDs(raw json.RawMessage) json.RawMessage {
	var blocks []map[string]any
	if err := json.Unmarshal(raw, &blocks); err != nil || len(blocks) == 0 {
		return nil
	}
	for _, block := range blocks {
		if id, _ := block["block_id"].(string); id == "" {
			block["block_id"] = shortID()
		}
		for _, element := range elementsOf(block) {
			if id, _ := element["action_id"].(string); id == "" && element["type"] != "image" {
				element["action_id"] = shortID()
			}
		}
	}
	return mustJSON(blocks)
}

// elementsOf lists the elements of a block that a person can work with.
func elementsOf(block map[string]any) []map[string]any {
	var list []map[string]any
	add := func(v any) {
		if element, ok := v.(map[string]any); ok {
			list = append(list, element)
		}
	}
	switch block["type"] {
	case "section":
		add(block["accessory"])
	case "input":
		add(block["element"])
	case "actions":
		elements, _ := block["elements"].([]any)
		for _, element := range elements {
			add(element)
		}
	}
	return list
}

const shortLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

func shortID() string {
	b := make([]byte, 5)
	for i := range b {
		b[i] = shortLetters[rand.IntN(len(shortLetters))]
	}
	return string(b)
}
