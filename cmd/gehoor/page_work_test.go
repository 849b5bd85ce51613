package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Members of the demo's committee.
const (
	anna = "U1" // chair
	bram = "U2" // may speak with complainants
	dewi = "U4"
)

// press clicks the newest button of the chat whose data ends in the given choice, once it is there.
func (d *demonstration) press(choice string) {
	d.t.Helper()
	d.do("press "+choice,
		poll(fmt.Sprintf(`(() => {
			const all = [...document.querySelectorAll("[data-test=phone-button]")].filter((b) => (b.dataset.choice ?? "").endsWith(%q) && !b.disabled);
			if (all.length === 0) return false;
			all.at(-1).click();
			return true;
		})()`, ":"+choice), patience))
}

// hear waits until the newest messages of the chat have the words.
func (d *demonstration) hear(words string) {
	d.t.Helper()
	d.do("hear "+words, poll(fmt.Sprintf(
		`[...document.querySelectorAll("[data-test=phone-message][data-from=bot]")].slice(-3).some((m) => m.textContent.includes(%q))`, words), patience))
}

func (d *demonstration) types(text string) {
	d.t.Helper()
	d.do("type "+text, chromedp.SendKeys(`[data-test=phone-input]`, text), chromedp.Click(`[data-test=phone-send]`))
}

// complains files a complaint about somebody or something, by the buttons of the chat.
func (d *demonstration) complains(about string) {
	d.t.Helper()
	d.sees("start", `(() => { const start = document.querySelector("[data-test=phone-start]"); if (start.hidden) return false; start.click(); return true; })()`)
	d.press("agree")
	d.press("file")
	d.hear("1 van 8")
	d.types("Noor Verzonnen")
	d.press("self")
	d.hear("2 van 8")
	d.types(about)
	d.hear("3 van 8")
	d.types("Niemand belde terug.")
	d.press("done")
	d.hear("4 van 8")
	d.types("Vorige week")
	d.press("yes")
	d.press("once")
	d.hear("6 van 8")
	d.press("skip")
	d.hear("7 van 8")
	d.press("no")
	d.hear("8 van 8")
	d.press("self")
	d.hear("telefoonnummer")
	d.types("020 123 4567")
	d.hear("e-mailadres")
	d.types("noor@voorbeeld.invalid")
	d.press("nobody")
	d.press("right")
	d.press("formal")
	d.hear("K-20")
}

// as looks at the workspace as another member.
func (d *demonstration) as(member string) {
	d.t.Helper()
	d.do("act as "+member, poll(fmt.Sprintf(`(() => { const all = document.querySelector("[data-test=slack-member]"); all.value = %q;
		if (all.value) all.dispatchEvent(new Event("change", {bubbles: true})); return Boolean(all.value); })()`, member), patience),
		poll(fmt.Sprintf(`document.querySelector("#panel-workspace").dataset.member === %q`, member), patience))
}

// opens goes to a place of the workspace, by its kind: public, direct or private.
func (d *demonstration) opens(kind string) {
	d.t.Helper()
	d.do("open the place "+kind, poll(fmt.Sprintf(
		`(() => { const place = document.querySelector("[data-test=slack-channel][data-kind=%s]"); place?.click(); return Boolean(place); })()`, kind), patience))
}

// clicks presses the newest button of the workspace that does something: of the form that is open, else of the messages.
func (d *demonstration) clicks(action string) {
	d.t.Helper()
	d.do("click "+action, poll(fmt.Sprintf(`(() => { const place = document.querySelector("[data-test=modal]") ?? document.querySelector("[data-test=slack-list]");
		const button = [...place.querySelectorAll("[data-test=slack-button]")].findLast((b) => b.dataset.action === %q); button?.click(); return Boolean(button); })()`, action), patience))
}

// sees waits until something is so on the page.
func (d *demonstration) sees(what, expression string) {
	d.t.Helper()
	d.do(what, poll(expression, patience))
}

