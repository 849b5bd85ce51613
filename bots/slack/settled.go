package slack

import (
	"context"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// settles are the events after which nobody waits for a complainant's yes to a write-up any more.
var settles = []cases.EventKind{cases.Approved, cases.NotApproved, cases.Lapsed, cases.Withdrawn}

// placeWitness begins the place of a message that asked a member whether they heard the complainant agree; the member follows.
const placeWitness = "witness/"

// settled takes from what was said of a write-up the buttons with which somebody would agree to it, and says there what became of it.
// It stands in the channel, with who wrote it up, with whoever was asked as a witness, and where the channel hears nothing of the
// case with each who may see it.
func (s *sending) settled(ctx context.Context, c *cases.Case, e cases.Event) error {
	if c.Way == cases.Chat || c.Stage == cases.Awaiting || !slices.Contains(settles, e.Kind) {
		return nil
	}
	board, err := s.bot.board(ctx)
	if err != nil {
		return err
	}
	if err := s.unbutton(ctx, c, e, board, s.bot.language()); err != nil {
		return err
	}
	members, err := s.askedToAgree(ctx, c)
	if err != nil {
		return err
	}
	for _, member := range members {
		if c.Excludes(cases.Member(member)) {
			continue // what they had is emptied
		}
		channel, err := s.slack.direct(ctx, member)
		if isCode(err, personGone...) {
			continue
		}
		if err == nil {
			err = s.unbutton(ctx, c, e, channel, s.bot.languageOf(ctx, member))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// askedToAgree are the members who may have been asked directly to agree to a write-up in the complainant's name.
func (s *sending) askedToAgree(ctx context.Context, c *cases.Case) ([]string, error) {
	members := []string{string(c.Work.WrittenBy)}
	all, err := s.bot.store.Surfaces(ctx, c.Number)
	if err != nil {
		return nil, err
	}
	for _, at := range all {
		if member, is := strings.CutPrefix(at.Place, placeWitness); is {
			members = append(members, member)
		}
	}
	r, err := s.bot.roles(ctx)
	if err != nil {
		return nil, err
	}
	if r.crowded(c) {
		members = append(members, r.eligible(c)...)
	}
	slices.Sort(members)
	return slices.DeleteFunc(slices.Compact(members), func(m string) bool { return m == "" }), nil
}

// unbutton says in a conversation of each message with which a write-up could have been agreed to what became of it, and takes the
// buttons for that away. A card is kept true apart from it.
func (s *sending) unbutton(ctx context.Context, c *cases.Case, e cases.Event, channel string, l i18n.Language) error {
	all, err := s.saidOf(ctx, c, channel)
	if err != nil {
		return err
	}
	for _, one := range all {
		blocks, had := without(one.blocks, actAgreeByCall, actWitness)
		if !had || one.key == string(c.Number)+"/"+placeCard {
			continue
		}
		became := i18n.T("write-up.settled", "what", whatHappened(e.Kind, e.Data)).In(l)
		m := message{text: one.text, blocks: append(blocks, small(became)), key: one.key}
		if err := s.slack.update(ctx, channel, one.id, m); err != nil && !isCode(err, messageGone...) {
			return err
		}
	}
	return nil
}

// without is what a message shows without the buttons of some actions, and whether it had one of them.
func without(blocks []block, actions ...string) (rest []block, had bool) {
	for _, b := range blocks {
		row, is := b.(*slackgo.ActionBlock)
		if !is {
			rest = append(rest, b)
			continue
		}
		kept := slices.DeleteFunc(slices.Clone(row.Elements.ElementSet), func(e slackgo.BlockElement) bool {
			button, is := e.(*slackgo.ButtonBlockElement)
			return is && slices.Contains(actions, button.ActionID)
		})
		if len(kept) < len(row.Elements.ElementSet) {
			had = true
		}
		if len(kept) > 0 {
			rest = append(rest, slackgo.NewActionBlock(row.BlockID, kept...))
		}
	}
	return rest, had
}

// askAsWitness sends a member a message that asks whether they heard the complainant agree, and remembers that it was sent.
func (b *Bot) askAsWitness(ctx context.Context, c *cases.Case, member string, m message) error {
	channel, err := b.slack.direct(ctx, member)
	if err != nil {
		return err
	}
	id, err := b.slack.post(ctx, channel, m)
	if err != nil {
		return err
	}
	err = b.store.SetSurface(ctx, c.Number, postgres.Surface{Place: placeWitness + member, Channel: channel, Message: id})
	if err != nil { // without it the message is there and works, and keeps its button
		b.log.Warn("slack: where a witness was asked is not remembered", append([]any{"case", c.Number}, why(err)...)...)
	}
	return nil
}
