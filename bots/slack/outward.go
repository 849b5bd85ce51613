package slack

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// goesOut are the events whose words go to somebody outside the committee, and by which kinds of notice; the first is that which
// has to arrive.
var goesOut = map[cases.EventKind][]cases.NoticeKind{
	cases.Wrote: {cases.Message}, cases.Spoke: {cases.Summary}, cases.Proposed: {cases.Proposal, cases.PartyProposal}, cases.Extended: {cases.Delay},
	cases.ForeseenLate: {cases.Delay},
	cases.Ended:        {cases.Confirmation, cases.PartyEnd}, cases.Reported: {cases.ReportNotice}, cases.Invited: {cases.Invitation},
}

// fateBlocks says what became of words that go to somebody outside: when they go out, and a button that takes them back; that
// they were; or whether they arrived, by which way, and what to do where they did not.
func fateBlocks(f *cases.File, e cases.Event, p *cases.Procedure, l i18n.Language) []block {
	kinds, out := goesOut[e.Kind]
	switch {
	case !out || f.Case.Kind == cases.Talk && e.Kind == cases.Ended:
		return nil
	case slices.Contains(f.Case.Work.Held, e.Seq):
		return []block{heldBlock(&f.Case, e.Seq, e.At, p, l)}
	case takenBack(f, e.Seq):
		return []block{small(i18n.T("outward.taken-back").In(l))}
	}
	var blocks []block
	arrives, byMail, lost, told := false, false, false, toldIn(e)
	if e.Kind == cases.ForeseenLate && !slices.ContainsFunc(f.Letters, func(d cases.Delivery) bool { return d.Event == e.Seq }) {
		return nil // it goes out on the last day, if at all
	}
	for _, d := range f.Letters {
		_, file := d.Kind.File()
		if d.Event != told || !file && !slices.Contains(kinds, d.Kind) {
			continue
		}
		arriving := d.State == cases.Queued || d.State == cases.Sent
		arrives = arrives || d.Kind == kinds[0] && arriving
		byMail = byMail || d.Kind == kinds[0] && arriving && d.To == cases.ByMail
		lost = lost || file && (d.State == cases.Failed || d.State == cases.Gone)
		blocks = append(blocks, small(letter(d, p, l)))
	}
	switch {
	case arrives && lost && !byMail:
		return append(blocks, say(i18n.T("outward.files-nowhere").In(l)))
	case arrives:
		return blocks
	case e.Kind == cases.Invited:
		return append(blocks, say(i18n.T("outward.party-nowhere").In(l)))
	}
	return append(blocks, say(i18n.T("outward.nowhere").In(l)))
}

// toldIn is the event whose words the complainant is told: of an extension by the clock the one in which somebody wrote them before.
func toldIn(e cases.Event) int {
	if before := numbered(e.Data["event"]); e.Kind == cases.Extended && before != 0 {
		return before
	}
	return e.Seq
}

// heldBlock says when words go out, with a button that takes them back until then.
func heldBlock(c *cases.Case, event int, written time.Time, p *cases.Procedure, l i18n.Language) block {
	at := written.Add(time.Duration(p.TakeBack) * time.Second)
	text := i18n.T("outward.held", "time", i18n.Moment{Time: p.In(at)}).In(l)
	return sayWith(text, press(actTakeBack, i18n.T("card.button.take-back").In(l), string(c.Number)+" "+strconv.Itoa(event)))
}

// takenBack says whether the words of an event were taken back.
func takenBack(f *cases.File, event int) bool {
	return slices.ContainsFunc(f.Events, func(e cases.Event) bool {
		return e.Kind == cases.TakenBack && e.Data["event"] == strconv.Itoa(event)
	})
}

// outward makes the message of the room true that tells of words to the complainant, now that it is known what became of them. A room
// that only waited for that closes.
func (s *sending) outward(ctx context.Context) error {
	file, e, err := s.event(ctx)
	if err != nil {
		return err
	}
	if n := numbered(e.Data["event"]); e.Kind == cases.TakenBack || e.Kind == cases.Dispatched {
		e, _ = file.Event(n)
	}
	at, err := s.bot.store.Surface(ctx, s.out.Number, placeRoom)
	if errors.Is(err, postgres.ErrNotFound) {
		return overtaken()
	}
	if err != nil {
		return err
	}
	user, bot, err := s.bot.self(ctx)
	if err != nil {
		return err
	}
	for _, shown := range file.Events {
		if shown.Seq != e.Seq && (shown.Kind != cases.Extended || toldIn(shown) != e.Seq) {
			continue
		}
		if err := s.showFate(ctx, file, shown, at.Channel, user, bot); err != nil {
			return err
		}
	}
	if !toldAll(file, e) {
		return nil
	}
	return s.slack.archive(ctx, at.Channel)
}

// showFate makes the message of the room true that tells of one event.
func (s *sending) showFate(ctx context.Context, file *cases.File, e cases.Event, room, user, bot string) error {
	c, l := &file.Case, s.bot.language()
	all := pages(newsBlocks(file, e, s.bot.procedure(c), l), messagePage)
	last := len(all) - 1
	m := message{
		text:   i18n.T("room.notice", "number", string(c.Number), "what", whatHappened(e.Kind, e.Data)).In(l),
		blocks: all[last], key: newsKey(c, e, last),
	}
	id, err := s.slack.find(ctx, room, m.key, user, bot)
	if err == nil && id != "" {
		err = s.slack.update(ctx, room, id, m)
	}
	if isCode(err, channelGone...) || isCode(err, messageGone...) {
		return overtaken() // the file says it
	}
	return err
}
