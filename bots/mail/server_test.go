package mail

import (
	"strings"
	"testing"
)

func TestServerAddressIsRead(t *testing.T) {
	for address, want := range map[string]Server{
		"smtp://mail.example.org":                             {Host: "mail.example.org", Port: 587, Security: STARTTLS},
		"smtp://mail.example.org:25?tls=none":                 {Host: "mail.example.org", Port: 25, Security: Clear},
		"smtp://us%40er:p%3Aw%2F@mail.example.org:2525":       {Host: "mail.example.org", Port: 2525, User: "us@er", Password: "p:w/", Security: STARTTLS},
		"smtps://user:password@mail.example.org":              {Host: "mail.example.org", Port: 465, User: "user", Password: "password", Security: TLS},
		"smtps://user:password@mail.example.org:4650?tls=tls": {Host: "mail.example.org", Port: 4650, User: "user", Password: "password", Security: TLS},
		"smtp://user:password@mail.example.org/?tls=tls":      {Host: "mail.example.org", Port: 587, User: "user", Password: "password", Security: TLS},
		"smtp://127.0.0.1:1025":                               {Host: "127.0.0.1", Port: 1025, Security: Clear},
		"smtp://[::1]:1025":                                   {Host: "::1", Port: 1025, Security: Clear},
		"smtp://localhost?tls=starttls":                       {Host: "localhost", Port: 587, Security: STARTTLS},
		"smtps://localhost":                                   {Host: "localhost", Port: 465, Security: TLS},
		"smtp://apikey@mail.example.org":                      {Host: "mail.example.org", Port: 587, User: "apikey", Security: STARTTLS},
	} {
		if got, err := ParseServer(address); err != nil || got != want {
			t.Errorf("%s is read as %+v (%v), want %+v", address, got, err, want)
		}
	}
}

func TestWrongServerAddressIsRefusedWithoutRepeatingIt(t *testing.T) {
	for _, address := range []string{
		"", "mail.example.org", "mail.example.org:587", "http://u:geheim@mail.example.org", "smtp://", "smtp://u:geheim@", "smtp://u:geh/eim@mail.example.org",
		"smtp://u:geh#eim@mail.example.org", "smtp://u:geheim@mail.example.org:0", "smtp://u:geheim@mail.example.org:99999", "smtp://:geheim@mail.example.org",
		"smtp://mail.example.org?tls=yes", "smtp://mail.example.org?ssl=no", "smtps://mail.example.org?tls=none", "smtp://mail.example.org?tls=none&tls=tls",
		"smtp://u:geheim%@mail.example.org", "smtp://mail.example.org?%zz",
	} {
		_, err := ParseServer(address)
		if err == nil {
			t.Errorf("%q is taken", address)
		} else if strings.Contains(err.Error(), "geh") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", address, err)
		}
	}
}
