package web

import (
	"errors"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// before stands before the field of an answer, in the name and the identifier of what corrects it.
const before = "to-"

// names is the field for the names of whom a complaint is for, beside that for whose it is.
const names = before + cases.FieldFor + "-names"

// answers are those of a write-up, each under its question, with what is typed to correct it.
func (v *visit) answers() (all []answer) {
	for i, name := range v.file.Fields(v.procedure) {
		a := answer{ID: "answer-" + number(i+1), Question: v.question(name), Words: v.answer(name), Correct: v.say("page.approval.correct")}
		if a.Words == "" {
			a.Words, a.None, a.Correct = v.say("letter.no-answer"), true, v.say("page.approval.answer")
		}
		a.Fields = v.correction(name, a.Question)
		for _, f := range a.Fields {
			a.Open = a.Open || f.Failure != "" || v.typed.Has(f.Name) && plain(v.typed.Get(f.Name)) != plain(v.stands(f.Name))
		}
		all = append(all, a)
	}
	return all
}

// own is the question of the organisation's own that a field answers, or that of a day.
func (v *visit) own(name string) (cases.Question, bool) {
	return v.procedure.OwnQuestion(name)
}

// question is how a field is asked for: in the organisation's own words, where it has them. What nothing asks for any more is
// shown under the name that it is kept by.
func (v *visit) question(name string) string {
	if q, ok := v.procedure.Question(strings.TrimPrefix(name, cases.FieldOwn)); ok && q.Field() == name && q.Ask[v.language] != "" {
		return q.Ask[v.language]
	}
	if key := "letter.field." + name; i18n.Has(key) {
		return v.say(key)
	}
	return strings.TrimPrefix(name, cases.FieldOwn)
}

// answer is what stands in a field, as its reader says it.
func (v *visit) answer(name string) string {
	words := plain(v.file.Answers[name])
	q, own := v.own(name)
	switch {
	case words == "":
	case name == cases.FieldFor:
		whose, who := cases.Whose(words)
		said := v.say("letter.for." + whose)
		if who != "" {
			said += ": " + who
		}
		return said
	case own && q.Kind == cases.AskDate:
		if day, err := time.ParseInLocation(time.DateOnly, words, v.procedure.Location()); err == nil {
			return v.show(i18n.Date{Time: day})
		}
	case own && q.Kind == cases.AskChoice:
		if c, ok := q.Chosen(words); ok {
			return c.Label[v.language]
		}
	}
	return words
}

// stands is what a field that corrects an answer holds before anything is typed in it.
func (v *visit) stands(id string) string {
	name := strings.TrimPrefix(id, before)
	words := v.file.Answers[name]
	whose, who := cases.Whose(v.file.Answers[cases.FieldFor])
	switch {
	case id == names:
		return who
	case name == cases.FieldFor:
		return whose
	}
	if q, own := v.own(name); own && q.Kind == cases.AskChoice {
		c, _ := q.Chosen(words)
		return c.ID
	}
	return words
}

// correction is what an answer can be corrected in: none for files, which can't be sent here, nor for what is no answer to a
// question.
func (v *visit) correction(name, question string) []field {
	f := field{ID: before + name, Name: before + name, Label: v.say("page.approval.instead"), About: question, Kind: "textarea", Rows: 3}
	q, own := v.own(name)
	switch {
	case name == cases.FieldFor:
		return v.whose(f)
	case own && q.Kind == cases.AskFile, !own && !slices.Contains(cases.ComplaintFields, name):
		return nil
	case own && q.Kind == cases.AskChoice:
		f.Kind = "select"
		f.Options = []option{{Label: v.say("letter.no-answer")}}
		for _, c := range q.Choices {
			f.Options = append(f.Options, option{Value: c.ID, Label: c.Label[v.language]})
		}
	case own && q.Kind == cases.AskDate:
		f.Kind = "date"
	case own && q.Kind == cases.AskNumber:
		f.Kind = "text"
	case name == cases.FieldEmail:
		f.Kind, f.Complete = "email", "email"
	case name == cases.FieldTelephone:
		f.Kind, f.Complete = "tel", "tel"
	case name == cases.FieldName:
		f.Kind, f.Complete = "text", "name"
	case name == cases.FieldProblem:
		f.Rows = 12
	}
	if f.Kind == "textarea" {
		f.Hint = v.say("page.hint.limit", "limit", v.figure(v.limit(name)))
	}
	if v.stands(f.ID) != "" && v.file.MayEmpty(name, v.procedure) {
		f.Hint = strings.TrimSpace(f.Hint + " " + v.say("page.hint.empty"))
	}
	return []field{v.fill(f)}
}

// whose are the fields for whose complaint it is.
func (v *visit) whose(f field) []field {
	f.Kind = "select"
	for _, whose := range []string{cases.ForSelf, cases.ForAnother, cases.ForJoint} {
		f.Options = append(f.Options, option{Value: whose, Label: v.say("letter.for." + whose)})
	}
	who := field{ID: names, Name: names, Label: v.say("page.approval.names"), Kind: "text"}
	return []field{v.fill(f), v.fill(who)}
}

// fill puts into a field what was typed in it, or else what stands.
func (v *visit) fill(f field) field {
	f.Value, f.Failure = v.stands(f.ID), v.failed(f.ID)
	if v.typed.Has(f.Name) {
		f.Value = v.typed.Get(f.Name)
	}
	for i := range f.Options {
		f.Options[i].Chosen = f.Options[i].Value == f.Value
	}
	return f
}

// limit is how many characters an answer has room for.
func (v *visit) limit(name string) int {
	switch q, own := v.own(name); {
	case name == cases.FieldName:
		return v.procedure.Limits.Name
	case name == cases.FieldProblem:
		return v.procedure.Limits.Story
	case own && q.Kind == cases.AskText:
		return v.procedure.MostOf(q)
	}
	return v.procedure.Limits.Answer
}

// corrected are the answers that were changed, as they are kept. What is wrong with one is said at its field.
func (v *visit) corrected(now time.Time) cases.Words {
	changed := cases.Words{}
	for _, name := range v.file.Fields(v.procedure) {
		id := before + name
		if !v.typed.Has(id) {
			continue
		}
		words := plain(v.typed.Get(id))
		if name == cases.FieldFor {
			v.correctedFor(changed, words)
			continue
		}
		if words == plain(v.stands(id)) {
			continue
		}
		if words = v.right(name, words); v.failed(id) == "" {
			changed[name] = words
		}
	}
	v.checkDays(changed, now)
	return changed
}

// checkDays says at its field what is wrong with the days that a complaint is about.
func (v *visit) checkDays(changed cases.Words, now time.Time) {
	after := maps.Clone(v.file.Answers)
	maps.Copy(after, changed)
	refused, is := errors.AsType[*cases.Refusal](cases.CheckDays(after, v.procedure, now))
	switch {
	case !is:
	case refused.Text.Key == "refusal.days-swapped":
		v.wrong(before+cases.FieldLastDay, i18n.T("page.wrong.days-swapped"))
	default:
		v.wrong(before+cases.FieldFirstDay, i18n.T("page.wrong.day-to-come"))
	}
}

func (v *visit) correctedFor(changed cases.Words, whose string) {
	who := plain(v.typed.Get(names))
	if whose == v.stands(before+cases.FieldFor) && who == v.stands(names) {
		return
	}
	switch {
	case !slices.Contains([]string{cases.ForSelf, cases.ForAnother, cases.ForJoint}, whose):
		v.wrong(before+cases.FieldFor, i18n.T("page.wrong.choice"))
	case whose == cases.ForSelf:
		changed[cases.FieldFor] = whose
	case who == "":
		v.wrong(names, i18n.T("page.wrong.names"))
	default:
		v.fits(names, who, v.procedure.Limits.Answer)
		changed[cases.FieldFor] = whose + " " + who
	}
}

// right looks whether an answer can be what it says, and is how it is kept.
func (v *visit) right(name, words string) string {
	id := before + name
	q, own := v.own(name)
	switch {
	case words == "" && v.file.MayEmpty(name, v.procedure):
	case words == "" && (name == cases.FieldEmail || name == cases.FieldTelephone):
		v.wrong(id, i18n.T("page.wrong.no-way"))
	case words == "":
		v.wrong(id, i18n.T("page.wrong.empty"))
	case name == cases.FieldEmail:
		if parsed, err := mail.ParseAddress(words); err != nil || parsed.Address != words || len(words) > 254 || !strings.Contains(words[strings.LastIndexByte(words, '@'):], ".") {
			v.wrong(id, i18n.T("page.wrong.email"))
		}
	case name == cases.FieldTelephone:
		if digits := strings.Count(strings.Map(digit, words), "0"); digits < 6 || digits > 20 || len(words) > 60 {
			v.wrong(id, i18n.T("page.wrong.telephone"))
		}
	case own && q.Kind == cases.AskChoice && !v.procedure.Fits(q, words):
		v.wrong(id, i18n.T("page.wrong.choice"))
	case own && q.Kind == cases.AskDate && !v.procedure.Fits(q, words):
		v.wrong(id, i18n.T("page.wrong.date"))
	case own && q.Kind == cases.AskNumber && !v.procedure.Fits(q, words):
		v.wrong(id, i18n.T("page.wrong.number", "least", v.figure(q.Least), "most", v.figure(v.procedure.MostOf(q))))
	default:
		v.fits(id, words, v.limit(name))
	}
	return words
}

// digit makes every digit a nought, and all else nothing.
func digit(r rune) rune {
	if r >= '0' && r <= '9' {
		return '0'
	}
	return -1
}
