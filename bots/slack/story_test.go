package slack

import (
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
)

func TestACaseIsWorkedFromItsCardToItsEnd(t *testing.T) { wholeStory(t, newWorld(t)) }
func TestSignedHTTPDoesTheSame(t *testing.T)            { wholeStory(t, newWorld(t, byHTTP)) }

// wholeStory is one complaint, as Bram works it.
func wholeStory(t *testing.T, w *world) {
	number := w.complains()
	card := w.card(number, "Nog niemand", "zondag 6 december 2026 (nog 14 dagen)", "zondag 22 november 2026 om 10.15 uur", "Nederlands", "Ontvangen", "de chat", "Oppakken", "Toewijzen", "Dossier openen")
	if card.Text != "Klacht K-2026-0001" {
		t.Errorf("the notification of the card says %q", card.Text)
	}

	// Bram takes it, and gets a room of its own, where the chair is as well and nobody else.
	w.take(bram, number)
	w.card(number, "Opgepakt", mention(bram))
	room, pinned := w.room(number, "Schrijf de klager", "Persoonlijk contact vastleggen", "Uitleggen en verlengen", "Afsluiten")
	if room.Name != "k-2026-0001" || !room.Private {
		t.Errorf("the room is %q, private: %v", room.Name, room.Private)
	}
	w.members(room.ID, anna, bram)
	w.message(room.ID, "heeft de zaak opgepakt", mention(bram))
	w.until("the complainant to hear of it", func() bool { _, ok := w.told.Load(string(number) + "/in-hand"); return ok })

	// He reads the file, which is recorded.
	w.until("it to be known that no letter goes out", func() bool {
		return slices.ContainsFunc(w.file(number).Letters, func(d cases.Delivery) bool { return d.State == cases.NotSent })
	})
	w.press(bram, room.ID, pinned, actFile)
	v := w.view(bram, "Wat de klager vertelde", words("problem"), words("subject"), "Wat er is gebeurd", "Ontvangstbevestiging", "niet verstuurd")
	if v.Title != "Dossier K-2026-0001" || v.Submit != "" {
		t.Errorf("the file's window: %q, %q", v.Title, v.Submit)
	}
	w.close(bram)
	if n := count(w.events(number), cases.Read); n != 2 { // and the chair came into the room
		t.Errorf("%d readings are recorded", n)
	}

	// He writes, sees how it will read, changes it, sees it again, and sends it.
	w.press(bram, room.ID, pinned, actWrite)
	w.view(bram, "Uw bericht", "leest Nederlands")
	w.submit(bram, fields{fieldText: words("first")})
	w.view(bram, "Zo leest de klager het, via de chat, in het Nederlands", "Een bericht van de klachtencommissie van WebSec over K-2026-0001", words("first"))
	w.submit(bram, fields{fieldText: words("second")})
	w.view(bram, "Zo leest de klager het, via de chat", words("second"))
	if n := count(w.events(number), cases.Wrote); n != 0 {
		t.Fatalf("something was sent that was not shown")
	}
	w.submit(bram, nil)
	w.noView(bram)
	w.message(room.ID, "schreef de klager", words("second"))
	w.until("the message to go", func() bool { _, ok := w.told.Load(string(number) + "/message"); return ok })

	// The answer stands in the room, and its notification has no words.
	w.replies(7001, number, words("answer"))
	m := w.message(room.ID, "De klager schreef", words("answer"))
	if m.Text != mention(bram)+" Zaak K-2026-0001: de klager heeft geschreven" {
		t.Errorf("the notification says %q", m.Text)
	}

	speaks(t, w, number, room, pinned)
	extends(t, w, number, room)
	closes(t, w, number, room)
}

// speaks records the personal contact.
func speaks(t *testing.T, w *world, number cases.Number, room playground.Channel, pinned playground.SlackMessage) {
	t.Helper()
	w.press(bram, room.ID, pinned, actSpeak)
	w.view(bram, "Welke volgende stappen zijn afgesproken?", "De klager krijgt deze woorden.", "Dit blijft in het dossier. De klager krijgt het niet.")
	w.submit(bram, fields{fieldWhen: w.play.Clock().Now().Add(time.Hour).Unix(), fieldSteps: words("steps")})
	w.problem(bram, fieldWhen, "Dit moment moet nog komen.")
	w.submit(bram, fields{fieldWhen: w.play.Clock().Now().Add(-time.Minute).Unix(), fieldNote: words("note"), fieldSteps: words("steps")})
	v := w.view(bram, "Zo leest de klager het", "Dit hebben wij afgesproken", words("steps"))
	if preview, _, _ := strings.Cut(v.AllText(), "Wilt u iets veranderen?"); strings.Contains(preview, "note") {
		t.Error("the internal note is in what the complainant gets")
	}
	w.submit(bram, nil)
	w.message(room.ID, "had persoonlijk contact", words("note"), words("steps"), "alleen voor de commissie")
	w.card(number, "In gesprek met de klager")
}

// extends tells the complainant why it takes longer.
func extends(t *testing.T, w *world, number cases.Number, room playground.Channel) {
	t.Helper()
	_, pinned := w.room(number, "In gesprek")
	w.press(bram, room.ID, pinned, actExtend)
	w.view(bram, "zondag 6 december 2026", "Waarom duurt het langer?")
	w.submit(bram, fields{fieldText: words("reason"), fieldUntil: "2026-12-06"})
	w.problem(bram, fieldUntil, "Kies een dag na zondag 6 december 2026")
	w.submit(bram, fields{fieldUntil: "2026-12-18"})
	w.view(bram, "Zo leest de klager het, via de chat en per e-mail", words("reason"), "uiterlijk vrijdag 18 december 2026 klaar")
	w.submit(bram, nil)
	w.message(room.ID, "De nieuwe uiterste datum is vrijdag 18 december 2026", words("reason"))
	w.card(number, "vrijdag 18 december 2026 (nog 26 dagen)")
	if !w.file(number).Case.Explained {
		t.Error("the case does not know that it was explained")
	}
}

