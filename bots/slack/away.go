package slack

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
	"websec.nl/gehoor/i18n/dates"
)

const (
	actAway   = "away" // opens the form in which somebody says that they will be away
	actReturn = "return"
)

// mostAway is how many days ahead an absence can end: who is away for longer hands their cases over.
const mostAway = 366

// refused is a Refusal that is about no case.
func refused(key string, pairs ...any) error { return &cases.Refusal{Text: i18n.T(key, pairs...)} }

// answerAway answers the commands that say who is away, from when until when; without a day it shows who is.
func (b *Bot) answerAway(ctx context.Context, who cases.Person, text string, l i18n.Language) (string, []block, error) {
	if text == "" {
		return b.answerAbsences(ctx, l)
	}
	member, text, err := b.whose(ctx, who, text)
	if err != nil {
		return "", nil, err
	}
	p := b.store.Procedure()
	span, ok := dates.Ahead(text, p.In(b.store.Now()))
	switch {
	case !ok:
		return "", nil, refused("refusal.no-days")
	case span.Ongoing:
		return "", nil, refused("refusal.no-end")
	}
	said, err := b.setAway(ctx, who, member, span.From, span.To, l)
	return said[0], paragraphs(said), err
}

// paragraphs shows some lines, each in a block of its own.
func paragraphs(lines []string) (blocks []block) {
	for _, line := range lines {
		blocks = append(blocks, say(line))
	}
	return blocks
}

// answerBack answers the command that says that somebody is there again.
func (b *Bot) answerBack(ctx context.Context, who cases.Person, text string, l i18n.Language) (string, []block, error) {
	member, _, err := b.whose(ctx, who, text)
	if err != nil {
		return "", nil, err
	}
	was, err := b.store.Back(ctx, member, who.Member)
	if err != nil {
		return "", nil, err
	}
	b.homes.poke()
	key := "away.back"
	switch {
	case !was && member != who.Member:
		key = "away.not-away-other"
	case !was:
		key = "away.not-away"
	case member != who.Member:
		key = "away.back-other"
	}
	said := i18n.T(key, "member", mention(string(member))).In(l)
	return said, []block{say(said)}, nil
}

var addressedTo = regexp.MustCompile(`^<@([UW][A-Z0-9]*)(?:\|[^>]*)?>`)

// whose reads who a command is about: who gave it, or somebody of the committee whom they named at its beginning. Only who leads the
// committee may speak for another.
func (b *Bot) whose(ctx context.Context, who cases.Person, text string) (cases.Member, string, error) {
	if !strings.HasPrefix(text, "@") && !strings.HasPrefix(text, "<@") {
		return who.Member, text, nil
	}
	r, err := b.roles(ctx)
	if err != nil {
		return "", "", err
	}
	member, rest := "", ""
	if m := addressedTo.FindStringSubmatch(text); m != nil {
		member, rest = m[1], text[len(m[0]):]
	} else {
		member, rest = b.byHandle(ctx, r.committee, text[1:])
	}
	switch {
	case !slices.Contains(r.committee, member):
		return "", "", refused("refusal.who-is-that")
	case member != string(who.Member) && !who.Chair:
		return "", "", refused("refusal.away-of-another")
	}
	return cases.Member(member), strings.TrimSpace(rest), nil
}

// byHandle finds the one member whose name or handle a text begins with; of several, the longest name counts.
func (b *Bot) byHandle(ctx context.Context, among []string, text string) (member, rest string) {
	longest := 0
	for _, one := range among {
		p, err := b.profile(ctx, one)
		if err != nil {
			continue
		}
		for _, name := range append([]string{p.Name}, p.Names...) {
			if len(name) <= longest || len(text) < len(name) || !strings.EqualFold(text[:len(name)], name) {
				continue
			}
			if after := text[len(name):]; after == "" || after[0] == ' ' {
				longest, member, rest = len(name), one, after
			}
		}
	}
	return member, rest
}

// setAway records that a member is away on some days, and says who gets what concerns their cases meanwhile. Its first line says
// from when until when they are, with what was said before.
func (b *Bot) setAway(ctx context.Context, who cases.Person, member cases.Member, from, last time.Time, l i18n.Language) ([]string, error) {
	p, now := b.store.Procedure(), b.store.Now()
	y, m, d := p.In(last).Date()
	until := time.Date(y, m, d+1, 0, 0, 0, 0, p.Location())
	switch {
	case !until.After(from) || !until.After(now):
		return []string{""}, refused("refusal.ends-before")
	case until.After(now.AddDate(0, 0, mostAway)):
		return []string{""}, refused("refusal.too-far")
	}
	held, err := b.store.SetAway(ctx, member, from, until, who.Member)
	if err != nil {
		return []string{""}, err
	}
	b.homes.poke()
	key, joined := "away.set", "away.set-joined"
	if member != who.Member {
		key, joined = "away.set-other", "away.set-other-joined"
	}
	if !held.From.Equal(from) || !held.Until.Equal(until) {
		key = joined
	}
	said := []string{absenceLine(key, held, p).In(l)}
	more, err := b.meanwhile(ctx, who, member, held.From, l)
	if err != nil {
		return nil, err
	}
	said = append(said, more...)
	return append(said, i18n.T("away.undo").In(l)), nil
}

