package postgres_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

func TestComplaintBecomesACaseWithItsWholeStory(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	if number != "K-2026-0001" {
		t.Errorf("number %q", number)
	}
	f, err := h.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := f.Answers[cases.FieldProblem], "It began with "+canary+".\n\nIt did not stop."; got != want {
		t.Errorf("story %q, want %q", got, want)
	}
	if got := f.Case.LastDay(h.Procedure()).Format(time.DateOnly); got != "2026-12-06" {
		t.Errorf("last day %s", got)
	}
	var kinds []string
	for _, o := range h.waiting(t) {
		kinds = append(kinds, string(o.Notice.Kind)+" "+o.Lane)
	}
	if got, want := strings.Join(kinds, ", "), "screening slack/K-2026-0001, card slack/K-2026-0001, acknowledgement mail/K-2026-0001"; got != want {
		t.Errorf("queued %s, want %s", got, want)
	}
	if second := h.file(t, 7002); second != "K-2026-0002" {
		t.Errorf("second number %q", second)
	}
}

func TestUpdateThatComesTwiceFilesOnce(t *testing.T) {
	h := newHouse(t)
	update := []postgres.Update{{ID: 5, Chat: 7001}, {ID: 5, Chat: 7001}}
	turns := 0
	for range 3 {
		err := h.Converse(t.Context(), update, func(turn *postgres.Turn) error {
			turn.Session = []byte("x")
			_, err := turn.Submit(cases.Complaint{Language: "nl", Answers: maps(answers)})
			if err == nil {
				turns++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if turns != 1 {
		t.Errorf("%d turns", turns)
	}
	all, err := h.List(t.Context(), postgres.Filter{})
	if err != nil || len(all) != 1 {
		t.Errorf("%d cases, %v", len(all), err)
	}
}

func TestStepThatGoesWrongLeavesNothingOfItsBatch(t *testing.T) {
	h := newHouse(t)
	wrong := errors.New("wrong")
	err := h.Converse(t.Context(), []postgres.Update{{ID: 1, Chat: 1}, {ID: 2, Chat: 2}}, func(turn *postgres.Turn) error {
		turn.Say([]byte("hello"))
		turn.Session = []byte("x")
		if turn.Update == 1 {
			return wrong
		}
		return nil
	})
	if !errors.Is(err, wrong) {
		t.Fatal(err)
	}
	if out := h.waiting(t); len(out) != 0 {
		t.Errorf("%d lines wait", len(out))
	}
	h.last = 0
	h.turn(t, 1, func(turn *postgres.Turn) error { // the same update may come again
		if turn.Session != nil {
			t.Error("a session was kept")
		}
		turn.Session = []byte("y")
		return nil
	})
}

func TestClickThatComesTwiceChangesOnce(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.screen(t, number)
	click := postgres.Claim{Source: "slack", ID: "trigger-1"}
	take := func(c *cases.Case, now time.Time) error { return c.Take(ann, now) }
	c, err := h.Change(t.Context(), click, number, take)
	if err != nil || c.Owner != ann.Member {
		t.Fatalf("owner %q, %v", c.Owner, err)
	}
	if _, err := h.Change(t.Context(), click, number, take); !errors.Is(err, postgres.ErrClaimed) {
		t.Errorf("second delivery: %v", err)
	}
}

func TestRefusedTryIsOnFile(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	var refusal *cases.Refusal
	_, err := h.Change(t.Context(), postgres.Claim{}, number, func(c *cases.Case, now time.Time) error {
		return c.End(bob, cases.Closing{Outcome: cases.Settled, Solution: "done"}, h.Procedure(), now)
	})
	if !errors.As(err, &refusal) || refusal.Text.Key != "refusal.owner-only" {
		t.Fatalf("got %v", err)
	}
	if _, err = h.ReadFile(t.Context(), postgres.Claim{}, number, eve); !errors.As(err, &refusal) {
		t.Fatalf("a stranger reads: %v", err)
	}
	f, err := h.ReadFile(t.Context(), postgres.Claim{}, number, ann)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, e := range f.Events {
		seen = append(seen, string(e.Kind)+":"+string(e.By)+":"+e.Data["action"])
	}
	want := "filed:complainant: screened:program: taken:member:U1ANN: refused:member:U2BOB:end refused:member:U9EVE:read read:member:U1ANN:"
	if got := strings.Join(seen, " "); got != want {
		t.Errorf("file\n got %s\nwant %s", got, want)
	}
	if f.Case.Stage != cases.Assigned {
		t.Errorf("stage %s after a refused end", f.Case.Stage)
	}
}

func TestFileCanNeitherBeChangedNorCutShort(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	for _, tampering := range []string{
		`UPDATE event SET by = 'member:U2'`, `DELETE FROM event`, `TRUNCATE event CASCADE`,
	} {
		if _, err := h.pool.Exec(t.Context(), tampering); err == nil {
			t.Errorf("the database allows: %s", tampering)
		}
	}
	if err := h.Verify(t.Context(), number); err != nil {
		t.Errorf("untouched: %v", err)
	}
	for _, tampering := range []string{ // by somebody who may do anything in the database
		`UPDATE event SET by = 'member:U2' WHERE seq = 2`,
		`UPDATE event SET at = at + interval '1 second' WHERE seq = 1`,
		`UPDATE event SET data = '{"way":"letter"}' WHERE seq = 1`,
		`DELETE FROM event_word; DELETE FROM event WHERE seq = 2`,
	} {
		h := newHouse(t)
		number := h.file(t, 7001)
		h.take(t, number, ann)
		if _, err := h.pool.Exec(t.Context(), `ALTER TABLE event DISABLE TRIGGER ALL; `+tampering); err != nil {
			t.Fatal(err)
		}
		if h.Verify(t.Context(), number) == nil {
			t.Errorf("not found out: %s", tampering)
		}
	}
}

func TestErasedWordsAreGoneAndTheFileStillVerifies(t *testing.T) {
	h := newHouse(t)
	number, other := h.file(t, 7001), h.file(t, 7002)
	if _, err := h.pool.Exec(t.Context(), `DELETE FROM case_key WHERE case_id = (SELECT id FROM cases WHERE number = $1)`, number); err != nil {
		t.Fatal(err)
	}
	f, err := h.File(t.Context(), number)
	if err != nil || len(f.Answers) != 0 {
		t.Errorf("answers %v, %v", f.Answers, err)
	}
	if err := h.Verify(t.Context(), number); err != nil {
		t.Error(err)
	}
	if f, err := h.File(t.Context(), other); err != nil || f.Answers[cases.FieldName] == "" {
		t.Errorf("another case lost its words too: %v", err)
	}
}

func TestWordsStandNowhereInTheDatabaseUnsealed(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.turn(t, 7002, func(turn *postgres.Turn) error {
		turn.Append(1, canary, 0)
		turn.Say([]byte(canary))
		turn.Session = []byte(canary)
		return nil
	})
	h.take(t, number, ann)
	_, err := h.Change(t.Context(), postgres.Claim{}, number, func(c *cases.Case, now time.Time) error {
		return c.Write(ann, cases.WriteDraft{Text: canary}, h.Procedure(), now)
	})
	if err != nil {
		t.Fatal(err)
	}
	dump := h.dump(t)
	if !strings.Contains(dump, string(number)) {
		t.Fatal("the dump lacks the case")
	}
	hexed := "6b616e61726965776f6f7264"
	for _, trace := range []string{canary, hexed, "a2FuYXJpZXdvb3Jk", "noor@example.org"} {
		if strings.Contains(dump, trace) {
			t.Errorf("a dump shows %q", trace)
		}
	}
}

func TestSealedWordsMovedElsewhereDoNotOpen(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.file(t, 7002)
	if _, err := h.pool.Exec(t.Context(), `UPDATE event_word SET sealed = (SELECT sealed FROM event_word w WHERE w.case_id <> event_word.case_id
		AND w.seq = event_word.seq) WHERE seq = 1`); err != nil {
		t.Fatal(err)
	}
	if _, err := h.File(t.Context(), number); err == nil {
		t.Error("the name of another complainant opened")
	}
}

func TestPersonWhoComesBackIsReachableAgain(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.turn(t, 7001, func(turn *postgres.Turn) error { return turn.Left() })
	if c, err := h.Case(t.Context(), number); err != nil || !c.ChatGone {
		t.Fatalf("still there: %v", err)
	}
	h.turn(t, 7001, func(turn *postgres.Turn) error { turn.Session = []byte("{}"); return nil })
	if c, err := h.Case(t.Context(), number); err != nil || c.ChatGone {
		t.Errorf("still gone: %v", err)
	}
}

func TestWhetherSomebodyIsThereIsDecidedByTheOrderInWhichTheyDidIt(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	left := func(turn *postgres.Turn) error { return turn.Left() }
	speaks := func(turn *postgres.Turn) error { turn.Say([]byte("an answer")); return nil }
	for _, one := range []struct {
		name   string
		update int64
		do     func(*postgres.Turn) error
		gone   bool
		said   int // so far
	}{
		{"something that they said after they came back", 112, speaks, false, 1},
		{"that they had left before it", 111, left, false, 1},
		{"an answer to what else they said", 113, speaks, false, 2},
		{"that they left", 116, left, true, 2},
		{"what they had said before they left", 115, speaks, true, 2},
		{"that once more", 115, speaks, true, 2},
		{"that they are back", 117, speaks, false, 3},
	} {
		if err := h.Converse(t.Context(), []postgres.Update{{ID: one.update, Chat: 7001}}, one.do); err != nil {
			t.Fatal(err)
		}
		said := 0
		for _, o := range h.waiting(t) {
			if string(o.Line()) == "an answer" {
				said++
			}
		}
		if c, err := h.Case(t.Context(), number); err != nil || c.ChatGone != one.gone || said != one.said {
			t.Errorf("%s: gone %t, %d answers, %v", one.name, c.ChatGone, said, err)
		}
	}
}

func TestUpdateThatComesAgainDoesNotTouchItsConversation(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.turn(t, 7001, func(turn *postgres.Turn) error { return turn.Left() })
	err := h.Converse(t.Context(), []postgres.Update{{ID: h.last, Chat: 7001}}, func(*postgres.Turn) error {
		t.Error("it had a second turn")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h.turn(t, 7001, func(turn *postgres.Turn) error { turn.Session = []byte("{}"); return nil })
	if c, err := h.Case(t.Context(), number); err != nil || c.ChatGone {
		t.Errorf("they are back, and still taken for gone: %v", err)
	}
}

func TestReplyToACaseOfSomebodyElseIsNotFound(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.turn(t, 7002, func(turn *postgres.Turn) error {
		if err := turn.Reply(number, "let me in", 0); !errors.Is(err, postgres.ErrNotFound) {
			t.Errorf("got %v", err)
		}
		turn.Session = []byte("{}")
		return nil
	})
	f, err := h.File(t.Context(), number)
	if err != nil || len(f.Events) != 1 {
		t.Errorf("%d events, %v", len(f.Events), err)
	}
}

func TestAnotherMasterKeyIsNoticedBeforeAnythingIsSealedWithIt(t *testing.T) {
	h := newHouse(t)
	if err := h.CheckKey(t.Context()); err != nil {
		t.Errorf("empty database: %v", err)
	}
	h.file(t, 7001)
	if err := h.CheckKey(t.Context()); err != nil {
		t.Errorf("the right key: %v", err)
	}
	key, _ := postgres.NewMasterKey()
	wrong, err := postgres.New(h.pool, postgres.Config{MasterKey: key, Procedure: h.Procedure()})
	if err != nil {
		t.Fatal(err)
	}
	if err := wrong.CheckKey(t.Context()); !errors.Is(err, postgres.ErrWrongKey) {
		t.Errorf("a wrong key: %v", err)
	}
}

func TestOneRefusedMessageDoesNotCloseTheChat(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	for _, o := range h.waiting(t) {
		if o.Notice.Kind == cases.InHand {
			if err := h.Lose(t.Context(), postgres.Result{Out: o, State: cases.Failed, Reason: "refused"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	c, err := h.Case(t.Context(), number)
	if err != nil || c.ChatGone {
		t.Errorf("the chat is closed: %v", err)
	}
	mailed := false
	for _, o := range h.waiting(t) {
		mailed = mailed || o.Notice.Kind == cases.InHand && o.Notice.To == cases.ByMail
	}
	if !mailed {
		t.Error("what was refused goes by no other way")
	}
}

func TestWordsOfALongClosedCaseAreForgotten(t *testing.T) {
	h := newHouse(t)
	number, open := h.file(t, 7001), h.file(t, 7002)
	h.take(t, number, ann)
	if _, err := h.Change(t.Context(), postgres.Claim{}, number, func(c *cases.Case, now time.Time) error {
		return c.End(ann, cases.Closing{Outcome: cases.Settled, Solution: canary}, h.Procedure(), now)
	}); err != nil {
		t.Fatal(err)
	}
	for _, after := range []struct {
		days int
		kept bool
	}{{h.Procedure().Retention - 1, true}, {2, false}} {
		h.now = h.now.AddDate(0, 0, after.days)
		if err := h.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		f, err := h.File(t.Context(), number)
		if err != nil || (len(f.Answers) > 0) != after.kept {
			t.Errorf("after %d days: %d answers, %v", after.days, len(f.Answers), err)
		}
	}
	if f, err := h.File(t.Context(), open); err != nil || len(f.Answers) == 0 {
		t.Errorf("an open case lost its words: %v", err)
	}
	if err := h.Verify(t.Context(), number); err != nil {
		t.Error(err)
	}
}
