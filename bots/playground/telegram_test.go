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
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"websec.nl/gehoor/bots/playground"
)

const noor, james = 7001, 7002

// newBot is a bot of the real client library that answers with handle.
func newBot(t *testing.T, p *playground.Playground, handle bot.HandlerFunc, options ...bot.Option) *bot.Bot {
	t.Helper()
	options = append([]bot.Option{
		bot.WithServerURL(p.TelegramURL()), bot.WithDefaultHandler(handle), bot.WithNotAsyncHandlers(),
		bot.WithErrorsHandler(func(error) {}),
	}, options...)
	b, err := bot.New(p.TelegramToken(), options...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// run lets the bot work until the test ends, and waits until it has stopped.
func run(t *testing.T, b *bot.Bot) {
	t.Helper()
	var done sync.WaitGroup
	done.Go(func() { b.Start(t.Context()) })
	t.Cleanup(done.Wait)
}

func TestBotAnswersAMessageAndAPress(t *testing.T) {
	p := start(t, playground.Options{})
	b := newBot(t, p, func(ctx context.Context, b *bot.Bot, u *models.Update) {
		switch {
		case u.Message != nil:
			_, err := b.SendMessage(ctx, &bot.SendMessageParams{
				ChatID: u.Message.Chat.ID, Text: "You said <b>" + u.Message.Text + "</b>", ParseMode: models.ParseModeHTML,
				ReplyMarkup: &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "Yes", CallbackData: "y"}}}},
			})
			if err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		case u.CallbackQuery != nil:
			if _, err := b.AnswerCallbackQuery(ctx, &bot.AnswerCallbackQueryParams{CallbackQueryID: u.CallbackQuery.ID, Text: "Noted"}); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
			_, err := b.EditMessageText(ctx, &bot.EditMessageTextParams{
				ChatID: u.CallbackQuery.From.ID, MessageID: u.CallbackQuery.Message.Message.ID, Text: "Done: " + u.CallbackQuery.Data,
			})
			if err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		}
	})
	run(t, b)
	if _, _, err := p.Telegram().Send(noor, "/start een"); err != nil {
		t.Fatal(err)
	}
	m, err := p.Telegram().WaitText(soon(t), noor, 0, func(text string) bool { return text == "You said /start een" })
	if err != nil {
		t.Fatal(err)
	}
	if want := (playground.Entity{Type: "bold", Offset: 9, Length: 10}); len(m.Entities) != 1 || m.Entities[0] != want {
		t.Errorf("entities are %+v, want %+v", m.Entities, want)
	}
	if _, err := p.Telegram().PressText(noor, "Yes"); err != nil {
		t.Fatal(err)
	}
	err = p.Telegram().Wait(soon(t), noor, func(list []playground.Message) bool {
		last := list[len(list)-1]
		return last.Text == "Done: y" && last.Buttons == nil && !last.EditedAt.IsZero()
	})
	if err != nil {
		t.Fatal(err)
	}
	if toast := p.Telegram().Toast(noor); toast != "Noted" {
		t.Errorf("the telephone showed %q", toast)
	}
	noViolations(t, p)
}

func TestUpdatesStayUntilTheyAreConfirmed(t *testing.T) {
	p := start(t, playground.Options{})
	for _, text := range []string{"one", "two", "three"} {
		if _, _, err := p.Telegram().Send(noor, text); err != nil {
			t.Fatal(err)
		}
	}
	first := call(t, p, "getUpdates", `{"limit":2}`)
	again := call(t, p, "getUpdates", `{"limit":2}`)
	if first != again || strings.Count(first, `"update_id"`) != 2 {
		t.Errorf("got %s\nand then %s", first, again)
	}
	last := call(t, p, "getUpdates", `{"offset":-1}`)
	if !strings.Contains(last, "three") || p.Telegram().Pending() != 1 {
		t.Errorf("offset -1 gave %s, and %d are left", last, p.Telegram().Pending())
	}
	noViolations(t, p)
}

