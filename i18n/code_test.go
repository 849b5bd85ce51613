package i18n_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"websec.nl/gehoor/i18n"
)

// What the code says is checked by its types: a key stands in the code as a constant, or is built of the beginning of one
// and a constant of a named type ("stage." + string(c.Stage)); then each constant of that type must give a key.

// source is the code of the packages that say something.
type source struct {
	fset *token.FileSet
	info *types.Info
	all  map[string]*ast.File // by path
}

// listed is what `go list` tells of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles, Imports        []string
	Module                  *struct{ Main bool }
}

const self = "websec.nl/gehoor/i18n"

func load(t *testing.T) *source {
	t.Helper()
	watch(t)
	list := exec.Command("go", "list", "-e", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,Imports,Module", "./...")
	list.Dir = ".."
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var ours []listed
	exports := map[string]string{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := decoder.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		if p.ImportPath == self || p.Module != nil && p.Module.Main && slices.Contains(p.Imports, self) {
			ours = append(ours, p)
		}
	}
	s := &source{fset: token.NewFileSet(), all: map[string]*ast.File{}, info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{},
	}}
	from := importer.ForCompiler(s.fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("%s is not built", path)
		}
		return os.Open(exports[path])
	})
	for _, p := range ours {
		s.check(t, p, from)
	}
	return s
}

func (s *source) check(t *testing.T, p listed, from types.Importer) {
	t.Helper()
	var files []*ast.File
	for _, name := range p.GoFiles {
		path := filepath.Join(p.Dir, name)
		file, err := parser.ParseFile(s.fset, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		s.all[path] = file
		files = append(files, file)
	}
	config := types.Config{Importer: from}
	if _, err := config.Check(p.ImportPath, s.fset, files, s.info); err != nil {
		t.Fatalf("%s: %v", p.ImportPath, err)
	}
}

// watch looks at every Go file, so that the go command's test cache notices when one changes or comes.
func watch(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && entry.Name() != "..":
			return filepath.SkipDir
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			_, err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// catalogue is every key with the holes of its sentence, read from the files.
func catalogue(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, part := range i18n.Parts {
		text, err := os.ReadFile(part + ".nl.yaml")
		if err != nil {
			t.Fatal(err)
		}
		lines := map[string]any{}
		if err := yaml.Unmarshal(text, &lines); err != nil {
			t.Fatal(err)
		}
		for key, value := range lines {
			said := fmt.Sprint(value)
			if forms, ok := value.(map[string]any); ok {
				said = fmt.Sprint(forms["other"])
				all[key] = append(all[key], "count") // it chooses the form
			}
			for rest := said; ; {
				_, after, open := strings.Cut(rest, "{")
				name, next, closed := strings.Cut(after, "}")
				if !open || !closed {
					break
				}
				all[key] = append(all[key], name)
				rest = next
			}
			all[key] = append(all[key], "")
		}
	}
	return all
}

func TestEveryKeyInTheCodeExistsAndEveryKeyIsUsed(t *testing.T) {
	s, keys := load(t), catalogue(t)
	use := &usage{t: t, source: s, keys: keys, places: map[string]bool{}, used: map[string]bool{}, begun: map[string]bool{}}
	for key := range keys {
		place, _, _ := strings.Cut(key, ".")
		use.places[place] = true
	}
	for _, path := range slices.Sorted(maps.Keys(s.all)) {
		ast.Inspect(s.all[path], use.visit)
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if !use.says(key) {
			t.Errorf("nothing says %s", key)
		}
	}
}

// never lists the constants that don't come where a key is built, by its beginning, and why.
var never = map[string][]string{
	"letters.":      {"card", "conflicted", "eyes", "measure", "news", "nobody-left", "outward", "release", "reminder", "reopen-asked", "screening", "shared", "yours"}, // go to the committee, and are no letters
	"way.":          {"board", "held", "room"},                                                                                                                          // nothing goes to a complainant that way
	"form.preview.": {"board", "held", "mail-before", "room"},                                                                                                           // the same
	"room.what.":    {"filed", "read", "refused", "reminded", "requested", "screened", "snoozed"},                                                                       // cases.Notices tells a room none of these
	"event.":        {"excluded"},                                                                                                                                       // has a sentence for each reason: event.excluded-...
	"told.":         {"chat"},                                                                                                                                           // nobody writes up what was told there
	"reminder.":     {"lapsed", "progress"},                                                                                                                             // tell the complainant
}

// usage gathers what the code says.
type usage struct {
	t *testing.T
	*source
	keys   map[string][]string
	places map[string]bool // the first words of keys
	used   map[string]bool // keys that stand in the code
	begun  map[string]bool // beginnings of keys that are built from a variable
}

func (u *usage) errorf(at ast.Node, format string, args ...any) {
	where := u.fset.Position(at.Pos())
	u.t.Errorf("%s:%d: %s", filepath.Base(where.Filename), where.Line, fmt.Sprintf(format, args...))
}

func (u *usage) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec, *ast.Field:
		_, field := n.(*ast.Field)
		return field
	case *ast.CallExpr:
		u.call(n)
	case *ast.BinaryExpr:
		if n.Op == token.ADD && u.text(n) == nil {
			u.built(n)
		}
	}
	if e, ok := n.(ast.Expr); ok {
		if value := u.text(e); value != nil {
			u.stands(e, *value)
			return false
		}
	}
	return true
}

