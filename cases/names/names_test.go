package names

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

func TestAMatchPrintsWithoutTheWordsOfTheComplaint(t *testing.T) {
	matches := Find("Over Jan de Vries van de helpdesk", []Person{{ID: "U1", Names: []string{"Jan de Vries"}}})
	if len(matches) != 1 || matches[0].By != "Jan de Vries" {
		t.Fatalf("%v", matches)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("matched", "match", matches[0])
	slog.New(slog.NewTextHandler(&log, nil)).Info("matched", "match", matches[0], "all", matches)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		fmt.Fprintf(&log, verb, matches[0])
		fmt.Fprintf(&log, verb, matches)
	}
	if strings.Contains(log.String(), "Vries") || !strings.Contains(log.String(), "U1 (certain)") {
		t.Error(log.String())
	}
}

func TestStrengthsAreInOrderAndHaveNames(t *testing.T) {
	if !(Possible < Likely && Likely < Certain) {
		t.Error("out of order")
	}
	if got := fmt.Sprint(Possible, Likely, Certain, Strength(9)); got != "possible likely certain Strength(9)" {
		t.Error(got)
	}
}

func TestTheSurestComeFirstThenTheOrderOfTheText(t *testing.T) {
	people := []Person{{"U1", []string{"Anna Smit"}}, {"U2", []string{"Bram Hoek"}}, {"U3", []string{"Carla Postma"}}, {"U4", []string{"Dora Veenstra"}}}
	got := fmt.Sprint(Find("Over Dora en Carla, en over Bram Hoek en Anna Smit", people))
	if got != "[U2 (certain) U1 (certain) U4 (likely) U3 (likely)]" {
		t.Error(got)
	}
}

func TestPeopleWithTheSameIDAreOne(t *testing.T) {
	people := []Person{{"U1", []string{"Anna Smit"}}, {"U2", []string{"Anna Hoek"}}, {"U1", []string{"Zus"}}}
	if got := fmt.Sprint(Find("Zus Smit", people)); got != "[U1 (certain)]" {
		t.Error(got)
	}
}

func TestNothingIsFoundInNothing(t *testing.T) {
	if got := Find("", []Person{{"U1", []string{"Anna Smit"}}}); len(got) != 0 {
		t.Error(got)
	}
	if got := Find("Anna Smit", nil); len(got) != 0 {
		t.Error(got)
	}
	if got := Find("Anna Smit ()", []Person{{"U1", nil}, {"U2", []string{"", " ", "@", "()", "...", "@@", "a@", ", "}}}); len(got) != 0 {
		t.Error(got)
	}
}

func TestNamesOfTheCallerStayAsTheyAre(t *testing.T) {
	names := []string{"zus", "Anna Smit", "Anna Smit"}
	Find("Anna", []Person{{"U1", names}})
	if fmt.Sprint(names) != "[zus Anna Smit Anna Smit]" {
		t.Error(names)
	}
}

// What is written on the committee's lists must be read as it was meant.
func TestTheVocabularyHasNoUnknownListAndNoWordTwiceInOne(t *testing.T) {
	in, seen := "", map[string]bool{}
	for _, line := range lines(vocabularyText) {
		if heading, is := strings.CutPrefix(line, "["); is {
			heading, _, _ = strings.Cut(heading, "]")
			if lists[heading] == 0 {
				t.Errorf("no list is called %q", heading)
			}
			in, seen = heading, map[string]bool{}
			continue
		}
		for _, word := range strings.Fields(line) {
			if seen[word] {
				t.Errorf("%q is twice in %q", word, in)
			}
			seen[word] = true
		}
	}
	if len(vocabulary) < 1000 || len(related) < 400 {
		t.Errorf("%d words, %d names", len(vocabulary), len(related))
	}
}

func TestShortFormsStandForTheirNamesOnly(t *testing.T) {
	for _, pair := range []string{"jan johannes", "pieter piet", "bob robert", "elizabeth liz", "fatima fati", "mohamed mohammed"} {
		a, b, _ := strings.Cut(pair, " ")
		if !strings.Contains(fmt.Sprint(related[a]), b) || !strings.Contains(fmt.Sprint(related[b]), a) {
			t.Errorf("%s and %s", a, b)
		}
	}
	if strings.Contains(fmt.Sprint(related["jan"]), "hans") {
		t.Error("Jan is not Hans")
	}
}

func TestWordsAreComparedWithoutAccentsAndCapitals(t *testing.T) {
	for written, want := range map[string][2]string{
		"Jan": {"jan", ""}, "DIJK": {"dyk", ""}, "Dÿk": {"dyk", ""}, "Ĳsbrand": {"ysbrand", ""}, "IJsbrand": {"ysbrand", ""},
		"Łukasz": {"lukasz", ""}, "Søren": {"soren", "soeren"}, "Müller": {"muller", "mueller"}, "Mu\u0308ller": {"muller", "mueller"},
		"Groß": {"gross", ""}, "GROẞ": {"gross", ""}, "IŞIL": {"isil", ""}, "ışıl": {"isil", ""}, "İpek": {"ipek", ""}, "I\u0307pek": {"ipek", ""},
		"Đorđe": {"dorde", ""}, "Ångström": {"angstrom", "aangstroem"}, "Þór": {"thor", ""}, "𝐉𝐚𝐧": {"jan", ""}, "Иван": {"иван", ""}, "Nguyễn": {"nguyen", ""},
	} {
		if folded, other := fold(written); folded != want[0] || other != want[1] {
			t.Errorf("%s: %q, %q", written, folded, other)
		}
	}
}

func TestOneLetterApartIsOneError(t *testing.T) {
	for pair, want := range map[string]bool{
		"jansen janssen": true, "bakker baker": true, "bakker bakkre": true, "bakker vakker": true, "bakker kabker": false,
		"bakker bakk": false, "jansen jansen": true, "dyk dykstra": false, "visser vissre": true, "abcd badc": false,
	} {
		a, b, _ := strings.Cut(pair, " ")
		if oneApart(a, b) != want || oneApart(b, a) != want {
			t.Errorf("%s: not %t", pair, want)
		}
	}
}

func TestSeveralTextsAreReadAtOnceInOneWorkspace(t *testing.T) {
	people, rows := table(t, "testdata/dutch.txt")
	workspace := Meet(people)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for _, r := range rows[:40] {
				if got, want := fmt.Sprint(workspace.Find(r.text)), fmt.Sprint(Find(r.text, people)); got != want {
					t.Errorf("%q: %s, want %s", r.text, got, want)
				}
			}
		})
	}
	group.Wait()
}
