package cases

import (
	"slices"
	"testing"
	"time"
)

// heardCase is a case in which a member (1) and somebody outside (2) are persons concerned.
func heardCase(t *testing.T, p *Procedure, now time.Time) *Case {
	t.Helper()
	c := complaint(now, p)
	_ = c.Take(member, now)
	for _, d := range []PartyDraft{{Member: "U2", Relation: "was there"}, {Name: "Pia (invented)", Email: "pia@example.org", Language: "en"}} {
		if _, err := c.AddParty(member, d, p, now); err != nil {
			t.Fatal(err)
		}
	}
	c.Events()
	return c
}

func TestAMemberWhoIsConcernedSeesNothingButWhatIsPutToThem(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	c.Events()
	number, err := c.AddParty(seated(member), PartyDraft{Member: "U2", Name: "Bob (invented)", Email: "not@example.org"}, p, now)
	if err != nil || number != 1 {
		t.Fatal(number, err)
	}
	events := c.events
	if got := told(c); got != "party-added: screening>board card>board news>room excluded: card>board news>room conflicted>member:U3" {
		t.Errorf("told %s", got)
	}
	if events[1].Data["why"] != WhyConcerns || events[0].Words[FieldEmail] != "" || May(other, ReadFile, c) == nil {
		t.Errorf("%+v", events)
	}
	if err := c.Invite(member, 1, "what is put to them", time.Time{}, p, now); err != nil {
		t.Fatal(err)
	}
	if got := told(c); got != "party-invited: card>board news>room invitation>member:U2" {
		t.Errorf("told %s", got)
	}
	if one, _ := c.Work.Party(1); one.By != "2026-11-30" || one.State != PartyInvited {
		t.Errorf("%+v", one)
	}
}

func TestHearingOfSomebodyOutside(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := heardCase(t, p, now)
	state := func() PartyState { one, _ := c.Work.Party(2); return one.State }
	for _, step := range []struct {
		err  error
		want string
		at   PartyState
	}{
		{c.Invite(member, 2, "words", now.AddDate(0, 0, 3), p, now), "party-invited: card>board news>room invitation>party:2", PartyInvited},
	} {
		if got := told(c); step.err != nil || got != step.want || state() != step.at {
			t.Errorf("%v %s %s", step.err, got, state())
		}
	}
	if has(p.Tasks(c, now), TaskAccount) || !has(p.Tasks(c, at(t, "2026-11-27 00:00")), TaskAccount) {
		t.Error("the account is overdue on the wrong day")
	}
	if err := c.NoAnswer(member, 2, now); err != nil || state() != PartySilent || told(c) != "party-unanswered: card>board news>room" {
		t.Error(err, state())
	}
	if err := c.Decline(2, "", now); err != nil || state() != PartyDeclined || told(c) != "party-declined: card>board news>room" {
		t.Error(err, state())
	}
	if err := c.Account(2, "it was otherwise", now); err != nil || state() != PartyHeard {
		t.Error(err, state())
	}
	if e := c.events[0]; e.By != ByParty(2) || told(c) != "party-heard: screening>board card>board news>room" {
		t.Errorf("%+v", e)
	}
	if number, is := ByParty(2).Party(); number != 2 || !is {
		t.Error("the actor is not known")
	}
	if err := c.Account(2, "once more", now); refusedAs(err) != "answered-already" {
		t.Error(err)
	}
	if err := c.Report(member, "what came of it", now); err != nil || told(c) != "reported: card>board news>room report>chat report>mail" {
		t.Error(err)
	}
}

