package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// Surface is where something of a case stands in the committee's chat tool, by the tool's own identifiers.
type Surface struct {
	Place   string // card, room, ...
	Channel string
	Message string // empty for a room
}

// Surface returns where the thing at a place of a case stands, or ErrNotFound.
func (s *Store) Surface(ctx context.Context, number cases.Number, place string) (Surface, error) {
	at := Surface{Place: place}
	err := s.pool.QueryRow(ctx, `SELECT s.channel, s.message FROM surface s JOIN cases c ON c.id = s.case_id
		WHERE c.number = $1 AND s.place = $2`, number, place).Scan(&at.Channel, &at.Message)
	if err != nil {
		return Surface{}, fmt.Errorf("%s of case %s: %w", place, number, missing(err))
	}
	return at, nil
}

// FormerRoom begins the place of a room that a case had before the one that it has now; its channel follows. Who is in it can read
// it, so it is never forgotten for being replaced.
const FormerRoom = "former-room/"

// SetSurface remembers where something of a case stands. The room that another replaces becomes a former one.
func (s *Store) SetSurface(ctx context.Context, number cases.Number, at Surface) error {
	_, err := s.pool.Exec(ctx, `WITH former AS (
			INSERT INTO surface (case_id, place, channel, message)
			SELECT s.case_id, '`+FormerRoom+`' || s.channel, s.channel, '' FROM surface s JOIN cases c ON c.id = s.case_id
			WHERE c.number = $1 AND s.place = 'room' AND $2 = 'room' AND s.channel <> $3
			ON CONFLICT DO NOTHING
		), again AS (
			DELETE FROM surface s USING cases c WHERE c.id = s.case_id AND c.number = $1 AND $2 = 'room' AND s.place = '`+FormerRoom+`' || $3
		)
		INSERT INTO surface (case_id, place, channel, message) SELECT id, $2, $3, $4 FROM cases WHERE number = $1
		ON CONFLICT (case_id, place) DO UPDATE SET channel = excluded.channel, message = excluded.message`,
		number, at.Place, at.Channel, at.Message)
	if err != nil {
		return fmt.Errorf("remember the %s of case %s: %w", at.Place, number, err)
	}
	return nil
}

// KeepSurface is SetSurface for what is remembered once: what was there already stays, and is returned.
func (s *Store) KeepSurface(ctx context.Context, number cases.Number, at Surface) (Surface, error) {
	_, err := s.pool.Exec(ctx, `INSERT INTO surface (case_id, place, channel, message) SELECT id, $2, $3, $4 FROM cases WHERE number = $1
		ON CONFLICT DO NOTHING`, number, at.Place, at.Channel, at.Message)
	if err != nil {
		return Surface{}, fmt.Errorf("remember the %s of case %s: %w", at.Place, number, err)
	}
	return s.Surface(ctx, number, at.Place)
}

// CaseOfRoom returns the case whose private room a channel is, or was before it got another, or ErrNotFound.
func (s *Store) CaseOfRoom(ctx context.Context, channel string) (cases.Number, error) {
	var number cases.Number
	err := s.pool.QueryRow(ctx, `SELECT c.number FROM surface s JOIN cases c ON c.id = s.case_id
		WHERE s.channel = $1 AND s.message = '' AND (s.place = 'room' OR s.place = '`+FormerRoom+`' || $1)`, channel).Scan(&number)
	if err != nil {
		return "", fmt.Errorf("case of a room: %w", missing(err))
	}
	return number, nil
}

// Surfaces returns all that stands of a case in the committee's chat tool, in the order of the places.
func (s *Store) Surfaces(ctx context.Context, number cases.Number) ([]Surface, error) {
	rows, err := s.pool.Query(ctx, `SELECT s.place, s.channel, s.message FROM surface s JOIN cases c ON c.id = s.case_id
		WHERE c.number = $1 ORDER BY s.place`, number)
	if err != nil {
		return nil, fmt.Errorf("what stands of case %s: %w", number, err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Surface])
	if err != nil {
		return nil, fmt.Errorf("what stands of case %s: %w", number, err)
	}
	return all, nil
}

// DropSurface forgets where something of a case stood that is there no more.
func (s *Store) DropSurface(ctx context.Context, number cases.Number, place string) error {
	_, err := s.pool.Exec(ctx, `DELETE FROM surface s USING cases c WHERE c.id = s.case_id AND c.number = $1 AND s.place = $2`, number, place)
	if err != nil {
		return fmt.Errorf("forget the %s of case %s: %w", place, number, err)
	}
	return nil
}
