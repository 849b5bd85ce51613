package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
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
	Update  int    // index in the batch
	Session []byte // as it was left, nil at the first turn; the turn sets it anew
	Now     time.Time
	talk    *talk
	once    *once
	ctx     context.Context
}

// talk is the conversation of one chat within a batch.
type talk struct {
	chat    int64
	key     *key
	wrapped []byte
	isNew   bool
	gone    bool // they closed the chat to us
	left    bool // just now
	foreign bool // another process changed it last
	session []byte
	parts   []part
	erase   bool
}

type part struct {
	number int
	text   string
}

func chatHolder(chat int64) string { return "chat/" + strconv.FormatInt(chat, 10) }

// Converse handles updates that arrived together, in one transaction, or a few beside each other where there are many: each
// is claimed, the conversation's row is locked, step decides, and what it says is queued. What was handled before is left
// out. The updates of one chat are handled in their order; step is called for different chats at the same time. An error
// undoes at least the transaction it came from, and some or all of the updates may not be handled.
func (s *Store) Converse(ctx context.Context, updates []Update, step func(*Turn) error) error {
	groups := group(updates)
	if len(groups) == 1 {
		return s.converseTwice(ctx, groups[0], step)
	}
	var together errgroup.Group
	for _, g := range groups {
		together.Go(func() error { return s.converseTwice(ctx, g, step) })
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

func (s *Store) converseTwice(ctx context.Context, updates []arrived, step func(*Turn) error) error {
	err := s.converse(ctx, updates, step)
	if violates(err, "conversation_pkey") { // two processes met the same new person at once; now the row is there to lock
		err = s.converse(ctx, updates, step)
	}
	return err
}

func (s *Store) converse(ctx context.Context, updates []arrived, step func(*Turn) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Release()
	o := &once{now: s.Now(), store: s}
	talks, fresh, err := s.begin(ctx, conn, o, updates)
	if err == nil {
		err = o.turns(ctx, updates, fresh, talks, step)
	}
	if err == nil {
		err = o.commit(ctx, talks)
	}
	if err != nil {
		conn.Exec(context.WithoutCancel(ctx), `ROLLBACK`)
	}
	return err
}

// begin opens the transaction, claims the updates and locks their conversations, in one round trip.
func (s *Store) begin(ctx context.Context, conn *pgxpool.Conn, o *once, updates []arrived) (map[int64]*talk, map[int64]bool, error) {
	ids, chats := make([]int64, len(updates)), make([]int64, len(updates))
	for i, u := range updates {
		ids[i], chats[i] = u.ID, u.Chat
	}
	o.database = conn // its transaction begins and ends by hand, so that its statements share round trips
	batch := new(pgx.Batch)
	batch.Queue(`BEGIN`)
	batch.Queue(`INSERT INTO telegram_update (id, at) SELECT unnest($1::bigint[]), $2 ON CONFLICT DO NOTHING RETURNING id`, ids, o.now)
	batch.Queue(`SELECT chat, wrapped_key, session, gone_at IS NOT NULL, process <> $2 FROM conversation
		WHERE chat = ANY ($1) ORDER BY chat FOR NO KEY UPDATE`, chats, s.process)
	results := conn.SendBatch(ctx, batch)
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
	var t talk
	_, err = pgx.ForEachRow(rows, []any{&t.chat, &t.wrapped, &t.session, &t.gone, &t.foreign}, func() error {
		k, err := s.vault.unwrap(t.wrapped, chatHolder(t.chat))
		if err != nil {
			return err
		}
		session, err := k.open(t.session, "session")
		talks[t.chat] = &talk{chat: t.chat, key: k, session: session, gone: t.gone, foreign: t.foreign}
		return err
	})
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
		t := talks[u.Chat]
		if t == nil {
			k, wrapped, err := o.store.vault.make(chatHolder(u.Chat))
			if err != nil {
				return err
			}
			t = &talk{chat: u.Chat, key: k, wrapped: wrapped, isNew: true}
			talks[u.Chat] = t
		}
		turn := &Turn{Update: u.at, Session: t.session, Now: o.now, talk: t, once: o, ctx: ctx}
		if err := turn.back(); err != nil {
			return err
		}
		if err := step(turn); err != nil {
			return err
		}
		t.session = turn.Session
	}
	return nil
}

// commit writes the conversations and what is to be said, ends the transaction, all in one round trip, and hands it over.
func (o *once) commit(ctx context.Context, talks map[int64]*talk) error {
	o.queueTalks(&o.writes, talks)
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

func (o *once) queueTalks(batch *pgx.Batch, talks map[int64]*talk) {
	var chats, newChats []int64
	var sessions, newSessions, keys [][]byte
	for _, t := range talks {
		sealed := t.key.seal(t.session, "session")
		if t.isNew {
			newChats, newSessions, keys = append(newChats, t.chat), append(newSessions, sealed), append(keys, t.wrapped)
		} else {
			chats, sessions = append(chats, t.chat), append(sessions, sealed)
		}
	}
	if len(newChats) > 0 {
		batch.Queue(`INSERT INTO conversation (chat, wrapped_key, session, touched_at, process)
			SELECT *, $4, $5 FROM unnest($1::bigint[], $2::bytea[], $3::bytea[])`, newChats, keys, newSessions, o.now, o.store.process)
	}
	if len(chats) > 0 {
		batch.Queue(`UPDATE conversation c SET session = n.session, touched_at = $3, process = $4, gone_at = NULL
			FROM unnest($1::bigint[], $2::bytea[]) AS n (chat, session) WHERE c.chat = n.chat`, chats, sessions, o.now, o.store.process)
	}
	for _, t := range talks {
		if t.left {
			batch.Queue(`UPDATE conversation SET gone_at = $2 WHERE chat = $1`, t.chat, o.now)
		}
		if t.erase {
			batch.Queue(`DELETE FROM conversation_part WHERE chat = $1`, t.chat)
		}
		for _, p := range t.parts {
			batch.Queue(`INSERT INTO conversation_part (chat, part, sealed) VALUES ($1, $2, $3)
				ON CONFLICT (chat, part) DO UPDATE SET sealed = excluded.sealed`,
				t.chat, p.number, t.key.seal([]byte(p.text), "part", strconv.Itoa(p.number)))
		}
	}
}

// Say queues a line for the chat, in the encoding of its face.
func (t *Turn) Say(line []byte) {
	t.once.out = append(t.once.out, Outgoing{
		Lane: LaneTelegram + strconv.FormatInt(t.talk.chat, 10), Line: line, Foreign: t.talk.foreign,
		chat: t.talk.chat, sealed: t.talk.key.seal(line, "line"),
	})
}

// Append keeps a part of the story; the same number again replaces it.
func (t *Turn) Append(number int, text string) {
	t.talk.parts = append(t.talk.parts, part{number, text})
}

// Erase forgets the parts of the story.
func (t *Turn) Erase() { t.talk.parts, t.talk.erase = nil, true }

// Mine returns the cases of the person in this chat, without words, the newest first.
func (t *Turn) Mine() ([]*cases.Case, error) {
	if err := t.once.write(t.ctx); err != nil { // one may have been filed a moment ago
		return nil, fmt.Errorf("list cases: %w", err)
	}
	return list(t.ctx, t.once, Filter{Chat: t.talk.chat, Limit: 20}, t.Now)
}

// Submit makes the case of a complaint that was confirmed; its story is what was kept by Append.
func (t *Turn) Submit(made cases.Complaint) (*cases.Case, error) {
	room, err := t.room(cases.Formal)
	if err != nil {
		return nil, err
	}
	if room.story != "" {
		made.Answers[cases.FieldProblem] = room.story
	}
	c := cases.Submit(room.number, made, t.talk.chat, t.once.store.procedure, t.Now)
	t.Erase()
	return c, t.once.insert(t.ctx, c, room.id)
}

// Request makes the case of a talk that was asked for.
func (t *Turn) Request(talk cases.TalkRequest) (*cases.Case, error) {
	room, err := t.room(cases.Talk)
	if err != nil {
		return nil, err
	}
	c := cases.Request(room.number, talk, t.talk.chat, t.once.store.procedure, t.Now)
	return c, t.once.insert(t.ctx, c, room.id)
}

// Reply puts words of the person into the file of a case of theirs. A case of somebody else's is ErrNotFound.
func (t *Turn) Reply(number cases.Number, words string) error {
	c, err := t.once.lock(t.ctx, number)
	if err != nil {
		return err
	}
	if c.Chat != t.talk.chat {
		return fmt.Errorf("case %s: %w", number, ErrNotFound)
	}
	if err := c.Reply(words, t.Now); err != nil {
		return err
	}
	return t.once.save(t.ctx, c, len(c.Told))
}

// Left records that the person closed the chat to us.
func (t *Turn) Left() error {
	t.talk.left = true
	return t.each(func(c *cases.Case) { c.Leave(t.Now) })
}

// back records that a person who had closed the chat to us is there again.
func (t *Turn) back() error {
	if !t.talk.gone {
		return nil
	}
	t.talk.gone = false
	return t.each(func(c *cases.Case) { c.Return(t.Now) })
}

// each changes the open cases of the person.
func (t *Turn) each(change func(*cases.Case)) error {
	if err := t.once.write(t.ctx); err != nil {
		return err
	}
	mine, err := list(t.ctx, t.once, Filter{Chat: t.talk.chat, Open: true}, t.Now)
	if err != nil {
		return err
	}
	for _, one := range mine {
		c, err := t.once.lock(t.ctx, one.Number)
		if err != nil {
			return err
		}
		change(c)
		if err := t.once.save(t.ctx, c, len(c.Told)); err != nil {
			return err
		}
	}
	return nil
}

// room is where a new case goes: its number and its row. With it comes the story that was told in this chat.
type room struct {
	number cases.Number
	id     int64
	story  string
}

func (t *Turn) room(kind cases.Kind) (r room, err error) {
	if r.number, r.id, err = t.once.store.number(t.ctx, kind, t.Now); err != nil {
		return r, err
	}
	if t.talk.isNew {
		r.story, err = t.story(nil)
		return r, err
	}
	rows, err := t.once.Query(t.ctx, `SELECT part, sealed FROM conversation_part WHERE chat = $1`, t.talk.chat)
	if err != nil {
		return r, fmt.Errorf("parts of a story: %w", err)
	}
	r.story, err = t.story(rows)
	return r, err
}

// number gives out the next number of a kind in its year, and a row for the case. It does so in a transaction of its own,
// since all cases would otherwise wait for each other's: a number is given out once, and one is missing where its case came
// to nothing. It does not wait for the disk, which a case does that comes after it.
func (s *Store) number(ctx context.Context, kind cases.Kind, now time.Time) (number cases.Number, id int64, err error) {
	year := s.procedure.In(now).Year()
	batch := new(pgx.Batch)
	batch.Queue(`BEGIN`)
	batch.Queue(`SET LOCAL synchronous_commit = off`)
	batch.Queue(`WITH given AS (INSERT INTO case_counter (kind, year, last) VALUES ($1, $2, 1)
			ON CONFLICT (kind, year) DO UPDATE SET last = case_counter.last + 1 RETURNING last)
		SELECT last, nextval(pg_get_serial_sequence('cases', 'id')) FROM given`, kind, year)
	batch.Queue(`COMMIT`)
	var n int
	err = s.alone(ctx, batch, func(results pgx.BatchResults) error {
		results.Exec()
		results.Exec()
		return results.QueryRow().Scan(&n, &id)
	})
	if err != nil {
		return "", 0, fmt.Errorf("number a case: %w", err)
	}
	return cases.NumberOf(kind, year, n), id, nil
}

// story joins the parts that are kept, which are in rows, and those of this batch.
func (t *Turn) story(rows pgx.Rows) (string, error) {
	all := make(map[int]string)
	last := 0
	var number int
	var sealed []byte
	if rows == nil {
	} else if _, err := pgx.ForEachRow(rows, []any{&number, &sealed}, func() error {
		if t.talk.erase {
			return nil
		}
		text, err := t.talk.key.open(sealed, "part", strconv.Itoa(number))
		all[number], last = string(text), max(last, number)
		return err
	}); err != nil {
		return "", fmt.Errorf("parts of a story: %w", err)
	}
	for _, p := range t.talk.parts {
		all[p.number], last = p.text, max(last, p.number)
	}
	var b strings.Builder
	for n := 0; n <= last; n++ {
		if text, ok := all[n]; ok {
			if b.Len() > 0 {
				b.WriteString("\n\n")
			}
			b.WriteString(text)
		}
	}
	return b.String(), nil
}

// SetAside keeps, sealed, what could not be handled, and claims its update so that it does not come back.
func (s *Store) SetAside(ctx context.Context, update Update, raw []byte, reason string) error {
	return s.do(ctx, Claim{}, func(o *once) error {
		if _, err := o.Exec(ctx, `INSERT INTO telegram_update (id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, update.ID, o.now); err != nil {
			return fmt.Errorf("claim an update: %w", err)
		}
		_, err := o.Exec(ctx, `INSERT INTO set_aside (source, sealed, reason, at) VALUES ('telegram', $1, $2, $3)`,
			s.vault.master.seal(raw, "set-aside"), reason, o.now)
		if err != nil {
			return fmt.Errorf("set an update aside: %w", err)
		}
		return nil
	})
}
