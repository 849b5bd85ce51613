package playground

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// webhook delivers updates over HTTP. Updates of one chat go in order, one at a time; presses travel in a queue of their own, so that a
// press and a text of one person can swap or overlap. The update queue's lock guards all but the counters.
type webhook struct {
	t      *Telegram
	on     atomic.Bool
	count  atomic.Int64
	mu     sync.Mutex
	url    string
	secret string
	most   int
	slots  chan struct{}
	lanes  map[lane]*laneQueue
	last   lastError
	ctx    context.Context
	cancel context.CancelFunc
	client *http.Client
}

type lane struct {
	chat  int64
	press bool
}

type laneQueue struct {
	waiting []*update
	running bool
}

type lastError struct {
	at      time.Time
	message string
}

var secretToken = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

const (
	webhookTimeout  = 60 * time.Second
	firstRetry      = time.Second
	longestRetry    = 60 * time.Second
	defaultMostConn = 40
)

func (w *webhook) active() bool { return w.on.Load() }

func (w *webhook) pending() int { return int(w.count.Load()) }

func (t *Telegram) setWebhook(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	address := p.Get("url")
	if address == "" {
		return t.deleteWebhook(nil, p, out)
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" { // http: as a Bot API server of one's own allows
		return out, badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	}
	secret := p.Get("secret_token")
	if secret != "" && !secretToken.MatchString(secret) {
		return out, badRequest("secret token contains unallowed characters")
	}
	most := int(p.Int("max_connections"))
	if most < 1 || most > 100 {
		most = defaultMostConn
	}
	q := &t.updates
	q.mu.Lock()
	defer q.mu.Unlock()
	if raw := p.Get("allowed_updates"); raw != "" {
		if refused := q.allow(raw); refused != nil {
			return out, refused
		}
	}
	if p.bool("drop_pending_updates") {
		q.waiting = nil
	}
	q.abort("Conflict: terminated by setWebhook request")
	left := t.webhook.stop()
	if !p.bool("drop_pending_updates") {
		q.waiting = append(left, q.waiting...)
	}
	t.webhook.start(address, secret, most)
	for _, u := range q.waiting {
		t.webhook.add(u)
	}
	q.waiting = nil
	return append(out, "true"...), nil
}

func (t *Telegram) deleteWebhook(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	q := &t.updates
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(t.webhook.stop(), q.waiting...)
	if p.bool("drop_pending_updates") {
		q.waiting = nil
	}
	return append(out, "true"...), nil
}

func (t *Telegram) getWebhookInfo(_ *http.Request, _ *Params, out []byte) ([]byte, *refusal) {
	q := &t.updates
	q.mu.Lock()
	waiting, allowed := len(q.waiting), q.allowed
	q.mu.Unlock()
	w := &t.webhook
	w.mu.Lock()
	defer w.mu.Unlock()
	out = appendStringField(append(out, '{'), "url", w.url)
	out = append(out, `,"has_custom_certificate":false`...)
	out = appendIntField(out, "pending_update_count", int64(waiting+w.pending()))
	if w.url != "" {
		out = appendIntField(out, "max_connections", int64(w.most))
		out = appendStringField(out, "ip_address", "127.0.0.1")
	}
	if w.last.message != "" {
		out = appendIntField(out, "last_error_date", w.last.at.Unix())
		out = appendStringField(out, "last_error_message", w.last.message)
	}
	if allowed != nil {
		out = append(appendKey(out, "allowed_updates"), mustJSON(allowed)...)
	}
	return append(out, '}'), nil
}

func (w *webhook) start(address, secret string, most int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.url, w.secret, w.most, w.last = address, secret, most, lastError{}
	w.slots = make(chan struct{}, most)
	w.lanes = map[lane]*laneQueue{}
	w.ctx, w.cancel = context.WithCancel(w.t.play.ctx)
	w.client = &http.Client{Timeout: webhookTimeout, Transport: &http.Transport{MaxIdleConnsPerHost: most, MaxConnsPerHost: most}}
	w.on.Store(true)
}

