package playground

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// This file holds the limits of Block Kit as Slack's reference has them. The slack bot's tests use it too.

const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxViewSize      = 250 << 10 // bytes
)

// CheckBlocks says what Slack would not accept about the blocks of a message, in its own words ("must be less than 3001 characters
// [json-pointer:/blocks/0/text/text]"). Nothing: they are fine.
func CheckBlocks(blocks json.RawMessage) []string {
	c := &blockChecker{surface: "message"}
	c.blocks("/blocks", decode(blocks), maxMessageBlocks)
	return c.problems
}

// CheckView says what Slack would not accept about a modal or a home view.
func CheckView(view json.RawMessage) []string {
	c := &blockChecker{}
	v, ok := decode(view).(map[string]any)
	if !ok {
		return []string{"must provide an object [json-pointer:/view]"}
	}
	c.surface, _ = v["type"].(string)
	fields, known := viewFields[c.surface]
	if !known {
		c.say("/view/type", "unsupported type: %s", c.surface)
		return c.problems
	}
	c.object("/view", v, fields)
	if v["blocks"] != nil {
		c.blocks("/view/blocks", v["blocks"], maxViewBlocks)
	}
	if c.surface == "modal" && c.inputs > 0 && v["submit"] == nil {
		c.say("/view", "missing required field: submit")
	}
	return c.problems
}

// TextOf is everything that can be read in blocks or a view, in order, a line for each text.
func TextOf(blocks json.RawMessage) string {
	var lines []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			for _, name := range []string{"title", "label", "hint", "placeholder", "initial_value", "alt_text", "text", "fields", "accessory",
				"element", "elements", "options", "option_groups", "description", "confirm", "deny", "blocks", "submit", "close"} {
				if text, ok := v[name].(string); ok {
					lines = append(lines, text)
				} else {
					walk(v[name])
				}
			}
		}
	}
	walk(decode(blocks))
	return strings.Join(lines, "\n")
}

// decode reads JSON; what is none is nil, which no check accepts.
func decode(raw json.RawMessage) any {
	var v any
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil {
		return nil
	}
	return v
}

// blockChecker gathers problems.
type blockChecker struct {
	surface  string
	problems []string
	ids      map[string]bool
	inputs   int
	focused  int
}

