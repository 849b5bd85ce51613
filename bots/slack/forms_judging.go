package slack

import (
	"context"
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

const (
	fieldSeverity = "severity"
	fieldUrgency  = "urgency"
	fieldSafety   = "safety"
	fieldScope    = "scope"
	fieldEnd      = "end"
)

// The ends that a case can come to without an answer of the committee.
const (
	endSilent    = "silent"
	endWithdrawn = "withdrawn"
)

// judgingForms are those in which the committee says what it thinks of a case, who may handle it, and that it lapses.
var judgingForms = map[string]form{
	actAssess: {
		name: actAssess, do: cases.Assess, first: fieldText,
		fields: assessFields,
		carry: func(f filling, c *cases.Case, now time.Time) error {
			made := cases.Assessment{
				Severity: cases.Grade(f.values[fieldSeverity]), Urgency: cases.Grade(f.values[fieldUrgency]),
				Unsafe: f.values[fieldSafety] != "", NotInScope: f.values[fieldScope] != "",
			}
			return c.Assess(f.who, made, f.values[fieldText], now)
		},
	},
	actRecuseWhy: {
		name: actRecuseWhy, do: cases.Recuse, first: fieldText, thanks: "recuse.done",
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			return []block{f.askText(fieldText, true)}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.Recuse(f.who, f.values[fieldText], f.p, now)
		},
	},
	actExclude: {
		name: actExclude, do: cases.Exclude, first: fieldText, thanks: "exclude.done",
		at: map[string]string{"refusal.excluded-already": fieldTo, "refusal.not-of-oneself": fieldTo},
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			to := f.values[fieldTo]
			if f.values == nil {
				to = f.m.Which
			}
			whom := askPerson(fieldTo, f.word(fieldTo+".label"), "", i18n.T("form.choose").In(f.l), to, false)
			return []block{whom, f.askText(fieldText, false)}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.Exclude(f.who, cases.Member(f.values[fieldTo]), f.values[fieldText], f.p, now)
		},
	},
	actClear: {
		name: actClear, do: cases.Clear, reads: readsFile, first: fieldText, thanks: "clear.done",
		at:     map[string]string{"refusal.not-excluded": fieldTo, "refusal.not-of-oneself": fieldTo, "refusal.they-are-concerned": fieldTo},
		fields: clearFields,
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.Clear(f.who, cases.Member(f.values[fieldTo]), f.values[fieldText], f.p, now)
		},
	},
	actLapse: {
		name: actLapse, do: cases.Lapse, first: fieldText, tells: cases.FieldText,
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			var ends []choice
			for _, end := range []string{endSilent, endWithdrawn} {
				ends = append(ends, choice{end, f.word("end." + end)})
			}
			return []block{askOne(fieldEnd, f.word(fieldEnd+".label"), "", f.values[fieldEnd], ends), f.askText(fieldText, false)}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.Lapse(f.who, f.values[fieldEnd] == endWithdrawn, f.values[fieldText], now)
		},
	},
}

// assessFields asks for the assessment, under the other cases of the same complainant that the member may see, by number.
func assessFields(ctx context.Context, b *Bot, f filling) ([]block, error) {
	earlier, err := b.store.Earlier(ctx, f.c.Number, f.who.Member)
	if err != nil {
		return nil, err
	}
	earlier = slices.DeleteFunc(earlier, func(c *cases.Case) bool { return cases.May(f.who, cases.See, c) != nil })
	blocks := []block{small(earlierLine(earlier, f.l))}
	made := f.c.Work.Assessment
	if f.values != nil {
		made = cases.Assessment{Severity: cases.Grade(f.values[fieldSeverity]), Urgency: cases.Grade(f.values[fieldUrgency]),
			Unsafe: f.values[fieldSafety] != "", NotInScope: f.values[fieldScope] != ""}
	}
	box := func(name string, yes bool) block {
		value := ""
		if yes {
			value = tick
		}
		return askAny(name, f.word(name+".label"), f.hint(name), value, []choice{{tick, f.word(name + ".yes")}}, true)
	}
	return append(blocks,
		askOne(fieldSeverity, f.word(fieldSeverity+".label"), f.hint(fieldSeverity), string(made.Severity), grades(f.l)),
		askOne(fieldUrgency, f.word(fieldUrgency+".label"), f.hint(fieldUrgency), string(made.Urgency), grades(f.l)),
		box(fieldSafety, made.Unsafe), box(fieldScope, made.NotInScope),
		f.askText(fieldText, true)), nil
}

func grades(l i18n.Language) (all []choice) {
	for _, g := range cases.LevelsOf {
		all = append(all, choice{string(g), i18n.T("level." + string(g)).In(l)})
	}
	return all
}

// mostEarlier is how many earlier cases a form names.
const mostEarlier = 20

func earlierLine(earlier []*cases.Case, l i18n.Language) string {
	if len(earlier) == 0 {
		return i18n.T("form.assess.no-earlier").In(l)
	}
	var all []string
	for _, c := range earlier[:min(len(earlier), mostEarlier)] {
		all = append(all, string(c.Number)+" ("+stage(c).In(l)+")")
	}
	return i18n.T("form.assess.earlier", "count", len(earlier), "cases", strings.Join(all, ", ")).In(l)
}

// clearFields asks who may see the case after all, and shows why each was excluded.
func clearFields(ctx context.Context, b *Bot, f filling) ([]block, error) {
	clearable := f.c.Clearable()
	switch {
	case len(f.c.Excluded) == 0:
		return nil, &cases.Refusal{Text: i18n.T("refusal.nobody-excluded", "number", string(f.c.Number))}
	case len(clearable) == 0:
		return nil, &cases.Refusal{Text: i18n.T("refusal.nobody-to-clear", "number", string(f.c.Number))}
	}
	var blocks []block
	var all []choice
	for _, m := range clearable[:min(len(clearable), mostEarlier)] {
		name := string(m)
		if p, err := b.profile(ctx, string(m)); err == nil && p.Name != "" {
			name = p.Name
		}
		all = append(all, choice{string(m), name})
		e, ok := exclusion(f.file, m)
		if f.values != nil || !ok {
			continue
		}
		blocks = append(blocks, say(i18n.T("form.clear.why", "who", mention(string(m)), "why", named("excluded.", e.Data["why"])).In(f.l)))
		if words := e.Words[cases.FieldText]; words != "" {
			blocks = append(blocks, quote(words)...)
		}
	}
	to := f.values[fieldTo]
	if f.values == nil {
		to = f.m.Which
	}
	whom := askFromList(fieldTo, f.word(fieldTo+".label"), f.hint(fieldTo), i18n.T("form.choose").In(f.l), to, all, false)
	return append(blocks, whom, f.askText(fieldText, false)), nil
}

// exclusion is the last event that excluded a member.
func exclusion(f *cases.File, m cases.Member) (found cases.Event, ok bool) {
	if f == nil {
		return found, false
	}
	for _, e := range f.Events {
		if e.Kind == cases.Excluded && e.Data["member"] == string(m) {
			found, ok = e, true
		}
	}
	return found, ok
}
