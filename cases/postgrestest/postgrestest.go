// Package postgrestest gives every test a PostgreSQL database of its own. It knows how to make databases fast and how to leave nothing behind; what
// is in them is the caller's to say.
package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"websec.nl/gehoor/cases/postgres"
)

// sharedVariable is the address of a running server that tests may make databases on, so that a build starts one server for all packages.
const sharedVariable = "GEHOOR_TEST_DATABASE_URL"

// Both bound what is asked of the server, so that a broken one fails a test instead of hanging it. The start may have to fetch PostgreSQL first.
const (
	startPatience = 5 * time.Minute
	patience      = time.Minute
)

// connections is the most that one test's pool opens, whatever the number of processors, so that many tests fit on a server.
const connections = 10

// host is the server that a package's tests share, and the template that their databases are copies of.
type host struct {
	server   *postgres.Server // nil on a server that was there already
	admin    *pgxpool.Pool
	address  *url.URL
	prefix   string // of the names of this process's databases, so that packages can share a server
	template string
	copying  string // how to copy a template; older servers know one way only
	made     atomic.Int64
}

var (
	prepare func(ctx context.Context, url string) error
	start   func() (*host, error)
)

// Main runs a package's tests and exits; call it from TestMain. Run says what it does.
func Main(m *testing.M, migrate func(ctx context.Context, url string) error) {
	os.Exit(Run(m, migrate))
}

// Run runs a package's tests and returns the status to exit with. The first test that asks for a database starts a scratch server and has migrate fill
// the template of all databases (nil leaves it empty); Run stops that server when the tests are done.
func Run(m *testing.M, migrate func(ctx context.Context, url string) error) int {
	prepare = migrate
	var running *host
	start = sync.OnceValues(func() (*host, error) {
		h, err := newHost()
		running = h
		return h, err
	})
	code := m.Run()
	if running != nil {
		if err := running.close(); err != nil {
			fmt.Fprintln(os.Stderr, "postgrestest:", err)
			code = 1
		}
	}
	return code
}

func newHost() (*host, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	h := &host{prefix: fmt.Sprintf("t%d_%d_", os.Getpid(), time.Now().UnixNano())}
	address := os.Getenv(sharedVariable)
	if address == "" {
		server, err := postgres.StartServer(ctx, postgres.ServerConfig{Scratch: true, Fetch: true})
		if err != nil {
			return nil, err
		}
		h.server, address = server, server.URL()
	}
	if err := h.makeTemplate(ctx, address); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

func (h *host) makeTemplate(ctx context.Context, address string) (err error) {
	if h.address, err = url.Parse(address); err != nil || h.address.Scheme == "" {
		return fmt.Errorf("%s is no address of the form postgres://", sharedVariable)
	}
	if h.admin, err = pgxpool.New(ctx, address); err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	var version int
	if err := h.admin.QueryRow(ctx, "SELECT current_setting('server_version_num')::int").Scan(&version); err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	if version >= 150000 {
		h.copying = " STRATEGY file_copy" // half the time of the default in memory
	}
	template := h.prefix + "template"
	if _, err := h.admin.Exec(ctx, "CREATE DATABASE "+template+" TEMPLATE template0"); err != nil {
		return fmt.Errorf("create the template: %w", err)
	}
	h.template = template
	if prepare != nil {
		if err := prepare(ctx, h.to(template)); err != nil {
			return fmt.Errorf("migrate the template: %w", err)
		}
	}
	return nil
}

// to is the address of a database on the server.
func (h *host) to(database string) string {
	u := *h.address
	u.Path = "/" + database
	return u.String()
}

func (h *host) close() error {
	var err error
	if h.template != "" && h.server == nil {
		err = h.drop(h.template)
	}
	if h.admin != nil {
		h.admin.Close()
	}
	if h.server != nil {
		err = errors.Join(err, h.server.Stop())
	}
	return err
}

func (h *host) drop(database string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := h.admin.Exec(ctx, "DROP DATABASE IF EXISTS "+database+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("drop a test database: %w", err)
	}
	return nil
}

// URL makes a database for one test, as migrated, and drops it when the test is done, whoever is still connected.
func URL(t testing.TB) string {
	t.Helper()
	if start == nil {
		t.Fatal("postgrestest: TestMain has to call postgrestest.Main")
	}
	h, err := start()
	if err != nil {
		t.Fatalf("postgrestest: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	database := fmt.Sprintf("%s%d", h.prefix, h.made.Add(1))
	if _, err := h.admin.Exec(ctx, "CREATE DATABASE "+database+" TEMPLATE "+h.template+h.copying); err != nil {
		t.Fatalf("postgrestest: create a database: %v", err)
	}
	t.Cleanup(func() {
		if err := h.drop(database); err != nil {
			t.Errorf("postgrestest: %v", err)
		}
	})
	return h.to(database)
}

// Pool connects to a database of the test's own, and closes at its end.
func Pool(t testing.TB) *pgxpool.Pool {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(URL(t))
	if err != nil {
		t.Fatalf("postgrestest: %v", err)
	}
	cfg.MaxConns = connections
	pool, err := pgxpool.NewWithConfig(t.Context(), cfg)
	if err != nil {
		t.Fatalf("postgrestest: connect: %v", err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// Conn is a single connection to a database, closed at the test's end.
func Conn(t testing.TB, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatalf("postgrestest: connect: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// Server is a server of the test's own, to be stopped and started at will, or to measure on; its database gehoor is empty. A durable one keeps its data on
// disk as the real one does, in Dir. It is stopped at the test's end.
func Server(t testing.TB, durable bool) *postgres.Server {
	t.Helper()
	cfg := postgres.ServerConfig{Scratch: !durable, Fetch: true}
	if durable {
		cfg.Dir = Dir(t)
	}
	server, err := postgres.StartServer(t.Context(), cfg)
	if err != nil {
		t.Fatalf("postgrestest: %v", err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Errorf("postgrestest: %v", err)
		}
	})
	return server
}

// Dir is a data directory for a private server, removed at the test's end. Unlike t.TempDir, which is closed to all others, it
// can be reached by the unprivileged user that root's server runs as.
func Dir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "gehoor-test-")
	if err != nil {
		t.Fatalf("postgrestest: %v", err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("postgrestest: %v", err)
		}
	})
	return dir
}
