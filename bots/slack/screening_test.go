package slack

import (
	"testing"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/names"
)

func TestWhatIsHeldAgainstTheNamesOfTheWorkspace(t *testing.T) {
	workspace := names.Meet([]names.Person{
		{ID: bram, Names: []string{"Bram Verkerk (invented)", "bram", "b.verkerk@demo.invalid"}},
		{ID: dewi, Names: []string{"Dewi Hartono (invented)"}},
	})
	own := func(kind cases.QuestionKind, choices ...cases.Choice) *cases.Procedure {
		p := cases.DefaultProcedure()
		p.Questions = append(p.Questions, cases.Question{ID: "branch", Kind: kind, Choices: choices})
		return p
	}
	plain := cases.DefaultProcedure()
	for name, one := range map[string]struct {
		e    cases.Event
		p    *cases.Procedure
		want cases.Member
	}{
		"whom it is about":            {cases.Event{Kind: cases.Filed, Words: cases.Words{cases.FieldSubject: "Bram"}}, plain, bram},
		"the story":                   {cases.Event{Kind: cases.Filed, Words: cases.Words{cases.FieldProblem: "en toen riep Dewi iets"}}, plain, dewi},
		"who should not handle it":    {cases.Event{Kind: cases.Filed, Words: cases.Words{cases.FieldConflict: "niet Dewi Hartono"}}, plain, dewi},
		"for whom it is":              {cases.Event{Kind: cases.Filed, Words: cases.Words{cases.FieldFor: cases.ForAnother + " Dewi Hartono"}}, plain, dewi},
		"a question of their own":     {cases.Event{Kind: cases.Filed, Words: cases.Words{cases.FieldOwn + "branch": "bij Bram Verkerk"}}, own(cases.AskText), bram},
		"a choice of the house":       {cases.Event{Kind: cases.Filed, Words: cases.Words{cases.FieldOwn + "branch": "bram"}}, own(cases.AskChoice, cases.Choice{ID: "bram"}), ""},
		"a namesake who complains":    {cases.Event{Kind: cases.Filed, Words: cases.Words{cases.FieldName: "Bram"}}, plain, ""},
		"a colleague who complains":   {cases.Event{Kind: cases.Filed, Words: cases.Words{cases.FieldEmail: "b.verkerk@demo.invalid"}}, plain, bram},
		"a telephone number":          {cases.Event{Kind: cases.Filed, Words: cases.Words{cases.FieldTelephone: "bij Bram"}}, plain, ""},
		"what they wrote later":       {cases.Event{Kind: cases.Replied, Words: cases.Words{cases.FieldText: "het was Bram"}}, plain, bram},
		"what they objected":          {cases.Event{Kind: cases.Objected, Words: cases.Words{cases.FieldText: "vraag het Dewi Hartono"}}, plain, dewi},
		"their name, corrected":       {cases.Event{Kind: cases.Corrected, Data: map[string]string{"field": cases.FieldName}, Words: cases.Words{cases.FieldText: "Bram"}}, plain, ""},
		"an answer, corrected":        {cases.Event{Kind: cases.Corrected, Data: map[string]string{"field": cases.FieldSubject}, Words: cases.Words{cases.FieldText: "Bram"}}, plain, bram},
		"a person concerned, outside": {cases.Event{Kind: cases.PartyAdded, Words: cases.Words{cases.FieldName: "D. Hartono"}}, plain, dewi},
	} {
		found := suspects(workspace, one.e, one.p)
		switch {
		case one.want == "" && len(found) > 0:
			t.Errorf("%s: %s is meant", name, found[0].Member)
		case one.want != "" && (len(found) != 1 || found[0].Member != one.want):
			t.Errorf("%s: %d are meant, and not just %s", name, len(found), one.want)
		}
	}
	twice := cases.Event{Kind: cases.Filed, Words: cases.Words{cases.FieldProblem: "Bram", cases.FieldSubject: "Bram Verkerk"}}
	if found := suspects(workspace, twice, plain); len(found) != 1 || found[0].Strength != cases.Certain {
		t.Errorf("who is meant twice is meant %d times, and not by the surest", len(found))
	}
}
