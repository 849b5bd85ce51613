package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"websec.nl/gehoor/cases"
)

// Update is something that reached a chat, under the number by which its platform delivers it once more.
type Update struct {
	ID   int64
	Chat int64
}

// Turn is what one update may do with the conversation it belongs to. What it queues and keeps is written when its batch is
// committed, or not at all.
type Turn struct {
	Update  int // index in the batch; of no meaning where no update caused the turn
	Chat    int64
	Session []byte    // as it was left, nil at the first turn; the turn sets it anew
	Wake    time.Time // when the conversation is to be woken, as it was left; the turn sets it anew; zero: never
	Now     time.Time

	// Procedure holds the settings under which a case begins that the turn makes: those in force, unless the turn sets others.
	Procedure *cases.Procedure

	talk   *talk
	once   *once
	ctx    context.Context
	failed error // what could not be said at once

	unfiled int64 // a message of which it is known that it stands in no case
}

// Converse handles updates that arrived together, in one transaction, or a few beside each other where there are many: each
// is claimed, the conversation's row is locked, step decides, and what it says is queued. What was handled before is left
// out. The updates of one chat are handled in their order; step is called for different chats at the same time. An error
// undoes at least the transaction it came from, and some or all of the updates may not be handled.
func (s *Store) Converse(ctx context.Context, updates []Update, step func(*Turn) error) error {
	var together errgroup.Group
	for _, g := range group(updates) {
		together.Go(func() error { return s.converse(ctx, g, step) })
	}
	return together.Wait()
}

// fewest is how many updates a transaction shares at least, before there is another beside it: a database that writes for
// one, and a program that thinks for the other, share the time.
const fewest = 12

// group divides updates by their chats.
func group(updates []Update) [][]arrived {
	groups := make([][]arrived, max(1, min(len(updates)/fewest, 4)))
	for i, u := range updates {
		at := int(uint64(u.Chat) % uint64(len(groups)))
		groups[at] = append(groups[at], arrived{u, i})
	}
	return slices.DeleteFunc(groups, func(g []arrived) bool { return len(g) == 0 })
}

// arrived is an update and its place among those that arrived with it.
type arrived struct {
	Update
	at int
}

func (s *Store) converse(ctx context.Context, updates []arrived, step func(*Turn) error) error {
	ids := pick(updates, func(u arrived) int64 { return u.ID })
	chats := pick(updates, func(u arrived) int64 { return u.Chat })
	return s.meet(ctx, ids, chats, func(o *once, talks map[int64]*talk, fresh map[int64]bool) error {
		return o.turns(ctx, updates, fresh, talks, step)
	})
}

// meet lets turns be taken in the conversations of chats, in one transaction that claims updates: turns hears which of these
// are new. Where two processes met the same new person at once it does so again, since now the row is there to lock.
func (s *Store) meet(ctx context.Context, ids, chats []int64, turns func(o *once, talks map[int64]*talk, fresh map[int64]bool) error) error {
	attempt := func(o *once) error {
		talks, fresh, err := o.begin(ctx, ids, chats)
		if err != nil {
			return err
		}
		if err := turns(o, talks, fresh); err != nil {
			return err
		}
		return o.commit(ctx, talks)
	}
	err := s.byHand(ctx, attempt)
	if violates(err, "conversation_pkey") {
		err = s.byHand(ctx, attempt)
	}
	return err
}

// byHand lets f begin and end a transaction itself, so that its statements share round trips. What f leaves with an error is
// undone.
func (s *Store) byHand(ctx context.Context, f func(*once) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Release()
	if err := f(&once{database: conn, now: s.Now(), store: s}); err != nil {
		conn.Exec(context.WithoutCancel(ctx), `ROLLBACK`)
		return err
	}
	return nil
}

// begin opens the transaction, claims the updates and locks their conversations, in one round trip.
func (o *once) begin(ctx context.Context, ids, chats []int64) (map[int64]*talk, map[int64]bool, error) {
	batch := new(pgx.Batch)
	batch.Queue(`BEGIN`)
	batch.Queue(`INSERT INTO telegram_update (id, at) SELECT unnest($1::bigint[]), $2 ON CONFLICT DO NOTHING RETURNING id`, ids, o.now)
	batch.Queue(`SELECT `+talkColumns+` FROM conversation WHERE chat = ANY ($1) ORDER BY chat FOR NO KEY UPDATE`, chats, o.store.process)
	results := o.SendBatch(ctx, batch)
	defer results.Close()
	if _, err := results.Exec(); err != nil {
		return nil, nil, fmt.Errorf("begin: %w", err)
	}
	rows, err := results.Query()
	if err != nil {
		return nil, nil, fmt.Errorf("claim updates: %w", err)
	}
	fresh := make(map[int64]bool, len(ids))
	var id int64
	if _, err := pgx.ForEachRow(rows, []any{&id}, func() error { fresh[id] = true; return nil }); err != nil {
		return nil, nil, fmt.Errorf("claim updates: %w", err)
	}
	if rows, err = results.Query(); err != nil {
		return nil, nil, fmt.Errorf("lock conversations: %w", err)
	}
	talks := make(map[int64]*talk, len(chats))
	err = o.store.eachTalk(rows, func(t *talk, unreadable error) error { talks[t.chat] = t; return unreadable })
	if err != nil {
		return nil, nil, fmt.Errorf("lock conversations: %w", err)
	}
	return talks, fresh, nil
}

