package playground

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

func (s *Slack) authTest(SlackArgs) (object, *slackError) {
	return object{
		"url": s.appBase() + "/", "team": teamName, "user": strings.ToLower(botName), "team_id": TeamID, "user_id": BotUserID, "bot_id": BotID,
		"is_enterprise_install": false,
	}, nil
}

func (s *Slack) teamInfo(a SlackArgs) (object, *slackError) {
	if id := a["team"]; id != "" && id != TeamID {
		return nil, no("team_not_found")
	}
	return object{"team": object{"id": TeamID, "name": teamName, "domain": teamDomain, "email_domain": "", "icon": object{"image_default": true}}}, nil
}

func (s *Slack) botInfo(a SlackArgs) (object, *slackError) {
	if a["bot"] != BotID {
		return nil, no("bot_not_found")
	}
	return object{"bot": object{"id": BotID, "deleted": false, "name": botName, "updated": s.play.clock.start.Unix(), "app_id": AppID, "user_id": BotUserID, "icons": object{}}}, nil
}

// userObject is a user as the Web API and the event user_change show one.
func (s *Slack) userObject(m *Member, withLocale bool) object {
	handle := strings.ToLower(strings.Fields(m.Name + " x")[0])
	offset, label := 3600, "Central European Time"
	if zone, err := time.LoadLocation(m.TimeZone); err == nil {
		label, offset = s.play.clock.Now().In(zone).Zone()
	}
	o := object{
		"id": m.ID, "team_id": TeamID, "name": handle, "deleted": m.Deleted, "color": "9f69e7", "real_name": m.Name, "tz": m.TimeZone, "tz_label": label,
		"tz_offset": offset, "is_admin": false, "is_owner": false, "is_primary_owner": false, "is_restricted": false, "is_ultra_restricted": false,
		"is_bot": m.ID == BotUserID, "is_app_user": false, "updated": s.play.clock.start.Unix(), "is_email_confirmed": true,
		"profile": object{
			"real_name": m.Name, "real_name_normalized": m.Name, "display_name": m.Name, "display_name_normalized": m.Name, "email": m.Email,
			"title": "", "phone": "", "skype": "", "status_text": "", "status_emoji": "", "status_expiration": 0, "avatar_hash": "g" + strings.ToLower(m.ID), "team": TeamID,
		},
	}
	if m.Deleted {
		delete(o, "tz")
		delete(o, "tz_label")
		delete(o, "tz_offset")
	}
	if withLocale {
		o["locale"] = m.Locale
	}
	return o
}

func (s *Slack) botMember() *Member {
	return &Member{ID: BotUserID, Name: botName, Locale: "en-US", TimeZone: "Europe/Amsterdam"}
}

func (s *Slack) userInfo(a SlackArgs) (object, *slackError) {
	m := s.member(a["user"])
	if a["user"] == BotUserID {
		m = s.botMember()
	}
	if m == nil {
		return nil, no("user_not_found")
	}
	return object{"user": s.userObject(m, a.bool("include_locale"))}, nil
}

func (s *Slack) listUsers(a SlackArgs) (object, *slackError) {
	list := []object{}
	for _, m := range append(slices.Clone(s.members), s.botMember()) {
		list = append(list, s.userObject(m, a.bool("include_locale")))
	}
	answer, refused := paged(a, "members", list)
	if refused == nil {
		answer["cache_ts"] = s.play.clock.Now().Unix()
	}
	return answer, refused
}

func (s *Slack) lookupByEmail(a SlackArgs) (object, *slackError) {
	for _, m := range s.members {
		if strings.EqualFold(m.Email, a["email"]) && !m.Deleted {
			return object{"user": s.userObject(m, false)}, nil
		}
	}
	return nil, no("users_not_found")
}

func (s *Slack) listUsergroups(a SlackArgs) (object, *slackError) {
	list := []object{}
	for _, g := range s.groups {
		o := object{
			"id": g.ID, "team_id": TeamID, "is_usergroup": true, "is_subteam": true, "name": g.Name, "description": "", "handle": g.Handle, "is_external": false,
			"date_create": s.play.clock.start.Unix(), "date_update": s.play.clock.start.Unix(), "date_delete": 0, "created_by": BotUserID, "updated_by": BotUserID,
			"prefs": object{"channels": []string{}, "groups": []string{}},
		}
		if a.bool("include_users") {
			o["users"] = g.Members
		}
		if a.bool("include_count") {
			o["user_count"] = len(g.Members)
		}
		list = append(list, o)
	}
	return object{"usergroups": list}, nil
}

func (s *Slack) usergroupUsers(a SlackArgs) (object, *slackError) {
	for _, g := range s.groups {
		if g.ID == a["usergroup"] {
			return object{"users": g.Members}, nil
		}
	}
	return nil, no("no_such_subteam")
}

// Deactivate ends a member's account, or brings it back; the app hears of it by user_change.
func (s *Slack) Deactivate(member string, deleted bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.member(member)
	if m == nil {
		return fmt.Errorf("there is no member %s", member)
	}
	m.Deleted = deleted
	s.event(object{"type": "user_change", "user": s.userObject(m, true), "cache_ts": s.play.clock.Now().Unix(), "event_ts": s.ts()})
	s.shown()
	return nil
}
