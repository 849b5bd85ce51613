package playground

import (
	"fmt"
	"math/rand/v2"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
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
	folders := map[string]string{"photo": "photos", "document": "documents", "voice": "voice", "sticker": "stickers"}
	endings := map[string]string{"photo": ".jpg", "voice": ".oga", "sticker": ".webp", "document": path.Ext(a.FileName)}
	data := a.Data
	if data == nil {
		data = []byte("Invented bytes of a " + a.Kind + ": nothing real is in here.\n")
	}
	number := rand.Uint64()
	one := &file{
		id:     fmt.Sprintf("BQACAgQ%016x", number),
		unique: fmt.Sprintf("AgAD%08x", uint32(number)),
		size:   a.Size,
		data:   data,
		mime:   mime.TypeByExtension(endings[a.Kind]),
	}
	if one.mime == "" {
		one.mime = "application/octet-stream"
	}
	if one.size == 0 {
		one.size = int64(len(data))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	one.path = folders[a.Kind] + "/file_" + strconv.Itoa(len(f.byID)) + endings[a.Kind]
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
func (t *Telegram) serveFile(w http.ResponseWriter, _ *http.Request, rest string) {
	token, name, _ := strings.Cut(rest, "/")
	t.files.mu.Lock()
	one := t.files.byPath[name]
	t.files.mu.Unlock()
	if token != t.play.options.TelegramToken || one == nil {
		writeRefusal(w, &refusal{code: http.StatusNotFound, description: "Not Found"})
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(one.data)
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

// File returns the bytes of a file that someone sent, or nil.
func (t *Telegram) File(fileID string) []byte {
	one := t.files.get(fileID)
	if one == nil {
		return nil
	}
	return one.data
}