func TestWhatDoesNotFitAHearingIsRefused(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	add := func(d PartyDraft) error {
		_, err := heardCase(t, p, now).AddParty(member, d, p, now)
		return err
	}
	c := heardCase(t, p, now)
	mute := heardCase(t, p, now)
	mute.ChatGone, mute.MailGone = true, true
	ended := heardCase(t, p, now)
	_ = ended.Invite(member, 2, "x", time.Time{}, p, now)
	if err := ended.End(member, Closing{Outcome: Upheld, Solution: "x", Despite: "no time"}, p, now); err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]struct {
		err  error
		want string
	}{
		"nobody":                   {add(PartyDraft{}), "no-words"},
		"no name":                  {add(PartyDraft{Email: "a@example.org"}), "no-words"},
		"no address":               {add(PartyDraft{Name: "x"}), "no-address"},
		"a wrong address":          {add(PartyDraft{Name: "x", Email: "nowhere"}), "no-address"},
		"a member twice":           {add(PartyDraft{Member: "U2"}), "party-already"},
		"invite without words":     {c.Invite(member, 2, " ", time.Time{}, p, now), "no-words"},
		"invite nobody":            {c.Invite(member, 3, "x", time.Time{}, p, now), "no-such-party"},
		"invite until yesterday":   {c.Invite(member, 2, "x", now.AddDate(0, 0, -1), p, now), "in-the-past"},
		"invite until some year":   {c.Invite(member, 2, "x", now.AddDate(2, 0, 0), p, now), "too-far"},
		"invite by another":        {c.Invite(Person{Member: "U5", Committee: true}, 2, "x", time.Time{}, p, now), "owner-only"},
		"account of one uninvited": {c.Account(2, "x", now), "not-invited"},
		"account of nobody":        {c.Account(7, "x", now), "not-invited"},
		"decline uninvited":        {c.Decline(2, "x", now), "not-invited"},
		"no answer of one named":   {c.NoAnswer(member, 2, now), "not-invited"},
		"account after the end":    {ended.Account(2, "x", now), "closed"},
		"a report without words":   {c.Report(member, "", now), "no-words"},
		"a report to nobody":       {mute.Report(member, "x", now), "unreachable"},
	} {
		if refusedAs(try.err) != try.want {
			t.Errorf("%s: %v, want %s", name, try.err, try.want)
		}
	}
}

func TestASolutionIsPutToAllWhoWereHeard(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := heardCase(t, p, now)
	for _, number := range []int{1, 2} {
		_ = c.Invite(member, number, "x", time.Time{}, p, now)
		_ = c.Account(number, "my side", now)
	}
	c.Events()
	if err := c.Propose(member, "a refund", now); err != nil {
		t.Fatal(err)
	}
	proposal := c.LastSeq
	want := "proposed: card>board news>room proposal>chat proposal>mail party-proposal>member:U2 party-proposal>party:2"
	if got := told(c); got != want {
		t.Errorf("told %s", got)
	}
	for name, try := range map[string]struct {
		err  error
		want string
	}{
		"another proposal":         {c.AnswerParty(1, proposal-1, true, "", now), "no-proposal"},
		"somebody unknown":         {c.AnswerParty(3, proposal, true, "", now), "no-proposal"},
		"the complainant's":        {c.AnswerParty(0, proposal, true, "", now), "no-proposal"},
		"objection without words":  {c.AnswerParty(1, proposal, false, " ", now), "no-words"},
		"agreement":                {c.AnswerParty(1, proposal, true, "", now), "<nil>"},
		"the complainant's answer": {c.Answer(proposal, true, "", now), "<nil>"},
		"objection":                {c.AnswerParty(2, proposal, false, "it is too much", now), "<nil>"},
	} {
		if refusedAs(try.err) != try.want {
			t.Errorf("%s: %v", name, try.err)
		}
	}
	if err := c.AnswerParty(1, proposal, false, "no", now); refusedAs(err) != "no-proposal" {
		t.Errorf("a second answer: %v", err)
	}
	if want := []Consent{{0, ConsentYes}, {1, ConsentYes}, {2, ConsentNo}}; !slices.Equal(c.Work.Consulted, want) || c.Stage != StageProposed {
		t.Errorf("%+v", c.Work.Consulted)
	}
	if _, open := c.Work.Open(); open != 0 {
		t.Error("somebody is still asked")
	}
}

func TestWhoIsHeardAfterTheProposalIsStillToBeAsked(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := heardCase(t, p, now)
	for _, err := range []error{
		c.Invite(member, 2, "x", time.Time{}, p, now), c.Decline(2, "", now), c.NoAnswer(member, 1, now),
	} {
		if err != nil && refusedAs(err) != "not-invited" {
			t.Fatal(err)
		}
	}
	c.Work.Parties[0].State = PartySilent
	if err := c.Propose(member, "s", now); err != nil {
		t.Fatal(err)
	}
	if err := c.Account(2, "my side after all", now); err != nil {
		t.Fatal(err)
	}
	if err := c.Answer(c.Proposal, true, "", now); err != nil {
		t.Fatal(err)
	}
	made := Closing{Outcome: Upheld, Solution: "s"}
	if _, open := c.Work.Open(); open != 1 || refusedAs(c.End(member, made, p, now)) != "still-open" {
		t.Errorf("%d open: %+v", open, c.Work)
	}
	if err := c.Propose(member, "s", now); err != nil {
		t.Fatal(err)
	}
	_ = c.Answer(c.Proposal, true, "", now)
	if err := c.AnswerParty(2, c.Work.Proposed, true, "", now); err != nil {
		t.Fatal(err)
	}
	if err := c.End(member, made, p, now); err != nil {
		t.Error(err)
	}
}

