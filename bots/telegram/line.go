package telegram

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"websec.nl/gehoor/conversation"
	"websec.nl/gehoor/i18n"
)

// A line is kept as the JSON of sendMessage's parameters (Bot API), but for the chat, so that nothing is left to be made when
// it is sent. What is no new message has a word before that: "edit", the number of the message whose place it takes, and the
// parameters; or "data" and a language, for all that is held on the person, which is fetched when it is sent; or "proposal", a language,
// a case and the number of an event, for a solution that was proposed, whose words are fetched then as well.
const (
	editWord = "edit "
	dataWord = "data "

	proposalWord = "proposal "
)

// line is a message as it waits to be sent. It is plain text: whatever people write in it, Telegram takes it as it is.
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
func to(chat int64, kept []byte) []byte { return paramsTo(chat, 0, kept) }

// paramsTo is a kept line's parameters for a chat, and for the message whose place it takes, if there is one.
func paramsTo(chat, message int64, kept []byte) []byte {
	params := make([]byte, 0, len(kept)+64)
	params = append(params, `{"chat_id":`...)
	params = strconv.AppendInt(params, chat, 10)
	if message != 0 {
		params = append(params, `,"message_id":`...)
		params = strconv.AppendInt(params, message, 10)
	}
	params = append(params, ',')
	return append(params, kept[1:]...)
}

// inPlace is a line that takes the place of a message.
func inPlace(message int64, line []byte) []byte {
	kept := append(make([]byte, 0, len(line)+32), editWord...)
	kept = append(strconv.AppendInt(kept, message, 10), ' ')
	return append(kept, line...)
}

// place says whose place a kept line takes, and what it is without that; 0: it is a new message.
func place(kept []byte) (message int64, line []byte) {
	rest, ok := bytes.CutPrefix(kept, []byte(editWord))
	if !ok {
		return 0, kept
	}
	number, line, _ := bytes.Cut(rest, []byte(" "))
	message, _ = strconv.ParseInt(string(number), 10, 64)
	return message, line
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

// split cuts a text into pieces of at most most UTF-16 units: after a paragraph, else after a line, else after a sentence,
// else after a word, else between two characters.
func split(text string, most int) []string {
	var pieces []string
	for i18n.Units(text) > most {
		at := fit(text, most)
		for _, ends := range [][]string{{"\n\n"}, {"\n"}, {". ", "? ", "! ", "… ", ".” ", "?” "}, {" "}} {
			best := 0
			for _, end := range ends {
				if i := strings.LastIndex(text[:at], end); i > at/2 {
					best = max(best, i+len(end))
				}
			}
			if best > 0 {
				at = best
				break
			}
		}
		pieces = append(pieces, strings.TrimRight(text[:at], " \n"))
		text = strings.TrimLeft(text[at:], " \n")
	}
	return append(pieces, text)
}

// fit is the length in bytes of the longest beginning of text that has at most most units. It ends before a character that
// joins the one before it, such as an accent or the second half of a flag, unless all of it joins.
func fit(text string, most int) int {
	n, at := 0, 0
	for i, r := range text {
		if n += utf16.RuneLen(r); n > most {
			break
		}
		at = i + utf8.RuneLen(r)
	}
	for end := at; end > 0; {
		if !inside(text, end) {
			return end
		}
		_, size := utf8.DecodeLastRuneInString(text[:end])
		end -= size
	}
	return at
}

// inside says whether a character that people see as one begins before at and ends after it.
func inside(text string, at int) bool {
	r, _ := utf8.DecodeRuneInString(text[at:])
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	if at == len(text) || !isFlag(r) || !isFlag(before) {
		return at < len(text) && (joins(r) || before == zeroWidthJoiner)
	}
	halves := 0
	for rest := text[:at]; isFlag(before); halves++ {
		rest = rest[:len(rest)-utf8.RuneLen(before)]
		before, _ = utf8.DecodeLastRuneInString(rest)
	}
	return halves%2 == 1
}

const zeroWidthJoiner = '\u200d'

// joins says whether a character belongs to the one before it: an accent, a tone of skin, a letter of a region's flag.
func joins(r rune) bool {
	return r == zeroWidthJoiner || unicode.In(r, unicode.M, unicode.Variation_Selector) || r >= 0x1F3FB && r <= 0x1F3FF ||
		r >= 0xE0020 && r <= 0xE007F
}

// isFlag says whether a character is half of a country's flag.
func isFlag(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }
