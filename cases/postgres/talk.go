package postgres

import (
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// talk is the conversation of one chat within a batch.
type talk struct {
	chat    int64
	key     *key
	wrapped []byte
	former  *key // that came before key, where it is renewed
	renewed bool
	isNew   bool
	gone    bool // they closed the chat to us
	left    bool // just now
	foreign bool // another process changed it last
	turned  bool // it had a turn
	alone   bool // no update caused the turn
	session []byte
	wake    time.Time
	parts   []part
	erase   bool
	filed   bool // something was done with files
}

func chatHolder(chat int64) string { return "chat/" + strconv.FormatInt(chat, 10) }

// talkColumns are what is read of a conversation; the second parameter of the statement is the process that reads.
const talkColumns = `chat, wrapped_key, session, wake_at, gone_at IS NOT NULL, process <> $2`

// eachTalk reads conversations. Of one that can't be unsealed no more than its chat is known.
func (s *Store) eachTalk(rows pgx.Rows, found func(t *talk, unreadable error) error) error {
	var t talk
	var wake *time.Time
	_, err := pgx.ForEachRow(rows, []any{&t.chat, &t.wrapped, &t.session, &wake, &t.gone, &t.foreign}, func() error {
		k, err := s.vault.unwrap(t.wrapped, chatHolder(t.chat))
		if err != nil {
			return found(&talk{chat: t.chat}, err)
		}
		session, err := k.open(t.session, "session")
		if err != nil {
			return found(&talk{chat: t.chat}, fmt.Errorf("session of a conversation: %w", err))
		}
		return found(&talk{chat: t.chat, key: k, session: session, wake: value(wake), gone: t.gone, foreign: t.foreign}, nil)
	})
	return err
}

// talkOf is the conversation of a chat, which may be a new one.
func (o *once) talkOf(chat int64, talks map[int64]*talk) (*talk, error) {
	if t := talks[chat]; t != nil {
		return t, nil
	}
	k, wrapped, err := o.store.vault.make(chatHolder(chat))
	if err != nil {
		return nil, err
	}
	t := &talk{chat: chat, key: k, wrapped: wrapped, isNew: true}
	talks[chat] = t
	return t, nil
}

// queueTalks has conversations written: those of one step with the parts of a story that came in it, in one statement.
func (o *once) queueTalks(batch *pgx.Batch, talks map[int64]*talk) {
	var made, heard, alone []*talk
	var renewed []*talk
	var erased, left []int64
	for _, t := range talks {
		switch {
		case !t.turned: // all that came was handled before
			continue
		case t.isNew:
			made = append(made, t)
		case t.alone:
			alone = append(alone, t)
		default:
			heard = append(heard, t)
		}
		if t.renewed {
			renewed = append(renewed, t)
		}
		if t.erase {
			erased = append(erased, t.chat)
		}
		if t.left {
			left = append(left, t.chat)
		}
	}
	chat := func(t *talk) int64 { return t.chat }
	session := func(t *talk) []byte { return t.key.seal(t.session, "session") }
	wake := func(t *talk) *time.Time { return nullTime(t.wake) }
	if len(made) > 0 {
		batch.Queue(`INSERT INTO conversation (chat, wrapped_key, session, wake_at, touched_at, process)
			SELECT *, $5, $6 FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::timestamptz[])`,
			pick(made, chat), pick(made, func(t *talk) []byte { return t.wrapped }), pick(made, session), pick(made, wake), o.now, o.store.process)
	}
	if len(erased) > 0 {
		batch.Queue(`DELETE FROM conversation_part WHERE chat = ANY ($1)`, erased)
	}
	queueRenewed(batch, renewed)
	parts := partsOf(talks)
	if len(heard) > 0 {
		save := saveHeard
		args := []any{pick(heard, chat), pick(heard, session), pick(heard, wake), o.now, o.store.process}
		if parts != nil {
			save, args, parts = `WITH told AS (`+fmt.Sprintf(insertParts, 6, 7, 8, 9)+`) `+saveHeard, append(args, parts...), nil
		}
		batch.Queue(save, args...)
	}
	if len(alone) > 0 {
		batch.Queue(saveAlone, pick(alone, chat), pick(alone, session), pick(alone, wake), o.store.process)
	}
	if parts != nil {
		batch.Queue(fmt.Sprintf(insertParts, 1, 2, 3, 4), parts...)
	}
	if len(left) > 0 {
		batch.Queue(`UPDATE conversation SET gone_at = $2 WHERE chat = ANY ($1)`, left, o.now)
	}
}

const (
	saveHeard = `UPDATE conversation c SET session = n.session, wake_at = n.wake_at, touched_at = $4, process = $5, gone_at = NULL
		FROM unnest($1::bigint[], $2::bytea[], $3::timestamptz[]) AS n (chat, session, wake_at) WHERE c.chat = n.chat`
	// saveAlone is for conversations in which nobody was heard.
	saveAlone = `UPDATE conversation c SET session = n.session, wake_at = n.wake_at, process = $4
		FROM unnest($1::bigint[], $2::bytea[], $3::timestamptz[]) AS n (chat, session, wake_at) WHERE c.chat = n.chat`
)
