package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// change lets a member do something with a case.
func (h *house) change(t testing.TB, number cases.Number, do func(*cases.Case, time.Time) error) {
	t.Helper()
	if _, err := h.Change(t.Context(), postgres.Claim{}, number, do); err != nil {
		t.Fatal(err)
	}
}

// does lets the person in a chat do something, of which nothing may go wrong.
func (h *house) does(t testing.TB, chat int64, do func(*postgres.Turn) error) {
	t.Helper()
	h.turn(t, chat, func(turn *postgres.Turn) error {
		turn.Session = []byte("{}")
		return do(turn)
	})
}

// close closes a case that ann owns, whatever is open in it.
func (h *house) close(t testing.TB, number cases.Number, outcome cases.Outcome) {
	t.Helper()
	h.change(t, number, func(c *cases.Case, now time.Time) error {
		return c.End(ann, cases.Closing{Outcome: outcome, Solution: "solution " + canary, Despite: "it can't wait"}, h.Procedure(), now)
	})
}

// asks makes a request for a talk.
func (h *house) asks(t testing.TB, chat int64) (number cases.Number) {
	t.Helper()
	h.does(t, chat, func(turn *postgres.Turn) error {
		c, err := turn.Request(cases.TalkRequest{Language: "nl", Name: "Noor (invented)", Telephone: "+31 20 123 4567", Told: cases.Words{cases.FieldWish: "peace"}})
		if err == nil {
			number = c.Number
		}
		return err
	})
	return number
}

// happened lists the events of a case, and checks their chain.
func (h *house) happened(t testing.TB, number cases.Number) string {
	t.Helper()
	f, err := h.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Verify(t.Context(), number); err != nil {
		t.Error(err)
	}
	var all []string
	for _, e := range f.Events {
		all = append(all, string(e.Kind))
	}
	return strings.Join(all, " ")
}

func TestEverythingAComplainantDoesIsOnFileAndTold(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.Propose(ann, "a refund", now) })
	h.does(t, 7001, func(turn *postgres.Turn) error {
		return errors.Join(
			turn.Answer(number, 4, false, "too little"),
			turn.ChangeContact(number, "", "new@example.org"),
			turn.Reply(number, "one thing more", 41),
		)
	})
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.Propose(ann, "more", now) })
	h.does(t, 7001, func(turn *postgres.Turn) error { return turn.Answer(number, 8, true, "") })
	h.close(t, number, cases.Settled)
	h.does(t, 7001, func(turn *postgres.Turn) error {
		return turn.Rate(number, cases.Rating{Handled: cases.GradeYes, Solved: cases.GradeNo, Why: "it broke again"})
	})
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.Reopen(ann, "it broke again", h.Procedure(), now) })
	h.does(t, 7001, func(turn *postgres.Turn) error { return turn.Withdraw(number, "") })
	want := "filed screened taken proposed objected contact-changed replied proposed agreed ended rated reopened withdrawn"
	if got := h.happened(t, number); got != want {
		t.Errorf("file\n got %s\nwant %s", got, want)
	}
	f, err := h.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	if f.Answers[cases.FieldEmail] != "new@example.org" || f.Reach(1)[cases.FieldEmail] != "noor@example.org" {
		t.Errorf("reached at %q, at first at %q", f.Answers[cases.FieldEmail], f.Reach(1)[cases.FieldEmail])
	}
	if !slices.ContainsFunc(f.Letters, func(d cases.Delivery) bool { return d.To == cases.ByOldMail }) {
		t.Error("the file does not say that the old address was told")
	}
	if c := f.Case; c.Stage != cases.Closed || c.Outcome != cases.OutcomeWithdrawn || c.Reopened.IsZero() || !c.LastWord.Equal(h.now) {
		t.Errorf("the case is %+v", c)
	}
}

func TestTheProposalThatWasReadIsAnsweredAndNoOther(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.Propose(ann, "a refund", now) })
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.Propose(ann, "nothing", now) })
	h.does(t, 7001, func(turn *postgres.Turn) error {
		var refusal *cases.Refusal
		if err := turn.Answer(number, 4, true, ""); !errors.As(err, &refusal) || refusal.Text.Key != "refusal.no-proposal" {
			t.Errorf("the first: %v", err)
		}
		return turn.Answer(number, 5, true, "")
	})
	if got, want := h.happened(t, number), "filed screened taken proposed proposed agreed"; got != want {
		t.Errorf("file %s, want %s", got, want)
	}
}

