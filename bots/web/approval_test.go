package web

import (
	"html"
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

func TestWriteUpIsShownWholeAndAgreedTo(t *testing.T) {
	c := newCounter(t)
	number := c.writeUp(nil)
	link := c.link(number, postgres.LinkApproval, 0)
	page := c.look(link)
	if !page.has(`<html lang="nl">`, string(number), "aan de telefoon", "Noor (verzonnen)", "Namens iemand anders: Piet (verzonnen)", "Niemand luisterde.", "Welke winkel?", "Noord",
		"dinsdag 17 november 2026", "Hoeveel broden?", "noor@example.org", "020 765 4321", "Niet ingevuld") {
		t.Errorf("not all of it is shown: %s", page.body)
	}
	c.turn(48 * time.Hour)
	if got := c.press(link, doApprove); got.status != 303 {
		t.Fatalf("%d: %s", got.status, got.body)
	}
	f := c.file(number)
	e := c.last(number)
	if f.Case.Stage != cases.Received || !f.Case.Received.Equal(c.present()) || e.Kind != cases.Approved || e.By != cases.Complainant || e.Data["by"] != cases.AgreedOnPage {
		t.Errorf("%+v, %+v", f.Case, e)
	}
	if e.Data["fingerprint"] != cases.Fingerprint(f.Answers) || cases.Fingerprint(f.Answers) != cases.Fingerprint(told) {
		t.Error("what was agreed to is not what stands")
	}
	if after := c.look(link); !after.has("Wij behandelen nu uw klacht", "dinsdag 24 november 2026 om 10.15 uur", "dinsdag 8 december 2026") {
		t.Errorf("afterwards: %s", after.body)
	}
}

func TestAnswersAreCorrectedBeforeTheyAreAgreedTo(t *testing.T) {
	c := newCounter(t)
	number := c.writeUp(nil)
	link := c.link(number, postgres.LinkApproval, 0)
	got := c.press(link, doApprove,
		"to-name", "Noor Verzonnen", "to-for", "joint", names, "Piet en Kees (verzonnen)", "to-problem", "Het brood was oud.\r\n\r\nNiemand luisterde. "+canary, "to-own.branch", "market",
		"to-own.visit", "2026-11-18", "to-own.loaves", "4", "to-wish", "Geld terug.\r\n<i>Graag</i>", "to-email", "noor.verzonnen@example.org", "to-telephone", "020 765 4322")
	if got.status != 303 {
		t.Fatalf("%d: %s", got.status, got.body)
	}
	f := c.file(number)
	want := cases.Words{
		"name": "Noor Verzonnen", "for": "joint Piet en Kees (verzonnen)", "problem": told["problem"], "own.branch": "market", "own.visit": "2026-11-18", "own.loaves": "4",
		"wish": "Geld terug.\n<i>Graag</i>", "email": "noor.verzonnen@example.org", "telephone": "020 765 4322",
	}
	for field, words := range want {
		if f.Answers[field] != words {
			t.Errorf("%s is %q, and must be %q", field, f.Answers[field], words)
		}
	}
	corrected := map[string]bool{}
	for _, e := range f.Events {
		if e.Kind == cases.Corrected && e.By == cases.Complainant {
			corrected[e.Data["field"]] = true
		}
	}
	if corrected["problem"] || len(corrected) != 8 || c.last(number).Data["fingerprint"] != cases.Fingerprint(want) {
		t.Errorf("corrected %v", corrected)
	}
}

func TestWhatIsWrongIsSaidAtItsFieldAndNothingTypedIsLost(t *testing.T) {
	c := newCounter(t)
	number := c.writeUp(nil)
	link := c.link(number, postgres.LinkApproval, 0)
	const mine = `Zeg "ja" <script>alert(1)</script> & ga door`
	for _, wrong := range []struct{ name, typed, said string }{
		{"to-name", strings.Repeat("é", 41), "41 tekens, en er is plaats voor 40"}, {"to-name", "", "niet leeg"}, {"to-problem", " \r\n ", "niet leeg"},
		{"to-email", "noor@example", "niet volledig"}, {"to-email", "Noor <noor@example.org>", "niet volledig"}, {"to-telephone", "12", "niet volledig"},
		{"to-own.branch", "south", "Kies een"}, {"to-own.visit", "morgen", "Vul een dag in"}, {"to-own.loaves", "51", "van 0 tot en met 50"}, {"to-for", "nobody", "Kies een"},
		{names, "", "om wie het gaat"}, {"to-problem", strings.Repeat("a", 30_001), "30.001 tekens, en er is plaats voor 30.000"},
		{fieldWhy, strings.Repeat("a", 301), "301 tekens"}, {fieldWhy, "Dit ken ik niet", "Maak dit leeg"},
	} {
		got := c.press(link, doApprove, "to-wish", mine, "to-for", "another", names, "Piet (verzonnen)", wrong.name, wrong.typed)
		if got.status != 422 || !got.has(wrong.said, `href="#`+wrong.name+`"`, `id="`+wrong.name+`-failure"`, `aria-invalid="true"`, html.EscapeString(mine)) || strings.Contains(got.body, "<script>") {
			t.Errorf("%s: %d %s", wrong.name, got.status, got.body)
		}
		if f := c.file(number); f.Case.Stage != cases.Awaiting || len(f.Events) != 1 {
			t.Fatalf("%s: something was kept", wrong.name)
		}
	}
	if got := c.press(link, doApprove, "to-wish", "Geld terug"); got.status != 303 {
		t.Errorf("once it is right: %d", got.status)
	}
}

func TestWordsAreShownAsTheyWereTyped(t *testing.T) {
	c := newCounter(t)
	const nasty = "</textarea><script>alert('x')</script><img src=x onerror=alert(1)> {{.Organisation}} \" onfocus=\"alert(1)"
	number := c.writeUp(cases.Words{cases.FieldProblem: nasty, cases.FieldName: nasty[:30], cases.FieldFor: "another " + nasty})
	link := c.link(number, postgres.LinkApproval, 0)
	page := c.look(link)
	if strings.Contains(page.body, "<script") || strings.Contains(page.body, "<img") || strings.Contains(page.body, `" onfocus`) || !page.has("&lt;/textarea&gt;&lt;script&gt;", "{{.Organisation}}") {
		t.Error(page.body)
	}
	if got := c.press(link, doApprove); got.status != 303 || cases.Fingerprint(c.file(number).Answers) != c.last(number).Data["fingerprint"] || c.file(number).Answers[cases.FieldProblem] != nasty {
		t.Errorf("%d: %+v", got.status, c.file(number).Answers)
	}
}

func TestWriteUpThatIsNotTheirsEnds(t *testing.T) {
	c := newCounter(t)
	for _, why := range []string{"", "Ik heb niet gebeld."} {
		number := c.writeUp(nil)
		link := c.link(number, postgres.LinkApproval, 0)
		if got := c.press(link, doDisown, fieldWhy, why); got.status != 303 {
			t.Fatalf("%d: %s", got.status, got.body)
		}
		if e := c.last(number); e.Kind != cases.NotApproved || e.Words[cases.FieldText] != why || c.file(number).Case.Outcome != cases.OutcomeLapsed {
			t.Errorf("%+v", e)
		}
		if after := c.look(link); !after.has("Wij behandelen deze klacht niet") {
			t.Error(after.body)
		}
	}
}

func TestNobodyAgreesToMoreThanTheyRead(t *testing.T) {
	c := newCounter(t)
	number := c.writeUp(nil)
	link := c.link(number, postgres.LinkApproval, 0)
	form := c.form(link, doApprove, "to-name", "Noor V. (verzonnen)")
	c.does(number, func(k *cases.Case, now time.Time) error {
		return k.CorrectAnswer(cases.FieldProblem, "Het brood was beschimmeld.", cases.By("U1"), now)
	})
	got := c.send(link, form)
	if got.status != 422 || !got.has("De tekst is veranderd", "Het brood was beschimmeld.", "Noor V. (verzonnen)") || c.file(number).Case.Stage != cases.Awaiting {
		t.Errorf("%d: %s", got.status, got.body)
	}
	if got := c.press(link, doApprove); got.status != 303 {
		t.Errorf("once it was read: %d", got.status)
	}
}

func TestLinkOfWhatWasAgreedToElsewhereSaysSo(t *testing.T) {
	c := newCounter(t)
	number := c.writeUp(nil)
	link := c.link(number, postgres.LinkApproval, 0)
	form := c.form(link, doApprove)
	c.does(number, func(k *cases.Case, now time.Time) error {
		return k.Approve(cases.AgreedInChat, "", told, c.Procedure(), now)
	})
	if got := c.send(link, form); got.status != 303 {
		t.Errorf("%d", got.status)
	}
	if page := c.look(link); page.status != 200 || !page.has("U hebt gezegd dat het zo klopt") || strings.Contains(page.body, canary) {
		t.Errorf("%d: %s", page.status, page.body)
	}
}

func TestOtherLanguageKeepsWhatWasTyped(t *testing.T) {
	c := newCounter(t)
	number := c.writeUp(nil)
	link := c.link(number, postgres.LinkApproval, 0)
	form := c.form(link, "", "to-wish", "Geld terug", "switch", "en")
	got := c.send(link, form)
	if got.status != 200 || !got.has(`<html lang="en">`, "Did we write down your complaint correctly?", "Which shop?", "Geld terug", `value="nl"`) || len(c.file(number).Events) != 1 {
		t.Errorf("%d: %s", got.status, got.body)
	}
	if english := c.look(link + "?lang=en"); !english.has("Yes, this is right") {
		t.Error(english.body)
	}
	if done := c.press(link+"?lang=en", doApprove); done.header.Get("Location") != "?lang=en" {
		t.Errorf("back to %q", done.header.Get("Location"))
	}
}

func TestDaysOfAWriteUpAreShownAndCorrected(t *testing.T) {
	c := newCounter(t, "  - { id: when, optional: true }\n")
	number := c.writeUp(cases.Words{cases.FieldFirstDay: "2026-11-16", cases.FieldLastDay: "2026-11-18"})
	link := c.link(number, postgres.LinkApproval, 0)
	if page := c.look(link); !page.has("Op welke dag begon het?", "maandag 16 november 2026", "woensdag 18 november 2026", `type="date" value="2026-11-16"`) {
		t.Errorf("not all of it is shown: %s", page.body)
	}
	if got := c.press(link, doApprove, "to-last-day", "2026-11-15"); got.status != 422 || !got.has("Deze dag ligt vóór de eerste dag.", `href="#to-last-day"`) {
		t.Errorf("%d: %s", got.status, got.body)
	}
	if got := c.press(link, doApprove, "to-first-day", "2026-11-26"); got.status != 422 || !got.has("Deze dag moet nog komen.", `href="#to-first-day"`) {
		t.Errorf("%d: %s", got.status, got.body)
	}
	if got := c.press(link, doApprove, "to-first-day", "2026-11-17", "to-last-day", ""); got.status != 303 {
		t.Fatalf("%d: %s", got.status, got.body)
	}
	if got := c.file(number).Answers; got[cases.FieldFirstDay] != "2026-11-17" || got[cases.FieldLastDay] != "" {
		t.Errorf("they are %q and %q", got[cases.FieldFirstDay], got[cases.FieldLastDay])
	}
}

func TestAnAnswerThatMayBeSkippedCanBeTakenAway(t *testing.T) {
	c := newCounter(t)
	number := c.writeUp(cases.Words{cases.FieldWish: "Een nieuw brood"})
	link := c.link(number, postgres.LinkApproval, 0)
	if page := c.look(link); strings.Count(page.body, "Dit mag ook leeg blijven.") != 2 { // the wish and the telephone number
		t.Errorf("it is said %d times: %s", strings.Count(page.body, "Dit mag ook leeg blijven."), page.body)
	}
	for field, said := range map[string]string{"to-problem": "Laat dit niet leeg. Is er niets te zeggen", "to-email": "want zo bereiken wij u", "to-own.branch": "Laat dit niet leeg"} {
		if got := c.press(link, doApprove, "to-wish", "", field, " "); got.status != 422 || !got.has(said, `id="`+field+`-failure"`) {
			t.Errorf("%s: %d %s", field, got.status, got.body)
		}
	}
	if got := c.press(link, doApprove, "to-wish", " ", "to-telephone", ""); got.status != 303 {
		t.Fatalf("%d: %s", got.status, got.body)
	}
	f := c.file(number)
	var gone []string
	for _, e := range f.Events {
		if e.Kind == cases.Corrected && e.Words[cases.FieldText] == "" {
			gone = append(gone, e.Data["field"])
		}
	}
	if slices.Sort(gone); !slices.Equal(gone, []string{cases.FieldTelephone, cases.FieldWish}) || f.Answers[cases.FieldWish] != "" || f.Answers[cases.FieldTelephone] != "" {
		t.Errorf("taken away: %v, and there is %+v", gone, f.Answers)
	}
	if c.last(number).Data["fingerprint"] != cases.Fingerprint(f.Answers) {
		t.Error("what was agreed to is not what stands")
	}
}
