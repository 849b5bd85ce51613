package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// The chair, and who writes up what is told elsewhere and is not of the committee.
var (
	cor = cases.Person{Member: "U4COR", Committee: true, Chair: true, Representative: true, Chairs: []cases.Member{"U4COR"}}
	ida = cases.Person{Member: "U5IDA", Intake: true}
)

// numbers are the numbers of cases, in their order.
func numbers(all []*cases.Case) string {
	var numbers []string
	for _, c := range all {
		numbers = append(numbers, string(c.Number))
	}
	return strings.Join(numbers, " ")
}

func (h *house) list(t testing.TB, f postgres.Filter) string {
	t.Helper()
	all, err := h.List(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return numbers(all)
}

func (h *house) find(t testing.TB, who cases.Person, text string) string {
	t.Helper()
	all, err := h.Find(t.Context(), who, text, 10)
	if err != nil {
		t.Fatal(err)
	}
	return numbers(all)
}

func TestNobodySeesACaseBeforeItIsScreened(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	for _, who := range []cases.Person{ann, cor} {
		if got := h.list(t, postgres.Filter{For: who.Member}) + h.find(t, who, canary) + h.find(t, who, string(number)); got != "" {
			t.Errorf("%s sees %s", who.Member, got)
		}
		var refusal *cases.Refusal
		if _, err := h.ReadFile(t.Context(), postgres.Claim{}, number, who); !errors.As(err, &refusal) || refusal.Text.Key != "refusal.being-prepared" {
			t.Errorf("%s reads: %v", who.Member, err)
		}
	}
	if got := h.happened(t, number); got != "filed" {
		t.Errorf("on file: %s", got)
	}
	if got := h.list(t, postgres.Filter{}); got != string(number) {
		t.Errorf("the program itself sees %q", got)
	}
	h.screen(t, number)
	if got := h.list(t, postgres.Filter{For: ann.Member}); got != string(number) {
		t.Errorf("once it is screened ann sees %q", got)
	}
}

func TestWhoIsExcludedFindsNothingOfACaseAnywhere(t *testing.T) {
	h := newHouse(t)
	h.attach(t, 7001, "")
	f := h.fetch(t)
	number, other := h.file(t, 7001), h.file(t, 7001)
	h.keep(t, f)
	h.screen(t, number, bob)
	h.screen(t, other)
	for what, got := range map[string]string{
		"lists":      h.list(t, postgres.Filter{For: bob.Member}),
		"lists open": h.list(t, postgres.Filter{For: bob.Member, Open: true, Unowned: true, Kind: cases.Formal, Stage: cases.Received}),
		"finds":      h.find(t, bob, canary),
	} {
		if got != string(other) {
			t.Errorf("bob %s %q", what, got)
		}
	}
	if got := h.find(t, bob, string(number)); got != "" {
		t.Errorf("by its number bob finds %q", got)
	}
	var refusal *cases.Refusal
	if _, err := h.ReadFile(t.Context(), postgres.Claim{}, number, bob); !errors.As(err, &refusal) || refusal.Text.Key != "refusal.not-yours" {
		t.Errorf("bob reads: %v", err)
	}
	if err := h.Share(t.Context(), postgres.Claim{}, number, f.ID, bob); !errors.As(err, &refusal) || refusal.Text.Key != "refusal.not-yours" {
		t.Errorf("bob shares: %v", err)
	}
	for _, one := range []struct {
		viewers []cases.Member
		want    string
	}{{nil, ""}, {[]cases.Member{ann.Member}, string(number)}, {[]cases.Member{ann.Member, bob.Member}, ""}} {
		earlier, err := h.Earlier(t.Context(), other, one.viewers...)
		if err != nil || numbers(earlier) != one.want {
			t.Errorf("earlier, for %v: %s, %v", one.viewers, numbers(earlier), err)
		}
	}
	if got := h.list(t, postgres.Filter{Excluding: bob.Member}); got != string(number) {
		t.Errorf("excluded from %q", got)
	}
	if got := h.happened(t, number); got != "filed excluded screened refused refused" {
		t.Errorf("on file: %s", got)
	}
	if got := h.find(t, ann, canary); got != string(other)+" "+string(number) {
		t.Errorf("ann finds %q", got)
	}
}

func TestSearchLooksThroughTheWordsAndIsOnFile(t *testing.T) {
	h := newHouse(t)
	number, other := h.file(t, 7001), h.file(t, 7002)
	h.take(t, number, ann)
	h.screen(t, other)
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.AddNote(ann, "", "Zij heet Renée Çelik", now) })
	for text, want := range map[string]string{
		"renee ÇELIK":                  string(number),
		"celik " + canary:              string(number),
		"celik nobody":                 "",
		strings.ToUpper(canary):        string(other) + " " + string(number),
		strings.ToLower(string(other)): string(other),
		"   ":                          "",
	} {
		if got := h.find(t, bob, text); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	f, err := h.File(t.Context(), other)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, e := range f.Events {
		if e.Kind == cases.Read && e.By == cases.By(bob.Member) && e.Data["in"] == "search" {
			found++
		}
	}
	if found != 2 {
		t.Errorf("%d findings are on file: %+v", found, f.Events)
	}
	if all, err := h.Find(t.Context(), bob, canary, 1); err != nil || numbers(all) != string(other) {
		t.Errorf("at most one: %s, %v", numbers(all), err)
	}
	if got := h.find(t, eve, canary); got != "" {
		t.Errorf("a stranger finds %q", got)
	}
	if _, err := h.pool.Exec(t.Context(), `DELETE FROM case_key WHERE case_id = (SELECT id FROM cases WHERE number = $1)`, other); err != nil {
		t.Fatal(err)
	}
	if got := h.find(t, bob, canary); got != string(number) {
		t.Errorf("of erased words it finds %q", got)
	}
}