func TestChangedMessageFindsTheCaseWhateverWasDoneByIt(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.Propose(ann, "a refund", now) })
	corrects := func(message int64, event, want string) {
		t.Helper()
		h.does(t, 7001, func(turn *postgres.Turn) error {
			of, ok, err := turn.Correct(message, "other words")
			var refusal *cases.Refusal
			if got := ""; errors.As(err, &refusal) {
				if got = refusal.Text.Key; got != want {
					t.Errorf("message %d: %s", message, got)
				}
				err = nil
			} else if want != "" {
				t.Errorf("message %d is not refused", message)
			}
			if !ok || of != number {
				t.Errorf("message %d belongs to %q", message, of)
			}
			return err
		})
		var corrected string
		if err := h.pool.QueryRow(t.Context(), `SELECT coalesce((SELECT data->>'event' FROM event ORDER BY seq DESC LIMIT 1), '')`).Scan(&corrected); err != nil || corrected != event {
			t.Errorf("message %d stands in event %q, want %q, %v", message, corrected, event, err)
		}
	}
	h.does(t, 7001, func(turn *postgres.Turn) error { return turn.Answer(number, 4, false, "too little", 21, 22) })
	corrects(21, "5", "")
	corrects(22, "5", "")
	h.does(t, 7001, func(turn *postgres.Turn) error { return turn.Reply(number, "one\ntwo", 23, 24) })
	corrects(24, "8", "")
	h.close(t, number, cases.Upheld)
	h.does(t, 7001, func(turn *postgres.Turn) error {
		return turn.Rate(number, cases.Rating{Handled: cases.GradeNo, Solved: cases.GradeNo, Why: "why"}, 25)
	})
	corrects(25, "", "refusal.closed")
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.Reopen(ann, "again", h.Procedure(), now) })
	h.does(t, 7001, func(turn *postgres.Turn) error { return turn.Withdraw(number, "tired", 26) })
	corrects(26, "", "refusal.closed")
}

