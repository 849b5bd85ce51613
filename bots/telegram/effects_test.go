package telegram_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

var ann = cases.Person{Member: "U1", Committee: true, Representative: true, Chair: true}

// acts lets the committee do something with a case, which names nobody of them.
func (s *stage) acts(number cases.Number, all ...func(*cases.Case, time.Time) error) {
	s.t.Helper()
	for _, act := range append([]func(*cases.Case, time.Time) error{s.screen}, all...) {
		if _, err := s.store.Change(s.t.Context(), postgres.Claim{}, number, act); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *stage) screen(c *cases.Case, now time.Time) error {
	if c.Screened {
		return nil
	}
	return c.Screen(nil, true, s.store.Procedure(), now)
}

// ends closes a case.
func (s *stage) ends(outcome cases.Outcome, solution string) func(*cases.Case, time.Time) error {
	return func(c *cases.Case, now time.Time) error {
		return c.End(ann, cases.Closing{Outcome: outcome, Solution: solution}, s.store.Procedure(), now)
	}
}

// writes sends words to the complainant, at once.
func (s *stage) writes(draft cases.WriteDraft) func(*cases.Case, time.Time) error {
	atOnce := *s.store.Procedure()
	atOnce.TakeBack = 0
	return func(c *cases.Case, now time.Time) error { return c.Write(ann, draft, &atOnce, now) }
}

func take(c *cases.Case, now time.Time) error { return c.Take(ann, now) }

// happened waits until the last event of a case is of a kind, and returns it.
func (s *stage) happened(number cases.Number, kind cases.EventKind) (last cases.Event) {
	s.t.Helper()
	s.until(string(kind)+" is on file", func() bool {
		f, err := s.store.File(s.t.Context(), number)
		if err != nil {
			s.t.Fatal(err)
		}
		last = f.Events[len(f.Events)-1]
		return last.Kind == kind
	})
	return last
}

func TestASolutionIsProposedAndAnsweredByAButton(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.complain()
	propose := func(c *cases.Case, now time.Time) error { return c.Propose(ann, "Wij maken het rapport opnieuw.", now) }
	s.acts("K-2026-0001", take, propose)
	proposal := p.hears("Wij maken het rapport opnieuw.")
	p.chooses("object:K-2026-0001:4")
	p.hears("")
	p.types("Dan is het weer te laat.")
	p.chooses("send")
	p.settled(proposal.ID)
	if e := s.happened("K-2026-0001", cases.Objected); e.Words[cases.FieldText] != "Dan is het weer te laat." {
		t.Errorf("on file: %v", e.Words)
	}
	s.acts("K-2026-0001", propose)
	p.chooses("agree:K-2026-0001:6")
	p.chooses("yes")
	s.happened("K-2026-0001", cases.Agreed)
	s.acts("K-2026-0001", s.ends(cases.Upheld, "Het rapport is er."))
	p.chooses("rate:K-2026-0001")
	p.chooses("partly")
	p.chooses("yes")
	p.chooses("skip")
	if e := s.happened("K-2026-0001", cases.Rated); e.Data["handled"] != "partly" || e.Data["solved"] != "yes" {
		t.Errorf("on file: %v", e.Data)
	}
}

// settled waits until a message has none of the buttons left that ask for an answer.
func (p *person) settled(message int64) {
	p.t.Helper()
	p.until("the buttons that have their answer gone", func() bool {
		for _, label := range p.labels(message) {
			for _, key := range []string{"case.button.agree", "case.button.object", "case.button.rate", "helped.button.yes", "helped.button.no"} {
				if label == i18n.T(key).In(i18n.Dutch) {
					return false
				}
			}
		}
		return true
	})
}

func TestAButtonUnderAnEarlierProposalDoesNotAgreeWithALaterOne(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.complain()
	propose := func(c *cases.Case, now time.Time) error { return c.Propose(ann, "Wij maken het rapport opnieuw.", now) }
	s.acts("K-2026-0001", take, propose)
	first := p.hears("Wij maken het rapport opnieuw.")
	s.acts("K-2026-0001", func(c *cases.Case, now time.Time) error { return c.Propose(ann, "Wij doen niets.", now) })
	p.hears("Wij doen niets.")
	p.chooses("agree:K-2026-0001:4")
	p.hears("wacht niet op een antwoord") // at once, and not after more questions
	p.settled(first.ID)
	p.pressed = 0
	p.chooses("agree:K-2026-0001:5")
	p.pressed = p.hears("Bent u het eens met de oplossing").ID - 1
	p.chooses("yes")
	if e := s.happened("K-2026-0001", cases.Agreed); e.Seq != 6 || e.Data["event"] != "5" {
		t.Errorf("on file: %d %v", e.Seq, e.Data)
	}
}

func TestAFileForACaseThatWasClosedIsNotSaidToBeThere(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.complain()
	p.types("/status")
	p.chooses("add:K-2026-0001")
	p.hears("Wat wilt u toevoegen")
	send := func(id string) {
		t.Helper()
		if _, _, err := s.Telegram().Attach(noor, playground.Attachment{Kind: "photo", Caption: id}); err != nil {
			t.Fatal(err)
		}
	}
	send("zo zag het eruit")
	p.hears("Dit staat in het dossier")
	s.acts("K-2026-0001", take, s.ends(cases.Upheld, "Het rapport is er."))
	p.hears("Het rapport is er.")
	send("en zo ook")
	p.hears("is afgesloten")
	f, err := s.store.File(t.Context(), "K-2026-0001")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range f.Events {
		if e.Words[cases.FieldText] == "en zo ook" {
			t.Errorf("on file: %v", e)
		}
	}
}

func TestAComplaintIsWithdrawnInTheChat(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.complain()
	p.types("/status")
	p.chooses("withdraw:K-2026-0001")
	p.chooses("yes")
	p.chooses("skip")
	s.happened("K-2026-0001", cases.Withdrawn)
}

func TestATalkThatDidNotHelpLeadsToTheFormalWay(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.types("/start")
	p.chooses("agree")
	p.chooses("talk")
	p.chooses("no")
	p.hears("Wat is uw naam?")
	p.types("Noor (invented)")
	p.hears("Typ het nummer")
	p.types("020 123 4567")
	p.hears("Wanneer")
	p.types("morgenochtend")
	p.hears("")
	p.types("de helpdesk")
	p.chooses("send")
	p.hears("G-2026-0001")
	s.acts("G-2026-0001", take, s.ends(cases.Talked, "a note"))
	asked := p.hears("Iemand van de klachtencommissie heeft ")
	p.chooses("helped:G-2026-0001:no")
	s.happened("G-2026-0001", cases.NotHelped)
	p.hears("Wat u al vertelde, is ingevuld.")
	p.settled(asked.ID)
}

func TestAnEditedMessageChangesTheAnswerAndLaterTheFile(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.complain()
	var told int64
	for _, m := range s.Telegram().Messages(noor) {
		if m.Text == "Niemand belde terug." {
			told = m.ID
		}
	}
	if _, err := s.Telegram().Edit(noor, told, "Niemand belde terug, ook de chef niet."); err != nil {
		t.Fatal(err)
	}
	if e := s.happened("K-2026-0001", cases.Corrected); !strings.Contains(e.Words[cases.FieldText], "ook de chef niet") {
		t.Errorf("on file: %v", e.Words)
	}
}

func TestFilesOfTheStoryComeIntoTheFile(t *testing.T) {
	t.Parallel()
	s := newStage(t, true)
	p := &person{stage: s, id: noor}
	p.types("/start")
	p.chooses("agree")
	p.chooses("file")
	p.hears("1 van 8")
	p.types("Noor (invented)")
	p.chooses("self")
	p.hears("2 van 8")
	p.types("de helpdesk")
	p.hears("3 van 8")
	photo := playground.Attachment{Kind: "photo"}
	if _, err := s.Telegram().Album(noor, playground.Attachment{Kind: "photo", Caption: "Zo zag het eruit."}, photo, photo); err != nil {
		t.Fatal(err)
	}
	s.until("three files and the words under them", func() bool {
		held, err := s.store.PersonalData(t.Context(), noor)
		kept := 0
		for _, f := range held.Files {
			if f.State == cases.EnclosureKept {
				kept++
			}
		}
		return err == nil && kept == 3 && len(held.Parts) == 1 && held.Parts[0].Text == "Zo zag het eruit."
	})

	// Words that come later under one that had none are of the story as well.
	var bare int64
	for _, m := range s.Telegram().Messages(noor) {
		if m.Kind == "photo" && m.Caption == "" {
			bare = m.ID
		}
	}
	if _, err := s.Telegram().Edit(noor, bare, "En zo van achteren."); err != nil {
		t.Fatal(err)
	}
	s.until("the words that came later", func() bool {
		held, err := s.store.PersonalData(t.Context(), noor)
		return err == nil && len(held.Parts) == 2 && held.Parts[1].Text == "En zo van achteren."
	})
}

func TestWhoStopsHalfwayIsRemindedAndForgottenInTheEnd(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.types("/start")
	p.chooses("agree")
	p.chooses("file")
	p.hears("1 van 8")
	p.types("Noor (invented)")
	p.chooses("self")
	p.hears("2 van 8")
	p.types("de helpdesk")
	p.hears("3 van 8")
	drafts := s.store.Procedure().Drafts
	before := s.said(noor)
	for range drafts + 2 {
		for range 24 {
			s.Clock().Advance(time.Hour)
			if err := s.bot.Wake(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	p.hears("gewist")
	if words := s.said(noor) - before; words < 4 {
		t.Errorf("%d messages in %d days", words, drafts)
	}
	held, err := s.store.PersonalData(t.Context(), noor)
	if err != nil || strings.Contains(string(held.Session), "helpdesk") {
		t.Errorf("still held: %s, %v", held.Session, err)
	}
}

func TestMyDataComesAsAFileAndForgetMeLeavesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	signed := make(chan string, 10)
	s.Telegram().Fail(func(method string, params *playground.Params) *playground.Failure {
		if method == "sendChatAction" {
			signed <- params.Get("action")
		}
		return nil
	})
	p.types("/start")
	p.chooses("agree")
	p.chooses("file")
	p.hears("1 van 8")
	p.types("Noor <invented>")
	p.chooses("self")
	p.hears("2 van 8")
	p.types("/mydata")
	file := func() (found playground.Message) {
		for _, m := range s.Telegram().Messages(noor) {
			if m.FromBot && m.Kind == "document" {
				found = m
			}
		}
		return found
	}
	s.until("a file", func() bool { return file().FileID != "" })
	page := string(s.Telegram().File(file().FileID))
	if !strings.HasSuffix(file().FileName, ".html") || !strings.Contains(page, "Noor &lt;invented&gt;") {
		t.Errorf("%s: %s", file().FileName, page)
	}
	if action := <-signed; action != "upload_document" {
		t.Errorf("a sign of %s", action)
	}
	p.types("/forgetme")
	p.chooses("yes")
	s.until("nothing is held", func() bool {
		held, err := s.store.PersonalData(t.Context(), noor)
		return err == nil && !strings.Contains(string(held.Session), "Noor")
	})
	p.types("/start")
	p.hears("Vindt u dat goed?")
	p.chooses("agree")
	if v := s.Violations(); len(v) > 0 {
		t.Error(v)
	}
}

func TestACalendarTurnsItsPageInPlace(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.types("/start")
	p.chooses("agree")
	p.chooses("file")
	p.hears("1 van 8")
	p.types("Noor (invented)")
	p.chooses("self")
	p.hears("2 van 8")
	p.types("de helpdesk")
	p.hears("3 van 8")
	p.types("Niemand belde terug.")
	p.chooses("done")
	p.hears("4 van 8")
	p.chooses("calendar")
	var page playground.Message
	s.until("a calendar", func() bool {
		for _, m := range s.Telegram().Messages(noor) {
			if len(slices.Concat(m.Buttons...)) > 25 {
				page = m
			}
		}
		return page.ID != 0
	})
	turned := ""
	for _, b := range slices.Concat(page.Buttons...) {
		if strings.Contains(b.Data, ":month:") {
			turned = b.Data
			break
		}
	}
	if turned == "" {
		t.Fatalf("no page to turn: %v", page.Buttons)
	}
	before := s.said(noor)
	if _, err := s.Telegram().Press(noor, page.ID, turned); err != nil {
		t.Fatal(err)
	}
	s.until("another month", func() bool {
		i := slices.IndexFunc(s.Telegram().Messages(noor), func(m playground.Message) bool { return m.ID == page.ID })
		now := s.Telegram().Messages(noor)[i]
		return !now.EditedAt.IsZero() && len(slices.Concat(now.Buttons...)) > 25
	})
	if n := s.said(noor) - before; n != 0 {
		t.Errorf("%d new messages", n)
	}
}

func TestWhoComesBackToAProposalLaterReadsItAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.complain()
	s.acts("K-2026-0001", take, func(c *cases.Case, now time.Time) error { return c.Propose(ann, "Wij maken het rapport opnieuw.", now) })
	p.hears("Wij maken het rapport opnieuw.")
	s.Turn(2 * time.Hour)
	p.chooses("agree:K-2026-0001:4")
	p.hears("Dit is de oplossing die is voorgesteld in zaak K-2026-0001:\n\n“Wij maken het rapport opnieuw.”")
	p.hears("Bent u het eens met de oplossing") // and not above what it is about
	p.chooses("yes")
	s.happened("K-2026-0001", cases.Agreed)
}

func TestAProposalIsShownInTheChatOfItsCaseAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.complain()
	s.acts("K-2026-0001", take, func(c *cases.Case, now time.Time) error { return c.Propose(ann, "Wij maken het rapport opnieuw.", now) })
	p.hears("Wij maken het rapport opnieuw.")
	show := func(chat int64, which string) {
		line := postgres.Outgoing{Lane: postgres.LaneTelegram + strconv.FormatInt(chat, 10), Lines: [][]byte{[]byte("proposal " + which)}}
		if err := s.bot.Send(t.Context(), line); err != nil {
			t.Errorf("%s: %v", which, err)
		}
	}
	before, others := s.said(noor), s.said(noor+1)
	for _, which := range []string{"nl K-2026-0002 4", "nl K-2026-0001 3", "nl K-2026-0001 99"} {
		show(noor, which)
	}
	show(noor+1, "nl K-2026-0001 4")
	if s.said(noor) != before || s.said(noor+1) != others {
		t.Error("what is not theirs to answer is shown")
	}
	show(noor, "nl K-2026-0001 4")
	p.hears("Dit is de oplossing")
}
