package slack

import (
	"context"
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
	return s.toEligible(ctx, c, r.eligible(c), what, about)
}

// toEligible tells members something of a case, each directly and in their own language.
func (s *sending) toEligible(ctx context.Context, c *cases.Case, members []string, what string, about func(i18n.Language) message) error {
	for _, member := range members {
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

// tell sends a member a direct message about a case that they may see, as everybody of the committee may, and who wrote it up. If they
// can't be reached any more, or may see it no longer, the others hear that somebody has to look after the case; they hear nothing
// else.
func (s *sending) tell(ctx context.Context, c *cases.Case, member string, m message) error {
	if c.Excludes(cases.Member(member)) {
		return overtaken()
	}
	r, err := s.bot.roles(ctx)
	if err != nil {
		return err
	}
	if p, err := s.bot.profile(ctx, member); err == nil && p.Gone || cases.May(r.person(member), cases.See, c) != nil {
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

// toPresiding tells who presides at a case something, or where nobody of them is left, all who may see the case: each directly, and
// never the channel, where those are as well whom it names, or who may come there later.
func (s *sending) toPresiding(ctx context.Context, c *cases.Case, what string, about func(i18n.Language) message) error {
	return s.toPresidingBut(ctx, c, "", what, about)
}

// toPresidingBut is toPresiding where one member, whom it is about, is passed over.
func (s *sending) toPresidingBut(ctx context.Context, c *cases.Case, not, what string, about func(i18n.Language) message) error {
	r, err := s.bot.roles(ctx)
	if err != nil {
		return err
	}
	all := keep(r.eligible(c), func(member string) bool { return member != not })
	member := r.presidingBut(c, not)
	if member == "" {
		return s.toEligible(ctx, c, all, what, about)
	}
	m := about(s.bot.languageOf(ctx, member))
	m.key = s.keyOf(c, what)
	err = s.toMember(ctx, member, m)
	if isCode(err, personGone...) {
		return s.toEligible(ctx, c, all, what, about)
	}
	return err
}
