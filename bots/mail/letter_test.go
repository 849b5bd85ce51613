package mail

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

var update = flag.Bool("update", false, "write what was found to the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
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

// sunday is when the complaint of these tests comes in: a quarter past ten in Amsterdam.
var sunday = time.Date(2026, 11, 22, 9, 15, 0, 0, time.UTC)

var noor = map[i18n.Language]cases.Words{
	i18n.Dutch: {
		cases.FieldName: "Noor (verzonnen)", cases.FieldSubject: "de helpdesk", cases.FieldWhen: "vorige week, drie dagen lang", cases.FieldOften: "Eén keer",
		cases.FieldProblem: "Niemand belde mij terug.\nOok niet na drie keer vragen.\n\nIk moest zelf uitzoeken wat er mis was, en dat kostte mij twee dagen werk waarvoor ik geen tijd had.",
		cases.FieldFor:     "another Piet (verzonnen), mijn vader", cases.FieldAuthority: "Hij zat naast mij toen ik dit schreef.",
		cases.FieldPrior: "Ja, met de planner in oktober", cases.FieldPriorEnd: "Zij zou terugbellen en deed dat niet.", cases.FieldConflict: "De broer van de planner zit in de commissie.",
		cases.FieldOwn + "branch": "north", cases.FieldOwn + "visit": "2026-11-17", cases.FieldContact: "Noor (verzonnen)", cases.FieldTelephone: "+31 20 123 4567", cases.FieldEmail: "noor@example.org",
	},
	i18n.English: {
		cases.FieldName: "Noor (invented)", cases.FieldSubject: "the help desk", cases.FieldWhen: "last week, for three days", cases.FieldOften: "Once",
		cases.FieldProblem: "Nobody called me back.\nNot even after I had asked three times.\n\nI had to find out for myself what was wrong, and that took me two days of work that I had no time for.",
		cases.FieldFor:     "another Piet (invented), my father", cases.FieldAuthority: "He sat beside me when I wrote this.",
		cases.FieldPrior: "Yes, with the planner in October", cases.FieldPriorEnd: "She was to call back and did not.", cases.FieldConflict: "The planner's brother is in the committee.",
		cases.FieldOwn + "branch": "north", cases.FieldOwn + "visit": "2026-11-17", cases.FieldContact: "Noor (invented)", cases.FieldTelephone: "+31 20 123 4567", cases.FieldEmail: "noor@example.org",
	},
}

var said = map[i18n.Language]map[string]string{
	i18n.Dutch: {
		"message": "Kunt u ons zeggen op welke dagen u hebt gebeld?\n\nDan zoeken wij de gesprekken op.", "steps": "1. Wij zoeken de gesprekken op.\n2. U krijgt vrijdag bericht.",
		"put": "Er wordt gezegd dat er op 16 november niemand terugbelde.\n\nHoe ging dat volgens u?", "account": "Ik was die dag vrij, en wist van niets.", "report": "De planner was die dag vrij. Het verzoek om terug te bellen is blijven liggen.",
		"point": "Niemand belde terug.", "why": "Er was niemand die de lijst bijhield.", "measure": "De lijst wordt voortaan twee keer per dag nagelopen.",
		"reason": "De medewerker die het weet is tot maandag ziek.", "solution": "U krijgt de twee dagen vergoed.\n\nDe helpdesk belt voortaan binnen een dag terug.",
	},
	i18n.English: {
		"message": "Could you tell us on which days you called?\n\nThen we will look up the calls.", "steps": "1. We look up the calls.\n2. You will hear from us on Friday.",
		"put": "It is said that nobody rang back on 16 November.\n\nHow did that go, as you see it?", "account": "I had the day off, and knew of nothing.", "report": "The planner had the day off. The request to ring back was left lying.",
		"point": "Nobody rang back.", "why": "There was nobody who kept the list.", "measure": "From now on the list is looked through twice a day.",
		"reason": "The member of staff who knows is ill until Monday.", "solution": "You will be paid for the two days.\n\nFrom now on the help desk calls back within a day.",
	},
}

// life is the life of a case, step by step.
type life struct {
	t         *testing.T
	procedure *cases.Procedure
	file      *cases.File
	now       time.Time
	links     Links
}

// asking are settings with questions of the organisation's own, and a body to turn to.
func asking() *cases.Procedure {
	p := cases.DefaultProcedure()
	p.Outside = cases.Outside{Name: "Geschillencommissie (example)", Link: "https://disputes.example.org", Within: 90}
	p.Questions = append(p.Questions, cases.Question{
		ID: "branch", Kind: cases.AskChoice, Ask: cases.Texts{i18n.Dutch: "Over welke vestiging gaat het?", i18n.English: "Which branch is it about?"},
		Choices: []cases.Choice{{ID: "north", Label: cases.Texts{i18n.Dutch: "Vestiging Noord", i18n.English: "North branch"}}},
	}, cases.Question{ID: "visit", Kind: cases.AskDate, Ask: cases.Texts{i18n.Dutch: "Wanneer was u hier?", i18n.English: "When were you here?"}})
	return p
}

// complaint is about three days of the week before.
func complaint(l i18n.Language, answers cases.Words) cases.Complaint {
	return cases.Complaint{Language: l, Answers: answers, StoryParts: 1, From: sunday.AddDate(0, 0, -6), To: sunday.AddDate(0, 0, -4)}
}

func begin(t *testing.T, l i18n.Language, answers cases.Words) *life {
	t.Helper()
	p := asking()
	c := cases.Submit("K-2026-0001", complaint(l, answers), 0, p, sunday)
	c.Screened = true
	return &life{t: t, procedure: p, now: sunday, file: &cases.File{
		Case: *c, Answers: answers, Events: c.Events(), Attachments: []cases.Enclosure{
			{Field: cases.FieldProblem, State: cases.EnclosureKept}, {Field: cases.FieldProblem, State: cases.EnclosureWaiting},
			{Field: cases.FieldProblem, State: cases.EnclosureRefused},
		},
	}}
}

// then lets days pass and something happen, and returns the number of the last event.
func (l *life) then(days int, do func(c *cases.Case, now time.Time) error) int {
	l.t.Helper()
	l.now = l.now.AddDate(0, 0, days)
	if err := do(&l.file.Case, l.now); err != nil {
		l.t.Fatal(err)
	}
	l.file.Events = append(l.file.Events, l.file.Case.Events()...)
	l.file.Case.Screened = true
	return len(l.file.Events)
}

func (l *life) write(kind cases.NoticeKind, event int) *Letter {
	l.t.Helper()
	return l.writeTo(cases.ByMail, kind, event)
}

func (l *life) writeTo(to cases.Recipient, kind cases.NoticeKind, event int) *Letter {
	l.t.Helper()
	letter, ok := Compose(l.file, cases.Notice{Kind: kind, To: to, Event: event}, l.procedure, l.links)
	if !ok {
		l.t.Fatalf("no letter %s", kind)
	}
	return letter
}

var (
	ann   = cases.Person{Member: "U1ANN", Committee: true, Representative: true}
	bob   = cases.Person{Member: "U2BOB", Committee: true, Representative: true}
	chair = cases.Person{Member: "U3CHAIR", Committee: true, Representative: true, Chair: true}
)

// everyLetter writes each letter at the moment in the life of a case at which it is due.
func everyLetter(t *testing.T, language i18n.Language) map[string]*Letter {
	t.Helper()
	words := said[language]
	all := map[string]*Letter{}
	l := begin(t, language, noor[language])
	all["acknowledgement"] = l.write(cases.Acknowledgement, 1)
	event := l.then(1, func(c *cases.Case, now time.Time) error { return c.Take(ann, now) })
	all["in-hand"] = l.write(cases.InHand, event)
	event = l.then(0, func(c *cases.Case, now time.Time) error { return c.Assign(chair, bob, now) })
	all["in-hand-again"] = l.write(cases.InHand, event)
	event = l.then(1, l.writes(bob, cases.WriteDraft{Text: words["message"]}))
	all["message"] = l.write(cases.Message, event)
	event = l.then(0, l.writes(bob, cases.WriteDraft{Text: words["message"], Question: true, Until: l.now.AddDate(0, 0, 3)}))
	all["message-that-asks"] = l.write(cases.Message, event)
	l.file.Attachments = append(l.file.Attachments, cases.Enclosure{ID: "A", Name: "het verslag.pdf"}, cases.Enclosure{ID: "B", Name: "foto <van> de brief.jpg"})
	event = l.then(0, l.writes(bob, cases.WriteDraft{Text: words["message"], Files: []string{"A", "B"}}))
	all["message-with-files"] = l.write(cases.Message, event)
	event = l.then(2, func(c *cases.Case, now time.Time) error {
		return c.Speak(bob, now.Add(-time.Hour), "kept to ourselves", words["steps"], now)
	})
	all["summary"] = l.write(cases.Summary, event)
	event = l.then(10, func(c *cases.Case, now time.Time) error {
		c.Tick(l.procedure, cases.Staff{}, now.Add(8*time.Hour))
		return nil
	})
	for l.file.Events[event-1].Kind != cases.Late {
		event--
	}
	all["late"] = l.write(cases.LateNotice, event)
	event = l.then(3, func(c *cases.Case, now time.Time) error {
		c.Tick(l.procedure, cases.Staff{}, now.Add(8*time.Hour))
		return nil
	})
	for l.file.Events[event-1].Kind != cases.Late {
		event--
	}
	all["still-late"] = l.write(cases.LateNotice, event)
	event = l.then(1, func(c *cases.Case, now time.Time) error {
		return c.Extend(bob, words["reason"], now.AddDate(0, 0, 7), l.procedure, now)
	})
	all["delay-owed"] = l.write(cases.Delay, event)
	event = l.then(1, func(c *cases.Case, now time.Time) error { return c.Propose(bob, words["solution"], now) })
	all["proposal"] = l.write(cases.Proposal, event)
	l.file.Case.Chat = 7001
	all["proposal-with-chat"] = l.write(cases.Proposal, event)
	event = l.then(1, func(c *cases.Case, now time.Time) error {
		return c.ChangeContact("+31 20 765 4321", "noor.new@example.org", now)
	})
	all["contact"] = l.write(cases.ContactNotice, event)
	all["contact-before"] = l.writeTo(cases.ByOldMail, cases.ContactNotice, event)
	hearings(l, words, all)
	event = l.then(2, l.ends(bob, cases.Closing{Outcome: cases.Partly, Solution: words["solution"]}))
	all["confirmation"] = l.write(cases.Confirmation, event)
	l.procedure.Outside = cases.Outside{}
	l.procedure.Telephone = "020 123 4567"
	l.file.Case.Chat = 0
	all["confirmation-with-telephone"] = l.write(cases.Confirmation, event)
	event = l.then(1, func(c *cases.Case, now time.Time) error {
		return c.Reopen(chair, "kept to ourselves", l.procedure, now)
	})
	all["reopened"] = l.write(cases.ReopenedNotice, event)
	event = l.then(1, l.ends(bob, cases.Closing{Outcome: cases.NotUpheld, Solution: words["reason"]}))
	all["confirmation-not-upheld"] = l.write(cases.Confirmation, event)
	l.then(0, func(c *cases.Case, now time.Time) error {
		return c.Reopen(chair, "kept to ourselves", l.procedure, now)
	})
	event = l.then(1, func(c *cases.Case, now time.Time) error { return c.Withdraw(words["reason"], now) })
	all["withdrawal"] = l.write(cases.WithdrawalNotice, event)
	points(t, language, all)
	waits(t, language, all)
	talks(t, language, all)
	writeUps(t, language, all)
	return all
}

func (l *life) writes(who cases.Person, draft cases.WriteDraft) func(*cases.Case, time.Time) error {
	return func(c *cases.Case, now time.Time) error { return c.Write(who, draft, l.procedure, now) }
}

func (l *life) ends(who cases.Person, made cases.Closing) func(*cases.Case, time.Time) error {
	return func(c *cases.Case, now time.Time) error { return c.End(who, made, l.procedure, now) }
}

// hearings writes the letters of a hearing, and to a person concerned.
func hearings(l *life, words map[string]string, all map[string]*Letter) {
	l.t.Helper()
	l.then(0, func(c *cases.Case, now time.Time) error {
		_, err := c.AddParty(bob, cases.PartyDraft{Name: "Vera (invented)", Email: "vera@example.org", Relation: "the planner", Language: l.file.Case.Language}, l.procedure, now)
		return err
	})
	event := l.then(0, func(c *cases.Case, now time.Time) error {
		return c.Invite(bob, 1, words["put"], now.AddDate(0, 0, 7), l.procedure, now)
	})
	vera := cases.ToParty(1)
	all["invitation-without-a-page"] = l.writeTo(vera, cases.Invitation, event)
	l.links.Page = "https://complaints.example.org/l/a-token"
	all["invitation"] = l.writeTo(vera, cases.Invitation, event)
	l.then(1, func(c *cases.Case, now time.Time) error { return c.Account(1, words["account"], now) })
	event = l.then(0, func(c *cases.Case, now time.Time) error { return c.Report(bob, words["report"], now) })
	all["report"] = l.write(cases.ReportNotice, event)
	event = l.then(0, func(c *cases.Case, now time.Time) error { return c.Propose(bob, words["solution"], now) })
	all["party-proposal"] = l.writeTo(vera, cases.PartyProposal, event)
	l.file.Case.Chat = 0
	all["proposal-with-a-page"] = l.write(cases.Proposal, event)
	l.file.Case.Chat = 7001
	all["party-end"] = l.writeTo(vera, cases.PartyEnd, event)
	l.links = Links{}
	l.then(0, func(c *cases.Case, now time.Time) error { return c.AnswerParty(1, event, true, "", now) })
	l.then(0, func(c *cases.Case, now time.Time) error { return c.Answer(event, true, "", now) })
}

// points writes the confirmation of a complaint with points and measures, and the letters of other ends.
func points(t *testing.T, language i18n.Language, all map[string]*Letter) {
	t.Helper()
	words := said[language]
	l := begin(t, language, noor[language])
	l.then(1, func(c *cases.Case, now time.Time) error { return c.Take(ann, now) })
	event := l.then(3, l.ends(ann, cases.Closing{
		Points: []cases.Point{
			{Text: words["point"], Why: words["why"], Outcome: cases.Upheld}, {Text: words["point"], Why: words["why"], Outcome: cases.Settled},
		},
		Solution: words["solution"],
		Measures: []cases.MeasureDraft{{Text: words["measure"], Owner: "U2BOB", Due: l.now.AddDate(0, 1, 0)}},
	}))
	all["confirmation-of-points"] = l.write(cases.Confirmation, event)

	l = begin(t, language, noor[language])
	l.then(1, func(c *cases.Case, now time.Time) error { return c.Take(ann, now) })
	event = l.then(3, func(c *cases.Case, now time.Time) error { return c.Lapse(ann, false, words["reason"], now) })
	all["lapse"] = l.write(cases.LapseNotice, event)

	l = begin(t, language, noor[language])
	l.then(1, func(c *cases.Case, now time.Time) error { return c.Take(ann, now) })
	event = l.then(3, func(c *cases.Case, now time.Time) error { return c.Lapse(ann, true, words["reason"], now) })
	all["withdrawal-told-otherwise"] = l.write(cases.WithdrawalNotice, event)

	l = begin(t, language, noor[language])
	event = l.then(0, func(c *cases.Case, now time.Time) error {
		c.Excluded = []cases.Member{ann.Member}
		c.LeaveAlone([]cases.Member{ann.Member}, now)
		return nil
	})
	all["nobody"] = l.write(cases.NobodyNotice, event)
}

// writeUps writes the letters about a complaint that was told by telephone.
func writeUps(t *testing.T, language i18n.Language, all map[string]*Letter) {
	t.Helper()
	p := asking()
	answers := maps.Clone(noor[language])
	answers[cases.FieldFirstDay], answers[cases.FieldLastDay] = sunday.AddDate(0, 0, -6).Format(time.DateOnly), sunday.AddDate(0, 0, -4).Format(time.DateOnly)
	c, err := cases.WrittenUpBy(ann, "K-2026-0002", cases.WriteUpDraft{Way: cases.ByTelephone, Language: language, Answers: answers}, p, sunday)
	if err != nil {
		t.Fatal(err)
	}
	l := &life{t: t, procedure: p, now: sunday, file: &cases.File{Case: *c, Answers: answers, Events: c.Events()}}
	all["approval-without-a-link"] = l.write(cases.ApprovalRequest, 1)
	l.links = Links{Page: "https://complaints.example.org/l/a-token", Chat: "https://t.me/example_bot?start=a-token"}
	all["approval"] = l.write(cases.ApprovalRequest, 1)
	tick := func(c *cases.Case, now time.Time) error { c.Tick(p, cases.Staff{}, now.Add(8*time.Hour)); return nil }
	event := l.then(p.Milestones.Approved.Within, tick)
	all["approval-again"] = l.write(cases.ApprovalRequest, event)
	event = l.then(p.ApprovalLapse+1-p.Milestones.Approved.Within, tick) // the last day is theirs whole
	all["lapse-of-a-write-up"] = l.write(cases.LapseNotice, event)
}

// talks writes the letters of a talk that was asked for by mail.
func talks(t *testing.T, language i18n.Language, all map[string]*Letter) {
	t.Helper()
	asked := cases.TalkRequest{Language: language, By: cases.Email, Name: noor[language][cases.FieldName], Email: "noor@example.org", Told: noor[language]}
	p := cases.DefaultProcedure()
	c := cases.Request("G-2026-0001", asked, 0, p, sunday)
	c.Screened = true
	l := &life{t: t, procedure: p, now: sunday, file: &cases.File{Case: *c, Answers: noor[language], Events: c.Events()}}
	event := l.then(1, func(c *cases.Case, now time.Time) error { return c.Take(ann, now) })
	all["in-hand-of-a-talk"] = l.write(cases.InHand, event)
	event = l.then(0, l.writes(ann, cases.WriteDraft{Text: said[language]["message"]}))
	all["message-of-a-talk"] = l.write(cases.Message, event)
	event = l.clock(cases.Progressed)
	all["progress-of-a-talk"] = l.write(cases.ProgressNotice, event)
	event = l.clock(cases.Progressed)
	all["progress-of-a-talk-same"] = l.write(cases.ProgressNotice, event)
	event = l.clock(cases.Progressed)
	all["progress-of-a-talk-still"] = l.write(cases.ProgressNotice, event)
	event = l.then(1, l.ends(ann, cases.Closing{Outcome: cases.Talked, Solution: "kept to ourselves"}))
	all["helped"] = l.write(cases.HelpedQuestion, event)
	c = cases.Request("G-2026-0002", asked, 0, p, sunday)
	l = &life{t: t, procedure: p, now: sunday, file: &cases.File{Case: *c, Answers: noor[language], Events: c.Events()}}
	event = l.then(1, func(c *cases.Case, now time.Time) error { return c.Withdraw("", now) })
	all["withdrawal-of-a-talk"] = l.write(cases.WithdrawalNotice, event)
}

func TestLettersReadAsTheyShouldInBothLanguages(t *testing.T) {
	for _, language := range i18n.Languages {
		for name, letter := range everyLetter(t, language) {
			golden(t, name+"."+string(language)+".txt", "Subject: "+letter.Subject+"\n\n"+letter.Text())
			page, err := letter.HTML()
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+"."+string(language)+".html", page)
		}
	}
}
