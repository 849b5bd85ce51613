package playground

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// This file holds what a person at the page does to the workspace itself: its people and its channels.

type putAct struct {
	Member  string `json:"member"`
	Name    string `json:"name"`
	Content []byte `json:"content"` // in base64
}

// put gives the page what goes into the field of a form.
func (p *Playground) actPut(a putAct) (any, error) {
	file, err := p.slack.Put(a.Member, a.Name, a.Content)
	return map[string]json.RawMessage{"file": file}, err
}

// peopleAct is done to a member: rename, deactivate, reactivate; or add, which makes one.
type peopleAct struct {
	Do     string `json:"do"`
	Member string `json:"member"`
	Name   string `json:"name"`
	Locale string `json:"locale"`
}

// invented marks a name that was made up at the page, as all names there are.
func invented(name string) string {
	name = strings.TrimSpace(name)
	if name == "" || strings.Contains(name, "(") {
		return name
	}
	return name + " (invented)"
}

func (p *Playground) actPeople(a peopleAct) error {
	name := invented(a.Name)
	switch a.Do {
	case "rename":
		return p.slack.Rename(a.Member, name)
	case "deactivate":
		return p.slack.Deactivate(a.Member, true)
	case "reactivate":
		return p.slack.Deactivate(a.Member, false)
	case "add":
		if name == "" {
			return errors.New("a new member needs a name")
		}
		locale := a.Locale
		if !slices.Contains([]string{"nl-NL", "en-GB"}, locale) {
			locale = "nl-NL"
		}
		p.slack.AddMember(Member{ID: p.slack.freeID(), Name: name, Role: "member", Locale: locale})
		return nil
	}
	return fmt.Errorf("a member can be renamed, deactivated, reactivated or added, not %q", a.Do)
}

// freeID is an identifier that no member has.
func (s *Slack) freeID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := len(s.members) + 1; ; n++ {
		if id := "U" + strconv.Itoa(n); s.member(id) == nil {
			return id
		}
	}
}

// channelAct is done by a member to a channel they are in: invite and remove (somebody, or "bot"), rename, archive, delete.
type channelAct struct {
	Do      string `json:"do"`
	Member  string `json:"member"`
	Channel string `json:"channel"`
	User    string `json:"user"`
	Name    string `json:"name"`
}

func (p *Playground) actChannel(a channelAct) error {
	user := a.User
	if user == "bot" {
		user = BotUserID
	}
	switch a.Do {
	case "invite":
		return p.slack.Invite(a.Member, user, a.Channel)
	case "remove":
		return p.slack.Remove(a.Member, user, a.Channel)
	case "rename":
		return p.slack.RenameChannel(a.Member, a.Channel, a.Name)
	case "archive":
		return p.slack.Archive(a.Member, a.Channel, true)
	case "unarchive":
		return p.slack.Archive(a.Member, a.Channel, false)
	case "delete":
		return p.slack.DeleteChannel(a.Channel)
	}
	return fmt.Errorf("a channel can't be told to %q", a.Do)
}
