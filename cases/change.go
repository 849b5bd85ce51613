package cases

import (
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/i18n"
)

func text(key string, c *Case) i18n.Text { return i18n.T(key, "number", string(c.Number)) }

// Take makes who the owner of a case that has none.
func (c *Case) Take(who Person, now time.Time) error {
	if err := May(who, Take, c); err != nil {
		return err
	}
	c.own(who.Member, now)
	c.record(now, By(who.Member), Taken, nil, nil)
	return nil
}

// Assign makes to the owner, who may have been somebody else before.
func (c *Case) Assign(who, to Person, now time.Time) error {
	if err := May(who, Assign, c); err != nil {
		return err
	}
	switch {
	case c.Excludes(to.Member):
		return refuse("refusal.they-may-not")
	case !to.Committee:
		return refuse("refusal.they-are-not-in-committee")
	case c.Owner == to.Member:
		return refuse("refusal.owned-by-them-already")
	case !to.Representative:
		return refuse("refusal.they-are-no-representative")
	}
	c.own(to.Member, now)
	c.record(now, By(who.Member), Handed, map[string]string{"to": string(to.Member)}, nil)
	return nil
}

func (c *Case) own(m Member, now time.Time) {
	c.Owner, c.Work.Owned, c.Work.Left, c.Work.HaveOwned = m, now, time.Time{}, with(c.Work.HaveOwned, m)
	if c.Stage == Received {
		c.Stage = Assigned
	}
}

// Read records that who reads the file.
func (c *Case) Read(who Person, now time.Time) error {
	if err := May(who, ReadFile, c); err != nil {
		return err
	}
	c.Work.HaveRead = with(c.Work.HaveRead, who.Member)
	c.record(now, By(who.Member), Read, nil, nil)
	return nil
}

// Find records that a search of who's came upon the words of the case.
func (c *Case) Find(who Person, now time.Time) error {
	if err := May(who, ReadFile, c); err != nil {
		return err
	}
	c.Work.HaveRead = with(c.Work.HaveRead, who.Member)
	c.record(now, By(who.Member), Read, map[string]string{"in": "search"}, nil)
	return nil
}

// Enter records that who was let into the room of the case, where all that was said stands.
func (c *Case) Enter(who Person, now time.Time) error {
	if err := May(who, ReadFile, c); err != nil {
		return err
	}
	c.Work.HaveRead, c.Work.HaveEntered = with(c.Work.HaveRead, who.Member), with(c.Work.HaveEntered, who.Member)
	c.Work.InRoom = with(c.Work.InRoom, who.Member)
	c.record(now, By(who.Member), Read, map[string]string{"in": string(ToRoom)}, nil)
	return nil
}

// Manner is how somebody spoke with the complainant in person.
type Manner string

// The manners of a personal contact.
const (
	OnTelephone Manner = "telephone"
	OnVideo     Manner = "video"
	OnVisit     Manner = "visit" // at the complainant's
	AtOffice    Manner = "office"
)

// Manners lists every Manner.
var Manners = []Manner{OnTelephone, OnVideo, OnVisit, AtOffice}

// Speak records a personal contact with the complainant: what was said (kept internal), and the next steps that were
// agreed, of which the complainant gets a summary. How it was is not said; see SpeakBy.
func (c *Case) Speak(who Person, when time.Time, note, steps string, now time.Time) error {
	return c.SpeakBy(who, "", when, note, steps, now)
}

// SpeakBy is Speak, and says how it was.
func (c *Case) SpeakBy(who Person, how Manner, when time.Time, note, steps string, now time.Time) error {
	if err := May(who, Speak, c); err != nil {
		return err
	}
	switch {
	case when.After(now):
		return refuse("refusal.in-the-future")
	case when.Before(c.Received.Add(-24 * time.Hour)):
		return refuse("refusal.before-receipt")
	case strings.TrimSpace(steps) == "":
		return refuse("refusal.no-words")
	}
	if c.Contacted.IsZero() {
		c.Contacted = when
	}
	if c.Stage != StageProposed {
		c.Stage = Contact
	}
	data := map[string]string{"when": stamp(when)}
	if slices.Contains(Manners, how) {
		data["how"] = string(how)
	}
	c.record(now, By(who.Member), Spoke, data, Words{FieldText: note, FieldSteps: steps})
	return nil
}

