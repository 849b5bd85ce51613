package web

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

func TestPersonConcernedSeesWhatIsPutToThemAndNoMore(t *testing.T) {
	c := newCounter(t)
	number := c.invited()
	page := c.look(c.link(number, postgres.LinkAccount, 1))
	if !page.has(`<html lang="en">`, string(number), "&lt;b&gt;Klopt dat?&lt;/b&gt;", "Please answer by", "Send my side of the story", "I do not want to be heard") {
		t.Error(page.body)
	}
	for _, secret := range []string{canary, "Noor", "noor@example.org", "765 4321", "Bram"} {
		if strings.Contains(page.body, secret) {
			t.Errorf("the page shows %q", secret)
		}
	}
}

func TestPersonConcernedGivesTheirSide(t *testing.T) {
	c := newCounter(t)
	number := c.invited()
	link := c.link(number, postgres.LinkAccount, 1)
	if got := c.press(link, doTell, fieldAccount, "It was of that day.\r\n<b>Really</b>"); got.status != 303 {
		t.Fatalf("%d: %s", got.status, got.body)
	}
	if e := c.last(number); e.Kind != cases.Accounted || e.By != cases.ByParty(1) || e.Words[cases.FieldText] != "It was of that day.\n<b>Really</b>" {
		t.Errorf("%+v", e)
	}
	if page := c.look(link); !page.has("We have your side of the story") || strings.Contains(page.body, "Really") || strings.Contains(page.body, "oud was") {
		t.Error(page.body)
	}
}

func TestPersonConcernedNeedNotBeHeard(t *testing.T) {
	c := newCounter(t)
	number := c.invited()
	link := c.link(number, postgres.LinkAccount, 1)
	if got := c.press(link, doDecline, fieldWhy, "I was not there."); got.status != 303 {
		t.Fatalf("%d: %s", got.status, got.body)
	}
	if e := c.last(number); e.Kind != cases.Declined || e.Words[cases.FieldText] != "I was not there." {
		t.Errorf("%+v", e)
	}
	if page := c.look(link); !page.has("We will go on without your side of the story") {
		t.Error(page.body)
	}
}

func TestAccountThatCannotBeTakenIsAskedForAgain(t *testing.T) {
	c := newCounter(t)
	number := c.invited()
	link := c.link(number, postgres.LinkAccount, 1)
	c.look(link)
	events := len(c.file(number).Events)
	for _, wrong := range []struct{ do, account, why, said, at string }{
		{doTell, " \r\n", "", "write your side", fieldAccount}, {doTell, "It was fresh.", "I will not", "press the other button", fieldWhy},
		{doDecline, "It was fresh.", "", "you wrote something here", fieldAccount}, {doTell, strings.Repeat("a", 30_001), "", "30,001 characters, and there is room for 30,000", fieldAccount},
		{doDecline, "", strings.Repeat("a", 301), "301 characters", fieldWhy},
	} {
		got := c.press(link, wrong.do, fieldAccount, wrong.account, fieldWhy, wrong.why)
		if got.status != 422 || !got.has(wrong.said, `href="#`+wrong.at+`"`, strings.TrimSpace(wrong.account), wrong.why) {
			t.Errorf("%+v: %d %s", wrong.said, got.status, got.body)
		}
	}
	if len(c.file(number).Events) != events {
		t.Error("something was kept")
	}
}

func TestLateAccountIsStillTaken(t *testing.T) {
	c := newCounter(t)
	number := c.invited()
	link := c.link(number, postgres.LinkAccount, 1)
	c.does(number, func(k *cases.Case, now time.Time) error { return k.NoAnswer(ahead, 1, now) })
	if got := c.press(link, doTell, fieldAccount, "It was of that day."); got.status != 303 || c.last(number).Kind != cases.Accounted {
		t.Errorf("%d: %+v", got.status, c.last(number))
	}
}

func TestLinkToAClosedCaseAsksNothing(t *testing.T) {
	c := newCounter(t)
	number := c.proposed()
	links := []string{c.link(number, postgres.LinkAnswer, 1), c.link(number, postgres.LinkAnswer, 0)}
	forms := []string{c.form(links[0], doAgree).Encode(), c.form(links[1], doAgree).Encode()}
	c.does(number, func(k *cases.Case, now time.Time) error { return k.Withdraw("", now) })
	for i, link := range links {
		events := len(c.file(number).Events)
		if got := ask(t, "POST", link, strings.NewReader(forms[i])); got.status != 303 {
			t.Errorf("%d", got.status)
		}
		page := c.look(link)
		if page.status != 200 || strings.Contains(page.body, "<form") || !page.has("Lotte (verzonnen)") || strings.Contains(page.body, "vergoed") || len(c.file(number).Events) != events {
			t.Errorf("%d: %s", page.status, page.body)
		}
	}
}

