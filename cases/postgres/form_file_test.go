package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// puts lets a member put files into a form about a case; each is fetched.
func (h *house) puts(t testing.TB, number cases.Number, who cases.Person, names ...string) []string {
	t.Helper()
	var sent []cases.Attachment
	for _, name := range names {
		sent = append(sent, cases.Attachment{ID: "F-" + canary, Name: name, Type: "application/pdf", Size: 7})
	}
	ids, err := h.Enclose(t.Context(), postgres.Claim{}, number, who, sent)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		f, err := h.FetchingInForm(t.Context(), number, id)
		if err != nil || f.Source != "F-"+canary {
			t.Fatalf("to fetch: %+v, %v", f, err)
		}
		if err := h.Keep(t.Context(), f, cases.Document{Name: f.Name, Kind: "document", Type: "application/pdf", Content: []byte(canary + f.Name)}); err != nil {
			t.Fatal(err)
		}
	}
	return ids
}

// writes lets a member write with files, and returns the event.
func (h *house) writes(t testing.TB, number cases.Number, who cases.Person, ids ...string) (int, error) {
	t.Helper()
	c, err := h.Change(t.Context(), postgres.Claim{}, number, func(c *cases.Case, now time.Time) error {
		return c.Write(who, cases.WriteDraft{Text: canary, Files: ids}, h.Procedure(), now)
	})
	if err != nil {
		return 0, err
	}
	return c.LastSeq, nil
}

func refusal(err error) string {
	if refused, ok := errors.AsType[*cases.Refusal](err); ok {
		return refused.Text.Key
	}
	return ""
}

func TestFileOfAFormIsNowhereUntilItIsSent(t *testing.T) {
	for name, shelf := range map[string]func(testing.TB) *house{
		"in the database": func(t testing.TB) *house { return newHouse(t) },
		"in a bucket":     func(t testing.TB) *house { h, _ := shelved(t); return h },
	} {
		t.Run(name, func(t *testing.T) {
			h := shelf(t)
			number := h.file(t, 7001)
			h.take(t, number, ann)
			ids := h.puts(t, number, ann, "b "+canary+".pdf", "a.pdf")
			if all := h.enclosed(t, number); len(all) != 0 {
				t.Errorf("in the dossier before it is sent: %+v", all)
			}
			if _, err := h.Content(t.Context(), number, ids[0]); !errors.Is(err, postgres.ErrNotFound) {
				t.Errorf("its content is given out: %v", err)
			}
			if err := h.Share(t.Context(), postgres.Claim{}, number, ids[0], ann); refusal(err) != "refusal.no-such-file" {
				t.Errorf("it is shared: %v", err)
			}
			for who, want := range map[cases.Member]int{ann.Member: 2, bob.Member: 0} {
				if all, err := h.InForm(t.Context(), number, who, ids); err != nil || len(all) != want {
					t.Errorf("%s has %d in a form, %v", who, len(all), err)
				}
			}
			h.now = h.now.Add(time.Minute)
			wrote, err := h.writes(t, number, ann, ids...)
			if err != nil {
				t.Fatal(err)
			}
			all := h.enclosed(t, number)
			if len(all) != 2 || all[0].ID != ids[0] || all[0].Event != wrote || all[0].By != cases.By(ann.Member) || !all[0].At.Equal(h.now) || all[1].Name != "a.pdf" {
				t.Errorf("in the dossier: %+v", all)
			}
			if d, err := h.Content(t.Context(), number, ids[1]); err != nil || string(d.Content) != canary+"a.pdf" {
				t.Errorf("content: %+v, %v", d, err)
			}
			if g, err := h.Glance(t.Context(), number); err != nil || g.Files != 0 {
				t.Errorf("the card counts %d files of the complainant, %v", g.Files, err)
			}
			if _, err := h.writes(t, number, ann, ids...); refusal(err) != "refusal.along-gone" {
				t.Errorf("they go twice: %v", err)
			}
			if dump := h.dump(t); strings.Contains(dump, canary) {
				t.Error("a dump shows words")
			}
		})
	}
}

