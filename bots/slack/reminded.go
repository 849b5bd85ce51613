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

// What the buttons of a reminder do besides.
const (
	actMind   = "mind"
	actSnooze = "snooze-" // and until when
	actInTime = "in-time"
)

// Until when somebody can put a reminder off, counted from the press: a message may be read long after it was sent.
const (
	laterSoon = "soon" // see cases.Procedure.SnoozeUntil
	laterNext = "next"
)

// remindedDeeds are what a press under a reminder does at once.
var remindedDeeds = map[string]deed{
	actMind:               {does: minds, done: "reminder.yours"},
	actSnooze + laterSoon: {does: snoozes, done: "reminder.later"},
	actSnooze + laterNext: {does: snoozes, done: "reminder.later"},
	actInTime: {done: "foresee.in-time", does: func(c *cases.Case, who cases.Person, _ string, p *cases.Procedure, now time.Time) error {
		return c.InTime(who, p, now)
	}},
}

// minds has somebody see to what a reminder was about, unless another does, or they do already.
func minds(c *cases.Case, who cases.Person, which string, p *cases.Procedure, now time.Time) error {
	m, of, _ := subjectOf(which)
	if err := cases.May(who, mindsAs(m), c); err != nil {
		return err
	}
	switch held := p.MindedBy(c, m, of, now); {
	case held == who.Member && held != "":
		return &cases.Refusal{Text: i18n.T("refusal.minded-by-you", "number", string(c.Number))}
	case held != "" && !c.Excludes(held):
		return &cases.Refusal{Text: i18n.T("refusal.minded-already", "number", string(c.Number), "member", mention(string(held)))}
	}
	return c.Mind(who, m, of, p, now)
}

// snoozes has somebody be reminded later of what a reminder was about.
func snoozes(c *cases.Case, who cases.Person, which string, p *cases.Procedure, now time.Time) error {
	m, of, later := subjectOf(which)
	until := map[string]time.Time{}
	until[laterSoon], until[laterNext] = p.SnoozeUntil(now)
	return c.Snooze(who, m, of, until[later], p, now)
}

// subjectOf reads the name of a milestone, and what stands behind it, if anything does.
func subjectOf(which string) (m cases.Milestone, of int, more string) {
	words := strings.SplitN(which, ".", 3)
	m = cases.Milestone(words[0])
	if len(words) > 1 {
		of = numbered(words[1])
	}
	if len(words) > 2 {
		more = words[2]
	}
	return m, of, more
}

// afterPress shows the message of reminders anew in which somebody pressed: who has it now, or that it is done.
func (b *Bot) afterPress(ctx context.Context, i interaction) {
	if i.Message.TS == "" || i.Channel.ID == "" || !strings.HasPrefix(i.Actions[0].BlockID, blockReminder) {
		return
	}
	board, err := b.board(ctx)
	whose := i.User.ID
	if board == i.Channel.ID {
		whose = placeBoard
	}
	if err == nil {
		_, err = b.about("").refreshReminders(ctx, i.Channel.ID, i.Message.TS, whose)
	}
	if err != nil {
		b.log.Warn("slack: a reminder is not shown anew", why(err)...)
	}
}

// showReminders makes true the messages that remind of a case.
func (s *sending) showReminders(ctx context.Context, c *cases.Case) error {
	all, err := s.bot.store.Surfaces(ctx, c.Number)
	if err != nil {
		return err
	}
	for _, at := range all {
		whose, ok := strings.CutPrefix(at.Place, placeReminder)
		if !ok {
			continue
		}
		whose, _, _ = strings.Cut(whose, "/")
		shown, err := s.refreshReminders(ctx, at.Channel, at.Message, whose)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(shown, func(en entry) bool { return en.number == c.Number && len(en.waits) > 0 }) { // it will stay as it is
			if err := s.bot.store.DropSurface(ctx, c.Number, at.Place); err != nil {
				return err
			}
		}
	}
	return nil
}

// refreshReminders shows a message of reminders as it should read now, and returns what stands in it. What its reader may not
// see any more is taken out of it.
func (s *sending) refreshReminders(ctx context.Context, channel, id, whose string) ([]entry, error) {
	s.bot.reminding.Lock()
	defer s.bot.reminding.Unlock()
	user, bot, err := s.bot.self(ctx)
	if err != nil {
		return nil, err
	}
	was, err := s.slack.fetch(ctx, channel, id, user, bot)
	if isCode(err, channelGone...) || err == nil && len(was.refs) == 0 {
		return nil, nil // it is gone, or was emptied
	}
	if err != nil {
		return nil, err
	}
	return s.rewrite(ctx, channel, was, whose)
}

// rewrite changes a message of reminders so that it reads as it should.
func (s *sending) rewrite(ctx context.Context, channel string, was posted, whose string) ([]entry, error) {
	staff, err := s.bot.store.Staff(ctx)
	if err != nil {
		return nil, err
	}
	r, err := s.bot.roles(ctx)
	if err != nil {
		return nil, err
	}
	v := s.bot.viewOf(ctx, r, whose, staff)
	var all []entry
	for _, which := range was.refs {
		en, err := s.bot.entryOf(ctx, which, staff)
		if errors.Is(err, postgres.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if hidden := en.c.Hidden() || v.direct && !en.seenBy(v.who[0]) || !v.direct && r.crowded(en.c); !hidden {
			all = append(all, en)
		}
	}
	if len(all) == 0 {
		return nil, s.empty(ctx, channel, was.id, v.language)
	}
	m := s.bot.remindersMessage(all, v)
	m.key = was.key
	err = s.slack.update(ctx, channel, was.id, m)
	if isCode(err, messageGone...) || isCode(err, channelGone...) {
		return nil, nil
	}
	return all, err
}

// restOfReminders shows in a window what did not fit into a message of reminders.
func (b *Bot) restOfReminders(ctx context.Context, i interaction, r *reply, value string) error {
	view, ok, err := b.open(ctx, i, r)
	if !ok {
		return err
	}
	l := b.languageOf(ctx, i.User.ID)
	shown, err := b.restModal(ctx, i, value, l)
	if err != nil {
		said, known := sayable(err)
		if shown = notice(l, said.In(l)); known {
			err = nil
		}
	}
	return errors.Join(err, b.fill(ctx, view, shown))
}

func (b *Bot) restModal(ctx context.Context, i interaction, value string, l i18n.Language) (modal, error) {
	r, err := b.roles(ctx)
	if err != nil {
		return modal{}, err
	}
	staff, err := b.store.Staff(ctx)
	if err != nil {
		return modal{}, err
	}
	v := b.viewOf(ctx, r, i.User.ID, staff)
	var all []entry
	which := remindedIn(value)
	for _, one := range which[:min(len(which), reminderRest)] {
		en, err := b.entryOf(ctx, one, staff)
		if err != nil && !errors.Is(err, postgres.ErrNotFound) {
			return modal{}, err
		}
		if err == nil && en.seenBy(v.who[0]) {
			all = append(all, en)
		}
	}
	shown := modal{title: i18n.T("reminder.rest.title").In(l), close: i18n.T("form.button.close").In(l), blocks: b.entriesBlocks(all, v)}
	if len(all) == 0 {
		shown.blocks = []block{say(i18n.T("home.no-tasks").In(l))}
	}
	return shown, nil
}