func (o *once) turns(ctx context.Context, updates []arrived, fresh map[int64]bool, talks map[int64]*talk, step func(*Turn) error) error {
	for _, u := range updates {
		if !fresh[u.ID] {
			continue
		}
		delete(fresh, u.ID) // the same update may stand in a batch twice
		t, err := o.talkOf(u.Chat, talks)
		if err != nil {
			return err
		}
		turn := o.turn(ctx, t)
		turn.Update = u.at
		if err := turn.back(); err != nil {
			return err
		}
		if err := turn.take(step); err != nil {
			return err
		}
	}
	return nil
}

func (o *once) turn(ctx context.Context, t *talk) *Turn {
	return &Turn{Chat: t.chat, Session: t.session, Wake: t.wake, Now: o.now, Procedure: o.store.procedure, talk: t, once: o, ctx: ctx}
}

func (t *Turn) take(step func(*Turn) error) error {
	if err := step(t); err != nil {
		return err
	}
	if t.failed != nil {
		return t.failed
	}
	t.talk.session, t.talk.wake, t.talk.turned = t.Session, t.Wake, true
	return nil
}

// commit writes the conversations and what is to be said, ends the transaction, all in one round trip, and hands it over. What
// may wait for somebody else's row is written before: who holds it may be waiting for the lock of handing.
func (o *once) commit(ctx context.Context, talks map[int64]*talk) error {
	if err := o.erase(ctx, talks); err != nil {
		return err
	}
	o.queueFiles(talks)
	o.saveTalks(talks)
	defer o.store.lockLanes(talks)()
	results, before := o.sendAll(ctx, `COMMIT`)
	if err := errors.Join(o.readAll(results, before), results.Close()); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	o.store.handOver(o.out)
	return nil
}

// lockLanes sees to it that what is committed for a chat is handed over in the order of the commits, and returns what ends
// that. Transactions of other chats need not wait for each other.
func (s *Store) lockLanes(talks map[int64]*talk) (unlock func()) {
	s.handing.RLock()
	var of [len(s.chats)]bool
	for chat := range talks {
		of[uint64(chat)%uint64(len(of))] = true
	}
	for i := range of {
		if of[i] {
			s.chats[i].Lock()
		}
	}
	return func() {
		for i := range of {
			if of[i] {
				s.chats[i].Unlock()
			}
		}
		s.handing.RUnlock()
	}
}

// Say queues a line for the chat, in the encoding of its face. To somebody who closed the chat to us nothing is said.
func (t *Turn) Say(line []byte) {
	if t.talk.gone {
		return
	}
	t.once.out = append(t.once.out, Outgoing{
		Lane: LaneTelegram + strconv.FormatInt(t.talk.chat, 10), Line: line, Foreign: t.talk.foreign,
		chat: t.talk.chat, sealed: t.talk.key.seal(line, "line"),
	})
}

// SetAside keeps, sealed, what could not be handled, and claims its update so that it does not come back.
func (s *Store) SetAside(ctx context.Context, update Update, raw []byte, reason string) error {
	return s.do(ctx, Claim{}, func(o *once) error {
		if _, err := o.Exec(ctx, `INSERT INTO telegram_update (id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, update.ID, o.now); err != nil {
			return fmt.Errorf("claim an update: %w", err)
		}
		k, err := o.keyOfChat(ctx, update.Chat)
		if err != nil {
			return fmt.Errorf("set an update aside: %w", err)
		}
		byChat := k != nil
		if !byChat {
			k = s.vault.master
		}
		_, err = o.Exec(ctx, `INSERT INTO set_aside (source, sealed, reason, at, chat, by_chat) VALUES ('telegram', $1, $2, $3, $4, $5)`,
			k.seal(raw, "set-aside"), reason, o.now, null(update.Chat), byChat)
		if err != nil {
			return fmt.Errorf("set an update aside: %w", err)
		}
		return nil
	})
}

// keyOfChat is the key of a conversation, which stays its key until the transaction ends; nil where there is none, or it can't
// be read: what is set aside must be kept then, too.
func (o *once) keyOfChat(ctx context.Context, chat int64) (*key, error) {
	var wrapped []byte
	err := o.QueryRow(ctx, `SELECT wrapped_key FROM conversation WHERE chat = $1 FOR SHARE`, chat).Scan(&wrapped)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	k, err := o.store.vault.unwrap(wrapped, chatHolder(chat))
	if err != nil {
		o.store.log.Error("the key of a conversation can't be unsealed; what is set aside of it is sealed with the master key", "err", err)
		return nil, nil
	}
	return k, nil
}
