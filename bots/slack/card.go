package slack

import (
	"context"
	"errors"
	"math"
	"strconv"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// The places where a case shows itself.
const (
	placeCard     = "card"      // the message in the committee's channel
	placeRoom     = "room"      // the case's private channel
	placeRoomCard = "room-card" // the message pinned there
	placeDirect   = "direct/"   // and a member: the card that they have directly, where the channel is not to show all of it
)

// glimpse is a case as it shows itself outside its room: neither part of it has words.
type glimpse struct {
	*cases.Case
	postgres.Glance
	earlier int // other cases of the same complainant, from which nobody is excluded
}

// shownLast are the events that a card names when they were the last to happen. How the complainant rated it is not: that is
// for who reads the file.
var shownLast = []cases.EventKind{
	cases.Taken, cases.Handed, cases.Wrote, cases.Replied, cases.Attached, cases.Corrected, cases.ContactChanged, cases.Spoke, cases.Extended,
	cases.Late, cases.Unreachable, cases.Reachable, cases.Proposed, cases.Agreed, cases.Objected, cases.Ended, cases.Withdrawn, cases.Helped,
	cases.NotHelped, cases.Reopened, cases.Dispatched, cases.TakenBack, cases.Invited, cases.Accounted, cases.Declined, cases.Unanswered,
	cases.Reported, cases.Drafted, cases.SentBack, cases.Lapsed, cases.WrittenUp, cases.Approved, cases.NotApproved, cases.Progressed,
	cases.ForeseenInTime, cases.ForeseenLate,
}

func (b *Bot) glimpse(ctx context.Context, c *cases.Case) (glimpse, error) {
	seen, err := b.store.Glance(ctx, c.Number, shownLast...)
	if err != nil {
		return glimpse{Case: c}, err
	}
	before, err := b.store.Earlier(ctx, c.Number)
	return glimpse{c, seen, len(before)}, err
}

// titled is the key of what a case is called: a complaint, a talk, or another way of going on.
func (c glimpse) titled(place string) string {
	key := place + string(c.Kind)
	if c.Kind == cases.Talk && c.By != "" && c.By != cases.Call {
		key += "-" + string(c.By)
	}
	return key
}

// card is what anyone of the committee may see of a case at a glance.
func card(c glimpse, p *cases.Procedure, now time.Time, l i18n.Language) []block {
	blocks := []block{header(i18n.T(c.titled("card.title."), "number", string(c.Number)).In(l))}
	pairs := dated(c, p, now, l)
	pairs = append(pairs,
		[2]string{i18n.T("card.stage").In(l), stage(c.Case).In(l)},
		[2]string{i18n.T("card.owner").In(l), owner(c.Case, l)},
		[2]string{i18n.T("card.spoken").In(l), languageName(c.Language).In(l)},
		[2]string{i18n.T("card.way").In(l), i18n.T("way." + string(c.Way)).In(l)},
	)
	if c.Files > 0 {
		pairs = append(pairs, [2]string{i18n.T("card.files").In(l), strconv.Itoa(c.Files)})
	}
	if c.earlier > 0 {
		pairs = append(pairs, [2]string{i18n.T("card.earlier").In(l), strconv.Itoa(c.earlier)})
	}
	if a := c.Work.Assessment; a.Severity != "" {
		pairs = append(pairs, [2]string{i18n.T("card.severity").In(l), i18n.T("level." + string(a.Severity)).In(l)},
			[2]string{i18n.T("card.urgency").In(l), i18n.T("level." + string(a.Urgency)).In(l)})
	}
	if c.Last != "" {
		what := i18n.T("card.latest", "what", whatHappened(c.Last, c.Data), "at", momentOf(c.At, p))
		pairs = append(pairs, [2]string{i18n.T("card.latest.label").In(l), what.In(l)})
	}
	blocks = append(blocks, facts(pairs)...)
	if c.Work.Assessment.Unsafe {
		blocks = append(blocks, say(i18n.T("card.unsafe").In(l)))
	}
	if c.Work.Assessment.NotInScope {
		blocks = append(blocks, say(i18n.T("card.out-of-scope").In(l)))
	}
	if c.Open() && !c.Reachable() {
		key := "card.unreachable"
		if c.Chat == 0 && !c.HasMail { // it was written up, and there never was another way
			key = "card.unreachable-never"
		}
		blocks = append(blocks, say(i18n.T(key).In(l)))
	}
	return blocks
}

// dated are the days of a case.
func dated(c glimpse, p *cases.Procedure, now time.Time, l i18n.Language) [][2]string {
	pairs := [][2]string{{i18n.T("card.received").In(l), momentOf(c.Received, p).In(l)}}
	if !c.Deadline.IsZero() {
		pairs = append(pairs, [2]string{i18n.T("card.deadline").In(l), deadline(c.Case, p, now, l)})
	}
	if !c.Reopened.IsZero() {
		pairs = append(pairs, [2]string{i18n.T("card.reopened").In(l), momentOf(c.Reopened, p).In(l)})
	}
	return pairs
}

// plainCard is what the channel shows of a case while somebody is there who must see nothing of it: that there is one, whose it is,
// and how long it may take. No buttons, nothing that anybody thinks of it, nothing of what happens in it.
func plainCard(c glimpse, p *cases.Procedure, now time.Time, l i18n.Language) []block {
	pairs := append(dated(c, p, now, l),
		[2]string{i18n.T("card.stage").In(l), i18n.T("stage." + plainStage(c.Case)).In(l)},
		[2]string{i18n.T("card.owner").In(l), owner(c.Case, l)})
	blocks := append([]block{header(i18n.T(c.titled("card.title."), "number", string(c.Number)).In(l))}, facts(pairs)...)
	return append(blocks, small(i18n.T("card.plain").In(l)))
}

// plainStage says no more than whether a case is open, whether it waits for its complainant's yes, and whether it is somebody's.
func plainStage(c *cases.Case) string {
	switch {
	case !c.Open():
		return string(cases.Closed)
	case c.Stage == cases.Awaiting:
		return string(cases.Awaiting)
	case c.Owner == "":
		return string(cases.Received)
	}
	return string(cases.Assigned)
}

// momentOf is a day and a time, as a person reads them.
func momentOf(t time.Time, p *cases.Procedure) i18n.Text {
	return i18n.T("file.moment", "moment", i18n.Moment{Time: p.In(t)})
}

// clockLayout is how the time of a day is written.
var clockLayout = map[i18n.Language]string{i18n.Dutch: "15.04", i18n.English: "15:04"}

func owner(c *cases.Case, l i18n.Language) string {
	if c.Owner == "" {
		return i18n.T("card.nobody").In(l)
	}
	return mention(string(c.Owner))
}

func stage(c *cases.Case) i18n.Text {
	if c.Stage == cases.Closed && c.Outcome != "" {
		return i18n.T("card.closed", "outcome", i18n.T("outcome."+string(c.Outcome)))
	}
	if c.Stage == cases.StageProposed && c.Proposal == 0 {
		return i18n.T("stage.agreed")
	}
	return i18n.T("stage." + string(c.Stage))
}

// deadline is the last day and how far it is.
func deadline(c *cases.Case, p *cases.Procedure, now time.Time, l i18n.Language) string {
	day := i18n.Date{Time: c.LastDay(p)}
	if !c.Open() {
		return i18n.T("card.day", "day", day).In(l)
	}
	switch left := daysLeft(c, p, now); {
	case left < 0:
		return i18n.T("card.late", "day", day, "count", -left).In(l)
	case left == 0:
		return i18n.T("card.today", "day", day).In(l)
	default:
		return i18n.T("card.left", "day", day, "count", left).In(l)
	}
}

// daysLeft is how many days the last day is away, by the calendar of the organisation; below zero when it is over.
func daysLeft(c *cases.Case, p *cases.Procedure, now time.Time) int {
	y, m, d := p.In(now).Date()
	noon := time.Date(y, m, d, 12, 0, 0, 0, p.Location())
	return int(math.Round(c.LastDay(p).Sub(noon).Hours() / 24))
}

func act(action string, c *cases.Case, l i18n.Language) *button {
	return press(action, i18n.T("card.button."+action).In(l), string(c.Number))
}

// cardButtons are what can be done with a case outside its room.
func cardButtons(c *cases.Case, l i18n.Language) block {
	switch {
	case !c.Open():
		return buttons(act(actFile, c, l))
	case c.Stage == cases.Awaiting:
		return buttons(act(actFile, c, l), act(actAgreeByCall, c, l), recuseButton(c, l))
	case c.Owner == "" && c.Kind == cases.Talk:
		return buttons(primary(act(actTake, c, l)), act(actAssign, c, l), act(actFile, c, l), recuseButton(c, l))
	case c.Owner == "":
		return buttons(primary(act(actTake, c, l)), act(actAssign, c, l), act(actFile, c, l), act(actAssess, c, l), recuseButton(c, l))
	case c.Kind == cases.Talk:
		return buttons(act(actFile, c, l), act(actWrite, c, l), act(actDone, c, l), act(actAssign, c, l), recuseButton(c, l))
	}
	return buttons(act(actFile, c, l), act(actAssign, c, l), act(actAssess, c, l), recuseButton(c, l))
}

func (s *sending) cardMessage(c glimpse, plainly bool) message {
	l, p, now := s.bot.language(), s.bot.procedure(c.Case), s.bot.store.Now()
	m := message{text: c.notice(l), key: string(c.Number) + "/" + placeCard}
	if plainly {
		m.blocks = plainCard(c, p, now, l)
	} else {
		m.blocks = append(card(c, p, now, l), cardButtons(c.Case, l))
	}
	return m
}

// notice is what a notification of a card says.
func (c glimpse) notice(l i18n.Language) string {
	return i18n.T(c.titled("card.notice."), "number", string(c.Number)).In(l)
}

// surfaces makes true whatever shows the case: the card, the cards that members have directly, and of a complaint that has or had
// an owner the room. Who may not be in the room is put out of it before anything else. If the case changes meanwhile, it does so
// again. Of a case whose words were not held against the names of the workspace nothing is shown.
func (s *sending) surfaces(ctx context.Context, number cases.Number) error {
	defer s.bot.lock(number)()
	for range 5 {
		c, err := s.bot.store.Case(ctx, number)
		if err != nil || c.Hidden() {
			return err
		}
		r, err := s.bot.roles(ctx)
		if err != nil {
			return err
		}
		if err := s.show(ctx, c, r); err != nil {
			return err
		}
		after, err := s.bot.store.Case(ctx, number)
		if err != nil {
			return err
		}
		if after.LastSeq == c.LastSeq {
			return nil
		}
	}
	return nil
}

func (s *sending) show(ctx context.Context, c *cases.Case, r *roles) error {
	if err := s.clearRooms(ctx, c, r); err != nil {
		return err
	}
	seen, err := s.bot.glimpse(ctx, c)
	if err != nil {
		return err
	}
	if err := s.showCard(ctx, seen, r); err != nil {
		return err
	}
	if err := s.showDirect(ctx, seen, r); err != nil {
		return err
	}
	if c.Kind == cases.Talk {
		err = s.showRoomOfTalk(ctx, seen, r)
	} else {
		err = s.showRoom(ctx, seen, r)
	}
	if err != nil || s.refresh {
		return err
	}
	return s.showReminders(ctx, c)
}

// fresh is how long a new case is left to the notice that brings its card.
const fresh = 10 * time.Minute

// showCard updates the card in the channel, or puts it there.
func (s *sending) showCard(ctx context.Context, c glimpse, r *roles) error {
	board, err := s.bot.board(ctx)
	if err != nil {
		return err
	}
	m := s.cardMessage(c, r.crowded(c.Case))
	at, err := s.bot.store.Surface(ctx, c.Number, placeCard)
	if err == nil && at.Channel == board {
		err = s.slack.update(ctx, at.Channel, at.Message, m)
		if err == nil || !isCode(err, messageGone...) {
			return err
		}
	} else if err != nil && !errors.Is(err, postgres.ErrNotFound) {
		return err
	}
	if err != nil && s.refresh && s.bot.store.Now().Sub(c.Received) < fresh {
		return nil // it is about to be posted, perhaps by another process
	}
	return s.place(ctx, c.Number, postgres.Surface{Place: placeCard, Channel: board}, m, false)
}

// place posts a message that is to stay true, pins it where it is to be found at once, and remembers where it is. One that
// was posted and not remembered, because the answer was lost or the program died, is found again and made true.
func (s *sending) place(ctx context.Context, number cases.Number, at postgres.Surface, m message, pinned bool) error {
	user, bot, err := s.bot.self(ctx)
	if err != nil {
		return err
	}
	at.Message, err = s.slack.find(ctx, at.Channel, m.key, user, bot)
	if err != nil {
		return err
	}
	if at.Message != "" {
		err = s.slack.update(ctx, at.Channel, at.Message, m)
	} else {
		at.Message, err = s.slack.post(ctx, at.Channel, m)
	}
	if err == nil && pinned {
		err = s.slack.pin(ctx, at.Channel, at.Message)
	}
	if err != nil {
		return err
	}
	return s.bot.store.SetSurface(ctx, number, at)
}
