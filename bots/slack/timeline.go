package slack

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"websec.nl/gehoor/bots/timeline"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

const (
	actTimeline = "timeline" // what happened in a case, and what will if nobody does anything
	actPicture  = "timeline-picture"
)

// timelineDays is how many days after the last day of a case, or after today, its timeline goes.
const timelineDays = 21

// timelinePage is how many lines one page of it shows.
const timelinePage = 20

// openTimeline shows a page of a case's timeline to who may read its file, which is recorded; page 0 is where today is.
func (b *Bot) openTimeline(ctx context.Context, i interaction, r *reply, value string, page int) error {
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
	file, _, err := b.readFile(ctx, i, value)
	if errors.Is(err, postgres.ErrClaimed) {
		return nil
	}
	var staff cases.Staff
	if err == nil {
		staff, err = b.store.Staff(ctx)
	}
	if err != nil {
		said, known := sayable(err)
		if known {
			err = nil
		}
		return errors.Join(err, b.fill(ctx, view, notice(l, said.In(l))))
	}
	return b.fill(ctx, view, b.timelineModal(b.timelineOf(ctx, file, staff, l), &file.Case, page, l))
}

// timelineOf is what happened to a case, and what the clock would do about it from now on if nobody touched it any more.
func (b *Bot) timelineOf(ctx context.Context, f *cases.File, staff cases.Staff, l i18n.Language) timeline.Timeline {
	c, p, now := &f.Case, b.procedure(&f.Case), b.store.Now()
	until := now.AddDate(0, 0, timelineDays)
	if after := c.Deadline.AddDate(0, 0, timelineDays); c.Open() && !c.Deadline.IsZero() && after.After(until) {
		until = after
	}
	events := slices.Concat(f.Events, p.Timeline(c, staff, now, until))
	shown := timeline.Of(p, c, events, timeline.Options{
		Language: l, Now: now, Name: func(m cases.Member) string { return b.nameOf(ctx, m) },
	})
	shown.Title = i18n.T("file.timeline.title", "number", string(c.Number)).In(l)
	return shown
}

// timelineLine is one line of the page: a day, or something on it.
type timelineLine struct {
	text  string
	ahead bool // it is yet to come
	day   bool // it begins a paragraph
	now   bool // it stands between what happened and what is to come
}

// timelineLines puts a timeline into lines: each day, and below it who is told what.
func timelineLines(t timeline.Timeline, l i18n.Language) (all []timelineLine) {
	ahead := false
	for _, day := range t.Days {
		if day.Closed != "" && len(day.Lines) == 0 {
			continue
		}
		title := "*" + i18n.Text{Key: "file.day", Args: i18n.Args{"day": i18n.Date{Time: day.Date}}}.In(l) + "*"
		if day.Last {
			title += " · " + i18n.T("file.timeline.last-day").In(l)
		}
		all = append(all, timelineLine{text: title, ahead: ahead, day: true})
		for _, one := range day.Lines {
			if one.At.After(t.Now) && !ahead {
				ahead = true
				now := timelineLine{text: i18n.T("file.timeline.now").In(l), ahead: true, day: true, now: true}
				at := len(all)
				if all[at-1].day { // nothing of this day happened yet
					at--
				}
				all = slices.Insert(all, at, now)
			}
			all = append(all, timelineLine{text: one.At.Format(clockLayout[l]) + " · " + one.Whom + ": " + one.Text, ahead: ahead})
		}
	}
	return all
}

// timelinePages divides lines into pages. A day that goes on on another page has its name there again.
func timelinePages(lines []timelineLine) (all [][]timelineLine) {
	var page []timelineLine
	var day timelineLine
	for _, line := range lines {
		if n := len(page); n >= timelinePage || line.day && n == timelinePage-1 { // no day stands alone at the end
			all, page = append(all, page), nil
		}
		if line.day && !line.now {
			day = line
		} else if len(page) == 0 && !line.now {
			page = append(page, day)
		}
		page = append(page, line)
	}
	return append(all, page)
}

