package slack

import (
	"context"
	"maps"
	"strconv"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// The fields of the forms.
const (
	fieldText     = "text"
	fieldWhen     = "when"
	fieldHow      = "how"
	fieldNote     = "note"
	fieldSteps    = "steps"
	fieldUntil    = "until"
	fieldSolution = "solution"
	fieldTo       = "to"
	fieldQuestion = "question"
	fieldFiles    = "files" // those that were taken up, by their identifiers, with spaces between
)

// ticks are the values of the boxes that stand alone.
const tick = "yes"

// forms are all forms but that of the write-up, by the action of the button that opens them.
var forms = map[string]form{}

func init() {
	for _, some := range []map[string]form{everydayForms, judgingForms, hearingForms, partyForms, closingForms, writeUpForms, foreseeForms} {
		maps.Copy(forms, some)
	}
}

// everydayForms are those of the work with a complainant.
var everydayForms = map[string]form{
	actAssign: {
		name: actAssign, do: cases.Assign, first: fieldTo, named: []string{fieldTo},
		fields: assignFields,
		carry:  func(f filling, c *cases.Case, now time.Time) error { return c.Assign(f.who, f.others[fieldTo], now) },
	},
	actWrite: {
		name: actWrite, do: cases.Write, first: fieldText, tells: cases.FieldText, files: true,
		at: map[string]string{"refusal.in-the-past": fieldUntil, "refusal.too-far": fieldUntil},
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			fields := []block{f.askText(fieldText, false)}
			files := f.askFiles()
			if f.c.Kind == cases.Talk {
				return append(fields, files...), nil
			}
			fields = append(fields,
				askAny(fieldQuestion, f.word(fieldQuestion+".label"), f.word(fieldQuestion+".hint"), f.values[fieldQuestion], []choice{{tick, f.word("question.yes")}}, true),
				askDay(fieldUntil, f.word(fieldUntil+".label"), f.word(fieldUntil+".hint"), f.values[fieldUntil], true))
			return append(fields, files...), nil
		},
		tries: func(f filling, c *cases.Case, now time.Time) error {
			if err := writes(f, c, now); err != nil {
				return err
			}
			if held := c.Work.Held; len(held) > 0 { // it goes out, if nobody takes it back
				return c.Dispatch(held[len(held)-1], now)
			}
			return nil
		},
		carry: writes,
		then: func(f filling, c *cases.Case) *modal {
			held := c.Work.Held
			if f.c.Kind != cases.Talk || len(held) == 0 { // the room says so
				return nil
			}
			shown := notice(f.l, "")
			shown.blocks = []block{heldBlock(c, held[len(held)-1], f.now, f.p, f.l)}
			return &shown
		},
	},
	actSpeak: {
		name: actSpeak, do: cases.Speak, first: fieldSteps, tells: cases.FieldSteps,
		at: map[string]string{"refusal.in-the-future": fieldWhen, "refusal.before-receipt": fieldWhen},
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			when := f.when()
			if when.IsZero() {
				when = f.now
			}
			how := f.values[fieldHow]
			if how == "" {
				how = string(cases.Manners[0])
			}
			var ways []choice
			for _, m := range cases.Manners {
				ways = append(ways, choice{string(m), i18n.T("manner." + string(m)).In(f.l)})
			}
			return []block{
				askMoment(fieldWhen, f.word(fieldWhen+".label"), "", when),
				askOne(fieldHow, f.word(fieldHow+".label"), "", how, ways),
				f.askText(fieldNote, true),
				f.askText(fieldSteps, false),
			}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.SpeakBy(f.who, cases.Manner(f.values[fieldHow]), f.when(), f.values[fieldNote], f.values[fieldSteps], now)
		},
	},
	actExtend: {
		name: actExtend, do: cases.Extend, first: fieldText, tells: cases.FieldText, reads: readsPart, // how it begins depends on what was told before
		at: map[string]string{"refusal.not-later": fieldUntil, "refusal.too-far": fieldUntil},
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			day := askDay(fieldUntil, f.word(fieldUntil+".label"), f.word(fieldUntil+".hint"), f.suggestedDay(), false)
			return []block{f.askText(fieldText, false), day}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.Extend(f.who, f.values[fieldText], f.day(fieldUntil), f.p, now)
		},
	},
	actReopen: {
		name: actReopen, do: cases.Reopen, first: fieldText,
		fields: onlyText,
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.Reopen(f.who, f.values[fieldText], f.p, now)
		},
	},
	actNote: {
		name: actNote, do: cases.Note, first: fieldText,
		fields: onlyText,
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.AddNote(f.who, f.who.Member, f.values[fieldText], now)
		},
	},
	actDone: {
		name: actDone, do: cases.End, first: fieldSolution,
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			return []block{f.askText(fieldSolution, false)}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.End(f.who, cases.Closing{Outcome: cases.Talked, Solution: f.values[fieldSolution]}, f.p, now)
		},
	},
}

