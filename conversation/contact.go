package conversation

import (
	"net/mail"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// ShareTelephone is the label of the button that shares the person's own telephone number.
var ShareTelephone = i18n.T("telephone.button.share")

// home is the country of a telephone number that names none.
const home = "NL"

func askContact(t *turn) {
	t.question(row(i18n.T("intake.contact.button.self"), "self"), row(i18n.T("intake.contact.button.other"), "other"))
}

func hearContact(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == "self" || isSelf(a.words):
		t.alsoChange(code("self"))
		t.sameAsTalk()
		return t.press("self")
	case a.choice == "other":
		t.follow("other")
		return i18n.Text{}
	}
	return hearOtherContact(t, a)
}

func hearOtherContact(t *turn, a answer) i18n.Text {
	value, objection := readName(t, t.open(), a)
	if objection.Key != "" {
		return objection
	}
	t.alsoChange(value)
	return t.accept(value, a.message)
}

// alsoChange lets the number and the address be looked at again where somebody else becomes the contact: they are of one
// person.
func (t *turn) alsoChange(contact string) {
	if t.Changing == cases.FieldContact && t.Answers[cases.FieldContact] != contact {
		t.Changing = cases.FieldEmail
	}
}

// sameAsTalk takes the number and the address that they gave for a talk.
func (t *turn) sameAsTalk() {
	for field, from := range map[string]string{cases.FieldTelephone: fieldCall, cases.FieldEmail: fieldMail} {
		if !t.answered(field) && t.answered(from) {
			t.set(field, t.Answers[from], t.Messages[from])
		}
	}
}

// isOther says whether somebody else than the person is the contact.
func (t *turn) isOther() bool {
	return t.answered(cases.FieldContact) && t.Answers[cases.FieldContact] != code("self")
}

// askTelephone asks for a telephone number, with a keyboard to share their own where it is their own that is asked for.
func askTelephone(t *turn) {
	text := t.asked()
	if t.State == Telephone && t.isOther() {
		text = i18n.T("intake.telephone.ask-other", "name", t.shown(cases.FieldContact, mostShort))
	}
	if !t.keyboardShown(&t.Session) {
		t.ask(t.framed(text), t.around()...)
		return
	}
	t.do(Say{Text: t.noted(t.framed(text)), Ask: AskTelephone})
	t.ask(i18n.T("telephone.or-type"), t.around()...)
}

// mostShort is how many characters of a name stand in a sentence of ours.
const mostShort = 60

// keyboardShown says whether the open question has a keyboard in the place of the person's own.
func (t *turn) keyboardShown(s *Session) bool {
	return s.State == TalkTelephone || s.State == Telephone && s.Answers[cases.FieldContact] == code("self")
}

func readTelephone(_ *turn, s *step, a answer) (string, i18n.Text) {
	if a.words == "" && a.telephone == "" {
		return "", s.expect
	}
	number, ok := telephone(a)
	if !ok {
		return "", i18n.T("telephone.wrong")
	}
	return number, i18n.Text{}
}

func hearTelephone(t *turn, a answer) i18n.Text {
	number, objection := readTelephone(t, t.open(), a)
	if objection.Key != "" {
		return objection
	}
	t.say(i18n.T("telephone.noted", "telephone", number))
	return t.accept(number, a.message)
}

// telephone reads a number, typed or shared, and writes it in its international form.
func telephone(a answer) (string, bool) {
	raw := a.words
	if a.telephone != "" {
		raw = strings.TrimSpace(a.telephone)
		if !strings.HasPrefix(raw, "+") && !strings.HasPrefix(raw, "0") {
			raw = "+" + raw // a shared number has its country, though not always the sign before it
		}
	}
	if length(raw) > 100 || strings.ContainsRune(raw, '@') {
		return "", false
	}
	number, err := phonenumbers.Parse(raw, home)
	if err != nil || !phonenumbers.IsValidNumber(number) {
		return "", false
	}
	return phonenumbers.Format(number, phonenumbers.INTERNATIONAL), true
}

func askEmail(t *turn) {
	text := t.asked()
	if t.isOther() {
		text = i18n.T("intake.email.ask-other", "name", t.shown(cases.FieldContact, mostShort))
	}
	t.ask(t.framed(text), t.around()...)
}

func readEmail(_ *turn, s *step, a answer) (string, i18n.Text) {
	if a.words == "" {
		return "", s.expect
	}
	address, ok := email(a.words)
	if !ok {
		return "", i18n.T("intake.email.wrong")
	}
	return address, i18n.Text{}
}

func hearEmail(t *turn, a answer) i18n.Text {
	address, objection := readEmail(t, t.open(), a)
	if objection.Key != "" {
		return objection
	}
	t.note = i18n.T("intake.email.noted", "email", address)
	return t.accept(address, a.message)
}

// email finds the one e-mail address in what was typed. An address has at most 254 characters (RFC 5321), and a domain of
// at least two labels.
func email(typed string) (string, bool) {
	var found string
	for _, word := range strings.Fields(typed) {
		if !strings.ContainsRune(word, '@') {
			continue
		}
		if found != "" {
			return "", false
		}
		found = strings.Trim(strings.TrimPrefix(word, "mailto:"), "<>()[]\"',.;:?")
	}
	parsed, err := mail.ParseAddress(found)
	if err != nil || parsed.Address != found || len(found) > 254 {
		return "", false
	}
	at := strings.LastIndexByte(found, '@')
	return found, at <= 64 && domain(found[at+1:])
}

// domain says whether a name can be that of a mail server on the net.
func domain(name string) bool {
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") ||
			strings.ContainsAny(label, "[]:!#$%&'*+/=?^_`{|}~\"\\") {
			return false
		}
	}
	last := labels[len(labels)-1]
	return len(labels) >= 2 && len(last) >= 2 && strings.Trim(last, "0123456789") != ""
}
