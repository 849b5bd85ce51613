package slack

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxBody is the length in bytes of a request that is read at all; Slack's are far shorter.
const maxBody = 4 << 20

// Handler takes what Slack delivers by signed HTTP: events, presses and forms, commands, all on any path. It answers as the
// Socket Mode does, and only what is signed.
func (b *Bot) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			http.Error(w, "POST only", http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "unreadable", http.StatusBadRequest)
			return
		}
		if b.config.SigningSecret == "" || genuine(r.Header, body, b.config.SigningSecret) != nil {
			b.log.Warn("slack: a request without a good signature")
			http.Error(w, "bad signature", http.StatusUnauthorized)
			return
		}
		d, challenge, ok := deliveryOf(r.Header.Get("Content-Type"), body)
		switch {
		case !ok:
			http.Error(w, "unreadable", http.StatusBadRequest)
		case challenge != "":
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = io.WriteString(w, challenge)
		default:
			b.serve(w, d)
		}
	})
}

// serve handles a delivery and answers as soon as it is acknowledged; what follows goes on behind it.
func (b *Bot) serve(w http.ResponseWriter, d delivery) {
	answer := make(chan any, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b.handle(d, func(payload any) error { answer <- payload; return nil })
	}()
	select {
	case payload := <-answer:
		writeAnswer(w, payload)
	case <-ended:
		select {
		case payload := <-answer:
			writeAnswer(w, payload)
		default:
			http.Error(w, "not handled", http.StatusInternalServerError)
		}
	}
}

func writeAnswer(w http.ResponseWriter, payload any) {
	if payload == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(payload) // Slack went away; it will ask again
}

// deliveryOf reads a request's body: JSON for events and for the challenge by which Slack checks an address, a form for the rest.
func deliveryOf(contentType string, body []byte) (d delivery, challenge string, ok bool) {
	if strings.HasPrefix(contentType, "application/json") {
		var e struct{ Type, Challenge string }
		if json.Unmarshal(body, &e) != nil {
			return d, "", false
		}
		if e.Type == "url_verification" {
			return d, e.Challenge, e.Challenge != ""
		}
		return delivery{kind: kindEvent, payload: body}, "", e.Type == "event_callback"
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return d, "", false
	}
	if payload := form.Get("payload"); payload != "" {
		return delivery{kind: kindInteraction, payload: json.RawMessage(payload)}, "", true
	}
	if form.Get("command") == "" {
		return d, "", false
	}
	fields := make(map[string]string, len(form))
	for name := range form {
		fields[name] = form.Get(name)
	}
	raw, err := json.Marshal(fields)
	return delivery{kind: kindCommand, payload: raw}, "", err == nil
}
