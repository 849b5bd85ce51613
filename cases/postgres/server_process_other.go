//go:build !linux

package postgres

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// endWithParent does nothing where no kernel tells a child that its parent died: what a kill -9 leaves running is stopped at the next start.
func endWithParent(*syscall.SysProcAttr, syscall.Signal) {}

// servesFrom reports whether a process is a PostgreSQL server on a data directory, by the command line that we gave it.
func servesFrom(pid int, data string) bool {
	line, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(line), "postgres -D "+data+" ")
}

// scratchRoot is a folder for scratch servers.
func scratchRoot() string { return os.TempDir() }