// stop ends the deliveries and returns what was not delivered, in order.
func (w *webhook) stop() []*update {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.on.Load() {
		return nil
	}
	w.on.Store(false)
	w.cancel()
	w.client.CloseIdleConnections()
	var left []*update
	for _, l := range w.lanes {
		left = append(left, l.waiting...)
	}
	sortUpdates(left)
	w.url, w.lanes = "", nil
	w.count.Store(0)
	return left
}

// close lets go of the connections; the deliveries end with the playground.
func (w *webhook) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.client != nil {
		w.client.CloseIdleConnections()
	}
}

func (w *webhook) add(u *update) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := lane{u.chat, u.press()}
	l := w.lanes[at]
	if l == nil {
		l = &laneQueue{}
		w.lanes[at] = l
	}
	l.waiting = append(l.waiting, u)
	w.count.Add(1)
	if !l.running {
		l.running = true
		ctx, lanes := w.ctx, w.lanes
		w.t.play.spawn(func() { w.run(ctx, lanes, at, l) })
	}
}

// run delivers a lane, head first, until it is empty.
func (w *webhook) run(ctx context.Context, lanes map[lane]*laneQueue, at lane, l *laneQueue) {
	retry := firstRetry
	for {
		w.mu.Lock()
		if ctx.Err() != nil {
			w.mu.Unlock()
			return
		}
		if len(l.waiting) == 0 {
			l.running = false
			delete(lanes, at)
			w.mu.Unlock()
			return
		}
		u := l.waiting[0]
		w.mu.Unlock()
		pause := time.Duration(0)
		if !u.expired(w.t.play.clock.Now()) {
			var done bool
			if done, pause = w.deliver(ctx, u); !done {
				pause = max(pause, retry)
				retry = min(2*retry, longestRetry)
				if ctx.Err() != nil || !w.t.play.wait(pause) {
					return
				}
				continue
			}
		}
		retry = firstRetry
		w.mu.Lock()
		if ctx.Err() == nil {
			l.waiting = l.waiting[1:]
			w.count.Add(-1)
		}
		w.mu.Unlock()
		w.t.updates.mu.Lock()
		w.t.updates.remember(u)
		w.t.updates.mu.Unlock()
	}
}

// deliver POSTs one update; a 2xx is an acknowledgement, and its body may be a call to make.
func (w *webhook) deliver(ctx context.Context, u *update) (done bool, retryAfter time.Duration) {
	w.mu.Lock()
	address, secret, slots, client := w.url, w.secret, w.slots, w.client // a webhook that is set anew has others
	w.mu.Unlock()
	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
	case <-ctx.Done():
		return false, 0
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(u.appendTo(nil)))
	if err != nil {
		return false, 0
	}
	request.Header.Set("Content-Type", "application/json")
	if secret != "" {
		request.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	response, err := client.Do(request)
	if err != nil {
		w.failed("Connection failed")
		return false, 0
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxUpload))
	if err != nil || response.StatusCode < 200 || response.StatusCode > 299 {
		w.failed(fmt.Sprintf("Wrong response from the webhook: %s", response.Status))
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		return false, time.Duration(seconds) * time.Second
	}
	w.answer(request, body)
	return true, 0
}

func (w *webhook) failed(message string) {
	w.mu.Lock()
	w.last = lastError{w.t.play.clock.Now(), message}
	w.mu.Unlock()
}

// answer makes the call that a webhook may answer with; nobody hears what came of it.
func (w *webhook) answer(r *http.Request, body []byte) {
	if len(body) == 0 || !json.Valid(body) {
		return
	}
	params := &Params{}
	if params.addJSON(body) != nil || !params.Has("method") {
		return
	}
	if call, name := lookUp(params.Get("method")); call != nil {
		if _, refused := call(w.t, r, params, nil); refused != nil {
			w.t.play.log.Debug("playground: a call in answer to a webhook was refused", "method", name, "description", refused.description)
		}
	}
}
