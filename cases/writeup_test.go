package cases

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"websec.nl/gehoor/i18n"
)

func toldByTelephone() WriteUpDraft {
	return WriteUpDraft{Way: ByTelephone, Language: i18n.English, Answers: Words{
		FieldName: "Noor (invented)", FieldProblem: "it broke", FieldEmail: "n@example.org", FieldTelephone: "1", FieldWish: " ",
	}}
}

// writtenUp is a case that the intake staff wrote up, screened, and all that happened to it.
func writtenUp(t testing.TB, p *Procedure, now time.Time) (*Case, []Event) {
	t.Helper()
	c, err := WrittenUpBy(receiver, "K-2026-0001", toldByTelephone(), p, now)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Screen(nil, true, p, now)
	return c, c.Events()
}

func TestAWriteUpWaitsForItsComplainantAndNoClockRuns(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c, err := WrittenUpBy(receiver, "K-2026-0001", toldByTelephone(), p, now)
	if err != nil {
		t.Fatal(err)
	}
	e := c.events[0]
	if got := told(c); got != "written-up: screening>board card>board approval>mail" {
		t.Errorf("told %s", got)
	}
	if e.By != "member:U4" || e.Data["way"] != "telephone" || e.Words[FieldWish] != "" || e.Words[FieldProblem] != "it broke" {
		t.Errorf("%+v", e)
	}
	if c.Stage != Awaiting || !c.Deadline.IsZero() || c.Owner != "" || !c.HasMail || c.Way != ByTelephone || c.Late(now.AddDate(1, 0, 0)) || !c.LastDay(p).IsZero() {
		t.Errorf("%+v", c)
	}
	_ = c.Screen(nil, true, p, now)
	if err := c.Take(member, now); refusedAs(err) != "not-agreed-yet" {
		t.Errorf("it is taken: %v", err)
	}
}

func TestThePeriodStartsWhenTheComplainantAgrees(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c, events := writtenUp(t, p, now)
	now = at(t, "2026-11-27 21:00")
	f := fileOf(c, events)
	f.Assemble()
	if err := c.Approve(AgreedOnPage, "", f.Answers, p, now); err != nil {
		t.Fatal(err)
	}
	e := c.events[0]
	if e.By != Complainant || e.Data["by"] != "page" || e.Data["fingerprint"] != Fingerprint(f.Answers) || len(e.Data) != 2 || len(e.Words) != 0 {
		t.Errorf("%+v", e)
	}
	if got := told(c); got != "approved: card>board news>room acknowledgement>mail" {
		t.Errorf("told %s", got)
	}
	if c.Stage != Received || !c.Received.Equal(now) || c.LastDay(p).Format(time.DateOnly) != "2026-12-11" {
		t.Errorf("%+v", c)
	}
	if err := c.Approve(AgreedOnPage, "", f.Answers, p, now); refusedAs(err) != "agreed-already" {
		t.Errorf("twice: %v", err)
	}
	if err := c.CorrectAnswer(FieldProblem, "otherwise", Complainant, now); refusedAs(err) != "agreed-already" {
		t.Errorf("what was agreed is changed: %v", err)
	}
	if err := c.NotApprove("", now); refusedAs(err) != "agreed-already" {
		t.Errorf("what was agreed is taken back: %v", err)
	}
	if err := c.Take(member, now); err != nil {
		t.Error(err)
	}
}