func TestOnlyWhatStandsKeptInOnesOwnFormGoesAlong(t *testing.T) {
	h := newHouse(t)
	number, other := h.file(t, 7001), h.file(t, 7002)
	h.take(t, number, ann)
	h.take(t, other, bob)
	waiting, err := h.Enclose(t.Context(), postgres.Claim{}, number, ann, []cases.Attachment{{ID: "F", Name: "waits", Size: 1}})
	if err != nil {
		t.Fatal(err)
	}
	for name, ids := range map[string][]string{
		"of another case": h.puts(t, other, bob, "other"), "that is not fetched": waiting, "that is none": {"NONE"},
		"twice": func() []string { ids := h.puts(t, number, ann, "twice"); return append(ids, ids...) }(),
	} {
		if _, err := h.writes(t, number, ann, ids...); refusal(err) != "refusal.along-gone" {
			t.Errorf("a file %s goes along: %v", name, err)
		}
	}
	if n := len(h.enclosed(t, number)); n != 0 {
		t.Errorf("%d files", n)
	}
	h.attach(t, 7001, number)
	if n := len(h.enclosed(t, number)); n != 1 {
		t.Errorf("the complainant has %d files", n)
	}
	if err := h.ForgetInForm(t.Context(), h.only(t, number).ID); err != nil || len(h.enclosed(t, number)) != 1 {
		t.Errorf("a file of the complainant is forgotten: %v", err)
	}
}

func TestWhoMayNotWritePutsNothingInAndThatIsOnFile(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.screen(t, number, bob)
	h.take(t, number, ann)
	for _, who := range []cases.Person{bob, eve} {
		if _, err := h.Enclose(t.Context(), postgres.Claim{}, number, who, []cases.Attachment{{ID: "F", Name: "x", Size: 1}}); refusal(err) == "" {
			t.Errorf("%s puts a file in: %v", who.Member, err)
		}
	}
	if n := h.count(t, "attachment"); n != 0 {
		t.Errorf("%d files", n)
	}
	if got := h.happened(t, number); strings.Count(got, string(cases.Refused)) != 2 {
		t.Errorf("on file: %s", got)
	}
}

func TestFilesOfFormsAreForgottenAfterADayAndWithTheirCase(t *testing.T) {
	h, server := shelved(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	sent := h.puts(t, number, ann, "sent.pdf")
	if _, err := h.writes(t, number, ann, sent...); err != nil {
		t.Fatal(err)
	}
	refused := h.puts(t, number, ann, "refused.pdf")
	if err := h.ForgetInForm(t.Context(), refused[0]); err != nil {
		t.Fatal(err)
	}
	h.puts(t, number, ann, "left.pdf")
	h.now = h.now.Add(23 * time.Hour)
	h.sweep(t)
	if n := h.count(t, "attachment"); n != 2 || len(server.Objects()) != 2 {
		t.Errorf("%d files, %d objects within the day", n, len(server.Objects()))
	}
	h.now = h.now.Add(2 * time.Hour)
	h.sweep(t)
	if n := h.count(t, "attachment"); n != 1 || len(server.Objects()) != 1 {
		t.Errorf("%d files, %d objects after it", n, len(server.Objects()))
	}
	h.change(t, number, func(c *cases.Case, now time.Time) error {
		return c.End(ann, cases.Closing{Outcome: cases.Settled, Solution: "agreed"}, h.Procedure(), now)
	})
	for _, o := range h.waiting(t) {
		if err := h.Settle(t.Context(), []postgres.Result{{Out: o, State: cases.Sent}}); err != nil {
			t.Fatal(err)
		}
	}
	h.now = h.now.AddDate(0, 0, h.Procedure().Retention+1)
	if err := h.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.sweep(t)
	if n := h.count(t, "attachment"); n != 0 || len(server.Objects()) != 0 {
		t.Errorf("%d files, %d objects after the case is erased", n, len(server.Objects()))
	}
}

func TestRoomIsShownWhatBecameOfFiles(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	wrote, err := h.writes(t, number, ann, h.puts(t, number, ann, "a.pdf", "b.pdf")...)
	if err != nil {
		t.Fatal(err)
	}
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.Dispatch(wrote, now) })
	var kinds []string
	for _, o := range h.waiting(t) {
		if o.Notice.Event == wrote && o.Notice.To == cases.ByChat {
			kinds = append(kinds, string(o.Notice.Kind))
		}
	}
	if !slices.Equal(kinds, []string{"message", "file-1", "file-2"}) {
		t.Errorf("queued: %v", kinds)
	}
	for n, kind := range []cases.NoticeKind{cases.Message, cases.FileNotice(1), cases.FileNotice(2)} {
		if n := h.settle(t, cases.Sent, func(o postgres.Outgoing) bool { return o.Notice.Kind == kind }); n != 1 {
			t.Errorf("%d settled", n)
		}
		if shown := h.outwards(t, number); !slices.Contains(shown, wrote) {
			t.Errorf("the room is not shown what became of %d", n)
		}
	}
}
