package jobs

import (
	"errors"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// MayTell says whether a notice may go to its complainant now. What the clock tells of itself waits for a decent hour, in the
// organisation's zone, where it could not be sent in time; and what is no longer so by then is not sent. The error is the
// one that a face returns.
func MayTell(o postgres.Outgoing, f *cases.File, p *cases.Procedure, now time.Time) error {
	if !o.Unasked() {
		return nil
	}
	if f.Overtaken(o.Notice, p) {
		return &Undeliverable{State: cases.NotSent, Reason: postgres.Overtaken}
	}
	if awake := p.Awake(now); awake.After(now) {
		return &RetryAfter{After: awake.Sub(now), Err: errors.New("it is no hour to tell a complainant something unasked")}
	}
	return nil
}
