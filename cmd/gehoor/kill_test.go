package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
)

// The program is killed again and again while people tell their complaints. Whatever was acknowledged is there in the end,
// and nothing twice.
func TestKilledAtAnyMomentItLosesNothingAndFilesNothingTwice(t *testing.T) {
	const people, atOnce = 250, 16
	for name, webhook := range map[string]bool{"polling": false, "webhook": true} {
		t.Run(name, func(t *testing.T) {
			play := playground.New(playground.Options{RetryScale: 0.01})
			if err := play.Start(t.Context(), "127.0.0.1:0"); err != nil {
				t.Fatal(err)
			}
			defer play.Close()
			database := postgrestest.URL(t)
			served := startServe(t, play, database, webhook)
			crowd := newCrowd(play, people)
			ctx, stop := context.WithCancel(context.Background())
			killed := 0
			var killer sync.WaitGroup
			killer.Go(func() { killed = served.killOften(ctx, t) })
			t.Cleanup(func() { stop(); killer.Wait() })
			for range atOnce {
				crowd.begin()
			}
			for range people {
				crowd.wait(t, served)
			}
			stop()
			killer.Wait()
			served.ready(t)
			checkFiled(t, database, people)
			t.Logf("killed %d times; %d messages came twice", killed, repeated(play, crowd))
			if killed < 5 {
				t.Errorf("killed only %d times", killed)
			}
		})
	}
}

// killOften kills the program at random moments and starts it anew, until ctx ends, and says how often.
func (s *served) killOften(ctx context.Context, t *testing.T) (times int) {
	for {
		select {
		case <-ctx.Done():
			return times
		case <-time.After(time.Duration(50+rand.IntN(600)) * time.Millisecond):
		}
		s.kill()
		times++
		s.start(t)
	}
}

// checkFiled sees to it that each person has one case, with the words that they told, and that the files verify.
func checkFiled(t *testing.T, database string, people int) {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	var cases, chats, events, words int
	err = pool.QueryRow(t.Context(), `SELECT count(*), count(DISTINCT chat), (SELECT count(*) FROM event WHERE kind = 'filed'),
		(SELECT count(*) FROM event_word w JOIN event e USING (case_id, seq), jsonb_object_keys(e.commitments) AS said
			WHERE seq = 1 AND w.field = '' AND said IN ('name', 'subject', 'problem', 'when', 'often', 'wish', 'prior', 'contact', 'telephone'))
		FROM cases`).Scan(&cases, &chats, &events, &words)
	if err != nil {
		t.Fatal(err)
	}
	if cases != people || chats != people || events != people || words != 9*people {
		t.Errorf("%d people: %d cases, of %d chats, with %d filings and %d answers", people, cases, chats, events, words)
	}
}

// repeated counts the messages that came to somebody twice in a row.
func repeated(play *playground.Playground, c *crowd) (n int) {
	for id := c.next.Load(); ; id-- {
		messages := play.Telegram().Messages(id)
		if len(messages) == 0 {
			return n
		}
		for i := 1; i < len(messages); i++ {
			if messages[i].FromBot && messages[i-1].FromBot && messages[i].Text == messages[i-1].Text {
				n++
			}
		}
	}
}
