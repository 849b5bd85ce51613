package slack

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// digestMost is how many cases of each kind the overview lists itself.
const digestMost = 8

// actDigest is the button that shows all of the overview in a window: as far as who presses may see it.
const actDigest = "digest"

// digest posts the morning's overview in the committee's channel. Where there is no open case it says so on the first working day of
// the week, so that a committee between two cases hears that all is well, and is otherwise silent.
func (s *sending) digest(ctx context.Context) error {
	b, l, p, now := s.bot, s.bot.language(), s.bot.store.Procedure(), s.bot.store.Now()
	day, err := time.ParseInLocation(time.DateOnly, s.out.Digest, p.Location())
	if err != nil || p.In(now).Format(time.DateOnly) != s.out.Digest { // it waited until another day, which has its own
		return overtaken()
	}
	d, err := b.store.Digest(ctx, now)
	if err != nil {
		return err
	}
	if d.Open == 0 && !firstOfWeek(p, day) {
		return &jobs.Undeliverable{State: cases.NotSent, Reason: "nothing to tell"}
	}
	board, err := b.board(ctx)
	if err != nil {
		return err
	}
	m := b.digestMessage(ctx, d, day, l)
	m.key = "digest/" + s.out.Digest
	return s.postOnce(ctx, board, m)
}

// firstOfWeek says whether a day is the first of its week on which people work.
func firstOfWeek(p *cases.Procedure, day time.Time) bool {
	for day.Weekday() != time.Monday {
		if day = day.AddDate(0, 0, -1); p.WorkingDay(day) {
			return false
		}
	}
	return true
}

// digestPart is one list of the overview.
type digestPart struct {
	name  string // in keys
	count int
	lines []postgres.DigestLine
}

func digestParts(d postgres.Digest) []digestPart {
	return []digestPart{{"overdue", d.Overdue, d.OverdueOf}, {"due", d.DueThisWeek, d.DueThisWeekOf}, {"unowned", d.Unowned, d.UnownedOf}}
}

// digestMessage is the overview: how many cases are open, and of those that press the number, the last day and the owner.
func (b *Bot) digestMessage(ctx context.Context, d postgres.Digest, day time.Time, l i18n.Language) message {
	title := i18n.T("digest.title", "day", i18n.Date{Time: day}).In(l)
	if d.Open == 0 {
		m := plainMessage(i18n.T("digest.none").In(l))
		m.blocks = []block{say("*" + title + "*\n" + m.text)}
		return m
	}
	counts := i18n.T("digest.open", "count", d.Open).In(l)
	m := message{text: title + ". " + counts, blocks: []block{say("*" + title + "*\n" + counts)}}
	more := false
	for _, part := range digestParts(d) {
		if part.count == 0 {
			continue
		}
		lines := []string{"*" + i18n.T("digest."+part.name, "count", part.count).In(l) + "*"}
		shown := part.lines[:min(len(part.lines), digestMost)]
		for _, one := range shown {
			lines = append(lines, b.digestLine(ctx, one, l))
		}
		if rest := part.count - len(shown); rest > 0 {
			more = true
			if len(shown) > 0 { // else it would read as one more than there are
				lines = append(lines, i18n.T("digest.more", "count", rest).In(l))
			}
		}
		m.blocks = append(m.blocks, say(strings.Join(lines, "\n")))
		m.text += " " + i18n.T("digest."+part.name, "count", part.count).In(l) + "."
	}
	if len(m.blocks) == 1 {
		m.blocks = append(m.blocks, say(i18n.T("digest.calm").In(l)))
	}
	if more || d.Open > d.Overdue+d.DueThisWeek+d.Unowned {
		m.blocks = append(m.blocks, buttons(press(actDigest, i18n.T("digest.button.all").In(l), "")))
	}
	return m
}

// digestLine is a case in the overview. Its owner is named without a mention: nobody is called by what everybody reads.
func (b *Bot) digestLine(ctx context.Context, one postgres.DigestLine, l i18n.Language) string {
	who := i18n.T("card.nobody").In(l)
	if one.Owner != "" {
		who = b.nameOf(ctx, one.Owner)
	}
	if one.Last.IsZero() {
		return "• " + string(one.Number) + " · " + who
	}
	return "• " + string(one.Number) + " · " + i18n.T("digest.last", "day", i18n.Date{Time: b.store.Procedure().In(one.Last)}).In(l) + " · " + who
}

// nameOf is what a member is called in Slack, without calling them.
func (b *Bot) nameOf(ctx context.Context, m cases.Member) string {
	if p, err := b.profile(ctx, string(m)); err == nil && p.Name != "" {
		return escape(p.Name)
	}
	return mention(string(m))
}

// openDigest shows somebody all open cases that they may see, those first whose last day is nearest.
func (b *Bot) openDigest(ctx context.Context, i interaction, r *reply, page int) error {
	view := i.View.ID
	if i.View.Type == "modal" {
		if err := r.ack(nil); err != nil {
			return err
		}
	} else {
		var ok bool
		var err error
		if view, ok, err = b.open(ctx, i, r); !ok {
			return err
		}
	}
	l := b.languageOf(ctx, i.User.ID)
	shown, err := b.openCases(ctx, i.User.ID, page, l)
	if err != nil {
		said, known := sayable(err)
		shown = notice(l, said.In(l))
		if !known {
			b.log.Error("slack: the open cases are not shown", why(err)...)
		}
	}
	return b.fill(ctx, view, shown)
}

// openPage is how many cases a page of that window lists.
const openPage = 40

func (b *Bot) openCases(ctx context.Context, member string, page int, l i18n.Language) (modal, error) {
	who, err := b.person(ctx, member)
	if err == nil && !who.Committee {
		err = refused("refusal.committee-only")
	}
	if err != nil {
		return modal{}, err
	}
	all, err := b.store.List(ctx, postgres.Filter{Open: true, For: who.Member, Limit: 10_000})
	if err != nil {
		return modal{}, err
	}
	slices.SortStableFunc(all, func(a, b *cases.Case) int { // a talk, which has no last day, comes after those that have
		if a.Deadline.IsZero() != b.Deadline.IsZero() {
			return map[bool]int{true: 1, false: -1}[a.Deadline.IsZero()]
		}
		return cmp.Or(a.Deadline.Compare(b.Deadline), cmp.Compare(a.Number, b.Number))
	})
	last := max(1, (len(all)+openPage-1)/openPage)
	page = max(1, min(page, last))
	from := (page - 1) * openPage
	blocks := append([]block{say("*" + i18n.T("command.list", "count", len(all)).In(l) + "*")}, b.lines(all[from:min(len(all), from+openPage)], openPage, l)...)
	if last > 1 {
		var row []*button
		if page > 1 {
			row = append(row, press(actDigest+"-back", i18n.T("file.button.back").In(l), strconv.Itoa(page-1)))
		}
		if page < last {
			row = append(row, press(actDigest+"-on", i18n.T("file.button.on").In(l), strconv.Itoa(page+1)))
		}
		blocks = append(blocks, small(i18n.T("command.page", "page", page, "pages", last).In(l)), buttons(row...))
	}
	return modal{title: i18n.T("digest.all.title").In(l), close: i18n.T("form.button.close").In(l), blocks: blocks}, nil
}
