package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// known makes somebody of whom much is held: an open complaint, a closed one, a talk that was held, one that was withdrawn and
// one that is asked for, the beginning of another complaint, and something that could not be understood.
func (h *house) known(t testing.TB, chat int64) (open, closed, held, withdrawn, asked cases.Number) {
	t.Helper()
	open, closed = h.file(t, chat), h.file(t, chat)
	held, withdrawn, asked = h.asks(t, chat), h.asks(t, chat), h.asks(t, chat)
	h.take(t, closed, ann)
	h.close(t, closed, cases.Upheld)
	h.take(t, held, ann)
	h.change(t, held, func(c *cases.Case, now time.Time) error {
		return c.End(ann, cases.Closing{Outcome: cases.Talked, Solution: "note " + canary}, h.Procedure(), now)
	})
	h.does(t, chat, func(turn *postgres.Turn) error {
		turn.Append(1, "another thing", 21)
		if err := turn.Attach("", "", 22, cases.Attachment{ID: "abc", Name: "picture.jpg", Type: "image/jpeg", Size: 5}, ""); err != nil {
			return err
		}
		return turn.Withdraw(withdrawn, "not needed")
	})
	h.last++
	if err := h.SetAside(t.Context(), postgres.Update{ID: h.last, Chat: chat}, []byte(`{"message":"`+canary+`"}`), "not understood"); err != nil {
		t.Fatal(err)
	}
	return open, closed, held, withdrawn, asked
}

func TestWhatMayGoIsForgottenAndWhatMustStayIsNamed(t *testing.T) {
	h := newHouse(t)
	open, closed, held, withdrawn, asked := h.known(t, 7001)
	neighbours, _, theirTalk, _, _ := h.known(t, 7002)
	h.does(t, 7001, func(turn *postgres.Turn) error {
		stay, err := turn.Forget()
		var numbers []cases.Number
		for _, c := range stay {
			numbers = append(numbers, c.Number)
		}
		if got, want := fmt.Sprint(numbers), fmt.Sprint([]cases.Number{asked, closed, open}); got != want {
			t.Errorf("%s stay, want %s", got, want)
		}
		turn.Session = nil
		return err
	})
	for _, number := range []cases.Number{held, withdrawn} {
		f, err := h.File(t.Context(), number)
		if err != nil || len(f.Answers) != 0 || f.Case.Chat != 0 {
			t.Errorf("of talk %s are left %v and chat %d, %v", number, f.Answers, f.Case.Chat, err)
		}
		if err := h.Verify(t.Context(), number); err != nil {
			t.Error(err)
		}
	}
	for _, number := range []cases.Number{open, closed, asked, neighbours, theirTalk} {
		if f, err := h.File(t.Context(), number); err != nil || f.Answers[cases.FieldName] == "" {
			t.Errorf("case %s lost its words: %v", number, err)
		}
	}
	own, err := h.PersonalData(t.Context(), 7001)
	if err != nil || len(own.Parts)+len(own.Files)+len(own.Aside) != 0 || len(own.Cases) != 3 {
		t.Errorf("held on them: %+v, %v", own, err)
	}
	other, err := h.PersonalData(t.Context(), 7002)
	if err != nil || len(other.Parts) != 1 || len(other.Files) != 1 || len(other.Aside) != 1 || len(other.Cases) != 5 {
		t.Errorf("held on somebody else: %+v, %v", other, err)
	}
}

func TestPersonIsShownAllThatIsHeldOnThem(t *testing.T) {
	h := newHouse(t)
	open, closed, held, _, _ := h.known(t, 7001)
	h.known(t, 7002)
	h.take(t, open, bob)
	h.change(t, open, func(c *cases.Case, now time.Time) error { return c.Speak(bob, now, "secret-note", "the steps", now) })
	own, err := h.PersonalData(t.Context(), 7001)
	if err != nil {
		t.Fatal(err)
	}
	if string(own.Session) != "{}" || len(own.Parts) != 1 || own.Parts[0].Text != "another thing" || !own.Touched.Equal(h.now) {
		t.Errorf("of the conversation: %+v", own)
	}
	if len(own.Files) != 1 || own.Files[0].Name != "picture.jpg" || len(own.Aside) != 1 || !strings.Contains(string(own.Aside[0].Raw), canary) {
		t.Errorf("files %+v, aside %d", own.Files, len(own.Aside))
	}
	numbers := map[cases.Number]cases.PersonalCase{}
	for _, c := range own.Cases {
		numbers[c.Number] = c
	}
	if len(own.Cases) != 5 || numbers[closed].Answers[cases.FieldName] == "" || !numbers[open].Kept.IsZero() || len(numbers[closed].Letters) == 0 {
		t.Errorf("cases %+v", numbers)
	}
	shown := fmt.Sprintf("%+v", own)
	for _, want := range []string{"the steps", "solution " + canary} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not shown", want)
		}
	}
	for _, secret := range []string{"secret-note", "note " + canary, string(ann.Member), string(bob.Member)} {
		if strings.Contains(shown, secret) {
			t.Errorf("%q is shown", secret)
		}
	}
	if _, ok := numbers[held]; !ok {
		t.Error("the talk is not shown")
	}
	if nobody, err := h.PersonalData(t.Context(), 7009); err != nil || nobody.Session != nil || len(nobody.Cases) != 0 {
		t.Errorf("of somebody who was never heard of: %+v, %v", nobody, err)
	}
}

func TestLongClosedCaseIsTiedToNobody(t *testing.T) {
	h := newHouse(t)
	_, closed, _, _, _ := h.known(t, 7001)
	h.now = h.now.AddDate(0, 0, h.Procedure().Retention+1)
	if err := h.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, err := h.Case(t.Context(), closed)
	if err != nil || c.Chat != 0 || c.HasMail || c.Outcome != cases.Upheld {
		t.Errorf("%+v, %v", c, err)
	}
	var rows int
	if err := h.pool.QueryRow(t.Context(), `SELECT count(*) FROM cases c JOIN event_word w ON w.case_id = c.id WHERE c.closed IS NOT NULL`).Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d words are left, %v", rows, err)
	}
}
