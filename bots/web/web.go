// Package web is the one HTTP server of the program: whether it lives and is ready, its metrics, the places where platforms
// deliver, and the pages behind the links in letters. What a delivery means it leaves to whom the place belongs, and what may
// be done on a page it asks package cases.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// The bounds of a request and of the end. A platform that delivers waits for an answer of a few seconds.
const (
	headerTime = 5 * time.Second
	readTime   = 20 * time.Second
	writeTime  = 40 * time.Second
	idleTime   = 2 * time.Minute
	mostBody   = 4 << 20  // bytes; both platforms stay far below
	mostHeader = 32 << 10 // bytes
	endTime    = 10 * time.Second
)

// Config says what the server answers to.
type Config struct {
	Listen   string       // host and port; port 0 takes a free one
	Listener net.Listener // that was opened already, instead; nil: none was
	Log      *slog.Logger // nil: silent
	// Mounts are handlers by their place: a path, after a method and a space if one will do. A path that ends in a slash
	// stands for all below it.
	Mounts  map[string]http.Handler
	Metrics []prometheus.Collector // beside those of Go and of the process
	Checks  []Check                // of /readyz
}

// Server answers HTTP on one address. Make one with New.
type Server struct {
	listen   string
	log      *slog.Logger
	http     *http.Server
	listener net.Listener
}

// New returns a server that does not listen yet.
func New(cfg Config) *Server {
	log := cfg.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Server{listen: cfg.Listen, listener: cfg.Listener, log: log, http: &http.Server{
		Handler:           http.MaxBytesHandler(handler(cfg, log), mostBody),
		ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		MaxHeaderBytes: mostHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}}
}

// Listen takes the address and returns it, with the port that it got. Run does it too, for who does not want to know.
func (s *Server) Listen() (net.Addr, error) {
	if s.listener == nil {
		listener, err := net.Listen("tcp", s.listen)
		if err != nil {
			return nil, fmt.Errorf("listen for HTTP: %w", err)
		}
		s.listener = listener
	}
	return s.listener.Addr(), nil
}

// Run answers until ctx ends, and then finishes what is in hand.
func (s *Server) Run(ctx context.Context) error {
	address, err := s.Listen()
	if err != nil {
		return err
	}
	s.log.Info("listening", "address", address.String())
	ended := make(chan error, 1)
	go func() { ended <- s.http.Serve(s.listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve HTTP: %w", err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	if err := s.http.Shutdown(last); err != nil {
		return errors.Join(fmt.Errorf("finish the requests in hand: %w", err), s.http.Close())
	}
	return nil
}

func handler(cfg Config, log *slog.Logger) http.Handler {
	ready := newReadiness(cfg.Checks, log)
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	registry.MustRegister(cfg.Metrics...)
	own := map[string]http.Handler{
		"/healthz": http.HandlerFunc(healthy),
		"/readyz":  ready,
		"/metrics": promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn), MaxRequestsInFlight: 4}),
	}
	mounts := mounted(cfg.Mounts)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		if h := own[r.URL.Path]; h != nil {
			if r.Method != http.MethodGet && r.Method != http.MethodHead {
				w.Header().Set("Allow", "GET, HEAD")
				http.Error(w, "this is only to be looked at", http.StatusMethodNotAllowed)
				return
			}
			h.ServeHTTP(w, r)
			return
		}
		mounts.ServeHTTP(w, r)
	})
}

// healthy says that the program lives; what it depends on is the matter of /readyz.
func healthy(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintln(w, "ok")
}

// mounts are the places of others. They are few, and come from settings, in which a pattern of http.ServeMux could clash
// with another and end the program.
type mounts []mount

type mount struct {
	method string // empty: any
	path   string
	http.Handler
}

func mounted(places map[string]http.Handler) (all mounts) {
	for place, h := range places {
		method, path, both := strings.Cut(place, " ")
		if !both {
			method, path = "", place
		}
		if path == "" {
			path = "/"
		}
		all = append(all, mount{method: method, path: path, Handler: h})
	}
	return all
}

// at says whether the mount stands at a path: exactly there, or at the folder that it is in. The root stands for itself only.
func (m mount) at(path string) bool {
	return path == m.path || m.path != "/" && strings.HasSuffix(m.path, "/") && strings.HasPrefix(path, m.path)
}

func (all mounts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var found *mount
	for i := range all {
		if all[i].at(r.URL.Path) && (found == nil || len(all[i].path) > len(found.path)) {
			found = &all[i]
		}
	}
	switch {
	case found == nil:
		http.Error(w, "there is nothing here", http.StatusNotFound)
	case found.method != "" && found.method != r.Method:
		w.Header().Set("Allow", found.method)
		http.Error(w, "this is only for "+found.method, http.StatusMethodNotAllowed)
	default:
		found.ServeHTTP(w, r)
	}
}
