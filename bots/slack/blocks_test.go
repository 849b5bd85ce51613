package slack

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"websec.nl/gehoor/bots/playground"
)

// awkward are texts that a limit or a markup could trip over.
func awkward() []string {
	return []string{
		"", " ", "\n\n", strings.Repeat("a", 10_000), strings.Repeat("é", 9_999), strings.Repeat("😀", 5_001), strings.Repeat("👩‍👩‍👧 ", 3_000),
		"<!channel> <@U1> *bold* `code` <https://example.org|here> & >quote", "\xff\xfe broken", strings.Repeat("line\n", 2_000), "a" + strings.Repeat("\n", 4_000) + "b",
		strings.Repeat(strings.Repeat("word ", 20)+"\n", 300),
	}
}

func TestNothingThatSlackRefusesCanBeBuilt(t *testing.T) {
	for _, s := range awkward() {
		b := press("act", s, s)
		blocks := []block{
			header(s), say(s), sayWith(s, b), small(s), divider(), buttons(b, primary(press("other", s, "K-2026-0001"))),
			askText("text", s, s, s, true), askDay("day", s, s, "2026-12-06", false), askMoment("moment", s, s, time.Unix(1_800_000_000, 0)),
			askOne("one", s, s, "b", []choice{{"a", s}, {"b", s}}), askFromList("list", s, s, s, "U1", []choice{{"U1", s}}, true), askPerson("person", s, s, s, "", false),
			askLine("line", s, s, s, true), askAny("any", s, s, "a", []choice{{"a", s}}, true), buttons(sure(press("sure", s, "K-2026-0001"), s, s, s, s)),
		}
		blocks = append(blocks, facts([][2]string{{s, s}, {s, s}})...)
		blocks = append(blocks, quote(s)...)
		view := modal{title: s, submit: s, close: s, form: "form", meta: meta{Case: "K-2026-0001"}.String(), blocks: blocks}
		raw, err := view.encode()
		if err != nil {
			t.Fatal(err)
		}
		if problems := playground.CheckView(raw); len(problems) > 0 {
			t.Errorf("a window with %.20q: %v", s, problems)
		}
	}
}

func TestManyBlocksAreCutToWhatAMessageAndAWindowTake(t *testing.T) {
	var many []block
	for range 300 {
		many = append(many, say("x"))
	}
	raw, err := json.Marshal(atMost(many, maxMessageBlocks))
	if err != nil {
		t.Fatal(err)
	}
	if problems := playground.CheckBlocks(raw); len(problems) > 0 {
		t.Error(problems)
	}
	raw, _ = modal{title: "x", blocks: many}.encode()
	if problems := playground.CheckView(raw); len(problems) > 0 {
		t.Error(problems)
	}
}

func TestAQuoteLosesNothing(t *testing.T) {
	for _, s := range awkward() {
		want := strings.ToValidUTF8(s, "\uFFFD")
		parts := split(s, maxQuote)
		if got := strings.Join(parts, ""); got != want {
			t.Errorf("%.20q: %d bytes became %d", s, len(want), len(got))
		}
		for _, p := range parts {
			if n := length(p); n > maxQuote || !utf8.ValidString(p) {
				t.Errorf("%.20q: a part of %d characters", s, n)
			}
		}
	}
}

func length(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

func TestAShortenedTextSaysSoAndEndsBetweenTwoCharacters(t *testing.T) {
	for _, s := range awkward() {
		for _, limit := range []int{24, 75, 3000} {
			got := cut(s, limit)
			if n := length(got); n > limit || !utf8.ValidString(got) {
				t.Errorf("%.20q to %d: %d characters", s, limit, n)
			}
			if length(strings.ToValidUTF8(s, "\uFFFD")) > limit != strings.HasSuffix(got, "…") {
				t.Errorf("%.20q to %d: does not say whether it was cut: %.80q", s, limit, got)
			}
		}
	}
	if got := cut("exactly", 7); got != "exactly" {
		t.Errorf("a text that fits became %q", got)
	}
}

func TestWordsOfAComplaintAreNeverMarkup(t *testing.T) {
	words := "<!channel> <@U1> *bold* _it_ ~no~ `code` <https://example.org|here> :smile: & > done"
	raw, err := json.Marshal(quote(words))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []struct {
		Type     string
		Elements []struct {
			Type     string
			Elements []struct{ Type, Text string }
		}
	}
	if err := json.Unmarshal(raw, &blocks); err != nil {
		t.Fatal(err)
	}
	if len(blocks) != 1 || blocks[0].Type != "rich_text" || blocks[0].Elements[0].Type != "rich_text_quote" {
		t.Fatalf("not one quote: %s", raw)
	}
	if e := blocks[0].Elements[0].Elements; len(e) != 1 || e[0].Type != "text" || e[0].Text != words {
		t.Errorf("the words became %+v", e)
	}
	if got := escape("<@U1> & <!here>"); got != "&lt;@U1&gt; &amp; &lt;!here&gt;" {
		t.Errorf("escaped: %q", got)
	}
}

func TestPagesHoldAllBlocksInOrder(t *testing.T) {
	var all []block
	for n := range 250 {
		if n%2 == 0 {
			all = append(all, say(strings.Repeat("x", n)))
		} else {
			all = append(all, quote(strings.Repeat("y", 2_800))...)
		}
	}
	divided := pages(all, viewPage)
	n := 0
	for _, page := range divided {
		if len(page) == 0 || len(page) > viewPage {
			t.Errorf("a page of %d blocks", len(page))
		}
		raw, err := json.Marshal(page)
		if err != nil {
			t.Fatal(err)
		}
		if len(raw) > 200<<10 {
			t.Errorf("a page of %d bytes", len(raw))
		}
		for _, b := range page {
			if b != all[n] {
				t.Fatalf("block %d is out of order", n)
			}
			n++
		}
	}
	if n != len(all) {
		t.Errorf("%d of %d blocks", n, len(all))
	}
	if empty := pages(nil, viewPage); len(empty) != 1 {
		t.Errorf("nothing is %d pages", len(empty))
	}
}

func TestAButtonHasNoEmptyValue(t *testing.T) {
	if b := press("take", "Take", "K-2026-0001"); b.Value != "K-2026-0001" || b.Type != slackgo.METButton {
		t.Errorf("%+v", b)
	}
}
