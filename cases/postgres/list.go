package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// Filter says which cases List returns. Whoever lists for a member says so in For.
type Filter struct {
	Open    bool // of any stage but the last, write-ups that await their complainant's yes too
	Unowned bool // its handling goes on or should begin, and nobody owns it, or nobody of Colleagues
	Overdue bool // its last day is over, and it is open

	Kind         cases.Kind
	Stage        cases.Stage
	Owner        cases.Member
	Author       cases.Member // who wrote it up
	MeasureOwner cases.Member // who owes a measure that is not done
	Chat         int64        // of this complainant

	// Colleagues is who is of the committee at this moment, for Unowned: whoever else owns a case can't look after it any more.
	// Nil: only a case without any owner counts.
	Colleagues []cases.Member

	For       cases.Member // leaves out what this member must not see, and what is not screened yet
	Excluding cases.Member // only what this member is excluded from, for the program
	Limit     int          // at most; 0 is 100
}

// List returns cases without their words, the newest first.
func (s *Store) List(ctx context.Context, f Filter) ([]*cases.Case, error) {
	return list(ctx, s.pool, f, s.Now())
}

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func list(ctx context.Context, db querier, f Filter, now time.Time) ([]*cases.Case, error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	rows, err := db.Query(ctx, `SELECT `+caseColumns+` FROM cases
		WHERE (NOT $1 OR stage <> 'closed')
		  AND (NOT $2 OR ((owner IS NULL OR owner <> ALL ($14)) AND stage NOT IN ('awaiting', 'closed')))
		  AND (NOT $3 OR (deadline <= $4 AND stage <> 'closed'))
		  AND ($5::text IS NULL OR owner = $5)
		  AND ($6::text IS NULL OR kind = $6)
		  AND ($7::text IS NULL OR (screened AND NOT $7 = ANY (excluded)))
		  AND ($8::bigint IS NULL OR chat = $8)
		  AND ($10::text IS NULL OR stage = $10)
		  AND ($11::text IS NULL OR work->>'written_by' = $11)
		  AND ($12::text IS NULL OR EXISTS (SELECT FROM jsonb_array_elements(work->'measures') m WHERE m->>'owner' = $12 AND NOT m ? 'done'))
		  AND ($13::text IS NULL OR $13 = ANY (excluded))
		ORDER BY received DESC, id DESC LIMIT $9`,
		f.Open, f.Unowned, f.Overdue, now, null(string(f.Owner)), null(string(f.Kind)), null(string(f.For)), null(f.Chat), f.Limit,
		null(string(f.Stage)), null(string(f.Author)), null(string(f.MeasureOwner)), null(string(f.Excluding)), f.Colleagues)
	if err != nil {
		return nil, fmt.Errorf("list cases: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*cases.Case, error) { return scanCase(row) })
	if err != nil {
		return nil, fmt.Errorf("list cases: %w", err)
	}
	return all, nil
}

// Earlier returns the other cases of a case's complainant, as far as their chat tells who they are, the newest first: those that
// all of the viewers may see. Where none is named it is for everybody to see, as in the committee's channel, and a case from
// which anybody is excluded is left out.
func (s *Store) Earlier(ctx context.Context, number cases.Number, viewers ...cases.Member) ([]*cases.Case, error) {
	c, err := s.Case(ctx, number)
	if err != nil || c.Chat == 0 {
		return nil, err
	}
	all, err := s.List(ctx, Filter{Chat: c.Chat, Limit: mostOfOne})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(one *cases.Case) bool {
		hidden := len(viewers) == 0 && len(one.Excluded) > 0
		return one.Number == number || !one.Screened || hidden || slices.ContainsFunc(viewers, one.Excludes)
	}), nil
}
