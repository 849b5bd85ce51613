package slack

import (
	"context"
	"strconv"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// measureBlocks is one measure, with a button that says it is done.
func measureBlocks(f *cases.File, m cases.Measure, p *cases.Procedure, l i18n.Language, offer bool) []block {
	line := "*" + i18n.T("measure.line", "n", m.Number, "who", mention(string(m.Owner)), "day", day(m.Due, p)).In(l) + "*"
	if !m.Done.IsZero() {
		line += " · " + i18n.T("measure.done", "at", momentOf(m.Done, p)).In(l)
	}
	first := say(line)
	if offer && m.Done.IsZero() {
		first = sayWith(line, press(actMeasured, i18n.T("card.button.measured").In(l), string(f.Case.Number)+" "+strconv.Itoa(m.Number)))
	}
	e, _ := f.Event(m.Event)
	return append([]block{first}, quote(e.Words[cases.MeasureField(m.Number)])...)
}

// yourMeasure tells a member what they owe, without a word of it.
func (s *sending) yourMeasure(ctx context.Context) error {
	c, err := s.bot.store.Case(ctx, s.out.Number)
	if err != nil {
		return err
	}
	member, ok := s.out.Notice.To.Member()
	if !ok || c.Excludes(member) {
		return overtaken()
	}
	l := s.bot.languageOf(ctx, string(member))
	p := s.bot.procedure(c)
	var blocks []block
	var first string
	for _, m := range c.Work.Measures {
		if m.Owner != member || !m.Done.IsZero() {
			continue
		}
		text := i18n.T("measure.yours", "number", string(c.Number), "n", m.Number, "day", day(m.Due, p)).In(l)
		if first == "" {
			first = text
		}
		blocks = append(blocks, sayWith(text, press(actMeasured, i18n.T("card.button.measured").In(l), string(c.Number)+" "+strconv.Itoa(m.Number))))
	}
	if len(blocks) == 0 {
		return overtaken()
	}
	m := message{text: first, blocks: blocks, key: s.keyOf(c, "")}
	if err := s.toMember(ctx, string(member), m); !isCode(err, personGone...) { // they need not be of the committee
		return err
	}
	return s.toCommittee(ctx, c, "", func(l i18n.Language) message {
		text := i18n.T("reminder.missing", "number", string(c.Number), "member", mention(string(member))).In(l)
		return message{text: text, blocks: []block{say(text), buttons(act(actFile, c, l))}}
	})
}
