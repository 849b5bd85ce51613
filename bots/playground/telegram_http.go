package playground

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
)

// maxUpload is the most that a bot may send at once: a file of 50 MB and what goes with it.
const maxUpload = 51 << 20

// Params are the parameters of a call to the Bot API, as texts: what was no string in a JSON body is its JSON, as the real server has it.
type Params struct {
	pairs []pair
	files []upload
}

type pair struct{ name, value string }

type upload struct {
	field, name, mime string
	data              []byte
}

// Get returns a parameter, or "".
func (p *Params) Get(name string) string {
	for i := range p.pairs {
		if p.pairs[i].name == name {
			return p.pairs[i].value
		}
	}
	return ""
}

// Has reports whether a parameter was given.
func (p *Params) Has(name string) bool {
	for i := range p.pairs {
		if p.pairs[i].name == name {
			return true
		}
	}
	return false
}

// Int returns a number, or 0 where there is none.
func (p *Params) Int(name string) int64 {
	n, _ := strconv.ParseInt(p.Get(name), 10, 64)
	return n
}

func (p *Params) bool(name string) bool {
	v := strings.ToLower(p.Get(name))
	return v == "true" || v == "yes" || v == "1"
}

func (p *Params) file(field string) *upload {
	for i := range p.files {
		if p.files[i].field == field {
			return &p.files[i]
		}
	}
	return nil
}

// refusal is how the Bot API says no.
type refusal struct {
	code        int
	description string
	retryAfter  int
}

func badRequest(description string) *refusal {
	return &refusal{code: http.StatusBadRequest, description: "Bad Request: " + description}
}

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 4096); return &b }}

// ServeHTTP answers /telegram/bot<token>/<method> and /telegram/file/bot<token>/<path>.
func (t *Telegram) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/telegram")
	if rest, ok := strings.CutPrefix(path, "/file/bot"); ok {
		t.serveFile(w, r, rest)
		return
	}
	rest, ok := strings.CutPrefix(path, "/bot")
	token, method, found := strings.Cut(rest, "/")
	if !ok || !found {
		writeRefusal(w, &refusal{code: http.StatusNotFound, description: "Not Found"})
		return
	}
	if subtle.ConstantTimeCompare([]byte(token), []byte(t.play.options.TelegramToken)) != 1 {
		writeRefusal(w, &refusal{code: http.StatusUnauthorized, description: "Unauthorized"})
		return
	}
	t.calls.Add(1)
	params, err := readParams(r)
	if err != nil {
		writeRefusal(w, badRequest(err.Error()))
		return
	}
	call, method := lookUp(method)
	drop := false
	if fail := t.fail.Load(); fail != nil {
		if f := (*fail)(method, params); f != nil {
			if f.before(w, r, func(f *Failure) {
				writeRefusal(w, &refusal{code: f.Status, description: f.Description, retryAfter: f.RetryAfter})
			}) {
				return
			}
			drop = f.Drop
		}
	}
	if !t.play.options.Lean {
		t.play.violated("telegram "+method, t.spec.check(method, params))
	}
	pooled := buffers.Get().(*[]byte)
	defer buffers.Put(pooled)
	out := append((*pooled)[:0], `{"ok":true,"result":`...)
	if call == nil {
		writeRefusal(w, &refusal{code: http.StatusNotFound, description: "Not Found: method not found"})
		return
	}
	out, refused := call(t, r, params, out)
	if drop {
		panic(http.ErrAbortHandler)
	}
	if refused != nil {
		writeRefusal(w, refused)
		return
	}
	out = append(out, '}')
	header := w.Header()
	header["Content-Type"] = jsonType
	_, _ = w.Write(out)
	*pooled = out
}

var jsonType = []string{"application/json"}

