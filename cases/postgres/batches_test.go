package postgres_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// Batches as they come: to two processes, again, with what can't be handled among them, and with filings that were foreseen and
// others that were not. Whatever fails comes again.
func TestWhatComesInBatchesIsHeardOnceAndInTheOrderOfItsChat(t *testing.T) {
	h := newHouse(t)
	other := h.under(t, cases.DefaultProcedure(), nil)
	const chats, each = 30, 8
	random := rand.New(rand.NewPCG(1, 2))
	var batches [][]postgres.Update // of one chat all in order
	id := int64(100)
	for range each {
		var batch []postgres.Update
		for range 2 {
			for _, chat := range random.Perm(chats) {
				id++
				batch = append(batch, postgres.Update{ID: id, Chat: int64(7001 + chat), MakesCase: random.IntN(5) == 0})
			}
		}
		batches = append(batches, batch)
	}
	var mu sync.Mutex
	kept := map[int64]int{}
	files := func(u int64) bool { return u%7 == 0 }
	take := func(store *postgres.Store, batch []postgres.Update, unlucky int) error {
		return store.Converse(t.Context(), batch, func(turn *postgres.Turn) error {
			u := batch[turn.Update]
			turn.Kept(func() { mu.Lock(); kept[u.ID]++; mu.Unlock() })
			if turn.Update == unlucky {
				return errors.New("bad luck")
			}
			turn.Session = fmt.Appendf(nil, "%s %d", turn.Session, u.ID)
			turn.Say([]byte(fmt.Sprint(u.ID)))
			if files(u.ID) {
				s := turn.Session
				if _, err := turn.Submit(cases.Complaint{Language: "nl", Answers: maps(answers)}); err != nil {
					return err
				}
				turn.Session = s
			}
			return nil
		})
	}
	for _, batch := range batches {
		var both sync.WaitGroup
		for _, store := range []*postgres.Store{h.Store, other} {
			unlucky := random.IntN(len(batch))
			both.Go(func() {
				if err := take(store, batch, unlucky); err != nil && !postgres.Passing(err) && !strings.Contains(err.Error(), "bad luck") {
					t.Error(err)
				}
			})
		}
		both.Wait()
		for try := 0; ; try++ {
			err := take(h.Store, batch, -1)
			if err == nil {
				break
			}
			if try > 3 || !postgres.Passing(err) {
				t.Fatal(err)
			}
		}
		if err := take(other, batch, 0); err != nil { // all of it was heard
			t.Fatal(err)
		}
	}
	want := map[int64]string{}
	filed := 0
	for _, batch := range batches {
		for _, u := range batch {
			want[u.Chat] += fmt.Sprintf(" %d", u.ID)
			if kept[u.ID] != 1 {
				t.Errorf("update %d was kept %d times", u.ID, kept[u.ID])
			}
			if files(u.ID) {
				filed++
			}
		}
	}
	for chat, heard := range want {
		held, err := h.PersonalData(t.Context(), chat)
		if err != nil {
			t.Fatal(err)
		}
		if string(held.Session) != heard {
			t.Errorf("chat %d heard%s\nand not%s", chat, held.Session, heard)
		}
	}
	if n := h.count(t, "cases"); n != filed {
		t.Errorf("%d cases, want %d", n, filed)
	}
	if n := h.number(t, `SELECT last FROM case_counter`); n != filed {
		t.Errorf("the last number is %d of %d", n, filed)
	}
}
