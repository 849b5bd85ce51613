package slack

import (
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	slackgo "github.com/slack-go/slack"
)

// What Slack takes at most, as it publishes. Characters are counted as UTF-16 units, which is never less than Slack counts.
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxSection       = 3000
	maxHeader        = 150
	maxButton        = 75
	maxValue         = 2000
	maxOption        = 75
	maxOptions       = 100
	maxTitle         = 24
	maxLabel         = 2000
	maxInput         = 3000
	maxMetadata      = 3000
	maxActions       = 25
	maxFields        = 10
	maxField         = 2000
	maxPlaceholder   = 150
	maxError         = 2000
	maxConfirm       = 300
	maxConfirmTitle  = 100
	maxConfirmButton = 30
	maxLine          = 300  // our own
	maxFallback      = 3000 // of a message's text; Slack cuts at 40,000, a notification shows far less
	maxQuote         = 2900
)

type (
	block  = slackgo.Block
	button = slackgo.ButtonBlockElement
	option = slackgo.OptionBlockObject
)

// modal is a form or a page in a window of the member's own. The functions that send one keep Slack's limits.
type modal struct {
	title, submit, close string
	form                 string // which of the forms it is; empty: nothing is submitted
	meta                 string // comes back with what the form says; holds no words of a complaint
	blocks               []block
	known                string // by which it is found again before Slack has told its identifier; empty: by nothing
}

func (m modal) request() slackgo.ModalViewRequest {
	view := slackgo.ModalViewRequest{
		Type:            slackgo.VTModal,
		Title:           plain(m.title, maxTitle),
		CallbackID:      m.form,
		ExternalID:      m.known,
		PrivateMetadata: m.meta,
		Blocks:          slackgo.Blocks{BlockSet: atMost(m.blocks, maxViewBlocks)},
	}
	if m.close != "" {
		view.Close = plain(m.close, maxTitle)
	}
	if m.submit != "" || m.form != "" {
		view.Submit = plain(m.submit, maxTitle)
	}
	return view
}

// cut shortens s to at most limit characters, between two runes, and shows that it did.
func cut(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	n, end := 0, 0
	for i, r := range s {
		if n+utf16.RuneLen(r) > limit {
			return strings.TrimRight(s[:end], " \n") + "…"
		}
		n += utf16.RuneLen(r)
		if n < limit {
			end = i + len(string(r))
		}
	}
	return s
}

// split divides s into parts of at most limit characters, where a line or a word ends if there is such a place. Nothing is
// lost: the parts together are s.
func split(s string, limit int) []string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	var parts []string
	for {
		n, end, line, word := 0, len(s), 0, 0
		for i, r := range s {
			if n+utf16.RuneLen(r) > limit {
				end = i
				break
			}
			n += utf16.RuneLen(r)
			switch r {
			case '\n':
				line = i + 1
			case ' ':
				word = i + 1
			}
		}
		if end == len(s) {
			return append(parts, s)
		}
		if line > end/2 {
			end = line
		} else if word > end/2 {
			end = word
		}
		parts = append(parts, s[:end])
		s = s[end:]
	}
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape makes of any text one that Slack's markup shows as it is, without links and mentions.
func escape(s string) string { return escaper.Replace(s) }

func mention(member string) string { return "<@" + member + ">" }

func plain(s string, limit int) *slackgo.TextBlockObject {
	if strings.TrimSpace(s) == "" {
		s = "–"
	}
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, cut(s, limit), false, false)
}

func marked(s string, limit int) *slackgo.TextBlockObject {
	if strings.TrimSpace(s) == "" {
		s = "–"
	}
	return slackgo.NewTextBlockObject(slackgo.MarkdownType, cut(s, limit), false, true)
}

// header is a line of large type.
func header(s string) block { return slackgo.NewHeaderBlock(plain(s, maxHeader)) }

// say is a paragraph in Slack's markup: our own sentences, never words of a complaint.
func say(s string) block { return slackgo.NewSectionBlock(marked(s, maxSection), nil, nil) }

