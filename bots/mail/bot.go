package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
)

// Config says where letters are handed over and who signs them.
type Config struct {
	SMTPURL  string        // as ParseServer reads it; empty: no letter is ever sent
	From     string        // the sender's address, with a name or without
	Public   string        // base URL of the pages behind links, which are at Public + "/l/" + token; empty: letters lead to none
	Telegram func() string // the name of our bot there, without @; nil, or an empty name: letters don't lead to it
	Log      *slog.Logger  // nil: silent
}

// Bot sends letters. It is safe for use by many goroutines.
type Bot struct {
	store  *postgres.Store
	server *Server // nil: none
	from   *mail.Address
	roots  *x509.CertPool // who vouches for the mail server; nil: whom the machine trusts

	public   string
	telegram func() string // nil: there is none
	files    chan struct{} // bounds the letters with files that are in hand
}

// New returns a bot that hands letters to the mail server; without one, a bot that refuses each of them.
func New(store *postgres.Store, cfg Config) (*Bot, error) {
	if cfg.SMTPURL == "" {
		return &Bot{store: store}, nil
	}
	server, err := ParseServer(cfg.SMTPURL)
	if err != nil {
		return nil, fmt.Errorf("the mail server's address %w", err)
	}
	from, err := mail.ParseAddress(cfg.From)
	if err != nil {
		return nil, errors.New("the sender of letters is not an e-mail address")
	}
	if server.Security == Clear && !server.loopback() && cfg.Log != nil {
		cfg.Log.Warn("letters travel to the mail server in the clear, as was asked for", "host", server.Host)
	}
	return &Bot{store: store, server: &server, from: from, public: cfg.Public, telegram: cfg.Telegram, files: make(chan struct{}, mostWithFiles)}, nil
}

// Send delivers a notice of a case to its complainant, or to a person concerned. What will never arrive is a *jobs.Undeliverable; any other error may
// be gone the next time. No error holds words of a complaint, nor the complainant's address.
func (b *Bot) Send(ctx context.Context, o postgres.Outgoing) error {
	if b.server == nil {
		return &jobs.Undeliverable{State: cases.NotSent, Reason: "no-mail-server"}
	}
	file, err := b.store.File(ctx, o.Number)
	if errors.Is(err, postgres.ErrNotFound) {
		return &jobs.Undeliverable{State: cases.Failed, Reason: "no-such-case"}
	}
	if err != nil {
		return err
	}
	procedure := b.store.ProcedureOf(file.Case.Version)
	if o.Notice.Kind == cases.ApprovalRequest && file.Case.Stage != cases.Awaiting {
		return &jobs.Undeliverable{State: cases.NotSent, Reason: postgres.Overtaken} // it is agreed to, or ended, since this was to be asked
	}
	if err := jobs.MayTell(o, file, procedure, b.store.Now()); err != nil {
		return err
	}
	links, err := b.links(ctx, file, o.Notice)
	if err != nil {
		return err
	}
	if links != (Links{}) { // an address that changed meanwhile took the links along that were made before: this one may not be sent there
		if file, err = b.store.File(ctx, o.Number); err != nil {
			return err
		}
	}
	letter, ok := Compose(file, o.Notice, procedure, links)
	if !ok {
		return &jobs.Undeliverable{State: cases.Failed, Reason: "nothing-to-tell"}
	}
	to, err := address(file, o.Notice)
	if err != nil {
		return err
	}
	message, err := envelope{
		from: b.from, to: to, replyTo: replyTo(procedure), date: procedure.In(b.store.Now()),
		id: idOf(&file.Case, o.Notice, b.from), thread: threadFor(&file.Case, o.Notice, b.from),
	}.seal(letter)
	if err != nil {
		return err
	}
	if along := along(file, o.Notice); len(along) > 0 {
		return b.withFiles(ctx, message, o, along)
	}
	return b.handOver(ctx, message, patience)
}

// address is the complainant's own, with their name: the one that they have now. A change of it is told to the one that they
// had before, and to the one that they gave then. A person concerned is written to at the one that was noted.
func address(f *cases.File, n cases.Notice) (*mail.Address, error) {
	given, name := f.Answers[cases.FieldEmail], nameOf(f)
	switch party, isParty := n.To.Party(); {
	case isParty:
		given, name = f.PartyMail(party), shortened(f.PartyName(party))
	case n.To == cases.ByOldMail:
		given = f.Reach(n.Event - 1)[cases.FieldEmail]
	case n.Kind == cases.ContactNotice:
		given = f.Reach(n.Event)[cases.FieldEmail]
	}
	if given == "" {
		return nil, &jobs.Undeliverable{State: cases.Gone, Reason: "no-address"}
	}
	parsed, err := mail.ParseAddress(given)
	if err != nil {
		return nil, &jobs.Undeliverable{State: cases.Gone, Reason: "no-such-address"}
	}
	return &mail.Address{Name: name, Address: parsed.Address}, nil
}

func replyTo(p *cases.Procedure) *mail.Address {
	to, err := mail.ParseAddress(p.Email)
	if err != nil {
		return nil
	}
	return &mail.Address{Name: clean(p.Organisation), Address: to.Address}
}
