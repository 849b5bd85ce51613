package postgres

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// holdVariable makes this test program hold a server on a data directory until it is killed, instead of testing.
const holdVariable = "GEHOOR_TEST_HOLD_SERVER"

func init() {
	dir, hold := os.LookupEnv(holdVariable)
	if !hold {
		return
	}
	server, err := StartServer(context.Background(), ServerConfig{Dir: dir, Scratch: dir == "", Fetch: true})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(server.URL())
	select {}
}

// otherProgram is another program that has a private server.
type otherProgram struct {
	*exec.Cmd
	url string
}

func startOther(t *testing.T, dir string) *otherProgram {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdVariable+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if dir != "" { // before its files are removed under it
			if err := stopOrphan(context.Background(), filepath.Join(homeOf(t, dir), "data"), slog.New(slog.DiscardHandler)); err != nil {
				t.Error(err)
			}
		}
	})
	buffer := make([]byte, 1024)
	n, err := out.Read(buffer)
	if err != nil || !bytes.HasPrefix(buffer[:n], []byte("postgres://")) {
		t.Fatalf("the other program said %q, %v", buffer[:n], err)
	}
	return &otherProgram{Cmd: cmd, url: strings.TrimSpace(string(buffer[:n]))}
}

func (h *otherProgram) kill(t *testing.T) {
	t.Helper()
	if err := h.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = h.Wait()
}

// testDir is a data directory that ends with the test, where new files are made fast.
func testDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(scratchRoot(), "gehoor-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// startServer starts a server that ends with the test.
func startServer(t *testing.T, cfg ServerConfig) *Server {
	t.Helper()
	cfg.Fetch = true
	server, err := StartServer(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, server) })
	return server
}

func stop(t *testing.T, server *Server) {
	t.Helper()
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
}

// ask runs SQL that answers with one text, on a connection of its own.
func ask(t *testing.T, url, sql string, args ...any) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var answer string
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return answer
}

// remember and recall tell whether a database is the one that it was.
func remember(t *testing.T, url, word string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "CREATE TABLE memory AS SELECT $1::text AS word", word); err != nil {
		t.Fatal(err)
	}
}

func recall(t *testing.T, url, word string) {
	t.Helper()
	if got := ask(t, url, "SELECT word FROM memory"); got != word {
		t.Errorf("the database remembers %q, want %q", got, word)
	}
}

func homeOf(t *testing.T, dir string) string {
	t.Helper()
	homes, err := filepath.Glob(filepath.Join(dir, homePrefix+"*"))
	if err != nil || len(homes) != 1 {
		t.Fatalf("homes in %s: %v, %v", dir, homes, err)
	}
	return homes[0]
}

func processOf(t *testing.T, home string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(home, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// eventually waits for another process to come to a state, which it can't be waited for otherwise.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	if !waitUntil(t.Context(), 20*time.Second, holds) {
		t.Fatalf("not within 20 s: %s", what)
	}
}

func TestDataSurviveStopAndStart(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	first := startServer(t, ServerConfig{Dir: dir})
	remember(t, first.URL(), "kept")
	if !strings.HasPrefix(homeOf(t, dir), filepath.Join(dir, homePrefix+strings.Split(first.Version(), ".")[0])) {
		t.Errorf("version %s lives in %s", first.Version(), homeOf(t, dir))
	}
	stop(t, first)
	select {
	case <-first.Done():
	default:
		t.Error("stopped, yet not done")
	}
	second := startServer(t, ServerConfig{Dir: dir})
	recall(t, second.URL(), "kept")
	if got := ask(t, second.URL(), "SELECT current_setting('fsync')"); got != "on" {
		t.Errorf("fsync is %s, want on where data are kept", got)
	}
}

func TestStoppedServerLeavesItsFolderWhoeverStillHoldsTheLocksFile(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	first := startServer(t, ServerConfig{Dir: dir})
	held, err := syscall.Dup(int(first.lock.Fd())) // as a program does that is being started at this moment
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(held)
	stop(t, first)
	stop(t, startServer(t, ServerConfig{Dir: dir}))
}

