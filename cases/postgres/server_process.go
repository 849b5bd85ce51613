package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// settings are given on the command line, where they win over the file that initdb wrote.
func settings(major int, scratch bool) []string {
	set := []string{
		"listen_addresses=", "unix_socket_permissions=0700", "max_connections=100", "port=5432",
		// Small when idle: one organisation's complaints are a few hundred megabytes at most, and queries touch a handful of rows.
		"shared_buffers=64MB", "jit=off", "max_parallel_workers_per_gather=0", "max_worker_processes=2", "max_logical_replication_workers=0",
		"autovacuum_max_workers=1", "autovacuum_naptime=20s", "min_wal_size=32MB", "max_wal_size=256MB",
		// GMT is the one zone that needs no zone files, which a bare container lacks; it is UTC under another name.
		"timezone=GMT", "log_timezone=GMT",
		// A statement, a row, and so an error may hold a complaint's words ("invalid input syntax for type date: ..."), so that none may reach the log. Who
		// made the error hears it; what remains are starts, stops and the server's own troubles.
		"logging_collector=off", "log_destination=stderr", "log_error_verbosity=terse", "log_min_error_statement=panic", "log_statement=none",
		"log_min_duration_statement=-1", "log_parameter_max_length=0", "log_parameter_max_length_on_error=0", "log_autovacuum_min_duration=-1",
		"log_checkpoints=off", "log_min_messages=log", "log_line_prefix=%m [%p] ",
	}
	if major >= 18 {
		set = append(set, "io_method=sync") // without three helper processes
	}
	if scratch { // shared memory stands in the data directory, to be removed with it
		set = append(set, "fsync=off", "full_page_writes=off", "synchronous_commit=off", "wal_level=minimal", "max_wal_senders=0",
			"shared_buffers=128MB", "max_connections=300", "dynamic_shared_memory_type=mmap")
	}
	var args []string
	for _, s := range set {
		args = append(args, "-c", s)
	}
	return args
}

// command prepares one of PostgreSQL's programs. It inherits nothing of our environment, where secrets stand.
func (p *program) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.Env = []string{"LC_ALL=C", "TZ=GMT", "PATH=" + p.bin + ":/usr/local/bin:/usr/bin:/bin"}
	if len(p.libraries) > 0 {
		cmd.Env = append(cmd.Env, "LD_LIBRARY_PATH="+strings.Join(p.libraries, ":"))
	}
	return cmd
}

// startWithUs starts a process that gets the signal when this program ends, however it ends, and closes done when the process has ended. It has a process
// group of its own, so that a Ctrl-C at the terminal reaches it only through us.
func startWithUs(cmd *exec.Cmd, as *account, signal syscall.Signal, done chan<- struct{}) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: as.credential()}
	endWithParent(cmd.SysProcAttr, signal)
	started := make(chan error, 1)
	go func() {
		// The signal at a parent's death is bound to the thread that forked, not to the process: this thread has to live as long as the child.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in its log
			close(done)
		}
	}()
	return <-started
}

// initialise makes the data directory, with the database gehoor in it, when there is none: beside it first, then renamed, so that a half-made one is
// never taken for whole.
func (at *place) initialise(ctx context.Context, program *program, scratch bool, log *slog.Logger) error {
	if _, err := os.Stat(filepath.Join(at.data(), "PG_VERSION")); err == nil {
		return nil
	}
	fresh := at.data() + ".new"
	if err := stopOrphan(ctx, fresh, log); err != nil { // a child of a killed initdb, about to see its end
		return err
	}
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("remove a half-made database: %w", err)
	}
	if err := at.user.makeFolder(fresh, 0o700); err != nil {
		return err
	}
	// Nothing is flushed on the way, which would take thrice the time, but everything at the end.
	initdb := append([]string{"-D", fresh, "-U", databaseName, "-A", "trust", "-E", "UTF8", "--no-sync"}, localeArguments(program.major)...)
	if err := at.perform(ctx, program.command("initdb", initdb...), syscall.SIGKILL); err != nil {
		return err
	}
	single := program.command("postgres", append([]string{"--single", "-D", fresh}, append(settings(program.major, true), "postgres")...)...)
	single.Stdin = strings.NewReader("CREATE DATABASE " + databaseName + "\n")
	if err := at.perform(ctx, single, syscall.SIGTERM); err != nil {
		return err
	}
	if !scratch {
		if err := at.perform(ctx, program.command("initdb", "-D", fresh, "--sync-only"), syscall.SIGKILL); err != nil {
			return err
		}
	}
	if err := os.Rename(fresh, at.data()); err != nil {
		return fmt.Errorf("make a database: %w", err)
	}
	return syncFolder(at.home)
}