func writeRefusal(w http.ResponseWriter, refused *refusal) {
	if refused.code == 0 { // the caller is gone: nobody hears the answer
		return
	}
	out := append([]byte(nil), `{"ok":false,"error_code":`...)
	out = strconv.AppendInt(out, int64(refused.code), 10)
	out = appendStringField(out, "description", refused.description)
	if refused.retryAfter > 0 {
		out = append(out, `,"parameters":{"retry_after":`...)
		out = strconv.AppendInt(out, int64(refused.retryAfter), 10)
		out = append(out, '}')
		w.Header().Set("Retry-After", strconv.Itoa(refused.retryAfter))
	}
	w.Header()["Content-Type"] = jsonType
	w.WriteHeader(refused.code)
	_, _ = w.Write(append(out, '}'))
}

// readParams reads a query, a form, a multipart form or JSON; all four are allowed.
func readParams(r *http.Request) (*Params, error) {
	p := &Params{}
	if r.URL.RawQuery != "" {
		p.addValues(r.URL.Query())
	}
	if r.Method != http.MethodPost {
		return p, nil
	}
	kind, attributes, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = ""
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxUpload))
	if err != nil {
		return nil, errors.New("can't read the body of the request")
	}
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return p, nil
	case kind == "multipart/form-data":
		return p, p.addMultipart(body, attributes["boundary"])
	case kind == "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, errors.New("can't parse parameters of the request")
		}
		p.addValues(values)
		return p, nil
	case kind == "application/json":
		return p, p.addJSON(body)
	}
	return nil, errors.New("unsupported content type")
}

func (p *Params) addValues(values url.Values) {
	for name, list := range values {
		p.pairs = append(p.pairs, pair{name, list[0]})
	}
}

func (p *Params) addJSON(body []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return errors.New("can't parse JSON encoded body of the request")
	}
	for name, raw := range fields {
		value := string(raw)
		switch {
		case value == "null":
			continue
		case raw[0] == '"':
			var text string
			if err := json.Unmarshal(raw, &text); err != nil {
				return errors.New("can't parse JSON encoded body of the request")
			}
			value = text
		}
		p.pairs = append(p.pairs, pair{name, value})
	}
	return nil
}

// addMultipart reads the parts; the client library sends even the shortest text this way, so plain fields are read without ceremony.
func (p *Params) addMultipart(body []byte, boundary string) error {
	wrong := errors.New("can't parse the multipart body of the request")
	if boundary == "" {
		return wrong
	}
	delimiter := []byte("\r\n--" + boundary)
	rest, ok := bytes.CutPrefix(bytes.TrimPrefix(body, delimiter[:2]), delimiter[2:]) // a form without fields begins with an empty line
	if !ok {
		return wrong
	}
	for !bytes.HasPrefix(rest, []byte("--")) {
		head, after, ok := bytes.Cut(bytes.TrimPrefix(rest, []byte("\r\n")), []byte("\r\n\r\n"))
		if !ok {
			return wrong
		}
		content, next, ok := bytes.Cut(after, delimiter)
		if !ok {
			return wrong
		}
		if name, plain := plainField(head); plain {
			p.pairs = append(p.pairs, pair{name, string(content)})
		} else if err := p.addPart(head, content); err != nil {
			return err
		}
		rest = next
	}
	return nil
}

// plainField recognises the header of a field that is no file: one line, nothing escaped.
func plainField(head []byte) (name string, ok bool) {
	const start = `Content-Disposition: form-data; name="`
	rest, ok := strings.CutPrefix(string(head), start)
	if !ok {
		return "", false
	}
	name, rest, ok = strings.Cut(rest, `"`)
	return name, ok && rest == "" && !strings.Contains(name, `\`)
}

func (p *Params) addPart(head, content []byte) error {
	const boundary = "part"
	whole := "--" + boundary + "\r\n" + string(head) + "\r\n\r\n\r\n--" + boundary + "--"
	part, err := multipart.NewReader(strings.NewReader(whole), boundary).NextPart()
	if err != nil {
		return errors.New("can't parse the multipart body of the request")
	}
	if part.FileName() == "" {
		p.pairs = append(p.pairs, pair{part.FormName(), string(content)})
		return nil
	}
	p.files = append(p.files, upload{part.FormName(), part.FileName(), part.Header.Get("Content-Type"), content})
	return nil
}
