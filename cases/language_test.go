package cases

import (
	"testing"
	"time"

	"websec.nl/gehoor/i18n"
)

func TestAComplainantWhoChangesTheLanguageIsWrittenToInIt(t *testing.T) {
	p := DefaultProcedure()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	c := Submit("K-2026-0001", Complaint{Language: i18n.Dutch, Answers: Words{FieldName: "Noor (invented)"}}, 7001, p, now)
	c.Events()
	c.ChangeLanguage(i18n.Dutch, now)
	c.ChangeLanguage("xx", now)
	if len(c.Events()) != 0 || c.Language != i18n.Dutch {
		t.Errorf("changed to %q", c.Language)
	}
	c.ChangeLanguage(i18n.English, now)
	all := c.Events()
	if len(all) != 1 || all[0].Kind != LanguageChanged || all[0].By != Complainant || all[0].Data["language"] != "en" || c.Language != i18n.English {
		t.Errorf("%+v, in %q", all, c.Language)
	}
	for _, n := range Notices(c, all[0]) {
		if n.Kind != Card {
			t.Errorf("%s is told by %s", n.Kind, n.To)
		}
	}
	if err := c.Withdraw("", now); err != nil {
		t.Fatal(err)
	}
	c.Events()
	c.ChangeLanguage(i18n.Dutch, now)
	if len(c.Events()) != 0 || c.Language != i18n.English {
		t.Errorf("a closed case changes to %q", c.Language)
	}
}
