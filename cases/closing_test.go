package cases

import (
	"fmt"
	"maps"
	"testing"
	"time"
)

func closingDraft(now time.Time) Closing {
	return Closing{
		Points:   []Point{{"the bill", "it was wrong", Upheld}, {"the tone", "we can't tell", NotUpheld}},
		Solution: "a refund",
		Measures: []MeasureDraft{{"check bills twice", "U7", now.AddDate(0, 0, 20)}, {"a talk with the team", "U1", now.AddDate(0, 0, 5)}},
	}
}

func TestAClosingSaysOfEachPointWhatItEndsInAndWhatIsPromised(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	c.Events()
	if err := c.End(member, closingDraft(now), p, now); err != nil {
		t.Fatal(err)
	}
	e := c.events[0]
	want := map[string]string{"outcome": "partly", "points": "2", "point.1": "upheld", "point.2": "not-upheld", "measures": "2",
		"measure.1.owner": "U7", "measure.1.due": "2026-12-13", "measure.2.owner": "U1", "measure.2.due": "2026-11-28"}
	if !maps.Equal(e.Data, want) {
		t.Errorf("%v", e.Data)
	}
	if c.Outcome != Partly || len(c.Work.Measures) != 2 || c.Work.Measures[0] != (Measure{Number: 1, Event: e.Seq, Owner: "U7", Due: "2026-12-13"}) {
		t.Errorf("%+v", c.Work.Measures)
	}
	if got := told(c); got != "ended: card>board news>room confirmation>chat confirmation>mail rating-question>chat measure>member:U7 measure>member:U1" {
		t.Errorf("told %s", got)
	}
	made, numbers := p.ClosingOf(e)
	if fmt.Sprint(made.Points) != fmt.Sprint(closingDraft(now).Points) || made.Solution != "a refund" || fmt.Sprint(numbers) != "[1 2]" ||
		made.Measures[0].Text != "check bills twice" || p.In(made.Measures[0].Due).Format("2006-01-02 15:04") != "2026-12-13 12:00" || made.Outcome != Partly {
		t.Errorf("%+v %v", made, numbers)
	}
}

func TestMeasuresAreCountedOnAfterAReopening(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	_ = c.End(member, closingDraft(now), p, now)
	_ = c.Reopen(chair, "again", p, now)
	c.Events()
	if err := c.End(member, closingDraft(now), p, now); err != nil {
		t.Fatal(err)
	}
	e := c.events[0]
	if made, numbers := p.ClosingOf(e); fmt.Sprint(numbers) != "[3 4]" || made.Measures[1].Text != "a talk with the team" || e.Words[MeasureField(3)] == "" || e.Data["measures"] != "2" {
		t.Errorf("%v %+v", numbers, e)
	}
	if len(c.Work.Measures) != 4 || c.Work.Measures[3].Number != 4 {
		t.Errorf("%+v", c.Work.Measures)
	}
}

