package postgres

import (
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// Forget erases what may go of what is held on the person, and returns the cases that must stay, the newest first. The turn
// sets a new session itself.
//
// What goes: a complaint that was not filed, with its files; what could not be understood; and the words of talks that were
// held or withdrawn, as nothing is judged in a talk and nothing rests on it. What stays: what is open, as somebody is at work
// on it and others may have been asked about it (it can be withdrawn first); and a closed complaint until the time for keeping
// it is over, as the committee must be able to account for what it decided. Those stay tied to the chat as well, so that the
// person can go on to see what is held on them.
func (t *Turn) Forget() ([]*cases.Case, error) {
	t.Erase()
	t.once.writes.Queue(`DELETE FROM set_aside WHERE chat = $1`, t.talk.chat)
	if err := t.once.write(t.ctx); err != nil {
		return nil, fmt.Errorf("forget a person: %w", err)
	}
	mine, err := list(t.ctx, t.once, Filter{Chat: t.talk.chat, Limit: mostOfOne}, t.Now)
	if err != nil {
		return nil, err
	}
	var gone []int64
	stay := slices.DeleteFunc(mine, func(c *cases.Case) bool {
		goes := c.Kind == cases.Talk && !c.Open()
		if goes {
			gone = append(gone, c.ID)
		}
		return goes
	})
	if len(gone) > 0 {
		eraseCases(&t.once.writes, `id = ANY ($1)`, gone)
	}
	if err := t.once.write(t.ctx); err != nil { // now, since somebody may have one of them in hand
		return nil, fmt.Errorf("forget a person: %w", err)
	}
	return stay, nil
}

// mostOfOne is more cases than one person has.
const mostOfOne = 10_000

// eraseCases has the words of cases erased for good, and what ties them to a person: their keys, so that backups hold the words
// no more either, then the words themselves, the files, and the chat. The row and the chain of events stay and have none of it.
// The cases are locked before, which may have to wait for who has one of them in hand.
func eraseCases(batch *pgx.Batch, which string, args ...any) {
	batch.Queue(`SELECT FROM cases WHERE (chat IS NOT NULL OR EXISTS (SELECT FROM case_key k WHERE k.case_id = cases.id)) AND `+which+`
		ORDER BY id FOR NO KEY UPDATE`, args...)
	for _, table := range []string{"case_key", "event_word", "attachment", "case_message", "link"} {
		batch.Queue(`DELETE FROM `+table+` WHERE case_id IN (SELECT id FROM cases WHERE `+which+`)`, args...)
	}
	batch.Queue(`UPDATE cases SET chat = NULL, has_mail = false WHERE chat IS NOT NULL AND `+which, args...)
}
