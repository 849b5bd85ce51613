package postgres

import (
	"cmp"
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
	mine, err := t.once.lockAll(t.ctx, `chat = $1`, t.talk.chat)
	if err != nil {
		return nil, fmt.Errorf("forget a person: %w", err)
	}
	slices.SortFunc(mine, func(a, b *cases.Case) int { return cmp.Or(b.Received.Compare(a.Received), cmp.Compare(b.ID, a.ID)) })
	gone := []int64{}
	stay := slices.DeleteFunc(mine, func(c *cases.Case) bool {
		goes := c.Kind == cases.Talk && !c.Open()
		if goes {
			gone = append(gone, c.ID)
		}
		return goes
	})
	for _, statement := range erasing(`id = ANY ($1)`) {
		t.once.saving.add(statement, gone)
	}
	for _, table := range []string{"conversation_part", "attachment", "set_aside"} {
		t.once.saving.add(`DELETE FROM `+table+` WHERE chat = $1`, t.talk.chat)
	}
	if err := t.once.write(t.ctx); err != nil { // now, since somebody may have one of the files in hand
		return nil, fmt.Errorf("forget a person: %w", err)
	}
	t.talk.parts, t.talk.files, t.talk.aside = nil, nil, nil
	t.talk.erase, t.talk.eraseFiles, t.talk.filed = false, false, true
	return stay, t.renew()
}

// mostOfOne is more cases than one person has.
const mostOfOne = 10_000

// eraseCases has the words of cases erased for good, and what ties them to a person: their keys, so that backups hold the words
// no more either, then the words themselves, the files, and the chat. The row and the chain of events stay and have none of it.
// The cases are locked before, which may have to wait for who has one of them in hand.
func eraseCases(batch *pgx.Batch, which string, args ...any) {
	batch.Queue(`SELECT FROM cases WHERE (chat IS NOT NULL OR EXISTS (SELECT FROM case_key k WHERE k.case_id = cases.id)) AND `+which+`
		ORDER BY id FOR NO KEY UPDATE`, args...)
	for _, statement := range erasing(which) {
		batch.Queue(statement, args...)
	}
}

// erasing are the statements that do it, in any order.
func erasing(which string) (all []string) {
	for _, table := range []string{"case_key", "event_word", "attachment", "case_message", "link"} {
		all = append(all, `DELETE FROM `+table+` WHERE case_id IN (SELECT id FROM cases WHERE `+which+`)`)
	}
	return append(all, `UPDATE cases SET chat = NULL, has_mail = false WHERE chat IS NOT NULL AND `+which)
}
