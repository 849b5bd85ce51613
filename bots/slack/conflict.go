package slack

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// showDirect gives each of those who may see a case its card directly, while somebody is in the committee's channel who may not. A
// card that somebody has is kept true, whoever is in the channel; of who may not see the case any more it is emptied.
func (s *sending) showDirect(ctx context.Context, c glimpse, r *roles) error {
	all, err := s.bot.store.Surfaces(ctx, c.Number)
	if err != nil {
		return err
	}
	had := make(map[string]postgres.Surface)
	for _, at := range all {
		if member, ok := strings.CutPrefix(at.Place, placeDirect); ok {
			had[member] = at
		}
	}
	crowded := r.crowded(c.Case)
	if !crowded && len(had) == 0 {
		return nil
	}
	may := r.eligible(c.Case)
	for member, at := range had {
		if slices.Contains(may, member) {
			continue
		}
		if err := s.empty(ctx, at.Channel, at.Message, s.bot.languageOf(ctx, member)); err != nil {
			return err
		}
		if err := s.bot.store.DropSurface(ctx, c.Number, at.Place); err != nil {
			return err
		}
	}
	for _, member := range may {
		at, has := had[member]
		soon := s.refresh && s.bot.store.Now().Sub(c.Received) < fresh // a notice is about to bring it
		if !has && (!crowded || soon || !c.Open()) {
			continue
		}
		if err := s.showDirectTo(ctx, c, member, at); err != nil {
			return err
		}
	}
	return nil
}

// showDirectTo makes the card that a member has directly true, or sends it.
func (s *sending) showDirectTo(ctx context.Context, c glimpse, member string, at postgres.Surface) error {
	l := s.bot.languageOf(ctx, member)
	m := message{
		text:   c.notice(l),
		blocks: append(card(c, s.bot.procedure(c.Case), s.bot.store.Now(), l), cardButtons(c.Case, l), small(i18n.T("card.direct").In(l))),
		key:    string(c.Number) + "/" + placeDirect,
	}
	if at.Message != "" {
		err := s.slack.update(ctx, at.Channel, at.Message, m)
		if err == nil || !isCode(err, messageGone...) && !isCode(err, channelGone...) {
			return err
		}
	}
	channel, err := s.slack.direct(ctx, member)
	if err == nil {
		err = s.place(ctx, c.Number, postgres.Surface{Place: placeDirect + member, Channel: channel}, m, false)
	}
	if isCode(err, personGone...) {
		s.bot.log.Warn("slack: a member can't be sent the card of a case", "case", c.Number, "member", member, "reason", code(err))
		return nil
	}
	return err
}

// conflicted tells who presides that somebody is excluded, and what they had been able to see. Those who were found in one go are
// told of in one message. It holds no words: those that name somebody stand in the file.
func (s *sending) conflicted(ctx context.Context) error {
	file, e, err := s.event(ctx)
	if err != nil {
		return err
	}
	c := &file.Case
	together := func(one cases.Event) bool { return one.Kind == cases.Excluded && one.By == e.By && one.At.Equal(e.At) }
	var all []cases.Event
	for _, one := range file.Events {
		if together(one) {
			all = append(all, one)
		}
	}
	if len(all) == 0 || all[0].Seq != e.Seq {
		return overtaken() // it is told with the first of them
	}
	all = slices.DeleteFunc(all, func(one cases.Event) bool { return !c.Excludes(cases.Member(one.Data["member"])) })
	if len(all) == 0 {
		return overtaken() // they were cleared since
	}
	reads, err := s.readOn(ctx, c, all)
	if err != nil {
		return err
	}
	about := func(l i18n.Language) message { return conflictMessage(c, all, reads, l) }
	return s.toPresiding(ctx, c, "", about)
}

// mostClear is how many of those who are excluded can be cleared straight from the message about it; of all the file tells.
const mostClear = 12

func conflictMessage(c *cases.Case, all []cases.Event, reads bool, l i18n.Language) message {
	text := i18n.T("exclusion.notice", "number", string(c.Number), "count", len(all)).In(l)
	blocks := []block{say(text)}
	clearable, what := c.Clearable(), "exclusion.party-only"
	if slices.ContainsFunc(all, func(e cases.Event) bool { return slices.Contains(clearable, cases.Member(e.Data["member"])) }) {
		what = "exclusion.what-now"
	}
	for _, e := range all[:min(len(all), mostClear)] {
		line := excludedLine(e).In(l)
		if saw := strings.Fields(e.Data["saw"]); len(saw) > 0 {
			line += "\n" + sawText(saw, l)
		}
		if !slices.Contains(clearable, cases.Member(e.Data["member"])) {
			blocks = append(blocks, say(line))
			continue
		}
		clearing := press(actClear, i18n.T("card.button."+actClear).In(l), string(c.Number)+" "+e.Data["member"])
		blocks = append(blocks, sayWith(line, clearing))
	}
	if rest := len(all) - mostClear; rest > 0 {
		blocks = append(blocks, small(i18n.T("exclusion.rest", "count", rest).In(l)))
	}
	if reads {
		blocks = append(blocks, say(i18n.T("exclusion.archived").In(l)))
	}
	row := []*button{act(actFile, c, l)}
	if c.Open() && c.Stage != cases.Awaiting {
		row = append(row, act(actAssign, c, l))
	}
	if c.Open() && c.Kind == cases.Formal && len(c.Work.HaveOwned) > 0 {
		row = append(row, act(actEnter, c, l))
	}
	blocks = append(blocks, small(i18n.T(what).In(l)), buttons(row...))
	return message{text: text, blocks: blocks}
}

