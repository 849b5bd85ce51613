package postgres_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// somebodyWaits waits until a transaction waits for a row of another.
func (h *house) somebodyWaits(ctx context.Context, t testing.TB) {
	t.Helper()
	for waiting := 0; waiting == 0; {
		err := h.pool.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`).Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhoIsForgottenAndWhoReadsTheirCaseDoNotWaitForEachOther(t *testing.T) {
	h := newHouse(t)
	number := h.asks(t, 7001)
	h.take(t, number, ann)
	h.close(t, number, cases.Talked)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	locked, release, changed, forgot := make(chan struct{}), make(chan struct{}), make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := h.Change(ctx, postgres.Claim{}, number, func(c *cases.Case, now time.Time) error {
			close(locked)
			<-release
			return c.Read(ann, now)
		})
		changed <- err
	}()
	<-locked
	go func() {
		forgot <- h.Converse(ctx, []postgres.Update{{ID: 9001, Chat: 7001}}, func(turn *postgres.Turn) error {
			_, err := turn.Forget()
			turn.Session = []byte(`{}`)
			return err
		})
	}()
	h.somebodyWaits(ctx, t)
	close(release)
	if err := <-changed; err != nil {
		t.Errorf("read: %v", err)
	}
	if err := <-forgot; err != nil {
		t.Errorf("forget: %v", err)
	}
	if f, err := h.File(t.Context(), number); err != nil || len(f.Answers) != 0 || f.Case.Chat != 0 {
		t.Errorf("what is left: %v, %v", f.Answers, err)
	}
}

// While a file of what is erased is held by who keeps it, nobody else's case waits for that.
func TestErasingAFileThatIsBeingKeptHoldsUpNobodyElse(t *testing.T) {
	h := newHouse(t)
	other := h.file(t, 7002)
	h.screen(t, other)
	h.attach(t, 7001, "")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	keeping, err := h.pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer keeping.Rollback(t.Context())
	if _, err := keeping.Exec(ctx, `UPDATE attachment SET size = 1 WHERE chat = 7001`); err != nil {
		t.Fatal(err)
	}
	erased := make(chan error, 1)
	go func() {
		erased <- h.Converse(ctx, []postgres.Update{{ID: 9001, Chat: 7001}}, func(turn *postgres.Turn) error {
			turn.Session = []byte(`{}`)
			turn.Erase()
			return nil
		})
	}()
	h.somebodyWaits(ctx, t)
	if _, err := h.Change(ctx, postgres.Claim{}, other, func(c *cases.Case, now time.Time) error { return c.Take(ann, now) }); err != nil {
		t.Errorf("somebody else's case: %v", err)
	}
	if err := keeping.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-erased; err != nil || h.count(t, "attachment") != 0 {
		t.Errorf("%d files are left, %v", h.count(t, "attachment"), err)
	}
}

// As many people file at one moment as there are connections, and each of them holds one.
func TestNumbersAreGivenOutWhileAllConnectionsAreHeld(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	most := int(h.pool.Config().MaxConns)
	holding, all, filed := make(chan struct{}, most), make(chan struct{}), make(chan error, most)
	for i := range most {
		go func() {
			filed <- h.Converse(ctx, []postgres.Update{{ID: int64(9001 + i), Chat: int64(7001 + i)}}, func(turn *postgres.Turn) error {
				holding <- struct{}{}
				<-all
				turn.Session = []byte(`{}`)
				_, err := turn.Submit(cases.Complaint{Language: "nl", Answers: maps(answers)})
				return err
			})
		}()
	}
	for range most {
		select {
		case <-holding:
		case <-ctx.Done():
			t.Fatal(ctx.Err())
		}
	}
	close(all)
	for range most {
		if err := <-filed; err != nil {
			t.Error(err)
		}
	}
	if n := h.count(t, "cases"); n != most {
		t.Errorf("%d cases, want %d", n, most)
	}
}

// Who holds the number may be waiting for what those who wait for it have locked: several give up, to be handled alone; one waits.
func TestSeveralGiveUpWaitingForANumberAndOneDoesNot(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	file := func(then func(), chats ...int64) error {
		updates := make([]postgres.Update, len(chats))
		for i, chat := range chats {
			updates[i] = postgres.Update{ID: chat, Chat: chat}
		}
		return h.Converse(ctx, updates, func(turn *postgres.Turn) error {
			turn.Session = []byte(`{}`)
			_, err := turn.Submit(cases.Complaint{Language: "nl", Answers: maps(answers)})
			then()
			return err
		})
	}
	numbered, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan error, 2)
	go func() { ended <- file(func() { close(numbered); <-goOn }, 7001) }()
	<-numbered
	go func() { ended <- file(func() {}, 7002) }()
	if err := file(func() {}, 7003, 7004); err == nil || postgres.Passing(err) {
		t.Errorf("several are told %v, so that they are not handled alone", err)
	}
	close(goOn)
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	if n := h.count(t, "cases"); n != 2 {
		t.Errorf("%d cases", n)
	}
}

// What follows on what was kept may take as long as it likes, and file itself.
func TestWhatFollowsOnAFilingHoldsUpNobody(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	files := func(chat int64, then func()) error {
		return h.Converse(ctx, []postgres.Update{{ID: chat, Chat: chat, MakesCase: true}}, func(turn *postgres.Turn) error {
			turn.Kept(then)
			turn.Session = []byte(`{}`)
			_, err := turn.Submit(cases.Complaint{Language: "nl", Answers: maps(answers)})
			return err
		})
	}
	var meanwhile error
	err := files(7001, func() { meanwhile = files(7002, func() {}) })
	if err != nil || meanwhile != nil || ctx.Err() != nil || h.count(t, "cases") != 2 {
		t.Errorf("%d cases: %v, %v, %v", h.count(t, "cases"), err, meanwhile, ctx.Err())
	}
}

// In one batch, or in several: who blocked us and unblocked us is there.
func TestWhoLeavesAndComesBackInOneBatchIsThere(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	for _, leaves := range []map[int]bool{{0: true}, {1: true}, {0: true, 2: true}} {
		var updates []postgres.Update
		for range 3 {
			h.last++
			updates = append(updates, postgres.Update{ID: h.last, Chat: 7001})
		}
		err := h.Converse(t.Context(), updates, func(turn *postgres.Turn) error {
			turn.Session = []byte(`{}`)
			if leaves[turn.Update] {
				return turn.Left()
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		c, err := h.Case(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		var gone bool
		if err := h.pool.QueryRow(t.Context(), `SELECT gone_at IS NOT NULL FROM conversation WHERE chat = 7001`).Scan(&gone); err != nil {
			t.Fatal(err)
		}
		if want := leaves[2]; c.ChatGone != want || gone != want {
			t.Errorf("%s: the case says gone %v, the conversation %v, want %v", fmt.Sprint(leaves), c.ChatGone, gone, want)
		}
	}
}