func TestAnswersAreCorrectedOneByOne(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c, events := writtenUp(t, p, now)
	for _, one := range []struct {
		field, words, want string
		by                 Actor
	}{
		{FieldProblem, "it broke twice", "corrected: screening>board card>board news>room", Complainant},
		{FieldEmail, "new@example.org", "corrected: screening>board card>board news>room approval>mail", By("U4")},
		{FieldWish, "a refund", "corrected: screening>board card>board news>room", Complainant},
		{FieldWish, "", "corrected: card>board news>room", Complainant},
		{FieldOwn + "shop", "north", "corrected: screening>board card>board news>room", Complainant},
	} {
		if err := c.CorrectAnswer(one.field, one.words, one.by, now); err != nil {
			t.Fatal(err)
		}
		events = append(events, c.events...)
		if got := told(c); got != one.want {
			t.Errorf("%s: told %s", one.field, got)
		}
	}
	f := fileOf(c, events)
	f.Assemble()
	want := Words{FieldName: "Noor (invented)", FieldProblem: "it broke twice", FieldEmail: "new@example.org", FieldTelephone: "1", FieldOwn + "shop": "north"}
	if !maps.Equal(f.Answers, want) || f.Reach(len(events))[FieldEmail] != "new@example.org" {
		t.Errorf("%v", f.Answers)
	}
	if first := f.AnswersAt(1); first[FieldEmail] != "n@example.org" || first[FieldProblem] != "it broke" {
		t.Errorf("at first %v", first)
	}
	for field, words := range map[string]string{FieldName: "", FieldProblem: " ", FieldEmail: "", "nonsense": "x"} {
		if c.CorrectAnswer(field, words, Complainant, now) == nil {
			t.Errorf("%s is taken away", field)
		}
	}
	if err := c.CorrectAnswer(FieldEmail, "nowhere", Complainant, now); refusedAs(err) != "no-address" {
		t.Error(err)
	}
}

func TestFingerprintIsOfTheseWordsInTheseFieldsAndOfNoOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.MapOf(rapid.SampledFrom([]string{"a", "b", "ab", "name", "problem"}), rapid.StringN(0, 4, -1))
		one, two := Words(words.Draw(t, "one")), Words(words.Draw(t, "two"))
		filled := func(w Words) Words {
			w = maps.Clone(w)
			maps.DeleteFunc(w, func(_, said string) bool { return said == "" })
			return w
		}
		if same := maps.Equal(filled(one), filled(two)); same != (Fingerprint(one) == Fingerprint(two)) {
			t.Fatalf("%v and %v: the same %t", one, two, same)
		}
	})
	if got := Fingerprint(Words{"name": "Noor"}); len(got) != 64 {
		t.Error(got)
	}
}

