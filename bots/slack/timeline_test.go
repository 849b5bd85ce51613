package slack

import (
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
)

func TestTheFileShowsItsTimelinePastAndToCome(t *testing.T) {
	w := newWorld(t)
	number, _, _ := w.taken()
	w.replies(7001, number, words("answer"))
	w.quiet()
	w.press(bram, board, w.card(number), actFile)
	w.view(bram, "Wat de klager vertelde", "Tijdlijn")
	w.pressIn(bram, actTimeline)
	v := w.view(bram, "Tijdlijn van zaak K-2026-0001", "zondag 22 november 2026", "Nu. Hieronder staat wat er gebeurt als niemand meer iets doet.", "Pagina 1 van 3", "Dossier openen")
	if strings.Contains(v.AllText(), canary) {
		t.Error("the timeline has words of the complaint")
	}
	past, ahead, _ := strings.Cut(v.AllText(), "*Nu. ")
	if !has(past, "Opgepakt.") || strings.Contains(past, "dinsdag 24 november") || !has(ahead, "woensdag 25 november 2026", "08.00") {
		t.Errorf("the page says:\n%s", v.AllText())
	}
	w.pressIn(bram, actTimeline+"-on")
	w.view(bram, "Pagina 2 van 3", "uiterste datum")
	w.pressIn(bram, actTimeline+"-back")
	w.view(bram, "Pagina 1 van 3")
	w.pressIn(bram, actFile)
	w.view(bram, "Wat de klager vertelde")
	// It is the same in the language of the reader.
	w.press(chris, board, w.card(number), actFile)
	w.view(chris, "Timeline")
	w.pressIn(chris, actTimeline)
	w.view(chris, "Timeline of case K-2026-0001", "Now. Below is what happens if nobody does anything from now on.", "Wednesday 25 November 2026")
	if n := count(w.events(number), cases.Read); n == 0 {
		t.Error("nobody read the file")
	}
}

func TestTheTimelineSaysWhoIsPassedOver(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.Deputy = dewi })
	number, _, _ := w.taken()
	w.command(bram, board, "afwezig morgen t/m 11 december")
	w.press(bram, board, w.card(number), actFile)
	w.view(bram, "Tijdlijn")
	w.pressIn(bram, actTimeline)
	w.view(bram, "plaatsvervanger", "behandelaar (afwezig)")
}

func TestTheTimelineComesAsAPictureIntoTheRoomOfItsCaseAndNowhereElse(t *testing.T) {
	w := newWorld(t)
	number, _, _ := w.taken()
	w.press(bram, board, w.card(number), actFile)
	w.view(bram, "Tijdlijn")
	w.pressIn(bram, actTimeline)
	w.view(bram, "Tijdlijn in de kamer")
	w.pressIn(bram, actPicture)
	w.view(bram, "De tijdlijn van zaak K-2026-0001 staat nu in de kamer.")
	all, _ := w.inRoom(number)
	if len(all) != 1 || all[0].Name != "K-2026-0001-timeline.svg" || !has(string(all[0].Data), "<svg", "</svg>") || strings.Contains(string(all[0].Data), canary) {
		t.Errorf("in the room are %d files", len(all))
	}
	// Whoever was asked into the room by hand is put out before it comes.
	room, _ := w.room(number)
	anna := w.who(anna)
	w.alters(number, func(c *cases.Case, now time.Time) error {
		return c.Exclude(anna, dewi, words("why"), w.store.Procedure(), now)
	})
	w.quiet()
	for _, action := range []string{actTimeline, actPicture} {
		for n, member := range []string{dewi, eve} {
			i := interaction{Type: "block_actions", TriggerID: "pry-" + action + string(rune('a'+n)), Actions: []pressedButton{{ActionID: action, Value: string(number)}}}
			i.User.ID, i.Channel.ID, i.View.ID, i.View.Type = member, room.ID, "VNONE", "modal"
			if err := w.bot.pressed(t.Context(), i, &reply{send: func(any) error { return nil }}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if all, _ = w.inRoom(number); len(all) != 1 {
		t.Errorf("in the room are %d files", len(all))
	}
	w.pries(dewi, number, "why")
	w.keptFrom(dewi, "Tijdlijn van zaak")
	if n := count(w.events(number), cases.Refused); n < 4 {
		t.Errorf("%d tries are on file: %v", n, w.events(number))
	}
}
