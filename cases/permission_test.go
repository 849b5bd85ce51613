package cases

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The whole of who may do what, when, stands in testdata/access.txt: yes, or what they hear. It is written by hand as much as by
// -update: whoever changes it answers for each line.
const accessFile = "testdata/access.txt"

// everybody are the roles that the table has a column for, in its order.
var everybody = []struct {
	name string
	who  Person
}{
	{"stranger", Person{Member: "U8"}},
	{"excluded", Person{Member: "U9", Committee: true, Representative: true, Intake: true, Chair: true}},
	{"writer", Person{Member: "U4", Intake: true}},    // who wrote it up, and is not of the committee
	{"intake", Person{Member: "U12", Intake: true}},   // who writes up others
	{"owes", Person{Member: "U6"}},                    // who owes a measure, and is not of the committee
	{"member", Person{Member: "U5", Committee: true}}, // who is no representative
	{"colleague", Person{Member: "U2", Committee: true, Representative: true}},
	{"owner", Person{Member: "U1", Committee: true, Representative: true}},
	{"chair", Person{Member: "U3", Committee: true, Chair: true}},
	{"deputy", Person{Member: "U10", Committee: true, Representative: true, Chair: true}},
	{"substitute", Person{Member: "U11", Committee: true, Substitute: true}},
	{"stand-in", Person{Member: "U11", Committee: true, Substitute: true}}, // the same, where chair and deputy are excluded
}

// moments are the stages, and two more that a case can be in.
var moments = []string{"awaiting", "received", "assigned", "contact", "proposed", "closed", "orphaned", "talk"}

func momentOf(name string) *Case {
	c := &Case{Number: "K-2026-0001", Kind: Formal, Stage: Stage(name), Owner: "U1", Screened: true, Excluded: []Member{"U9"}}
	c.Work.WrittenBy = "U4"
	c.Work.Measures = []Measure{{Number: 1, Owner: "U6"}}
	switch name {
	case "awaiting", "received":
		c.Owner = ""
	case "orphaned": // its owner was excluded
		c.Stage, c.Owner = Contact, ""
	case "talk":
		c.Number, c.Kind, c.Stage = "G-2026-0001", Talk, Assigned
	case "closed":
		c.Deadline = time.Unix(1.79e9, 0)
	}
	return c
}

// heard is what somebody hears who wants to do something: yes, or the Refusal.
func heard(t *testing.T, who Person, do Action, c *Case) string {
	t.Helper()
	err := May(who, do, c)
	if err == nil {
		return "yes"
	}
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok {
		t.Fatal(err)
	}
	if refusal.Denied && (refusal.Who != who.Member || refusal.Do != do) {
		t.Errorf("%s by %s: the refusal names %s and %s", do, who.Member, refusal.Who, refusal.Do)
	}
	return strings.TrimPrefix(refusal.Text.Key, "refusal.")
}

func TestWhoMayDoWhatWhen(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, "%-10s%-15s", "", "")
	for _, one := range everybody {
		fmt.Fprintf(&b, "%-20s", one.name)
	}
	for _, moment := range moments {
		b.WriteString("\n")
		for _, do := range Actions {
			fmt.Fprintf(&b, "\n%-10s%-15s", moment, do)
			for _, one := range everybody {
				c := momentOf(moment)
				who := one.who
				who.Chairs = []Member{"U3", "U10", "U11"}
				if one.name == "stand-in" {
					c.Excluded = append(c.Excluded, "U3", "U10")
				}
				fmt.Fprintf(&b, "%-20s", heard(t, who, do, c))
			}
		}
	}
	got := regexp.MustCompile(` +\n`).ReplaceAllString(b.String()+"\n", "\n")
	if *update {
		if err := os.WriteFile(accessFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(accessFile)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(lines) || lines[i] != line {
			t.Errorf("line %d of %s: now\n%s", i+1, accessFile, line)
		}
	}
}

func TestNobodySeesACaseThatIsNotScreenedAndTheTryIsNotRecorded(t *testing.T) {
	for _, moment := range moments {
		for _, do := range Actions {
			for _, one := range everybody {
				c := momentOf(moment)
				c.Screened = false
				refusal, ok := errors.AsType[*Refusal](May(one.who, do, c))
				if !ok || refusal.Text.Key != "refusal.being-prepared" || refusal.Denied {
					t.Errorf("%s %s by %s: %+v", moment, do, one.name, refusal)
				}
			}
		}
	}
}

func TestAnExcludedPersonMayNothingWhateverTheirRole(t *testing.T) {
	for _, moment := range moments {
		for _, do := range Actions {
			for _, one := range everybody {
				c := momentOf(moment)
				c.Excluded = []Member{one.who.Member}
				refusal, ok := errors.AsType[*Refusal](May(one.who, do, c))
				if !ok || refusal.Text.Key != "refusal.not-yours" || !refusal.Denied {
					t.Errorf("%s %s by %s: %+v", moment, do, one.name, refusal)
				}
			}
		}
	}
}

