package slack

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// reminded names a reminder: the event of a case that recorded it.
type reminded struct {
	number cases.Number
	event  int
}

func (r reminded) String() string { return string(r.number) + "." + strconv.Itoa(r.event) }

var remindedForm = regexp.MustCompile(`^([KG]-\d{4}-\d{4,9})\.(\d{1,9})$`)

// remindedIn reads the names of reminders from a text that came from outside, and passes over what is none.
func remindedIn(text string) (all []reminded) {
	for word := range strings.FieldsSeq(text) {
		if m := remindedForm.FindStringSubmatch(word); m != nil {
			all = append(all, reminded{cases.Number(m[1]), numbered(m[2])})
		}
	}
	return all
}

func textOf(all []reminded) string {
	words := make([]string, len(all))
	for i, r := range all {
		words[i] = r.String()
	}
	return strings.Join(words, " ")
}

// entry is a reminder as it stands now: what of it is still to be done.
type entry struct {
	reminded
	c     *cases.Case
	e     cases.Event
	waits []cases.Waiting
	had   []cases.Member // who of the chain was sent it before it came to the next, in the order of the chain
	out   postgres.Outgoing
}

// entryOf looks at a reminder as it stands now.
func (b *Bot) entryOf(ctx context.Context, which reminded, staff cases.Staff) (entry, error) {
	file, err := b.store.File(ctx, which.number)
	if err != nil {
		return entry{}, err
	}
	e, ok := file.Event(which.event)
	if !ok || e.Kind != cases.Reminded {
		return entry{}, fmt.Errorf("reminder %s: %w", which, postgres.ErrNotFound)
	}
	c := &file.Case
	en := entry{reminded: which, c: c, e: e, waits: b.procedure(c).Waits(c, e, staff, b.store.Now())}
	en.had, err = b.hadBefore(ctx, file, en)
	return en, err
}

// hadBefore is who was turned to before a reminder and was sent one of the same: one that waits for its hour is not there yet.
func (b *Bot) hadBefore(ctx context.Context, file *cases.File, en entry) ([]cases.Member, error) {
	if numbered(en.e.Data["turn"]) == 0 || len(en.waits) == 0 || len(en.waits[0].Before) == 0 {
		return nil, nil
	}
	sent, err := b.store.RemindersBefore(ctx, en.number, en.event)
	if err != nil {
		return nil, err
	}
	return keep(en.waits[0].Before, func(m cases.Member) bool {
		return slices.ContainsFunc(sent, func(n cases.Notice) bool {
			e, ok := file.Event(n.Event)
			return ok && n.To == cases.ToMember(m) && en.waits[0].In(e)
		})
	}), nil
}

// forOutsiders says whether it is for somebody who need not be of the committee.
func (en entry) forOutsiders() bool {
	_, direct := cases.Recipient(en.e.Data["to"]).Member()
	return direct && slices.Contains([]cases.Milestone{cases.MilestoneMeasured, cases.MilestoneApproved}, cases.Milestone(en.e.Data["milestone"]))
}

// seenBy says whether somebody may know of the case.
func (en entry) seenBy(who cases.Person) bool {
	if cases.Milestone(en.e.Data["milestone"]) == cases.MilestoneMeasured { // who owes it need not be of the committee
		return !en.c.Hidden() && !en.c.Excludes(who.Member)
	}
	return cases.May(who, cases.See, en.c) == nil
}

// inHand says whether somebody sees to all of it since it was recorded: nobody is reminded of that.
func (en entry) inHand() bool {
	return !slices.ContainsFunc(en.waits, func(w cases.Waiting) bool { return w.Minded.Member == "" || w.Minded.At.Before(en.e.At) })
}

// viewing is for whom a reminder is shown: a member, or all in the channel.
type viewing struct {
	who      []cases.Person
	direct   bool // it is one member
	language i18n.Language
	staff    cases.Staff
}

// viewOf is the view of a member, or of the channel (placeBoard).
func (b *Bot) viewOf(ctx context.Context, r *roles, whose string, staff cases.Staff) viewing {
	if whose != placeBoard {
		return viewing{who: []cases.Person{r.person(whose)}, direct: true, language: b.languageOf(ctx, whose), staff: staff}
	}
	v := viewing{language: b.language(), staff: staff}
	for _, member := range r.committee {
		v.who = append(v.who, r.person(member))
	}
	return v
}