// fills fills in a field of the form that is open.
func (d *demonstration) fills(field, value string) {
	d.t.Helper()
	d.sees("fill in "+field, fmt.Sprintf(`(() => { const input = document.querySelector("[data-test=modal] [data-block=%s]")?.querySelector("input, textarea"); if (!input) return false;
		input.value = %q; input.dispatchEvent(new Event("input", {bubbles: true})); return true; })()`, field, value))
}

// commands gives a command in the place that is open.
func (d *demonstration) commands(text string) {
	d.t.Helper()
	d.do("give the command "+text, chromedp.SetValue(`[data-test=slack-composer]`, text), chromedp.Click(`[data-test=slack-send]`))
}

func TestTurningTheClockTellsTheComplainantThatItIsLate(t *testing.T) {
	t.Parallel()
	d := newDemonstration(t, "nl", 1280, 800)
	d.complains("De helpdesk")
	d.do("turn the clock", chromedp.WaitEnabled(`[data-test=clock-deadline]`), chromedp.Click(`[data-test=clock-deadline]`))
	d.hear("Wij zijn u een uitleg schuldig")
	d.do("the letter", poll(`document.querySelectorAll("[data-test=mail-item]").length >= 2`, patience))
	d.picture("late")
}

func TestPageShowsNothingToWhomTheComplaintIsAbout(t *testing.T) {
	t.Parallel()
	d := newDemonstration(t, "nl", 1280, 800)
	d.complains("De planning door Dewi")
	d.as(dewi)
	d.opens("public")
	const card = `[...document.querySelectorAll("[data-test=slack-message]")].some((m) => /K-20/.test(m.textContent) && !m.dataset.ephemeral)`
	d.sees("the card", card)
	d.nothing()
	d.commands("/klacht lijst")
	d.sees("an answer", `document.querySelector("[data-test=slack-message][data-ephemeral]") !== null`)
	d.sees("no case in it", `!/K-20/.test(document.querySelector("[data-test=slack-message][data-ephemeral]").textContent)`)
	d.picture("excluded")
	d.as(bram)
	d.opens("direct")
	d.clicks("take")
	d.opens("private")
	d.sees("the room", `/K-20/.test(document.querySelector("[data-test=slack-list]").textContent)`)
	d.picture("room")
	d.as(dewi)
	d.opens("public")
	d.sees("the card", card)
	d.nothing()
	d.as(anna)
	d.opens("direct")
	d.sees("the chair knows", `/Dewi/.test(document.querySelector("[data-test=slack-list]").textContent)`)
	d.picture("chair")
}

// nothing checks that the member whom the complaint is about has no room, no button of the case, and no word of it.
func (d *demonstration) nothing() {
	d.t.Helper()
	for _, c := range d.state(dewi).Slack.Channels {
		if c.Private && c.Name != "" {
			d.t.Errorf("who is excluded is in the room %s", c.Name)
		}
		for _, m := range c.Messages {
			if said := m.Text + string(m.Blocks); strings.Contains(said, `"button"`) && strings.Contains(said, "K-20") || strings.Contains(said, "Niemand belde") {
				d.t.Errorf("who is excluded sees %s", said)
			}
		}
	}
}

func TestWriteUpByTelephoneIsApprovedThroughTheLetter(t *testing.T) {
	t.Parallel()
	d := newDemonstration(t, "nl", 1280, 800)
	d.as(bram)
	d.opens("public")
	d.commands("/klacht nieuw")
	d.fills("name", "Noor Verzonnen")
	d.fills("email", "noor@voorbeeld.invalid")
	d.fills("subject", "De helpdesk")
	d.fills("problem", "Niemand belde terug.")
	d.do("tick that it is formal", chromedp.Click(`[data-test=modal] [data-block=formal] input`))
	d.picture("write-up")
	d.do("send the write-up", chromedp.Click(`[data-test=modal-submit]`))
	d.sees("what comes next", `/K-20/.test(document.querySelector("[data-test=modal]")?.textContent)`)
	d.do("close it", chromedp.Click(`[data-test=modal-close]`), chromedp.Click(`[data-test=mail-item]`))
	const link = `[...document.querySelector("[data-test=mail-sheet]")?.contentDocument?.querySelectorAll("a[target=_blank]") ?? []].find((a) => /\/l\//.test(a.href))`
	d.sees("the link", link+` !== undefined`)
	d.picture("letter")
	address, err := chromedp.Run(d.browser, chromedp.Evaluate[string](link+".href"))
	if err != nil {
		t.Fatal(err)
	}
	d.approves(address)
	d.sees("the receipt", `[...document.querySelectorAll("[data-test=mail-item]")].some((item) => /Ontvangstbevestiging/.test(item.textContent))`)
	d.as(bram)
	d.clicks("take")
	d.opens("private")
	d.picture("taken")
}