func TestWordsCanBeTakenBackUntilTheirTimeHasCome(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	write := func(words string) postgres.Outgoing {
		h.change(t, number, func(c *cases.Case, now time.Time) error {
			return c.Write(ann, cases.WriteDraft{Text: words}, h.Procedure(), now)
		})
		for _, o := range h.waiting(t) {
			if c, _ := h.Case(t.Context(), number); strings.HasPrefix(o.Lane, postgres.LaneHeld) && o.Notice.Event == c.LastSeq {
				return o
			}
		}
		t.Fatal("nothing is held")
		return postgres.Outgoing{}
	}
	messages := func() (n int) {
		for _, o := range h.waiting(t) {
			if o.Notice.Kind == cases.Message {
				n++
			}
		}
		return n
	}
	first, second := write("first"), write("second")
	if first.Lane == second.Lane || !first.NotBefore.Equal(h.now.Add(time.Duration(h.Procedure().TakeBack)*time.Second)) {
		t.Errorf("held until %s on %s and %s", first.NotBefore, first.Lane, second.Lane)
	}
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.TakeBack(ann, first.Notice.Event, now) })
	for range 2 {
		for _, held := range []postgres.Outgoing{first, second} {
			if err := h.Release(t.Context(), held); err != nil {
				t.Error(err)
			}
		}
		if n := messages(); n != 1 {
			t.Errorf("%d messages go out", n)
		}
	}
	if got, want := h.happened(t, number), "filed screened taken wrote wrote taken-back dispatched"; got != want {
		t.Errorf("file %s, want %s", got, want)
	}
}

// outwards says how many notices wait that show the room what became of words.
func (h *house) outwards(t testing.TB, number cases.Number) (events []int) {
	t.Helper()
	for _, o := range h.waiting(t) {
		if o.Notice.Kind == cases.Outward && o.Number == number {
			if o.Lane != "slack/"+string(number) || o.Notice.To != cases.ToRoom {
				t.Errorf("on lane %s to %s", o.Lane, o.Notice.To)
			}
			events = append(events, o.Notice.Event)
		}
	}
	return events
}

