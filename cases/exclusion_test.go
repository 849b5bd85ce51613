package cases

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The committee of these tests: two representatives, and who presides in turn.
var (
	deputy     = Person{Member: "U10", Committee: true, Representative: true, Chair: true}
	substitute = Person{Member: "U11", Committee: true, Substitute: true}
	receiver   = Person{Member: "U4", Intake: true} // of the intake staff, and not of the committee
	fellows    = []Member{"U1", "U2", "U3", "U10", "U11"}
)

// seated is a person of the committee, with all that is known of it.
func seated(who Person) Person {
	who.Chairs, who.Colleagues = []Member{"U3", "U10", "U11"}, fellows
	return who
}

func presided() *Procedure {
	p := DefaultProcedure()
	p.Committee.Chair, p.Committee.Deputy, p.Committee.Substitute = "U3", "U10", "U11"
	return p
}

func TestWhomTheWordsNameIsExcludedBeforeAnybodySeesTheCase(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := Submit("K-2026-0001", Complaint{Language: "nl", Answers: Words{FieldEmail: "n@example.org"}}, 7001, p, now)
	if got := told(c); got != "filed: screening>board card>board acknowledgement>mail" {
		t.Errorf("told %s", got)
	}
	if !c.Hidden() || refusedAs(c.Take(member, now)) != "being-prepared" {
		t.Error("it can be taken before it was screened")
	}
	found := []Suspect{{"U3", "the chair", Certain}, {"U1", "Ann (invented)", Possible}, {"U1", "Ann", Likely}}
	if err := c.Screen(found, true, p, now); err != nil {
		t.Fatal(err)
	}
	if c.Hidden() || !slices.Equal(c.Excluded, []Member{"U3", "U1"}) || !slices.Equal(c.Work.Matched, c.Excluded) {
		t.Errorf("%+v", c)
	}
	events := c.Events()
	if len(events) != 3 || events[2].Kind != Screened || events[2].Data["found"] != "2" {
		t.Fatalf("%+v", events)
	}
	want := map[string]string{"member": "U1", "why": WhyMatched, "strength": "possible", "saw": "", "to": "member:U10"}
	if e := events[1]; e.Kind != Excluded || fmt.Sprint(e.Data) != fmt.Sprint(want) || e.Words[FieldText] != "Ann (invented)" || e.By != Program {
		t.Errorf("%+v", e)
	}
	if err := c.Screen(found, true, p, now); err != nil || told(c) != "" {
		t.Error("a second screening changes something")
	}
}

