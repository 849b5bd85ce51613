package conversation

import (
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

func askConsent(t *turn) {
	t.sayWith(i18n.T("consent.hello", "organisation", t.procedure.Organisation), languageButtons(t.Language)...)
	t.ask(i18n.T("consent.ask", "organisation", t.procedure.Organisation),
		[]Button{choice(i18n.T("consent.button.agree"), "agree")},
		[]Button{choice(i18n.T("consent.button.decline"), "decline")},
		[]Button{choice(i18n.T("consent.button.privacy"), "privacy")})
}

func askDeclined(t *turn) {
	t.ask(t.withEmail(i18n.T("declined.ask", "email", t.procedure.Email), i18n.T("declined.ask-no-email")),
		[]Button{choice(i18n.T("declined.button.agree"), "agree")},
		[]Button{choice(i18n.T("consent.button.privacy"), "privacy")})
}

func hearConsent(t *turn, a answer) i18n.Text {
	switch a.choice {
	case "agree":
		t.Consented = t.now
		t.follow("agree")
	case "decline":
		t.follow("decline")
	default:
		return steps[t.State].expect
	}
	return i18n.Text{}
}

func askMenu(t *turn) {
	first := choice(i18n.T("menu.button.file"), "file")
	if steps[t.Draft] != nil {
		first = choice(i18n.T("menu.button.continue"), "continue")
	}
	text := i18n.T("menu.ask")
	if t.Has {
		text = i18n.T("menu.ask-more")
	}
	t.ask(text,
		[]Button{choice(i18n.T("menu.button.talk"), "talk")},
		[]Button{first},
		[]Button{choice(i18n.T("menu.button.status"), "status")},
		[]Button{choice(i18n.T("menu.button.about"), "about")})
}

func hearMenu(t *turn, a answer) i18n.Text {
	switch a.choice {
	case "talk":
		t.enter(TalkName)
	case "file":
		t.enter(Name)
	case "continue":
		draft := t.Draft
		t.Draft = ""
		t.enter(draft)
	case "status":
		t.do(Look{})
	case "about":
		t.about()
	default:
		return steps[Menu].expect
	}
	return i18n.Text{}
}

// about says how the procedure goes and whom to turn to, and then the open question again.
func (t *turn) about() {
	p := t.procedure
	t.say(i18n.T("about.talk"))
	t.say(i18n.T("about.formal", "total", total, "count", p.Period))
	if p.Contact != "" && p.Email != "" {
		t.say(i18n.T("about.contact", "contact", p.Contact, "email", p.Email))
	}
	if p.Telephone != "" {
		t.say(i18n.T("about.telephone", "telephone", p.Telephone))
	}
	if p.Post != "" {
		t.say(i18n.T("about.post", "organisation", p.Organisation, "post", p.Post))
	}
	t.again()
}

func askResume(t *turn) {
	text := i18n.T("resume.ask-talk")
	if open := steps[t.Return]; open != nil && open.number > 0 {
		text = i18n.T("resume.ask-question", "number", open.number, "total", total)
	} else if ofComplaint(t.Return) {
		text = i18n.T("resume.ask-summary")
	}
	t.ask(text,
		[]Button{choice(i18n.T("resume.button.on"), "on")},
		[]Button{choice(i18n.T("resume.button.again"), "again")},
		[]Button{choice(i18n.T("resume.button.menu"), "menu")})
}

func hearResume(t *turn, a answer) i18n.Text {
	switch a.choice {
	case "on":
		t.follow("on")
	case "menu":
		t.putAside(t.Return)
		t.enter(Menu)
	case "again":
		t.beginAgain()
	default:
		return steps[Resume].expect
	}
	return i18n.Text{}
}

// beginAgain erases what was told and begins at the first question of the same way. A complaint that was put aside for a
// talk stays.
func (t *turn) beginAgain() {
	talk := ofTalk(t.Return)
	t.Changing = false
	switch {
	case talk && t.Draft != "":
		t.delete(cases.FieldMoment)
		t.enter(TalkName)
	case talk:
		t.forget()
		t.enter(TalkName)
	default:
		t.forget()
		t.enter(Name)
	}
}

func askCancelling(t *turn) {
	t.ask(i18n.T("cancel.ask"),
		[]Button{choice(i18n.T("cancel.button.yes"), yes)},
		[]Button{choice(i18n.T("cancel.button.no"), no)})
}

func hearCancelling(t *turn, a answer) i18n.Text {
	switch a.choice {
	case yes:
		t.forget()
		t.say(i18n.T("cancel.done"))
		t.enter(Menu)
	case no:
		t.follow(no)
	default:
		return steps[Cancelling].expect
	}
	return i18n.Text{}
}

// languageButtons offers the languages but for one. They are never old.
func languageButtons(but i18n.Language) (all []Button) {
	for _, b := range []Button{
		{Text: i18n.T("language.button.dutch"), Choice: "language:" + string(i18n.Dutch)},
		{Text: i18n.T("language.button.english"), Choice: "language:" + string(i18n.English)},
	} {
		if b.Choice != "language:"+string(but) {
			all = append(all, b)
		}
	}
	return all
}
