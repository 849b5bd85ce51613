package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"websec.nl/gehoor/cases"
)

// numberPatience is how long a transaction that updates share waits for a number within this process. Who holds it may be waiting for what
// that transaction has locked, of which the database knows nothing; alone, an update locks next to nothing before.
const numberPatience = time.Second

// errNumberTaken says that a number was waited for too long by several at once.
var errNumberTaken = errors.New("number a case: another transaction takes long")

// number gives out the next number of a kind in its year, and a row for the case. All cases of the kind wait for it from then on,
// until the transaction ends; so no number is missing, whatever comes of a case.
func (o *once) number(ctx context.Context, kind cases.Kind) (number cases.Number, id int64, err error) {
	if !o.numbering {
		var tooLong <-chan time.Time
		if o.shared {
			tooLong = time.After(numberPatience)
		}
		select {
		case o.store.numbering <- struct{}{}: // they wait here for those of this process, which costs the database nothing
			o.numbering = true
		case <-tooLong:
			return "", 0, errNumberTaken
		case <-ctx.Done():
			return "", 0, fmt.Errorf("number a case: %w", ctx.Err())
		}
	}
	year := o.store.procedure.In(o.now).Year()
	var n int
	err = o.QueryRow(ctx, `WITH given AS (INSERT INTO case_counter AS c (kind, year, last) VALUES ($1, $2, 1)
			ON CONFLICT (kind, year) DO UPDATE SET last = c.last + 1 RETURNING last)
		SELECT last, nextval('cases_id_seq') FROM given`, kind, year).Scan(&n, &id)
	if err != nil {
		return "", 0, fmt.Errorf("number a case: %w", err)
	}
	return cases.NumberOf(kind, year, n), id, nil
}

// numbered lets others number a case, where the transaction, which ended, did.
func (o *once) numbered() {
	if o.numbering {
		<-o.store.numbering
	}
}
