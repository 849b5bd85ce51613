package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/mail"
	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/bots/telegram"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/files"
	"websec.nl/gehoor/cases/postgres"
)

const noor = 7001

type sender = func(context.Context, postgres.Outgoing) error

// faces are the real ones, to a stand-in for Telegram and a mail server.
func (w *world) faces(log *slog.Logger) (chats, letters sender) {
	bot, err := telegram.New(w.store, telegram.Config{Token: w.play.TelegramToken(), API: w.play.TelegramURL(), Log: log})
	if err != nil {
		w.t.Fatal(err)
	}
	post, err := mail.New(w.store, mail.Config{SMTPURL: "smtp://" + w.play.Mail().Address() + "?tls=none", From: "klachten@example.org", Log: log})
	if err != nil {
		w.t.Fatal(err)
	}
	return bot.Send, post.Send
}

// reachable is a world in which complainants are told for real, by people who spoke with the bot before.
func reachable(t *testing.T, change func(*cases.Procedure)) *world {
	t.Helper()
	return (&world{change: change, real: true}).begin(t, func(o *playground.Options, _ *Config) {
		o.Persons = playground.DefaultPersons()
		for n := range o.Persons {
			o.Persons[n].Started = true
		}
	})
}

func withMail(a cases.Words) { a[cases.FieldEmail] = "noor@example.org" }

