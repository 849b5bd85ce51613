package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"websec.nl/gehoor/cases"
)

// Release has the words go out that a notice on a held lane holds back: their time to be taken back is over. Where they were
// taken back, or have gone out, nothing happens.
func (s *Store) Release(ctx context.Context, o Outgoing) error {
	_, err := s.Change(ctx, Claim{}, o.Number, func(c *cases.Case, now time.Time) error { return c.Dispatch(o.Notice.Event, now) })
	if refusal := (*cases.Refusal)(nil); errors.As(err, &refusal) {
		return nil
	}
	return err
}

// Why a notice is not told to the member that it is for.
var (
	ErrExcluded    = errors.New("the member is excluded from the case")       // nor will it be
	ErrNotScreened = errors.New("the case is not screened for conflicts yet") // it will be told when it is
)

// Tellable says whether a notice may go to the member that it is for, as the case is now: nil, ErrExcluded or ErrNotScreened. What
// is for no member is tellable, and so is what a person concerned is asked: they are excluded, and it tells nothing but that.
func (s *Store) Tellable(ctx context.Context, o Outgoing) error {
	m, ok := o.Notice.To.Member()
	if !ok || toParties(o.Notice.Kind) {
		return nil
	}
	var screened, excluded bool
	err := s.pool.QueryRow(ctx, `SELECT screened, $2 = ANY (excluded) FROM cases WHERE number = $1`, o.Number, m).Scan(&screened, &excluded)
	switch {
	case err != nil:
		return fmt.Errorf("who may be told of case %s: %w", o.Number, missing(err))
	case excluded:
		return ErrExcluded
	case !screened:
		return ErrNotScreened
	}
	return nil
}

// partyNotices are the notices to persons concerned.
var partyNotices = []cases.NoticeKind{cases.Invitation, cases.PartyProposal, cases.PartyEnd}

func toParties(kind cases.NoticeKind) bool { return slices.Contains(partyNotices, kind) }
