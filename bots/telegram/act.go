package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/conversation"
)

// act is what one update leads to in its conversation.
type act struct {
	*update
	turn     *postgres.Turn
	session  conversation.Session
	lines    [][]byte // what is said
	toast    string   // a word in answer to a press
	replaced bool     // another message takes the place of the one whose button was pressed
	settled  []string // the choices of buttons that are never old, but have their answer
}

// act lets the conversation hear an update, and says and does what follows.
func (b *Bot) act(a *act) error {
	if a.Left {
		return a.turn.Left()
	}
	if a.Event == nil { // that they are back is noticed by the store, at anything that comes from them
		return nil
	}
	if err := b.read(a); err != nil {
		return err
	}
	if err := b.play(a); err != nil {
		return err
	}
	for _, line := range a.lines {
		a.turn.Say(line)
	}
	return nil
}

// read reads the session as it was left.
func (b *Bot) read(a *act) error {
	if len(a.turn.Session) == 0 {
		a.session = conversation.New(a.Profile)
		return nil
	}
	known := false
	if a.session, known = b.sessions.take(a.Chat, a.turn.Session); known {
		return nil
	}
	a.session = conversation.Session{}
	if err := json.Unmarshal(a.turn.Session, &a.session); err != nil {
		return fmt.Errorf("read a session: %w", err)
	}
	return nil
}

// play lets the conversation hear an event, and then what became of its effects. A conversation goes on under the settings
// that it began with.
func (b *Bot) play(a *act) (err error) {
	for next := []conversation.Event{a.Event}; len(next) > 0; next = next[1:] {
		var effects []conversation.Effect
		a.turn.Procedure = b.store.ProcedureOf(a.session.Version)
		a.session, effects = conversation.Next(a.turn.Procedure, a.session, next[0], a.turn.Now)
		for _, effect := range effects {
			event, err := b.do(a, effect)
			if err != nil {
				return err
			}
			if event != nil {
				next = append(next, event)
			}
		}
	}
	a.turn.Wake = conversation.Wake(b.store.ProcedureOf(a.session.Version), a.session, a.turn.Now)
	a.turn.Session, err = json.Marshal(a.session)
	return err
}

// wokenAtOnce is how many conversations are woken in one transaction.
const wokenAtOnce = 100

// Wake lets the conversations hear whose moment has come that nothing was heard in them.
func (b *Bot) Wake(ctx context.Context) error {
	for {
		n, err := b.store.Wake(ctx, wokenAtOnce, b.caught(func(turn *postgres.Turn) error {
			if len(turn.Session) == 0 {
				turn.Wake = time.Time{}
				return nil
			}
			return b.act(&act{update: &update{Chat: turn.Chat, Event: conversation.Waited{}}, turn: turn})
		}))
		if err != nil || n < wokenAtOnce {
			return err
		}
	}
}

// caught makes an error of a panic: one conversation that can't go on must not end the others.
func (b *Bot) caught(step func(*postgres.Turn) error) func(*postgres.Turn) error {
	return func(turn *postgres.Turn) (err error) {
		defer func() {
			if r := recover(); r != nil {
				b.log.Error("the conversation panicked", "at", string(debug.Stack())) // not the value: it may hold words
				err = errors.New("the conversation panicked")
			}
		}()
		return step(turn)
	}
}

// say adds to what is said.
func (a *act) say(said conversation.Say) {
	all := lines(said, a.session.Language)
	if _, pressed := a.Event.(conversation.Pressed); pressed && said.InPlace && len(all) == 1 && a.Message != 0 {
		all[0] = inPlace(a.Message, all[0])
		a.replaced = true
	}
	a.lines = append(a.lines, all...)
}

// remember notes which keyboards are of no use any more after an act that was kept.
func (b *Bot) remember(a *act) {
	if a.Event == nil {
		return
	}
	var old board
	if pressed, ok := a.Event.(conversation.Pressed); ok && pressed.Step > 0 && !a.replaced && pressed.Step < a.session.Step {
		old = board{a.Message, pressed.Step, lasting(a.markup)}
	}
	b.sessions.put(a.Chat, a.turn.Session, a.session.Kept())
	b.memory.hear(a.Chat, a.session.Step, old, time.Now())
	if pressed, ok := a.Event.(conversation.Pressed); ok && pressed.Step == 0 && !a.replaced {
		b.memory.press(a.Chat, a.Message, a.markup)
	}
	b.memory.settle(a.Chat, a.settled)
	b.tidy(a.Chat)
}
