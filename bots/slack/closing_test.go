package slack

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

func TestACaseIsClosedPointByPointAfterASecondLook(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) {
		p.Committee.SecondEyes = true
		p.Outside = cases.Outside{Name: "de Ombudsman (invented)"}
	})
	number, room, _ := w.taken()
	w.opensFrom(bram, number, actClose, "Een collega leest mee.", "Nog een punt")
	w.pressIn(bram, actAddPoint)
	w.view(bram, "Punt 1 van de klacht")
	w.submit(bram, fields{ofPoint(1, fieldText): words("the bill"), fieldOutcome: tick, fieldSolution: words("solved")})
	w.problem(bram, ofPoint(1, fieldOutcome), "Kies een uitkomst")
	w.pressIn(bram, actAddPoint)
	v := w.view(bram, "Punt 2 van de klacht")
	if !strings.Contains(string(v.State[ofPoint(1, fieldText)][fieldAction]), canary) || !strings.Contains(string(v.State[fieldSolution][fieldAction]), canary) {
		t.Error("what was typed is gone")
	}
	w.pressIn(bram, actAddMeasure)
	w.view(bram, "Maatregel 1")
	w.submit(bram, fields{
		ofPoint(1, fieldOutcome): "upheld", ofPoint(1, "why"): words("it was wrong"),
		ofPoint(2, fieldText): words("the tone"), ofPoint(2, fieldOutcome): "not-upheld", ofPoint(2, "why"): words("it was polite"),
		ofMeasure(1, fieldText): words("a checklist"), ofMeasure(1, "owner"): dewi,
	})
	w.problem(bram, ofMeasure(1, fieldUntil), "Hier staat nog niets.")
	w.submit(bram, fields{ofMeasure(1, fieldUntil): "2026-12-18"})
	v = w.view(bram, "Zo leest de klager het", words("solved"), words("the tone"), words("a checklist"), "de Ombudsman (invented)")
	if v.Submit != "Laat collega meelezen" {
		t.Errorf("what sends it says %s", v.Submit)
	}
	w.submit(bram, nil)
	w.noView(bram)
	if c := w.file(number).Case; !c.Open() || c.Work.Draft == 0 {
		t.Fatal("it went out without a second look")
	}
	m := w.message(w.slack.Direct(anna).ID, "een collega wil de zaak afsluiten", "Bekijken en akkoord")

	// Not by who wrote it; sent back with a reason only.
	draft := w.file(number).Case.Work.Draft
	for range 2 {
		answer := w.forgedForm(bram, actApprove, meta{Case: string(number), Step: stepForm, Event: draft}, map[string]string{fieldVerdict: verdictYes, fieldText: ""})
		if !strings.Contains(answer, "zelf geschreven") {
			t.Errorf("who wrote it hears %s", answer)
		}
	}
	w.press(anna, w.slack.Direct(anna).ID, m, actApprove)
	w.view(anna, "Zo leest de klager het", words("the bill"), words("it was wrong"), words("solved"), "Terugsturen: er moet iets anders")
	w.submit(anna, fields{fieldVerdict: verdictBack})
	w.problem(anna, fieldText, "Hier staat nog niets.")
	w.submit(anna, fields{fieldVerdict: verdictYes})
	w.noView(anna)
	w.toldOf(number, cases.Confirmation)
	w.card(number, "Afgesloten: deels gegrond")
	w.message(room.ID, "Punt 1: gegrond", words("it was wrong"), "Maatregel 1", words("a checklist"))
	w.press(anna, w.slack.Direct(anna).ID, m, actApprove)
	w.view(anna, "Zaak K-2026-0001 is afgesloten.")
	w.close(anna)

	// The measure is Dewi's, and stays to be done.
	direct := w.slack.Direct(dewi).ID
	m = w.message(direct, "is maatregel 1 voor u", "vrijdag 18 december 2026")
	w.press(dewi, direct, m, actMeasured)
	w.view(dewi, words("a checklist"))
	w.submit(dewi, fields{fieldText: words("done it")})
	w.noView(dewi)
	w.press(dewi, direct, m, actMeasured)
	w.view(dewi, "is al gedaan")
	w.close(dewi)
	if n := count(w.events(number), cases.MeasureDone); n != 1 {
		t.Errorf("it was done %d times", n)
	}
}

