package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/conversation"
	"websec.nl/gehoor/i18n"
)

// asideLimit is how long something may take that nothing waits for.
const asideLimit = 10 * time.Second

// mostAnswered is how many bytes of an answer are read: it repeats the message that was sent.
const mostAnswered = 64 << 10

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
	kept := [][]byte{o.Line}
	if o.Number != "" {
		if kept, err = b.notice(ctx, o); err != nil {
			return err
		}
	}
	for _, message := range kept {
		if _, err := b.call(ctx, b.sending, "sendMessage", to(chat, message), mostAnswered); err != nil {
			return b.verdict(err)
		}
	}
	return nil
}

// notice says in the chat what a case has to tell, in the language of its complainant.
func (b *Bot) notice(ctx context.Context, o postgres.Outgoing) ([][]byte, error) {
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
		all[len(all)-1].Markup = buttons([][]conversation.Button{{answer}}, file.Case.Language)
	}
	kept := make([][]byte, len(all))
	for i, one := range all {
		kept[i] = one.json()
	}
	return kept, nil
}

// verdict says what a refusal of Telegram means for what was sent. What it does not know, it takes for something that
// passes.
func (b *Bot) verdict(err error) error {
	var refused *apiError
	if !errors.As(err, &refused) {
		return fmt.Errorf("send to telegram: %w", b.hush(err))
	}
	switch {
	case refused.Code == http.StatusTooManyRequests:
		return &jobs.RetryAfter{After: max(time.Second, refused.retryAfter()), Err: errors.New("too many requests")}
	case refused.Code == http.StatusForbidden:
		return &jobs.Undeliverable{State: cases.Gone, Reason: "blocked"}
	case refused.Code == http.StatusBadRequest && strings.Contains(refused.Text, "chat not found"):
		return &jobs.Undeliverable{State: cases.Gone, Reason: "no such chat"}
	case refused.Code == http.StatusBadRequest:
		b.log.Error("telegram: refuses a message of ours", "err", b.hush(err))
		return &jobs.Undeliverable{State: cases.Failed, Reason: "refused by Telegram"}
	}
	return fmt.Errorf("send to telegram: %w", b.hush(err))
}
