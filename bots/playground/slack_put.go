package playground

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"unicode/utf8"
)

// This file holds what members put into a form's file_input, and how the app fetches it.

// memberFile is a file of a member.
type memberFile struct {
	SlackFile
	owner   string
	created int64
}

// Put uploads a file of a member, as the field of a form does; what it returns goes into the field's list of files.
func (s *Slack) Put(member, name string, data []byte) (json.RawMessage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.active(member)
	switch {
	case err != nil:
		return nil, err
	case name == "" || len(data) == 0:
		return nil, errors.New("a file has a name and a content")
	}
	s.fileNumbers++
	f := &memberFile{
		SlackFile: SlackFile{ID: fmt.Sprintf("F%d", s.fileNumbers), Name: name, Title: name, Type: mime.TypeByExtension(path.Ext(name)), Data: data},
		owner:     m.ID, created: s.play.clock.Now().Unix(),
	}
	s.files[f.ID] = f
	return mustJSON(s.fileObject(f)), nil
}

// Files is the state of a file_input that holds what Put returned.
func Files(list ...json.RawMessage) json.RawMessage {
	return mustJSON(object{"type": "file_input", "files": append([]json.RawMessage{}, list...)})
}

func (s *Slack) fileObject(f *memberFile) object {
	kind, _, _ := strings.Cut(f.Type, ";")
	ending := strings.TrimPrefix(path.Ext(f.Name), ".")
	address := s.appBase() + "/slack/private/" + f.ID + "/file"
	return object{
		"id": f.ID, "created": f.created, "timestamp": f.created, "name": f.Name, "title": f.Title, "mimetype": kind, "filetype": ending,
		"pretty_type": strings.ToUpper(ending), "user": f.owner, "user_team": TeamID, "editable": false, "size": len(f.Data), "mode": "hosted",
		"is_external": false, "external_type": "", "is_public": false, "public_url_shared": false, "display_as_bot": false, "username": "",
		"url_private": address, "url_private_download": address + "?download=1", "permalink": address, "file_access": "visible",
	}
}

// checkFiles says what Slack's own client would not send with a file_input.
func checkFiles(list []any, element map[string]any) string {
	const mostByDefault = 10
	most, limited := element["max_files"].(float64)
	if !limited {
		most = mostByDefault
	}
	if float64(len(list)) > most {
		return fmt.Sprintf("Please choose no more than %v files.", most)
	}
	kinds, _ := element["filetypes"].([]any)
	for _, one := range list {
		f, _ := one.(map[string]any)
		kind, _ := f["filetype"].(string)
		if len(kinds) > 0 && !containsFold(kinds, kind) {
			return "This kind of file is not accepted here."
		}
	}
	return ""
}

func containsFold(list []any, wanted string) bool {
	for _, one := range list {
		if text, _ := one.(string); strings.EqualFold(text, wanted) {
			return true
		}
	}
	return false
}

// ownFiles replaces what a field says of its files by what is known of them: only a member's own can stand there.
func (s *Slack) ownFiles(member string, state json.RawMessage) json.RawMessage {
	var given []struct{ ID string }
	if json.Unmarshal(fieldOf(state, "files"), &given) != nil {
		return Files()
	}
	var list []json.RawMessage
	for _, one := range given {
		if f := s.files[one.ID]; f != nil && f.owner == member {
			list = append(list, mustJSON(s.fileObject(f)))
		}
	}
	return Files(list...)
}

// withFiles does so in all fields of a form that hold files.
func (s *Slack) withFiles(member string, values map[string]map[string]json.RawMessage) map[string]map[string]json.RawMessage {
	for _, actions := range values {
		for action, state := range actions {
			if textOf(fieldOf(state, "type")) == "file_input" {
				actions[action] = s.ownFiles(member, state)
			}
		}
	}
	return values
}

// fileInfo tells of a file that was put into a form.
func (s *Slack) fileInfo(a SlackArgs) (object, *slackError) {
	f := s.files[a["file"]]
	if f == nil {
		return nil, no("file_not_found")
	}
	return object{"file": s.fileObject(f), "comments": []object{}, "response_metadata": object{"next_cursor": ""}}, nil
}

// servePrivate gives the app a file, and anybody without its token a page to sign in, with status 200 as Slack does.
func (s *Slack) servePrivate(w http.ResponseWriter, r *http.Request, name string) {
	s.calls.Add(1)
	if fail := s.fail.Load(); fail != nil {
		if f := (*fail)("download", SlackArgs{"file": name}); f != nil {
			if f.before(w, r, func(f *Failure) { http.Error(w, f.Description, f.Status) }) {
				return
			}
		}
	}
	if r.Header.Get("Authorization") != "Bearer "+s.play.options.SlackBotToken {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!DOCTYPE html><title>Sign in</title>Sign in to the invented workspace.")
		return
	}
	id, _, _ := strings.Cut(name, "/")
	s.mu.Lock()
	f := s.files[id]
	s.mu.Unlock()
	if f == nil {
		http.NotFound(w, r)
		return
	}
	kind := f.Type
	if kind == "" && utf8.Valid(f.Data) {
		kind = "text/plain; charset=utf-8"
	}
	if kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	_, _ = w.Write(f.Data)
}
