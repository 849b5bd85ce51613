package telegram_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/telegram"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

var updateNotices = flag.Bool("update", false, "write what was found to the golden files")

// noticeDay is when the complaint of these tests comes in: a quarter past ten in Amsterdam.
var noticeDay = time.Date(2026, 11, 22, 9, 15, 0, 0, time.UTC)

// told is a case whose notices are told as it goes on.
type told struct {
	t    *testing.T
	p    *cases.Procedure
	file *cases.File
	now  time.Time
	page strings.Builder
}

// then lets days pass and something happen, and tells the notices about it, which are of these kinds.
func (s *told) then(days int, kind cases.NoticeKind, do func(c *cases.Case, now time.Time) error, more ...cases.NoticeKind) {
	s.t.Helper()
	s.now = s.now.AddDate(0, 0, days)
	if err := do(&s.file.Case, s.now); err != nil {
		s.t.Fatal(err)
	}
	kinds := append([]cases.NoticeKind{kind}, more...)
	for _, event := range s.file.Case.Events() {
		s.file.Events = append(s.file.Events, event)
		for _, notice := range cases.Notices(&s.file.Case, event) {
			if notice.To == cases.ByChat {
				s.tell(notice, kinds[0])
				kinds = kinds[min(1, len(kinds)-1):]
			}
		}
	}
}

// also tells a notice about the last event that goes by mail where mail works.
func (s *told) also(kind cases.NoticeKind) {
	s.t.Helper()
	s.tell(cases.Notice{Kind: kind, To: cases.ByChat, Event: len(s.file.Events)}, kind)
}

func (s *told) tell(notice cases.Notice, kind cases.NoticeKind) {
	s.t.Helper()
	text, ok := telegram.NoticeText(s.file, notice, s.p)
	if !ok || notice.Kind != kind {
		s.t.Fatalf("told of %s: %v, want %s", notice.Kind, ok, kind)
	}
	s.page.WriteString("# " + string(notice.Kind) + "\n\n" + text + "\n\n")
}

