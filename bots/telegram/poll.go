package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// pollSeconds is how long Telegram may hold a poll open that has nothing to tell.
const pollSeconds = 50

// mostPolled is how many bytes one answer may have: a hundred updates are far less.
const mostPolled = 16 << 20

// poll asks for updates, keeps them, and only then asks for the next ones, which is what tells Telegram that these arrived.
// The offset lives in memory: Telegram remembers what was confirmed, and begins to count anew after a silent week.
func (b *Bot) poll(ctx context.Context) error {
	b.log.Info("telegram: long polling")
	var offset int64
	for n := 0; ctx.Err() == nil; {
		raw, err := b.updates(ctx, offset)
		if err == nil {
			b.heard.Store(time.Now().Unix())
			var next int64
			if next, err = b.keep(ctx, raw); err == nil {
				n = 0
				offset = max(offset, next)
				continue
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		b.log.Warn("telegram: no updates", "err", b.hush(err))
		n++
		pause(ctx, wait(n, err))
	}
	return nil
}

// keep handles what a poll brought, and returns the offset that confirms it.
func (b *Bot) keep(ctx context.Context, raw []json.RawMessage) (offset int64, err error) {
	all := make([]*update, len(raw))
	for i, one := range raw {
		all[i] = decode(one)
		offset = max(offset, all[i].ID+1)
	}
	for _, err := range b.handleInTime(ctx, all) {
		if err != nil {
			return 0, err
		}
	}
	return offset, nil
}

// apiError is what Telegram says when it refuses.
type apiError struct {
	Code       int
	Text       string
	RetryAfter time.Duration
}

func (e *apiError) Error() string { return fmt.Sprintf("telegram says %d: %s", e.Code, e.Text) }

func wait(n int, err error) time.Duration {
	if refused, ok := err.(*apiError); ok && refused.RetryAfter > 0 {
		return refused.RetryAfter
	}
	return min(250*time.Millisecond<<min(n, 10), 15*time.Second)
}

// updates fetches what waits, each update as it came: one that can't be understood must not hide the others.
func (b *Bot) updates(ctx context.Context, offset int64) ([]json.RawMessage, error) {
	ask, err := json.Marshal(map[string]any{"offset": offset, "limit": 100, "timeout": pollSeconds, "allowed_updates": wanted})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, b.cfg.API+"/bot"+b.cfg.Token+"/getUpdates", bytes.NewReader(ask))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := b.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, mostPolled))
	if err != nil {
		return nil, fmt.Errorf("read updates: %w", err)
	}
	var said struct {
		OK          bool              `json:"ok"`
		Result      []json.RawMessage `json:"result"`
		Code        int               `json:"error_code"`
		Description string            `json:"description"`
		Parameters  struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return nil, fmt.Errorf("updates are no JSON (HTTP %d): %w", response.StatusCode, err)
	}
	if !said.OK {
		return nil, &apiError{said.Code, said.Description, time.Duration(said.Parameters.RetryAfter) * time.Second}
	}
	return said.Result, nil
}
