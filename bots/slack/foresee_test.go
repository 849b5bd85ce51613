package slack

import (
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
)

// asked turns to three working days before the last day, and returns the question in a member's direct messages.
func (w *world) asked(member string, texts ...string) (channel string, m playground.SlackMessage) {
	w.t.Helper()
	w.turn(10 * aDay) // Wednesday 2 December; the last day is Sunday the 6th
	channel = w.slack.Direct(member).ID
	return channel, w.message(channel, texts...)
}

// noLonger waits until a message says something no longer; what else it reminded of may still stand in it.
func (w *world) noLonger(channel, ts, text string) {
	w.t.Helper()
	w.until("the message to say no longer: "+text, func() bool { return !strings.Contains(w.at(channel, ts).AllText(), text) })
}

func TestTheOwnerIsAskedWhetherItWillBeDoneAndCanSayYes(t *testing.T) {
	w := newWorld(t)
	number, room, _ := w.taken()
	direct, m := w.asked(bram, "Is zaak K-2026-0001 uiterlijk zondag 6 december 2026 klaar?", "Ja, op tijd klaar", "Nee, het wordt later")
	w.press(bram, direct, m, actInTime)
	w.said(direct, bram, "In het dossier van zaak K-2026-0001 staat nu dat de zaak naar verwachting op tijd klaar is.")
	w.noLonger(direct, m.TS, "Is zaak K-2026-0001 uiterlijk")
	w.message(room.ID, mention(bram)+" verwacht dat de zaak uiterlijk zondag 6 december 2026 klaar is.")
	w.turn(aDay)
	w.quiet()
	asked := 0
	for _, e := range w.file(number).Events {
		if e.Kind == cases.Reminded && e.Data["milestone"] == "foreseen" {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("it is asked %d times, and was answered", asked)
	}
	// It can be answered otherwise, from the file.
	w.press(bram, board, w.card(number), actFile)
	w.view(bram, mention(bram)+" verwacht dat deze zaak uiterlijk zondag 6 december 2026 klaar is.", "Het wordt later", "Op tijd klaar")
	w.pressIn(bram, actForesee)
	w.view(bram, "Wanneer hoort de klager dit?", "Op de uiterste datum", "Nu meteen")
}

func TestAReasonThatIsGivenAheadReachesTheComplainantOnTheLastDay(t *testing.T) {
	w := newWorld(t)
	number, room, _ := w.taken()
	direct, m := w.asked(bram, "Is zaak K-2026-0001 uiterlijk zondag 6 december 2026 klaar?")
	w.press(bram, direct, m, actForesee)
	w.view(bram, "Waarom duurt het langer?")
	w.submit(bram, fields{fieldText: words("reason"), fieldUntil: "2026-12-04", fieldTold: toldThen})
	w.problem(bram, fieldUntil, "Kies een dag na zondag 6 december 2026")
	w.submit(bram, fields{fieldUntil: "2026-12-18"})
	v := w.view(bram, "Zo leest de klager het", words("reason"), "vrijdag 18 december 2026", "Dit gaat op zondag 6 december 2026 om 18.00 weg, als de zaak dan nog open is.")
	if strings.Contains(v.AllText(), "door niemand") {
		t.Errorf("the preview says:\n%s", v.AllText())
	}
	w.submit(bram, nil)
	w.noView(bram)
	w.noLonger(direct, m.TS, "Is zaak K-2026-0001 uiterlijk")
	w.message(room.ID, "niet op zondag 6 december 2026 klaar is, maar uiterlijk vrijdag 18 december 2026", words("reason"))
	w.quiet()
	if w.wasTold(number, cases.Delay) {
		t.Error("the complainant is told before the last day")
	}
	w.card(number, "zondag 6 december 2026") // as long as it can still be done

	// The chair changes it: what was written stands in the form, and the new words take its place.
	w.opensFrom(bram, number, actForesee, mention(bram)+" schreef al op waarom dat niet lukt.", words("reason"))
	w.submit(bram, fields{fieldText: words("better"), fieldUntil: "2026-12-16"})
	w.view(bram, words("better"), "woensdag 16 december 2026")
	w.submit(bram, nil)
	w.noView(bram)

	w.turn(4*aDay + 9*time.Hour) // a quarter past seven in the evening of the last day
	w.toldOf(number, cases.Delay)
	w.message(room.ID, "De klager krijgt de uitleg die eerder was opgeschreven. De nieuwe uiterste datum is woensdag 16 december 2026.", words("better"))
	w.card(number, "woensdag 16 december 2026")
	if w.wasTold(number, cases.LateNotice) {
		t.Error("the complainant hears as well that nobody gave a reason")
	}
}

func TestAReasonCanBeToldAtOnceInTheLanguagesOfBoth(t *testing.T) {
	w := newWorld(t)
	number := w.manyOwned(chris, 1)[0]
	direct, m := w.asked(chris, "Will case K-2026-0001 be done by Sunday 6 December 2026?", "Yes, in time", "No, it will be late")
	w.press(chris, direct, m, actForesee)
	w.view(chris, "Why is it taking longer?", "The complainant reads Dutch.")
	w.submit(chris, fields{fieldText: words("reason"), fieldUntil: "2026-12-18", fieldTold: toldNow})
	v := w.view(chris, "This is how the complainant reads it", words("reason"), "vrijdag 18 december 2026")
	if strings.Contains(v.AllText(), "Until then you can change it") {
		t.Error("it says that it goes out later")
	}
	w.submit(chris, nil)
	w.noView(chris)
	w.toldOf(number, cases.Delay)
	w.card(number, "vrijdag 18 december 2026")
	w.noLonger(direct, m.TS, "Will case K-2026-0001 be done")
}

func TestWhoeverMayNotSayWhetherItWillBeDoneIsRefused(t *testing.T) {
	w := newWorld(t, byHTTP)
	number := w.manyOwned(bram, 1)[0]
	channel, _ := w.slack.Channel(board)
	for n, member := range []string{dewi, eve} {
		w.forged(buttonPress(member, channel.ID, actInTime, string(number), "in-time-"+string(rune('a'+n))))
		w.forgedForm(member, actForesee, meta{Case: string(number), Step: stepForm}, map[string]string{fieldText: words("forged"), fieldUntil: "2026-12-18"})
	}
	if kinds := w.events(number); slices.Contains(kinds, cases.ForeseenInTime) || slices.Contains(kinds, cases.ForeseenLate) || count(kinds, cases.Refused) < 2 {
		t.Errorf("the case has %v", kinds)
	}
	w.turn(15 * aDay) // the last day is over
	w.forged(buttonPress(bram, channel.ID, actInTime, string(number), "late"))
	w.said(board, bram, "De uiterste datum van zaak K-2026-0001 is voorbij.")
}
