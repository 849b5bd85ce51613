package playground

import (
	"context"
	"fmt"
	"slices"
)

// Messages are the messages of a person's chat, oldest first.
func (t *Telegram) Messages(person int64) []Message {
	c := t.chat(person)
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]Message, len(c.messages))
	for i, m := range c.messages {
		list[i] = *m
	}
	return list
}

// Keyboard is the keyboard that the bot gave a person, or nil.
func (t *Telegram) Keyboard(person int64) [][]Key {
	c := t.chat(person)
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.keyboard
}

// Toast is the last answer to a press, as the telephone showed it for a moment.
func (t *Telegram) Toast(person int64) string {
	c := t.chat(person)
	if c == nil {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.toast
}

// Wait returns once ok says yes to a person's messages, or with the context's cause when that ends first.
func (t *Telegram) Wait(ctx context.Context, person int64, ok func([]Message) bool) error {
	c, err := t.mustChat(person)
	if err != nil {
		return err
	}
	return c.changed.until(ctx, func() bool { return ok(t.Messages(person)) })
}

// WaitText waits for a message of the bot, newer than after, whose text satisfies ok, and returns it. 0 looks at all of them.
func (t *Telegram) WaitText(ctx context.Context, person, after int64, ok func(text string) bool) (Message, error) {
	var found Message
	err := t.Wait(ctx, person, func(list []Message) bool {
		for _, m := range slices.Backward(list) {
			if m.ID <= after {
				return false
			}
			if m.FromBot && ok(m.Text+m.Caption) {
				found = m
				return true
			}
		}
		return false
	})
	if err != nil {
		return Message{}, fmt.Errorf("wait for a message to person %d: %w", person, err)
	}
	return found, nil
}

// OnMessage is called for each message that the bot sends, as it is sent; it must be quick. Nil: nobody is called.
func (t *Telegram) OnMessage(f func(person int64, m Message)) {
	if f == nil {
		t.onMessage.Store(nil)
		return
	}
	t.onMessage.Store(&f)
}

// Fail lets a function say, call by call, what goes wrong; nil from it: nothing. A nil function: nothing ever. To fetch a file is the
// call "download", with its file_id; one of them that is dropped is dropped half-way.
func (t *Telegram) Fail(f func(method string, params *Params) *Failure) {
	if f == nil {
		t.fail.Store(nil)
		return
	}
	t.fail.Store(&f)
}

// TooManyRequests counts how often the rates were kept with a 429 (those of Fail not included).
func (t *Telegram) TooManyRequests() int { return int(t.refusals.Load()) }

// Calls counts the calls that arrived, long polls included.
func (t *Telegram) Calls() int { return int(t.calls.Load()) }
