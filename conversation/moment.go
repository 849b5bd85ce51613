package conversation

import (
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// aMoment begins the choice of a moment; its day and the part of it follow.
const aMoment = "moment:"

func askMoment(t *turn) {
	rows := [][]Button{row(i18n.T("talk.moment.button.soon"), "soon")}
	day := t.procedure.In(t.now)
	for range t.procedure.Talk.Days {
		for day = day.AddDate(0, 0, 1); !t.procedure.WorkingDay(day); {
			day = day.AddDate(0, 0, 1)
		}
		var row []Button
		for _, part := range t.procedure.Talk.Parts {
			label := i18n.T("talk.moment.button.moment", "weekday", t.Language.Weekday(day.Weekday()), "day", day.Day(), "part", t.part(part))
			row = append(row, choice(label, aMoment+day.Format(time.DateOnly)+":"+part.ID))
		}
		rows = append(rows, row)
	}
	t.question(rows...)
}

// part names a part of a day.
func (t *turn) part(p cases.PartOfDay) i18n.Text {
	switch {
	case p.Label[t.Language] != "":
		return p.Label.In(t.Language)
	case p.ID == cases.Morning:
		return i18n.T("talk.moment.morning")
	}
	return i18n.T("talk.moment.afternoon")
}

func hearMoment(t *turn, a answer) i18n.Text {
	if a.choice == "soon" || strings.HasPrefix(a.choice, aMoment) {
		return t.accept(code(a.choice), 0)
	}
	return hearWords(t, a)
}

// cutMoment takes a moment apart: its day, at midnight, and the part of it.
func (t *turn) cutMoment(chosen string) (day time.Time, part cases.PartOfDay, ok bool) {
	at, id, _ := strings.Cut(chosen, ":")
	day, err := time.ParseInLocation(time.DateOnly, at, t.procedure.Location())
	for _, one := range t.procedure.Talk.Parts {
		if one.ID == id {
			return day, one, err == nil
		}
	}
	return day, part, false
}

// moment says the moment that was chosen.
func (t *turn) moment(chosen string) i18n.Text {
	day, part, ok := t.cutMoment(chosen)
	if !ok {
		return i18n.T("answer.none")
	}
	return i18n.T("talk.moment.between", "day", i18n.Date{Time: day}, "from", part.From, "until", part.Until)
}

// passed says whether the moment that was chosen lies on a day that is over.
func (t *turn) passed() bool {
	chosen, rest, _ := cutMark(t.Answers[cases.FieldMoment])
	day, _, ok := t.cutMoment(rest)
	return chosen == "moment" && (!ok || t.now.After(day.AddDate(0, 0, 1)))
}
