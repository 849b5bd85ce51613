package playground

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// SeenBy is all that a member could ever see of what the app and others did, each thing with where it stood: every version of every
// message of the channels they were in while they were in them (of a public channel also while they were not: everybody can read
// it), with its notification text, its blocks down to the values of buttons, its metadata and its files; what was shown to them
// alone; the views that were opened for them, and their home; the names of channels. Nothing is forgotten, so a word that is
// not in it was never there to see. Options.Lean keeps none of it.
func (s *Slack) SeenBy(member string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen[member])
}

// see notes that members could see something. The caller holds the lock.
func (s *Slack) see(members []string, where string, things ...string) {
	if s.play.options.Lean || len(members) == 0 {
		return
	}
	piece := where + ": " + strings.Join(things, "\n")
	for _, id := range members {
		if list := s.seen[id]; len(list) == 0 || list[len(list)-1] != piece {
			s.seen[id] = append(list, piece)
		}
	}
}

// readers are the members who can read a channel now: those in it, and where it is public all that are not gone.
func (s *Slack) readers(c *channel) []string {
	var list []string
	for _, m := range s.members {
		if !m.Deleted && (c.has(m.ID) || !c.Private) {
			list = append(list, m.ID)
		}
	}
	return list
}

// seeMessage notes a message as it is now. The caller holds the lock.
func (s *Slack) seeMessage(c *channel, m *SlackMessage) {
	if s.play.options.Lean {
		return
	}
	who := s.readers(c)
	if m.Ephemeral != "" {
		who = []string{m.Ephemeral}
	}
	s.showMessage(who, c, m)
}

func (s *Slack) showMessage(who []string, c *channel, m *SlackMessage) {
	things := []string{m.Text, wordsOf(m.Blocks), wordsOf(m.Metadata)}
	for _, f := range m.Files {
		things = append(things, f.Name, f.Title, string(f.Data))
	}
	s.see(who, fmt.Sprintf("message %s in %s", m.TS, c.whereabouts()), things...)
}

// seeName notes what a channel is called, and what is said of it. The caller holds the lock.
func (s *Slack) seeName(c *channel) {
	s.see(s.readers(c), c.whereabouts(), c.Topic, c.Purpose)
}

// seeChannel notes all that stands in a channel by now, for those who come in, or for all. The caller holds the lock.
func (s *Slack) seeChannel(c *channel, who ...string) {
	if s.play.options.Lean {
		return
	}
	if len(who) == 0 {
		who = s.readers(c)
	}
	s.see(who, c.whereabouts(), c.Topic, c.Purpose)
	for _, m := range c.messages {
		if m.Ephemeral == "" {
			s.showMessage(who, c, m)
		}
	}
}

// seeWorkspace notes what somebody finds who comes into the workspace, or back to it. The caller holds the lock.
func (s *Slack) seeWorkspace(member string) {
	for _, id := range s.order {
		if c := s.channels[id]; c.has(member) || !c.Private {
			s.seeChannel(c, member)
		}
	}
}

// seeView notes a view as it is now, with what only the app reads of it: it is on the member's machine all the same. The caller
// holds the lock.
func (s *Slack) seeView(v *view) {
	if s.play.options.Lean {
		return
	}
	things := []string{wordsOf(mustJSON(v.fields)), wordsOf(mustJSON(v.values))}
	for _, problem := range v.errors {
		things = append(things, problem)
	}
	s.see([]string{v.member}, v.kind+" "+v.id, things...)
}

func (c *channel) whereabouts() string {
	if c.Name == "" {
		return "channel " + c.ID
	}
	return "channel " + c.ID + " " + c.Name
}

// wordsOf is every name and every text in JSON, a line for each.
func wordsOf(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	var lines []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			lines = append(lines, v)
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			for name, one := range v {
				lines = append(lines, name)
				walk(one)
			}
		}
	}
	walk(decode(raw))
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "\n")
}
