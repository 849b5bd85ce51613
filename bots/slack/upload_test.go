package slack

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// sends sends a file in a chat, which is fetched unless it is to wait.
func (w *world) sends(chat int64, content []byte, waits bool) (id string) {
	w.t.Helper()
	w.in(chat, func(turn *postgres.Turn) error {
		return turn.Attach("", cases.FieldProblem, 12, cases.Attachment{ID: "source", Name: canary + ".pdf", Type: "application/pdf"}, "")
	})
	waiting, err := w.store.Waiting(w.t.Context(), nil, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	at := slices.IndexFunc(waiting, func(o postgres.Outgoing) bool { return strings.HasPrefix(o.Lane, postgres.LaneFile) })
	if at < 0 {
		w.t.Fatal("nothing is to be fetched")
	}
	f, err := w.store.Fetching(w.t.Context(), waiting[at])
	if err == nil && !waits {
		err = w.store.Keep(w.t.Context(), f, cases.Document{Name: canary + ".pdf", Kind: "document", Type: "application/pdf", Content: content})
	}
	if err == nil { // nobody fetches here
		err = w.store.Settle(w.t.Context(), []postgres.Result{{Out: waiting[at], State: cases.Sent}})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return f.ID
}

// encloses files a complaint with a file, which is fetched unless it is to wait, and lets Bram take it.
func (w *world) encloses(content []byte, waits bool) (number cases.Number, id string) {
	w.t.Helper()
	id = w.sends(7001, content, waits)
	number = w.complains()
	w.take(bram, number)
	w.room(number)
	return number, id
}

func TestFileOfATalkComesToARoomThatIsMadeForIt(t *testing.T) {
	w := newWorld(t)
	w.sends(7002, []byte(canary), false)
	number := w.wantsToTalk()
	w.take(bram, number)
	if _, err := w.store.Surface(t.Context(), number, placeRoom); err == nil {
		t.Fatal("a talk has a room that nobody asked for")
	}
	w.asksFor(bram, number)
	room, pinned := w.room(number, "Schrijf de klager")
	w.until("the file in the room", func() bool { all, _ := w.inRoom(number); return len(all) == 1 })
	if room.Name != "g-2026-0001" || !room.Private {
		t.Errorf("the room is %q, private: %v", room.Name, room.Private)
	}
	w.press(bram, room.ID, pinned, actDone)
	w.view(bram, "Hoe ging het contact?")
	w.submit(bram, fields{fieldSolution: words("rung")})
	w.until("the room to be archived", func() bool { c, _ := w.slack.Channel(room.ID); return c.Archived })
}

// asksFor lets a member put the first file of a dossier into the room, from its window.
func (w *world) asksFor(member string, number cases.Number) {
	w.t.Helper()
	w.press(member, board, w.card(number), actFile)
	v := w.view(member, "Zet in de kamer")
	if err := w.slack.Click(playground.Click{Member: member, View: v.ID, ActionID: actUpload}); err != nil {
		w.t.Fatal(err)
	}
}

// inRoom are the files in the room of a case, with the words above them.
func (w *world) inRoom(number cases.Number) (all []playground.SlackFile, said []string) {
	w.t.Helper()
	room, _ := w.room(number)
	for _, m := range room.Messages {
		if len(m.Files) > 0 {
			all, said = append(all, m.Files...), append(said, m.Text)
		}
	}
	return all, said
}

func TestFileOfTheComplainantComesToTheRoomWhenAskedFor(t *testing.T) {
	w := newWorld(t)
	content := bytes.Repeat([]byte(canary), 300_000)
	number, id := w.encloses(content, false)
	w.asksFor(bram, number)
	w.until("the file in the room", func() bool { all, _ := w.inRoom(number); return len(all) == 1 })
	all, said := w.inRoom(number)
	if f := all[0]; f.Name != string(number)+"-1.pdf" || f.Title != f.Name || !bytes.Equal(f.Data, content) || !strings.Contains(said[0], "Bestand 1") {
		t.Errorf("%q (%q), %d bytes, under %q", f.Name, f.Title, len(f.Data), said[0])
	}
	events := w.file(number).Events
	if last := events[len(events)-1]; last.Kind != cases.Read || last.By != cases.By(bram) || last.Data["attachment"] != id {
		t.Errorf("on file: %+v", last)
	}
	for _, c := range w.slack.Channels() {
		for _, m := range c.Messages {
			if len(m.Files) > 0 && c.Name != strings.ToLower(string(number)) {
				t.Errorf("it stands in %q as well", c.Name)
			}
		}
	}
}

func TestFileThatIsNotThereYetIsNotPutInTheRoom(t *testing.T) {
	w := newWorld(t)
	number, _ := w.encloses(nil, true)
	w.asksFor(bram, number)
	w.view(bram, "wordt nog opgehaald")
	if n := w.called("files.getUploadURLExternal"); n != 0 {
		t.Errorf("%d uploads", n)
	}
}

func TestStrangerIsPutOutOfTheRoomBeforeAFileComesThere(t *testing.T) {
	w := newWorld(t)
	number, _ := w.encloses([]byte("%PDF"), false)
	room, _ := w.room(number)
	if err := w.slack.Join(eve, room.ID); err != nil {
		t.Fatal(err)
	}
	w.asksFor(bram, number)
	w.until("the file in the room", func() bool { all, _ := w.inRoom(number); return len(all) == 1 })
	if room, _ := w.room(number); slices.Contains(room.Members, eve) {
		t.Error("a stranger is there to see it")
	}
}

func TestUploadThatFailsIsMadeAgain(t *testing.T) {
	w := newWorld(t)
	number, _ := w.encloses([]byte("%PDF"), false)
	tries := 0
	w.goesWrong(func(method string, _ playground.SlackArgs) *playground.Failure {
		if method == "upload" {
			if tries++; tries < 3 {
				return &playground.Failure{Refuse: true}
			}
		}
		return nil
	})
	w.asksFor(bram, number)
	w.until("the file in the room", func() bool { all, _ := w.inRoom(number); return len(all) == 1 })
	if strings.Contains(w.logs.String(), "/slack/upload/") {
		t.Error("the address of an upload is in the log")
	}
}

func TestFileThatSlackDoesNotTakeHoldsUpNothingAndIsSaid(t *testing.T) {
	w := newWorld(t)
	number, _ := w.encloses([]byte("%PDF"), false)
	w.goesWrong(func(method string, _ playground.SlackArgs) *playground.Failure {
		if method == "files.getUploadURLExternal" {
			return &playground.Failure{Status: 200, Description: "file_uploads_disabled"}
		}
		return nil
	})
	w.asksFor(bram, number)
	w.replies(7001, number, "And one thing more.")
	w.message(w.slack.Direct(bram).ID, "Slack nam een bestand van zaak "+string(number)+" niet aan")
	room, _ := w.room(number)
	w.message(room.ID, "And one thing more.")
}
