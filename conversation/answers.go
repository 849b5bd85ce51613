package conversation

import (
	"strings"
	"unicode/utf16"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// mark begins the value of an answer that was pressed and not typed: nobody can type it, since clean takes it away.
const mark = "\x1f"

// code is the value of an answer that was pressed. It is said in the language of the moment.
func code(chosen string) string { return mark + chosen }

// coded are the sentences of answers that were pressed, but for moments.
var coded = map[string]i18n.Text{
	"once": i18n.T("answer.once"),
	no:     i18n.T("answer.no-prior"),
	"self": i18n.T("answer.self"),
}

// labels name the answers in a summary, buttons the change of one.
var labels = map[string]i18n.Text{
	cases.FieldName:      i18n.T("answer.label.name"),
	cases.FieldSubject:   i18n.T("answer.label.subject"),
	cases.FieldProblem:   i18n.T("answer.label.problem"),
	cases.FieldWhen:      i18n.T("answer.label.when"),
	cases.FieldOften:     i18n.T("answer.label.often"),
	cases.FieldWish:      i18n.T("answer.label.wish"),
	cases.FieldPrior:     i18n.T("answer.label.prior"),
	cases.FieldContact:   i18n.T("answer.label.contact"),
	cases.FieldTelephone: i18n.T("answer.label.telephone"),
	cases.FieldEmail:     i18n.T("answer.label.email"),
	cases.FieldMoment:    i18n.T("answer.label.moment"),
}

var changes = map[string]i18n.Text{
	cases.FieldName:      i18n.T("change.button.name"),
	cases.FieldSubject:   i18n.T("change.button.subject"),
	cases.FieldProblem:   i18n.T("change.button.problem"),
	cases.FieldWhen:      i18n.T("change.button.when"),
	cases.FieldOften:     i18n.T("change.button.often"),
	cases.FieldWish:      i18n.T("change.button.wish"),
	cases.FieldPrior:     i18n.T("change.button.prior"),
	cases.FieldContact:   i18n.T("change.button.contact"),
	cases.FieldTelephone: i18n.T("change.button.telephone"),
	cases.FieldEmail:     i18n.T("change.button.email"),
	cases.FieldMoment:    i18n.T("change.button.moment"),
}

func changeButton(field string) Button { return choice(changes[field], "change:"+field) }

// change lets an answer be changed from the review, if that was pressed.
func (t *turn) change(a answer) bool {
	if !strings.HasPrefix(a.choice, "change:") {
		return false
	}
	to, ok := steps[t.State].arrow(a.choice)
	if ok {
		t.Changing = true
		t.enter(to)
	}
	return ok
}

// fillGap asks for the first answer that is missing though it may not be skipped.
func (t *turn) fillGap(fields []string) bool {
	for _, field := range fields {
		to, _ := steps[t.State].arrow("change:" + field)
		_, may := steps[to].arrow(skip)
		if !may && !t.answered(field) && (field != cases.FieldProblem || t.Story.Parts == 0) {
			t.Changing = true
			t.enter(to)
			return true
		}
	}
	return false
}

// answered says whether there is an answer in a field.
func (t *turn) answered(field string) bool { return t.Answers[field] != "" }

// value is what is kept in a field; of the story, how it begins.
func (t *turn) value(field string) string {
	if field == cases.FieldProblem {
		return t.Story.Excerpt
	}
	return t.Answers[field]
}

// shown is an answer as it is shown to the person, cut to at most that many characters.
func (t *turn) shown(field string, most int) i18n.Text {
	value := t.value(field)
	if value == "" {
		return i18n.T("answer.none")
	}
	chosen, pressed := strings.CutPrefix(value, mark)
	if !pressed {
		return i18n.Plain(excerpt(value, most))
	}
	if said, ok := coded[chosen]; ok {
		return said
	}
	if said, ok := moment(chosen); ok {
		return said
	}
	return i18n.T("answer.none")
}

// final is an answer as it goes to the committee: words in the person's language, empty where there is none.
func (t *turn) final(field string) string {
	value := t.Answers[field]
	switch {
	case value == "":
		return ""
	case field == cases.FieldContact && value == code("self"):
		return t.final(cases.FieldName)
	case strings.HasPrefix(value, mark):
		return t.shown(field, mostWords).In(t.Language)
	}
	return value
}

// A message may have 4,096 UTF-16 units (Bot API). The frame is what a title, or a label with what stands around an
// answer, takes of them at most; it is reckoned, since the words themselves are not ours to know.
const (
	mostSaid = 4096
	frame    = 110
)

// showAnswers says the answers of some fields in the person's own words, in as few messages as they fit.
func (t *turn) showAnswers(title i18n.Text, fields []string) {
	message, size := title, frame
	for _, field := range fields {
		item := i18n.T("answer.item", "label", labels[field], "words", t.shown(field, mostWords))
		if field == cases.FieldProblem && t.Story.Length > length(t.Story.Excerpt) {
			item = i18n.T("answer.story", "label", labels[field], "words", t.Story.Excerpt, "count", t.Story.Parts)
		}
		room := frame + units(t.value(field))
		if size+room > mostSaid {
			t.say(message)
			message, size = item, room
			continue
		}
		message = i18n.T("answer.two", "first", message, "second", item)
		size += room
	}
	t.say(message)
}

// units counts as Telegram does.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
