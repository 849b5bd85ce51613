package slack

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// actAddToFile is the shortcut on a message that puts it into the file of the case whose room it stands in.
const actAddToFile = "add-to-file"

// shortcut does what somebody chose in the menu of a message.
func (b *Bot) shortcut(ctx context.Context, i interaction, r *reply) error {
	if i.CallbackID != actAddToFile {
		return r.ack(nil)
	}
	said := i18n.T("note.added")
	err := b.addToFile(ctx, i)
	if errors.Is(err, postgres.ErrClaimed) {
		said, err = i18n.T("note.added-already"), nil
	}
	known := true
	if err != nil {
		said, known = sayable(err)
	}
	if known {
		err = r.ack(nil)
	}
	b.tell(ctx, i, said)
	return err
}

// addToFile puts a message of a room into the file, once, as what its author said. A message from anywhere else is not taken:
// a file holds what was said among those who may read it.
func (b *Bot) addToFile(ctx context.Context, i interaction) error {
	number, err := b.store.CaseOfRoom(ctx, i.Channel.ID)
	if errors.Is(err, postgres.ErrNotFound) {
		return &cases.Refusal{Text: i18n.T("refusal.not-in-a-room")}
	}
	if err != nil {
		return err
	}
	words := b.unmarked(ctx, i.Message.Text)
	switch {
	case i.Message.BotID != "" || i.Message.User == "":
		return &cases.Refusal{Text: i18n.T("refusal.in-file-already")}
	case strings.TrimSpace(words) == "":
		return &cases.Refusal{Text: i18n.T("refusal.message-without-words")}
	}
	_, who, err := b.may(ctx, i.claim(), i.User.ID, cases.Note, string(number))
	if err != nil {
		return err
	}
	claim := postgres.Claim{Source: "slack-note", ID: i.Channel.ID + "/" + i.Message.TS}
	_, err = b.store.Change(ctx, claim, number, func(c *cases.Case, now time.Time) error {
		return c.AddNote(who, cases.Member(i.Message.User), words, now)
	})
	return err
}

var (
	unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	mentioned = regexp.MustCompile(`<@([UW][A-Z0-9]+)(\|[^>]*)?>`)
	linked    = regexp.MustCompile(`<([a-z]+:[^|>]+)(\|[^>]*)?>`)
)

// unmarked is what a person typed: Slack hands it over with identifiers for people, and three characters escaped.
func (b *Bot) unmarked(ctx context.Context, s string) string {
	s = mentioned.ReplaceAllStringFunc(s, func(m string) string {
		id := mentioned.FindStringSubmatch(m)[1]
		if p, err := b.profile(ctx, id); err == nil && p.Name != "" {
			return "@" + p.Name
		}
		return "@" + id
	})
	return unescaper.Replace(linked.ReplaceAllString(s, "$1"))
}