func (h *house) settle(t testing.TB, state cases.DeliveryState, which func(postgres.Outgoing) bool) (settled int) {
	t.Helper()
	var results []postgres.Result
	for _, o := range h.waiting(t) {
		if which(o) {
			results = append(results, postgres.Result{Out: o, State: state})
		}
	}
	if err := h.Settle(t.Context(), results); err != nil {
		t.Fatal(err)
	}
	return len(results)
}

func TestRoomIsShownWhatBecameOfTheCommitteesWords(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.Propose(ann, "a refund", now) })
	of := func(kind cases.NoticeKind, to cases.Recipient) func(postgres.Outgoing) bool {
		return func(o postgres.Outgoing) bool { return o.Notice.Kind == kind && o.Notice.To == to }
	}
	all := func(postgres.Outgoing) bool { return true }
	h.settle(t, cases.Queued, of(cases.Proposal, cases.ByChat))
	h.settle(t, cases.Sent, of(cases.Acknowledgement, cases.ByMail))
	h.settle(t, cases.Sent, of(cases.Card, cases.ToBoard))
	if got := h.outwards(t, number); len(got) != 0 {
		t.Errorf("shown too early: %v", got)
	}
	h.settle(t, cases.Sent, of(cases.Proposal, cases.ByChat))
	if got := h.outwards(t, number); !slices.Equal(got, []int{4}) {
		t.Errorf("sent in the chat: %v", got)
	}
	before := h.waiting(t)
	outward := before[slices.IndexFunc(before, of(cases.Outward, cases.ToRoom))]
	h.settle(t, cases.Sent, of(cases.Proposal, cases.ByMail)) // while the room is being shown the other
	if err := h.Settle(t.Context(), []postgres.Result{{Out: outward, State: cases.Sent}}); err != nil {
		t.Fatal(err)
	}
	if got := h.outwards(t, number); !slices.Equal(got, []int{4}) {
		t.Errorf("sent by mail: %v", got)
	}
	if err := h.Settle(t.Context(), []postgres.Result{{Out: before[slices.IndexFunc(before, of(cases.Proposal, cases.ByMail))], State: cases.Sent}}); err != nil {
		t.Fatal(err)
	}
	h.settle(t, cases.Sent, all)
	if got := h.outwards(t, number); len(got) != 0 {
		t.Errorf("settled twice, shown again: %v", got)
	}
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.Speak(ann, now, "a note", "the steps", now) })
	for _, o := range h.waiting(t) {
		if o.Notice.Kind == cases.Summary {
			if err := h.Lose(t.Context(), postgres.Result{Out: o, State: cases.Gone, Reason: "blocked"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := h.outwards(t, number); !slices.Equal(got, []int{5}) {
		t.Errorf("lost: %v", got)
	}
}

func TestTalkHasNoRoomToBeShownAnything(t *testing.T) {
	h := newHouse(t)
	number := h.asks(t, 7001)
	h.take(t, number, ann)
	h.change(t, number, func(c *cases.Case, now time.Time) error {
		if err := c.Write(ann, cases.WriteDraft{Text: "words"}, h.Procedure(), now); err != nil {
			return err
		}
		return c.Dispatch(c.LastSeq, now)
	})
	h.settle(t, cases.Sent, func(o postgres.Outgoing) bool { return o.Notice.Kind == cases.Message })
	if got := h.outwards(t, number); len(got) != 0 {
		t.Errorf("shown: %v", got)
	}
}

// hears names somebody outside in a case and invites them.
func (h *house) hears(t testing.TB, number cases.Number) {
	t.Helper()
	h.change(t, number, func(c *cases.Case, now time.Time) error {
		party, err := c.AddParty(ann, cases.PartyDraft{Name: "Piet (invented)", Email: "piet@example.org"}, h.Procedure(), now)
		if err != nil {
			return err
		}
		return c.Invite(ann, party, "what is put to them", time.Time{}, h.Procedure(), now)
	})
}

func TestLetterToAPartyHasALaneOfItsOwnAndIsOthers(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	h.hears(t, number)
	invited := func(o postgres.Outgoing) bool {
		return o.Notice.Kind == cases.Invitation && o.Lane == "mail/"+string(number)+"/party:1"
	}
	if n := h.settle(t, cases.Gone, invited); n != 1 {
		t.Fatalf("%d invitations", n)
	}
	if got := h.outwards(t, number); !slices.Equal(got, []int{5}) {
		t.Errorf("the room is shown %v", got)
	}
	ofParty := func(d cases.Delivery) bool { return d.To == cases.ToParty(1) }
	f, err := h.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	if at := slices.IndexFunc(f.Letters, ofParty); at < 0 || f.Letters[at].State != cases.Gone {
		t.Errorf("letters %+v", f.Letters)
	}
	held, err := h.PersonalData(t.Context(), 7001)
	if err != nil || slices.ContainsFunc(held.Cases[0].Letters, ofParty) {
		t.Errorf("the complainant is shown %+v, %v", held.Cases[0].Letters, err)
	}
}

func TestNoticeToWhoWasExcludedSinceIsNotTellable(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	to := func(m cases.Person, kind cases.NoticeKind) error {
		return h.Tellable(t.Context(), postgres.Outgoing{Number: number, Notice: cases.Notice{Kind: kind, To: cases.ToMember(m.Member)}})
	}
	if err := to(ann, cases.Reminder); !errors.Is(err, postgres.ErrNotScreened) {
		t.Errorf("before it is screened: %v", err)
	}
	h.screen(t, number, bob)
	for _, one := range []struct {
		who  cases.Person
		kind cases.NoticeKind
		want error
	}{{ann, cases.Reminder, nil}, {bob, cases.Reminder, postgres.ErrExcluded}, {bob, cases.YourCase, postgres.ErrExcluded}, {bob, cases.Invitation, nil}} {
		if err := to(one.who, one.kind); !errors.Is(err, one.want) {
			t.Errorf("%s to %s: %v, want %v", one.kind, one.who.Member, err, one.want)
		}
	}
	if err := h.Tellable(t.Context(), postgres.Outgoing{Lines: [][]byte{[]byte("x")}}); err != nil {
		t.Errorf("a line of a conversation: %v", err)
	}
}

func TestMeasureStaysOnTheClockOfAClosedCase(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	h.change(t, number, func(c *cases.Case, now time.Time) error {
		return c.End(ann, cases.Closing{Outcome: cases.Upheld, Solution: "a refund", Measures: []cases.MeasureDraft{
			{Text: "a new lock", Owner: bob.Member, Due: now.AddDate(0, 0, 10)},
		}}, h.Procedure(), now)
	})
	if got := h.list(t, postgres.Filter{MeasureOwner: bob.Member}); got != string(number) {
		t.Errorf("bob owes in %q", got)
	}
	h.now = h.now.AddDate(0, 0, 17) // a Wednesday
	h.tick(t)
	if got := h.told(t, number); !strings.Contains(got, ">member:"+string(bob.Member)) {
		t.Errorf("told %q", got)
	}
	h.change(t, number, func(c *cases.Case, now time.Time) error { return c.MeasureIsDone(bob, 1, "", now) })
	if got := h.list(t, postgres.Filter{MeasureOwner: bob.Member}); got != "" {
		t.Errorf("when it is done bob owes in %q", got)
	}
	before := h.told(t, number)
	h.now = h.now.AddDate(0, 2, 0)
	h.tick(t)
	if got := h.told(t, number); got != before {
		t.Errorf("told %q", got)
	}
}

func TestOwnerWhoIsExcludedOwnsTheCaseNoMore(t *testing.T) {
	for _, closed := range []bool{false, true} {
		h := newHouse(t)
		number := h.file(t, 7001)
		h.take(t, number, ann)
		if closed {
			h.close(t, number, cases.Upheld)
		}
		h.change(t, number, func(c *cases.Case, now time.Time) error { return c.Recuse(ann, "my neighbour", h.Procedure(), now) })
		c, err := h.Case(t.Context(), number)
		if err != nil || c.Owner != "" || !c.Excludes(ann.Member) {
			t.Errorf("closed %t: owner %q, %v", closed, c.Owner, err)
		}
		if got := h.list(t, postgres.Filter{Unowned: true}); (got == "") != closed {
			t.Errorf("closed %t: unowned %q", closed, got)
		}
		h.change(t, number, func(c *cases.Case, now time.Time) error {
			return c.Clear(cor, ann.Member, "another neighbour", h.Procedure(), now)
		})
		if got := h.list(t, postgres.Filter{For: ann.Member}); got != string(number) {
			t.Errorf("closed %t: ann sees %q", closed, got)
		}
	}
}

func TestStatisticsCountWithoutWords(t *testing.T) {
	h := newHouse(t)
	first := h.file(t, 7001)
	h.file(t, 7002)
	h.asks(t, 7003)
	h.writeUp(t)
	h.take(t, first, ann)
	h.now = h.now.AddDate(0, 0, 4)
	h.close(t, first, cases.Upheld)
	h.does(t, 7001, func(turn *postgres.Turn) error {
		return turn.Rate(first, cases.Rating{Handled: cases.GradePartly, Solved: cases.GradeYes})
	})
	h.now = h.now.AddDate(0, 0, 20)
	if _, err := h.pool.Exec(t.Context(), `DELETE FROM case_key`); err != nil {
		t.Fatal(err)
	}
	got, err := h.Stats(t.Context(), sunday, h.now)
	if err != nil {
		t.Fatal(err)
	}
	if got.Received != 2 || got.Closed != 1 || got.Open != 1 || got.Late != 1 || got.Unowned != 1 || got.InTime != 1 || got.Awaiting != 1 || got.Talks != 1 ||
		got.Median != 4 || got.Mean != 4 || got.ByOutcome[cases.Upheld] != 1 || got.ByWay[cases.Chat] != 2 || got.Handled[cases.GradePartly] != 1 || got.Solved[cases.GradeYes] != 1 {
		t.Errorf("%+v", got)
	}
	for _, span := range [][2]time.Time{{sunday.AddDate(0, 0, -9), sunday}, {sunday.AddDate(0, 0, 1), h.now}} {
		if none, err := h.Stats(t.Context(), span[0], span[1]); err != nil || none.Received+none.Talks+none.Awaiting+len(none.Handled) != 0 {
			t.Errorf("%v: %+v, %v", span, none, err)
		}
	}
}

// canaries says in how many fields of events a case has the word.
func (h *house) canaries(t testing.TB, number cases.Number) (n int) {
	t.Helper()
	f, err := h.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range f.Events {
		for _, words := range e.Words {
			if strings.Contains(words, canary) {
				n++
			}
		}
	}
	return n
}

func TestNothingOfTheWorkStandsInTheDatabaseUnsealed(t *testing.T) {
	h := newHouse(t)
	number := h.writeUp(t)
	token := h.link(t, number, postgres.LinkApproval, 0)
	if err := h.UseLink(t.Context(), token, h.agrees(cases.AgreedOnPage, 0)); err != nil {
		t.Fatal(err)
	}
	p := h.Procedure()
	for _, act := range []func(c *cases.Case, now time.Time) error{
		func(c *cases.Case, now time.Time) error { return c.Take(ann, now) },
		func(c *cases.Case, now time.Time) error {
			return c.Assess(ann, cases.Assessment{Severity: cases.High, Urgency: cases.Low, Unsafe: true}, canary+" 1", now)
		},
		func(c *cases.Case, now time.Time) error { return c.AddNote(ann, bob.Member, canary+" 2", now) },
		func(c *cases.Case, now time.Time) error {
			return c.Screen([]cases.Suspect{{Member: "U7", Words: canary + " 3", Strength: cases.Possible}}, false, p, now)
		},
		func(c *cases.Case, now time.Time) error { return c.Exclude(cor, bob.Member, canary+" 4", p, now) },
		func(c *cases.Case, now time.Time) error { return c.Clear(cor, bob.Member, canary+" 5", p, now) },
		func(c *cases.Case, now time.Time) error {
			return c.Write(ann, cases.WriteDraft{Text: canary + " 6", Question: true}, p, now)
		},
		func(c *cases.Case, now time.Time) error {
			_, err := c.AddParty(ann, cases.PartyDraft{Name: canary + " 7", Email: canary + "@example.org", Relation: canary + " 8"}, p, now)
			return err
		},
		func(c *cases.Case, now time.Time) error { return c.Invite(ann, 1, canary+" 9", time.Time{}, p, now) },
		func(c *cases.Case, now time.Time) error { return c.Account(1, canary+" 10", now) },
		func(c *cases.Case, now time.Time) error { return c.Report(ann, canary+" 11", now) },
		func(c *cases.Case, now time.Time) error { return c.Propose(ann, canary+" 12", now) },
		func(c *cases.Case, now time.Time) error {
			return c.AnswerParty(1, c.Proposal, false, canary+" 13", now)
		},
		func(c *cases.Case, now time.Time) error {
			return c.End(ann, cases.Closing{
				Points:   []cases.Point{{Text: canary + " 14", Why: canary + " 15", Outcome: cases.Upheld}},
				Solution: canary + " 16", Despite: canary + " 17",
				Measures: []cases.MeasureDraft{{Text: canary + " 18", Owner: bob.Member, Due: now}},
			}, p, now)
		},
		func(c *cases.Case, now time.Time) error { return c.MeasureIsDone(bob, 1, canary+" 19", now) },
	} {
		h.change(t, number, act)
	}
	if err := h.Verify(t.Context(), number); err != nil {
		t.Error(err)
	}
	if n := h.canaries(t, number); n != 21 { // those, with the address and the story
		t.Errorf("%d fields have the word: %s", n, h.happened(t, number))
	}
	dump := h.dump(t)
	for _, trace := range []string{canary, "6b616e61726965776f6f7264", "a2FuYXJpZXdvb3Jk", "noor@example.org", token} {
		if strings.Contains(dump, trace) {
			t.Errorf("a dump shows %q", trace)
		}
	}
	var work string
	if err := h.pool.QueryRow(t.Context(), `SELECT work::text FROM cases`).Scan(&work); err != nil || !strings.Contains(work, `"U2BOB"`) {
		t.Errorf("the work is %s, %v", work, err)
	}
}

func TestSurfacesOfACaseAreListedAndForgotten(t *testing.T) {
	h := newHouse(t)
	number, other := h.file(t, 7001), h.file(t, 7002)
	for _, at := range []postgres.Surface{{Place: "room", Channel: "C2"}, {Place: "card", Channel: "C1", Message: "1.1"}, {Place: "direct/U1ANN", Channel: "D1", Message: "1.2"}} {
		if err := h.SetSurface(t.Context(), number, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.SetSurface(t.Context(), other, postgres.Surface{Place: "card", Channel: "C1", Message: "1.3"}); err != nil {
		t.Fatal(err)
	}
	if err := h.DropSurface(t.Context(), number, "direct/U1ANN"); err != nil {
		t.Fatal(err)
	}
	all, err := h.Surfaces(t.Context(), number)
	if want := []postgres.Surface{{"card", "C1", "1.1"}, {"room", "C2", ""}}; err != nil || !slices.Equal(all, want) {
		t.Errorf("%v, %v", all, err)
	}
}