// Extend tells the complainant why the case takes longer, and by which day it will be done: until is any instant of it.
func (c *Case) Extend(who Person, reason string, until time.Time, p *Procedure, now time.Time) error {
	if err := May(who, Extend, c); err != nil {
		return err
	}
	if err := c.mayEndOn(reason, until, p, now); err != nil {
		return err
	}
	c.Deadline, c.Explained = p.endOfDay(until, 0), true
	c.record(now, By(who.Member), Extended, map[string]string{"until": c.LastDay(p).Format(time.DateOnly)}, Words{FieldText: reason})
	return nil
}

// Reopen takes up a closed complaint again, as when it turns out that it was not solved. Reason is for the committee.
//
// The procedure promises that handling is done within its period, or that the complainant is told why not. What begins anew
// is promised anew: the period starts again, at the reopening, and the complainant is told its last day. The owner stays; one
// who may not or can't own it any more is followed by who reopens it, or by nobody where they are no representative.
func (c *Case) Reopen(who Person, reason string, p *Procedure, now time.Time) error {
	if err := May(who, Reopen, c); err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(reason) == "":
		return refuse("refusal.no-words")
	case !now.Before(c.Kept(p)):
		return refuse("refusal.too-long-ago", "number", string(c.Number))
	}
	if owner := who.ownerOf(c); owner == "" || c.Excludes(owner) {
		c.Owner, c.Work.Left = "", now
		if who.Representative {
			c.own(who.Member, now)
		}
	}
	c.Stage, c.Outcome, c.Closed, c.Rated = Assigned, "", time.Time{}, false
	c.Reopened, c.Deadline, c.Explained = now, p.EndOfPeriod(now), false
	c.Work.ReopenAsked, c.Work.Consulted, c.Work.Proposed = time.Time{}, nil, 0
	c.record(now, By(who.Member), Reopened, map[string]string{"until": c.LastDay(p).Format(time.DateOnly)}, Words{FieldText: reason})
	return nil
}

// Reachable says whether some way to the complainant is left: a chat, or mail.
func (c *Case) Reachable() bool { return c.byChat() || c.byMail() }

func (c *Case) byChat() bool { return c.Chat != 0 && !c.ChatGone }
func (c *Case) byMail() bool { return c.HasMail && !c.MailGone }

// Lose records that a notice did not reach the complainant by its way, which is closed unless it was this notice alone that
// was refused. What it told goes by the other way, or a person is asked to ring.
func (c *Case) Lose(n Notice, state DeliveryState, reason string, now time.Time) {
	if n.To != ByChat && n.To != ByMail || c.goesElsewhere(n) {
		return
	}
	c.ChatGone = c.ChatGone || n.To == ByChat && state != Failed
	c.MailGone = c.MailGone || n.To == ByMail && state != Failed
	data := map[string]string{"way": string(n.To), "notice": string(n.Kind), "event": itoa(n.Event), "reason": reason}
	if _, file := n.Kind.File(); file && state == Failed {
		data["only"] = "file"
	}
	c.record(now, Program, Unreachable, data, nil)
}

// Leave records that the complainant closed the chat to us.
func (c *Case) Leave(now time.Time) {
	if !c.ChatGone {
		c.ChatGone = true
		c.record(now, Complainant, Unreachable, map[string]string{"way": string(ByChat), "reason": "blocked"}, nil)
	}
}

// Return records that the complainant can be reached in the chat again.
func (c *Case) Return(now time.Time) {
	if c.ChatGone {
		c.ChatGone = false
		c.record(now, Complainant, Reachable, map[string]string{"way": string(ByChat)}, nil)
	}
}

// Deny records that somebody tried what was not theirs to do.
func (c *Case) Deny(who Member, do Action, now time.Time) {
	c.record(now, By(who), Refused, map[string]string{"action": string(do)}, nil)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
