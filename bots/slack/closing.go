package slack

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// How much a closing asks for at most.
const (
	mostPoints   = 5
	mostMeasures = 3
)

const (
	fieldOutcome = "outcome"
	fieldDespite = "despite"
	fieldVerdict = "verdict"

	verdictYes  = "approve"
	verdictBack = "back"
)

// ofPoint and ofMeasure name the fields of the nth point and the nth measure, from 1.
func ofPoint(n int, what string) string   { return "point-" + strconv.Itoa(n) + "-" + what }
func ofMeasure(n int, what string) string { return "measure-" + strconv.Itoa(n) + "-" + what }

// closingForms are those with which a case comes to its end.
var closingForms = map[string]form{
	actPropose: {
		name: actPropose, do: cases.Propose, reads: readsPart, first: fieldSolution, tells: cases.FieldSolution,
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			return []block{small(consulted(f).In(f.l)), f.askText(fieldSolution, false)}, nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.Propose(f.who, f.values[fieldSolution], now)
		},
	},
	actClose: {
		name: actClose, do: cases.End, first: fieldSolution, tells: cases.FieldSolution, at: closingErrors(),
		intro: func(f filling) i18n.Text {
			key := "form.close.intro"
			if f.p.Committee.SecondEyes {
				key = "form.close.intro-eyes"
			}
			return i18n.T(key, "number", string(f.c.Number), "language", languageName(f.c.Language))
		},
		submit: func(f filling) i18n.Text {
			if f.p.Committee.SecondEyes {
				return i18n.T("form.close.submit-eyes")
			}
			return i18n.T("form.close.submit")
		},
		begin:  asDrafted,
		fields: closeFields,
		tries: func(f filling, c *cases.Case, now time.Time) error { // as it goes out, once somebody else approved it
			alone := *f.p
			alone.Committee.SecondEyes = false
			f.p = &alone
			return closesAs(f, c, now)
		},
		carry: closesAs,
	},
	actApprove: {
		name: actApprove, do: cases.Approve, reads: readsFile, first: fieldText,
		event: func(f filling) int { return f.c.Work.Draft },
		intro: func(f filling) i18n.Text {
			return i18n.T("form.approve.intro", "number", string(f.c.Number), "who", mention(string(f.c.Work.DraftBy)))
		},
		fields: approveFields,
		carry: func(f filling, c *cases.Case, now time.Time) error {
			switch {
			case c.Work.Draft == 0 || c.Work.Draft != f.m.Event:
				return &cases.Refusal{Text: i18n.T("refusal.moved-on", "number", string(c.Number))}
			case f.values[fieldVerdict] == verdictBack:
				return c.SendBack(f.who, f.values[fieldText], now)
			}
			return c.ApproveClosing(f.who, f.p, now)
		},
	},
	actMeasured: {
		name: actMeasured, do: cases.Measured, reads: readsPart, first: fieldText,
		over: func(c *cases.Case, member cases.Member, m meta) error {
			done := func(one cases.Measure) bool {
				return one.Number == numbered(m.Which) && one.Owner == member && !one.Done.IsZero()
			}
			if slices.ContainsFunc(c.Work.Measures, done) {
				return &cases.Refusal{Text: i18n.T("refusal.no-measure", "number", string(c.Number))}
			}
			return nil
		},
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			at := slices.IndexFunc(f.c.Work.Measures, func(m cases.Measure) bool { return m.Number == f.which() })
			if at < 0 || !f.c.Work.Measures[at].Done.IsZero() {
				return nil, &cases.Refusal{Text: i18n.T("refusal.no-measure", "number", string(f.c.Number))}
			}
			if m := f.c.Work.Measures[at]; m.Owner != f.who.Member { // who owes one measure reads no other
				if err := copyOf(f.c).MeasureIsDone(f.who, m.Number, "", f.now); err != nil {
					return nil, err
				}
			}
			return append(measureBlocks(f.file, f.c.Work.Measures[at], f.p, f.l, false), f.askText(fieldText, true)), nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			return c.MeasureIsDone(f.who, f.which(), f.values[fieldText], now)
		},
	},
}

// consulted says to whom a solution is proposed.
func consulted(f filling) i18n.Text {
	var all []string
	for _, p := range f.c.Work.Parties {
		if p.State == cases.PartyHeard {
			all = append(all, partyName(f.file, p.Number).In(f.l))
		}
	}
	if len(all) == 0 {
		return i18n.T("form.propose.complainant-only")
	}
	return i18n.T("form.propose.consulted", "who", strings.Join(all, ", "))
}

