package postgres_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
	"websec.nl/gehoor/cases/s3"
	"websec.nl/gehoor/cases/s3test"
	"websec.nl/gehoor/i18n"
)

// shelved is a house that keeps files in an object storage.
func shelved(t testing.TB) (*house, *s3test.Server) {
	t.Helper()
	server := s3test.Start(t)
	bucket, err := s3.Open(server.Config())
	if err != nil {
		t.Fatal(err)
	}
	h := &house{pool: postgrestest.Pool(t), now: sunday}
	key, _ := postgres.NewMasterKey()
	h.Store, err = postgres.New(h.pool, postgres.Config{
		MasterKey: key, Procedure: cases.DefaultProcedure(), Bucket: bucket, Now: func() time.Time { return h.now },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Store.Close)
	return h, server
}

// photo is a file that somebody sends, and what is found when it is fetched: more than one chunk of it.
var (
	photo = cases.Attachment{ID: "AgAC-" + canary + "-source", Name: canary + ".jpg", Type: "image/jpeg", Size: 2_500_000}
	found = cases.Document{Name: canary + ".jpg", Kind: "picture", Type: "image/jpeg", Content: bytes.Repeat([]byte(canary+" "), 200_000)}
)

// attach lets a person send a file.
func (h *house) attach(t testing.TB, chat int64, number cases.Number) {
	t.Helper()
	h.turn(t, chat, func(turn *postgres.Turn) error {
		turn.Session = []byte(`{}`)
		return turn.Attach(number, cases.FieldProblem, 17, photo, "")
	})
}

// queued are the files that wait to be fetched.
func (h *house) queued(t testing.TB) (all []postgres.Outgoing) {
	t.Helper()
	for _, o := range h.waiting(t) {
		if strings.HasPrefix(o.Lane, postgres.LaneFile) {
			all = append(all, o)
		}
	}
	return all
}

// fetch looks up the last file that was queued, as who fetches it does.
func (h *house) fetch(t testing.TB) *postgres.Fetching {
	t.Helper()
	all := h.queued(t)
	if len(all) == 0 {
		t.Fatal("nothing waits to be fetched")
	}
	f, err := h.Fetching(t.Context(), all[len(all)-1])
	if err != nil {
		t.Fatal(err)
	}
	if f.Source != photo.ID || f.Name != photo.Name || f.Field != cases.FieldProblem || f.Size != photo.Size || !f.Since.Equal(h.now) {
		t.Errorf("to fetch: %+v", f)
	}
	return f
}

func (h *house) keep(t testing.TB, f *postgres.Fetching) {
	t.Helper()
	if err := h.Keep(t.Context(), f, found); err != nil {
		t.Fatal(err)
	}
}

// count says how many rows a table has.
func (h *house) count(t testing.TB, table string) (n int) {
	t.Helper()
	if err := h.pool.QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (h *house) sweep(t testing.TB) {
	t.Helper()
	if err := h.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// enclosed are the files of a case.
func (h *house) enclosed(t testing.TB, number cases.Number) []cases.Enclosure {
	t.Helper()
	dossier, err := h.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return dossier.Attachments
}

// only is the one file of a case.
func (h *house) only(t testing.TB, number cases.Number) cases.Enclosure {
	t.Helper()
	all := h.enclosed(t, number)
	if len(all) != 1 {
		t.Fatalf("%d files", len(all))
	}
	return all[0]
}

func TestFileOfAComplaintIsReadByWhoMayReadTheComplaint(t *testing.T) {
	for name, fetched := range map[string]string{"before it is filed": "before", "while it is filed": "while", "after it is filed": "after"} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.attach(t, 7001, "")
			var f *postgres.Fetching
			if fetched != "after" {
				f = h.fetch(t)
			}
			if fetched == "before" {
				h.keep(t, f)
			}
			number := h.file(t, 7001)
			if fetched == "after" {
				f = h.fetch(t)
			}
			if fetched != "before" {
				if one := h.only(t, number); one.State != cases.EnclosureWaiting {
					t.Errorf("it is %s", one.State)
				}
				h.keep(t, f)
			}
			one := h.only(t, number)
			if one.Name != found.Name || one.Kind != found.Kind || one.Type != found.Type || one.Size != int64(len(found.Content)) ||
				one.State != cases.EnclosureKept || one.By != cases.Complainant || one.Field != cases.FieldProblem || !one.At.Equal(sunday) {
				t.Errorf("listed as %+v", one)
			}
			got, err := h.Content(t.Context(), number, one.ID)
			if err != nil || got.Name != found.Name || got.Type != found.Type || !bytes.Equal(got.Content, found.Content) {
				t.Errorf("%d bytes of %q, %v", len(got.Content), got.Name, err)
			}
			h.screen(t, number)
			dossier, err := h.ReadFile(t.Context(), postgres.Claim{}, number, ann)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(dossier.Attachments, []cases.Enclosure{one}) || dossier.Events[0].Data["files"] != one.ID ||
				dossier.Events[2].Kind != cases.Read {
				t.Errorf("in the dossier %+v, events %+v", dossier.Attachments, dossier.Events)
			}
			if _, err := h.Fetching(t.Context(), h.queued(t)[0]); !errors.Is(err, postgres.ErrNotFound) {
				t.Errorf("it would be fetched again: %v", err)
			}
		})
	}
}