// may says whether one of those for whom it is shown may do something with a case.
func (v viewing) may(do cases.Action, c *cases.Case) bool {
	return slices.ContainsFunc(v.who, func(who cases.Person) bool { return cases.May(who, do, c) == nil })
}

// owns says whether it is shown to the owner of a case alone.
func (v viewing) owns(c *cases.Case) bool { return v.direct && v.who[0].Member == c.Owner }

// Of a message of reminders: how many cases it shows itself, and how many each button under it shows in a window.
const (
	reminderMost = 12
	reminderRest = 30
)

// actRest begins the name of the button that shows the rest of the reminders; its value names them.
const actRest = "reminders-rest-"

// remindersMessage is one message with all that waits for somebody: what, by when, why it comes to them, and what can be done
// about it there and then. What is more than fits comes behind buttons.
func (b *Bot) remindersMessage(all []entry, v viewing) message {
	m := message{}
	for _, en := range all {
		m.refs = append(m.refs, en.reminded)
	}
	if len(all) == 1 {
		m.text, m.blocks = b.remindedOf(all[0], v), b.entryBlocks(all[0], v)
		return m
	}
	var numbers []string
	for _, en := range all[:min(len(all), reminderMost)] {
		if !slices.Contains(numbers, string(en.number)) {
			numbers = append(numbers, string(en.number))
		}
	}
	m.text = i18n.T("reminder.many", "count", len(all), "numbers", strings.Join(numbers, ", ")).In(v.language)
	m.blocks = append([]block{say(i18n.T("reminder.title", "count", len(all)).In(v.language))}, b.entriesBlocks(all[:min(len(all), reminderMost)], v)...)
	if len(all) <= reminderMost {
		return m
	}
	m.blocks = append(m.blocks, divider(), small(i18n.T("reminder.more", "count", len(all)-reminderMost).In(v.language)))
	var row []*button
	for from := reminderMost; from < len(all); from += reminderRest {
		until := min(from+reminderRest, len(all))
		label := i18n.T("reminder.button.rest", "from", from+1, "until", until).In(v.language)
		row = append(row, press(actRest+strconv.Itoa(len(row)), label, textOf(m.refs[from:until])))
	}
	m.blocks = append(m.blocks, buttons(row...))
	return m
}

func (b *Bot) entriesBlocks(all []entry, v viewing) (blocks []block) {
	for _, en := range all {
		blocks = append(blocks, divider())
		blocks = append(blocks, b.entryBlocks(en, v)...)
	}
	return blocks
}

// entryBlocks is one reminder: a paragraph, and a row of buttons.
func (b *Bot) entryBlocks(en entry, v viewing) []block {
	text := say(strings.Join(append([]string{b.remindedOf(en, v)}, b.reasons(en, v)...), "\n"))
	row := slackgo.NewActionBlock(blockReminder + en.String())
	for _, one := range b.entryButtons(en, v) {
		row.Elements.ElementSet = append(row.Elements.ElementSet, one)
	}
	if len(row.Elements.ElementSet) == 0 {
		return []block{text}
	}
	return []block{text, row}
}

// blockReminder begins the name of the row of buttons under a reminder.
const blockReminder = "reminder-"

// remindedOf says in one sentence what a reminder is about in the first place, as it stands now.
func (b *Bot) remindedOf(en entry, v viewing) string {
	c, l := en.c, v.language
	if len(en.waits) == 0 {
		key := "reminder.done"
		switch milestone := cases.Milestone(en.e.Data["milestone"]); {
		case !c.Open() && milestone != cases.MilestoneMeasured:
			key = "reminder.closed"
		case milestone == cases.MilestoneOwned && c.Owner != "":
			key = "reminder.taken"
		case milestone == cases.MilestoneForeseen:
			key = "reminder.answered"
		}
		return i18n.T(key, "number", string(c.Number), "member", mention(string(c.Owner))).In(l)
	}
	p, now, w := b.procedure(c), b.store.Now(), en.waits[0]
	left := 0
	if !c.Deadline.IsZero() {
		left = daysLeft(c, p, now)
	}
	about, when := c.LastDay(p), w.Due.Add(-time.Second)
	switch w.Milestone {
	case cases.MilestoneMeasured, cases.MilestoneExplained:
		about = when
	case cases.MilestoneApproved:
		about = p.In(c.Received).AddDate(0, 0, p.ApprovalLapse)
	}
	sentence := i18n.T(reminderKey(w, left), "number", string(c.Number), "count", left, "day", i18n.Date{Time: p.In(about)}, "member", mention(string(c.Owner))).In(l)
	if slices.Contains(datedAlready, w.Milestone) || w.Due.IsZero() {
		return sentence
	}
	key := "reminder.by"
	if over(when, p, now) {
		key = "reminder.was"
	}
	return sentence + " " + i18n.T(key, "day", i18n.Date{Time: p.In(when)}).In(l)
}

