package conversation

import (
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
	"websec.nl/gehoor/i18n/dates"
)

func askWhen(t *turn) {
	t.question(row(i18n.T("intake.when.button.calendar"), calendar))
}

// hearWhen keeps the words, and shows back the days that they speak of, if they speak of any.
func hearWhen(t *turn, a answer) i18n.Text {
	if a.choice == calendar {
		t.follow(calendar)
		return i18n.Text{}
	}
	value, objection := readWords(t, t.open(), a)
	if objection.Key != "" {
		return objection
	}
	t.set(cases.FieldWhen, value, a.message)
	if t.Days = t.daysIn(value); t.Days != "" {
		t.follow("found")
	} else {
		t.follow(words)
	}
	return i18n.Text{}
}

// daysIn are the days that words speak of; empty where they speak of none.
func (t *turn) daysIn(said string) days {
	found, ok := dates.Find(said, t.procedure.In(t.now))
	if !ok {
		return ""
	}
	return daysOf(found)
}

func askWhenCheck(t *turn) {
	t.ask(i18n.T("intake.when-check.ask", "words", i18n.Plain(excerpt(t.Answers[cases.FieldWhen], mostKnown)), "days", t.Days.said(t.Language)),
		append([][]Button{
			row(i18n.T("intake.when-check.button.yes"), yes),
			row(i18n.T("intake.when-check.button.calendar"), calendar),
			row(i18n.T("intake.when-check.button.only"), "only"),
			row(i18n.T("button.back"), back),
		}, t.exits()...)...)
}

func hearWhenCheck(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == yes, isYes(a.words):
		t.follow(yes)
	case a.choice == "only":
		t.Days = ""
		t.follow("only")
	case a.choice == "" && t.daysIn(a.words) == "": // that it is not right says not when it was
		return t.open().expect
	default:
		return hearWhen(t, a)
	}
	return i18n.Text{}
}

func (t *turn) month() time.Time {
	if s, ok := t.Days.span(time.UTC); ok {
		return s.From
	}
	return t.procedure.In(t.now)
}

// onlyWords leaves the words as they are, where there are any.
func (t *turn) onlyWords() [][]Button {
	if value := t.Answers[cases.FieldWhen]; value == "" || value == code("days") {
		return nil
	}
	return [][]Button{row(i18n.T("intake.when-check.button.only"), "only")}
}

// besides are the buttons above the calendar: to leave the words as they are, and to take words for the answer in which no day was
// found, which is not what was asked.
func (t *turn) besides() [][]Button {
	rows := t.onlyWords()
	if t.Maybe.Name != "" {
		rows = append(rows, row(i18n.T("intake.when-from.button.words"), so))
	}
	return rows
}

func askWhenFrom(t *turn) { t.askOn(t.open().text, t.month(), t.besides()...) }

func hearWhenFrom(t *turn, a answer) i18n.Text {
	day, picked := chosenDay(a.choice)
	switch {
	case a.sure, isUnknown(a.words) && len(t.onlyWords()) == 0:
		return hearWhen(t, a)
	case t.turnTo(t.open().text, a.choice, t.besides()...):
	case picked:
		t.setDays(day, day)
		t.follow("day")
	case a.choice == "only":
		t.Days = ""
		t.follow("only")
	case a.choice != "":
		return t.open().expect
	case t.daysIn(a.words) == "": // what was answered before stays, unless they say so
		value, objection := readWords(t, t.open(), a)
		if objection.Key != "" {
			return objection
		}
		t.Maybe = maybe{Name: value, Message: a.message}
		return i18n.T("intake.when-from.no-day", "words", i18n.Plain(excerpt(value, mostKnown)))
	default:
		return hearWhen(t, a)
	}
	return i18n.Text{}
}

func untilRows() [][]Button {
	return [][]Button{
		row(i18n.T("intake.when-until.button.same"), "same"),
		row(i18n.T("intake.when-until.button.on"), "on"),
	}
}

func askWhenUntil(t *turn) { t.askOn(t.open().text, t.month(), untilRows()...) }

func hearWhenUntil(t *turn, a answer) i18n.Text {
	s, begun := t.Days.span(time.UTC)
	day, picked := chosenDay(a.choice)
	switch {
	case !begun: // the first day is not known any more
		t.enter(WhenFrom)
		return i18n.Text{}
	case t.turnTo(t.open().text, a.choice, untilRows()...):
		return i18n.Text{}
	case picked, t.untilIn(a.words, s.From, &day):
		t.setDays(s.From, day)
		a.choice = "day"
	case a.choice == "same":
		t.setDays(s.From, s.From)
	case a.choice == "on":
		t.setDays(s.From, time.Time{})
	default:
		return t.open().expect
	}
	t.note = i18n.T("intake.when.noted", "days", t.Days.said(t.Language))
	t.follow(a.choice)
	return i18n.Text{}
}

// untilIn reads the last day in words.
func (t *turn) untilIn(said string, from time.Time, day *time.Time) bool {
	found, ok := t.daysIn(said).span(time.UTC)
	if !ok || found.Ongoing || found.Precision != dates.ToTheDay || found.To.Before(from) {
		return false
	}
	*day = found.To
	return true
}

// setDays keeps days that were picked; they are the answer where there are no words.
func (t *turn) setDays(from, until time.Time) {
	t.Days = daysFrom(from, until)
	if t.Answers[cases.FieldWhen] == "" || t.Answers[cases.FieldWhen] == code(unknown) {
		t.set(cases.FieldWhen, code("days"), 0)
	}
}
