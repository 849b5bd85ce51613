package playground

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Letter is a mail that arrived.
type Letter struct {
	ID          int
	At          time.Time
	From        string   // of the envelope
	To          []string // of the envelope
	Subject     string
	Text        string
	HTML        string
	Attachments []Enclosure
	Header      map[string][]string
	Raw         []byte
}

// Enclosure is a file that came with a letter.
type Enclosure struct {
	Name string
	Type string // media type, without parameters
	Data []byte
}

// MailFailure is what the mail server does instead of accepting.
type MailFailure struct {
	Code    int    // 450 comes back later, 550 never
	Message string // default: what goes with the code
	Hang    bool   // say nothing until the sender gives up
	Drop    bool   // accept the letter, and end the connection before saying so
}

// Mail stands in for a mail server: it takes letters from anybody to anybody.
type Mail struct {
	play     *Playground
	server   *smtp.Server
	listener net.Listener

	mu      sync.Mutex
	letters []Letter
	fail    func(from, to string) *MailFailure
	changed signal
}

const maxLetter = 25 << 20

func newMail(p *Playground) *Mail { return &Mail{play: p} }

func (m *Mail) start(ctx context.Context) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen for the playground's mail server: %w", err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailSession{mail: m}, nil }))
	server.Domain = "mail.playground.invalid"
	server.AllowInsecureAuth = true
	server.EnableSMTPUTF8 = true
	server.EnableDSN = true
	server.MaxMessageBytes = maxLetter
	server.MaxRecipients = 100
	server.ReadTimeout, server.WriteTimeout = time.Minute, time.Minute
	server.ErrorLog = quietLog{m.play}
	m.mu.Lock()
	m.server, m.listener = server, listener
	m.mu.Unlock()
	m.play.work.Go(func() {
		if err := server.Serve(listener); err != nil && !errors.Is(err, smtp.ErrServerClosed) && m.play.ctx.Err() == nil {
			m.play.log.Error("playground: serve SMTP", "error", err)
		}
	})
	return nil
}

// quietLog keeps what a broken conversation was about out of the log.
type quietLog struct{ play *Playground }

func (l quietLog) Printf(string, ...any) {
	l.play.log.Debug("playground: a mail conversation broke off")
}
func (l quietLog) Println(...any) { l.play.log.Debug("playground: a mail conversation broke off") }

func (m *Mail) close() error {
	m.mu.Lock()
	server, listener := m.server, m.listener
	m.mu.Unlock()
	if server == nil {
		return nil
	}
	// The server closes its listener only if it came to serve it; who is closed at once would otherwise listen for ever.
	for _, err := range []error{server.Close(), listener.Close()} {
		if err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("close the playground's mail server: %w", err)
		}
	}
	return nil
}

// Address is host:port of the mail server. Valid after Start.
func (m *Mail) Address() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.listener == nil {
		return ""
	}
	return m.listener.Addr().String()
}

// Letters are all letters that arrived, oldest first.
func (m *Mail) Letters() []Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.letters)
}

// Wait returns once ok says yes to the letters, or with the context's cause when that ends first.
func (m *Mail) Wait(ctx context.Context, ok func([]Letter) bool) error {
	return m.changed.until(ctx, func() bool { return ok(m.Letters()) })
}

// Fail lets a function say, recipient by recipient, what goes wrong; nil from it: nothing. A nil function: nothing ever.
func (m *Mail) Fail(f func(from, to string) *MailFailure) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = f
}

// mailSession is one conversation with a sender.
type mailSession struct {
	mail *Mail
	from string
	to   []string
	drop bool
}

var _ smtp.AuthSession = (*mailSession)(nil)

func (s *mailSession) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login} }

// Auth accepts every name and password: it is not what is tried out here.
func (s *mailSession) Auth(mechanism string) (sasl.Server, error) {
	if mechanism == sasl.Login {
		return &loginServer{}, nil
	}
	return sasl.NewPlainServer(func(_, _, _ string) error { return nil }), nil
}

// loginServer asks for a name and a password, and takes any.
type loginServer struct{ asked int }

func (l *loginServer) Next([]byte) ([]byte, bool, error) {
	l.asked++
	switch l.asked {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		return []byte("Password:"), false, nil
	}
	return nil, true, nil
}

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.mu.Lock()
	fail := s.mail.fail
	s.mail.mu.Unlock()
	if fail != nil {
		if f := fail(s.from, to); f != nil {
			switch {
			case f.Hang:
				<-s.mail.play.ctx.Done()
				return smtp.ErrServerClosed
			case f.Drop:
				s.drop = true
			default:
				return f.reply()
			}
		}
	}
	s.to = append(s.to, to)
	return nil
}

func (f *MailFailure) reply() error {
	message := f.Message
	switch {
	case message != "":
	case f.Code < 500:
		message = "Requested mail action not taken: mailbox unavailable"
	default:
		message = "No such user here"
	}
	return &smtp.SMTPError{Code: f.Code, EnhancedCode: smtp.EnhancedCode{f.Code / 100, 1, 1}, Message: message}
}

func (s *mailSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	letter, err := readLetter(raw)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "The letter can't be read: " + err.Error()}
	}
	letter.At, letter.From, letter.To, letter.Raw = s.mail.play.clock.Now(), s.from, s.to, raw
	s.mail.mu.Lock()
	letter.ID = len(s.mail.letters) + 1
	s.mail.letters = append(s.mail.letters, letter)
	s.mail.mu.Unlock()
	s.mail.changed.send()
	s.mail.play.changed()
	if s.drop {
		return errors.New("the connection ends here")
	}
	return nil
}

func (s *mailSession) Reset() { s.from, s.to, s.drop = "", nil, false }

func (s *mailSession) Logout() error { return nil }

// showFile gives the page a file that came with a letter.
func (m *Mail) showFile(w http.ResponseWriter, r *http.Request) {
	letter, err := strconv.Atoi(r.PathValue("letter"))
	number, otherwise := strconv.Atoi(r.PathValue("number"))
	all := m.Letters()
	at := slices.IndexFunc(all, func(l Letter) bool { return l.ID == letter })
	if errors.Join(err, otherwise) != nil || at < 0 || number < 0 || number >= len(all[at].Attachments) {
		http.NotFound(w, r)
		return
	}
	one := all[at].Attachments[number]
	show(w, r, one.Type, one.Data)
}
