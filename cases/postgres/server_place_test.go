package postgres

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// isRoot: some of what root's server has to mind does not arise for others.
var isRoot = os.Geteuid() == 0

// closedDir is a data directory inside a folder that is closed to everyone but its owner, as root's own home is.
func closedDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(testDir(t), "closed", "data")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestDataOfAClosedFolderAreKeptWhereTheServerCanReachThem(t *testing.T) {
	t.Parallel()
	dir, machine := closedDir(t), thisMachine()
	machine.homes = filepath.Join(testDir(t), "homes")
	if err := os.Chmod(filepath.Dir(machine.homes), 0o711); err != nil {
		t.Fatal(err)
	}
	first := startServer(t, ServerConfig{Dir: dir, machine: machine})
	remember(t, first.URL(), "kept")
	target, err := os.Readlink(homeOf(t, dir))
	if isRoot != (err == nil) || isRoot && filepath.Dir(target) != machine.homes {
		t.Errorf("root: %t, the home is a link to %q, %v", isRoot, target, err)
	}
	stop(t, first)

	moved := dir + "-moved"
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	recall(t, startServer(t, ServerConfig{Dir: moved, machine: machine}).URL(), "kept")
}

func TestFolderThatWasClosedAfterwardsIsNamed(t *testing.T) {
	t.Parallel()
	parent := testDir(t)
	if err := os.Chmod(parent, 0o755); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(parent, "data")
	stop(t, startServer(t, ServerConfig{Dir: dir}))
	if err := os.Chmod(parent, 0o700); err != nil {
		t.Fatal(err)
	}
	server, err := StartServer(t.Context(), ServerConfig{Dir: dir})
	if !isRoot {
		if err != nil {
			t.Fatal(err)
		}
		stop(t, server)
		return
	}
	if err == nil || !strings.HasPrefix(err.Error(), "the folder "+parent+" is closed to the user ") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v", err)
	}
}

func TestVanishedHomeIsNotReplacedBySilence(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	if err := os.Symlink(filepath.Join(dir, "gone"), filepath.Join(dir, homePrefix+"15")); err != nil {
		t.Fatal(err)
	}
	_, err := StartServer(t.Context(), ServerConfig{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "gone")+", which is gone") {
		t.Errorf("error %v", err)
	}
}

