package telegram

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
)

// SendLimit bounds the sending of one thing. What is no file takes a fraction of it: see sayLimit.
const SendLimit = 3 * time.Minute

const (
	sayLimit      = 40 * time.Second // of what is no file
	mostDocuments = 2                // in hand at once: each is held whole
	mostTries     = 12               // of a file, in about twenty minutes; then it goes by mail, and what waits behind it goes on
)

// maxDocument is how long a file may be that a bot sends, in bytes (Bot API, sendDocument).
const maxDocument = 50 << 20

// document sends one of the files that go with words of the committee. It goes under its own name, and without a caption: the
// words were sent before it.
func (b *Bot) document(ctx context.Context, chat int64, o postgres.Outgoing, n int) error {
	file, err := b.store.File(ctx, o.Number)
	if err != nil {
		return err
	}
	e, _ := file.Event(o.Notice.Event)
	all := file.FilesWith(e)
	if n > len(all) || slices.Contains(file.Case.Work.Elsewhere, e.Seq) { // it was erased, or a letter brings it
		return &jobs.Undeliverable{State: cases.NotSent, Reason: postgres.Overtaken}
	}
	select {
	case b.documents <- struct{}{}:
		defer func() { <-b.documents }()
	case <-ctx.Done():
		return ctx.Err()
	}
	found, err := b.store.Content(ctx, o.Number, all[n-1].ID)
	if errors.Is(err, postgres.ErrNotFound) {
		return &jobs.Undeliverable{State: cases.NotSent, Reason: postgres.Overtaken}
	}
	if err != nil {
		return err
	}
	if len(found.Content) > maxDocument {
		return &jobs.Undeliverable{State: cases.Failed, Reason: "too large for Telegram"}
	}
	err = asAPIError(b.sendDocument(ctx, chat, found))
	if err == nil {
		return nil
	}
	var undeliverable *jobs.Undeliverable
	var later *jobs.RetryAfter
	if err = b.verdict(err); !errors.As(err, &undeliverable) && !errors.As(err, &later) && o.Attempts+1 >= mostTries {
		b.log.Warn("telegram: a file is given up", "case", o.Number, "err", err)
		return &jobs.Undeliverable{State: cases.Failed, Reason: "Telegram did not take it"}
	}
	return err
}

func (b *Bot) sendDocument(ctx context.Context, chat int64, found *cases.Document) error {
	b.room.Allow()
	b.uploading.SendChatAction(ctx, &telegram.SendChatActionParams{ChatID: chat, Action: models.ChatActionUploadDocument}) // a sign, and no more
	b.room.Allow()
	_, err := b.uploading.SendDocument(ctx, &telegram.SendDocumentParams{
		ChatID: chat, Document: &models.InputFileUpload{Filename: found.Name, Data: bytes.NewReader(found.Content)},
		DisableContentTypeDetection: true, // else a film or a song would come without its name
	})
	return err
}

// newUploader is a client for what takes longer than a call: as long as its context lasts.
func newUploader(cfg Config, transport http.RoundTripper) (*telegram.Bot, error) {
	return telegram.New(cfg.Token, telegram.WithServerURL(cfg.API), telegram.WithSkipGetMe(),
		telegram.WithHTTPClient(SendLimit, &http.Client{Transport: transport}))
}