func TestNothingCanBeDoneToACaseOfSomebodyElse(t *testing.T) {
	h := newHouse(t)
	number, talk := h.file(t, 7001), h.asks(t, 7001)
	for name, try := range map[string]func(*postgres.Turn) error{
		"withdraw": func(turn *postgres.Turn) error { return turn.Withdraw(number, "") },
		"contact":  func(turn *postgres.Turn) error { return turn.ChangeContact(number, "1", "") },
		"answer":   func(turn *postgres.Turn) error { return turn.Answer(number, 1, true, "") },
		"rate":     func(turn *postgres.Turn) error { return turn.Rate(number, cases.Rating{}) },
		"helped":   func(turn *postgres.Turn) error { _, err := turn.Helped(talk, false, true); return err },
		"reply":    func(turn *postgres.Turn) error { return turn.Reply(number, "let me in", 1) },
		"attach":   func(turn *postgres.Turn) error { return turn.Attach(number, "", 1, cases.Attachment{ID: "x"}, "") },
		"unknown":  func(turn *postgres.Turn) error { return turn.Withdraw("K-2026-0999", "") },
	} {
		h.does(t, 7002, func(turn *postgres.Turn) error {
			if err := try(turn); !errors.Is(err, postgres.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
			return nil
		})
	}
	if got := h.happened(t, number) + " " + h.happened(t, talk); got != "filed requested" {
		t.Errorf("files: %s", got)
	}
}

func TestChangedMessageFindsTheCaseThatItsWordsStandIn(t *testing.T) {
	h := newHouse(t)
	var number cases.Number
	h.does(t, 7001, func(turn *postgres.Turn) error {
		turn.Append(1, "it began", 12)
		turn.Append(2, "it went on", 13)
		c, err := turn.Submit(cases.Complaint{Language: "nl", Answers: maps(answers), StoryParts: 2, Messages: map[string]int64{cases.FieldName: 11, cases.FieldSubject: 14, cases.FieldWhen: 0}})
		if err != nil {
			return err
		}
		number = c.Number
		if err := turn.Reply(number, "and more", 15); err != nil {
			return err
		}
		_, ok, err := turn.Correct(15, "and much more") // in the very batch in which it came
		if !ok {
			t.Error("the message of a moment ago is nobody's")
		}
		return err
	})
	for message, event := range map[int64]string{11: "1", 12: "1", 13: "1", 14: "1", 15: "2"} {
		h.does(t, 7001, func(turn *postgres.Turn) error {
			of, ok, err := turn.Correct(message, fmt.Sprint("changed ", message))
			if of != number || !ok {
				t.Errorf("message %d belongs to %q", message, of)
			}
			return err
		})
		f, err := h.File(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		if last := f.Events[len(f.Events)-1]; last.Kind != cases.Corrected || last.Data["event"] != event || last.Words[cases.FieldText] != fmt.Sprint("changed ", message) {
			t.Errorf("message %d: %+v", message, last)
		}
	}
	for chat, message := range map[int64]int64{7001: 99, 7002: 11} {
		h.does(t, chat, func(turn *postgres.Turn) error {
			if of, ok, err := turn.Correct(message, "x"); ok || of != "" || err != nil {
				t.Errorf("message %d of chat %d belongs to %q, %v", message, chat, of, err)
			}
			return nil
		})
	}
}

func TestTalkThatDidNotHelpGivesBackWhatWasTold(t *testing.T) {
	h := newHouse(t)
	var number cases.Number
	h.does(t, 7001, func(turn *postgres.Turn) error {
		turn.Append(1, "a story", 1)
		turn.Append(2, "and its end", 2)
		c, err := turn.Request(cases.TalkRequest{Language: "nl", By: cases.Call, Name: "Noor (invented)", Told: cases.Words{cases.FieldWish: "peace"}})
		if err == nil {
			number = c.Number
		}
		return err
	})
	h.take(t, number, ann)
	h.change(t, number, func(c *cases.Case, now time.Time) error {
		return c.End(ann, cases.Closing{Outcome: cases.Talked, Solution: "we spoke"}, h.Procedure(), now)
	})
	h.does(t, 7001, func(turn *postgres.Turn) error {
		told, err := turn.Helped(number, false, true)
		want := cases.Words{cases.FieldName: "Noor (invented)", cases.FieldWish: "peace", cases.FieldProblem: "a story\n\nand its end"}
		if fmt.Sprint(told) != fmt.Sprint(want) {
			t.Errorf("told %v", told)
		}
		return err
	})
	h.does(t, 7001, func(turn *postgres.Turn) error { // the story is still there for the formal way
		c, err := turn.Submit(cases.Complaint{Language: "nl", Answers: cases.Words{}})
		if err == nil {
			number = c.Number
		}
		return err
	})
	f, err := h.File(t.Context(), number)
	if err != nil || f.Answers[cases.FieldProblem] != "a story\n\nand its end" {
		t.Errorf("story %q, %v", f.Answers[cases.FieldProblem], err)
	}
}

func TestRefusedDeedLeavesNothingAndTheTurnGoesOn(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.does(t, 7001, func(turn *postgres.Turn) error {
		if err := turn.Withdraw(number, "x"); err != nil {
			return err
		}
		var refusal *cases.Refusal
		if err := turn.Reply(number, "too late", 3); !errors.As(err, &refusal) || refusal.Text.Key != "refusal.closed" {
			t.Errorf("got %v", err)
		}
		if _, ok, err := turn.Correct(3, "x"); ok || err != nil {
			t.Errorf("the refused message is remembered: %v", err)
		}
		return nil
	})
	if got := h.happened(t, number); got != "filed withdrawn" {
		t.Errorf("file %s", got)
	}
	mine, err := h.List(t.Context(), postgres.Filter{Chat: 7001})
	if err != nil || len(mine) != 1 || mine[0].Owner != "" || mine[0].Outcome != cases.OutcomeWithdrawn {
		t.Errorf("%v, %v", mine, err)
	}
}

func TestMineTellsAllThatAPersonIsToldOfACase(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	h.now = h.now.Add(time.Hour)
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.Propose(ann, "a refund", now) })
	mine := func() (c *cases.Case) {
		h.does(t, 7001, func(turn *postgres.Turn) error {
			all, err := turn.Mine()
			if len(all) == 1 {
				c = all[0]
			}
			return err
		})
		return c
	}
	if c := mine(); c.Proposal != 4 || !c.LastWord.Equal(h.now) || !c.Kept(h.Procedure()).IsZero() {
		t.Errorf("%+v", c)
	}
	h.close(t, number, cases.Upheld)
	h.does(t, 7001, func(turn *postgres.Turn) error {
		return turn.Rate(number, cases.Rating{Handled: cases.GradeYes, Solved: cases.GradeYes})
	})
	if c := mine(); c.Proposal != 0 || !c.Rated || !c.Kept(h.Procedure()).Equal(h.now.AddDate(0, 0, 730)) {
		t.Errorf("%+v", c)
	}
}