func sample(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile("../playground/sample/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// put is what a field for files holds; the names and contents come in turn.
func (w *world) put(member string, all ...any) json.RawMessage {
	w.t.Helper()
	var list []json.RawMessage
	for n := 0; n < len(all); n += 2 {
		one, err := w.slack.Put(member, all[n].(string), all[n+1].([]byte))
		if err != nil {
			w.t.Fatal(err)
		}
		list = append(list, one)
	}
	return playground.Files(list...)
}

// writing is a complaint that Bram took, and his form to write to the complainant.
func (w *world) writing() (number cases.Number, room playground.Channel) {
	w.t.Helper()
	number = w.complains(withMail)
	w.take(bram, number)
	w.opensWriting(bram, number)
	room, _ = w.room(number)
	return number, room
}

func (w *world) opensWriting(member string, number cases.Number) {
	w.t.Helper()
	room, pinned := w.room(number)
	w.press(member, room.ID, pinned, actWrite)
	w.view(member, fieldOf(w, member))
}

// fieldOf is the name of the field for files, in the language of a member's Slack.
func fieldOf(_ *world, member string) string {
	if member == chris {
		return "Add files"
	}
	return "Bestanden toevoegen"
}

// chat is what the bot said to a person from the first message with the words on: the words, and the names of files.
func (w *world) chat(person int64, from string) (all []string) {
	for _, m := range w.play.Telegram().Messages(person) {
		if m.FromBot && (len(all) > 0 || strings.Contains(m.Text, from)) {
			all = append(all, m.Text+m.FileName+m.Caption)
		}
	}
	return all
}

func (w *world) document(person int64, name string) []byte {
	w.t.Helper()
	for _, m := range w.play.Telegram().Messages(person) {
		if m.FileName == name {
			return w.play.Telegram().File(m.FileID)
		}
	}
	w.t.Fatalf("there is no %s in the chat", name)
	return nil
}

// enclosed is the letter that brings files.
func (w *world) enclosed() playground.Letter {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	withFiles := func(l playground.Letter) bool { return len(l.Attachments) > 0 }
	if err := w.play.Mail().Wait(ctx, func(all []playground.Letter) bool { return slices.ContainsFunc(all, withFiles) }); err != nil {
		w.t.Fatal("no letter with files came")
	}
	all := w.play.Mail().Letters()
	return all[slices.IndexFunc(all, withFiles)]
}

func aMinute(p *cases.Procedure) { p.TakeBack = 60 }

func TestFilesGoAlongWithWordsByChat(t *testing.T) {
	w := reachable(t, aMinute)
	number, room := w.writing()
	photo, letter := sample(t, "photo.jpg"), sample(t, "letter.pdf")
	w.submit(bram, fields{fieldText: words("here they are"), "add-0": w.put(bram, canary+" brief.pdf", letter, canary+" foto.jpg", photo)})
	w.view(bram, "Zo leest de klager het", words("here they are"), "Hierna krijgt u deze 2 bestanden:", "Deze 2 bestanden gaan mee:",
		canary+" brief.pdf · 1 kB", canary+" foto.jpg · ")
	if f := w.file(number); len(f.Attachments) != 0 {
		t.Errorf("a preview put %d files into the dossier", len(f.Attachments))
	}
	w.submit(bram, nil)
	w.noView(bram)
	w.message(room.ID, words("here they are"), "Met deze 2 bestanden:", canary+" brief.pdf", "Tot dan kunt u het terugnemen")
	if len(w.chat(noor, "here they are")) != 0 {
		t.Error("it went out before its time")
	}
	w.play.Turn(time.Minute)
	w.message(room.ID, words("here they are"), "*Bericht van de commissie* via de chat: verstuurd", "*Bestand van de commissie* via de chat: verstuurd")
	w.until("the files", func() bool { return len(w.chat(noor, "here they are")) == 3 })
	said := w.chat(noor, "here they are")
	if !strings.Contains(said[0], "Hierna krijgt u deze 2 bestanden:\n"+canary+" brief.pdf\n"+canary+" foto.jpg") ||
		said[1] != canary+" brief.pdf" || said[2] != canary+" foto.jpg" {
		t.Errorf("the complainant got %q", said)
	}
	if !bytes.Equal(w.document(noor, canary+" brief.pdf"), letter) {
		t.Error("the document is another")
	}
	clean, err := files.Clean("foto.jpg", photo)
	if got := w.document(noor, canary+" foto.jpg"); err != nil || !bytes.Equal(got, clean.Content) || bytes.Equal(got, photo) {
		t.Errorf("the picture is another, or tells with what it was made: %v", err)
	}
	w.press(bram, room.ID, w.message(room.ID, "Dossier openen"), actFile)
	w.reads(bram, canary+" brief.pdf", "Met een bericht van <@"+bram+"> naar de klager gestuurd.")

	held, err := w.store.PersonalData(t.Context(), noor)
	if err != nil || len(held.Cases) != 1 || len(held.Cases[0].Files) != 2 || held.Cases[0].Files[0].By != cases.TheCommittee {
		t.Errorf("held on the complainant: %+v, %v", held, err)
	}
	w.keptFrom(eve, canary, "brief.pdf")
}

func TestFilesGoAlongWithWordsByMailWhereTheChatIsClosed(t *testing.T) {
	w := reachable(t, func(p *cases.Procedure) { p.TakeBack = 0 })
	number, room := w.writing()
	if err := w.play.Telegram().Block(noor, true); err != nil {
		t.Fatal(err)
	}
	letter := sample(t, "letter.pdf")
	w.submit(bram, fields{fieldText: words("by post then"), "add-0": w.put(bram, "één brief.pdf", letter, "notes", []byte("plain words"))})
	w.view(bram, "Zo leest de klager het", "één brief.pdf", "notes.txt")
	w.submit(bram, nil)
	w.message(room.ID, words("by post then"), "*Bericht van de commissie* via e-mail: verstuurd")
	got := w.enclosed()
	if !strings.Contains(got.Text, words("by post then")) || !strings.Contains(got.Text, "Bij deze brief zitten 2 bestanden.") || len(got.Attachments) != 2 {
		t.Fatalf("the letter reads\n%s\nwith %d files", got.Text, len(got.Attachments))
	}
	if one := got.Attachments[0]; one.Name != "één brief.pdf" || one.Type != "application/pdf" || !bytes.Equal(one.Data, letter) {
		t.Errorf("enclosed: %q, %s, %d bytes", one.Name, one.Type, len(one.Data))
	}
	if two := got.Attachments[1]; two.Name != "notes.txt" || two.Type != "text/plain" || string(two.Data) != "plain words" {
		t.Errorf("enclosed: %q, %s, %q", two.Name, two.Type, two.Data)
	}
	w.quiet()
	if n := count(w.events(number), cases.Unreachable); n != 1 {
		t.Errorf("that the chat is closed is on file %d times", n)
	}
	if n := len(slices.DeleteFunc(w.play.Mail().Letters(), func(l playground.Letter) bool { return len(l.Attachments) == 0 })); n != 1 {
		t.Errorf("%d letters brought files", n)
	}
}

func TestFileThatTelegramRefusesGoesByMail(t *testing.T) {
	w := reachable(t, func(p *cases.Procedure) { p.TakeBack = 0 })
	w.play.Telegram().Fail(func(method string, _ *playground.Params) *playground.Failure {
		if method == "sendDocument" {
			return &playground.Failure{Status: http.StatusBadRequest, Description: "Bad Request: IMAGE_PROCESS_FAILED"}
		}
		return nil
	})
	_, room := w.writing()
	w.submit(bram, fields{fieldText: words("one of them"), "add-0": w.put(bram, "a.pdf", sample(t, "letter.pdf"), "b.pdf", sample(t, "letter.pdf"))})
	w.view(bram, "Zo leest de klager het")
	w.submit(bram, nil)
	if got := w.enclosed(); len(got.Attachments) != 2 {
		t.Errorf("%d files by mail", len(got.Attachments))
	}
	w.message(room.ID, "Telegram nam een bestand niet aan.")
	w.message(room.ID, words("one of them"), "*Bericht van de commissie* via de chat: verstuurd",
		"*Bestand van de commissie* via de chat: niet aangekomen", "*Bericht van de commissie* via e-mail: verstuurd")
	if said := w.chat(noor, "one of them"); len(said) != 1 {
		t.Errorf("the chat has %q", said)
	}
}

func TestEachFileIsSentOnceThoughTheNextOneWaits(t *testing.T) {
	w := reachable(t, func(p *cases.Procedure) { p.TakeBack = 0 })
	tries := 0
	w.play.Telegram().Fail(func(method string, _ *playground.Params) *playground.Failure {
		if method != "sendDocument" {
			return nil
		}
		if tries++; tries == 2 || tries == 3 { // of the second file
			return &playground.Failure{Status: http.StatusTooManyRequests, Description: "Too Many Requests: retry after 1", RetryAfter: 1}
		}
		return nil
	})
	w.writing()
	pdf := sample(t, "letter.pdf")
	w.submit(bram, fields{fieldText: words("three"), "add-0": w.put(bram, "a.pdf", pdf, "b.pdf", pdf, "c.pdf", pdf)})
	w.view(bram, "Zo leest de klager het")
	w.submit(bram, nil)
	w.until("three files", func() bool { return len(w.chat(noor, "three")) >= 4 })
	w.quiet()
	if said := w.chat(noor, "three"); !slices.Equal(said[1:], []string{"a.pdf", "b.pdf", "c.pdf"}) {
		t.Errorf("the complainant got %q", said)
	}
}

func TestFilesAreTakenBackWithTheirWords(t *testing.T) {
	w := reachable(t, aMinute)
	_, room := w.writing()
	w.submit(bram, fields{fieldText: words("too soon"), "add-0": w.put(bram, canary+".pdf", sample(t, "letter.pdf"))})
	w.view(bram, "Dit bestand gaat mee:")
	w.submit(bram, nil)
	w.press(bram, room.ID, w.message(room.ID, words("too soon"), "Terugnemen"), actTakeBack)
	w.message(room.ID, words("too soon"), "Teruggenomen.")
	w.message(board, "een bericht aan de klager is teruggenomen") // the card no longer says that somebody wrote
	w.play.Turn(2 * time.Minute)
	w.quiet()
	if said := w.chat(noor, "too soon"); len(said) != 0 {
		t.Errorf("the complainant got %q", said)
	}
	w.press(bram, room.ID, w.message(room.ID, "Dossier openen"), actFile)
	w.reads(bram, "Van <@"+bram+">, teruggenomen. De klager heeft dit niet gekregen.")
	held, err := w.store.PersonalData(t.Context(), noor)
	if err != nil || len(held.Cases[0].Files) != 0 {
		t.Errorf("the complainant is told of it: %+v, %v", held, err)
	}
}

func TestFileThatCanNotGoAlongIsSaidAndTheWordsStay(t *testing.T) {
	w := reachable(t, func(p *cases.Procedure) { p.TakeBack = 0 })
	number := w.complains(withMail)
	w.take(chris, number)
	w.opensWriting(chris, number)
	program := append([]byte("MZ"), make([]byte, 200)...)
	w.submit(chris, fields{fieldText: words("see this"), "add-0": w.put(chris, "report.pdf", sample(t, "letter.pdf"), "update.exe", program, "empty.pdf.zip", []byte("PK\x03\x04rest"))})
	shown := w.view(chris, "Nothing has been sent yet. This can't be sent:", "update.exe", "You could make a PDF", "These files go with it", "report.pdf")
	if !strings.Contains(string(shown.Blocks), words("see this")) {
		t.Error("the words are lost")
	}
	if said := w.chat(noor, "see this"); len(said) != 0 {
		t.Errorf("the complainant got %q", said)
	}
	w.submit(chris, nil)
	w.view(chris, "This is how the complainant reads it", "This file goes with it:", "report.pdf")
	w.submit(chris, nil)
	w.until("the file", func() bool { return len(w.chat(noor, "see this")) == 2 })
	if f := w.file(number); len(f.Attachments) != 1 || f.Attachments[0].Name != "report.pdf" {
		t.Errorf("in the dossier: %+v", f.Attachments)
	}
}

func TestFilesThatAreTooLargeAreSaidAtTheirField(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) {
		p.Limits.MegabytesEach, p.Limits.MegabytesTotal, p.Limits.MegabytesAlong = 2, 5, 3
	})
	_, _ = w.writing()
	large := func(megabytes int) []byte { return bytes.Repeat([]byte("words "), megabytes<<20/6-1) }
	w.submit(bram, fields{fieldText: words("large"), "add-0": w.put(bram, "a.txt", large(3))})
	w.problem(bram, "add-0", "groter dan 2 MB")
	w.submit(bram, fields{"add-0": w.put(bram, "a.txt", large(2), "b.txt", large(2))})
	w.problem(bram, "add-0", "Samen zijn deze bestanden groter dan 3 MB")
	w.submit(bram, fields{"add-0": w.put(bram, "a.txt", large(2))})
	w.view(bram, "Zo leest de klager het", "a.txt")
	w.submit(bram, fields{"add-1": w.put(bram, "b.txt", large(2))}) // to those that are there
	w.problem(bram, "add-1", "Samen zijn deze bestanden groter dan 3 MB")
	w.submit(bram, fields{"add-1": w.put(bram)})
	w.noView(bram) // what was shown went out
}

