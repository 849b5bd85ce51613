package slack

import (
	"context"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// actForesee opens the form in which somebody says that a case will be late, why, and by when it will be done.
const actForesee = "foresee"

// fieldTold is when the complainant is told.
const fieldTold = "told"

// The answers to when the complainant is told.
const (
	toldThen = "then" // on the last day, if it is not done by then
	toldNow  = "now"
)

// foreseeForms are those of the duty to explain.
var foreseeForms = map[string]form{
	actForesee: {
		name: actForesee, do: cases.Extend, first: fieldText, tells: cases.FieldText, reads: readsFile,
		at:     map[string]string{"refusal.not-later": fieldUntil, "refusal.too-far": fieldUntil},
		intro:  foreseeIntro,
		fields: foreseeFields,
		tell:   foreseeTell,
		carry: func(f filling, c *cases.Case, now time.Time) error {
			if f.values[fieldTold] == toldNow {
				return c.Extend(f.who, f.values[fieldText], f.day(fieldUntil), f.p, now)
			}
			return c.Foresee(f.who, f.values[fieldText], f.day(fieldUntil), f.p, now)
		},
	},
}

// foreseeIntro asks for the reason; where somebody gave one before, it says so, as another takes its place.
func foreseeIntro(f filling) i18n.Text {
	key := "form.foresee.intro"
	if said, late := foreseenLate(f.file); late {
		key = "form.foresee.intro-again"
		return i18n.T(key, "number", string(f.c.Number), "language", languageName(f.c.Language), "day", i18n.Date{Time: f.c.LastDay(f.p)}, "who", actor(said.By))
	}
	return i18n.T(key, "number", string(f.c.Number), "language", languageName(f.c.Language), "day", i18n.Date{Time: f.c.LastDay(f.p)})
}

// foreseenLate is the event in which somebody said that the case will be late, if that is what was said last of its last day.
func foreseenLate(f *cases.File) (cases.Event, bool) {
	if f == nil || f.Case.Work.Foreseen.Until == "" {
		return cases.Event{}, false
	}
	return f.Event(f.Case.Work.Foreseen.Event)
}

func foreseeFields(_ context.Context, _ *Bot, f filling) ([]block, error) {
	if said, late := foreseenLate(f.file); late && f.values == nil {
		f.values = map[string]string{fieldText: said.Words[cases.FieldText], fieldUntil: said.Data["until"]}
	}
	told := f.values[fieldTold]
	if told == "" {
		told = toldThen
	}
	return []block{
		f.askText(fieldText, false),
		askDay(fieldUntil, f.word(fieldUntil+".label"), f.word(fieldUntil+".hint"), f.suggestedDay(), false),
		askOne(fieldTold, f.word(fieldTold+".label"), f.word(fieldTold+".hint"), told, []choice{{toldThen, f.word(fieldTold + ".then")}, {toldNow, f.word(fieldTold + ".now")}}),
	}, nil
}

// foreseeTell is the preview: what arrives, by which way, and when.
func foreseeTell(b *Bot, f filling) ([]arriving, error) {
	all, err := b.arrival(f)
	if err != nil || f.values[fieldTold] == toldNow {
		return all, err
	}
	at, _ := time.Parse("15:04", f.p.Clock.TellLate) // the settings were checked
	all[0].how = i18n.T("form.foresee.preview-then", "how", all[0].how, "day", i18n.Date{Time: f.c.LastDay(f.p)}, "time", at.Format(clockLayout[f.l]))
	return all, nil
}

// foreseenBlocks say in the file what was answered to whether the case will be done in time.
func foreseenBlocks(f *cases.File, p *cases.Procedure, now time.Time, l i18n.Language) []block {
	c, said := &f.Case, f.Case.Work.Foreseen
	if !c.Open() || said.Day == "" || said.Day != c.LastDay(p).Format(time.DateOnly) || c.Late(now) {
		return nil
	}
	e, _ := f.Event(said.Event)
	key := "file.foreseen.in-time"
	if said.Until != "" {
		key = "file.foreseen.late"
	}
	return []block{small(i18n.T(key, "who", actor(e.By), "day", day(said.Day, p), "until", day(said.Until, p)).In(l))}
}

// foreseeable says whether it can be said of a case whether it will be done in time.
func foreseeable(c *cases.Case, now time.Time) bool {
	return c.Open() && c.Kind == cases.Formal && !c.Deadline.IsZero() && !c.Late(now)
}
