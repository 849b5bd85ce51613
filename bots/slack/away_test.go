package slack

import (
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
)

// away is who is away now, or will be, as the store has it.
func (w *world) away() (lines []string) {
	w.t.Helper()
	all, err := w.store.Absences(w.t.Context(), w.store.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	p := w.store.Procedure()
	for _, a := range all {
		line := string(a.Member) + " " + p.In(a.From).Format(time.DateTime) + " "
		switch {
		case a.Gone:
			line += "gone"
		case !a.Until.IsZero():
			line += p.In(a.Until).Format(time.DateTime)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestAbsencesAreSetShownAndEndedByTheCommandInBothLanguages(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.Deputy = dewi })
	asks := func(member, text string, texts ...string) {
		t.Helper()
		if m := w.command(member, board, text); !has(m.AllText(), texts...) {
			t.Errorf("/klacht %s says to %s:\n%s\nnot %q", text, member, m.AllText(), texts)
		}
	}
	holds := func(want ...string) {
		t.Helper()
		if got := w.away(); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("away are %q, want %q", got, want)
		}
	}
	asks(bram, "afwezig", "Er is niemand afwezig.", "Ik ben er niet")
	asks(bram, "afwezig morgen t/m 3 december", "U bent afwezig van maandag 23 november 2026 tot en met donderdag 3 december 2026.", "Er zijn nu geen open zaken")
	holds("U2 2026-11-23 00:00:00 2026-12-04 00:00:00")
	asks(chris, "away until Friday", "You are away from Sunday 22 November 2026 until Friday 27 November 2026, that day included.")
	asks(chris, "away", "<@U3> is away until Friday 27 November 2026", "<@U2> will be away from Monday 23 November 2026 until Thursday 3 December 2026")
	asks(bram, "afwezig vrijdag t/m 7 december", "Samen met wat er al stond, bent u afwezig van maandag 23 november 2026 tot en met maandag 7 december 2026.", "Klopt dit niet? Typ dan `/klacht terug`")
	asks(anna, "afwezig @Bram 8 december", "Samen met wat er al stond, is "+mention(bram)+" afwezig van maandag 23 november 2026 tot en met dinsdag 8 december 2026.")
	holds("U2 2026-11-23 00:00:00 2026-12-09 00:00:00", "U3 2026-11-22 00:00:00 2026-11-28 00:00:00")
	asks(bram, "terug", "U bent er weer.")
	asks(bram, "terug", "U stond niet als afwezig genoteerd.")
	asks(chris, "back", "You are back.")
	holds()

	// For another, as the chair and the deputy may.
	asks(anna, "afwezig @Bram morgen", mention(bram)+" is afwezig van maandag 23 november 2026 tot en met maandag 23 november 2026.")
	asks(dewi, "away <@U3|chris> 24-11 2 weken", mention(chris)+" is afwezig van dinsdag 24 november 2026 tot en met maandag 7 december 2026.")
	holds("U2 2026-11-23 00:00:00 2026-11-24 00:00:00", "U3 2026-11-24 00:00:00 2026-12-08 00:00:00")
	asks(bram, "afwezig @Chris morgen", "Voor een ander kan alleen de voorzitter of de plaatsvervanger dit vastleggen.")
	asks(anna, "afwezig @Eve morgen", "Deze persoon is geen lid van de klachtencommissie")
	asks(anna, "afwezig @nobody morgen", "Deze persoon is geen lid van de klachtencommissie")
	asks(anna, "terug @Bram", mention(bram)+" is er weer.")
	asks(bram, "terug @Chris", "Voor een ander kan alleen de voorzitter")
	holds("U3 2026-11-24 00:00:00 2026-12-08 00:00:00")

	asks(bram, "afwezig ooit eens", "Het is niet duidelijk welke dagen u bedoelt.")
	asks(bram, "afwezig vanaf maandag", "Tot en met wanneer?")
	asks(bram, "afwezig 21-11-2026", "Het is niet duidelijk welke dagen u bedoelt.")
	asks(bram, "afwezig morgen t/m 31-12-2030", "meer dan een jaar vooruit")
	asks(eve, "afwezig morgen", "alleen voor leden van de klachtencommissie")
	holds("U3 2026-11-24 00:00:00 2026-12-08 00:00:00")
}

func TestWhoSetsAnAbsenceHearsToWhomTheirCasesGo(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.Deputy = chris })
	numbers := w.manyOwned(bram, 3)
	w.alters(numbers[1], func(c *cases.Case, now time.Time) error {
		return c.Exclude(w.who(anna), chris, words("why"), w.store.Procedure(), now)
	})
	w.quiet()
	m := w.command(bram, board, "afwezig morgen t/m vrijdag")
	if !has(m.AllText(), "Herinneringen over 2 zaken gaan intussen naar "+mention(chris)+": K-2026-0001, K-2026-0003.", "Herinneringen over 1 zaak gaan intussen naar "+mention(anna)+": K-2026-0002.") {
		t.Errorf("he hears:\n%s", m.AllText())
	}
	// The deputy does it for him, and hears nothing of what they must not see but that it is there.
	m = w.command(chris, board, "away <@U2> tomorrow until Friday")
	if !has(m.AllText(), "Reminders of 2 cases go to <@U3> meanwhile: K-2026-0001, K-2026-0003.", "1 case is not yours to see.") || strings.Contains(m.AllText(), "K-2026-0002") {
		t.Errorf("the deputy hears:\n%s", m.AllText())
	}
	w.turn(aDay) // Monday: he is away for longer, and somebody is to look after his cases
	w.message(w.slack.Direct(chris).ID, "<@U2> handles case K-2026-0001 and is away for some time.", "<@U2> handles case K-2026-0003", "Assign")
	w.message(w.slack.Direct(anna).ID, mention(bram)+" behandelt zaak K-2026-0002 en is een tijd afwezig.")
	w.quiet()
	w.keptFrom(chris, "K-2026-0002 and is away")
}

