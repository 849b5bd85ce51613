package conversation

import (
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// Correcting where somebody can be reached about a case: read back, confirmed, and told to the old address as well.

func askNewContact(t *turn) {
	t.ask(i18n.T("contact.new.ask", "number", string(t.Case)),
		row(i18n.T("contact.new.button.telephone"), "telephone"),
		row(i18n.T("contact.new.button.email"), "email"),
		row(i18n.T("contact.new.button.drop"), drop))
}

func hearNewContact(t *turn, a answer) i18n.Text {
	switch a.choice {
	case "telephone", "email":
		t.follow(a.choice)
	case drop:
		return t.stop()
	default:
		return t.open().expect
	}
	return i18n.Text{}
}

func askNewTelephone(t *turn) {
	t.ask(i18n.T("contact.new.telephone"), row(i18n.T("button.back"), back))
}

func askNewEmail(t *turn) { t.ask(i18n.T("contact.new.email"), row(i18n.T("button.back"), back)) }

func hearNewTelephone(t *turn, a answer) i18n.Text {
	number, objection := readTelephone(t, t.open(), a)
	return t.newContact(cases.FieldTelephone, number, objection)
}

func hearNewEmail(t *turn, a answer) i18n.Text {
	address, objection := readEmail(t, t.open(), a)
	return t.newContact(cases.FieldEmail, address, objection)
}

func (t *turn) newContact(field, value string, objection i18n.Text) i18n.Text {
	if objection.Key != "" {
		return objection
	}
	t.setAside(field, value)
	t.follow(words)
	return i18n.Text{}
}

func askNewCheck(t *turn) {
	telephone, address := t.Aside[cases.FieldTelephone], t.Aside[cases.FieldEmail]
	text := i18n.T("contact.new.check", "number", string(t.Case))
	if telephone != "" {
		text = two(text, i18n.T("answer.item", "label", labels[cases.FieldTelephone], "words", telephone))
	}
	if address != "" {
		text = two(two(text, i18n.T("answer.item", "label", labels[cases.FieldEmail], "words", address)), i18n.T("contact.new.told"))
	}
	t.ask(text,
		row(i18n.T("contact.new.button.yes"), yes),
		row(i18n.T("contact.new.button.other"), back),
		row(i18n.T("contact.new.button.drop"), drop))
}

func hearNewCheck(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == yes, isYes(a.words):
		t.do(ChangeContact{Case: t.Case, Telephone: t.Aside[cases.FieldTelephone], Email: t.Aside[cases.FieldEmail]})
	case a.choice == drop:
		return t.stop()
	default:
		return t.open().expect
	}
	return i18n.Text{}
}

// contactChanged has the answers that they need not give again say where they can be reached from now on. What they said of it
// for what they are telling now stays as they said it.
func (t *turn) contactChanged() {
	for told, fields := range map[string][]string{
		cases.FieldTelephone: {cases.FieldTelephone, fieldCall}, cases.FieldEmail: {cases.FieldEmail, fieldMail},
	} {
		now := t.Aside[told]
		for i, field := range fields {
			theirs := i == 1 // and not that of whoever is the contact
			if now == "" || !t.answered(field) || t.Messages[field] != 0 || t.isOther() && theirs != isTalk(t.Case) {
				continue
			}
			t.set(field, now, 0)
		}
	}
}
