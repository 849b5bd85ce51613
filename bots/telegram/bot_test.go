package telegram_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"websec.nl/gehoor/cases"
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
	for _, step := range []struct{ choose, say, hear string }{
		{choose: "agree"}, {choose: "file"}, {hear: "1 van 8"},
		{say: "Noor (invented)"}, {choose: "self", hear: "2 van 8"},
		{say: "de helpdesk", hear: "3 van 8"},
		{say: "Niemand belde terug."}, {say: "Ook na drie keer vragen niet."}, {choose: "done", hear: "4 van 8"},
		{say: "lang geleden"}, {choose: "once", hear: "6 van 8"},
		{say: "een telefoontje"}, {choose: "no", hear: "8 van 8"},
		{choose: "self"}, {say: "020 123 4567"}, {say: "noor@example.org"}, {choose: "nobody"},
		{choose: "right"}, {choose: "formal", hear: "K-2026-0001"},
	} {
		switch {
		case step.choose != "":
			p.chooses(step.choose)
		case step.say != "":
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
				cases.FieldName: "Noor (invented)", cases.FieldSubject: "de helpdesk", cases.FieldWhen: "lang geleden",
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
	s.acts("K-2026-0001", take, s.writes(cases.WriteDraft{Text: "Wanneer kunnen wij bellen?", Question: true}))
	p.hears("Wanneer kunnen wij bellen?")
	p.types("/status")
	p.hears("De commissie heeft u iets gevraagd.")
	p.chooses("reply:K-2026-0001")
	p.hears("")
	p.types("Morgen na tien uur.")
	p.hears("Morgen na tien uur.")
	p.chooses("send")
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
