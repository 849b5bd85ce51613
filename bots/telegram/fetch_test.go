package telegram_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/files"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/conversation"
)

// These tests queue files as the conversation does; which files it takes is its own to say.

// sends lets a person send a file, and queues it as one of the complaint that they are telling, or of a case. It returns what was
// sent.
func (s *stage) sends(number cases.Number, a playground.Attachment) []byte {
	s.t.Helper()
	m, _, err := s.Telegram().Attach(noor, a)
	if err != nil {
		s.t.Fatal(err)
	}
	s.alone(func(turn *postgres.Turn) error {
		return turn.Attach(number, cases.FieldProblem, m.ID, cases.Attachment{ID: m.FileID, Name: m.FileName, Type: "application/octet-stream"}, "")
	})
	return s.Telegram().File(m.FileID)
}

func (s *stage) alone(step func(*postgres.Turn) error) {
	s.t.Helper()
	if err := s.store.Alone(s.t.Context(), noor, step); err != nil {
		s.t.Fatal(err)
	}
}

// files is a complaint of its own, with the files that were sent.
func (s *stage) files() (number cases.Number) {
	s.t.Helper()
	s.alone(func(turn *postgres.Turn) error {
		c, err := turn.Submit(cases.Complaint{Language: "nl", Answers: cases.Words{cases.FieldSubject: "the help desk"}})
		if err == nil {
			number = c.Number
		}
		return err
	})
	return number
}

// states waits until the files of a case are in these states.
func (s *stage) states(number cases.Number, want ...cases.EnclosureState) (all []cases.Enclosure) {
	s.t.Helper()
	s.until("the files in their states", func() bool {
		dossier, err := s.store.File(s.t.Context(), number)
		if err != nil {
			s.t.Fatal(err)
		}
		all = dossier.Attachments
		for i, state := range want {
			if i >= len(all) || all[i].State != state {
				return false
			}
		}
		return len(all) == len(want)
	})
	return all
}

// begins lets somebody be known to the bot, so that it has where to speak.
func begins(t *testing.T) (*stage, *person) {
	t.Helper()
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.types("/start")
	p.hears("")
	return s, p
}

func TestFilesAreFetchedCleanedAndKept(t *testing.T) {
	s, _ := begins(t)
	sent := s.sends("", playground.Attachment{Kind: "photo"})
	s.sends("", playground.Attachment{Kind: "document", FileName: "../a letter.pdf"})
	s.sends("", playground.Attachment{Kind: "voice"})
	s.sends("", playground.Attachment{Kind: "video"})
	number := s.files()
	s.sends(number, playground.Attachment{Kind: "document", FileName: "later.txt", Data: []byte("One thing more.")})
	all := s.states(number, cases.EnclosureKept, cases.EnclosureKept, cases.EnclosureKept, cases.EnclosureKept, cases.EnclosureKept)
	want := []string{"picture image/jpeg file.jpg", "document application/pdf a letter.pdf", "sound audio/ogg file.ogg", "film video/mp4 invented.mp4",
		"text text/plain; charset=utf-8 later.txt"}
	for i, one := range all {
		if got := one.Kind + " " + one.Type + " " + one.Name; got != want[i] {
			t.Errorf("%q, want %q", got, want[i])
		}
	}
	const place = "Keurenplein" // which the telephone wrote into the photograph
	picture, err := s.store.Content(t.Context(), number, all[0].ID)
	if err != nil || !bytes.HasPrefix(picture.Content, []byte("\xff\xd8\xff")) || !bytes.Contains(sent, []byte(place)) || bytes.Contains(picture.Content, []byte(place)) {
		t.Errorf("%d of %d bytes, %v", len(picture.Content), len(sent), err)
	}
}

