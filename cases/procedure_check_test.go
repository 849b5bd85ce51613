package cases

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write what was found into the files of testdata/procedure")

// today is when the files of testdata/procedure are looked at.
var today = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// annotated is a file with what is found in it behind the lines that it is found on. What is there of an earlier look is
// taken away.
func annotated(text string, found []Finding) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		for _, sign := range []string{" # ! ", " # ? "} {
			lines[i], _, _ = strings.Cut(lines[i], sign)
		}
	}
	for _, f := range found {
		sign := "!"
		if f.Warning {
			sign = "?"
		}
		lines[f.Line-1] += fmt.Sprintf(" # %s %s", sign, f)
	}
	return strings.Join(lines, "\n")
}

func TestEachThingThatIsWrongIsSaidOnItsLine(t *testing.T) {
	paths, err := filepath.Glob("testdata/procedure/*.yaml")
	if err != nil || len(paths) < 6 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		p, found := CheckProcedure(text, today, nil)
		got := annotated(string(text), found)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got != string(text) {
			t.Errorf("%s differs (run with -update if that is right); got:\n%s", path, got)
		}
		wrong := false
		for _, f := range found {
			wrong = wrong || !f.Warning
			if strings.Count(f.What, "; ") == 0 || strings.Contains(f.What, "\n") {
				t.Errorf("%s: %q does not say what is wrong and what would be right, on one line", path, f.What)
			}
		}
		if wrong != (p == nil) {
			t.Errorf("%s: something is wrong: %t, settings: %t", path, wrong, p != nil)
		}
	}
}