func TestASolutionThatWasObjectedToIsPutToNobodyElse(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := heardCase(t, p, now)
	c.Work.Parties[0].State = PartySilent
	_ = c.Invite(member, 2, "x", time.Time{}, p, now)
	_ = c.Propose(member, "s", now)
	_ = c.Answer(c.Proposal, false, "too little", now)
	_ = c.Account(2, "my side", now)
	if hearings, open := c.Work.Open(); hearings+open != 0 {
		t.Errorf("%d %d %+v", hearings, open, c.Work)
	}
}

func TestWhatWasOpenedOnThePageStandsInTheFileAsThat(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := heardCase(t, p, now)
	_ = c.Invite(member, 2, "x", time.Time{}, p, now)
	invited := c.LastSeq
	c.Events()
	c.Opened(2, invited, now)
	f := fileOf(c, c.events)
	if e := c.events[0]; e.By != ByParty(2) || e.Data["in"] != "page" || !f.HasRead(2, invited) || f.HasRead(1, invited) || f.HasRead(2, invited+1) || len(Notices(c, e)) > 0 {
		t.Errorf("%+v", e)
	}
}

func TestSomebodyWhoWasNamedByMistakeLeavesTheHearingAndMayBeLetInAgain(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := heardCase(t, p, now)
	chair := seated(Person{Member: "U3", Committee: true, Chair: true})
	if got := c.Clearable(); len(got) != 0 {
		t.Errorf("a person concerned can be cleared: %v", got)
	}
	for name, try := range map[string]struct {
		err  error
		want string
	}{
		"by another":     {c.RemoveParty(Person{Member: "U5", Committee: true}, 1, "x", now), "owner-only"},
		"without reason": {c.RemoveParty(member, 1, " ", now), "no-words"},
		"of nobody":      {c.RemoveParty(member, 7, "x", now), "no-such-party"},
	} {
		if refusedAs(try.err) != try.want {
			t.Errorf("%s: %v", name, try.err)
		}
	}
	c.Events()
	if err := c.RemoveParty(member, 1, "another of that name", now); err != nil {
		t.Fatal(err)
	}
	if e := c.events[0]; e.Data["party"] != "1" || e.Words[FieldText] != "another of that name" {
		t.Errorf("%+v", e)
	}
	if got := told(c); got != "party-removed: card>board news>room" {
		t.Errorf("told %s", got)
	}
	if hearings, _ := c.Work.Open(); hearings != 1 || !c.Excludes("U2") || !has(p.Tasks(c, now), TaskConflict) {
		t.Errorf("%d hearings are open, excluded are %v", hearings, c.Excluded)
	}
	if got := c.Clearable(); !slices.Equal(got, []Member{"U2"}) {
		t.Errorf("who can be cleared: %v", got)
	}
	if err := c.Clear(chair, "U2", "named by mistake", p, now); err != nil || c.Excludes("U2") {
		t.Error(err, c.Excluded)
	}
	if number, err := c.AddParty(member, PartyDraft{Member: "U2"}, p, now); number != 3 || err != nil || !c.Excludes("U2") {
		t.Error(number, err)
	}
	if err := c.RemoveParty(member, 3, "once more", now); err != nil {
		t.Error(err)
	}
	if number, err := c.AddParty(member, PartyDraft{Member: "U7"}, p, now); number != 4 || err != nil {
		t.Errorf("a number is given twice: %d, %v", number, err)
	}
	_ = c.Invite(member, 2, "x", time.Time{}, p, now)
	if err := c.RemoveParty(member, 2, "x", now); refusedAs(err) != "invited-already" {
		t.Error(err)
	}
}
