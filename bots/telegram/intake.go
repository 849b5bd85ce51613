package telegram

import (
	"context"
	"errors"
	"time"

	telegram "github.com/go-telegram/bot"

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
// may be acknowledged: nil, or why it must come again. A press has its answer then, also one that was heard before, since who heard it
// may not have come to that, and one that was set aside.
func (b *Bot) handle(ctx context.Context, all []*update) []error {
	errs := b.keepAll(ctx, all)
	for i, u := range all {
		if errs[i] == nil && u.Press != "" && !u.answered {
			b.answerPress(u, "")
		}
	}
	return errs
}

// keepAll is handle, but for the presses that have no answer yet.
func (b *Bot) keepAll(ctx context.Context, all []*update) []error {
	errs := make([]error, len(all))
	var heard []int
	for i, u := range all {
		switch {
		case u.err != nil:
			errs[i] = b.setAside(ctx, u, "not understood", u.err)
		case u.Group:
			b.decline(u)
		case u.Event != nil || u.Left || u.Back:
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
	err := b.store.SetAside(ctx, postgres.Update{ID: u.ID, Chat: u.Chat}, u.raw(), reason)
	if errors.Is(err, postgres.ErrClaimed) {
		return nil
	}
	if err != nil {
		return err
	}
	b.log.Error("telegram: an update was set aside", "update", u.ID, "reason", reason, "err", why)
	if u.Chat != 0 {
		b.aside(func(ctx context.Context) {
			b.client.SendMessage(ctx, &telegram.SendMessageParams{ChatID: u.Chat, Text: i18n.T("error.set-aside").In(u.language())})
		})
	}
	return nil
}

// converse lets the conversation hear updates, in one transaction or a few. What nothing waits for follows on each as soon as its
// own is kept.
func (b *Bot) converse(ctx context.Context, all []*update) error {
	updates := make([]postgres.Update, len(all))
	for i, u := range all {
		updates[i] = postgres.Update{ID: u.ID, Chat: u.Chat, MakesCase: conversation.MakesCase(u.Event)}
	}
	return b.store.Converse(ctx, updates, b.caught(func(turn *postgres.Turn) error {
		a := &act{update: all[turn.Update], turn: turn}
		turn.Kept(func() {
			if a.Press != "" {
				b.answerPress(a.update, a.toast)
			}
			b.remember(a)
		})
		return b.act(a)
	}))
}