func onlyText(_ context.Context, _ *Bot, f filling) ([]block, error) {
	return []block{f.askText(fieldText, false)}, nil
}

func writes(f filling, c *cases.Case, now time.Time) error {
	draft := cases.WriteDraft{Text: f.values[fieldText], Question: ticked(f.values[fieldQuestion], tick), Until: f.day(fieldUntil)}
	for _, one := range f.along {
		draft.Files = append(draft.Files, one.ID)
	}
	return c.Write(f.who, draft, f.p, now)
}

// word is a text of the form, such as the label of one of its fields.
func (f filling) word(what string) string { return i18n.T("form." + f.form.name + "." + what).In(f.l) }

// hint is the hint of a field; empty where it has none.
func (f filling) hint(field string) string {
	if key := "form." + f.form.name + "." + field + ".hint"; i18n.Has(key) {
		return i18n.T(key).In(f.l)
	}
	return ""
}

func (f filling) askText(name string, optional bool) block {
	return askText(name, f.word(name+".label"), f.hint(name), f.values[name], optional)
}

func (f filling) askLine(name string, optional bool) block {
	return askLine(name, f.word(name+".label"), f.hint(name), f.values[name], optional)
}

func (f filling) when() time.Time {
	seconds, err := strconv.ParseInt(f.values[fieldWhen], 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

// day is noon of the day that was chosen in a field; the zero time where none was.
func (f filling) day(field string) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, f.values[field], f.p.Location())
	if err != nil {
		return time.Time{}
	}
	return day.Add(12 * time.Hour)
}

// which is the number that came with the button; 0: there was none.
func (f filling) which() int { return numbered(f.m.Which) }

func numbered(which string) int {
	n, err := strconv.Atoi(strings.TrimSpace(which))
	if err != nil {
		return 0
	}
	return n
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

// assignFields offers the representatives, who may own a case, by name. Where they are more than Slack shows in a list, or where it does
// not say who they are, the whole workspace is offered, and who was chosen is checked.
func assignFields(ctx context.Context, b *Bot, f filling) ([]block, error) {
	r, err := b.roles(ctx)
	if err != nil {
		return nil, err
	}
	may := keep(r.committee, func(member string) bool { return r.person(member).Representative })
	field, err := f.askAmong(ctx, b, may, fieldTo, fieldTo, false)
	return []block{field}, err
}

// askColleague asks for one of the committee; word is how the field is called in keys.
func (f filling) askColleague(ctx context.Context, b *Bot, name, word string, optional bool) (block, error) {
	all, err := b.committee(ctx)
	if err != nil {
		return nil, err
	}
	return f.askAmong(ctx, b, all, name, word, optional)
}

// askAmong asks for one of some members; see askColleague.
func (f filling) askAmong(ctx context.Context, b *Bot, all []string, name, word string, optional bool) (block, error) {
	label, hint, placeholder := f.word(word+".label"), f.hint(word), i18n.T("form.choose").In(f.l)
	anybody := askPerson(name, label, hint, placeholder, f.values[name], optional)
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
	return askFromList(name, label, hint, placeholder, f.values[name], named, optional), nil
}
