package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
)

// The bounds of the checks.
const (
	checkTime = 2 * time.Second
	freshTime = time.Second // so that who asks often does not burden who is checked
)

// Check tells whether something that the program depends on is there. Its error goes to the log, so it must hold no
// secrets; who asks over HTTP sees only the name and that it fails.
type Check struct {
	Name  string
	Check func(context.Context) error
}

// The states of a check, as they are shown.
const (
	stateOK      = "ok"
	stateFailing = "failing"
	stateSilent  = "no answer in time"
)

// readiness answers /readyz.
type readiness struct {
	checks []Check
	log    *slog.Logger
	now    func() time.Time

	mu     sync.Mutex
	states []string // of the last look
	looked time.Time
}

func newReadiness(checks []Check, log *slog.Logger) *readiness {
	return &readiness{checks: checks, log: log, now: time.Now, states: make([]string, len(checks))}
}

// look checks everything at once, or returns what a look just now found.
func (r *readiness) look(ctx context.Context) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.looked.IsZero() && r.now().Sub(r.looked) < freshTime {
		return r.states
	}
	states := make([]string, len(r.checks))
	var all sync.WaitGroup
	for i, c := range r.checks {
		all.Go(func() { states[i] = r.ask(ctx, c, r.states[i]) })
	}
	all.Wait()
	r.states, r.looked = states, r.now()
	return states
}

// ask does one check, and logs when its state is another than before.
func (r *readiness) ask(ctx context.Context, c Check, before string) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkTime)
	defer cancel()
	answer := make(chan error, 1)
	go func() { answer <- c.Check(ctx) }()
	state, err := stateOK, error(nil)
	select {
	case err = <-answer:
		if err != nil {
			state = stateFailing
		}
	case <-ctx.Done():
		state, err = stateSilent, ctx.Err()
	}
	if errors.Is(err, context.DeadlineExceeded) {
		state = stateSilent
	}
	switch {
	case state == before:
	case state != stateOK:
		r.log.Warn("not ready", "check", c.Name, "state", state, "err", err)
	case before != "":
		r.log.Info("ready again", "check", c.Name)
	}
	return state
}

// ServeHTTP tells the state of each check, as lines of text or, where asked for, as JSON: 200 if all is well, otherwise 503.
func (r *readiness) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	states := r.look(req.Context())
	status := http.StatusOK
	found := make(map[string]string, len(states))
	var lines strings.Builder
	for i, c := range r.checks {
		if states[i] != stateOK {
			status = http.StatusServiceUnavailable
		}
		found[c.Name] = states[i]
		fmt.Fprintf(&lines, "%s: %s\n", c.Name, states[i])
	}
	if strings.Contains(req.Header.Get("Accept"), "application/json") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"ready": status == http.StatusOK, "checks": found})
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(lines.String()))
}
