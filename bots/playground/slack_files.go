package playground

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

// SlackFile is a file that was shared in a channel.
type SlackFile struct {
	ID    string
	Name  string
	Title string
	Type  string // media type, by the ending of the name
	Data  []byte
}

// slackUpload is a file on its way: announced, then uploaded, then shared.
type slackUpload struct {
	file     SlackFile
	length   int
	uploaded bool
}

// maxAltText is how many characters describe a picture at most.
const maxAltText = 1000

// uploadURL announces a file, and says where to send it.
func (s *Slack) uploadURL(a SlackArgs) (object, *slackError) {
	length := a.int("length", 0)
	switch {
	case length < 1 || a["filename"] == "":
		return nil, no("missing_argument")
	case len([]rune(a["alt_txt"])) > maxAltText:
		return nil, no("alt_txt_too_large")
	}
	s.fileNumbers++
	id := fmt.Sprintf("F%d", s.fileNumbers)
	s.uploads[id] = &slackUpload{
		file:   SlackFile{ID: id, Name: a["filename"], Type: mime.TypeByExtension(path.Ext(a["filename"]))},
		length: length,
	}
	return object{"file_id": id, "upload_url": s.base + "/slack/upload/" + id}, nil
}

// serveUpload answers /slack/upload/<ticket>: the bytes as they are, or a form with a file in it.
func (s *Slack) serveUpload(w http.ResponseWriter, r *http.Request, id string) {
	s.calls.Add(1)
	drop := false
	if fail := s.fail.Load(); fail != nil {
		if f := (*fail)("upload", SlackArgs{"file_id": id}); f != nil {
			if f.before(w, r, func(f *Failure) { http.Error(w, f.Description, f.Status) }) {
				return
			}
			drop = f.Drop
		}
	}
	data, err := uploaded(r)
	s.mu.Lock()
	up := s.uploads[id]
	switch {
	case up == nil || r.Method != http.MethodPost:
		s.mu.Unlock()
		http.NotFound(w, r)
		return
	case err != nil || len(data) != up.length:
		s.mu.Unlock()
		http.Error(w, "the file is not what was announced", http.StatusBadRequest)
		return
	}
	up.file.Data, up.uploaded = data, true
	s.mu.Unlock()
	if drop {
		panic(http.ErrAbortHandler)
	}
	_, _ = io.WriteString(w, "OK - "+strconv.Itoa(len(data)))
}

func uploaded(r *http.Request) ([]byte, error) {
	body := io.LimitReader(r.Body, maxUpload)
	kind, attributes, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return io.ReadAll(body)
	}
	for parts := multipart.NewReader(body, attributes["boundary"]); ; {
		part, err := parts.NextPart()
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" {
			return io.ReadAll(part)
		}
	}
}

// shareFiles shares in a channel what was uploaded; without a channel the files stay the bot's own.
func (s *Slack) shareFiles(a SlackArgs) (object, *slackError) {
	var wanted []struct{ ID, Title string }
	if err := json.Unmarshal([]byte(a["files"]), &wanted); err != nil || len(wanted) == 0 {
		return nil, invalidArguments("must provide an array [json-pointer:/files]")
	}
	var files []SlackFile
	var answer []object
	for _, w := range wanted {
		up := s.uploads[w.ID]
		if up == nil || !up.uploaded {
			return nil, no("file_not_found")
		}
		up.file.Title = w.Title
		files = append(files, up.file)
		answer = append(answer, object{"id": w.ID, "title": w.Title})
	}
	if a["channels"] != "" {
		return nil, invalidArguments("the stand-in shares with channel_id only")
	}
	if id := a["channel_id"]; id != "" {
		c, refused := s.target(id)
		switch {
		case refused != nil:
			return nil, refused
		case !c.has(BotUserID):
			return nil, no("not_in_channel")
		case c.Archived:
			return nil, no("posting_to_channel_denied")
		}
		m := s.add(c, &SlackMessage{User: BotUserID, Text: a["initial_comment"], Subtype: "file_share", ThreadTS: a["thread_ts"], Files: files})
		s.tellMessage(c, m)
	}
	for _, f := range files {
		delete(s.uploads, f.ID)
	}
	return object{"files": answer}, nil
}

// object is a file as a message of the Web API shows it.
func (f SlackFile) object() object {
	return object{"id": f.ID, "name": f.Name, "title": f.Title, "mimetype": f.Type, "size": len(f.Data), "user": BotUserID, "mode": "hosted"}
}

// slackFileState is a file as the page shows it.
type slackFileState struct {
	Name string `json:"name"`
	URL  string `json:"url"` // of its content, on the page's own server
	Type string `json:"type"`
	Size int    `json:"size"`
}

func (f SlackFile) state() slackFileState {
	return slackFileState{Name: f.Title, URL: "/play/slack/file/" + f.ID, Type: f.Type, Size: len(f.Data)}
}

// showFile gives the page a file that was shared.
func (s *Slack) showFile(w http.ResponseWriter, r *http.Request) {
	one := s.shared(r.PathValue("id"))
	if one == nil {
		http.NotFound(w, r)
		return
	}
	show(w, r, one.Type, one.Data)
}

func (s *Slack) shared(id string) *SlackFile {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range maps.Values(s.channels) {
		for _, m := range c.messages {
			if at := slices.IndexFunc(m.Files, func(f SlackFile) bool { return strings.EqualFold(f.ID, id) }); at >= 0 {
				return &m.Files[at]
			}
		}
	}
	return nil
}
