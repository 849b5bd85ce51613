package dates

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"websec.nl/gehoor/i18n"
)

var (
	someDay = rapid.Custom(func(t *rapid.T) time.Time {
		return day(2000, time.January, 1).AddDate(0, 0, rapid.IntRange(0, 99*365).Draw(t, "days"))
	})
	someZone     = rapid.SampledFrom([]string{"Europe/Amsterdam", "UTC", "America/Paramaribo", "Africa/Cairo", "Pacific/Auckland"})
	someLanguage = rapid.SampledFrom(i18n.Languages)
)

// forms are ways of writing a day outright.
var forms = map[string]func(time.Time, i18n.Language) string{
	"as we show it": func(d time.Time, l i18n.Language) string {
		return fmt.Sprintf("%s %d %s %d", l.Weekday(d.Weekday()), d.Day(), l.Month(d.Month()), d.Year())
	},
	"3 november 2026": func(d time.Time, l i18n.Language) string {
		return fmt.Sprintf("%d %s %d", d.Day(), strings.ToLower(l.Month(d.Month())), d.Year())
	},
	"de 3e van november 2026": func(d time.Time, l i18n.Language) string {
		return fmt.Sprintf("op de %de van %s %d", d.Day(), l.Month(d.Month()), d.Year())
	},
	"November 3, 2026": func(d time.Time, l i18n.Language) string {
		return fmt.Sprintf("%s %d, %d", l.Month(d.Month()), d.Day(), d.Year())
	},
	"3 nov. 2026": func(d time.Time, _ i18n.Language) string { return d.Format("2 Jan. 2006") },
	"03-11-2026":  func(d time.Time, _ i18n.Language) string { return d.Format("02-01-2006") },
	"3/11/2026":   func(d time.Time, _ i18n.Language) string { return d.Format("2/1/2006") },
	"3.11.2026":   func(d time.Time, _ i18n.Language) string { return d.Format("2.1.2006") },
	"2026-11-03":  func(d time.Time, _ i18n.Language) string { return d.Format(time.DateOnly) },
	"3-nov-2026":  func(d time.Time, _ i18n.Language) string { return d.Format("2-Jan-2006") },
}

// someForm writes a day in one of the forms.
func someForm(t *rapid.T, d time.Time) string {
	var names []string
	for name := range forms {
		names = append(names, name)
	}
	return forms[rapid.SampledFrom(names).Draw(t, "form")](d, someLanguage.Draw(t, "language"))
}

func found(t *rapid.T, words string, today time.Time) Span {
	s, ok := Find(words, today)
	if !ok {
		t.Fatalf("%q on %s: nothing was found", words, today.Format(time.DateOnly))
	}
	return s
}

func TestADayIsFoundInEachFormInWhichItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		today, d := someDay.Draw(t, "today"), someDay.Draw(t, "day")
		words := someForm(t, d)
		if rapid.Bool().Draw(t, "in a sentence") {
			words = "Het was (" + words + ") om 15.00 uur, K-2026-0001."
		}
		if s := found(t, words, today); s != oneDay(d) {
			t.Fatalf("%q: %s", words, shown(s, true))
		}
	})
}

func TestBothEndsOfASpanAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		today, from := someDay.Draw(t, "today"), someDay.Draw(t, "from")
		to := from.AddDate(0, 0, rapid.IntRange(1, 300).Draw(t, "days"))
		pattern := rapid.SampledFrom([]string{"van %s tot en met %s", "%s t/m %s", "%s - %s", "tussen %s en %s", "from %s until %s"}).Draw(t, "pattern")
		words := fmt.Sprintf(pattern, someForm(t, from), someForm(t, to))
		if s := found(t, words, today); s != days(from, to) {
			t.Fatalf("%q: %s", words, shown(s, true))
		}
	})
}

