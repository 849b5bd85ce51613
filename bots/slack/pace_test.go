package slack

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"websec.nl/gehoor/cases/jobs"
)

func TestWhatTakesManyCallsOfOneMethodGetsThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(PublishedRate)
		began := time.Now()
		var mu sync.Mutex
		var made []time.Time
		var all sync.WaitGroup
		for id := range int64(30) {
			all.Go(func() {
				attempt := func() error {
					for range 3 {
						if err := p.call(context.Background(), id+1, "chat.update"); err != nil {
							return err
						}
						mu.Lock()
						made = append(made, time.Now())
						mu.Unlock()
					}
					return nil
				}
				for {
					p.begin(id + 1)
					var later *jobs.RetryAfter
					err := attempt()
					if !errors.As(err, &later) {
						p.end(id + 1)
						return
					}
					time.Sleep(later.After)
					if time.Since(began) > time.Hour {
						t.Errorf("card %d is still not shown after an hour", id)
						return
					}
				}
			})
		}
		all.Wait()
		if took := time.Since(began); took > 10*time.Minute {
			t.Errorf("30 cards of three places took %s", took)
		}
		for i := range made { // what Slack allows in any minute
			in := 0
			for _, at := range made[i:] {
				if at.Sub(made[i]) < time.Minute {
					in++
				}
			}
			if in > tiers["chat.update"] {
				t.Fatalf("%d calls within a minute", in)
			}
		}
	})
}

// What asks ahead for its turn does nothing before it has one, posts in it, and holds up nobody else.
func TestWhatAsksAheadPostsInItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(PublishedRate)
		began := time.Now()
		var mu sync.Mutex
		var posted []time.Duration
		tries := 0
		var all sync.WaitGroup
		for id := range int64(20) {
			all.Go(func() {
				for {
					p.begin(id + 1)
					err := p.ahead(id+1, "C1")
					mu.Lock()
					tries++
					mu.Unlock()
					var later *jobs.RetryAfter
					if !errors.As(err, &later) {
						if err := p.post(context.Background(), id+1, "C1"); err != nil {
							t.Errorf("it had a turn: %v", err)
						}
						p.end(id + 1)
						mu.Lock()
						posted = append(posted, time.Since(began))
						mu.Unlock()
						return
					}
					if !later.Untried {
						t.Error("it is taken for an attempt")
					}
					time.Sleep(later.After)
				}
			})
		}
		all.Wait()
		if len(posted) != 20 || tries > 2*20 {
			t.Errorf("%d were posted in %d tries", len(posted), tries)
		}
		for i, at := range posted {
			if want := time.Duration(float64(i) / PublishedRate * float64(time.Second)); at < want-time.Millisecond || at > want+time.Second {
				t.Errorf("message %d was posted after %s, want %s", i, at, want)
			}
		}
	})
}

func TestEachMethodThatWaitsForItsTurnHasOne(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`pace\.call\([^"\n]*"([^"]+)"\)`).FindAllStringSubmatch(string(text), -1) {
			if found++; tiers[m[1]] == 0 {
				t.Errorf("%s waits for the turn of %s, and that never comes", file, m[1])
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d calls were found", found)
	}
}
