package conversation

import (
	"strconv"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
	"websec.nl/gehoor/i18n/dates"
)

// A calendar shows one month. The choice of a day is "day:" and the day, that of another month "month:" and the month; a
// place without a day is "-".
const (
	aDay     = "day:"
	aMonth   = "month:"
	noDay    = "-"
	monthly  = "2006-01"
	mostBack = 20 // years, either way, that a calendar can be turned
)

// blank is what stands on a calendar where there is no day to choose. It is a sign of its own since a button must have one.
var blank = i18n.Plain("·")

// weekdays are the heads of a calendar's columns.
var weekdays = []i18n.Text{
	i18n.T("calendar.button.monday"), i18n.T("calendar.button.tuesday"), i18n.T("calendar.button.wednesday"),
	i18n.T("calendar.button.thursday"), i18n.T("calendar.button.friday"), i18n.T("calendar.button.saturday"),
	i18n.T("calendar.button.sunday"),
}

// calendarDays are the days that can be chosen where a calendar is open. It is not ok elsewhere.
func (t *turn) calendarDays() (from, until time.Time, ok bool) {
	now := t.procedure.In(t.now)
	y, m, d := now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	from, until = today.AddDate(-mostBack, 0, 0), today
	switch open := t.open(); {
	case open == nil:
	case t.State == WhenFrom:
		return from, until, true
	case t.State == WhenUntil:
		if s, there := t.Days.span(time.UTC); there {
			from = s.From
		}
		return from, until, true
	case open.of != nil && open.of.Kind == cases.AskDate:
		return from, today.AddDate(mostBack, 0, 0), true
	}
	return from, until, false
}

// onCalendar says whether a choice is on some page of the calendar that is open.
func (t *turn) onCalendar(chosen string) bool {
	from, until, open := t.calendarDays()
	if !open {
		return false
	}
	if day, ok := chosenDay(chosen); ok {
		return !day.Before(from) && !day.After(until)
	}
	month, ok := chosenMonth(chosen)
	return ok && !month.AddDate(0, 1, -1).Before(from) && !month.After(until)
}

func chosenDay(chosen string) (time.Time, bool) {
	rest, is := strings.CutPrefix(chosen, aDay)
	day, err := time.Parse(time.DateOnly, rest)
	return day, is && err == nil
}

func chosenMonth(chosen string) (time.Time, bool) {
	rest, is := strings.CutPrefix(chosen, aMonth)
	month, err := time.Parse(monthly, rest)
	return month, is && err == nil
}

// askOn asks for a day on the calendar, at the month of a day; other ways to answer stand above it.
func (t *turn) askOn(text i18n.Text, at time.Time, own ...[]Button) {
	t.ask(t.onMonth(t.framed(text), at), append(t.page(at, own), t.around()...)...)
}

// turnTo shows another month in the place of the one that is shown, if that was pressed.
func (t *turn) turnTo(text i18n.Text, chosen string, own ...[]Button) bool {
	month, ok := chosenMonth(chosen)
	if !ok {
		return false
	}
	said := len(t.effects)
	t.askOn(text, month, own...)
	page := t.effects[said].(Say)
	page.InPlace = true
	t.effects[said] = page
	return true
}

func (t *turn) onMonth(text i18n.Text, at time.Time) i18n.Text {
	return i18n.T("calendar.month", "question", text, "month", t.Language.Month(at.Month()), "year", strconv.Itoa(at.Year()))
}

// page is the calendar of the month of a day.
func (t *turn) page(at time.Time, own [][]Button) [][]Button {
	from, until, _ := t.calendarDays()
	first := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	head := make([]Button, len(weekdays))
	for i, name := range weekdays {
		head[i] = choice(name, noDay)
	}
	rows := append(own, head)
	for _, week := range dates.Month(at.Year(), at.Month()) {
		row := make([]Button, len(week))
		for i, d := range week {
			day := first.AddDate(0, 0, d-1)
			if d == 0 || day.Before(from) || day.After(until) {
				row[i] = choice(blank, noDay)
				continue
			}
			row[i] = choice(i18n.Plain(strconv.Itoa(d)), aDay+day.Format(time.DateOnly))
		}
		rows = append(rows, row)
	}
	var turns []Button
	for _, month := range []time.Time{first.AddDate(0, -1, 0), first.AddDate(0, 1, 0)} {
		if turn := aMonth + month.Format(monthly); t.onCalendar(turn) {
			turns = append(turns, choice(i18n.T("calendar.button.month", "month", t.Language.Month(month.Month()), "year", strconv.Itoa(month.Year())), turn))
		}
	}
	if len(turns) > 0 {
		rows = append(rows, turns)
	}
	return rows
}
