package postgres_test

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// heard delivers updates of a chat together, and returns those that had a turn.
func (h *house) heard(t testing.TB, chat int64, ids ...int64) (heard []int64) {
	t.Helper()
	updates := make([]postgres.Update, len(ids))
	for i, id := range ids {
		updates[i] = postgres.Update{ID: id, Chat: chat}
	}
	err := h.Converse(t.Context(), updates, func(turn *postgres.Turn) error {
		heard = append(heard, ids[turn.Update])
		turn.Session = []byte("{}")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return heard
}

// upTo are the numbers from one to another.
func upTo(from, to int64) (all []int64) {
	for id := from; id <= to; id++ {
		all = append(all, id)
	}
	return all
}

func TestDeliveryThatComesTwiceLateOrOutOfOrderIsHeardOnce(t *testing.T) {
	h := newHouse(t)
	for _, d := range []struct {
		name       string
		ids, heard []int64
	}{
		{"out of order", []int64{1010, 1012, 1011, 1012}, []int64{1010, 1012, 1011}},
		{"once more, in another order", []int64{1012, 1010, 1011}, nil},
		{"late, and before all others", []int64{1005}, []int64{1005}},
		{"late once more", []int64{1005}, nil},
		{"many together", upTo(1100, 1199), upTo(1100, 1199)},
		{"many once more", upTo(1100, 1200), []int64{1200}},
		{"so late that nobody knows any more", []int64{1050, 1010}, nil},
		{"of another count, which began high", upTo(5_000_000, 5_000_064), upTo(5_000_000, 5_000_064)},
		{"of another count, which began low", []int64{7, 9, 8}, []int64{7, 9, 8}},
	} {
		if got := h.heard(t, 7001, d.ids...); !slices.Equal(got, d.heard) {
			t.Errorf("%s: %d were heard, want %d", d.name, got, d.heard)
		}
	}
	if got := h.heard(t, 7001, 7, 8, 9, 10); !slices.Equal(got, []int64{10}) {
		t.Errorf("of the other count once more: %d", got)
	}
}

func TestWhatWasHeardIsForgottenAfterASilentWeek(t *testing.T) {
	h := newHouse(t)
	h.heard(t, 7001, upTo(1000, 1100)...)
	h.now = h.now.AddDate(0, 0, 8)
	if got := h.heard(t, 7001, 990, 1000); !slices.Equal(got, []int64{990, 1000}) {
		t.Errorf("%d were heard", got)
	}
}

func TestUpdateThatReachesTwoProcessesIsHeardByOne(t *testing.T) {
	h := newHouse(t)
	other := h.under(t, cases.DefaultProcedure(), nil)
	for round := range int64(20) {
		var turns atomic.Int64
		var both sync.WaitGroup
		for _, store := range []*postgres.Store{h.Store, other} {
			both.Go(func() {
				err := store.Converse(t.Context(), []postgres.Update{{ID: 100 + round, Chat: 7001 + round/2}}, func(turn *postgres.Turn) error {
					turns.Add(1)
					turn.Session = []byte("{}")
					turn.Say([]byte("heard"))
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		if n, lines := turns.Load(), h.count(t, "line"); lines != int(round)+1 || n > 2 { // of two that meet somebody new one begins anew
			t.Errorf("%d turns, and %d lines wait", n, lines)
		}
	}
}

func TestUpdateThatWasSetAsideIsNeitherHeardNorSetAsideAgain(t *testing.T) {
	h := newHouse(t)
	h.heard(t, 7001, 100)
	for _, chat := range []int64{7001, 7002} { // the second of whom is new
		update := postgres.Update{ID: 101 + chat, Chat: chat}
		if err := h.SetAside(t.Context(), update, []byte(canary), "not understood"); err != nil {
			t.Fatal(err)
		}
		if err := h.SetAside(t.Context(), update, []byte(canary), "not understood"); !errors.Is(err, postgres.ErrClaimed) {
			t.Errorf("chat %d: set aside again: %v", chat, err)
		}
		if got := h.heard(t, chat, update.ID, update.ID+1); !slices.Equal(got, []int64{update.ID + 1}) {
			t.Errorf("chat %d: %d were heard", chat, got)
		}
	}
	for range 2 { // whose number is not known, so that they may be two
		if err := h.SetAside(t.Context(), postgres.Update{}, []byte(canary), "not understood"); err != nil {
			t.Fatal(err)
		}
	}
	if n := h.count(t, "set_aside"); n != 4 {
		t.Errorf("%d are set aside", n)
	}
}

func TestUpdateThatWasClaimedOfNobodyComesOnceMoreAfterLaterOnes(t *testing.T) {
	h := newHouse(t)
	late := postgres.Update{ID: 101, Chat: 7001}
	if err := h.SetAside(t.Context(), late, []byte(canary), "not understood"); err != nil {
		t.Fatal(err)
	}
	if got := h.heard(t, late.Chat, 102, 103); len(got) != 2 {
		t.Fatalf("%d were heard", got)
	}
	if got := h.heard(t, late.Chat, late.ID); got != nil {
		t.Errorf("%d were heard", got)
	}
	if err := h.SetAside(t.Context(), late, []byte(canary), "not understood"); !errors.Is(err, postgres.ErrClaimed) {
		t.Errorf("set aside again: %v", err)
	}
}

func TestNoNumberIsMissingWhateverComesOfACase(t *testing.T) {
	h := newHouse(t)
	first := h.file(t, 7001)
	failed := errors.New("something goes wrong after it was filed")
	err := h.Converse(t.Context(), []postgres.Update{{ID: 900, Chat: 7002}, {ID: 901, Chat: 7003}}, func(turn *postgres.Turn) error {
		turn.Session = []byte("{}")
		if _, err := turn.Submit(cases.Complaint{Language: "nl", Answers: maps(answers)}); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	if second := h.file(t, 7001); first != "K-2026-0001" || second != "K-2026-0002" {
		t.Errorf("filed as %s and %s", first, second)
	}
}

// Of those that came together, the ones that make a case come last; what their people said before and after is heard in its place.
func TestWhatCameTogetherWithAFilingIsHeardInItsOrder(t *testing.T) {
	h := newHouse(t)
	updates := []postgres.Update{{ID: 1, Chat: 7001}, {ID: 2, Chat: 7001}, {ID: 3, Chat: 7002}, {ID: 4, Chat: 7001}, {ID: 5, Chat: 7002}}
	var filed cases.Number
	err := h.Converse(t.Context(), updates, func(turn *postgres.Turn) error {
		turn.Session = append(slices.Clone(turn.Session), byte('1'+turn.Update))
		turn.Say(turn.Session)
		switch turn.Update {
		case 0:
			turn.Append(1, "it began", 11)
		case 1:
			c, err := turn.Submit(cases.Complaint{Language: "nl", Answers: maps(answers), StoryParts: 1})
			if err != nil {
				return err
			}
			filed = c.Number
		case 3:
			return turn.Reply(filed, "and more")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	file, err := h.File(t.Context(), filed)
	if err != nil {
		t.Fatal(err)
	}
	story := file.Answers[cases.FieldProblem]
	said := map[string]string{}
	for _, o := range h.waiting(t) {
		for _, line := range o.Lines {
			said[o.Lane] += string(line) + " "
		}
	}
	if said["telegram/7001"] != "1 12 124 " || said["telegram/7002"] != "3 35 " || story != "it began" || file.Events[1].Kind != cases.Replied {
		t.Errorf("said %q; filed %q, and then %s", said, story, file.Events[1].Kind)
	}
}
