package slack

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// people remembers what Slack says of members for a while: their name and language. Who has which role is asked each time; only
// who is in a user group is remembered, for some seconds.
type people struct {
	mu     sync.Mutex
	known  map[string]knownPerson
	groups map[string]*knownGroup
}

type knownPerson struct {
	profile
	at time.Time
}

// knownGroup is who was in a user group of Slack a moment ago.
type knownGroup struct {
	mu      sync.Mutex // held while it is asked for, so that many clicks ask once
	members []string
	err     error
	at      time.Time
}

const (
	profileAge = 10 * time.Minute
	groupAge   = 30 * time.Second
	groupAgain = 5 * time.Second // after a try that failed
)

// askTimeout bounds what is asked of Slack while somebody waits for the answer to a click.
const askTimeout = 1500 * time.Millisecond

func (b *Bot) profile(ctx context.Context, member string) (profile, error) {
	if p, ok := b.directory.find(member); ok {
		return p, nil
	}
	b.people.mu.Lock()
	known, ok := b.people.known[member]
	b.people.mu.Unlock()
	if ok && time.Since(known.at) < profileAge {
		return known.profile, nil
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	p, err := b.slack.profile(ctx, member)
	if err != nil {
		return known.profile, err
	}
	b.people.mu.Lock()
	b.people.known[member] = knownPerson{p, time.Now()}
	b.people.mu.Unlock()
	return p, nil
}

// profileKnown is profile without asking.
func (b *Bot) profileKnown(member string) (profile, bool) {
	if p, ok := b.directory.find(member); ok {
		return p, true
	}
	b.people.mu.Lock()
	defer b.people.mu.Unlock()
	known, ok := b.people.known[member]
	return known.profile, ok
}

// languageOf is the language that a member set in Slack; the procedure's first where Slack does not say.
func (b *Bot) languageOf(ctx context.Context, member string) i18n.Language {
	p, err := b.profile(ctx, member)
	if err != nil {
		b.log.Warn("slack: the language of a member is not known", append([]any{"member", member}, why(err)...)...)
	}
	if p.Locale == "" {
		return b.language()
	}
	return i18n.Closest(p.Locale)
}

// languageKnown is languageOf without asking, for where there is no time to.
func (b *Bot) languageKnown(member string) i18n.Language {
	if p, ok := b.profileKnown(member); ok && p.Locale != "" {
		return i18n.Closest(p.Locale)
	}
	return b.language()
}

// roles is who has which role at this moment, by the identifiers of Slack. Neither a bot nor who is deactivated has one.
type roles struct {
	inside          []string                 // who is in the committee's channel, whatever they are
	public          bool                     // everybody of the workspace can read that channel
	here            func(member string) bool // whether somebody is of the workspace now, and no bot, as far as is known
	committee       []string
	representatives []string
	intake          []string // need not be of the committee
	leaders         cases.Committee
}

// roles asks Slack who is in the committee's channel, and where the settings name a group or a list, who is in that. Of the
// committee is who is in the channel, and in the group or on the list where there is one. A group that Slack does not tell of
// gives nobody its role; but the one of the members is asked for again, since nobody would be of the committee.
func (b *Bot) roles(ctx context.Context) (*roles, error) {
	self, _, err := b.self(ctx)
	if err != nil {
		return nil, err
	}
	channel, err := b.board(ctx)
	if err != nil {
		return nil, err
	}
	inside, err := b.slack.members(ctx, channel)
	if err != nil {
		return nil, err
	}
	settings := b.store.Procedure().Committee
	active := func(member string) bool {
		p, known := b.profileKnown(member)
		return member != self && (!known || !p.Bot && !p.Gone)
	}
	r := &roles{inside: inside, public: b.isPublic(ctx, channel), here: active, committee: keep(inside, active), leaders: settings}
	if those, set, err := b.roster(ctx, settings.Members); err != nil {
		return nil, err
	} else if set {
		r.committee = keep(r.committee, those.has)
	}
	r.representatives, r.intake = r.committee, r.committee
	if those, set, err := b.roster(ctx, settings.Representatives); set || err != nil {
		r.representatives = keep(r.committee, those.has)
	}
	if those, set, err := b.roster(ctx, settings.Intake); set || err != nil {
		r.intake = keep(those, active)
	}
	return r, nil
}

func keep[T any](all []T, wanted func(T) bool) (kept []T) {
	for _, one := range all {
		if wanted(one) {
			kept = append(kept, one)
		}
	}
	return kept
}

// listed is who the settings name for a role.
type listed []string

func (n listed) has(member string) bool { return slices.Contains(n, member) }

// roster is who has a role by the settings, as a group, a list, or both. False: the settings name nobody.
func (b *Bot) roster(ctx context.Context, r cases.Roster) (all listed, set bool, err error) {
	for _, m := range r.List {
		all = append(all, string(m))
	}
	if r.Group != "" {
		members, err := b.group(ctx, r.Group)
		if err != nil {
			return all, true, err
		}
		all = append(all, members...)
	}
	return all, r.Group != "" || len(r.List) > 0, nil
}

// group is who is in a user group of Slack. Trouble is said once, until it is over.
func (b *Bot) group(ctx context.Context, id string) ([]string, error) {
	b.people.mu.Lock()
	g := b.people.groups[id]
	if g == nil {
		g = new(knownGroup)
		b.people.groups[id] = g
	}
	b.people.mu.Unlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	if age := time.Since(g.at); age < groupAge && g.err == nil || age < groupAgain {
		return g.members, g.err
	}
	members, err := b.slack.group(ctx, id)
	if err != nil && g.err == nil {
		b.log.Error("slack: who is in a user group is not known; nobody has a role by it until it is", append([]any{"group", id}, why(err)...)...)
	}
	g.members, g.err, g.at = members, err, time.Now()
	return members, err
}

// person is a member with their roles.
func (r *roles) person(member string) cases.Person {
	m := cases.Member(member)
	of := func(all []string) bool { return member != "" && slices.Contains(all, member) }
	who := cases.Person{
		Member: m, Committee: of(r.committee), Representative: of(r.representatives), Intake: of(r.intake), Colleagues: membersOf(r.committee),
	}
	who.Chair = m != "" && (m == r.leaders.Chair || m == r.leaders.Deputy)
	who.Substitute = m != "" && m == r.leaders.Substitute
	for _, chair := range r.leaders.Chairs() {
		if slices.Contains(r.committee, string(chair)) {
			who.Chairs = append(who.Chairs, chair)
		}
	}
	return who
}

func membersOf(all []string) (members []cases.Member) {
	for _, one := range all {
		members = append(members, cases.Member(one))
	}
	return members
}

// eligible are those of the committee who may see a case.
func (r *roles) eligible(c *cases.Case) (all []string) {
	return keep(r.committee, func(member string) bool { return cases.May(r.person(member), cases.See, c) == nil })
}

// presiding is who presides at a case; empty where nobody of them is left.
func (r *roles) presiding(c *cases.Case) string { return r.presidingBut(c, "") }

// presidingBut is who presides where one member is passed over.
func (r *roles) presidingBut(c *cases.Case, not string) string {
	for _, m := range r.leaders.Chairs() {
		if string(m) != not && !c.Excludes(m) && slices.Contains(r.committee, string(m)) {
			return string(m)
		}
	}
	return ""
}

// person is a member with the roles of this moment.
func (b *Bot) person(ctx context.Context, member string) (cases.Person, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	r, err := b.roles(ctx)
	if err != nil {
		return cases.Person{}, err
	}
	return r.person(member), nil
}

// committee lists who is of the committee at this moment.
func (b *Bot) committee(ctx context.Context) ([]string, error) {
	r, err := b.roles(ctx)
	if err != nil {
		return nil, err
	}
	return r.committee, nil
}

// colleagues lists members by name, without bots and without who must see nothing of the case; c may be nil.
func (b *Bot) colleagues(ctx context.Context, all []string, c *cases.Case) ([]choice, error) {
	found := make([]choice, len(all))
	var asking errgroup.Group
	asking.SetLimit(8)
	for i, member := range all {
		asking.Go(func() error {
			p, err := b.profile(ctx, member)
			if err == nil && !p.Bot && !p.Gone && (c == nil || !c.Excludes(cases.Member(member))) {
				found[i] = choice{member, p.Name}
			}
			return err
		})
	}
	if err := asking.Wait(); err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(c choice) bool { return c.value == "" })
	slices.SortFunc(found, func(a, b choice) int { return strings.Compare(strings.ToLower(a.text), strings.ToLower(b.text)) })
	return found, nil
}
