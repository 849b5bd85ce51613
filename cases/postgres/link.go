package postgres

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// LinkPurpose is the one thing that a link opens.
type LinkPurpose string

// The purposes.
const (
	LinkApproval LinkPurpose = "approval" // the complainant says whether a write-up is a true account
	LinkAccount  LinkPurpose = "account"  // a person concerned gives their side
	LinkAnswer   LinkPurpose = "answer"   // somebody agrees with a proposed solution or objects to it
)

// Link is what the token of a link opens.
type Link struct {
	Number  cases.Number
	Purpose LinkPurpose
	Party   int // 0: the complainant
	Used    bool
	Expired bool
}

// Why a link that there is opens nothing any more.
var (
	ErrLinkUsed    = errors.New("the link was used")
	ErrLinkExpired = errors.New("the link is too old")
)

// LinkDays is for how many days a link can be used.
const LinkDays = 30

const (
	linkDaysTold = 365 // for which a link that can't be used any more is told apart from one that never was
	tokenBytes   = 32
)

// MakeLink makes a link to a case for its complainant, or for a party of it, and returns its token: 43 letters, digits, hyphens
// and underscores, which may stand in an address. The database has no more than the token's hash. A link made before stays good,
// as nobody knows whether the letter with it arrived; when one of them is used, all are. Whoever sends it has to look afterwards
// where to: of the complainant's links those that were made before their address changed are good no more.
func (s *Store) MakeLink(ctx context.Context, number cases.Number, purpose LinkPurpose, party int) (token string, err error) {
	raw := make([]byte, tokenBytes)
	rand.Read(raw)
	now := s.Now()
	tag, err := s.pool.Exec(ctx, `INSERT INTO link (hash, purpose, case_id, party, made, expires) SELECT $2, $3, id, $4, $5, $6 FROM cases WHERE number = $1`,
		number, hashOf(raw), purpose, party, now, now.AddDate(0, 0, LinkDays))
	if err == nil && tag.RowsAffected() == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("make a link to case %s: %w", number, err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

func hashOf(raw []byte) []byte {
	hash := sha256.Sum256(raw)
	return hash[:]
}

// hashOfToken is the hash of a token; not ok where it can't be one.
func hashOfToken(token string) (hash []byte, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != tokenBytes {
		return nil, false
	}
	return hashOf(raw), true
}

// Link looks up what a token opens; a token that there is not is ErrNotFound. It is found by its hash, so that the time which
// that takes tells nothing of any token.
func (s *Store) Link(ctx context.Context, token string) (l Link, err error) {
	hash, ok := hashOfToken(token)
	if !ok {
		return l, fmt.Errorf("link: %w", ErrNotFound)
	}
	err = s.pool.QueryRow(ctx, `SELECT c.number, l.purpose, l.party, l.used IS NOT NULL, l.expires <= $2 FROM link l JOIN cases c ON c.id = l.case_id
		WHERE l.hash = $1`, hash, s.Now()).Scan(&l.Number, &l.Purpose, &l.Party, &l.Used, &l.Expired)
	if err != nil {
		return Link{}, fmt.Errorf("link: %w", missing(err))
	}
	return l, nil
}

// selectLinked reads a link, a part of its case, and the events of that. Where the words of a case were erased there is no link.
const selectLinked = `SELECT ` + eventColumns + `, l.purpose, l.party, l.used IS NOT NULL, l.expires <= $2,
		c.id, c.number, c.kind, c.stage, c.language, c.version, coalesce(c.chat, 0), k.wrapped
	FROM link l JOIN cases c ON c.id = l.case_id JOIN case_key k ON k.case_id = c.id JOIN event e ON e.case_id = c.id` + eventWords + `
	WHERE l.hash = $1 ORDER BY e.seq`

// linked reads what a hash opens, and all that happened in that case, with the words, but neither letters nor files.
func (o *once) linked(ctx context.Context, hash []byte) (l Link, f *cases.File, err error) {
	if err := o.write(ctx); err != nil { // it may have been used a moment ago
		return l, nil, fmt.Errorf("link: %w", err)
	}
	rows, err := o.Query(ctx, selectLinked, hash, o.now)
	if err != nil {
		return l, nil, fmt.Errorf("link: %w", err)
	}
	f = new(cases.File)
	c := &f.Case
	var wrapped []byte
	var k *key
	f.Events, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (cases.Event, error) {
		e, words, err := scanEvent(row, &l.Purpose, &l.Party, &l.Used, &l.Expired,
			&c.ID, &c.Number, &c.Kind, &c.Stage, &c.Language, &c.Version, &c.Chat, &wrapped)
		if err == nil && k == nil {
			k, err = o.store.vault.unwrap(wrapped, holder(c.ID))
		}
		if err == nil {
			e.Words, err = words.open(k, c.Number, e.Seq)
		}
		return e, err
	})
	if err == nil && len(f.Events) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return l, nil, fmt.Errorf("link: %w", err)
	}
	l.Number = c.Number
	f.Assemble()
	return l, f, nil
}

