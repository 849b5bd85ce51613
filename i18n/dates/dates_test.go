package dates

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of these tests, whatever the machine has
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// line is one of testdata/dates.txt, which says how it is to be read.
type line struct {
	number       int
	today        string
	words, shown string
}

func lines(t testing.TB) []line {
	t.Helper()
	text, err := os.ReadFile("testdata/dates.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []line
	today, number := "", 0
	for written := range strings.Lines(string(text)) {
		number++
		written = strings.TrimSpace(written)
		if written == "" || strings.HasPrefix(written, "#") {
			continue
		}
		words, shown, found := strings.Cut(written, " -> ")
		if day, turned := strings.CutPrefix(words, "today "); turned && !found {
			today = day
			continue
		}
		if !found {
			t.Fatalf("line %d is neither a comment, nor a day, nor words and what is shown: %s", number, written)
		}
		all = append(all, line{number, today, words, shown})
	}
	return all
}

// shown writes a span as testdata/dates.txt does.
func shown(s Span, found bool) string {
	if !found {
		return "no date"
	}
	layout := map[Precision]string{ToTheDay: time.DateOnly, ToTheMonth: "2006-01", ToTheYear: "2006"}[s.Precision]
	text := s.From.Format(layout)
	if s.Ongoing {
		text = "since " + text
	} else if to := s.To.Format(layout); to != text {
		text += ".." + to
	}
	if s.About {
		text = "about " + text
	}
	return text
}

func TestWordsAreUnderstoodAsTheyAreMeant(t *testing.T) {
	amsterdam := zone(t, "Europe/Amsterdam")
	for _, l := range lines(t) {
		for _, clock := range []string{"00:00", "02:30", "23:59"} {
			today, err := time.ParseInLocation(time.DateOnly+" 15:04", l.today+" "+clock, amsterdam)
			if err != nil {
				t.Fatal(err)
			}
			if got := shown(Find(l.words, today)); got != l.shown {
				t.Errorf("line %d, on %s at %s: %s -> %s, not %s", l.number, l.today, clock, l.words, got, l.shown)
				break
			}
		}
	}
}

// People shout, quote, put a full stop, or are on a telephone that writes capitals by itself.
func TestWhatIsWrittenAroundADateDoesNotChangeIt(t *testing.T) {
	today := day(2026, time.November, 22)
	for _, l := range lines(t) {
		if l.today != "2026-11-22" {
			continue
		}
		for _, written := range []string{strings.ToUpper(l.words), "“" + l.words + "”", l.words + "...", "\n" + l.words + "\n\n", "(" + l.words + ")"} {
			if got := shown(Find(written, today)); got != l.shown {
				t.Errorf("line %d: %s -> %s, not %s", l.number, written, got, l.shown)
			}
		}
	}
}

func TestDaysBeginAtMidnightInTheZoneOfToday(t *testing.T) {
	for name, words := range map[string]string{
		"Europe/Amsterdam":   "van 28 t/m 30 maart 2026",   // the clock goes forward on the 29th
		"Africa/Cairo":       "van 23 t/m 25 april 2026",   // the same at midnight, on the 24th
		"America/Santiago":   "van 5 t/m 7 september 2026", // and on the 6th
		"Pacific/Kiritimati": "van 24 t/m 26 oktober 2026", // no day is there sooner
	} {
		now := time.Date(2026, time.November, 22, 0, 30, 0, 0, zone(t, name))
		s, found := Find(words, now)
		if !found {
			t.Fatalf("%s: not found", words)
		}
		first, last := s.From, s.To
		if first.Location() != now.Location() || !last.After(first) {
			t.Errorf("%s: %v to %v", name, first, last)
		}
		for _, d := range []time.Time{first, last} {
			if before := d.Add(-time.Second); before.Day() == d.Day() {
				t.Errorf("%s: %v is not the first instant of its day", name, d)
			}
		}
		if y, _ := Find("gisteren", now); y.From.Day() != 21 {
			t.Errorf("%s: yesterday was %v", name, y.From)
		}
	}
	cairo := time.Date(2026, time.April, 24, 12, 0, 0, 0, zone(t, "Africa/Cairo"))
	if s, _ := Find("vandaag", cairo); s.From.Day() != 24 || s.From.Add(-time.Second).Day() != 23 {
		t.Errorf("a day without a midnight begins at %v", s.From)
	}
}

func TestAMonthIsLaidOutInWeeksFromMonday(t *testing.T) {
	for _, c := range []struct {
		year  int
		month time.Month
		weeks [][]int
	}{
		{2026, time.November, [][]int{
			{0, 0, 0, 0, 0, 0, 1}, {2, 3, 4, 5, 6, 7, 8}, {9, 10, 11, 12, 13, 14, 15}, {16, 17, 18, 19, 20, 21, 22},
			{23, 24, 25, 26, 27, 28, 29}, {30, 0, 0, 0, 0, 0, 0},
		}},
		{2027, time.February, [][]int{
			{1, 2, 3, 4, 5, 6, 7}, {8, 9, 10, 11, 12, 13, 14}, {15, 16, 17, 18, 19, 20, 21}, {22, 23, 24, 25, 26, 27, 28},
		}},
		{2024, time.February, [][]int{
			{0, 0, 0, 1, 2, 3, 4}, {5, 6, 7, 8, 9, 10, 11}, {12, 13, 14, 15, 16, 17, 18}, {19, 20, 21, 22, 23, 24, 25}, {26, 27, 28, 29, 0, 0, 0},
		}},
	} {
		if got := Month(c.year, c.month); !slices.EqualFunc(got, c.weeks, slices.Equal) {
			t.Errorf("%v %d is %v", c.month, c.year, got)
		}
	}
}

// A word that stands in both languages must mean the same in both, as they are understood at once.
func TestTheTwoLanguagesDoNotContradictEachOther(t *testing.T) {
	meant := map[string]meaning{}
	for _, language := range [][]entry{dutch, english} {
		for _, e := range language {
			for words := range strings.SplitSeq(e.words, ", ") {
				m, known := meant[words]
				if known {
					t.Errorf("%q is in the tables twice, as %v and as %v", words, m, meaning{e.class, e.value})
				}
				meant[words] = meaning{e.class, e.value}
			}
		}
	}
}

func BenchmarkFind(b *testing.B) {
	today := time.Date(2026, time.November, 22, 12, 0, 0, 0, zone(b, "Europe/Amsterdam"))
	for name, words := range map[string]string{
		"short":  "vorige week dinsdag",
		"answer": "Het was op dinsdag 10 november, rond een uur of drie, bij de balie aan de Kerkstraat 12; het duurde een kwartier.",
		"none":   "Ik weet het echt niet meer, het is al een tijd geleden en ik heb er toen niets van opgeschreven, het spijt me.",
		"story":  strings.Repeat("Hij zei dat ik niet meer hoefde te komen, en dat vond ik niet eerlijk. ", 55),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Find(words, today)
			}
		})
	}
}
