package cases

import (
	"slices"
	"strings"
	"time"
)

// Suspect is a member whom the words of a case may name.
type Suspect struct {
	Member   Member
	Words    string   // of the case, that name them
	Strength Strength // how sure it is
}

// Strength says how sure it is that words mean a person.
type Strength string

// The strengths.
const (
	Possible Strength = "possible"
	Likely   Strength = "likely"
	Certain  Strength = "certain"
)

// Why a member is excluded.
const (
	WhyMatched  = "matched" // the words of the case name them, as far as the program can tell
	WhyRecused  = "recused" // they said so themselves
	WhyFound    = "found"   // who presides said so
	WhyConcerns = "party"   // they are a person concerned
)

// Hidden says whether nobody may see anything of the case yet: its words were not held against the names of the workspace.
func (c *Case) Hidden() bool { return !c.Screened }

// Eligible are those of the given members who are not excluded from the case.
func (c *Case) Eligible(colleagues []Member) []Member {
	return slices.DeleteFunc(slices.Clone(colleagues), c.Excludes)
}

// Presiding is who answers for a case in the committee's name: the chair, or the deputy where the chair is excluded, or the
// substitute where both are; the channel where nobody of them is left.
func (p *Procedure) Presiding(c *Case) Recipient { return p.presidingBut(c, "") }

// presidingBut is who presides where one member is passed over.
func (p *Procedure) presidingBut(c *Case, not Member) Recipient {
	for _, m := range p.Committee.Chairs() {
		if m != not && !c.Excludes(m) {
			return ToMember(m)
		}
	}
	return ToBoard
}

// Expected are the members whose work is in the room of a case beside its owner: who presides at it, and who was asked to look
// at its closing. Each once; none of them is excluded.
func (c *Case) Expected(presiding Member) (all []Member) {
	all = with(all, presiding)
	if asked, ok := Recipient(c.Work.DraftOf["to"]).Member(); ok {
		all = with(all, asked)
	}
	return slices.DeleteFunc(all, func(m Member) bool { return m == c.Owner || c.Excludes(m) })
}

// Chairs are the chair, the deputy and the substitute, in that order, as far as they are set.
func (c Committee) Chairs() []Member {
	return slices.DeleteFunc([]Member{c.Chair, c.Deputy, c.Substitute}, func(m Member) bool { return m == "" })
}

// Screen excludes whom the words of the case may name, but for whom somebody entitled cleared before. The first screening,
// which nobody sees anything of the case before, shows it to everybody else; a second time it changes nothing. It refuses
// nothing.
func (c *Case) Screen(found []Suspect, first bool, p *Procedure, now time.Time) error {
	var named []Suspect
	for _, s := range found {
		twice := slices.ContainsFunc(named, func(n Suspect) bool { return n.Member == s.Member })
		if s.Member != "" && !twice && !c.Excludes(s.Member) && !slices.Contains(c.Work.Cleared, s.Member) {
			named = append(named, s)
		}
	}
	all := make([]exclusion, len(named))
	for i, s := range named {
		all[i] = exclusion{member: s.Member, why: WhyMatched, strength: s.Strength, words: s.Words}
		c.Work.Matched = append(c.Work.Matched, s.Member)
	}
	c.exclude(Program, all, p, now)
	if first && !c.Screened {
		c.Screened = true
		c.record(now, Program, Screened, map[string]string{"found": itoa(len(named))}, nil)
	}
	return nil
}

// Recuse excludes who themselves. The reason may be empty.
func (c *Case) Recuse(who Person, reason string, p *Procedure, now time.Time) error {
	if err := May(who, Recuse, c); err != nil {
		return err
	}
	c.exclude(By(who.Member), []exclusion{{member: who.Member, why: WhyRecused, words: reason}}, p, now)
	c.LeaveAlone(who.Colleagues, now)
	return nil
}

// Exclude keeps a member from the case, for a reason that stands in the file. Of somebody who was excluded by a name alone it
// says that this is right.
func (c *Case) Exclude(who Person, member Member, reason string, p *Procedure, now time.Time) error {
	if err := May(who, Exclude, c); err != nil {
		return err
	}
	switch {
	case member == "" || strings.TrimSpace(reason) == "":
		return refuse("refusal.no-words")
	case member == who.Member:
		return refuse("refusal.not-of-oneself")
	case c.Excludes(member) && !slices.Contains(c.Work.Matched, member):
		return refuse("refusal.excluded-already")
	}
	c.Work.Matched = without(c.Work.Matched, member)
	c.exclude(By(who.Member), []exclusion{{member: member, why: WhyFound, words: reason}}, p, now)
	c.LeaveAlone(who.Colleagues, now)
	return nil
}