func TestFileIsLeftOutThatIsUntickedAndAnotherAdded(t *testing.T) {
	w := reachable(t, func(p *cases.Procedure) { p.TakeBack = 0 })
	number, _ := w.writing()
	pdf := sample(t, "letter.pdf")
	w.submit(bram, fields{fieldText: words("which"), "add-0": w.put(bram, "wrong.pdf", pdf)})
	w.view(bram, "Zo leest de klager het", "wrong.pdf")
	w.submit(bram, fields{"files-1": json.RawMessage(`{"type":"checkboxes","selected_options":[]}`), "add-1": w.put(bram, "right.pdf", pdf)})
	v := w.view(bram, "Zo leest de klager het", "right.pdf")
	if strings.Contains(v.AllText(), "wrong.pdf") {
		t.Errorf("what was left out is there: %s", v.AllText())
	}
	w.submit(bram, nil)
	w.until("the file", func() bool { return len(w.chat(noor, "which")) == 2 })
	if all := w.file(number).Attachments; len(all) != 1 || all[0].Name != "right.pdf" {
		t.Errorf("in the dossier: %+v", all)
	}
}

func TestFileThatSlackDoesNotGiveOutIsSaid(t *testing.T) {
	for name, how := range map[string]*playground.Failure{
		"a page to sign in": {Status: http.StatusOK, Body: "<!DOCTYPE html><title>Sign in</title>"},
		"nothing":           {Status: http.StatusInternalServerError, Description: "trouble"},
		"no right":          {Status: http.StatusForbidden, Description: "no"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			_, _ = w.writing()
			w.goesWrong(func(method string, _ playground.SlackArgs) *playground.Failure {
				if method == "download" {
					return how
				}
				return nil
			})
			w.submit(bram, fields{fieldText: words("lost"), "add-0": w.put(bram, "a.pdf", sample(t, "letter.pdf"))})
			v := w.view(bram, "Er is nog niets verstuurd. Dit kan niet mee:", "a.pdf", "Het was niet op te halen.")
			if !strings.Contains(string(v.Blocks), words("lost")) || strings.Contains(v.AllText(), "gaan mee") {
				t.Errorf("the form shows %s", v.AllText())
			}
			w.goesWrong(nil)
			w.submit(bram, fields{"add-1": w.put(bram, "a.pdf", sample(t, "letter.pdf"))})
			w.view(bram, "Zo leest de klager het", words("lost"), "a.pdf")
		})
	}
}

