package cases

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/i18n"
)

// told is what follows from the last deed: the event, and who is told what.
func told(c *Case) string {
	var all []string
	for _, e := range c.Events() {
		all = append(all, string(e.Kind)+":")
		for _, n := range Notices(c, e) {
			all = append(all, fmt.Sprintf("%s>%s", n.Kind, n.To))
		}
	}
	return strings.Join(all, " ")
}

func refusedAs(err error) string {
	if refusal, ok := err.(*Refusal); ok {
		return strings.TrimPrefix(refusal.Text.Key, "refusal.")
	}
	return fmt.Sprint(err)
}

// A whole life, deed by deed: what is told to whom, and where the case stands then.
func TestWhatFollowsFromEachDeedOfALife(t *testing.T) {
	p := DefaultProcedure()
	p.Committee.Chair = chair.Member
	now := at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	for _, step := range []struct {
		deed string
		do   func(now time.Time) error
		want string
		at   Stage
	}{
		{"take", func(now time.Time) error { return c.Take(member, now) }, "taken: card>board news>room in-hand>chat", Assigned},
		{"propose", func(now time.Time) error { return c.Propose(member, "a refund", now) },
			"proposed: card>board news>room proposal>chat proposal>mail", StageProposed},
		{"object", func(now time.Time) error { return c.Answer(c.Proposal, false, "too little", now) }, "objected: screening>board card>board news>room", Assigned},
		{"speak", func(now time.Time) error { return c.Speak(member, now, "note", "steps", now) }, "spoke: card>board news>room summary>chat", Contact},
		{"propose again", func(now time.Time) error { return c.Propose(chair, "more", now) },
			"proposed: card>board news>room proposal>chat proposal>mail", StageProposed},
		{"speak of it", func(now time.Time) error { return c.Speak(member, now, "note", "steps", now) },
			"spoke: card>board news>room summary>chat", StageProposed},
		{"agree", func(now time.Time) error { return c.Answer(c.Proposal, true, "", now) }, "agreed: card>board news>room", StageProposed},
		{"correct", func(now time.Time) error { return c.Correct(Earlier{Event: 1}, "on Tuesday", now) }, "corrected: screening>board card>board news>room", StageProposed},
		{"change telephone", func(now time.Time) error { return c.ChangeContact("+31 20 123 4567", "", now) },
			"contact-changed: card>board news>room contact-changed>mail", StageProposed},
		{"change e-mail", func(now time.Time) error { return c.ChangeContact("", "new@example.org", now) },
			"contact-changed: card>board news>room contact-changed>mail contact-changed>mail-before", StageProposed},
		{"end", func(now time.Time) error { return c.End(member, Closing{Outcome: Settled, Solution: "agreed"}, p, now) },
			"ended: card>board news>room confirmation>chat confirmation>mail rating-question>chat", Closed},
		{"rate", func(now time.Time) error { return c.Rate(Rating{Handled: GradeYes, Solved: GradeNo}, p, now) },
			"rated: card>board reopen-asked>member:U3", Closed},
		{"reopen", func(now time.Time) error { return c.Reopen(chair, "again", p, now) },
			"reopened: card>board news>room yours>member:U1 reopened>chat reopened>mail", Assigned},
		{"withdraw", func(now time.Time) error { return c.Withdraw("tired", now) }, "withdrawn: screening>board card>board news>room withdrawal>mail", Closed},
	} {
		now = now.Add(time.Hour)
		if err := step.do(now); err != nil {
			t.Fatalf("%s: %v", step.deed, err)
		}
		if got := told(c); got != step.want || c.Stage != step.at {
			t.Errorf("%s\n got %s (%s)\nwant %s (%s)", step.deed, got, c.Stage, step.want, step.at)
		}
		if step.deed != "take" && step.deed != "rate" && !strings.HasPrefix(step.deed, "change") && !c.LastWord.Equal(now) {
			t.Errorf("%s is no word: the last was at %s", step.deed, c.LastWord)
		}
	}
}