// UseLink lets decide alter the case that a token opens, and saves it with its events and notices, or nothing; the link is used
// then, and so is each other of the same purpose that was made for the same person. A link that can't be used is ErrLinkUsed,
// ErrLinkExpired or ErrNotFound; a *cases.Refusal from decide is returned as it is, and the link stays good.
func (s *Store) UseLink(ctx context.Context, token string, decide func(*cases.Case, *cases.File, time.Time) error) error {
	return s.byLink(ctx, token, true, decide)
}

// ByLink is as UseLink, but the link stays good.
func (s *Store) ByLink(ctx context.Context, token string, decide func(*cases.Case, *cases.File, time.Time) error) error {
	return s.byLink(ctx, token, false, decide)
}

func (s *Store) byLink(ctx context.Context, token string, use bool, decide func(*cases.Case, *cases.File, time.Time) error) error {
	return s.do(ctx, Claim{}, func(o *once) error { return o.byLink(ctx, token, use, decide) })
}

func (o *once) byLink(ctx context.Context, token string, use bool, decide func(*cases.Case, *cases.File, time.Time) error) error {
	hash, ok := hashOfToken(token)
	if !ok {
		return fmt.Errorf("link: %w", ErrNotFound)
	}
	c, err := o.lockOne(ctx, `SELECT `+lockColumns+` FROM cases WHERE id = (SELECT case_id FROM link WHERE hash = $1) FOR NO KEY UPDATE`, []any{hash})
	if err != nil { // of two who use links to it at once, one waits for the other here, and only then looks what became of theirs
		return fmt.Errorf("link: %w", err)
	}
	l, f, err := o.linked(ctx, hash)
	switch {
	case err != nil:
		return err
	case l.Used:
		return fmt.Errorf("link to case %s: %w", l.Number, ErrLinkUsed)
	case l.Expired:
		return fmt.Errorf("link to case %s: %w", l.Number, ErrLinkExpired)
	}
	f.Case = *c
	if err := decide(c, f, o.now); err != nil {
		return err
	}
	o.inHand = hash
	defer func() { o.inHand, o.spent = nil, "" }()
	if use {
		if l.Party == 0 {
			o.spent = l.Purpose
		}
		o.saving.add(`UPDATE link SET used = $4 WHERE case_id = $1 AND purpose = $2 AND party = $3 AND used IS NULL`, c.ID, l.Purpose, l.Party, o.now)
	}
	return o.save(ctx, c, len(f.Case.Told))
}

// revoke has the links that went to the complainant's former address lead nowhere from now on, where the events say that it
// changed: somebody else may read what comes there. A letter with a new link follows to the new address.
//
// The link by which they corrected the address themselves stays good until they are done with it: whoever has it is taken to be
// the complainant, the page or the chat that they are in goes on, and its last act uses up every other link.
func (o *once) revoke(c *cases.Case, events []cases.Event) {
	moved := slices.ContainsFunc(events, func(e cases.Event) bool {
		return e.Kind == cases.Corrected && e.Data["field"] == cases.FieldEmail || e.Kind == cases.ContactChanged && e.Data["email"] != ""
	})
	if moved { // those that are used up at this moment change once
		o.saving.add(`UPDATE link SET expires = made WHERE case_id = $1 AND party = 0 AND used IS NULL AND hash IS DISTINCT FROM $2 AND purpose <> $3`,
			c.ID, o.inHand, o.spent)
	}
}

// Linked returns what a token opens, with all that happened in that case, and the words, but neither letters nor files; of the case itself
// no more than its number, kind, stage, language, settings and chat. It is for somebody who followed a link, whatever became of that.
func (t *Turn) Linked(token string) (Link, *cases.File, error) {
	hash, ok := hashOfToken(token)
	if !ok {
		return Link{}, nil, fmt.Errorf("link: %w", ErrNotFound)
	}
	return t.once.linked(t.ctx, hash)
}

// UseLink is as Store.UseLink, in the transaction of the turn.
func (t *Turn) UseLink(token string, decide func(*cases.Case, *cases.File, time.Time) error) error {
	return t.once.byLink(t.ctx, token, true, decide)
}

// ByLink is as Store.ByLink, in the transaction of the turn.
func (t *Turn) ByLink(token string, decide func(*cases.Case, *cases.File, time.Time) error) error {
	return t.once.byLink(t.ctx, token, false, decide)
}

// forgetLinks forgets links that nobody could use since a moment.
const forgetLinks = `DELETE FROM link WHERE expires < $1`