// views are all that a member's windows say.
func (w *world) views(member string) (all string) {
	for _, v := range w.slack.Views(member) {
		all += v.AllText()
	}
	return all
}

func TestAClosingThatIsSentBackIsWrittenAnew(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.SecondEyes = true })
	number, room, _ := w.taken()
	closing := func(text string) {
		t.Helper()
		w.opensFrom(bram, number, actClose, "Uitkomst")
		w.submit(bram, fields{fieldOutcome: "settled", fieldSolution: text})
		w.view(bram, "Zo leest de klager het", text)
		w.submit(bram, nil)
		w.noView(bram)
	}
	closing(words("too short"))
	m := w.sendsBack(room.ID)
	w.press(anna, w.slack.Direct(anna).ID, m, actApprove)
	w.view(anna, "Zaak K-2026-0001 is intussen verder.")
	w.close(anna)
	closing(words("long enough"))
	if w.wasTold(number, cases.Confirmation) || !w.file(number).Case.Open() {
		t.Error("it went out before it was approved")
	}
}

// sendsBack lets Anna send a drafted closing back, from the message in which she was asked, until its room says so.
func (w *world) sendsBack(room string) playground.SlackMessage {
	w.t.Helper()
	m := w.message(w.slack.Direct(anna).ID, "een collega wil de zaak afsluiten")
	w.press(anna, w.slack.Direct(anna).ID, m, actApprove)
	w.view(anna, words("too short"))
	w.submit(anna, fields{fieldVerdict: verdictBack, fieldText: words("say more")})
	w.noView(anna)
	w.message(room, words("say more"))
	return m
}

func TestAClosingThatIsSentBackOpensAsItWasDrafted(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.SecondEyes = true })
	number, room, _ := w.taken()
	readings := func(member string) (n int) {
		for _, e := range w.file(number).Events {
			if e.Kind == cases.Read && e.By == cases.By(cases.Member(member)) {
				n++
			}
		}
		return n
	}
	before := readings(bram)
	w.opensFrom(bram, number, actClose, "Uitkomst")
	if readings(bram) != before {
		t.Error("nothing was shown, and it is in the file as read")
	}
	w.pressIn(bram, actAddPoint)
	w.view(bram, "Punt 1 van de klacht")
	w.pressIn(bram, actAddMeasure)
	w.view(bram, "Maatregel 1")
	drafted := map[string]string{
		fieldOutcome: "partly", fieldSolution: words("too short"),
		ofPoint(1, fieldText): words("the bill"), ofPoint(1, fieldOutcome): "upheld", ofPoint(1, "why"): words("it was wrong"),
		ofMeasure(1, fieldText): words("a checklist"), ofMeasure(1, "owner"): dewi, ofMeasure(1, fieldUntil): "2026-12-18",
	}
	filled := fields{}
	for name, value := range drafted {
		filled[name] = value
	}
	w.submit(bram, filled)
	w.view(bram, "Zo leest de klager het", words("too short"))
	w.submit(bram, nil)
	w.noView(bram)
	w.sendsBack(room.ID)

	w.opensFrom(bram, number, actClose, "De tekst is ingevuld zoals die eerder is opgesteld.", "Punt 1 van de klacht", "Maatregel 1")
	v := w.view(bram, "Uitkomst")
	if told := v.AllText(); strings.Index(told, "U bereidt het afsluiten") > strings.Index(told, "De tekst is ingevuld") {
		t.Errorf("what is filled in is said before what the form is for:\n%s", told)
	}
	for name, value := range drafted {
		if !strings.Contains(string(v.State[name][fieldAction]), value) {
			t.Errorf("%s is filled in with %s, and not with %s", name, v.State[name][fieldAction], value)
		}
	}
	if n := readings(bram); n != before+1 {
		t.Errorf("of what Bram read the file has %d readings", n-before)
	}
	w.submit(bram, fields{fieldSolution: words("long enough")})
	w.view(bram, "Zo leest de klager het", words("long enough"), words("the bill"), words("a checklist"))
	w.submit(bram, nil)
	w.noView(bram)
	made, _ := w.store.Procedure().ClosingOf(w.lastEvent(number, cases.Drafted))
	if made.Outcome != cases.Partly || made.Solution != words("long enough") || len(made.Points) != 1 || len(made.Measures) != 1 {
		t.Errorf("what is drafted anew is %+v", made)
	}

	v = w.opensFrom(bram, number, actClose, "De tekst is ingevuld") // while it waits it can be changed as well
	if !strings.Contains(string(v.State[fieldSolution][fieldAction]), words("long enough")) {
		t.Errorf("what waits is not filled in: %s", v.State[fieldSolution][fieldAction])
	}
	w.close(bram)

	// Nobody else gets to see it: not who may read and not close, and not after the case was closed with it and reopened.
	i := interaction{Type: "block_actions", TriggerID: "of-chris"}
	i.User.ID = chris
	if _, err := w.bot.blank(t.Context(), i, forms[actClose], i18n.English, meta{Case: string(number)}); err == nil {
		t.Error("who may not close the case has the form of it")
	}
	if readings(chris) != 0 {
		t.Error("who may not close the case read what was drafted")
	}
	w.alters(number, func(c *cases.Case, now time.Time) error {
		if err := c.ApproveClosing(w.who(anna), w.store.Procedure(), now); err != nil {
			return err
		}
		return c.Reopen(w.who(anna), words("not solved"), w.store.Procedure(), now)
	})
	w.opensFrom(bram, number, actClose, "Uitkomst")
	if v := w.view(bram); has(v.AllText(), "ingevuld") || strings.Contains(string(v.State[fieldSolution][fieldAction]), canary) {
		t.Errorf("what it was closed with before is filled in: %s", v.AllText())
	}
}