func TestFileThatCanNotBeKeptIsSaidInTheChatAndTheRoom(t *testing.T) {
	s, p := begins(t)
	s.sends("", playground.Attachment{Kind: "document", FileName: "tool.exe", Data: []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff")})
	p.hears("tool.exe")
	number := s.files()
	if one := s.states(number, cases.EnclosureRefused)[0]; one.Reason != "spoiled."+string(files.Unsuitable) {
		t.Errorf("because of %q", one.Reason)
	}
	s.sends(number, playground.Attachment{Kind: "document", FileName: "packed.zip", Data: []byte("PK\x05\x06" + strings.Repeat("\x00", 18))})
	p.hears("packed.zip")
	dossier, err := s.store.File(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	last := dossier.Events[len(dossier.Events)-1]
	if last.Kind != cases.Spoiled || last.Data["attachment"] != dossier.Attachments[1].ID {
		t.Errorf("on file: %+v", last)
	}
}

func TestFileThatCanNotBeKeptIsNoAnswerAndTakesNoRoom(t *testing.T) {
	s, p := begins(t)
	m, _, err := s.Telegram().Attach(noor, playground.Attachment{Kind: "document", FileName: "tool.exe", Data: []byte("MZ\x90\x00\x03\x00\x00\x00")})
	if err != nil {
		t.Fatal(err)
	}
	told := conversation.Session{
		Language: "nl", State: conversation.Subject, Consented: s.store.Now(), Story: conversation.Story{Files: 1, Bytes: 8},
		Answers: cases.Words{cases.FieldAuthority: "\x1ffiles:1"}, // as the file was taken for an answer
	}
	s.alone(func(turn *postgres.Turn) (err error) {
		if turn.Session, err = json.Marshal(told); err != nil {
			return err
		}
		return turn.Attach("", cases.FieldAuthority, m.ID, cases.Attachment{ID: m.FileID, Name: m.FileName, Size: 8}, "")
	})
	p.hears("tool.exe")
	s.until("the file, which came as an update as well, counts no more", func() bool {
		s.alone(func(turn *postgres.Turn) error {
			told = conversation.Session{}
			return json.Unmarshal(turn.Session, &told)
		})
		return told.Story.Files == 0 && told.Story.Bytes == 0
	})
	if told.Answers[cases.FieldAuthority] != "" {
		t.Errorf("answered by %q", told.Answers[cases.FieldAuthority])
	}
}

func TestFileOfOneByteTooManyIsNotRead(t *testing.T) {
	s, p := begins(t)
	// It says to be small, and is not.
	s.sends("", playground.Attachment{Kind: "document", FileName: "liar.txt", Data: bytes.Repeat([]byte("a"), files.MaxSize+1), Size: 5})
	p.hears("liar.txt")
	s.sends("", playground.Attachment{Kind: "document", FileName: "large.txt", Data: bytes.Repeat([]byte("a"), files.MaxSize+1)})
	p.hears("large.txt")
	s.sends("", playground.Attachment{Kind: "document", FileName: "just.txt", Data: bytes.Repeat([]byte("a"), files.MaxSize)})
	number := s.files()
	all := s.states(number, cases.EnclosureRefused, cases.EnclosureRefused, cases.EnclosureKept)
	for _, one := range all[:2] {
		if one.Reason != "spoiled."+string(files.TooLarge) {
			t.Errorf("%s is refused because of %q", one.Name, one.Reason)
		}
	}
}

func TestFetchingThatFailsIsTriedAgainUntilItWorks(t *testing.T) {
	s, _ := begins(t)
	var downloads, asked atomic.Int32
	s.Telegram().Fail(func(method string, _ *playground.Params) *playground.Failure {
		switch method {
		case "getFile":
			switch asked.Add(1) {
			case 1:
				return &playground.Failure{Status: http.StatusTooManyRequests, Description: "Too Many Requests: retry after 1", RetryAfter: 1}
			case 2:
				return &playground.Failure{Refuse: true}
			}
		case "download":
			switch downloads.Add(1) {
			case 1:
				return &playground.Failure{Drop: true} // in the middle
			case 2:
				return &playground.Failure{Status: http.StatusNotFound, Description: "Not Found"}
			}
		}
		return nil
	})
	s.sends("", playground.Attachment{Kind: "photo"})
	number := s.files()
	s.states(number, cases.EnclosureKept)
	if asked.Load() != 5 || downloads.Load() != 3 {
		t.Errorf("asked %d times, fetched %d times", asked.Load(), downloads.Load())
	}
}

func TestFileThatTelegramDoesNotHaveIsGivenUpInTheEnd(t *testing.T) {
	s, p := begins(t)
	s.Telegram().Fail(func(method string, _ *playground.Params) *playground.Failure {
		if method == "getFile" {
			return &playground.Failure{Status: http.StatusInternalServerError, Description: "Internal Server Error"}
		}
		return nil
	})
	s.sends("", playground.Attachment{Kind: "document", FileName: "gone.txt"})
	number := s.files()
	s.states(number, cases.EnclosureWaiting)
	s.Clock().Advance(25 * time.Hour)
	p.hears("gone.txt")
	if one := s.states(number, cases.EnclosureLost)[0]; one.Reason != "spoiled.lost" {
		t.Errorf("because of %q", one.Reason)
	}
}

func TestWhatGoesWrongInFetchingTellsNoToken(t *testing.T) {
	s, p := begins(t)
	var how atomic.Pointer[playground.Failure]
	var where atomic.Value
	s.Telegram().Fail(func(method string, _ *playground.Params) *playground.Failure {
		if method == where.Load() {
			return how.Load()
		}
		return nil
	})
	where.Store("getFile")
	how.Store(&playground.Failure{Refuse: true})
	s.sends("", playground.Attachment{Kind: "document", FileName: "gone.txt"})
	waiting, err := s.store.Waiting(t.Context(), nil, 10)
	at := slices.IndexFunc(waiting, func(o postgres.Outgoing) bool { return strings.HasPrefix(o.Lane, postgres.LaneFile) })
	if err != nil || at < 0 {
		t.Fatalf("nothing is to be fetched, %v", err)
	}
	for _, method := range []string{"getFile", "download"} {
		for _, failure := range []playground.Failure{
			{Refuse: true}, {Drop: true}, {Status: http.StatusBadRequest, Description: "Bad Request: wrong file_id or the file is temporarily unavailable"},
			{Status: http.StatusNotFound, Description: "Not Found"}, {Status: http.StatusFound}, {Body: "<html>no gateway</html>", Status: http.StatusBadGateway},
		} {
			where.Store(method)
			how.Store(&failure)
			err := s.bot.Take(t.Context(), waiting[at])
			if err == nil || strings.Contains(err.Error(), s.TelegramToken()) {
				t.Errorf("%s, %+v: %v", method, failure, err)
			}
		}
	}
	// After many times it is taken at its word that it has no such file.
	where.Store("getFile")
	how.Store(&playground.Failure{Status: http.StatusBadRequest, Description: "Bad Request: wrong file_id or the file is temporarily unavailable"})
	last := waiting[at]
	last.Attempts = 20
	if err := s.bot.Take(t.Context(), last); err != nil {
		t.Error(err)
	}
	p.hears("gone.txt")
	s.states(s.files(), cases.EnclosureLost)
}

func TestFileThatIsErasedMeanwhileIsNotFetched(t *testing.T) {
	s, _ := begins(t)
	hold, held := make(chan struct{}), make(chan struct{}, 1)
	s.Telegram().Fail(func(method string, _ *playground.Params) *playground.Failure {
		if method == "download" {
			held <- struct{}{}
			<-hold
		}
		return nil
	})
	s.sends("", playground.Attachment{Kind: "photo"})
	s.sends("", playground.Attachment{Kind: "photo"})
	<-held
	s.alone(func(turn *postgres.Turn) error { turn.Erase(); return nil })
	close(hold)
	s.until("nothing waits", func() bool {
		waiting, err := s.store.Waiting(t.Context(), nil, 10)
		return err == nil && len(waiting) == 0
	})
	var left int
	if err := s.pool.QueryRow(t.Context(), `SELECT count(*) FROM attachment`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d files, %v", left, err)
	}
	select {
	case <-held:
		t.Error("the second was fetched")
	default:
	}
}
