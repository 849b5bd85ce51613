package slack

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// command is a slash command. Of all that Slack sends with it, this is what we read.
type command struct {
	UserID    string `json:"user_id"`
	ChannelID string `json:"channel_id"`
	TriggerID string `json:"trigger_id"`
	Text      string `json:"text"`
}

// answerMessage answers a command, to who gave it and to nobody else.
type answerMessage struct {
	Type   string  `json:"response_type"`
	Text   string  `json:"text"`
	Blocks []block `json:"blocks"`
}

// verbs are the words of the command, in both languages.
var verbs = map[string]string{
	"": "help", "help": "help", "hulp": "help",
	"list": "list", "lijst": "list",
	"mine": "mine", "mijn": "mine",
	"unowned": "unowned", "vrij": "unowned",
	"overdue": "overdue", "late": "overdue", "te-laat": "overdue", "telaat": "overdue",
	"find": "find", "zoek": "find",
	"show": "show", "toon": "show",
	"new": "new", "nieuw": "new",
	"stats": "stats", "cijfers": "stats",
	"away": "away", "afwezig": "away", "weg": "away",
	"back": "back", "terug": "back",
}

// command answers a slash command. It changes nothing of a case, so there is nothing to claim; that something was found or tried is
// recorded. Who is away can be said twice.
func (b *Bot) command(ctx context.Context, c command, r *reply) error {
	l := b.languageOf(ctx, c.UserID)
	title, blocks, err := b.answer(ctx, c, r, l)
	if err != nil {
		said, known := sayable(err)
		if !known {
			b.log.Error("slack: a command was not answered", why(err)...)
		}
		title, blocks = said.In(l), []block{say(said.In(l))}
	}
	if len(blocks) == 0 {
		return r.ack(nil)
	}
	return r.ack(answerMessage{"ephemeral", title, atMost(blocks, maxMessageBlocks)})
}

// answer is what a command is answered with; nothing where it opens a window.
func (b *Bot) answer(ctx context.Context, c command, r *reply, l i18n.Language) (title string, blocks []block, err error) {
	first, rest, _ := strings.Cut(strings.TrimSpace(c.Text), " ")
	rest = strings.TrimSpace(rest)
	if second, more, _ := strings.Cut(rest, " "); strings.EqualFold(first+" "+second, "te laat") {
		first, rest = "te-laat", strings.TrimSpace(more)
	}
	verb, known := verbs[strings.ToLower(first)]
	if verb == "new" {
		return "", nil, b.writeUp(ctx, c, r)
	}
	who, err := b.person(ctx, c.UserID)
	if err != nil {
		return "", nil, err
	}
	if number, err := numberOf(first); err == nil {
		return b.answerShow(ctx, c, string(number), l)
	}
	switch {
	case verb == "show" && rest != "": // who wrote it up may be outside the committee
		return b.answerShow(ctx, c, rest, l)
	case !who.Committee && who.Intake && (verb == "help" || !known):
		return b.answerHelp("command.help-intake", l)
	case !who.Committee:
		return "", nil, &cases.Refusal{Text: i18n.T("refusal.committee-only")}
	case verb == "list", verb == "mine", verb == "unowned", verb == "overdue":
		page, _ := strconv.Atoi(rest)
		return b.answerList(ctx, who, verb, page, l)
	case verb == "find":
		return b.answerFind(ctx, who, rest, l)
	case verb == "stats":
		return b.answerStats(ctx, l)
	case verb == "away":
		return b.answerAway(ctx, who, rest, l)
	case verb == "back":
		return b.answerBack(ctx, who, rest, l)
	case verb == "show", first == "":
		if number, err := b.store.CaseOfRoom(ctx, c.ChannelID); err == nil {
			return b.answerShow(ctx, c, string(number), l)
		} else if !errors.Is(err, postgres.ErrNotFound) {
			return "", nil, err
		}
	}
	if !known {
		return b.answerHelp("command.unknown", l)
	}
	return b.answerHelp("command.help", l)
}

func (b *Bot) answerHelp(key string, l i18n.Language) (string, []block, error) {
	text := i18n.T(key).In(l)
	return text, []block{say(text)}, nil
}

// writeUp opens the form in which a complaint is written up that was told elsewhere: at once, since it must open within three
// seconds.
func (b *Bot) writeUp(ctx context.Context, c command, r *reply) error {
	i := interaction{Type: "block_actions", TriggerID: c.TriggerID}
	i.User.ID, i.Channel.ID = c.UserID, c.ChannelID
	i.Actions = append(i.Actions, pressedButton{ActionID: actWriteUp})
	return b.pressed(ctx, i, r)
}

// commandList is how many cases one answer lists; the rest is on the next page.
const commandList = 12

// actPage begins the name of the button that shows another page of a list; the verb follows. Its value is the page.
const actPage = "list-page-"

var lists = map[string]postgres.Filter{
	"list": {Open: true}, "mine": {Open: true}, "unowned": {Unowned: true}, "overdue": {Overdue: true},
}

