package telegram_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

func newServer(t testing.TB, h http.Handler) string {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

// complain tells a whole complaint, from the first hello to the number.
func (p *person) complain() {
	p.t.Helper()
	p.types("/start")
	p.hears("klachtencommissie")
	for _, step := range []struct{ press, say, hear string }{
		{press: "Ja, dat is goed", hear: "Waarmee kunnen wij u helpen"},
		{press: "Een formele klacht indienen", hear: "1 van 8"},
		{say: "Noor (invented)", hear: "2 van 8"},
		{say: "de helpdesk", hear: "3 van 8"},
		{say: "Niemand belde terug.", hear: ""},
		{say: "Ook na drie keer vragen niet.", hear: ""},
		{press: "Ik heb alles verteld", hear: "4 van 8"},
		{say: "vorige week", hear: "5 van 8"},
		{press: "Eén keer", hear: "6 van 8"},
		{say: "een telefoontje", hear: "7 van 8"},
		{press: "Nee, nog niet", hear: "8 van 8"},
		{press: "Met mij", hear: ""},
		{say: "020 123 4567", hear: ""},
		{say: "noor@example.org", hear: "Niemand belde terug."},
		{press: "Ja, dit klopt", hear: "formele procedure"},
		{press: "Ik wil de formele procedure", hear: "K-2026-0001"},
	} {
		if step.press != "" {
			p.presses(step.press)
		} else {
			p.types(step.say)
		}
		p.hears(step.hear)
	}
}

func TestComplaintIsToldInTheChatAndBecomesACase(t *testing.T) {
	for name, webhook := range map[string]bool{"polling": false, "webhook": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, webhook)
			p := &person{stage: s, id: noor}
			p.complain()
			f, err := s.store.File(t.Context(), "K-2026-0001")
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{
				cases.FieldName: "Noor (invented)", cases.FieldSubject: "de helpdesk", cases.FieldWhen: "vorige week",
				cases.FieldProblem: "Niemand belde terug.\n\nOok na drie keer vragen niet.",
				cases.FieldWish:    "een telefoontje", cases.FieldEmail: "noor@example.org",
			}
			for field, words := range want {
				if f.Answers[field] != words {
					t.Errorf("%s is %q, want %q", field, f.Answers[field], words)
				}
			}
			if v := s.Violations(); len(v) > 0 {
				t.Errorf("calls that the Bot API does not know: %s", strings.Join(v, "; "))
			}
		})
	}
}

func TestWebhookRefusesWhoLacksTheSecret(t *testing.T) {
	s := newStage(t, true)
	for _, secret := range []string{"", "a-secre", "a-secret "} {
		r := httptest.NewRequest(http.MethodPost, "/telegram", strings.NewReader(`{"update_id":1}`))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		w := httptest.NewRecorder()
		s.bot.Webhook().ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized {
			t.Errorf("secret %q: status %d", secret, w.Code)
		}
	}
}

func TestBlockedPersonIsRememberedAndFoundAgain(t *testing.T) {
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.complain()
	if err := s.Telegram().Block(noor, true); err != nil {
		t.Fatal(err)
	}
	s.until("the block is known", func() bool { c := s.kase(); return c.ChatGone })
	if err := s.Telegram().Block(noor, false); err != nil {
		t.Fatal(err)
	}
	p.types("/status")
	p.hears("K-2026-0001")
	if s.kase().ChatGone {
		t.Error("still thought gone")
	}
}

func (s *stage) kase() *cases.Case {
	s.t.Helper()
	c, err := s.store.Case(s.t.Context(), "K-2026-0001")
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func TestCommitteesWordsArriveAndAreAnswered(t *testing.T) {
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.complain()
	ann := cases.Person{Member: "U1", Committee: true}
	for _, act := range []func(*cases.Case) error{
		func(c *cases.Case) error { return c.Take(ann, s.store.Now()) },
		func(c *cases.Case) error { return c.Write(ann, "Wanneer kunnen wij bellen?", s.store.Now()) },
	} {
		if _, err := s.store.Change(t.Context(), postgres.Claim{}, "K-2026-0001", decide(act)); err != nil {
			t.Fatal(err)
		}
	}
	p.hears("Wanneer kunnen wij bellen?")
	p.presses("Antwoorden")
	p.hears("")
	p.types("Morgen na tien uur.")
	p.hears("Morgen na tien uur.")
	p.presses("Stuur dit")
	p.hears("K-2026-0001")
	f, err := s.store.File(t.Context(), "K-2026-0001")
	if err != nil {
		t.Fatal(err)
	}
	last := f.Events[len(f.Events)-1]
	if last.Kind != cases.Replied || last.Words[cases.FieldText] != "Morgen na tien uur." {
		t.Errorf("last event %s: %v", last.Kind, last.Words)
	}
}
