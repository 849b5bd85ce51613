package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// Stats counts the cases that were received at or after from and before until, as they are now. It opens no words, and cases whose
// words were erased count as well.
func (s *Store) Stats(ctx context.Context, from, until time.Time) (cases.Stats, error) {
	const within = `received >= $1 AND received < $2`
	var all []*cases.Case
	var ratings []map[string]string
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT `+caseColumns+` FROM cases WHERE `+within, from, until)
		if err != nil {
			return err
		}
		if all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (*cases.Case, error) { return scanCase(row) }); err != nil {
			return err
		}
		if rows, err = tx.Query(ctx, `SELECT e.data FROM event e JOIN cases c ON c.id = e.case_id WHERE e.kind = $3 AND `+within,
			from, until, cases.Rated); err != nil {
			return err
		}
		ratings, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (data map[string]string, err error) {
			var raw []byte
			if err := row.Scan(&raw); err != nil {
				return nil, err
			}
			return data, json.Unmarshal(raw, &data)
		})
		return err
	})
	if err != nil {
		return cases.Stats{}, fmt.Errorf("count cases: %w", err)
	}
	return cases.Count(from, until, all, ratings, s.procedure, s.Now()), nil
}
