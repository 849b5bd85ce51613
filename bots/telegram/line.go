package telegram

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"websec.nl/gehoor/conversation"
	"websec.nl/gehoor/i18n"
)

// line is a message as it waits to be sent: the parameters of sendMessage (Bot API), but for the chat.
type line struct {
	Text   string `json:"text"`
	Markup any    `json:"reply_markup,omitempty"`
}

// json is the line as it is kept.
func (l line) json() []byte {
	raw, err := json.Marshal(l)
	if err != nil {
		panic(fmt.Sprintf("a line of strings: %v", err))
	}
	return raw
}

// to is the parameters of sendMessage that send a kept line to a chat.
func to(chat int64, kept []byte) []byte {
	params := make([]byte, 0, len(kept)+32)
	params = append(params, `{"chat_id":`...)
	params = strconv.AppendInt(params, chat, 10)
	params = append(params, ',')
	return append(params, kept[1:]...)
}

// mostText is how long a message may be, in UTF-16 units (Bot API, sendMessage).
const mostText = 4096

// lines makes messages of what the conversation says: one, or more where the text is too long for one. The buttons stand
// under the last.
func lines(say conversation.Say, l i18n.Language) [][]byte {
	texts := split(say.Text.In(l), mostText)
	all := make([][]byte, len(texts))
	for i, text := range texts {
		message := line{Text: text}
		if i == len(texts)-1 {
			message.Markup = markup(say, l)
		}
		all[i] = message.json()
	}
	return all
}

// markup is what Telegram shows under a message; nil: nothing.
func markup(say conversation.Say, l i18n.Language) any {
	switch {
	case len(say.Buttons) > 0:
		return buttons(say.Buttons, l)
	case say.Ask == conversation.AskTelephone:
		return &models.ReplyKeyboardMarkup{
			Keyboard:       [][]models.KeyboardButton{{{Text: conversation.ShareTelephone.In(l), RequestContact: true}}},
			ResizeKeyboard: true, OneTimeKeyboard: true,
		}
	case say.Ask == conversation.Remove:
		return &models.ReplyKeyboardRemove{RemoveKeyboard: true}
	}
	return nil
}

func buttons(rows [][]conversation.Button, l i18n.Language) any {
	all := make([][]button, len(rows))
	for i, row := range rows {
		all[i] = make([]button, len(row))
		for j, b := range row {
			all[i][j] = button{Text: b.Text.In(l), Link: b.Link}
			if b.Link == "" {
				all[i][j].Data = strconv.Itoa(b.Step) + ":" + b.Choice
			}
		}
	}
	return keyboard{all}
}

// keyboard is an InlineKeyboardMarkup. The library's own has more fields than we use, each of which costs at each step.
type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	Link string `json:"url,omitempty"`
}

// split cuts a text into pieces of at most most UTF-16 units: after a paragraph, else after a sentence, else after a word,
// else between two characters.
func split(text string, most int) []string {
	var pieces []string
	for units(text) > most {
		at := fit(text, most)
		for _, end := range []string{"\n\n", "\n", ". ", "? ", " "} {
			if i := strings.LastIndex(text[:at], end); i > at/2 {
				at = i + len(end)
				break
			}
		}
		pieces = append(pieces, strings.TrimRight(text[:at], " \n"))
		text = strings.TrimLeft(text[at:], " \n")
	}
	return append(pieces, text)
}

// units is the length of a text as Telegram counts it.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += width(r)
	}
	return n
}

func width(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// fit is the length in bytes of the longest beginning of text that has at most most units. It ends before a character that
// joins the one before it, such as an accent or the second half of an emoji.
func fit(text string, most int) int {
	n, at := 0, 0
	for i, r := range text {
		if n += width(r); n > most {
			break
		}
		at = i + utf8.RuneLen(r)
	}
	for at > 0 && at < len(text) {
		r, _ := utf8.DecodeRuneInString(text[at:])
		before, size := utf8.DecodeLastRuneInString(text[:at])
		if !joins(r) && before != zeroWidthJoiner {
			break
		}
		at -= size
	}
	return at
}
