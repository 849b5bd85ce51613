package cases

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// bound is what a number may be.
type bound struct {
	setting     string
	value       int
	least, most int
	unit        string
}

// bounds lists all numbers that don't stand in a list. The schema says the same of each.
func (p *Procedure) bounds() []bound {
	return []bound{
		{"period", p.Period, 1, 365, "days"},
		{"drafts", p.Drafts, 1, 365, "days"},
		{"retention", p.Retention, 1, 36500, "days"},
		{"clock.minded", p.Clock.Minded, 1, 10, "working days"},
		{"clock.most", p.Clock.Most, 1, 100, "messages"},
		{"take_back", p.TakeBack, 0, 600, "seconds, where 0 sends at once"},
		{"hearing_days", p.HearingDays, 1, 60, "working days"},
		{"question_days", p.QuestionDays, 1, 60, "working days"},
		{"approval_lapse", p.ApprovalLapse, 1, 365, "days"},
		{"outside.within", p.Outside.Within, 0, 3650, "days, where 0 names no period"},
		{below(talk, "days"), p.Talk.Days, 1, 10, "working days"},
		{"limits.story", p.Limits.Story, 1000, 50000, "characters"},
		{"limits.parts", p.Limits.Parts, 1, 50000, "messages"},
		{"limits.name", p.Limits.Name, 40, 200, "characters"},
		{"limits.answer", p.Limits.Answer, 200, 2000, "characters"}, // an answer is shown back in one message, each character in two units perhaps
		{"limits.reply", p.Limits.Reply, 200, 8000, "characters"},
		{"limits.files", p.Limits.Files, 0, 100, "files, where 0 takes none"},
		{"limits.megabytes_each", p.Limits.MegabytesEach, 1, 20, "megabytes, since a bot gets no larger files from Telegram"},
		{"limits.megabytes_total", p.Limits.MegabytesTotal, 1, 2000, "megabytes"},
		{"limits.megabytes_along", p.Limits.MegabytesAlong, 1, 36, "megabytes, since hardly a mail server takes a letter of more than 50"},
	}
}

// line is a few words, and how many characters there is room for.
type line struct {
	setting, value string
	most           int
}

// lines are the words that stand within sentences of the catalogues.
func (p *Procedure) lines() []line {
	return []line{
		{"organisation", p.Organisation, 40},
		{"contact", p.Contact, 60},
		{"post", p.Post, 120},
		{"email", p.Email, 254}, // RFC 5321
		{"telephone", p.Telephone, 30},
		{"outside.name", p.Outside.Name, 100},
		{"outside.link", p.Outside.Link, 250},
		{"committee.chair", string(p.Committee.Chair), 40},
		{"committee.deputy", string(p.Committee.Deputy), 40},
		{"committee.substitute", string(p.Committee.Substitute), 40},
		{"committee.members.group", p.Committee.Members.Group, 40},
		{"committee.representatives.group", p.Committee.Representatives.Group, 40},
		{"committee.intake.group", p.Committee.Intake.Group, 40},
	}
}

// check says all that is wrong with the settings.
func (p *Procedure) check(r *report) {
	switch {
	case p.Format > ProcedureFormat:
		place := r.at("format")
		r.found = nil // whatever else was found may be right in that format
		place.wrong("the file is of format %d, and this program knows no newer one than %d; it must be read by a newer program", p.Format, ProcedureFormat)
		return
	case p.Format < 1:
		r.at("format").wrong("there is no format %d; it must be %d", p.Format, ProcedureFormat)
	}
	for _, b := range p.bounds() {
		if b.value < b.least || b.value > b.most {
			r.at(b.setting).wrong("%d is too %s; it must be from %d to %d %s", b.value, size(b.value > b.most), b.least, b.most, b.unit)
		}
	}
	for _, w := range p.lines() {
		switch n := utf8.RuneCountInString(w.value); {
		case n > w.most:
			r.at(w.setting).wrong("it has %d characters; there is room for %d", n, w.most)
		case strings.ContainsFunc(w.value, unicode.IsControl):
			r.at(w.setting).wrong("it has more than one line, or a control character; it must be on one line")
		}
	}
	p.checkWho(r)
	p.checkClock(r)
	p.checkDays(r)
	p.checkTalk(r)
	if l := p.Limits; l.MegabytesTotal < l.MegabytesEach {
		r.at("limits.megabytes_total", "limits.megabytes_each").
			wrong("%d megabytes are less than one file may have; it must be at least %d", l.MegabytesTotal, l.MegabytesEach)
	}
	p.checkScope(r)
	p.checkQuestions(r)
}

func size(large bool) string {
	if large {
		return "much"
	}
	return "little"
}

var address = regexp.MustCompile(`^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:"]+$`)

