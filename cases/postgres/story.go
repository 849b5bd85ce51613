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

	"websec.nl/gehoor/cases"
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
// where none came from that message; how many characters more the story has, which may be fewer; and how it begins. However
// long the story is, no more of it is read than that part and its beginning.
func (t *Turn) Amend(message int64, text string) (number, grown int, excerpt string, err error) {
	var kept []part
	if !t.talk.isNew && !t.talk.erase {
		rows, err := t.once.Query(t.ctx, selectAmended, t.talk.chat, message, mostBegun)
		if err != nil {
			return 0, 0, "", fmt.Errorf("parts of a story: %w", err)
		}
		filed := true
		if kept, err = readParts(rows, t.talk.key, &filed); err != nil {
			return 0, 0, "", err
		}
		if !filed && len(t.once.saving.with) == 0 { // else it may have been filed a moment ago
			t.unfiled = message
		}
	}
	told := t.with(kept)
	at := slices.IndexFunc(told, func(p part) bool { return p.message == message && message != 0 })
	if at >= 0 {
		grown = utf8.RuneCountInString(text) - utf8.RuneCountInString(told[at].text)
		told[at].text, number = text, told[at].number
		t.Append(number, text, message)
	}
	return number, grown, beginning(told), nil
}

// mostBegun is how many parts of a story make its beginning at most: each has a character, and something between it and the next.
const mostBegun = mostExcerpt/2 + 1

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

// selectAmended reads the beginning of a story and the part that came from a message, and whether the message stands in a case.
const selectAmended = `SELECT part, sealed, coalesce(message, 0), EXISTS (` + ofMessage + `)
	FROM conversation_part WHERE chat = $1 AND (part <= $3 OR message = $2)`

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

// selectTold reads the parts of a story, its files, and what was set aside of its conversation. It locks what others may change
// too, so that what is done with it when the transaction ends waits for nobody.
const selectTold = `WITH files AS (SELECT id, state, wrapped_key, at, message FROM attachment WHERE chat = $1 FOR NO KEY UPDATE),
		aside AS (SELECT id, sealed FROM set_aside WHERE chat = $1 AND by_chat FOR NO KEY UPDATE)
	SELECT 'part', part AS place, sealed, coalesce(message, 0), '', '' FROM conversation_part WHERE chat = $1
	UNION ALL SELECT 'file', row_number() OVER (ORDER BY at, message, id), wrapped_key, 0, id, state FROM files
	UNION ALL SELECT 'aside', id, sealed, 0, '', '' FROM aside
	ORDER BY place`

// toldWithFiles are the parts of the story and its files.
func (t *Turn) toldWithFiles() ([]part, []draftFile, error) {
	if err := t.once.write(t.ctx); err != nil { // another case, so that the statement of one is the same however many there are
		return nil, nil, fmt.Errorf("save: %w", err)
	}
	if len(t.talk.files) > 0 || t.talk.eraseFiles { // files came or went in this batch
		if t.talk.eraseFiles {
			t.once.writes.Queue(`DELETE FROM attachment WHERE chat = $1`, t.talk.chat)
			t.talk.eraseFiles = false
		}
		t.once.insertFiles(t.talk.files...)
		t.talk.files = nil
		if err := t.once.write(t.ctx); err != nil {
			return nil, nil, fmt.Errorf("files of a story: %w", err)
		}
	} else if t.talk.isNew {
		return t.with(nil), nil, nil
	}
	rows, err := t.once.Query(t.ctx, selectTold, t.talk.chat)
	if err != nil {
		return nil, nil, fmt.Errorf("what was told: %w", err)
	}
	var kept []part
	var files []draftFile
	var what, id string
	var place, message int64
	var sealed []byte
	var state cases.EnclosureState
	t.talk.aside = nil
	_, err = pgx.ForEachRow(rows, []any{&what, &place, &sealed, &message, &id, &state}, func() error {
		switch what {
		case "part":
			p, err := openPart(t.talk.key, int(place), sealed, message)
			kept = append(kept, p)
			return err
		case "file":
			data, err := t.talk.key.unwrap(sealed, id)
			files = append(files, draftFile{id: id, state: state, data: data})
			return err
		}
		t.talk.aside = append(t.talk.aside, aside{place, sealed})
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("what was told: %w", err)
	}
	return t.with(kept), files, nil
}

func openPart(k *key, number int, sealed []byte, message int64) (part, error) {
	text, err := k.open(sealed, "part", strconv.Itoa(number))
	return part{number, string(text), message}, err
}

// readParts reads parts, and what more stands beside each.
func readParts(rows pgx.Rows, k *key, more ...any) ([]part, error) {
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p part, err error) {
		var sealed []byte
		if err := row.Scan(append([]any{&p.number, &sealed, &p.message}, more...)...); err != nil {
			return p, err
		}
		return openPart(k, p.number, sealed, p.message)
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

// insertParts keeps parts of stories.
const insertParts = `INSERT INTO conversation_part (chat, part, sealed, message)
	SELECT * FROM unnest($1::bigint[], $2::int[], $3::bytea[], $4::bigint[])
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
