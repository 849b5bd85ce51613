package main

import (
	"cmp"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
)

// version is the released version; the build sets it with -ldflags "-X main.version=...". Without that, Go's own knowledge
// of the build is told.
var version string

// versionSettings is what the command version wants to know: nothing.
type versionSettings struct{}

// Run is the command version.
func (versionSettings) Run(out io.Writer) error {
	_, err := fmt.Fprintln(out, "gehoor", versionLine())
	return err
}

func versionLine() string {
	built, ok := debug.ReadBuildInfo()
	if !ok {
		return cmp.Or(version, "(unknown)")
	}
	line := cmp.Or(version, built.Main.Version, "(devel)")
	for _, setting := range built.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) > 12 && !strings.Contains(line, setting.Value[:12]) {
			line += " " + setting.Value[:12]
		}
	}
	return line + " " + built.GoVersion
}