func TestTheFormOnTheHomeSetsAnAbsenceAndTheHomeShowsIt(t *testing.T) {
	w := newWorld(t)
	w.manyOwned(bram, 1)
	home := func(member string, texts ...string) playground.View {
		t.Helper()
		var v playground.View
		w.until("the home of "+member, func() bool {
			if err := w.slack.OpenHome(member); err != nil {
				t.Fatal(err)
			}
			v, _ = w.slack.Home(member)
			return has(v.AllText(), texts...)
		})
		return v
	}
	v := home(bram, "Ik ben er niet")
	if err := w.slack.Click(playground.Click{Member: bram, View: v.ID, ActionID: actAway}); err != nil {
		t.Fatal(err)
	}
	form := w.view(bram, "Eerste dag", "Laatste dag")
	if strings.Contains(form.AllText(), "Wie\n") {
		t.Error("he can choose for whom")
	}
	w.submit(bram, fields{fieldFrom: "2026-11-27", fieldUpTo: "2026-11-24"})
	w.problem(bram, fieldUpTo, "De laatste dag ligt vóór de eerste")
	w.submit(bram, fields{fieldFrom: "2026-11-24", fieldUpTo: "2026-11-27"})
	w.view(bram, "U bent afwezig van dinsdag 24 november 2026 tot en met vrijdag 27 november 2026.", "Herinneringen over 1 zaak gaan intussen naar "+mention(anna))
	w.close(bram)
	home(dewi, "Wie er niet is", mention(bram)+" is afwezig van dinsdag 24 november 2026 tot en met vrijdag 27 november 2026.")
	v = home(bram, mention(bram)+" is afwezig", "Ik ben er weer")
	if err := w.slack.Click(playground.Click{Member: bram, View: v.ID, ActionID: actReturn}); err != nil {
		t.Fatal(err)
	}
	w.view(bram, "U bent er weer. Herinneringen komen weer bij u.")
	w.close(bram)
	if all := w.away(); len(all) != 0 {
		t.Errorf("away are %q", all)
	}

	// The chair chooses for whom.
	v = home(anna, "Ik ben er niet", "Berichten die deze week vanzelf gaan", "K-2026-0001 · aan Bram (invented): er is nog geen persoonlijk contact met de klager")
	if err := w.slack.Click(playground.Click{Member: anna, View: v.ID, ActionID: actAway}); err != nil {
		t.Fatal(err)
	}
	w.view(anna, "Wie", "Eerste dag")
	w.submit(anna, fields{fieldWhose: dewi, fieldFrom: "2026-11-24", fieldUpTo: "2026-11-24"})
	w.view(anna, mention(dewi)+" is afwezig van dinsdag 24 november 2026 tot en met dinsdag 24 november 2026.")
	// Whoever is no chair can't, whatever they send.
	for member, field := range map[string]string{bram: chris, eve: eve} {
		w.forgedAway(member, field)
	}
	if all := w.away(); len(all) != 1 || !strings.HasPrefix(all[0], dewi) {
		t.Errorf("away are %q", all)
	}
}

