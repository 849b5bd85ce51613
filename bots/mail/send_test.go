package mail

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
	"websec.nl/gehoor/i18n"
)

func TestMain(m *testing.M) {
	postgrestest.Main(m, func(ctx context.Context, url string) error {
		_, _, err := postgres.Migrate(ctx, url)
		return err
	})
}

// post is a mail server on this machine that keeps what it takes.
type post struct {
	address string
	user    string // who may log in, with the password geheim; empty: anybody sends
	refuse  func(stage string) error

	mu    sync.Mutex
	taken [][]byte
	to    []string
}

// open starts the server; with a certificate it offers STARTTLS, or speaks TLS from the first byte.
func (p *post) open(t *testing.T, certificate *tls.Certificate, immediately bool) *post {
	t.Helper()
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &talk{post: p}, nil }))
	server.AllowInsecureAuth, server.ErrorLog = true, log.New(io.Discard, "", 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.address = listener.Addr().String()
	if certificate != nil {
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*certificate}}
		if immediately {
			listener = tls.NewListener(listener, server.TLSConfig)
		}
	}
	var ended sync.WaitGroup
	ended.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() {
		server.Close()
		listener.Close() // of which the server does not know where it had no time to begin
		ended.Wait()
	})
	return p
}

type talk struct {
	post     *post
	loggedIn bool
}

func (s *talk) say(stage string) error {
	if s.post.refuse == nil {
		return nil
	}
	return s.post.refuse(stage)
}

func (s *talk) Reset()                   {}
func (s *talk) Logout() error            { return nil }
func (s *talk) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *talk) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.post.user || password != "geheim" {
			return smtp.ErrAuthFailed
		}
		s.loggedIn = true
		return nil
	}), nil
}

func (s *talk) Mail(string, *smtp.MailOptions) error {
	if s.post.user != "" && !s.loggedIn {
		return smtp.ErrAuthRequired
	}
	return s.say("from")
}

func (s *talk) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.post.mu.Lock()
	s.post.to = append(s.post.to, to)
	s.post.mu.Unlock()
	return s.say("to")
}

func (s *talk) Data(r io.Reader) error {
	letter, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.say("data"); err != nil {
		return err
	}
	s.post.mu.Lock()
	s.post.taken = append(s.post.taken, letter)
	s.post.mu.Unlock()
	return nil
}

// arrived is a letter as its reader's program sees it.
type arrived struct {
	mail.Header
	text, html string
}

func (p *post) read(t *testing.T) (all []arrived) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, raw := range p.taken {
		message, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		a := arrived{Header: message.Header}
		kind, options, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
		if err != nil || kind != "multipart/alternative" {
			t.Fatalf("%q (%v)", kind, err)
		}
		parts := multipart.NewReader(message.Body, options["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			words, err := io.ReadAll(quotedprintable.NewReader(part))
			if err != nil {
				t.Fatal(err)
			}
			unified := strings.ReplaceAll(string(words), "\r\n", "\n")
			if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
				a.html = unified
			} else {
				a.text = unified
			}
		}
		all = append(all, a)
	}
	return all
}

// office is a store with a case, and the letters that wait for it.
type office struct {
	*postgres.Store
	number cases.Number
	now    time.Time
}

