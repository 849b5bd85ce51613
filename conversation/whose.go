package conversation

import (
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

func askFor(t *turn) {
	t.question(
		row(i18n.T("intake.for.button.self"), cases.ForSelf),
		row(i18n.T("intake.for.button.another"), cases.ForAnother),
		row(i18n.T("intake.for.button.joint"), cases.ForJoint))
}

func hearFor(t *turn, a answer) i18n.Text {
	switch a.choice {
	case cases.ForSelf:
		return t.press(cases.ForSelf)
	case cases.ForAnother, cases.ForJoint:
		t.follow(a.choice)
		return i18n.Text{}
	}
	return t.holding(a)
}

// readNamesOf reads who it is made for, or together with.
func readNamesOf(whose string) reading {
	return func(t *turn, s *step, a answer) (string, i18n.Text) {
		names, objection := readWords(t, s, a)
		switch {
		case objection.Key != "":
			return "", objection
		case !a.sure && (isQuestion(names) || noName(oneLine(names))):
			return "", s.expect
		}
		return code(whose + " " + oneLine(names)), i18n.Text{}
	}
}

// whose says for whom a complaint is made.
func whose(chosen, names string) i18n.Text {
	switch chosen {
	case cases.ForAnother:
		return i18n.T("answer.for-another", "names", names)
	case cases.ForJoint:
		return i18n.T("answer.for-joint", "names", names)
	}
	return i18n.T("answer.for-self")
}

// namesIn says whether the answer holds the names that the open question asks for.
func (t *turn) namesIn(open *step) bool {
	chosen, _, _ := cutMark(t.Answers[cases.FieldFor])
	return chosen == cases.ForAnother && open.state == ForWhom || chosen == cases.ForJoint && open.state == ForOthers
}

func askAuthority(t *turn) { t.question(row(i18n.T("intake.authority.button.not-yet"), "not-yet")) }

func hearAuthority(t *turn, a answer) i18n.Text {
	if a.choice == "not-yet" || isNotYet(a.words) {
		return t.press("not-yet")
	}
	return hearWords(t, a)
}
