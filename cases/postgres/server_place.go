package postgres

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	homePrefix    = "postgres-"       // of a server's home in the data directory; the major version follows
	scratchPrefix = "gehoor-scratch-" // of a scratch server's data directory
	lockName      = "postgres.lock"
)

// place is where one server lives: a home in the data directory, with the data, the socket and the log in it.
type place struct {
	dir   string   // the data directory, absolute and without symbolic links
	lock  *os.File // held while a server of ours lives there
	user  *account
	major int    // of the data that is there; 0 when there is none yet
	home  string // known after settle
}

// claimPlace makes the data directory where it is missing, locks it and looks which data it holds.
func claimPlace(cfg ServerConfig) (*place, error) {
	user := serverAccount()
	if cfg.Scratch {
		return claimScratch(user)
	}
	if cfg.Dir == "" {
		return nil, errors.New("the private PostgreSQL has no data directory: name one")
	}
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("find the data directory: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, fmt.Errorf("find the data directory: %w", err)
	}
	at := &place{dir: dir, user: user}
	if at.lock, err = lockFolder(dir); err != nil {
		return nil, err
	}
	if at.major, err = presentData(dir); err != nil {
		unlockFolder(at.lock)
		return nil, err
	}
	return at, nil
}

// lockFolder takes the lock of a data directory, which ends with this process however it ends.
func lockFolder(dir string) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer lock.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w", lock.Name(), err)
		}
		holder, _ := io.ReadAll(lock)
		return nil, fmt.Errorf("another gehoor runs on this data directory (process %s): stop it, or use another directory than %s",
			strings.TrimSpace(string(holder)), dir)
	}
	if err = lock.Truncate(0); err == nil {
		_, err = lock.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		unlockFolder(lock)
		return nil, fmt.Errorf("write %s: %w", lock.Name(), err)
	}
	return lock, nil
}

// unlockFolder gives the lock of a data directory back. Closing the file is not enough: a program that another goroutine is
// starting at this moment holds it too, until it is loaded.
func unlockFolder(lock *os.File) error {
	return errors.Join(syscall.Flock(int(lock.Fd()), syscall.LOCK_UN), lock.Close())
}

// presentData says of which major version the data in a data directory are, 0 when there are none.
func presentData(dir string) (int, error) {
	homes, err := filepath.Glob(filepath.Join(escapeGlob(dir), homePrefix+"*"))
	if err != nil {
		return 0, fmt.Errorf("look for data in %s: %w", dir, err)
	}
	present := 0
	for _, home := range homes {
		major, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(home), homePrefix))
		if err != nil {
			continue
		}
		if _, err := os.Stat(home); errors.Is(err, os.ErrNotExist) {
			target, _ := os.Readlink(home)
			return 0, fmt.Errorf("%s points to %s, which is gone: bring that folder back, or remove the link to begin with an empty database", home, target)
		}
		switch _, err := os.Stat(filepath.Join(home, "data", "PG_VERSION")); {
		case errors.Is(err, os.ErrNotExist): // never finished
			continue
		case errors.Is(err, os.ErrPermission):
			return 0, fmt.Errorf("%s belongs to another user: run as that user or as root, or use another data directory", home)
		case err != nil:
			return 0, fmt.Errorf("look for data: %w", err)
		case present != 0:
			return 0, fmt.Errorf("%s holds two databases, %s%d and %s%d: move away the one that is not wanted", dir, homePrefix, present, homePrefix, major)
		}
		present = major
	}
	return present, nil
}

