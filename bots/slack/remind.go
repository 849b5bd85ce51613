package slack

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// reminder tells a member, or the channel, what waits. To a member goes one message with all that waits for them.
func (s *sending) reminder(ctx context.Context) error {
	if member, ok := s.out.Notice.To.Member(); ok {
		return s.remindMember(ctx, string(member))
	}
	return s.remindBoard(ctx)
}

var errNotNow = errors.New("the member was reminded often enough today, or is not at work")

// mostAtOnce is how many reminders one message can hold, those behind its buttons included. What is more comes in the next message.
const mostAtOnce = 100

// bundle is what becomes of all reminders that wait for a member.
type bundle struct {
	told     []entry // in the message
	doubles  []entry // another in the message says the same
	unseen   []entry // they can't be told, and somebody else is
	settled  map[settled][]int64
	verdicts map[int64]error // of each that is settled
}

// settled is what became of a reminder that went along with another.
type settled struct {
	state  cases.DeliveryState
	reason string
}

// remindMember tells a member all that waits for them, in one message.
func (s *sending) remindMember(ctx context.Context, member string) error {
	all, wait, err := s.bot.store.Reminders(ctx, s.out)
	if err != nil {
		return err
	}
	if now := s.bot.store.Now(); wait.After(now) {
		return &jobs.RetryAfter{After: wait.Sub(now), Err: errNotNow}
	}
	if len(all) == 0 { // it went along with another
		return overtaken()
	}
	r, err := s.bot.roles(ctx)
	if err != nil {
		return err
	}
	staff, err := s.bot.store.Staff(ctx)
	if err != nil {
		return err
	}
	b := &bundle{settled: make(map[settled][]int64), verdicts: make(map[int64]error)}
	for _, o := range all[:min(len(all), mostAtOnce)] {
		if err := s.judge(ctx, b, o, member, r, staff); err != nil {
			return err
		}
	}
	slices.SortStableFunc(b.told, func(one, other entry) int { return cmp.Compare(one.number, other.number) })
	if err := s.tellBundle(ctx, b, member, r, staff); err != nil {
		return err
	}
	for as, ids := range b.settled {
		if err := s.bot.store.SentAlong(ctx, s.out, ids, as.state, as.reason); err != nil {
			return err
		}
	}
	return b.verdicts[s.out.ID]
}

// settle notes what became of a reminder: nil, or that it is never to be told.
func (s *sending) settle(b *bundle, o postgres.Outgoing, verdict error) {
	b.verdicts[o.ID] = verdict
	if o.ID == s.out.ID {
		return
	}
	as := settled{state: cases.Sent}
	if never, ok := errors.AsType[*jobs.Undeliverable](verdict); ok {
		as = settled{never.State, never.Reason}
	}
	b.settled[as] = append(b.settled[as], o.ID)
}

// judge says what becomes of one reminder. One that is no longer true is not told.
func (s *sending) judge(ctx context.Context, b *bundle, o postgres.Outgoing, member string, r *roles, staff cases.Staff) error {
	if o.ID != s.out.ID { // of the one in hand the dispatcher has asked
		switch err := s.bot.store.Tellable(ctx, o); {
		case errors.Is(err, postgres.ErrExcluded):
			s.settle(b, o, &jobs.Undeliverable{State: cases.NotSent, Reason: "excluded"})
			return nil
		case errors.Is(err, postgres.ErrNotScreened):
			return nil // it waits
		case err != nil:
			return err
		}
	}
	en, err := s.bot.entryOf(ctx, reminded{o.Number, o.Notice.Event}, staff)
	if err != nil {
		return err
	}
	c := en.c
	switch alone, err := s.alone(ctx, c); {
	case err != nil:
		return err
	case len(en.waits) == 0 || en.inHand():
		s.settle(b, o, overtaken())
	case alone && !en.forOutsiders():
		if err := s.bot.about(c.Number).nobodyAgain(ctx, c); err != nil {
			return err
		}
		s.settle(b, o, nil)
	case away(staff, member, s.bot.store.Now()):
		if to, ok := s.bot.procedure(c).Instead(c, en.e, en.waits[0], staff, s.bot.store.Now()); ok {
			if err := s.bot.store.Redirect(ctx, o, to); err != nil {
				return err
			}
		}
		s.settle(b, o, &jobs.Undeliverable{State: cases.NotSent, Reason: "away"})
	case !en.seenBy(r.person(member)):
		en.out = o
		b.unseen = append(b.unseen, en)
	default:
		en.out = o
		b.told = append(b.told, en)
	}
	return nil
}

