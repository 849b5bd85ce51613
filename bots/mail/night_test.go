package mail

import (
	"errors"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// turn turns the clock of the office.
func (o *office) turn(t *testing.T, text string) {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, o.Procedure().Location())
	if err != nil {
		t.Fatal(err)
	}
	o.now = at
}

// told is the letter of a kind that waits.
func (o *office) told(t *testing.T, kind cases.NoticeKind) (found postgres.Outgoing) {
	t.Helper()
	for _, out := range o.waiting(t) {
		if out.Notice.Kind == kind {
			found = out
		}
	}
	if found.ID == 0 {
		t.Fatalf("no letter %s waits", kind)
	}
	return found
}

// What the clock writes of itself, and could not be sent in time, waits for the morning; what somebody did is told at any hour,
// on a lane that does not wait for it. What is no longer so in the morning is not sent.
func TestLettersOfTheClockWaitForTheMorning(t *testing.T) {
	server := new(post).open(t, nil, false)
	o := newOffice(t, copied(noor[i18n.Dutch]))
	bot := o.bot(t, "smtp://"+server.address)
	o.turn(t, "2026-12-06 18:00")
	if _, err := o.Tick(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	late := o.told(t, cases.LateNotice)
	o.turn(t, "2026-12-06 23:30")
	o.change(t, func(c *cases.Case, now time.Time) error { c.ChatGone = true; return c.Take(ann, now) })
	taken := o.told(t, cases.InHand)
	if taken.Lane == late.Lane || taken.Unasked() || !late.Unasked() {
		t.Errorf("what somebody did is on %s, and what the clock tells on %s", taken.Lane, late.Lane)
	}
	if err := bot.Send(t.Context(), taken); err != nil {
		t.Error(err)
	}
	for at, wait := range map[string]time.Duration{
		"2026-12-06 21:00": 11 * time.Hour, "2026-12-07 00:00": 8 * time.Hour, "2026-12-07 03:00": 5 * time.Hour, "2026-12-07 07:59": time.Minute,
	} {
		o.turn(t, at)
		var later *jobs.RetryAfter
		if err := bot.Send(t.Context(), late); !errors.As(err, &later) || later.After != wait {
			t.Errorf("at %s: %v", at, err)
		}
	}
	if letters := server.read(t); len(letters) != 1 {
		t.Fatalf("%d letters went out at night", len(letters))
	}
	for _, at := range []string{"2026-12-07 08:00", "2026-12-07 20:59"} {
		o.turn(t, at)
		if err := bot.Send(t.Context(), late); err != nil {
			t.Errorf("at %s: %v", at, err)
		}
	}
	o.change(t, func(c *cases.Case, now time.Time) error {
		return c.Extend(ann, "ziek", now.AddDate(0, 0, 7), o.Procedure(), now)
	})
	for _, at := range []string{"2026-12-07 20:59", "2026-12-08 03:00"} {
		o.turn(t, at)
		var never *jobs.Undeliverable
		if err := bot.Send(t.Context(), late); !errors.As(err, &never) || never.State != cases.NotSent || never.Reason != postgres.Overtaken {
			t.Errorf("what is no longer so, at %s: %v", at, err)
		}
	}
	if err := bot.Send(t.Context(), o.told(t, cases.Delay)); err != nil {
		t.Error("a reason that somebody gives waits for the morning:", err)
	}
}
