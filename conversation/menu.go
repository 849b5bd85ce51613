package conversation

import (
	"websec.nl/gehoor/i18n"
)

// greet says who we are, and in which language we write, before what there is to say first, and asks for consent.
func (t *turn) greet() {
	hello := i18n.T("consent.hello", "organisation", t.procedure.Organisation)
	if t.note.Key != "" {
		hello = two(hello, t.note)
	}
	t.note = hello
	t.enter(Consent)
}

func askConsent(t *turn) {
	t.ask(i18n.T("consent.ask"),
		row(i18n.T("consent.button.agree"), "agree"),
		row(i18n.T("consent.button.decline"), "decline"),
		row(i18n.T("consent.button.privacy"), "privacy"),
		languageButtons(t.Language))
}

func askDeclined(t *turn) {
	text := i18n.T("declined.ask-no-email")
	if t.procedure.Email != "" {
		text = i18n.T("declined.ask", "email", t.procedure.Email)
	}
	t.ask(text,
		row(i18n.T("declined.button.agree"), "agree"),
		row(i18n.T("consent.button.privacy"), "privacy"))
}

func hearConsent(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == "agree", isYes(a.words):
		t.Consented = t.now
		if t.Link.Token != "" {
			t.do(Open{Token: t.Link.Token})
			return i18n.Text{}
		}
		t.follow("agree")
	case a.choice == "decline", isNo(a.words) && t.State == Consent:
		t.forget()
		t.Link = link{}
		t.follow("decline")
	case t.State == Declined:
		return t.open().expect
	default:
		return t.holding(a)
	}
	return i18n.Text{}
}

func askMenu(t *turn) {
	first := row(i18n.T("menu.button.file"), "file")
	if t.step(t.Draft) != nil {
		first = row(i18n.T("menu.button.continue"), "continue")
	}
	text := i18n.T("menu.ask")
	if t.Has {
		text = i18n.T("menu.ask-more")
	}
	t.ask(text, append(t.unsentRows(),
		row(i18n.T("menu.button.talk"), "talk"),
		first,
		row(i18n.T("menu.button.instead"), instead),
		row(i18n.T("menu.button.status"), "status"),
		row(i18n.T("menu.button.about"), "about"))...)
}

func hearMenu(t *turn, a answer) i18n.Text {
	switch a.choice {
	case "talk":
		t.By = ""
		t.scope()
		t.enter(TalkOne)
	case "file":
		t.scope()
		first := t.unanswered(t.first)
		if first != t.first {
			t.note = i18n.T("intake.known-already")
		}
		t.enter(first)
	case "continue":
		t.leave()
	case "status":
		t.do(Look{})
	case "about":
		t.about()
	default:
		if at := t.unsentAt(a.choice); at >= 0 {
			t.takeUp(at)
			return i18n.Text{}
		}
		return t.holding(a)
	}
	return i18n.Text{}
}

// leave goes on with the complaint that was put aside.
func (t *turn) leave() {
	draft := t.Draft
	t.Draft = ""
	if t.step(draft) == nil {
		draft = t.unanswered(t.first)
	}
	t.enter(draft)
}

// menu shows the menu, and puts aside what was begun.
func (t *turn) menu() {
	if t.Consented.IsZero() {
		t.start("")
		return
	}
	t.dropAside()
	t.putAside(t.Session.at(t.flow))
	t.enter(Menu)
}

// scope says once, before the first question, what the procedure is not for, and where to go with that.
func (t *turn) scope() {
	if t.Scoped || len(t.procedure.Scope) == 0 {
		return
	}
	t.Scoped = true
	page := pages{t: t, message: i18n.T("scope.title"), size: frame}
	for _, one := range t.procedure.Scope {
		words := one.Text[t.Language]
		page.add(i18n.Plain(words), 2+i18n.Units(words))
	}
	t.say(page.message)
}

// about says how the procedure goes and whom to turn to, and then the open question again.
func (t *turn) about() {
	p := t.procedure
	t.say(i18n.T("about.talk"))
	t.say(i18n.T("about.formal", "total", t.total, "count", p.Period))
	t.say(t.reach())
	if p.Post != "" {
		t.say(i18n.T("about.post", "organisation", p.Organisation, "post", p.Post))
	}
	t.again()
}

