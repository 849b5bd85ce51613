package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
)

// together is a face that sends what waits for a member in one message, and breaks off at a point once.
type together struct {
	*desk
	at       string // "sent": before it is known what went along; "settled": after that
	mu       sync.Mutex
	messages []string // the cases of each
}

var errBrokenOff = errors.New("broken off")

func (f *together) send(ctx context.Context, o postgres.Outgoing) error {
	if !strings.HasSuffix(o.Lane, "/reminders") {
		return nil
	}
	all, wait, err := f.Reminders(ctx, o)
	if err != nil || len(all) == 0 && wait.IsZero() {
		return err
	}
	if !wait.IsZero() {
		return &jobs.RetryAfter{After: wait.Sub(f.Now()), Err: errors.New("not now")}
	}
	var of []string
	var ids []int64
	for _, one := range all {
		of, ids = append(of, string(one.Number)), append(ids, one.ID)
	}
	slices.Sort(of)
	f.mu.Lock()
	f.messages = append(f.messages, strings.Join(of, " "))
	first := len(f.messages) == 1
	f.mu.Unlock()
	if first && f.at == "sent" {
		return errBrokenOff
	}
	if err := f.SentAlong(ctx, o, ids[1:], cases.Sent, ""); err != nil {
		return err
	}
	if first && f.at == "settled" {
		return errBrokenOff
	}
	return nil
}

func (f *together) told() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.messages, "; ")
}

// What the database knows after an error is what it knows after a kill at that moment.
func TestWhoIsCutOffBetweenSendingAndSettlingRepeatsOneMessageAtMost(t *testing.T) {
	for at, want := range map[string]string{
		"":        "1 2 3",
		"sent":    "1 2 3; 1 2 3",
		"settled": "1 2 3; 1",
	} {
		t.Run("cut off once "+at, func(t *testing.T) {
			d := newDesk(t)
			turn := func(to string) {
				then, _ := time.Parse(time.RFC3339, to)
				d.turned.Store(int64(time.Until(then)))
			}
			turn("2027-02-01T09:00:00Z")
			for range 3 {
				number := d.complain(t)
				d.screen(t, number)
				d.change(t, number, func(c *cases.Case, now time.Time) error { return c.Take(ann, now) })
			}
			turn("2027-02-03T09:30:00Z")
			if _, err := d.Tick(t.Context(), 10); err != nil {
				t.Fatal(err)
			}
			f := &together{desk: d, at: at}
			dispatcher := jobs.NewDispatcher(d.Store, d.url, slog.New(slog.DiscardHandler),
				jobs.Face{Prefix: "telegram/", Send: f.send, Most: 8, Limit: time.Second},
				jobs.Face{Prefix: "mail/", Send: f.send, Most: 8, Limit: time.Second},
				jobs.Face{Prefix: "slack/", Send: f.send, Most: 8, Limit: 10 * time.Second, Now: d.Now})
			ctx, stop := context.WithCancel(t.Context())
			var running sync.WaitGroup
			running.Go(func() { dispatcher.Run(ctx) })
			defer running.Wait()
			defer stop()
			d.wait(t, "nothing waits any more", func() bool { return d.waiting(t) == 0 })
			short := strings.NewReplacer("K-2027-000", "")
			if got := short.Replace(f.told()); got != want {
				t.Errorf("messages about %s, want %s", got, want)
			}
		})
	}
}

func TestRestOfADayGoesInOneMessageInTheMorningByAClockThatIsTurned(t *testing.T) {
	d := newDesk(t)
	turn := func(to string) {
		then, _ := time.Parse(time.RFC3339, to)
		d.turned.Store(int64(time.Until(then)))
	}
	f := &together{desk: d}
	dispatcher := jobs.NewDispatcher(d.Store, d.url, slog.New(slog.DiscardHandler),
		jobs.Face{Prefix: "telegram/", Send: f.send, Most: 8, Limit: time.Second},
		jobs.Face{Prefix: "mail/", Send: f.send, Most: 8, Limit: time.Second},
		jobs.Face{Prefix: "slack/", Send: f.send, Most: 8, Limit: 10 * time.Second, Now: d.Now})
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { dispatcher.Run(ctx) })
	defer running.Wait()
	defer stop()
	most := d.Procedure().Clock.Most
	for n := range most + 2 {
		turn("2027-02-01T09:00:00Z")
		number := d.complain(t)
		d.screen(t, number)
		d.change(t, number, func(c *cases.Case, now time.Time) error { return c.Take(ann, now) })
		turn("2027-02-03T09:30:00Z")
		if _, err := d.Tick(t.Context(), 10); err != nil {
			t.Fatal(err)
		}
		if n < most {
			d.wait(t, "it is sent", func() bool { return d.waiting(t) == 0 })
		}
	}
	d.wait(t, "the rest waits", func() bool { return d.waiting(t) == 2 && dispatcher.Counts().Retried.Load() > 0 })
	turn("2027-02-04T08:00:01Z")
	d.wait(t, "the rest is sent", func() bool { return d.waiting(t) == 0 })
	if got, want := f.told(), "; K-2027-0006 K-2027-0007"; !strings.HasSuffix(got, want) || strings.Count(got, ";") != most {
		t.Errorf("messages about %s", got)
	}
}
