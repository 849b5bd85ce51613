package telegram

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/conversation"
	"websec.nl/gehoor/i18n"
)

// patient is a case whose complainant waits: what the clock and the committee tell in the chat, in the order in which they
// read it, with the moment of each.
type patient struct {
	t    *testing.T
	p    *cases.Procedure
	file *cases.File
	now  time.Time
	page strings.Builder
}

var (
	annOf = cases.Person{Member: "U1ANN", Committee: true, Representative: true}
	bobOf = cases.Person{Member: "U2BOB", Committee: true, Representative: true, Chair: true}
)

func (w *patient) at(text string) time.Time {
	w.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, w.p.Location())
	if err != nil {
		w.t.Fatal(err)
	}
	return at
}

// begins begins another case.
func (w *patient) begins(title, at string, make func(now time.Time) *cases.Case) {
	w.now = w.at(at)
	c := make(w.now)
	c.Screened = true
	w.file = &cases.File{Case: *c, Events: c.Events()}
	fmt.Fprintf(&w.page, "# %s\n\n", title)
}

// files begins a complaint.
func (w *patient) files(title, at string, l i18n.Language) {
	w.begins(title, at, func(now time.Time) *cases.Case {
		return cases.Submit("K-2026-0001", cases.Complaint{Language: l, Answers: cases.Words{cases.FieldName: "Noor (invented)"}}, 7001, w.p, now)
	})
}

// asks begins a talk.
func (w *patient) asks(title, at string, l i18n.Language) {
	w.begins(title, at, func(now time.Time) *cases.Case {
		return cases.Request("G-2026-0001", cases.TalkRequest{Language: l, Telephone: "+31201234567"}, 7001, w.p, now)
	})
}

// waits lets the clock do all that it does until an instant.
func (w *patient) waits(until string) {
	w.t.Helper()
	c, end := &w.file.Case, w.at(until)
	for {
		next := w.p.Next(c, cases.Staff{}, w.now)
		if next.IsZero() || next.After(end) {
			w.now = end
			return
		}
		w.now = next
		c.Tick(w.p, cases.Staff{}, w.now)
		w.tells()
	}
}

// then has somebody do something at an instant.
func (w *patient) then(at string, do func(c *cases.Case, now time.Time) error) {
	w.t.Helper()
	w.waits(at)
	if err := do(&w.file.Case, w.now); err != nil {
		w.t.Fatal(at, err)
	}
	w.tells()
}

// tells tells what there is to tell in the chat of what happened.
func (w *patient) tells() {
	w.t.Helper()
	for _, e := range w.file.Case.Events() {
		w.file.Events = append(w.file.Events, e)
		for _, n := range cases.Notices(&w.file.Case, e) {
			if n.To != cases.ByChat {
				continue
			}
			text, ok := NoticeText(w.file, n, w.p)
			if !ok {
				w.t.Fatalf("nothing is told of %s", n.Kind)
			}
			if cases.Unasked(e, n) && !w.p.Awake(w.now).Equal(w.now) {
				w.t.Errorf("%s is told at %s", n.Kind, w.p.In(w.now))
			}
			w.write(string(n.Kind), text)
		}
	}
}

func (w *patient) write(what, text string) {
	fmt.Fprintf(&w.page, "## %s, %s\n\n%s\n\n", w.p.In(w.now).Format("Mon 2006-01-02 15:04"), what, text)
}

// looks types /status at an instant.
func (w *patient) looks(at string) {
	w.t.Helper()
	w.waits(at)
	session := conversation.New(string(w.file.Case.Language))
	session.Consented, session.Has, session.State = w.now, true, conversation.Menu
	session, _ = conversation.Next(w.p, session, conversation.Command{Name: "status"}, w.now)
	_, effects := conversation.Next(w.p, session, conversation.Found{Cases: []conversation.Status{statusOf(&w.file.Case, w.p, w.now)}}, w.now)
	said, ok := effects[0].(conversation.Say)
	if !ok {
		w.t.Fatalf("/status leads to %T", effects[0])
	}
	w.write("/status", said.Text.In(w.file.Case.Language))
}