func TestAnOutcomeThatFollowedFromThePointsOfADraftFollowsThemWhenTheyAreChanged(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.SecondEyes = true })
	number, _, _ := w.taken()
	w.opensFrom(bram, number, actClose, "Uitkomst")
	w.pressIn(bram, actAddPoint)
	w.view(bram, "Punt 1 van de klacht")
	w.pressIn(bram, actAddPoint)
	w.view(bram, "Punt 2 van de klacht")
	w.submit(bram, fields{
		fieldOutcome: tick, fieldSolution: words("solution"),
		ofPoint(1, fieldText): words("the bill"), ofPoint(1, fieldOutcome): "upheld", ofPoint(1, "why"): words("it was wrong"),
		ofPoint(2, fieldText): words("the tone"), ofPoint(2, fieldOutcome): "not-upheld", ofPoint(2, "why"): words("it was not"),
	})
	w.view(bram, "Zo leest de klager het")
	w.submit(bram, nil)
	w.noView(bram)
	outcome := func() cases.Outcome { return cases.Outcome(w.lastEvent(number, cases.Drafted).Data["outcome"]) }
	if got := outcome(); got != cases.Partly {
		t.Fatalf("of points that differ follows %s", got)
	}
	w.opensFrom(bram, number, actClose, "De tekst is ingevuld")
	w.submit(bram, fields{ofPoint(2, fieldOutcome): "upheld"})
	w.view(bram, "Zo leest de klager het")
	w.submit(bram, nil)
	w.noView(bram)
	if got := outcome(); got != cases.Upheld {
		t.Errorf("both points are upheld now, and the whole is %s", got)
	}
}

