package postgres_test

import (
	"bytes"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// request asks for a talk in the middle of a complaint.
func (h *house) request(t testing.TB, chat int64, talk cases.TalkRequest) (number cases.Number) {
	t.Helper()
	h.does(t, chat, func(turn *postgres.Turn) error {
		c, err := turn.Request(talk)
		if err == nil {
			number = c.Number
		}
		return err
	})
	return number
}

var askedFor = cases.TalkRequest{
	Language: "nl", Name: "Noor (invented)", Telephone: "+31 6 12345678", Told: cases.Words{cases.FieldWish: "rust"},
	Messages: map[string]int64{cases.FieldName: 11, cases.FieldTelephone: 12, cases.FieldWish: 13},
}

func TestFilesOfAComplaintGoAlongWithATalkAndStay(t *testing.T) {
	h, server := shelved(t)
	h.attach(t, 7001, "")
	kept := h.fetch(t)
	h.keep(t, kept)
	h.now = h.now.Add(time.Minute)
	h.attach(t, 7001, "") // which waits yet
	talk := h.request(t, 7001, askedFor)

	files := h.enclosed(t, talk)
	if len(files) != 2 || files[0].State != cases.EnclosureKept || files[0].Name != photo.Name || files[0].ID == kept.ID || files[1].State != cases.EnclosureWaiting {
		t.Fatalf("the talk has %+v", files)
	}
	if got, err := h.Content(t.Context(), talk, files[0].ID); err != nil || !bytes.Equal(got.Content, found.Content) {
		t.Errorf("its content: %v", err)
	}
	f, err := h.File(t.Context(), talk)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Events[0].Data["files"]; got != files[0].ID+" "+files[1].ID {
		t.Errorf("its first event has the files %q", got)
	}
	fetched := h.fetch(t) // the last that was queued is that of the talk
	if h.keep(t, fetched); fetched.ID != files[1].ID || h.enclosed(t, talk)[1].State != cases.EnclosureKept {
		t.Errorf("what waits of the talk was not fetched: %+v", fetched)
	}

	var complaint cases.Number
	h.does(t, 7001, func(turn *postgres.Turn) error {
		c, err := turn.Submit(cases.Complaint{Language: "nl", Answers: maps(answers)})
		if err == nil {
			complaint = c.Number
		}
		return err
	})
	if got := h.enclosed(t, complaint); len(got) != 2 || got[0].ID != kept.ID {
		t.Errorf("the complaint has %+v", got)
	}
	if len(server.Objects()) != 2 {
		t.Errorf("%d objects are kept", len(server.Objects()))
	}
}

func TestContentGoesWithTheLastOfItsFiles(t *testing.T) {
	h, server := shelved(t)
	h.attach(t, 7001, "")
	h.keep(t, h.fetch(t))
	talk := h.request(t, 7001, askedFor)
	h.does(t, 7001, func(turn *postgres.Turn) error {
		turn.Erase()
		return nil
	})
	h.sweep(t)
	files := h.enclosed(t, talk)
	if got, err := h.Content(t.Context(), talk, files[0].ID); err != nil || !bytes.Equal(got.Content, found.Content) || len(server.Objects()) != 1 {
		t.Fatalf("the content of the talk went with the draft: %v", err)
	}
	if _, err := h.pool.Exec(t.Context(), `DELETE FROM attachment`); err != nil {
		t.Fatal(err)
	}
	if h.sweep(t); len(server.Objects()) != 0 {
		t.Errorf("%d objects stay", len(server.Objects()))
	}
}

func TestContentOfFilesThatGoTogetherIsRemovedOnce(t *testing.T) {
	h, server := shelved(t)
	h.attach(t, 7001, "")
	h.keep(t, h.fetch(t))
	h.request(t, 7001, askedFor)
	if _, err := h.pool.Exec(t.Context(), `DELETE FROM attachment`); err != nil {
		t.Fatal(err)
	}
	if h.sweep(t); len(server.Objects()) != 0 {
		t.Errorf("%d objects stay", len(server.Objects()))
	}
}

func TestCorrectionSaysWhatItCorrects(t *testing.T) {
	h := newHouse(t)
	h.does(t, 7001, func(turn *postgres.Turn) error {
		turn.Append(1, "it began", 21)
		return nil
	})
	talk := h.request(t, 7001, askedFor)
	asked := h.now
	h.now = h.now.Add(time.Hour)
	h.does(t, 7001, func(turn *postgres.Turn) error { return turn.Reply(talk, "and more", 22) })
	replied := h.now
	h.now = h.now.Add(48 * time.Hour)
	for message, want := range map[int64]struct {
		event, answer string
		at            time.Time
	}{
		11: {"1", cases.FieldName, asked}, 12: {"1", cases.FieldTelephone, asked}, 13: {"1", cases.FieldWish, asked},
		21: {"1", cases.FieldProblem, asked}, 22: {"2", "", replied},
	} {
		h.does(t, 7001, func(turn *postgres.Turn) error {
			number, ok, err := turn.Correct(message, "other words")
			if number != talk || !ok {
				t.Errorf("message %d belongs to %q", message, number)
			}
			return err
		})
		f, err := h.File(t.Context(), talk)
		if err != nil {
			t.Fatal(err)
		}
		last := f.Events[len(f.Events)-1]
		if last.Kind != cases.Corrected || last.Data["event"] != want.event || last.Data["answer"] != want.answer || last.Data["date"] != want.at.UTC().Format(time.RFC3339) {
			t.Errorf("message %d: %+v", message, last)
		}
		if f.Answers[cases.FieldTelephone] != askedFor.Telephone {
			t.Errorf("message %d: what was asked for says %q", message, f.Answers)
		}
	}
}

func TestWordsThatComeLaterUnderAFileStandWhereItDoes(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	say := func(chat int64, words string, want cases.Number) {
		t.Helper()
		h.does(t, chat, func(turn *postgres.Turn) error {
			got, ok, err := turn.Correct(17, words)
			if got != want || ok != (want != "") {
				t.Errorf("%q stands in %q, want %q", words, got, want)
			}
			return err
		})
	}
	h.attach(t, 7001, number)
	say(7002, "of somebody else", "")
	say(7001, "the front", number)
	say(7001, "the back", number)
	f, err := h.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	added, corrected := f.Events[len(f.Events)-2], f.Events[len(f.Events)-1]
	if added.Kind != cases.Replied || added.Words[cases.FieldText] != "the front" {
		t.Errorf("on file: %+v", added)
	}
	if corrected.Kind != cases.Corrected || corrected.Words[cases.FieldText] != "the back" || corrected.Data["event"] != "3" {
		t.Errorf("on file: %+v", corrected)
	}

	h.attach(t, 7003, "")
	h.request(t, 7003, askedFor) // it goes along, and stays
	say(7003, "of what is being told", "")
}
