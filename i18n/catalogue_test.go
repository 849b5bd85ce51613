package i18n

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// entry is one sentence of a catalogue as it stands in the file.
type entry struct {
	part, key string
	forms     map[string]string // by plural form; "other" alone where there is one form
}

// read returns the entries of one catalogue, in the order of the file.
func read(t testing.TB, part string, l Language) (all []entry) {
	t.Helper()
	name := part + "." + string(l) + ".yaml"
	text, err := catalogues.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var lines yaml.MapSlice
	if err := yaml.Unmarshal(text, &lines); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, line := range lines {
		e := entry{part: part, key: fmt.Sprint(line.Key), forms: map[string]string{}}
		switch value := line.Value.(type) {
		case string:
			e.forms["other"] = value
		case map[string]any:
			for form, text := range value {
				e.forms[form] = fmt.Sprint(text)
			}
		default:
			t.Errorf("%s: %s is a %T", name, line.Key, value)
		}
		all = append(all, e)
	}
	return all
}

// everything returns each entry of each catalogue in a language.
func everything(t testing.TB, l Language) (all []entry) {
	for _, part := range Parts {
		all = append(all, read(t, part, l)...)
	}
	return all
}

var hole = regexp.MustCompile(`\{([^{}]*)\}`)

func holesOf(text string) (names []string) {
	for _, found := range hole.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, found[1]) {
			names = append(names, found[1])
		}
	}
	slices.Sort(names)
	return names
}

func TestEachLanguageHasTheSameKeys(t *testing.T) {
	for _, part := range Parts {
		dutch, english := read(t, part, Dutch), read(t, part, English)
		for i := range max(len(dutch), len(english)) {
			if i >= len(dutch) || i >= len(english) || dutch[i].key != english[i].key {
				t.Errorf("%s: the catalogues part at line %d of sentences: %q and %q", part, i, keyAt(dutch, i), keyAt(english, i))
				break
			}
		}
	}
}

func keyAt(all []entry, i int) string {
	if i < len(all) {
		return all[i].key
	}
	return ""
}

func TestKeysAreSortedAndStandOnce(t *testing.T) {
	seen := map[string]string{}
	for _, part := range Parts {
		for _, l := range Languages {
			before := ""
			for _, e := range read(t, part, l) {
				if e.key <= before {
					t.Errorf("%s.%s.yaml: %s stands after %s", part, l, e.key, before)
				}
				before = e.key
				if other := seen[e.key]; other != "" && other != part {
					t.Errorf("%s stands in %s and in %s", e.key, other, part)
				}
				seen[e.key] = part
			}
		}
	}
}

var keyShape = regexp.MustCompile(`^[a-z]+(-[a-z]+)*(\.[a-z0-9]+([-_][a-z0-9]+)*)+$`)

func TestKeysArePlaceAndThing(t *testing.T) {
	for _, e := range everything(t, Dutch) {
		if !keyShape.MatchString(e.key) {
			t.Errorf("%s: %q", e.part, e.key)
		}
	}
}

// Dutch and English both tell one from other (Unicode CLDR, cardinal plurals).
func TestPluralsAreRight(t *testing.T) {
	for _, l := range Languages {
		for _, e := range everything(t, l) {
			_, one := e.forms["one"]
			other, has := e.forms["other"]
			switch counts := slices.Contains(holesOf(other), "count"); {
			case !has || len(e.forms) > 2 || len(e.forms) == 2 && !one:
				t.Errorf("%s in %s has the forms %v", e.key, l, e.forms)
			case counts && !one:
				t.Errorf("%s in %s counts, and has one form", e.key, l)
			}
		}
	}
}

func TestEachLanguageHasTheSameHoles(t *testing.T) {
	english := map[string]entry{}
	for _, e := range everything(t, English) {
		english[e.key] = e
	}
	for _, e := range everything(t, Dutch) {
		want := holesOf(e.forms["other"])
		for _, said := range []map[string]string{e.forms, english[e.key].forms} {
			for form, text := range said {
				got := holesOf(text)
				if form == "one" && !slices.Contains(got, "count") { // "one day" may say so in words
					got = slices.Sorted(slices.Values(append(got, "count")))
				}
				if len(said) == 2 && !slices.Contains(want, "count") {
					got = slices.DeleteFunc(got, func(name string) bool { return name == "count" })
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: %q has the holes %v, another has %v", e.key, text, got, want)
				}
			}
		}
		if strings.ContainsAny(hole.ReplaceAllString(e.forms["other"], ""), "{}") {
			t.Errorf("%s: a brace stands alone in %q", e.key, e.forms["other"])
		}
	}
}

