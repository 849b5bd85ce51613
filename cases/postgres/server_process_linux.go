package postgres

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// endWithParent has the kernel send a signal when the thread that starts the process dies, be it by a kill -9.
func endWithParent(attributes *syscall.SysProcAttr, signal syscall.Signal) {
	attributes.Pdeathsig = signal
}

// servesFrom reports whether a process is a PostgreSQL server on a data directory, which is always its working directory.
func servesFrom(pid int, data string) bool {
	at, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return false
	}
	real, err := filepath.EvalSymlinks(data)
	if err != nil || at != real {
		return false
	}
	program, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	return err == nil && filepath.Base(strings.TrimSuffix(program, " (deleted)")) == "postgres"
}

// roomInMemory is what a scratch server may come to need: test databases of about 10 MB each, and up to 256 MB of log.
const roomInMemory = 2 << 30

// scratchRoot is a folder for scratch servers: in memory where there is room (a container often has 64 MB there), else on disk.
func scratchRoot() string {
	var memory syscall.Statfs_t
	if err := syscall.Statfs("/dev/shm", &memory); err == nil && memory.Bavail*uint64(memory.Bsize) >= roomInMemory {
		return "/dev/shm"
	}
	return os.TempDir()
}