func TestOnlyTheCommitteeAndIntakeStaffWriteUp(t *testing.T) {
	for _, one := range everybody {
		for _, do := range Actions {
			want := do == WriteUp && (one.who.Committee || one.who.Intake)
			if err := May(one.who, do, nil); (err == nil) != want {
				t.Errorf("%s without a case by %s: %v", do, one.name, err)
			}
		}
	}
}

func TestSubstituteLeadsOnlyWhereEverybodyBeforeThemIsExcluded(t *testing.T) {
	c := momentOf("assigned")
	who := Person{Member: "U11", Committee: true, Substitute: true, Chairs: []Member{"U3", "U10", "U11"}}
	for _, step := range []struct {
		excluded []Member
		chairs   []Member
		leads    bool
	}{
		{nil, who.Chairs, false}, {[]Member{"U3"}, who.Chairs, false}, {[]Member{"U10"}, who.Chairs, false}, {[]Member{"U3", "U10"}, who.Chairs, true},
		{[]Member{"U10"}, []Member{"U10", "U11"}, true}, // the chair left the committee
		{nil, []Member{"U11"}, true},
	} {
		c.Excluded, who.Chairs = step.excluded, step.chairs
		if got := May(who, End, c) == nil; got != step.leads {
			t.Errorf("%v of %v excluded: leads %t", step.excluded, step.chairs, got)
		}
		if got := May(who, Clear, c) == nil; got != step.leads {
			t.Errorf("%v of %v excluded: presides %t", step.excluded, step.chairs, got)
		}
	}
}

func TestATalkKnowsNoProposalAndIsNotReopened(t *testing.T) {
	for _, do := range []Action{Propose, Reopen, Speak, Extend} {
		for _, stage := range []Stage{Assigned, Closed} {
			err := May(member, do, &Case{Number: "G-2026-0001", Kind: Talk, Stage: stage, Owner: member.Member, Screened: true})
			if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Text.Key != "refusal.not-for-a-talk" {
				t.Errorf("%s %s: %v", stage, do, err)
			}
		}
	}
}

func TestCaseOfSomebodyWhoLeftTheCommitteeCanBeGivenAway(t *testing.T) {
	c := &Case{Number: "K-2026-0001", Kind: Formal, Stage: Assigned, Owner: "U7", Screened: true}
	who := other
	who.Colleagues = []Member{"U7", other.Member}
	if May(who, Assign, c) == nil || May(who, Take, c) == nil {
		t.Error("the case of a present colleague is given away")
	}
	who.Colleagues = who.Colleagues[1:]
	for _, do := range []Action{Assign, Take} {
		if err := May(who, do, c); err != nil {
			t.Error(err)
		}
	}
}

func TestEachChangeLeavesAnEventAndARefusalLeavesNone(t *testing.T) {
	p := DefaultProcedure()
	now := at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	for i, deed := range deeds {
		before := fmt.Sprintf("%+v", *c)
		err := deed(c, p, now)
		events := c.Events()
		if err == nil && len(events) != 1 {
			t.Errorf("deed %d left %d events", i, len(events))
		}
		if err != nil && (len(events) != 0 || fmt.Sprintf("%+v", *c) != before) {
			t.Errorf("deed %d was refused and changed something: %v", i, err)
		}
	}
	if c.Open() {
		t.Error("the case is still open")
	}
}

func TestWordsOfAnEventDoNotStandInItsHash(t *testing.T) {
	e := Event{Seq: 1, At: time.Unix(1, 0), By: Complainant, Kind: Filed, Data: map[string]string{"way": "chat"}, Words: Words{"a": "b"}}
	same := e
	same.Words = nil
	if string(e.Hash("K-1", nil)) != string(same.Hash("K-1", nil)) {
		t.Error("erasing words changes the hash")
	}
	for name, change := range map[string]func(*Event){
		"seq": func(e *Event) { e.Seq++ }, "at": func(e *Event) { e.At = e.At.Add(time.Microsecond) }, "by": func(e *Event) { e.By = TheClock },
		"kind": func(e *Event) { e.Kind = Read }, "data": func(e *Event) { e.Data = map[string]string{"way": "chas"} },
		"commitments": func(e *Event) { e.Commitments = map[string][]byte{"a": {1}} },
	} {
		changed := e
		change(&changed)
		if string(e.Hash("K-1", nil)) == string(changed.Hash("K-1", nil)) {
			t.Errorf("the hash does not cover %s", name)
		}
	}
}
