package slack

import (
	"context"
	"errors"
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
