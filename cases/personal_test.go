package cases

import (
	"fmt"
	"strings"
	"testing"
)

// file makes the file of what happened to a case, as it would be kept.
func fileOf(c *Case, events []Event) *File {
	f := &File{Case: *c, Events: events, Answers: events[0].Words}
	for i := range f.Events {
		f.Events[i].Commitments = map[string][]byte{"x": {1}}
	}
	return f
}

func TestComplainantSeesTheirOwnAndWhatWasSentToThemAndNothingOfTheCommitteesOwn(t *testing.T) {
	p := DefaultProcedure()
	p.Committee.Chair = chair.Member
	now := at(t, "2026-11-23 10:00")
	c := Submit("K-2026-0001", Complaint{Language: "nl", Answers: Words{FieldProblem: "own-story"}}, 7001, p, now)
	for _, err := range []error{
		c.Take(member, now), c.Assign(chair, other, now), c.Read(other, now), c.Write(other, "sent-message", now),
		c.Speak(other, now, "secret-note", "sent-steps", now), c.Propose(other, "sent-proposal", now), c.Answer(c.Proposal, false, "own-objection", now),
		c.Extend(other, "sent-reason", now.AddDate(0, 0, 20), p, now), c.ChangeContact("own-number", "own-address", now),
		c.End(other, Partly, "sent-solution", now), c.Rate(Rating{GradeNo, GradeNo, "own-why"}, p, now), c.Reopen(chair, "secret-reason", p, now),
		c.Correct(1, "own-correction", now), c.Reply("own-reply", now),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	c.Deny(member.Member, End, now)
	c.Tick(p, now.AddDate(0, 0, 13))
	f := fileOf(c, c.Events())
	before := fmt.Sprint(f)
	own := f.Personal(p)
	if fmt.Sprint(f) != before {
		t.Error("the file itself was changed")
	}
	shown := fmt.Sprintf("%+v", own)
	for _, want := range []string{"own-story", "sent-message", "sent-steps", "sent-proposal", "own-objection", "sent-reason", "own-number", "own-address",
		"sent-solution", "own-why", "own-correction", "own-reply"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%s is kept from them", want)
		}
	}
	for _, secret := range []string{"secret", "U1", "U2", "U3", string(Read), string(Refused), string(Reminded)} {
		for _, e := range own.Events {
			if strings.Contains(fmt.Sprintf("%s %v %v %v", e.By, e.Kind, e.Data, e.Words), secret) {
				t.Errorf("they see %s: %+v", secret, e)
			}
		}
	}
	if own.Owner != "" || strings.Contains(shown, "secret") {
		t.Errorf("they see %s", shown)
	}
}

func TestNoteOfATalkIsTheCommittees(t *testing.T) {
	p := DefaultProcedure()
	now := at(t, "2026-11-23 10:00")
	c := Request("G-2026-0001", TalkRequest{Name: "Noor (invented)"}, 7001, p, now)
	_ = c.Take(member, now)
	_ = c.End(member, Talked, "secret-note", now)
	own := fileOf(c, c.Events()).Personal(p)
	if strings.Contains(fmt.Sprintf("%+v", own), "secret") {
		t.Error("the note is shown")
	}
	if want := now.AddDate(0, 0, p.Retention); !own.Kept.Equal(want) {
		t.Errorf("kept until %s, want %s", own.Kept, want)
	}
}

func TestEachKindOfEventIsEitherTheirsOrTheCommittees(t *testing.T) {
	committees := map[EventKind]bool{Read: true, Refused: true, Reminded: true}
	for _, kind := range EventKinds {
		if _, seen := theirs[kind]; seen == committees[kind] {
			t.Errorf("it is not decided whose %s is", kind)
		}
	}
	if len(theirs)+len(committees) != len(EventKinds) {
		t.Error("a kind of event is not listed")
	}
}
