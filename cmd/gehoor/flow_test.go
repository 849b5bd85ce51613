package main

import (
	"bytes"
	"os"
	"testing"
)

func TestFlowIsTheDrawingThatIsKept(t *testing.T) {
	kept, err := os.ReadFile("../../conversation/testdata/flow.mmd")
	if err != nil {
		t.Fatal(err)
	}
	out, _, status := gehoor(t, nil, "flow")
	if status != 0 || !bytes.Equal([]byte(out), kept) {
		t.Errorf("status %d, and another drawing: %q", status, out)
	}
}