func TestTwoDatabasesInOneDirectoryAreRefused(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	for _, major := range []string{"15", "16"} {
		pretendData(t, dir, major)
	}
	_, err := StartServer(t.Context(), ServerConfig{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "two databases, postgres-15 and postgres-16") {
		t.Errorf("error %v", err)
	}
}

// pretendData makes what looks like the data of a major version.
func pretendData(t *testing.T, dir, major string) {
	t.Helper()
	data := filepath.Join(dir, homePrefix+major, "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte(major+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestServerIsReachedThroughAClosedFolderOnly(t *testing.T) {
	t.Parallel()
	short := testDir(t)
	long := filepath.Join(testDir(t), strings.Repeat("a-rather-long-name/", 5))
	if err := os.Chmod(long[:strings.Index(long, "/a-rather")], 0o711); err != nil {
		t.Fatal(err)
	}
	listed := filepath.Join(testDir(t), "with, a comma and a space")
	if err := os.Chmod(filepath.Dir(listed), 0o711); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{short, long, listed} {
		server := startServer(t, ServerConfig{Dir: dir})
		if got := ask(t, server.URL(), "SELECT current_setting('listen_addresses')"); got != "" {
			t.Errorf("it listens on %q", got)
		}
		address, err := url.Parse(server.URL())
		if err != nil {
			t.Fatal(err)
		}
		sockets := address.Query().Get("host")
		if inside := strings.HasPrefix(sockets, dir); inside != (dir == short) {
			t.Errorf("the socket of %s is in %s", dir, sockets)
		}
		info, err := os.Stat(sockets)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o700 {
			t.Errorf("the socket's folder has mode %v", info.Mode())
		}
		stop(t, server)
		if _, err := os.Stat(sockets); dir != short && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the socket's folder is still there: %v", err)
		}
	}
}

func TestScratchServerLeavesNothing(t *testing.T) {
	t.Parallel()
	server := startServer(t, ServerConfig{Scratch: true})
	if got := ask(t, server.URL(), "SELECT current_setting('data_directory')"); !strings.HasPrefix(got, server.leave[0]) {
		t.Errorf("the data are in %s, not in %s", got, server.leave[0])
	}
	stop(t, server)
	if _, err := os.Stat(server.leave[0]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the scratch directory is still there: %v", err)
	}
}

func TestScratchOfAKilledProgramIsSweptAway(t *testing.T) {
	t.Parallel()
	other := startOther(t, "")
	data := ask(t, other.url, "SELECT current_setting('data_directory')")
	dir := filepath.Dir(filepath.Dir(data))
	if !strings.HasPrefix(filepath.Base(dir), scratchPrefix) {
		t.Fatalf("the scratch directory is %s", dir)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(dir, old, old); err != nil {
		t.Fatal(err)
	}
	startServer(t, ServerConfig{Scratch: true})
	if _, err := os.Stat(dir); err != nil {
		t.Errorf("the living program's directory: %v", err)
	}
	pid := processOf(t, filepath.Dir(data))
	other.kill(t)
	if runtime.GOOS != "linux" { // where the server does not see us die
		startServer(t, ServerConfig{Scratch: true})
	}
	eventually(t, "the killed program's server is gone", func() bool { return !servesFrom(pid, data) })
	startServer(t, ServerConfig{Scratch: true})
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the killed program's directory is still there: %v", err)
	}
}

func TestServerSeesNoSecretOfOurs(t *testing.T) {
	const secret = "a master key (invented)"
	t.Setenv("GEHOOR_MASTER_KEY", secret)
	server := startServer(t, ServerConfig{Scratch: true})
	for _, entry := range server.process.Env {
		if strings.Contains(entry, secret) || strings.HasPrefix(entry, "GEHOOR_") {
			t.Errorf("the server's environment has %s", entry)
		}
	}
	if len(server.process.Env) == 0 {
		t.Error("an empty list means that the whole environment is inherited")
	}
}

func TestWordsDoNotReachTheServersLog(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	server := startServer(t, ServerConfig{Dir: dir})
	conn, err := pgx.Connect(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	const words = "they shouted at me (invented)"
	if _, err := conn.Exec(t.Context(), "CREATE TABLE complaint (words text PRIMARY KEY CHECK (words <> 'no'), at timestamptz)"); err != nil {
		t.Fatal(err)
	}
	literal := fmt.Sprintf("INSERT INTO complaint VALUES ('%s')", words)
	for _, sql := range []string{literal, literal, "INSERT INTO complaint VALUES ('no', now())", "SELECT '" + words + "'::int", "SELECT nonsense AS \"" + words + "\""} {
		_, err := conn.Exec(t.Context(), sql)
		var said *pgconn.PgError
		if err != nil && !errors.As(err, &said) {
			t.Fatal(err)
		}
	}
	for _, sql := range []string{"INSERT INTO complaint VALUES ($1)", "SELECT length($1) / 0"} {
		if _, err := conn.Exec(t.Context(), sql, words); err == nil {
			t.Errorf("%s went well", sql)
		}
	}
	log, err := os.ReadFile(filepath.Join(homeOf(t, dir), "server.log"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(log), "ready to accept connections") {
		t.Errorf("the log does not tell of the start: %s", log)
	}
	if strings.Contains(string(log), "shouted") {
		t.Errorf("the log quotes the words: %s", log)
	}
}

func TestTextIsOrderedByCodePointAndKnowsItsLetters(t *testing.T) {
	t.Parallel()
	server := startServer(t, ServerConfig{Scratch: true})
	if got := ask(t, server.URL(), "SELECT lower('ÉÉN') || ' ' || string_agg(w, '' ORDER BY w) FROM unnest('{a,B,é,Z}'::text[]) w"); got != "één BZaé" {
		t.Errorf("got %q", got)
	}
}
