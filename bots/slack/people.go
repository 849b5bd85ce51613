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

// people remembers what Slack says of members for a while: their name and language. Their roles are never remembered.
type people struct {
	mu    sync.Mutex
	known map[string]knownPerson
}

type knownPerson struct {
	profile
	at time.Time
}

const profileAge = 10 * time.Minute

// askTimeout bounds what is asked of Slack while somebody waits for the answer to a click.
const askTimeout = 1500 * time.Millisecond

func (b *Bot) profile(ctx context.Context, member string) (profile, error) {
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

// person is a member with the roles of this moment: who is in the committee's channel now is of the committee.
func (b *Bot) person(ctx context.Context, member string) (cases.Person, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	all, err := b.committee(ctx)
	if err != nil {
		return cases.Person{}, err
	}
	return b.personAmong(all, member), nil
}

func (b *Bot) committee(ctx context.Context) ([]string, error) {
	channel, err := b.board(ctx)
	if err != nil {
		return nil, err
	}
	return b.slack.members(ctx, channel)
}

func (b *Bot) personAmong(all []string, member string) cases.Person {
	roles := b.store.Procedure().Committee
	m := cases.Member(member)
	who := cases.Person{
		Member:    m,
		Committee: slices.Contains(all, member),
		Chair:     m != "" && (m == roles.Chair || m == roles.Deputy),
	}
	for _, one := range all {
		who.Colleagues = append(who.Colleagues, cases.Member(one))
	}
	return who
}

// colleagues lists members by name, without bots and without who must see nothing of the case.
func (b *Bot) colleagues(ctx context.Context, all []string, c *cases.Case) ([]choice, error) {
	found := make([]choice, len(all))
	var asking errgroup.Group
	asking.SetLimit(8)
	for i, member := range all {
		asking.Go(func() error {
			p, err := b.profile(ctx, member)
			if err == nil && !p.Bot && !p.Gone && !c.Excludes(cases.Member(member)) {
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

// languageKnown is languageOf without asking, for where there is no time to.
func (b *Bot) languageKnown(member string) i18n.Language {
	b.people.mu.Lock()
	known := b.people.known[member]
	b.people.mu.Unlock()
	if known.Locale == "" {
		return b.language()
	}
	return i18n.Closest(known.Locale)
}