// excludedLine says who is excluded, and why.
func excludedLine(e cases.Event) i18n.Text {
	key := excludedWhy(e)
	if s := cases.Strength(e.Data["strength"]); key == cases.WhyMatched && slices.Contains([]cases.Strength{cases.Possible, cases.Likely, cases.Certain}, s) {
		key += "-" + string(s)
	}
	return i18n.T("exclusion.why."+key, "member", mention(e.Data["member"]))
}

// sawText says what somebody had been able to see before they were excluded.
func sawText(saw []string, l i18n.Language) string {
	what := make([]string, 0, len(saw))
	for _, one := range saw {
		what = append(what, i18n.T("exclusion.saw."+one).In(l))
	}
	return i18n.T("exclusion.saw", "what", strings.Join(what, ", ")).In(l)
}

// nobody tells the channel, without a word of it, and the admin that nobody of the committee may handle a case.
func (s *sending) nobody(ctx context.Context) error {
	c, err := s.bot.store.Case(ctx, s.out.Number)
	if err != nil {
		return err
	}
	alone, err := s.alone(ctx, c)
	if err != nil {
		return err
	}
	if !alone {
		return overtaken()
	}
	return s.sayNobody(ctx, c, "")
}

// alone says whether nobody of the committee may handle an open case.
func (s *sending) alone(ctx context.Context, c *cases.Case) (bool, error) {
	if !c.Open() {
		return false, nil
	}
	committee, err := s.bot.committee(ctx)
	return err == nil && len(c.Eligible(membersOf(committee))) == 0, err
}

// nobodyAgain says in the place of a reminder, which nobody is left for, once a day that nobody may handle the case.
func (s *sending) nobodyAgain(ctx context.Context, c *cases.Case) error {
	s.again = true // another reminder may have said so today
	return s.sayNobody(ctx, c, "nobody/"+s.bot.procedure(c).In(s.bot.store.Now()).Format(time.DateOnly))
}

// sayNobody tells the admin and the channel that nobody may handle a case.
func (s *sending) sayNobody(ctx context.Context, c *cases.Case, what string) error {
	s.bot.log.Error("nobody of the committee may handle a case; add a member whom it is not about, or a substitute", "case", c.Number)
	board, err := s.bot.board(ctx)
	if err != nil {
		return err
	}
	m := plainMessage(i18n.T("exclusion.nobody", "number", string(c.Number)).In(s.bot.language()))
	m.key = s.keyOf(c, what)
	return s.postOnce(ctx, board, m)
}

// enter lets who presides at a case, or owns it, into its room. It is a reading of the file, and recorded as one, in the room.
func (b *Bot) enter(ctx context.Context, i interaction, r *reply, value string) error {
	number, err := numberOf(value)
	var who cases.Person
	if err == nil {
		who, err = b.person(ctx, i.User.ID)
	}
	var room postgres.Surface
	if err == nil {
		err = b.lookAt(ctx, number, who)
	}
	if err == nil {
		_, err = b.store.Change(ctx, i.claim(), number, func(c *cases.Case, now time.Time) error { return c.Enter(who, now) })
	}
	if err == nil {
		if room, err = b.store.Surface(ctx, number, placeRoom); errors.Is(err, postgres.ErrNotFound) {
			err = &cases.Refusal{Text: i18n.T("refusal.no-room", "number", string(number))}
		}
	}
	if err == nil {
		if err = b.slack.invite(ctx, room.Channel, i.User.ID); isCode(err, channelGone...) || isCode(err, cantEnter...) {
			err = &cases.Refusal{Text: i18n.T("refusal.no-room", "number", string(number))}
		}
	}
	if err == nil || errors.Is(err, postgres.ErrClaimed) {
		return r.ack(nil)
	}
	text, known := sayable(err)
	if known {
		err = r.ack(nil)
	}
	b.tell(ctx, i, text)
	return err
}

// actEnter lets who may read a case into its room.
const actEnter = "join-room"