func TestEachSaysWhatTheyThinkOfAProposal(t *testing.T) {
	c := newCounter(t)
	for _, one := range []struct {
		party      int
		do, words  string
		kind       cases.EventKind
		by         cases.Actor
		asks, says string
	}{
		{0, doAgree, "", cases.Agreed, cases.Complainant, "uw klacht voor", "U bent het eens"},
		{0, doObject, "Te weinig.", cases.Objected, cases.Complainant, "uw klacht voor", "Wij hebben uw bezwaar"},
		{1, doAgree, "", cases.Agreed, cases.ByParty(1), "the complaint that concerns you", "You agree"},
		{1, doObject, "Too much.", cases.Objected, cases.ByParty(1), "the complaint that concerns you", "We have your objection"},
	} {
		number := c.proposed()
		link := c.link(number, postgres.LinkAnswer, one.party)
		if page := c.look(link); !page.has(one.asks, "Het brood wordt vergoed.\n\nVoortaan staat de bakdag erop.") || strings.Contains(page.body, canary) {
			t.Errorf("%d: %s", one.party, page.body)
		}
		if got := c.press(link, one.do, fieldWhy, one.words); got.status != 303 {
			t.Fatalf("%d: %s", got.status, got.body)
		}
		if e := c.last(number); e.Kind != one.kind || e.By != one.by || e.Words[cases.FieldText] != one.words {
			t.Errorf("%+v", e)
		}
		if page := c.look(link); !page.has(one.says) {
			t.Errorf("%d: %s", one.party, page.body)
		}
	}
}

func TestObjectionNeedsWordsAndAgreementHasNone(t *testing.T) {
	c := newCounter(t)
	number := c.proposed()
	link := c.link(number, postgres.LinkAnswer, 0)
	if got := c.press(link, doObject); got.status != 422 || !got.has("Schrijf hier op wat uw bezwaar is") {
		t.Errorf("%d: %s", got.status, got.body)
	}
	if got := c.press(link, doAgree, fieldWhy, "Het is te weinig."); got.status != 422 || !got.has("verstuur uw bezwaar", "Het is te weinig.") {
		t.Errorf("%d: %s", got.status, got.body)
	}
	if c.last(number).Kind != cases.Proposed {
		t.Error("something was kept")
	}
}

func TestNobodyAgreesToAProposalThatTheyDidNotRead(t *testing.T) {
	c := newCounter(t)
	number := c.proposed()
	for _, party := range []int{0, 1} {
		link := c.link(number, postgres.LinkAnswer, party)
		form := c.form(link, doAgree)
		c.does(number, func(k *cases.Case, now time.Time) error { return k.Propose(ahead, "Het brood wordt geruild.", now) })
		if got := c.send(link, form); got.status != 422 || !got.has("Het brood wordt geruild.") || c.last(number).Kind != cases.Proposed {
			t.Errorf("%d: %d %s", party, got.status, got.body)
		}
		if got := c.press(link, doAgree); got.status != 303 || c.last(number).Kind != cases.Agreed {
			t.Errorf("%d: %d", party, got.status)
		}
	}
}

func TestEachInvitationIsSaidToBeOpenedOnce(t *testing.T) {
	c := newCounter(t)
	number := c.invited()
	opened := func() (events []string) {
		for _, e := range c.file(number).Events {
			if e.Kind == cases.Read {
				events = append(events, string(e.By)+" "+e.Data["event"])
			}
		}
		return events
	}
	link, first := c.link(number, postgres.LinkAccount, 1), c.file(number).Case.LastSeq
	c.look(link)
	c.look(c.link(number, postgres.LinkAccount, 1))
	c.does(number, func(k *cases.Case, now time.Time) error {
		return k.Invite(ahead, 1, "And this?", time.Time{}, c.Procedure(), now)
	})
	second := c.file(number).Case.LastSeq
	c.look(link)
	c.look(link)
	want := []string{"party:1 " + strconv.Itoa(first), "party:1 " + strconv.Itoa(second)}
	if got := opened(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
