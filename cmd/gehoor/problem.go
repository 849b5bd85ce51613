package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

const prefix = "GEHOOR_"

// settingError is a wrong or missing setting: which, what is wrong with it and what would be right, on one line. It never
// repeats a secret.
type settingError struct {
	Setting string // an environment variable, or a flag that has none; empty for the command line as a whole
	What    string // goes on where a sentence that begins with the setting is
}

func wrong(setting, format string, args ...any) error {
	return &settingError{Setting: setting, What: fmt.Sprintf(format, args...)}
}

func (e *settingError) Error() string {
	flag, ours := strings.CutPrefix(e.Setting, prefix)
	switch {
	case e.Setting == "":
		return e.What
	case !ours:
		return e.Setting + " " + e.What
	}
	return fmt.Sprintf("%s (--%s) %s", e.Setting, strings.ReplaceAll(strings.ToLower(flag), "_", "-"), e.What)
}

// ExitCode is the status with which the program ends.
func (e *settingError) ExitCode() int { return exitSetting }

// problems are all the wrong settings that a look at them found.
type problems struct{ all []*settingError }

func (p *problems) add(err error) {
	if found, ok := errors.AsType[*settingError](err); ok {
		p.all = append(p.all, found)
	}
}

// err is the first problem, which names the others, so that an admin who begins sees how many there are; nil for none.
func (p *problems) err() error {
	if len(p.all) == 0 {
		return nil
	}
	var others []string
	for _, other := range p.all[1:] {
		if name := strings.TrimSuffix(other.Setting, "_FILE"); name != strings.TrimSuffix(p.all[0].Setting, "_FILE") && !slices.Contains(others, name) {
			others = append(others, name)
		}
	}
	first := *p.all[0]
	if len(others) > 0 {
		first.What += ". Wrong or missing as well: " + strings.Join(others, ", ")
	}
	return &first
}

// forgetEmpty makes a setting that is there but empty, as compose files and shells leave them, one that is not there.
func forgetEmpty() {
	for _, variable := range os.Environ() {
		if name, value, _ := strings.Cut(variable, "="); value == "" && strings.HasPrefix(name, prefix) {
			os.Unsetenv(name)
		}
	}
}

// misspelt finds an environment variable that differs in a letter or two from a setting, which would otherwise be passed
// over in silence. Others that begin like ours may be anybody's: orchestrators make them up by themselves.
func misspelt(root, command *kong.Node) error {
	known := settingsOf(root)
	if len(settingsOf(command)) == 0 {
		return nil
	}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if !strings.HasPrefix(name, prefix) || slices.Contains(known, name) {
			continue
		}
		for _, setting := range known {
			if distance(name, setting) <= 2 {
				return &settingError{What: fmt.Sprintf("%s is no setting; it must be %s, if that is what it means", name, setting)}
			}
		}
	}
	return nil
}

// settingsOf lists the environment variables that a command and the commands under it know.
func settingsOf(node *kong.Node) (known []string) {
	for _, flag := range node.Flags {
		known = append(known, flag.Envs...)
	}
	for _, child := range node.Children {
		known = append(known, settingsOf(child)...)
	}
	return known
}

// distance is the number of letters to put in, take out or change that makes b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
