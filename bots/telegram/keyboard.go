package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// A question that was answered loses its buttons, so that nobody presses what has no meaning any more. That takes a request
// of its own, which Telegram counts like a message: it is made beside what is kept, where there is room for it, and where it
// gets lost the buttons stay, and a press of them gets its answer. Buttons that are never old (step 0) stay until what they ask for is settled.

// A keyboard is taken away where its chat has room for more than what may have to be said next, and where over all chats there
// are fewer than spare sends a second, which is half of what Telegram takes.
const (
	spare      rate.Limit = 15
	spareBurst            = 15
	spareLeft             = 5 // of the burst, for messages
	roomLeft              = 2 // of a chat's
	lookAgain             = time.Second
)

// tidy takes away a keyboard in a chat whose question is not open any more, if there is room for that, and sees to it that
// what is left is looked at later.
func (b *Bot) tidy(chat int64) {
	m := &b.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, is := m.stale[chat]; !is {
		return
	}
	b.tidyOne(chat, time.Now())
	if len(m.stale) > 0 && !m.timed {
		m.timed = true
		time.AfterFunc(lookAgain, b.tidyAll)
	}
}

func (b *Bot) tidyAll() {
	m := &b.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	for chat := range m.stale {
		if !b.tidyOne(chat, now) {
			break
		}
	}
	if m.timed = len(m.stale) > 0; m.timed {
		time.AfterFunc(lookAgain, b.tidyAll)
	}
}

// tidyOne takes away one keyboard in a chat that has stale ones; false: there is no room for more, in whichever chat. The
// caller holds the memory's lock.
func (b *Bot) tidyOne(chat int64, now time.Time) bool {
	m := &b.memory
	c := m.chats[chat]
	if c.roomAt(now) < roomLeft {
		return true
	}
	if now.Before(m.until) || b.room.TokensAt(now) < spareLeft || !b.room.AllowN(now, 1) {
		return false
	}
	at := slices.IndexFunc(c.boards, func(one board) bool { return one.step < c.step })
	one := c.boards[at]
	c.boards = slices.Delete(c.boards, at, at+1)
	c.spend(now)
	m.look(chat, c)
	b.aside(func(ctx context.Context) { b.takeAway(ctx, chat, one) })
	return true
}

// takeAway leaves under a message only what is never old.
func (b *Bot) takeAway(ctx context.Context, chat int64, one board) {
	rest := one.markup
	if one.step != atOnce {
		rest = restOf(rest)
	}
	params := make([]byte, 0, 64+len(rest))
	params = append(params, `{"chat_id":`...)
	params = strconv.AppendInt(params, chat, 10)
	params = append(params, `,"message_id":`...)
	params = strconv.AppendInt(params, one.message, 10)
	if rest != nil {
		params = append(params, `,"reply_markup":`...)
		params = append(params, rest...)
	}
	_, err := b.call(ctx, "editMessageReplyMarkup", append(params, '}'))
	if err == nil {
		return
	}
	b.log.Debug("telegram: buttons were not taken away", "err", b.hush(err))
	if refused, ok := err.(*apiError); ok && refused.retryAfter() > 0 {
		b.memory.mu.Lock()
		b.memory.until = time.Now().Add(refused.retryAfter())
		b.memory.mu.Unlock()
	}
}

var ( // no text can hold these: there a quotation mark is escaped
	dataKey   = []byte(`"callback_data":"`)
	markupKey = []byte(`,"reply_markup":`)
)

// boardOf says to which step the buttons under a line belong, and what they are where some of them are never old; 0: to none.
func boardOf(sent []byte) (step int, markup []byte) {
	for at := sent; ; {
		i := bytes.Index(at, dataKey)
		if i < 0 {
			return 0, nil
		}
		at = at[i+len(dataKey):]
		if step = stepOf(at); step > 0 {
			break
		}
	}
	if i := bytes.Index(sent, markupKey); i >= 0 {
		markup = lasting(sent[i+len(markupKey) : len(sent)-1])
	}
	return step, markup
}

// lasting is a keyboard in which buttons may be that are never old, which is seldom; nil: there are none.
func lasting(markup []byte) []byte {
	if !bytes.Contains(markup, []byte(`"0:`)) && !bytes.Contains(markup, []byte(`"url"`)) {
		return nil
	}
	return bytes.Clone(markup)
}

// stepOf reads the number that the data of a button begins with; 0: none.
func stepOf(data []byte) (step int) {
	for _, digit := range data {
		if digit < '0' || digit > '9' || step > 1<<40 {
			break
		}
		step = step*10 + int(digit-'0')
	}
	return step
}

// restOf is what stays of a keyboard when its question is over: the buttons that are never old; nil: none.
func restOf(markup []byte) []byte {
	var all keyboard
	if markup == nil || json.Unmarshal(markup, &all) != nil {
		return nil
	}
	var rest keyboard
	for _, row := range all.Rows {
		if row = slices.DeleteFunc(row, func(b button) bool { return b.Link == "" && !strings.HasPrefix(b.Data, "0:") }); len(row) > 0 {
			rest.Rows = append(rest.Rows, row)
		}
	}
	if rest.Rows == nil {
		return nil
	}
	kept, _ := json.Marshal(rest)
	return kept
}

// without is what stays of a keyboard without the buttons that are never old and have one of certain choices; nil: nothing does.
// It says whether there is less of it.
func without(markup []byte, choices []string) (rest []byte, less bool) {
	var all, left keyboard
	if json.Unmarshal(markup, &all) != nil {
		return nil, false
	}
	for _, row := range all.Rows {
		kept := slices.DeleteFunc(slices.Clone(row), func(b button) bool {
			choice, ever := strings.CutPrefix(b.Data, "0:")
			return ever && slices.Contains(choices, choice)
		})
		less = less || len(kept) < len(row)
		if len(kept) > 0 {
			left.Rows = append(left.Rows, kept)
		}
	}
	if left.Rows != nil {
		rest, _ = json.Marshal(left)
	}
	return rest, less
}

// numberOfMessage reads from the answer of Telegram which number it gave to a message; 0: it does not say.
func numberOfMessage(answer []byte) int64 {
	if rest, ok := bytes.CutPrefix(answer, sentAs); ok { // as Telegram writes it
		return int64(stepOf(rest))
	}
	var said struct {
		Result struct {
			ID int64 `json:"message_id"`
		} `json:"result"`
	}
	_ = json.Unmarshal(answer, &said)
	return said.Result.ID
}

var sentAs = []byte(`{"ok":true,"result":{"message_id":`)
