package slack

import (
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// answerBlocks is all that the complainant told, under the names of what they were asked, by the settings that the case began
// with.
func answerBlocks(f *cases.File, p *cases.Procedure, l i18n.Language) (blocks []block) {
	for _, field := range f.Fields(p) {
		q, own := p.OwnQuestion(field)
		name := "*" + escape(nameOfField(q, own, field, l)) + "*"
		title := say(name)
		if f.Case.Stage == cases.Awaiting && q.Kind != cases.AskFile && correctable(p, field) { // its complainant has not agreed to it yet
			title = sayWith(name, press(actCorrect, i18n.T("card.button.correct").In(l), string(f.Case.Number)+" "+field))
		}
		blocks = append(blocks, title)
		files := enclosedFor(f, field)
		switch words := f.Answers[field]; {
		case files > 0 && (words == "" || q.Kind == cases.AskFile):
		case words == "":
			blocks = append(blocks, small(i18n.T("file.unanswered").In(l)))
		case field == cases.FieldFor:
			whose, names := cases.Whose(words)
			blocks = append(blocks, say(i18n.T("file.for."+whose).In(l)))
			if names != "" {
				blocks = append(blocks, quote(names)...)
			}
		case own:
			blocks = append(blocks, ownAnswer(q, words, p, l)...)
		default:
			blocks = append(blocks, quote(words)...)
		}
		if files > 0 {
			blocks = append(blocks, small(i18n.T("file.attached", "count", files).In(l)))
		}
		if field == cases.FieldWhen && len(f.Events) > 0 {
			blocks = append(blocks, period(f.Events[0], p, l)...)
		}
	}
	return blocks
}

// correctable says whether an answer of a write-up can be corrected by typing another.
func correctable(p *cases.Procedure, field string) bool {
	_, own := p.OwnQuestion(field)
	return own || slices.Contains(askedOnWriteUp, field)
}

// nameOfField is what an answer is called: as the organisation calls its own questions. What no question asks for any more is
// called by the name that it is kept by.
func nameOfField(q cases.Question, own bool, field string, l i18n.Language) string {
	switch {
	case own && q.Label[l] != "":
		return q.Label[l]
	case own && q.Ask[l] != "":
		return q.Ask[l]
	case i18n.Has("file.field." + field):
		return i18n.T("file.field." + field).In(l)
	}
	return strings.TrimPrefix(field, cases.FieldOwn)
}

// ownAnswer is an answer to a question of the organisation's own: a choice by its label in the reader's language, a date as a
// person reads one, all else as it was said.
func ownAnswer(q cases.Question, words string, p *cases.Procedure, l i18n.Language) []block {
	if c, ok := q.Chosen(words); ok && c.Label[l] != "" {
		return []block{say(escape(c.Label[l]))}
	}
	if q.Kind == cases.AskDate {
		if on, err := time.ParseInLocation(time.DateOnly, words, p.Location()); err == nil {
			return []block{say(i18n.T("file.day", "day", i18n.Date{Time: on}).In(l))}
		}
	}
	return quote(words)
}

// period says which days the complaint is about, where they are known.
func period(filed cases.Event, p *cases.Procedure, l i18n.Language) []block {
	from, to := filed.Data["from"], filed.Data["to"]
	key := "file.period.days"
	switch {
	case from == "":
		return nil
	case to == "":
		key = "file.period.since"
	case to == from:
		key = "file.period.day"
	}
	return []block{small(i18n.T(key, "from", day(from, p), "to", day(to, p)).In(l))}
}
