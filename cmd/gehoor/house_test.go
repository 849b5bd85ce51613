package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "websec.nl/gehoor/"

// refused says what each room refuses to know. What a room may not import, it may not reach through other rooms either.
var refused = map[string][]string{
	"cases":          {"bots", "conversation", "cases/postgres", "cases/jobs", "cmd", "net", "net/http", "database/sql", "github.com/jackc", "github.com/slack-go", "github.com/go-telegram", "github.com/robfig"},
	"conversation":   {"bots", "cases/postgres", "cases/jobs", "cmd", "net", "net/http", "database/sql", "github.com/jackc", "github.com/slack-go", "github.com/go-telegram", "github.com/robfig"},
	"i18n":           {"bots", "cases", "conversation", "cmd", "net", "net/http", "os", "github.com/jackc", "github.com/slack-go", "github.com/go-telegram"},
	"cases/postgres": {"bots", "conversation", "cases/jobs", "cmd", "net/http", "github.com/slack-go", "github.com/go-telegram"},
	"cases/s3":       {"bots", "conversation", "cases", "cases/postgres", "cases/jobs", "cases/files", "i18n", "cmd", "github.com/jackc"},
	"cases/jobs":     {"bots", "conversation", "cmd", "net/http", "github.com/slack-go", "github.com/go-telegram"},
	"bots/telegram":  {"bots/slack", "bots/mail", "bots/web", "bots/playground", "cmd", "github.com/slack-go"},
	"bots/slack":     {"bots/telegram", "bots/mail", "bots/web", "bots/playground", "cmd", "conversation", "github.com/go-telegram"},
	"bots/mail":      {"bots/telegram", "bots/slack", "bots/web", "bots/playground", "cmd", "conversation"},
	"bots/web":       {"bots/telegram", "bots/slack", "bots/mail", "bots/playground", "cases/jobs", "conversation", "cmd"},
	"bots/timeline":  {"bots/telegram", "bots/slack", "bots/mail", "bots/web", "bots/playground", "cases/postgres", "cases/jobs", "conversation", "cmd", "net", "net/http"},
	"bots/playground": {"bots/telegram", "bots/slack", "bots/mail", "bots/web", "cases", "conversation", "i18n", "cmd", "github.com/jackc",
		"github.com/slack-go", "github.com/go-telegram"},
}

// Arrows point down only. The files are read here, and not by another program, so that a kept result of this test is not
// taken for true after one of them changed.
func TestEachRoomKnowsOnlyWhatItMay(t *testing.T) {
	imports := importsOf(t)
	for room, not := range refused {
		if len(imports[room]) == 0 {
			t.Errorf("there is no room %s", room)
		}
		through(imports, []string{room}, func(way []string, reached string) {
			// A room's own packages are named by their folder: cases is no part of cases/postgres, nor the other way round.
			if slices.Contains(not, reached) || slices.ContainsFunc(not, func(n string) bool {
				return (strings.Contains(n, ".") || n == "bots" || n == "cmd") && strings.HasPrefix(reached, n+"/")
			}) {
				t.Errorf("%s reaches %s", strings.Join(way, " → "), reached)
			}
		})
	}
}

// through visits all that a room reaches, within this module through other rooms.
func through(imports map[string][]string, way []string, visit func(way []string, reached string)) {
	for _, reached := range imports[way[len(way)-1]] {
		visit(way, reached)
		if _, ours := imports[reached]; ours && !slices.Contains(way, reached) {
			through(imports, append(slices.Clone(way), reached), visit)
		}
	}
}

// importsOf is what the packages of this module import, but for their tests; ours by their folders.
func importsOf(t *testing.T) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imported = strings.TrimPrefix(imported, module)
			if room := path.Dir(name); !slices.Contains(imports[room], imported) {
				imports[room] = append(imports[room], imported)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return imports
}