// timelineModal is one page of a timeline.
func (b *Bot) timelineModal(t timeline.Timeline, c *cases.Case, page int, l i18n.Language) modal {
	lines := timelineLines(t, l)
	all := timelinePages(lines)
	if page <= 0 {
		ahead := func(line timelineLine) bool { return line.ahead }
		page = 1 + slices.IndexFunc(all, func(lines []timelineLine) bool { return slices.ContainsFunc(lines, ahead) })
	}
	page = max(1, min(page, len(all)))
	m := modal{title: i18n.T("file.title", "number", string(c.Number)).In(l), close: i18n.T("form.button.close").In(l)}
	m.blocks = []block{header(t.Title), small(i18n.T("file.timeline.intro").In(l))}
	var paragraph []string
	flush := func() {
		for _, part := range split(strings.Join(paragraph, "\n"), maxSection) {
			if part != "" {
				m.blocks = append(m.blocks, say(part))
			}
		}
		paragraph = nil
	}
	for _, line := range all[page-1] {
		if line.day {
			flush()
		}
		paragraph = append(paragraph, line.text)
	}
	flush()
	if len(all) > 1 {
		m.blocks = append(m.blocks, small(i18n.T("file.page", "page", page, "pages", len(all)).In(l)))
	}
	var row []*button
	if page > 1 {
		row = append(row, press(actTimeline+"-back", i18n.T("file.button.back").In(l), string(c.Number)+" "+strconv.Itoa(page-1)))
	}
	if page < len(all) {
		row = append(row, press(actTimeline+"-on", i18n.T("file.button.on").In(l), string(c.Number)+" "+strconv.Itoa(page+1)))
	}
	row = append(row, act(actFile, c, l))
	if c.Open() && c.Owner != "" && c.Kind == cases.Formal {
		row = append(row, act(actPicture, c, l))
	}
	m.blocks = append(m.blocks, buttons(row...))
	return m
}

// putPicture puts the timeline as a picture into the case's own room, for a member who may read the file.
func (b *Bot) putPicture(ctx context.Context, i interaction, r *reply, value string) error {
	if err := r.ack(nil); err != nil {
		return err
	}
	l := b.languageOf(ctx, i.User.ID)
	said := i18n.T("file.timeline.in-room", "number", value)
	err := b.drawInRoom(ctx, i, value)
	if errors.Is(err, postgres.ErrClaimed) {
		return nil
	}
	if err != nil {
		known := false
		if said, known = sayable(err); known {
			err = nil
		}
	}
	if i.View.Type == "modal" {
		return errors.Join(err, b.fill(ctx, i.View.ID, notice(l, said.In(l))))
	}
	b.tell(ctx, i, said)
	return err
}

// drawInRoom draws the timeline of a case, and uploads it into its room if that is private still and only those are in it who may
// read the file.
func (b *Bot) drawInRoom(ctx context.Context, i interaction, value string) error {
	file, _, err := b.readFile(ctx, i, value)
	if err != nil {
		return err
	}
	c, l := &file.Case, b.language()
	room, err := b.store.Surface(ctx, c.Number, placeRoom)
	if errors.Is(err, postgres.ErrNotFound) || err == nil && !c.Open() {
		return refused("refusal.no-room", "number", string(c.Number))
	}
	if err != nil {
		return err
	}
	staff, err := b.store.Staff(ctx)
	if err != nil {
		return err
	}
	s := b.about(c.Number)
	info, err := b.slack.channelInfo(ctx, room.Channel)
	if err == nil && !info.Private {
		b.log.Error("slack: the room of a case is private no longer; a picture is not put there", "case", c.Number)
		return refused("refusal.no-room", "number", string(c.Number))
	}
	if err == nil {
		err = s.clear(ctx, c, room.Channel)
	}
	if isCode(err, channelGone...) {
		return refused("refusal.no-room", "number", string(c.Number))
	}
	if err != nil {
		return err
	}
	picture := b.timelineOf(ctx, file, staff, l).SVG()
	comment := i18n.T("room.timeline", "who", mention(i.User.ID)).In(l)
	return b.slack.upload(ctx, room.Channel, string(c.Number)+"-timeline.svg", comment, picture)
}