// meanwhile says to whom the reminders of a member's open cases go while they are away. Of cases that the reader may not see it says
// how many there are.
func (b *Bot) meanwhile(ctx context.Context, who cases.Person, member cases.Member, from time.Time, l i18n.Language) (lines []string, err error) {
	theirs, err := b.store.List(ctx, postgres.Filter{Open: true, Owner: member, Limit: 1000})
	if err != nil {
		return nil, err
	}
	if len(theirs) == 0 {
		return []string{i18n.T("away.no-cases").In(l)}, nil
	}
	staff, err := b.store.Staff(ctx)
	if err != nil {
		return nil, err
	}
	goesTo, hidden := make(map[cases.Recipient][]string), 0
	var order []cases.Recipient
	for _, c := range theirs {
		if cases.May(who, cases.See, c) != nil {
			hidden++
			continue
		}
		at := from
		if now := b.store.Now(); at.Before(now) {
			at = now
		}
		_, to, ok := b.procedure(c).Responsible(c, staff, at)
		if !ok {
			continue
		}
		if !slices.Contains(order, to) {
			order = append(order, to)
		}
		goesTo[to] = append(goesTo[to], string(c.Number))
	}
	for _, to := range order {
		numbers := goesTo[to]
		slices.Sort(numbers)
		shown := numbers[:min(len(numbers), homeList)]
		line := i18n.T("away.goes-to", "count", len(numbers), "numbers", strings.Join(shown, ", "), "whom", recipient(to)).In(l)
		if rest := len(numbers) - len(shown); rest > 0 {
			line += " " + i18n.T("away.and-more", "count", rest).In(l)
		}
		lines = append(lines, line)
	}
	if hidden > 0 {
		lines = append(lines, i18n.T("away.hidden", "count", hidden).In(l))
	}
	return lines, nil
}

// answerAbsences shows who is away, or will be.
func (b *Bot) answerAbsences(ctx context.Context, l i18n.Language) (string, []block, error) {
	lines, err := b.absences(ctx, "", l)
	if err != nil {
		return "", nil, err
	}
	title := i18n.T("away.title").In(l)
	if len(lines) == 0 {
		lines = []string{i18n.T("away.nobody").In(l)}
	}
	blocks := []block{say("*" + title + "*")}
	for _, part := range chunks(lines, awayLines) {
		blocks = append(blocks, say(strings.Join(part, "\n")))
	}
	blocks = append(blocks, buttons(press(actAway, i18n.T("card.button."+actAway).In(l), "")), small(i18n.T("away.how").In(l)))
	return title, blocks, nil
}

// awayLines is how many absences stand in one paragraph.
const awayLines = 20

func chunks[T any](all []T, most int) (parts [][]T) {
	for len(all) > most {
		parts, all = append(parts, all[:most]), all[most:]
	}
	return append(parts, all)
}

// absences are lines that say who is away, and until when; of one member, or of all. Who left the committee is in no list.
func (b *Bot) absences(ctx context.Context, only cases.Member, l i18n.Language) (lines []string, err error) {
	now := b.store.Now()
	all, err := b.store.Absences(ctx, now)
	if err != nil {
		return nil, err
	}
	p := b.store.Procedure()
	slices.SortStableFunc(all, func(a, b cases.Absence) int { return a.From.Compare(b.From) })
	for _, a := range all {
		if a.Gone || a.Until.IsZero() || only != "" && a.Member != only {
			continue
		}
		key := "away.line"
		if a.From.After(now) {
			key = "away.line-ahead"
		}
		lines = append(lines, absenceLine(key, a, p).In(l))
	}
	return lines, nil
}

// absenceLine says from when until when a member is away. Both days count.
func absenceLine(key string, a cases.Absence, p *cases.Procedure) i18n.Text {
	return i18n.T(key, "member", mention(string(a.Member)), "from", i18n.Date{Time: p.In(a.From)}, "until", i18n.Date{Time: p.In(a.Until.Add(-time.Second))})
}
