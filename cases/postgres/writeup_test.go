package postgres_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// told are the answers of a complaint that was told by telephone.
func toldByTelephone() cases.Words {
	told := maps(answers)
	told[cases.FieldProblem] = "It began with " + canary + "."
	return told
}

// writeUp has ida write up a complaint, and shows it.
func (h *house) writeUp(t testing.TB) cases.Number {
	t.Helper()
	c, err := h.WriteUp(t.Context(), postgres.Claim{}, func(number cases.Number, now time.Time) (*cases.Case, error) {
		draft := cases.WriteUpDraft{Way: cases.ByTelephone, Language: i18n.Dutch, Answers: toldByTelephone()}
		return cases.WrittenUpBy(ida, number, draft, h.Procedure(), now)
	})
	if err != nil {
		t.Fatal(err)
	}
	h.screen(t, c.Number)
	return c.Number
}

// link makes a link to a case.
func (h *house) link(t testing.TB, number cases.Number, purpose postgres.LinkPurpose, party int) string {
	t.Helper()
	token, err := h.MakeLink(t.Context(), number, purpose, party)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// agrees lets the complainant agree with the answers as they stand.
func (h *house) agrees(by string, chat int64) func(*cases.Case, *cases.File, time.Time) error {
	return func(c *cases.Case, f *cases.File, now time.Time) error {
		c.Chat = chat
		return c.Approve(by, "", f.Answers, h.Procedure(), now)
	}
}

func TestWriteUpWaitsForItsComplainantAndBeginsWithTheirYes(t *testing.T) {
	h := newHouse(t)
	number := h.writeUp(t)
	c, err := h.Case(t.Context(), number)
	if err != nil || c.Stage != cases.Awaiting || !c.Deadline.IsZero() || c.Owner != "" || c.Way != cases.ByTelephone || c.Chat != 0 {
		t.Fatalf("%+v, %v", c, err)
	}
	for _, one := range []struct {
		filter postgres.Filter
		want   string
	}{
		{postgres.Filter{Author: ida.Member, For: ida.Member}, string(number)}, {postgres.Filter{Author: ann.Member}, ""},
		{postgres.Filter{Stage: cases.Awaiting, For: ann.Member}, string(number)}, {postgres.Filter{Unowned: true}, ""}, {postgres.Filter{Overdue: true}, ""},
	} {
		if got := h.list(t, one.filter); got != one.want {
			t.Errorf("%+v lists %q", one.filter, got)
		}
	}
	if _, ok, err := h.NextDeadline(t.Context()); ok || err != nil {
		t.Errorf("its period runs: %v", err)
	}
	token := h.link(t, number, postgres.LinkApproval, 0)
	err = h.ByLink(t.Context(), token, func(c *cases.Case, _ *cases.File, now time.Time) error {
		return c.CorrectAnswer(cases.FieldWhen, "in May", cases.Complainant, now)
	})
	if err != nil {
		t.Fatal(err)
	}
	h.now = h.now.AddDate(0, 0, 2)
	if err := h.UseLink(t.Context(), token, h.agrees(cases.AgreedOnPage, 0)); err != nil {
		t.Fatal(err)
	}
	f, err := h.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	told := toldByTelephone()
	told[cases.FieldWhen] = "in May"
	approved := f.Events[len(f.Events)-1]
	if c := f.Case; c.Stage != cases.Received || !c.Received.Equal(h.now) || !c.Deadline.Equal(h.Procedure().EndOfPeriod(h.now)) ||
		approved.Kind != cases.Approved || approved.Data["fingerprint"] != cases.Fingerprint(told) || f.Answers[cases.FieldWhen] != "in May" {
		t.Errorf("%+v, %+v", c, approved)
	}
	if got, want := h.happened(t, number), "written-up screened corrected approved"; got != want {
		t.Errorf("file %s, want %s", got, want)
	}
}

func TestWriteUpThatNobodyAgreesToIsRemindedAndLapses(t *testing.T) {
	h := newHouse(t)
	number := h.writeUp(t)
	for range 20 {
		h.now = h.now.AddDate(0, 0, 1)
		h.tick(t)
	}
	c, err := h.Case(t.Context(), number)
	if err != nil || c.Stage != cases.Closed || c.Outcome != cases.OutcomeLapsed || !c.Deadline.IsZero() {
		t.Errorf("%+v, %v", c, err)
	}
	if got := h.happened(t, number); !strings.Contains(got, "reminded") || !strings.HasSuffix(got, "lapsed") {
		t.Errorf("file %s", got)
	}
	if stats, err := h.Stats(t.Context(), sunday, h.now); err != nil || stats.Received+stats.Awaiting+stats.Closed != 0 || stats.NotAgreed != 1 {
		t.Errorf("%+v, %v", stats, err)
	}
}

func TestFormThatComesTwiceWritesUpOnce(t *testing.T) {
	h := newHouse(t)
	form := postgres.Claim{Source: "slack-form", ID: "view-1"}
	refusal := errors.New("refused")
	make := func(wrong error) error {
		_, err := h.WriteUp(t.Context(), form, func(number cases.Number, now time.Time) (*cases.Case, error) {
			c, err := cases.WrittenUpBy(ida, number, cases.WriteUpDraft{Way: cases.ByLetter, Answers: toldByTelephone()}, h.Procedure(), now)
			return c, errors.Join(err, wrong)
		})
		return err
	}
	if err := make(refusal); !errors.Is(err, refusal) {
		t.Fatal(err)
	}
	if err := make(nil); err != nil {
		t.Fatal(err)
	}
	if err := make(nil); !errors.Is(err, postgres.ErrClaimed) {
		t.Errorf("a second time: %v", err)
	}
	if got := h.list(t, postgres.Filter{}); got != "K-2026-0001" {
		t.Errorf("cases %s", got)
	}
}

func TestTokenOpensWhatItWasMadeForOnceAndForAMonth(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	h.hears(t, number)
	first, second, answer := h.link(t, number, postgres.LinkAccount, 1), h.link(t, number, postgres.LinkAccount, 1), h.link(t, number, postgres.LinkAnswer, 1)
	if len(first) != 43 || first == second || strings.Contains(h.dump(t), first) {
		t.Errorf("token %s", first)
	}
	state := func(token string, want postgres.Link) {
		t.Helper()
		if got, err := h.Link(t.Context(), token); err != nil || got != want {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	}
	account := func(c *cases.Case, f *cases.File, now time.Time) error {
		if f.Case.Number != number || f.Events[0].Words[cases.FieldProblem] == "" {
			t.Errorf("the file is of %s", f.Case.Number)
		}
		return c.Account(1, "my side", now)
	}
	wrong := errors.New("wrong")
	if err := h.UseLink(t.Context(), first, func(c *cases.Case, f *cases.File, now time.Time) error { return errors.Join(account(c, f, now), wrong) }); !errors.Is(err, wrong) {
		t.Errorf("what goes wrong: %v", err)
	}
	state(first, postgres.Link{Number: number, Purpose: postgres.LinkAccount, Party: 1})
	var both sync.WaitGroup
	var used, refused atomic.Int32
	for _, token := range []string{first, second} {
		both.Go(func() {
			switch err := h.UseLink(t.Context(), token, account); {
			case err == nil:
				used.Add(1)
			case errors.Is(err, postgres.ErrLinkUsed):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	both.Wait()
	if used.Load() != 1 || refused.Load() != 1 {
		t.Errorf("used %d times, refused %d times", used.Load(), refused.Load())
	}
	state(first, postgres.Link{Number: number, Purpose: postgres.LinkAccount, Party: 1, Used: true})
	state(second, postgres.Link{Number: number, Purpose: postgres.LinkAccount, Party: 1, Used: true})
	state(answer, postgres.Link{Number: number, Purpose: postgres.LinkAnswer, Party: 1})
	h.now = h.now.AddDate(0, 0, postgres.LinkDays)
	state(answer, postgres.Link{Number: number, Purpose: postgres.LinkAnswer, Party: 1, Expired: true})
	for range 2 {
		if err := h.UseLink(t.Context(), answer, account); !errors.Is(err, postgres.ErrLinkExpired) {
			t.Errorf("too late: %v", err)
		}
		if err := h.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.now = h.now.AddDate(0, 0, 100)
	}
	h.now = h.now.AddDate(2, 0, 0)
	if err := h.Tidy(t.Context()); err != nil || h.count(t, "link") != 0 {
		t.Errorf("%d links are left, %v", h.count(t, "link"), err)
	}
	for _, token := range []string{first, "", "x", strings.Repeat("A", 43), first + "A", "'; DROP TABLE link; --"} {
		if _, err := h.Link(t.Context(), token); !errors.Is(err, postgres.ErrNotFound) {
			t.Errorf("%q: %v", token, err)
		}
		if err := h.UseLink(t.Context(), token, account); !errors.Is(err, postgres.ErrNotFound) {
			t.Errorf("%q is used: %v", token, err)
		}
	}
	if _, err := h.MakeLink(t.Context(), "K-2026-0099", postgres.LinkApproval, 0); !errors.Is(err, postgres.ErrNotFound) {
		t.Errorf("a link to no case: %v", err)
	}
}

func TestWriteUpIsAgreedToInTheChatAndIsTheirsFromThenOn(t *testing.T) {
	h := newHouse(t)
	number := h.writeUp(t)
	token := h.link(t, number, postgres.LinkApproval, 0)
	mine := func(turn *postgres.Turn) string {
		all, err := turn.Mine()
		if err != nil {
			t.Error(err)
		}
		return numbers(all)
	}
	h.does(t, 7001, func(turn *postgres.Turn) error {
		if l, f, err := turn.Linked(token); err != nil || f.Answers[cases.FieldName] != answers[cases.FieldName] || l.Number != number || l.Purpose != postgres.LinkApproval || l.Used {
			t.Errorf("%+v, %v", l, err)
		}
		if err := turn.Reply(number, "it is mine", 1); !errors.Is(err, postgres.ErrNotFound) {
			t.Errorf("before they agreed: %v", err)
		}
		return turn.ByLink(token, func(c *cases.Case, _ *cases.File, now time.Time) error {
			return c.CorrectAnswer(cases.FieldOften, "twice", cases.Complainant, now)
		})
	})
	h.does(t, 7001, func(turn *postgres.Turn) error {
		if got := mine(turn); got != "" {
			t.Errorf("before they agreed %s is theirs", got)
		}
		if err := turn.UseLink(token, h.agrees(cases.AgreedInChat, turn.Chat)); err != nil {
			return err
		}
		if got := mine(turn); got != string(number) {
			t.Errorf("%q is theirs", got)
		}
		if err := turn.UseLink(token, h.agrees(cases.AgreedInChat, turn.Chat)); !errors.Is(err, postgres.ErrLinkUsed) {
			t.Errorf("a second time: %v", err)
		}
		return turn.Reply(number, "it is mine", 1)
	})
	if got, want := h.happened(t, number), "written-up screened corrected approved replied"; got != want {
		t.Errorf("file %s, want %s", got, want)
	}
}

func TestLinksGoWithTheWordsOfTheirCase(t *testing.T) {
	h := newHouse(t)
	talk, number := h.asks(t, 7001), h.file(t, 7001)
	h.take(t, talk, ann)
	h.close(t, talk, cases.Talked)
	gone, stays := h.link(t, talk, postgres.LinkAnswer, 0), h.link(t, number, postgres.LinkAnswer, 0)
	h.does(t, 7001, func(turn *postgres.Turn) error {
		_, err := turn.Forget()
		return err
	})
	if _, err := h.Link(t.Context(), gone); !errors.Is(err, postgres.ErrNotFound) {
		t.Errorf("a link to what is erased: %v", err)
	}
	if _, err := h.Link(t.Context(), stays); err != nil {
		t.Error(err)
	}
}

func TestLinksToAFormerAddressLeadNowhere(t *testing.T) {
	h := newHouse(t)
	number := h.writeUp(t)
	former, other := h.link(t, number, postgres.LinkApproval, 0), h.link(t, number, postgres.LinkAnswer, 0)
	h.change(t, number, func(c *cases.Case, now time.Time) error {
		return c.CorrectAnswer(cases.FieldWhen, "in May", cases.By("U1"), now)
	})
	if l, err := h.Link(t.Context(), former); err != nil || l.Expired || l.Used {
		t.Errorf("after another answer was corrected: %+v, %v", l, err)
	}
	h.change(t, number, func(c *cases.Case, now time.Time) error {
		return c.CorrectAnswer(cases.FieldEmail, "right@example.org", cases.By("U1"), now)
	})
	for _, token := range []string{former, other} {
		if l, err := h.Link(t.Context(), token); err != nil || !l.Expired {
			t.Errorf("%+v, %v", l, err)
		}
		if err := h.UseLink(t.Context(), token, h.agrees(cases.AgreedInChat, 6666)); !errors.Is(err, postgres.ErrLinkExpired) {
			t.Errorf("whoever reads what comes to the former address acts: %v", err)
		}
	}
	if err := h.UseLink(t.Context(), h.link(t, number, postgres.LinkApproval, 0), h.agrees(cases.AgreedOnPage, 0)); err != nil {
		t.Errorf("the link at the new address: %v", err)
	}
}

func TestWhoCorrectsTheirAddressByALinkGoesOnWithIt(t *testing.T) {
	h := newHouse(t)
	number := h.writeUp(t)
	former, token := h.link(t, number, postgres.LinkApproval, 0), h.link(t, number, postgres.LinkApproval, 0)
	if err := h.ByLink(t.Context(), token, func(c *cases.Case, _ *cases.File, now time.Time) error {
		return c.CorrectAnswer(cases.FieldEmail, "right@example.org", cases.Complainant, now)
	}); err != nil {
		t.Fatal(err)
	}
	if err := h.UseLink(t.Context(), former, h.agrees(cases.AgreedOnPage, 0)); !errors.Is(err, postgres.ErrLinkExpired) {
		t.Errorf("another: %v", err)
	}
	sent := h.link(t, number, postgres.LinkApproval, 0)
	if err := h.UseLink(t.Context(), token, h.agrees(cases.AgreedOnPage, 0)); err != nil {
		t.Error(err)
	}
	if l, err := h.Link(t.Context(), sent); err != nil || !l.Used {
		t.Errorf("what was sent to the new address is still to be answered: %+v, %v", l, err)
	}
}

func TestLinksToAnAddressThatWasChangedInTheChatLeadNowhere(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	former, theirs := h.link(t, number, postgres.LinkAnswer, 0), h.link(t, number, postgres.LinkAnswer, 1)
	for _, step := range []struct {
		telephone, email string
		expired          bool
	}{{"+31 20 123 4567", "", false}, {"", "new@example.org", true}} {
		h.does(t, 7001, func(turn *postgres.Turn) error { return turn.ChangeContact(number, step.telephone, step.email) })
		if l, err := h.Link(t.Context(), former); err != nil || l.Expired != step.expired {
			t.Errorf("%+v: %+v, %v", step, l, err)
		}
	}
	if l, err := h.Link(t.Context(), theirs); err != nil || l.Expired {
		t.Errorf("that of a person concerned: %+v, %v", l, err)
	}
}