func (p *Procedure) checkWho(r *report) {
	if p.Organisation == "" {
		r.at("organisation").wrong("it is empty; it must be the name that complainants know")
	}
	if p.Email != "" && !address.MatchString(p.Email) {
		r.at("email").wrong("%q is no e-mail address; it must be one, such as complaints@example.org, or empty", p.Email)
	}
	p.checkCommittee(r)
	if !p.Committee.Language.Valid() {
		r.at("committee.language").wrong("%q is no language that we speak; it must be %s", p.Committee.Language, languages("or"))
	}
	if link, err := url.Parse(p.Outside.Link); p.Outside.Link != "" && (err != nil || link.Scheme != "https" && link.Scheme != "http" || link.Host == "") {
		r.at("outside.link").wrong("%q is no address of the web; it must be one, such as https://www.example.org, or empty", p.Outside.Link)
	}
	if p.Outside.Name == "" && (p.Outside.Link != "" || p.Outside.Within != 0) {
		r.at("outside.name", "outside.link", "outside.within").wrong("it is empty, and there is a link or a period; it must be the body's name, or all must be empty")
	}
}

func (p *Procedure) checkCommittee(r *report) {
	c := p.Committee
	for setting, member := range map[string]Member{"committee.chair": c.Chair, "committee.deputy": c.Deputy, "committee.substitute": c.Substitute} {
		r.member(setting, member)
	}
	for setting, roster := range map[string]Roster{"committee.members": c.Members, "committee.representatives": c.Representatives, "committee.intake": c.Intake} {
		if strings.ContainsAny(roster.Group, named) {
			r.at(below(setting, "group")).wrong("%q is a name; it must be the group's identifier in Slack, such as S012AB3CD", roster.Group)
		}
		list := below(setting, "list")
		if n := len(roster.List); n > mostMembers {
			r.at(list).wrong("there are %d members; there is room for %d, and a group has room for more", n, mostMembers)
			continue
		}
		for i, m := range roster.List {
			one := fmt.Sprintf("%s[%d]", list, i+1)
			switch {
			case m == "":
				r.at(one).wrong("it is empty; it must be a member's identifier in Slack, such as U012AB3CD")
			case utf8.RuneCountInString(string(m)) > 40:
				r.at(one).wrong("it has %d characters; there is room for %d", utf8.RuneCountInString(string(m)), 40)
			case slices.Contains(roster.List[:i], m):
				r.at(one).wrong("%s stands there twice; it must stand there once", m)
			default:
				r.member(one, m)
			}
		}
	}
}

// mostMembers is how many members may be listed one by one.
const mostMembers = 100

// named are characters of a name that are in no identifier.
const named = "@ #<>"

func (r *report) member(setting string, m Member) {
	if strings.ContainsAny(string(m), named) {
		r.at(setting).wrong("%q is a name; it must be the member's identifier in Slack, such as U012AB3CD", m)
	}
}

func (p *Procedure) checkClock(r *report) {
	if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "" || p.Zone == "Local" {
		r.at("zone").wrong("%q is no time zone; it must be one, such as Europe/Amsterdam", p.Zone)
	}
	c := p.Clock
	times := true
	for _, t := range [][2]string{
		{"clock.work_from", c.WorkFrom}, {"clock.work_until", c.WorkUntil}, {"clock.tell_from", c.TellFrom},
		{"clock.tell_until", c.TellUntil}, {"clock.tell_late", c.TellLate},
	} {
		times = r.timeOfDay(t[0], t[1]) && times
	}
	if times {
		r.before("clock.work_from", c.WorkFrom, "clock.work_until", c.WorkUntil)
		r.before("clock.tell_from", c.TellFrom, "clock.tell_until", c.TellUntil)
		if c.TellLate < c.TellFrom || c.TellLate > c.TellUntil {
			r.at("clock.tell_late", "clock.tell_from", "clock.tell_until").
				wrong("complainants are told nothing at %s; it must lie between clock.tell_from (%s) and clock.tell_until (%s)", c.TellLate, c.TellFrom, c.TellUntil)
		}
	}
	p.checkMilestones(r)
	p.checkSchedules(r, func(_ *Procedure, _, spec string) error {
		if !strings.HasPrefix(spec, "@") && len(strings.Fields(spec)) != 5 {
			return NoSchedule(errors.New("it has not five fields"))
		}
		return nil
	})
}

// ScheduleCheck says what is wrong with the schedule of a setting, in words that go on after it; nil: nothing. What a schedule means
// is for who runs it to know. The settings may be wrong elsewhere.
type ScheduleCheck func(p *Procedure, setting, spec string) error

// NoSchedule says that a text is none, and what is wrong with it.
func NoSchedule(why error) error {
	return fmt.Errorf("is no schedule (%w); it must be in the five fields of cron, such as 30 3 * * *", why)
}