func TestFormStandsWithItsWordsWhileFilesAreFetched(t *testing.T) {
	w := newWorld(t)
	number, _ := w.writing()
	w.goesWrong(func(method string, _ playground.SlackArgs) *playground.Failure {
		if method == "download" {
			return &playground.Failure{Hang: true}
		}
		return nil
	})
	w.submit(bram, fields{fieldText: words("slow"), "add-0": w.put(bram, "a.pdf", sample(t, "letter.pdf"))})
	v := w.view(bram, "Een ogenblik: wij halen de bestanden op", "a.pdf")
	if !strings.Contains(string(v.Blocks), words("slow")) {
		t.Error("the words are lost")
	}
	w.bot.ended.Do(func() { close(w.bot.ending) }) // the program ends
	v = w.view(bram, "Dit bestand is nog niet opgehaald.", "a.pdf")
	if !strings.Contains(string(v.Blocks), words("slow")) || count(w.events(number), cases.Wrote) != 0 {
		t.Error("the words are lost, or went out")
	}
	// Another process goes on: what waits is fetched when the form is sent again.
	w.goesWrong(nil)
	w.bot.ending = make(chan struct{})
	w.submit(bram, nil)
	w.view(bram, "Zo leest de klager het", words("slow"), "a.pdf")
}

