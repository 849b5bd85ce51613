package web

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
	"websec.nl/gehoor/i18n"
)

// sunday is when the complaint of these tests comes in: a quarter past ten in Amsterdam.
var sunday = time.Date(2026, 11, 22, 9, 15, 0, 0, time.UTC)

const settings = `
organisation: Bakkerij De Korst (verzonnen)
contact: Lotte (verzonnen)
telephone: 020 123 4567
email: klachten@example.org
limits: { name: 40, reply: 300 }
questions:
  - { id: name }
  - { id: for }
  - { id: problem }
  - { id: branch, kind: choice, ask: { nl: Welke winkel?, en: Which shop? }, label: { nl: Winkel, en: Shop }, choices: [
      { id: north, label: { nl: Noord, en: North } }, { id: market, label: { nl: Op de markt, en: On the market } } ] }
  - { id: visit, kind: date, ask: { nl: Welke dag?, en: Which day? }, label: { nl: Dag, en: Day } }
  - { id: loaves, kind: number, most: 50, ask: { nl: Hoeveel broden?, en: How many loaves? }, label: { nl: Broden, en: Loaves } }
  - { id: wish, optional: true }
  - { id: contact }
`

// canary stands in the words of the tests' complaint.
const canary = "kanariewoord"

var told = cases.Words{
	cases.FieldName: "Noor (verzonnen)", cases.FieldFor: "another Piet (verzonnen)", cases.FieldProblem: "Het brood was oud.\n\nNiemand luisterde. " + canary,
	cases.FieldOwn + "branch": "north", cases.FieldOwn + "visit": "2026-11-17", cases.FieldOwn + "loaves": "3",
	cases.FieldEmail: "noor@example.org", cases.FieldTelephone: "020 765 4321",
}

var (
	chair = cases.Person{Member: "U1", Committee: true, Chair: true, Representative: true, Intake: true, Chairs: []cases.Member{"U1"}}
	ahead = cases.Person{Member: "U2", Committee: true, Representative: true}
)

// counter is a store with the pages in front of it, and a clock to turn.
type counter struct {
	*postgres.Store
	t       *testing.T
	pool    *pgxpool.Pool
	address string
	log     *ledger

	mu  sync.Mutex
	now time.Time
}