// closes ends the case, and with it the room.
func closes(t *testing.T, w *world, number cases.Number, room playground.Channel) {
	t.Helper()
	_, pinned := w.room(number, "18 december")
	w.press(bram, room.ID, pinned, actClose)
	w.view(bram, "Uitkomst", "De oplossing")
	w.submit(bram, fields{fieldOutcome: "partly", fieldSolution: words("solution")})
	w.view(bram, "Zo leest de klager het", "Uw klacht K-2026-0001 is afgesloten.", "voor een deel gegrond", words("solution"))
	w.submit(bram, nil)
	w.card(number, "Afgesloten: deels gegrond")
	w.message(room.ID, "heeft de zaak afgesloten: deels gegrond", words("solution"))
	w.until("the room to be archived", func() bool { c, _ := w.slack.Channel(room.ID); return c.Archived })
	w.until("the confirmation to go", func() bool { _, ok := w.told.Load(string(number) + "/confirmation"); return ok })
	for _, action := range []string{"Oppakken", "Toewijzen"} {
		if strings.Contains(w.card(number).AllText(), action) {
			t.Errorf("a closed case still offers %q", action)
		}
	}
}

func TestATalkIsTakenHeldAndCompleted(t *testing.T) {
	w := newWorld(t)
	number := w.wantsToTalk()
	w.card(number, "Verzoek om een gesprek G-2026-0001", "Oppakken", "Engels")
	w.take(chris, number)
	card := w.card(number, "Verzoek afronden", "Schrijf de klager")
	w.press(chris, board, card, actFile)
	w.view(chris, "What the complainant told", "When we can ring", words("soon"))
	w.close(chris)

	w.replies(7002, number, words("later"))
	m := w.message(w.slack.Direct(chris).ID, "The complainant of G-2026-0001 wrote to you")
	if !strings.Contains(m.AllText(), "Open case file") {
		t.Error("the message has no way to the file")
	}
	w.press(chris, board, w.card(number), actDone)
	w.view(chris, "How did the contact go?", "The complainant does not get it")
	w.submit(chris, fields{fieldSolution: words("well")})
	w.card(number, "Afgesloten: persoonlijk contact gehad")
	w.noView(chris)
	if c := w.file(number).Case; c.Outcome != cases.Talked || c.Open() {
		t.Errorf("the talk is %s, %s", c.Stage, c.Outcome)
	}
}

func TestTheChairAssignsACaseAndTheNewOwnerHearsOfIt(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.press(anna, board, w.card(number), actAssign)
	v := w.view(anna, "Wie behandelt zaak K-2026-0001?", "Anna (invented)", "Bram (invented)", "Chris (invented)", "Dewi (invented)")
	if strings.Contains(v.AllText(), "Eve") || strings.Contains(v.AllText(), "Gehoor") {
		t.Error("the list offers who is not of the committee")
	}
	w.submit(anna, fields{fieldTo: chris})
	w.card(number, mention(chris))
	m := w.message(w.slack.Direct(chris).ID, "Case K-2026-0001 has been assigned to you", "14 days left")
	if strings.Contains(m.AllText(), "zaak") {
		t.Error("Chris, whose Slack is in English, is spoken to in Dutch")
	}
	room, pinned := w.room(number, mention(chris))
	w.message(room.ID, "heeft de zaak toegewezen aan", mention(anna), mention(chris))

	// Handed over: the new owner comes into the room as well.
	w.press(anna, room.ID, pinned, actAssign)
	w.view(anna, "Wie behandelt zaak")
	w.submit(anna, fields{fieldTo: chris})
	w.problem(anna, fieldTo, "Deze persoon behandelt de zaak al.")
	w.submit(anna, fields{fieldTo: dewi})
	w.card(number, mention(dewi))
	w.until("Dewi to be in the room", func() bool { c, _ := w.slack.Channel(room.ID); return slices.Contains(c.Members, dewi) })
	w.message(w.slack.Direct(dewi).ID, "Zaak K-2026-0001 is aan u toegewezen")
}

// letIn brings a member into a room and returns the card that is pinned there.
func (w *world) letIn(member, room string, number cases.Number) playground.SlackMessage {
	w.t.Helper()
	if !w.inside(member, room) {
		if err := w.slack.Join(member, room); err != nil {
			w.t.Fatal(err)
		}
	}
	_, pinned := w.room(number)
	return pinned
}

func TestALongFileIsShownWholeInPages(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("Een lange zin die ergens over gaat. ", 9_000) + "het slot " + canary
	number := w.complains(func(a cases.Words) { a[cases.FieldProblem] = long })
	w.press(bram, board, w.card(number), actFile)
	seen, pagesSeen := "", 0
	for {
		v := w.view(bram, "Pagina", "van")
		pagesSeen++
		seen += v.AllText()
		if !strings.Contains(v.AllText(), "Volgende pagina") {
			break
		}
		hash := v.Hash
		if err := w.slack.Click(playground.Click{Member: bram, View: v.ID, ActionID: actOn}); err != nil {
			t.Fatal(err)
		}
		w.until("the next page", func() bool { top := w.slack.Views(bram); return len(top) == 1 && top[0].Hash != hash })
	}
	if pagesSeen < 3 || !strings.Contains(seen, "het slot "+canary) || strings.Count(seen, "Een lange zin") != 9_000 {
		t.Errorf("%d pages, %d sentences", pagesSeen, strings.Count(seen, "Een lange zin"))
	}
}
