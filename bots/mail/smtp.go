package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
)

// patience is how long a mail server may take for the whole of one letter without files.
const patience = 30 * time.Second

// handOver gives a message to the mail server, on a connection of its own.
func (b *Bot) handOver(ctx context.Context, message *gomail.Msg, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := &connection{bot: b, ctx: ctx}
	defer c.close()
	client, err := gomail.NewClient(b.server.Host, b.options(c, patience)...)
	if err != nil {
		return fmt.Errorf("set up the way to the mail server: %w", err)
	}
	talk, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		// Nothing of the complainant was said yet, so that the server's own words are safe to repeat.
		return fmt.Errorf("reach the mail server: %w", err)
	}
	if err := client.SendWithSMTPClient(talk, message); err != nil && !message.IsDelivered() {
		return verdict(err)
	}
	// It was taken: whether the goodbye succeeds changes nothing.
	_ = client.CloseWithSMTPClient(talk)
	return nil
}

// connection keeps hold of what the library opens: it neither closes it when the greeting or the login goes wrong, nor lets
// go of it when the context ends.
type connection struct {
	bot  *Bot
	ctx  context.Context
	conn net.Conn
	stop func() bool
}

func (c *connection) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c.conn = conn
	c.stop = context.AfterFunc(c.ctx, func() { conn.Close() })
	if c.bot.server.Security != TLS {
		return conn, nil
	}
	closed := tls.Client(conn, c.bot.tls())
	return closed, closed.HandshakeContext(ctx)
}

func (c *connection) close() {
	if c.conn != nil {
		c.stop()
		c.conn.Close()
	}
}

func (b *Bot) tls() *tls.Config {
	return &tls.Config{ServerName: b.server.Host, RootCAs: b.roots, MinVersion: tls.VersionTLS12}
}

func (b *Bot) options(c *connection, patience time.Duration) []gomail.Option {
	policy := gomail.NoTLS
	if b.server.Security == STARTTLS {
		policy = gomail.TLSMandatory
	}
	options := []gomail.Option{
		gomail.WithPort(b.server.Port), gomail.WithTLSPolicy(policy), gomail.WithTLSConfig(b.tls()), gomail.WithTimeout(patience),
		gomail.WithDialContextFunc(c.dial), gomail.WithoutNoop(), gomail.WithoutRset(),
	}
	if b.server.Security == TLS {
		options = append(options, gomail.WithSSL())
	}
	if b.server.User == "" {
		return options
	}
	plain := []gomail.SMTPAuthType{gomail.SMTPAuthPlain, gomail.SMTPAuthLogin}
	if b.server.Security == Clear {
		plain = []gomail.SMTPAuthType{gomail.SMTPAuthCramMD5, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc}
	}
	return append(options, gomail.WithUsername(b.server.User), gomail.WithPassword(b.server.Password),
		gomail.WithOpportunisticSMTPAuth(append([]gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1}, plain...)...))
}

// verdict reads what a mail server said to a letter. The server's own words are left out: they may hold the address.
func verdict(err error) error {
	said, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return errors.New("hand a letter to the mail server: it broke off")
	}
	code, enhanced := said.ErrorCode(), said.EnhancedStatusCode()
	final := code >= 500 && code < 600
	switch {
	case final && said.Reason == gomail.ErrSMTPRcptTo && code != 530 && !strings.HasPrefix(enhanced, "5.7."):
		return &jobs.Undeliverable{State: cases.Gone, Reason: "refused-by-mail-server"}
	case final && said.Reason == gomail.ErrSMTPDataClose && strings.HasPrefix(enhanced, "5.1."):
		return &jobs.Undeliverable{State: cases.Gone, Reason: "refused-by-mail-server"}
	case final && (said.Reason == gomail.ErrSMTPDataClose || said.Reason == gomail.ErrSMTPData) && !strings.HasPrefix(enhanced, "5.7."):
		return &jobs.Undeliverable{State: cases.Failed, Reason: "letter-refused-by-mail-server"}
	}
	// A refused sender (MAIL FROM, 5.7.x) is for the admin to put right, and then the letter goes.
	return fmt.Errorf("hand a letter to the mail server: %s (%d %s)", said.Reason, code, enhanced)
}