// over says whether the day of an instant is before today.
func over(t time.Time, p *cases.Procedure, now time.Time) bool {
	return p.In(t).Format(time.DateOnly) < p.In(now).Format(time.DateOnly)
}

// datedAlready are the milestones whose sentences name a day, or need none.
var datedAlready = []cases.Milestone{
	cases.MilestoneForeseen, cases.MilestoneDecided, cases.MilestoneExplained, cases.MilestoneApproved, cases.MilestoneMeasured, cases.MilestoneCovered,
	cases.MilestoneAcknowledged,
}

// reminderKey is the key of what a reminder says; some milestones have a sentence for more than one reason.
func reminderKey(w cases.Waiting, left int) string {
	switch {
	case w.Why == cases.OwnerLeft:
		return "reminder.owned-left"
	case w.Milestone == cases.MilestoneDecided && left <= 0:
		return "reminder.decided-today"
	}
	return "reminder." + string(w.Milestone)
}

// reasons are the lines under a reminder: what waits besides, who sees to it, when it comes again, and why it comes to whom
// it comes.
func (b *Bot) reasons(en entry, v viewing) (lines []string) {
	c, p, now, l := en.c, b.procedure(en.c), b.store.Now(), v.language
	for i, w := range en.waits {
		if i > 0 {
			key := "reminder.also"
			if over(w.Due.Add(-time.Second), p, now) {
				key = "reminder.also-late"
			}
			lines = append(lines, "• "+i18n.T(key, "what", i18n.T("milestone."+string(w.Milestone)), "day", i18n.Date{Time: p.In(w.Due.Add(-time.Second))}).In(l))
		}
	}
	if len(en.waits) == 0 {
		return lines
	}
	w := en.waits[0]
	if m := w.Minded.Member; m != "" {
		lines = append(lines, i18n.T("reminder.minded", "member", mention(string(m))).In(l))
	}
	if !w.Again.IsZero() {
		lines = append(lines, i18n.T("reminder.again", "moment", momentOf(w.Again, p)).In(l))
	}
	for _, s := range w.Skipped {
		if line := b.passedOver(c, s, v, now); line != "" {
			lines = append(lines, line)
		}
	}
	if len(en.had) > 0 {
		lines = append(lines, i18n.T("reminder.before", "members", mentions(en.had)).In(l))
	}
	if cases.Reason(en.e.Data["why"]) == cases.AskedAgain {
		lines = append(lines, i18n.T("reminder.asked").In(l))
	}
	return lines
}

func mentions(all []cases.Member) string {
	words := make([]string, len(all))
	for i, m := range all {
		words[i] = mention(string(m))
	}
	return strings.Join(words, ", ")
}

// passedOver says why somebody is not reminded before the reader; nothing where that is not for them to know, or says itself.
func (b *Bot) passedOver(c *cases.Case, s cases.Skipped, v viewing, now time.Time) string {
	switch a, away := v.staff.Away(s.Member, now); {
	case s.Why == cases.SkipGone:
		return i18n.T("reminder.gone", "member", mention(string(s.Member))).In(v.language)
	case s.Why == cases.SkipAway && away && !a.Until.IsZero():
		last := b.procedure(c).In(a.Until.Add(-time.Second))
		return i18n.T("reminder.away", "member", mention(string(s.Member)), "day", i18n.Date{Time: last}).In(v.language)
	}
	return ""
}
