package postgres

import (
	"context"
	"fmt"
	"time"

	"websec.nl/gehoor/cases"
)

// Glance is what can be seen of the file of a case without opening any word of it.
type Glance struct {
	By    cases.Means       // of a talk: how they would like to be spoken with
	Files int               // that were sent and can be kept
	Last  cases.EventKind   // of those that were asked for, what happened last; empty: nothing of it
	At    time.Time         // when that was
	Data  map[string]string // of that event
}

// Glance looks at the file of a case from outside. Last is only of the kinds given.
func (s *Store) Glance(ctx context.Context, number cases.Number, kinds ...cases.EventKind) (g Glance, err error) {
	var at *time.Time
	err = s.pool.QueryRow(ctx, `SELECT coalesce(first.data->>'by', ''), coalesce(last.kind, ''), last.at, coalesce(last.data, '{}'),
			(SELECT count(*) FROM attachment WHERE case_id = c.id AND by = 'complainant' AND state IN ('waiting', 'kept'))
		FROM cases c LEFT JOIN event first ON first.case_id = c.id AND first.seq = 1
		LEFT JOIN LATERAL (SELECT kind, at, data FROM event WHERE case_id = c.id AND kind = ANY ($2) ORDER BY seq DESC LIMIT 1) last ON true
		WHERE c.number = $1`, number, kinds).Scan(&g.By, &g.Last, &at, &g.Data, &g.Files)
	if err != nil {
		return g, fmt.Errorf("glance at case %s: %w", number, missing(err))
	}
	g.At = value(at)
	return g, nil
}