func TestWhatFollowsTheFilesIsShownInTheWindowThatTheAnswerPutThere(t *testing.T) {
	w := newWorld(t)
	w.writing()
	w.submit(bram, fields{fieldText: words("quick"), "add-0": w.put(bram, "a.pdf", sample(t, "letter.pdf"))})
	w.view(bram, "Zo leest de klager het", words("quick"), "a.pdf")
	w.mu.Lock()
	defer w.mu.Unlock()
	named := false
	for _, c := range w.calls {
		if c.method == "views.update" && strings.Contains(c.args["view"], "Zo leest de klager het") {
			named = c.args["external_id"] != "" && c.args["view_id"] == ""
		}
	}
	if !named {
		t.Error("it may be shown before that, which then stays in its place")
	}
}

func TestWhoIsExcludedNeverSeesFilesThatGoAlong(t *testing.T) {
	w := reachable(t, func(p *cases.Procedure) { p.TakeBack = 0 })
	number := w.files(withMail, aboutWhom("Dewi"))
	m := w.direct(bram, number)
	w.press(bram, w.slack.Direct(bram).ID, m, actTake)
	w.opensWriting(bram, number)
	secret := "geheimenis"
	w.submit(bram, fields{fieldText: words("see"), "add-0": w.put(bram, secret+".txt", []byte(secret+" inside"))})
	w.view(bram, "Zo leest de klager het", secret+".txt")
	ids := w.inForms(bram, number)
	w.submit(bram, nil)
	w.until("the file", func() bool { return len(w.chat(noor, "see")) >= 2 })
	w.pries(dewi, number, secret)
	// A form of hers with the file of another in it.
	answer := w.forged(map[string]any{
		"type": "view_submission", "trigger_id": "theirs", "user": map[string]any{"id": dewi},
		"view": map[string]any{"id": "VX", "callback_id": actWrite, "private_metadata": meta{Case: string(number), Step: stepForm, Files: ids}.String(),
			"state": map[string]any{"values": map[string]any{fieldText: map[string]any{fieldAction: map[string]any{"type": "plain_text_input", "value": "x"}}}}},
	})
	if strings.Contains(answer.Body.String(), secret) {
		t.Error("a forged form shows it")
	}
	w.keptFrom(dewi, secret)
	w.keptFrom(eve, secret)
}

