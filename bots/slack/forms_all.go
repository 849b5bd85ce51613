package slack

import (
	"context"
	"slices"
	"strconv"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// The fields of the forms.
const (
	fieldText     = "text"
	fieldWhen     = "when"
	fieldNote     = "note"
	fieldSteps    = "steps"
	fieldUntil    = "until"
	fieldOutcome  = "outcome"
	fieldSolution = "solution"
	fieldTo       = "to"
	fieldThen     = "then" // of fieldTo: whether that member is of the committee now; put there by us, never by the form
)

// forms are all forms, by the action of the button that opens them.
var forms = map[string]form{
	actAssign: {
		name: actAssign, do: cases.Assign, first: fieldTo,
		fields: assignFields,
		carry: func(f filling, c *cases.Case, now time.Time) error {
			to := cases.Person{Member: cases.Member(f.values[fieldTo]), Committee: f.values[fieldThen] != ""}
			return c.Assign(f.who, to, now)
		},
	},
	actWrite: {
		name: actWrite, do: cases.Write, first: fieldText, tells: cases.FieldText,
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			return []block{f.askText(fieldText, false)}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error { return c.Write(f.who, f.values[fieldText], now) },
	},
	actSpeak: {
		name: actSpeak, do: cases.Speak, first: fieldSteps, tells: cases.FieldSteps,
		at: map[string]string{"refusal.in-the-future": fieldWhen, "refusal.before-receipt": fieldWhen},
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			when := f.when()
			if when.IsZero() {
				when = f.now
			}
			return []block{
				askMoment(fieldWhen, f.word(fieldWhen+".label"), "", when),
				f.askText(fieldNote, true),
				f.askText(fieldSteps, false),
			}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.Speak(f.who, f.when(), f.values[fieldNote], f.values[fieldSteps], now)
		},
	},
	actExtend: {
		name: actExtend, do: cases.Extend, first: fieldText, tells: cases.FieldText,
		at: map[string]string{"refusal.not-later": fieldUntil, "refusal.too-far": fieldUntil},
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			return []block{f.askText(fieldText, false), askDay(fieldUntil, f.word(fieldUntil+".label"), f.word(fieldUntil+".hint"), f.suggestedDay())}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.Extend(f.who, f.values[fieldText], f.until(), f.p, now)
		},
	},
	actClose: {
		name: actClose, do: cases.End, first: fieldSolution, tells: cases.FieldSolution,
		at: map[string]string{"refusal.no-outcome": fieldOutcome},
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			var all []choice
			for _, o := range cases.Outcomes {
				all = append(all, choice{string(o), i18n.T("outcome." + string(o)).In(f.l)})
			}
			return []block{askOne(fieldOutcome, f.word(fieldOutcome+".label"), "", f.values[fieldOutcome], all), f.askText(fieldSolution, false)}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			outcome := cases.Outcome(f.values[fieldOutcome])
			if !slices.Contains(cases.Outcomes, outcome) {
				return &cases.Refusal{Text: i18n.T("refusal.no-outcome")}
			}
			return c.End(f.who, outcome, f.values[fieldSolution], now)
		},
	},
	actPropose: {
		name: actPropose, do: cases.Propose, first: fieldSolution, tells: cases.FieldSolution,
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			return []block{f.askText(fieldSolution, false)}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.Propose(f.who, f.values[fieldSolution], now)
		},
	},
	actReopen: {
		name: actReopen, do: cases.Reopen, first: fieldText,
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			return []block{f.askText(fieldText, false)}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.Reopen(f.who, f.values[fieldText], f.p, now)
		},
	},
	actDone: {
		name: actDone, do: cases.End, first: fieldSolution,
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			return []block{f.askText(fieldSolution, false)}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.End(f.who, cases.Talked, f.values[fieldSolution], now)
		},
	},
}

// word is a text of the form, such as the label of one of its fields.
func (f filling) word(what string) string { return i18n.T("form." + f.form.name + "." + what).In(f.l) }

func (f filling) askText(name string, optional bool) block {
	return askText(name, f.word(name+".label"), f.word(name+".hint"), f.values[name], optional)
}

func (f filling) when() time.Time {
	seconds, err := strconv.ParseInt(f.values[fieldWhen], 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

// until is noon of the day that was chosen; the zero time where none was.
func (f filling) until() time.Time {
	day, err := time.ParseInLocation(time.DateOnly, f.values[fieldUntil], f.p.Location())
	if err != nil {
		return time.Time{}
	}
	return day.Add(12 * time.Hour)
}

// suggestedDay is the day that was chosen, or else a week after the last day, and never one that is over.
func (f filling) suggestedDay() string {
	if day := f.values[fieldUntil]; day != "" {
		return day
	}
	from := f.c.LastDay(f.p)
	if f.now.After(from) {
		from = f.p.In(f.now)
	}
	return from.AddDate(0, 0, 7).Format(time.DateOnly)
}

// assignFields offers the people of the committee by name. Where they are more than Slack shows in a list, or where it does
// not say who they are, the whole workspace is offered, and who was chosen is checked.
func assignFields(ctx context.Context, b *Bot, f filling) ([]block, error) {
	label, hint, placeholder := f.word(fieldTo+".label"), f.word(fieldTo+".hint"), f.word(fieldTo+".placeholder")
	all, err := b.committee(ctx)
	if err != nil {
		return nil, err
	}
	anybody := []block{askPerson(fieldTo, label, hint, placeholder)}
	if len(all) > maxOptions+1 { // the bot is among them
		return anybody, nil
	}
	named, err := b.colleagues(ctx, all, f.c)
	if err != nil {
		b.log.Warn("slack: the committee can't be listed by name", why(err)...)
	}
	if err != nil || len(named) == 0 || len(named) > maxOptions {
		return anybody, nil
	}
	return []block{askFromList(fieldTo, label, hint, placeholder, named)}, nil
}

// checkTo adds to the values of a form whether the member it names is of the committee at this moment. A bot is not, though it
// is in the channel, nor is who is no longer active.
func (b *Bot) checkTo(ctx context.Context, values map[string]string) error {
	delete(values, fieldThen)
	to, err := b.person(ctx, values[fieldTo])
	if err != nil || !to.Committee {
		return err
	}
	p, err := b.profile(ctx, values[fieldTo])
	if err == nil && !p.Bot && !p.Gone {
		values[fieldThen] = "committee"
	}
	return err
}
