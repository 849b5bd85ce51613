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

// Link looks up what a token opens; a token that there is not is ErrNotFound. It is found by its hash, so that the time which
// that takes tells nothing of any token.
func (s *Store) Link(ctx context.Context, token string) (Link, error) {
	return (&once{database: s.pool, now: s.Now(), store: s}).link(ctx, token)
}

func (o *once) link(ctx context.Context, token string) (Link, error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != tokenBytes {
		return Link{}, fmt.Errorf("link: %w", ErrNotFound)
	}
	var l Link
	var expires time.Time
	err = o.QueryRow(ctx, `SELECT c.number, l.purpose, l.party, l.used IS NOT NULL, l.expires FROM link l JOIN cases c ON c.id = l.case_id
		WHERE l.hash = $1`, hashOf(raw)).Scan(&l.Number, &l.Purpose, &l.Party, &l.Used, &expires)
	if err != nil {
		return Link{}, fmt.Errorf("link: %w", missing(err))
	}
	l.Expired = !o.now.Before(expires)
	return l, nil
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
	if err := o.write(ctx); err != nil {
		return fmt.Errorf("link: %w", err)
	}
	l, err := o.link(ctx, token)
	if err != nil {
		return err
	}
	c, err := o.lock(ctx, l.Number) // of two who use links to it at once, one waits for the other here
	if err != nil {
		return err
	}
	if l, err = o.link(ctx, token); err != nil {
		return err
	}
	switch {
	case l.Used:
		return fmt.Errorf("link to case %s: %w", l.Number, ErrLinkUsed)
	case l.Expired:
		return fmt.Errorf("link to case %s: %w", l.Number, ErrLinkExpired)
	}
	f, err := o.file(ctx, c)
	if err != nil {
		return err
	}
	if err := decide(c, f, o.now); err != nil {
		return err
	}
	if raw, err := base64.RawURLEncoding.DecodeString(token); err == nil {
		o.inHand = hashOf(raw)
		defer func() { o.inHand = nil }()
	}
	if use {
		o.writes.Queue(`UPDATE link SET used = $4 WHERE case_id = $1 AND purpose = $2 AND party = $3 AND used IS NULL`, c.ID, l.Purpose, l.Party, o.now)
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
	if moved {
		o.writes.Queue(`UPDATE link SET expires = made WHERE case_id = $1 AND party = 0 AND used IS NULL AND hash IS DISTINCT FROM $2`,
			c.ID, o.inHand)
	}
}

// Link is as Store.Link, for what came in a conversation.
func (t *Turn) Link(token string) (Link, error) { return t.once.link(t.ctx, token) }

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
