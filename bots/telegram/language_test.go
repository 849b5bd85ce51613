package telegram_test

import (
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

func TestWhoChangesTheLanguageAfterFilingIsWrittenToInIt(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.complain()
	s.acts("K-2026-0001", take)
	p.types("/language")
	p.chooses("language:en")
	p.hears("From here on we write to you in English.")
	if e := s.happened("K-2026-0001", cases.LanguageChanged); e.Data["language"] != "en" || e.By != cases.Complainant {
		t.Errorf("on file: %+v", e)
	}
	s.acts("K-2026-0001", func(c *cases.Case, now time.Time) error { return c.Propose(ann, "a new report", now) })
	p.hears("we propose this solution")
	s.acts("K-2026-0001", func(c *cases.Case, now time.Time) error {
		return c.End(ann, cases.Closing{Outcome: cases.Upheld, Solution: "The report is there.", Despite: "it is there already"}, s.store.Procedure(), now)
	})
	p.hears("Your complaint K-2026-0001 is closed.")
	p.hears("how you feel we handled your complaint")
	if c := s.kase(); c.Language != i18n.English {
		t.Errorf("the language of the case is %q", c.Language) // in which its letters are
	}
}
