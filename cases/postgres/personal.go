package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// PersonalData returns everything that is held on the person who speaks with us in a chat, as of one moment.
func (s *Store) PersonalData(ctx context.Context, chat int64) (*cases.PersonalData, error) {
	held := &cases.PersonalData{At: s.Now(), Chat: chat}
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		o := &once{database: tx, now: held.At, store: s}
		k, err := o.heldInConversation(ctx, held)
		if err != nil {
			return fmt.Errorf("what is held of a conversation: %w", err)
		}
		if err := o.heldAside(ctx, held, k); err != nil {
			return fmt.Errorf("what was set aside: %w", err)
		}
		all, err := list(ctx, tx, Filter{Chat: chat, Limit: mostOfOne}, o.now)
		if err != nil {
			return err
		}
		for _, c := range all {
			f, err := o.file(ctx, c)
			if err != nil {
				return err
			}
			f.Letters = slices.DeleteFunc(f.Letters, func(d cases.Delivery) bool { return toParties(d.Kind) }) // they are others'
			held.Cases = append(held.Cases, f.Personal(s.ProcedureOf(c.Version)))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("what is held on a person: %w", err)
	}
	return held, nil
}

// heldInConversation returns the key of the conversation too; nil where there is none.
func (o *once) heldInConversation(ctx context.Context, held *cases.PersonalData) (*key, error) {
	var wrapped, session []byte
	err := o.QueryRow(ctx, `SELECT wrapped_key, session, touched_at FROM conversation WHERE chat = $1`, held.Chat).Scan(&wrapped, &session, &held.Touched)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	k, err := o.store.vault.unwrap(wrapped, chatHolder(held.Chat))
	if err != nil {
		return nil, err
	}
	if held.Session, err = k.open(session, "session"); err != nil {
		return nil, err
	}
	rows, err := o.Query(ctx, selectParts+` ORDER BY part`, held.Chat)
	if err != nil {
		return nil, err
	}
	parts, err := readParts(rows, k)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		held.Parts = append(held.Parts, cases.Part{Number: p.number, Text: p.text, Message: p.message})
	}
	if rows, err = o.Query(ctx, `SELECT `+enclosureColumns+` FROM attachment WHERE chat = $1 ORDER BY at, message, id`, held.Chat); err != nil {
		return nil, err
	}
	held.Files, err = enclosures(rows, k)
	return k, err
}

// heldAside reads what was set aside; k is the key of the conversation, nil where it is gone, and what it sealed with it.
func (o *once) heldAside(ctx context.Context, held *cases.PersonalData, k *key) error {
	rows, err := o.Query(ctx, `SELECT at, sealed, by_chat FROM set_aside WHERE chat = $1 AND ($2 OR NOT by_chat) ORDER BY id`, held.Chat, k != nil)
	if err != nil {
		return err
	}
	held.Aside, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (a cases.Aside, err error) {
		var sealed []byte
		var byChat bool
		if err := row.Scan(&a.At, &sealed, &byChat); err != nil {
			return a, err
		}
		of := o.store.vault.master
		if byChat {
			of = k
		}
		a.Raw, err = of.open(sealed, "set-aside")
		return a, err
	})
	return err
}
