package playground_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"websec.nl/gehoor/bots/playground"
)

func TestBlocksAreHeldAgainstThePublishedLimits(t *testing.T) {
	x := func(n int) string { return strings.Repeat("x", n) }
	plain := func(text string) string { return `{"type":"plain_text","text":"` + text + `"}` }
	option := func(n int) string { return fmt.Sprintf(`{"text":%s,"value":"%d"}`, plain("o"), n) }
	options := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = option(i)
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	button := func(more string) string { return `{"type":"button","text":` + plain("Go") + more + `}` }
	actions := func(elements string) string { return `[{"type":"actions","elements":[` + elements + `]}]` }
	for _, test := range []struct{ blocks, want string }{
		{`[{"type":"section","text":` + plain(x(3000)) + `}]`, ""},
		{`[{"type":"section","text":` + plain(x(3001)) + `}]`, "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		{`[{"type":"section","text":` + plain("") + `}]`, "must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
		{`[{"type":"section"}]`, "missing required field: text [json-pointer:/blocks/0]"},
		{`[{"type":"section","fields":[` + plain(x(2001)) + `]}]`, "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]"},
		{`[{"type":"section","fields":[` + strings.Join(slices.Repeat([]string{plain("f")}, 11), ",") + `]}]`, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"},
		{`[{"type":"header","text":` + plain(x(151)) + `}]`, "must be less than 151 characters [json-pointer:/blocks/0/text/text]"},
		{`[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`, "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"},
		{`[{"type":"marquee"}]`, "unsupported type: marquee [json-pointer:/blocks/0/type]"},
		{`[{}]`, "missing required field: type [json-pointer:/blocks/0]"},
		{`[{"type":"divider","colour":"red"}]`, "invalid additional property: colour [json-pointer:/blocks/0]"},
		{`{"type":"divider"}`, "must provide an array [json-pointer:/blocks]"},
		{`[` + strings.TrimSuffix(strings.Repeat(`{"type":"divider"},`, 51), ",") + `]`, "no more than 50 items allowed [json-pointer:/blocks]"},
		{`[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]`, "`block_id` \"a\" already exists [json-pointer:/blocks/1/block_id]"},
		{`[{"type":"divider","block_id":"` + x(256) + `"}]`, "must be less than 256 characters [json-pointer:/blocks/0/block_id]"},
		{actions(button("")), ""},
		{actions(button(`,"value":"` + x(2001) + `"`)), "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]"},
		{actions(button(`,"style":"blue"`)), "value must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]"},
		{actions(button(`,"action_id":"a"`) + "," + button(`,"action_id":"a"`)), "`action_id` \"a\" already exists [json-pointer:/blocks/0/elements/1/action_id]"},
		{actions(`{"type":"button","text":` + plain(x(76)) + `}`), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"},
		{actions(`{"type":"static_select","options":` + options(100) + `}`), ""},
		{actions(`{"type":"static_select","options":` + options(101) + `}`), "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		{actions(`{"type":"static_select"}`), "missing required field: options [json-pointer:/blocks/0/elements/0]"},
		{actions(`{"type":"static_select","options":` + options(2) + `,"initial_option":` + option(7) + `}`), "`initial_option` must match exactly one of the options [json-pointer:/blocks/0/elements/0]"},
		{actions(`{"type":"overflow","options":` + options(6) + `}`), "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		{actions(`{"type":"radio_buttons","options":` + options(11) + `}`), "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		{actions(`{"type":"plain_text_input"}`), "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]"},
		{actions(`{"type":"datepicker","initial_date":"22-11-2026"}`), "must be a date like 2026-11-22 [json-pointer:/blocks/0/elements/0/initial_date]"},
		{`[{"type":"context","elements":[` + button("") + `]}]`, "unsupported type: button [json-pointer:/blocks/0/elements/0/type]"},
		{`[{"type":"input","element":{"type":"plain_text_input"}}]`, "missing required field: label [json-pointer:/blocks/0]"},
		{`[{"type":"image","image_url":"https://demo.invalid/x.png"}]`, "missing required field: alt_text [json-pointer:/blocks/0]"},
	} {
		got := playground.CheckBlocks(json.RawMessage(test.blocks))
		if test.want == "" && len(got) > 0 || test.want != "" && !slices.Contains(got, test.want) {
			t.Errorf("%.100s: got %q, want %q", test.blocks, got, test.want)
		}
	}
}

func TestViewsAreHeldAgainstThePublishedLimits(t *testing.T) {
	const title = `"title":{"type":"plain_text","text":"Close"}`
	for _, test := range []struct{ view, want string }{
		{`{"type":"modal",` + title + `,"blocks":[]}`, ""},
		{`{"type":"home","blocks":[]}`, ""},
		{`{"type":"modal",` + title + `,"blocks":null}`, "must not be null [json-pointer:/view/blocks]"},
		{`{"type":"modal","blocks":[]}`, "missing required field: title [json-pointer:/view]"},
		{`{"type":"modal","title":{"type":"plain_text","text":"Twenty-five characters!!!"},"blocks":[]}`, "must be less than 25 characters [json-pointer:/view/title/text]"},
		{`{"type":"modal",` + title + `,"blocks":[],"private_metadata":"` + strings.Repeat("x", 3001) + `"}`, "must be less than 3001 characters [json-pointer:/view/private_metadata]"},
		{`{"type":"modal",` + title + `,"blocks":[{"type":"input","label":{"type":"plain_text","text":"x"},"element":{"type":"plain_text_input"}}]}`, "missing required field: submit [json-pointer:/view]"},
		{`{"type":"modal",` + title + `,"blocks":[{"type":"markdown","text":"x"}]}`, "unsupported type: markdown [json-pointer:/view/blocks/0/type]"},
		{`{"type":"modal",` + title + `,"blocks":[` + strings.TrimSuffix(strings.Repeat(`{"type":"divider"},`, 101), ",") + `]}`, "no more than 100 items allowed [json-pointer:/view/blocks]"},
		{`{"type":"pop-up","blocks":[]}`, "unsupported type: pop-up [json-pointer:/view/type]"},
		{`[]`, "must provide an object [json-pointer:/view]"},
	} {
		got := playground.CheckView(json.RawMessage(test.view))
		if test.want == "" && len(got) > 0 || test.want != "" && !slices.Contains(got, test.want) {
			t.Errorf("%.100s: got %q, want %q", test.view, got, test.want)
		}
	}
}
