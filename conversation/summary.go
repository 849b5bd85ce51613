package conversation

import (
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

func askSummary(t *turn) {
	t.showAnswers(i18n.T("summary.title"), cases.ComplaintFields)
	t.ask(i18n.T("summary.ask"),
		[]Button{choice(i18n.T("summary.button.right"), "right")},
		[]Button{changeButton(cases.FieldName), changeButton(cases.FieldSubject)},
		[]Button{changeButton(cases.FieldProblem), changeButton(cases.FieldWhen)},
		[]Button{changeButton(cases.FieldOften), changeButton(cases.FieldWish)},
		[]Button{changeButton(cases.FieldPrior), changeButton(cases.FieldContact)},
		[]Button{changeButton(cases.FieldTelephone), changeButton(cases.FieldEmail)},
		[]Button{choice(i18n.T("button.back"), back)})
}

func hearSummary(t *turn, a answer) i18n.Text {
	switch {
	case t.change(a):
	case a.choice == "right":
		if !t.fillGap(cases.ComplaintFields) {
			t.follow("right")
		}
	default:
		return steps[Summary].expect
	}
	return i18n.Text{}
}

func askExpress(t *turn) {
	t.ask(i18n.T("express.ask", "organisation", t.procedure.Organisation, "count", t.procedure.Period),
		[]Button{choice(i18n.T("express.button.formal"), "formal")},
		[]Button{choice(i18n.T("button.back"), back)})
}

func hearExpress(t *turn, a answer) i18n.Text {
	if a.choice != "formal" {
		return steps[Express].expect
	}
	made := cases.Complaint{Language: t.Language, Answers: cases.Words{}, StoryParts: t.Story.Parts}
	for _, field := range cases.ComplaintFields {
		if value := t.final(field); value != "" {
			made.Answers[field] = value
		}
	}
	t.do(File{made})
	return i18n.Text{}
}

// filed says the number, the last day and what happens next. Who complains once more need not say again who they are.
func (t *turn) filed(e Filed) {
	mailed := t.Answers[cases.FieldEmail]
	t.forget(cases.FieldName, cases.FieldContact, cases.FieldTelephone, cases.FieldEmail)
	t.Has = true
	t.say(i18n.T("filed.number", "number", string(e.Number)))
	t.say(i18n.T("filed.next"))
	t.say(i18n.T("filed.last-day", "day", i18n.Date{Time: t.procedure.In(e.LastDay)}))
	if e.Mail && mailed != "" {
		t.say(i18n.T("filed.mail", "email", mailed))
	}
	t.enter(Menu)
}
