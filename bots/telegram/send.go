package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	telegram "github.com/go-telegram/bot"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/conversation"
	"websec.nl/gehoor/i18n"
)

// asideLimit is how long something may take that nothing waits for.
const asideLimit = 10 * time.Second

const zeroWidthJoiner = '\u200d'

// joins says whether a character belongs to the one before it.
func joins(r rune) bool {
	return r == zeroWidthJoiner || unicode.In(r, unicode.Mn, unicode.Me, unicode.Variation_Selector) || r >= 0x1F3FB && r <= 0x1F3FF
}

// Send sends what waits for a chat: a line of the conversation, or a notice of a case.
func (b *Bot) Send(ctx context.Context, o postgres.Outgoing) error {
	chat, err := strconv.ParseInt(strings.TrimPrefix(o.Lane, postgres.LaneTelegram), 10, 64)
	if err != nil {
		return &jobs.Undeliverable{State: cases.Failed, Reason: "no chat"}
	}
	messages, err := b.messages(ctx, o)
	if err != nil {
		return err
	}
	for _, message := range messages {
		_, err := b.client.SendMessage(ctx, &telegram.SendMessageParams{ChatID: chat, Text: message.Text, ReplyMarkup: message.markup()})
		if err != nil {
			return b.verdict(err)
		}
	}
	return nil
}

func (b *Bot) messages(ctx context.Context, o postgres.Outgoing) ([]line, error) {
	if o.Number != "" {
		return b.notice(ctx, o)
	}
	var one line
	if err := json.Unmarshal(o.Line, &one); err != nil {
		return nil, &jobs.Undeliverable{State: cases.Failed, Reason: "unreadable line"}
	}
	return []line{one}, nil
}

// notice says in the chat what a case has to tell, in the language of its complainant.
func (b *Bot) notice(ctx context.Context, o postgres.Outgoing) ([]line, error) {
	file, err := b.store.File(ctx, o.Number)
	if err != nil {
		return nil, err
	}
	text, ok := NoticeText(file, o.Notice, b.store.Procedure())
	if !ok {
		return nil, &jobs.Undeliverable{State: cases.Failed, Reason: "not for the chat"}
	}
	var all []line
	for _, piece := range split(text, mostText) {
		all = append(all, line{Text: piece})
	}
	if asks := o.Notice.Kind == cases.Message || o.Notice.Kind == cases.Summary; asks && file.Case.Open() {
		answer := conversation.ReplyButton(o.Number)
		answer.Text = i18n.T("notice.answer")
		all[len(all)-1].Buttons = buttons([][]conversation.Button{{answer}}, file.Case.Language)
	}
	return all, nil
}

// verdict says what a refusal of Telegram means for what was sent. What it does not know, it takes for something that
// passes.
func (b *Bot) verdict(err error) error {
	var slower *telegram.TooManyRequestsError
	switch {
	case errors.As(err, &slower):
		return &jobs.RetryAfter{After: time.Duration(max(1, slower.RetryAfter)) * time.Second, Err: errors.New("too many requests")}
	case errors.Is(err, telegram.ErrorForbidden):
		return &jobs.Undeliverable{State: cases.Gone, Reason: "blocked"}
	case errors.Is(err, telegram.ErrorBadRequest) && strings.Contains(err.Error(), "chat not found"):
		return &jobs.Undeliverable{State: cases.Gone, Reason: "no such chat"}
	case errors.Is(err, telegram.ErrorBadRequest):
		b.log.Error("telegram: refuses a message of ours", "err", b.hush(err))
		return &jobs.Undeliverable{State: cases.Failed, Reason: "refused by Telegram"}
	}
	return fmt.Errorf("send to telegram: %w", b.hush(err))
}
