package playground

import (
	"slices"
	"strconv"
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
	offset, label := 3600, "Central European Time"
	if zone, err := time.LoadLocation(m.TimeZone); err == nil {
		label, offset = s.play.clock.Now().In(zone).Zone()
	}
	o := object{
		"id": m.ID, "team_id": TeamID, "name": m.handle(), "deleted": m.Deleted, "color": "9f69e7", "real_name": m.Name, "tz": m.TimeZone, "tz_label": label,
		"tz_offset": offset, "is_admin": false, "is_owner": false, "is_primary_owner": false, "is_restricted": false, "is_ultra_restricted": false,
		"is_bot": m.Bot, "is_app_user": false, "updated": s.play.clock.start.Unix(), "is_email_confirmed": true,
		"profile": object{
			"real_name": m.Name, "real_name_normalized": m.Name, "display_name": m.DisplayName, "display_name_normalized": m.DisplayName, "email": m.Email,
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
	return &Member{ID: BotUserID, Name: botName, Bot: true, Locale: "en-US", TimeZone: "Europe/Amsterdam"}
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
	if a.int("limit", 0) == 0 {
		a["limit"] = strconv.Itoa(max(1, min(len(list), largestPage))) // who does not ask for pages gets all
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