func TestATalkIsFollowedByTheQuestionWhetherItHelpedOnce(t *testing.T) {
	p := DefaultProcedure()
	now := at(t, "2026-11-23 10:00")
	for _, yes := range []bool{true, false} {
		c := Request("G-2026-0001", TalkRequest{Language: i18n.Dutch, Name: "Noor (invented)", Telephone: "1"}, 7001, p, now)
		_ = c.Screen(nil, true, p, now)
		c.Events()
		if err := c.Helped(yes, now); refusedAs(err) != "not-held" {
			t.Errorf("before the talk: %v", err)
		}
		_ = c.Take(member, now)
		told(c)
		if err := c.End(member, Closing{Outcome: Talked, Solution: "we spoke"}, p, now); err != nil {
			t.Fatal(err)
		}
		if got := told(c); got != "ended: card>board helped-question>chat" {
			t.Errorf("told %s", got)
		}
		if err := c.Helped(yes, now); err != nil {
			t.Fatal(err)
		}
		if got := told(c); got != map[bool]string{true: "helped: card>board", false: "not-helped: card>board"}[yes] {
			t.Errorf("told %s", got)
		}
		if err := c.Helped(!yes, now); refusedAs(err) != "rated" {
			t.Errorf("a second time: %v", err)
		}
	}
	c := Request("G-2026-0002", TalkRequest{Language: i18n.Dutch}, 7001, p, now)
	if err := c.Withdraw("", now); err != nil {
		t.Fatal(err)
	}
	if err := c.Helped(false, now); refusedAs(err) != "not-held" {
		t.Errorf("of a talk that was withdrawn: %v", err)
	}
}

func TestWhatDoesNotFitTheMomentIsRefusedAndSaysWhy(t *testing.T) {
	p := DefaultProcedure()
	now := at(t, "2026-11-23 10:00")
	open := func() *Case { c := complaint(now, p); _ = c.Take(member, now); return c }
	closed := func() *Case {
		c := open()
		_ = c.End(member, Closing{Outcome: Settled, Solution: "agreed"}, p, now)
		return c
	}
	rated := func() *Case {
		c := closed()
		_ = c.Rate(Rating{Handled: GradeNo, Solved: GradePartly}, p, now)
		return c
	}
	mute := func() *Case { c := open(); c.ChatGone, c.MailGone = true, true; return c }
	good := Rating{Handled: GradeYes, Solved: GradeYes}
	for name, try := range map[string]struct {
		c    *Case
		do   func(*Case) error
		want string
	}{
		"answer without a proposal":  {open(), func(c *Case) error { return c.Answer(c.Proposal, true, "", now) }, "no-proposal"},
		"answer an earlier proposal": {proposedTwice(open(), now), func(c *Case) error { return c.Answer(c.Proposal-1, true, "", now) }, "no-proposal"},
		"answer when closed":         {closed(), func(c *Case) error { return c.Answer(c.Proposal, true, "", now) }, "closed"},
		"object without words":       {proposed(open(), now), func(c *Case) error { return c.Answer(c.Proposal, false, " ", now) }, "no-words"},
		"answer twice":               {agreed(proposed(open(), now), now), func(c *Case) error { return c.Answer(c.Proposal, false, "no", now) }, "no-proposal"},
		"withdraw when closed":       {closed(), func(c *Case) error { return c.Withdraw("", now) }, "closed"},
		"correct when closed":        {closed(), func(c *Case) error { return c.Correct(Earlier{Event: 1}, "x", now) }, "closed"},
		"correct without words":      {open(), func(c *Case) error { return c.Correct(Earlier{Event: 1}, "\n", now) }, "no-words"},
		"reply without words":        {open(), func(c *Case) error { return c.Reply("", now) }, "no-words"},
		"change nothing":             {open(), func(c *Case) error { return c.ChangeContact(" ", "", now) }, "no-words"},
		"change contact when closed": {closed(), func(c *Case) error { return c.ChangeContact("1", "", now) }, "closed"},
		"rate while open":            {open(), func(c *Case) error { return c.Rate(good, p, now) }, "not-closed"},
		"rate twice":                 {rated(), func(c *Case) error { return c.Rate(good, p, now) }, "rated"},
		"rate without grades":        {closed(), func(c *Case) error { return c.Rate(Rating{Handled: "perhaps", Solved: GradeNo}, p, now) }, "no-words"},
		"did a complaint help":       {closed(), func(c *Case) error { return c.Helped(true, now) }, "not-held"},
		"propose nothing":            {open(), func(c *Case) error { return c.Propose(member, "", now) }, "no-words"},
		"propose to nobody":          {mute(), func(c *Case) error { return c.Propose(member, "x", now) }, "unreachable"},
		"reopen without a reason":    {closed(), func(c *Case) error { return c.Reopen(chair, "", p, now) }, "no-words"},
		"reopen when words are gone": {closed(), func(c *Case) error { return c.Reopen(chair, "x", p, now.AddDate(3, 0, 0)) }, "too-long-ago"},
		"end as withdrawn":           {open(), func(c *Case) error { return c.End(member, Closing{Outcome: OutcomeWithdrawn, Solution: "x"}, p, now) }, "no-outcome"},
	} {
		try.c.Events()
		before := fmt.Sprintf("%+v", *try.c)
		if got := refusedAs(try.do(try.c)); got != try.want {
			t.Errorf("%s: %s, want %s", name, got, try.want)
		}
		if after := fmt.Sprintf("%+v", *try.c); after != before {
			t.Errorf("%s changed something", name)
		}
	}
}

