package conversation

import (
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// Wake says when Waited must come to a session if nothing is heard until then; zero: never. It is a whole hour within those
// in which the clock may speak to a complainant, so that it seldom changes; or a moment from now, where files came of which it
// is still to be said that they are kept.
func Wake(p *cases.Procedure, s Session, now time.Time) time.Time {
	switch {
	case s.Unsaid > 0 && s.Heard != 0: // at any hour: they sent it just now
		return later(now, time.Unix(s.Heard+lull, 0))
	case !s.keeps():
		return time.Time{}
	case s.Heard == 0: // it is from before this was counted, and the count begins when it is woken
		return decentHour(p, now)
	}
	due := s.due(p, s.nextWord(p))
	if due.Before(now) {
		due = now
	}
	return decentHour(p, due)
}

// later is the later of two instants.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// keeps says whether anything is kept that must go one day.
func (s *Session) keeps() bool {
	return s.told() || len(s.Aside) > 0 || len(s.Unsent) > 0 || s.Draft != ""
}

// nextWord says which word comes next. The words are the reminders, one on the last day before what was told is erased, and
// one when it is; the first is 1.
func (s *Session) nextWord(p *cases.Procedure) int {
	last := len(wordDays(p))
	switch {
	case !s.unfinished(flowOf(p)): // what is kept is only what they need not say again: it goes without a word
		return last + 1
	case s.Talk != "": // somebody will speak with them
		return max(last, s.Reminded+1)
	}
	return s.Reminded + 1
}

// due says when a word is due.
func (s *Session) due(p *cases.Procedure, word int) time.Time {
	days := p.Drafts
	if before := wordDays(p); word <= len(before) {
		days = before[word-1]
	}
	return p.In(time.Unix(s.Heard, 0)).AddDate(0, 0, days)
}

// wordDays are the days without a word after which something is said; the last is the day before it is erased.
func wordDays(p *cases.Procedure) []int {
	last := max(p.Drafts-1, 0)
	days := make([]int, 0, len(p.DraftsRemind)+1)
	for _, day := range p.DraftsRemind {
		if day < last {
			days = append(days, day)
		}
	}
	return append(days, last)
}

// unfinished says whether there is something to go on with.
func (s *Session) unfinished(f *flow) bool {
	at := s.at(f)
	switch {
	case s.Draft != "", len(s.Aside) > 0, len(s.Unsent) > 0, len(s.Early) > 0:
		return true
	case !s.told():
		return false
	}
	return s.Asking || s.Consented.IsZero() || f.step(at) == nil || f.complaint(at) || f.talk(at)
}

// decentHour is the first whole hour from an instant on at which a complainant may be told something by the clock.
func decentHour(p *cases.Procedure, t time.Time) time.Time {
	t = p.In(t)
	if whole := t.Truncate(time.Hour); whole.Before(t) {
		t = whole.Add(time.Hour)
	}
	for range 48 {
		if decent(p, t) {
			return t
		}
		t = t.Add(time.Hour)
	}
	from, _ := time.Parse("15:04", p.Clock.TellFrom) // no whole hour is decent
	return time.Date(t.Year(), t.Month(), t.Day(), from.Hour(), from.Minute(), 0, 0, t.Location())
}

// decent says whether a complainant may be told something by the clock now.
func decent(p *cases.Procedure, now time.Time) bool { return p.Awake(now).Equal(now) }

// waited says the word that is due, if one is, and leaves out those that should have come before it: never more than one at
// a time. What is erased was announced a day before.
func (t *turn) waited() {
	if t.Heard == 0 {
		t.Heard = t.now.Unix()
		return
	}
	if t.Unsaid > 0 {
		if t.now.Unix() >= t.Heard+lull {
			t.sayTook()
		}
		return
	}
	p, last, word := t.procedure, len(wordDays(t.procedure)), t.nextWord(t.procedure)
	if !t.keeps() || t.now.Before(t.due(p, word)) || !decent(p, t.now) {
		return
	}
	for word < last && !t.now.Before(t.due(p, word+1)) {
		word++
	}
	switch t.Reminded = word; {
	case word > last:
		t.erase()
	case word == last:
		if heard := p.In(t.now).AddDate(0, 0, 1-p.Drafts).Unix(); heard > t.Heard {
			t.Heard = heard // this word comes late, and they have a day all the same
		}
		t.remind(i18n.T("wait.last", "day", i18n.Date{Time: p.In(t.now).AddDate(0, 0, 1)}))
	default:
		t.remind(t.reminder())
	}
}

// remind says that something is unfinished, and asks the open question again.
func (t *turn) remind(text i18n.Text) {
	if t.State == Summary { // all that they told would be said again each time
		t.ask(text, row(i18n.T("summary.button.show"), show))
		return
	}
	t.note = text
	if t.State == Menu && t.Draft == "" && len(t.Unsent) > 0 {
		t.takeUp(0)
		return
	}
	t.showProposal(t.Case, t.Proposal)
	t.again()
}

// reminder says what is unfinished.
func (t *turn) reminder() i18n.Text {
	until := i18n.Date{Time: t.procedure.In(time.Unix(t.Heard, 0)).AddDate(0, 0, t.procedure.Drafts)}
	switch at := t.Session.at(t.flow); {
	case len(t.Aside) > 0:
		return i18n.T("wait.aside", "number", string(t.Case), "day", until)
	case t.talk(at), t.Asking && t.Draft == "" && !t.complaint(at):
		return i18n.T("wait.talk", "day", until)
	case t.Consented.IsZero():
		return i18n.T("wait.consent", "day", until)
	case len(t.Unsent) > 0 && t.Draft == "" && !t.complaint(at):
		return i18n.T("wait.aside", "number", string(t.Unsent[0].Case), "day", until)
	}
	return i18n.T("wait.complaint", "day", until)
}

// erase forgets what was told, and says so if it was more than what they need not say again.
func (t *turn) erase() {
	spoken := t.unfinished(t.flow)
	t.forget()
	before := t.Session
	t.Session = Session{Language: before.Language, Step: before.Step}
	t.Grown = before.Grown
	if before.Has { // they agreed, and what they filed is still being handled
		t.Consented, t.Has, t.Scoped, t.State = before.Consented, true, before.Scoped, Menu
		if before.State != Menu {
			t.Step++
		}
	}
	if spoken {
		t.say(i18n.T("wait.erased"))
	}
}
