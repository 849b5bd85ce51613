package cases

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// The whole of who may do what, when: yes, or what they hear.
const access = `
                  stranger          excluded    member               other                owner            chair
received  see     not-in-committee  not-yours   yes                  yes                  -                yes
received  read    not-in-committee  not-yours   yes                  yes                  -                yes
received  take    not-in-committee  not-yours   yes                  yes                  -                yes
received  assign  not-in-committee  not-yours   yes                  yes                  -                yes
received  write   not-in-committee  not-yours   take-it-first        take-it-first        -                take-it-first
received  speak   not-in-committee  not-yours   take-it-first        take-it-first        -                take-it-first
received  extend  not-in-committee  not-yours   yes                  yes                  -                yes
received  end     not-in-committee  not-yours   take-it-first        take-it-first        -                take-it-first
received  propose not-in-committee  not-yours   take-it-first        take-it-first        -                take-it-first
received  reopen  not-in-committee  not-yours   not-closed           not-closed           -                not-closed
assigned  see     not-in-committee  not-yours   yes                  yes                  yes              yes
assigned  read    not-in-committee  not-yours   yes                  yes                  yes              yes
assigned  take    not-in-committee  not-yours   already-owned        already-owned        already-owned    already-owned
assigned  assign  not-in-committee  not-yours   owner-only           owner-only           yes              yes
assigned  write   not-in-committee  not-yours   owner-only           owner-only           yes              yes
assigned  speak   not-in-committee  not-yours   owner-only           owner-only           yes              owner-only
assigned  extend  not-in-committee  not-yours   owner-only           owner-only           yes              yes
assigned  end     not-in-committee  not-yours   owner-only           owner-only           yes              yes
assigned  propose not-in-committee  not-yours   owner-only           owner-only           yes              yes
assigned  reopen  not-in-committee  not-yours   not-closed           not-closed           not-closed       not-closed
contact   see     not-in-committee  not-yours   yes                  yes                  yes              yes
contact   read    not-in-committee  not-yours   yes                  yes                  yes              yes
contact   take    not-in-committee  not-yours   already-owned        already-owned        already-owned    already-owned
contact   assign  not-in-committee  not-yours   owner-only           owner-only           yes              yes
contact   write   not-in-committee  not-yours   owner-only           owner-only           yes              yes
contact   speak   not-in-committee  not-yours   owner-only           owner-only           yes              owner-only
contact   extend  not-in-committee  not-yours   owner-only           owner-only           yes              yes
contact   reopen  not-in-committee  not-yours   not-closed           not-closed           not-closed       not-closed
contact   end     not-in-committee  not-yours   owner-only           owner-only           yes              yes
contact   propose not-in-committee  not-yours   owner-only           owner-only           yes              yes
proposed  see     not-in-committee  not-yours   yes                  yes                  yes              yes
proposed  read    not-in-committee  not-yours   yes                  yes                  yes              yes
proposed  take    not-in-committee  not-yours   already-owned        already-owned        already-owned    already-owned
proposed  assign  not-in-committee  not-yours   owner-only           owner-only           yes              yes
proposed  write   not-in-committee  not-yours   owner-only           owner-only           yes              yes
proposed  speak   not-in-committee  not-yours   owner-only           owner-only           yes              owner-only
proposed  extend  not-in-committee  not-yours   owner-only           owner-only           yes              yes
proposed  end     not-in-committee  not-yours   owner-only           owner-only           yes              yes
proposed  propose not-in-committee  not-yours   owner-only           owner-only           yes              yes
proposed  reopen  not-in-committee  not-yours   not-closed           not-closed           not-closed       not-closed
closed    see     not-in-committee  not-yours   yes                  yes                  yes              yes
closed    read    not-in-committee  not-yours   yes                  yes                  yes              yes
closed    take    not-in-committee  not-yours   closed               closed               closed           closed
closed    assign  not-in-committee  not-yours   closed               closed               closed           closed
closed    write   not-in-committee  not-yours   closed               closed               closed           closed
closed    speak   not-in-committee  not-yours   closed               closed               closed           closed
closed    extend  not-in-committee  not-yours   closed               closed               closed           closed
closed    end     not-in-committee  not-yours   closed               closed               closed           closed
closed    propose not-in-committee  not-yours   closed               closed               closed           closed
closed    reopen  not-in-committee  not-yours   owner-only           owner-only           yes              yes
`

func TestWhoMayDoWhatWhen(t *testing.T) {
	people := map[string]Person{
		"stranger": {Member: "U8"}, "excluded": {Member: "U9", Committee: true, Chair: true}, "member": {Member: "U5", Committee: true},
		"other": other, "owner": member, "chair": chair,
	}
	lines := strings.Split(strings.TrimSpace(access), "\n")
	who := strings.Fields(lines[0])
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		stage, do := Stage(cells[0]), Action(cells[1])
		c := &Case{Number: "K-2026-0001", Kind: Formal, Stage: stage, Excluded: []Member{"U9"}}
		if stage != Received {
			c.Owner = member.Member
		}
		for i, want := range cells[2:] {
			if want == "-" {
				continue
			}
			got := "yes"
			if err := May(people[who[i]], do, c); err != nil {
				var refusal *Refusal
				if !errors.As(err, &refusal) {
					t.Fatal(err)
				}
				got = strings.TrimPrefix(refusal.Text.Key, "refusal.")
				if refusal.Denied && (refusal.Who != people[who[i]].Member || refusal.Do != do) {
					t.Errorf("%s %s by %s: the refusal names %s and %s", stage, do, who[i], refusal.Who, refusal.Do)
				}
			}
			if got != want {
				t.Errorf("%s %s by %s: %s, want %s", stage, do, who[i], got, want)
			}
		}
	}
}

func TestTheTableOfAccessIsWhole(t *testing.T) {
	for _, stage := range Stages {
		for _, do := range Actions {
			if !strings.Contains(access, fmt.Sprintf("\n%-9s %-7s ", stage, do)) {
				t.Errorf("nothing is said of %s when it is %s", do, stage)
			}
		}
	}
}

func TestATalkKnowsNoProposalAndIsNotReopened(t *testing.T) {
	for _, do := range []Action{Propose, Reopen, Speak, Extend} {
		for _, stage := range []Stage{Assigned, Closed} {
			err := May(member, do, &Case{Number: "G-2026-0001", Kind: Talk, Stage: stage, Owner: member.Member})
			if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Text.Key != "refusal.not-for-a-talk" {
				t.Errorf("%s %s: %v", stage, do, err)
			}
		}
	}
}

func TestCaseOfSomebodyWhoLeftTheCommitteeCanBeGivenAway(t *testing.T) {
	c := &Case{Number: "K-2026-0001", Kind: Formal, Stage: Assigned, Owner: "U7"}
	who := other
	who.Colleagues = []Member{"U7", other.Member}
	if May(who, Assign, c) == nil {
		t.Error("the case of a present colleague is given away")
	}
	who.Colleagues = who.Colleagues[1:]
	if err := May(who, Assign, c); err != nil {
		t.Error(err)
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
