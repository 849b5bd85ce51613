package playground

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// SlackArgs are the arguments of a call to the Web API, as texts: what was no string in a JSON body is its JSON.
type SlackArgs map[string]string

func (a SlackArgs) bool(name string) bool { return a[name] == "true" || a[name] == "1" }

func (a SlackArgs) int(name string, otherwise int) int {
	if n, err := strconv.Atoi(a[name]); err == nil {
		return n
	}
	return otherwise
}

// object is JSON under construction.
type object = map[string]any

// slackError is how the Web API says no.
type slackError struct {
	code     string
	messages []string // response_metadata.messages, without "[ERROR] "
	extra    object
}

func no(code string) *slackError { return &slackError{code: code} }

func invalidArguments(messages ...string) *slackError {
	return &slackError{code: "invalid_arguments", messages: messages}
}

type slackMethod func(s *Slack, a SlackArgs) (object, *slackError)

// slackTable lists what the stand-in plays. Every method is called with the lock held.
var slackTable map[string]slackMethod

func init() {
	slackTable = map[string]slackMethod{
		"auth.test":                    (*Slack).authTest,
		"apps.connections.open":        (*Slack).openConnection,
		"chat.postMessage":             (*Slack).postMessage,
		"chat.postEphemeral":           (*Slack).postEphemeral,
		"chat.update":                  (*Slack).updateMessage,
		"chat.delete":                  (*Slack).deleteMessage,
		"chat.getPermalink":            (*Slack).permalink,
		"conversations.create":         (*Slack).createChannel,
		"conversations.list":           (*Slack).listChannels,
		"users.conversations":          (*Slack).listChannelsOf,
		"conversations.info":           (*Slack).channelInfo,
		"conversations.members":        (*Slack).channelMembers,
		"conversations.invite":         (*Slack).invite,
		"conversations.kick":           (*Slack).kick,
		"conversations.join":           (*Slack).join,
		"conversations.leave":          (*Slack).leave,
		"conversations.archive":        (*Slack).archive,
		"conversations.unarchive":      (*Slack).unarchive,
		"conversations.setTopic":       (*Slack).setTopic,
		"conversations.setPurpose":     (*Slack).setPurpose,
		"conversations.rename":         (*Slack).rename,
		"conversations.history":        (*Slack).history,
		"conversations.replies":        (*Slack).threadReplies,
		"conversations.open":           (*Slack).openDirect,
		"conversations.close":          (*Slack).closeDirect,
		"files.info":                   (*Slack).fileInfo,
		"files.getUploadURLExternal":   (*Slack).uploadURL,
		"files.completeUploadExternal": (*Slack).shareFiles,
		"pins.add":                     (*Slack).addPin,
		"pins.remove":                  (*Slack).removePin,
		"pins.list":                    (*Slack).listPins,
		"reactions.add":                (*Slack).addReaction,
		"reactions.remove":             (*Slack).removeReaction,
		"users.info":                   (*Slack).userInfo,
		"users.list":                   (*Slack).listUsers,
		"users.lookupByEmail":          (*Slack).lookupByEmail,
		"usergroups.list":              (*Slack).listUsergroups,
		"usergroups.users.list":        (*Slack).usergroupUsers,
		"team.info":                    (*Slack).teamInfo,
		"bots.info":                    (*Slack).botInfo,
		"views.open":                   (*Slack).openView,
		"views.push":                   (*Slack).pushView,
		"views.update":                 (*Slack).updateView,
		"views.publish":                (*Slack).publishView,
	}
}

// perMinute are the published rates of the tiers. Tier 5 is "special": chat.postMessage has a rule of its own, the others have none.
var perMinute = map[int]float64{1: 1, 2: 20, 3: 50, 4: 100}

const postBurst = 5

// ServeHTTP answers /slack/api/<method>, /slack/upload/<file>, /slack/private/<file>/<name>, /slack/socket and
// /slack/response/<ticket>.
func (s *Slack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/slack/")
	if path == "socket" {
		s.sockets.serve(w, r)
		return
	}
	if ticket, ok := strings.CutPrefix(path, "response/"); ok {
		s.serveResponse(w, r, ticket)
		return
	}
	if name, ok := strings.CutPrefix(path, "private/"); ok {
		s.servePrivate(w, r, name)
		return
	}
	if ticket, ok := strings.CutPrefix(path, "upload/"); ok {
		s.serveUpload(w, r, ticket)
		return
	}
	method, ok := strings.CutPrefix(path, "api/")
	if !ok {
		http.NotFound(w, r)
		return
	}
	s.calls.Add(1)
	args, err := readSlackArgs(r)
	if err != nil {
		writeSlack(w, nil, no(err.Error()))
		return
	}
	if scopes := s.play.options.SlackScopes; scopes != nil {
		w.Header().Set("X-OAuth-Scopes", strings.Join(scopes, ","))
	}
	drop := false
	if fail := s.fail.Load(); fail != nil {
		if f := (*fail)(method, args); f != nil {
			if f.before(w, r, func(f *Failure) { writeSlackFailure(w, f) }) {
				return
			}
			drop = f.Drop
		}
	}
	answer, refused, wait := s.call(r, method, args)
	if drop {
		panic(http.ErrAbortHandler)
	}
	if wait > 0 {
		writeSlackFailure(w, &Failure{Status: http.StatusTooManyRequests, RetryAfter: wholeSeconds(wait)})
		return
	}
	writeSlack(w, answer, refused)
}

