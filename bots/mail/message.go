package mail

import (
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"websec.nl/gehoor/cases"
)

// envelope is who writes to whom, when, and on which thread.
type envelope struct {
	from    *mail.Address
	to      *mail.Address
	replyTo *mail.Address // nil: answers go to from
	date    time.Time
	id      string // of this letter, without its brackets
	thread  string // of the first letter of the case
}

// seal makes a message of a letter.
func (e envelope) seal(l *Letter) (*gomail.Msg, error) {
	page, err := l.HTML()
	if err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(e.from)
	m.ToMailAddress(e.to)
	if e.replyTo != nil {
		m.ReplyToMailAddress(e.replyTo)
	}
	m.Subject(l.Subject)
	m.SetDateWithValue(e.date)
	m.SetMessageIDWithValue(e.id)
	if e.id != e.thread {
		m.SetGenHeader(gomail.HeaderInReplyTo, "<"+e.thread+">")
		m.SetGenHeader(gomail.HeaderReferences, "<"+e.thread+">")
	}
	m.SetGenHeader(gomail.HeaderContentLang, string(l.Language))
	// RFC 3834: nobody's absence note is to answer this. Exchange knows it by a header of its own.
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "OOF, AutoReply")
	m.SetBodyString(gomail.TypeTextPlain, l.Text())
	m.AddAlternativeString(gomail.TypeTextHTML, page)
	return m, nil
}

// threadOf and idOf name a case's letters in the same way each time, so that a letter that was sent twice, because the
// program ended in between, is known for the same one. The moment of receipt tells cases of one number apart, as there are
// after an installation was begun anew.
func threadOf(c *cases.Case, from *mail.Address) string {
	return fmt.Sprintf("%s.%d@%s", c.Number, c.Received.Unix(), domain(from))
}

// threadFor names the first letter of the thread that a letter belongs to. What a person concerned gets makes none: its thread
// would be that of the complainant.
func threadFor(c *cases.Case, n cases.Notice, from *mail.Address) string {
	if _, is := n.To.Party(); is {
		return idOf(c, n, from)
	}
	return threadOf(c, from)
}

func idOf(c *cases.Case, n cases.Notice, from *mail.Address) string {
	if n.Kind == cases.Acknowledgement {
		return threadOf(c, from)
	}
	kind := string(n.Kind)
	if party, is := n.To.Party(); is { // others get the same
		kind += fmt.Sprintf(".%d", party)
	}
	if n.To == cases.ByOldMail { // this one is another letter about the same
		kind += ".before"
	}
	return fmt.Sprintf("%s.%d.%d.%s@%s", c.Number, c.Received.Unix(), n.Event, kind, domain(from))
}

func domain(a *mail.Address) string {
	return a.Address[strings.LastIndexByte(a.Address, '@')+1:]
}
