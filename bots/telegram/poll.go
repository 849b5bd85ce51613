package telegram

import (
	"context"
	"encoding/json"
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
		all, err := b.updates(ctx, offset)
		if err == nil {
			b.heard.Store(time.Now().Unix())
			var next int64
			if next, err = b.keep(ctx, all); err == nil {
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
func (b *Bot) keep(ctx context.Context, all []*update) (offset int64, err error) {
	for _, u := range all {
		offset = max(offset, u.ID+1)
	}
	for _, err := range b.handleInTime(ctx, all) {
		if err != nil {
			return 0, err
		}
	}
	return offset, nil
}

func wait(n int, err error) time.Duration {
	if refused, ok := err.(*apiError); ok && refused.retryAfter() > 0 {
		return refused.retryAfter()
	}
	return min(250*time.Millisecond<<min(n, 10), 15*time.Second)
}

// updates fetches what waits.
func (b *Bot) updates(ctx context.Context, offset int64) ([]*update, error) {
	ask, err := json.Marshal(map[string]any{"offset": offset, "limit": 100, "timeout": pollSeconds, "allowed_updates": wanted})
	if err != nil {
		return nil, err
	}
	body, err := b.ask(ctx, ask)
	if err != nil {
		return nil, err
	}
	return decodeAll(body)
}
