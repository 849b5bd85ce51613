package conversation

import (
	"os"
	"testing"

	"websec.nl/gehoor/cases"
)

func TestDrawingIsThatOfTheTable(t *testing.T) {
	other, err := cases.LoadProcedure("testdata/procedure/own.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for file, p := range map[string]*cases.Procedure{"testdata/flow.mmd": procedure, "testdata/flow-own.mmd": other} {
		drawn := Drawing(p)
		if *update {
			if err := os.WriteFile(file, []byte(drawn), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(kept) != drawn {
			t.Errorf("%s is not what the table says; go test ./conversation -update draws it anew", file)
		}
	}
}
