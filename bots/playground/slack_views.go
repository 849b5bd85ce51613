package playground

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// View is a modal or a home tab, as a member sees it.
type View struct {
	ID              string
	Type            string // modal, home
	Member          string
	CallbackID      string
	ExternalID      string
	Title           string
	Submit          string // the text of the button; empty: there is none
	PrivateMetadata string
	Blocks          json.RawMessage
	State           map[string]map[string]json.RawMessage // block_id, action_id: what is filled in
	Errors          map[string]string                     // by block_id
	Hash            string
}

// AllText is everything that can be read in a view.
func (v View) AllText() string { return v.Title + "\n" + TextOf(v.Blocks) }

// view is a view as the stand-in keeps it.
type view struct {
	id, member, kind     string
	fields               map[string]json.RawMessage // as the app gave them, blocks with identities
	hash, root, previous string
	values               map[string]map[string]json.RawMessage
	errors               map[string]string
}

// stackLimit is how many modals may lie on each other, as published.
const stackLimit = 3

// trigger is a person's doing that allows an app to open one view.
type trigger struct {
	member string
	at     time.Time // real time: a person does not wait for a clock on a page
	used   bool
}

// newTrigger makes a trigger_id. The caller holds the lock.
func (s *Slack) newTrigger(member string) string {
	now := time.Now()
	for id, t := range s.triggers { // what is long gone need not be remembered
		if now.Sub(t.at) > time.Hour {
			delete(s.triggers, id)
		}
	}
	id := digits(12) + "." + digits(12) + "." + strings.ToLower(newID(""))
	s.triggers[id] = &trigger{member: member, at: now}
	return id
}

// ExpireTriggers lets all trigger_ids that were given out so far be too old.
func (s *Slack) ExpireTriggers() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.triggers {
		t.at = time.Now().Add(-s.play.options.TriggerFor - time.Second)
	}
}

func (s *Slack) exchange(a SlackArgs) (*trigger, *slackError) {
	id := a["trigger_id"]
	if id == "" {
		id = a["interactivity_pointer"]
	}
	t := s.triggers[id]
	switch {
	case t == nil:
		return nil, no("invalid_trigger_id")
	case t.used:
		return nil, no("exchanged_trigger_id")
	case time.Since(t.at) > s.play.options.TriggerFor:
		return nil, no("expired_trigger_id")
	}
	return t, nil
}

