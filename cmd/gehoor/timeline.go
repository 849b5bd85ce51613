package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"websec.nl/gehoor/bots/timeline"
	"websec.nl/gehoor/i18n"
)

// timelineSettings is what the command timeline wants to know.
type timelineSettings struct {
	Procedure procedureSettings `embed:""`
	Filed     string            `required:"" placeholder:"MOMENT" help:"When the complaint is filed, in the procedure's time zone, such as '2026-12-18 16:45'. Of a moment that comes twice, as when the clock goes back, the first is taken; '2026-10-25 02:30 +01:00' says which."`
	Until     string            `placeholder:"DAY" help:"Last day to show, such as 2027-01-15. Without it, three weeks after the last day of the case."`
	Language  string            `default:"nl" help:"Language: nl or en."`
	SVG       string            `name:"svg" placeholder:"FILE" help:"Draw it as a picture into this file instead of printing it."`
}

// longest is how far beyond the last day of a case a timeline goes at most: who is never answered is reminded of for ever.
const longest = 366

// Run is the command timeline.
func (t *timelineSettings) Run(out io.Writer) error {
	if err := t.Procedure.check(); err != nil {
		return err
	}
	language := i18n.Language(t.Language)
	if !language.Valid() {
		return wrong("--language", "is %q, which is no language that we speak; it must be nl or en", t.Language)
	}
	p := t.Procedure.Settings
	filed, err := momentOf("--filed", t.Filed, p.Location())
	if err != nil {
		return err
	}
	until, err := t.until(p.EndOfPeriod(filed.at).Add(-time.Second).In(p.Location()), filed.at)
	if err != nil {
		return err
	}
	shown := timeline.Untouched(p, filed.at, until, language)
	if filed.note != "" {
		taken := i18n.Moment{Time: filed.at}
		shown.Notes = append(shown.Notes, i18n.T(filed.note, "given", filed.given, "taken", taken).In(language))
	}
	if t.SVG == "" {
		_, err = io.WriteString(out, shown.Text())
		return err
	}
	if err := os.WriteFile(t.SVG, shown.SVG(), 0o644); err != nil {
		return fmt.Errorf("draw the timeline: %w", err)
	}
	return nil
}

// until is the last day to show.
func (t *timelineSettings) until(last, filed time.Time) (time.Time, error) {
	if t.Until == "" {
		return last.AddDate(0, 0, 21), nil
	}
	day, err := time.ParseInLocation(time.DateOnly, t.Until, filed.Location())
	switch farthest := last.AddDate(0, 0, longest); {
	case err != nil:
		return day, wrong("--until", "is %q, which is no day; it must be one, such as %s", t.Until, last.Format(time.DateOnly))
	case day.Format(time.DateOnly) < filed.Format(time.DateOnly) || day.After(farthest):
		return day, wrong("--until", "is %s; it must lie between the day of filing and %s", t.Until, farthest.Format(time.DateOnly))
	}
	return day, nil
}

// filing is the moment of a filing as it was given, and what is to be said of it.
type filing struct {
	at    time.Time
	given string
	note  string // key of a sentence; empty: none
}

// The ways to write a moment, without an offset and with one.
var (
	momentLayouts = []string{"2006-01-02 15:04", "2006-01-02T15:04"}
	offsetLayouts = []string{"2006-01-02 15:04 -07:00", "2006-01-02 15:04-07:00", "2006-01-02T15:04-07:00", "2006-01-02T15:04Z07:00"}
)

// momentOf reads a moment in a zone. One that does not exist, in the night in which the clock goes forward, is as much later as
// the clock then goes; of one that comes twice it is the first.
func momentOf(setting, given string, zone *time.Location) (filing, error) {
	given = strings.Join(strings.Fields(given), " ")
	for _, layout := range offsetLayouts {
		if at, err := time.Parse(layout, given); err == nil {
			return checkYear(setting, filing{at: at.In(zone), given: given})
		}
	}
	for _, layout := range momentLayouts {
		if shown, err := time.Parse(layout, given); err == nil {
			return checkYear(setting, inZone(shown, zone))
		}
	}
	return filing{}, wrong(setting, "is %q, which is no moment; it must be a day and a time of day, such as '2026-12-18 16:45'", given)
}

// checkYear refuses years for which no calendar of ours was made.
func checkYear(setting string, f filing) (filing, error) {
	if y := f.at.Year(); y < 2000 || y > 2199 {
		return f, wrong(setting, "is in the year %d; it must be from 2000 to 2199", y)
	}
	return f, nil
}

// inZone is the instant at which a clock on the wall shows a moment, which is given in UTC.
func inZone(shown time.Time, zone *time.Location) filing {
	_, before := shown.Add(-24 * time.Hour).In(zone).Zone()
	_, after := shown.Add(24 * time.Hour).In(zone).Zone()
	first := shown.Add(-time.Duration(before) * time.Second).In(zone)
	second := shown.Add(-time.Duration(after) * time.Second).In(zone)
	same := func(t time.Time) bool { return t.Format(time.DateTime) == shown.Format(time.DateTime) }
	switch f := (filing{given: shown.Format("15:04")}); {
	case same(first) && same(second) && !first.Equal(second):
		f.at, f.note = first, "timeline.note.twice"
		return f
	case same(first):
		f.at = first
		return f
	case same(second):
		f.at = second
		return f
	default:
		f.at, f.note = first, "timeline.note.no-such-time"
		return f
	}
}
