package playground

import (
	"encoding/json"
	"maps"
	"slices"
)

type slackState struct {
	Team         string                       `json:"team"`
	Me           string                       `json:"me"`
	Bot          slackBotState                `json:"bot"`
	Members      []slackMember                `json:"members"`
	Shortcuts    []MessageShortcut            `json:"shortcuts"`
	Channels     []channelState               `json:"channels"`
	Views        []map[string]json.RawMessage `json:"views"`
	Home         map[string]json.RawMessage   `json:"home"`
	CommandReply string                       `json:"command_reply"`
}

type slackBotState struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type slackMember struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Role    string `json:"role"`
	Locale  string `json:"locale"`
	Deleted bool   `json:"deleted"`

	Groups []string `json:"groups"` // the handles of the user groups they are in
}

type channelState struct {
	ID       string              `json:"id"`
	Name     string              `json:"name"`
	Private  bool                `json:"private"`
	DMWith   string              `json:"dm_with"`
	Archived bool                `json:"archived"`
	Bot      bool                `json:"bot"` // it is in the channel
	Members  []string            `json:"members"`
	Topic    string              `json:"topic"`
	Messages []slackMessageState `json:"messages"`
}

type slackMessageState struct {
	TS        string          `json:"ts"`
	User      string          `json:"user"`
	At        string          `json:"at"`
	Text      string          `json:"text"`
	Blocks    json.RawMessage `json:"blocks"`
	Ephemeral bool            `json:"ephemeral"`
	Edited    bool            `json:"edited"`
	Pinned    bool            `json:"pinned"`
	ThreadTS  string          `json:"thread_ts"`

	Files []slackFileState `json:"files,omitempty"`
}

// state is the workspace as one member sees it: their channels, the messages that are meant for them, their forms and home.
func (s *Slack) state(me string) slackState {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := slackState{
		Team: teamName, Bot: slackBotState{BotUserID, botName}, Members: []slackMember{}, Channels: []channelState{},
		Views: []map[string]json.RawMessage{}, Shortcuts: s.play.options.Shortcuts,
	}
	if s.member(me) == nil && len(s.members) > 0 {
		me = s.members[0].ID
	}
	state.Me, state.CommandReply = me, s.replies[me]
	for _, m := range s.members {
		state.Members = append(state.Members, slackMember{m.ID, m.Name, m.Role, m.Locale, m.Deleted, s.groupsOf(m.ID)})
	}
	for _, id := range s.order {
		if c := s.channels[id]; c.has(me) || !c.Private {
			state.Channels = append(state.Channels, s.channelState(c, me))
		}
	}
	for _, v := range s.stacks[me] {
		state.Views = append(state.Views, v.state())
	}
	if v := s.homes[me]; v != nil {
		state.Home = v.state()
	}
	return state
}

// groupsOf are the handles of the user groups that a member is in. The caller holds the lock.
func (s *Slack) groupsOf(member string) []string {
	list := []string{}
	for _, g := range s.groups {
		if !g.Disabled && slices.Contains(g.Members, member) {
			list = append(list, g.Handle)
		}
	}
	return list
}

func (s *Slack) channelState(c *channel, me string) channelState {
	state := channelState{
		ID: c.ID, Name: c.Name, Private: c.Private, Archived: c.Archived, Topic: c.Topic, Bot: c.has(BotUserID), Messages: []slackMessageState{},
		Members: slices.DeleteFunc(slices.Clone(c.Members), func(m string) bool { return m == BotUserID }),
	}
	if len(c.With) == 1 {
		state.DMWith = "bot"
	}
	for _, m := range c.messages {
		if m.Ephemeral != "" && m.Ephemeral != me {
			continue
		}
		one := slackMessageState{
			TS: m.TS, User: m.User, At: s.play.moment(m.At), Text: m.Text, Blocks: m.Blocks, Ephemeral: m.Ephemeral != "",
			Edited: !m.EditedAt.IsZero(), Pinned: m.Pinned, ThreadTS: m.ThreadTS,
		}
		if m.User == BotUserID {
			one.User = "bot"
		}
		for _, f := range m.Files {
			one.Files = append(one.Files, f.state())
		}
		if one.Blocks == nil {
			one.Blocks = json.RawMessage("[]")
		}
		state.Messages = append(state.Messages, one)
	}
	return state
}

// state is a view without what only the app may see.
func (v *view) state() map[string]json.RawMessage {
	state := maps.Clone(v.fields)
	delete(state, "private_metadata")
	state["id"] = mustJSON(v.id)
	state["errors"] = json.RawMessage("{}")
	if len(v.errors) > 0 {
		state["errors"] = mustJSON(v.errors)
	}
	return state
}
