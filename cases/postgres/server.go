package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// databaseName is the database that URL names, and the name of its owner, who is the private server's only role.
const databaseName = "gehoor"

// ServerConfig says where a private server keeps its data and what it may do to come about.
type ServerConfig struct {
	// Dir is the program's data directory; the server lives in Dir/postgres-<major>. It is made when it is missing. Empty with Scratch.
	Dir string
	// Scratch trades safety for speed, for tests: nothing is flushed to disk, the data stands in memory where there is room, and Stop removes it.
	Scratch bool
	// Fetch allows a download of PostgreSQL when the machine has none.
	Fetch bool
	// Log hears what an administrator may want to know; nil is silence.
	Log *slog.Logger

	machine *machine // where on the machine things are; nil is where they really are
}

// Server is a PostgreSQL that this program started and that ends with it: nobody but this system user (and root) can reach it, because it listens
// on a socket in a closed folder and on no port at all.
type Server struct {
	url     string
	version string
	leave   []string // folders that Stop removes
	lock    *os.File

	process *exec.Cmd
	done    chan struct{} // closed when the process has ended
	stop    sync.Once
	stopped error
}

// StartServer finds (or, where allowed, fetches) PostgreSQL, makes its data directory when there is none, starts it and returns when it answers.
// What a killed predecessor left running on the same data is stopped first. ctx bounds the start only; Stop ends the server.
// Its errors are one line, for an administrator.
func StartServer(ctx context.Context, cfg ServerConfig) (*Server, error) {
	log := cfg.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if cfg.machine == nil {
		cfg.machine = thisMachine()
	}
	at, err := claimPlace(cfg)
	if err != nil {
		return nil, err
	}
	s := &Server{lock: at.lock, done: make(chan struct{})}
	if cfg.Scratch {
		s.leave = append(s.leave, at.dir)
	}
	if err := s.start(ctx, cfg, at, log); err != nil {
		return nil, errors.Join(err, s.clear())
	}
	go func() { // who forgets about the server must not lose its lock to the garbage collector while it runs
		<-s.done
		runtime.KeepAlive(s)
	}()
	return s, nil
}

// start takes the steps from an empty folder to an answering server; each is passed over when it was taken before.
func (s *Server) start(ctx context.Context, cfg ServerConfig, at *place, log *slog.Logger) error {
	program, err := findOrFetch(ctx, cfg, at, log)
	if err != nil {
		return err
	}
	if err := at.settle(program.major, cfg.machine.homes, log); err != nil {
		return err
	}
	if err := stopOrphan(ctx, at.data(), log); err != nil {
		return err
	}
	if err := at.initialise(ctx, program, cfg.Scratch, log); err != nil {
		return err
	}
	sockets, elsewhere, err := at.socketFolder()
	if err != nil {
		return err
	}
	if elsewhere {
		s.leave = append(s.leave, sockets)
	}
	s.url = databaseURL(sockets, databaseName)
	return s.run(ctx, at, program, sockets, cfg.Scratch)
}

// databaseURL names a database behind the socket in a folder, for libpq and pgx alike.
func databaseURL(sockets, database string) string {
	query := url.Values{"host": {sockets}, "port": {"5432"}, "sslmode": {"disable"}}
	return "postgres://" + databaseName + "@/" + database + "?" + query.Encode()
}

// URL is what libpq and pgx connect with: the socket's folder and the database gehoor.
func (s *Server) URL() string { return s.url }

// Version is PostgreSQL's own, as "15.14".
func (s *Server) Version() string { return s.version }

// Done is closed when the server has ended, by Stop or by itself.
func (s *Server) Done() <-chan struct{} { return s.done }

// Stop ends all connections, writes everything to disk and returns when the server is gone. A second call returns what the first did.
func (s *Server) Stop() error {
	s.stop.Do(func() { s.stopped = s.shutDown() })
	return s.stopped
}

