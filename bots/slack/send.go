package slack

import (
	"context"
	"errors"
	"slices"
	"strconv"

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
	again   bool // it may have been said before
}

// Send tells the committee a notice: it makes the card and the room true, tells the room what happened, or speaks to a
// member. Its errors are for the dispatcher: jobs.RetryAfter, jobs.Undeliverable, or anything else that passes.
func (b *Bot) Send(ctx context.Context, o postgres.Outgoing) error {
	s := &sending{bot: b, slack: b.slack.on(o.ID), out: o}
	b.slack.pace.begin(o.ID)
	err := b.guarded(func() error { return s.send(ctx) })
	if _, again := errors.AsType[*jobs.RetryAfter](err); !again {
		b.slack.pace.end(o.ID)
	}
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
	if s.out.Digest != "" {
		return s.digest(ctx)
	}
	switch s.out.Notice.Kind {
	case cases.Screening:
		return s.screening(ctx)
	case cases.Card:
		return s.card(ctx)
	case cases.News:
		return s.news(ctx)
	case cases.YourCase:
		return s.yours(ctx)
	case cases.Reminder:
		return s.reminder(ctx)
	case cases.Shared:
		return s.shared(ctx)
	case cases.ReopenAsked:
		return s.reopenAsked(ctx)
	case cases.Conflicted:
		return s.conflicted(ctx)
	case cases.Outward:
		return s.outward(ctx)
	case cases.Invitation, cases.PartyProposal, cases.PartyEnd:
		return s.party(ctx)
	case cases.EyesAsked:
		return s.eyes(ctx)
	case cases.YourMeasure:
		return s.yourMeasure(ctx)
	case cases.Nobody:
		return s.nobody(ctx)
	}
	return &jobs.Undeliverable{State: cases.Failed, Reason: "not for the committee"}
}

// overtaken is what becomes of a notice that is no longer true.
func overtaken() error { return &jobs.Undeliverable{State: cases.NotSent, Reason: "overtaken"} }

// card makes true what shows the case. What is told in no room, the owner hears directly.
func (s *sending) card(ctx context.Context) error {
	if s.out.Notice.Event == 1 { // it is new, and will be posted
		board, err := s.bot.board(ctx)
		if err == nil {
			err = s.slack.pace.ahead(s.out.ID, board)
		}
		if err != nil {
			return err
		}
	}
	file, event, err := s.event(ctx)
	if err != nil {
		return err
	}
	if event.Kind == cases.Excluded {
		err = s.withhold(ctx, &file.Case, event)
	}
	if err = errors.Join(err, s.settled(ctx, &file.Case, event), s.surfaces(ctx, s.out.Number)); err != nil {
		return err
	}
	s.bot.homes.poke()
	c, err := s.bot.store.Case(ctx, s.out.Number)
	if err != nil || c.Owner == "" || c.Excludes(c.Owner) {
		return err
	}
	key, heard := ownerHears[event.Kind]
	if c.Kind == cases.Formal {
		heard = event.Kind == cases.Rated // it is closed, and so is its room
	}
	if !heard || !c.Open() && !slices.Contains(afterwards, event.Kind) {
		return nil
	}
	l := s.bot.languageOf(ctx, string(c.Owner))
	text := i18n.T(key, "number", string(c.Number), "what", whatHappened(event.Kind, event.Data)).In(l)
	return s.tell(ctx, c, string(c.Owner), message{text: text, blocks: []block{say(text), buttons(act(actFile, c, l))}})
}

// ownerHears is what an owner hears directly of a case without a room, in words of our own.
var ownerHears = map[cases.EventKind]string{
	cases.Replied:        "room.replied.owner",
	cases.Unreachable:    "room.unreachable.owner",
	cases.Attached:       "room.news.owner",
	cases.Corrected:      "room.news.owner",
	cases.ContactChanged: "room.news.owner",
	cases.Withdrawn:      "room.news.owner",
	cases.Helped:         "room.news.owner",
	cases.NotHelped:      "room.news.owner",
	cases.Rated:          "room.news.owner",
}

