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

// line is a message of the conversation, as it waits to be sent.
type line struct {
	Text     string     `json:"t"`
	Buttons  [][]button `json:"b,omitempty"`
	Share    string     `json:"s,omitempty"` // label of a button that shares the person's telephone number
	Keyboard bool       `json:"k,omitempty"` // our keyboard is taken away
}

type button struct {
	Text string `json:"t"`
	Data string `json:"d,omitempty"`
	Link string `json:"l,omitempty"`
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
			message.Keyboard = say.Ask == conversation.Remove
			if say.Ask == conversation.AskTelephone {
				message.Share = conversation.ShareTelephone.In(l)
			}
			message.Buttons = buttons(say.Buttons, l)
		}
		raw, err := json.Marshal(message)
		if err != nil {
			panic(fmt.Sprintf("a line of strings: %v", err))
		}
		all[i] = raw
	}
	return all
}

func buttons(rows [][]conversation.Button, l i18n.Language) [][]button {
	var all [][]button
	for _, row := range rows {
		var ours []button
		for _, b := range row {
			one := button{Text: b.Text.In(l), Link: b.Link}
			if b.Link == "" {
				one.Data = strconv.Itoa(b.Step) + ":" + b.Choice
			}
			ours = append(ours, one)
		}
		all = append(all, ours)
	}
	return all
}

// markup is what Telegram shows under a line; nil: nothing.
func (l line) markup() models.ReplyMarkup {
	switch {
	case len(l.Buttons) > 0:
		rows := make([][]models.InlineKeyboardButton, len(l.Buttons))
		for i, row := range l.Buttons {
			for _, b := range row {
				rows[i] = append(rows[i], models.InlineKeyboardButton{Text: b.Text, CallbackData: b.Data, URL: b.Link})
			}
		}
		return &models.InlineKeyboardMarkup{InlineKeyboard: rows}
	case l.Share != "":
		return &models.ReplyKeyboardMarkup{
			Keyboard:       [][]models.KeyboardButton{{{Text: l.Share, RequestContact: true}}},
			ResizeKeyboard: true, OneTimeKeyboard: true,
		}
	case l.Keyboard:
		return &models.ReplyKeyboardRemove{RemoveKeyboard: true}
	}
	return nil
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
