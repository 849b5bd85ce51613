package timeline_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/timeline"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// handled is a case that has an owner who did a few things, with all that happened to it.
func handled(t *testing.T, p *cases.Procedure) (*cases.Case, []cases.Event) {
	t.Helper()
	owner := cases.Person{Member: "U3", Committee: true, Representative: true}
	c, filed := p.Untouched("K-2026-0001", at(t, "2026-11-10 10:20"))
	events := []cases.Event{filed}
	for _, step := range []struct {
		at string
		do func(now time.Time) error
	}{
		{"2026-11-10 14:00", func(now time.Time) error { return c.Take(owner, now) }},
		{"2026-11-12 11:00", func(now time.Time) error { return c.InTime(owner, p, now) }},
		{"2026-11-13 12:00", func(now time.Time) error {
			return c.Foresee(owner, "Words of the case.", at(t, "2026-12-04 12:00"), p, now)
		}},
	} {
		now := at(t, step.at)
		for next := p.Next(c, cases.Staff{}, c.Received); next.Before(now); next = p.Next(c, cases.Staff{}, next) {
			c.Tick(p, cases.Staff{}, next)
		}
		if err := step.do(now); err != nil {
			t.Fatalf("%s: %v", step.at, err)
		}
		events = append(events, c.Events()...)
	}
	return c, events
}

func TestTimelineOfACaseGoesOnFromWhatHappened(t *testing.T) {
	p := staffed()
	c, events := handled(t, p)
	now := at(t, "2026-11-13 12:00")
	away := cases.Staff{Absences: []cases.Absence{{Member: "U2", From: at(t, "2026-11-16 00:00"), Until: at(t, "2026-12-31 00:00")}}}
	events = append(events, p.Timeline(c, away, now, at(t, "2026-12-12 00:00"))...)
	for _, l := range i18n.Languages {
		got := timeline.Of(p, c, events, timeline.Options{Language: l, Now: now})
		got.Title = "K-2026-0001"
		golden(t, fmt.Sprintf("case.%s.txt", l), got.Text())
		golden(t, fmt.Sprintf("case.%s.svg", l), string(got.SVG()))
		if strings.Contains(got.Text(), "Words of the case") {
			t.Error("a timeline shows words of the case")
		}
	}
}

func TestWhoHasNoRoleIsCalledByName(t *testing.T) {
	p := staffed()
	c, _ := handled(t, p)
	e := cases.Event{At: c.Received, By: cases.TheClock, Kind: cases.Reminded, Data: map[string]string{
		"milestone": "measured", "occasion": "1/0", "to": "member:U9", "why": string(cases.MeasureOpen), "also": "measured:2 owned",
		"skipped": "owner:away deputy:excluded chair:gone channel:nobody",
	}}
	named := timeline.Lines(p, c, []cases.Event{e}, timeline.Options{Language: i18n.English, Name: func(m cases.Member) string { return "<@" + string(m) + ">" }})
	if len(named) != 1 || named[0].Whom != "<@U9>" || named[0].Lane != timeline.Staff ||
		named[0].Text != "A promised measure is due. Also open: a measure, an owner. Passed over: owner (away), deputy (excluded), chair (no longer in the committee)." {
		t.Errorf("%+v", named)
	}
	if plain := timeline.Lines(p, c, []cases.Event{e}, timeline.Options{Language: i18n.Dutch}); plain[0].Whom != "lid" {
		t.Errorf("%+v", plain)
	}
	for member, whom := range map[string]string{"U1": "chair", "U2": "deputy", "U3": "owner"} {
		e.Data["to"] = "member:" + member
		if got := timeline.Lines(p, c, []cases.Event{e}, timeline.Options{Language: i18n.English}); got[0].Whom != whom {
			t.Errorf("%s is called %s", member, got[0].Whom)
		}
	}
}

// Whatever happens to a case, a timeline has words for it or passes over it, and shows none of its own.
func TestEachKindOfEventHasItsWordsOrNone(t *testing.T) {
	p := staffed()
	c, _ := handled(t, p)
	silent := 0
	for _, kind := range cases.EventKinds {
		for _, by := range []cases.Actor{cases.TheClock, cases.Complainant, cases.By("U3"), cases.Program} {
			e := cases.Event{At: c.Received, By: by, Kind: kind, Words: cases.Words{cases.FieldText: "secret"}, Data: map[string]string{
				"milestone": "decided", "occasion": "2026-11-24/0", "to": "board", "why": "last-day", "next": "owned", "done": "acknowledged", "until": "2026-12-04",
			}}
			lines := timeline.Lines(p, c, []cases.Event{e}, timeline.Options{Language: i18n.English})
			if len(lines) == 0 {
				silent++
			}
			for _, line := range lines {
				if line.Whom == "" || line.Text == "" || strings.Contains(line.Text, "secret") || !line.At.Equal(e.At) {
					t.Errorf("%s by %s: %+v", kind, by, line)
				}
			}
		}
	}
	if all := len(cases.EventKinds) * 4; silent == 0 || silent > all/3 {
		t.Errorf("%d of %d give no line", silent, all)
	}
}

// A picture is XML without anything that runs or that is fetched, and each of its words is a text.
func TestPictureIsQuietAndItsWordsCanBeRead(t *testing.T) {
	shown := untouched(t, "2026-12-18 16:45", i18n.English)
	shown.Title = `A complaint <of> "anybody" & nobody`
	picture := shown.SVG()
	var names []string
	var said strings.Builder
	for decoder := xml.NewDecoder(bytes.NewReader(picture)); ; {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if !slices.Contains(names, token.Name.Local) {
				names = append(names, token.Name.Local)
			}
			for _, a := range token.Attr {
				if name := a.Name.Local; strings.HasPrefix(name, "on") || name == "href" || name == "src" {
					t.Errorf("%s has %s", token.Name.Local, name)
				}
			}
		case xml.CharData:
			said.Write(token)
			said.WriteByte(' ')
		}
	}
	slices.Sort(names)
	if want := []string{"circle", "desc", "g", "path", "rect", "style", "svg", "text", "title", "tspan"}; !slices.Equal(names, want) {
		t.Errorf("the picture is made of %v", names)
	}
	if strings.Contains(string(picture), "url(") || strings.Contains(string(picture), "@import") {
		t.Error("the picture fetches something")
	}
	words := strings.Join(strings.Fields(said.String()), " ")
	for _, want := range []string{
		shown.Title, "Friday 1 January, deadline", "Chair Will the case be done by Friday 1 January? If not: why, and by when?", "New Year's Day, weekend", "The same again.",
	} {
		if !strings.Contains(words, want) {
			t.Errorf("the picture does not say %q:\n%s", want, words)
		}
	}
}

func TestTimelineOfNothingIsEmpty(t *testing.T) {
	p := staffed()
	c, _ := p.Untouched("K-2026-0001", at(t, "2026-11-10 10:20"))
	got := timeline.Of(p, c, nil, timeline.Options{Language: i18n.English})
	got.Title = "Nothing"
	if len(got.Days) > 0 || got.Text() != "Nothing\n" || !bytes.HasPrefix(got.SVG(), []byte("<svg ")) {
		t.Errorf("%+v\n%s", got, got.Text())
	}
}