// inForms are the files that stand in the top form of a member.
func (w *world) inForms(member string, number cases.Number) []string {
	w.t.Helper()
	var m meta
	if err := json.Unmarshal([]byte(w.slack.Views(member)[0].PrivateMetadata), &m); err != nil || len(m.Files) == 0 {
		w.t.Fatalf("the form about %s has no files: %v", number, err)
	}
	return m.Files
}

func TestFileOfAnotherMembersFormDoesNotGoAlong(t *testing.T) {
	w := newWorld(t, byHTTP)
	number, _ := w.writing()
	w.submit(bram, fields{fieldText: words("mine"), "add-0": w.put(bram, "mine.pdf", sample(t, "letter.pdf"))})
	w.view(bram, "Zo leest de klager het", "mine.pdf")
	answer := w.forged(map[string]any{
		"type": "view_submission", "trigger_id": "other", "user": map[string]any{"id": anna},
		"view": map[string]any{"id": "VY", "callback_id": actWrite, "private_metadata": meta{Case: string(number), Step: stepForm, Files: w.inForms(bram, number)}.String(),
			"state": map[string]any{"values": map[string]any{fieldText: map[string]any{fieldAction: map[string]any{"type": "plain_text_input", "value": "x"}}}}},
	})
	if body := answer.Body.String(); strings.Contains(body, "mine.pdf") || !strings.Contains(body, "is er niet meer") {
		t.Errorf("answered %s", body)
	}
}

func TestWhoHasNoChatReadsInThePreviewThatFilesComeWithTheLetter(t *testing.T) {
	w := reachable(t, func(p *cases.Procedure) { p.TakeBack = 0 })
	number := w.complains(withMail)
	w.take(bram, number)
	w.alters(number, func(c *cases.Case, now time.Time) error { c.Leave(now); return nil })
	w.opensWriting(bram, number)
	w.submit(bram, fields{fieldText: words("only by post"), "add-0": w.put(bram, "a.pdf", sample(t, "letter.pdf"))})
	shown := w.view(bram, "Zo leest de klager het, per e-mail", words("only by post"), "1. a.pdf").AllText()
	w.submit(bram, nil)
	got := w.enclosed()
	if len(got.Attachments) != 1 || got.Attachments[0].Name != "a.pdf" {
		t.Errorf("by mail: %+v", got.Attachments)
	}
	for line := range strings.SplitSeq(got.Text, "\n\n") { // however the lines of a letter break
		if said := strings.Join(strings.Fields(strings.Trim(line, "=-")), " "); !strings.Contains(strings.Join(strings.Fields(shown), " "), said) {
			t.Errorf("the preview does not show what arrives: %s", line)
		}
	}
}

