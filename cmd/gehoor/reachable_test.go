package main

import (
	"context"
	_ "embed"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"websec.nl/gehoor/i18n"
)

// What a page owes is looked at by checks of our own: a program for that would have to be fetched while the tests run, which they do
// with nothing but a PostgreSQL and a browser.
//
//go:embed testdata/reachable.js
var reachable string

// reader is a browser in which somebody reads pages.
type reader struct {
	t       *testing.T
	browser context.Context
}

func (r reader) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	r.t.Helper()
	ctx, stop := context.WithTimeout(r.browser, patience)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		r.t.Fatalf("%s: %v", what, err)
	}
}

// checks looks at the page as it is.
func (r reader) checks(what string) {
	r.t.Helper()
	ctx, stop := context.WithTimeout(r.browser, patience)
	defer stop()
	wrong, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](reachable))
	if err != nil {
		r.t.Fatalf("%s: %v", what, err)
	}
	for _, one := range wrong {
		r.t.Errorf("%s: %s", what, one)
	}
}

// focused says what has the focus, whether that can be seen, and how many places there are for it.
const focused = `(() => {
	const at = document.activeElement, style = getComputedStyle(at);
	const places = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
		.filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({visibilityProperty: true}));
	window.placeNumber ??= new Map();
	if (!window.placeNumber.has(at)) window.placeNumber.set(at, window.placeNumber.size + 1);
	return {
		place: at === document.body ? 0 : window.placeNumber.get(at),
		what: at.outerHTML.replace(/\s+/g, " ").slice(0, 120),
		visible: at === document.body || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none",
		places: places.length,
	};
})()`

// goesThrough goes through the page with the Tab key: each place can be seen to have the focus, and none keeps it (WCAG 2.1.2, 2.4.7).
func (r reader) goesThrough(what string) {
	r.t.Helper()
	type place struct {
		Place   int
		What    string
		Visible bool
		Places  int
	}
	seen, places, last, stayed := map[int]bool{}, 0, 0, 0
	for {
		r.do("press Tab", chromedp.KeyEvent("\t"))
		at, err := chromedp.Run(r.browser, chromedp.Evaluate[place](focused))
		if err != nil {
			r.t.Fatal(err)
		}
		places = at.Places
		if at.Place == last {
			stayed++
		} else {
			stayed = 0
		}
		if stayed > mostParts {
			r.t.Fatalf("%s: the focus does not leave this: %s", what, at.What)
		}
		if at.Place == 0 || at.Place != last && seen[at.Place] {
			break
		}
		seen[at.Place], last = true, at.Place
		if !at.Visible {
			r.t.Errorf("%s: it can't be seen that this has the focus: %s", what, at.What)
		}
	}
	if len(seen) < places {
		r.t.Errorf("%s: the focus came to %d of %d places", what, len(seen), places)
	}
}

// mostParts is how many parts of one field the focus goes through, such as the day, the month and the year of a date.
const mostParts = 5

func TestWhatAPageOwesAndLacksIsFound(t *testing.T) {
	r := reader{t, browse(t, 390, 844)}
	const owes = `<style>a:focus{outline:none}</style><h1>One</h1><h1>Two</h1><h3>Three</h3><p style="color:%23999">Pale</p><input id=x aria-invalid=true>
		<label for=y>There is none</label><button></button><a id=x href="%23nowhere">Leads</a><img src="data:,">`
	r.do("open a page", chromedp.Navigate("data:text/html,"+owes), chromedp.WaitVisible(`body button`))
	wrong, err := chromedp.Run(r.browser, chromedp.Evaluate[[]string](reachable))
	if err != nil {
		t.Fatal(err)
	}
	found := strings.Join(wrong, "\n")
	for _, one := range []string{
		"does not say its language", "has no title", "2 first headings", "skips a level", "2 elements are called x", "for finds no y", "leads nowhere", "has no label",
		"has no name", "has no text", "nothing that is tied to it", "contrast is 2.8",
	} {
		if !strings.Contains(found, one) {
			t.Errorf("not found: %s, in\n%s", one, found)
		}
	}
	r.do("go to a link", chromedp.Evaluate[chromedp.Void](`document.querySelector("a").focus(); 0`))
	if seen, err := chromedp.Run(r.browser, chromedp.Evaluate[bool](focused+`.visible`)); err != nil || seen {
		t.Errorf("a focus that can't be seen is seen: %v, %v", seen, err)
	}
}

func TestPagesBehindLinksAreForEverybody(t *testing.T) {
	s, play, store := among(t, "https://complaints.example.org")
	_, sent := letter(t, play, store)
	found := pageLink.FindStringSubmatch(sent.Text)
	if found == nil {
		t.Fatalf("the letter leads nowhere: %s", sent.Text)
	}
	page := "http://" + s.address + found[1]
	for name, more := range map[string][]chromedp.ExecAllocatorOption{
		"light": nil, "dark": {chromedp.Flag("blink-settings", "preferredColorScheme=0")},
	} {
		t.Run(name, func(t *testing.T) {
			r := reader{t, browse(t, 390, 844, more...)}
			for _, language := range i18n.Languages {
				r.do("open the page", chromedp.Navigate(page+"?lang="+string(language)), chromedp.WaitVisible(`main h1`))
				r.checks("the write-up")
				r.do("open each correction", chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach((one) => one.open = true); 0`))
				r.checks("the write-up, open")
				r.goesThrough("the write-up")
				r.do("say what is wrong", chromedp.SetValue(`#to-email`, "nowhere"), chromedp.Click(`button[value=right]`), chromedp.WaitVisible(`[role=alert]`))
				r.checks("what is wrong")
				r.goesThrough("what is wrong")
			}
			if dark, err := chromedp.Run(r.browser, chromedp.Evaluate[bool](`matchMedia("(prefers-color-scheme: dark)").matches`)); err != nil || dark != (name == "dark") {
				t.Errorf("it is dark: %v, %v", dark, err)
			}
			r.do("open a page that is none", chromedp.Navigate("http://"+s.address+"/l/"+strings.Repeat("A", 43)), chromedp.WaitVisible(`main h1`))
			r.checks("a link that leads nowhere")
		})
	}
}

func TestPageOfTheDemoIsForEverybody(t *testing.T) {
	for _, language := range []string{"nl", "en"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			d := newDemonstration(t, language, 1280, 800)
			r := reader{t, d.browser}
			r.checks("the beginning")
			r.goesThrough("the beginning")
		})
	}
}