// readView checks a view that an app gave. The caller holds the lock.
func (s *Slack) readView(raw string, kind string) (map[string]json.RawMessage, *slackError) {
	if len(raw) > maxViewSize {
		return nil, no("view_too_large")
	}
	if problems := CheckView(json.RawMessage(raw)); len(problems) > 0 {
		return nil, invalidArguments(problems...)
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal([]byte(raw), &given); err != nil {
		return nil, invalidArguments("must provide an object [json-pointer:/view]")
	}
	if textOf(given["type"]) != kind {
		return nil, invalidArguments("value must be one of: " + kind + " [json-pointer:/view/type]")
	}
	if given["blocks"] = withBlockIDs(given["blocks"]); given["blocks"] == nil {
		given["blocks"] = json.RawMessage("[]")
	}
	return given, nil
}

// takenID reports whether another view has this external_id. The caller holds the lock.
func (s *Slack) takenID(given map[string]json.RawMessage, but *view) bool {
	id := textOf(given["external_id"])
	if id == "" {
		return false
	}
	for _, v := range s.views {
		if v != but && textOf(v.fields["external_id"]) == id {
			return true
		}
	}
	return false
}

func (s *Slack) openView(a SlackArgs) (object, *slackError) { return s.stackView(a, false) }

func (s *Slack) pushView(a SlackArgs) (object, *slackError) { return s.stackView(a, true) }

// stackView puts a view before a member: the first of a stack, or on top of it.
func (s *Slack) stackView(a SlackArgs, push bool) (object, *slackError) {
	t, refused := s.exchange(a)
	if refused != nil {
		return nil, refused
	}
	given, refused := s.readView(a["view"], "modal")
	if refused != nil {
		return nil, refused
	}
	stack := s.stacks[t.member]
	switch {
	case s.takenID(given, nil):
		return nil, no("duplicate_external_id")
	case push && len(stack) == 0:
		return nil, no("not_found")
	case len(stack) >= stackLimit:
		return nil, no("push_limit_reached")
	}
	t.used = true
	return object{"view": s.viewObject(s.putOnTop(t.member, given))}, nil
}

// putOnTop makes a view the top one of a member. The caller holds the lock.
func (s *Slack) putOnTop(member string, given map[string]json.RawMessage) *view {
	v := &view{id: newID("V"), member: member, kind: "modal", fields: given, hash: s.newHash()}
	v.root = v.id
	if stack := s.stacks[member]; len(stack) > 0 {
		v.root, v.previous = stack[0].id, stack[len(stack)-1].id
	}
	v.fill(nil)
	s.seeView(v)
	s.stacks[member] = append(s.stacks[member], v)
	s.views[v.id] = v
	s.shown()
	return v
}

func (s *Slack) newHash() string { return s.ts()[:10] + "." + strings.ToLower(newID(""))[:8] }

func (s *Slack) updateView(a SlackArgs) (object, *slackError) {
	if a["view_id"] == "" && a["external_id"] == "" {
		return nil, invalidArguments("missing required field: view_id")
	}
	v := s.views[a["view_id"]]
	if v == nil && a["external_id"] != "" {
		for _, other := range s.views {
			if textOf(other.fields["external_id"]) == a["external_id"] {
				v = other
			}
		}
	}
	if v == nil {
		return nil, no("not_found")
	}
	given, refused := s.readView(a["view"], v.kind)
	switch {
	case refused != nil:
		return nil, refused
	case a["hash"] != "" && a["hash"] != v.hash:
		return nil, no("hash_conflict")
	case s.takenID(given, v):
		return nil, no("duplicate_external_id")
	}
	s.replace(v, given)
	return object{"view": s.viewObject(v)}, nil
}

// replace gives a view other content. The caller holds the lock.
func (s *Slack) replace(v *view, given map[string]json.RawMessage) {
	if given["external_id"] == nil && v.fields["external_id"] != nil {
		given["external_id"] = v.fields["external_id"]
	}
	v.fields, v.hash, v.errors = given, s.newHash(), nil
	v.fill(v.values)
	s.seeView(v)
	s.shown()
}

func (s *Slack) publishView(a SlackArgs) (object, *slackError) {
	m := s.member(a["user_id"])
	if m == nil {
		return nil, invalidArguments("invalid `user_id`")
	}
	given, refused := s.readView(a["view"], "home")
	if refused != nil {
		return nil, refused
	}
	v := s.homes[m.ID]
	switch {
	case v != nil && a["hash"] != "" && a["hash"] != v.hash:
		return nil, no("hash_conflict")
	case s.takenID(given, v):
		return nil, no("duplicate_external_id")
	case v == nil:
		v = &view{id: newID("V"), member: m.ID, kind: "home"}
		v.root = v.id
		s.homes[m.ID], s.views[v.id] = v, v
	}
	s.replace(v, given)
	return object{"view": s.viewObject(v)}, nil
}

// viewObject is a view as the Web API and the payloads show it. The caller holds the lock.
func (s *Slack) viewObject(v *view) object {
	o := object{
		"id": v.id, "team_id": TeamID, "app_id": AppID, "app_installed_team_id": TeamID, "bot_id": BotID, "hash": v.hash, "root_view_id": v.root,
		"previous_view_id": nil, "state": object{"values": json.RawMessage(mustJSON(v.values))}, "private_metadata": "", "callback_id": "", "external_id": "", "title": nil,
		"close": nil, "submit": nil, "clear_on_close": false, "notify_on_close": false,
	}
	if v.previous != "" {
		o["previous_view_id"] = v.previous
	}
	for name, value := range v.fields {
		o[name] = value
	}
	return o
}

// close takes views off a member's screen. The caller holds the lock.
func (s *Slack) close(member string, all bool) []*view {
	stack := s.stacks[member]
	from := len(stack) - 1
	if all {
		from = 0
	}
	gone := slices.Clone(stack[max(0, from):])
	s.stacks[member] = stack[:max(0, from)]
	for _, v := range gone {
		delete(s.views, v.id)
	}
	s.shown()
	return gone
}

func (v *view) public() View {
	p := View{
		ID: v.id, Type: v.kind, Member: v.member, CallbackID: textOf(v.fields["callback_id"]), ExternalID: textOf(v.fields["external_id"]),
		Title: textOf(fieldOf(v.fields["title"], "text")), Submit: textOf(fieldOf(v.fields["submit"], "text")),
		PrivateMetadata: textOf(v.fields["private_metadata"]), Blocks: v.fields["blocks"], Hash: v.hash, Errors: maps.Clone(v.errors),
		State: map[string]map[string]json.RawMessage{},
	}
	for block, values := range v.values {
		p.State[block] = maps.Clone(values)
	}
	return p
}

// Views are the modals that a member has before them, the top one last.
func (s *Slack) Views(member string) []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []View{}
	for _, v := range s.stacks[member] {
		list = append(list, v.public())
	}
	return list
}

// Home is the home tab that the app published for a member.
func (s *Slack) Home(member string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.homes[member]
	if v == nil {
		return View{}, false
	}
	return v.public(), true
}
