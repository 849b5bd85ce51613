package postgres

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"websec.nl/gehoor/cases"
)

// Update is something that reached a chat, under the number by which its platform delivers it once more.
type Update struct {
	ID        int64
	Chat      int64
	MakesCase bool // it probably makes a case, so that others had better not wait for it; nothing else depends on that
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
	late   bool  // something that the person did later was heard before

	unfiled int64 // a message of which it is known that it stands in no case
}

// Converse handles updates that arrived together, in one transaction, or a few beside each other where there are many: each
// is claimed, the conversation's row is locked, step decides, and what it says is queued. What was handled before is left
// out. The updates of one chat are handled in their order; step is called for different chats at the same time. An error undoes at
// least the transaction it came from, and some or all of the updates may not be handled.
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

// group divides updates by their chats, into as many groups at most as can be thought about at once, of about as many chats each. The
// chats in which a case is made are a group of their own beside them: all cases of a kind wait for each other's number, from when it
// is given out until the transaction ends, and so would who shares it.
func group(updates []Update) [][]arrived {
	of := make(map[int64]int, len(updates))
	for _, u := range updates {
		if u.MakesCase {
			of[u.Chat] = 0
		}
	}
	groups := make([][]arrived, 1+max(1, min(len(updates)/fewest, runtime.GOMAXPROCS(0))))
	others := 0
	for i, u := range updates {
		at, known := of[u.Chat]
		if !known {
			at = 1 + others%(len(groups)-1)
			others++
			of[u.Chat] = at
		}
		groups[at] = append(groups[at], arrived{u, i})
	}
	return slices.DeleteFunc(groups, func(g []arrived) bool { return len(g) == 0 })
}

// arrived is an update and its place among those that arrived with it.
type arrived struct {
	Update
	at int
}

// converse lets updates be handled in one transaction.
func (s *Store) converse(ctx context.Context, updates []arrived, step func(*Turn) error) error {
	chats := pick(updates, func(u arrived) int64 { return u.Chat })
	return s.meet(ctx, chats, func(o *once, talks map[int64]*talk) error {
		o.shared = len(updates) > 1
		aside, err := o.claimedAside(ctx, updates, talks)
		if err != nil {
			return err
		}
		for _, u := range updates {
			if err := o.hear(ctx, u, aside, talks, step); err != nil {
				return err
			}
		}
		return nil
	})
}

