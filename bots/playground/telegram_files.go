package playground

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Bots fetch files of up to 20 MB and send files of up to 50 MB, as published.
const (
	maxFetch = 20 << 20
	maxSend  = 50 << 20
)

type file struct {
	id, unique, path, mime string
	size                   int64
	data                   []byte
}

// fileTable holds what people and the bot sent.
type fileTable struct {
	mu     sync.Mutex
	byID   map[string]*file
	byPath map[string]*file
}

func (f *fileTable) init() {
	f.byID, f.byPath = map[string]*file{}, map[string]*file{}
}

func (f *fileTable) get(id string) *file {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.byID[id]
}

func (f *file) appendTo(out []byte) []byte {
	out = appendStringField(out, "file_id", f.id)
	out = appendStringField(out, "file_unique_id", f.unique)
	return appendIntField(out, "file_size", f.size)
}

// add keeps an attachment, with invented bytes where it has none, and returns its file_id.
func (f *fileTable) add(a Attachment) string {
	ending := endsIn(a)
	data := a.Data
	if data == nil {
		data = sampleOf(ending)
	}
	number := rand.Uint64()
	one := &file{
		id:     fmt.Sprintf("BQACAgQ%016x", number),
		unique: fmt.Sprintf("AgAD%08x", uint32(number)),
		size:   a.Size,
		data:   data,
		mime:   mime.TypeByExtension(ending),
	}
	if one.mime == "" {
		one.mime = "application/octet-stream"
	}
	if one.size == 0 {
		one.size = int64(len(data))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	one.path = folderOf[a.Kind] + "/file_" + strconv.Itoa(len(f.byID)) + ending
	f.byID[one.id], f.byPath[one.path] = one, one
	return one.id
}

func (t *Telegram) getFile(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	one := t.files.get(p.Get("file_id"))
	if one == nil {
		return out, badRequest("invalid file_id")
	}
	if one.size > maxFetch {
		return out, badRequest("file is too big")
	}
	out = one.appendTo(append(out, '{'))
	return append(appendStringField(out, "file_path", one.path), '}'), nil
}

// serveFile answers /file/bot<token>/<path>.
func (t *Telegram) serveFile(w http.ResponseWriter, r *http.Request, rest string) {
	token, name, _ := strings.Cut(rest, "/")
	t.files.mu.Lock()
	one := t.files.byPath[name]
	t.files.mu.Unlock()
	if token != t.play.options.TelegramToken || one == nil {
		writeRefusal(w, &refusal{code: http.StatusNotFound, description: "Not Found"})
		return
	}
	t.calls.Add(1)
	data, drop := one.data, false
	if fail := t.fail.Load(); fail != nil {
		if f := (*fail)("download", &Params{pairs: []pair{{"file_id", one.id}}}); f != nil {
			if f.before(w, r, func(f *Failure) {
				writeRefusal(w, &refusal{code: f.Status, description: f.Description, retryAfter: f.RetryAfter})
			}) {
				return
			}
			if drop = f.Drop; drop {
				data = data[:len(data)/2]
			}
		}
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(len(one.data)))
	_, _ = w.Write(data)
	if drop { // in the middle of it
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

func (t *Telegram) sendDocument(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	caption, entities, refused := formatted(p, "caption", "caption_entities")
	if refused != nil {
		return out, refused
	}
	if longerThan(caption, maxCaption) {
		return out, badRequest("message caption is too long")
	}
	m := &Message{Kind: "document", Caption: caption, Entities: entities}
	attached := p.file("document")
	if name, ok := strings.CutPrefix(p.Get("document"), "attach://"); ok {
		attached = p.file(name)
	}
	switch {
	case attached != nil && len(attached.data) == 0:
		return out, badRequest("file must be non-empty")
	case attached != nil && len(attached.data) > maxSend:
		return out, &refusal{code: http.StatusRequestEntityTooLarge, description: "Request Entity Too Large"}
	case attached != nil:
		m.FileName = attached.name
		m.FileID = t.files.add(Attachment{Kind: "document", FileName: attached.name, Data: attached.data})
	case t.files.get(p.Get("document")) != nil:
		m.FileID = p.Get("document")
		m.FileName = path.Base(t.files.get(m.FileID).path)
	case p.Get("document") == "":
		return out, badRequest("there is no document in the request")
	default:
		return out, badRequest("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
	}
	return t.send(p, m, out)
}

// shown are the kinds of files that a browser may show where it is; any other is only saved.
var shown = []string{"text/html", "text/plain", "image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf", "audio/ogg", "audio/mpeg", "audio/mp4",
	"video/mp4", "video/webm"}

// showFile gives the page a file that was sent. What is in it comes from anybody: a document can do nothing here but be read.
func (t *Telegram) showFile(w http.ResponseWriter, r *http.Request) {
	one := t.files.get(r.PathValue("id"))
	if one == nil {
		http.NotFound(w, r)
		return
	}
	show(w, r, one.mime, one.data)
}

// show answers with a file that somebody sent, so that it can do nothing in a browser but be looked at.
func show(w http.ResponseWriter, r *http.Request, as string, data []byte) {
	kind, _, err := mime.ParseMediaType(as)
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", as)
	if kind != "application/pdf" { // which a browser does not show in a sandbox
		h.Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self'")
	}
	if err != nil || !slices.Contains(shown, kind) {
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", "attachment")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// File returns the bytes of a file that someone sent, or nil.
func (t *Telegram) File(fileID string) []byte {
	one := t.files.get(fileID)
	if one == nil {
		return nil
	}
	return one.data
}