func TestADayWithoutItsYearIsTheLastOneNotAfterToday(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		today, l := someDay.Draw(t, "today"), someLanguage.Draw(t, "language")
		month := time.Month(rapid.IntRange(1, 12).Draw(t, "month"))
		number := rapid.IntRange(1, lastDay(2000, month)).Draw(t, "number")
		words := rapid.SampledFrom([]string{
			fmt.Sprintf("%d %s", number, l.Month(month)), fmt.Sprintf("op %d/%d", number, month), fmt.Sprintf("%s %dth", l.Month(month), number),
		}).Draw(t, "words")
		expected := today
		for expected.Month() != month || expected.Day() != number {
			expected = expected.AddDate(0, 0, -1)
		}
		if s := found(t, words, today); s != oneDay(expected) {
			t.Fatalf("%q on %s: %s", words, today.Format(time.DateOnly), shown(s, true))
		}
	})
}

func TestAWeekdayIsTheLastOneNotAfterToday(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		today, l := someDay.Draw(t, "today"), someLanguage.Draw(t, "language")
		named := time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday"))
		name := l.Weekday(named)
		expected := today
		for expected.Weekday() != named {
			expected = expected.AddDate(0, 0, -1)
		}
		if s := found(t, name, today); s != oneDay(expected) {
			t.Fatalf("%s on %s: %s", name, today.Format(time.DateOnly), shown(s, true))
		}
		if expected.Equal(today) {
			expected = expected.AddDate(0, 0, -7)
		}
		if s := found(t, "last "+name, today); s != oneDay(expected) {
			t.Fatalf("last %s on %s: %s", name, today.Format(time.DateOnly), shown(s, true))
		}
		s := found(t, "vorige week "+name, today)
		if s.From.Weekday() != named || !monday(s.From).Equal(monday(today).AddDate(0, 0, -7)) {
			t.Fatalf("vorige week %s on %s: %s", name, today.Format(time.DateOnly), shown(s, true))
		}
	})
}

func TestDaysAgoAreCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		today, n := someDay.Draw(t, "today"), rapid.IntRange(1, 400).Draw(t, "n")
		pattern := rapid.SampledFrom([]string{"%d dagen geleden", "%d days ago"}).Draw(t, "pattern")
		if s := found(t, fmt.Sprintf(pattern, n), today); s != oneDay(today.AddDate(0, 0, -n)) {
			t.Fatalf("%d days before %s: %s", n, today.Format(time.DateOnly), shown(s, true))
		}
	})
}

// A letter wrong in a name that has no near neighbour does not change what is meant.
func TestALetterSwappedIsForgiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		today := someDay.Draw(t, "today")
		name := rapid.SampledFrom([]string{"woensdag", "donderdag", "wednesday", "thursday", "september", "november", "december", "februari", "augustus"}).Draw(t, "name")
		at := rapid.IntRange(1, len(name)-2).Draw(t, "at")
		swapped := []byte(name)
		swapped[at], swapped[at+1] = swapped[at+1], swapped[at]
		if s := found(t, string(swapped), today); s != found(t, name, today) {
			t.Fatalf("%s: %s", swapped, shown(s, true))
		}
	})
}

// somethingSaid is what people write, and what nobody does: words that we know in any order, figures, signs, and anything.
var somethingSaid = rapid.Custom(func(t *rapid.T) string {
	var all []string
	for range rapid.IntRange(1, 12).Draw(t, "words") {
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0, 1, 2:
			e := rapid.SampledFrom(append(dutch[:len(dutch):len(dutch)], english...)).Draw(t, "entry")
			all = append(all, rapid.SampledFrom(strings.Split(e.words, ", ")).Draw(t, "word"))
		case 3:
			all = append(all, rapid.SampledFrom([]string{"%d", "%de", "%d-%[1]d", "%d/%[1]d", "'%d", "%d.", "%d,", "€ %d", "%d:%[1]d"}).Draw(t, "figure"))
			all[len(all)-1] = fmt.Sprintf(all[len(all)-1], rapid.IntRange(0, 2100).Draw(t, "number"))
		case 4:
			all = append(all, rapid.SampledFrom([]string{",", ".", "-", "/", "(", "?", "\n", "31 november", "2025-02-29", "week 53", "12-2026"}).Draw(t, "sign"))
		default:
			all = append(all, rapid.String().Draw(t, "anything"))
		}
	}
	return strings.Join(all, rapid.SampledFrom([]string{" ", "", ", "}).Draw(t, "between"))
})

func TestWhateverIsSaidASpanIsWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := someZone.Draw(t, "zone")
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		d := someDay.Draw(t, "today")
		today := time.Date(d.Year(), d.Month(), d.Day(), rapid.IntRange(0, 23).Draw(t, "hour"), 30, 0, 0, z)
		isWhole(t, somethingSaid.Draw(t, "words"), today)
	})
}

func TestASpanDoesNotEndBeforeItBegan(t *testing.T) {
	z, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	isWhole(t, "donderdag 0 early , vannacht", time.Date(2000, 1, 1, 0, 30, 0, 0, z))
}

// isWhole checks what is true of any span: From and To are days in the zone of today, in order, and the ends of whole units.
func isWhole(t interface {
	Helper()
	Fatalf(string, ...any)
}, words string, today time.Time) {
	t.Helper()
	s, ok := Find(words, today)
	again, _ := Find(words, today)
	switch {
	case s != again:
		t.Fatalf("%q: once %s, then %s", words, shown(s, true), shown(again, true))
	case !ok && s != Span{}:
		t.Fatalf("%q: nothing is found, but %v", words, s)
	case !ok:
		return
	case s.From.IsZero() || s.Ongoing != s.To.IsZero() || !s.Ongoing && s.To.Before(s.From):
		t.Fatalf("%q: from %v to %v, ongoing %t", words, s.From, s.To, s.Ongoing)
	}
	for _, d := range []time.Time{s.From, s.To} {
		if !d.IsZero() && (d.Location() != today.Location() || d.Add(-time.Second).Day() == d.Day()) {
			t.Fatalf("%q: %v is not the beginning of a day", words, d)
		}
	}
	last := s.To.AddDate(0, 0, 1)
	switch s.Precision {
	case ToTheDay:
	case ToTheMonth:
		if s.From.Day() != 1 || !s.Ongoing && last.Day() != 1 {
			t.Fatalf("%q: %v to %v are no whole months", words, s.From, s.To)
		}
	case ToTheYear:
		if s.From.YearDay() != 1 || !s.Ongoing && last.YearDay() != 1 {
			t.Fatalf("%q: %v to %v are no whole years", words, s.From, s.To)
		}
	default:
		t.Fatalf("%q: to the %q", words, s.Precision)
	}
}

func TestEachDayOfAMonthStandsOnceBelowItsWeekday(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := someDay.Draw(t, "day")
		year, month := first.Year(), first.Month()
		expected := 1
		for _, week := range Month(year, month) {
			if len(week) != 7 {
				t.Fatalf("a week of %d days", len(week))
			}
			for place, d := range week {
				if d == 0 {
					if expected > 1 && expected <= lastDay(year, month) {
						t.Fatalf("a hole before %d", expected)
					}
					continue
				}
				if d != expected || weekday(day(year, month, d)) != place+1 {
					t.Fatalf("%d stands in place %d", d, place)
				}
				expected++
			}
		}
		if expected != lastDay(year, month)+1 {
			t.Fatalf("the last day is %d", expected-1)
		}
	})
}

func FuzzFind(f *testing.F) {
	for _, l := range lines(f) {
		f.Add(l.words, uint16(9822))
	}
	z := zone(f, "Europe/Amsterdam")
	f.Fuzz(func(t *testing.T, words string, after uint16) {
		isWhole(t, words, time.Date(2000, time.January, 1+int(after), 12, 0, 0, 0, z))
	})
}
