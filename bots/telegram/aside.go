package telegram

import (
	"context"
	"encoding/json"
	"time"

	telegram "github.com/go-telegram/bot"

	"websec.nl/gehoor/i18n"
)

// What stands here may get lost: it is done beside what is kept, and nothing waits for it.

// asideLimit is how long something may take that nothing waits for.
const asideLimit = 10 * time.Second

// aside does something that may get lost; where too much of it is under way, it is not done at all.
func (b *Bot) aside(f func(context.Context)) {
	select {
	case b.asides <- struct{}{}:
	default:
		return
	}
	go func() {
		defer func() { <-b.asides }()
		ctx, cancel := context.WithTimeout(context.Background(), asideLimit)
		defer cancel()
		f(ctx)
	}()
}

// answerPress ends the waiting sign on a button. Where it gets lost, Telegram ends the sign by itself. What came by the
// webhook is answered in the answer to Telegram, which spares a request.
func (b *Bot) answerPress(u *update, toast string) {
	u.answered = true
	answer := struct {
		Method string `json:"method,omitempty"`
		Press  string `json:"callback_query_id"`
		Text   string `json:"text,omitempty"`
	}{Press: u.Press, Text: toast}
	if u.delivered {
		answer.Method = "answerCallbackQuery"
		u.reply, _ = json.Marshal(answer)
		return
	}
	b.aside(func(ctx context.Context) {
		params, _ := json.Marshal(answer)
		if _, err := b.call(ctx, "answerCallbackQuery", params); err != nil {
			b.log.Debug("telegram: a press was not answered", "err", b.hush(err))
		}
	})
}

// noAgain is how long after a no in a group the next one may come.
const noAgain = time.Hour

// decline says in a group that we speak with one person at a time, once an hour at most, and leaves it: while we are there,
// we would be sent what people say to each other who did not come to complain. A channel is left without a word, which all
// its readers would see.
func (b *Bot) decline(u *update) {
	if !u.Joined && u.Message == 0 {
		return
	}
	speaks := !u.Channel && b.memory.mayDecline(u.Chat, time.Now())
	b.aside(func(ctx context.Context) {
		if speaks {
			no := &telegram.SendMessageParams{ChatID: u.Chat, Text: i18n.T("error.group").In(u.language())}
			if _, err := b.client.SendMessage(ctx, no); err != nil {
				b.log.Debug("telegram: a group was not answered", "err", b.hush(err))
			}
		}
		if _, err := b.client.LeaveChat(ctx, &telegram.LeaveChatParams{ChatID: u.Chat}); err != nil {
			b.log.Warn("telegram: a group or channel can't be left", "err", b.hush(err))
		}
	})
}

// mayDecline says whether a group may be told no, which it then was.
func (m *memory) mayDecline(group int64, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now.Sub(m.noes[group]) < noAgain {
		return false
	}
	if len(m.noes) >= mostChats {
		clear(m.noes)
	}
	if m.noes == nil {
		m.noes = map[int64]time.Time{}
	}
	m.noes[group] = now
	return true
}