func TestKilledProgramLeavesNoServer(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	other := startOther(t, dir)
	remember(t, other.url, "written before the kill")
	data := filepath.Join(homeOf(t, dir), "data")
	pid := processOf(t, homeOf(t, dir))
	if !servesFrom(pid, data) {
		t.Fatalf("process %d does not serve from %s", pid, data)
	}
	other.kill(t)
	server := startServer(t, ServerConfig{Dir: dir}) // at once: the old one may still be leaving
	recall(t, server.URL(), "written before the kill")
	stop(t, server)

	other = startOther(t, dir)
	pid = processOf(t, homeOf(t, dir))
	other.kill(t)
	if runtime.GOOS == "linux" { // elsewhere the next start stops it
		eventually(t, "the server of a killed program is gone", func() bool { return !servesFrom(pid, data) })
	}
}

func TestKilledAtAnyMomentItStartsAgain(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	for after := 50 * time.Millisecond; after < 1500*time.Millisecond; after += 200 * time.Millisecond { // in the midst of finding, making, starting, serving
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), holdVariable+"="+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.NewTimer(after)
		<-timer.C
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	server := startServer(t, ServerConfig{Dir: dir})
	if got := ask(t, server.URL(), "SELECT current_database()"); got != "gehoor" {
		t.Errorf("the database is %s", got)
	}
}

func TestServerThatWasLeftRunningIsStoppedFirst(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	first := startServer(t, ServerConfig{Dir: dir})
	remember(t, first.URL(), "kept")
	again := exec.Command(first.process.Path, first.process.Args[1:]...)
	again.Env, again.Dir = first.process.Env, first.process.Dir
	again.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: first.process.SysProcAttr.Credential} // survives us
	stop(t, first)
	if err := again.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = again.Wait(); close(ended) }()
	t.Cleanup(func() { _ = again.Process.Kill() })
	eventually(t, "the server that nobody owns answers", func() bool {
		conn, err := pgx.Connect(t.Context(), first.URL())
		if err != nil {
			return false
		}
		return conn.Close(t.Context()) == nil
	})
	var said bytes.Buffer
	second := startServer(t, ServerConfig{Dir: dir, Log: slog.New(slog.NewTextHandler(&said, nil))})
	<-ended
	recall(t, second.URL(), "kept")
	if !strings.Contains(said.String(), fmt.Sprintf("process=%d", again.Process.Pid)) {
		t.Errorf("the log does not name the process %d: %s", again.Process.Pid, &said)
	}
}

func TestStrangersProcessNumberIsNoObstacle(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	first := startServer(t, ServerConfig{Dir: dir})
	stop(t, first)
	stranger := exec.Command("cat") // a living process of the server's own user
	stranger.SysProcAttr = &syscall.SysProcAttr{Credential: first.process.SysProcAttr.Credential}
	if _, err := stranger.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stranger.Process.Kill(); _ = stranger.Wait() })
	stale := filepath.Join(homeOf(t, dir), "data", "postmaster.pid")
	if err := os.WriteFile(stale, fmt.Appendf(nil, "%d\n%s\n", stranger.Process.Pid, filepath.Dir(stale)), 0o600); err != nil {
		t.Fatal(err)
	}
	startServer(t, ServerConfig{Dir: dir})
	if err := stranger.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("the stranger was hurt: %v", err)
	}
}

func TestSecondProgramOnTheSameDirectoryIsRefused(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	other := startOther(t, dir)
	_, err := StartServer(t.Context(), ServerConfig{Dir: dir})
	want := fmt.Sprintf("another gehoor runs on this data directory (process %d): stop it, or use another directory than %s", other.Process.Pid, dir)
	if err == nil || err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
	if got := ask(t, other.url, "SELECT current_database()"); got != "gehoor" {
		t.Errorf("the first one answers %q", got)
	}
}

func TestPostgresThatEndsByItselfIsNoticed(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	server := startServer(t, ServerConfig{Dir: dir})
	if err := server.process.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	<-server.Done()
}