// syncFolder has a rename in a folder survive a power cut.
func syncFolder(folder string) error {
	opened, err := os.Open(folder)
	if err != nil {
		return fmt.Errorf("flush %s: %w", folder, err)
	}
	defer opened.Close()
	if err := opened.Sync(); err != nil {
		return fmt.Errorf("flush %s: %w", folder, err)
	}
	return nil
}

// perform runs one step of making a database to its end. It is broken off by the signal that lets its own children end in order: initdb's see the end of
// their input when initdb is killed, but lose their files when it is asked to clean up.
func (at *place) perform(ctx context.Context, cmd *exec.Cmd, signal syscall.Signal) error {
	cmd.Dir = at.home
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	done := make(chan struct{})
	if err := startWithUs(cmd, at.user, signal, done); err != nil {
		return at.startError(err)
	}
	select {
	case <-done:
	case <-ctx.Done():
		_ = cmd.Process.Signal(signal)
		<-done
		return fmt.Errorf("make a database in %s: %w", at.home, ctx.Err())
	}
	if !cmd.ProcessState.Success() {
		return fmt.Errorf("make a database in %s: %s", at.home, reasonIn(said.String()))
	}
	return nil
}

// localeArguments sort text by code point, the same on every machine and after every upgrade of a C library, and yet know that É is a letter.
func localeArguments(major int) []string {
	switch {
	case major >= 17:
		return []string{"--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"}
	case runtime.GOOS == "darwin":
		return []string{"--locale=C", "--lc-ctype=UTF-8"}
	default:
		return []string{"--locale=C", "--lc-ctype=C.UTF-8"}
	}
}

// reasonIn picks the line that says why one of PostgreSQL's programs gave up.
func reasonIn(output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	for _, mark := range []string{"FATAL:", "PANIC:", "error:", "fatal:", "ERROR:"} {
		for _, line := range lines {
			if _, reason, found := strings.Cut(line, mark); found {
				return strings.TrimSpace(reason)
			}
		}
	}
	return strings.TrimSpace(lines[len(lines)-1])
}

// orphan looks for a server process on a data directory, by the number that the last one wrote there: negative for one without a postmaster, as
// initdb runs. It returns the signal that ends such a process in order; none when there is no process.
func orphan(data string) (pid int, ends syscall.Signal) {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return 0, 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err = strconv.Atoi(strings.TrimSpace(first))
	ends = syscall.SIGINT
	if pid < 0 {
		pid, ends = -pid, syscall.SIGTERM
	}
	if err != nil || pid <= 1 || !servesFrom(pid, data) {
		return 0, 0
	}
	return pid, ends
}

// stopOrphan ends a server that a killed predecessor left on this data directory. The caller holds the directory's lock, so no living program owns it.
func stopOrphan(ctx context.Context, data string, log *slog.Logger) error {
	pid, ends := orphan(data)
	if pid == 0 {
		// The number in a file that is still there may be a stranger's by now, for whose sake PostgreSQL would refuse to start. (Should single backends
		// of the earlier server still live, PostgreSQL notices that by its shared memory.)
		if err := os.Remove(filepath.Join(data, "postmaster.pid")); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove a stale lock: %w", err)
		}
		return nil
	}
	log.Info("stop the PostgreSQL that an earlier run left behind", "process", pid)
	for _, try := range []struct {
		signal syscall.Signal
		within time.Duration
	}{{ends, fastShutdown}, {syscall.SIGQUIT, immediateShutdown}} {
		_ = syscall.Kill(pid, try.signal)
		if waitUntil(ctx, try.within, func() bool { return !servesFrom(pid, data) }) {
			return ctx.Err()
		}
	}
	return fmt.Errorf("PostgreSQL process %d holds %s and does not end: stop it, then start again", pid, data)
}

// waitUntil polls a condition of another process, which gives no signal, until it holds, the time is over or ctx ends; it reports whether to go on.
func waitUntil(ctx context.Context, within time.Duration, holds func() bool) bool {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline.C:
			return false
		case <-ctx.Done():
			return true
		}
	}
	return true
}
