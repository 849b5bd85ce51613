package playground

import (
	"maps"
	"regexp"
	"slices"
)

var (
	date      = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	timeOfDay = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)

	id           = may(str(255))
	plainText    = func(most int) check { return text(most, true) }
	placeholder  = may(plainText(150))
	focus        = may(boolean)
	confirmation = may(composite(fields{
		"title": may(plainText(100)), "text": must(text(300, false)), "confirm": may(plainText(30)), "deny": may(plainText(30)),
		"style": may(oneOf("primary", "danger")),
	}))
	users = may(list(0, 1000, str(255)))

	dispatchConfig = may(composite(fields{"trigger_actions_on": may(list(1, 2, oneOf("on_enter_pressed", "on_character_entered")))}))
	filter         = may(composite(fields{
		"include":                          may(list(1, 4, oneOf("im", "mpim", "private", "public"))),
		"exclude_external_shared_channels": may(boolean), "exclude_bot_users": may(boolean),
	}))
)

// option values are up to 150 characters in the current reference; older descriptions say 75.
func option(plain bool) check {
	return composite(fields{
		"text": must(text(75, plain)), "value": must(str(150)), "description": may(text(75, plain)), "url": may(link),
	})
}

func group(c *blockChecker, at string, v any) {
	composite(fields{"label": must(plainText(75)), "options": must(list(1, 100, option(true)))})(c, at, v)
}

// of makes the fields of an element: its type, and what else it may have.
func of(more fields) fields {
	all := fields{"type": must(anything), "action_id": id}
	maps.Copy(all, more)
	return all
}

var elementFields map[string]fields

var blockFields map[string]fields

var viewFields = map[string]fields{
	"modal": {
		"type": must(anything), "title": must(plainText(24)), "blocks": must(anything), "submit": may(plainText(24)), "close": may(plainText(24)),
		"private_metadata": may(strBetween(0, 3000)), "callback_id": may(strBetween(0, 255)), "external_id": may(strBetween(0, 255)),
		"clear_on_close": may(boolean), "notify_on_close": may(boolean), "submit_disabled": may(boolean),
	},
	"home": {
		"type": must(anything), "blocks": must(anything), "private_metadata": may(strBetween(0, 3000)), "callback_id": may(strBetween(0, 255)),
		"external_id": may(strBetween(0, 255)), "title": may(plainText(24)), "close": may(anything), "submit": may(anything),
		"clear_on_close": may(boolean), "notify_on_close": may(boolean),
	},
}

