package main

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
	"websec.nl/gehoor/i18n"
)

// among starts the program with a public address, or with none, among stand-ins, and opens a store on its database.
func among(t *testing.T, public string) (*served, *playground.Playground, *postgres.Store) {
	t.Helper()
	play := playground.New(playground.Options{})
	if err := play.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { play.Close() })
	t.Setenv("GEHOOR_PUBLIC_URL", public)
	database := postgrestest.URL(t)
	s := startServe(t, play, database, false)
	pool, err := postgres.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	cfg := postgres.Config{Procedure: cases.DefaultProcedure()}
	for _, setting := range s.env {
		if words, is := strings.CutPrefix(setting, "GEHOOR_MASTER_KEY="); is {
			key, err := base64.StdEncoding.DecodeString(words)
			if err != nil {
				t.Fatal(err)
			}
			cfg.MasterKey = postgres.MasterKey(key)
		}
	}
	store, err := postgres.New(pool, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return s, play, store
}

// letter has a complaint written up, and returns its number and the letter that asks its complainant whether it is right.
func letter(t *testing.T, play *playground.Playground, store *postgres.Store) (cases.Number, playground.Letter) {
	t.Helper()
	clerk := cases.Person{Member: "U1", Committee: true, Intake: true}
	made, err := store.WriteUp(t.Context(), postgres.Claim{}, func(number cases.Number, now time.Time) (*cases.Case, error) {
		return cases.WrittenUpBy(clerk, number, cases.WriteUpDraft{Way: cases.ByTelephone, Language: i18n.English, Answers: cases.Words{
			cases.FieldName: "Noor (invented)", cases.FieldProblem: "Nobody rang back.", cases.FieldEmail: "noor@example.org",
		}}, store.Procedure(), now)
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	if err := play.Mail().Wait(ctx, func(all []playground.Letter) bool { return len(all) > 0 }); err != nil {
		t.Fatalf("no letter came: %v", err)
	}
	return made.Number, play.Mail().Letters()[0]
}

var (
	pageLink = regexp.MustCompile(`https://complaints\.example\.org(/l/[A-Za-z0-9_-]{43})`)
	whatSeen = regexp.MustCompile(`name="seen" value="([^"]*)"`)
)

func TestLinkInALetterLeadsToItsPage(t *testing.T) {
	s, play, store := among(t, "https://complaints.example.org")
	number, sent := letter(t, play, store)
	found := pageLink.FindStringSubmatch(sent.Text)
	if found == nil {
		t.Fatalf("the letter leads nowhere: %s", sent.Text)
	}
	status, page := fetch(t, http.MethodGet, "http://"+s.address+found[1], nil)
	seen := whatSeen.FindStringSubmatch(page)
	if status != 200 || seen == nil || !strings.Contains(page, "Nobody rang back.") {
		t.Fatalf("%d: %s", status, page)
	}
	if status, page = fetch(t, http.MethodPost, "http://"+s.address+found[1], url.Values{"do": {"right"}, "seen": {seen[1]}}); status != 200 || !strings.Contains(page, string(number)) {
		t.Errorf("%d: %s", status, page)
	}
	if c, err := store.Case(t.Context(), number); err != nil || c.Stage != cases.Received {
		t.Errorf("%+v, %v", c, err)
	}
	if log := s.log(); strings.Contains(log, found[1]) || strings.Contains(log, "no public address") {
		t.Error(log)
	}
}

func TestWithoutAPublicAddressLettersLeadNowhereAndThatIsSaidOnce(t *testing.T) {
	s, play, store := among(t, "")
	if _, sent := letter(t, play, store); strings.Contains(sent.Text+sent.HTML, "/l/") {
		t.Errorf("the letter leads somewhere: %s", sent.Text)
	}
	if status, page := fetch(t, http.MethodGet, "http://"+s.address+"/l/"+strings.Repeat("A", 43), nil); status != 404 || strings.Contains(page, "<") {
		t.Errorf("%d: %s", status, page)
	}
	if log := s.log(); strings.Count(log, "no public address is set") != 1 {
		t.Error(log)
	}
}

// fetch asks for a page, and follows where it leads.
func fetch(t *testing.T, method, address string, form url.Values) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}