// approves goes to the page behind a link of a letter, agrees there, and comes back.
func (d *demonstration) approves(address string) {
	d.t.Helper()
	d.do("open the page behind the letter", chromedp.Navigate(address), chromedp.WaitVisible(`button[value=right]`))
	d.sees("the words", `/Niemand belde terug/.test(document.body.textContent)`)
	d.picture("approval")
	d.do("agree", chromedp.Click(`button[value=right]`), chromedp.WaitVisible(`main:not(:has(button[value=right])) h1`))
	d.picture("agreed")
	d.do("come back", chromedp.Navigate(d.page), chromedp.WaitVisible(`[data-test=mail-item]`))
}

func TestFilesPutIntoAFormReachTheTelephone(t *testing.T) {
	t.Parallel()
	d := newDemonstration(t, "nl", 1280, 800)
	d.complains("De planning")
	d.as(bram)
	d.opens("public")
	d.clicks("take")
	d.opens("private")
	d.clicks("write")
	d.fills("text", "Hier is het verslag.")
	sample, err := os.ReadFile("../../bots/playground/sample/letter.pdf")
	dir := t.TempDir()
	letter, more := filepath.Join(dir, "verslag.pdf"), filepath.Join(dir, "bijlage.pdf")
	if err = errors.Join(err, os.WriteFile(letter, sample, 0o600), os.WriteFile(more, sample, 0o600)); err != nil {
		t.Fatal(err)
	}
	d.do("choose a file", chromedp.SetUploadFiles(`[data-test=modal] [data-test=slack-files]`, []string{letter}), chromedp.WaitVisible(`[data-test=slack-file]`))
	d.do("choose another", chromedp.SetUploadFiles(`[data-test=modal] [data-test=slack-files]`, []string{more}))
	d.sees("both", `document.querySelectorAll("[data-test=modal] [data-test=slack-file]").length === 2`)
	d.picture("file-chosen")
	d.do("look at it", chromedp.Click(`[data-test=modal-submit]`))
	d.sees("the preview", `/Zo leest de klager het.*Deze 2 bestanden gaan mee:.*verslag\.pdf.*bijlage\.pdf/s.test(document.querySelector("[data-test=modal]")?.textContent)`)
	d.picture("file-preview")
	d.do("send it", chromedp.Click(`[data-test=modal-submit]`), chromedp.WaitNotPresent(`[data-test=modal]`))
	d.sees("it waits", `/verslag\.pdf.*bijlage\.pdf.*terugnemen/s.test(document.querySelector("[data-test=slack-list]").textContent)`)
	d.do("turn the clock", chromedp.WaitEnabled(`[data-test=clock-hour]`), chromedp.Click(`[data-test=clock-hour]`))
	d.hear("Hierna krijgt u deze 2 bestanden")
	d.sees("the file on the telephone", `[...document.querySelectorAll("[data-test=phone-message][data-from=bot] [data-test=phone-file]")].map((f) => f.textContent).join() === "verslag.pdf,bijlage.pdf"`)
	d.sees("its fate in the room", `/(Bestand van de commissie via de chat: verstuurd.*){2}/s.test(document.querySelector("[data-test=slack-list]").textContent)`)
	d.picture("file-sent")
}
