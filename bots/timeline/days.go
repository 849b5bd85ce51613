package timeline

import (
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// days gathers lines by their days, and puts in between the days on which nobody works: those are what moves the rest.
func days(p *cases.Procedure, c *cases.Case, lines []Line, l i18n.Language) (all []Day) {
	last := c.LastDay(p)
	first, end := noon(lines[0].At), noon(lines[len(lines)-1].At)
	var closed []time.Time
	for at := first; !at.After(end); at = at.AddDate(0, 0, 1) {
		day := Day{Date: at, Until: at, Last: !last.IsZero() && noon(last).Equal(at)}
		for _, line := range lines {
			if noon(line.At).Equal(at) {
				day.Lines = append(day.Lines, line)
			}
		}
		alone := false
		if p.WorkingDay(at) {
			closed = nil
		} else if len(closed) == 0 {
			closed = run(p, at, end)
			off := Day{Date: at, Until: closed[len(closed)-1], Closed: because(p, closed, l)}
			if alone = len(closed) == 1; alone {
				off.Last, off.Lines = day.Last, day.Lines
			}
			all = append(all, off)
		}
		if !alone && (len(day.Lines) > 0 || day.Last) {
			all = append(all, day)
		}
	}
	return all
}

func noon(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, t.Location())
}

// run are the days from one on which nobody works to the day before people work again, until end at most.
func run(p *cases.Procedure, from, end time.Time) (all []time.Time) {
	for at := from; !p.WorkingDay(at) && !at.After(end); at = at.AddDate(0, 0, 1) {
		all = append(all, at)
	}
	return all
}

// because says why nobody works on some days, each reason once, and that the clock is changed in their course.
func because(p *cases.Procedure, all []time.Time, l i18n.Language) string {
	var said []string
	for _, at := range all {
		why := i18n.T("timeline.off.own").In(l)
		if h, is := p.PublicHoliday(at); is {
			why = i18n.T("timeline.holiday." + string(h)).In(l)
		} else if at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
			why = i18n.T("timeline.off.weekend").In(l)
		}
		if !slices.Contains(said, why) {
			said = append(said, why)
		}
		if change := changed(at); change != "" {
			said = append(said, i18n.T(change).In(l))
		}
	}
	return strings.Join(said, ", ")
}

// changed is the key of how the clock is changed on a day; empty where it is not.
func changed(at time.Time) string {
	y, m, d := at.Date()
	_, before := time.Date(y, m, d, 0, 0, 0, 0, at.Location()).Zone()
	_, after := time.Date(y, m, d+1, 0, 0, 0, 0, at.Location()).Zone()
	switch {
	case after > before:
		return "timeline.change.forward"
	case after < before:
		return "timeline.change.back"
	}
	return ""
}

// heading is what stands above a day.
func (t Timeline) heading(d Day) string {
	l := t.Language
	if d.Closed == "" {
		return t.named(d)
	}
	key := "timeline.closed.more"
	switch daysBetween(d.Date, d.Until) {
	case 0:
		key = "timeline.closed.one"
	case 1:
		key = "timeline.closed.two"
	}
	return i18n.T(key, "from", t.named(d), "to", short(d.Until, l), "reason", d.Closed).In(l)
}

// named is a day, and whether it is the last one.
func (t Timeline) named(d Day) string {
	said := short(d.Date, t.Language)
	if d.Last {
		said += ", " + i18n.T("timeline.last").In(t.Language)
	}
	return said
}

// clock is a time of day as a language writes it.
func (t Timeline) clock(at time.Time) string {
	if t.Language == i18n.Dutch {
		return at.Format("15.04")
	}
	return at.Format("15:04")
}
