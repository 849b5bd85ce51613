package telegram

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"
)

// mostDelivered is how many bytes one delivery may have.
const mostDelivered = 1 << 20

// arrival is an update that the webhook brought, and where to say whether it was kept.
type arrival struct {
	update *update
	kept   chan error
}

// Webhook takes in what Telegram delivers. It answers 200 only for what is kept; anything else is delivered again.
func (b *Bot) Webhook() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
		if subtle.ConstantTimeCompare([]byte(given), []byte(b.cfg.Secret)) != 1 {
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		if r.Method != http.MethodPost {
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostDelivered))
		if err != nil {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		a := arrival{decode(body), make(chan error, 1)}
		if a.update.err != nil && !json.Valid(body) {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		a.update.delivered = true
		select {
		case b.work <- a:
		case <-r.Context().Done():
			return
		}
		select {
		case err = <-a.kept:
		case <-r.Context().Done():
			return
		}
		if err != nil {
			http.Error(w, "try again", http.StatusServiceUnavailable)
			return
		}
		if a.update.reply != nil {
			w.Header()["Content-Type"] = asJSON
			w.Write(a.update.reply)
		}
	})
}

// receive keeps what the webhook brings; deliveries that came while the last ones were written share a transaction.
func (b *Bot) receive(ctx context.Context) error {
	b.log.Info("telegram: webhook")
	for {
		var batch []arrival
		select {
		case a := <-b.work:
			batch = append(batch, a)
		case <-ctx.Done():
			return nil
		}
	more:
		for len(batch) < 100 {
			select {
			case a := <-b.work:
				batch = append(batch, a)
			default:
				break more
			}
		}
		b.heard.Store(time.Now().Unix())
		slices.SortStableFunc(batch, func(x, y arrival) int { return cmp.Compare(x.update.ID, y.update.ID) })
		all := make([]*update, len(batch))
		for i, a := range batch {
			all[i] = a.update
		}
		for i, err := range b.handleInTime(ctx, all) {
			if err != nil {
				b.log.Warn("telegram: a delivery was not kept and comes again", "err", err)
			}
			batch[i].kept <- err
		}
	}
}
