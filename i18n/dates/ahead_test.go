package dates

import (
	"testing"
	"time"
)

func TestDaysToComeAreUnderstoodAsTheyAreTyped(t *testing.T) {
	now := time.Date(2026, time.November, 25, 15, 30, 0, 0, zone(t, "Europe/Amsterdam")) // a Wednesday
	for words, want := range map[string]string{
		"vandaag":                       "2026-11-25",
		"today":                         "2026-11-25",
		"morgen":                        "2026-11-26",
		"Tomorrow":                      "2026-11-26",
		"overmorgen":                    "2026-11-27",
		"the day after tomorrow":        "2026-11-27",
		"vrijdag":                       "2026-11-27",
		"op vrijdag":                    "2026-11-27",
		"vrijdg":                        "2026-11-27",
		"woensdag":                      "2026-11-25",
		"next Wednesday":                "2026-12-02",
		"until friday":                  "2026-11-25..2026-11-27",
		"tot vrijdag":                   "2026-11-25..2026-11-27",
		"t/m vrijdag":                   "2026-11-25..2026-11-27",
		"tot en met 4 december":         "2026-11-25..2026-12-04",
		"van maandag tot vrijdag":       "2026-11-30..2026-12-04",
		"from Monday until Friday":      "2026-11-30..2026-12-04",
		"monday friday":                 "2026-11-30..2026-12-04",
		"morgen t/m dinsdag":            "2026-11-26..2026-12-01",
		"tomorrow - 3 december":         "2026-11-26..2026-12-03",
		"3 t/m 7 december":              "2026-12-03..2026-12-07",
		"3-7 dec":                       "2026-12-03..2026-12-07",
		"December 3 to December 7":      "2026-12-03..2026-12-07",
		"Dec 3rd until Dec 7th, 2026":   "2026-12-03..2026-12-07",
		"23-12 3-1":                     "2026-12-23..2027-01-03",
		"23-12-2026 t/m 3-1-2027":       "2026-12-23..2027-01-03",
		"2026-12-23 2027-01-03":         "2026-12-23..2027-01-03",
		"23/12/26 until 3/1/27":         "2026-12-23..2027-01-03",
		"23 december tot 3 januari":     "2026-12-23..2027-01-03",
		"the 3rd of December":           "2026-12-03",
		"2 weken":                       "2026-11-25..2026-12-08",
		"two weeks":                     "2026-11-25..2026-12-08",
		"for a week":                    "2026-11-25..2026-12-01",
		"vanaf maandag twee weken":      "2026-11-30..2026-12-13",
		"maandag 3 dagen":               "2026-11-30..2026-12-02",
		"volgende week":                 "2026-11-30..2026-12-06",
		"next week":                     "2026-11-30..2026-12-06",
		"deze week":                     "2026-11-25..2026-11-29",
		"volgende week maandag":         "2026-11-30",
		"maandag volgende week":         "2026-11-30",
		"vrijdag 27 november":           "2026-11-27",
		"vanaf maandag":                 "since 2026-11-30",
		"2 november":                    "2027-11-02",
		"29 februari 2028":              "2028-02-29",
		"from Friday until next Monday": "2026-11-27..2026-11-30",
		"vr t/m ma":                     "2026-11-27..2026-11-30",

		"":                          "no date",
		"soon":                      "no date",
		"vrijdag 26 november":       "no date", // it is a Thursday
		"30 februari":               "no date",
		"31-11":                     "no date",
		"2026-11-24":                "no date", // over
		"24-11-2026 t/m 27-11":      "no date",
		"27-11-2026 t/m 26-11-2026": "no date",
		"vrijdag of maandag":        "no date",
		"vrijdag, denk ik":          "no date",
		"32 december":               "no date",
		"13-13":                     "no date",
		"t/m":                       "no date",
	} {
		if got := shown(Ahead(words, now)); got != want {
			t.Errorf("%q -> %s, not %s", words, got, want)
		}
	}
}

func TestADayToComeBeginsAtMidnight(t *testing.T) {
	zone := zone(t, "Europe/Amsterdam")
	s, ok := Ahead("vrijdag t/m maandag", time.Date(2027, time.March, 24, 23, 59, 0, 0, zone)) // the clock goes forward on Sunday
	if !ok || !s.From.Equal(time.Date(2027, time.March, 26, 0, 0, 0, 0, zone)) || !s.To.Equal(time.Date(2027, time.March, 29, 0, 0, 0, 0, zone)) {
		t.Errorf("%v to %v", s.From, s.To)
	}
}

func FuzzAheadNamesNoDayThatIsOver(f *testing.F) {
	for _, words := range []string{"morgen t/m vrijdag", "3-7 dec", "volgende week maandag 2 weken", "- - -", "99999999999999999999 maart", "9 weken", "vr 0-0"} {
		f.Add(words)
	}
	now := time.Date(2026, time.November, 25, 15, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, words string) {
		s, ok := Ahead(words, now)
		if ok && (s.From.Before(day(2026, time.November, 25)) || !s.To.IsZero() && s.To.Before(s.From) || s.Ongoing != s.To.IsZero()) {
			t.Errorf("%q -> %+v", words, s)
		}
	})
}
