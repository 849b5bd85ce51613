package web

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
)

func TestMain(m *testing.M) {
	os.Exit(postgrestest.Run(m, func(ctx context.Context, url string) error {
		_, _, err := postgres.Migrate(ctx, url)
		return err
	}))
}

// links are a link for each purpose, and what is pressed there.
func (c *counter) links() map[string][]string {
	proposal := c.proposed()
	return map[string][]string{
		"approval": {c.link(c.writeUp(nil), postgres.LinkApproval, 0), doApprove},
		"account":  {c.link(c.invited(), postgres.LinkAccount, 1), doDecline},
		"proposal": {c.link(proposal, postgres.LinkAnswer, 0), doAgree},
		"party":    {c.link(proposal, postgres.LinkAnswer, 1), doAgree},
	}
}

// besides is what the file says after a look: once, that what was put to a person concerned was opened, and nothing else.
func besides(before, after *cases.File, party int) bool {
	was, is := before.Case, after.Case
	is.LastSeq, is.LastHash = was.LastSeq, was.LastHash
	added := after.Events[len(before.Events):]
	opened := len(added) == 1 && added[0].Kind == cases.Read && added[0].By == cases.ByParty(party) && added[0].Data["in"] == "page"
	return reflect.DeepEqual(was, is) && len(after.Letters) == len(before.Letters) && (party > 0 && opened || party == 0 && len(added) == 0)
}

func TestLookingChangesNothingHoweverOften(t *testing.T) {
	c := newCounter(t)
	for name, link := range c.links() {
		token := link[0][strings.LastIndex(link[0], "/")+1:]
		opened, err := c.Link(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		before := c.file(opened.Number)
		if ask(t, "HEAD", link[0], nil); len(c.file(opened.Number).Events) != len(before.Events) {
			t.Errorf("%s: who was shown no page is said to have opened it", name)
		}
		for _, method := range []string{"GET", "HEAD", "GET"} {
			got := ask(t, method, link[0], nil)
			if got.status != 200 || (method == "HEAD") != (got.body == "") {
				t.Errorf("%s: %s gives %d and %d bytes", name, method, got.status, len(got.body))
			}
		}
		if got := ask(t, "DELETE", link[0], nil); got.status != 405 || got.header.Get("Allow") != "GET, HEAD, POST" {
			t.Errorf("%s: DELETE gives %d", name, got.status)
		}
		opened, err = c.Link(t.Context(), token)
		if after := c.file(opened.Number); err != nil || opened.Used || !besides(before, after, opened.Party) {
			t.Errorf("%s: looking changed something: %+v, %v", name, opened, err)
		}
	}
}

func TestPageIsForItsReaderAlone(t *testing.T) {
	c := newCounter(t)
	for name, link := range c.links() {
		for _, got := range []shown{c.look(link[0]), c.press(link[0], "no-such-thing"), c.look(c.address + "/l/unknown"), ask(t, "HEAD", link[0], nil)} {
			for header, want := range map[string]string{
				"Content-Security-Policy": "default-src 'none'; style-src 'sha256-", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
				"X-Robots-Tag": "noindex", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Content-Type": "text/html; charset=utf-8",
			} {
				if !strings.HasPrefix(got.header.Get(header), want) {
					t.Errorf("%s: %s is %q", name, header, got.header.Get(header))
				}
			}
			if got.header.Get("Set-Cookie") != "" {
				t.Errorf("%s: sets a cookie", name)
			}
			if found := fetches.FindString(got.body); found != "" {
				t.Errorf("%s: the page reaches elsewhere: %s", name, found)
			}
			if token := link[0][strings.LastIndex(link[0], "/")+1:]; strings.Contains(got.body, token) {
				t.Errorf("%s: the page repeats its token", name)
			}
		}
	}
}

func TestSecondPressFindsThatItWasDone(t *testing.T) {
	c := newCounter(t)
	for name, link := range c.links() {
		form := c.form(link[0], link[1])
		for n := range 3 {
			if got := c.send(link[0], form); got.status != 303 || !strings.HasPrefix(got.header.Get("Location"), "?lang=") {
				t.Fatalf("%s: press %d gives %d to %q: %s", name, n+1, got.status, got.header.Get("Location"), got.body)
			}
		}
		token := link[0][strings.LastIndex(link[0], "/")+1:]
		opened, err := c.Link(t.Context(), token)
		if err != nil || !opened.Used {
			t.Fatalf("%s: %+v, %v", name, opened, err)
		}
		answers := 0
		for _, e := range c.file(opened.Number).Events {
			if _, is := purposes[opened.Purpose].answers[e.Kind]; is && e.Data["party"] == map[bool]string{true: "", false: number(opened.Party)}[opened.Party == 0] && e.Data["by"] != cases.AgreedInChat {
				answers++
			}
		}
		after := c.look(link[0])
		if answers != 1 || after.status != 200 || strings.Contains(after.body, "<form") || strings.Contains(after.body, canary) || strings.Contains(after.body, "vergoed") {
			t.Errorf("%s: %d answers; then %d: %s", name, answers, after.status, after.body)
		}
		if !after.has(string(opened.Number), "mailto:klachten@example.org", "Lotte (verzonnen)") {
			t.Errorf("%s: says not enough: %s", name, after.body)
		}
	}
}

func TestTwoAtOnceAnswerOnce(t *testing.T) {
	c := newCounter(t)
	number := c.invited()
	link := c.link(number, postgres.LinkAccount, 1)
	form := c.form(link, doTell, fieldAccount, "It was of that day.")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got := c.send(link, form); got.status != 303 {
				t.Errorf("%d", got.status)
			}
		})
	}
	all.Wait()
	heard := 0
	for _, e := range c.file(number).Events {
		if e.Kind == cases.Accounted {
			heard++
		}
	}
	if heard != 1 {
		t.Errorf("heard %d times", heard)
	}
}

