package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/files"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// fetchAll fetches the files of a form that wait, and returns what is to be said of those that can't go along. They are forgotten.
func (b *Bot) fetchAll(ctx context.Context, f filling) (wrong []block) {
	for _, one := range f.along {
		if !waits(one) {
			continue
		}
		key := b.fetchFile(ctx, f.c.Number, one.ID, f.p.Limits.BytesEach())
		if key == "" {
			continue
		}
		if len(wrong) == 0 {
			wrong = append(wrong, say(":warning: "+i18n.T("form.files.wrong").In(f.l)))
		}
		wrong = append(append(wrong, quote(one.Name)...), small(i18n.T(key).In(f.l)))
		if key == filesInterrupted {
			continue // it stays, and is fetched when the form is sent again
		}
		if err := b.store.ForgetInForm(context.WithoutCancel(ctx), one.ID); err != nil {
			b.log.Error("slack: a file that can't go along is not forgotten", why(err)...)
		}
	}
	if len(wrong) > 0 {
		wrong = append(wrong, small(i18n.T("form.files.otherwise").In(f.l)), divider())
	}
	return wrong
}

const filesInterrupted = "form.files.interrupted"

// fetchFile fetches a file that was put into a form, looks at what it is, and keeps it; or says why it can't go along, as a key.
func (b *Bot) fetchFile(ctx context.Context, number cases.Number, id string, most int64) (key string) {
	select {
	case b.uploads <- struct{}{}:
		defer func() { <-b.uploads }()
	case <-ctx.Done():
		return filesInterrupted
	}
	f, err := b.store.FetchingInForm(ctx, number, id)
	if errors.Is(err, postgres.ErrNotFound) {
		return "" // somebody else did this, or it is gone, which is seen then
	}
	var content []byte
	if err == nil {
		content, err = b.slack.download(ctx, f.Source)
	}
	var found files.File
	if err == nil {
		found, err = files.Clean(f.Name, content)
	}
	if err == nil && int64(len(found.Content)) > most {
		err = &files.Refusal{Reason: files.TooLarge, Detail: "longer than the settings let"}
	}
	if err == nil {
		err = b.store.Keep(ctx, f, cases.Document{Name: found.Name, Kind: string(found.Kind), Type: found.Type, Content: found.Content})
	}
	if refused, ok := errors.AsType[*files.Refusal](err); ok {
		b.log.Info("slack: a file can't go along", "reason", refused.Reason, "detail", refused.Detail)
		return "file.spoiled." + string(refused.Reason)
	}
	switch {
	case err == nil || errors.Is(err, postgres.ErrNotFound):
		return ""
	case ctx.Err() != nil:
		return filesInterrupted
	}
	b.log.Error("slack: a file of a form can't be fetched; has the app the scope files:read?", why(err)...)
	return "file.spoiled.lost"
}

// errNotGiven says that Slack does not give a file out.
var errNotGiven = errors.New("slack does not give the file out")

// mostDownloads is how often a file is asked for that does not come.
const mostDownloads = 3

// download is the content of a file by its identifier. A *files.Refusal says that it is too large.
func (c *client) download(ctx context.Context, id string) (content []byte, err error) {
	for attempt := range mostDownloads {
		if content, err = c.downloadOnce(ctx, id); err == nil || errors.Is(err, errNotGiven) || code(err) != "" {
			return content, err
		}
		if _, refused := errors.AsType[*files.Refusal](err); refused {
			return nil, err
		}
		rest := 300 * time.Millisecond << attempt
		if limited, ok := errors.AsType[*slackgo.RateLimitedError](err); ok {
			rest = limited.RetryAfter
		}
		pause(ctx, rest)
	}
	return nil, err
}

func (c *client) downloadOnce(ctx context.Context, id string) ([]byte, error) {
	if err := c.pace.call(ctx, c.turn, "files.info"); err != nil {
		return nil, err
	}
	info, _, _, err := c.api.GetFileInfoContext(ctx, id, 0, 0)
	if err != nil {
		return nil, fmt.Errorf("ask about a file: %w", err)
	}
	address := info.URLPrivateDownload
	if address == "" {
		address = info.URLPrivate
	}
	switch {
	case info.IsExternal || address == "": // it stands elsewhere, as somebody's Google document does
		return nil, errNotGiven
	case info.Size > files.MaxSize:
		return nil, &files.Refusal{Reason: files.TooLarge, Detail: "longer than is fetched"}
	}
	got := &bounded{most: info.Size}
	err = c.uploader.GetFileContext(ctx, address, got)
	if hidden, ok := errors.AsType[*url.Error](err); ok { // the address has the name in it
		err = hidden.Err
	}
	if err != nil && strings.Contains(err.Error(), address) { // it is not at Slack, where our token may not go
		err = fmt.Errorf("%w: it stands elsewhere", errNotGiven)
	}
	if status, ok := errors.AsType[slackgo.StatusCodeError](err); ok && status.Code < http.StatusInternalServerError && status.Code != http.StatusTooManyRequests {
		return nil, fmt.Errorf("%w: HTTP %d", errNotGiven, status.Code)
	}
	if err != nil {
		return nil, fmt.Errorf("fetch a file: %w", err)
	}
	if got.content.Len() != info.Size { // a page to sign in, most likely
		return nil, fmt.Errorf("%w: %d bytes came of %d", errNotGiven, got.content.Len(), info.Size)
	}
	return got.content.Bytes(), nil
}

// bounded takes no more than it is to.
type bounded struct {
	content bytes.Buffer
	most    int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.content.Len()+len(p) > b.most {
		return 0, fmt.Errorf("%w: more came than was said", errNotGiven)
	}
	return b.content.Write(p)
}