func TestFilesGoAlongInATalkAsWell(t *testing.T) {
	w := reachable(t, func(p *cases.Procedure) { p.TakeBack = 0 })
	number := w.wantsToTalk()
	w.take(chris, number)
	w.press(chris, board, w.card(number), actWrite)
	w.view(chris, "Add files")
	w.submit(chris, fields{fieldText: words("as you asked"), "add-0": w.put(chris, "plan.txt", []byte("the plan"))})
	w.view(chris, "by chat, in English", "After this you will get this file:\nplan.txt", "This file goes with it:", "plan.txt · 1 kB")
	w.submit(chris, nil)
	w.until("the file", func() bool {
		return slices.Equal(w.chat(7002, "as you asked")[max(0, len(w.chat(7002, "as you asked"))-1):], []string{"plan.txt"})
	})
	if got := w.document(7002, "plan.txt"); string(got) != "the plan" {
		t.Errorf("it reads %q", got)
	}
}

func TestTheMostThatGoesAlongArrivesByEitherWay(t *testing.T) {
	for way, blocked := range map[string]bool{"by chat": false, "by mail": true} {
		t.Run(way, func(t *testing.T) {
			w := reachable(t, func(p *cases.Procedure) { p.TakeBack = 0 })
			_, _ = w.writing()
			if err := w.play.Telegram().Block(noor, blocked); err != nil {
				t.Fatal(err)
			}
			var all []any
			most := int(w.store.Procedure().Limits.BytesAlong())
			for n := range cases.MostAlong {
				all = append(all, fmt.Sprintf("%d.txt", n), bytes.Repeat([]byte{'a' + byte(n)}, most/cases.MostAlong))
			}
			w.submit(bram, fields{fieldText: words("all of it"), "add-0": w.put(bram, all...)})
			v := w.view(bram, "Zo leest de klager het", "Deze 10 bestanden gaan mee:")
			if strings.Contains(v.AllText(), "Bestanden toevoegen") {
				t.Error("more can be added than goes along")
			}
			w.submit(bram, nil)
			if blocked {
				if got := w.enclosed(); len(got.Attachments) != cases.MostAlong || len(got.Attachments[9].Data) != most/cases.MostAlong || len(got.Raw) > 21<<20 {
					t.Errorf("a letter of %d bytes with %d files", len(got.Raw), len(got.Attachments))
				}
				return
			}
			w.until("ten files", func() bool { return len(w.chat(noor, "all of it")) == 1+cases.MostAlong })
			for n, said := range w.chat(noor, "all of it")[1:] {
				if said != fmt.Sprintf("%d.txt", n) || len(w.document(noor, said)) != most/cases.MostAlong {
					t.Errorf("file %d is %q", n, said)
				}
			}
		})
	}
}

func TestFileThatStandsOutsideSlackIsNotAskedForAndNotNamedInTheLog(t *testing.T) {
	w := newWorld(t)
	_, _ = w.writing()
	w.goesWrong(func(method string, _ playground.SlackArgs) *playground.Failure {
		if method != "files.info" {
			return nil
		}
		return &playground.Failure{Status: http.StatusOK, Body: `{"ok":true,"file":{"id":"F1","size":9,"url_private":"https://elsewhere.example.org/` + canary + `.pdf"},"comments":[]}`}
	})
	w.submit(bram, fields{fieldText: words("see"), "add-0": w.put(bram, "a.pdf", sample(t, "letter.pdf"))})
	w.view(bram, "Dit kan niet mee:", "a.pdf", "Het was niet op te halen.")
	if !strings.Contains(w.logs.String(), "it stands elsewhere") { // and the canary is in none: see check
		t.Error("the log does not say why")
	}
}
