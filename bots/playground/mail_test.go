package playground_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/wneessen/go-mail"

	"websec.nl/gehoor/bots/playground"
)

func letter(t *testing.T, to string) *mail.Msg {
	t.Helper()
	m := mail.NewMsg()
	if err := m.From("complaints@demo.invalid"); err != nil {
		t.Fatal(err)
	}
	if err := m.To(to); err != nil {
		t.Fatal(err)
	}
	m.Subject("Ontvangstbevestiging K-2026-0001 – één")
	m.SetBodyString(mail.TypeTextPlain, "Beste Noor,\n\nUw klacht is ontvangen. € ëé\n")
	m.AddAlternativeString(mail.TypeTextHTML, "<p>Beste Noor</p>")
	if err := m.AttachReader("klacht é.pdf", strings.NewReader("pdf")); err != nil {
		t.Fatal(err)
	}
	return m
}

func newSender(t *testing.T, p *playground.Playground) *mail.Client {
	t.Helper()
	host, port, found := strings.Cut(p.Mail().Address(), ":")
	if !found || port == "" {
		t.Fatal("no mail server")
	}
	number := 0
	for _, digit := range port {
		number = 10*number + int(digit-'0')
	}
	c, err := mail.NewClient(host, mail.WithPort(number), mail.WithTLSPolicy(mail.NoTLS), mail.WithSMTPAuth(mail.SMTPAuthPlainNoEnc),
		mail.WithUsername("gehoor"), mail.WithPassword("anything"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLetterArrivesWithItsTextHTMLAndEnclosure(t *testing.T) {
	p := start(t, playground.Options{})
	if err := newSender(t, p).DialAndSendWithContext(t.Context(), letter(t, "noor@demo.invalid")); err != nil {
		t.Fatal(err)
	}
	err := p.Mail().Wait(soon(t), func(list []playground.Letter) bool { return len(list) == 1 })
	if err != nil {
		t.Fatal(err)
	}
	l := p.Mail().Letters()[0]
	if l.Subject != "Ontvangstbevestiging K-2026-0001 – één" || l.Text != "Beste Noor,\n\nUw klacht is ontvangen. € ëé\n" || l.HTML != "<p>Beste Noor</p>" {
		t.Errorf("the letter is %q %q %q", l.Subject, l.Text, l.HTML)
	}
	if len(l.Attachments) != 1 || l.Attachments[0].Name != "klacht é.pdf" || string(l.Attachments[0].Data) != "pdf" {
		t.Errorf("enclosed: %+v", l.Attachments)
	}
	if l.From != "complaints@demo.invalid" || len(l.To) != 1 || l.To[0] != "noor@demo.invalid" {
		t.Errorf("from %s to %v", l.From, l.To)
	}
	if got := stateOf(t, p, anna); !strings.Contains(got, "Beste Noor") || !strings.Contains(got, `"url":"/play/mail/file/1/0"`) {
		t.Errorf("the page does not show the letter: %s", got)
	}
	for path, want := range map[string]int{"1/0": http.StatusOK, "1/1": http.StatusNotFound, "2/0": http.StatusNotFound, "1/x": http.StatusNotFound} {
		response, err := http.Get(p.URL() + "/play/mail/file/" + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s is answered with %s", path, response.Status)
		}
	}
}

func TestRefusedRecipientIsRefusedOverSMTP(t *testing.T) {
	p := start(t, playground.Options{})
	p.Mail().Fail(func(_, to string) *playground.MailFailure {
		switch to {
		case "gone@demo.invalid":
			return &playground.MailFailure{Code: 550}
		case "later@demo.invalid":
			return &playground.MailFailure{Code: 450}
		}
		return nil
	})
	for to, temporary := range map[string]bool{"gone@demo.invalid": false, "later@demo.invalid": true} {
		m := letter(t, to)
		if err := newSender(t, p).DialAndSendWithContext(t.Context(), m); err == nil {
			t.Errorf("a letter to %s was accepted", to)
		}
		if !m.HasSendError() || m.SendErrorIsTemp() != temporary {
			t.Errorf("%s: temporary is %v: %v", to, m.SendErrorIsTemp(), m.SendError())
		}
	}
	if len(p.Mail().Letters()) != 0 {
		t.Error("a refused letter was kept")
	}
}
