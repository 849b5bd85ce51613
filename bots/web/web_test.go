package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// started runs a server for a test and returns its address; the server ends with the test, and must end well.
func started(t *testing.T, cfg Config) (address string, stop func() error) {
	t.Helper()
	cfg.Listen = "127.0.0.1:0"
	s := New(cfg)
	at, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	stop = func() error {
		cancel()
		err := <-ended
		ended <- err
		return err
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return "http://" + at.String(), stop
}

func get(t *testing.T, method, address, accept, body string) (int, string, http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", accept)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(said), response.Header
}

func TestProgramLivesWhateverItsChecksSay(t *testing.T) {
	address, _ := started(t, Config{Checks: []Check{{Name: "database", Check: func(context.Context) error { return errors.New("gone") }}}})
	status, said, header := get(t, "GET", address+"/healthz", "", "")
	if status != 200 || said != "ok\n" || header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %q %v", status, said, header)
	}
}

func TestOneFailingCheckIsNamedButNotExplained(t *testing.T) {
	var log strings.Builder
	address, _ := started(t, Config{Log: slog.New(slog.NewTextHandler(&log, nil)), Checks: []Check{
		{Name: "database", Check: func(context.Context) error { return nil }},
		{Name: "telegram", Check: func(context.Context) error { return errors.New("a detail for the log") }},
	}})
	status, said, _ := get(t, "GET", address+"/readyz", "", "")
	if status != 503 || said != "database: ok\ntelegram: failing\n" {
		t.Errorf("%d %q", status, said)
	}
	status, said, header := get(t, "GET", address+"/readyz", "application/json", "")
	var found struct {
		Ready  bool
		Checks map[string]string
	}
	if err := json.Unmarshal([]byte(said), &found); err != nil || status != 503 || found.Ready || found.Checks["database"] != "ok" || found.Checks["telegram"] != "failing" {
		t.Errorf("%d %q (%v)", status, said, err)
	}
	if header.Get("Content-Type") != "application/json" || strings.Contains(said, "detail") || !strings.Contains(log.String(), "a detail for the log") {
		t.Errorf("%v %q; log %q", header, said, log.String())
	}
}

func TestReadyWhenAllChecksAre(t *testing.T) {
	address, _ := started(t, Config{Checks: []Check{{Name: "database", Check: func(context.Context) error { return nil }}}})
	if status, said, _ := get(t, "GET", address+"/readyz", "", ""); status != 200 || said != "database: ok\n" {
		t.Errorf("%d %q", status, said)
	}
	if status, said, _ := get(t, "GET", address+"/readyz", "application/json", ""); status != 200 || !strings.Contains(said, `"ready":true`) {
		t.Errorf("%d %q", status, said)
	}
}

func TestCheckThatDoesNotAnswerIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		deaf := make(chan struct{})
		r := newReadiness([]Check{
			{Name: "deaf", Check: func(context.Context) error { <-deaf; return nil }},
			{Name: "slow", Check: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }},
			{Name: "ok", Check: func(context.Context) error { return nil }},
		}, slog.New(slog.DiscardHandler))
		before := time.Now()
		if states := strings.Join(r.look(t.Context()), ", "); states != "no answer in time, no answer in time, ok" {
			t.Error(states)
		}
		if took := time.Since(before); took != checkTime {
			t.Errorf("it took %v", took)
		}
		close(deaf)
	})
}

func TestWhoAsksOftenBurdensNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		r := newReadiness([]Check{{Name: "database", Check: func(context.Context) error { asked.Add(1); return nil }}}, slog.New(slog.DiscardHandler))
		for range 10 {
			r.look(t.Context())
		}
		if n := asked.Load(); n != 1 {
			t.Errorf("asked %d times at once", n)
		}
		<-time.After(freshTime)
		if r.look(t.Context()); asked.Load() != 2 {
			t.Errorf("asked %d times after a while", asked.Load())
		}
	})
}

func TestMetricsHoldOursAndTheProcess(t *testing.T) {
	address, _ := started(t, Config{Metrics: []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "gehoor_waiting", Help: "Messages that wait."}, func() float64 { return 7 }),
	}})
	status, said, _ := get(t, "GET", address+"/metrics", "", "")
	for _, want := range []string{"gehoor_waiting 7", "go_goroutines", "process_resident_memory_bytes"} {
		if status != 200 || !strings.Contains(said, want) {
			t.Errorf("%d, without %s", status, want)
		}
	}
}

func TestDeliveriesReachTheirPlaceAndNoOther(t *testing.T) {
	named := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, name) })
	}
	address, _ := started(t, Config{Mounts: map[string]http.Handler{
		"POST /telegram": named("telegram"), "/slack/": named("slack"), "POST ": named("root"), "POST /slack/telegram": named("below"),
		"POST /{odd": named("odd"),
	}})
	for _, c := range []struct {
		method, path string
		status       int
		said         string
	}{
		{"POST", "/telegram", 200, "telegram"}, {"GET", "/telegram", 405, ""}, {"POST", "/telegram/", 404, ""}, {"POST", "/slack/events", 200, "slack"},
		{"GET", "/slack/", 200, "slack"}, {"POST", "/slack/telegram", 200, "below"}, {"POST", "/", 200, "root"}, {"GET", "/", 405, ""},
		{"POST", "/elsewhere", 404, ""}, {"POST", "/healthz", 405, ""}, {"HEAD", "/healthz", 200, ""}, {"POST", "/%7Bodd", 200, "odd"},
	} {
		status, said, _ := get(t, c.method, address+c.path, "", "")
		if status != c.status || (c.said != "" && said != c.said) {
			t.Errorf("%s %s: %d %q", c.method, c.path, status, said)
		}
	}
}

func TestBodyThatIsTooLargeIsCutOff(t *testing.T) {
	address, _ := started(t, Config{Mounts: map[string]http.Handler{"/in": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
	})}})
	if status, _, _ := get(t, "POST", address+"/in", "", strings.Repeat("x", mostBody)); status != 200 {
		t.Errorf("%d for as much as may be", status)
	}
	if status, _, _ := get(t, "POST", address+"/in", "", strings.Repeat("x", mostBody+1)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("%d for more", status)
	}
}

func TestEndWaitsForWhatIsInHand(t *testing.T) {
	arrived, proceed := make(chan struct{}), make(chan struct{})
	address, stop := started(t, Config{Mounts: map[string]http.Handler{"/slow": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-proceed
		_, _ = io.WriteString(w, "done")
	})}})
	answer := make(chan string, 1)
	go func() {
		_, said, _ := get(t, "GET", address+"/slow", "", "")
		answer <- said
	}()
	<-arrived
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	for { // until nobody new is let in
		conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
		if err != nil {
			break
		}
		conn.Close()
	}
	select {
	case err := <-stopped:
		t.Fatalf("it ended before the request did (%v)", err)
	default:
	}
	close(proceed)
	if said := <-answer; said != "done" {
		t.Errorf("answer %q", said)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestTakenAddressIsSaid(t *testing.T) {
	address, _ := started(t, Config{})
	err := New(Config{Listen: strings.TrimPrefix(address, "http://")}).Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "listen for HTTP") {
		t.Errorf("%v", err)
	}
}
