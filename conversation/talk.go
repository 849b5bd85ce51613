package conversation

import (
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// days is how many working days are offered for a talk.
const days = 5

// The choice of a moment is "moment:", its day and the part of it.
const (
	morning   = "am"
	afternoon = "pm"
)

func askMoment(t *turn) {
	rows := make([][]Button, 0, days+2)
	day := t.procedure.In(t.now)
	for len(rows) < days {
		day = day.AddDate(0, 0, 1)
		if !t.procedure.WorkingDay(day) {
			continue
		}
		chosen := "moment:" + day.Format(time.DateOnly) + ":"
		name := i18n.Plain(t.Language.Weekday(day.Weekday()))
		rows = append(rows, []Button{
			choice(i18n.T("talk.moment.button.morning", "weekday", name, "day", day.Day()), chosen+morning),
			choice(i18n.T("talk.moment.button.afternoon", "weekday", name, "day", day.Day()), chosen+afternoon),
		})
	}
	t.ask(t.framed(i18n.T("talk.moment.ask")), append(rows, t.around()...)...)
}

func hearMoment(t *turn, a answer) i18n.Text {
	if strings.HasPrefix(a.choice, "moment:") {
		return t.accept(code(a.choice))
	}
	return hearWords(t, a)
}

// moment says the moment that a choice stands for.
func moment(chosen string) (i18n.Text, bool) {
	day, part, _ := strings.Cut(strings.TrimPrefix(chosen, "moment:"), ":")
	date, err := time.Parse(time.DateOnly, day)
	switch {
	case err != nil:
		return i18n.Text{}, false
	case part == morning:
		return i18n.T("talk.moment.morning", "day", i18n.Date{Time: date}), true
	}
	return i18n.T("talk.moment.afternoon", "day", i18n.Date{Time: date}), true
}

func askTalkCheck(t *turn) {
	t.showAnswers(i18n.T("talk.check.title"), cases.TalkFields)
	t.ask(i18n.T("talk.check.ask"),
		[]Button{choice(i18n.T("talk.check.button.send"), "send")},
		[]Button{changeButton(cases.FieldName), changeButton(cases.FieldTelephone)},
		[]Button{changeButton(cases.FieldMoment), changeButton(cases.FieldSubject)},
		[]Button{choice(i18n.T("button.back"), back)})
}

func hearTalkCheck(t *turn, a answer) i18n.Text {
	if t.change(a) {
		return i18n.Text{}
	}
	if a.choice != "send" {
		return steps[t.State].expect
	}
	if t.fillGap(cases.TalkFields) {
		return i18n.Text{}
	}
	t.do(RequestTalk{cases.TalkRequest{
		Language:  t.Language,
		Name:      t.final(cases.FieldName),
		Telephone: t.final(cases.FieldTelephone),
		Moment:    t.final(cases.FieldMoment),
		Subject:   t.final(cases.FieldSubject),
	}})
	return i18n.Text{}
}

// talkRequested says what happens next. What was told stays: should the talk not help, it need not be told again.
func (t *turn) talkRequested() {
	suits := t.shown(cases.FieldMoment, mostKnown)
	telephone := t.final(cases.FieldTelephone)
	t.delete(cases.FieldMoment)
	t.Has, t.Changing = true, false
	t.say(i18n.T("talk.requested", "telephone", telephone, "moment", suits))
	t.say(i18n.T("talk.requested-next"))
	t.enter(Menu)
}