func (s *Slack) call(r *http.Request, method string, args SlackArgs) (object, *slackError, time.Duration) {
	do, known := slackTable[method]
	if !known {
		s.play.violated("slack "+method, []string{"the stand-in does not play this method"})
		return nil, &slackError{code: "unknown_method", extra: object{"req_method": method}}, 0
	}
	if refused := s.authorize(method, args["token"]); refused != nil {
		return nil, refused, 0
	}
	delete(args, "token")
	if !s.play.options.Lean {
		s.play.violated("slack "+method, s.spec.check(method, args))
	}
	for _, name := range slices.Sorted(maps.Keys(s.spec.Methods[method].Args)) {
		if strings.HasSuffix(s.spec.Methods[method].Args[name], "!") && !args.given(name) {
			return nil, invalidArguments("missing required field: " + name), 0
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = "http://" + r.Host
	if wait, ok := s.limit(method, args); !ok {
		return nil, nil, wait
	}
	answer, refused := do(s, args)
	return answer, refused, 0
}

func (a SlackArgs) given(name string) bool {
	_, ok := a[name]
	return ok
}

func (s *Slack) authorize(method, token string) *slackError {
	right, wrong := s.play.options.SlackBotToken, s.play.options.SlackAppToken
	if method == "apps.connections.open" {
		right, wrong = wrong, right
	}
	switch token {
	case right:
		return nil
	case "":
		return no("not_authed")
	case wrong:
		return no("not_allowed_token_type")
	}
	return no("invalid_auth")
}

// limit keeps the published rates. The caller holds the lock.
func (s *Slack) limit(method string, args SlackArgs) (wait time.Duration, ok bool) {
	if !s.play.options.Limits {
		return 0, true
	}
	key, capacity, rate := method, 0.0, 0.0
	if method == "chat.postMessage" {
		key, capacity, rate = method+" "+args["channel"], postBurst, 1
	} else if capacity = perMinute[s.spec.Methods[method].Tier]; capacity == 0 {
		return 0, true
	} else {
		rate = capacity / 60
	}
	b := s.limits[key]
	if b == nil {
		b = &bucket{}
		s.limits[key] = b
	}
	if wait, ok = b.take(time.Now(), capacity, rate); !ok {
		s.refusals.Add(1)
	}
	return wait, ok
}

// readSlackArgs reads a query, a form, a multipart form or JSON, with the token of the header.
func readSlackArgs(r *http.Request) (SlackArgs, error) {
	args := SlackArgs{}
	for name, list := range r.URL.Query() {
		args[name] = list[0]
	}
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		args["token"] = token
	}
	if r.Method != http.MethodPost {
		return args, nil
	}
	kind, attributes, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && r.ContentLength > 0 {
		return nil, errors.New("missing_post_type")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxUpload))
	if err != nil {
		return nil, errors.New("request_timeout")
	}
	if len(body) == 0 {
		return args, nil
	}
	switch kind {
	case "", "text/plain":
	case "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, errors.New("invalid_form_data")
		}
		for name, list := range values {
			args[name] = list[0]
		}
	case "application/json":
		return args, args.addJSON(body)
	case "multipart/form-data":
		form, err := multipart.NewReader(strings.NewReader(string(body)), attributes["boundary"]).ReadForm(maxUpload)
		if err != nil {
			return nil, errors.New("invalid_form_data")
		}
		for name, list := range form.Value {
			args[name] = list[0]
		}
	default:
		return nil, errors.New("invalid_post_type")
	}
	return args, nil
}

func (a SlackArgs) addJSON(body []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return errors.New("invalid_json")
	}
	for name, raw := range fields {
		var text string
		switch {
		case string(raw) == "null":
		case json.Unmarshal(raw, &text) == nil:
			a[name] = text
		default:
			a[name] = string(raw)
		}
	}
	return nil
}

func writeSlack(w http.ResponseWriter, answer object, refused *slackError) {
	if refused != nil {
		answer = refused.object()
	} else {
		if answer == nil {
			answer = object{}
		}
		answer["ok"] = true
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(mustJSON(answer))
}

func (e *slackError) object() object {
	answer := object{"ok": false, "error": e.code}
	if len(e.messages) > 0 {
		marked := make([]string, len(e.messages))
		for i, m := range e.messages {
			marked[i] = "[ERROR] " + m
		}
		answer["response_metadata"] = object{"messages": marked}
		if e.code == "invalid_blocks" {
			answer["errors"] = e.messages
		}
	}
	maps.Copy(answer, e.extra)
	return answer
}

// writeSlackFailure answers with a status of HTTP: 429, 500 ... A status of 200 carries the description as Slack's error.
func writeSlackFailure(w http.ResponseWriter, f *Failure) {
	code := f.Description
	if code == "" && f.Status == http.StatusTooManyRequests {
		code = "ratelimited"
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	w.WriteHeader(f.Status)
	_, _ = w.Write(mustJSON(object{"ok": false, "error": code}))
}
