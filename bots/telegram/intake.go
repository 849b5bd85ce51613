package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	telegram "github.com/go-telegram/bot"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/conversation"
	"websec.nl/gehoor/i18n"
)

// keepLimit is how long keeping what came in may take, also while the program ends. What is not kept by then comes again.
const keepLimit = 20 * time.Second

func (b *Bot) handleInTime(ctx context.Context, all []*update) []error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepLimit)
	defer cancel()
	return b.handle(ctx, all)
}

// handle keeps updates and what follows from them, those that came together in one transaction. It says for each whether it
// may be acknowledged: nil, or why it must come again.
func (b *Bot) handle(ctx context.Context, all []*update) []error {
	errs := make([]error, len(all))
	var heard []int
	for i, u := range all {
		switch {
		case u.err != nil:
			errs[i] = b.setAside(ctx, u, "not understood", u.err)
		case u.Group:
			b.decline(u)
		case u.Event != nil || u.Left:
			heard = append(heard, i)
		}
	}
	if len(heard) == 0 {
		return errs
	}
	batch := make([]*update, len(heard))
	for i, at := range heard {
		batch[i] = all[at]
	}
	err := b.converse(ctx, batch)
	switch {
	case err == nil:
	case postgres.Passing(err):
		for _, at := range heard {
			errs[at] = err
		}
	default: // one of them can't be handled; its neighbours can
		var passing error
		for i, at := range heard {
			if errs[at] = passing; passing == nil { // what comes after one that has to come again waits for it
				errs[at] = b.alone(ctx, batch[i])
				passing = errs[at]
			}
		}
	}
	return errs
}

func (b *Bot) alone(ctx context.Context, u *update) error {
	err := b.converse(ctx, []*update{u})
	if err == nil || postgres.Passing(err) {
		return err
	}
	return b.setAside(ctx, u, "not handled", err)
}

// setAside keeps what can't be handled, tells the operator, and tells the person that they were not understood.
func (b *Bot) setAside(ctx context.Context, u *update, reason string, why error) error {
	b.log.Error("telegram: an update was set aside", "update", u.ID, "reason", reason, "err", why)
	if err := b.store.SetAside(ctx, postgres.Update{ID: u.ID, Chat: u.Chat}, u.raw(), reason); err != nil {
		return err
	}
	if u.Chat != 0 {
		b.aside(func(ctx context.Context) {
			b.client.SendMessage(ctx, &telegram.SendMessageParams{ChatID: u.Chat, Text: i18n.T("error.set-aside").In(u.language())})
		})
	}
	return nil
}

// converse lets the conversation hear updates, in one transaction.
func (b *Bot) converse(ctx context.Context, all []*update) error {
	updates := make([]postgres.Update, len(all))
	toasts := make([]string, len(all))
	for i, u := range all {
		updates[i] = postgres.Update{ID: u.ID, Chat: u.Chat}
	}
	err := b.store.Converse(ctx, updates, func(turn *postgres.Turn) (err error) {
		defer func() {
			if r := recover(); r != nil {
				b.log.Error("the conversation panicked", "at", string(debug.Stack())) // not the value: it may hold words
				err = errors.New("the conversation panicked")
			}
		}()
		toasts[turn.Update], err = b.turn(turn, all[turn.Update])
		return err
	})
	if err != nil {
		return err
	}
	for i, u := range all {
		if u.Press != "" {
			b.answerPress(u, toasts[i])
		}
	}
	return nil
}

// turn lets the conversation hear one update, and says and does what follows. It returns what to answer a press with.
func (b *Bot) turn(turn *postgres.Turn, u *update) (toast string, err error) {
	if u.Left {
		return "", turn.Left()
	}
	var session conversation.Session
	if len(turn.Session) == 0 {
		session = conversation.New(u.Profile)
	} else if err := json.Unmarshal(turn.Session, &session); err != nil {
		return "", fmt.Errorf("read a session: %w", err)
	}
	for event := u.Event; event != nil; {
		var effects []conversation.Effect
		session, effects = conversation.Next(b.store.Procedure(), session, event, turn.Now)
		event = nil
		for _, effect := range effects {
			if event, err = b.do(turn, session.Language, effect, &toast); err != nil {
				return "", err
			}
		}
	}
	turn.Session, err = json.Marshal(session)
	return toast, err
}

// do does one effect; where the conversation must hear what became of it, it returns the event that says so.
func (b *Bot) do(turn *postgres.Turn, l i18n.Language, effect conversation.Effect, toast *string) (conversation.Event, error) {
	switch e := effect.(type) {
	case conversation.Say:
		for _, line := range lines(e, l) {
			turn.Say(line)
		}
	case conversation.Toast:
		*toast = e.Text.In(l)
	case conversation.Append:
		turn.Append(e.Part, e.Text)
	case conversation.Erase:
		turn.Erase()
	case conversation.Look:
		return b.look(turn)
	case conversation.File:
		c, err := turn.Submit(e.Complaint)
		if err != nil {
			return refused(err)
		}
		return conversation.Filed{Number: c.Number, LastDay: c.LastDay(b.store.Procedure()), Mail: c.HasMail && b.cfg.Mail}, nil
	case conversation.RequestTalk:
		if _, err := turn.Request(e.Talk); err != nil {
			return refused(err)
		}
		return conversation.TalkRequested{}, nil
	case conversation.Reply:
		if err := turn.Reply(e.Case, e.Text); err != nil {
			return refused(err)
		}
		return conversation.Replied{}, nil
	default:
		return nil, fmt.Errorf("the conversation asks for a %T, which nobody does", effect)
	}
	return nil, nil
}

// refused makes of an error what the person must hear, where it is such a one.
func refused(err error) (conversation.Event, error) {
	var why *cases.Refusal
	switch {
	case errors.As(err, &why):
		return conversation.Refused{Why: why.Text}, nil
	case errors.Is(err, postgres.ErrNotFound):
		return conversation.Refused{Why: i18n.T("refusal.not-found")}, nil
	}
	return nil, err
}

func (b *Bot) look(turn *postgres.Turn) (conversation.Event, error) {
	mine, err := turn.Mine()
	if err != nil {
		return nil, err
	}
	var found conversation.Found
	for _, c := range slices.Backward(mine) {
		found.Cases = append(found.Cases, conversation.Status{
			Number: c.Number, Kind: c.Kind, Stage: c.Stage, Received: c.Received, LastDay: c.LastDay(b.store.Procedure()), Closed: c.Closed,
		})
	}
	return found, nil
}

// answerPress ends the waiting sign on a button. It is not kept: where it gets lost, Telegram ends the sign by itself. What
// came by the webhook is answered in the answer to Telegram, which spares a request.
func (b *Bot) answerPress(u *update, toast string) {
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
		if _, err := b.call(ctx, b.sending, "answerCallbackQuery", params, mostAnswered); err != nil {
			b.log.Debug("telegram: a press was not answered", "err", b.hush(err))
		}
	})
}

// decline says in a group that we speak with one person at a time.
func (b *Bot) decline(u *update) {
	b.aside(func(ctx context.Context) {
		b.client.SendMessage(ctx, &telegram.SendMessageParams{ChatID: u.Chat, Text: i18n.T("error.group").In(u.language())})
	})
}

// aside does something that may get lost, beside what is kept; nothing waits for it.
func (b *Bot) aside(f func(context.Context)) {
	select {
	case b.toasts <- struct{}{}:
	default:
		return
	}
	go func() {
		defer func() { <-b.toasts }()
		ctx, cancel := context.WithTimeout(context.Background(), asideLimit)
		defer cancel()
		f(ctx)
	}()
}