// The voice, as the head of this package describes it.
func TestEverySentenceKeepsTheVoice(t *testing.T) {
	rules := []struct {
		languages []Language
		wrong     *regexp.Regexp
		why       string
	}{
		{Languages, regexp.MustCompile(`^\s*$`), "is empty"},
		{Languages, regexp.MustCompile(`!`), "has an exclamation mark"},
		{Languages, regexp.MustCompile(`^\s|\s$| \n|  `), "has space where none belongs"},
		{Languages, regexp.MustCompile(`[\x{1F000}-\x{1FFFF}\x{2600}-\x{27BF}]`), "has a picture"},
		{[]Language{Dutch}, regexp.MustCompile(`(?i)\b(je|jij|jou|jouw|jullie)\b`), "does not say u"},
		{[]Language{English}, regexp.MustCompile(`(?i)\b(color|apologize|organization|behavior)\b`), "is not spelled as the others are"},
	}
	for _, l := range Languages {
		for _, e := range everything(t, l) {
			for _, text := range e.forms {
				for _, rule := range rules {
					if slices.Contains(rule.languages, l) && rule.wrong.MatchString(text) {
						t.Errorf("%s in %s %s: %q", e.key, l, rule.why, text)
					}
				}
			}
		}
	}
}

// A place is where a text is shown; most is how many characters it holds there, with its holes filled.
var places = []struct {
	part string
	key  *regexp.Regexp
	most int
	why  string
}{
	{"chat", regexp.MustCompile(`(^|\.)button\.`), 30, "a button under a message, our own rule"},
	{"notice", regexp.MustCompile(`(^|\.)button\.`), 30, "a button under a message, our own rule"},
	{"chat", regexp.MustCompile(`^toast\.`), 200, "Bot API, answerCallbackQuery"},
	{"common", regexp.MustCompile(`^profile\.short$`), 120, "Bot API, setMyShortDescription"},
	{"common", regexp.MustCompile(`^profile\.description$`), 512, "Bot API, setMyDescription"},
	{"common", regexp.MustCompile(`^profile\.command\.`), 256, "Bot API, BotCommand"},
	{"committee", regexp.MustCompile(`^form\..*\.(title|submit)$|^form\.button\.`), 24, "Slack, modal titles, submit and close"},
	{"committee", regexp.MustCompile(`\.button\.`), 75, "Slack, button"},
	{"committee", regexp.MustCompile(`.`), 3000, "Slack, section"},
	{"letter", regexp.MustCompile(`\.subject$`), 120, "a mail's subject"},
	{"chat", regexp.MustCompile(`.`), 4096, "Bot API, sendMessage"},
	{"data", regexp.MustCompile(`^data\.caption$`), 1024, "Bot API, sendDocument"},
	{"data", regexp.MustCompile(`.`), 300, "a line of the file, our own rule"},
	{"notice", regexp.MustCompile(`.`), 4096, "Bot API, sendMessage"},
	{"common", regexp.MustCompile(`.`), 4096, "Bot API, sendMessage"},
	{"letter", regexp.MustCompile(`.`), 4096, "a paragraph"},
	{"page", regexp.MustCompile(`^page\.button\.`), 40, "a button on a narrow screen, our own rule"},
	{"page", regexp.MustCompile(`\.(title|heading)$`), 80, "a heading on a narrow screen, our own rule"},
	{"page", regexp.MustCompile(`.`), 400, "a paragraph, our own rule"},
	{"timeline", regexp.MustCompile(`^timeline\.whom\.`), 16, "a column of a terminal, our own rule"},
	{"timeline", regexp.MustCompile(`.`), 240, "a few lines of a terminal, our own rule"},
}

// widths are how many characters fill a hole at most, where it is not 60: people's own words are cut before they are said.
var widths = map[string]int{
	"weekday": 9, "day": 29, "count": 3, "number": 12, "limit": 5, "left": 5, "length": 5, "total": 2, "words": 2000, "stage": 200,
	"question": 500, "case": 400, "first": 2000, "second": 1000, "list": 700, "notice": 3000, "organisation": 40,
}

// onButton is the same of a button's label.
var onButton = map[string]int{
	"weekday": 9, "day": 2, "part": 15, "month": 9, "year": 4, "number": 12, "stage": 12,
	"label": 20, // a longer one stands there alone
}

func TestEachTextFitsItsPlace(t *testing.T) {
	for _, l := range Languages {
		for _, e := range everything(t, l) {
			for _, place := range places {
				if place.part != e.part || !place.key.MatchString(e.key) {
					continue
				}
				for _, text := range e.forms {
					size := len([]rune(hole.ReplaceAllStringFunc(text, func(name string) string {
						return strings.Repeat("x", width(e.key, name[1:len(name)-1]))
					})))
					if size > place.most {
						t.Errorf("%s in %s can have %d characters, %d fit (%s): %q", e.key, l, size, place.most, place.why, text)
					}
				}
				break
			}
		}
	}
}

func width(key, name string) int {
	if strings.Contains(key, ".button.") {
		return onButton[name]
	}
	if most, ok := widths[name]; ok {
		return most
	}
	return 60
}
