package slack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"websec.nl/gehoor/cases/names"
)

// directory is everybody in the workspace, by all that they are called: against them the words of a case are held before
// anybody sees it. It is listed anew every few minutes, and what Slack tells of a person meanwhile goes straight into it.
type directory struct {
	mu     sync.Mutex
	people map[string]profile
	met    *names.Workspace // the people of it that can be meant; nil: to be made
	at     time.Time        // when they were listed last; zero: never
	err    error            // of the last try
	tried  chan struct{}    // closed at the end of each try, and replaced
	wake   chan struct{}
}

const (
	directoryAge   = 10 * time.Minute // older than that, it decides nothing
	directoryRenew = 8 * time.Minute
)

func newDirectory() *directory {
	return &directory{people: make(map[string]profile), tried: make(chan struct{}), wake: make(chan struct{}, 1)}
}

// keepDirectory lists the people of the workspace as long as ctx lasts.
func (b *Bot) keepDirectory(ctx context.Context) {
	for failures := 0; ctx.Err() == nil; {
		all, err := b.slack.people(ctx)
		b.directory.renew(all, err)
		wait := directoryRenew
		switch {
		case err == nil:
			failures = 0
		case ctx.Err() == nil:
			if failures++; failures == 1 {
				b.log.Error("slack: the people of the workspace can't be listed; new cases are shown to nobody until they can", why(err)...)
			}
			wait = min(time.Minute, 250*time.Millisecond<<min(failures, 10))
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-b.directory.wake:
			if err != nil { // somebody waits, and waiting is all there is
				pause(ctx, wait)
			}
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

func (d *directory) renew(all []profile, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.err = err
	if err == nil {
		d.people, d.met, d.at = make(map[string]profile, len(all)), nil, time.Now()
		for _, p := range all {
			d.people[p.ID] = p
		}
	}
	close(d.tried)
	d.tried = make(chan struct{})
}

// find says what is known of a member, unless that is too old.
func (d *directory) find(member string) (profile, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.people[member]
	return p, ok && time.Since(d.at) < directoryAge
}

// heard takes in what Slack says of a person at this moment. It is true where they are called something that they were not
// called before, or are here again: whatever is open has to be held against their names.
func (d *directory) heard(p profile) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	before, known := d.people[p.ID]
	d.people[p.ID] = p
	same := known && before.Bot == p.Bot && before.Gone == p.Gone && slices.Equal(before.Names, p.Names)
	if !same { // Slack tells of every new status, too
		d.met = nil
	}
	return !same && !p.Bot && !p.Gone
}

// workspace is everybody who can be meant by words of a case: neither bots nor who is gone. It waits for a list that is fresh.
func (d *directory) workspace(ctx context.Context) (*names.Workspace, error) {
	for range 2 {
		d.mu.Lock()
		tried := d.tried
		d.mu.Unlock()
		if met := d.fresh(); met != nil {
			return met, nil
		}
		select {
		case d.wake <- struct{}{}:
		default:
		}
		select {
		case <-tried:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the people of the workspace: %w", ctx.Err())
		}
	}
	return nil, errors.Join(errNobodyListed, d.trouble())
}

// fresh is everybody who can be meant, if the list is not too old to decide by; else nil.
func (d *directory) fresh() *names.Workspace {
	d.mu.Lock()
	defer d.mu.Unlock()
	if time.Since(d.at) >= directoryAge {
		return nil
	}
	return d.meet()
}

// latest is everybody who can be meant, as they were listed last, however long ago that is; nil: they never were.
func (d *directory) latest() *names.Workspace {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.at.IsZero() {
		return nil
	}
	return d.meet()
}

var errNobodyListed = errors.New("the people of the workspace can't be listed")

func (d *directory) meet() *names.Workspace {
	if d.met != nil {
		return d.met
	}
	var all []names.Person
	for _, id := range slices.Sorted(maps.Keys(d.people)) {
		if p := d.people[id]; !p.Bot && !p.Gone {
			all = append(all, names.Person{ID: id, Names: p.Names})
		}
	}
	d.met = names.Meet(all)
	return d.met
}

// trouble says why words can't be held against names at this moment; nil: they can.
func (d *directory) trouble() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err != nil && time.Since(d.at) >= directoryAge {
		return fmt.Errorf("%w: %w", errNobodyListed, d.err)
	}
	return nil
}
