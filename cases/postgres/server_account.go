package postgres

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the system user that the server runs as: ourselves, or for root, as whom PostgreSQL refuses to run, someone without privileges.
type account struct {
	name     string
	uid, gid int
	steps    bool // whether we are root and have to step down to it
}

// serverAccount is ourselves, or for root the user postgres if the machine has one, else nobody.
func serverAccount() *account {
	if os.Geteuid() != 0 {
		return &account{name: nameOf(os.Geteuid()), uid: os.Geteuid(), gid: os.Getegid()}
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(found.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(found.Gid, 10, 32)
		if uidErr == nil && gidErr == nil && uid != 0 {
			return &account{name: name, uid: int(uid), gid: int(gid), steps: true}
		}
	}
	return &account{name: "nobody", uid: 65534, gid: 65534, steps: true}
}

func nameOf(uid int) string {
	if found, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return found.Username
	}
	return "number " + strconv.Itoa(uid)
}

func (a *account) credential() *syscall.Credential {
	if !a.steps {
		return nil
	}
	return &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
}

// become makes root step down to whoever owns data that are there already; another user can only be itself.
func (a *account) become(info os.FileInfo) error {
	owner := info.Sys().(*syscall.Stat_t)
	if int(owner.Uid) == a.uid {
		return nil
	}
	name := nameOf(int(owner.Uid))
	if !a.steps || owner.Uid == 0 {
		return fmt.Errorf("the user %s, and this is the user %s: run as its owner, or use another data directory", name, nameOf(os.Geteuid()))
	}
	a.name, a.uid, a.gid = name, int(owner.Uid), int(owner.Gid)
	return nil
}

// owns reports whether a file is this account's or ours.
func (a *account) owns(info os.FileInfo) bool {
	owner := int(info.Sys().(*syscall.Stat_t).Uid)
	return owner == a.uid || owner == os.Geteuid()
}

// give hands a file or folder to the account.
func (a *account) give(path string) error {
	if !a.steps {
		return nil
	}
	if err := os.Lchown(path, a.uid, a.gid); err != nil {
		return fmt.Errorf("give %s to the user %s: %w", path, a.name, err)
	}
	return nil
}

// makeFolder makes a folder that belongs to the account. One that exists already is handed over too, and reported as os.ErrExist.
func (a *account) makeFolder(path string, mode os.FileMode) error {
	made := os.Mkdir(path, mode)
	if made != nil && !os.IsExist(made) {
		return made
	}
	if err := a.give(path); err != nil {
		return err
	}
	return made
}

// closedTo names the first folder on the way to a path that the account may not pass through; empty when the way is open.
// It reads the classic permissions only.
func (a *account) closedTo(path string) string {
	if parent := filepath.Dir(path); parent != path {
		if closed := a.closedTo(parent); closed != "" {
			return closed
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return path
	}
	owner, pass := info.Sys().(*syscall.Stat_t), os.FileMode(0o001)
	switch {
	case int(owner.Uid) == a.uid:
		pass = 0o100
	case int(owner.Gid) == a.gid:
		pass = 0o010
	}
	if info.Mode().Perm()&pass == 0 {
		return path
	}
	return ""
}