func TestClosingOverOpenHearingsNeedsAReasonOnFile(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	for name, prepare := range map[string]func(c *Case) error{
		"nobody invited them": func(*Case) error { return nil },
		"they did not answer": func(c *Case) error { return c.Invite(member, 2, "x", time.Time{}, p, now) },
		"nobody agreed yet": func(c *Case) error {
			_ = c.Invite(member, 2, "x", time.Time{}, p, now)
			_ = c.Decline(2, "", now)
			_ = c.Invite(member, 1, "x", time.Time{}, p, now)
			_ = c.Account(1, "my side", now)
			return c.Propose(member, "a refund", now)
		},
	} {
		for _, p := range []*Procedure{p, eyes(p)} {
			c := heardCase(t, p, now)
			if err := prepare(c); err != nil {
				t.Fatal(err)
			}
			made := Closing{Outcome: Settled, Solution: "x"}
			if err := c.End(member, made, p, now); refusedAs(err) != "still-open" {
				t.Errorf("%s: %v", name, err)
			}
			made.Despite = "it is long enough"
			if err := c.End(member, made, p, now); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if p.Committee.SecondEyes {
				if err := c.ApproveClosing(chair, p, now); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			if c.Open() {
				t.Errorf("%s: it is still open", name)
			}
		}
	}
}

func TestADraftCanNotBeApprovedOnceSomebodyIsToBeHeard(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	_ = c.End(member, Closing{Outcome: Settled, Solution: "x"}, eyes(p), now)
	_, _ = c.AddParty(member, PartyDraft{Name: "Pia (invented)", Email: "pia@example.org"}, p, now)
	if err := c.ApproveClosing(chair, p, now); refusedAs(err) != "still-open" {
		t.Error(err)
	}
}

func TestASecondPairOfEyesSeesWordForWordWhatGoesOut(t *testing.T) {
	p, now := eyes(presided()), at(t, "2026-11-23 10:00")
	c := Submit("K-2026-0001", Complaint{Language: "nl", Answers: Words{FieldEmail: "n@example.org"}}, 7001, p, now)
	_ = c.Screen(nil, true, p, now)
	_ = c.Take(member, now)
	made := closingDraft(now)
	if err := c.End(member, made, p, now); err != nil || !c.Open() || c.Work.DraftBy != "U1" {
		t.Fatalf("%v %+v", err, c)
	}
	events := c.Events()
	drafted := events[len(events)-1]
	if got := fmt.Sprint(Notices(c, drafted)); drafted.Kind != Drafted || drafted.Data["to"] != "member:U3" || got != "[{card board 4} {news room 4} {eyes member:U3 4}]" {
		t.Errorf("%s %+v", got, drafted)
	}
	if !has(p.Tasks(c, now), TaskApprove) {
		t.Error("nobody is to look at it")
	}
	if err := c.ApproveClosing(member, p, now); refusedAs(err) != "not-the-drafter" {
		t.Errorf("its drafter: %v", err)
	}
	if err := c.SendBack(other, " ", now); refusedAs(err) != "no-words" {
		t.Error(err)
	}
	if err := c.ApproveClosing(other, p, now); err != nil {
		t.Fatal(err)
	}
	events = append(events, c.Events()...)
	f := fileOf(c, events)
	f.Assemble()
	ended := f.Events[len(f.Events)-1]
	if ended.Kind != Ended || !maps.Equal(ended.Words, drafted.Words) || ended.Data["draft"] != "4" || ended.Data["drafted-by"] != "U1" || ended.By != "member:U2" {
		t.Errorf("%+v", ended)
	}
	for name, value := range drafted.Data {
		if name != "to" && ended.Data[name] != value {
			t.Errorf("%s: drafted as %s, ended as %s", name, value, ended.Data[name])
		}
	}
	if c.Open() || c.Outcome != Partly || len(c.Work.Measures) != 2 || c.Work.Draft != 0 {
		t.Errorf("%+v", c)
	}
	if err := c.ApproveClosing(chair, p, now); refusedAs(err) != "closed" {
		t.Errorf("a second time: %v", err)
	}
}

func TestADraftThatIsSentBackIsWrittenAnew(t *testing.T) {
	p, now := eyes(presided()), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	if err := c.SendBack(chair, "x", now); refusedAs(err) != "no-draft" {
		t.Error(err)
	}
	_ = c.End(member, closingDraft(now), p, now)
	c.Events()
	if err := c.SendBack(chair, "say more of the bill", now); err != nil || c.Work.Draft != 0 || told(c) != "sent-back: card>board news>room" {
		t.Errorf("%v %+v", err, c.Work)
	}
	if err := c.ApproveClosing(chair, p, now); refusedAs(err) != "no-draft" {
		t.Error(err)
	}
	if err := c.End(member, closingDraft(now), p, now); err != nil || c.Work.Draft == 0 {
		t.Error(err)
	}
}

func TestWhereTheChairDraftsTheDeputyLooksAndWhereNobodyIsLeftNobodyHasTo(t *testing.T) {
	p, now := eyes(presided()), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	c.Events()
	if err := c.End(chair, closingDraft(now), p, now); err != nil || c.events[0].Data["to"] != "member:U10" {
		t.Errorf("%v %+v", err, c.events)
	}
	c.Excluded = without(fellows, member.Member)
	if err := c.End(seated(member), closingDraft(now), p, now); err != nil || c.Open() {
		t.Errorf("it waits for somebody who is not there: %v", err)
	}
}

func TestWhatDoesNotFitAClosingIsRefused(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	try := func(change func(*Closing)) string {
		c := complaint(now, p)
		_ = c.Take(member, now)
		c.Excluded = []Member{"U9"}
		made := closingDraft(now)
		change(&made)
		c.Events()
		before := fmt.Sprintf("%+v", *c)
		err := c.End(member, made, p, now)
		if after := fmt.Sprintf("%+v", *c); err != nil && after != before {
			t.Errorf("a refusal changed something: %v", err)
		}
		return refusedAs(err)
	}
	for want, changes := range map[string][]func(*Closing){
		"no-words": {
			func(m *Closing) { m.Solution = "\n" }, func(m *Closing) { m.Points[1].Why = "" }, func(m *Closing) { m.Points[1].Text = "" },
			func(m *Closing) { m.Measures[0].Text = "" }, func(m *Closing) { m.Measures[0].Owner = "" }, func(m *Closing) { m.Measures[0].Due = time.Time{} },
		},
		"no-outcome": {
			func(m *Closing) { m.Points = nil }, func(m *Closing) { m.Points[0].Outcome = Talked }, func(m *Closing) { m.Outcome = OutcomeLapsed },
			func(m *Closing) { m.Points[0].Outcome = "" },
		},
		"they-may-not": {func(m *Closing) { m.Measures[0].Owner = "U9" }},
		"in-the-past":  {func(m *Closing) { m.Measures[0].Due = now.AddDate(0, 0, -1) }},
		"too-far":      {func(m *Closing) { m.Measures[0].Due = now.AddDate(2, 0, 0) }},
		"too-many":     {func(m *Closing) { m.Points = make([]Point, MostPoints+1); m.Outcome = Settled }},
		"<nil>": {
			func(*Closing) {}, func(m *Closing) { m.Outcome = Settled }, func(m *Closing) { m.Points, m.Measures, m.Outcome = nil, nil, Settled },
		},
	} {
		for i, change := range changes {
			if got := try(change); got != want {
				t.Errorf("%s %d: %s", want, i, got)
			}
		}
	}
	for want, outcomes := range map[Outcome][]Outcome{
		Upheld: {Upheld, Upheld}, Settled: {Settled}, Partly: {Upheld, Settled}, NotUpheld: {NotUpheld, NotUpheld, NotUpheld},
	} {
		made := Closing{}
		for _, o := range outcomes {
			made.Points = append(made.Points, Point{Outcome: o})
		}
		if got := made.outcome(); got != want {
			t.Errorf("%v: %s", outcomes, got)
		}
	}
}

func TestAMeasureIsDoneByWhoOwesItTheOwnerOrTheChair(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	owes := Person{Member: "U7"} // not of the committee
	closed := func() *Case {
		c := complaint(now, p)
		_ = c.Take(member, now)
		_ = c.End(member, closingDraft(now), p, now)
		c.Events()
		return c
	}
	for name, try := range map[string]struct {
		who    Person
		number int
		want   string
	}{
		"who owes it":           {owes, 1, "<nil>"},
		"who owes another":      {owes, 2, "owner-only"},
		"the owner of the case": {member, 1, "<nil>"},
		"the chair":             {chair, 1, "<nil>"},
		"another member":        {other, 1, "owner-only"},
		"a stranger":            {Person{Member: "U8"}, 1, "not-in-committee"},
		"one that is not there": {member, 3, "no-measure"},
	} {
		c := closed()
		err := c.MeasureIsDone(try.who, try.number, "", now)
		if refusedAs(err) != try.want {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (told(c) != "measure-done: card>board news>room" || c.Work.Measures[0].Done.IsZero()) {
			t.Errorf("%s: %+v", name, c.Work)
		}
		if err == nil && refusedAs(c.MeasureIsDone(try.who, try.number, "", now)) == "<nil>" {
			t.Errorf("%s: done twice", name)
		}
	}
}

func TestACaseLapsesOrIsWithdrawnOtherwiseThanInTheChat(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	for withdrawn, want := range map[bool]string{
		false: "lapsed: card>board news>room lapse>chat lapse>mail party-end>party:2",
		true:  "withdrawn: screening>board card>board news>room withdrawal>chat withdrawal>mail party-end>party:2",
	} {
		c := heardCase(t, p, now)
		_ = c.Invite(member, 2, "x", time.Time{}, p, now)
		c.Events()
		if err := c.Lapse(member, withdrawn, "", now); refusedAs(err) != "no-words" {
			t.Error(err)
		}
		if err := c.Lapse(member, withdrawn, "they said so", now); err != nil {
			t.Fatal(err)
		}
		outcome := map[bool]Outcome{true: OutcomeWithdrawn, false: OutcomeLapsed}[withdrawn]
		if got := told(c); got != want || c.Open() || c.Outcome != outcome {
			t.Errorf("told %s, %s", got, c.Outcome)
		}
	}
}