func TestAnExcludedOwnerLosesTheCaseAndWhoPresidesIsToldWhatTheyHadSeen(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	for _, err := range []error{
		c.Take(member, now), c.Read(member, now), c.Speak(member, now, "", "steps", now),
		c.End(seated(member), Closing{Outcome: Settled, Solution: "x"}, eyes(p), now),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	c.Events()
	if err := c.Screen([]Suspect{{"U1", "Ann", Likely}}, false, p, now); err != nil {
		t.Fatal(err)
	}
	e := c.events[0]
	if e.Data["saw"] != "card owner file room" {
		t.Errorf("saw %q", e.Data["saw"])
	}
	if got := told(c); got != "excluded: card>board news>room conflicted>member:U3" {
		t.Errorf("told %s", got)
	}
	if c.Owner != "" || c.Stage != Contact || c.Work.Draft != 0 || c.Work.DraftOf != nil || !c.Work.Left.Equal(now) {
		t.Errorf("%+v", c)
	}
	if err := c.Take(other, now); err != nil || c.Stage != Contact || !c.Work.Left.IsZero() {
		t.Errorf("it can't be taken: %v %+v", err, c)
	}
}

func TestTheChairsOwnCaseGoesToTheDeputyThenTheSubstituteThenTheChannel(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	for _, step := range []struct {
		next Member
		want Recipient
		who  Person
	}{
		{"", "member:U3", chair}, {"U3", "member:U10", deputy}, {"U10", "member:U11", substitute}, {"U11", ToBoard, member},
	} {
		if step.next != "" {
			if err := c.Screen([]Suspect{{step.next, "x", Certain}}, false, p, now); err != nil {
				t.Fatal(err)
			}
		}
		if got := p.Presiding(c); got != step.want {
			t.Errorf("without %v %s presides", c.Excluded, got)
		}
		for _, one := range []Person{chair, deputy, substitute, member, other} {
			want := one.Member == step.who.Member || step.want == ToBoard && !c.Excludes(one.Member)
			if got := May(seated(one), Exclude, c) == nil; got != want {
				t.Errorf("without %v %s may exclude: %t", c.Excluded, one.Member, got)
			}
		}
	}
}

func TestWhoWasClearedStaysClearedAtALaterScreening(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Screen([]Suspect{{"U1", "Ann", Possible}, {"U2", "Bob", Certain}}, false, p, now)
	c.Events()
	if err := c.Clear(seated(chair), "U1", "another Ann", p, now); err != nil {
		t.Fatal(err)
	}
	if got := told(c); got != "cleared: card>board news>room" {
		t.Errorf("told %s", got)
	}
	_ = c.Screen([]Suspect{{"U1", "Ann", Certain}}, false, p, now)
	if c.Excludes("U1") || told(c) != "" || May(member, Take, c) != nil {
		t.Error("a name alone excludes them again")
	}
	if err := c.Exclude(seated(chair), "U1", "it was her after all", p, now); err != nil || !c.Excludes("U1") || len(c.Work.Cleared) != 0 {
		t.Errorf("who presides can't: %v", err)
	}
}

func TestExclusionByANameAloneWaitsForAPersonToLook(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Screen([]Suspect{{"U1", "Ann", Possible}}, false, p, now)
	conflict := func() bool {
		return slices.ContainsFunc(p.Tasks(c, now), func(task Task) bool { return task.Kind == TaskConflict && task.For == "U3" })
	}
	if !conflict() {
		t.Error("nobody is asked whether it is right")
	}
	if err := c.Exclude(seated(chair), "U1", "yes, it is her", p, now); err != nil || conflict() || len(c.Excluded) != 1 {
		t.Errorf("it can't be said that it is right: %v", err)
	}
	if err := c.Exclude(seated(chair), "U1", "once more", p, now); refusedAs(err) != "excluded-already" {
		t.Error(err)
	}
}

func TestWhatDoesNotFitAnExclusionIsRefused(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	if _, err := c.AddParty(member, PartyDraft{Member: "U2"}, p, now); err != nil {
		t.Fatal(err)
	}
	who := seated(chair)
	for name, try := range map[string]struct {
		err  error
		want string
	}{
		"exclude without a reason": {c.Exclude(who, "U1", " ", p, now), "no-words"},
		"exclude nobody":           {c.Exclude(who, "", "x", p, now), "no-words"},
		"exclude oneself":          {c.Exclude(who, "U3", "x", p, now), "not-of-oneself"},
		"exclude by a member":      {c.Exclude(seated(member), "U2", "x", p, now), "presiding-only"},
		"clear without a reason":   {c.Clear(who, "U2", "", p, now), "no-words"},
		"clear nobody":             {c.Clear(who, "U1", "x", p, now), "not-excluded"},
		"clear oneself":            {c.Clear(who, "U3", "x", p, now), "not-of-oneself"},
		"clear a party":            {c.Clear(who, "U2", "x", p, now), "they-are-concerned"},
		"clear one's own":          {c.Clear(seated(other), "U2", "x", p, now), "not-yours"},
		"recuse a second time":     {c.Recuse(seated(other), "", p, now), "not-yours"},
	} {
		if refusedAs(try.err) != try.want {
			t.Errorf("%s: %v, want %s", name, try.err, try.want)
		}
	}
}

func TestAMemberRecusesThemselvesWithoutSayingWhy(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	c.Events()
	if err := c.Recuse(seated(member), "", p, now); err != nil {
		t.Fatal(err)
	}
	e := c.events[0]
	if got := told(c); got != "excluded: card>board news>room conflicted>member:U3" || e.Data["why"] != WhyRecused || len(e.Words) != 0 || e.Data["saw"] != "card owner room" {
		t.Errorf("%s %+v", got, e)
	}
	if May(member, See, c) == nil {
		t.Error("they see it still")
	}
}

func TestWhereNobodyIsLeftTheComplainantAndTheAdminAreToldOnce(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	var found []Suspect
	for _, m := range fellows[1:] {
		found = append(found, Suspect{m, "x", Likely})
	}
	_ = c.Screen(found, false, p, now)
	c.LeaveAlone(fellows, now)
	c.LeaveAlone(nil, now) // it is not known who is of the committee
	c.Events()
	if err := c.Recuse(seated(member), "", p, now); err != nil {
		t.Fatal(err)
	}
	want := "excluded: card>board news>room conflicted>board left-alone: card>board nobody-left>board nobody>chat nobody>mail"
	if got := told(c); got != want {
		t.Errorf("told\n%s, want\n%s", got, want)
	}
	c.LeaveAlone(fellows, now)
	if got := told(c); got != "" {
		t.Errorf("told again: %s", got)
	}
	if len(p.Tasks(c, now)) == 0 || len(c.Eligible(fellows)) != 0 {
		t.Error("nothing is to be done")
	}
	newcomer := Person{Member: "U20", Committee: true, Colleagues: append(slices.Clone(fellows), "U20")}
	if err := c.Clear(newcomer, "U1", "no relation at all", p, now); err != nil {
		t.Errorf("who comes new to the committee can't clear: %v", err)
	}
}

func TestAnOrphanedCaseIsEscalatedAtOnceAndEachDay(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	now = at(t, "2026-11-25 11:00")
	_ = c.Recuse(seated(member), "", p, now)
	c.Events()
	c.Tick(p, Staff{}, now)
	if got := told(c); got != "reminded: reminder>member:U10" {
		t.Errorf("at once: %s", got)
	}
	c.Tick(p, Staff{}, now.AddDate(0, 0, 1))
	if got := told(c); got != "reminded: reminder>member:U3" {
		t.Errorf("the next day: %s", got)
	}
}

func TestNoNoticeIsEverMadeForAnExcludedMember(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	c.Owner = "U2"
	c.Excluded = []Member{"U2", "U3"}
	for _, kind := range EventKinds {
		for _, n := range Notices(c, Event{Seq: 1, Kind: kind, Data: map[string]string{"to": "member:U3", "event": "1"}, Words: Words{FieldText: "x"}}) {
			if m, direct := n.To.Member(); direct && c.Excludes(m) {
				t.Errorf("%s: %s to %s", kind, n.Kind, m)
			}
		}
	}
}

func TestAComplaintThatWasScreenedAsItWasFiledIsNotScreenedOnceMore(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := Submit("K-2026-0001", Complaint{Answers: Words{FieldProblem: "nobody calls back"}}, 7, p, now)
	screenings := func() (n int) {
		for _, e := range c.events {
			for _, one := range Notices(c, e) {
				if one.Kind == Screening {
					n++
				}
			}
		}
		return n
	}
	if n := screenings(); n != 1 {
		t.Errorf("before: %d screenings", n)
	}
	if err := c.Screen(nil, true, p, now); err != nil || c.Hidden() {
		t.Fatalf("%v, hidden: %t", err, c.Hidden())
	}
	if n := screenings(); n != 0 {
		t.Errorf("after: %d screenings", n)
	}
}

func TestWordsThatComeLaterAreScreenedBeforeTheyAreShown(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	for _, kind := range EventKinds {
		c := complaint(now, p)
		c.Screened = kind != Filed
		silent := Notices(c, Event{Seq: 1, Kind: kind})
		spoken := Notices(c, Event{Seq: 1, Kind: kind, Words: Words{FieldText: "x"}})
		first := len(spoken) > 0 && spoken[0].Kind == Screening
		want := slices.Contains([]EventKind{Filed, Requested, WrittenUp, PartyAdded, Replied, Corrected, Attached, Agreed, Objected, Accounted, Declined, Withdrawn,
			NotApproved, Rated}, kind)
		if first != want {
			t.Errorf("%s: screened first: %t", kind, first)
		}
		for _, n := range append(silent, spoken[min(1, len(spoken)):]...) {
			if n.Kind == Screening && !strings.Contains("filed requested written-up party-added", string(kind)) {
				t.Errorf("%s: screened without words, or late", kind)
			}
		}
	}
}
