package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// renew gives a conversation another key, once in a batch, so that what was sealed with the one before, which copies of the
// database hold, does not open with what is kept from now on. What is sealed with the conversation stays open: its session is
// sealed anew with every turn; lines that wait have their key with them until they are sent; the rest is sealed anew by erase.
func (t *Turn) renew() error {
	if t.talk.isNew || t.talk.renewed {
		return nil
	}
	k, wrapped, err := t.once.store.vault.make(chatHolder(t.talk.chat))
	if err != nil {
		return fmt.Errorf("another key for a conversation: %w", err)
	}
	t.talk.former, t.talk.key, t.talk.wrapped, t.talk.renewed = t.talk.key, k, wrapped, true
	return nil
}

// erase erases, in one statement, what is kept of conversations and was erased in this batch, and has what was set aside of
// those with a new key sealed with it. Whatever may have to wait for somebody else's row is done here: who holds it may be
// waiting for the lock of a lane.
func (o *once) erase(ctx context.Context, talks map[int64]*talk) error {
	var filed, parts, files, renewed []int64
	for chat, t := range talks {
		switch {
		case t.erase && t.filed && len(t.parts) == 0: // nobody has them in hand, and none comes in their place
			filed = append(filed, chat)
		case t.erase:
			parts = append(parts, chat)
		}
		if t.eraseFiles {
			files = append(files, chat)
		}
		if t.renewed && !t.filed {
			renewed = append(renewed, chat)
		}
		if err := o.sealAsideAnew(t, t.aside); err != nil {
			return fmt.Errorf("erase what was told: %w", err)
		}
	}
	if len(filed) > 0 {
		o.saving.add(`DELETE FROM conversation_part WHERE chat = ANY ($1)`, filed)
	}
	if len(parts)+len(files)+len(renewed) == 0 {
		return nil
	}
	if err := o.write(ctx); err != nil { // some of the files may have become those of a case
		return fmt.Errorf("save: %w", err)
	}
	rows, err := o.Query(ctx, `WITH parts AS (DELETE FROM conversation_part WHERE chat = ANY ($1)), files AS (DELETE FROM attachment WHERE chat = ANY ($2))
		SELECT id, chat, sealed FROM set_aside WHERE chat = ANY ($3) AND by_chat ORDER BY id FOR NO KEY UPDATE`, parts, files, renewed)
	if err != nil {
		return fmt.Errorf("erase what was told: %w", err)
	}
	of := make(map[int64][]aside)
	var chat int64
	var one aside
	if _, err = pgx.ForEachRow(rows, []any{&one.id, &chat, &one.sealed}, func() error {
		of[chat] = append(of[chat], one)
		return nil
	}); err != nil {
		return fmt.Errorf("erase what was told: %w", err)
	}
	for chat, all := range of {
		if err := o.sealAsideAnew(talks[chat], all); err != nil {
			return fmt.Errorf("erase what was told: %w", err)
		}
	}
	return nil
}

// aside is what was set aside of a conversation, sealed with the key that it had.
type aside struct {
	id     int64
	sealed []byte
}

func (o *once) sealAsideAnew(t *talk, all []aside) error {
	if len(all) == 0 || !t.renewed {
		return nil
	}
	anew := make([][]byte, len(all))
	for i, one := range all {
		raw, err := t.former.open(one.sealed, "set-aside")
		if err != nil {
			return err
		}
		anew[i] = t.key.seal(raw, "set-aside")
	}
	o.saving.add(`UPDATE set_aside a SET sealed = n.sealed FROM unnest($1::bigint[], $2::bytea[]) AS n (id, sealed) WHERE a.id = n.id`,
		pick(all, func(a aside) int64 { return a.id }), anew)
	return nil
}
