package cases

import (
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/i18n"
)

// PartyDraft is a person concerned who is to be named in a case.
type PartyDraft struct {
	Member   Member        // of the workspace; empty: somebody outside
	Name     string        // words, as are Email and Relation; of a member it may be empty
	Email    string        // of somebody outside
	Relation string        // how they are concerned; may be empty
	Language i18n.Language // in which somebody outside is written to; empty: that of the complainant
}

// ByParty makes an Actor of a person concerned.
func ByParty(number int) Actor { return "party:" + Actor(itoa(number)) }

// Party says which person concerned the actor is.
func (a Actor) Party() (number int, ok bool) { return Recipient(a).Party() }

// AddParty names a person concerned, and returns their number in the case. A member of the workspace is excluded from the case
// at once: they see of it what is put to them, and nothing else.
func (c *Case) AddParty(who Person, d PartyDraft, p *Procedure, now time.Time) (number int, err error) {
	if err := May(who, Hear, c); err != nil {
		return 0, err
	}
	name, email := strings.TrimSpace(d.Name), strings.TrimSpace(d.Email)
	_, known := c.Work.PartyOf(d.Member)
	switch {
	case d.Member == "" && name == "":
		return 0, refuse("refusal.no-words")
	case d.Member == "" && !address.MatchString(email):
		return 0, refuse("refusal.no-address")
	case known:
		return 0, refuse("refusal.party-already")
	}
	number = c.Work.lastParty() + 1
	data, words := map[string]string{"party": itoa(number)}, Words{}
	if d.Member != "" {
		data["member"] = string(d.Member)
		email = ""
	}
	for field, given := range map[string]string{FieldName: name, FieldEmail: email, FieldText: strings.TrimSpace(d.Relation)} {
		if given != "" {
			words[field] = given
		}
	}
	language := d.Language
	if !language.Valid() {
		language = c.Language
	}
	c.record(now, By(who.Member), PartyAdded, data, words)
	c.Work.Named = number
	c.Work.Parties = append(c.Work.Parties, Party{Number: number, Event: c.LastSeq, Member: d.Member, Language: language, State: PartyNamed, Since: now})
	if d.Member != "" {
		c.Work.Matched = without(c.Work.Matched, d.Member)
		if !c.Excludes(d.Member) {
			c.exclude(By(who.Member), []exclusion{{member: d.Member, why: WhyConcerns}}, p, now)
			c.LeaveAlone(who.Colleagues, now)
		}
	}
	return number, nil
}

// lastParty is the number of the person concerned who was named last, also where they are none after all.
func (w *Work) lastParty() int {
	last := w.Named
	for _, p := range w.Parties {
		last = max(last, p.Number)
	}
	return last
}

// RemoveParty says that somebody was named by mistake and is no person concerned after all, for a reason that stands in the
// file. Nobody may have invited them yet: what was put to somebody stays. A member of the workspace stays excluded until who
// presides lets them see the case again: see Clear.
func (c *Case) RemoveParty(who Person, party int, reason string, now time.Time) error {
	if err := May(who, Hear, c); err != nil {
		return err
	}
	one, known := c.Work.Party(party)
	switch {
	case !known:
		return refuse("refusal.no-such-party")
	case one.State != PartyNamed:
		return refuse("refusal.invited-already")
	case strings.TrimSpace(reason) == "":
		return refuse("refusal.no-words")
	}
	member := one.Member
	c.Work.Named = c.Work.lastParty()
	c.Work.Parties = slices.DeleteFunc(slices.Clone(c.Work.Parties), func(p Party) bool { return p.Number == party })
	if c.Excludes(member) {
		c.Work.Matched = with(c.Work.Matched, member)
	}
	c.record(now, By(who.Member), PartyRemoved, map[string]string{"party": itoa(party)}, Words{FieldText: strings.TrimSpace(reason)})
	return nil
}

// Clearable are those excluded from the case whom who presides may let see it again: all but the persons concerned.
func (c *Case) Clearable() []Member {
	return slices.DeleteFunc(slices.Clone(c.Excluded), func(m Member) bool {
		_, concerned := c.Work.PartyOf(m)
		return concerned
	})
}

// Invite puts words to a person concerned and asks for their side, until the day of until; zero: the days that the settings
// give for it. Words are what the representative wrote for them, never the story itself: see Theirs.
func (c *Case) Invite(who Person, party int, words string, until time.Time, p *Procedure, now time.Time) error {
	return c.invite(who, party, words, until, map[string]string{}, p, now)
}