// forgedAway sends a form of an absence that nobody showed to its sender.
func (w *world) forgedAway(member, whose string) {
	w.t.Helper()
	i := interaction{Type: "view_submission", TriggerID: "forged-away-" + member}
	i.User.ID = member
	i.View.CallbackID = actAway
	i.View.State.Values = map[string]map[string]fieldValue{
		fieldWhose: {fieldAction: {SelectedUser: whose}}, fieldFrom: {fieldAction: {SelectedDate: "2026-11-25"}}, fieldUpTo: {fieldAction: {SelectedDate: "2026-11-26"}},
	}
	if err := w.bot.submitted(w.t.Context(), i, &reply{send: func(any) error { return nil }}); err != nil {
		w.t.Fatal(err)
	}
}

func TestWhoIsDeactivatedOrLeavesIsGoneForTheClockUntilTheyComeBack(t *testing.T) {
	w := newWorld(t)
	w.manyOwned(bram, 1)
	gone := func(want bool) {
		t.Helper()
		w.until("the clock to know", func() bool {
			all := w.away()
			return (len(all) == 1 && strings.HasSuffix(all[0], "gone")) == want
		})
	}
	if err := w.slack.Leave(bram, board); err != nil {
		t.Fatal(err)
	}
	gone(true)
	if err := w.slack.Invite(anna, bram, board); err != nil {
		t.Fatal(err)
	}
	gone(false)
	if err := w.slack.Deactivate(bram, true); err != nil {
		t.Fatal(err)
	}
	gone(true)
	if err := w.slack.Deactivate(bram, false); err != nil {
		t.Fatal(err)
	}
	gone(false)
	if err := w.slack.Deactivate(eve, true); err != nil { // who has nothing to do with it
		t.Fatal(err)
	}
	if err := w.slack.Deactivate(anna, true); err != nil { // the chair
		t.Fatal(err)
	}
	w.until("the clock to know of the chair", func() bool { all := w.away(); return len(all) == 1 && strings.HasPrefix(all[0], anna) })
}

func TestWhoIsGoneIsFoundByTheNightlyLookAsWell(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.Members.List = []cases.Member{anna, bram, chris} })
	w.manyOwned(bram, 1)
	w.store.Procedure().Committee.Members.List = []cases.Member{anna, chris} // as by another start with other settings
	if err := w.bot.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all := w.away(); len(all) != 1 || !strings.HasPrefix(all[0], bram) {
		t.Errorf("away are %q", all)
	}
	w.store.Procedure().Committee.Members.List = []cases.Member{anna, bram, chris}
	if err := w.bot.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all := w.away(); len(all) != 0 {
		t.Errorf("away are %q", all)
	}
}
