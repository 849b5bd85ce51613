package cases

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"websec.nl/gehoor/i18n"
)

func TestProcedureAsksItsEightQuestionsInItsOrder(t *testing.T) {
	p := DefaultProcedure()
	var counted []string
	for _, q := range p.Questions {
		if q.Counts() {
			counted = append(counted, q.ID)
		}
		if !q.BuiltIn() || q.Field() != q.ID || q.Kind != "" {
			t.Errorf("%+v", q)
		}
	}
	if got := strings.Join(counted, " "); got != "name subject problem when often wish prior contact" || p.Counted() != 8 {
		t.Errorf("%d questions: %s", p.Counted(), got)
	}
	if asked := idsOf(p.Questions, func(q Question) string { return q.ID }); !reflect.DeepEqual(asked, BuiltInQuestions) {
		t.Errorf("asked in the order %v", asked)
	}
}

func TestFileReplacesTheQuestionsAndLeavesWhatItDoesNotMention(t *testing.T) {
	p, err := LoadProcedure("testdata/procedure/right.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, asked := p.Question(FieldName); asked {
		t.Error("the name is asked, and is off")
	}
	shop, asked := p.Question("shop")
	if !asked || shop.BuiltIn() || shop.Field() != "own.shop" || !shop.Counts() || len(shop.Choices) != 4 || shop.Label.In(i18n.Dutch).In(i18n.Dutch) != "De winkel" {
		t.Errorf("%+v", shop)
	}
	if again, _ := p.Question("shop-now"); !reflect.DeepEqual(again.Label, shop.Label) {
		t.Errorf("what refers to other words has %v", again.Label)
	}
	subject, _ := p.Question(FieldSubject)
	if !subject.BuiltIn() || subject.Ask[i18n.English] != "Which product or shop is it about?" || subject.Why != nil {
		t.Errorf("%+v", subject)
	}
	for id, want := range map[string]int{"how-many": 500, "batch": 20, "receipt": 2, "wish": 1000} {
		if q, _ := p.Question(id); p.MostOf(q) != want {
			t.Errorf("%s takes %d", id, p.MostOf(q))
		}
	}
	if p.Counted() != 11 {
		t.Errorf("%d questions count", p.Counted())
	}

	own := filepath.Join(t.TempDir(), "own.yaml")
	if err := os.WriteFile(own, []byte("talk:\n  days: 2\nclock:\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err = LoadProcedure(own)
	want := DefaultProcedure()
	want.Talk.Days = 2
	if err != nil || !reflect.DeepEqual(exported(p), exported(want)) {
		t.Errorf("%v %+v", err, p)
	}
}

// exported are the settings without what is derived from them.
func exported(p *Procedure) Procedure {
	settings := *p
	settings.Version, settings.zone, settings.off, settings.days = "", nil, nil, nil
	return settings
}

func TestWrongFileIsRefusedInOneLine(t *testing.T) {
	for file, want := range map[string]string{
		"not-yaml.yaml": "procedure file testdata/procedure/not-yaml.yaml, line 2: this is no YAML: ",
		"newer.yaml":    "procedure file testdata/procedure/newer.yaml, line 2: format: the file is of format 2, ",
		"contradictory.yaml": "procedure file testdata/procedure/contradictory.yaml, line 3: drafts_remind[2]: 7 days do not go together " +
			"with drafts; each must be at least 1, and less than 5 (and 12 more; see: gehoor procedure check)",
	} {
		_, err := LoadProcedure(filepath.Join("testdata/procedure", file))
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", file, err)
		}
	}
	if _, err := LoadProcedure("testdata/nowhere.yaml"); !os.IsNotExist(err) && !strings.Contains(err.Error(), "no such file") {
		t.Errorf("got %v", err)
	}
	if _, err := LoadProcedure("testdata/procedure/doubtful.yaml"); err != nil {
		t.Errorf("a doubt stops the program: %v", err)
	}
}

func TestVersionNamesTheSettingsAndNotTheFile(t *testing.T) {
	version := func(text string) string {
		p, found := CheckProcedure([]byte(text), time.Time{}, nil)
		if p == nil {
			t.Fatal(found)
		}
		return p.Version
	}
	same := version("")
	if same != DefaultProcedure().Version {
		t.Error("a file that says nothing makes another version")
	}
	if version("# words of an editor\nperiod: 14\nformat: 1\n") != same {
		t.Error("saying what is built in makes another version")
	}
	if version("period: 15") == same || version("questions: [{id: problem}, {id: contact}]") == version("questions: [{id: contact}, {id: problem}]") {
		t.Error("other settings have the same version")
	}
}

// What YAML returned once stands in testdata/stored: cases of then are still handled by it. It must be read for ever, also where what
// may stand in a file has changed since.
func TestSettingsThatWereStoredOnceAreReadForEver(t *testing.T) {
	paths, err := filepath.Glob("testdata/stored/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		p, err := ParseProcedure(text)
		if err != nil {
			t.Errorf("%s: %v", path, err)
		} else if want := strings.TrimSuffix(filepath.Base(path), ".yaml"); p.Version != want {
			t.Errorf("%s has version %s", path, p.Version)
		}
	}
}

func TestSettingsOfANewerProgramArePassedOverInWhatWasStored(t *testing.T) {
	p := DefaultProcedure()
	text := append(p.YAML(), "weather:\n  rain: 1\n"...)
	again, err := ParseProcedure(text)
	if err != nil || again.Period != p.Period || again.Version == p.Version {
		t.Errorf("%v %+v", err, again)
	}
	if _, err := ParseProcedure([]byte("period: 0")); err == nil {
		t.Error("wrong settings are taken")
	}
	if _, err := ParseProcedure([]byte("format: 2")); err == nil {
		t.Error("a newer format is taken")
	}
}

// Whatever an organisation writes, what is kept of it is what it wrote.
func TestSettingsThatAreKeptAndReadAgainAreTheSame(t *testing.T) {
	words := rapid.OneOf(
		rapid.StringMatching(`[ -~é€😡\n]{1,60}`),
		rapid.SampledFrom([]string{"yes", "null", "~", "1", "1.0", "2026-11-22", "- a", "a: b", "# a", "a #b", "'", `"`, `\`, "|", "> a", "a\n\n b\nc", "*a", "&a", "!a",
			"%a", "@a", "`a", "[a", "{a", "a,", "?", "? a", ":", "a:", "---", "--- a", "...", "a\n---\nb", "<<", "0x10", "0o7", ".inf", "true", "\u2028", "a\u00a0", "ĳ", "=",
			"a\n  b", "a\nb: c\n- d", "a\n#b", "a\n\n\n\nb"}),
	)
	rapid.Check(t, func(t *rapid.T) {
		p := unsettled()
		texts := func(label string) Texts {
			draw := func() string {
				w := strings.TrimSpace(words.Draw(t, label))
				if label == "label" {
					w = strings.Join(strings.Fields(w), " ")
					w = strings.TrimSpace(string([]rune(w)[:min(len([]rune(w)), MostButton)]))
				}
				return strings.TrimSpace("x" + w)[min(1, len(w)):]
			}
			return Texts{i18n.Dutch: draw(), i18n.English: draw()}
		}
		p.Organisation = texts("label")[i18n.Dutch]
		p.Post = texts("label")[i18n.Dutch]
		p.Scope = []Scope{{ID: "one", Text: texts("scope")}}
		p.Committee.Representatives = Roster{
			Group: rapid.SampledFrom([]string{"", "S012AB3CD", "yes"}).Draw(t, "group"),
			List:  rapid.SampledFrom([][]Member{{}, {"U1"}, {"U1", "null", "007"}}).Draw(t, "list"),
		}
		p.Committee.SecondEyes = rapid.Bool().Draw(t, "eyes")
		p.Milestones.Decided.Remind = rapid.SampledFrom([][]int{{}, {1}, {13, 2}}).Draw(t, "remind")
		p.Holidays = rapid.SampledFrom([][]string{{}, {"2026-12-24"}}).Draw(t, "holidays")
		p.Questions = append(p.Questions[:4:4], p.Questions[8],
			Question{ID: "own", Kind: AskText, Most: 5, Optional: true, Ask: texts("ask"), Why: texts("why"), Label: texts("label")},
			Question{ID: "1", Kind: AskNumber, Least: -5, Unknown: true, Ask: texts("ask"), Label: texts("label")},
			Question{ID: "no", Kind: AskChoice, Ask: texts("ask"), Label: texts("label"),
				Choices: []Choice{{"yes", Texts{"nl": "ja", "en": "yes"}}, {"no", texts("label")}}})
		r := &report{lines: map[string]int{}}
		if p.check(r); !r.right() {
			t.Skip(r.found[0])
		}
		text := p.YAML()
		again, err := ParseProcedure(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if !reflect.DeepEqual(exported(again), exported(p)) {
			t.Fatalf("%+v\nis read as\n%+v\n%s", exported(p), exported(again), text)
		}
		if string(again.YAML()) != string(text) || again.Version != versionOf(text) {
			t.Fatalf("what is read is kept otherwise:\n%s\n%s", text, again.YAML())
		}
	})
}

func FuzzCheckProcedure(f *testing.F) {
	paths, _ := filepath.Glob("testdata/procedure/*.yaml")
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, found := CheckProcedure(text, today, nil)
		lines := strings.Count(string(text), "\n") + 1
		for _, finding := range found {
			if p != nil && !finding.Warning || finding.Line < 0 || finding.Line > lines {
				t.Fatalf("%+v", finding)
			}
		}
		if p == nil {
			return
		}
		if again, err := ParseProcedure(p.YAML()); err != nil || string(again.YAML()) != string(p.YAML()) {
			t.Fatalf("%v\n%s\n%s", err, p.YAML(), again.YAML())
		}
	})
}

// The built-in words keep the voice that the head of package i18n describes.
func TestBuiltInWordsAreKindAndPlain(t *testing.T) {
	wrong := map[i18n.Language]*regexp.Regexp{
		i18n.Dutch:   regexp.MustCompile(`(?i)!|[{}<>]|\b(je|jij|jou|jouw|jullie)\b`),
		i18n.English: regexp.MustCompile(`(?i)!|[{}<>]|\b(organization|behavior)\b`),
	}
	for _, s := range DefaultProcedure().Scope {
		for l, words := range s.Text {
			if wrong[l].MatchString(words) || !strings.HasSuffix(words, ".") {
				t.Errorf("%s in %s: %q", s.ID, l, words)
			}
		}
	}
	if p := DefaultProcedure(); p.Outside.Name != "" {
		t.Error("an outside body is named, which nobody at the organisation looked up")
	}
}