func TestFileIsPutIntoTheRoomForWhoMayReadAndThatIsOnFile(t *testing.T) {
	h := newHouse(t)
	h.attach(t, 7001, "")
	f := h.fetch(t)
	number, other := h.file(t, 7001), h.file(t, 7002)
	refused := func(what, key string, number cases.Number, id string, who cases.Person) {
		t.Helper()
		var refusal *cases.Refusal
		if err := h.Share(t.Context(), postgres.Claim{}, number, id, who); !errors.As(err, &refusal) || refusal.Text.Key != key {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("it is not screened yet", "refusal.being-prepared", number, f.ID, ann)
	h.screen(t, number)
	refused("nobody has it yet", "refusal.take-it-first", number, f.ID, ann)
	h.take(t, number, ann)
	h.take(t, other, ann)
	refused("a stranger", "refusal.not-in-committee", number, f.ID, eve)
	refused("it is not fetched yet", "refusal.file-waits", number, f.ID, ann)
	h.keep(t, f)
	refused("by the number of another case", "refusal.no-such-file", other, f.ID, ann)
	refused("by a name that was made up", "refusal.no-such-file", number, "forged", ann)
	if _, err := h.Content(t.Context(), other, f.ID); !errors.Is(err, postgres.ErrNotFound) {
		t.Errorf("content by the number of another case: %v", err)
	}
	press := postgres.Claim{Source: "slack", ID: "trigger-1"}
	if err := h.Share(t.Context(), press, number, f.ID, bob); err != nil {
		t.Error(err)
	}
	if err := h.Share(t.Context(), press, number, f.ID, bob); !errors.Is(err, postgres.ErrClaimed) {
		t.Errorf("by the same press: %v", err)
	}
	dossier, err := h.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, e := range dossier.Events[1:] {
		seen = append(seen, string(e.Kind)+" "+string(e.By)+" "+e.Data["attachment"])
	}
	if got, want := strings.Join(seen, ", "), "screened program , taken member:U1ANN , refused member:U9EVE , read member:U2BOB "+f.ID; got != want {
		t.Errorf("on file %s, want %s", got, want)
	}
	shared := 0
	for _, o := range h.waiting(t) {
		if o.Notice.Kind == cases.Shared && o.Lane == "slack/"+string(number) && o.Notice.To == cases.ToRoom && o.Notice.Event == len(dossier.Events) {
			shared++
		}
	}
	if shared != 1 {
		t.Errorf("it goes to the room %d times", shared)
	}
}

func TestFileIsAddedToOnesOwnOpenCaseOnly(t *testing.T) {
	h := newHouse(t)
	number, other := h.file(t, 7001), h.file(t, 7002)
	h.take(t, number, ann)
	h.attach(t, 7001, number)
	h.keep(t, h.fetch(t))
	dossier, err := h.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	last := dossier.Events[len(dossier.Events)-1]
	one := h.only(t, number)
	if last.Kind != cases.Attached || last.Words[cases.FieldText] != photo.Name || last.Data["attachment"] != one.ID || one.State != cases.EnclosureKept {
		t.Errorf("event %+v, file %+v", last, one)
	}
	h.turn(t, 7001, func(turn *postgres.Turn) error {
		if err := turn.Attach(other, "", 1, photo, ""); !errors.Is(err, postgres.ErrNotFound) {
			t.Errorf("to somebody else's: %v", err)
		}
		return nil
	})
	if _, err := h.Change(t.Context(), postgres.Claim{}, number, func(c *cases.Case, now time.Time) error {
		return c.End(ann, cases.Closing{Outcome: cases.Settled, Solution: "agreed"}, h.Procedure(), now)
	}); err != nil {
		t.Fatal(err)
	}
	h.turn(t, 7001, func(turn *postgres.Turn) error {
		var refusal *cases.Refusal
		if err := turn.Attach(number, "", 1, photo, ""); !errors.As(err, &refusal) || refusal.Text.Key != "refusal.closed" {
			t.Errorf("to a closed one: %v", err)
		}
		return nil
	})
	if n := h.count(t, "attachment"); n != 1 {
		t.Errorf("%d files are kept", n)
	}
}

func TestErasedFileIsGoneWithItsContent(t *testing.T) {
	for name, where := range map[string]func(testing.TB) (*house, func() int){
		"in the database": func(t testing.TB) (*house, func() int) {
			h := newHouse(t)
			return h, func() int { return h.count(t, "object_piece") }
		},
		"in a bucket": func(t testing.TB) (*house, func() int) {
			h, server := shelved(t)
			return h, func() int { return len(server.Objects()) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			h, kept := where(t)
			h.attach(t, 7001, "")
			h.keep(t, h.fetch(t))
			h.attach(t, 7002, "")
			h.keep(t, h.fetch(t))
			h.attach(t, 7001, "")
			f, waits := h.fetch(t), h.queued(t)
			before := kept()
			h.turn(t, 7001, func(turn *postgres.Turn) error {
				turn.Erase()
				return turn.Attach("", "", 20, photo, "") // that of the next complaint stays
			})
			if n := h.count(t, "attachment"); n != 2 {
				t.Errorf("%d files, want that of the other and the new one", n)
			}
			if _, err := h.Fetching(t.Context(), waits[len(waits)-1]); !errors.Is(err, postgres.ErrNotFound) {
				t.Errorf("it would still be fetched: %v", err)
			}
			if err := h.Keep(t.Context(), f, found); !errors.Is(err, postgres.ErrNotFound) {
				t.Errorf("what was under way is kept: %v", err)
			}
			h.now = h.now.Add(2 * time.Hour)
			h.sweep(t)
			if got := kept(); got != before/2 {
				t.Errorf("%d pieces, of %d before", got, before)
			}
			if n := h.count(t, "object_removal"); n != 0 {
				t.Errorf("%d are to be removed", n)
			}
			number := h.file(t, 7002)
			if _, err := h.Content(t.Context(), number, h.only(t, number).ID); err != nil {
				t.Errorf("that of the other: %v", err)
			}
		})
	}
}

func TestWhatIsErasedInTheSameTurnsIsNotFiled(t *testing.T) {
	h := newHouse(t)
	var number cases.Number
	updates := []postgres.Update{{ID: 1, Chat: 7001}, {ID: 2, Chat: 7001}, {ID: 3, Chat: 7001}, {ID: 4, Chat: 7001}}
	err := h.Converse(t.Context(), updates, func(turn *postgres.Turn) error {
		turn.Session = []byte(`{}`)
		switch turn.Update {
		case 0, 2:
			return turn.Attach("", cases.FieldProblem, int64(turn.Update), photo, "")
		case 1:
			turn.Erase()
			return nil
		}
		c, err := turn.Submit(cases.Complaint{Language: i18n.Dutch, Answers: maps(answers)})
		if err == nil {
			number = c.Number
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	h.only(t, number)
	h.keep(t, h.fetch(t))
}

func TestFilesAreErasedWithTheirCaseAndWithTheirDraft(t *testing.T) {
	h, server := shelved(t)
	h.attach(t, 7001, "")
	h.keep(t, h.fetch(t))
	number := h.file(t, 7001)
	h.take(t, number, ann)
	if _, err := h.Change(t.Context(), postgres.Claim{}, number, func(c *cases.Case, now time.Time) error {
		return c.End(ann, cases.Closing{Outcome: cases.Settled, Solution: "agreed"}, h.Procedure(), now)
	}); err != nil {
		t.Fatal(err)
	}
	h.attach(t, 7002, "")
	h.keep(t, h.fetch(t))
	for _, o := range h.waiting(t) {
		if err := h.Settle(t.Context(), []postgres.Result{{Out: o, State: cases.Sent}}); err != nil {
			t.Fatal(err)
		}
	}
	tidy := func(day, want int) {
		t.Helper()
		h.now = sunday.AddDate(0, 0, day)
		if err := h.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.sweep(t)
		if rows, objects := h.count(t, "attachment"), len(server.Objects()); rows != want || objects != want {
			t.Errorf("on day %d there are %d rows and %d objects, want %d", day, rows, objects, want)
		}
	}
	tidy(h.Procedure().Drafts-1, 2)
	tidy(h.Procedure().Drafts+4, 1) // some days after the conversation would have said so itself
	tidy(h.Procedure().Retention-1, 1)
	tidy(h.Procedure().Retention+1, 0)
	if all := h.enclosed(t, number); len(all) != 0 {
		t.Errorf("%d files", len(all))
	}
}

func TestStorageThatFailsIsTriedAgainUntilItIsDone(t *testing.T) {
	h, server := shelved(t)
	h.attach(t, 7001, "")
	f := h.fetch(t)
	server.Fail(func(method, _ string) int { return map[string]int{"PUT": s3test.Cut}[method] })
	if err := h.Keep(t.Context(), f, found); err == nil || errors.Is(err, postgres.ErrNotFound) {
		t.Errorf("kept in a storage that is gone: %v", err)
	}
	server.Fail(func(method, _ string) int { return map[string]int{"DELETE": 403}[method] })
	h.keep(t, f)
	h.turn(t, 7001, func(turn *postgres.Turn) error { turn.Erase(); return nil })
	h.sweep(t)
	if n := len(server.Objects()); n != 1 {
		t.Errorf("%d objects in a storage that removes none", n)
	}
	server.Fail(nil)
	h.now = h.now.Add(5 * time.Minute)
	h.sweep(t)
	if n := len(server.Objects()); n != 1 {
		t.Error("a storage that fails is given no rest")
	}
	h.now = h.now.Add(time.Hour)
	h.sweep(t)
	if n, waits := len(server.Objects()), h.count(t, "object_removal"); n != 0 || waits != 0 {
		t.Errorf("%d objects, %d are to be removed", n, waits)
	}
}

// A program that dies between writing content and recording that it did leaves nothing for good: here the record is refused.
func TestContentThatNeverBecameAFileIsRemoved(t *testing.T) {
	for name, where := range map[string]func(testing.TB) (*house, func() int){
		"in the database": func(t testing.TB) (*house, func() int) {
			h := newHouse(t)
			return h, func() int { return h.count(t, "object_piece") }
		},
		"in a bucket": func(t testing.TB) (*house, func() int) {
			h, server := shelved(t)
			return h, func() int { return len(server.Objects()) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			h, kept := where(t)
			h.attach(t, 7001, "")
			f := h.fetch(t)
			if _, err := h.pool.Exec(t.Context(), `ALTER TABLE attachment ADD CONSTRAINT broken CHECK (state <> 'kept')`); err != nil {
				t.Fatal(err)
			}
			if err := h.Keep(t.Context(), f, found); err == nil {
				t.Fatal("it was recorded")
			}
			h.sweep(t)
			if kept() == 0 {
				t.Error("what may still be under way was removed")
			}
			h.now = h.now.Add(2 * time.Hour)
			h.sweep(t)
			if n := kept(); n != 0 {
				t.Errorf("%d pieces stay", n)
			}
			if _, err := h.pool.Exec(t.Context(), `ALTER TABLE attachment DROP CONSTRAINT broken`); err != nil {
				t.Fatal(err)
			}
			h.keep(t, f) // and at the next try it is kept
		})
	}
}

func TestContentThatWasTamperedWithDoesNotOpen(t *testing.T) {
	for _, tampering := range []string{
		`UPDATE object_piece SET sealed = overlay(sealed PLACING '\x00'::bytea FROM 4000 FOR 1) WHERE number = 1 AND get_byte(sealed, 3999) <> 0`,
		`DELETE FROM object_piece WHERE number = 2`, // the last
		`DELETE FROM object_piece WHERE number > 0`,
		`DELETE FROM object_piece WHERE number = 0; UPDATE object_piece SET number = number - 1`,
		`UPDATE object_piece SET number = 1 - number + 10 WHERE number < 2; UPDATE object_piece SET number = number - 10 WHERE number > 9`,
		`INSERT INTO object_piece SELECT name, 3, sealed FROM object_piece WHERE number = 2`,
		`UPDATE object_piece SET sealed = substr(sealed, 1, 100) WHERE number = 2`,
		`DELETE FROM object_piece`,
	} {
		h := newHouse(t)
		h.attach(t, 7001, "")
		f := h.fetch(t)
		h.keep(t, f)
		if n := h.count(t, "object_piece"); n != 3 {
			t.Fatalf("%d pieces", n)
		}
		number := h.file(t, 7001)
		if _, err := h.Content(t.Context(), number, f.ID); err != nil {
			t.Fatal(err)
		}
		if tag, err := h.pool.Exec(t.Context(), tampering); err != nil || tag.RowsAffected() == 0 {
			t.Fatalf("%s: %d rows, %v", tampering, tag.RowsAffected(), err)
		}
		if _, err := h.Content(t.Context(), number, f.ID); err == nil {
			t.Errorf("it opens after: %s", tampering)
		}
	}
}

func TestFilesStandNowhereUnsealed(t *testing.T) {
	h, server := shelved(t)
	h.attach(t, 7001, "")
	h.keep(t, h.fetch(t))
	number := h.file(t, 7001)
	h.attach(t, 7001, number)
	if all := h.enclosed(t, number); len(all) != 2 {
		t.Fatalf("%d files", len(all))
	}
	kept := newHouse(t)
	kept.attach(t, 7001, "")
	kept.keep(t, kept.fetch(t))
	for where, dump := range map[string]string{"a database beside a bucket": h.dump(t), "the database": kept.dump(t)} {
		if strings.Contains(dump, canary) || strings.Contains(dump, hex.EncodeToString([]byte(canary))) {
			t.Errorf("%s holds it", where)
		}
	}
	for name, content := range server.Objects() {
		if bytes.Contains(content, []byte(canary)) || strings.Contains(name, canary) || strings.Contains(name, string(number)) {
			t.Errorf("object %s holds it", name)
		}
		if len(content) <= len(found.Content) {
			t.Errorf("%d bytes", len(content))
		}
	}
}

func TestFileThatCanNotBeKeptIsToldInTheChatAndInTheCase(t *testing.T) {
	h := newHouse(t)
	why := i18n.T("refusal.no-such-file", "number", "")
	h.attach(t, 7001, "")
	var told cases.Number
	spoil := func(f *postgres.Fetching) error {
		return h.Alone(t.Context(), 7001, func(turn *postgres.Turn) (err error) {
			if told, err = turn.Spoil(f, cases.EnclosureRefused, why); err != nil {
				return err
			}
			turn.Say([]byte("it can't be kept"))
			return nil
		})
	}
	f := h.fetch(t)
	if err := spoil(f); err != nil {
		t.Fatal(err)
	}
	if err := spoil(f); !errors.Is(err, postgres.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	if err := h.Keep(t.Context(), f, found); !errors.Is(err, postgres.ErrNotFound) {
		t.Errorf("kept after that: %v", err)
	}
	h.attach(t, 7001, "")
	f = h.fetch(t)
	number := h.file(t, 7001)
	if err := spoil(f); err != nil {
		t.Fatal(err)
	}
	dossier, err := h.File(t.Context(), number)
	if err != nil || told != number {
		t.Fatalf("told of case %q, %v", told, err)
	}
	last := dossier.Events[len(dossier.Events)-1]
	if last.Kind != cases.Spoiled || last.Data["attachment"] != f.ID || last.Data["reason"] != why.Key || last.By != cases.Program {
		t.Errorf("on file: %+v", last)
	}
	if one := dossier.Attachments[1]; one.State != cases.EnclosureRefused || one.Reason != why.Key {
		t.Errorf("listed as %+v", one)
	}
	said := 0
	for _, o := range h.waiting(t) {
		if string(o.Line()) == "it can't be kept" && o.Lane == "telegram/7001" {
			said++
		}
	}
	if said != 2 {
		t.Errorf("said %d times", said)
	}
}

func TestTurnThatNoUpdateCausedIsNoSignOfThePerson(t *testing.T) {
	h := newHouse(t)
	h.turn(t, 7001, func(turn *postgres.Turn) error { turn.Session = []byte("one"); return nil })
	h.turn(t, 7001, func(turn *postgres.Turn) error { return turn.Left() })
	heard := h.now
	h.now = h.now.AddDate(0, 0, 1)
	err := h.Alone(t.Context(), 7001, func(turn *postgres.Turn) error {
		if string(turn.Session) != "one" || !turn.Now.Equal(h.now) {
			t.Errorf("session %q at %s", turn.Session, turn.Now)
		}
		turn.Session = []byte("two")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var touched time.Time
	var gone bool
	if err := h.pool.QueryRow(t.Context(), `SELECT touched_at, gone_at IS NOT NULL FROM conversation`).Scan(&touched, &gone); err != nil {
		t.Fatal(err)
	}
	if !touched.Equal(heard) || !gone {
		t.Errorf("touched at %s, gone %t", touched, gone)
	}
	h.turn(t, 7001, func(turn *postgres.Turn) error {
		if string(turn.Session) != "two" {
			t.Errorf("session %q", turn.Session)
		}
		return nil
	})
	wrong := errors.New("wrong")
	if err := h.Alone(t.Context(), 7003, func(turn *postgres.Turn) error { turn.Session = []byte("x"); return wrong }); !errors.Is(err, wrong) {
		t.Error(err)
	}
	if n := h.count(t, "conversation"); n != 1 {
		t.Errorf("%d conversations", n)
	}
}

func TestCaseTakesAsManyFilesAndBytesAsTheProcedureSaysAndNoMore(t *testing.T) {
	const megabyte = 1 << 20
	for name, try := range map[string]struct {
		sizes []int64
		want  string // of the last
	}{
		"files":     {[]int64{1, 0, 1, 1}, "refusal.files-full"},
		"one":       {[]int64{3*megabyte + 1}, "refusal.files-too-large"},
		"together":  {[]int64{3 * megabyte, 1 * megabyte, 1*megabyte + 1}, "refusal.files-too-large"},
		"just fits": {[]int64{3 * megabyte, 1 * megabyte, 1 * megabyte}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := cases.DefaultProcedure()
			p.Limits.Files, p.Limits.MegabytesEach, p.Limits.MegabytesTotal = 3, 3, 5
			h := houseOn(t, postgrestest.Pool(t), p)
			number := h.file(t, 7001)
			h.does(t, 7001, func(turn *postgres.Turn) error { // in one batch
				for i, size := range try.sizes {
					var refusal *cases.Refusal
					got := ""
					if err := turn.Attach(number, "", int64(20+i), cases.Attachment{ID: "abc", Size: size}, ""); errors.As(err, &refusal) {
						got = refusal.Text.Key
					} else if err != nil {
						return err
					}
					if want := map[bool]string{true: try.want}[i == len(try.sizes)-1]; got != want {
						t.Errorf("file %d: %q, want %q", i+1, got, want)
					}
				}
				return nil
			})
			kept := len(try.sizes)
			if try.want != "" {
				kept--
			}
			if n := len(h.enclosed(t, number)); n != kept {
				t.Errorf("%d files, want %d", n, kept)
			}
		})
	}
}
