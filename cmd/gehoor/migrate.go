package main

import (
	"context"
	"errors"
	"os"
)

// migrate brings the database to this version's schema and stops.
func migrate(ctx context.Context, s *settings) error {
	p := &program{log: s.Log.logger(os.Stderr)}
	_, err := p.database(ctx, s)
	return errors.Join(err, p.close())
}
