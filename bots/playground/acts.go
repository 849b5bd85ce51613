package playground

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"time"
)

// maxAct is the largest body of an act, and maxAttach of one that brings a file, which is a third longer there.
const (
	maxAct    = 1 << 20
	maxAttach = 68 << 20
)

// actRoutes is what a person at the page can see and do.
func (p *Playground) actRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /play/state", p.serveState)
	mux.HandleFunc("GET /play/events", p.serveEvents)
	mux.HandleFunc("GET /play/telegram/file/{id}", p.telegram.showFile)
	mux.HandleFunc("GET /play/slack/file/{id}", p.slack.showFile)
	mux.HandleFunc("GET /play/mail/file/{letter}/{number}", p.mail.showFile)
	handle := func(path string, act http.HandlerFunc) { mux.Handle("POST /play/"+path, jsonOnly(act)) }
	handle("telegram/send", act(p.actSend))
	handle("telegram/press", act(p.actPress))
	handle("telegram/attach", actUpTo(maxAttach, p.actAttach))
	handle("telegram/album", actUpTo(maxAttach, p.actAlbum))
	handle("telegram/edit", act(p.actEdit))
	handle("telegram/block", act(p.actBlock))
	handle("telegram/language", act(p.actLanguage))
	handle("slack/click", act(p.slack.Click))
	handle("slack/submit", act(p.slack.Submit))
	handle("slack/close", act(p.slack.CloseView))
	handle("slack/command", act(p.slack.Command))
	handle("slack/message", act(p.actMessage))
	handle("slack/home", act(p.actHome))
	handle("slack/shortcut", act(p.slack.Shortcut))
	handle("slack/put", answering(maxAttach, p.actPut))
	handle("slack/people", act(p.actPeople))
	handle("slack/channel", act(p.actChannel))
	handle("clock", act(p.actClock))
	return mux
}

// act reads the JSON of a request, does it, and answers {} or {"error": a sentence}.
func act[T any](do func(T) error) http.HandlerFunc { return actUpTo(maxAct, do) }

func actUpTo[T any](limit int64, do func(T) error) http.HandlerFunc {
	return answering(limit, func(wanted T) (any, error) { return struct{}{}, do(wanted) })
}

// answering is an act that has something to tell.
func answering[T any](limit int64, do func(T) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var wanted T
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
		if err == nil {
			err = json.Unmarshal(body, &wanted)
		}
		if err != nil {
			writeError(w, http.StatusBadRequest, errors.New("the body is not the JSON that this act needs"))
			return
		}
		answer, err := do(wanted)
		if err != nil {
			writeError(w, http.StatusConflict, err)
			return
		}
		w.Header()["Content-Type"] = jsonType
		_, _ = w.Write(mustJSON(answer))
	}
}

func writeError(w http.ResponseWriter, status int, err error) {
	w.Header()["Content-Type"] = jsonType
	w.WriteHeader(status)
	_, _ = w.Write(mustJSON(map[string]string{"error": err.Error()}))
}

// loopbackOnly refuses what another site's page or a name that was pointed at this machine may ask a browser to send.
func loopbackOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		u, err := url.Parse(origin)
		if !isLoopback(r.Host) || origin != "" && (err != nil || !isLoopback(u.Host)) {
			writeError(w, http.StatusForbidden, errors.New("the playground is only for this machine"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isLoopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	if host == "localhost" {
		return true
	}
	address := net.ParseIP(host)
	return address != nil && address.IsLoopback()
}

// jsonOnly keeps forms of other sites out: they can't send this content type without asking first.
func jsonOnly(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || kind != "application/json" {
			writeError(w, http.StatusUnsupportedMediaType, errors.New("an act is application/json"))
			return
		}
		next(w, r)
	})
}

func pageHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; "+
			"form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	})
}

type personAct struct {
	Person   int64  `json:"person"`
	Message  int64  `json:"message"`
	Text     string `json:"text"`
	Data     string `json:"data"`
	Kind     string `json:"kind"`
	FileName string `json:"file_name"`
	Caption  string `json:"caption"`
	Content  []byte `json:"content"` // of a file, in base64; none: an invented one
	Blocked  bool   `json:"blocked"`
	Language string `json:"language"`
}

func (p *Playground) actSend(a personAct) error {
	_, _, err := p.telegram.Send(a.Person, a.Text)
	return err
}

func (p *Playground) actPress(a personAct) error {
	_, err := p.telegram.Press(a.Person, a.Message, a.Data)
	return err
}

func (p *Playground) actAttach(a personAct) error {
	_, _, err := p.telegram.Attach(a.Person, Attachment{Kind: a.Kind, FileName: a.FileName, Caption: a.Caption, Data: a.Content})
	return err
}

type albumAct struct {
	Person int64       `json:"person"`
	Files  []personAct `json:"files"`
}

func (p *Playground) actAlbum(a albumAct) error {
	var all []Attachment
	for _, f := range a.Files {
		all = append(all, Attachment{Kind: f.Kind, FileName: f.FileName, Caption: f.Caption, Data: f.Content})
	}
	_, err := p.telegram.Album(a.Person, all...)
	return err
}

func (p *Playground) actEdit(a personAct) error {
	_, err := p.telegram.Edit(a.Person, a.Message, a.Text)
	return err
}

func (p *Playground) actBlock(a personAct) error { return p.telegram.Block(a.Person, a.Blocked) }

func (p *Playground) actLanguage(a personAct) error { return p.telegram.Language(a.Person, a.Language) }

type memberAct struct {
	Member  string `json:"member"`
	Channel string `json:"channel"`
	Text    string `json:"text"`
}

func (p *Playground) actMessage(a memberAct) error {
	_, err := p.slack.Message(a.Member, a.Channel, a.Text)
	return err
}

func (p *Playground) actHome(a memberAct) error { return p.slack.OpenHome(a.Member) }

type clockAct struct {
	Advance string `json:"advance"`
}

func (p *Playground) actClock(a clockAct) error {
	switch a.Advance {
	case "1h":
		p.Turn(time.Hour)
	case "24h":
		p.Turn(24 * time.Hour)
	case "deadline":
		if _, ok := p.TurnToDeadline(); !ok {
			return errors.New("there is no deadline ahead")
		}
	default:
		return fmt.Errorf("the clock can be turned by 1h, by 24h, or to the deadline, not by %q", a.Advance)
	}
	return nil
}
