package conversation

import (
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// forgetMe asks first, and says what can go, what must stay, and why.
func (t *turn) forgetMe() {
	if open := t.open(); open != nil && open.between && t.Case != "" {
		t.dropAside()
	}
	t.interrupt(Forgetting)
}

func askForgetting(t *turn) {
	t.ask(i18n.T("forget.ask", "retention", span(t.procedure.Retention)),
		row(i18n.T("forget.button.yes"), yes),
		row(i18n.T("forget.button.no"), no))
}

func hearForgetting(t *turn, a answer) i18n.Text {
	switch a.choice {
	case yes:
		t.do(Forget{})
	case no:
		t.follow(no)
	default:
		return t.open().expect
	}
	return i18n.Text{}
}

// forgotten says what is gone and what stays until when, and remembers nothing else.
func (t *turn) forgotten(kept []Status) {
	t.Session = Session{Language: t.Language, Step: t.Step + 1, Has: len(kept) > 0}
	page := pages{t: t, message: i18n.T("forget.done"), size: frame}
	for _, one := range kept[max(0, len(kept)-mostCases):] {
		text := i18n.T("forget.kept-open", "number", string(one.Number))
		if !one.Kept.IsZero() {
			text = i18n.T("forget.kept", "number", string(one.Number), "day", i18n.Date{Time: t.procedure.In(one.Kept)})
		}
		page.add(text, frame)
	}
	t.say(page.message)
}

// privacyNotice is the whole of it.
func privacyNotice(p *cases.Procedure) i18n.Text {
	text := i18n.T("privacy.notice", "organisation", p.Organisation, "drafts", span(p.Drafts), "retention", span(p.Retention))
	if p.Email != "" {
		return i18n.T("privacy.with-email", "notice", text, "email", p.Email)
	}
	return text
}

// span says a number of days, in years where they are whole years.
func span(days int) i18n.Text {
	if days >= 365 && days%365 == 0 {
		return i18n.T("privacy.years", "count", days/365)
	}
	return i18n.T("privacy.days", "count", days)
}
