package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/conversation"
	"websec.nl/gehoor/i18n"
)

// mostAnswered is how many bytes of an answer are read: it repeats the message that was sent.
const mostAnswered = 64 << 10

// Send sends what waits for a chat: a line of the conversation, or a notice of a case.
func (b *Bot) Send(ctx context.Context, o postgres.Outgoing) error {
	chat, ok := o.Chat()
	if !ok {
		return &jobs.Undeliverable{State: cases.Failed, Reason: "no chat"}
	}
	if n, isFile := o.Notice.Kind.File(); isFile {
		return b.document(ctx, chat, o, n)
	}
	ctx, cancel := context.WithTimeout(ctx, sayLimit)
	defer cancel()
	kept := [][]byte{o.Line()}
	var err error
	if o.Number != "" {
		kept, err = b.notice(ctx, o)
	} else if which, is := bytes.CutPrefix(o.Line(), []byte(proposalWord)); is {
		kept, err = b.proposal(ctx, chat, string(which))
	}
	if err != nil {
		return err
	}
	for _, message := range kept {
		if err := b.say(ctx, chat, message); err != nil {
			return b.verdict(err)
		}
	}
	return nil
}

// say sends one kept line.
func (b *Bot) say(ctx context.Context, chat int64, kept []byte) error {
	if language, ok := bytes.CutPrefix(kept, []byte(dataWord)); ok {
		return b.sendData(ctx, chat, i18n.Language(language))
	}
	message, line := place(kept)
	if message != 0 {
		done, err := b.replace(ctx, chat, message, line)
		if done || err != nil {
			return err
		}
	}
	b.room.Allow()
	answer, err := b.call(ctx, "sendMessage", to(chat, line))
	if err != nil {
		return err
	}
	b.memory.spoke(chat, numberOfMessage(answer), line, time.Now())
	b.tidy(chat)
	return nil
}

// replace puts a line in the place of a message. It is not done where Telegram does not let that message be edited any more.
func (b *Bot) replace(ctx context.Context, chat, message int64, line []byte) (done bool, err error) {
	b.room.Allow()
	_, err = b.call(ctx, "editMessageText", paramsTo(chat, message, line))
	var refused *apiError
	if errors.As(err, &refused) && refused.Code == http.StatusBadRequest {
		if !strings.Contains(refused.Text, "message is not modified") { // which is what it should be
			return false, nil
		}
		err = nil
	}
	if err == nil {
		b.memory.spoke(chat, message, line, time.Now())
	}
	return true, err
}

// notice says in the chat what a case has to tell, in the language of its complainant.
func (b *Bot) notice(ctx context.Context, o postgres.Outgoing) ([][]byte, error) {
	file, err := b.store.File(ctx, o.Number)
	if err != nil {
		return nil, err
	}
	procedure := b.store.ProcedureOf(file.Case.Version)
	if err := jobs.MayTell(o, file, procedure, b.store.Now()); err != nil {
		return nil, err
	}
	text, ok := NoticeText(file, o.Notice, procedure)
	if !ok {
		return nil, &jobs.Undeliverable{State: cases.Failed, Reason: "not for the chat"}
	}
	var all []line
	for _, piece := range split(text, mostText) {
		all = append(all, line{Text: piece})
	}
	if rows := choices(file, o.Notice); len(rows) > 0 {
		all[len(all)-1].Markup = buttons(rows, file.Case.Language)
	}
	kept := make([][]byte, len(all))
	for i, one := range all {
		kept[i] = one.json()
	}
	return kept, nil
}

// proposal says a solution again that was proposed to who speaks in a chat; nothing where it waits for no answer of theirs.
func (b *Bot) proposal(ctx context.Context, chat int64, which string) (kept [][]byte, err error) {
	var language i18n.Language
	var number cases.Number
	var event int
	if _, err := fmt.Sscan(which, &language, &number, &event); err != nil {
		return nil, &jobs.Undeliverable{State: cases.Failed, Reason: "not for the chat"}
	}
	file, err := b.store.File(ctx, number)
	if errors.Is(err, postgres.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	e, _ := file.Event(event)
	words := strings.TrimSpace(e.Words[cases.FieldSolution])
	if file.Case.Chat != chat || file.Case.Proposal != event || words == "" {
		return nil, nil
	}
	for _, piece := range split(i18n.T("agree.proposal", "number", string(number), "words", words).In(language), mostText) {
		kept = append(kept, line{Text: piece}.json())
	}
	return kept, nil
}

// choices are the buttons under a notice: what its reader can do about it, as the case is now.
func choices(f *cases.File, n cases.Notice) [][]conversation.Button {
	c := &f.Case
	switch n.Kind {
	case cases.Message, cases.Summary, cases.ReportNotice:
		if c.Open() {
			return [][]conversation.Button{{conversation.ReplyButton(c.Number)}}
		}
	case cases.Proposal:
		if c.Proposal == n.Event {
			return each(conversation.ProposalButtons(c.Number, n.Event))
		}
	case cases.HelpedQuestion:
		if c.Outcome == cases.Talked && !c.Rated {
			return each(conversation.HelpedButtons(c.Number))
		}
	case cases.RatingQuestion:
		if !c.Open() && !c.Rated {
			return [][]conversation.Button{{conversation.RateButton(c.Number)}}
		}
	case cases.Delay, cases.LateNotice, cases.ProgressNotice, cases.ReopenedNotice, cases.NobodyNotice:
		if c.Open() {
			return [][]conversation.Button{{conversation.CaseButton(c.Number)}}
		}
	}
	return nil
}

// each puts each button in a row of its own.
func each(all []conversation.Button) (rows [][]conversation.Button) {
	for _, one := range all {
		rows = append(rows, []conversation.Button{one})
	}
	return rows
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