func TestNoticesReadAsTheyShouldInBothLanguages(t *testing.T) {
	member := cases.Person{Member: "U1ANN", Committee: true, Representative: true}
	other := cases.Person{Member: "U2BOB", Committee: true, Representative: true}
	chair := cases.Person{Member: "U3CHAIR", Committee: true, Representative: true, Chair: true}
	for _, language := range i18n.Languages {
		s := &told{t: t, p: cases.DefaultProcedure(), now: noticeDay}
		s.p.Telephone, s.p.TakeBack = "020 123 4567", 0
		c := cases.Submit("K-2026-0001", cases.Complaint{Language: language, Answers: cases.Words{cases.FieldName: "Noor (invented)"}}, 7001, s.p, s.now)
		c.Screened = true
		s.file = &cases.File{Case: *c, Events: c.Events()}
		s.tell(cases.Notice{Kind: cases.Acknowledgement, To: cases.ByChat, Event: 1}, cases.Acknowledgement)
		s.then(1, cases.InHand, func(c *cases.Case, now time.Time) error { return c.Take(member, now) })
		s.then(0, cases.InHand, func(c *cases.Case, now time.Time) error { return c.Assign(member, other, now) })
		s.then(1, cases.Message, func(c *cases.Case, now time.Time) error {
			return c.Write(other, cases.WriteDraft{Text: " {words} of the committee \n"}, s.p, now)
		})
		s.file.Attachments = []cases.Enclosure{{ID: "A", Name: "a letter.pdf"}, {ID: "B", Name: "{names}.jpg"}}
		for n := range s.file.Attachments {
			if err := s.file.Case.Write(other, cases.WriteDraft{Text: "with files", Files: []string{"A", "B"}[:n+1]}, s.p, s.now); err != nil {
				t.Fatal(err)
			}
			s.file.Events = append(s.file.Events, s.file.Case.Events()...)
			s.tell(cases.Notice{Kind: cases.Message, To: cases.ByChat, Event: len(s.file.Events) - 1}, cases.Message)
		}
		s.then(0, cases.Message, func(c *cases.Case, now time.Time) error {
			return c.Write(other, cases.WriteDraft{Text: "When can we ring?", Question: true}, s.p, now)
		})
		s.then(0, cases.Message, func(c *cases.Case, now time.Time) error {
			return c.Write(other, cases.WriteDraft{Text: "When can we ring?", Question: true, Until: now.AddDate(0, 0, 3)}, s.p, now)
		})
		s.then(0, cases.ReportNotice, func(c *cases.Case, now time.Time) error { return c.Report(other, "what came of the hearing", now) })
		for _, how := range cases.Manners {
			s.then(0, cases.Summary, func(c *cases.Case, now time.Time) error {
				return c.SpeakBy(other, how, now.Add(-time.Hour), "kept to ourselves", "steps that were agreed", now)
			})
		}
		s.then(2, cases.Summary, func(c *cases.Case, now time.Time) error {
			return c.Speak(other, now.Add(-time.Hour), "kept to ourselves", "steps that were agreed", now)
		})
		s.then(10, cases.LateNotice, func(c *cases.Case, now time.Time) error { c.Tick(s.p, cases.Staff{}, now.Add(8*time.Hour)); return nil })
		s.then(3, cases.LateNotice, func(c *cases.Case, now time.Time) error { c.Tick(s.p, cases.Staff{}, now.Add(8*time.Hour)); return nil })
		s.then(1, cases.Delay, func(c *cases.Case, now time.Time) error {
			return c.Extend(other, "the reason", now.AddDate(0, 0, 7), s.p, now)
		})
		s.then(1, cases.Proposal, func(c *cases.Case, now time.Time) error { return c.Propose(other, "what we propose", now) })
		s.then(5, cases.Confirmation, func(c *cases.Case, now time.Time) error {
			return c.End(other, cases.Closing{Outcome: cases.Upheld, Solution: "the solution", Despite: "kept to ourselves"}, s.p, now)
		}, cases.RatingQuestion)
		s.p.Telephone = ""
		for _, outside := range []cases.Outside{
			{Name: "A body (invented)"}, {Name: "A body (invented)", Link: "https://disputes.example.org", Within: 1},
		} {
			s.p.Outside = outside
			s.tell(cases.Notice{Kind: cases.Confirmation, To: cases.ByChat, Event: len(s.file.Events)}, cases.Confirmation)
		}

		s.then(1, cases.ReopenedNotice, func(c *cases.Case, now time.Time) error { return c.Reopen(chair, "it was not solved", s.p, now) })
		s.then(0, "", func(c *cases.Case, now time.Time) error { return c.ChangeContact("", "new@example.org", now) })
		s.also(cases.ContactNotice)
		s.then(0, "", func(c *cases.Case, now time.Time) error { return c.Withdraw("", now) })
		s.also(cases.WithdrawalNotice)

		s.ends()
		talk := cases.Request("G-2026-0001", cases.TalkRequest{Language: language, Telephone: "+31201234567"}, 7001, s.p, s.now)
		talk.Screened = true
		s.file = &cases.File{Case: *talk, Events: talk.Events()}
		s.then(1, cases.InHand, func(c *cases.Case, now time.Time) error { return c.Take(member, now) })
		s.then(1, cases.HelpedQuestion, func(c *cases.Case, now time.Time) error {
			return c.End(member, cases.Closing{Outcome: cases.Talked, Solution: "a note"}, s.p, now)
		})
		for _, by := range []cases.Means{cases.Email, cases.Letter} {
			talk := cases.Request("G-2026-0002", cases.TalkRequest{Language: language, By: by}, 7001, s.p, s.now)
			talk.Screened = true
			s.file = &cases.File{Case: *talk, Events: talk.Events()}
			s.then(1, cases.InHand, func(c *cases.Case, now time.Time) error { return c.Take(member, now) })
			s.then(1, cases.HelpedQuestion, func(c *cases.Case, now time.Time) error {
				return c.End(member, cases.Closing{Outcome: cases.Talked, Solution: "a note"}, s.p, now)
			})
		}
		s.then(0, "", func(c *cases.Case, now time.Time) error { return c.Helped(true, now) })
		s.also(cases.WithdrawalNotice)
		compareNotices(t, "notices."+string(language)+".txt", s.page.String())
	}
}

