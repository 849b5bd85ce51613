package conversation

import (
	"os"
	"testing"
)

func TestDrawingIsThatOfTheTable(t *testing.T) {
	const file = "testdata/flow.mmd"
	if *update {
		if err := os.WriteFile(file, []byte(Drawing()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != Drawing() {
		t.Errorf("%s is not what the table says; go test ./conversation -update draws it anew", file)
	}
}
