package slack

import (
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
)

// digests turns to a moment, queues the overview as its schedule does, and returns all that stand in the channel.
func (w *world) digests(d time.Duration) (all []playground.SlackMessage) {
	w.t.Helper()
	w.turn(d)
	for range 2 { // two processes
		if err := w.store.QueueDigest(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
	w.until("the overview to be told", func() bool {
		waiting, err := w.store.Waiting(w.t.Context(), nil, 100)
		return err == nil && len(waiting) == 0
	})
	c, _ := w.slack.Channel(board)
	for _, m := range c.Messages {
		if has(m.AllText(), "Overzicht van ") {
			all = append(all, m)
		}
	}
	return all
}

func TestTheMorningsOverviewHasNumbersDaysAndOwnersAndNoWords(t *testing.T) {
	w := newWorld(t)
	owned := w.manyOwned(bram, 2)
	w.complains()
	secret := w.complains(aboutWhom("Dewi"))
	w.direct(bram, secret)
	all := w.digests(aDay) // Monday
	if len(all) != 1 {
		t.Fatalf("%d overviews", len(all))
	}
	if m := all[0]; !has(m.AllText(), "Overzicht van maandag 23 november 2026", "4 zaken zijn open.", "2 zaken zonder behandelaar", "• K-2026-0003 · uiterlijk zondag 6 december 2026 · Nog niemand", "en nog 1") ||
		strings.Contains(m.AllText()+string(m.Blocks), string(secret)) {
		t.Errorf("the overview says:\n%s", m.AllText())
	}
	all = w.digests(8 * aDay) // Tuesday in the week of the last day
	m := all[len(all)-1]
	if len(all) != 2 || !has(m.AllText(), "4 zaken moeten deze week klaar zijn", "• "+string(owned[0])+" · uiterlijk zondag 6 december 2026 · Bram (invented)") || strings.Contains(m.AllText(), mention(bram)) {
		t.Errorf("the overview says:\n%s", m.AllText())
	}
	all = w.digests(7 * aDay) // and in the week after it
	if m = all[len(all)-1]; !has(m.AllText(), "4 zaken te laat") {
		t.Errorf("the overview says:\n%s", m.AllText())
	}
	// All of it shows what who presses may see, in their language.
	w.press(chris, board, m, actDigest)
	if v := w.view(chris, "4 open cases", string(secret), "K-2026-0001"); has(v.AllText(), canary) {
		t.Error("it has words")
	}
	w.press(dewi, board, m, actDigest)
	if v := w.view(dewi, "3 open zaken", "K-2026-0001"); strings.Contains(v.AllText(), string(secret)) {
		t.Error("who is excluded sees the case in it")
	}
	w.keptFrom(dewi, string(secret)+" ·")
	press := interaction{Type: "block_actions", TriggerID: "forged-digest", Actions: []pressedButton{{ActionID: actDigest}}}
	press.User.ID = eve
	if shown, err := w.bot.openCases(t.Context(), eve, 1, "nl"); err == nil {
		t.Errorf("somebody outside the committee sees %+v", shown)
	}
}

func TestALongOverviewIsListedInPartAndWholeBehindItsButton(t *testing.T) {
	w := newWorld(t)
	const many = 45
	for range many {
		w.complains()
	}
	all := w.digests(aDay)
	if len(all) != 1 || !has(all[0].AllText(), "45 zaken zonder behandelaar", "en nog 37", "Alle open zaken") {
		t.Fatalf("%d overviews: %s", len(all), all[0].AllText())
	}
	w.press(bram, board, all[0], actDigest)
	w.view(bram, "45 open zaken", "Pagina 1 van 2", "K-2026-0001")
	w.pressIn(bram, actDigest+"-on")
	w.view(bram, "Pagina 2 van 2", "K-2026-0045")
}

func TestACommitteeWithoutOpenCasesHearsSoOnceAWeek(t *testing.T) {
	w := newWorld(t)
	if all := w.digests(0); len(all) != 0 { // Sunday
		t.Errorf("on a Sunday: %s", all[0].AllText())
	}
	all := w.digests(aDay)
	if len(all) != 1 || !has(all[0].AllText(), "Overzicht van maandag 23 november 2026", "Er zijn geen open zaken.") {
		t.Errorf("on Monday: %v", all)
	}
	if all = w.digests(aDay); len(all) != 1 {
		t.Errorf("on Tuesday: %s", all[1].AllText())
	}
	number := w.complains()
	who := w.who(bram)
	w.alters(number, func(c *cases.Case, now time.Time) error { return c.Take(who, now) })
	w.quiet()
	if all = w.digests(aDay); len(all) != 2 || !has(all[1].AllText(), "1 zaak is open.", "Geen zaak is te laat of zonder behandelaar, en geen zaak moet deze week klaar zijn.") {
		t.Errorf("on Wednesday: %v", all)
	}
}

func TestTheFirstWorkingDayOfAWeekNeedNotBeAMonday(t *testing.T) {
	p := cases.DefaultProcedure()
	for day, want := range map[string]bool{
		"2026-11-23": true, "2026-11-24": false, "2027-03-29": true, "2027-03-30": true, "2027-03-31": false, // the 29th is Easter Monday
	} {
		at, err := time.ParseInLocation(time.DateOnly, day, p.Location())
		if err != nil {
			t.Fatal(err)
		}
		if got := firstOfWeek(p, at); got != want {
			t.Errorf("%s: %v", day, got)
		}
	}
}
