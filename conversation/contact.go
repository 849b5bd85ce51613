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

func hearContact(t *turn, a answer) i18n.Text {
	switch a.choice {
	case "self":
		return t.accept(code("self"))
	case "other":
		t.follow("other")
		return i18n.Text{}
	}
	return hearName(t, a)
}

// askTelephone asks for a telephone number, with a keyboard to share their own where it is their own that is asked for.
func askTelephone(text i18n.Text) func(*turn) {
	return func(t *turn) {
		if !keyboardShown(t.Session) {
			t.ask(t.framed(text), t.around()...)
			return
		}
		t.do(Say{Text: t.framed(text), Ask: AskTelephone})
		t.ask(i18n.T("telephone.or-type"), t.around()...)
	}
}

// keyboardShown says whether the open question has a keyboard instead of the person's own.
func keyboardShown(s Session) bool {
	return s.State == TalkTelephone || s.State == Telephone && s.Answers[cases.FieldContact] == code("self")
}

func hearTelephone(t *turn, a answer) i18n.Text {
	if a.words == "" && a.telephone == "" {
		return steps[t.State].expect
	}
	number, ok := telephone(a)
	if !ok {
		return i18n.T("telephone.wrong")
	}
	t.say(i18n.T("telephone.noted", "telephone", number))
	return t.accept(number)
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

func hearEmail(t *turn, a answer) i18n.Text {
	if a.words == "" {
		return steps[t.State].expect
	}
	address, ok := email(a.words)
	if !ok {
		return i18n.T("intake.email.wrong")
	}
	t.say(i18n.T("intake.email.noted", "email", address))
	return t.accept(address)
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
