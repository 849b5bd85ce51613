package conversation

import (
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// askInstead offers the ways to go on without the chat.
func askInstead(t *turn) {
	text := i18n.T("instead.ask")
	if t.complaint(t.Return) && t.told() {
		text = i18n.T("instead.ask-told")
	}
	ways := t.ways()
	if t.procedure.Post != "" {
		ways = i18n.T("reach.and", "case", ways, "how", i18n.T("reach.post", "post", t.procedure.Post))
	}
	t.ask(two(text, ways),
		row(i18n.T("instead.button.call"), string(cases.Call)),
		row(i18n.T("instead.button.email"), string(cases.Email)),
		row(i18n.T("instead.button.letter"), string(cases.Letter)),
		row(i18n.T("instead.button.stay"), drop))
}

func hearInstead(t *turn, a answer) i18n.Text {
	switch by := cases.Means(a.choice); by {
	case cases.Call, cases.Email, cases.Letter:
		t.By = by
		t.putAside(t.Return)
		t.scope()
		t.beginTalk()
	case drop:
		t.follow(drop)
	default:
		return t.open().expect
	}
	return i18n.Text{}
}