// away says whether a member is not there for a while. Who is gone is missed otherwise.
func away(staff cases.Staff, member string, now time.Time) bool {
	a, is := staff.Away(cases.Member(member), now)
	return is && !a.Gone
}

// tellBundle sends the message. Where the member can't be reached any more, others hear that somebody has to look after the cases.
func (s *sending) tellBundle(ctx context.Context, b *bundle, member string, r *roles, staff cases.Staff) error {
	p, err := s.bot.profile(ctx, member)
	gone := err == nil && p.Gone
	s.onceEach(b)
	if len(b.told) > 0 && !gone {
		slices.SortStableFunc(b.told, func(a, b entry) int { return a.waits[0].Due.Compare(b.waits[0].Due) })
		told, err := s.postReminders(ctx, member, s.bot.remindersMessage(b.told, s.bot.viewOf(ctx, r, member, staff)), b.told)
		if gone = isCode(err, personGone...); err != nil && !gone {
			return err
		}
		if !gone {
			b.told = told
		}
	}
	if gone {
		b.unseen, b.told = append(b.unseen, b.told...), nil
	}
	for _, en := range b.told {
		s.settle(b, en.out, nil)
	}
	for _, en := range b.doubles {
		s.settle(b, en.out, overtaken())
	}
	for _, en := range b.unseen {
		err := s.unseen(ctx, en, member)
		if never, ok := errors.AsType[*jobs.Undeliverable](err); err != nil && !ok {
			return err
		} else if ok {
			err = never
		}
		s.settle(b, en.out, err)
	}
	return nil
}

// onceEach leaves of several reminders that say the same of a case the one in hand in the message, or the last: the others waited
// for as long as nothing arrived.
func (s *sending) onceEach(b *bundle) {
	same := func(a, b entry) bool {
		return a.number == b.number && a.waits[0].Milestone == b.waits[0].Milestone && a.waits[0].Of == b.waits[0].Of
	}
	var told []entry
	for _, en := range slices.Backward(b.told) {
		at := slices.IndexFunc(told, func(one entry) bool { return same(one, en) })
		switch {
		case at < 0:
			told = append(told, en)
		case en.out.ID == s.out.ID:
			b.doubles, told[at] = append(b.doubles, told[at]), en
		default:
			b.doubles = append(b.doubles, en)
		}
	}
	slices.Reverse(told)
	b.told = told
}

// unseen tells others of a reminder that a member can't be told.
func (s *sending) unseen(ctx context.Context, en entry, member string) error {
	along := *s
	along.out = en.out
	if en.waits[0].Milestone == cases.MilestoneMeasured {
		return along.toCommittee(ctx, en.c, "", func(l i18n.Language) message { return missingMessage(en.c, "reminder.missing", member, l) })
	}
	return along.missing(ctx, en.c, member)
}

// placeReminder begins the place of the message in which somebody was last reminded of a milestone of a case: a member, or the channel,
// and the milestone follow.
const (
	placeReminder = "reminder/"
	placeBoard    = "board"
)

// postReminders sends a member a message of reminders, and remembers of each case in it where it stands. It returns those that the
// message has.
func (s *sending) postReminders(ctx context.Context, member string, m message, all []entry) ([]entry, error) {
	channel, err := s.slack.direct(ctx, member)
	if err != nil {
		return nil, err
	}
	m.key = "reminders/" + strconv.FormatInt(s.out.ID, 10)
	return s.postRemembered(ctx, channel, member, m, all)
}

