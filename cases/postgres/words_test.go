package postgres

import (
	"maps"
	"testing"

	"websec.nl/gehoor/cases"
)

func TestWordsOfAnEventAreReadAsTheyWereKept(t *testing.T) {
	k, err := newDataKey()
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []cases.Words{{"name": "Noor (invented)"}, {"name": "", "problem": "long\x00 and \xff odd", "wish": "rust"}} {
		sealed := k.seal(joinWords(words), placeOfWords("K-2026-0001", 3, allFields)...)
		got := cases.Words{}
		if err := k.openWords(sealed, "K-2026-0001", 3, allFields, got); err != nil || !maps.Equal(got, words) {
			t.Errorf("%q became %q, %v", words, got, err)
		}
		if err := k.openWords(sealed, "K-2026-0001", 4, allFields, got); err == nil {
			t.Error("they open as those of another event")
		}
	}
	// As earlier versions kept them: a row for each field.
	got := cases.Words{}
	for field, words := range (cases.Words{"name": "Noor (invented)", "wish": "rust"}) {
		if err := k.openWords(k.seal([]byte(words), placeOfWords("K-2026-0001", 1, field)...), "K-2026-0001", 1, field, got); err != nil {
			t.Error(err)
		}
	}
	if len(got) != 2 || got["wish"] != "rust" {
		t.Errorf("rows of one field became %q", got)
	}
	if err := splitWords(joinWords(got)[:5], cases.Words{}); err == nil {
		t.Error("what is cut off is read")
	}
}
