package playground

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// handle is what follows an @.
func (m *Member) handle() string {
	return cmp.Or(m.Handle, strings.ToLower(strings.Fields(m.Name + " x")[0]))
}

// AddMember brings one more person into the workspace; they are in no channel yet. The app hears of it by team_join.
func (s *Slack) AddMember(m Member) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addMember(m)
	s.direct(m.ID)
	s.event(object{"type": "team_join", "user": s.userObject(s.member(m.ID), true), "cache_ts": s.play.clock.Now().Unix(), "event_ts": s.ts()})
	s.shown()
}

// ChangeMember changes what is known of a member (all but the ID); the app hears of it by user_change.
func (s *Slack) ChangeMember(member string, change func(*Member)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.member(member)
	if m == nil {
		return fmt.Errorf("there is no member %s", member)
	}
	was := *m
	change(m)
	m.ID = was.ID
	if m.DisplayName == was.DisplayName && was.DisplayName == was.Name {
		m.DisplayName = m.Name // they never chose one
	}
	if was.Deleted && !m.Deleted {
		s.seeWorkspace(m.ID)
	}
	s.event(object{"type": "user_change", "user": s.userObject(m, true), "cache_ts": s.play.clock.Now().Unix(), "event_ts": s.ts()})
	s.shown()
	return nil
}

// Rename gives a member another name, as they can themselves.
func (s *Slack) Rename(member, name string) error {
	if strings.TrimSpace(name) == "" {
		return fmt.Errorf("%s needs a name", member)
	}
	return s.ChangeMember(member, func(m *Member) { m.Name = name })
}

// Deactivate ends a member's account, or brings it back.
func (s *Slack) Deactivate(member string, deleted bool) error {
	return s.ChangeMember(member, func(m *Member) { m.Deleted = deleted })
}

// SetUsergroup makes or changes a group of members. The app hears of it by subteam_created or subteam_updated, and of other members by
// subteam_members_changed.
func (s *Slack) SetUsergroup(g Usergroup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g.Members = slices.Clone(g.Members)
	now := s.play.clock.Now().Unix()
	i := slices.IndexFunc(s.groups, func(other Usergroup) bool { return other.ID == g.ID })
	if i < 0 {
		s.groups = append(s.groups, g)
		s.event(object{"type": "subteam_created", "subteam": s.usergroupObject(g, true), "event_ts": s.ts()})
		s.shown()
		return
	}
	added, removed := without(g.Members, s.groups[i].Members), without(s.groups[i].Members, g.Members)
	s.groups[i] = g
	s.event(object{"type": "subteam_updated", "subteam": s.usergroupObject(g, true), "event_ts": s.ts()})
	if len(added)+len(removed) > 0 {
		s.event(object{
			"type": "subteam_members_changed", "subteam_id": g.ID, "team_id": TeamID, "date_previous_update": now, "date_update": now,
			"added_users": added, "added_users_count": len(added), "removed_users": removed, "removed_users_count": len(removed), "event_ts": s.ts(),
		})
	}
	s.shown()
}

// Usergroups are the groups of members.
func (s *Slack) Usergroups() []Usergroup {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.groups)
}

// without is what of a list does not stand in another.
func without(list, other []string) []string {
	return slices.DeleteFunc(append([]string{}, list...), func(one string) bool { return slices.Contains(other, one) })
}

func (s *Slack) usergroupObject(g Usergroup, withUsers bool) object {
	began := s.play.clock.start.Unix()
	o := object{
		"id": g.ID, "team_id": TeamID, "is_usergroup": true, "is_subteam": true, "name": g.Name, "description": "", "handle": g.Handle, "is_external": false,
		"date_create": began, "date_update": began, "date_delete": 0, "auto_type": nil, "created_by": BotUserID, "updated_by": BotUserID,
		"deleted_by": nil, "prefs": object{"channels": []string{}, "groups": []string{}},
	}
	if g.Disabled {
		o["date_delete"] = began
	}
	if withUsers {
		o["users"] = append([]string{}, g.Members...)
		o["user_count"] = len(g.Members)
	}
	return o
}

func (s *Slack) listUsergroups(a SlackArgs) (object, *slackError) {
	list := []object{}
	for _, g := range s.groups {
		if g.Disabled && !a.bool("include_disabled") {
			continue
		}
		o := s.usergroupObject(g, a.bool("include_users"))
		delete(o, "user_count")
		if a.bool("include_count") {
			o["user_count"] = len(g.Members)
		}
		list = append(list, o)
	}
	return object{"usergroups": list}, nil
}

func (s *Slack) usergroupUsers(a SlackArgs) (object, *slackError) {
	for _, g := range s.groups {
		if g.ID == a["usergroup"] && (!g.Disabled || a.bool("include_disabled")) {
			return object{"users": append([]string{}, g.Members...)}, nil
		}
	}
	return nil, no("no_such_subteam")
}