func TestLinkThatIsOverIsAnsweredAsOneThatNeverWas(t *testing.T) {
	c := newCounter(t)
	link := c.link(c.writeUp(nil), postgres.LinkApproval, 0)
	form := c.form(link, doApprove)
	never := c.address + PagesAt + strings.Repeat("A", 43)
	c.turn(postgres.LinkDays*24*time.Hour + time.Minute)
	for _, method := range []string{"GET", "POST"} {
		body := func() io.Reader { return strings.NewReader(form.Encode()) }
		over, unknown, short := ask(t, method, link, body()), ask(t, method, never, body()), ask(t, method, c.address+"/l/x", body())
		for _, got := range []shown{over, unknown, short} {
			got.header.Del("Date")
			if got.status != 404 || got.body != over.body || fmt.Sprint(got.header) != fmt.Sprint(over.header) {
				t.Errorf("%s: %d, %v", method, got.status, got.header)
			}
		}
		if !over.has("30 dagen", "Lotte (verzonnen)", "mailto:klachten@example.org", "tel:0201234567", "020 123 4567") || strings.Contains(over.body, canary) {
			t.Errorf("%s: %s", method, over.body)
		}
	}
	if english := ask(t, "GET", never, nil, "Accept-Language", "en-GB,nl;q=0.5"); !english.has(`<html lang="en">`, "30 days") {
		t.Errorf("in English: %s", english.body)
	}
	if chosen := ask(t, "GET", never+"?lang=nl", nil, "Accept-Language", "en"); !chosen.has(`<html lang="nl">`) {
		t.Errorf("in Dutch: %s", chosen.body)
	}
}

