package mail

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

var tokens = regexp.MustCompile(`(/l/|\?start=)([A-Za-z0-9_-]{43})`)

func TestAWriteUpIsSentWithLinksThatOpenIt(t *testing.T) {
	server := new(post).open(t, nil, false)
	o := newOffice(t, copied(noor[i18n.Dutch]))
	bot, err := New(o.Store, Config{
		SMTPURL: "smtp://" + server.address, From: "complaints@example.org", Public: "https://complaints.example.org/", Telegram: func() string { return "example_bot" },
	})
	if err != nil {
		t.Fatal(err)
	}
	made, err := o.WriteUp(t.Context(), postgres.Claim{}, func(number cases.Number, now time.Time) (*cases.Case, error) {
		return cases.WrittenUpBy(ann, number, cases.WriteUpDraft{Way: cases.ByLetter, Language: i18n.Dutch, Answers: copied(noor[i18n.Dutch])}, o.Procedure(), now)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range o.waiting(t) {
		if out.Number != made.Number {
			continue
		}
		if err := bot.Send(t.Context(), out); err != nil {
			t.Fatal(err)
		}
	}
	letters := server.read(t)
	if len(letters) != 1 {
		t.Fatalf("%d letters", len(letters))
	}
	for _, shown := range []string{letters[0].text, letters[0].html} {
		found := tokens.FindAllStringSubmatch(shown, -1)
		if len(found) != 2 || !strings.Contains(shown, "https://complaints.example.org/l/") || !strings.Contains(shown, "https://t.me/example_bot?start=") {
			t.Fatalf("%v in %s", found, shown)
		}
		for _, one := range found {
			if link, err := o.Link(t.Context(), one[2]); err != nil || link.Number != made.Number || link.Purpose != postgres.LinkApproval || link.Party != 0 {
				t.Errorf("%+v, %v", link, err)
			}
		}
	}
	for name, all := range letters[0].Header {
		if tokens.MatchString(strings.Join(all, " ")) {
			t.Errorf("a token stands in %s", name)
		}
	}
}

func TestAPersonConcernedIsWrittenToWithoutAWordOfTheComplaint(t *testing.T) {
	server := new(post).open(t, nil, false)
	o := newOffice(t, copied(noor[i18n.Dutch]))
	bot, err := New(o.Store, Config{SMTPURL: "smtp://" + server.address, From: "complaints@example.org", Public: "https://complaints.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	o.change(t, func(c *cases.Case, now time.Time) error { return c.Take(ann, now) })
	o.change(t, func(c *cases.Case, now time.Time) error {
		_, err := c.AddParty(ann, cases.PartyDraft{Name: "Vera (invented)", Email: "vera@example.org", Language: i18n.English}, o.Procedure(), now)
		return err
	})
	o.change(t, func(c *cases.Case, now time.Time) error {
		return c.Invite(ann, 1, said[i18n.English]["put"], time.Time{}, o.Procedure(), now)
	})
	for _, out := range o.waiting(t) {
		if out.Notice.Kind == cases.Invitation {
			if err := bot.Send(t.Context(), out); err != nil {
				t.Fatal(err)
			}
		}
	}
	letters := server.read(t)
	if len(letters) != 1 {
		t.Fatalf("%d letters", len(letters))
	}
	letter := letters[0]
	if letter.Get("To") != `"Vera (invented)" <vera@example.org>` || letter.Get("References") != "" || letter.Get("Content-Language") != "en" {
		t.Errorf("%v", letter.Header)
	}
	for _, shown := range []string{letter.text, letter.html, letter.Get("Subject")} {
		for field, words := range noor[i18n.Dutch] {
			for line := range strings.SplitSeq(words, "\n") {
				if len(line) > 8 && strings.Contains(shown, line) {
					t.Errorf("%s stands in the letter: %q", field, line)
				}
			}
		}
	}
	found := tokens.FindStringSubmatch(letter.text)
	if found == nil {
		t.Fatal("there is no link")
	}
	if link, err := o.Link(t.Context(), found[2]); err != nil || link.Purpose != postgres.LinkAccount || link.Party != 1 {
		t.Errorf("%+v, %v", link, err)
	}
}

func TestNobodyIsAskedAboutAWriteUpThatTheyAgreedTo(t *testing.T) {
	server := new(post).open(t, nil, false)
	o := newOffice(t, copied(noor[i18n.Dutch]))
	bot, err := New(o.Store, Config{SMTPURL: "smtp://" + server.address, From: "complaints@example.org", Public: "https://complaints.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	made, err := o.WriteUp(t.Context(), postgres.Claim{}, func(number cases.Number, now time.Time) (*cases.Case, error) {
		return cases.WrittenUpBy(ann, number, cases.WriteUpDraft{Way: cases.ByLetter, Language: i18n.Dutch, Answers: copied(noor[i18n.Dutch])}, o.Procedure(), now)
	})
	if err != nil {
		t.Fatal(err)
	}
	token, err := o.MakeLink(t.Context(), made.Number, postgres.LinkApproval, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.UseLink(t.Context(), token, func(c *cases.Case, f *cases.File, now time.Time) error {
		c.Chat, c.ChatGone = 7009, true // they agreed in a chat that they left
		return c.Approve(cases.AgreedInChat, "", f.Answers, o.Procedure(), now)
	}); err != nil {
		t.Fatal(err)
	}
	for _, out := range o.waiting(t) {
		if out.Number != made.Number || out.Notice.Kind != cases.ApprovalRequest {
			continue
		}
		var never *jobs.Undeliverable
		if err := bot.Send(t.Context(), out); !errors.As(err, &never) || never.State != cases.NotSent || never.Reason != postgres.Overtaken {
			t.Fatal(err)
		}
		if err := o.Lose(t.Context(), postgres.Result{Out: out, State: never.State, Reason: never.Reason}); err != nil {
			t.Fatal(err)
		}
	}
	if c, err := o.Case(t.Context(), made.Number); err != nil || c.MailGone || len(server.read(t)) != 0 {
		t.Errorf("%+v, %v", c, err)
	}
}