// postRemembered posts a message of reminders, unless it was posted before and the answer was lost: then it returns those that were
// due by that time. What came since is in no message yet.
func (s *sending) postRemembered(ctx context.Context, channel, whose string, m message, all []entry) ([]entry, error) {
	id := ""
	if s.out.Attempts > 0 || s.again {
		user, bot, err := s.bot.self(ctx)
		if err != nil {
			return nil, err
		}
		if id, err = s.slack.find(ctx, channel, m.key, user, bot); err != nil {
			return nil, err
		}
		if id != "" {
			was, err := s.slack.fetch(ctx, channel, id, user, bot)
			if err != nil {
				return nil, err
			}
			all = slices.DeleteFunc(slices.Clone(all), func(en entry) bool { return en.out.ID != s.out.ID && !slices.Contains(was.refs, en.reminded) })
		}
	}
	if id == "" {
		var err error
		if id, err = s.slack.post(ctx, channel, m); err != nil {
			return nil, err
		}
	}
	for _, en := range all {
		at := postgres.Surface{Place: placeReminder + whose + "/" + en.e.Data["milestone"], Channel: channel, Message: id}
		if err := s.bot.store.SetSurface(ctx, en.number, at); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// remindBoard tells the committee's channel what waits in a case, at hours at which people are at work.
func (s *sending) remindBoard(ctx context.Context) error {
	now := s.bot.store.Now()
	if at := s.bot.store.Procedure().AtWork(now); at.After(now) {
		return &jobs.RetryAfter{After: at.Sub(now), Err: errNotNow}
	}
	staff, err := s.bot.store.Staff(ctx)
	if err != nil {
		return err
	}
	en, err := s.bot.entryOf(ctx, reminded{s.out.Number, s.out.Notice.Event}, staff)
	if err != nil {
		return err
	}
	if len(en.waits) == 0 || en.inHand() {
		return overtaken()
	}
	if !en.c.Screened { // the lane of the case, on which that happens, is another
		return postgres.ErrNotScreened
	}
	if alone, err := s.alone(ctx, en.c); err != nil {
		return err
	} else if alone {
		return s.nobodyAgain(ctx, en.c)
	}
	r, err := s.bot.roles(ctx)
	if err != nil {
		return err
	}
	if r.crowded(en.c) { // each of those who may see the case hears it directly, but who is away while others are there
		eligible := r.eligible(en.c)
		if there := keep(eligible, func(member string) bool { return !away(staff, member, now) }); len(there) > 0 {
			eligible = there
		}
		for _, member := range eligible {
			m := s.bot.remindersMessage([]entry{en}, s.bot.viewOf(ctx, r, member, staff))
			m.key = s.keyOf(en.c, "")
			if err := s.toMember(ctx, member, m); err != nil && !isCode(err, personGone...) {
				return err
			}
		}
		return nil
	}
	board, err := s.bot.board(ctx)
	if err != nil {
		return err
	}
	m := s.bot.remindersMessage([]entry{en}, s.bot.viewOf(ctx, r, placeBoard, staff))
	m.key = s.keyOf(en.c, "")
	_, err = s.postRemembered(ctx, board, placeBoard, m, []entry{en})
	return err
}

// reopenAsked tells the chair, or who stands in, that a complainant asks to reopen their case. What they said of it stands in
// the file.
func (s *sending) reopenAsked(ctx context.Context) error {
	c, err := s.bot.store.Case(ctx, s.out.Number)
	if err != nil {
		return err
	}
	if c.Open() {
		return overtaken()
	}
	member, ok := s.out.Notice.To.Member()
	if !ok || c.Excludes(member) {
		return s.toPresiding(ctx, c, "", func(l i18n.Language) message { return reopenMessage(c, l) })
	}
	return s.tell(ctx, c, string(member), reopenMessage(c, s.bot.languageOf(ctx, string(member))))
}

func reopenMessage(c *cases.Case, l i18n.Language) message {
	text := i18n.T("reopen.asked", "number", string(c.Number)).In(l)
	return message{text: text, blocks: []block{say(text), buttons(act(actFile, c, l), act(actReopen, c, l))}}
}
