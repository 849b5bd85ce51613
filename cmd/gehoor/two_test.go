package main

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
)

// beside starts one more process of the program on the same database.
func (s *served) beside(t *testing.T) *served {
	t.Helper()
	other := &served{address: freeAddress(t), output: s.output + "-beside"}
	other.env = append(s.env[:len(s.env):len(s.env)], "GEHOOR_LISTEN="+other.address)
	other.start(t)
	other.ready(t)
	t.Cleanup(func() { other.stop(t) })
	return other
}

// After a night in which nothing ran the last day of many cases is over. Two processes tell the complainants so, and one of them is
// killed again and again meanwhile: each case has the notice once, and who reads it twice does so because of a kill in mid-send.
func TestTwoProcessesOfWhichOneDiesTellEachComplainantThatItIsLate(t *testing.T) {
	const people = 120
	t.Setenv("GEHOOR_PROCEDURE", procedureFile(t, "clock: {tick: '@every 1s', tell_from: '00:00', tell_late: '00:00', tell_until: '23:59'}\n"))
	play := playground.New(playground.Options{})
	if err := play.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer play.Close()
	database := postgrestest.URL(t)
	one := startServe(t, play, database, true)
	crowd := newCrowd(play, people)
	for range 16 {
		crowd.begin()
	}
	for range people {
		crowd.wait(t, one)
	}
	pool, err := postgres.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	other := one.beside(t)
	ctx, stop := context.WithCancel(context.Background())
	killed := 0
	var killer sync.WaitGroup
	killer.Go(func() { killed = other.killOften(ctx, t) })
	t.Cleanup(func() { stop(); killer.Wait() })
	const earlier = `((%s AT TIME ZONE 'Europe/Amsterdam') - interval '15 days') AT TIME ZONE 'Europe/Amsterdam'`
	_, err = pool.Exec(t.Context(), `UPDATE cases SET next_tick = now(), received = `+strings.ReplaceAll(earlier, "%s", "received")+`, deadline = `+strings.ReplaceAll(earlier, "%s", "deadline"))
	if err != nil {
		t.Fatal(err)
	}
	var late, cases, queued, sent int
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for deadline := time.Now().Add(2 * time.Minute); sent < people || queued > 0; <-again.C {
		if time.Now().After(deadline) {
			t.Fatalf("%d notices of %d cases, %d sent and %d waiting\n%s", late, cases, sent, queued, one.log())
		}
		err := pool.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM event WHERE kind = 'late'), (SELECT count(DISTINCT case_id) FROM event WHERE kind = 'late'),
			count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE state = 'sent') FROM outbox WHERE kind = 'late'`).Scan(&late, &cases, &queued, &sent)
		if err != nil {
			t.Fatal(err)
		}
	}
	stop()
	killer.Wait()
	other.ready(t)
	if late != people || cases != people || sent != people {
		t.Errorf("%d notices of %d cases, and %d were sent", late, cases, sent)
	}
	heard := map[int]int{} // how many people heard it how often
	for id := crowd.next.Load(); len(play.Telegram().Messages(id)) > 0; id-- {
		n := 0
		for _, m := range play.Telegram().Messages(id) {
			if m.FromBot && strings.Contains(m.Text, "Wij zijn u een uitleg schuldig") {
				n++
			}
		}
		heard[n]++
	}
	t.Logf("killed %d times; heard so often: %v", killed, heard)
	if heard[0] > 0 || heard[1]+heard[2] != people || heard[2] > killed {
		t.Errorf("killed %d times; heard so often: %v", killed, heard)
	}
}
