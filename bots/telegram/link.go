package telegram

import (
	"errors"
	"maps"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/conversation"
	"websec.nl/gehoor/i18n"
)

// A link to this chat has a token, which Telegram hands on with /start (Bot API, deep linking): up to 64 letters, digits,
// underscores and hyphens. What is shorter than leastToken says where somebody found us, and leads nowhere.
const (
	leastToken = 16
	mostToken  = 64
)

// isToken says whether what came with /start may be a token.
func isToken(text string) bool {
	return len(text) >= leastToken && len(text) <= mostToken && strings.IndexFunc(text, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-')
	}) < 0
}

// open says to which write-up a link leads, or why it leads to none.
func (b *Bot) open(turn *postgres.Turn, token string) (conversation.Event, error) {
	link, f, err := turn.Linked(token)
	found := conversation.Linked{Token: token}
	switch {
	case errors.Is(err, postgres.ErrNotFound):
		found.Why = i18n.T("link.unknown")
		return found, nil
	case err != nil:
		return nil, err
	case link.Purpose != postgres.LinkApproval:
		found.Why = i18n.T("link.elsewhere")
		return found, nil
	case link.Used:
		found.Why = i18n.T("link.used")
	case link.Expired:
		found.Why = i18n.T("link.expired")
	case f.Case.Stage != cases.Awaiting:
		found.Why = answered(&f.Case)
	default:
		return b.shown(token, f), nil
	}
	if f.Case.Chat == turn.Chat {
		found.Number = link.Number
	}
	return found, nil
}

// shown is a write-up that waits for its complainant, as it is shown to them.
func (b *Bot) shown(token string, f *cases.File) conversation.Linked {
	return conversation.Linked{
		Token: token, Number: f.Case.Number, Language: f.Case.Language, Answers: f.Answers,
		Fields: f.Fields(b.store.ProcedureOf(f.Case.Version)), Shown: cases.Fingerprint(f.Answers),
	}
}

// answered says what became of a write-up that nobody waits for any more.
func answered(c *cases.Case) i18n.Text {
	if c.Open() {
		return i18n.T("link.used")
	}
	return i18n.T("link.closed")
}

// correct puts words in the place of an answer of a write-up, or after it. Who knew the answers before knows them after it as
// well; who did not, as staff had corrected one too, is still to be shown them.
func correct(turn *postgres.Turn, e conversation.CorrectAnswer) (conversation.Event, error) {
	made := conversation.Corrected{Number: e.Case, Shown: e.Shown}
	err := turn.ByLink(e.Token, func(c *cases.Case, f *cases.File, now time.Time) error {
		words := e.Text
		if before := strings.TrimSpace(f.Answers[e.Field]); e.Add && before != "" {
			words = before + "\n\n" + words
		}
		if e.Shown == cases.Fingerprint(f.Answers) {
			known := maps.Clone(f.Answers)
			known[e.Field] = words
			made.Shown = cases.Fingerprint(known)
		}
		return c.CorrectAnswer(e.Field, words, cases.Complainant, now)
	})
	return byLink(made, err)
}

// errUnseen keeps somebody from agreeing with words that they were not shown.
var errUnseen = errors.New("the answers changed since they were shown")

// approve has a write-up handled: its complainant says that it is a true account. Where an answer changed since it was shown to
// them, it is shown anew instead. They are reached in this chat from then on, in the language that they speak there.
func (b *Bot) approve(a *act, e conversation.Approve) (conversation.Event, error) {
	made := conversation.Approved{Number: e.Case}
	var anew conversation.Linked
	err := a.turn.UseLink(e.Token, func(c *cases.Case, f *cases.File, now time.Time) error {
		p := b.store.ProcedureOf(c.Version)
		if c.Stage == cases.Awaiting && e.Shown != cases.Fingerprint(f.Answers) {
			anew = b.shown(e.Token, f)
			anew.Changed = true
			return errUnseen
		}
		if err := c.Approve(cases.AgreedInChat, "", f.Answers, p, now); err != nil {
			return err
		}
		c.Chat, c.ChatGone, c.Language = a.turn.Chat, false, a.session.Language
		made.LastDay = c.LastDay(p)
		if b.cfg.Mail && c.HasMail && !c.MailGone {
			made.Email = strings.TrimSpace(f.Answers[cases.FieldEmail])
		}
		return nil
	})
	if errors.Is(err, errUnseen) {
		return anew, nil
	}
	return byLink(made, err)
}

// disown ends a write-up with which nobody agrees.
func disown(turn *postgres.Turn, e conversation.Disown) (conversation.Event, error) {
	err := turn.UseLink(e.Token, func(c *cases.Case, _ *cases.File, now time.Time) error {
		return c.NotApprove(e.Reason, now)
	})
	return byLink(conversation.Done{Number: e.Case}, err)
}

// byLink says what was done by a link, or why it was not.
func byLink(done conversation.Event, err error) (conversation.Event, error) {
	switch {
	case errors.Is(err, postgres.ErrLinkUsed), errors.Is(err, postgres.ErrNotFound): // since they opened it
		return conversation.Refused{Why: i18n.T("link.used")}, nil
	case errors.Is(err, postgres.ErrLinkExpired):
		return conversation.Refused{Why: i18n.T("link.expired")}, nil
	case err != nil:
		return refused(err)
	}
	return done, nil
}