func proposed(c *Case, now time.Time) *Case { _ = c.Propose(member, "a refund", now); return c }
func proposedTwice(c *Case, now time.Time) *Case {
	return proposed(proposed(c, now), now)
}
func agreed(c *Case, now time.Time) *Case { _ = c.Answer(c.Proposal, true, "", now); return c }

func TestAReopenedComplaintIsPromisedAWholePeriodAndHasAnOwnerAtOnce(t *testing.T) {
	p := DefaultProcedure()
	now := at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	for hour := range 24 * 16 { // it gets late, and the clock tells all it has to
		c.Tick(p, Staff{}, now.Add(time.Duration(hour)*time.Hour))
	}
	now = at(t, "2026-12-10 11:00")
	_ = c.End(member, Closing{Outcome: Settled, Solution: "agreed"}, p, now)
	_ = c.Rate(Rating{Handled: GradeNo, Solved: GradeNo}, p, now)
	c.Events()

	now = at(t, "2027-01-11 11:00")
	without := chair
	without.Colleagues = []Member{chair.Member, other.Member} // the owner has left
	if err := c.Reopen(without, "it broke again", p, now); err != nil {
		t.Fatal(err)
	}
	if c.Owner != chair.Member || c.Stage != Assigned || c.Rated || c.Explained || !c.Closed.IsZero() || c.Outcome != "" {
		t.Errorf("reopened as %+v", c)
	}
	if got := c.LastDay(p).Format(time.DateOnly); got != "2027-01-25" {
		t.Errorf("last day %s", got)
	}
	var milestones []string
	for end := at(t, "2027-01-25 23:00"); now.Before(end); now = now.Add(time.Hour) {
		c.Tick(p, Staff{}, now)
	}
	for _, e := range c.Events() {
		if e.By == TheClock {
			milestones = append(milestones, p.In(e.At).Format("02/01 ")+e.Data["milestone"])
		}
	}
	want := []string{ // the day before the last is a Sunday
		"13/01 contacted", "14/01 contacted", "15/01 contacted", "18/01 contacted", "18/01 decided", "18/01 progress", "19/01 contacted", "20/01 foreseen",
		"21/01 foreseen", "21/01 proposed", "22/01 foreseen", "22/01 decided", "25/01 foreseen", "25/01 decided", "25/01 decided",
	}
	if !slices.Equal(milestones, want) {
		t.Errorf("the clock said %v, want %v", milestones, want)
	}
}

func TestWhoIsAskedToReopenIsTheChairOrWhoStandsInOrAll(t *testing.T) {
	now := at(t, "2026-11-23 10:00")
	for want, set := range map[string]struct {
		committee Committee
		excluded  []Member
	}{
		"member:U3": {Committee{Chair: "U3", Deputy: "U4"}, nil},
		"member:U4": {Committee{Chair: "U3", Deputy: "U4"}, []Member{"U3"}},
		"board":     {Committee{}, nil},
	} {
		p := DefaultProcedure()
		p.Committee = set.committee
		c := complaint(now, p)
		_ = c.Take(member, now)
		_ = c.End(member, Closing{Outcome: Settled, Solution: "agreed"}, p, now)
		c.Excluded = set.excluded
		c.Events()
		_ = c.Rate(Rating{Handled: GradeYes, Solved: GradeNo}, p, now)
		if got := told(c); got != "rated: card>board reopen-asked>"+want {
			t.Errorf("%s: told %s", want, got)
		}
	}
}