// ends tells how complaints end otherwise.
func (s *told) ends() {
	s.t.Helper()
	member := cases.Person{Member: "U1ANN", Committee: true, Representative: true}
	anew := func() {
		c := cases.Submit("K-2026-0002", cases.Complaint{Language: s.file.Case.Language, Answers: cases.Words{cases.FieldName: "Noor (invented)"}}, 7001, s.p, s.now)
		c.Screened = true
		s.file = &cases.File{Case: *c, Events: c.Events()}
		s.then(0, cases.InHand, func(c *cases.Case, now time.Time) error { return c.Take(member, now) })
	}
	anew()
	s.then(1, cases.Confirmation, func(c *cases.Case, now time.Time) error {
		return c.End(member, cases.Closing{
			Points: []cases.Point{
				{Text: "nobody rang back", Why: "there was no list", Outcome: cases.Upheld}, {Text: "the bill", Why: "it was right", Outcome: cases.NotUpheld},
				{Text: "the report", Why: "one page was missing", Outcome: cases.Partly}, {Text: "the meeting", Why: "you have a new one", Outcome: cases.Settled},
			},
			Solution: "the solution",
			Measures: []cases.MeasureDraft{{Text: "We keep a list.", Owner: "U2BOB", Due: now.AddDate(0, 1, 0)}, {Text: "We read it.", Owner: "U2BOB", Due: now.AddDate(0, 2, 0)}},
		}, s.p, now)
	}, cases.RatingQuestion)
	anew()
	s.then(1, cases.Confirmation, func(c *cases.Case, now time.Time) error {
		return c.End(member, cases.Closing{Outcome: cases.NotUpheld, Solution: "why not"}, s.p, now)
	}, cases.RatingQuestion)
	for _, withdrawn := range []bool{false, true} {
		anew()
		kind := map[bool]cases.NoticeKind{false: cases.LapseNotice, true: cases.WithdrawalNotice}[withdrawn]
		s.then(1, kind, func(c *cases.Case, now time.Time) error { return c.Lapse(member, withdrawn, "what we know of it", now) })
	}
	anew()
	s.then(1, cases.NobodyNotice, func(c *cases.Case, now time.Time) error {
		c.Excluded = []cases.Member{member.Member}
		c.LeaveAlone([]cases.Member{member.Member}, now)
		return nil
	})
	written, err := cases.WrittenUpBy(member, "K-2026-0003", cases.WriteUpDraft{Way: cases.ByTelephone, Language: s.file.Case.Language, Answers: cases.Words{
		cases.FieldName: "Noor (invented)", cases.FieldProblem: "nobody rang back", cases.FieldTelephone: "+31 20 123 4567",
	}}, s.p, s.now)
	if err != nil {
		s.t.Fatal(err)
	}
	s.file = &cases.File{Case: *written, Events: written.Events()}
	s.also(cases.ApprovalRequest)
	s.then(s.p.ApprovalLapse+1, "", func(c *cases.Case, now time.Time) error { c.Tick(s.p, cases.Staff{}, now.Add(8*time.Hour)); return nil })
	s.also(cases.LapseNotice)
}

func compareNotices(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *updateNotices {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -update if that is right)", path)
	}
}

func TestNothingIsToldWithoutItsEventOrItsWords(t *testing.T) {
	p := cases.DefaultProcedure()
	file := &cases.File{Case: cases.Case{Language: i18n.Dutch, Number: "K-2026-0001"}, Events: []cases.Event{{Seq: 1, Kind: cases.Filed}}}
	for _, kind := range []cases.NoticeKind{cases.Message, cases.Summary, cases.Delay, cases.LateNotice, cases.ProgressNotice, cases.Confirmation, cases.Proposal, cases.Card, cases.News,
		cases.ReportNotice, cases.LapseNotice, cases.ApprovalRequest} {
		for event := range 3 {
			if text, ok := telegram.NoticeText(file, cases.Notice{Kind: kind, To: cases.ByChat, Event: event}, p); ok {
				t.Errorf("told of %s about event %d: %q", kind, event, text)
			}
		}
	}
}
