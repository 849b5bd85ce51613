package mail

import (
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// questions are the fields of a complaint as the complainant was asked for them.
var questions = map[string]string{
	cases.FieldName:      "letter.field.name",
	cases.FieldFor:       "letter.field.for",
	cases.FieldAuthority: "letter.field.authority",
	cases.FieldSubject:   "letter.field.subject",
	cases.FieldProblem:   "letter.field.problem",
	cases.FieldWhen:      "letter.field.when",
	cases.FieldOften:     "letter.field.often",
	cases.FieldWish:      "letter.field.wish",
	cases.FieldPrior:     "letter.field.prior",
	cases.FieldPriorEnd:  "letter.field.prior-end",
	cases.FieldContact:   "letter.field.contact",
	cases.FieldTelephone: "letter.field.telephone",
	cases.FieldEmail:     "letter.field.email",
	cases.FieldConflict:  "letter.field.conflict",
	cases.FieldFirstDay:  "letter.field.first-day",
	cases.FieldLastDay:   "letter.field.last-day",
}

// answers are the complainant's own, each under its question, in the order in which they were asked.
func (w *writer) answers() (all []Line) {
	for _, field := range w.file.Fields(w.procedure) {
		answer := Line{Label: w.question(field), Value: w.answer(field)}
		if field == cases.FieldWhen {
			answer.Value = strings.Join(some(answer.Value, w.days()), "\n")
		}
		if files := w.files(field); files > 0 {
			if q, _ := w.procedure.OwnQuestion(field); q.Kind == cases.AskFile {
				answer.Value = ""
			}
			answer.Value = strings.Join(some(answer.Value, w.say("letter.files", "count", files)), "\n")
		}
		if answer.Value == "" {
			answer.Value, answer.None = w.say("letter.no-answer"), true
		}
		all = append(all, answer)
	}
	return all
}

// question is how a field was asked for: in the organisation's own words, where it has them. What nothing asks for any more
// is shown under the name that it is kept by.
func (w *writer) question(field string) string {
	if q, ok := w.procedure.Question(strings.TrimPrefix(field, cases.FieldOwn)); ok && q.Field() == field {
		if asked := visible(q.Ask[w.letter.Language]); asked != "" {
			return asked
		}
	}
	if key := questions[field]; key != "" {
		return w.say(key)
	}
	return clean(field)
}

// answer is what the complainant said in a field.
func (w *writer) answer(field string) string {
	words := w.file.Answers[field]
	if field == cases.FieldFor && words != "" {
		whose, names := cases.Whose(words)
		said := w.say("letter.for." + whose)
		if names = visible(names); names != "" {
			said += ": " + names
		}
		return said
	}
	if q, ok := w.procedure.OwnQuestion(field); ok {
		return visible(w.own(q, words))
	}
	return visible(words)
}

// own is an answer to a question of the organisation's own: a choice by its label, a date as a person reads one.
func (w *writer) own(q cases.Question, words string) string {
	if q.Kind == cases.AskDate {
		if day, err := time.ParseInLocation(time.DateOnly, words, w.procedure.Location()); err == nil {
			return w.show(i18n.Date{Time: day})
		}
	}
	if c, ok := q.Chosen(words); ok && c.Label[w.letter.Language] != "" {
		return c.Label[w.letter.Language]
	}
	return words
}

// files counts the files that were sent for an answer, as far as they can be kept.
func (w *writer) files(field string) (n int) {
	for _, e := range w.file.Attachments {
		if e.Field == field && (e.State == cases.EnclosureKept || e.State == cases.EnclosureWaiting) {
			n++
		}
	}
	return n
}

// days says which days the complaint is about, as they were understood, where they were.
func (w *writer) days() string {
	filed, _ := w.file.Event(1)
	said := &writer{event: filed, procedure: w.procedure, letter: w.letter}
	from, begins := said.day("from")
	to, ends := said.day("to")
	switch {
	case !begins:
		return ""
	case !ends:
		return w.say("letter.days.since", "from", from)
	case from == to:
		return w.say("letter.days.one", "day", from)
	}
	return w.say("letter.days.from-to", "from", from, "to", to)
}
