package cases

import (
	"slices"
	"strings"
	"testing"
)

func TestAFileShowsAnswersInTheOrderOfItsQuestionsAndMissesNone(t *testing.T) {
	p := DefaultProcedure()
	p.Questions = []Question{{ID: FieldName}, {ID: FieldFor}, {ID: "branch", Kind: AskText}, {ID: FieldPrior}, {ID: FieldContact}}
	f := &File{Case: Case{Kind: Formal}, Answers: Words{FieldName: "Noor", FieldFor: ForAnother + " Piet", FieldAuthority: "by letter", "own.gone": "x", FieldEmail: " "}}
	want := []string{FieldName, FieldFor, FieldAuthority, "own.branch", FieldPrior, FieldContact, FieldTelephone, FieldEmail, "own.gone"}
	if got := f.Fields(p); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	f.Case.Kind = Talk
	f.Answers = Words{FieldProblem: "a story", FieldName: "Noor", FieldPost: "a street", FieldTelephone: "", "own.branch": "north", FieldPriorEnd: "nothing"}
	want = []string{FieldName, FieldPost, "own.branch", FieldPriorEnd, FieldProblem}
	if got := f.Fields(p); !slices.Equal(got, want) {
		t.Errorf("of a talk %v, want %v", got, want)
	}
}

func TestWhoseComplaintItIsIsReadWhateverStandsThere(t *testing.T) {
	for answer, want := range map[string][2]string{
		"": {ForSelf, ""}, ForSelf: {ForSelf, ""}, "another Piet de Boer": {ForAnother, "Piet de Boer"}, ForJoint: {ForJoint, ""},
		"joint  Ann\nand Bob ": {ForJoint, "Ann\nand Bob"}, "nonsense at all": {ForSelf, ""},
	} {
		if whose, names := Whose(answer); whose != want[0] || names != want[1] || strings.TrimSpace(names) != names {
			t.Errorf("%q: %q, %q", answer, whose, names)
		}
	}
}
