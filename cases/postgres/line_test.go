package postgres

import (
	"bytes"
	"testing"
)

func TestLinesAreReadAsTheyWereKept(t *testing.T) {
	for _, lines := range [][][]byte{
		{[]byte("one")}, {[]byte("one"), {}, []byte("three")}, {bytes.Repeat([]byte("long "), 1000), []byte("short")},
	} {
		got, err := splitLines(joinLines(lines))
		if err != nil || !bytes.Equal(bytes.Join(got, []byte("|")), bytes.Join(lines, []byte("|"))) {
			t.Errorf("%q became %q, %v", lines, got, err)
		}
	}
	if got, err := splitLines([]byte(`{"text":"kept before there were many"}`)); err != nil || len(got) != 1 || got[0][0] != '{' {
		t.Errorf("a single line became %q, %v", got, err)
	}
	if got, err := splitLines(joinLines([][]byte{[]byte("one")})[:3]); err == nil {
		t.Errorf("what is cut off became %q", got)
	}
}
