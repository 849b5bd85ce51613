package cases

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// eyes are the settings with a second pair of eyes.
func eyes(p *Procedure) *Procedure {
	with := *p
	with.Committee.SecondEyes = true
	return &with
}

// fileOf makes the file of what happened to a case, as it would be kept.
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
	made := Closing{
		Points: []Point{{"sent-point", "sent-why", Partly}}, Solution: "sent-solution", Despite: "secret-despite",
		Measures: []MeasureDraft{{"sent-measure", "U7", now.AddDate(0, 0, 30)}},
	}
	var party int
	for i, err := range []error{
		c.Screen([]Suspect{{"U9", "secret-suspect", Likely}}, true, p, now), c.Take(member, now), c.Assign(chair, other, now), c.Read(other, now),
		c.Write(other, WriteDraft{Text: "sent-message"}, p, now), c.Dispatch(c.LastSeq, now),
		c.Write(other, WriteDraft{Text: "secret-taken-back"}, p, now), c.TakeBack(other, c.LastSeq, now),
		c.Assess(other, Assessment{Severity: High, Urgency: Low}, "secret-assessment", now), c.AddNote(other, "U3", "secret-remark", now),
		c.Exclude(chair, "U8", "secret-exclusion", p, now), c.Clear(chair, "U8", "secret-clearance", p, now),
		func() (err error) {
			party, err = c.AddParty(other, PartyDraft{Name: "secret-name", Email: "secret@example.org", Relation: "secret-relation"}, p, now)
			return err
		}(),
		c.Invite(other, 1, "secret-invitation", time.Time{}, p, now), c.Account(1, "secret-account", now), c.Report(other, "sent-report", now),
		c.Speak(other, now, "secret-note", "sent-steps", now), c.Propose(other, "sent-proposal", now), c.Answer(c.Proposal, false, "own-objection", now),
		c.AnswerParty(1, c.Work.Proposed, false, "secret-objection", now),
		c.Extend(other, "sent-reason", now.AddDate(0, 0, 20), p, now), c.ChangeContact("own-number", "own-address", now),
		c.End(other, made, eyes(p), now), c.SendBack(chair, "secret-back", now), c.End(other, made, eyes(p), now), c.ApproveClosing(chair, p, now),
		c.MeasureIsDone(other, 1, "secret-done", now),
		c.Rate(Rating{GradeNo, GradeNo, "own-why"}, p, now), c.Reopen(chair, "secret-reason", p, now),
		c.Correct(Earlier{Event: 1}, "own-correction", now), c.Reply("own-reply", now), c.Write(other, WriteDraft{Text: "secret-held"}, p, now),
	} {
		if err != nil {
			t.Fatal(i, err)
		}
	}
	if party != 1 {
		t.Fatal(party)
	}
	c.Deny(member.Member, End, now)
	c.Tick(p, Staff{}, now.AddDate(0, 0, 13))
	f := fileOf(c, c.Events())
	f.Assemble()
	f.Letters = []Delivery{{Notice: Notice{Message, ByChat, 5}}, {Notice: Notice{Invitation, ToParty(1), 6}}, {Notice: Notice{PartyProposal, ToMember("U9"), 6}}}
	before := fmt.Sprint(f)
	own := f.Personal(p)
	if fmt.Sprint(f) != before {
		t.Error("the file itself was changed")
	}
	shown := fmt.Sprintf("%+v", own)
	for _, want := range []string{"own-story", "sent-message", "sent-steps", "sent-proposal", "own-objection", "sent-reason", "own-number", "own-address",
		"sent-solution", "sent-point", "sent-why", "sent-measure", "sent-report", "own-why", "own-correction", "own-reply"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%s is kept from them", want)
		}
	}
	for _, secret := range []string{"secret", "U1", "U2", "U3", "U7", "U8", "U9", "party:", string(Read), string(Refused), string(Reminded)} {
		for _, e := range own.Events {
			if strings.Contains(fmt.Sprintf("%s %v %v %v", e.By, e.Kind, e.Data, e.Words), secret) {
				t.Errorf("they see %s: %+v", secret, e)
			}
		}
	}
	if len(own.Letters) != 1 {
		t.Errorf("they see the letters %v", own.Letters)
	}
	if own.Owner != "" || strings.Contains(shown, "secret") {
		t.Errorf("they see %s", shown)
	}
}

func TestNoteOfATalkIsTheCommittees(t *testing.T) {
	p := DefaultProcedure()
	now := at(t, "2026-11-23 10:00")
	c := Request("G-2026-0001", TalkRequest{Name: "Noor (invented)"}, 7001, p, now)
	_ = c.Screen(nil, true, p, now)
	_ = c.Take(member, now)
	_ = c.End(member, Closing{Outcome: Talked, Solution: "secret-note"}, p, now)
	own := fileOf(c, c.Events()).Personal(p)
	if strings.Contains(fmt.Sprintf("%+v", own), "secret") {
		t.Error("the note is shown")
	}
	if want := now.AddDate(0, 0, p.Retention); !own.Kept.Equal(want) {
		t.Errorf("kept until %s, want %s", own.Kept, want)
	}
}

func TestEachKindOfEventIsEitherTheirsOrTheCommittees(t *testing.T) {
	committees := map[EventKind]bool{
		Read: true, Refused: true, Reminded: true, Screened: true, Excluded: true, Cleared: true, Assessed: true, Noted: true, TakenBack: true,
		Dispatched: true, PartyAdded: true, PartyRemoved: true, Invited: true, Accounted: true, Declined: true, Unanswered: true, Drafted: true, SentBack: true,
		MeasureDone: true, Minded: true, Snoozed: true, ForeseenInTime: true, ForeseenLate: true,
	}
	for _, kind := range EventKinds {
		if _, seen := theirs[kind]; seen == committees[kind] {
			t.Errorf("it is not decided whose %s is", kind)
		}
	}
	if len(theirs)+len(committees) != len(EventKinds) {
		t.Error("a kind of event is not listed")
	}
}
