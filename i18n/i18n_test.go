package i18n

import (
	"strings"
	"testing"
	"time"
)

func TestDatesAndMomentsAreReadAsPeopleSayThem(t *testing.T) {
	at := time.Date(2026, 12, 6, 9, 5, 0, 0, time.UTC)
	for _, c := range []struct {
		l    Language
		hole any
		want string
	}{
		{Dutch, Date{at}, "zondag 6 december 2026"},
		{English, Date{at}, "Sunday 6 December 2026"},
		{Dutch, Moment{at}, "zondag 6 december 2026 om 09.05 uur"},
		{English, Moment{at}, "Sunday 6 December 2026 at 09:05"},
	} {
		if got := show(c.hole, c.l); got != c.want {
			t.Errorf("%q, wanted %q", got, c.want)
		}
	}
}

func TestOneDayIsSaidAsOne(t *testing.T) {
	for _, c := range []struct {
		l     Language
		count int
		want  string
	}{{Dutch, 1, "1 dag"}, {Dutch, 14, "14 dagen"}, {Dutch, 0, "0 dagen"}, {English, 1, "1 day"}, {English, 2, "2 days"}} {
		if got := T("privacy.days", "count", c.count).In(c.l); got != c.want {
			t.Errorf("%q, wanted %q", got, c.want)
		}
	}
}

func TestTextInAHoleIsSaidInTheSameLanguage(t *testing.T) {
	text := T("answer.item", "label", T("answer.label.telephone"), "words", Plain("{count} <b>& co"))
	if got := text.In(Dutch); got != "Telefoonnummer\n{count} <b>& co" {
		t.Errorf("%q", got)
	}
	if got := text.In(English); !strings.HasPrefix(got, "Telephone number\n") {
		t.Errorf("%q", got)
	}
}

func TestProfileFindsTheNearestLanguage(t *testing.T) {
	for tag, want := range map[string]Language{
		"nl": Dutch, "nl-BE": Dutch, "nl_NL": Dutch, "en": English, "en-GB": English, "pt": English, "": English, "%%": English, "de": English,
	} {
		if got := Closest(tag); got != want {
			t.Errorf("%q is near %q, wanted %q", tag, got, want)
		}
	}
}

func TestTextWithoutItsWordsPanics(t *testing.T) {
	defer func() {
		if said, _ := recover().(string); !strings.Contains(said, "{number}") {
			t.Errorf("panicked with %q", said)
		}
	}()
	T("filed.number").In(Dutch)
}

func BenchmarkIn(b *testing.B) {
	text := T("intake.progress", "number", 3, "total", 8, "question", T("intake.wish.ask"))
	b.ReportAllocs()
	for b.Loop() {
		text.In(Dutch)
	}
}