// closingBlocks is a closing: what each point ended in and why, the solution, what is promised, and why it closed over what
// was open.
func closingBlocks(e cases.Event, p *cases.Procedure, l i18n.Language) (blocks []block) {
	made, numbers := p.ClosingOf(e)
	for n, point := range made.Points {
		blocks = append(blocks, say("*"+i18n.T("file.point", "n", n+1, "outcome", named("outcome.", string(point.Outcome))).In(l)+"*"))
		blocks = append(blocks, quote(point.Text)...)
		blocks = append(blocks, small(i18n.T("file.words.why").In(l)))
		blocks = append(blocks, quote(point.Why)...)
	}
	if made.Solution != "" {
		blocks = append(blocks, quote(made.Solution)...)
	}
	for i, m := range made.Measures {
		blocks = append(blocks, say(i18n.T("measure.line", "n", numbers[i], "who", mention(string(m.Owner)), "day", i18n.Date{Time: m.Due}).In(l)))
		blocks = append(blocks, quote(m.Text)...)
	}
	if made.Despite != "" {
		blocks = append(append(blocks, small(i18n.T("file.words.despite").In(l))), quote(made.Despite)...)
	}
	return blocks
}

// closingErrors says at which field each refusal of a closing is told.
func closingErrors() map[string]string {
	return map[string]string{"refusal.no-outcome": fieldOutcome, "refusal.still-open": fieldDespite}
}

// closeFields asks for the outcome, the points and the measures that the form has by now, the solution, and a reason where
// something is not finished.
func closeFields(ctx context.Context, b *Bot, f filling) ([]block, error) {
	number := string(f.c.Number)
	var blocks []block
	for n := 1; n <= f.m.Points; n++ {
		blocks = append(blocks, say("*"+i18n.T("form.close.point", "n", n).In(f.l)+"*"),
			f.askNumbered(ofPoint(n, fieldText), "point-text", true),
			askFromList(ofPoint(n, fieldOutcome), f.word("point-outcome.label"), "", i18n.T("form.choose").In(f.l), f.values[ofPoint(n, fieldOutcome)], outcomes(f.l), true),
			f.askNumbered(ofPoint(n, "why"), "point-why", true))
	}
	if f.m.Points < mostPoints {
		blocks = append(blocks, buttons(press(actAddPoint, i18n.T("form.button.add-point").In(f.l), number)))
	}
	choices := outcomes(f.l)
	if f.m.Points > 0 {
		choices = append(choices, choice{tick, f.word("outcome.of-points")})
	}
	blocks = append(blocks, askOne(fieldOutcome, f.word(fieldOutcome+".label"), "", f.values[fieldOutcome], choices), f.askText(fieldSolution, false))
	for n := 1; n <= f.m.Measures; n++ {
		who, err := f.askColleague(ctx, b, ofMeasure(n, "owner"), "measure-owner", true)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, say("*"+i18n.T("form.close.measure", "n", n).In(f.l)+"*"),
			f.askNumbered(ofMeasure(n, fieldText), "measure-text", true), who,
			askDay(ofMeasure(n, fieldUntil), f.word("measure-until.label"), "", f.values[ofMeasure(n, fieldUntil)], true))
	}
	if f.m.Measures < mostMeasures {
		blocks = append(blocks, buttons(press(actAddMeasure, i18n.T("form.button.add-measure").In(f.l), number)))
	}
	hearings, consultations := f.c.Work.Open()
	if hearings+consultations > 0 {
		blocks = append(blocks, small(i18n.T("form.close.still-open", "hearings", hearings, "consultations", consultations).In(f.l)), f.askText(fieldDespite, false))
	}
	return blocks, nil
}

func outcomes(l i18n.Language) (all []choice) {
	for _, o := range cases.Outcomes {
		all = append(all, choice{string(o), i18n.T("outcome." + string(o)).In(l)})
	}
	return all
}

func (f filling) askNumbered(name, word string, optional bool) block {
	return askText(name, f.word(word+".label"), f.hint(word), f.values[name], optional)
}