func TestAConfirmedUpdateCanBeDeliveredAgain(t *testing.T) {
	p := start(t, playground.Options{})
	_, id, err := p.Telegram().Send(noor, "hello")
	if err != nil {
		t.Fatal(err)
	}
	call(t, p, "getUpdates", `{}`)
	call(t, p, "getUpdates", `{"offset":4611686018427387904}`)
	if p.Telegram().Pending() != 0 {
		t.Fatal("the update was not confirmed")
	}
	if !p.Telegram().Redeliver(id) {
		t.Fatal("the update is not remembered")
	}
	if got := call(t, p, "getUpdates", `{"offset":4611686018427387904}`); !strings.Contains(got, "hello") {
		t.Errorf("got %s", got)
	}
	if got := call(t, p, "getUpdates", `{"offset":4611686018427387904}`); got != `{"ok":true,"result":[]}` {
		t.Errorf("then got %s", got)
	}
}

func TestASecondPollerEndsTheFirst(t *testing.T) {
	p := start(t, playground.Options{})
	first := make(chan string, 1)
	go func() { first <- call(t, p, "getUpdates", `{"timeout":30}`) }()
	eventually(t, "the first poll", func() bool { return p.Telegram().Calls() == 1 })
	second := make(chan string, 1)
	go func() {
		for { // the first call may not wait yet when this one comes
			got := call(t, p, "getUpdates", `{"timeout":30}`)
			if !strings.Contains(got, `"error_code":409`) {
				second <- got
				return
			}
		}
	}()
	if got := <-first; !strings.Contains(got, "Conflict: terminated by other getUpdates request") {
		t.Errorf("the first poller got %s", got)
	}
	if _, _, err := p.Telegram().Send(noor, "hi"); err != nil {
		t.Fatal(err)
	}
	if got := <-second; !strings.Contains(got, `"text":"hi"`) {
		t.Errorf("the second poller got %s", got)
	}
}

func TestOldUpdatesAreForgotten(t *testing.T) {
	p := start(t, playground.Options{})
	m := startedWithButton(t, p)
	if _, err := p.Telegram().Press(noor, m, "x"); err != nil {
		t.Fatal(err)
	}
	p.Turn(3 * time.Minute)
	if got := call(t, p, "getUpdates", `{}`); strings.Contains(got, "callback_query") || !strings.Contains(got, "message") {
		t.Errorf("after three minutes got %s", got)
	}
	p.Turn(24 * time.Hour)
	if got := call(t, p, "getUpdates", `{}`); got != `{"ok":true,"result":[]}` {
		t.Errorf("after a day got %s", got)
	}
}

// startedWithButton lets Noor start, and the bot send her a message with a button; it returns the message's id.
func startedWithButton(t *testing.T, p *playground.Playground) int64 {
	t.Helper()
	if _, _, err := p.Telegram().Send(noor, "/start"); err != nil {
		t.Fatal(err)
	}
	got := call(t, p, "sendMessage", `{"chat_id":7001,"text":"press","reply_markup":{"inline_keyboard":[[{"text":"X","callback_data":"x"}]]}}`)
	if !strings.HasPrefix(got, `{"ok":true`) {
		t.Fatal(got)
	}
	list := p.Telegram().Messages(noor)
	return list[len(list)-1].ID
}

