package postgres

import (
	"context"
	"encoding/binary"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// What a step says to a chat is kept as one value: a byte that tells it from a single line as it was kept before, and then each
// line after its length.
const manyLines = 1

func joinLines(all [][]byte) []byte {
	size := 1
	for _, line := range all {
		size += binary.MaxVarintLen32 + len(line)
	}
	b := append(make([]byte, 0, size), manyLines)
	for _, line := range all {
		b = append(binary.AppendUvarint(b, uint64(len(line))), line...)
	}
	return b
}

func splitLines(joined []byte) (all [][]byte, err error) {
	if len(joined) == 0 || joined[0] != manyLines {
		return [][]byte{joined}, nil
	}
	for rest := joined[1:]; len(rest) > 0; {
		size, n := binary.Uvarint(rest)
		if n <= 0 || size > uint64(len(rest)-n) {
			return nil, fmt.Errorf("lines of a conversation are cut off")
		}
		all, rest = append(all, rest[n:n+int(size)]), rest[n+int(size):]
	}
	return all, nil
}

// queueLines queues what was said in conversations, a row for each, and which of their files are to be fetched.
func (o *once) queueLines(talks map[int64]*talk) {
	queue := func(face string, t *talk, lines ...[]byte) {
		o.out = append(o.out, Outgoing{
			Lane: face + strconv.FormatInt(t.chat, 10), Lines: lines, Foreign: t.foreign,
			chat: t.chat, wrapped: t.wrapped, sealed: t.key.seal(joinLines(lines), "line"),
		})
	}
	for _, t := range talks {
		if len(t.lines) > 0 {
			queue(LaneTelegram, t, t.lines...)
		}
		for _, file := range t.fetches {
			queue(LaneFile, t, file)
		}
	}
}

// linesOut reads the lines of conversations that wait.
func (s *Store) linesOut(ctx context.Context, ids []int64) (all []Outgoing, err error) {
	rows, err := s.pool.Query(ctx, `SELECT id, lane, chat, wrapped_key, sealed, sent, attempts, not_before FROM line WHERE id = ANY ($1)`, ids)
	if err != nil {
		return nil, err
	}
	var o Outgoing
	var notBefore *time.Time
	_, err = pgx.ForEachRow(rows, []any{&o.ID, &o.Lane, &o.chat, &o.wrapped, &o.sealed, &o.Sent, &o.Attempts, &notBefore}, func() error {
		one := o
		one.NotBefore = value(notBefore)
		if err := s.unsealLines(&one); err != nil {
			// The others must not wait for it, and it stays for who can mend it.
			s.log.Error("a line that waits can't be unsealed", "id", one.ID, "err", err)
			return nil
		}
		all = append(all, one)
		return nil
	})
	return all, err
}

func (s *Store) unsealLines(o *Outgoing) error {
	k, err := s.vault.unwrap(o.wrapped, chatHolder(o.chat))
	if err != nil {
		return err
	}
	joined, err := k.open(o.sealed, "line")
	if err != nil {
		return err
	}
	o.Lines, err = splitLines(joined)
	return err
}