// text is the value of a constant string.
func (u *usage) text(e ast.Expr) *string {
	value := u.info.Types[e].Value
	if value == nil || value.Kind() != constant.String {
		return nil
	}
	s := constant.StringVal(value)
	return &s
}

// stands takes a constant for a key, or for the beginning or the end of keys.
func (u *usage) stands(at ast.Node, value string) {
	place, _, dotted := strings.Cut(value, ".")
	switch {
	case !dotted || strings.ContainsAny(value, " /:%{<") || strings.HasSuffix(value, ".yaml") || strings.HasSuffix(value, ".html"):
	case u.keys[value] != nil:
		u.used[value] = true
	case place == "":
	case !u.places[place] || u.ends(value):
	case u.begins(value):
		u.begun[strings.TrimSuffix(value, ".")] = true
	default:
		u.errorf(at, "there is no sentence %q", value)
	}
}

// ends says whether a constant is the end of a key, whose beginning stands elsewhere.
func (u *usage) ends(value string) bool {
	for key := range u.keys {
		if strings.HasSuffix(key, "."+value) {
			return true
		}
	}
	return false
}

func (u *usage) begins(value string) bool {
	for key := range u.keys {
		if strings.HasPrefix(key, strings.TrimSuffix(value, ".")+".") {
			return true
		}
	}
	return false
}

// says says whether the code can say a key: it stands there, or begins as one that is built.
func (u *usage) says(key string) bool {
	if u.used[key] {
		return true
	}
	for at, r := range key {
		if r == '.' && u.begun[key[:at]] {
			return true
		}
	}
	return false
}

// built checks a key that is built of its beginning and a constant of a named type: each of the constants gives a key.
func (u *usage) built(n *ast.BinaryExpr) {
	beginning := u.text(n.X)
	if beginning == nil || !strings.HasSuffix(*beginning, ".") || !u.begins(*beginning) {
		return
	}
	conversion, ok := n.Y.(*ast.CallExpr)
	if !ok || len(conversion.Args) != 1 || !u.info.Types[conversion.Fun].IsType() {
		return
	}
	named, ok := u.info.Types[conversion.Args[0]].Type.(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return
	}
	scope := named.Obj().Pkg().Scope()
	for _, name := range scope.Names() {
		c, ok := scope.Lookup(name).(*types.Const)
		if !ok || !types.Identical(c.Type(), named) {
			continue
		}
		value := constant.StringVal(c.Val())
		if key := *beginning + value; u.keys[key] == nil && !slices.Contains(never[*beginning], value) {
			u.errorf(n, "there is no sentence %q, for %s.%s", key, named.Obj().Pkg().Name(), name)
		}
	}
}

// call checks that i18n.T fills every hole of its sentence.
func (u *usage) call(n *ast.CallExpr) {
	selector, ok := n.Fun.(*ast.SelectorExpr)
	if !ok || len(n.Args) == 0 || n.Ellipsis.IsValid() {
		return
	}
	called, ok := u.info.Uses[selector.Sel].(*types.Func)
	if !ok || called.FullName() != self+".T" {
		return
	}
	key := u.text(n.Args[0])
	if key == nil {
		return
	}
	if place, _, _ := strings.Cut(*key, "."); u.keys[*key] == nil && !u.places[place] {
		u.errorf(n, "there is no sentence %q", *key) // where the place is known, the constant itself was found wanting
	}
	var filled []string
	for i := 1; i < len(n.Args); i += 2 {
		if name := u.text(n.Args[i]); name != nil {
			filled = append(filled, *name)
		}
	}
	for _, name := range u.keys[*key] {
		if name != "" && !slices.Contains(filled, name) {
			u.errorf(n, "nothing fills the hole {%s} of %s", name, *key)
		}
	}
}
