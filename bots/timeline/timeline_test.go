package timeline_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"websec.nl/gehoor/bots/timeline"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

var update = flag.Bool("update", false, "write what was found to the golden files")

// at is a moment in the zone of the procedure.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", text, cases.DefaultProcedure().Location())
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

// untouched is the timeline that the command shows of a complaint filed at a moment.
func untouched(t *testing.T, filed string, l i18n.Language) timeline.Timeline {
	t.Helper()
	p := staffed()
	moment := at(t, filed)
	return timeline.Untouched(p, moment, p.EndOfPeriod(moment).Add(-time.Second).In(p.Location()).AddDate(0, 0, 21), l)
}

func staffed() *cases.Procedure {
	p := cases.DefaultProcedure()
	p.Committee.Chair, p.Committee.Deputy = "U1", "U2"
	return p
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -update if that is right); got:\n%s", path, got)
	}
}

func TestTimelineSaysWhatHappensToAComplaintThatNobodyTouches(t *testing.T) {
	for _, one := range []struct {
		name, filed string
		language    i18n.Language
	}{
		{"ordinary-week.en.txt", "2026-11-10 10:20", i18n.English},
		{"ordinary-week.nl.txt", "2026-11-10 10:20", i18n.Dutch},
		{"christmas.nl.txt", "2026-12-11 16:45", i18n.Dutch},
		{"new-year.en.txt", "2026-12-18 16:45", i18n.English},
		{"easter.nl.txt", "2027-03-12 22:30", i18n.Dutch},
		{"clock-goes-back.en.txt", "2026-10-25 02:30", i18n.English},
		{"clock-goes-forward.en.txt", "2027-03-14 12:00", i18n.English},
		{"29-february.nl.txt", "2028-02-15 08:00", i18n.Dutch},
		{"kings-day-on-a-sunday.nl.txt", "2025-04-13 20:15", i18n.Dutch},
	} {
		t.Run(one.name, func(t *testing.T) { golden(t, one.name, untouched(t, one.filed, one.language).Text()) })
	}
}

func TestPictureIsTheOneThatIsKept(t *testing.T) {
	golden(t, "ordinary-week.nl.svg", string(untouched(t, "2026-11-10 10:20", i18n.Dutch).SVG()))
}