// Shutdown times. A fast shutdown rolls back and writes a checkpoint, which takes well under a second with our sizes; when even that hangs (a full or
// dying disk) the server is made to leave at once, and the next start replays its log. Together they fit in the 15 s that the program has to end.
const (
	fastShutdown      = 8 * time.Second
	immediateShutdown = 4 * time.Second
)

func (s *Server) shutDown() error {
	var err error
	if ended := s.end(syscall.SIGINT, fastShutdown); !ended {
		if ended := s.end(syscall.SIGQUIT, immediateShutdown); !ended {
			err = fmt.Errorf("stop PostgreSQL: process %d does not end", s.process.Process.Pid)
		}
	}
	return errors.Join(err, s.clear())
}

// clear removes what is not to stay, and lets the next one in.
func (s *Server) clear() error {
	var err error
	for _, folder := range s.leave {
		err = errors.Join(err, os.RemoveAll(folder))
	}
	return errors.Join(err, unlockFolder(s.lock))
}

// end sends a signal and reports whether the server ended within the time.
func (s *Server) end(signal os.Signal, within time.Duration) bool {
	_ = s.process.Process.Signal(signal) // an error means that it has ended, which the wait below sees
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-s.done:
		return true
	case <-timer.C:
		return false
	}
}

// run starts the process and waits until the database gehoor answers.
func (s *Server) run(ctx context.Context, at *place, program *program, sockets string, scratch bool) error {
	record, err := at.openLog()
	if err != nil {
		return err
	}
	defer record.Close()
	before, err := record.Seek(0, 2)
	if err != nil {
		return fmt.Errorf("read %s: %w", record.Name(), err)
	}
	s.process = program.command("postgres", append([]string{"-D", at.data(), "-k", sockets}, settings(program.major, scratch)...)...)
	s.process.Dir = at.home
	s.process.Stdout, s.process.Stderr = record, record
	if err := startWithUs(s.process, at.user, syscall.SIGINT, s.done); err != nil {
		return at.startError(err)
	}
	if err := s.waitUntilReady(ctx); err != nil {
		select {
		case <-s.done:
			err = fmt.Errorf("start PostgreSQL in %s: %s", at.home, lastWords(record.Name(), before))
		default:
		}
		s.end(syscall.SIGQUIT, immediateShutdown)
		return err
	}
	return nil
}

// silence is how long a server that runs may not even say that it is starting.
const silence = time.Minute

// waitUntilReady returns when the database gehoor answers. Replaying the log after a crash may take a while; only ctx, or the
// server's own end, cuts that short.
func (s *Server) waitUntilReady(ctx context.Context) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	heard := time.Now()
	for {
		err := s.greet(ctx)
		if err == nil {
			return nil
		}
		var said *pgconn.PgError
		starting := errors.As(err, &said) && said.Code == "57P03" // cannot_connect_now
		if errors.As(err, &said) && !starting {
			return fmt.Errorf("connect to the private PostgreSQL: %w", err)
		}
		if starting {
			heard = time.Now()
		}
		if time.Since(heard) > silence {
			return fmt.Errorf("the private PostgreSQL runs but does not answer: %w", err)
		}
		select {
		case <-s.done:
			return errors.New("PostgreSQL ended while starting")
		case <-ctx.Done():
			return fmt.Errorf("start PostgreSQL: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// greet connects to the database gehoor once. (Debian's version says more than the number: "15.14 (Debian 15.14-0+deb12u1)".)
func (s *Server) greet(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return err
	}
	s.version, _, _ = strings.Cut(conn.PgConn().ParameterStatus("server_version"), " ")
	return conn.Close(ctx)
}

// lastWords is the reason that PostgreSQL gave for ending, from what it wrote to its log after offset.
func lastWords(name string, offset int64) string {
	text, err := os.ReadFile(name)
	if err != nil || int64(len(text)) < offset {
		return "it ended; its log could not be read"
	}
	if reason := reasonIn(string(text[offset:])); reason != "" {
		return reason
	}
	return "it ended without a word, see " + filepath.Base(name)
}
