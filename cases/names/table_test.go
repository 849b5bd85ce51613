package names

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// row is a line of a table in testdata: what somebody wrote, and who may be meant by it.
type row struct {
	line int
	text string
	want []Match // By is empty where the table does not say it
}

// signs are those that are not seen in a table.
var signs = strings.NewReplacer(`\n`, "\n", `\u00a0`, "\u00a0", `\u200b`, "\u200b")

var entryOf = regexp.MustCompile(`(\w+) (possible|likely|certain)(?: "([^"]*)")?`)

// table reads a file of testdata.
func table(t testing.TB, file string) (people []Person, rows []row) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	strength := map[string]Strength{"possible": Possible, "likely": Likely, "certain": Certain}
	inPeople := false
	for i, line := range strings.Split(string(content), "\n") {
		if text, expected, isRow := strings.Cut(line, " -> "); isRow && !strings.HasPrefix(line, "#") {
			r := row{line: i + 1, text: signs.Replace(text)}
			for _, who := range entryOf.FindAllStringSubmatch(expected, -1) {
				r.want = append(r.want, Match{ID: who[1], Strength: strength[who[2]], By: who[3]})
			}
			if len(r.want) == 0 && expected != "nobody" {
				t.Fatalf("%s:%d: who is %q?", file, i+1, expected)
			}
			rows = append(rows, r)
			continue
		}
		switch id, names, isPerson := strings.Cut(strings.TrimSpace(line), ":"); {
		case line == "people":
			inPeople = true
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
			inPeople = false
		case inPeople && isPerson:
			people = append(people, Person{ID: id, Names: strings.Split(strings.TrimSpace(names), " / ")})
		default:
			t.Fatalf("%s:%d: what is %q?", file, i+1, line)
		}
	}
	return people, rows
}

func files(t testing.TB) []string {
	t.Helper()
	all, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(all) == 0 {
		t.Fatal("no tables", err)
	}
	return all
}

func TestEachLineOfTheTablesMeansWhoItSays(t *testing.T) {
	count := 0
	for _, file := range files(t) {
		people, rows := table(t, file)
		count += len(rows)
		for _, r := range rows {
			got := Find(r.text, people)
			if describe(got, nil) != describe(r.want, nil) {
				t.Errorf("%s:%d: %q\n  means %s\n  not   %s", file, r.line, r.text, describe(got, got), describe(r.want, got))
			}
			for _, w := range r.want {
				if at := slices.IndexFunc(got, func(m Match) bool { return m.ID == w.ID }); at >= 0 && w.By != "" && got[at].By != w.By {
					t.Errorf("%s:%d: %q: %s by %q, want %q", file, r.line, r.text, w.ID, got[at].By, w.By)
				}
			}
		}
	}
	if count < 150 {
		t.Errorf("only %d lines", count)
	}
}

// describe writes matches by ID; with the words of a table's text where show holds them.
func describe(matches, show []Match) string {
	var all []string
	for _, m := range matches {
		all = append(all, fmt.Sprint(m))
	}
	slices.Sort(all)
	for _, m := range show {
		all = append(all, fmt.Sprintf("%q", m.By))
	}
	return strings.Join(all, ", ")
}