// ledger is a log that many write to.
type ledger struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *ledger) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *ledger) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newCounter(t *testing.T, questions ...string) *counter {
	t.Helper()
	procedure, found := cases.CheckProcedure([]byte(settings+strings.Join(questions, "")), time.Time{}, nil)
	if procedure == nil {
		t.Fatal(found)
	}
	c := &counter{t: t, pool: postgrestest.Pool(t), now: sunday, log: new(ledger)}
	log := slog.New(slog.NewTextHandler(c.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	key, _ := postgres.NewMasterKey()
	var err error
	c.Store, err = postgres.New(c.pool, postgres.Config{MasterKey: key, Procedure: procedure, Now: c.present, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if err := c.KeepProcedure(t.Context()); err != nil {
		t.Fatal(err)
	}
	pages, err := NewPages(c.Store, "https://complaints.example.org", log)
	if err != nil {
		t.Fatal(err)
	}
	c.address, _ = started(t, Config{Log: log, Mounts: map[string]http.Handler{PagesAt: pages}})
	return c
}

func (c *counter) present() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *counter) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// writeUp has a complaint written up that was told on the telephone, with some answers other than those above.
func (c *counter) writeUp(changes cases.Words) cases.Number {
	c.t.Helper()
	answers := cases.Words{}
	for _, words := range []cases.Words{told, changes} {
		for field, said := range words {
			answers[field] = said
		}
	}
	made, err := c.WriteUp(c.t.Context(), postgres.Claim{}, func(number cases.Number, now time.Time) (*cases.Case, error) {
		return cases.WrittenUpBy(chair, number, cases.WriteUpDraft{Way: cases.ByTelephone, Language: i18n.Dutch, Answers: answers}, c.Procedure(), now)
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return made.Number
}

// breaks does something to the database that nobody should.
func (c *counter) breaks(statement string) {
	c.t.Helper()
	if _, err := c.pool.Exec(c.t.Context(), statement); err != nil {
		c.t.Fatal(err)
	}
}

// does changes a case.
func (c *counter) does(number cases.Number, change func(*cases.Case, time.Time) error) {
	c.t.Helper()
	if _, err := c.Change(c.t.Context(), postgres.Claim{}, number, change); err != nil {
		c.t.Fatal(err)
	}
}

// taken has a write-up agreed to, looked at for names, and taken.
func (c *counter) taken() cases.Number {
	c.t.Helper()
	number := c.writeUp(nil)
	c.does(number, func(k *cases.Case, now time.Time) error {
		return k.Approve(cases.AgreedInChat, "", told, c.Procedure(), now)
	})
	c.does(number, func(k *cases.Case, now time.Time) error { return k.Screen(nil, true, c.Procedure(), now) })
	c.does(number, func(k *cases.Case, now time.Time) error { return k.Take(ahead, now) })
	return number
}

const put = "Iemand zegt dat het brood oud was. <b>Klopt dat?</b>"

// invited is a case with a person concerned who was asked for their side.
func (c *counter) invited() cases.Number {
	c.t.Helper()
	number := c.taken()
	c.does(number, func(k *cases.Case, now time.Time) error {
		_, err := k.AddParty(ahead, cases.PartyDraft{Name: "Bram (verzonnen)", Email: "bram@example.org", Language: i18n.English}, c.Procedure(), now)
		return err
	})
	c.does(number, func(k *cases.Case, now time.Time) error {
		return k.Invite(ahead, 1, put, time.Time{}, c.Procedure(), now)
	})
	return number
}

const solution = "Het brood wordt vergoed.\n\nVoortaan staat de bakdag erop."

// proposed is a case in which a solution was put to the complainant and to a person concerned.
func (c *counter) proposed() cases.Number {
	c.t.Helper()
	number := c.invited()
	c.does(number, func(k *cases.Case, now time.Time) error { return k.Account(1, "It was of that day.", now) })
	c.does(number, func(k *cases.Case, now time.Time) error { return k.Propose(ahead, solution, now) })
	return number
}

func (c *counter) link(number cases.Number, purpose postgres.LinkPurpose, party int) string {
	c.t.Helper()
	token, err := c.MakeLink(c.t.Context(), number, purpose, party)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.address + PagesAt + token
}

func (c *counter) file(number cases.Number) *cases.File {
	c.t.Helper()
	f, err := c.File(c.t.Context(), number)
	if err != nil {
		c.t.Fatal(err)
	}
	return f
}

// last is the last event of a case.
func (c *counter) last(number cases.Number) cases.Event {
	c.t.Helper()
	f := c.file(number)
	return f.Events[len(f.Events)-1]
}

// shown is a page as its reader got it, but for its style.
type shown struct {
	status int
	body   string
	header http.Header
}

// has says whether all of these stand in the page.
func (s shown) has(all ...string) bool {
	return !slices.ContainsFunc(all, func(one string) bool { return !strings.Contains(s.body, one) })
}

// quietly does not follow where it is sent.
var quietly = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func ask(t *testing.T, method, address string, body io.Reader, headers ...string) shown {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			request.Header.Del(headers[i])
		}
	}
	response, err := quietly.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return shown{response.StatusCode, strings.Replace(string(said), styleSource, "", 1), response.Header}
}

func (c *counter) look(address string) shown { return ask(c.t, http.MethodGet, address, nil) }

var (
	seen    = regexp.MustCompile(`name="seen" value="([^"]*)"`)
	lang    = regexp.MustCompile(`name="lang" value="([^"]*)"`)
	fetches = regexp.MustCompile(`(?i)<(script|img|iframe|link|object|embed)\b|\bsrc=|\bon[a-z]+=|https?://|style="`)
)

// press looks at a page and presses a button of it, with something typed in its fields.
func (c *counter) press(address, do string, typed ...string) shown {
	c.t.Helper()
	return c.send(address, c.form(address, do, typed...))
}

// form is what is sent when a button of a page is pressed.
func (c *counter) form(address, do string, typed ...string) url.Values {
	c.t.Helper()
	page := c.look(address)
	form := url.Values{"do": {do}}
	for name, at := range map[string]*regexp.Regexp{"seen": seen, "lang": lang} {
		if found := at.FindStringSubmatch(page.body); found != nil {
			form.Set(name, found[1])
		}
	}
	for i := 0; i+1 < len(typed); i += 2 {
		form.Set(typed[i], typed[i+1])
	}
	return form
}

func (c *counter) send(address string, form url.Values, headers ...string) shown {
	c.t.Helper()
	return ask(c.t, http.MethodPost, address, strings.NewReader(form.Encode()), headers...)
}
