package slack

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// sending is one thing that waits to be sent, in the hands of the bot.
type sending struct {
	bot   *Bot
	slack *client
	out   postgres.Outgoing

	refresh bool // nothing happened: what is there is made true, and nothing new is made that a notice is to bring
}

// Send tells the committee a notice: it makes the card and the room true, tells the room what happened, or speaks to a
// member. Its errors are for the dispatcher: jobs.RetryAfter, jobs.Undeliverable, or anything else that passes.
func (b *Bot) Send(ctx context.Context, o postgres.Outgoing) error {
	s := &sending{bot: b, slack: b.slack.on(o.ID), out: o}
	err := b.guarded(func() error { return s.send(ctx) })
	b.stuck(err)
	return delivered(err)
}

// stuck says once, until a notice goes out again, that an admin has to mend something; and it makes the bot look for the
// committee's channel anew.
func (b *Bot) stuck(err error) {
	blocked := isCode(err, noRights...) || isCode(err, channelGone...) || errors.Is(err, errNotInvited)
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case blocked:
		b.channel = ""
		if !b.blocked {
			b.log.Error("slack: notices have nowhere to go; is the bot in the committee's channel, with all its scopes?", why(err)...)
		}
		b.blocked = true
	case err == nil:
		b.blocked = false
	}
}

func (s *sending) send(ctx context.Context) error {
	switch s.out.Notice.Kind {
	case cases.Card:
		return s.card(ctx)
	case cases.News:
		return s.news(ctx)
	case cases.YourCase:
		return s.yours(ctx)
	case cases.Reminder:
		return s.reminder(ctx)
	}
	return &jobs.Undeliverable{State: cases.Failed, Reason: "not for the committee"}
}

// overtaken is what becomes of a notice that is no longer true.
func overtaken() error { return &jobs.Undeliverable{State: cases.NotSent, Reason: "overtaken"} }

// card makes true what shows the case. A talk has no room, so its owner hears directly what else would be told there.
func (s *sending) card(ctx context.Context) error {
	if err := s.surfaces(ctx, s.out.Number); err != nil {
		return err
	}
	s.bot.homes.poke()
	c, err := s.bot.store.Case(ctx, s.out.Number)
	if err != nil {
		return err
	}
	if c.Kind != cases.Talk || c.Owner == "" || !c.Open() {
		return nil
	}
	file, event, err := s.event(ctx)
	if err != nil {
		return err
	}
	key := map[cases.EventKind]string{cases.Replied: "room.replied.owner", cases.Unreachable: "room.unreachable.owner"}[event.Kind]
	if key == "" || file.Case.Excludes(c.Owner) {
		return nil
	}
	l := s.bot.languageOf(ctx, string(c.Owner))
	text := i18n.T(key, "number", string(c.Number)).In(l)
	return s.tell(ctx, c, string(c.Owner), message{text: text, blocks: []block{say(text), buttons(act(actFile, c, l))}})
}

// event reads the event that the notice is about.
func (s *sending) event(ctx context.Context) (*cases.File, cases.Event, error) {
	file, err := s.bot.store.File(ctx, s.out.Number)
	if err != nil {
		return nil, cases.Event{}, err
	}
	e, ok := file.Event(s.out.Notice.Event)
	if !ok {
		return nil, e, &jobs.Undeliverable{State: cases.Failed, Reason: "no such event"}
	}
	return file, e, nil
}

// news tells the room what happened, with the words: the room is the case's own. At the end of the case, the room closes.
func (s *sending) news(ctx context.Context) error {
	file, e, err := s.event(ctx)
	if err != nil {
		return err
	}
	c := &file.Case
	at, err := s.bot.store.Surface(ctx, c.Number, placeRoom)
	if errors.Is(err, postgres.ErrNotFound) {
		return s.toOwner(ctx, c, e) // nobody has taken the case yet, so there is no room
	}
	if err != nil {
		return err
	}
	err = s.postNews(ctx, c, e, at.Channel)
	if isCode(err, channelGone...) {
		if !c.Open() {
			return s.toOwner(ctx, c, e)
		}
		if err := s.surfaces(ctx, c.Number); err != nil {
			return err
		}
		if at, err = s.bot.store.Surface(ctx, c.Number, placeRoom); err != nil {
			return err
		}
		err = s.postNews(ctx, c, e, at.Channel)
	}
	if err != nil || e.Kind != cases.Ended {
		return err
	}
	return s.slack.archive(ctx, at.Channel)
}

// postNews posts what happened, in as many messages as it takes. What was tried before is looked for first.
func (s *sending) postNews(ctx context.Context, c *cases.Case, e cases.Event, room string) error {
	l := s.bot.language()
	b := s.bot
	if err := s.clear(ctx, c, room); err != nil {
		return err
	}
	for n, page := range pages(eventBlocks(e, b.store.Procedure(), l), messagePage) {
		m := message{
			text:   i18n.T("room.notice", "number", string(c.Number), "what", i18n.T("room.what."+string(e.Kind))).In(l),
			blocks: page,
			key:    newsKey(c, e, n),
		}
		if e.Kind == cases.Replied && c.Owner != "" {
			m.text = mention(string(c.Owner)) + " " + m.text
		}
		if s.out.Attempts > 0 {
			user, bot, err := b.self(ctx)
			if err != nil {
				return err
			}
			if at, err := s.slack.find(ctx, room, m.key, user, bot); err != nil {
				return err
			} else if at != "" {
				continue
			}
		}
		if _, err := s.slack.post(ctx, room, m); err != nil {
			return err
		}
	}
	return nil
}

