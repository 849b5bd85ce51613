package postgres

import (
	"context"
	"time"

	"websec.nl/gehoor/cases"
)

// WriteUp keeps the case that make makes of a complaint that was told elsewhere than in a chat, with its events and the notices
// that follow, or nothing. What make returns as an error is returned as it is. It is asked twice, the first time without a number,
// so that no number is missing for what is refused.
func (s *Store) WriteUp(ctx context.Context, claim Claim, make func(number cases.Number, now time.Time) (*cases.Case, error)) (*cases.Case, error) {
	var made *cases.Case
	err := s.do(ctx, claim, func(o *once) error {
		if _, err := make("", o.now); err != nil {
			return err
		}
		number, id, err := o.number(ctx, cases.Formal)
		if err != nil {
			return err
		}
		if made, err = make(number, o.now); err != nil {
			return err
		}
		return o.insert(ctx, made, id)
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}
