package conversation

import (
	"slices"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// forgetMe asks first, and says what can go, what must stay, and why.
func (t *turn) forgetMe() {
	t.aboutUnsent(-1, notInQuestion)
	if open := t.open(); open != nil && open.between && len(t.Aside) > 0 {
		t.shelve()
		t.aboutUnsent(len(t.Unsent)-1, wasOpen)
	} else if open != nil && open.between && t.Case != "" {
		t.dropAside()
	}
	t.interrupt(Forgetting)
}

func askForgetting(t *turn) {
	t.ask(i18n.T("forget.ask", "retention", Span(t.procedure.Retention)),
		row(i18n.T("forget.button.yes"), yes),
		row(i18n.T("forget.button.no"), no))
}

func hearForgetting(t *turn, a answer) i18n.Text {
	switch a.choice {
	case yes:
		t.do(Forget{})
	case no:
		if at := t.unsentInQuestion(); at >= 0 {
			t.takeUp(at)
			return i18n.Text{}
		}
		t.follow(no)
	default:
		return t.open().expect
	}
	return i18n.Text{}
}

// forgotten says what is gone and what stays until when, and remembers nothing else.
func (t *turn) forgotten(kept []Status) {
	grew := slices.DeleteFunc(slices.Clone(t.Grown), func(one grown) bool {
		return !slices.ContainsFunc(kept, func(other Status) bool { return other.Number == one.Case })
	})
	t.Session = Session{Language: t.Language, Step: t.Step + 1, Has: len(kept) > 0, Grown: grew}
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
	text := i18n.T("privacy.notice", "organisation", p.Organisation, "drafts", Span(p.Drafts), "retention", Span(p.Retention))
	if p.Email != "" {
		return i18n.T("privacy.with-email", "notice", text, "email", p.Email)
	}
	return text
}

// Span says a number of days, in years where they are whole years.
func Span(days int) i18n.Text {
	if days >= 365 && days%365 == 0 {
		return i18n.T("privacy.years", "count", days/365)
	}
	return i18n.T("privacy.days", "count", days)
}
