package postgres

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

// part is a part of a story, and the message of the chat that brought it; 0: not known.
type part struct {
	number  int
	text    string
	message int64
}

// Append keeps a part of the story, and the message of the chat that brought it, 0 where that is not known. The same number
// again replaces it.
func (t *Turn) Append(number int, text string, message int64) {
	t.talk.parts = append(t.talk.parts, part{number, text, message})
}

// Erase forgets the parts of the story, and the files of the complaint that is being told, for good: the conversation has
// another key from now on.
func (t *Turn) Erase() {
	t.eraseParts()
	t.eraseFiles()
	t.failed = errors.Join(t.failed, t.renew())
}

func (t *Turn) eraseParts() { t.talk.parts, t.talk.erase = nil, true }

// mostExcerpt is how many characters of the beginning of a story a conversation remembers.
const mostExcerpt = 300

// Amend puts other words in the place of the part of the story that came from a message. It returns the number of the part, 0
// where none came from that message; how many characters all parts have together; and how the story begins.
func (t *Turn) Amend(message int64, text string) (number, length int, excerpt string, err error) {
	told, err := t.told()
	if err != nil {
		return 0, 0, "", err
	}
	at := slices.IndexFunc(told, func(p part) bool { return p.message == message && message != 0 })
	if at >= 0 {
		told[at].text, number = text, told[at].number
		t.Append(number, text, message)
	}
	for _, p := range told {
		length += utf8.RuneCountInString(p.text)
	}
	return number, length, beginning(told), nil
}

func beginning(told []part) string {
	var b []rune
	for _, p := range told {
		if len(b) > 0 {
			b = append(b, '\n')
		}
		if b = append(b, []rune(p.text)...); len(b) > mostExcerpt {
			return strings.TrimSpace(string(b[:mostExcerpt-1])) + "…"
		}
	}
	return string(b)
}

const selectParts = `SELECT part, sealed, coalesce(message, 0) FROM conversation_part WHERE chat = $1`

// told are the parts of the story in their order: those that are kept, and those of this batch.
func (t *Turn) told() ([]part, error) {
	if t.talk.isNew || t.talk.erase {
		return t.with(nil), nil
	}
	rows, err := t.once.Query(t.ctx, selectParts, t.talk.chat)
	if err != nil {
		return nil, fmt.Errorf("parts of a story: %w", err)
	}
	kept, err := readParts(rows, t.talk.key)
	return t.with(kept), err
}

// with puts the parts of this batch into those that are kept.
func (t *Turn) with(kept []part) []part {
	all := make(map[int]part)
	if !t.talk.erase {
		for _, p := range kept {
			all[p.number] = p
		}
	}
	for _, p := range t.talk.parts {
		all[p.number] = p
	}
	told := make([]part, 0, len(all))
	for _, p := range all {
		told = append(told, p)
	}
	slices.SortFunc(told, func(a, b part) int { return cmp.Compare(a.number, b.number) })
	return told
}

// toldWithFiles are the parts of the story and its files, in one round trip.
func (t *Turn) toldWithFiles() ([]part, []draftFile, error) {
	if t.talk.filed { // files came or went in this batch
		if err := t.once.write(t.ctx); err != nil {
			return nil, nil, fmt.Errorf("files of a story: %w", err)
		}
	} else if t.talk.isNew {
		return t.with(nil), nil, nil
	}
	batch := new(pgx.Batch)
	batch.Queue(selectParts, t.talk.chat)
	batch.Queue(selectDraftFiles, t.talk.chat)
	results := t.once.SendBatch(t.ctx, batch)
	defer results.Close()
	rows, err := results.Query()
	if err != nil {
		return nil, nil, fmt.Errorf("parts of a story: %w", err)
	}
	kept, err := readParts(rows, t.talk.key)
	if err != nil {
		return nil, nil, err
	}
	files, err := t.draftFiles(results)
	return t.with(kept), files, err
}

func readParts(rows pgx.Rows, k *key) ([]part, error) {
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p part, err error) {
		var sealed []byte
		if err := row.Scan(&p.number, &sealed, &p.message); err != nil {
			return p, err
		}
		text, err := k.open(sealed, "part", strconv.Itoa(p.number))
		p.text = string(text)
		return p, err
	})
	if err != nil {
		return nil, fmt.Errorf("parts of a story: %w", err)
	}
	return all, nil
}

// join is a story of its parts.
func join(told []part) string {
	return strings.Join(pick(told, func(p part) string { return p.text }), "\n\n")
}

// insertParts keeps parts of stories; its holes are the numbers of its parameters.
const insertParts = `INSERT INTO conversation_part (chat, part, sealed, message)
	SELECT * FROM unnest($%d::bigint[], $%d::int[], $%d::bytea[], $%d::bigint[])
	ON CONFLICT (chat, part) DO UPDATE SET sealed = excluded.sealed, message = excluded.message`

// partsOf are the parameters of insertParts for what came in this batch; nil if nothing did. No part that was there before is
// read or written for that.
func partsOf(talks map[int64]*talk) []any {
	var chats []int64
	var all []part
	var sealed [][]byte
	for _, t := range talks {
		last := make(map[int]int, len(t.parts))
		for i, p := range t.parts {
			last[p.number] = i
		}
		for i, p := range t.parts {
			if last[p.number] == i {
				chats, all = append(chats, t.chat), append(all, p)
				sealed = append(sealed, t.key.seal([]byte(p.text), "part", strconv.Itoa(p.number)))
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	return []any{chats, pick(all, func(p part) int { return p.number }), sealed, pick(all, func(p part) *int64 { return null(p.message) })}
}
