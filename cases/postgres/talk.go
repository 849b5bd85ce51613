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
	claims  claims
	renewed bool
	isNew   bool
	gone    bool // they closed the chat to us
	foreign bool // another process changed it last
	turned  bool // it had a turn
	alone   bool // no update caused the turn
	session []byte
	wake    time.Time

	// What came in this batch, and whether what is kept of that kind is erased before.
	parts      []part
	erase      bool
	files      []taken
	eraseFiles bool
	filed      bool    // all of it that is erased was read before, and what was set aside of it
	aside      []aside // which is what was set aside

	lines   [][]byte // that are said, in their order
	fetches [][]byte // the files that are to be fetched
}

func chatHolder(chat int64) string { return "chat/" + strconv.FormatInt(chat, 10) }

// talkColumns are what is read of a conversation; the second parameter of the statement is the process that reads.
const talkColumns = `chat, wrapped_key, session, wake_at, gone_at IS NOT NULL, process <> $2, claims, touched_at`

// eachTalk reads conversations. Of one that can't be unsealed no more than its chat is known.
func (o *once) eachTalk(rows pgx.Rows, found func(t *talk, unreadable error) error) error {
	var t talk
	var wake *time.Time
	var claimed []byte
	var touched time.Time
	_, err := pgx.ForEachRow(rows, []any{&t.chat, &t.wrapped, &t.session, &wake, &t.gone, &t.foreign, &claimed, &touched}, func() error {
		k, err := o.store.vault.unwrap(t.wrapped, chatHolder(t.chat))
		if err != nil {
			return found(&talk{chat: t.chat}, err)
		}
		session, err := k.open(t.session, "session")
		if err != nil {
			return found(&talk{chat: t.chat}, fmt.Errorf("session of a conversation: %w", err))
		}
		return found(&talk{
			chat: t.chat, key: k, wrapped: t.wrapped, session: session, wake: value(wake), gone: t.gone, foreign: t.foreign,
			claims: claimsSince(claimed, touched, o.now),
		}, nil)
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

// saveTalks has conversations written: themselves, the keys that they had before, and the parts of stories that came.
func (o *once) saveTalks(talks map[int64]*talk) {
	var made, heard, alone []*talk
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
	}
	chat := func(t *talk) int64 { return t.chat }
	session := func(t *talk) []byte { return t.key.seal(t.session, "session") }
	wake := func(t *talk) *time.Time { return nullTime(t.wake) }
	claimed := func(t *talk) []byte { return t.claims.bytes() }
	gone := func(t *talk) *time.Time {
		if t.gone {
			return &o.now
		}
		return nil
	}
	anew := func(t *talk) []byte {
		if t.renewed {
			return t.wrapped
		}
		return nil
	}
	if len(made) > 0 {
		o.saving.add(saveMade, pick(made, chat), pick(made, func(t *talk) []byte { return t.wrapped }), pick(made, session), pick(made, wake),
			pick(made, gone), pick(made, claimed), o.now, o.store.process)
	}
	if len(heard) > 0 {
		o.saving.add(saveHeard, pick(heard, chat), pick(heard, session), pick(heard, wake), pick(heard, anew), pick(heard, gone),
			pick(heard, claimed), o.now, o.store.process)
	}
	if len(alone) > 0 {
		o.saving.add(saveAlone, pick(alone, chat), pick(alone, session), pick(alone, wake), pick(alone, anew), o.store.process)
	}
	if parts := partsOf(talks); parts != nil {
		o.saving.add(insertParts, parts...)
	}
}

const (
	saveMade = `INSERT INTO conversation (chat, wrapped_key, session, wake_at, gone_at, claims, touched_at, process)
		SELECT *, $7, $8 FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::timestamptz[], $5::timestamptz[], $6::bytea[])`
	saveHeard = `UPDATE conversation c SET session = n.session, wake_at = n.wake_at, wrapped_key = coalesce(n.wrapped, c.wrapped_key),
			gone_at = n.gone_at, claims = n.claims, touched_at = $7, process = $8
		FROM unnest($1::bigint[], $2::bytea[], $3::timestamptz[], $4::bytea[], $5::timestamptz[], $6::bytea[])
			AS n (chat, session, wake_at, wrapped, gone_at, claims)
		WHERE c.chat = n.chat`
	// saveAlone is for conversations in which nobody was heard.
	saveAlone = `UPDATE conversation c SET session = n.session, wake_at = n.wake_at, wrapped_key = coalesce(n.wrapped, c.wrapped_key), process = $5
		FROM unnest($1::bigint[], $2::bytea[], $3::timestamptz[], $4::bytea[]) AS n (chat, session, wake_at, wrapped) WHERE c.chat = n.chat`
)
