package telegram_test

import (
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// writesUp lets staff write up what somebody told on the telephone, and returns a link to it.
func (s *stage) writesUp() (number cases.Number, token string) {
	s.t.Helper()
	made, err := s.store.WriteUp(s.t.Context(), postgres.Claim{}, func(number cases.Number, now time.Time) (*cases.Case, error) {
		return cases.WrittenUpBy(ann, number, cases.WriteUpDraft{Way: cases.ByTelephone, Language: i18n.Dutch, Answers: cases.Words{
			cases.FieldName: "Noor (invented)", cases.FieldProblem: "Niemand belde terug.", cases.FieldSubject: "de helpdesk",
			cases.FieldTelephone: "+31 20 123 4567",
		}}, s.store.Procedure(), now)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return made.Number, s.link(made.Number, postgres.LinkApproval)
}

func (s *stage) link(number cases.Number, purpose postgres.LinkPurpose) string {
	s.t.Helper()
	token, err := s.store.MakeLink(s.t.Context(), number, purpose, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

func TestAWriteUpIsCorrectedAndAgreedToInTheChat(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	number, token := s.writesUp()
	p := &person{stage: s, id: noor}
	p.types("/start " + token)
	p.hears("Vindt u dat goed?")
	p.chooses("agree")
	p.hears("Niemand belde terug.")
	p.chooses("change:name")
	p.hears("Uw naam")
	p.types("Noor Groen (invented)")
	p.hears("staat nu wat u hebt gezegd")
	p.chooses("change:problem")
	p.hears("zetten wij bij het verhaal")
	p.types("Ook na drie keer vragen niet.")
	p.hears("staat nu wat u hebt gezegd")
	p.chooses("right")
	p.hears("Uw zaaknummer is " + string(number))
	f, err := s.store.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	approved := f.Events[len(f.Events)-1]
	if approved.Kind != cases.Approved || approved.Data["by"] != cases.AgreedInChat || approved.Data["fingerprint"] != cases.Fingerprint(f.Answers) || approved.By != cases.Complainant {
		t.Errorf("on file: %s %v", approved.Kind, approved.Data)
	}
	if f.Answers[cases.FieldName] != "Noor Groen (invented)" || f.Answers[cases.FieldProblem] != "Niemand belde terug.\n\nOok na drie keer vragen niet." {
		t.Errorf("answers %v", f.Answers)
	}
	if c := f.Case; c.Stage != cases.Received || c.Chat != noor || c.Deadline.IsZero() {
		t.Errorf("the case is %s, of chat %d", c.Stage, c.Chat)
	}
	p.types("/status")
	p.hears(string(number) + ", ontvangen op")
	s.acts(number, take, s.writes(cases.WriteDraft{Text: "Wanneer kunnen wij bellen?"}))
	p.hears("Wanneer kunnen wij bellen?")
	p.types("/start " + token)
	p.hears("al antwoord gegeven")
	p.chooses("case:" + string(number))
	p.hears(string(number) + ", ontvangen op")

	other := &person{stage: s, id: 7002}
	other.types("/start " + token)
	other.hears("already given")
	if again, err := s.store.Case(t.Context(), number); err != nil || again.Chat != noor {
		t.Errorf("the case is of chat %d (%v)", again.Chat, err)
	}
	if v := s.Violations(); len(v) > 0 {
		t.Error(v)
	}
}

func TestAWriteUpThatIsNotTheirsIsClosed(t *testing.T) {
	t.Parallel()
	s := newStage(t, true)
	number, token := s.writesUp()
	p := &person{stage: s, id: noor}
	p.types("/start " + token)
	p.chooses("agree")
	p.chooses("foreign")
	p.hears("Is dit niet uw klacht")
	p.types("Ik heb nooit gebeld.")
	p.hears("Wij behandelen deze klacht niet.")
	if e := s.happened(number, cases.NotApproved); e.Words[cases.FieldText] != "Ik heb nooit gebeld." {
		t.Errorf("on file: %v", e.Words)
	}
	if c, err := s.store.Case(t.Context(), number); err != nil || c.Chat != 0 || c.Open() {
		t.Errorf("%+v, %v", c, err)
	}
	p.types("/start " + token)
	p.hears("al antwoord gegeven")
}

func TestLinksThatLeadNowhereSaySo(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	number, token := s.writesUp()
	p := &person{stage: s, id: noor}
	p.types("/start website")
	p.hears("Vindt u dat goed?")
	p.chooses("agree")
	p.hears("Waarmee kunnen wij u helpen?")
	p.types("/start " + token[:30])
	p.hears("herkennen wij niet")
	p.types("/start " + s.link(number, postgres.LinkAnswer))
	p.hears("hoort bij een pagina")
	closed, old := s.link(number, postgres.LinkApproval), s.link(number, postgres.LinkApproval)
	if _, err := s.store.Change(t.Context(), postgres.Claim{}, number, func(c *cases.Case, now time.Time) error { return c.NotApprove("", now) }); err != nil {
		t.Fatal(err)
	}
	p.types("/start " + closed)
	p.hears("intussen gesloten")
	s.Clock().Advance((postgres.LinkDays + 1) * 24 * time.Hour)
	p.types("/start " + old)
	p.hears("te oud")
}

func TestTheBotLearnsItsName(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	s.until("the name is known", func() bool { return s.bot.Name() != "" })
}

func TestWhatStaffChangedIsShownBeforeItIsAgreedTo(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	number, token := s.writesUp()
	staff := func(words string) {
		t.Helper()
		if _, err := s.store.Change(t.Context(), postgres.Claim{}, number, func(c *cases.Case, now time.Time) error {
			return c.CorrectAnswer(cases.FieldProblem, words, cases.By("U2"), now)
		}); err != nil {
			t.Fatal(err)
		}
	}
	p := &person{stage: s, id: noor}
	p.types("/start " + token)
	p.chooses("agree")
	p.hears("Niemand belde terug.")
	staff("Iemand belde toch terug.")
	p.chooses("right")
	p.hears("intussen iets veranderd")
	p.hears("Iemand belde toch terug.")
	staff("Iemand schreef terug.")
	p.chooses("change:name")
	p.types("Noor Groen (invented)")
	p.hears("staat nu wat u hebt gezegd")
	p.chooses("right")
	p.hears("Iemand schreef terug.")
	if c, err := s.store.Case(t.Context(), number); err != nil || c.Stage != cases.Awaiting {
		t.Fatalf("%+v, %v", c, err)
	}
	p.chooses("right")
	p.hears("Uw zaaknummer is " + string(number))
	f, err := s.store.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	if e := f.Events[len(f.Events)-1]; e.Kind != cases.Approved || e.Data["fingerprint"] != cases.Fingerprint(f.Answers) {
		t.Errorf("%s %v", e.Kind, e.Data)
	}
}

func TestALinkToAnAddressThatWasWrongOpensNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	number, token := s.writesUp()
	p := &person{stage: s, id: noor}
	p.types("/start " + token)
	p.chooses("agree")
	p.hears("Niemand belde terug.")
	if _, err := s.store.Change(t.Context(), postgres.Claim{}, number, func(c *cases.Case, now time.Time) error {
		return c.CorrectAnswer(cases.FieldEmail, "right@example.org", cases.By("U2"), now)
	}); err != nil {
		t.Fatal(err)
	}
	p.chooses("right")
	p.hears("te oud")
	if c, err := s.store.Case(t.Context(), number); err != nil || c.Stage != cases.Awaiting || c.Chat != 0 {
		t.Errorf("%+v, %v", c, err)
	}
}