func init() {
	static := fields{
		"placeholder": placeholder, "options": may(list(1, 100, option(true))), "option_groups": may(list(1, 100, group)), "confirm": confirmation,
		"focus_on_load": focus,
	}
	with := func(base fields, more fields) fields {
		all := of(base)
		maps.Copy(all, more)
		return all
	}
	pick := fields{"placeholder": placeholder, "confirm": confirmation, "focus_on_load": focus}
	many := fields{"max_selected_items": may(integer(1, 1000))}
	input := fields{"placeholder": placeholder, "initial_value": may(strBetween(0, 3000)), "dispatch_action_config": dispatchConfig, "focus_on_load": focus}
	elementFields = map[string]fields{
		"button": of(fields{
			"text": must(plainText(75)), "url": may(link), "value": may(str(2000)), "style": may(oneOf("primary", "danger")), "confirm": confirmation,
			"accessibility_label": may(str(75)),
		}),
		"overflow":            of(fields{"options": must(list(1, 5, option(true))), "confirm": confirmation}),
		"static_select":       with(static, fields{"initial_option": may(anything)}),
		"multi_static_select": with(with(static, many), fields{"initial_options": may(list(1, 100, anything))}),
		"external_select":     with(pick, fields{"initial_option": may(option(true)), "min_query_length": may(integer(0, 100))}),
		"multi_external_select": with(with(pick, many), fields{
			"initial_options": may(list(1, 100, option(true))), "min_query_length": may(integer(0, 100)),
		}),
		"users_select":       with(pick, fields{"initial_user": may(str(255))}),
		"multi_users_select": with(with(pick, many), fields{"initial_users": users}),
		"conversations_select": with(pick, fields{
			"initial_conversation": may(str(255)), "default_to_current_conversation": may(boolean), "response_url_enabled": may(boolean), "filter": filter,
		}),
		"multi_conversations_select": with(with(pick, many), fields{
			"initial_conversations": users, "default_to_current_conversation": may(boolean), "filter": filter,
		}),
		"channels_select":       with(pick, fields{"initial_channel": may(str(255)), "response_url_enabled": may(boolean)}),
		"multi_channels_select": with(with(pick, many), fields{"initial_channels": users}),
		"datepicker":            with(pick, fields{"initial_date": may(matching(date, "must be a date like 2026-11-22"))}),
		"timepicker":            with(pick, fields{"initial_time": may(matching(timeOfDay, "must be a time like 09:30")), "timezone": may(str(255))}),
		"datetimepicker": of(fields{
			"initial_date_time": may(integer(1e9, 1e10-1)), "confirm": confirmation, "focus_on_load": focus,
		}),
		"checkboxes": of(fields{
			"options": may(list(1, 10, option(false))), "initial_options": may(list(1, 10, anything)), "confirm": confirmation, "focus_on_load": focus,
		}),
		"radio_buttons": of(fields{
			"options": may(list(1, 10, option(false))), "initial_option": may(anything), "confirm": confirmation, "focus_on_load": focus,
		}),
		"plain_text_input": with(input, fields{
			"multiline": may(boolean), "min_length": may(integer(0, 3000)), "max_length": may(integer(1, 3000)),
		}),
		"email_text_input": with(input, nil),
		"url_text_input":   with(input, nil),
		"number_input": with(input, fields{
			"is_decimal_allowed": must(boolean), "min_value": may(str(30)), "max_value": may(str(30)),
		}),
		"rich_text_input": of(fields{
			"placeholder": placeholder, "initial_value": may(anything), "dispatch_action_config": dispatchConfig, "focus_on_load": focus,
			"min_lines": may(integer(1, 100)), "max_lines": may(integer(1, 100)),
		}),
		"file_input": of(fields{"filetypes": may(list(1, 100, str(20))), "max_files": may(integer(1, 10))}),
		"image": {
			"type": must(anything), "image_url": may(link), "slack_file": may(anything), "alt_text": must(str(2000)),
		},
	}
	menus := []string{
		"static_select", "external_select", "users_select", "conversations_select", "channels_select", "multi_static_select", "multi_external_select", "multi_users_select",
		"multi_conversations_select", "multi_channels_select",
	}
	pickers := []string{"datepicker", "timepicker", "checkboxes", "radio_buttons"}
	inputs := slices.Concat([]string{
		"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input", "datetimepicker",
	}, menus, pickers)
	clickable := slices.Concat([]string{"button", "overflow"}, menus, pickers)
	accessories := slices.Concat(clickable, []string{"image"})
	actions := slices.Concat(clickable, []string{"datetimepicker", "rich_text_input"})
	block := func(more fields) fields {
		all := fields{"type": must(anything), "block_id": id}
		maps.Copy(all, more)
		return all
	}
	blockFields = map[string]fields{
		"section": block(fields{
			"text": may(text(3000, false)), "fields": may(list(1, 10, text(2000, false))), "accessory": may(element(accessories...)),
			"expand": may(boolean),
		}),
		"header":  block(fields{"text": must(plainText(150))}),
		"divider": block(nil),
		"context": block(fields{"elements": must(list(1, 10, element("image", "plain_text", "mrkdwn")))}),
		"actions": block(fields{"elements": must(list(1, 25, element(actions...)))}),
		"input": block(fields{
			"label": must(plainText(2000)), "element": must(element(inputs...)), "dispatch_action": may(boolean), "hint": may(plainText(2000)),
			"optional": may(boolean),
		}),
		"image": block(fields{
			"image_url": may(link), "slack_file": may(anything), "alt_text": must(str(2000)), "title": may(plainText(2000)),
		}),
		"rich_text": block(fields{"elements": must(list(1, 1000, anything))}),
		"markdown":  block(fields{"text": must(str(maxMarkdown))}),
	}
}
