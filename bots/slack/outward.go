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
	cases.Ended: {cases.Confirmation, cases.PartyEnd}, cases.Reported: {cases.ReportNotice}, cases.Invited: {cases.Invitation},
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
	arrives, byMail, lost := false, false, false
	for _, d := range f.Letters {
		_, file := d.Kind.File()
		if d.Event != e.Seq || !file && !slices.Contains(kinds, d.Kind) {
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

// outward makes the message of the room true that tells of words to the complainant, now that it is known what became of them.
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
	c, l := &file.Case, s.bot.language()
	all := pages(newsBlocks(file, e, s.bot.procedure(c), l), messagePage)
	last := len(all) - 1
	m := message{
		text:   i18n.T("room.notice", "number", string(c.Number), "what", whatHappened(e.Kind, e.Data)).In(l),
		blocks: all[last], key: newsKey(c, e, last),
	}
	id, err := s.slack.find(ctx, at.Channel, m.key, user, bot)
	if err == nil && id != "" {
		err = s.slack.update(ctx, at.Channel, id, m)
	}
	if isCode(err, channelGone...) || isCode(err, messageGone...) {
		return overtaken() // the file says it
	}
	return err
}
