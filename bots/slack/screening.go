package slack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/names"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// begins are the events with which a case begins; before the words of it were held against the names of the workspace, nobody sees
// anything of the case.
var begins = []cases.EventKind{cases.Filed, cases.Requested, cases.WrittenUp}

// screening holds the words of an event against the names of everybody in the workspace. Whom they may mean is excluded until
// somebody entitled clears them. It comes on the same lane as the card, and before it; where the names can't be had, it waits.
func (s *sending) screening(ctx context.Context) error {
	workspace, err := s.bot.directory.workspace(ctx)
	if err != nil {
		return err
	}
	r, err := s.bot.roles(ctx)
	if err != nil {
		return err
	}
	var found judged
	seq := s.out.Notice.Event
	claim := postgres.Claim{Source: "slack-screening", ID: fmt.Sprintf("%s/%d", s.out.Number, seq)}
	c, err := s.bot.store.ChangeKnowing(ctx, claim, s.out.Number, func(c *cases.Case, f *cases.File, now time.Time) error {
		e, ok := f.Event(seq)
		if !ok {
			return &jobs.Undeliverable{State: cases.Failed, Reason: "no such event"}
		}
		found = r.judge(workspace, f, e, s.bot.procedure(c))
		if err := c.Screen(found.out, slices.Contains(begins, e.Kind), s.bot.procedure(c), now); err != nil {
			return err
		}
		c.LeaveAlone(membersOf(r.committee), now)
		return nil
	})
	if errors.Is(err, postgres.ErrClaimed) { // but what follows may not have been told
		var file *cases.File
		var e cases.Event
		if file, e, err = s.event(ctx); err == nil {
			c, found = &file.Case, r.judge(workspace, file, e, s.bot.procedure(&file.Case))
		}
	}
	for _, one := range found.look {
		if err == nil && !known(c, one.Member) {
			err = s.named(ctx, c, string(one.Member), seq)
		}
	}
	return err
}

// NamesNobody says whether the words of an event name nobody of the workspace, by a list of its people that is fresh; false also
// where there is none. It asks Slack nothing, so that it can be called while a complaint is filed.
func (b *Bot) NamesNobody(e cases.Event, p *cases.Procedure) bool {
	workspace := b.directory.fresh()
	return workspace != nil && len(suspects(workspace, e, p)) == 0
}

// judge is judge, where there is somebody who can look at what names who handles a case; where there is nobody, they are excluded.
func (r *roles) judge(workspace *names.Workspace, f *cases.File, e cases.Event, p *cases.Procedure) (j judged) {
	found := judge(workspace, f, e, p)
	j.out = found.out
	for _, one := range found.look {
		if r.othersJudge(&f.Case, string(one.Member)) {
			j.look = append(j.look, one)
		} else {
			j.out = append(j.out, one)
		}
	}
	return j
}

// othersJudge says whether somebody else than a member decides whether they may go on with a case.
func (r *roles) othersJudge(c *cases.Case, member string) bool {
	presiding := r.presiding(c)
	return presiding != member && (presiding != "" || slices.ContainsFunc(r.eligible(c), func(one string) bool { return one != member }))
}

// named asks who presides to look at what names somebody who handles the case. It holds no words: those stand in the file.
func (s *sending) named(ctx context.Context, c *cases.Case, member string, event int) error {
	return s.toPresidingBut(ctx, c, member, fmt.Sprintf("named/%d/%s", event, member), func(l i18n.Language) message {
		text := i18n.T("exclusion.named", "number", string(c.Number), "member", mention(member)).In(l)
		excluding := press(actExclude, i18n.T("card.button."+actExclude).In(l), string(c.Number)+" "+member)
		return message{text: text, blocks: []block{say(text), buttons(act(actFile, c, l), excluding)}}
	})
}

// suspects are whom the words of an event may mean, the surest first, each once.
func suspects(workspace *names.Workspace, e cases.Event, p *cases.Procedure) (all []cases.Suspect) {
	for _, field := range slices.Sorted(maps.Keys(e.Words)) {
		text, least := screened(field, e, p)
		if text == "" {
			continue
		}
		for _, m := range workspace.Find(text) {
			if m.Strength >= least {
				all = append(all, cases.Suspect{Member: cases.Member(m.ID), Words: m.By, Strength: strengthOf(m.Strength)})
			}
		}
	}
	rank := func(s cases.Suspect) int {
		return slices.Index([]cases.Strength{cases.Certain, cases.Likely, cases.Possible}, s.Strength)
	}
	slices.SortStableFunc(all, func(a, b cases.Suspect) int { return rank(a) - rank(b) })
	var once []cases.Suspect
	for _, s := range all {
		if !slices.ContainsFunc(once, func(o cases.Suspect) bool { return o.Member == s.Member }) {
			once = append(once, s)
		}
	}
	return once
}