// escapeGlob has a folder's name match itself.
func escapeGlob(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

// claimScratch makes a data directory that nobody will miss, and removes those that killed tests left.
func claimScratch(user *account) (*place, error) {
	root := scratchRoot()
	if user.steps && user.closedTo(root) != "" {
		root = "/tmp"
	}
	sweepScratch(root, user)
	dir, err := os.MkdirTemp(root, scratchPrefix)
	if err != nil {
		return nil, fmt.Errorf("make a scratch directory: %w", err)
	}
	at := &place{dir: dir, user: user}
	if at.lock, err = lockFolder(dir); err == nil {
		err = user.give(dir)
	}
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	return at, nil
}

// sweepScratch removes scratch directories whose program is gone. What it can't do it leaves: they are in nobody's way but memory's.
func sweepScratch(root string, user *account) {
	left, _ := filepath.Glob(filepath.Join(escapeGlob(root), scratchPrefix+"*"))
	for _, dir := range left {
		info, err := os.Lstat(dir)
		if err != nil || !info.IsDir() || !user.owns(info) || time.Since(info.ModTime()) < time.Minute { // a younger one may be about to be locked
			continue
		}
		lock, err := lockFolder(dir)
		if err != nil {
			continue
		}
		if homes, _ := filepath.Glob(filepath.Join(dir, homePrefix+"*", "data")); len(homes) == 1 {
			if pid, ends := orphan(homes[0]); pid != 0 {
				_ = syscall.Kill(pid, ends) // the next sweep finds it gone
				unlockFolder(lock)
				continue
			}
		}
		_ = os.RemoveAll(dir)
		unlockFolder(lock)
	}
}

// settle makes or finds the home for a server of a major version, and sees to it that the server's user can reach it.
func (at *place) settle(major int, homes string, log *slog.Logger) error {
	home := filepath.Join(at.dir, homePrefix+strconv.Itoa(major))
	if _, err := os.Lstat(home); errors.Is(err, os.ErrNotExist) {
		return at.makeHome(home, homes, log)
	}
	real, err := filepath.EvalSymlinks(home)
	if err != nil {
		return fmt.Errorf("find the database: %w", err)
	}
	at.home = real
	info, err := os.Stat(real)
	if err != nil {
		return fmt.Errorf("find the database: %w", err)
	}
	if at.major == 0 { // an earlier start came no further than this folder
		err = at.user.give(real)
	} else if err = at.user.become(info); err != nil {
		err = fmt.Errorf("the database in %s belongs to %w", home, err)
	}
	if err != nil {
		return err
	}
	at.open()
	if closed := at.user.closedTo(real); at.user.steps && closed != "" {
		return fmt.Errorf("the folder %s is closed to the user %s, as whom root runs the database in %s: open it (chmod o+x) or use another data directory",
			closed, at.user.name, home)
	}
	return nil
}

// makeHome makes a new home: in the data directory, or for root, when that is closed to the server's user, elsewhere with a link to it.
func (at *place) makeHome(home, homes string, log *slog.Logger) error {
	at.open()
	closed := at.user.closedTo(at.dir)
	if !at.user.steps || closed == "" {
		at.home = home
		return at.user.makeFolder(home, 0o700)
	}
	err := os.MkdirAll(homes, 0o711)
	if err == nil {
		at.home, err = os.MkdirTemp(homes, filepath.Base(home)+"-")
	}
	if err == nil {
		err = at.user.give(at.home)
	}
	if err == nil {
		err = os.Symlink(at.home, home)
	}
	if err != nil {
		return fmt.Errorf("the folder %s is closed to the user %s, as whom root runs PostgreSQL, and %s can't be used instead (%w): use another data directory",
			closed, at.user.name, homes, err)
	}
	log.Info("the database is kept elsewhere, with a link to it", "because", closed+" is closed to the user "+at.user.name, "folder", at.home, "link", home)
	return nil
}

// open lets the server's user pass through the data directory itself, which is the program's own. Folders above it are not ours to change.
func (at *place) open() {
	info, err := os.Stat(at.dir)
	own, _ := os.UserHomeDir()
	if err != nil || !at.user.steps || info.Mode().Perm()&0o077 != 0 || at.dir == own {
		return
	}
	if os.Chown(at.dir, -1, at.user.gid) == nil {
		_ = os.Chmod(at.dir, info.Mode().Perm()|0o010)
	}
}

func (at *place) data() string { return filepath.Join(at.home, "data") }

// longestSocket is the length in bytes of the longest socket path that every system takes (macOS 103, Linux 107).
const longestSocket = 103

// socketFolder is a folder that only the server's user can enter: in its home, or elsewhere when the path to that won't do.
func (at *place) socketFolder() (folder string, elsewhere bool, err error) {
	folder = filepath.Join(at.home, "socket")
	if fits(folder) {
		if err := at.user.makeFolder(folder, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
			return "", false, err
		}
		return folder, false, nil
	}
	root := os.TempDir()
	if !fits(filepath.Join(root, "gehoor-0123456789")) || at.user.closedTo(root) != "" {
		root = "/tmp"
	}
	if folder, err = os.MkdirTemp(root, "gehoor-"); err == nil {
		err = at.user.give(folder)
	}
	if err != nil {
		return "", false, fmt.Errorf("make a folder for the socket: %w", err)
	}
	return folder, true, nil
}

// fits reports whether a socket can stand in a folder, and whether libpq, pgx and PostgreSQL take the folder's name for one name and not for a list.
func fits(folder string) bool {
	return len(filepath.Join(folder, ".s.PGSQL.5432")) <= longestSocket && !strings.ContainsAny(folder, `,"`)
}

// largestLog is the size in bytes at which a server's log is put aside at the next start.
const largestLog = 10 << 20

// openLog opens the file that PostgreSQL writes its few remarks to.
func (at *place) openLog() (*os.File, error) {
	name := filepath.Join(at.home, "server.log")
	if info, err := os.Stat(name); err == nil && info.Size() > largestLog {
		if err := os.Rename(name, name+".old"); err != nil {
			return nil, fmt.Errorf("put aside the log of PostgreSQL: %w", err)
		}
	}
	record, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_APPEND|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log of PostgreSQL: %w", err)
	}
	if err := at.user.give(name); err != nil {
		record.Close()
		return nil, err
	}
	return record, nil
}

// cannotStepDown reports whether a process did not start because this root is root in name only, as in some containers.
func (at *place) cannotStepDown(err error) bool {
	return at.user.steps && (errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EINVAL))
}

// startError says why a process could not be started: as root mostly because stepping down is forbidden here.
func (at *place) startError(err error) error {
	if at.cannotStepDown(err) {
		return fmt.Errorf("PostgreSQL refuses to run as root, and this root may not become the user %s (%w): start gehoor as an ordinary user", at.user.name, err)
	}
	return fmt.Errorf("start PostgreSQL: %w", err)
}
