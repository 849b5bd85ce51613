package postgres_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// settings are the built-in ones, but for what a file changes.
func settings(t testing.TB, yaml string) *cases.Procedure {
	t.Helper()
	p, found := cases.CheckProcedure([]byte(yaml), time.Time{}, nil)
	if p == nil {
		t.Fatal(found)
	}
	return p
}

func TestWhatBeganUnderASettingGoesOnUnderIt(t *testing.T) {
	h := newHouse(t)
	began := h.Procedure()
	number := h.file(t, 7001)
	h.take(t, number, ann)
	after := settings(t, "period: 30\nmilestones:\n  decided:\n    remind: [2]\nretention: 1000\ncommittee:\n  chair: U7CHAIR\nemail: new@example.org\n")
	h.Store = h.under(t, after, nil)
	second := h.file(t, 7002)

	p := h.ProcedureOf(began.Version)
	if p.Version != began.Version || p.Period != 14 || p.Retention != 730 || len(p.Questions) != len(began.Questions) {
		t.Errorf("what was promised is now %d days, kept for %d", p.Period, p.Retention)
	}
	if p.Committee.Chair != "U7CHAIR" || p.Email != "new@example.org" {
		t.Errorf("the chair is %q, and the address %q: not who they are now", p.Committee.Chair, p.Email)
	}
	if h.ProcedureOf(after.Version) != after || h.ProcedureOf("") != after || h.ProcedureOf(began.Version) != p {
		t.Error("the settings are read anew each time")
	}
	for which, want := range map[cases.Number]string{number: "2026-12-06", second: "2026-12-22"} {
		c, err := h.Case(t.Context(), which)
		if err != nil || c.LastDay(h.ProcedureOf(c.Version)).Format(time.DateOnly) != want {
			t.Errorf("case %s: last day %s, %v", which, c.LastDay(h.Procedure()), err)
		}
	}
	for h.now.Before(sunday.AddDate(0, 0, 13)) {
		h.tick(t)
		h.now = h.now.Add(6 * time.Hour)
	}
	if got, want := h.told(t, number), "27/11 10:15 decided>"; !strings.Contains(got, want) {
		t.Errorf("told\n%s\nwant %s", got, want)
	}
}

func TestTurnSetsUnderWhichSettingsItsCaseBegins(t *testing.T) {
	h := newHouse(t)
	began := h.Procedure()
	h.Store = h.under(t, settings(t, "period: 30\n"), nil)
	h.does(t, 7001, func(turn *postgres.Turn) error {
		if turn.Procedure.Period != 30 {
			t.Errorf("a turn begins with a period of %d days", turn.Procedure.Period)
		}
		turn.Procedure = h.ProcedureOf(began.Version)
		c, err := turn.Submit(cases.Complaint{Language: "nl", Answers: maps(answers)})
		if err == nil && (c.Version != began.Version || c.LastDay(began).Format(time.DateOnly) != "2026-12-06") {
			t.Errorf("version %s, last day %s", c.Version, c.LastDay(began))
		}
		return err
	})
}

func TestUnknownVersionFallsBackToWhatIsInForceAndIsReportedOnce(t *testing.T) {
	h := newHouse(t)
	var logged bytes.Buffer
	store := h.under(t, h.Procedure(), slog.New(slog.NewTextHandler(&logged, nil)))
	for range 3 {
		if store.ProcedureOf("0123456789ab") != store.Procedure() {
			t.Error("it is something else")
		}
	}
	if got := strings.Count(logged.String(), "0123456789ab"); got != 1 {
		t.Errorf("reported %d times: %s", got, logged.String())
	}
}

func TestWordsAreKeptForAsLongAsWasPromisedWhenTheCaseBegan(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	h.close(t, number, cases.Settled)
	h.Store = h.under(t, settings(t, "retention: 30\n"), nil)
	later := h.file(t, 7002)
	h.take(t, later, ann)
	h.close(t, later, cases.Settled)
	h.now = h.now.AddDate(0, 0, 31)
	if err := h.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	for which, kept := range map[cases.Number]bool{number: true, later: false} {
		if f, err := h.File(t.Context(), which); err != nil || (len(f.Answers) > 0) != kept {
			t.Errorf("case %s has %d answers, %v", which, len(f.Answers), err)
		}
	}
}
