package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
)

// procedureFile writes a procedure file and returns its path.
func procedureFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "acme.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestProcedureFileIsCheckedLineByLine(t *testing.T) {
	path := procedureFile(t, "organisation: Acme (invented)\nperiode: 10\noutside:\n  name: Board (invented)\nclock:\n  tick: 61 * * * *\n")
	out, complaints, status := gehoor(t, nil, "procedure", "check", path)
	want := strings.ReplaceAll(`FILE:2: periode: there is no such setting here; it must be period, if that is what it means
FILE:6: clock.tick: "61 * * * *" is no schedule (end of range (61) above maximum (59): 61); it must be in the five fields of cron, such as 30 3 * * *
`, "FILE", path)
	if status != exitFailed || out != want || complaints != "gehoor: "+path+" is not right: 2 to mend\n" {
		t.Errorf("status %d, said %s\n%s\nwant %s", status, out, complaints, want)
	}
}

func TestRightProcedureFileIsSaidToBeRightWithItsVersionAndItsDoubts(t *testing.T) {
	path := procedureFile(t, "organisation: Acme (invented)\noutside:\n  name: Board (invented)\n")
	p, err := cases.LoadProcedure(path)
	if err != nil {
		t.Fatal(err)
	}
	out, complaints, status := gehoor(t, nil, "procedure", "check", path)
	lines := strings.Split(out, "\n")
	if status != 0 || complaints != "" || len(lines) != 3 || !strings.HasPrefix(lines[0], path+":3: warning: outside.checked: ") ||
		lines[1] != path+" is right: version "+p.Version {
		t.Errorf("status %d, said %s\n%s", status, out, complaints)
	}
}

func TestProcedureFileThatCannotBeReadIsAWrongCommandLine(t *testing.T) {
	for _, path := range []string{"/nowhere/acme.yaml", t.TempDir()} {
		out, complaints, status := gehoor(t, nil, "procedure", "check", path)
		if status != exitSetting || out != "" || !strings.HasPrefix(complaints, "gehoor: "+path+" can't be read (") || strings.Count(complaints, "\n") != 1 {
			t.Errorf("status %d, said %s\n%s", status, out, complaints)
		}
	}
}

func TestPrintedProcedureIsAFileWithTheSameSettings(t *testing.T) {
	path := procedureFile(t, "organisation: Acme (invented)\nquestions:\n  - id: problem\n  - id: contact\n")
	printed, complaints, status := gehoor(t, []string{"GEHOOR_PROCEDURE=" + path}, "procedure", "print")
	if status != 0 || complaints != "" {
		t.Fatalf("status %d, said %s", status, complaints)
	}
	p, err := cases.LoadProcedure(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := cases.LoadProcedure(procedureFile(t, printed))
	if err != nil || again.Version != p.Version {
		t.Errorf("%v, version %s\n%s", err, p.Version, printed)
	}
	if _, complaints, status := gehoor(t, nil, "procedure", "print", "--procedure=/nowhere/acme.yaml"); status != exitSetting || complaints == "" {
		t.Errorf("status %d, said %s", status, complaints)
	}
}

func TestSchemaOfAProcedureFileIsPrinted(t *testing.T) {
	if out, _, status := gehoor(t, nil, "procedure", "schema"); status != 0 || out != string(cases.ProcedureSchema) {
		t.Errorf("status %d, said %s", status, out)
	}
}

func TestReadmeShowsAProcedureFileThatIsRight(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(readme), "```yaml\n")
	shown, _, found := strings.Cut(after, "```")
	p, wrong := cases.CheckProcedure([]byte(shown), time.Now(), nil)
	if !found || len(wrong) > 0 || p.Counted() != 5 {
		t.Errorf("%v in\n%s", wrong, shown)
	}
}