func TestClosingOverAnOpenHearingAsksWhy(t *testing.T) {
	w := newWorld(t)
	number, _, _ := w.taken()
	w.opensFrom(bram, number, actClose, "Uitkomst")
	if _, asked := w.view(bram, "Uitkomst").State[fieldDespite]; asked {
		t.Error("a reason is asked where nothing is open")
	}
	// While Bram has the form before him, Anna names somebody: what he typed stays, and the reason is asked.
	w.opensFrom(anna, number, actHear, "Er is nog niemand genoemd.")
	w.pressIn(anna, actAddParty)
	w.view(anna, "Lid van de werkruimte")
	w.submit(anna, fields{fieldMember: dewi})
	w.noView(anna)
	w.submit(bram, fields{fieldOutcome: "upheld", fieldSolution: words("solved")})
	v := w.view(bram, "is nog niet iedereen gehoord", "Waarom sluit u nu al af?", "Nog niet gehoord: 1")
	if !strings.Contains(string(v.State[fieldSolution][fieldAction]), canary) {
		t.Error("what was typed is gone")
	}
	w.submit(bram, fields{fieldDespite: words("she left")})
	w.view(bram, "Zo leest de klager het")
	w.submit(bram, nil)
	w.noView(bram)
	w.toldOf(number, cases.Confirmation)
	if got := w.lastEvent(number, cases.Ended).Words[cases.FieldDespite]; got != words("she left") {
		t.Errorf("the reason is %q", got)
	}
}

func TestTheLargestClosingFitsAWindow(t *testing.T) {
	w := newWorld(t)
	number, _, _ := w.taken()
	w.opensFrom(bram, number, actClose, "Uitkomst")
	filled := fields{fieldOutcome: "partly", fieldSolution: strings.Repeat("é", maxInput)}
	for n := range mostPoints {
		w.pressIn(bram, actAddPoint)
		w.view(bram, fmt.Sprintf("Punt %d van de klacht", n+1))
		filled[ofPoint(n+1, fieldText)], filled[ofPoint(n+1, "why")] = strings.Repeat("é", maxInput), strings.Repeat("é", maxInput)
		filled[ofPoint(n+1, fieldOutcome)] = "upheld"
	}
	for n := range mostMeasures {
		w.pressIn(bram, actAddMeasure)
		w.view(bram, fmt.Sprintf("Maatregel %d", n+1))
		filled[ofMeasure(n+1, fieldText)], filled[ofMeasure(n+1, "owner")] = strings.Repeat("é", maxInput), anna
		filled[ofMeasure(n+1, fieldUntil)] = "2026-12-18"
	}
	if v := w.view(bram, "Maatregel 3"); strings.Contains(v.AllText(), "Nog een punt") || strings.Contains(v.AllText(), "Nog een maatregel") {
		t.Error("more can be added than a closing has")
	}
	w.submit(bram, filled)
	w.view(bram, "Zo leest de klager het")
	w.submit(bram, nil)
	w.noView(bram)
	w.toldOf(number, cases.Confirmation)
}

func TestEachOfSomeQuickPressesAddsAPoint(t *testing.T) {
	w := newWorld(t)
	number, _, _ := w.taken()
	open := w.opensFrom(bram, number, actClose, "Nog een punt")
	quick := func(n int, action string) { // each says what the window held before any of them
		w.forged(map[string]any{
			"type": "block_actions", "trigger_id": fmt.Sprintf("quick-%d", n), "user": map[string]any{"id": bram},
			"actions": []any{map[string]any{"action_id": action, "value": string(number)}},
			"view": map[string]any{"id": open.ID, "type": "modal", "callback_id": actClose, "private_metadata": open.PrivateMetadata,
				"state": map[string]any{"values": map[string]any{}}},
		})
	}
	var pressing sync.WaitGroup
	for n, action := range []string{actAddPoint, actAddMeasure, actAddPoint, actAddPoint, actAddMeasure} {
		pressing.Go(func() { quick(n, action) })
	}
	pressing.Wait()
	w.view(bram, "Punt 3 van de klacht", "Maatregel 2")
	if v := w.view(bram); has(v.AllText(), "Punt 4") || has(v.AllText(), "Maatregel 3") {
		t.Errorf("there is more than was asked for: %s", v.AllText())
	}
	w.pressIn(bram, actAddPoint)
	w.view(bram, "Punt 4 van de klacht", "Maatregel 2")
}
