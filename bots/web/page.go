package web

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/url"
	"strings"

	"websec.nl/gehoor/i18n"
)

//go:embed page.html
var pageSource string

//go:embed style.css
var styleSource string

var pageTemplate = template.Must(template.New("page").Parse(pageSource))

// policy lets a page do nothing but be read, look as it should, and be sent back to where it came from. Its style is known by
// its hash, so that the page needs nothing from anywhere.
var policy = func() string {
	sum := sha256.Sum256([]byte(styleSource))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}()

// page is what somebody sees, in one language. Words that people wrote stand in it as they wrote them; the template sees to it
// that they are no more than words.
type page struct {
	Language     i18n.Language
	Other        i18n.Language // to switch to
	Switch       string        // said in that language
	Organisation string
	Title        string
	Failed       string // heading of Failures
	Failures     []failure
	Intro        []string
	Facts        []line
	Form         bool   // there is something to send
	Seen         string // what the reader has before them, to tell it from what stands when they press
	Repeat       []line // what was sent, to be sent once more
	Again        string // on the button that does
	Sections     []section
	Turn         turn
}

// failure is something that is wrong with what was sent: at a field, or with all of it.
type failure struct {
	Field string // its identifier on the page; empty: no field
	Text  string
}

// line is a label and what belongs to it.
type line struct{ Label, Value string }

// turn is whom to turn to, and the ways there.
type turn struct {
	Heading, Text string
	Ways          []way
}

// way is one of the ways to somebody: the scheme of its link is empty where there is none.
type way struct{ Label, Scheme, Value string }

// Link is where the way leads. What stands in it comes from the settings.
func (w way) Link() template.URL {
	to := w.Value
	if w.Scheme == "tel" {
		to = strings.Map(func(r rune) rune {
			if r == '+' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, to)
	}
	return template.URL(w.Scheme + ":" + url.PathEscape(to))
}

// section is a part of a page under a heading.
type section struct {
	ID         string
	Heading    string
	Paragraphs []string
	Quote      string // words that are put to the reader
	Answers    []answer
	Fields     []field
	Button     button
	Quiet      bool // what is offered here is the exception
}

// answer is an answer to a question, with the fields in which it can be corrected.
type answer struct {
	ID       string
	Question string
	Words    string
	None     bool // there is no answer; Words says so
	Correct  string
	Fields   []field
	Open     bool // the fields are in view
}

// field is a place to write something in, or to choose. Its kind is that of an input, or textarea or select.
type field struct {
	ID, Name, Label string
	About           string // what it is for, for who does not see where it stands
	Hint, Failure   string
	Kind            string
	Complete        string // what a browser may fill in, as HTML's autocomplete has it
	Value           string
	Rows            int
	Options         []option
}

type option struct {
	Value, Label string
	Chosen       bool
}

// button sends the page and says what is meant by it.
type button struct {
	Do, Label string
	Main      bool
}

// Style is the style of the page, just as its hash was taken.
func (page) Style() template.CSS { return template.CSS(styleSource) }

// Describes names what else is said of a field, for who can't see it.
func (f field) Describes() string {
	switch {
	case f.Hint != "" && f.Failure != "":
		return f.ID + "-hint " + f.ID + "-failure"
	case f.Hint != "":
		return f.ID + "-hint"
	case f.Failure != "":
		return f.ID + "-failure"
	}
	return ""
}

func (p *page) html() ([]byte, error) {
	var b bytes.Buffer
	err := pageTemplate.Execute(&b, p)
	return b.Bytes(), err
}