// InviteAgreed is Invite with words that hold something of the complainant's, who agreed to it as who invites says.
func (c *Case) InviteAgreed(who Person, party int, words string, until time.Time, p *Procedure, now time.Time) error {
	return c.invite(who, party, words, until, map[string]string{"agreed": "yes"}, p, now)
}

func (c *Case) invite(who Person, party int, words string, until time.Time, data map[string]string, p *Procedure, now time.Time) error {
	if err := May(who, Hear, c); err != nil {
		return err
	}
	one, known := c.Work.Party(party)
	switch {
	case !known: // they may be no person concerned after all
		return refuse("refusal.no-such-party")
	case strings.TrimSpace(words) == "":
		return refuse("refusal.no-words")
	}
	if until.IsZero() {
		until = p.AddWorkingDays(now, p.HearingDays)
	}
	day, err := p.dayAhead(until, now)
	if err != nil {
		return err
	}
	data["party"], data["until"] = itoa(party), day
	c.record(now, By(who.Member), Invited, data, Words{FieldText: words})
	one.State, one.Invited, one.By = PartyInvited, c.LastSeq, day
	return nil
}

// Account is the side of a person concerned who was invited, in their own words. It may come late.
func (c *Case) Account(party int, words string, now time.Time) error {
	one, err := c.invited(party)
	switch {
	case err != nil:
		return err
	case strings.TrimSpace(words) == "":
		return refuse("refusal.no-words")
	}
	one.State = PartyHeard
	c.record(now, ByParty(party), Accounted, map[string]string{"party": itoa(party)}, Words{FieldText: words})
	return nil
}

// Decline says that a person concerned who was invited does not want to be heard. Why may be empty.
func (c *Case) Decline(party int, why string, now time.Time) error {
	one, err := c.invited(party)
	if err != nil {
		return err
	}
	one.State = PartyDeclined
	c.record(now, ByParty(party), Declined, map[string]string{"party": itoa(party)}, spoken(why))
	return nil
}

// invited is a person concerned who was invited and was not heard yet.
func (c *Case) invited(party int) (*Party, error) {
	one, known := c.Work.Party(party)
	switch {
	case !c.Open():
		return nil, &Refusal{Text: text("refusal.closed", c)}
	case !known || one.State == PartyNamed:
		return nil, &Refusal{Text: text("refusal.not-invited", c)}
	case one.State == PartyHeard:
		return nil, &Refusal{Text: text("refusal.answered-already", c)}
	}
	return one, nil
}

// NoAnswer says that a person concerned who was invited did not answer, and that the case goes on without it.
func (c *Case) NoAnswer(who Person, party int, now time.Time) error {
	if err := May(who, Hear, c); err != nil {
		return err
	}
	one, known := c.Work.Party(party)
	if !known || one.State != PartyInvited {
		return &Refusal{Text: text("refusal.not-invited", c)}
	}
	one.State = PartySilent
	c.record(now, By(who.Member), Unanswered, map[string]string{"party": itoa(party)}, nil)
	return nil
}

// Report tells the complainant what came of the hearing; they may react to it.
func (c *Case) Report(who Person, words string, now time.Time) error {
	if err := May(who, Report, c); err != nil {
		return err
	}
	if strings.TrimSpace(words) == "" {
		return refuse("refusal.no-words")
	}
	if !c.Reachable() {
		return refuse("refusal.unreachable")
	}
	c.record(now, By(who.Member), Reported, nil, Words{FieldText: words})
	return nil
}

// Opened records that the page with what was put to a person concerned in an event was opened by their link. It may have been a
// program that looks for malice in their mail, so it says less than Shown.
func (c *Case) Opened(party, event int, now time.Time) {
	c.record(now, ByParty(party), Read, map[string]string{"party": itoa(party), "event": itoa(event), "in": "page"}, nil)
}

// HasRead says whether it stands in the file that a person concerned read what was put to them in an event, or opened it.
func (f *File) HasRead(party, event int) bool {
	return slices.ContainsFunc(f.Events, func(e Event) bool {
		return e.Kind == Read && e.By == ByParty(party) && e.Data["event"] == itoa(event)
	})
}

// Shown records that a person concerned read what was put to them in an event.
func (c *Case) Shown(party, event int, now time.Time) {
	c.record(now, ByParty(party), Read, map[string]string{"party": itoa(party), "event": itoa(event)}, nil)
}