// reach says whom to turn to, and how: the contact, by mail and by telephone, or else the call-back.
func (t *turn) reach() i18n.Text {
	if t.procedure.Telephone != "" {
		return t.ways()
	}
	return i18n.T("reach.and", "case", t.ways(), "how", i18n.T("reach.call-back"))
}

// ways says whom to turn to, and how that can be done at once.
func (t *turn) ways() i18n.Text {
	p := t.procedure
	who := i18n.T("reach.committee", "organisation", p.Organisation)
	if p.Contact != "" {
		who = i18n.T("reach.contact", "contact", p.Contact)
	}
	if p.Email != "" {
		who = i18n.T("reach.and", "case", who, "how", i18n.T("reach.email", "email", p.Email))
	}
	if p.Telephone != "" {
		who = i18n.T("reach.and", "case", who, "how", i18n.T("reach.telephone", "telephone", p.Telephone))
	}
	return who
}

func askResume(t *turn) {
	text := i18n.T("resume.ask-talk")
	switch open := t.step(t.Return); {
	case open != nil && open.number > 0:
		text = i18n.T("resume.ask-question", "number", open.number, "total", t.total)
	case open != nil && open.of != nil:
		text = i18n.T("resume.ask-complaint")
	case t.complaint(t.Return):
		text = i18n.T("resume.ask-summary")
	}
	t.ask(text,
		row(i18n.T("resume.button.on"), "on"),
		row(i18n.T("resume.button.again"), "again"),
		row(i18n.T("resume.button.menu"), "menu"))
}

func hearResume(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == "on", isYes(a.words):
		t.follow("on")
	case a.choice == "menu":
		t.putAside(t.Return)
		t.enter(Menu)
	case a.choice == "again":
		t.beginAgain()
	default:
		return t.holding(a)
	}
	return i18n.Text{}
}

// beginAgain erases what was told and begins at the first question of the same way. A complaint that was put aside for a
// talk stays.
func (t *turn) beginAgain() {
	talk := t.talk(t.Return)
	t.Changing = ""
	switch {
	case talk && t.Draft != "":
		for _, field := range []string{"moment", fieldCall, fieldMail, "post"} {
			t.delete(field)
		}
		t.Asking = false
		t.enter(TalkName)
	case talk:
		by := t.By
		t.forget()
		t.By = by
		t.enter(TalkName)
	default:
		t.forget()
		t.enter(t.first)
	}
}

// cancel asks first whether what was told, or what was begun for a case, is to be erased.
func (t *turn) cancel() {
	open := t.open()
	switch {
	case t.State == Cancelling:
		t.again()
	case open != nil && open.between && len(t.Aside) > 0:
		t.shelve()
		t.aboutUnsent(len(t.Unsent)-1, wasOpen)
		t.enter(Cancelling)
	case open != nil && open.between && t.Case != "":
		t.dropAside()
		t.resume()
	case !t.told() && len(t.Unsent) > 0:
		t.aboutUnsent(0, inQuestion)
		t.interrupt(Cancelling)
	case !t.told():
		t.say(i18n.T("cancel.nothing"))
		t.again()
	default:
		t.aboutUnsent(-1, notInQuestion)
		t.interrupt(Cancelling)
	}
}

func askCancelling(t *turn) {
	if at := t.unsentInQuestion(); at >= 0 {
		t.ask(t.Unsent[at].cancelling(),
			row(i18n.T("cancel.button.unsent"), yes),
			row(i18n.T("cancel.button.no"), no))
		return
	}
	t.ask(i18n.T("cancel.ask"),
		row(i18n.T("cancel.button.yes"), yes),
		row(i18n.T("cancel.button.no"), no))
}

func hearCancelling(t *turn, a answer) i18n.Text {
	at := t.unsentInQuestion()
	switch a.choice {
	case yes:
		if at >= 0 {
			t.note = droppedIn(t.unshelve(at).State)
			t.backFromAside()
			return i18n.Text{}
		}
		consented := !t.Consented.IsZero()
		t.forget()
		t.note = i18n.T("cancel.done")
		if consented {
			t.enter(Menu)
		} else {
			t.enter(Consent)
		}
	case no:
		if at >= 0 && t.Unsent[at].Open == wasOpen {
			t.takeUp(at)
			return i18n.Text{}
		}
		t.aboutUnsent(-1, notInQuestion)
		t.follow(no)
	default:
		return t.open().expect
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
