package playground_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"websec.nl/gehoor/bots/playground"
)

// browser is a headless browser on the page of a playground.
type browser struct {
	t   *testing.T
	ctx context.Context
}

func browse(t *testing.T, address string, width, height int) *browser {
	t.Helper()
	program := os.Getenv("GEHOOR_TEST_BROWSER")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			program = cmp.Or(program, path)
		}
	}
	if program == "" {
		t.Fatal("no Chromium on this machine; bash .ci/test installs one")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.WindowSize(width, height), chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-dev-shm-usage", true))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, closing := chromedp.NewContext(allocated)
	t.Cleanup(closing)
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as the first context that it is asked for with
		t.Fatalf("start %s: %v", program, err)
	}
	b := &browser{t, ctx}
	b.do("open the page", chromedp.Navigate(address), poll(`document.querySelectorAll("[data-test=slack-member] option").length > 0`))
	return b
}

func (b *browser) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, 20*time.Second)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.picture("stuck")
		b.t.Fatalf("%s: %v", what, err)
	}
}

// click clicks the newest control of a name, once it can be used.
func (b *browser) click(test string) {
	b.t.Helper()
	b.do("click "+test, poll(fmt.Sprintf(
		`(() => { const node = [...document.querySelectorAll('[data-test="%s"]')].findLast((n) => n.getClientRects().length && !n.disabled); node?.click(); return Boolean(node); })()`, test)))
}

// sees waits until something on the page is so.
func (b *browser) sees(what, expression string) {
	b.t.Helper()
	b.do(what, poll(expression))
}

func (b *browser) choose(test, value string) {
	b.t.Helper()
	b.do("choose "+value, poll(fmt.Sprintf(`(() => { const node = document.querySelector('[data-test="%s"]'); if (![...node?.options ?? []].some((o) => o.value === %q)) return false;
		node.value = %q; node.dispatchEvent(new Event("change", {bubbles: true})); return true; })()`, test, value, value)))
}

func (b *browser) types(test, text string) {
	b.t.Helper()
	b.do("type "+text, poll(fmt.Sprintf(`(() => { const node = document.querySelector('[data-test="%s"]'); if (!node) return false;
		node.value = %q; node.dispatchEvent(new Event("input", {bubbles: true})); return true; })()`, test, text)))
}

// poll waits until an expression is true on the page.
func poll(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(15*time.Second))
}

// picture keeps a screenshot where GEHOOR_TEST_PICTURES says; nowhere without it.
func (b *browser) picture(name string) {
	dir := os.Getenv("GEHOOR_TEST_PICTURES")
	if dir == "" {
		return
	}
	ctx, stop := context.WithTimeout(b.ctx, 10*time.Second)
	defer stop()
	if png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot()); err == nil {
		os.WriteFile(filepath.Join(dir, strings.ReplaceAll(b.t.Name(), "/", "-")+"-"+name+".png"), png, 0o644)
	}
}

// everything is a form with a field of each kind that the page draws.
func everything() slack.ModalViewRequest {
	words := func(s string) *slack.TextBlockObject { return slack.NewTextBlockObject("plain_text", s, false, false) }
	options := []*slack.OptionBlockObject{slack.NewOptionBlockObject("a", words("First"), nil), slack.NewOptionBlockObject("b", words("Second"), nil)}
	owner := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, nil, "owner")
	owner.InitialUser = chris
	grade := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "grade", options...)
	grade.InitialOption = options[1]
	when := slack.NewDatePickerBlockElement("when")
	when.InitialDate = "2026-11-30"
	blocks := []slack.Block{
		slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", "*All fields*", false, false), nil, nil),
		slack.NewInputBlock("text", words("Text"), words("In your own words."), slack.NewPlainTextInputBlockElement(nil, "text")),
		slack.NewInputBlock("owner", words("Owner"), nil, owner),
		slack.NewInputBlock("grade", words("Grade"), nil, grade),
		slack.NewInputBlock("when", words("When"), nil, when),
		slack.NewInputBlock("tick", words("Ticks"), nil, slack.NewCheckboxGroupsBlockElement("tick", options...)).WithOptional(true),
		slack.NewInputBlock("files", words("Files"), nil, slack.NewFileInputBlockElement("files").WithMaxFiles(2)).WithOptional(true),
	}
	return slack.ModalViewRequest{Type: slack.VTModal, Title: words("Everything"), Submit: words("Send"), Close: words("Close"), Blocks: slack.Blocks{BlockSet: blocks}}
}

