package playground

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// replyMarkup is what a bot puts under its messages or in the place of the keyboard.
type replyMarkup struct {
	buttons [][]Button
	keys    [][]Key
	remove  bool
	force   bool
}

// fixed reports whether a message with this markup can never be edited.
func (m *replyMarkup) fixed() bool { return m.keys != nil || m.remove || m.force }

// apply changes the keyboard of the telephone. The caller holds the lock.
func (m *replyMarkup) apply(c *chat) {
	switch {
	case m.keys != nil:
		c.keyboard = m.keys
	case m.remove:
		c.keyboard = nil
	}
}

type rawButton struct {
	Text         string  `json:"text"`
	CallbackData *string `json:"callback_data"`
	URL          string  `json:"url"`
	CopyText     *struct {
		Text string `json:"text"`
	} `json:"copy_text"`
}

type rawKey struct {
	Text           string
	RequestContact bool
}

// UnmarshalJSON accepts a plain string as well: the Bot API does.
func (k *rawKey) UnmarshalJSON(raw []byte) error {
	if raw[0] == '"' {
		return json.Unmarshal(raw, &k.Text)
	}
	var object struct {
		Text           string `json:"text"`
		RequestContact bool   `json:"request_contact"`
	}
	err := json.Unmarshal(raw, &object)
	k.Text, k.RequestContact = object.Text, object.RequestContact
	return err
}

const maxButtons = 100

// parseMarkup reads reply_markup and refuses what the real service refuses.
func parseMarkup(text string) (*replyMarkup, *refusal) {
	if text == "" {
		return &replyMarkup{}, nil
	}
	var raw struct {
		Inline [][]rawButton `json:"inline_keyboard"`
		Keys   [][]rawKey    `json:"keyboard"`
		Remove bool          `json:"remove_keyboard"`
		Force  bool          `json:"force_reply"`
	}
	if text[0] != '{' {
		return nil, badRequest("object expected as reply markup")
	}
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return nil, badRequest("can't parse reply keyboard markup JSON object")
	}
	markup := &replyMarkup{remove: raw.Remove, force: raw.Force}
	count := 0
	for _, row := range raw.Inline {
		var buttons []Button
		for _, b := range row {
			button, refused := b.check()
			if refused != nil {
				return nil, refused
			}
			buttons = append(buttons, button)
		}
		if count += len(buttons); len(buttons) > 0 {
			markup.buttons = append(markup.buttons, buttons)
		}
	}
	for _, row := range raw.Keys {
		var keys []Key
		for _, k := range row {
			if k.Text == "" {
				return nil, badRequest("keyboard button text must be non-empty")
			}
			keys = append(keys, Key(k))
		}
		if count += len(keys); len(keys) > 0 {
			markup.keys = append(markup.keys, keys)
		}
	}
	if count > maxButtons {
		return nil, badRequest("reply markup is too long")
	}
	return markup, nil
}

// check refuses a button as the real service does: an empty copy_text beside something else is let through, alone it is not.
func (b *rawButton) check() (Button, *refusal) {
	if b.Text == "" {
		return Button{}, badRequest("inline keyboard button text must be non-empty")
	}
	switch {
	case b.URL != "":
		if !validButtonURL(b.URL) {
			return Button{}, badRequest("inline keyboard button URL '" + b.URL + "' is invalid: Wrong HTTP URL")
		}
		return Button{Text: b.Text, URL: b.URL}, nil
	case b.CallbackData != nil && *b.CallbackData != "":
		if len(*b.CallbackData) > 64 {
			return Button{}, badRequest("BUTTON_DATA_INVALID")
		}
		return Button{Text: b.Text, Data: *b.CallbackData}, nil
	case b.CopyText != nil:
		if n := units(b.CopyText.Text); n == 0 || n > 256 {
			return Button{}, badRequest("BUTTON_COPY_TEXT_INVALID")
		}
		return Button{Text: b.Text}, nil
	}
	return Button{}, badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
}

// validButtonURL: a host without a dot (localhost) is refused by the real service.
func validButtonURL(text string) bool {
	u, err := url.Parse(text)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "tg", "ton", "tonsite":
		return true
	case "http", "https":
		return strings.Contains(u.Hostname(), ".") || strings.Contains(u.Hostname(), ":")
	}
	return false
}

// equals reports whether an edit changed nothing that is seen.
func (m *Message) equals(other *Message) bool {
	return m.Text == other.Text && slices.Equal(m.Entities, other.Entities) &&
		slices.EqualFunc(m.Buttons, other.Buttons, func(a, b []Button) bool { return slices.Equal(a, b) })
}