func (c *blockChecker) say(at, format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

// check looks at one value.
type check func(c *blockChecker, at string, v any)

// field is a field of an object.
type field struct {
	check    check
	required bool
}

type fields map[string]field

func must(ch check) field { return field{ch, true} }
func may(ch check) field  { return field{ch, false} }

// object checks the fields of an object: none missing, none unknown, each as it should be.
func (c *blockChecker) object(at string, v map[string]any, known fields) {
	for _, name := range slices.Sorted(maps.Keys(known)) {
		value, given := v[name]
		switch {
		case given && value != nil:
			known[name].check(c, at+"/"+name, value)
		case known[name].required && given:
			c.say(at+"/"+name, "must not be null")
		case known[name].required:
			c.say(at, "missing required field: %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if _, ok := known[name]; !ok {
			c.say(at, "invalid additional property: %s", name)
		}
	}
}

func (c *blockChecker) blocks(at string, v any, most int) {
	list, ok := v.([]any)
	if !ok {
		c.say(at, "must provide an array")
		return
	}
	if len(list) > most {
		c.say(at, "no more than %d items allowed", most)
	}
	c.ids = map[string]bool{}
	for i, item := range list {
		here := at + "/" + strconv.Itoa(i)
		block, ok := item.(map[string]any)
		if !ok {
			c.say(here, "must provide an object")
			continue
		}
		kind, _ := block["type"].(string)
		known, ok := blockFields[kind]
		switch {
		case block["type"] == nil:
			c.say(here, "missing required field: type")
			continue
		case !ok, c.surface != "message" && kind == "markdown":
			c.say(here+"/type", "unsupported type: %s", kind)
			continue
		}
		if id, _ := block["block_id"].(string); id != "" {
			if c.ids[id] {
				c.say(here+"/block_id", "`block_id` %q already exists", id)
			}
			c.ids[id] = true
		}
		c.object(here, block, known)
		c.special(here, kind, block)
	}
}

// special checks what concerns more than one field.
func (c *blockChecker) special(at, kind string, block map[string]any) {
	switch kind {
	case "input":
		c.inputs++
	case "section":
		if block["text"] == nil && block["fields"] == nil {
			c.say(at, "missing required field: text")
		}
	case "image":
		if block["image_url"] == nil && block["slack_file"] == nil {
			c.say(at, "missing required field: image_url")
		}
	}
	seen := map[string]bool{}
	elements, _ := block["elements"].([]any)
	for i, item := range elements {
		element, _ := item.(map[string]any)
		id, _ := element["action_id"].(string)
		if id != "" && seen[id] {
			c.say(fmt.Sprintf("%s/elements/%d/action_id", at, i), "`action_id` %q already exists", id)
		}
		seen[id] = true
	}
}

func anything(*blockChecker, string, any) {}

func boolean(c *blockChecker, at string, v any) {
	if _, ok := v.(bool); !ok {
		c.say(at, "must provide a boolean")
	}
}

// str checks a string of 1 to most characters.
func str(most int) check { return strBetween(1, most) }

func strBetween(least, most int) check {
	return func(c *blockChecker, at string, v any) {
		s, ok := v.(string)
		n := utf8.RuneCountInString(s)
		switch {
		case !ok:
			c.say(at, "must provide a string")
		case n < least:
			c.say(at, "must be more than %d characters", least-1)
		case n > most:
			c.say(at, "must be less than %d characters", most+1)
		}
	}
}

func oneOf(values ...string) check {
	return func(c *blockChecker, at string, v any) {
		if s, _ := v.(string); !slices.Contains(values, s) {
			c.say(at, "value must be one of: %s", strings.Join(values, ", "))
		}
	}
}

func matching(pattern *regexp.Regexp, what string) check {
	return func(c *blockChecker, at string, v any) {
		if s, _ := v.(string); !pattern.MatchString(s) {
			c.say(at, "%s", what)
		}
	}
}

func integer(least, most float64) check {
	return func(c *blockChecker, at string, v any) {
		n, ok := v.(float64)
		switch {
		case !ok || n != float64(int64(n)):
			c.say(at, "must provide an integer")
		case n < least || n > most:
			c.say(at, "must be between %v and %v", least, most)
		}
	}
}

func link(c *blockChecker, at string, v any) {
	s, _ := v.(string)
	if u, err := url.Parse(s); err != nil || u.Scheme == "" || utf8.RuneCountInString(s) > 3000 {
		c.say(at, "must be a valid URL")
	}
}

// text checks a text object; plain says that it must be plain_text.
func text(most int, plain bool) check {
	return func(c *blockChecker, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			c.say(at, "must provide an object")
			return
		}
		kind, _ := o["type"].(string)
		known := fields{"type": must(anything), "text": must(str(most))}
		switch {
		case kind == "plain_text":
			known["emoji"] = may(boolean)
		case kind == "mrkdwn" && !plain:
			known["verbatim"] = may(boolean)
		default:
			c.say(at+"/type", "unsupported type: %s", kind)
			return
		}
		before := len(c.problems)
		c.object(at, o, known)
		if len(c.problems) > before && !plain {
			c.say(at, "failed to match all allowed schemas")
		}
	}
}

func list(least, most int, item check) check {
	return func(c *blockChecker, at string, v any) {
		items, ok := v.([]any)
		switch {
		case !ok:
			c.say(at, "must provide an array")
			return
		case len(items) < least:
			c.say(at, "must contain at least %d items", least)
		case len(items) > most:
			c.say(at, "no more than %d items allowed", most)
		}
		for i, one := range items {
			item(c, at+"/"+strconv.Itoa(i), one)
		}
	}
}

func composite(known fields) check {
	return func(c *blockChecker, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			c.say(at, "must provide an object")
			return
		}
		c.object(at, o, known)
	}
}

// element checks an element that is one of some kinds.
func element(kinds ...string) check {
	return func(c *blockChecker, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			c.say(at, "must provide an object")
			return
		}
		kind, _ := o["type"].(string)
		if o["type"] == nil {
			c.say(at, "missing required field: type")
			return
		}
		if kind == "plain_text" || kind == "mrkdwn" {
			if slices.Contains(kinds, kind) {
				text(2000, false)(c, at, v)
				return
			}
		}
		known, ok := elementFields[kind]
		if !ok || !slices.Contains(kinds, kind) {
			c.say(at+"/type", "unsupported type: %s", kind)
			return
		}
		c.object(at, o, known)
		c.choices(at, kind, o)
		if focus, _ := o["focus_on_load"].(bool); focus {
			if c.focused++; c.focused > 1 {
				c.say(at+"/focus_on_load", "only one element can have `focus_on_load` set to true")
			}
		}
	}
}

// choices checks that there are some, and that what is chosen at first is one of them.
func (c *blockChecker) choices(at, kind string, o map[string]any) {
	if kind != "static_select" && kind != "multi_static_select" && kind != "checkboxes" && kind != "radio_buttons" {
		return
	}
	options, _ := o["options"].([]any)
	groups, _ := o["option_groups"].([]any)
	if (o["options"] == nil) == (o["option_groups"] == nil) {
		c.say(at, "missing required field: options")
	}
	for _, g := range groups {
		group, _ := g.(map[string]any)
		more, _ := group["options"].([]any)
		options = append(options, more...)
	}
	chosen, _ := o["initial_options"].([]any)
	if one := o["initial_option"]; one != nil {
		chosen = append(chosen, one)
	}
	for _, one := range chosen {
		if !slices.ContainsFunc(options, func(option any) bool { return string(mustJSON(option)) == string(mustJSON(one)) }) {
			c.say(at, "`initial_option` must match exactly one of the options")
		}
	}
}
