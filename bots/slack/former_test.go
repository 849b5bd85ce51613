package slack

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// replaces waits until the case has another room than one.
func (w *world) replaces(number cases.Number, former playground.Channel) {
	w.t.Helper()
	w.until("another room", func() bool {
		at, err := w.store.Surface(w.t.Context(), number, placeRoom)
		c, _ := w.slack.Channel(at.Channel)
		return err == nil && at.Channel != former.ID && w.inside(string(w.file(number).Case.Owner), c.ID)
	})
}

// excludes lets the chair exclude somebody, and returns what she hears of it.
func (w *world) excludes(number cases.Number, member string) playground.SlackMessage {
	w.t.Helper()
	w.alters(number, func(c *cases.Case, now time.Time) error {
		return c.Exclude(w.who(anna), cases.Member(member), words("why"), w.store.Procedure(), now)
	})
	m := w.message(w.slack.Direct(anna).ID, mention(member)+" is uitgesloten door")
	w.quiet()
	return m
}

const archivedHint = "De kamer van deze zaak is gearchiveerd."

func TestARoomThatWasReplacedIsClosedToWhoIsExcluded(t *testing.T) {
	for name, story := range map[string][2]func(w *world, room string) error{
		"archived and opened again": {
			func(w *world, room string) error { return w.slack.Archive(bram, room, true) },
			func(w *world, room string) error { return w.slack.Archive(bram, room, false) },
		},
		"the bot thrown out and asked in again": {
			func(w *world, room string) error { return w.slack.Remove(bram, playground.BotUserID, room) },
			func(w *world, room string) error { return w.slack.Invite(bram, playground.BotUserID, room) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			number := w.complains()
			w.take(bram, number)
			room, _ := w.room(number)
			w.letIn(chris, room.ID, number)
			if err := story[0](w, room.ID); err != nil {
				t.Fatal(err)
			}
			w.replaces(number, room)
			w.quiet()
			if m := w.excludes(number, bram); !has(m.AllText(), archivedHint) {
				t.Errorf("the chair does not hear that Bram can read on:\n%s", m.AllText())
			}
			if err := story[1](w, room.ID); err != nil {
				t.Fatal(err)
			}
			w.until("Bram to be out, and the room archived", func() bool {
				c, _ := w.slack.Channel(room.ID)
				return c.Archived && !w.inside(bram, room.ID)
			})
			if !w.inside(chris, room.ID) {
				t.Error("who may be there was put out")
			}
		})
	}
}

func TestWhoEntersAFormerRoomAndMayNotIsToldOf(t *testing.T) {
	for name, wrong := range map[string]struct{ method, code, says string }{
		"and is put out":       {"conversations.archive", "restricted_action", mention(bram) + " vroeg " + mention(dewi) + " in de kamer"},
		"and can't be put out": {"conversations.kick", "is_archived", mention(dewi) + " kwam in een kamer van zaak"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			number := w.complains(aboutWhom("Dewi"))
			w.press(bram, w.slack.Direct(bram).ID, w.direct(bram, number), actTake)
			room, _ := w.room(number)
			if err := w.slack.Archive(bram, room.ID, true); err != nil {
				t.Fatal(err)
			}
			w.replaces(number, room)
			w.quiet()
			w.goesWrong(fails(wrong.method, -1, playground.Failure{Status: http.StatusOK, Description: wrong.code}))
			if err := w.slack.Archive(bram, room.ID, false); err != nil {
				t.Fatal(err)
			}
			if err := w.slack.Invite(bram, dewi, room.ID); err != nil {
				t.Fatal(err)
			}
			w.message(w.slack.Direct(anna).ID, wrong.says)
			if n := count(w.events(number), cases.Refused); n != 1 {
				t.Errorf("it is on file %d times", n)
			}
			if in := w.inside(dewi, room.ID); in != (wrong.method == "conversations.kick") {
				t.Errorf("Dewi is in the room: %t", in)
			}
		})
	}
}