func TestTelegramRefusesWhatTheRealOneRefuses(t *testing.T) {
	p := start(t, playground.Options{})
	button := startedWithButton(t, p)
	if button == 0 {
		t.Fatal("no message")
	}
	long := strings.Repeat("é", 4097)
	button65 := strings.Repeat("x", 65)
	for _, test := range []struct{ method, body, want string }{
		{"sendMessage", `{"chat_id":7001}`, "Bad Request: message text is empty"},
		{"sendMessage", `{"chat_id":7001,"text":" \n "}`, "Bad Request: message text is empty"},
		{"sendMessage", `{"text":"hi"}`, "Bad Request: chat_id is empty"},
		{"sendMessage", `{"chat_id":99,"text":"hi"}`, "Bad Request: chat not found"},
		{"sendMessage", `{"chat_id":7002,"text":"hi"}`, "Bad Request: chat not found"},
		{"sendMessage", `{"chat_id":7001,"text":"` + long + `"}`, "Bad Request: message is too long"},
		{"sendMessage", `{"chat_id":7001,"text":"<b>hi","parse_mode":"HTML"}`, `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{"sendMessage", `{"chat_id":7001,"text":"<p>hi</p>","parse_mode":"HTML"}`, `Bad Request: can't parse entities: Unsupported start tag "p" at byte offset 0`},
		{"sendMessage", `{"chat_id":7001,"text":"1 < 2","parse_mode":"HTML"}`, `Bad Request: can't parse entities: Unclosed start tag at byte offset 2`},
		{"sendMessage", `{"chat_id":7001,"text":"hi.","parse_mode":"MarkdownV2"}`, `Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\'`},
		{"sendMessage", `{"chat_id":7001,"text":"hi","parse_mode":"BBCode"}`, "Bad Request: unsupported parse_mode"},
		{"sendMessage", `{"chat_id":7001,"text":"hi","reply_markup":{"inline_keyboard":[[{"text":"X","callback_data":"` + button65 + `"}]]}}`, "Bad Request: BUTTON_DATA_INVALID"},
		{"sendMessage", `{"chat_id":7001,"text":"hi","reply_markup":{"inline_keyboard":[[{"text":"","callback_data":"x"}]]}}`, "Bad Request: inline keyboard button text must be non-empty"},
		{"sendMessage", `{"chat_id":7001,"text":"hi","reply_markup":{"inline_keyboard":[[{"text":"X"}]]}}`, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"sendMessage", `{"chat_id":7001,"text":"hi","reply_markup":{"inline_keyboard":[[{"text":"X","callback_data":"","copy_text":{"text":""}}]]}}`, "Bad Request: BUTTON_COPY_TEXT_INVALID"},
		{"sendMessage", `{"chat_id":7001,"text":"hi","reply_markup":{"inline_keyboard":[[{"text":"X","url":"http://localhost/x"}]]}}`, "Bad Request: inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL"},
		{"sendMessage", `{"chat_id":7001,"text":"hi","reply_markup":"x"}`, "Bad Request: object expected as reply markup"},
		{"editMessageText", `{"chat_id":7001,"message_id":1,"text":"hi"}`, "Bad Request: message to edit not found"},
		{"editMessageText", `{"chat_id":7001,"message_id":11,"text":"hi"}`, "Bad Request: message can't be edited"},
		{"editMessageText", `{"chat_id":7001,"message_id":12,"text":"press","reply_markup":{"inline_keyboard":[[{"text":"X","callback_data":"x"}]]}}`,
			"Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"},
		{"editMessageText", `{"chat_id":7001,"message_id":12,"text":"x","reply_markup":{"remove_keyboard":true}}`, "Bad Request: inline keyboard expected"},
		{"deleteMessage", `{"chat_id":7001,"message_id":1}`, "Bad Request: message to delete not found"},
		{"answerCallbackQuery", `{"callback_query_id":"12"}`, "Bad Request: query is too old and response timeout expired or query ID is invalid"},
		{"sendChatAction", `{"chat_id":7001,"action":"sleeping"}`, "Bad Request: wrong parameter action in request"},
		{"getFile", `{"file_id":"nothing"}`, "Bad Request: invalid file_id"},
		{"sendDocument", `{"chat_id":7001}`, "Bad Request: there is no document in the request"},
		{"setMyCommands", `{"commands":[{"command":"Status","description":"x"}]}`, "Bad Request: BOT_COMMAND_INVALID"},
		{"setWebhook", `{"url":"ftp://x"}`, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
		{"sendDice", `{"chat_id":7001}`, "Not Found: method not found"},
	} {
		if got := call(t, p, test.method, test.body); !strings.Contains(got, `"ok":false`) || !strings.Contains(unescaped(got), test.want) {
			t.Errorf("%s %.80s: got %s, want %s", test.method, test.body, got, test.want)
		}
	}
	if err := p.Telegram().Block(noor, true); err != nil {
		t.Fatal(err)
	}
	if got := call(t, p, "sendMessage", `{"chat_id":7001,"text":"hi"}`); got != `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}` {
		t.Errorf("a person who blocked the bot: %s", got)
	}
	response, err := http.Get(p.TelegramURL() + "/bot123:wrong/getMe")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != 401 || string(body) != `{"ok":false,"error_code":401,"description":"Unauthorized"}` {
		t.Errorf("a wrong token: %d %s %v", response.StatusCode, body, err)
	}
}

func unescaped(s string) string { return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(s) }

// call makes a call with a JSON body and returns the answer as it came.
func call(t *testing.T, p *playground.Playground, method, body string) string {
	t.Helper()
	response, err := http.Post(p.TelegramURL()+"/bot"+p.TelegramToken()+"/"+method, "application/json", strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return ""
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	return string(answer)
}

func TestLibrarySeesTheErrorsItKnows(t *testing.T) {
	p := start(t, playground.Options{Limits: true})
	b := newBot(t, p, nil)
	startedWithButton(t, p)
	send := func() error {
		_, err := b.SendMessage(t.Context(), &bot.SendMessageParams{ChatID: noor, Text: "hello"})
		return err
	}
	var tooMany *bot.TooManyRequestsError
	for range 10 {
		if err := send(); errors.As(err, &tooMany) {
			break
		}
	}
	if tooMany == nil || tooMany.RetryAfter != 1 {
		t.Errorf("ten messages in a row: %v", tooMany)
	}
	if p.Telegram().TooManyRequests() != 1 {
		t.Errorf("%d refusals were counted", p.Telegram().TooManyRequests())
	}
	if err := p.Telegram().Block(noor, true); err != nil {
		t.Fatal(err)
	}
	if err := send(); !errors.Is(err, bot.ErrorForbidden) {
		t.Errorf("blocked: %v", err)
	}
}

func TestFilesTravelBothWays(t *testing.T) {
	p := start(t, playground.Options{})
	b := newBot(t, p, nil)
	sent, _, err := p.Telegram().Attach(noor, playground.Attachment{Kind: "document", FileName: "brief.pdf", Data: []byte("hello")})
	if err != nil {
		t.Fatal(err)
	}
	file, err := b.GetFile(t.Context(), &bot.GetFileParams{FileID: sent.FileID})
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Get(b.FileDownloadLink(file))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if data, err := io.ReadAll(response.Body); err != nil || string(data) != "hello" {
		t.Errorf("downloaded %q, %v", data, err)
	}
	got, err := b.SendDocument(t.Context(), &bot.SendDocumentParams{
		ChatID: noor, Document: &models.InputFileUpload{Filename: "antwoord é.pdf", Data: bytes.NewReader([]byte("answer"))}, Caption: "your file",
	})
	if err != nil {
		t.Fatal(err)
	}
	if got.Document.FileName != "antwoord é.pdf" || string(p.Telegram().File(got.Document.FileID)) != "answer" || got.Caption != "your file" {
		t.Errorf("sent %+v", got.Document)
	}
	big, _, err := p.Telegram().Attach(noor, playground.Attachment{Kind: "document", FileName: "film.mp4", Size: 21 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.GetFile(t.Context(), &bot.GetFileParams{FileID: big.FileID}); err == nil || !strings.Contains(err.Error(), "file is too big") {
		t.Errorf("a film of 21 MB: %v", err)
	}
	noViolations(t, p)
}

func TestEveryKindOfMessageIsUnderstoodByTheLibrary(t *testing.T) {
	p := start(t, playground.Options{})
	var mu sync.Mutex
	var kinds []string
	b := newBot(t, p, func(_ context.Context, _ *bot.Bot, u *models.Update) {
		mu.Lock()
		defer mu.Unlock()
		kinds = append(kinds, kindOf(u))
	})
	run(t, b)
	for _, kind := range []string{"photo", "document", "voice", "sticker", "contact", "location"} {
		if _, _, err := p.Telegram().Attach(noor, playground.Attachment{Kind: kind, Caption: "c"}); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := p.Telegram().Send(noor, "typed")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Telegram().Edit(noor, m.ID, "typo mended"); err != nil {
		t.Fatal(err)
	}
	if err := p.Telegram().Block(noor, true); err != nil {
		t.Fatal(err)
	}
	want := []string{"photo c", "document c", "voice c", "sticker c", "contact c", "location c", "text typed", "edited typo mended", "member to kicked"}
	want[3], want[4], want[5] = "sticker", "contact", "location"
	eventually(t, "all updates", func() bool { mu.Lock(); defer mu.Unlock(); return len(kinds) == len(want) })
	if !slices.Equal(kinds, want) {
		t.Errorf("got %q, want %q", kinds, want)
	}
}

func kindOf(u *models.Update) string {
	switch m := u.Message; {
	case u.EditedMessage != nil:
		return "edited " + u.EditedMessage.Text
	case u.MyChatMember != nil && u.MyChatMember.NewChatMember.Banned != nil:
		return "member to " + string(u.MyChatMember.NewChatMember.Type)
	case m == nil:
		return "?"
	case m.Photo != nil:
		return "photo " + m.Caption
	case m.Document != nil:
		return "document " + m.Caption
	case m.Voice != nil:
		return "voice " + m.Caption
	case m.Sticker != nil:
		return "sticker"
	case m.Contact != nil:
		return "contact"
	case m.Location != nil:
		return "location"
	default:
		return "text " + m.Text
	}
}