func TestPageDoesAllThatTheWorkspaceCan(t *testing.T) {
	p := start(t, playground.Options{})
	submitted := make(chan map[string]map[string]slack.BlockAction, 1)
	a := newApp(t, p, func(a *app, e socketmode.Event) {
		if e.Request == nil || e.Request.EnvelopeID == "" {
			return
		}
		if e.Type == socketmode.EventTypeInteractive {
			switch in := e.Data.(slack.InteractionCallback); in.Type {
			case slack.InteractionTypeMessageAction:
				if _, err := a.OpenView(in.TriggerID, everything()); err != nil {
					t.Error(err)
				}
			case slack.InteractionTypeViewSubmission:
				submitted <- in.View.State.Values
			}
		}
		a.ack(t, e)
	})
	if _, _, err := a.PostMessage("klachten", slack.MsgOptionText("K-2026-0001", false), slack.MsgOptionBlocks(card()...)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Slack().Message(bram, "klachten", "They rang back."); err != nil {
		t.Fatal(err)
	}
	b := browse(t, p.URL()+"/?lang=en", 1280, 800)
	b.choose("slack-member", anna)
	b.sees("the roles", `/Bram \(invented\) · representative/.test(document.querySelector("[data-test=slack-member]").textContent)`)

	b.click("slack-message-menu")
	b.picture("message-menu")
	b.click("slack-shortcut")
	b.sees("the form", `document.querySelector("[data-test=modal]")`)
	letter := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(letter, []byte("%PDF an invented letter"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.do("choose a file", chromedp.SetUploadFiles(`[data-test=slack-files]`, []string{letter}))
	b.sees("the file", `document.querySelector("[data-test=slack-file]")`)
	b.types("slack-input", "A note")
	b.do("tick", chromedp.Click(`.block-input .choice input`))
	b.picture("form")
	b.click("modal-submit")
	values := <-submitted
	if len(values["files"]["files"].Files) != 1 || values["text"]["text"].Value != "A note" || values["owner"]["owner"].SelectedUser != chris ||
		values["grade"]["grade"].SelectedOption.Value != "b" || len(values["tick"]["tick"].SelectedOptions) != 1 {
		t.Errorf("the app got %+v", values)
	}
	b.sees("no form", `!document.querySelector("[data-test=modal]")`)

	b.click("people-menu")
	b.click("people-add")
	b.types("ask-name", "Femke")
	b.picture("ask")
	b.click("ask-yes")
	b.click("people-menu")
	b.click("people-rename")
	b.types("ask-name", "Anna de Wit (invented)")
	b.click("ask-yes")
	b.sees("both names", `["Femke (invented)", "Anna de Wit (invented)"].every((name) => document.querySelector("[data-test=slack-member]").textContent.includes(name))`)
	b.click("channel-menu")
	b.picture("channel-menu")
	b.click("channel-invite")
	b.choose("ask-user", "U5")
	b.click("ask-yes")
	in := func(user string) bool {
		channel, _ := p.Slack().Channel("klachten")
		for _, m := range channel.Members {
			if m == user {
				return true
			}
		}
		return false
	}
	eventually(t, "somebody more in the channel", func() bool { return in("U5") })
	b.click("channel-menu")
	b.click("channel-remove-app")
	eventually(t, "the app gone", func() bool { return !in(playground.BotUserID) })
	b.click("people-menu")
	b.click("people-deactivate")
	b.sees("who is gone", `/Anna de Wit \(invented\) · chair · deactivated/.test(document.querySelector("[data-test=slack-member]").textContent)`)
	noViolations(t, p)
}

func TestPageFitsATelephone(t *testing.T) {
	p := start(t, playground.Options{})
	a := newApp(t, p, nil)
	if _, _, err := a.PostMessage("klachten", slack.MsgOptionText("K-2026-0001", false), slack.MsgOptionBlocks(card()...)); err != nil {
		t.Fatal(err)
	}
	b := browse(t, p.URL()+"/?lang=nl", 390, 844)
	b.do("be a telephone", chromedp.EmulateViewport(390, 844))
	for _, tab := range []string{"telephone", "workspace", "desk"} {
		b.click("tab-" + tab)
		b.sees("the panel", fmt.Sprintf(`document.querySelector("#panel-%s").getClientRects().length > 0`, tab))
		b.sees("nothing beside the window", `document.documentElement.scrollWidth <= 390`)
		b.picture(tab)
	}
	b.click("tab-workspace")
	b.click("slack-message-menu")
	b.picture("message-menu")
	b.sees("the menu in the window", `document.querySelector("[data-test=slack-shortcut]").getBoundingClientRect().right <= 390`)
	b.click("people-menu")
	b.click("people-add")
	b.sees("the question in the window", `document.querySelector("[data-test=ask]").getBoundingClientRect().right <= 390`)
	b.picture("ask")
}

func TestLinksOfALetterStayOnThisMachine(t *testing.T) {
	p := start(t, playground.Options{})
	html := fmt.Sprintf(`<p><a href="%s/icon.svg?page">page</a> <a href="https://t.me/bot?start=abc">chat</a> <a href="https://example.org/x">out</a></p>`, p.URL())
	letter := "From: a@demo.invalid\r\nTo: b@demo.invalid\r\nSubject: Links\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n" +
		"--x\r\nContent-Type: text/plain\r\n\r\nSee https://t.me/bot?start=abc.\r\n--x\r\nContent-Type: text/html\r\n\r\n" + html + "\r\n--x--\r\n"
	if err := smtp.SendMail(p.Mail().Address(), nil, "a@demo.invalid", []string{"b@demo.invalid"}, []byte(letter)); err != nil {
		t.Fatal(err)
	}
	b := browse(t, p.URL()+"/?lang=en", 1280, 800)
	b.click("mail-item")
	links := `[...document.querySelector("[data-test=mail-sheet]").contentDocument.querySelectorAll("a")]`
	b.sees("the links", links+`.length === 3`)
	where, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`JSON.stringify(`+links+`.map((a) => [a.getAttribute("href"), a.target]))`))
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal([][]string{{p.URL() + "/icon.svg?page", "_blank"}, {"#", ""}, {"#", ""}})
	if err != nil || where != string(want) {
		t.Errorf("the links lead to %s, not %s", where, want)
	}
	b.do("follow the link that leads outside", chromedp.Evaluate[chromedp.Void](links+`[2].click(); 0`))
	b.sees("what is said of it", `/leads outside/.test(document.querySelector("[data-test=notices]").textContent)`)
	b.picture("letter")
	b.click("mail-as-text")
	b.click("mail-link")
	eventually(t, "the chat to be told", func() bool {
		chat := p.Telegram().Messages(7002)
		return len(chat) == 1 && chat[0].Text == "/start abc"
	})
}
