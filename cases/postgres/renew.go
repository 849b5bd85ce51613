package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// renew gives a conversation another key, once in a batch, so that what was sealed with the one before, which copies of the
// database hold, does not open with what is kept from now on. What is sealed with the conversation stays open: its session is
// sealed anew with every turn; lines that wait keep their key until they are sent; the rest is sealed anew by erase.
func (t *Turn) renew() error {
	if t.talk.isNew || t.talk.renewed {
		return nil
	}
	k, wrapped, err := t.once.store.vault.make(chatHolder(t.talk.chat))
	if err != nil {
		return fmt.Errorf("another key for a conversation: %w", err)
	}
	t.talk.former, t.talk.key, t.talk.wrapped, t.talk.renewed = t.talk.key, k, wrapped, true
	for i := range t.once.out {
		if out := &t.once.out[i]; out.caseID == 0 && out.chat == t.talk.chat {
			out.sealed = k.seal(out.Line, "line")
		}
	}
	return nil
}

// erase erases, in one statement, what is kept of conversations and was erased in this batch, and has what was set aside of
// those with a new key sealed with it. Whatever may have to wait for somebody else's row is done here: who holds it may be
// waiting for the lock of handing.
func (o *once) erase(ctx context.Context, talks map[int64]*talk) error {
	var parts, files, renewed []int64
	for chat, t := range talks {
		if t.erase {
			parts = append(parts, chat)
		}
		if t.eraseFiles {
			files = append(files, chat)
		}
		if t.renewed {
			renewed = append(renewed, chat)
		}
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
	var id, chat int64
	var sealed []byte
	var ids []int64
	var anew [][]byte
	_, err = pgx.ForEachRow(rows, []any{&id, &chat, &sealed}, func() error {
		raw, err := talks[chat].former.open(sealed, "set-aside")
		if err != nil {
			return err
		}
		ids, anew = append(ids, id), append(anew, talks[chat].key.seal(raw, "set-aside"))
		return nil
	})
	if err != nil {
		return fmt.Errorf("erase what was told: %w", err)
	}
	if len(ids) > 0 {
		o.saving.add(`UPDATE set_aside a SET sealed = n.sealed FROM unnest($1::bigint[], $2::bytea[]) AS n (id, sealed) WHERE a.id = n.id`, ids, anew)
	}
	return nil
}

// keepFormer keeps the keys that conversations had before, for the lines that wait. The conversations are locked, so that no
// line comes to wait meanwhile.
const keepFormer = `INSERT INTO former_key (chat, last, wrapped) SELECT c.chat, max(o.id), c.wrapped_key
	FROM conversation c JOIN outbox o ON o.chat = c.chat AND o.state = 'queued' WHERE c.chat = ANY ($1) GROUP BY c.chat
	ON CONFLICT DO NOTHING` // where the last is the same, the key before sealed no line that waits

// forgetFormer forgets the former keys with which no line is sealed that waits.
const forgetFormer = `DELETE FROM former_key f WHERE NOT EXISTS
	(SELECT FROM outbox o WHERE o.state = 'queued' AND o.chat = f.chat AND o.id <= f.last)`

// keyOfLine is the wrapped key that a line of the outbox o was sealed with, where v is its conversation.
const keyOfLine = `coalesce((SELECT f.wrapped FROM former_key f WHERE f.chat = o.chat AND f.last >= o.id ORDER BY f.last LIMIT 1), v.wrapped_key)`