// screened is what of a field can name somebody, and how sure a name in it must be. In what complainants say of themselves only
// somebody counts whom it means for certain: colleagues complain too, but most complainants only share a name with one.
func screened(field string, e cases.Event, p *cases.Procedure) (text string, least names.Strength) {
	words := strings.TrimSpace(e.Words[field])
	if e.Kind == cases.PartyAdded {
		return words, names.Possible
	}
	if e.Kind == cases.Corrected && e.Data["field"] != "" {
		field = e.Data["field"]
	}
	switch field {
	case cases.FieldName, cases.FieldContact, cases.FieldEmail:
		return words, names.Certain
	case cases.FieldTelephone, cases.FieldPost:
		return "", 0
	case cases.FieldFor:
		_, words = cases.Whose(words)
	}
	if q, own := p.OwnQuestion(field); own && len(q.Choices) > 0 {
		return "", 0 // what may be chosen was written by the organisation
	}
	return words, names.Possible
}

func strengthOf(s names.Strength) cases.Strength {
	switch s {
	case names.Certain:
		return cases.Certain
	case names.Likely:
		return cases.Likely
	}
	return cases.Possible
}

// rescreen holds all that was said in the open cases against the names of somebody who is new in the workspace, is here again, or is
// called otherwise than before.
func (b *Bot) rescreen(ctx context.Context, member string) error {
	workspace, err := b.directory.workspace(ctx)
	if err != nil {
		return err
	}
	r, err := b.rolesForHome(ctx)
	if err != nil {
		return err
	}
	open, err := b.store.List(ctx, postgres.Filter{Open: true, Limit: 10_000})
	if err != nil {
		return err
	}
	var all error
	for _, c := range open {
		all = errors.Join(all, b.rescreenCase(ctx, workspace, c, member, membersOf(r.committee)))
	}
	return all
}

// rescreenCase holds what was said in a case against the names of the workspace once more, of one member or of all: somebody may have
// come, or be called otherwise, while nobody listened.
func (b *Bot) rescreenCase(ctx context.Context, workspace *names.Workspace, c *cases.Case, member string, colleagues []cases.Member) error {
	if c.Hidden() || member != "" && known(c, cases.Member(member)) {
		return nil
	}
	file, err := b.store.File(ctx, c.Number)
	if err != nil {
		return err
	}
	p := b.procedure(c)
	var found []cases.Suspect
	for _, e := range file.Events {
		if !outside(e) {
			continue
		}
		for _, one := range judge(workspace, file, e, p).out {
			if !known(&file.Case, one.Member) && (member == "" || one.Member == cases.Member(member)) {
				found = append(found, one)
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	_, err = b.store.Change(ctx, postgres.Claim{}, c.Number, func(c *cases.Case, now time.Time) error {
		if err := c.Screen(found, false, p, now); err != nil {
			return err
		}
		c.LeaveAlone(colleagues, now)
		return nil
	})
	return err
}

// look holds what was said in a case against the name of a member who is about to see it, and returns the case as it is then. What a
// complainant writes is there a moment before its screening, which nobody whom it names is to use.
func (b *Bot) look(ctx context.Context, c *cases.Case, who cases.Person) (*cases.Case, error) {
	workspace := b.directory.latest()
	if workspace == nil || cases.May(who, cases.ReadFile, c) != nil {
		return c, nil
	}
	if err := b.rescreenCase(ctx, workspace, c, string(who.Member), who.Colleagues); err != nil {
		return c, err
	}
	return b.store.Case(ctx, c.Number)
}

// lookAt is look, by number.
func (b *Bot) lookAt(ctx context.Context, number cases.Number, who cases.Person) error {
	c, err := b.store.Case(ctx, number)
	if err == nil {
		_, err = b.look(ctx, c, who)
	}
	return err
}

// known says whether it was decided already whether somebody may see a case.
func known(c *cases.Case, m cases.Member) bool {
	return c.Excludes(m) || slices.Contains(c.Work.Cleared, m)
}

// typed are the events in which a member types what somebody else says or is called.
var typed = []cases.EventKind{cases.PartyAdded, cases.WrittenUp, cases.Corrected}

// outside says whether an event has words of a complainant or a person concerned, also where a member typed them. Those of the
// committee name its own people all the time.
func outside(e cases.Event) bool {
	_, ours := e.By.Member()
	return !ours && e.By != cases.Program || slices.Contains(typed, e.Kind)
}
