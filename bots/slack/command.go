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
	"show": "show", "toon": "show",
}

// command answers a slash command. It changes nothing, so there is nothing to claim.
func (b *Bot) command(ctx context.Context, c command, r *reply) error {
	l := b.languageOf(ctx, c.UserID)
	title, blocks, err := b.answer(ctx, c, l)
	if err != nil {
		said, known := sayable(err)
		if !known {
			b.log.Error("slack: a command was not answered", why(err)...)
		}
		title, blocks = said.In(l), []block{say(said.In(l))}
	}
	return r.ack(answerMessage{"ephemeral", title, atMost(blocks, maxMessageBlocks)})
}

func (b *Bot) answer(ctx context.Context, c command, l i18n.Language) (title string, blocks []block, err error) {
	who, err := b.person(ctx, c.UserID)
	if err != nil {
		return "", nil, err
	}
	if !who.Committee {
		return "", nil, &cases.Refusal{Text: i18n.T("refusal.committee-only")}
	}
	words := strings.Fields(c.Text)
	first, second := "", ""
	if len(words) > 0 {
		first = words[0]
	}
	if len(words) > 1 {
		second = words[1]
	}
	verb, known := verbs[strings.ToLower(first)]
	if number, err := numberOf(first); err == nil {
		return b.answerShow(ctx, c, string(number), l)
	}
	switch {
	case verb == "list", verb == "mine":
		return b.answerList(ctx, who, verb, second, l)
	case verb == "show" && second != "":
		return b.answerShow(ctx, c, second, l)
	case verb == "show", first == "":
		if number, err := b.store.CaseOfRoom(ctx, c.ChannelID); err == nil {
			return b.answerShow(ctx, c, string(number), l)
		} else if !errors.Is(err, postgres.ErrNotFound) {
			return "", nil, err
		}
	}
	key := "command.help"
	if !known {
		key = "command.unknown"
	}
	text := i18n.T(key).In(l)
	return text, []block{say(text)}, nil
}

// commandList is how many cases one answer lists; the rest is on the next page.
const commandList = 12

func (b *Bot) answerList(ctx context.Context, who cases.Person, verb, page string, l i18n.Language) (string, []block, error) {
	filter := postgres.Filter{Open: true, For: who.Member, Limit: 1000}
	if verb == "mine" {
		filter.Owner = who.Member
	}
	all, err := b.store.List(ctx, filter)
	if err != nil {
		return "", nil, err
	}
	last := max(1, (len(all)+commandList-1)/commandList)
	n, _ := strconv.Atoi(page)
	n = max(1, min(n, last))
	title := i18n.T("command."+verb, "count", len(all)).In(l)
	from := (n - 1) * commandList
	shown := all[from:min(len(all), from+commandList)]
	blocks := append([]block{say("*" + title + "*")}, b.lines(shown, commandList, l)...)
	if n < last {
		blocks = append(blocks, small(i18n.T("command.next", "verb", i18n.T("command.verb."+verb), "page", n+1, "pages", last).In(l)))
	}
	return title, blocks, nil
}

// answerShow shows what anyone of the committee may see of a case.
func (b *Bot) answerShow(ctx context.Context, by command, value string, l i18n.Language) (string, []block, error) {
	c, who, err := b.may(ctx, postgres.Claim{Source: "slack", ID: by.TriggerID}, by.UserID, cases.See, value)
	if err != nil {
		return "", nil, err
	}
	seen, err := b.glimpse(ctx, c)
	if err != nil {
		return "", nil, err
	}
	row := cardButtons(c, l)
	if cases.May(who, cases.Reopen, c) == nil {
		row = buttons(act(actFile, c, l), act(actReopen, c, l))
	}
	title := i18n.T(seen.titled("card.title."), "number", string(c.Number)).In(l)
	return title, append(card(seen, b.procedure(c), b.store.Now(), l), row), nil
}