// closing is what a form of a closing says. What is wrong with it that only the form can tell is its error.
func (f filling) closing() (made cases.Closing, err error) {
	made = cases.Closing{Solution: f.values[fieldSolution], Despite: f.values[fieldDespite], Outcome: cases.Outcome(f.values[fieldOutcome])}
	if made.Outcome == tick { // as the points say
		made.Outcome = ""
	}
	for n := 1; n <= f.m.Points; n++ {
		p := cases.Point{Text: f.values[ofPoint(n, fieldText)], Why: f.values[ofPoint(n, "why")], Outcome: cases.Outcome(f.values[ofPoint(n, fieldOutcome)])}
		switch {
		case p == cases.Point{}:
			continue
		case p.Text == "":
			return made, &atField{ofPoint(n, fieldText), i18n.T("refusal.no-words")}
		case p.Outcome == "":
			return made, &atField{ofPoint(n, fieldOutcome), i18n.T("refusal.no-outcome")}
		case p.Why == "":
			return made, &atField{ofPoint(n, "why"), i18n.T("refusal.no-words")}
		}
		made.Points = append(made.Points, p)
	}
	for n := 1; n <= f.m.Measures; n++ {
		m := cases.MeasureDraft{Text: f.values[ofMeasure(n, fieldText)], Owner: cases.Member(f.values[ofMeasure(n, "owner")]), Due: f.day(ofMeasure(n, fieldUntil))}
		switch {
		case m.Text == "" && m.Owner == "" && m.Due.IsZero():
			continue
		case m.Text == "":
			return made, &atField{ofMeasure(n, fieldText), i18n.T("refusal.no-words")}
		case m.Owner == "":
			return made, &atField{ofMeasure(n, "owner"), i18n.T("refusal.no-words")}
		case m.Due.IsZero():
			return made, &atField{ofMeasure(n, fieldUntil), i18n.T("refusal.no-words")}
		case m.Due.Before(f.now.AddDate(0, 0, -1)):
			return made, &atField{ofMeasure(n, fieldUntil), i18n.T("refusal.in-the-past")}
		case f.c.Excludes(m.Owner):
			return made, &atField{ofMeasure(n, "owner"), i18n.T("refusal.they-may-not")}
		}
		made.Measures = append(made.Measures, m)
	}
	return made, nil
}

func closesAs(f filling, c *cases.Case, now time.Time) error {
	made, err := f.closing()
	if err != nil {
		return err
	}
	return c.End(f.who, made, f.p, now)
}

// atField is what is wrong with one field of a form.
type atField struct {
	field string
	said  i18n.Text
}

func (e *atField) Error() string { return "at the field " + e.field + ": " + e.said.Key }

// approveFields shows what will go out, all of it, and asks whether it may.
func approveFields(_ context.Context, b *Bot, f filling) ([]block, error) {
	draft, ok := f.file.Event(f.m.Event)
	if !ok || draft.Kind != cases.Drafted || f.c.Work.Draft != f.m.Event {
		return nil, &cases.Refusal{Text: i18n.T("refusal.moved-on", "number", string(f.c.Number))}
	}
	all, err := b.arrivalOf(f, func(c *cases.Case) error { return c.ApproveClosing(f.who, f.p, f.now) })
	if err != nil {
		return nil, err
	}
	blocks := arrivingBlocks(all, f.l)
	if despite := draft.Words[cases.FieldDespite]; despite != "" {
		blocks = append(append(blocks, small(i18n.T("file.words.despite").In(f.l))), quote(despite)...)
	}
	blocks = append(blocks, divider(), askOne(fieldVerdict, f.word(fieldVerdict+".label"), "", f.values[fieldVerdict], []choice{
		{verdictYes, f.word(fieldVerdict + ".yes")}, {verdictBack, f.word(fieldVerdict + ".back")},
	}))
	return append(blocks, f.askText(fieldText, true)), nil
}

// eyes asks a member to look at a closing before it goes out.
func (s *sending) eyes(ctx context.Context) error {
	c, err := s.bot.store.Case(ctx, s.out.Number)
	if err != nil {
		return err
	}
	if c.Work.Draft != s.out.Notice.Event || !c.Open() {
		return overtaken()
	}
	about := func(l i18n.Language) message {
		text := i18n.T("eyes.asked", "number", string(c.Number)).In(l)
		return message{text: text, blocks: []block{say(text), buttons(primary(act(actApprove, c, l)), act(actFile, c, l))}}
	}
	if member, ok := s.out.Notice.To.Member(); ok {
		return s.tell(ctx, c, string(member), about(s.bot.languageOf(ctx, string(member))))
	}
	return s.toCommittee(ctx, c, "", about)
}