// sayWith is a paragraph with a button beside it.
func sayWith(s string, b *button) block {
	return slackgo.NewSectionBlock(marked(s, maxSection), nil, slackgo.NewAccessory(b))
}

// small is a line of small type.
func small(s string) block { return slackgo.NewContextBlock("", marked(s, maxField)) }

func divider() block { return slackgo.NewDividerBlock() }

// facts are pairs of a name and a value, two beside each other.
func facts(pairs [][2]string) []block {
	var all []block
	for len(pairs) > 0 {
		n := min(len(pairs), maxFields)
		var fields []*slackgo.TextBlockObject
		for _, p := range pairs[:n] {
			fields = append(fields, marked("*"+p[0]+"*\n"+p[1], maxField))
		}
		all = append(all, slackgo.NewSectionBlock(nil, fields, nil))
		pairs = pairs[n:]
	}
	return all
}

// quote shows what a person wrote, whole and as it is: nothing in it is markup, a link or a mention.
func quote(words string) []block {
	if strings.TrimSpace(words) == "" {
		words = "–"
	}
	var all []block
	for _, part := range split(words, maxQuote) {
		part = strings.TrimSuffix(part, "\n")
		if part == "" {
			part = " "
		}
		text := slackgo.NewRichTextSectionTextElement(part, nil)
		all = append(all, slackgo.NewRichTextBlock("", &slackgo.RichTextQuote{Type: slackgo.RTEQuote, Elements: []slackgo.RichTextSectionElement{text}}))
	}
	return all
}

// press is a button. Its value says which case it is about, and nothing else.
func press(action, text, value string) *button {
	return slackgo.NewButtonBlockElement(action, cut(value, maxValue), plain(text, maxButton))
}

// sure asks whether who presses a button means it.
func sure(b *button, title, text, yes, no string) *button {
	return b.WithConfirm(slackgo.NewConfirmationBlockObject(plain(title, maxConfirmTitle), plain(text, maxConfirm), plain(yes, maxConfirmButton), plain(no, maxConfirmButton)))
}

func primary(b *button) *button { return b.WithStyle(slackgo.StylePrimary) }

// buttons is a row of them.
func buttons(row ...*button) block {
	elements := make([]slackgo.BlockElement, 0, len(row))
	for _, b := range row[:min(len(row), maxActions)] {
		elements = append(elements, b)
	}
	return slackgo.NewActionBlock("", elements...)
}

// A field of a form: what it is called comes back as the key of its value, and errors name it. Slack hands both names back.
const fieldAction = "value"

func input(name, label, hint string, element slackgo.BlockElement, optional bool) block {
	b := slackgo.NewInputBlock(name, plain(label, maxLabel), nil, element)
	if hint != "" {
		b.Hint = plain(hint, maxLabel)
	}
	return b.WithOptional(optional)
}

// askText asks for several lines of text.
func askText(name, label, hint, value string, optional bool) block {
	e := slackgo.NewPlainTextInputBlockElement(nil, fieldAction).WithMultiline(true).WithMaxLength(maxInput)
	if value != "" {
		e.WithInitialValue(cut(value, maxInput))
	}
	return input(name, label, hint, e, optional)
}

// askLine asks for one line of text.
func askLine(name, label, hint, value string, optional bool) block {
	e := slackgo.NewPlainTextInputBlockElement(nil, fieldAction).WithMaxLength(maxLine)
	if value != "" {
		e.WithInitialValue(cut(value, maxLine))
	}
	return input(name, label, hint, e, optional)
}

// askDay asks for a day, given and returned as 2006-01-02.
func askDay(name, label, hint, value string, optional bool) block {
	e := slackgo.NewDatePickerBlockElement(fieldAction)
	e.InitialDate = value
	return input(name, label, hint, e, optional)
}

