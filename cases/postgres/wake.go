package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Wake lets step take a turn in conversations whose moment has come, at most limit of them, and says how many these were. What a
// turn says and keeps is written together with that of the others, or not at all, as in Converse; as in Alone, it is no sign of
// the person. Any number of processes may call it at the same time: a conversation is woken by one of them, and one in which
// somebody speaks at this moment is left alone. One that can't be woken is put off and reported; the others go on.
func (s *Store) Wake(ctx context.Context, limit int, step func(*Turn) error) (int, error) {
	due, err := s.wake(ctx, step, `wake_at <= $1 ORDER BY wake_at LIMIT $3`, limit)
	if err == nil || len(due) == 0 || Passing(err) {
		return len(due), err
	}
	for _, chat := range due {
		if _, err := s.wake(ctx, step, `wake_at <= $1 AND chat = $3`, chat); err == nil {
			continue
		} else if Passing(err) {
			return 0, err
		} else if err := s.putOff(ctx, s.pool, chat, err); err != nil {
			return 0, err
		}
	}
	return len(due), nil
}

// putOff leaves a conversation alone for a while that can't be woken, so that it does not hold up the others.
func (s *Store) putOff(ctx context.Context, db executor, chat int64, why error) error {
	s.log.Error("a conversation can't be woken; it is tried again later", "err", why)
	now := s.Now()
	if _, err := db.Exec(ctx, `UPDATE conversation SET wake_at = $3 WHERE chat = $1 AND wake_at <= $2`, chat, now, now.Add(patienceWithOne)); err != nil {
		return fmt.Errorf("put a conversation off: %w", err)
	}
	return nil
}

type executor interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// wake wakes the conversations for which a condition holds, and returns whose these are, also with an error.
func (s *Store) wake(ctx context.Context, step func(*Turn) error, which string, arg any) (due []int64, err error) {
	err = s.byHand(ctx, func(o *once) error {
		talks, unreadable, err := o.due(ctx, which, arg)
		for chat, why := range unreadable {
			due = append(due, chat)
			err = errors.Join(err, s.putOff(ctx, o, chat, why))
		}
		due = append(due, pick(talks, func(t *talk) int64 { return t.chat })...)
		if err != nil {
			return err
		}
		return o.wakeAll(ctx, talks, step)
	})
	return due, err
}

// due begins a transaction and locks the conversations for which a condition holds. Of those that can't be read it says why.
func (o *once) due(ctx context.Context, which string, arg any) (talks []*talk, unreadable map[int64]error, err error) {
	batch := new(pgx.Batch)
	batch.Queue(`BEGIN`)
	batch.Queue(`SELECT `+talkColumns+` FROM conversation WHERE `+which+` FOR NO KEY UPDATE SKIP LOCKED`, o.now, o.store.process, arg)
	results := o.SendBatch(ctx, batch)
	defer results.Close()
	if _, err := results.Exec(); err != nil {
		return nil, nil, fmt.Errorf("begin: %w", err)
	}
	rows, err := results.Query()
	if err != nil {
		return nil, nil, fmt.Errorf("conversations to wake: %w", err)
	}
	unreadable = make(map[int64]error)
	err = o.eachTalk(rows, func(t *talk, why error) error {
		if why != nil {
			unreadable[t.chat] = why
			return nil
		}
		talks = append(talks, t)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("conversations to wake: %w", err)
	}
	return talks, unreadable, nil
}

func (o *once) wakeAll(ctx context.Context, talks []*talk, step func(*Turn) error) error {
	byChat := make(map[int64]*talk, len(talks))
	for _, t := range talks {
		t.alone = true
		if err := o.turn(ctx, t).take(step); err != nil {
			return err
		}
		if !t.wake.IsZero() && !t.wake.After(o.now) { // else it would be woken without end
			t.wake = o.now.Add(patienceWithOne)
		}
		byChat[t.chat] = t
	}
	return o.commit(ctx, byChat)
}
