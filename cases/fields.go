package cases

import (
	"maps"
	"slices"
	"strings"
)

// further are the fields that a question fills beside its own.
var further = map[string][]string{
	FieldFor:     {FieldAuthority},
	FieldWhen:    DayFields,
	FieldPrior:   {FieldPriorEnd},
	FieldContact: {FieldTelephone, FieldEmail},
}

// Fields lists the fields of the answers in the order in which they are asked by the settings that the case began with. Of a
// complaint it lists each question, answered or not, and what is asked further only where it was answered, but for the ways to
// reach somebody, and the days of a write-up while they can be corrected; of a talk what was
// answered. Last comes whatever else was told, so that nothing of it is missed.
func (f *File) Fields(settings *Procedure) []string {
	var all []string
	add := func(field string, always bool) {
		if !slices.Contains(all, field) && (always || strings.TrimSpace(f.Answers[field]) != "") {
			all = append(all, field)
		}
	}
	if f.Case.Kind == Talk {
		for _, field := range []string{FieldName, FieldTelephone, FieldEmail, FieldPost, FieldMoment, FieldSubject} {
			add(field, false)
		}
	}
	for _, q := range settings.Questions {
		add(q.Field(), f.Case.Kind == Formal)
		for _, field := range further[q.ID] {
			add(field, f.Case.Kind == Formal && (q.ID == FieldContact || q.ID == FieldWhen && f.Case.Stage == Awaiting))
		}
	}
	for _, field := range slices.Sorted(maps.Keys(f.Answers)) {
		add(field, false)
	}
	return all
}

// MayEmpty says whether an answer of a write-up may be taken away by who corrects it: what the settings let a complainant skip, and
// what is asked further. A name, a problem and a way to reach the complainant remain.
func (f *File) MayEmpty(field string, settings *Procedure) bool {
	answered := func(one string) bool { return strings.TrimSpace(f.Answers[one]) != "" }
	switch field {
	case FieldName, FieldFor, FieldProblem, FieldEmail:
		return false
	case FieldTelephone:
		return answered(FieldEmail)
	case FieldAuthority:
		whose, _ := Whose(f.Answers[FieldFor])
		return whose == ForSelf
	case FieldPriorEnd, FieldContact:
		return true
	}
	q, ok := settings.OwnQuestion(field)
	if !ok {
		q, ok = settings.Question(field)
	}
	return ok && (q.Optional || q.Unknown)
}

// Whose takes the answer to FieldFor apart: whether it is ForSelf, ForAnother or ForJoint, and who they are. An answer that
// begins with none of them is ForSelf.
func Whose(answer string) (whose, names string) {
	whose, names, _ = strings.Cut(answer, " ")
	if whose != ForAnother && whose != ForJoint {
		return ForSelf, ""
	}
	return whose, strings.TrimSpace(names)
}