func newsKey(c *cases.Case, e cases.Event, page int) string {
	return string(c.Number) + "/news/" + strconv.Itoa(e.Seq) + "/" + strconv.Itoa(page)
}

// toOwner tells the owner directly, without words, what can't be told in a room; without an owner, the channel hears it.
func (s *sending) toOwner(ctx context.Context, c *cases.Case, e cases.Event) error {
	if e.Kind == cases.Ended || c.Owner != "" && c.Excludes(c.Owner) {
		return overtaken()
	}
	member := string(c.Owner)
	l := s.bot.language()
	if member != "" {
		l = s.bot.languageOf(ctx, member)
	}
	text := i18n.T("room.notice", "number", string(c.Number), "what", i18n.T("room.what."+string(e.Kind))).In(l)
	m := message{text: text, blocks: []block{say(text), cardButtons(c, l)}}
	if member != "" {
		return s.tell(ctx, c, member, m)
	}
	board, err := s.bot.board(ctx)
	if err == nil {
		_, err = s.slack.post(ctx, board, m)
	}
	return err
}

// yours tells a member that somebody made a case theirs.
func (s *sending) yours(ctx context.Context) error {
	c, err := s.bot.store.Case(ctx, s.out.Number)
	if err != nil {
		return err
	}
	member, ok := s.out.Notice.To.Member()
	if !ok || c.Owner != member || !c.Open() {
		return overtaken()
	}
	l := s.bot.languageOf(ctx, string(member))
	text := i18n.T("room.yours", "number", string(c.Number)).In(l)
	blocks := append([]block{say(text)}, card(c, s.bot.store.Procedure(), s.bot.store.Now(), l)...)
	return s.tell(ctx, c, string(member), message{text: text, blocks: append(blocks, cardButtons(c, l))})
}

// tell sends a member a direct message about a case. If they can't be reached any more, or are of the committee no longer,
// the channel hears that somebody has to look after the case; it hears nothing else.
func (s *sending) tell(ctx context.Context, c *cases.Case, member string, m message) error {
	committee, err := s.bot.committee(ctx)
	if err != nil {
		return err
	}
	if p, err := s.bot.profile(ctx, member); err == nil && p.Gone || !slices.Contains(committee, member) {
		return s.missing(ctx, c, member)
	}
	channel, err := s.slack.direct(ctx, member)
	if err == nil {
		_, err = s.slack.post(ctx, channel, m)
	}
	if isCode(err, personGone...) {
		return s.missing(ctx, c, member)
	}
	return err
}

func (s *sending) missing(ctx context.Context, c *cases.Case, member string) error {
	board, err := s.bot.board(ctx)
	if err != nil {
		return err
	}
	l := s.bot.language()
	text := i18n.T("reminder.missing", "number", string(c.Number), "member", mention(member)).In(l)
	_, err = s.slack.post(ctx, board, message{text: text, blocks: []block{say(text), buttons(act(actAssign, c, l), act(actFile, c, l))}})
	return err
}

// soon is how many days before the last day a reminder offers to say why it will be late.
const soon = 3

// reminder tells a member, or the channel, what waits. One that is no longer true is not told.
func (s *sending) reminder(ctx context.Context) error {
	file, e, err := s.event(ctx)
	if err != nil {
		return err
	}
	c := &file.Case
	milestone := cases.Milestone(e.Data["milestone"])
	if !s.stillTrue(c, milestone, e.Data["occasion"]) {
		return overtaken()
	}
	if member, ok := s.out.Notice.To.Member(); ok {
		if c.Excludes(member) {
			return overtaken()
		}
		return s.tell(ctx, c, string(member), s.reminderMessage(c, milestone, s.bot.languageOf(ctx, string(member))))
	}
	board, err := s.bot.board(ctx)
	if err != nil {
		return err
	}
	_, err = s.slack.post(ctx, board, s.reminderMessage(c, milestone, s.bot.language()))
	return err
}

// stillTrue says whether what the clock wanted to remind of is so at this moment.
func (s *sending) stillTrue(c *cases.Case, milestone cases.Milestone, occasion string) bool {
	switch {
	case !c.Open():
		return false
	case milestone == cases.Unowned:
		return c.Owner == ""
	}
	last := c.LastDay(s.bot.store.Procedure()).Format(time.DateOnly)
	if milestone == cases.Ahead && daysLeft(c, s.bot.store.Procedure(), s.bot.store.Now()) < 1 {
		return false
	}
	return strings.HasPrefix(occasion, last)
}

func (s *sending) reminderMessage(c *cases.Case, milestone cases.Milestone, l i18n.Language) message {
	p := s.bot.store.Procedure()
	left := daysLeft(c, p, s.bot.store.Now())
	if c.Deadline.IsZero() {
		left = 0
	}
	text := i18n.T("reminder."+string(milestone), "number", string(c.Number), "count", left, "day", i18n.Date{Time: c.LastDay(p)}).In(l)
	row := []*button{act(actFile, c, l)}
	if c.Owner == "" {
		row = append([]*button{primary(act(actTake, c, l)), act(actAssign, c, l)}, row...)
	}
	if c.Kind == cases.Formal && milestone != cases.Unowned && left <= soon {
		row = append(row, press(actExtend, i18n.T("reminder.button.late").In(l), string(c.Number)))
	}
	return message{text: text, blocks: []block{say(text), buttons(row...)}}
}