func TestAgreedOnTheTelephoneNeedsAnotherWitness(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	answers := toldByTelephone().Answers
	for name, try := range map[string]struct {
		who, witness Person
		want         string
	}{
		"by who wrote it, with a member":    {receiver, other, "<nil>"},
		"by a member, with who wrote it":    {other, receiver, "<nil>"},
		"with oneself":                      {receiver, receiver, "another-witness"},
		"with nobody":                       {receiver, Person{Committee: true}, "another-witness"},
		"with a stranger":                   {receiver, Person{Member: "U8"}, "another-witness"},
		"with somebody excluded":            {receiver, Person{Member: "U9", Committee: true}, "another-witness"},
		"by somebody excluded":              {Person{Member: "U9", Committee: true}, other, "not-yours"},
		"by other intake staff":             {Person{Member: "U12", Intake: true}, other, "not-in-committee"},
		"by who wrote it, who left the job": {Person{Member: "U4"}, other, "not-in-committee"},
	} {
		c, _ := writtenUp(t, p, now)
		c.Excluded = []Member{"U9"}
		if err := c.AgreeByCall(try.who, try.witness, answers, p, now); refusedAs(err) != try.want {
			t.Errorf("%s: %v, want %s", name, err, try.want)
		}
		if try.want != "<nil>" {
			continue
		}
		if e := c.events[0]; e.Data["by"] != "telephone" || e.Data["witness"] != string(try.witness.Member) || e.By != By(try.who.Member) || c.Stage != Received {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestAWriteUpThatIsNotTheirsEndsThere(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c, _ := writtenUp(t, p, now)
	if err := c.NotApprove("I never rang", now); err != nil {
		t.Fatal(err)
	}
	if got := told(c); got != "not-approved: screening>board card>board" || c.Open() || c.Outcome != OutcomeLapsed {
		t.Errorf("told %s", got)
	}
	if !p.Next(c, Staff{}, now).IsZero() {
		t.Error("the clock goes on")
	}
}

func TestWhatIsNoWriteUpIsRefused(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	for name, try := range map[string]struct {
		change func(*WriteUpDraft)
		want   string
	}{
		"told in the chat":  {func(d *WriteUpDraft) { d.Way = Chat }, "no-words"},
		"without a name":    {func(d *WriteUpDraft) { d.Answers[FieldName] = " " }, "no-words"},
		"without a problem": {func(d *WriteUpDraft) { delete(d.Answers, FieldProblem) }, "no-words"},
		"without a contact": {func(d *WriteUpDraft) { d.Answers[FieldEmail], d.Answers[FieldTelephone] = "", "" }, "no-contact"},
		"a wrong address":   {func(d *WriteUpDraft) { d.Answers[FieldEmail] = "n at example" }, "no-address"},
		"by letter":         {func(d *WriteUpDraft) { d.Way, d.Answers[FieldEmail] = ByLetter, "" }, "<nil>"},
	} {
		d := toldByTelephone()
		try.change(&d)
		if _, err := WrittenUpBy(receiver, "K-2026-0001", d, p, now); refusedAs(err) != try.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := WrittenUpBy(Person{Member: "U8"}, "K-2026-0001", toldByTelephone(), p, now); refusedAs(err) != "committee-only" {
		t.Errorf("by a stranger: %v", err)
	}
}

// ticked lets the clock look each hour, and says what it told and when.
func ticked(c *Case, p *Procedure, from, until time.Time) (all []string) {
	for now := from; now.Before(until); now = now.Add(time.Hour) {
		c.Tick(p, Staff{}, now)
		for _, e := range c.Events() {
			for _, n := range Notices(c, e) {
				all = append(all, fmt.Sprintf("%s %s>%s", p.In(now).Format("02/01 15:04"), n.Kind, n.To))
			}
		}
	}
	return all
}

func TestAWriteUpIsRemindedOfAndLapses(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c, _ := writtenUp(t, p, now)
	got := ticked(c, p, now, now.AddDate(0, 0, 30))
	want := []string{
		"26/11 08:00 approval>mail", "26/11 08:00 reminder>member:U4", "30/11 08:00 approval>mail", "30/11 08:00 reminder>member:U3",
		"08/12 08:00 card>board", "08/12 08:00 news>room", "08/12 08:00 lapse>mail", // the 7th is theirs whole
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if c.Open() || c.Outcome != OutcomeLapsed || !c.Deadline.IsZero() {
		t.Errorf("%+v", c)
	}
}

func TestAWriteUpThatNobodyAgreedToIsNotReopened(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	for name, end := range map[string]func(c *Case){
		"not theirs": func(c *Case) { _ = c.NotApprove("not mine", now) },
		"lapsed":     func(c *Case) { c.Tick(p, Staff{}, now.AddDate(0, 0, 21)) },
	} {
		c, _ := writtenUp(t, p, now)
		end(c)
		c.Events()
		if err := c.Reopen(seated(deputy), "they want it after all", p, now.AddDate(0, 0, 22)); refusedAs(err) != "never-agreed" || c.Open() || told(c) != "" {
			t.Errorf("%s: %v, %s", name, err, c.Stage)
		}
	}
}

func TestWhoAgreesWithACorrectedAddressIsNotAskedAgain(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c, _ := writtenUp(t, p, now)
	_ = c.CorrectAnswer(FieldEmail, "right@example.org", Complainant, now)
	_ = c.Approve(AgreedOnPage, "", Words{FieldName: "Noor (invented)"}, p, now)
	if got := told(c); got != "corrected: screening>board card>board news>room approved: card>board news>room acknowledgement>mail" {
		t.Errorf("told %s", got)
	}
}

func TestWhoWroteItUpKnowsTheFile(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c, err := WrittenUpBy(receiver, "K-2026-0001", toldByTelephone(), p, now)
	if err != nil {
		t.Fatal(err)
	}
	c.Events()
	_ = c.Screen([]Suspect{{receiver.Member, "x", Certain}}, true, p, now)
	if e := c.events[0]; e.Kind != Excluded || e.Data["saw"] != "file" {
		t.Errorf("%s %v", e.Kind, e.Data)
	}
}

func TestAfterALongNightAWriteUpLapsesWithoutARemindersStorm(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c, _ := writtenUp(t, p, now)
	c.Tick(p, Staff{}, now.AddDate(0, 0, 21)) // a working day, on which its writer could be reminded
	if got := told(c); got != "lapsed: card>board news>room lapse>mail" {
		t.Errorf("told %s", got)
	}
}

func TestWhereTheWriterIsExcludedWhoPresidesIsRemindedOfTheWriteUp(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c, _ := writtenUp(t, p, now)
	_ = c.Screen([]Suspect{{"U4", "who took the call", Certain}}, false, p, now)
	c.Events()
	c.Tick(p, Staff{}, now.AddDate(0, 0, 3))
	if got := told(c); got != "reminded: approval>mail reminded: reminder>member:U3" {
		t.Errorf("told %s", got)
	}
	if tasks := p.Tasks(c, now); tasks[0].For == "U4" || !has(tasks, TaskWriteUp) || May(receiver, See, c) == nil {
		t.Errorf("%+v", tasks)
	}
}

func TestMeasuresStayOnTheClockAfterClosing(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	made := closingDraft(now)
	made.Measures[0].Due = at(t, "2026-12-06 12:00") // a Sunday
	_ = c.End(member, made, p, now)
	c.Events()
	if p.Next(c, Staff{}, now).IsZero() {
		t.Fatal("the clock has stopped")
	}
	got := ticked(c, p, now, at(t, "2026-12-09 00:00"))
	want := []string{
		"27/11 08:00 reminder>member:U1",
		"04/12 08:00 reminder>member:U3", "04/12 08:00 reminder>member:U7",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	for _, number := range []int{1, 2} {
		_ = c.MeasureIsDone(member, number, "", now)
	}
	if !p.Next(c, Staff{}, now).IsZero() || len(p.Tasks(c, now)) != 0 {
		t.Error("what is done is reminded of")
	}
}

func TestEachMeasureIsNamedInTheReminderAfterANightOff(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	made := closingDraft(now)
	made.Measures[0].Owner = "U1"
	_ = c.End(member, made, p, now)
	c.Events()
	c.Tick(p, Staff{}, at(t, "2026-12-15 12:00"))
	var about []string
	for _, e := range c.Events() {
		about = append(about, e.Data["to"]+" "+e.Data["measure"]+" "+e.Data["also"])
	}
	if want := []string{"member:U1 1 measured:2"}; !slices.Equal(about, want) {
		t.Errorf("reminded %v, want %v", about, want)
	}
}

func TestAMeasureOfSomebodyExcludedIsWhoPresides(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	_ = c.End(member, closingDraft(now), p, now)
	_ = c.Exclude(seated(chair), "U7", "it is about them", p, now)
	c.Events()
	c.Tick(p, Staff{}, at(t, "2027-01-15 12:00"))
	for _, e := range c.Events() {
		if e.Data["to"] == "member:U7" {
			t.Errorf("%+v", e)
		}
	}
	for _, task := range p.Tasks(c, now) {
		if task.For == "U7" || task.Of == 1 && task.For != "U3" {
			t.Errorf("%+v", task)
		}
	}
	if !p.Next(c, Staff{}, c.Kept(p)).IsZero() {
		t.Error("measures are reminded of whose words are gone")
	}
}