// Clear lets a member see the case after all, for a reason that stands in the file. No later screening excludes them again. A
// person concerned is never cleared.
func (c *Case) Clear(who Person, member Member, reason string, p *Procedure, now time.Time) error {
	if err := May(who, Clear, c); err != nil {
		return err
	}
	_, concerned := c.Work.PartyOf(member)
	switch {
	case strings.TrimSpace(reason) == "":
		return refuse("refusal.no-words")
	case member == who.Member:
		return refuse("refusal.not-of-oneself")
	case !c.Excludes(member):
		return refuse("refusal.not-excluded")
	case concerned:
		return refuse("refusal.they-are-concerned")
	}
	c.Excluded, c.Work.Matched = without(c.Excluded, member), without(c.Work.Matched, member)
	c.Work.Cleared = append(c.Work.Cleared, member)
	c.Work.Alone = false
	c.record(now, By(who.Member), Cleared, map[string]string{"member": string(member), "to": string(p.Presiding(c))}, Words{FieldText: reason})
	return nil
}

// LeaveAlone says, once, that nobody of the colleagues, who are all of the committee now, may handle the case: its complainant
// and the admin are told. It is to be asked after a screening, and when somebody leaves the committee.
func (c *Case) LeaveAlone(colleagues []Member, now time.Time) {
	if c.Work.Alone || !c.Open() || len(colleagues) == 0 || len(c.Eligible(colleagues)) > 0 {
		return
	}
	c.Work.Alone = true
	c.record(now, Program, LeftAlone, nil, nil)
}

// exclusion is one member to be kept from a case.
type exclusion struct {
	member   Member
	why      string
	strength Strength
	words    string
}

// exclude keeps members from the case. All are excluded before anything is told, so that none of them is told of another.
func (c *Case) exclude(by Actor, all []exclusion, p *Procedure, now time.Time) {
	saw := make([]string, len(all))
	for i, one := range all {
		saw[i] = c.saw(one.member)
	}
	for _, one := range all {
		if !c.Excludes(one.member) {
			c.Excluded = append(c.Excluded, one.member)
		}
		c.Work.Cleared, c.Work.InRoom = without(c.Work.Cleared, one.member), without(c.Work.InRoom, one.member)
		if c.Owner == one.member {
			c.Owner = ""
			if c.Open() {
				c.Work.Left = now
			}
		}
		if c.Work.DraftBy == one.member && c.Work.Draft != 0 {
			c.dropDraft()
		}
	}
	for i, one := range all {
		data := map[string]string{"member": string(one.member), "why": one.why, "saw": saw[i], "to": string(p.Presiding(c))}
		if one.strength != "" {
			data["strength"] = string(one.strength)
		}
		c.record(now, by, Excluded, data, spoken(one.words))
	}
}

// saw is what a member had been able to see of the case, until they are excluded: any of card, owner, file and room, in that
// order, with spaces between. Who wrote the complaint up knows all of it.
func (c *Case) saw(m Member) string {
	if c.Excludes(m) {
		return ""
	}
	var all []string
	had, read := slices.Contains(c.Work.HaveOwned, m), slices.Contains(c.Work.HaveRead, m) || m == c.Work.WrittenBy
	entered := had && c.Kind == Formal || slices.Contains(c.Work.HaveEntered, m)
	for _, one := range []struct {
		name string
		is   bool
	}{{"card", c.Screened}, {"owner", had}, {"file", read}, {"room", entered}} {
		if one.is {
			all = append(all, one.name)
		}
	}
	return strings.Join(all, " ")
}

// without is a list of members without one of them.
func without(all []Member, m Member) []Member {
	return slices.DeleteFunc(slices.Clone(all), func(one Member) bool { return one == m })
}

// with is a list of members with one of them, once.
func with(all []Member, m Member) []Member {
	if m == "" || slices.Contains(all, m) {
		return all
	}
	return append(slices.Clip(all), m)
}
