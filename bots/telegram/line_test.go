package telegram

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"websec.nl/gehoor/i18n"
)

func TestLongTextsAreSplitAtASentence(t *testing.T) {
	sentence := strings.Repeat("woord ", 9) + "einde. "
	for _, c := range []struct {
		what, text string
		ends       string // of each piece but the last
	}{
		{"paragraphs", strings.Repeat(strings.Repeat(sentence, 8)+"\n\n", 20), "einde."},
		{"sentences", strings.Repeat(sentence, 200), "einde."},
		{"questions", strings.Repeat("Is dat zo? ", 900), "zo?"},
		{"words", strings.Repeat("woord ", 2000), "woord"},
	} {
		pieces := split(c.text, mostText)
		if len(pieces) < 2 {
			t.Fatalf("%s: %d pieces", c.what, len(pieces))
		}
		for i, piece := range pieces {
			if n := i18n.Units(piece); n > mostText || n == 0 {
				t.Errorf("%s: piece %d has %d units", c.what, i, n)
			}
			if i < len(pieces)-1 && !strings.HasSuffix(piece, c.ends) {
				t.Errorf("%s: piece %d ends in %q", c.what, i, piece[max(0, len(piece)-20):])
			}
		}
		if got, want := strings.Fields(strings.Join(pieces, " ")), strings.Fields(c.text); !slices.Equal(got, want) {
			t.Errorf("%s: words were lost", c.what)
		}
	}
}

func TestNoCharacterIsCutInTwo(t *testing.T) {
	for _, whole := range []string{"é", "e\u0301", "👨‍👩‍👧", "👍🏽", "🇳🇱", "☺️", "कि", "한", "\U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F"} {
		for shift := range 12 {
			text := strings.Repeat("x", shift) + strings.Repeat(whole, 40)
			pieces := split(text, 50)
			if strings.Join(pieces, "") != text {
				t.Errorf("%q: something was lost", whole)
			}
			for i, piece := range pieces {
				rest := strings.TrimLeft(piece, "x")
				if !utf8.ValidString(piece) || strings.ReplaceAll(rest, whole, "") != "" {
					t.Errorf("%q: piece %d is %q", whole, i, piece)
				}
			}
		}
	}
}

func TestTagsAreTextAndAreCutLikeIt(t *testing.T) {
	text := strings.Repeat("<b>vet</b> & co ", 400)
	pieces := split(text, mostText)
	if got := strings.Join(pieces, " "); strings.TrimSpace(got) != strings.TrimSpace(text) {
		t.Error("plain text did not stay as it was")
	}
	for i, piece := range pieces[:len(pieces)-1] {
		if !strings.HasSuffix(piece, "</b>") && !strings.HasSuffix(piece, "&") && !strings.HasSuffix(piece, "co") {
			t.Errorf("piece %d ends in %q", i, piece[len(piece)-10:])
		}
	}
}

func TestALineThatTakesAPlaceKnowsWhichAndWhatItIsWithout(t *testing.T) {
	kept := inPlace(55, []byte(`{"text":"x"}`))
	if message, line := place(kept); message != 55 || string(line) != `{"text":"x"}` {
		t.Errorf("%q is %d, %q", kept, message, line)
	}
	if message, line := place([]byte(`{"text":"edit 5 {}"}`)); message != 0 || string(line) != `{"text":"edit 5 {}"}` {
		t.Errorf("a new message is %d, %q", message, line)
	}
	if got := string(paramsTo(7001, 55, []byte(`{"text":"x"}`))); got != `{"chat_id":7001,"message_id":55,"text":"x"}` {
		t.Errorf("parameters %s", got)
	}
}

func TestAKeyboardLeavesWhatIsNeverOld(t *testing.T) {
	for _, c := range []struct{ line, rest string }{
		{`{"text":"a"}`, ``},
		{`{"text":"\"callback_data\":\"5:x\""}`, ``},
		{`{"text":"a","reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"0:privacy"}]]}}`, ``},
		{`{"text":"a","reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"12:x"},{"text":"y","callback_data":"12:y"}]]}}`, `12`},
		{`{"text":"a","reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"0:privacy"}],[{"text":"y","callback_data":"12:y"},{"text":"l","url":"https://a.b"}]]}}`,
			`12 {"inline_keyboard":[[{"text":"x","callback_data":"0:privacy"}],[{"text":"l","url":"https://a.b"}]]}`},
	} {
		step, markup := boardOf([]byte(c.line))
		rest := restOf(markup)
		want, wantRest, _ := strings.Cut(c.rest, " ")
		if stepOf([]byte(want)) != step || string(rest) != wantRest {
			t.Errorf("%s\nis of step %d and leaves %s", c.line, step, rest)
		}
	}
}