func (p *Procedure) checkSchedules(r *report, schedule ScheduleCheck) {
	if schedule == nil {
		return
	}
	for setting, spec := range p.Clock.Schedules() {
		if err := schedule(p, setting, spec); err != nil {
			r.at(setting).wrong("%q %v", spec, err)
		}
	}
}

// timeOfDay says whether a setting is a time of day. It must have two digits for the hour, since times are compared as words.
func (r *report) timeOfDay(setting, value string) bool {
	_, err := time.Parse("15:04", value)
	if err != nil || len(value) != len("15:04") {
		r.at(setting).wrong("%q is no time of day; it must be one, such as 08:00", value)
		return false
	}
	return true
}

func (r *report) before(from, a, until, b string) {
	if a >= b {
		r.at(from, until).wrong("%s is not before %s; it must be before %s", a, b, until)
	}
}

func (p *Procedure) checkDays(r *report) {
	days := func(setting string, all []int, than string, most int) {
		for i, n := range all {
			switch at := r.at(fmt.Sprintf("%s[%d]", setting, i+1), setting, than); {
			case n < 1 || n >= most:
				at.wrong("%d days do not go together with %s; each must be at least 1, and less than %d", n, than, most)
			case slices.Contains(all[:i], n):
				at.wrong("%d stands there twice; it must stand there once", n)
			}
		}
	}
	days("drafts_remind", p.DraftsRemind, "drafts", p.Drafts)
	for i, day := range p.PublicHolidays {
		at := r.at(fmt.Sprintf("public_holidays[%d]", i+1))
		if !slices.Contains(PublicHolidays, day) {
			at.wrong("%q is no public holiday that is known; it must be %s", day, list(PublicHolidays, "or"))
		} else if slices.Contains(p.PublicHolidays[:i], day) {
			at.wrong("%s stands there twice; it must stand there once", day)
		}
	}
	for i, day := range p.Holidays {
		at := r.at(fmt.Sprintf("holidays[%d]", i+1))
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			at.wrong("%q is no day; it must be one, such as 2026-12-24", day)
		} else if slices.Contains(p.Holidays[:i], day) {
			at.wrong("%s stands there twice; it must stand there once", day)
		}
	}
	if _, err := time.Parse(time.DateOnly, p.Outside.Checked); err != nil && p.Outside.Checked != "" {
		r.at("outside.checked").wrong("%q is no day; it must be one, such as 2026-12-24, or empty", p.Outside.Checked)
	}
}

// talk is the setting of the moments for one. Its name begins sentences of the catalogues as well, and is kept apart here.
const talk = "talk"

func (p *Procedure) checkTalk(r *report) {
	parts, setting := p.Talk.Parts, below(talk, "parts")
	if n := len(parts); n < 1 || n > 4 {
		r.at(setting).wrong("a day has %d parts to choose from; there must be from 1 to 4", n)
	}
	ids := idsOf(parts, func(part PartOfDay) string { return part.ID })
	until := ""
	for i, at := range elements(setting, ids) {
		part := parts[i]
		r.id(at, setting, ids, i)
		from := r.timeOfDay(at+".from", part.From)
		if r.timeOfDay(at+".until", part.Until) && from {
			r.before(at+".from", part.From, at+".until", part.Until)
		}
		if from && part.From < until {
			r.at(at+".from").wrong("%s is before the end of the part before; it must not be before %s", part.From, until)
		}
		until = part.Until
		r.texts(at+".label", part.Label, part.ID != Morning && part.ID != Afternoon, mostPart)
	}
}

// doubt says what is right, and yet perhaps not meant.
func (p *Procedure) doubt(r *report, now time.Time) {
	if p.Committee.Deputy != "" && p.Committee.Deputy == p.Committee.Chair {
		r.at("committee.deputy").doubt("it is the chair, and nobody stands in for themselves; it is better somebody else, or empty")
	}
	if s := p.Committee.Substitute; s != "" && (s == p.Committee.Chair || s == p.Committee.Deputy) {
		r.at("committee.substitute").doubt("it is the chair or the deputy, for whom it would stand in; it is better somebody else, or empty")
	}
	if p.Outside.Name == "" {
		return
	}
	checked, err := time.ParseInLocation(time.DateOnly, p.Outside.Checked, p.zone)
	at := r.at("outside.checked", "outside.name")
	switch {
	case err != nil:
		at.doubt("nobody noted when this was last looked up; it is better to look it up, and to write down the day")
	case checked.After(now):
		at.doubt("%s has yet to come; it is better the day on which somebody last looked it up", p.Outside.Checked)
	case checked.AddDate(1, 0, 0).Before(now):
		at.doubt("%s is more than a year ago; it is better to look up again whether %s is still right", p.Outside.Checked, p.Outside.Name)
	}
}
