package playground_test

import (
	"context"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
)

// start runs a playground for one test; the test fails if the calls it made are not as the specifications have them.
func start(t *testing.T, o playground.Options) *playground.Playground {
	t.Helper()
	p := playground.New(o)
	if err := p.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// soon is how long a test waits for what should happen at once.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func noViolations(t *testing.T, p *playground.Playground) {
	t.Helper()
	for _, violation := range p.Violations() {
		t.Errorf("not in the specification: %s", violation)
	}
}

// eventually waits until what happens beside the test has come about, and looks each time that a little time has passed: of what
// is awaited not all is told of.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx := soon(t)
	again := time.NewTicker(2 * time.Millisecond)
	defer again.Stop()
	for !ok() {
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain for: %s", what)
		}
	}
}