// afterwards are the events that still matter when the case is closed.
var afterwards = []cases.EventKind{cases.Withdrawn, cases.Helped, cases.NotHelped, cases.Rated}

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

// ends are the events with which a case ends.
var ends = []cases.EventKind{cases.Ended, cases.Withdrawn, cases.Lapsed}

// news tells the room what happened, with the words: the room is the case's own. At the end of the case, the room closes; where letters
// are on their way then, it closes once it shows what became of them: see outward.
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
	err = s.postNews(ctx, file, e, at.Channel)
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
		err = s.postNews(ctx, file, e, at.Channel)
	}
	if err != nil || !toldAll(file, e) {
		return err
	}
	return s.slack.archive(ctx, at.Channel)
}

// toldAll says whether a case ended with an event, for all that is known now, and nothing that tells of it is on its way.
func toldAll(f *cases.File, e cases.Event) bool {
	later := slices.ContainsFunc(f.Events[e.Seq:], func(one cases.Event) bool { return slices.Contains(ends, one.Kind) })
	if f.Case.Open() || later || !slices.Contains(ends, e.Kind) {
		return false
	}
	return f.Case.Kind != cases.Formal || !slices.ContainsFunc(f.Letters, func(d cases.Delivery) bool {
		return d.Event == e.Seq && d.State == cases.Queued && slices.Contains(goesOut[e.Kind], d.Kind)
	})
}

// postNews posts what happened, in as many messages as it takes. What was tried before is looked for first.
func (s *sending) postNews(ctx context.Context, file *cases.File, e cases.Event, room string) error {
	b, c, l := s.bot, &file.Case, s.bot.language()
	if err := s.clear(ctx, c, room); err != nil {
		return err
	}
	for n, page := range pages(newsBlocks(file, e, b.procedure(c), l), messagePage) {
		m := message{
			text:   i18n.T("room.notice", "number", string(c.Number), "what", whatHappened(e.Kind, e.Data)).In(l),
			blocks: page,
			key:    newsKey(c, e, n),
		}
		if n == 0 && c.Owner != "" && e.By == cases.Complainant && e.Kind != cases.Attached { // an album is many files
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

// toldElsewhere are events of which who has to know hears in another way, where there is no room.
var toldElsewhere = []cases.EventKind{cases.Excluded, cases.Cleared}

// toOwner tells the owner directly, without words, what can't be told in a room; without an owner, the committee hears it.
func (s *sending) toOwner(ctx context.Context, c *cases.Case, e cases.Event) error {
	if slices.Contains(ends, e.Kind) && e.Kind != cases.Withdrawn || slices.Contains(toldElsewhere, e.Kind) || c.Owner != "" && c.Excludes(c.Owner) {
		return overtaken()
	}
	about := func(l i18n.Language) message {
		text := i18n.T("room.notice", "number", string(c.Number), "what", whatHappened(e.Kind, e.Data)).In(l)
		return message{text: text, blocks: []block{say(text), cardButtons(c, l)}}
	}
	if member := string(c.Owner); member != "" {
		return s.tell(ctx, c, member, about(s.bot.languageOf(ctx, member)))
	}
	return s.toCommittee(ctx, c, "", about)
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
	_, e, err := s.event(ctx)
	if err != nil {
		return err
	}
	key := "room.yours"
	if e.Kind == cases.Reopened {
		key = "room.yours-again"
	}
	seen, err := s.bot.glimpse(ctx, c)
	if err != nil {
		return err
	}
	text := i18n.T(key, "number", string(c.Number)).In(l)
	blocks := append([]block{say(text)}, card(seen, s.bot.procedure(c), s.bot.store.Now(), l)...)
	return s.tell(ctx, c, string(member), message{text: text, blocks: append(blocks, cardButtons(c, l))})
}
