package slack

import (
	"strings"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// askAnswer asks in a write-up for the answer that is kept in a field: a built-in one by the name that the file gives it, one of the
// organisation's own in its own words.
func askAnswer(p *cases.Procedure, field, value string, optional bool, l i18n.Language) []block {
	q, own := p.OwnQuestion(field)
	hint := q.Ask[l]
	if key := "form.write-up." + field + ".hint"; i18n.Has(key) {
		hint = i18n.T(key).In(l)
	}
	label := nameOfField(q, own, field, l)
	if q.Kind == cases.AskFile {
		return []block{say("*" + escape(label) + "*\n" + i18n.T("form.write-up.file").In(l))}
	}
	return askIn(p, field, field, label, hint, value, optional, l)
}

// askIn asks for the answer of a field by what its kind is filled in with, in the block of a name. A hint that is too long for
// one stands above it.
func askIn(p *cases.Procedure, field, name, label, hint, value string, optional bool, l i18n.Language) (blocks []block) {
	if i18n.Units(hint) > maxLabel {
		blocks, hint = quote(hint), ""
	}
	q, _ := p.OwnQuestion(field)
	switch {
	case q.Kind == cases.AskChoice:
		all := make([]choice, 0, len(q.Choices))
		for _, c := range q.Choices {
			all = append(all, choice{c.ID, c.Label[l]})
		}
		picked, _ := q.Chosen(value)
		return append(blocks, askFromList(name, label, hint, i18n.T("form.choose").In(l), picked.ID, all, optional))
	case q.Kind == cases.AskDate:
		return append(blocks, askDay(name, label, hint, value, optional))
	case q.Kind == cases.AskNumber, q.Kind == "" && isOneLine(field):
		return append(blocks, askLine(name, label, hint, value, optional))
	}
	return append(blocks, askText(name, label, hint, value, optional))
}

// checkAnswer says at a field what is wrong with an answer to a question of the organisation's own, or with a day.
func checkAnswer(p *cases.Procedure, field, at, words string) error {
	q, own := p.OwnQuestion(field)
	if words = strings.TrimSpace(words); !own || words == "" || p.Fits(q, words) {
		return nil
	}
	said := i18n.T("refusal.no-such-answer")
	switch q.Kind {
	case cases.AskNumber:
		said = i18n.T("refusal.no-number", "least", q.Least, "most", p.MostOf(q))
	case cases.AskText:
		said = i18n.T("refusal.answer-too-long", "limit", p.MostOf(q))
	}
	return &atField{at, said}
}