// askMoment asks for a day and a time.
func askMoment(name, label, hint string, value time.Time) block {
	e := slackgo.NewDateTimePickerBlockElement(fieldAction)
	e.InitialDateTime = value.Truncate(time.Minute).Unix()
	return input(name, label, hint, e, false)
}

// choice is one of several to choose from.
type choice struct{ value, text string }

func options(all []choice) []*option {
	made := make([]*option, 0, len(all))
	for _, c := range all[:min(len(all), maxOptions)] {
		made = append(made, slackgo.NewOptionBlockObject(cut(c.value, maxOption), plain(c.text, maxOption), nil))
	}
	return made
}

// chosen finds the option with a value; nil: there is none.
func chosen(all []*option, value string) *option {
	for _, o := range all {
		if o.Value == value {
			return o
		}
	}
	return nil
}

// askOne asks for one of at most ten choices, all in sight.
func askOne(name, label, hint, value string, all []choice) block {
	e := slackgo.NewRadioButtonsBlockElement(fieldAction, options(all[:min(len(all), 10)])...)
	e.InitialOption = chosen(e.Options, value)
	return input(name, label, hint, e, false)
}

// askAny asks for any of at most ten choices, all in sight; value holds those that are chosen, with spaces between; at least
// one, unless optional.
func askAny(name, label, hint, value string, all []choice, optional bool) block {
	e := slackgo.NewCheckboxGroupsBlockElement(fieldAction, options(all[:min(len(all), 10)])...)
	for _, one := range strings.Fields(value) {
		if o := chosen(e.Options, one); o != nil {
			e.InitialOptions = append(e.InitialOptions, o)
		}
	}
	return input(name, label, hint, e, optional)
}

// ticked says whether a choice is among those that askAny returned.
func ticked(value, one string) bool { return slices.Contains(strings.Fields(value), one) }

// askFromList asks for one of at most a hundred choices in a list.
func askFromList(name, label, hint, placeholder, value string, all []choice, optional bool) block {
	e := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, plain(placeholder, maxPlaceholder), fieldAction, options(all)...)
	e.InitialOption = chosen(e.Options, value)
	return input(name, label, hint, e, optional)
}

// askPerson asks for anybody in the workspace.
func askPerson(name, label, hint, placeholder, value string, optional bool) block {
	e := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeUser, plain(placeholder, maxPlaceholder), fieldAction)
	e.InitialUser = value
	return input(name, label, hint, e, optional)
}

// askForFiles asks for at most so many files.
func askForFiles(name, label, hint string, most int) block {
	return input(name, label, hint, slackgo.NewFileInputBlockElement(fieldAction).WithMaxFiles(most), true)
}

// atMost keeps the first limit blocks.
func atMost(blocks []block, limit int) []block {
	if len(blocks) > limit {
		return blocks[:limit]
	}
	return blocks
}

// A page of blocks: as many as a window or a message can show, with room for what stands around them.
const (
	viewPage     = 90
	messagePage  = 45
	maxPageBytes = 40_000
)

// pages divides blocks into pages of at most limit blocks and maxPageBytes of text.
func pages(blocks []block, limit int) [][]block {
	var all [][]block
	var page []block
	size := 0
	for _, b := range blocks {
		n := weight(b)
		if len(page) == limit || len(page) > 0 && size+n > maxPageBytes {
			all, page, size = append(all, page), nil, 0
		}
		page, size = append(page, b), size+n
	}
	if len(page) > 0 || len(all) == 0 {
		all = append(all, page)
	}
	return all
}

func weight(b block) int {
	switch b := b.(type) {
	case *slackgo.RichTextBlock:
		n := 0
		for _, e := range b.Elements {
			if q, ok := e.(*slackgo.RichTextQuote); ok {
				for _, part := range q.Elements {
					if text, ok := part.(*slackgo.RichTextSectionTextElement); ok {
						n += len(text.Text)
					}
				}
			}
		}
		return n
	case *slackgo.SectionBlock:
		if b.Text != nil {
			return len(b.Text.Text)
		}
	}
	return 100
}
