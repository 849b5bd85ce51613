package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	telegram "github.com/go-telegram/bot"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/files"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/conversation"
	"websec.nl/gehoor/i18n"
)

// MostFetches is how many files are in hand at once: each is held whole, as it was sent and as it is kept.
const MostFetches = 2

// FetchLimit bounds the fetching of one file.
const FetchLimit = 5 * time.Minute

// Files that can't be fetched are given up after a day, or at once where Telegram says for sure that there is no such file.
const (
	patience    = 24 * time.Hour
	mostRefused = 10 // times, in about four minutes; that the file is "temporarily unavailable" may be meant so
)

// errLost says that Telegram does not have a file, or does not give it out.
var errLost = errors.New("telegram does not give the file out")

// Take fetches a file that a person sent, looks at what it is, and keeps it. Of one that can't be kept the conversation hears.
// Its errors are for the dispatcher, as those of Send.
func (b *Bot) Take(ctx context.Context, o postgres.Outgoing) error {
	f, err := b.store.Fetching(ctx, o)
	if errors.Is(err, postgres.ErrNotFound) {
		return nil // it was erased, or this was done before
	}
	if err != nil {
		return err
	}
	content, err := b.fetch(ctx, f.Source)
	var found files.File
	if err == nil {
		found, err = files.Clean(f.Name, content)
	}
	var refused *files.Refusal
	switch {
	case err == nil:
		err = b.store.Keep(ctx, f, cases.Document{Name: found.Name, Kind: string(found.Kind), Type: found.Type, Content: found.Content})
	case errors.As(err, &refused):
		b.log.Info("telegram: a file is not kept", "reason", refused.Reason, "detail", refused.Detail)
		err = b.spoil(ctx, f, cases.EnclosureRefused, i18n.T("spoiled."+string(refused.Reason)))
	case errors.Is(err, errLost) && o.Attempts+1 >= mostRefused, b.store.Now().Sub(f.Since) > patience:
		b.log.Warn("telegram: a file is given up", "err", err)
		err = b.spoil(ctx, f, cases.EnclosureLost, i18n.T("spoiled.lost"))
	}
	if errors.Is(err, postgres.ErrNotFound) {
		return nil // it was erased meanwhile
	}
	return err
}

// spoil records that a file can't be kept, and lets the conversation say so.
func (b *Bot) spoil(ctx context.Context, f *postgres.Fetching, state cases.EnclosureState, why i18n.Text) error {
	return b.store.Alone(ctx, f.Chat, func(turn *postgres.Turn) error {
		number, err := turn.Spoil(f, state, why)
		if err != nil {
			return err
		}
		return b.act(&act{turn: turn, update: &update{Chat: f.Chat, Event: conversation.Spoiled{
			Name: f.Name, Why: why, Case: number, Field: f.Field, Size: f.Size,
		}}})
	})
}

// fetch is the content of a file by its identifier. A *files.Refusal says that it is too large, errLost that there is none; a
// *jobs.RetryAfter asks to wait; any other error may pass.
func (b *Bot) fetch(ctx context.Context, id string) ([]byte, error) {
	file, err := b.client.GetFile(ctx, &telegram.GetFileParams{FileID: id})
	if err != nil {
		return nil, b.noFile(asAPIError(err))
	}
	if file.FileSize > files.MaxSize {
		return nil, &files.Refusal{Reason: files.TooLarge, Detail: "longer than is fetched"}
	}
	address := url.URL{Path: file.FilePath}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.cfg.API+"/file/bot"+b.cfg.Token+"/"+address.EscapedPath(), nil)
	if err != nil {
		return nil, fmt.Errorf("fetch a file: %w", b.hush(err))
	}
	response, err := b.fetching.Do(request)
	if err != nil {
		return nil, fmt.Errorf("fetch a file: %w", b.hush(err))
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
		content, err := read(response, file.FileSize)
		return content, b.hush(err)
	case http.StatusNotFound, http.StatusGone: // its address is old; or it is gone
		return nil, fmt.Errorf("%w: HTTP %d", errLost, response.StatusCode)
	case http.StatusTooManyRequests:
		return nil, &jobs.RetryAfter{After: time.Minute, Err: errors.New("too many requests")}
	}
	return nil, fmt.Errorf("fetch a file: HTTP %d", response.StatusCode)
}

// read reads a file, no more of it than may be kept. One that is shorter than was said was cut off.
func read(response *http.Response, said int64) ([]byte, error) {
	expected := max(said, response.ContentLength, 0)
	if expected > files.MaxSize {
		return nil, &files.Refusal{Reason: files.TooLarge, Detail: "longer than is fetched"}
	}
	content := make([]byte, 0, expected+1) // where the length is known it is never moved
	for {
		if len(content) == cap(content) {
			content = append(content, 0)[:len(content)]
		}
		n, err := response.Body.Read(content[len(content):min(cap(content), files.MaxSize+1)])
		content = content[:len(content)+n]
		switch {
		case len(content) > files.MaxSize:
			return nil, &files.Refusal{Reason: files.TooLarge, Detail: "longer than is fetched"}
		case err == io.EOF && int64(len(content)) < said:
			return nil, fmt.Errorf("fetch a file: %w", io.ErrUnexpectedEOF)
		case err == io.EOF:
			return content, nil
		case err != nil:
			return nil, fmt.Errorf("fetch a file: %w", err)
		}
	}
}

// noFile says what a refusal of getFile means.
func (b *Bot) noFile(err error) error {
	var refused *apiError
	switch {
	case !errors.As(err, &refused):
		return fmt.Errorf("fetch a file: %w", b.hush(err))
	case refused.Code == http.StatusTooManyRequests:
		return &jobs.RetryAfter{After: max(time.Second, refused.retryAfter()), Err: errors.New("too many requests")}
	case refused.Code == http.StatusBadRequest && strings.Contains(refused.Text, "too big"):
		return &files.Refusal{Reason: files.TooLarge, Detail: "longer than Telegram gives out"}
	case refused.Code == http.StatusBadRequest:
		return fmt.Errorf("%w: %w", errLost, b.hush(err))
	}
	return fmt.Errorf("fetch a file: %w", b.hush(err))
}