func TestOnExclusionSomebodyIsPutOutOfAFormerRoomThatIsOpen(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	room, _ := w.room(number)
	if err := w.slack.Archive(bram, room.ID, true); err != nil {
		t.Fatal(err)
	}
	w.replaces(number, room)
	w.quiet()
	w.goesWrong(fails("conversations.archive", -1, playground.Failure{Status: http.StatusOK, Description: "restricted_action"}))
	if err := w.slack.Archive(bram, room.ID, false); err != nil {
		t.Fatal(err)
	}
	w.until("a try to close it", func() bool { return w.called("conversations.archive") > 0 })
	if m := w.excludes(number, bram); has(m.AllText(), archivedHint) {
		t.Errorf("the chair hears that Bram can read on, who can't:\n%s", m.AllText())
	}
	if w.inside(bram, room.ID) {
		t.Error("Bram is still in the former room")
	}
}

func TestTheRoomOfAClosedCaseIsArchivedAgain(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	room, pinned := w.room(number)
	closesQuickly(w, number, room, pinned)
	archived := func() bool { c, _ := w.slack.Channel(room.ID); return c.Archived }
	w.until("the room to be archived", archived)
	before := w.called("conversations.archive")
	if err := w.slack.Archive(bram, room.ID, false); err != nil {
		t.Fatal(err)
	}
	w.until("the room to be archived again", func() bool { return archived() && w.called("conversations.archive") > before })
}

func TestAnOwnerWhoIsBackIsLetIntoTheirRoom(t *testing.T) {
	for name, story := range map[string][2]func(w *world) error{
		"deactivated for a while": {
			func(w *world) error { return w.slack.Deactivate(bram, true) },
			func(w *world) error { return w.slack.Deactivate(bram, false) },
		},
		"out of the channel for a while": {
			func(w *world) error { return w.slack.Leave(bram, board) },
			func(w *world) error { return w.slack.Join(bram, board) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			number := w.complains()
			w.take(bram, number)
			room, _ := w.room(number)
			w.quiet()
			if m := w.command(anna, board, "vrij"); has(m.AllText(), string(number)) {
				t.Errorf("a case that Bram handles is said to be free:\n%s", m.AllText())
			}
			if err := story[0](w); err != nil {
				t.Fatal(err)
			}
			w.until("Bram to be out", func() bool { return !w.inside(bram, room.ID) })
			if m := w.command(anna, board, "vrij"); !has(m.AllText(), string(number)) {
				t.Errorf("a case that nobody can look after is not said to be free:\n%s", m.AllText())
			}
			if err := w.slack.OpenHome(anna); err != nil {
				t.Fatal(err)
			}
			w.until("a home without an empty list", func() bool {
				v, ok := w.slack.Home(anna)
				return ok && freeAtHome(v.AllText(), string(number))
			})
			w.message(board, mention(bram)+" kan zaak "+string(number)+" niet meer behandelen")
			if err := story[1](w); err != nil {
				t.Fatal(err)
			}
			w.until("Bram to be in the room again", func() bool { return w.inside(bram, room.ID) })

			// Whoever goes again is said again.
			if err := w.slack.Leave(bram, board); err != nil {
				t.Fatal(err)
			}
			w.until("a second word", func() bool {
				n := 0
				c, _ := w.slack.Channel(board)
				for _, m := range c.Messages {
					if has(m.AllText(), mention(bram)+" kan zaak "+string(number)+" niet meer behandelen") {
						n++
					}
				}
				return n == 2
			})
		})
	}
}

// freeAtHome says whether a case stands under what nobody handles on a home.
func freeAtHome(all, number string) bool {
	_, free, found := strings.Cut(all, i18n.T("home.unowned").In(i18n.Dutch))
	free, _, _ = strings.Cut(free, i18n.T("home.due").In(i18n.Dutch))
	return found && strings.Contains(free, number)
}
