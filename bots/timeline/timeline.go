// Package timeline shows what happens to a case, and what would happen if nobody touched it any more: day by day, who is told
// what, in words and as a picture. What happens cases.Procedure.Timeline says; this package refuses to decide any of it, and
// shows no word of a complaint.
package timeline

import (
	"strconv"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// Lane is the side of a case that a line is about.
type Lane int

// The lanes, from left to right.
const (
	Complainant Lane = iota
	Staff            // the owner, and who is turned to where there is none or nothing follows
	Channel
	lanes int = iota
)

// Line is one thing that somebody is told, or did.
type Line struct {
	At   time.Time // in the organisation's zone
	Lane Lane
	Whom string // who is told it, or did it, in a word or two
	Text string // what, in a sentence or two
}

// Day is a day on which something happens, or one or more on which nobody works.
type Day struct {
	Date   time.Time // noon, in the organisation's zone
	Until  time.Time // noon of the last of several days on which nobody works; equal to Date of a single day
	Closed string    // why nobody works then; empty: people work, or Lines says what happens on such a day
	Last   bool      // it is the last day of the case
	Lines  []Line
}

// Timeline is what happens to a case, in words.
type Timeline struct {
	Language i18n.Language
	Title    string
	Intro    []string // a few sentences that belong above it
	Notes    []string // what is to be known besides
	Filed    time.Time
	Last     time.Time // noon of the last day; zero: there is none
	Now      time.Time // what is after it is yet to come; zero: all of it is
	Days     []Day
}

// Options say for whom a timeline is.
type Options struct {
	Language i18n.Language
	Name     func(cases.Member) string // of who has none of the roles; nil: they are called members
	Now      time.Time                 // see Timeline
}

// Of puts events of a case in words: what happened, what cases.Procedure.Timeline says will happen, or both. The last day is that
// of the case as it is given.
func Of(p *cases.Procedure, c *cases.Case, events []cases.Event, o Options) Timeline {
	t := Timeline{Language: o.Language, Filed: p.In(c.Received), Last: c.LastDay(p), Now: o.Now}
	lines := Lines(p, c, events, o)
	if len(lines) == 0 {
		return t
	}
	t.Days = days(p, c, lines, o.Language)
	return t
}

// Untouched is what would happen to a complaint that is filed at an instant and that nobody ever touches, until the end of the
// day of until. Where the settings name no chair or no deputy it is as if they did, and a note says so.
func Untouched(p *cases.Procedure, filed, until time.Time, l i18n.Language) Timeline {
	staffed := *p
	var missing string
	if staffed.Committee.Deputy == "" {
		staffed.Committee.Deputy, missing = "deputy", "timeline.note.no-deputy"
	}
	if staffed.Committee.Chair == "" {
		if staffed.Committee.Chair = "chair"; missing == "" {
			missing = "timeline.note.no-chair"
		} else {
			missing = "timeline.note.neither"
		}
	}
	filed = p.In(filed)
	y, m, d := p.In(until).Date()
	end := time.Date(y, m, d+1, 0, 0, 0, 0, p.Location())
	c, first := staffed.Untouched(cases.NumberOf(cases.Formal, filed.Year(), 1), filed)
	events := append([]cases.Event{first}, staffed.Timeline(c, cases.Staff{}, filed, end)...)
	t := Of(&staffed, c, events, Options{Language: l})
	t.Title = i18n.T("timeline.title").In(l)
	t.Intro = []string{
		i18n.T("timeline.intro.filed", "moment", i18n.Moment{Time: filed}).In(l),
		i18n.T("timeline.intro.last", "day", i18n.Date{Time: t.Last}).In(l),
		i18n.T("timeline.intro.until", "day", i18n.Date{Time: p.In(until)}, "zone", p.Location().String()).In(l),
	}
	if missing != "" {
		t.Notes = append(t.Notes, i18n.T(missing).In(l))
	}
	return t
}

// speaker puts the events of one case in words.
type speaker struct {
	p *cases.Procedure
	c *cases.Case
	o Options
}

// Lines puts each event of a case in words, in their order. What has no part in what anybody hears or does, such as that the file
// was read, gives no line.
func Lines(p *cases.Procedure, c *cases.Case, events []cases.Event, o Options) (all []Line) {
	s := &speaker{p, c, o}
	for _, e := range events {
		for _, line := range s.lines(e) {
			line.At = p.In(e.At)
			all = append(all, line)
		}
	}
	return all
}

func (s *speaker) lines(e cases.Event) []Line {
	switch {
	case e.Kind == cases.Filed:
		return []Line{s.told(Complainant, "", s.say("timeline.filed.complainant")), s.told(Channel, "", s.say("timeline.filed.channel"))}
	case e.Kind == cases.Reminded && e.Data["why"] == string(cases.NotApprovedYet) && cases.Recipient(e.Data["to"]) == complainant:
		return []Line{s.told(Complainant, "", s.say("timeline.told.approval"))}
	case e.Kind == cases.Reminded:
		return []Line{s.reminded(e)}
	case e.Kind == cases.Late && cases.Milestone(e.Data["milestone"]) == cases.MilestoneExplained:
		return []Line{s.told(Complainant, "", s.say("timeline.told.late-again", "until", s.day(e.Data["until"])))}
	case e.Kind == cases.Late:
		return []Line{s.told(Complainant, "", s.say("timeline.told.late", "until", s.day(e.Data["until"])))}
	case e.Kind == cases.Progressed:
		return []Line{s.told(Complainant, "", s.progressed(e))}
	case e.Kind == cases.Extended && e.By == cases.TheClock:
		return []Line{s.told(Complainant, "", s.why(cases.LateExplained, e))}
	case e.Kind == cases.Lapsed && e.By == cases.TheClock:
		return []Line{s.told(Complainant, "", s.why(cases.ApprovalIsOver, e))}
	}
	return s.done(e)
}

// complainant is whom the data of an event of the clock name where it is the complainant.
const complainant cases.Recipient = "complainant"

func (s *speaker) told(lane Lane, whom, text string) Line {
	switch {
	case whom != "":
	case lane == Complainant:
		whom = s.say("timeline.whom.complainant")
	default:
		whom = s.say("timeline.whom.channel")
	}
	return Line{Lane: lane, Whom: whom, Text: text}
}

// done is what somebody did, as the room of the case is told it.
func (s *speaker) done(e cases.Event) []Line {
	key := "room.what." + string(e.Kind)
	if !i18n.Has(key) {
		return nil
	}
	lane, whom := Staff, s.say("timeline.whom.program")
	if m, ok := e.By.Member(); ok {
		whom = s.whom(m)
	} else if e.By == cases.Complainant {
		lane, whom = Complainant, s.say("timeline.whom.complainant")
	}
	return []Line{{Lane: lane, Whom: whom, Text: sentence(s.say(key))}}
}

func (s *speaker) reminded(e cases.Event) Line {
	lane, whom := Channel, s.say("timeline.whom.channel")
	if m, ok := cases.Recipient(e.Data["to"]).Member(); ok {
		lane, whom = Staff, s.whom(m)
	}
	said := []string{s.why(cases.Reason(e.Data["why"]), e)}
	var also []string
	for name := range strings.FieldsSeq(e.Data["also"]) {
		name, _, _ = strings.Cut(name, ":") // a measure has its number with it
		also = append(also, s.step(cases.Milestone(name)))
	}
	if len(also) > 0 {
		said = append(said, s.say("timeline.also", "what", strings.Join(also, ", ")))
	}
	if over := s.skipped(e.Data["skipped"]); over != "" {
		said = append(said, s.say("timeline.skipped", "who", over))
	}
	return Line{Lane: lane, Whom: whom, Text: strings.Join(said, " ")}
}

// why says a reason of the clock.
func (s *speaker) why(why cases.Reason, e cases.Event) string {
	last := s.lastDay(e)
	next := cases.Milestone(e.Data["next"])
	return i18n.T("timeline.why."+string(why),
		"day", s.short(last), "count", max(1, daysBetween(e.At.In(last.Location()), last)), "until", s.day(e.Data["until"]),
		"next", s.step(next), "what", s.step(cases.Milestone(e.Data["milestone"]))).In(s.o.Language)
}

func (s *speaker) progressed(e cases.Event) string {
	standing := s.p.StandingOf(e)
	if standing.By.IsZero() {
		return s.why(cases.PromisedWord, e)
	}
	return s.say("timeline.told.progress-by", "next", s.step(standing.Next), "by", s.short(standing.By))
}

// lastDay is the last day that an event of the clock is about: the one that its occasion names, or that of the case.
func (s *speaker) lastDay(e cases.Event) time.Time {
	name, _, _ := strings.Cut(e.Data["occasion"], "/")
	switch cases.Milestone(e.Data["milestone"]) {
	case cases.MilestoneDecided, cases.MilestoneForeseen, cases.MilestoneExplained:
		if day, err := time.ParseInLocation(time.DateOnly, name, s.p.Location()); err == nil {
			return day.Add(12 * time.Hour)
		}
	}
	if last := s.c.LastDay(s.p); !last.IsZero() {
		return last
	}
	return s.p.In(e.At)
}

// step is what a milestone that is not reached lacks.
func (s *speaker) step(m cases.Milestone) string {
	if m == "" {
		return ""
	}
	return i18n.T("timeline.step." + string(m)).In(s.o.Language)
}

// whom is what a member is called: by their part in the case, or by name.
func (s *speaker) whom(m cases.Member) string {
	switch who := s.p.Committee; m {
	case s.c.Owner:
		return s.say("timeline.whom.owner")
	case who.Chair:
		return s.say("timeline.whom.chair")
	case who.Deputy:
		return s.say("timeline.whom.deputy")
	case who.Substitute:
		return s.say("timeline.whom.substitute")
	}
	if s.o.Name != nil {
		return s.o.Name(m)
	}
	return s.say("timeline.whom.member")
}

// skipped says who was passed over, but for those who are nobody.
func (s *speaker) skipped(all string) string {
	var said []string
	for one := range strings.FieldsSeq(all) {
		link, why, _ := strings.Cut(one, ":")
		if why == cases.SkipNobody || !i18n.Has("timeline.skip."+why) {
			continue
		}
		said = append(said, i18n.T("timeline.skip."+why, "who", i18n.T("timeline.whom."+string(cases.Link(link)))).In(s.o.Language))
	}
	return strings.Join(said, ", ")
}

func (s *speaker) say(key string, pairs ...any) string { return i18n.T(key, pairs...).In(s.o.Language) }

// day shows a day that stands as 2006-01-02 in the data of an event.
func (s *speaker) day(text string) string {
	t, err := time.ParseInLocation(time.DateOnly, text, s.p.Location())
	if err != nil {
		return text
	}
	return s.short(t)
}

func (s *speaker) short(t time.Time) string { return short(s.p.In(t), s.o.Language) }

// short is a day without its year: friday 18 december.
func short(t time.Time, l i18n.Language) string {
	return i18n.T("timeline.day", "weekday", l.Weekday(t.Weekday()), "date", strconv.Itoa(t.Day()), "month", l.Month(t.Month())).In(l)
}

// sentence makes a phrase one.
func sentence(phrase string) string {
	if phrase == "" {
		return ""
	}
	return strings.ToUpper(phrase[:1]) + phrase[1:] + "."
}

// daysBetween is how many days the day of b lies after that of a.
func daysBetween(a, b time.Time) int {
	midday := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC) }
	return int(midday(b).Sub(midday(a)) / (24 * time.Hour))
}