// meet lets turns be taken in the conversations of chats, in one transaction. Where two processes met the same new person at
// once it does so again, since now the row is there to lock.
func (s *Store) meet(ctx context.Context, chats []int64, turns func(o *once, talks map[int64]*talk) error) error {
	attempt := func(o *once) error {
		talks, err := o.begin(ctx, chats)
		if err != nil {
			return err
		}
		if err := turns(o, talks); err != nil {
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
// undone. What is to follow once it is kept does so when nothing is held for it any more: no connection, and no number.
func (s *Store) byHand(ctx context.Context, f func(*once) error) error {
	o := &once{store: s}
	if err := o.onConnection(ctx, f); err != nil {
		return err
	}
	for _, f := range o.kept {
		f()
	}
	return nil
}

func (o *once) onConnection(ctx context.Context, f func(*once) error) error {
	conn, err := o.store.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Release()
	defer o.numbered()
	o.database, o.now = conn, o.store.Now()
	if err := f(o); err != nil {
		conn.Exec(context.WithoutCancel(ctx), `ROLLBACK`)
		return err
	}
	return nil
}

// begin opens the transaction and locks conversations, in one round trip.
func (o *once) begin(ctx context.Context, chats []int64) (map[int64]*talk, error) {
	batch := new(pgx.Batch)
	batch.Queue(`BEGIN`)
	batch.Queue(`SELECT `+talkColumns+` FROM conversation WHERE chat = ANY ($1) ORDER BY chat FOR NO KEY UPDATE`, chats, o.store.process)
	results := o.SendBatch(ctx, batch)
	defer results.Close()
	if _, err := results.Exec(); err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	rows, err := results.Query()
	if err != nil {
		return nil, fmt.Errorf("lock conversations: %w", err)
	}
	talks := make(map[int64]*talk, len(chats))
	err = o.eachTalk(rows, func(t *talk, unreadable error) error { talks[t.chat] = t; return unreadable })
	if err != nil {
		return nil, fmt.Errorf("lock conversations: %w", err)
	}
	return talks, nil
}

// claimedAside are those of the updates that were claimed where there was no conversation to do it in. It asks where one of them
// may be older than all that its conversation claims, which has begun since.
func (o *once) claimedAside(ctx context.Context, updates []arrived, talks map[int64]*talk) ([]int64, error) {
	if !slices.ContainsFunc(updates, func(u arrived) bool { return talks[u.Chat] == nil || !talks[u.Chat].claims.within(u.ID) }) {
		return nil, nil
	}
	ids := pick(updates, func(u arrived) int64 { return u.ID })
	rows, err := o.Query(ctx, `SELECT id FROM telegram_update WHERE id = ANY ($1)`, ids)
	if err != nil {
		return nil, fmt.Errorf("updates that were claimed: %w", err)
	}
	claimed, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("updates that were claimed: %w", err)
	}
	return claimed, nil
}

// hear lets an update be handled, once.
func (o *once) hear(ctx context.Context, u arrived, aside []int64, talks map[int64]*talk, step func(*Turn) error) error {
	t, err := o.talkOf(u.Chat, talks)
	if err != nil {
		return err
	}
	if t.claims.has(u.ID) || slices.Contains(aside, u.ID) {
		return nil
	}
	turn := o.turn(ctx, t)
	turn.Update, turn.late = u.at, t.claims.late(u.ID)
	if err := turn.back(); err != nil {
		return err
	}
	if err := turn.take(step); err != nil {
		return err
	}
	t.claims = t.claims.with(u.ID)
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
// may wait for somebody else's row is written before: who holds it may be waiting for the lock of a lane.
func (o *once) commit(ctx context.Context, talks map[int64]*talk) error {
	if err := o.erase(ctx, talks); err != nil {
		return err
	}
	o.queueFiles(talks)
	o.saveTalks(talks)
	o.queueLines(talks)
	defer o.store.lockLanes(o.out)()
	results, before := o.sendAll(ctx, `COMMIT`)
	if err := errors.Join(o.readAll(results, before), results.Close()); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	o.store.handOver(o.out)
	return nil
}

// Say queues a line for the chat, in the encoding of its face. To somebody who closed the chat to us nothing is said.
func (t *Turn) Say(line []byte) {
	if t.talk.gone {
		return
	}
	t.talk.lines = append(t.talk.lines, line)
}

// Kept has f called once all that the turn did is committed, and not if that comes to nothing.
func (t *Turn) Kept(f func()) { t.once.kept = append(t.once.kept, f) }

// SetAside keeps, sealed, what could not be handled, and claims its update so that it does not come back. One that was claimed
// before is ErrClaimed, and is not kept again; an update whose number is not known is 0, and is never claimed.
func (s *Store) SetAside(ctx context.Context, update Update, raw []byte, reason string) error {
	return s.do(ctx, Claim{}, func(o *once) error {
		k, err := o.claimForGood(ctx, update)
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

// claimForGood claims an update, in its conversation where there is one, and returns the key of that, which stays its key until
// the transaction ends; nil where there is none, or it can't be read: what is set aside must be kept then, too.
func (o *once) claimForGood(ctx context.Context, update Update) (*key, error) {
	var wrapped, kept []byte
	var touched time.Time
	err := o.QueryRow(ctx, `SELECT wrapped_key, claims, touched_at FROM conversation WHERE chat = $1 FOR NO KEY UPDATE`, update.Chat).
		Scan(&wrapped, &kept, &touched)
	none := errors.Is(err, pgx.ErrNoRows)
	if err != nil && !none {
		return nil, err
	}
	claimed := claimsSince(kept, touched, o.now)
	aside := false // it was claimed before the conversation began
	if update.ID != 0 && !none && !claimed.within(update.ID) {
		if err := o.QueryRow(ctx, `SELECT EXISTS (SELECT FROM telegram_update WHERE id = $1)`, update.ID).Scan(&aside); err != nil {
			return nil, err
		}
	}
	switch {
	case update.ID == 0:
	case none:
		tag, err := o.Exec(ctx, `INSERT INTO telegram_update (id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, update.ID, o.now)
		if err == nil && tag.RowsAffected() == 0 {
			err = ErrClaimed
		}
		if err != nil {
			return nil, err
		}
	case aside || claimed.has(update.ID):
		return nil, ErrClaimed
	default:
		_, err := o.Exec(ctx, `UPDATE conversation SET claims = $2, touched_at = $3 WHERE chat = $1`, update.Chat, claimed.with(update.ID).bytes(), o.now)
		if err != nil {
			return nil, err
		}
	}
	if none {
		return nil, nil
	}
	k, err := o.store.vault.unwrap(wrapped, chatHolder(update.Chat))
	if err != nil {
		o.store.log.Error("the key of a conversation can't be unsealed; what is set aside of it is sealed with the master key", "err", err)
		return nil, nil
	}
	return k, nil
}
