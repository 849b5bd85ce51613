package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// oldestMajor is the oldest PostgreSQL that will do.
const oldestMajor = 14

// binVariable names a folder with PostgreSQL's programs, and ends every search.
const binVariable = "GEHOOR_POSTGRES_BIN"

// program is an installed PostgreSQL.
type program struct {
	bin       string   // the folder of initdb and postgres
	libraries []string // folders to look for shared libraries in, for one that was unpacked out of its place
	major     int
}

// machine says where on this machine things are.
type machine struct {
	bin   string   // the only folder to look for PostgreSQL's programs in, when set
	path  bool     // look along PATH
	globs []string // look in folders of these patterns
	homes string   // where root keeps a database whose data directory is closed to the user that the server runs as
	cache string   // where root keeps what it fetched: readable to that user
}

// thisMachine is where Debian, Red Hat, Alpine, Homebrew, Postgres.app and the source distribution put PostgreSQL's programs.
func thisMachine() *machine {
	return &machine{bin: os.Getenv(binVariable), path: true, homes: "/var/lib/gehoor", cache: "/var/cache/gehoor", globs: []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
		"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin", "/Applications/Postgres.app/Contents/Versions/*/bin", "/usr/local/pgsql/bin",
	}}
}

// findOrFetch chooses the PostgreSQL to run: of the version that the data are of, where there are data.
func findOrFetch(ctx context.Context, cfg ServerConfig, at *place, log *slog.Logger) (*program, error) {
	if bin := cfg.machine.bin; bin != "" {
		found, err := inspect(ctx, program{bin: bin}, at.user)
		if err != nil {
			return nil, fmt.Errorf("%s is %s, where PostgreSQL can't be run (%w): name the folder that holds initdb and postgres", binVariable, bin, err)
		}
		return found, at.accepts(found.major)
	}
	var others []string
	for _, candidates := range []iter.Seq[program]{cfg.machine.candidates(ctx), fetched(cfg, at)} {
		for candidate := range candidates {
			found, err := inspect(ctx, candidate, at.user)
			if at.cannotStepDown(err) {
				return nil, at.startError(err)
			}
			if err != nil {
				continue
			}
			if at.accepts(found.major) == nil {
				return found, nil
			}
			if other := strconv.Itoa(found.major); !slices.Contains(others, other) {
				others = append(others, other)
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("look for PostgreSQL: %w", err)
	}
	err := at.missing(others)
	if cfg.Fetch {
		found, fetchErr := fetch(ctx, cfg, at, log)
		if fetchErr == nil {
			return found, nil
		}
		err = fmt.Errorf("%w; fetching it did not work: %w", err, fetchErr)
	}
	return nil, err
}

// accepts refuses a version that can't serve the data that are there, or that is too old.
func (at *place) accepts(major int) error {
	switch {
	case at.major != 0 && major != at.major:
		return fmt.Errorf("the data in %s need PostgreSQL %d, and this is %d", at.dir, at.major, major)
	case major < oldestMajor:
		return fmt.Errorf("PostgreSQL %d is too old: %d or newer will do", major, oldestMajor)
	}
	return nil
}

// missing says in one sentence what is not there and what would help.
func (at *place) missing(others []string) error {
	has := ""
	if len(others) > 0 {
		has = " (it has " + strings.Join(others, ", ") + ")"
	}
	if at.major != 0 {
		return fmt.Errorf("the data in %s need PostgreSQL %d, which is not on this machine%s: install it (%s), or move %s away to begin with an empty database",
			at.dir, at.major, has, install(at.major), filepath.Join(at.dir, homePrefix+strconv.Itoa(at.major)))
	}
	return fmt.Errorf("no PostgreSQL %d or newer is on this machine%s: install it (%s), or set GEHOOR_DATABASE_URL to one elsewhere", oldestMajor, has, install(0))
}

// install is the command that an administrator would type.
func install(major int) string {
	switch {
	case runtime.GOOS == "darwin" && major != 0:
		return fmt.Sprintf("brew install postgresql@%d", major)
	case runtime.GOOS == "darwin":
		return "brew install postgresql@17"
	case major != 0:
		return fmt.Sprintf("on Debian or Ubuntu: apt-get install postgresql-%d", major)
	default:
		return "on Debian or Ubuntu: apt-get install postgresql"
	}
}

// candidates yields folders that may hold PostgreSQL's programs: what PATH says first, then the usual places, newest version first.
// It asks pg_config, which takes its time, only when all else was refused.
func (m *machine) candidates(ctx context.Context) iter.Seq[program] {
	return func(yield func(program) bool) {
		if m.path {
			if found, err := exec.LookPath("initdb"); err == nil {
				if real, err := filepath.EvalSymlinks(found); err == nil && !yield(program{bin: filepath.Dir(real)}) {
					return
				}
			}
		}
		var usual []string
		for _, glob := range m.globs {
			found, _ := filepath.Glob(glob)
			usual = append(usual, found...)
		}
		slices.SortStableFunc(usual, func(a, b string) int { return versionIn(b) - versionIn(a) })
		for _, bin := range usual {
			if !yield(program{bin: bin}) {
				return
			}
		}
		if m.path {
			if said, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
				yield(program{bin: strings.TrimSpace(string(said))})
			}
		}
	}
}

var digits = regexp.MustCompile(`\d+`)

// versionIn is the number in a folder's name, as 15 in /usr/lib/postgresql/15/bin; 0 when there is none.
func versionIn(folder string) int {
	n, _ := strconv.Atoi(digits.FindString(folder))
	return n
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// inspect runs a PostgreSQL, as the user who is to run it, and asks which version it is.
func inspect(ctx context.Context, candidate program, as *account) (*program, error) {
	bin, err := filepath.Abs(candidate.bin)
	if err != nil {
		return nil, err
	}
	candidate.bin = bin
	if _, err := os.Stat(filepath.Join(bin, "initdb")); err != nil {
		return nil, err
	}
	cmd := candidate.command("postgres", "--version")
	var said strings.Builder
	cmd.Stdout, cmd.Dir = &said, "/"
	done := make(chan struct{})
	if err := startWithUs(cmd, as, syscall.SIGKILL, done); err != nil {
		return nil, err
	}
	select {
	case <-done:
	case <-ctx.Done():
		_ = cmd.Process.Kill()
		<-done
	}
	found := versionLine.FindStringSubmatch(said.String())
	if found == nil {
		return nil, errors.New("it does not say its version")
	}
	candidate.major, err = strconv.Atoi(found[1])
	return &candidate, err
}