func TestLostNoticeGoesTheOtherWayUnlessTheChatHasSaidItAlready(t *testing.T) {
	p := DefaultProcedure()
	now := at(t, "2026-11-23 10:00")
	for _, lost := range []struct {
		notice Notice
		want   string
	}{
		{Notice{Summary, ByChat, 2}, "unreachable: card>board news>room summary>mail"},
		{Notice{RatingQuestion, ByChat, 2}, "unreachable: card>board news>room"},
		{Notice{Proposal, ByChat, 2}, "unreachable: card>board news>room"},
		{Notice{ReopenedNotice, ByMail, 2}, "unreachable: card>board news>room"},
		{Notice{WithdrawalNotice, ByMail, 2}, "unreachable: card>board news>room"},
		{Notice{ContactNotice, ByMail, 2}, "unreachable: card>board news>room"},
		{Notice{ContactNotice, ByOldMail, 2}, ""},
	} {
		c := complaint(now, p)
		c.Lose(lost.notice, Gone, "gone", now)
		if got := told(c); got != lost.want {
			t.Errorf("%v: told %q, want %q", lost.notice, got, lost.want)
		}
	}
}

func TestNewAddressIsReachedAndTheOldOneIsToldOnlyWhereThereWasOne(t *testing.T) {
	p := DefaultProcedure()
	now := at(t, "2026-11-23 10:00")
	c := Submit("K-2026-0001", Complaint{Language: "nl", Answers: Words{FieldName: "Noor (invented)"}}, 7001, p, now)
	c.Events()
	if err := c.ChangeContact("", "first@example.org", now); err != nil || !c.HasMail {
		t.Fatalf("no address: %v", err)
	}
	if got := told(c); got != "contact-changed: card>board news>room contact-changed>mail" {
		t.Errorf("told %s", got)
	}
	c.MailGone = true
	if err := c.ChangeContact("", "second@example.org", now); err != nil || c.MailGone {
		t.Fatalf("the new address is taken for lost: %v", err)
	}
	if got := told(c); got != "contact-changed: card>board news>room contact-changed>mail" {
		t.Errorf("an address that was lost is told: %s", got)
	}
}

func TestReachIsWhereTheComplainantCouldBeReachedAtThatMoment(t *testing.T) {
	f := &File{Events: []Event{
		{Seq: 1, Kind: Filed, Words: Words{FieldEmail: "a@example.org", FieldTelephone: "1", FieldName: "Noor (invented)"}},
		{Seq: 2, Kind: Replied, Words: Words{FieldText: "hello"}},
		{Seq: 3, Kind: ContactChanged, Words: Words{FieldEmail: "b@example.org"}},
		{Seq: 4, Kind: ContactChanged, Words: Words{FieldTelephone: "2"}},
	}}
	for event, want := range map[int]string{0: "map[]", 1: "map[email:a@example.org telephone:1]", 2: "map[email:a@example.org telephone:1]",
		3: "map[email:b@example.org telephone:1]", 4: "map[email:b@example.org telephone:2]", 9: "map[email:b@example.org telephone:2]"} {
		if got := strings.TrimPrefix(fmt.Sprint(f.Reach(event)), "cases.Words"); got != want {
			t.Errorf("after event %d: %s, want %s", event, got, want)
		}
	}
}

func TestDaysThatAComplaintIsAboutStandInTheEventInTheOrganisationsZone(t *testing.T) {
	p := DefaultProcedure()
	late := time.Date(2026, 11, 1, 23, 30, 0, 0, time.UTC) // half past midnight on the 2nd in Amsterdam
	c := Submit("K-2026-0001", Complaint{Language: "nl", Answers: Words{}, From: late}, 7001, p, late)
	e := c.Events()[0]
	if e.Data["from"] != "2026-11-02" || len(e.Data) != 2 {
		t.Errorf("data %v", e.Data)
	}
}

func TestARequestTakesAlongWhatWasTold(t *testing.T) {
	p := DefaultProcedure()
	told := Words{FieldProblem: "a story", FieldName: "N.", FieldSubject: "the help desk"}
	c := Request("G-2026-0001", TalkRequest{By: Letter, Name: "Noor (invented)", Post: "Street 1", Told: told}, 7001, p, time.Unix(1.79e9, 0))
	e := c.Events()[0]
	want := Words{FieldProblem: "a story", FieldName: "Noor (invented)", FieldSubject: "the help desk", FieldPost: "Street 1"}
	if e.Data["by"] != "letter" || fmt.Sprint(e.Words) != fmt.Sprint(want) || told[FieldName] != "N." {
		t.Errorf("%v %v, and %v was changed", e.Data, e.Words, told)
	}
}