func newOffice(t *testing.T, answers cases.Words) *office {
	t.Helper()
	key, _ := postgres.NewMasterKey()
	o := &office{now: sunday}
	store, err := postgres.New(postgrestest.Pool(t), postgres.Config{
		MasterKey: key, Procedure: asking(), Now: func() time.Time { return o.now },
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Store = store
	err = store.Converse(t.Context(), []postgres.Update{{ID: 1, Chat: 7001}}, func(turn *postgres.Turn) error {
		turn.Append(1, answers[cases.FieldProblem], 0)
		for range 2 {
			if err := turn.Attach("", cases.FieldProblem, 0, cases.Attachment{ID: "source", Type: "image/jpeg"}, ""); err != nil {
				return err
			}
		}
		made, err := turn.Submit(complaint(i18n.Dutch, answers))
		if err == nil {
			o.number = made.Number
		}
		turn.Session = []byte(`{}`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	o.change(t, screen)
	return o
}

// screen lets the committee see a case.
func screen(c *cases.Case, now time.Time) error { return c.Screen(nil, true, asking(), now) }

// waiting are the letters that wait.
func (o *office) waiting(t *testing.T) (letters []postgres.Outgoing) {
	t.Helper()
	all, err := o.Waiting(t.Context(), nil, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range all {
		if strings.HasPrefix(out.Lane, postgres.LaneMail) {
			letters = append(letters, out)
		}
	}
	return letters
}

func (o *office) change(t *testing.T, do func(c *cases.Case, now time.Time) error) {
	t.Helper()
	if _, err := o.Change(t.Context(), postgres.Claim{}, o.number, do); err != nil {
		t.Fatal(err)
	}
}

func (o *office) bot(t *testing.T, address string) *Bot {
	t.Helper()
	bot, err := New(o.Store, Config{SMTPURL: address, From: "Klachtencommissie WebSéc <complaints@example.org>"})
	if err != nil {
		t.Fatal(err)
	}
	return bot
}

func copied(w cases.Words) cases.Words {
	all := cases.Words{}
	for field, words := range w {
		all[field] = words
	}
	return all
}

func TestLettersArriveAndMakeOneThread(t *testing.T) {
	server := new(post).open(t, nil, false)
	o := newOffice(t, copied(noor[i18n.Dutch]))
	bot := o.bot(t, "smtp://"+server.address)
	o.change(t, func(c *cases.Case, now time.Time) error { c.ChatGone = true; return c.Take(ann, now) })
	o.change(t, func(c *cases.Case, now time.Time) error {
		at := *o.Procedure()
		at.TakeBack = 0
		return c.Write(ann, cases.WriteDraft{Text: "Wilt u ons bellen?"}, &at, now)
	})
	waiting := o.waiting(t)
	for _, out := range append(waiting, waiting[0]) {
		if err := bot.Send(t.Context(), out); err != nil {
			t.Fatal(err)
		}
	}
	letters := server.read(t)
	if len(letters) != 4 {
		t.Fatalf("%d letters", len(letters))
	}
	first := letters[0]
	for name, want := range map[string]string{
		"From": `=?utf-8?q?Klachtencommissie_WebS=C3=A9c?= <complaints@example.org>`, "To": `"Noor (verzonnen)" <noor@example.org>`,
		"Reply-To": `"WebSec" <complaints@websec.nl>`, "Auto-Submitted": "auto-generated", "Content-Language": "nl",
		"Subject": "Ontvangstbevestiging van uw klacht K-2026-0001", "Date": "Sun, 22 Nov 2026 10:15:00 +0100",
		"Message-Id": "<K-2026-0001.1795338900@example.org>", "References": "", "User-Agent": "",
	} {
		if got := first.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	golden(t, "acknowledgement.nl.txt", "Subject: "+first.Get("Subject")+"\n\n"+first.text)
	golden(t, "acknowledgement.nl.html", first.html)
	if again := letters[3].Get("Message-Id"); again != first.Get("Message-Id") {
		t.Errorf("a repeated letter has another identifier, %s", again)
	}
	for i, subject := range []string{"Uw klacht K-2026-0001 is in behandeling", "Bericht over uw klacht K-2026-0001"} {
		next := letters[1+i]
		if next.Get("References") != first.Get("Message-Id") || next.Get("In-Reply-To") != first.Get("Message-Id") || next.Get("Subject") != subject {
			t.Errorf("letter %q is not on the thread: %v", subject, next.Header)
		}
	}
}

func TestHostileNameMakesNoHeader(t *testing.T) {
	server := new(post).open(t, nil, false)
	o := newOffice(t, hostile())
	if err := o.bot(t, "smtp://"+server.address).Send(t.Context(), o.waiting(t)[0]); err != nil {
		t.Fatal(err)
	}
	letter := server.read(t)[0]
	to, err := letter.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Address != "noor@example.org" || strings.ContainsAny(to[0].Name, "\r\n\u202e") {
		t.Errorf("to %v (%v)", to, err)
	}
	if letter.Get("Bcc") != "" || len(server.to) != 1 {
		t.Errorf("it went to %v, Bcc %q", server.to, letter.Get("Bcc"))
	}
}

func TestRefusalsAreToldApart(t *testing.T) {
	o := newOffice(t, copied(noor[i18n.Dutch]))
	out := o.waiting(t)[0]
	for _, c := range []struct {
		name, stage string
		refusal     smtp.SMTPError
		state       cases.DeliveryState // empty: to be tried again
		reason      string
	}{
		{"unknown recipient", "to", smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no noor@example.org here"}, cases.Gone, "refused-by-mail-server"},
		{"no enhanced code", "to", smtp.SMTPError{Code: 553, EnhancedCode: smtp.NoEnhancedCode, Message: "no"}, cases.Gone, "refused-by-mail-server"},
		{"unknown recipient, said late", "data", smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no noor@example.org here"}, cases.Gone, "refused-by-mail-server"},
		{"letter too large", "data", smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 3, 4}, Message: "too big"}, cases.Failed, "letter-refused-by-mail-server"},
		{"mailbox full for now", "to", smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "full for noor@example.org"}, "", ""},
		{"greylisted", "to", smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "come back later, noor@example.org"}, "", ""},
		{"busy", "data", smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "busy"}, "", ""},
		{"we may not relay", "to", smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "relay access denied for noor@example.org"}, "", ""},
		{"sender refused", "from", smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "not you"}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := (&post{refuse: func(stage string) error {
				if stage == c.stage {
					return &c.refusal
				}
				return nil
			}}).open(t, nil, false)
			err := o.bot(t, "smtp://"+server.address).Send(t.Context(), out)
			verdict, final := errors.AsType[*jobs.Undeliverable](err)
			switch {
			case err == nil:
				t.Fatal("it was sent")
			case final != (c.state != ""):
				t.Fatalf("%v", err)
			case final && (verdict.State != c.state || verdict.Reason != c.reason):
				t.Errorf("%v", err)
			}
			if strings.Contains(err.Error(), "noor") {
				t.Errorf("the error holds the address: %v", err)
			}
		})
	}
}

func TestUnreachableServerIsTriedAgain(t *testing.T) {
	o := newOffice(t, copied(noor[i18n.Dutch]))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	silent := listener.Addr().String()
	defer listener.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	for _, address := range []string{"127.0.0.1:1", silent} {
		err := o.bot(t, "smtp://"+address).Send(ctx, o.waiting(t)[0])
		if _, final := errors.AsType[*jobs.Undeliverable](err); err == nil || final {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestWithoutAServerOrAnAddressNothingIsSent(t *testing.T) {
	o := newOffice(t, copied(noor[i18n.Dutch]))
	out := o.waiting(t)[0]
	check := func(bot *Bot, out postgres.Outgoing, state cases.DeliveryState, reason string) {
		t.Helper()
		err := bot.Send(t.Context(), out)
		if verdict, ok := errors.AsType[*jobs.Undeliverable](err); !ok || verdict.State != state || verdict.Reason != reason {
			t.Errorf("%v, want %s (%s)", err, state, reason)
		}
	}
	check(o.bot(t, ""), out, cases.NotSent, "no-mail-server")
	bot := o.bot(t, "smtp://127.0.0.1:1")
	check(bot, postgres.Outgoing{Number: "K-2026-9999", Notice: out.Notice}, cases.Failed, "no-such-case")
	check(bot, postgres.Outgoing{Number: out.Number, Notice: cases.Notice{Kind: cases.Summary, To: cases.ByMail, Event: 1}}, cases.Failed, "nothing-to-tell")
	for address, reason := range map[string]string{"": "no-address", "noor": "no-such-address", "a@example.org, b@example.org": "no-such-address"} {
		answers := copied(noor[i18n.Dutch])
		answers[cases.FieldEmail] = address
		without := newOffice(t, answers)
		check(without.bot(t, "smtp://127.0.0.1:1"), postgres.Outgoing{Number: without.number, Notice: out.Notice}, cases.Gone, reason)
	}
}

// certified makes a certificate for the name localhost, and who vouches for it.
func certified(t *testing.T) (*tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	signed, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(signed)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: key}, roots
}

func TestWayToTheServerIsClosedToOthers(t *testing.T) {
	certificate, roots := certified(t)
	o := newOffice(t, copied(noor[i18n.Dutch]))
	out := o.waiting(t)[0]
	starttls := (&post{user: "gehoor"}).open(t, certificate, false)
	immediate := (&post{user: "gehoor"}).open(t, certificate, true)
	clear := (&post{user: "gehoor"}).open(t, nil, false)
	port := func(p *post) string { _, port, _ := net.SplitHostPort(p.address); return port }
	for _, c := range []struct {
		address string
		roots   *x509.CertPool
		sent    bool
	}{
		{"smtp://gehoor:geheim@localhost:" + port(starttls) + "?tls=starttls", roots, true},
		{"smtps://gehoor:geheim@localhost:" + port(immediate), roots, true},
		{"smtp://gehoor:geheim@localhost:" + port(clear) + "?tls=none", nil, true},
		{"smtp://gehoor:geheim@localhost:" + port(clear), nil, true},
		{"smtp://gehoor:geheim@localhost:" + port(clear) + "?tls=starttls", nil, false},
		{"smtp://gehoor:geheim@localhost:" + port(starttls) + "?tls=starttls", nil, false}, // nobody vouches for it
		{"smtps://gehoor:geheim@localhost:" + port(immediate), nil, false},
		{"smtps://gehoor:geheim@localhost:" + port(clear), roots, false},
		{"smtp://gehoor:fout@localhost:" + port(clear), nil, false},
		{"smtp://localhost:" + port(clear), nil, false},
	} {
		bot := o.bot(t, c.address)
		bot.roots = c.roots
		err := bot.Send(t.Context(), out)
		if (err == nil) != c.sent {
			t.Errorf("%s: %v", c.address, err)
		}
		if _, final := errors.AsType[*jobs.Undeliverable](err); final {
			t.Errorf("%s: a wrong setting was taken for the complainant's fault: %v", c.address, err)
		}
		if err != nil && (strings.Contains(err.Error(), "geheim") || strings.Contains(err.Error(), "fout")) {
			t.Errorf("the error holds the password: %v", err)
		}
	}
	if n := len(clear.read(t)); n != 2 {
		t.Errorf("%d letters in the clear", n)
	}
}

func TestLetterThatWasTakenIsSentEvenIfTheGoodbyeFails(t *testing.T) {
	o := newOffice(t, copied(noor[i18n.Dutch]))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() { // says yes to all, and hangs up once it has the letter
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "220 hello\r\n")
		var buffer [4096]byte
		body := false
		for {
			n, err := conn.Read(buffer[:])
			if err != nil {
				return
			}
			said := string(buffer[:n])
			switch {
			case body && strings.HasSuffix(said, "\r\n.\r\n"):
				_, _ = io.WriteString(conn, "250 taken\r\n")
				return
			case body:
			case strings.HasPrefix(said, "DATA"):
				body = true
				_, _ = io.WriteString(conn, "354 go on\r\n")
			default:
				_, _ = io.WriteString(conn, "250 yes\r\n")
			}
		}
	}()
	if err := o.bot(t, "smtp://"+listener.Addr().String()).Send(t.Context(), o.waiting(t)[0]); err != nil {
		t.Error(err)
	}
}

func TestTheAddressOfBeforeAndTheNewOneBothHearThatItChanged(t *testing.T) {
	server := new(post).open(t, nil, false)
	o := newOffice(t, copied(noor[i18n.Dutch]))
	bot := o.bot(t, "smtp://"+server.address)
	o.change(t, func(c *cases.Case, now time.Time) error { return c.ChangeContact("", "noor.new@example.org", now) })
	o.change(t, func(c *cases.Case, now time.Time) error { return c.ChangeContact("", "noor.newest@example.org", now) })
	told := map[string]int{}
	for _, out := range o.waiting(t) {
		if out.Notice.Kind != cases.ContactNotice {
			continue
		}
		if err := bot.Send(t.Context(), out); err != nil {
			t.Fatal(err)
		}
	}
	for _, letter := range server.read(t) {
		told[letter.Get("To")]++
		if strings.Contains(letter.text, "vorige") || letter.Get("Subject") != "Uw contactgegevens bij zaak K-2026-0001 zijn gewijzigd" {
			t.Errorf("%s: %s", letter.Get("Subject"), letter.text)
		}
	}
	for to, want := range map[string]int{"noor@example.org": 1, "noor.new@example.org": 2, "noor.newest@example.org": 1} {
		if got := told[`"Noor (verzonnen)" <`+to+`>`]; got != want {
			t.Errorf("%s got %d letters, want %d; all: %v", to, got, want, told)
		}
	}
}
