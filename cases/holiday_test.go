package cases

import (
	"testing"
	"time"
)

func TestPublicHolidayIsNamedOnTheDayOnWhichItIsKept(t *testing.T) {
	p := DefaultProcedure()
	for day, want := range map[string]PublicHoliday{
		"2026-12-25": Christmas, "2026-12-26": BoxingDay, "2027-01-01": NewYear, "2027-03-26": GoodFriday, "2027-03-28": "", "2027-03-29": EasterMonday,
		"2025-04-26": KingsDay, "2025-04-27": "", "2026-04-27": KingsDay, "2026-05-05": LiberationDay, "2026-05-14": Ascension, "2026-05-25": WhitMonday,
		"2026-12-24": "", "2028-02-29": "",
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", day+" 23:30", p.Location())
		if err != nil {
			t.Fatal(err)
		}
		got, is := p.PublicHoliday(at)
		if got != want || is != (want != "") {
			t.Errorf("%s is %q, want %q", day, got, want)
		}
	}
	some, found := CheckProcedure([]byte("public_holidays: [christmas]\n"), time.Time{}, nil)
	if some == nil {
		t.Fatal(found)
	}
	easter := time.Date(2027, 3, 29, 12, 0, 0, 0, p.Location())
	if got, is := some.PublicHoliday(easter); is || !some.WorkingDay(easter) || p.WorkingDay(easter) {
		t.Errorf("where people work on Easter Monday it is called %q", got)
	}
}
