package postgres

import (
	"context"
	"fmt"
)

// Alone runs a turn of a conversation that no update caused: because time went by, or because of what became of a file. What
// it says goes out in its place among what else is said in that chat. It is no sign of the person: neither does it count as
// the last that was heard of them, nor do they seem to be back who closed the chat to us.
func (s *Store) Alone(ctx context.Context, chat int64, step func(*Turn) error) error {
	err := s.converseAlone(ctx, chat, step)
	if violates(err, "conversation_pkey") { // they were heard of for the first time at this very moment
		err = s.converseAlone(ctx, chat, step)
	}
	return err
}

func (s *Store) converseAlone(ctx context.Context, chat int64, step func(*Turn) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Release()
	o := &once{now: s.Now(), store: s}
	talks, _, err := s.begin(ctx, conn, o, nil, []int64{chat})
	if err == nil {
		err = o.turnAlone(ctx, chat, talks, step)
	}
	if err == nil {
		err = o.commit(ctx, talks)
	}
	if err != nil {
		conn.Exec(context.WithoutCancel(ctx), `ROLLBACK`)
	}
	return err
}

func (o *once) turnAlone(ctx context.Context, chat int64, talks map[int64]*talk, step func(*Turn) error) error {
	t, err := o.talkOf(chat, talks)
	if err != nil {
		return err
	}
	t.alone = true
	return o.turn(ctx, t).take(step)
}
