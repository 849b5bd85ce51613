package playground_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
	"github.com/slack-go/slack"

	"websec.nl/gehoor/bots/playground"
)

func TestPeopleSendFilesOfEveryKindAloneAndTogether(t *testing.T) {
	p := start(t, playground.Options{})
	var mu sync.Mutex
	var got []string
	albums := map[string]bool{}
	b := newBot(t, p, func(_ context.Context, _ *bot.Bot, u *models.Update) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, filesOf(u.Message)...)
		if u.Message.MediaGroupID != "" {
			albums[u.Message.MediaGroupID] = true
		}
	})
	run(t, b)
	for _, kind := range []string{"video", "animation", "audio", "video_note", "voice"} {
		if _, _, err := p.Telegram().Attach(noor, playground.Attachment{Kind: kind}); err != nil {
			t.Fatal(err)
		}
	}
	sent, err := p.Telegram().Album(noor, playground.Attachment{Kind: "photo", Caption: "c"}, playground.Attachment{Kind: "video"},
		playground.Attachment{Kind: "document", FileName: "letter.pdf"})
	if err != nil || len(sent) != 3 {
		t.Fatalf("%d messages, %v", len(sent), err)
	}
	want := []string{
		"video invented.mp4 video/mp4", "animation invented.mp4 video/mp4", "document invented.mp4 video/mp4", "audio invented.mp3 audio/mpeg",
		"video_note", "voice audio/ogg", "photo", "video invented.mp4 video/mp4", "document letter.pdf application/pdf",
	}
	eventually(t, "all arrive", func() bool { mu.Lock(); defer mu.Unlock(); return len(got) == len(want) })
	if !slices.Equal(got, want) || len(albums) != 1 || !albums[sent[0].Album] {
		t.Errorf("albums %v, got %s", albums, strings.Join(got, "; "))
	}
	if _, err := p.Telegram().Album(noor, playground.Attachment{Kind: "photo"}); err == nil {
		t.Error("an album of one")
	}
	if _, err := p.Telegram().Album(noor, playground.Attachment{Kind: "photo"}, playground.Attachment{Kind: "voice"}); err == nil {
		t.Error("an album with a voice note")
	}
	noViolations(t, p)
}

func filesOf(m *models.Message) (all []string) {
	if m.Photo != nil {
		all = append(all, "photo")
	}
	if f := m.Video; f != nil {
		all = append(all, "video "+f.FileName+" "+f.MimeType)
	}
	if f := m.Animation; f != nil {
		all = append(all, "animation "+f.FileName+" "+f.MimeType)
	}
	if f := m.Document; f != nil {
		all = append(all, "document "+f.FileName+" "+f.MimeType)
	}
	if f := m.Audio; f != nil {
		all = append(all, "audio "+f.FileName+" "+f.MimeType)
	}
	if m.VideoNote != nil {
		all = append(all, "video_note")
	}
	if f := m.Voice; f != nil {
		all = append(all, "voice "+f.MimeType)
	}
	return all
}

func TestFetchingAFileGoesWrongAsTold(t *testing.T) {
	p := start(t, playground.Options{})
	b := newBot(t, p, nil)
	sent, _, err := p.Telegram().Attach(noor, playground.Attachment{Kind: "document", FileName: "brief.txt", Data: bytes.Repeat([]byte("brief "), 10_000)})
	if err != nil {
		t.Fatal(err)
	}
	file, err := b.GetFile(t.Context(), &bot.GetFileParams{FileID: sent.FileID})
	if err != nil {
		t.Fatal(err)
	}
	fetch := func() (int, int, error) {
		response, err := http.Get(b.FileDownloadLink(file))
		if err != nil {
			return 0, 0, err
		}
		defer response.Body.Close()
		data, err := io.ReadAll(response.Body)
		return response.StatusCode, len(data), err
	}
	var failure *playground.Failure
	p.Telegram().Fail(func(method string, params *playground.Params) *playground.Failure {
		if method != "download" || params.Get("file_id") != sent.FileID {
			return nil
		}
		return failure
	})
	if status, n, err := fetch(); status != http.StatusOK || n != 60_000 || err != nil {
		t.Errorf("HTTP %d, %d bytes, %v", status, n, err)
	}
	failure = &playground.Failure{Drop: true}
	if _, n, err := fetch(); !errors.Is(err, io.ErrUnexpectedEOF) || n != 30_000 {
		t.Errorf("%d bytes, %v", n, err)
	}
	failure = &playground.Failure{Status: http.StatusBadGateway, Description: "Bad Gateway"}
	if status, _, _ := fetch(); status != http.StatusBadGateway {
		t.Errorf("HTTP %d", status)
	}
}

