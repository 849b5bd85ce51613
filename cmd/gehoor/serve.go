package main

import (
	"context"
	"errors"
	"os"
)

// serve runs the program between the real platforms until ctx ends.
func serve(ctx context.Context, s *settings) error {
	log := s.Log.logger(os.Stderr)
	p, err := open(ctx, s, nil, log)
	if err != nil {
		return err
	}
	return errors.Join(p.run(ctx), p.close())
}
