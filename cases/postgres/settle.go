package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
)

// Result says what became of something that was tried.
type Result struct {
	Out       Outgoing
	State     cases.DeliveryState // Queued: to be tried again
	Reason    string
	NotBefore time.Time // when it is to be tried again
}

// Overtaken is the Reason of what was not sent because it is no longer so: no way to anybody is closed by it.
const Overtaken = "overtaken"

// Settle records what became of what was tried. Lines that arrived are forgotten, and so are those that can't arrive; a notice
// stays, with what became of it, and the room hears what became of the committee's words to the complainant.
//
// It does not wait for the disk: a machine that loses its power may send some messages again, and none is lost by it.
func (s *Store) Settle(ctx context.Context, results []Result) error {
	var done, gone, outward []Result
	batch := new(pgx.Batch) // one transaction, as it is sent at once
	for _, r := range results {
		switch {
		case r.State == cases.Queued && !r.Out.isNotice():
			batch.Queue(`UPDATE line SET attempts = $2, not_before = $3, sent = $4 WHERE id = $1`,
				r.Out.ID, r.Out.Attempts, nullTime(r.NotBefore), r.Out.Sent)
		case r.State == cases.Queued:
			batch.Queue(`UPDATE outbox SET attempts = attempts + 1, not_before = $2, reason = $3 WHERE id = $1 AND state = 'queued'`,
				r.Out.ID, nullTime(r.NotBefore), r.Reason)
		case goesOutward(r.Out.Notice):
			outward = append(outward, r)
		case r.Out.Number != "" || r.Out.Digest != "":
			batch.Queue(settleNotice, r.Out.ID, r.State, r.Reason, s.Now())
		case r.State == cases.Gone:
			gone = append(gone, r)
			fallthrough
		default:
			done = append(done, r)
		}
	}
	if len(done) > 0 {
		batch.Queue(`DELETE FROM line l USING unnest($1::bigint[]) AS d (id) WHERE l.id = d.id`, pick(done, func(r Result) int64 { return r.Out.ID }))
	}
	if len(gone) > 0 {
		batch.Queue(`UPDATE conversation SET gone_at = $2 WHERE chat = ANY ($1)`, pick(gone, func(r Result) int64 { return r.Out.chat }), s.Now())
	}
	if err := s.settleOutward(ctx, outward); err != nil || len(outward) == len(results) {
		return err
	}
	if err := s.lazy.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("settle what was sent: %w", err)
	}
	return nil
}

// lazily is for what may be lost with a machine's power.
const lazily = `SET LOCAL synchronous_commit = off`

const settleNotice = `UPDATE outbox SET state = $2, reason = $3, done_at = $4, attempts = attempts + 1 WHERE id = $1 AND state = 'queued'`

// Lose records that a notice can't reach the complainant by its way, and queues what follows from that: the other way, or a
// word to the committee.
func (s *Store) Lose(ctx context.Context, r Result) error {
	return s.do(ctx, Claim{}, func(o *once) error {
		if err := o.lose(ctx, r); err != nil {
			return err
		}
		c, err := o.lock(ctx, r.Out.Number)
		if err != nil {
			return err
		}
		tag, err := o.Exec(ctx, settleNotice, r.Out.ID, r.State, r.Reason, o.now)
		if err != nil {
			return fmt.Errorf("settle what was lost: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return nil
		}
		if goesOutward(r.Out.Notice) {
			o.outward(c, r.Out.Notice.Event)
		}
		if r.State == cases.NotSent && (!c.ChatGone || r.Reason == Overtaken) {
			return nil
		}
		if r.Out.Notice.To == cases.ByChat && r.State == cases.Gone && !c.MailGone {
			// With no mail server set there is no other way, and somebody has to ring.
			if err := o.QueryRow(ctx, `SELECT EXISTS (SELECT FROM outbox WHERE case_id = $1 AND recipient = 'mail' AND state = 'not-sent')`,
				c.ID).Scan(&c.MailGone); err != nil {
				return fmt.Errorf("look for another way: %w", err)
			}
		}
		c.Lose(r.Out.Notice, r.State, r.Reason, o.now)
		return o.save(ctx, c, len(c.Told))
	})
}

// lose remembers of a conversation that its chat is closed to us, so that it is noticed when the person comes back. It comes
// before the case is locked, as it does wherever both are.
func (o *once) lose(ctx context.Context, r Result) error {
	if r.State != cases.Gone || r.Out.Notice.To != cases.ByChat {
		return nil
	}
	_, err := o.Exec(ctx, `UPDATE conversation SET gone_at = $2 WHERE chat = (SELECT chat FROM cases WHERE number = $1)`, r.Out.Number, o.now)
	if err != nil {
		return fmt.Errorf("remember that a chat is closed: %w", err)
	}
	return nil
}

// outwards are the notices with words of the committee, of which the room of the case is shown what became.
var outwards = []cases.NoticeKind{
	cases.Message, cases.Summary, cases.Proposal, cases.Delay, cases.Confirmation, cases.ReportNotice,
	cases.Invitation, cases.PartyProposal, cases.PartyEnd,
}

func goesOutward(n cases.Notice) bool {
	_, party := n.To.Party()
	_, file := n.Kind.File()
	return (party || n.To == cases.ByChat || n.To == cases.ByMail) && (file || slices.Contains(outwards, n.Kind))
}

// settleOutward records what became of notices with words of the committee, and queues that their rooms are shown it.
func (s *Store) settleOutward(ctx context.Context, results []Result) error {
	if len(results) == 0 {
		return nil
	}
	return s.do(ctx, Claim{}, func(o *once) error {
		if _, err := o.Exec(ctx, lazily); err != nil {
			return fmt.Errorf("settle what was sent: %w", err)
		}
		o.foreign = true // the case is not locked, so who changed it last is not known
		for _, r := range results {
			c := new(cases.Case)
			err := o.QueryRow(ctx, `WITH settled AS (`+settleNotice+` RETURNING case_id)
				SELECT c.id, c.number, c.kind, c.version FROM settled s JOIN cases c ON c.id = s.case_id`,
				r.Out.ID, r.State, r.Reason, o.now).Scan(&c.ID, &c.Number, &c.Kind, &c.Version)
			if errors.Is(err, pgx.ErrNoRows) {
				continue // it was settled before
			}
			if err != nil {
				return fmt.Errorf("settle what was sent: %w", err)
			}
			o.outward(c, r.Out.Notice.Event)
		}
		return nil
	})
}

// outward queues that the room of a case is shown what became of words. It is queued anew each time, as what goes by two ways
// is settled twice; one that is being told at this moment may not know of this yet.
func (o *once) outward(c *cases.Case, event int) {
	if c.Kind != cases.Formal {
		return // it has no room
	}
	o.writes.Queue(`DELETE FROM outbox WHERE case_id = $1 AND event = $2 AND kind = $3`, c.ID, event, cases.Outward)
	o.notice(c, cases.Notice{Kind: cases.Outward, To: cases.ToRoom, Event: event})
}