// What who waits hears, and what /status says meanwhile, in the order in which they read it: a complaint that nobody sees to, until it
// is late three times; one that is handled, and late for a reason that was given before; and a talk that nobody holds.
func TestWhoWaitsHearsHowItStandsInBothLanguages(t *testing.T) {
	for _, l := range i18n.Languages {
		w := &patient{t: t, p: cases.DefaultProcedure()}
		w.p.TakeBack = 0
		w.untouched(l)
		w.handled(l)
		w.talk(l)
		path := filepath.Join("testdata", "waiting."+string(l)+".txt")
		if flag.Lookup("update").Value.String() == "true" {
			if err := os.WriteFile(path, []byte(w.page.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if w.page.String() != string(want) {
			t.Errorf("%s differs (run with -update if that is right)", path)
		}
	}
}

func (w *patient) untouched(l i18n.Language) {
	w.files("A complaint that nobody sees to", "2026-11-22 10:15", l)
	w.looks("2026-11-22 10:20")
	w.looks("2026-11-24 20:00")
	w.looks("2026-12-06 12:00")
	w.looks("2026-12-06 18:30")
	w.looks("2026-12-07 00:10")
	w.looks("2026-12-24 09:00")
	w.then("2026-12-24 10:00", func(c *cases.Case, now time.Time) error { return c.Take(annOf, now) })
	w.then("2026-12-24 11:00", func(c *cases.Case, now time.Time) error {
		return c.Extend(annOf, "[why it takes longer]", w.at("2027-01-15 12:00"), w.p, now)
	})
	w.looks("2026-12-24 12:00")
	w.looks("2027-01-15 18:30")
	w.then("2027-01-18 11:00", func(c *cases.Case, now time.Time) error {
		return c.Extend(annOf, "[why it takes even longer]", w.at("2027-01-29 12:00"), w.p, now)
	})
	w.waits("2027-02-02 20:00")
}

func (w *patient) handled(l i18n.Language) {
	w.files("A complaint that is handled, and takes long", "2026-11-22 10:15", l)
	w.then("2026-11-23 10:00", func(c *cases.Case, now time.Time) error { return c.Take(annOf, now) })
	w.looks("2026-11-23 12:00")
	w.then("2026-11-24 10:00", func(c *cases.Case, now time.Time) error {
		return c.Speak(annOf, now.Add(-time.Hour), "kept to ourselves", "[what was agreed]", now)
	})
	w.waits("2026-12-01 12:00")
	w.then("2026-12-03 10:00", func(c *cases.Case, now time.Time) error {
		return c.Foresee(annOf, "[why it takes longer]", w.at("2027-01-08 12:00"), w.p, now)
	})
	w.looks("2026-12-06 17:00")
	w.looks("2026-12-06 18:30")
	w.then("2026-12-08 10:00", func(c *cases.Case, now time.Time) error {
		_, err := c.AddParty(annOf, cases.PartyDraft{Name: "Vera (invented)", Email: "vera@example.org", Language: l}, w.p, now)
		return err
	})
	w.waits("2026-12-16 12:00")
	w.then("2026-12-16 13:00", func(c *cases.Case, now time.Time) error {
		return c.Invite(annOf, 1, "[what is put]", w.at("2026-12-23 12:00"), w.p, now)
	})
	w.then("2026-12-16 14:00", func(c *cases.Case, now time.Time) error {
		return c.Write(annOf, cases.WriteDraft{Text: "[a question]", Question: true}, w.p, now)
	})
	w.waits("2026-12-24 12:00")
	w.then("2026-12-24 13:00", func(c *cases.Case, now time.Time) error { return c.Reply("[an answer]", now) })
	w.then("2026-12-28 13:00", func(c *cases.Case, now time.Time) error { return c.Propose(annOf, "[a solution]", now) })
	w.looks("2026-12-28 14:00")
	w.waits("2027-01-05 12:00")
	w.then("2027-01-05 13:00", func(c *cases.Case, now time.Time) error { return c.Answer(c.Proposal, true, "", now) })
	w.then("2027-01-07 10:00", func(c *cases.Case, now time.Time) error {
		return c.Foresee(bobOf, "[why it takes even longer]", w.at("2027-01-29 12:00"), w.p, now)
	})
	w.waits("2027-01-19 12:00")
	w.looks("2027-01-19 13:00")
	w.then("2027-01-20 10:00", func(c *cases.Case, now time.Time) error {
		return c.Extend(bobOf, "[why the day moves before it comes]", w.at("2027-02-12 12:00"), w.p, now)
	})
	w.waits("2027-01-20 12:00")
}

func (w *patient) talk(l i18n.Language) {
	w.asks("A talk that nobody holds", "2026-11-22 10:15", l)
	w.looks("2026-11-22 10:20")
	w.waits("2026-12-16 12:00")
	w.then("2026-12-16 13:00", func(c *cases.Case, now time.Time) error { return c.Take(annOf, now) })
	w.looks("2026-12-16 14:00")
	w.waits("2027-01-05 12:00")
}
