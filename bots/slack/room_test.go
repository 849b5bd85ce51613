package slack

import (
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// members waits until these, and nobody else but the bot, are in a room.
func (w *world) members(room string, wanted ...string) {
	w.t.Helper()
	wanted = append(wanted, playground.BotUserID)
	slices.Sort(wanted)
	w.until("the room to have just its members", func() bool {
		c, _ := w.slack.Channel(room)
		return slices.Equal(slices.Sorted(slices.Values(c.Members)), wanted)
	})
}

// readings counts how often a member came into the room of a case, by its file.
func (w *world) readings(number cases.Number, member string) (n int) {
	w.t.Helper()
	for _, e := range w.file(number).Events {
		if e.Kind == cases.Read && e.By == cases.By(cases.Member(member)) && e.Data["in"] == string(cases.ToRoom) {
			n++
		}
	}
	return n
}

func TestWhoPresidesIsAskedIntoTheRoomAndThatStandsInTheFileOnce(t *testing.T) {
	w := newWorld(t)
	number, room, _ := w.taken()
	w.members(room.ID, anna, bram)
	w.replies(7001, number, words("more"))
	w.message(room.ID, words("more"))
	w.quiet()
	if n := w.readings(number, anna); n != 1 {
		t.Errorf("%d times it stands in the file that she came in", n)
	}
	if n := w.readings(number, bram); n != 0 {
		t.Error("of the owner, who is known to be there, it stands in the file as well")
	}
	// Anybody else of the committee goes there by a button.
	m := w.command(chris, board, string(number))
	w.press(chris, board, m, actEnter)
	w.members(room.ID, anna, bram, chris)
	if n := w.readings(number, chris); n != 1 {
		t.Errorf("%d times it stands in the file that Chris came in", n)
	}
}

func TestTheRoomFollowsWhoPresides(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.Deputy = chris })
	number, room, _ := w.taken()
	w.members(room.ID, anna, bram)
	w.alters(number, func(c *cases.Case, now time.Time) error { return c.Recuse(w.who(anna), "", w.store.Procedure(), now) })
	w.members(room.ID, bram, chris)
	w.replies(7001, number, words("unseen"))
	w.message(room.ID, words("unseen"))
	w.quiet()
	w.keptFrom(anna, "unseen")
	w.alters(number, func(c *cases.Case, now time.Time) error {
		return c.Clear(w.who(chris), anna, words("why"), w.store.Procedure(), now)
	})
	w.members(room.ID, anna, bram, chris) // who was the one before may go on reading the file
	w.quiet()
	if a, c := w.readings(number, anna), w.readings(number, chris); a != 2 || c != 1 {
		t.Errorf("Anna came in %d times by the file, Chris %d times", a, c)
	}
}

func TestWhoPresidesAndIsExcludedIsNeverAskedIn(t *testing.T) {
	w := newWorld(t)
	number := w.complains(func(a cases.Words) { a[cases.FieldSubject] = "Anna (invented) " + canary })
	w.until("the chair to be excluded", func() bool { return w.file(number).Case.Excludes(anna) })
	w.press(bram, w.slack.Direct(bram).ID, w.direct(bram, number), actTake)
	room, _ := w.room(number)
	w.quiet()
	w.members(room.ID, bram)
	w.keptFrom(anna, canary)
}

func TestWhoIsAskedToLookAtAClosingIsAskedIntoTheRoom(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.SecondEyes, p.Committee.Deputy = true, dewi })
	number := w.complains()
	w.press(anna, board, w.card(number), actAssign)
	w.view(anna, "Wie behandelt zaak")
	w.submit(anna, fields{fieldTo: anna}) // the chair handles it, so that the deputy looks at the closing
	room, _ := w.room(number)
	w.members(room.ID, anna)
	w.opensFrom(anna, number, actClose, "Uitkomst")
	w.submit(anna, fields{fieldOutcome: "settled", fieldSolution: words("solved")})
	w.view(anna, "Zo leest de klager het")
	w.submit(anna, nil)
	w.noView(anna)
	w.message(w.slack.Direct(dewi).ID, "een collega wil de zaak afsluiten")
	w.members(room.ID, anna, dewi)
	if n := w.readings(number, dewi); n != 1 {
		t.Errorf("%d times it stands in the file that Dewi came in", n)
	}
}

func TestTheChannelAndTheRoomsHaveTheLanguageOfTheSettings(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.Language = i18n.English })
	number := w.complains()
	w.card(number, "Nobody yet", "Take", "Open case file")
	w.take(bram, number)
	w.card(number, "Taken")
	room, _ := w.room(number, "Write to complainant", "Close")
	w.message(room.ID, "took the case")
	w.press(bram, board, w.card(number), actFile)
	w.view(bram, "Wat de klager vertelde") // in his own
	w.close(bram)
	w.opensFrom(bram, number, actClose, "Uitkomst")
	w.submit(bram, fields{fieldOutcome: "settled", fieldSolution: words("solved")})
	w.view(bram, "Zo leest de klager het")
	w.submit(bram, nil)
	w.noView(bram)
	w.card(number, "Closed")
	for _, m := range w.slack.Direct(bram).Messages {
		if has(m.AllText(), "Case "+string(number)) {
			t.Errorf("he is spoken to in English: %s", m.AllText())
		}
	}
}

func TestTheRoomOfAClosedCaseNamesNothingThatCanNotBeDone(t *testing.T) {
	w := newWorld(t)
	number, _, _ := w.taken()
	const promise = "Wat u hier typt, gaat niet naar de klager."
	if _, pinned := w.room(number, promise); strings.Count(pinned.AllText(), "Schrijf de klager") != 2 { // the button, and where it is named
		t.Errorf("the card of an open case says:\n%s", pinned.AllText())
	}
	w.alters(number, func(c *cases.Case, now time.Time) error {
		return c.End(w.who(bram), cases.Closing{Outcome: cases.Upheld, Solution: words("solved")}, w.store.Procedure(), now)
	})
	if _, pinned := w.room(number, "Afgesloten: gegrond", promise); strings.Contains(pinned.AllText(), "Schrijf de klager") {
		t.Errorf("the card of a closed case says:\n%s", pinned.AllText())
	}
	for _, action := range []cases.Action{cases.Write, cases.Take, cases.End} {
		if cases.May(w.who(bram), action, &w.file(number).Case) == nil {
			t.Errorf("%s can be done, and is not offered", action)
		}
	}
	w.alters(number, func(c *cases.Case, now time.Time) error {
		return c.Reopen(w.who(bram), words("not solved"), w.store.Procedure(), now)
	})
	w.room(number, "Schrijf de klager", promise)
}
