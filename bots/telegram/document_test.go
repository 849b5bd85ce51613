package telegram_test

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
)

// withFile is a case with words that wait to go to its complainant, and a file with them; and the event.
func (s *stage) withFile() (number cases.Number, event int) {
	s.t.Helper()
	number = s.files()
	s.acts(number, take)
	ids, err := s.store.Enclose(s.t.Context(), postgres.Claim{}, number, ann, []cases.Attachment{{ID: "F", Name: "a.pdf", Size: 4}})
	if err != nil {
		s.t.Fatal(err)
	}
	f, err := s.store.FetchingInForm(s.t.Context(), number, ids[0])
	if err == nil {
		err = s.store.Keep(s.t.Context(), f, cases.Document{Name: "a.pdf", Kind: "document", Type: "application/pdf", Content: []byte("%PDF")})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.acts(number, func(c *cases.Case, now time.Time) error {
		err := c.Write(ann, cases.WriteDraft{Text: "see this", Files: ids}, s.store.Procedure(), now)
		event = c.LastSeq
		return err
	})
	return number, event
}

func TestWhatTelegramSaysToAFileDecidesWhatBecomesOfIt(t *testing.T) {
	s := newStage(t, false)
	if _, _, err := s.Telegram().Send(noor, "/start"); err != nil {
		t.Fatal(err)
	}
	number, event := s.withFile()
	var failure atomic.Pointer[playground.Failure]
	s.Telegram().Fail(func(method string, _ *playground.Params) *playground.Failure {
		if method == "sendDocument" {
			return failure.Load()
		}
		return nil
	})
	out := postgres.Outgoing{
		Lane: postgres.LaneTelegram + strconv.Itoa(noor), Number: number, Notice: cases.Notice{Kind: cases.FileNotice(1), To: cases.ByChat, Event: event},
	}
	trouble := &playground.Failure{Status: http.StatusBadGateway, Description: "Bad Gateway"}
	for _, one := range []struct {
		name     string
		failure  *playground.Failure
		attempts int
		state    cases.DeliveryState // Queued: it is tried again
	}{
		{"trouble", trouble, 0, cases.Queued},
		{"trouble for long", trouble, 11, cases.Failed},
		{"too large", &playground.Failure{Status: http.StatusRequestEntityTooLarge, Description: "Request Entity Too Large"}, 11, cases.Failed},
		{"slower", &playground.Failure{Status: http.StatusTooManyRequests, Description: "Too Many Requests", RetryAfter: 7}, 20, cases.Queued},
		{"refused", &playground.Failure{Status: http.StatusBadRequest, Description: "Bad Request: wrong file"}, 0, cases.Failed},
		{"blocked", &playground.Failure{Status: http.StatusForbidden, Description: "Forbidden: bot was blocked by the user"}, 0, cases.Gone},
	} {
		failure.Store(one.failure)
		out.Attempts = one.attempts
		err := s.bot.Send(t.Context(), out)
		state, slower := cases.Queued, time.Duration(0)
		if never, ok := errors.AsType[*jobs.Undeliverable](err); ok {
			state = never.State
		}
		if later, ok := errors.AsType[*jobs.RetryAfter](err); ok {
			slower = later.After
		}
		if err == nil || state != one.state || (slower == 7*time.Second) != (one.name == "slower") {
			t.Errorf("%s: %v", one.name, err)
		}
	}
	failure.Store(nil)
	if err := s.bot.Send(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	arrived := func(m playground.Message) bool { return m.FromBot && m.FileName == "a.pdf" && m.Caption == "" }
	if !slices.ContainsFunc(s.Telegram().Messages(noor), arrived) {
		t.Error("the file is not on the telephone")
	}
	out.Notice.Kind = cases.FileNotice(2) // there is none
	never, ok := errors.AsType[*jobs.Undeliverable](s.bot.Send(t.Context(), out))
	if !ok || never.State != cases.NotSent || never.Reason != postgres.Overtaken {
		t.Errorf("a file that is gone: %+v", never)
	}
}