func TestFileIsSharedInAChannelOnceItIsUploaded(t *testing.T) {
	p := start(t, playground.Options{})
	api := slack.New(p.SlackBotToken(), slack.OptionAPIURL(p.SlackURL()))
	channel, _ := p.Slack().Channel("klachten")
	content := bytes.Repeat([]byte("letter "), 1000)
	upload := slack.UploadFileParameters{
		Reader: bytes.NewReader(content), FileSize: len(content), Filename: "K-1-1.pdf", Title: "K-1-1.pdf", Channel: channel.ID, InitialComment: "a file",
	}
	if _, err := api.UploadFileContext(t.Context(), upload); err != nil {
		t.Fatal(err)
	}
	m, err := p.Slack().WaitMessage(t.Context(), channel.ID, func(m playground.SlackMessage) bool { return len(m.Files) == 1 })
	if err != nil {
		t.Fatal(err)
	}
	if f := m.Files[0]; m.Text != "a file" || f.Name != "K-1-1.pdf" || f.Title != "K-1-1.pdf" || f.Type != "application/pdf" || !bytes.Equal(f.Data, content) {
		t.Errorf("shared %q, %q, %q, %d bytes", m.Text, f.Name, f.Type, len(f.Data))
	}
	seen, err := api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: channel.ID})
	if err != nil || len(seen.Messages) == 0 || len(seen.Messages[0].Files) != 1 || seen.Messages[0].Files[0].Size != len(content) {
		t.Errorf("history %+v, %v", seen, err)
	}
	for what, change := range map[string]func(*slack.UploadFileParameters){
		"channel_not_found": func(u *slack.UploadFileParameters) { u.Channel = "C999" },
		"announced":         func(u *slack.UploadFileParameters) { u.FileSize++ },
	} {
		wrong := upload
		wrong.Reader = bytes.NewReader(content)
		change(&wrong)
		if _, err := api.UploadFileContext(t.Context(), wrong); err == nil || what == "channel_not_found" && !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := api.CompleteUploadExternalContext(t.Context(), slack.CompleteUploadExternalParameters{
		Files: []slack.FileSummary{{ID: "F999"}}, Channel: channel.ID,
	}); err == nil || err.Error() != "file_not_found" {
		t.Errorf("what was never uploaded: %v", err)
	}
	response, err := http.Get(p.URL() + "/play/slack/file/" + m.Files[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if shown, err := io.ReadAll(response.Body); err != nil || !bytes.Equal(shown, content) || response.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the page sees %d bytes, %v", len(shown), err)
	}
	noViolations(t, p)
}

func TestBotSendsADocumentAsTelegramTakesIt(t *testing.T) {
	p := start(t, playground.Options{})
	b := newBot(t, p, nil)
	if _, _, err := p.Telegram().Send(noor, "/start"); err != nil {
		t.Fatal(err)
	}
	send := func(name string, content []byte) (*models.Message, error) {
		return b.SendDocument(t.Context(), &bot.SendDocumentParams{
			ChatID: noor, Document: &models.InputFileUpload{Filename: name, Data: bytes.NewReader(content)}, DisableContentTypeDetection: true,
		})
	}
	sent, err := send("één brief.pdf", []byte("%PDF-1.4"))
	if err != nil || sent.Document == nil || sent.Document.FileName != "één brief.pdf" || sent.Caption != "" {
		t.Fatalf("%+v, %v", sent, err)
	}
	all := p.Telegram().Messages(noor)
	if last := all[len(all)-1]; !last.FromBot || last.Kind != "document" || last.FileName != "één brief.pdf" || string(p.Telegram().File(last.FileID)) != "%PDF-1.4" {
		t.Errorf("on the telephone: %+v", last)
	}
	if got := stateOf(t, p, ""); !strings.Contains(got, `"file_name":"één brief.pdf"`) {
		t.Errorf("the page does not show it: %s", got)
	}
	if _, err := send("empty.pdf", nil); !errors.Is(err, bot.ErrorBadRequest) || !strings.Contains(err.Error(), "file must be non-empty") {
		t.Errorf("an empty one: %v", err)
	}
	if _, err := send("large.pdf", make([]byte, 50<<20+1)); err == nil || !strings.Contains(err.Error(), "413") {
		t.Errorf("one of more than 50 MB: %v", err)
	}
	if err := p.Telegram().Block(noor, true); err != nil {
		t.Fatal(err)
	}
	if _, err := send("late.pdf", []byte("%PDF-1.4")); !errors.Is(err, bot.ErrorForbidden) {
		t.Errorf("to who blocked the bot: %v", err)
	}
	noViolations(t, p)
}
