package cases

import (
	"maps"
	"slices"
	"strings"
)

// further are the fields that a question fills beside its own.
var further = map[string][]string{
	FieldFor:     {FieldAuthority},
	FieldPrior:   {FieldPriorEnd},
	FieldContact: {FieldTelephone, FieldEmail},
}

// Fields lists the fields of the answers in the order in which they are asked by the settings that the case began with. Of a
// complaint it lists each question, answered or not, and what is asked further only where it was answered; of a talk what was
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
			add(field, f.Case.Kind == Formal && q.ID == FieldContact)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(f.Answers)) {
		add(field, false)
	}
	return all
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