func TestOtherSitesPressNothing(t *testing.T) {
	c := newCounter(t)
	number := c.writeUp(nil)
	link := c.link(number, postgres.LinkApproval, 0)
	form := c.form(link, doApprove)
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Site", "", "Origin", "https://evil.example"},
		{"Sec-Fetch-Site", "cross-site", "Origin", "null"},
	} {
		if got := c.send(link, form, headers...); got.status != 403 || strings.Contains(got.body, canary) || !got.has("Lotte (verzonnen)") {
			t.Errorf("%v: %d %s", headers, got.status, got.body)
		}
	}
	if c.file(number).Case.Stage != cases.Awaiting {
		t.Error("another site pressed the button")
	}
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "", "Origin", "https://complaints.example.org"}, {"Sec-Fetch-Site", "", "Origin", c.address},
		{"Sec-Fetch-Site", "", "Origin", "null"}, {"Sec-Fetch-Site", ""}, {"Sec-Fetch-Site", "none"},
	} {
		if got := c.send(c.link(c.writeUp(nil), postgres.LinkApproval, 0), form, headers...); got.status == 403 {
			t.Errorf("our own page was refused: %v", headers)
		}
	}
}

func TestTooMuchIsRefusedKindly(t *testing.T) {
	c := newCounter(t)
	number := c.invited()
	link := c.link(number, postgres.LinkAccount, 1)
	form := c.form(link, doTell, fieldAccount, strings.Repeat("a", mostForm))
	if got := c.send(link, form); got.status != 413 || len(got.body) > 20_000 || !got.has("Dit is te veel voor één keer") {
		t.Errorf("%d: %d bytes", got.status, len(got.body))
	}
	if got := ask(t, "POST", link, strings.NewReader("%zz=%zz;"), "Sec-Fetch-Site", "same-origin"); got.status != 400 {
		t.Errorf("garbage gives %d", got.status)
	}
	if c.last(number).Kind != cases.Read { // the page that the form is of was opened
		t.Error("something was kept")
	}
}

func TestWhatWasWrittenIsNotLostWhenTheDatabaseIs(t *testing.T) {
	c := newCounter(t)
	number := c.invited()
	link := c.link(number, postgres.LinkAccount, 1)
	form := c.form(link, doTell, fieldAccount, "It was \"fresh\".\r\n\r\n<Really>")
	c.breaks(`ALTER TABLE event RENAME TO gone`)
	got := c.send(link, form)
	c.breaks(`ALTER TABLE gone RENAME TO event`)
	if got.status != 503 || !got.has("Try once more") {
		t.Fatalf("%d: %s", got.status, got.body)
	}
	again := url.Values{}
	for _, found := range regexp.MustCompile(`(?s)type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(got.body, -1) {
		again.Set(found[1], html.UnescapeString(found[2]))
	}
	if got := c.send(link, again); got.status != 303 || c.last(number).Words[cases.FieldText] != "It was \"fresh\".\n\n<Really>" {
		t.Errorf("%d: %+v", got.status, c.last(number))
	}
}

func TestLogHoldsNeitherTokenNorWords(t *testing.T) {
	c := newCounter(t)
	link := c.link(c.invited(), postgres.LinkAccount, 1)
	token := link[strings.LastIndex(link, "/")+1:]
	c.press(link, doTell, fieldAccount, canary)
	c.press(link, doTell, fieldAccount, canary)
	broken := c.link(c.invited(), postgres.LinkAccount, 1)
	form := c.form(broken, doTell, fieldAccount, canary)
	for _, trouble := range []string{`ALTER TABLE event_word ADD CONSTRAINT no_room CHECK (false) NOT VALID`, `ALTER TABLE event RENAME TO gone`} {
		c.breaks(trouble)
		if got := c.send(broken, form); got.status != 503 || !got.has("Something went wrong on our side", canary, "<form") {
			t.Errorf("a broken database gives %d: %s", got.status, got.body)
		}
	}
	if got := c.look(broken); got.status != 503 || !got.has("Bij ons ging iets mis") {
		t.Errorf("a broken database gives %d: %s", got.status, got.body)
	}
	log := c.log.String()
	for _, secret := range []string{token, broken[strings.LastIndex(broken, "/")+1:], canary} {
		if strings.Contains(log, secret) {
			t.Errorf("the log repeats %q", secret)
		}
	}
	if !strings.Contains(log, "a link can't be looked up") || !strings.Contains(log, "what was pressed on a page can't be done") || !strings.Contains(log, "purpose=account") {
		t.Errorf("the log does not say what went wrong: %s", log)
	}
}
