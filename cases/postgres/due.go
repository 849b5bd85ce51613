package postgres

import (
	"context"
	"fmt"
	"time"
)

// Due says about how many cases the clock has something to tell at this moment, and since when the first of them waits; zero
// where none does.
func (s *Store) Due(ctx context.Context) (n int, since time.Time, err error) {
	var first *time.Time
	err = s.pool.QueryRow(ctx, `SELECT count(*), min(next_tick) FROM cases WHERE next_tick <= $1`, s.Now()).Scan(&n, &first)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("how many cases are due: %w", err)
	}
	if first != nil {
		since = *first
	}
	return n, since, nil
}
