// Package i18n holds every sentence that a person reads, in Dutch and in English, letters included.
//
// The voice. We are the organisation's complaints committee, speaking to someone who may be upset and is on a telephone.
// In Dutch a person is addressed as u. The language is plain (B1), the tone calm: one thought per message, no blame, no
// exclamation marks, no meaning carried by a picture alone. A button says what happens when it is pressed.
//
// Keys are place.thing.what, such as intake.name.ask; a hole in a sentence is written {number}. The package refuses to know
// who is speaking, to whom, and through which channel.
package i18n

import (
	"embed"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/goccy/go-yaml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

//go:embed *.yaml
var catalogues embed.FS

// Language is one of the languages that a person can choose; its value is the ISO 639-1 code.
type Language string

// The languages that every sentence exists in.
const (
	Dutch   Language = "nl"
	English Language = "en"
)

// Languages lists every Language, the default first.
var Languages = []Language{Dutch, English}

var matcher = language.NewMatcher([]language.Tag{language.English, language.Dutch})

// Closest says which of our languages suits a BCP 47 tag such as "nl-BE" or "pt"; English where nothing is nearer.
func Closest(tag string) Language {
	_, index := language.MatchStrings(matcher, tag)
	return []Language{English, Dutch}[index]
}

// Valid says whether l is one of Languages.
func (l Language) Valid() bool { return l == Dutch || l == English }

// Args fills the holes of a sentence. A value may be a string, an int (the one named count chooses singular or plural), a
// Text (said in the same language), a Date or a Moment.
type Args map[string]any

// Text is a sentence that is not yet in a language: its key and what goes into its holes.
type Text struct {
	Key  string
	Args Args
}

// T makes a Text; what fills its holes follows as pairs of a name and a value.
func T(key string, pairs ...any) Text {
	if len(pairs) == 0 {
		return Text{Key: key}
	}
	args := make(Args, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return Text{Key: key, Args: args}
}

// Plain is a Text that says just these words, such as a name, in any language.
func Plain(words string) Text { return Text{Args: Args{"": words}} }

// Date is a day as a person reads it: "zondag 6 december 2026". Its time is already in the zone to show.
type Date struct{ time.Time }

// Moment is a day and a time of day. Its time is already in the zone to show.
type Moment struct{ time.Time }

// Has says whether the sentence key exists.
func Has(key string) bool {
	_, ok := keys[key]
	return ok
}

// In says the text in a language. A key that does not exist panics: the tests of this package see to it that each key in
// the code exists in each language.
func (t Text) In(l Language) string {
	if t.Key == "" {
		words, _ := t.Args[""].(string)
		return words
	}
	data := make(map[string]string, len(t.Args))
	for name, value := range t.Args {
		data[name] = show(value, l)
	}
	if plain, ok := plain[l][t.Key]; ok {
		said, err := sentence(plain).Execute(data)
		if err != nil {
			panic(fmt.Sprintf("text %q in %q: %v", t.Key, l, err))
		}
		return said
	}
	config := goi18n.LocalizeConfig{MessageID: t.Key, TemplateParser: holes{}, TemplateData: data}
	if count, ok := t.Args["count"].(int); ok {
		config.PluralCount = count
	}
	said, err := localizers[l].Localize(&config)
	if err != nil {
		panic(fmt.Sprintf("text %q in %q: %v", t.Key, l, err))
	}
	return strings.TrimRight(said, "\n")
}

func show(value any, l Language) string {
	switch v := value.(type) {
	case string:
		return v
	case Text:
		return v.In(l)
	case Date:
		return v.in(l)
	case Moment:
		return Text{Key: "common.moment", Args: Args{"date": Date(v), "time": v.Format(clockLayout[l])}}.In(l)
	case fmt.Stringer:
		return v.String()
	}
	return fmt.Sprint(value)
}

var clockLayout = map[Language]string{Dutch: "15.04", English: "15:04"}

func (d Date) in(l Language) string {
	return fmt.Sprintf("%s %d %s %d", weekdays[l][d.Weekday()], d.Day(), months[l][d.Month()-1], d.Year())
}

// Weekday names the day of the week of d.
func (l Language) Weekday(d time.Weekday) string { return weekdays[l][d] }

// Month names a month.
func (l Language) Month(m time.Month) string { return months[l][m-1] }

var weekdays = map[Language][]string{
	Dutch:   {"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
	English: {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}

var months = map[Language][]string{
	Dutch:   {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
	English: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// Parts are the files of a catalogue: what all share, the chat, the committee's tool, what is held on a person, the letters,
// what the chat tells of a case, the pages behind the links in letters, and the timeline of a case.
var Parts = []string{"common", "chat", "committee", "data", "letter", "notice", "page", "timeline"}

var (
	localizers = map[Language]*goi18n.Localizer{}
	keys       = map[string]struct{}{}
	plain      = map[Language]map[string]string{Dutch: {}, English: {}} // the sentences that don't differ with their count
)

// The catalogues are part of the program: one that cannot be read stops it before it says a word.
func init() {
	bundle := goi18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	for _, l := range Languages {
		for _, part := range Parts {
			file, err := bundle.LoadMessageFileFS(catalogues, part+"."+string(l)+".yaml")
			if err != nil {
				panic(fmt.Sprintf("catalogue %s in %s: %v", part, l, err))
			}
			for _, m := range file.Messages {
				keys[m.ID] = struct{}{}
				if m.One == "" {
					plain[l][m.ID] = strings.TrimRight(m.Other, "\n")
				}
			}
		}
		localizers[l] = goi18n.NewLocalizer(bundle, string(l))
	}
}

// holes is the template language of our catalogues: {name} stands for the argument name, and nothing else is special.
type holes struct{}

func (holes) Cacheable() bool { return false }

func (holes) Parse(source, _, _ string) (template.ParsedTemplate, error) {
	return sentence(source), nil
}

type sentence string

func (s sentence) Execute(data any) (string, error) {
	source := string(s)
	if !strings.Contains(source, "{") {
		return source, nil
	}
	args, _ := data.(map[string]string)
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(source, "{")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, after, closed := strings.Cut(rest, "}")
		value, known := args[name]
		if !closed || !known {
			return "", fmt.Errorf("nothing fills the hole {%s}", name)
		}
		b.WriteString(value)
		source = after
	}
}

// Units is the length of a text in UTF-16 units, as Telegram counts it (Bot API, "MessageEntity"). Slack counts no more.
func Units(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}
