package conversation

import (
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// The fields of Answers that are no fields of a case.
const (
	fieldCall = "call" // the number at which they would like to be called, which need not be that of their contact
	fieldMail = "mail" // the same of e-mail

	fieldAbout = "about" // what the talk is about that was asked for
)

// mark begins the value of an answer that was pressed and not typed: nobody can type it, since clean takes it away.
const mark = "\x1f"

// code is the value of an answer that was pressed. It is said in the language of the moment.
func code(chosen string) string { return mark + chosen }

// cutMark takes the value of an answer that was pressed apart: what was pressed, and what belongs to it.
func cutMark(value string) (chosen, rest string, pressed bool) {
	chosen, pressed = strings.CutPrefix(value, mark)
	if at := strings.IndexAny(chosen, ": "); pressed && at >= 0 {
		chosen, rest = chosen[:at], chosen[at+1:]
	}
	return chosen, rest, pressed
}

// coded are the sentences of answers that were pressed and need nothing filled in.
var coded = map[string]i18n.Text{
	"once":    i18n.T("answer.once"),
	no:        i18n.T("answer.no-prior"),
	"self":    i18n.T("answer.self"),
	unknown:   i18n.T("answer.unknown"),
	"nobody":  i18n.T("answer.nobody"),
	"nothing": i18n.T("answer.nothing"),
	"not-yet": i18n.T("answer.not-yet"),
	"soon":    i18n.T("answer.soon"),
}

// labels name the answers in a summary, changes the buttons that change one. Those of a procedure come before them.
var labels = map[string]i18n.Text{
	cases.FieldName:      i18n.T("answer.label.name"),
	cases.FieldFor:       i18n.T("answer.label.for"),
	cases.FieldAuthority: i18n.T("answer.label.authority"),
	cases.FieldSubject:   i18n.T("answer.label.subject"),
	cases.FieldProblem:   i18n.T("answer.label.problem"),
	cases.FieldWhen:      i18n.T("answer.label.when"),
	cases.FieldOften:     i18n.T("answer.label.often"),
	cases.FieldWish:      i18n.T("answer.label.wish"),
	cases.FieldPrior:     i18n.T("answer.label.prior"),
	cases.FieldPriorEnd:  i18n.T("answer.label.prior-end"),
	cases.FieldContact:   i18n.T("answer.label.contact"),
	cases.FieldTelephone: i18n.T("answer.label.telephone"),
	cases.FieldEmail:     i18n.T("answer.label.email"),
	cases.FieldConflict:  i18n.T("answer.label.conflict"),
	cases.FieldFirstDay:  i18n.T("answer.label.first-day"),
	cases.FieldLastDay:   i18n.T("answer.label.last-day"),
	cases.FieldMoment:    i18n.T("answer.label.moment"),
	cases.FieldPost:      i18n.T("answer.label.post"),
	fieldAbout:           i18n.T("answer.label.subject"),
	fieldCall:            i18n.T("answer.label.telephone"),
	fieldMail:            i18n.T("answer.label.email"),
}

var changes = map[string]i18n.Text{
	cases.FieldName:      i18n.T("change.button.name"),
	cases.FieldFor:       i18n.T("change.button.for"),
	cases.FieldAuthority: i18n.T("change.button.authority"),
	cases.FieldSubject:   i18n.T("change.button.subject"),
	cases.FieldProblem:   i18n.T("change.button.problem"),
	cases.FieldWhen:      i18n.T("change.button.when"),
	cases.FieldOften:     i18n.T("change.button.often"),
	cases.FieldWish:      i18n.T("change.button.wish"),
	cases.FieldPrior:     i18n.T("change.button.prior"),
	cases.FieldPriorEnd:  i18n.T("change.button.prior-end"),
	cases.FieldContact:   i18n.T("change.button.contact"),
	cases.FieldTelephone: i18n.T("change.button.telephone"),
	cases.FieldEmail:     i18n.T("change.button.email"),
	cases.FieldConflict:  i18n.T("change.button.conflict"),
	cases.FieldFirstDay:  i18n.T("change.button.first-day"),
	cases.FieldLastDay:   i18n.T("change.button.last-day"),
	cases.FieldMoment:    i18n.T("change.button.moment"),
	cases.FieldPost:      i18n.T("change.button.post"),
	fieldAbout:           i18n.T("change.button.subject"),
	fieldCall:            i18n.T("change.button.telephone"),
	fieldMail:            i18n.T("change.button.email"),
}

// label names an answer.
func (t *turn) label(field string) i18n.Text {
	if q := t.asks(field); q != nil && q.Label[t.Language] != "" {
		return q.Label.In(t.Language)
	}
	return labels[field]
}

// asks is the question of the procedure whose own answer is kept in a field; nil where that is no other's.
func (t *turn) asks(field string) *cases.Question {
	for i := range t.procedure.Questions {
		if q := &t.procedure.Questions[i]; q.Field() == field {
			return q
		}
	}
	return nil
}

// changeButton changes a part from where it is reviewed.
func (t *turn) changeButton(part string) Button {
	label := changes[part]
	if q := t.asks(part); q != nil && q.Label[t.Language] != "" {
		label = i18n.T("change.button.own", "label", q.Label[t.Language])
		if length(label.In(t.Language)) > cases.MostButton {
			label = q.Label.In(t.Language)
		}
	}
	return choice(label, "change:"+part)
}

// change lets a part be changed from where it is reviewed, if that was pressed.
func (t *turn) change(a answer) bool {
	if !strings.HasPrefix(a.choice, "change:") {
		return false
	}
	to, ok := t.open().arrow(a.choice)
	if ok {
		t.Changing = t.step(to).part
		t.enter(to)
	}
	return ok
}

// answered says whether there is an answer in a field.
func (t *turn) answered(field string) bool { return t.Answers[field] != "" }

// shown is an answer as it is shown to the person, cut to at most that many characters.
func (t *turn) shown(field string, most int) i18n.Text {
	value := t.Answers[field]
	if field == cases.FieldProblem {
		value = t.Story.Excerpt
	}
	chosen, rest, pressed := cutMark(value)
	switch {
	case value == "" && field == cases.FieldProblem && t.Story.Files > 0:
		return i18n.T("answer.files", "count", t.Story.Files)
	case value == "":
		return i18n.T("answer.none")
	case !pressed && t.Days.of(field) != "":
		return i18n.T("answer.with-days", "words", i18n.Plain(excerpt(value, most)), "days", t.Days.said(t.Language))
	case !pressed:
		return i18n.Plain(excerpt(value, most))
	}
	return t.pressedAnswer(field, chosen, excerpt(rest, most))
}

// pressedAnswer says an answer that was pressed.
func (t *turn) pressedAnswer(field, chosen, rest string) i18n.Text {
	switch {
	case field == cases.FieldFor:
		return whose(chosen, rest)
	case chosen == "days":
		return t.Days.said(t.Language)
	case chosen == "files":
		count, words := cutFiles(code("files:" + rest))
		text := i18n.T("answer.files", "count", count)
		if words != "" {
			text = two(text, i18n.Plain(words))
		}
		return text
	case chosen == "moment":
		return t.moment(rest)
	case chosen == "day":
		if day, err := time.Parse(time.DateOnly, rest); err == nil {
			return i18n.T("answer.day", "day", i18n.Date{Time: day})
		}
	case chosen == "pick":
		return t.picked(field, rest)
	}
	if said, ok := coded[chosen]; ok {
		return said
	}
	return i18n.T("answer.none")
}

// final is an answer as it goes to the committee: words in the person's language, empty where there is none.
func (t *turn) final(field string) string {
	value := t.Answers[field]
	chosen, rest, pressed := cutMark(value)
	switch {
	case value == "":
		return ""
	case field == cases.FieldContact && value == code("self"):
		return t.final(cases.FieldName)
	case field == cases.FieldFor && pressed:
		return strings.TrimSpace(chosen + " " + rest)
	case pressed:
		return t.shown(field, t.procedure.Limits.Answer).In(t.Language)
	}
	return value
}

// finals are the answers of a complaint as they go to the committee.
func (t *turn) finals() cases.Words {
	all := make(cases.Words, len(t.Answers))
	for _, field := range t.fields {
		if value := t.final(field); value != "" && t.applies(field) {
			all[field] = value
		}
	}
	return all
}

// applies says whether a field belongs to what was answered elsewhere: how somebody agreed only if there is somebody, what
// came of an earlier contact only if there was one.
func (t *turn) applies(field string) bool {
	switch field {
	case cases.FieldAuthority:
		whose, _, _ := cutMark(t.Answers[cases.FieldFor])
		return whose == cases.ForAnother
	case cases.FieldPriorEnd:
		return t.answered(cases.FieldPrior) && t.Answers[cases.FieldPrior] != code(no)
	}
	return true
}

// A message may have 4,096 UTF-16 units (Bot API). The frame is what a title, or a label with what stands around an
// answer, takes of them at most; it is reckoned, since the words themselves are not ours to know.
const (
	mostSaid = 4096
	frame    = 180
)

// showAnswers says the answers of some fields in the person's own words, in as few messages as they fit with the question that
// follows.
func (t *turn) showAnswers(title i18n.Text, fields []string) {
	page := pages{t: t, message: title, size: frame}
	for _, field := range fields {
		if !t.applies(field) {
			continue
		}
		value := t.Answers[field]
		item := i18n.T("answer.item", "label", t.label(field), "words", t.shown(field, t.procedure.Limits.Answer))
		if field == cases.FieldProblem {
			value, item = t.Story.Excerpt, t.showStory(item)
		}
		page.add(item, frame+i18n.Units(value))
	}
	t.note = page.message
	if page.size+frame > mostSaid {
		t.sayNote()
	}
}

// showStory says how the story begins, and how much there is of it.
func (t *turn) showStory(item i18n.Text) i18n.Text {
	if t.Story.Length > length(t.Story.Excerpt) {
		item = i18n.T("answer.story", "label", t.label(cases.FieldProblem), "words", t.Story.Excerpt, "count", t.Story.Parts)
	}
	if t.Story.Files > 0 && t.Story.Parts > 0 {
		item = i18n.T("answer.and-files", "item", item, "files", i18n.T("answer.files", "count", t.Story.Files))
	}
	return item
}

// pages says pieces in as few messages as they fit.
type pages struct {
	t       *turn
	message i18n.Text
	size    int
}

// add puts a piece of at most that many units after the others.
func (p *pages) add(piece i18n.Text, size int) {
	if p.size+size > mostSaid {
		p.t.say(p.message)
		p.message, p.size = piece, size
		return
	}
	p.message = two(p.message, piece)
	p.size += size
}
