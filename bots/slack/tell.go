package slack

import (
	"context"
	"slices"
	"strconv"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// plainMessage is one that says one thing.
func plainMessage(text string) message { return message{text: text, blocks: []block{say(text)}} }

// toCommittee tells the committee's channel something of a case; while somebody is there who must see nothing of it, each of those
// who may hears it directly instead, in their own language. What tells it apart from all else that is told of the case; empty: the
// notice.
func (s *sending) toCommittee(ctx context.Context, c *cases.Case, what string, about func(i18n.Language) message) error {
	r, err := s.bot.roles(ctx)
	if err != nil {
		return err
	}
	if !r.crowded(c) {
		board, err := s.bot.board(ctx)
		if err != nil {
			return err
		}
		m := about(s.bot.language())
		m.key = s.keyOf(c, what)
		return s.postOnce(ctx, board, m)
	}
	for _, member := range r.eligible(c) {
		m := about(s.bot.languageOf(ctx, member))
		m.key = s.keyOf(c, what)
		if err := s.toMember(ctx, member, m); err != nil && !isCode(err, personGone...) {
			return err
		}
	}
	return nil
}

// keyOf tells a message about a case apart from all others about it. It begins with the number of the case, so that all of them are
// found again.
func (s *sending) keyOf(c *cases.Case, what string) string {
	if what == "" {
		what = "notice/" + strconv.FormatInt(s.out.ID, 10)
	}
	return string(c.Number) + "/" + what
}

// postOnce posts a message, unless it was posted before and the answer was lost.
func (s *sending) postOnce(ctx context.Context, channel string, m message) error {
	if s.out.Attempts > 0 || s.again {
		user, bot, err := s.bot.self(ctx)
		if err != nil {
			return err
		}
		if at, err := s.slack.find(ctx, channel, m.key, user, bot); err != nil || at != "" {
			return err
		}
	}
	_, err := s.slack.post(ctx, channel, m)
	return err
}

// toMember sends a member a direct message, whoever they are.
func (s *sending) toMember(ctx context.Context, member string, m message) error {
	channel, err := s.slack.direct(ctx, member)
	if err != nil {
		return err
	}
	return s.postOnce(ctx, channel, m)
}

// tell sends a member of the committee a direct message about a case that they may see. If they can't be reached any more, or are
// of the committee no longer, the others hear that somebody has to look after the case; they hear nothing else.
func (s *sending) tell(ctx context.Context, c *cases.Case, member string, m message) error {
	if c.Excludes(cases.Member(member)) {
		return overtaken()
	}
	committee, err := s.bot.committee(ctx)
	if err != nil {
		return err
	}
	if p, err := s.bot.profile(ctx, member); err == nil && p.Gone || !slices.Contains(committee, member) {
		return s.missing(ctx, c, member)
	}
	m.key = s.keyOf(c, "")
	if err = s.toMember(ctx, member, m); isCode(err, personGone...) {
		return s.missing(ctx, c, member)
	}
	return err
}

func (s *sending) missing(ctx context.Context, c *cases.Case, member string) error {
	switch {
	case s.out.Notice.Kind == cases.ReopenAsked:
		return s.toCommittee(ctx, c, "", func(l i18n.Language) message { return reopenMessage(c, l) })
	case !c.Open():
		return overtaken() // there is nothing to look after any more
	}
	return s.toCommittee(ctx, c, "", func(l i18n.Language) message { return missingMessage(c, "reminder.missing", member, l) })
}

// missingMessage asks the committee to look after a case in a member's place.
func missingMessage(c *cases.Case, key, member string, l i18n.Language) message {
	text := i18n.T(key, "number", string(c.Number), "member", mention(member)).In(l)
	return message{text: text, blocks: []block{say(text), buttons(act(actAssign, c, l), act(actFile, c, l))}}
}

// toPresiding tells who presides at a case something; where nobody of them is left, all who may see the case.
func (s *sending) toPresiding(ctx context.Context, c *cases.Case, what string, about func(i18n.Language) message) error {
	r, err := s.bot.roles(ctx)
	if err != nil {
		return err
	}
	member := r.presiding(c)
	if member == "" {
		return s.toCommittee(ctx, c, what, about)
	}
	m := about(s.bot.languageOf(ctx, member))
	m.key = s.keyOf(c, what)
	err = s.toMember(ctx, member, m)
	if isCode(err, personGone...) {
		return s.toCommittee(ctx, c, what, about)
	}
	return err
}
