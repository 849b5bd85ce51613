package telegram

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/conversation"
	"websec.nl/gehoor/i18n"
)

// heldOn is a person of whom everything is held that can be.
func heldOn(t *testing.T, l i18n.Language, p *cases.Procedure) *cases.PersonalData {
	t.Helper()
	now := time.Date(2026, 11, 22, 9, 15, 0, 0, time.UTC)
	session, err := json.Marshal(conversation.Session{
		Language: l, Consented: now, Answers: cases.Words{cases.FieldName: "Noor (invented)", cases.FieldFor: "\x1fanother Opa (invented)"},
		Aside: cases.Words{cases.FieldText: "not sent yet"},
	})
	if err != nil {
		t.Fatal(err)
	}
	member := cases.Person{Member: "U1ANN", Committee: true, Representative: true}
	atOnce := *p
	atOnce.TakeBack = 0
	c := cases.Submit("K-2026-0001", cases.Complaint{Language: l, Answers: cases.Words{
		cases.FieldName: "Noor (invented)", cases.FieldProblem: "Nobody <b>rang</b> back.\n\nNot once & not twice.", cases.FieldEmail: "noor@example.org",
	}}, 7001, p, now)
	for _, act := range []func(at time.Time) error{
		func(at time.Time) error { return c.Take(member, at) },
		func(at time.Time) error {
			return c.Write(member, cases.WriteDraft{Text: "When can we ring?", Question: true, Until: at.AddDate(0, 0, 3)}, &atOnce, at)
		},
		func(at time.Time) error { return c.Reply("Tomorrow.", at) },
		func(at time.Time) error { return c.Report(member, "They have another memory of it.", at) },
		func(at time.Time) error { return c.Speak(member, at, "SECRET note", "We ring on Friday.", at) },
		func(at time.Time) error { return c.Read(member, at) },
		func(at time.Time) error { return c.Propose(member, "A new report.", at) },
		func(at time.Time) error { return c.Answer(c.Proposal, true, "", at) },
		func(at time.Time) error {
			return c.End(member, cases.Closing{
				Points:   []cases.Point{{Text: "Nobody rang.", Why: "There was no list.", Outcome: cases.Upheld}},
				Solution: "A new report, free of charge.",
				Measures: []cases.MeasureDraft{{Text: "We keep a list.", Owner: "U1ANN", Due: at.AddDate(0, 1, 0)}},
			}, p, at)
		},
		func(at time.Time) error {
			return c.Rate(cases.Rating{Handled: "yes", Solved: "partly", Why: "It took long."}, p, at)
		},
	} {
		c.Screened = true
		now = now.Add(time.Hour)
		if err := act(now); err != nil {
			t.Fatal(err)
		}
	}
	file := cases.File{Case: *c, Events: c.Events(), Letters: []cases.Delivery{
		{Notice: cases.Notice{Kind: cases.Acknowledgement, To: cases.ByMail, Event: 1}, State: cases.Sent, At: now},
		{Notice: cases.Notice{Kind: cases.Confirmation, To: cases.ByChat, Event: 9}, State: cases.Gone, At: now},
	}, Attachments: []cases.Enclosure{{ID: "a", Name: "letter.pdf", State: cases.EnclosureKept, Size: 2_300_000, At: now},
		{ID: "c", Name: "our-letter.pdf", State: cases.EnclosureKept, Size: 120_000, By: cases.By("U1ANN"), Event: 2, At: now}}}
	file.Answers = file.Events[0].Words
	return &cases.PersonalData{
		At: now, Chat: 7001, Session: session, Touched: now, Parts: []cases.Part{{Number: 1, Text: "A second story."}},
		Files: []cases.Enclosure{{ID: "b", State: cases.EnclosureWaiting, At: now}},
		Aside: []cases.Aside{{At: now, Raw: []byte(`{"update_id":1,"message":{"message_id":9,"chat":{"id":7001},"text":"lost words"}}`)}},
		Cases: []cases.PersonalCase{file.Personal(p)},
	}
}

func TestWhatIsHeldOnAPersonReadsAsItShouldInBothLanguages(t *testing.T) {
	p := cases.DefaultProcedure()
	for _, l := range i18n.Languages {
		page, err := dataPage(heldOn(t, l, p), func(string) *cases.Procedure { return p }, l)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", "data."+string(l)+".html")
		if flag.Lookup("update").Value.String() == "true" {
			if err := os.WriteFile(path, page, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(page) != string(want) {
			t.Errorf("%s differs (run with -update if that is right)", path)
		}
		for _, there := range []string{"Nobody &lt;b&gt;rang&lt;/b&gt; back.", "not sent yet", "A second story.", "lost words", "It took long.", "noor@example.org", "letter.pdf", "our-letter.pdf (120 kB), ", "There was no list.", "We keep a list.", "They have another memory of it."} {
			if !strings.Contains(string(page), there) {
				t.Errorf("%s: %q is missing", l, there)
			}
		}
		for _, not := range []string{"SECRET", "U1ANN", "<b>", "<script"} {
			if strings.Contains(string(page), not) {
				t.Errorf("%s: %q is there", l, not)
			}
		}
	}
}

func TestEveryEventThatIsTheirsToSeeIsTold(t *testing.T) {
	p := cases.DefaultProcedure()
	for _, kind := range cases.EventKinds {
		file := cases.File{Events: []cases.Event{{Seq: 1, Kind: kind}}}
		w := &dataWriter{procedure: p, l: i18n.Dutch}
		for _, e := range file.Personal(p).Events {
			if w.event(e) == "" {
				t.Errorf("nothing is said of %s", kind)
			}
		}
	}
}

func TestWhoIsNotKnownHearsThatNothingIsHeld(t *testing.T) {
	p := cases.DefaultProcedure()
	page, err := dataPage(&cases.PersonalData{Chat: 7001}, func(string) *cases.Procedure { return p }, i18n.English)
	if err != nil || !strings.Contains(string(page), i18n.T("data.nothing").In(i18n.English)) {
		t.Errorf("%s, %v", page, err)
	}
}

func TestWhatWasNotSentIsReadBackInWords(t *testing.T) {
	p := cases.DefaultProcedure()
	session, err := json.Marshal(conversation.Session{Language: i18n.English, Aside: cases.Words{"handled": "partly", "solved": "no"}})
	if err != nil {
		t.Fatal(err)
	}
	page, err := dataPage(&cases.PersonalData{Chat: 7001, Session: session}, func(string) *cases.Procedure { return p }, i18n.English)
	for _, grade := range []string{"data.grade.partly", "data.grade.no"} {
		if said := i18n.T(grade).In(i18n.English); err != nil || !strings.Contains(string(page), said) {
			t.Errorf("%q is missing: %v\n%s", said, err, page)
		}
	}
}
