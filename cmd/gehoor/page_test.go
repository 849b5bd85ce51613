package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"websec.nl/gehoor/cases/postgrestest"
)

// patience is how long the page may take for one thing that it must show.
const patience = 40 * time.Second

// demonstration is a demo that runs as a program of its own, with a browser on its page.
type demonstration struct {
	t       *testing.T
	browser context.Context
	page    string
}

// newDemonstration starts the demo as anybody would, and opens its page.
func newDemonstration(t *testing.T, language string, width, height int) *demonstration {
	t.Helper()
	command := exec.Command(builtProgram(t), "demo", "--listen", "127.0.0.1:0", "--data-dir", postgrestest.Dir(t), "--language", language)
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	command.Stderr = log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		command.Process.Signal(syscall.SIGTERM)
		err := command.Wait()
		said, _ := os.ReadFile(log.Name())
		if err != nil || t.Failed() {
			t.Logf("the demo ended with %v and said: %s", err, said)
		}
		if strings.Contains(string(said), "level=ERROR") {
			t.Errorf("the demo complains: %s", said)
		}
	})
	d := &demonstration{t: t, page: pageOf(t, out)}
	d.open(width, height)
	return d
}

// pageOf reads where the demo says its page is.
func pageOf(t *testing.T, out io.Reader) string {
	t.Helper()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, page, found := strings.Cut(lines.Text(), "demo is at "); found {
			go io.Copy(io.Discard, out)
			return page
		}
	}
	t.Fatal("the demo does not say where its page is")
	return ""
}

// open starts a headless browser on the page.
func (d *demonstration) open(width, height int) {
	d.t.Helper()
	d.browser = browse(d.t, width, height)
	d.do("open the page", chromedp.Navigate(d.page), chromedp.WaitVisible(`[data-test=phone-start]`))
}

// browse starts a headless browser. Nothing that it does by itself reaches for the outside.
func browse(t *testing.T, width, height int, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	program := cmp.Or(os.Getenv("GEHOOR_TEST_BROWSER"), find("chromium", "chromium-browser", "google-chrome"))
	if program == "" {
		t.Fatal("no Chromium on this machine; bash .ci/test installs one")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.WindowSize(width, height), chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-dev-shm-usage", true))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	t.Cleanup(stop)
	browser, closing := chromedp.NewContext(allocated)
	t.Cleanup(closing)
	if err := chromedp.Do(browser); err != nil { // the browser lives as long as the first context that it is asked for with
		t.Fatalf("start %s: %v", program, err)
	}
	return browser
}

func find(names ...string) string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// do does something in the browser, within patience.
func (d *demonstration) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	d.t.Helper()
	d.within(patience, what, actions...)
}

func (d *demonstration) within(limit time.Duration, what string, actions ...chromedp.Action[chromedp.Void]) {
	d.t.Helper()
	ctx, stop := context.WithTimeout(d.browser, limit)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		d.picture("stuck")
		d.t.Fatalf("%s: %v", what, err)
	}
}

// poll waits until an expression is true on the page.
func poll(expression string, limit time.Duration) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(limit))
}

// picture keeps a screenshot where GEHOOR_TEST_PICTURES says; nowhere without it.
func (d *demonstration) picture(name string) {
	dir := os.Getenv("GEHOOR_TEST_PICTURES")
	if dir == "" {
		return
	}
	ctx, stop := context.WithTimeout(d.browser, 10*time.Second)
	defer stop()
	if png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot()); err == nil {
		os.WriteFile(filepath.Join(dir, strings.ReplaceAll(d.t.Name(), "/", "-")+"-"+name+".png"), png, 0o644)
	}
}

// state is what the page shows, as far as the tests look at it.
type state struct {
	Telegram struct {
		Chats []struct {
			Messages []struct{ From, Text string }
		}
	}
	Slack struct {
		Channels []struct {
			Name     string
			Private  bool
			Archived bool
			Messages []struct {
				Text   string
				Blocks json.RawMessage
			}
		}
	}
	Mail []struct{ Subject, Text string }
}

func (d *demonstration) state(member string) (s state) {
	d.t.Helper()
	address, _, _ := strings.Cut(d.page, "?")
	response, err := http.Get(address + "play/state?member=" + member)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&s); err != nil {
		d.t.Fatal(err)
	}
	return s
}

// The whole way, by clicking: from /start to the rating of the closed case, with who it is about kept out of it and heard, a proposal
// to both, a point, a measure, and the solution in writing.
func TestPagePlaysTheWholeStory(t *testing.T) {
	for _, c := range []struct{ language, canary, solution, closed string }{
		{"nl", "Niemand belde terug", "zonder kosten", "Afgesloten"},
		{"en", "Nobody rang back", "free of charge", "Closed"},
	} {
		t.Run(c.language, func(t *testing.T) {
			t.Parallel()
			d := newDemonstration(t, c.language, 1280, 800)
			d.picture("start")
			d.within(4*time.Minute, "play the story",
				chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`window.story.play(%q, {speed: Infinity}).catch(() => {}); 0`, c.language)),
				poll(`["done", "stuck", "stopped"].some((end) => document.documentElement.dataset.story.startsWith(end))`, 4*time.Minute))
			outcome, err := chromedp.Run(d.browser, chromedp.Evaluate[string](`document.documentElement.dataset.story`))
			if err != nil {
				t.Fatal(err)
			}
			if outcome != "done" {
				d.picture("stuck")
				t.Fatalf("the story is %s", outcome)
			}
			// Slack takes so many changes a minute, and this story goes faster than anybody could press.
			d.do("the card says that it is closed", poll(`/`+c.closed+`/.test(document.querySelector("[data-test=slack-list]").textContent)`, patience))
			d.picture("end")
			checkStory(t, d.state(dewi), c.canary, c.solution)
		})
	}
}

// checkStory looks at what the member can see whom the complaint is about, and at what the complainant has in hand.
func checkStory(t *testing.T, s state, canary, solution string) {
	t.Helper()
	seen, err := json.Marshal(s.Slack)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(seen), "K-20") {
		t.Error("the committee sees no card")
	}
	for _, c := range s.Slack.Channels {
		if c.Private && c.Name != "" {
			t.Errorf("there is a room for who is excluded: %s", c.Name)
		}
	}
	for _, words := range []string{canary, solution, "voorbeeld.invalid", "example.invalid"} {
		if strings.Contains(string(seen), words) {
			t.Errorf("who is not in the room can see %q", words)
		}
	}
	var chat strings.Builder
	for _, c := range s.Telegram.Chats {
		for _, m := range c.Messages {
			chat.WriteString(m.Text + "\n")
		}
	}
	if !strings.Contains(chat.String(), solution) {
		t.Error("the chat lacks the solution")
	}
	var acknowledged, confirmed bool
	for _, letter := range s.Mail {
		acknowledged = acknowledged || strings.Contains(letter.Text, canary)
		confirmed = confirmed || strings.Contains(letter.Text, solution)
		if strings.Contains(letter.Subject, canary) || !strings.Contains(letter.Subject, "K-20") {
			t.Errorf("subject %q", letter.Subject)
		}
	}
	if !acknowledged || !confirmed {
		t.Errorf("acknowledged by letter: %t; confirmed by letter: %t", acknowledged, confirmed)
	}
}
