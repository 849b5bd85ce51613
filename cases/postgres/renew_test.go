package postgres_test

import (
	"strings"
	"testing"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// copied is what a copy of the database holds of a conversation.
type copied struct{ session, part []byte }

// tells makes a conversation in which something was told, and returns what a copy of the database holds of it.
func (h *house) tells(t testing.TB, chat int64) (c copied) {
	t.Helper()
	h.turn(t, chat, func(turn *postgres.Turn) error {
		turn.Append(1, "It began with "+canary+".", 11)
		turn.Say([]byte("line before"))
		turn.Session = []byte(`{"name":"` + canary + `"}`)
		return nil
	})
	h.last++
	if err := h.SetAside(t.Context(), postgres.Update{ID: h.last, Chat: chat}, []byte(canary), "not understood"); err != nil {
		t.Fatal(err)
	}
	err := h.pool.QueryRow(t.Context(), `SELECT session, sealed FROM conversation JOIN conversation_part USING (chat) WHERE chat = $1`, chat).Scan(&c.session, &c.part)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// opens says whether what a copy holds opens with what is kept now. It puts the copy back, so it comes last.
func (h *house) opens(t testing.TB, chat int64, c copied) bool {
	t.Helper()
	if _, err := h.pool.Exec(t.Context(), `INSERT INTO conversation_part (chat, part, sealed) VALUES ($1, 1, $2)`, chat, c.part); err != nil {
		t.Fatal(err)
	}
	h.last++
	err := h.Converse(t.Context(), []postgres.Update{{ID: h.last, Chat: chat}}, func(turn *postgres.Turn) error {
		_, _, _, err := turn.Amend(11, "x")
		return err
	})
	part := err == nil
	if _, err := h.pool.Exec(t.Context(), `UPDATE conversation SET session = $2 WHERE chat = $1`, chat, c.session); err != nil {
		t.Fatal(err)
	}
	_, err = h.PersonalData(t.Context(), chat)
	return part || err == nil
}

func TestWhatACopyHoldsDoesNotOpenAfterItWasErased(t *testing.T) {
	for name, erase := range map[string]func(*postgres.Turn) error{
		"cancelled": func(turn *postgres.Turn) error { turn.Erase(); return nil },
		"forgotten": func(turn *postgres.Turn) error { _, err := turn.Forget(); return err },
		"filed": func(turn *postgres.Turn) error {
			_, err := turn.Submit(cases.Complaint{Language: "nl", Answers: maps(answers), StoryParts: 1})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			copied := h.tells(t, 7001)
			h.does(t, 7001, erase)
			if h.opens(t, 7001, copied) {
				t.Error("it opens")
			}
		})
	}
}

func TestWhatACopyHoldsDoesNotOpenAfterTheConversationErasedItself(t *testing.T) {
	h := newHouse(t)
	copied := h.tells(t, 7001)
	err := h.Alone(t.Context(), 7001, func(turn *postgres.Turn) error { turn.Erase(); return nil })
	if err != nil {
		t.Fatal(err)
	}
	if h.opens(t, 7001, copied) {
		t.Error("it opens")
	}
}

// lines are those that wait, as who sends them reads them.
func (h *house) lines(t testing.TB) (all []string, out []postgres.Outgoing) {
	t.Helper()
	for _, o := range h.waiting(t) {
		if strings.HasPrefix(o.Lane, postgres.LaneTelegram) && o.Number == "" {
			out = append(out, o)
			for _, line := range o.Lines {
				all = append(all, string(line))
			}
		}
	}
	return all, out
}

func TestLinesThatWaitAreReadUntilTheyAreSentAndTheirKeysAreKeptNoLonger(t *testing.T) {
	h := newHouse(t)
	h.tells(t, 7001)
	for _, n := range []string{"1", "2"} {
		h.does(t, 7001, func(turn *postgres.Turn) error {
			turn.Say([]byte("said " + n))
			turn.Erase()
			turn.Say([]byte("erased " + n))
			return nil
		})
	}
	got, out := h.lines(t)
	if want := "line before, said 1, erased 1, said 2, erased 2"; strings.Join(got, ", ") != want {
		t.Fatalf("wait: %q", got)
	}
	for i, keys := range []int{2, 1, 0} {
		if err := h.Settle(t.Context(), []postgres.Result{{Out: out[i], State: cases.Sent}}); err != nil {
			t.Fatal(err)
		}
		var left int
		err := h.pool.QueryRow(t.Context(), `SELECT count(DISTINCT wrapped_key) FROM line`).Scan(&left)
		if err != nil || left != keys {
			t.Errorf("after %d steps there are %d keys of lines, want %d: %v", i+1, left, keys, err)
		}
		if got, _ := h.lines(t); len(got) != 4-2*i {
			t.Errorf("after %d steps %q can be read", i+1, got)
		}
	}
}

func TestOfAStepThatWasInterruptedOnlyTheRestGoesOut(t *testing.T) {
	h := newHouse(t)
	h.turn(t, 7001, func(turn *postgres.Turn) error {
		turn.Session = []byte("{}")
		for _, line := range []string{"one", "two", "three"} {
			turn.Say([]byte(line))
		}
		return nil
	})
	_, out := h.lines(t)
	if len(out) != 1 || string(out[0].Line()) != "one" {
		t.Fatalf("wait: %+v", out)
	}
	out[0].Sent, out[0].Attempts = 2, 3
	if err := h.Settle(t.Context(), []postgres.Result{{Out: out[0], State: cases.Queued, NotBefore: h.now}}); err != nil {
		t.Fatal(err)
	}
	_, out = h.lines(t)
	if len(out) != 1 || string(out[0].Line()) != "three" || out[0].Attempts != 3 || !out[0].NotBefore.Equal(h.now) {
		t.Errorf("wait: %+v", out)
	}
}

func TestWhatIsSetAsideIsReadAfterTheConversationHasAnotherKey(t *testing.T) {
	h := newHouse(t)
	h.tells(t, 7001)
	var before, after []byte
	sealed := func(to *[]byte) {
		if err := h.pool.QueryRow(t.Context(), `SELECT sealed FROM set_aside`).Scan(to); err != nil {
			t.Fatal(err)
		}
	}
	sealed(&before)
	h.does(t, 7001, func(turn *postgres.Turn) error { turn.Erase(); return nil })
	sealed(&after)
	held, err := h.PersonalData(t.Context(), 7001)
	if err != nil || len(held.Aside) != 1 || string(held.Aside[0].Raw) != canary {
		t.Errorf("%+v, %v", held, err)
	}
	if _, err := h.pool.Exec(t.Context(), `UPDATE set_aside SET sealed = $1`, before); err != nil {
		t.Fatal(err)
	}
	if _, err := h.PersonalData(t.Context(), 7001); err == nil {
		t.Error("what a copy holds of it opens")
	}
}

func TestWhatIsSetAsideOfSomebodyNewIsKeptAndShownToThem(t *testing.T) {
	h := newHouse(t)
	h.last++
	if err := h.SetAside(t.Context(), postgres.Update{ID: h.last, Chat: 7003}, []byte(canary), "not understood"); err != nil {
		t.Fatal(err)
	}
	held, err := h.PersonalData(t.Context(), 7003)
	if err != nil || len(held.Aside) != 1 || string(held.Aside[0].Raw) != canary {
		t.Errorf("%+v, %v", held, err)
	}
}

func TestConversationIsKeptForAsLongAsWhatIsSealedWithItsKey(t *testing.T) {
	h := newHouse(t)
	h.tells(t, 7001)
	_, out := h.lines(t)
	if err := h.Settle(t.Context(), []postgres.Result{{Out: out[0], State: cases.Sent}}); err != nil {
		t.Fatal(err)
	}
	h.now = h.now.AddDate(0, 0, h.Procedure().Drafts+4)
	h.last++
	if err := h.SetAside(t.Context(), postgres.Update{ID: h.last, Chat: 7001}, []byte("late"), "not understood"); err != nil {
		t.Fatal(err)
	}
	if err := h.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if held, err := h.PersonalData(t.Context(), 7001); err != nil || len(held.Aside) != 1 || string(held.Aside[0].Raw) != "late" {
		t.Errorf("%+v, %v", held, err)
	}
	h.now = h.now.AddDate(0, 0, h.Procedure().Drafts+4)
	if err := h.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := h.count(t, "conversation") + h.count(t, "set_aside"); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}