func (b *Bot) answerList(ctx context.Context, who cases.Person, verb string, page int, l i18n.Language) (string, []block, error) {
	filter := lists[verb]
	filter.For, filter.Colleagues, filter.Limit = who.Member, who.Colleagues, 1000
	if verb == "mine" {
		filter.Owner = who.Member
	}
	all, err := b.store.List(ctx, filter)
	if err != nil {
		return "", nil, err
	}
	last := max(1, (len(all)+commandList-1)/commandList)
	page = max(1, min(page, last))
	title := i18n.T("command."+verb, "count", len(all)).In(l)
	from := (page - 1) * commandList
	shown := all[from:min(len(all), from+commandList)]
	blocks := append([]block{say("*" + title + "*")}, b.lines(shown, commandList, l)...)
	if last == 1 {
		return title, blocks, nil
	}
	blocks = append(blocks, small(i18n.T("command.page", "page", page, "pages", last).In(l)))
	var row []*button
	if page > 1 {
		row = append(row, press(actPage+verb+"-back", i18n.T("file.button.back").In(l), strconv.Itoa(page-1)))
	}
	if page < last {
		row = append(row, press(actPage+verb, i18n.T("file.button.on").In(l), strconv.Itoa(page+1)))
	}
	return title, append(blocks, buttons(row...)), nil
}

// turnList shows another page of a list, in a message of its own: what only one member sees can't be changed from here.
func (b *Bot) turnList(ctx context.Context, i interaction, r *reply) error {
	if err := r.ack(nil); err != nil {
		return err
	}
	verb := strings.TrimSuffix(strings.TrimPrefix(i.Actions[0].ActionID, actPage), "-back")
	page, _ := strconv.Atoi(i.Actions[0].Value)
	if _, known := lists[verb]; !known {
		return nil
	}
	l := b.languageOf(ctx, i.User.ID)
	who, err := b.person(ctx, i.User.ID)
	if err == nil && !who.Committee {
		err = &cases.Refusal{Text: i18n.T("refusal.committee-only")}
	}
	var title string
	var blocks []block
	if err == nil {
		title, blocks, err = b.answerList(ctx, who, verb, page, l)
	}
	if err != nil {
		said, known := sayable(err)
		if b.tell(ctx, i, said); known {
			err = nil
		}
		return err
	}
	return b.slack.whisper(ctx, i.Channel.ID, i.User.ID, message{text: title, blocks: blocks})
}

// findMost is how many cases a search shows.
const findMost = 20

// answerFind shows in which cases words stand, of those that the member may read. Neither what was searched for nor what was found
// stands in the answer.
func (b *Bot) answerFind(ctx context.Context, who cases.Person, text string, l i18n.Language) (string, []block, error) {
	if text == "" {
		return b.answerHelp("command.find-what", l)
	}
	found, err := b.store.Find(ctx, who, text, findMost+1)
	if err != nil {
		return "", nil, err
	}
	if found, err = b.lookThrough(ctx, found, who); err != nil {
		return "", nil, err
	}
	more := len(found) > findMost
	found = found[:min(len(found), findMost)]
	title := i18n.T("command.found", "count", len(found)).In(l)
	blocks := append([]block{say("*" + title + "*")}, b.lines(found, findMost, l)...)
	if more {
		blocks = append(blocks, small(i18n.T("command.found-more").In(l)))
	}
	return title, blocks, nil
}

// lookThrough leaves of some cases those that a member may read, each held against their name first.
func (b *Bot) lookThrough(ctx context.Context, found []*cases.Case, who cases.Person) (kept []*cases.Case, err error) {
	for _, c := range found {
		if c, err = b.look(ctx, c, who); err != nil {
			return nil, err
		}
		if cases.May(who, cases.ReadFile, c) == nil {
			kept = append(kept, c)
		}
	}
	return kept, nil
}

// answerShow shows what a member may see of a case outside its file.
func (b *Bot) answerShow(ctx context.Context, by command, value string, l i18n.Language) (string, []block, error) {
	c, who, err := b.may(ctx, postgres.Claim{Source: "slack", ID: by.TriggerID}, by.UserID, cases.See, value)
	if err != nil {
		return "", nil, err
	}
	seen, err := b.glimpse(ctx, c)
	if err != nil {
		return "", nil, err
	}
	blocks := append(card(seen, b.procedure(c), b.store.Now(), l), cardButtons(c, l))
	if row := b.leaderButtons(ctx, c, who, l); len(row) > 0 {
		blocks = append(blocks, buttons(row...))
	}
	return seen.notice(l), blocks, nil
}

// leaderButtons are what who presides may do besides, or reopens.
func (b *Bot) leaderButtons(ctx context.Context, c *cases.Case, who cases.Person, l i18n.Language) (row []*button) {
	if cases.May(who, cases.Reopen, c) == nil {
		row = append(row, act(actReopen, c, l))
	}
	if _, err := b.store.Surface(ctx, c.Number, placeRoom); err == nil && c.Open() {
		row = append(row, act(actEnter, c, l))
	}
	if cases.May(who, cases.Exclude, c) != nil {
		return row
	}
	row = append(row, act(actExclude, c, l))
	if len(c.Excluded) > 0 {
		row = append(row, act(actClear, c, l))
	}
	return row
}
