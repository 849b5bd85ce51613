package timeline

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"websec.nl/gehoor/i18n"
)

// The picture is narrow, so that its words can be read on a telephone, where it is made as wide as the screen; on a wide screen it
// is shown a little larger than it is drawn.
const (
	drawn   = 480.0 // width, in the units of everything below
	shownAs = 580.0 // width in pixels where there is room
	margin  = 16.0
	daysAt  = 76.0  // where days and times of day begin, to the right of the lanes
	wordsAt = 122.0 // where the words begin
	wide    = drawn - wordsAt - margin

	titleSize, headSize, textSize, smallSize = 19.0, 14.5, 14.5, 13.0
	row, gap                                 = 19.0, 7.0 // between two lines of a text, and after it
)

// laneAt is where each lane runs, and laneClass what its colours are called.
var (
	laneAt    = [lanes]float64{Complainant: 22, Staff: 39, Channel: 56}
	laneClass = [lanes]string{Complainant: "a", Staff: "b", Channel: "c"}
)

const style = `svg{--paper:#fff;--ink:#1b1f24;--soft:#59636e;--line:#d5dbe1;--band:#f2f4f6;--mark:#fdf0cf;--edge:#9a6700;--a:#0b7077;--b:#6a48b5;--c:#a2470d;` +
	`font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif}` +
	`@media(prefers-color-scheme:dark){svg{--paper:#14181d;--ink:#e8ecf0;--soft:#a5afba;--line:#333b44;--band:#1e242b;--mark:#372c10;--edge:#e3b341;--a:#52c7cd;--b:#b9a0ff;--c:#f2a65a}}` +
	`text{fill:var(--ink);font-size:14.5px}.t{font-size:19px;font-weight:650}.s{font-size:13px;fill:var(--soft)}.h{font-weight:650}.l{fill:var(--edge);font-weight:650}.w{font-weight:650}` +
	`.n{font-size:13px;fill:var(--soft);font-variant-numeric:tabular-nums}.p{fill:var(--paper)}.o{fill:var(--band)}.m{fill:var(--mark)}.e{fill:var(--edge)}.r{stroke:var(--line)}` +
	`.a{fill:var(--a);stroke:var(--a)}.b{fill:var(--b);stroke:var(--b)}.c{fill:var(--c);stroke:var(--c)}.w{stroke:none}.k{stroke-width:2;opacity:.38}.f{fill:var(--paper)!important;stroke-width:1.6}` +
	`.z{stroke:var(--ink);stroke-dasharray:4 3}`

// SVG is the timeline as a picture: a lane for the complainant, one for who handles the case and whoever comes next, and one for
// the channel, from the first day to the last. It follows the light or dark of the reader's screen, and its words are words.
func (t Timeline) SVG() []byte {
	p := &picture{t: t, said: map[string]string{}}
	p.head()
	top := p.y
	for _, day := range t.Days {
		p.day(day)
	}
	bottom := p.y
	for _, said := range t.Notes {
		p.y += gap
		p.paragraph(margin, drawn-2*margin, "s", smallSize, said)
	}
	height := p.y + margin - gap
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="graphics-document document" aria-labelledby="timeline-title timeline-description" lang="%s">`+"\n",
		drawn, height, shownAs, height*shownAs/drawn, t.Language)
	fmt.Fprintf(&b, "<title id=\"timeline-title\">%s</title>\n<desc id=\"timeline-description\">%s</desc>\n<style>%s</style>\n",
		escape(t.Title), escape(t.description()), style)
	fmt.Fprintf(&b, `<rect class="p" width="%.0f" height="%.0f" rx="8"/>`+"\n", drawn, height)
	b.Write(p.behind.Bytes())
	b.WriteString(`<g aria-hidden="true">`)
	for lane, x := range laneAt {
		fmt.Fprintf(&b, `<path class="%s k" d="M%.0f %.1fV%.1f"/>`, laneClass[lane], x, top, bottom)
	}
	b.WriteString("</g>\n")
	b.Write(p.before.Bytes())
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// description says in a sentence or two what the picture shows.
func (t Timeline) description() string {
	return i18n.T("timeline.description", "filed", i18n.Moment{Time: t.Filed}, "day", i18n.Date{Time: t.Last}).In(t.Language)
}

// picture is one under way: what lies behind the lanes, what stands before them, and how far down it is.
type picture struct {
	t              Timeline
	y              float64
	behind, before bytes.Buffer
	now            bool              // the mark of this moment is drawn
	said           map[string]string // what each was told last
}

func (p *picture) put(format string, args ...any) { fmt.Fprintf(&p.before, format+"\n", args...) }

// head draws what stands above the days: the title, what it is about, and what the lanes are.
func (p *picture) head() {
	p.y = margin
	p.paragraph(margin, drawn-2*margin, "t", titleSize, p.t.Title)
	p.y += 4
	for _, said := range p.t.Intro {
		p.paragraph(margin, drawn-2*margin, "s", smallSize, said)
	}
	p.y += 10
	x := margin
	for lane, key := range [lanes]string{"timeline.legend.complainant", "timeline.legend.staff", "timeline.legend.channel"} {
		said := i18n.T(key).In(p.t.Language)
		if x > margin && x+measure(said, smallSize)+16 > drawn-margin {
			x, p.y = margin, p.y+row
		}
		p.mark(Lane(lane), x+5, p.y+8, false)
		p.put(`<text class="s" x="%.0f" y="%.1f">%s</text>`, x+16, p.y+12.5, escape(said))
		x += 16 + measure(said, smallSize) + 16
	}
	p.y += row + 6
	p.put(`<path class="r" d="M%.0f %.1fH%.0f"/>`, margin, p.y, drawn-margin)
	p.y += 4
}

// paragraph writes words, on as many lines as they need.
func (p *picture) paragraph(x, width float64, class string, size float64, words string) {
	high := size * 1.32
	for _, line := range wrap(words, func(line string) bool { return measure(line, size) <= width }) {
		p.put(`<text class="%s" x="%.0f" y="%.1f">%s</text>`, class, x, p.y+size, escape(line))
		p.y += high
	}
}

// day draws one day, or those on which nobody works.
func (p *picture) day(d Day) {
	p.passed(d.Date)
	top := p.y
	class := "h"
	switch {
	case d.Last:
		class = "l"
	case d.Closed != "":
		class = "s"
	}
	p.y += 6
	p.heading(d, class)
	before := ""
	for _, line := range d.Lines {
		p.passed(line.At)
		at := p.t.clock(line.At)
		p.line(line, at, at != before)
		before = at
	}
	p.y += 3
	switch {
	case d.Last:
		fmt.Fprintf(&p.behind, `<rect class="m" x="0" y="%.1f" width="%.0f" height="%.1f"/><rect class="e" x="0" y="%.1f" width="4" height="%.1f"/>`+"\n",
			top, drawn, p.y-top, top, p.y-top)
	case d.Closed != "":
		fmt.Fprintf(&p.behind, `<rect class="o" x="0" y="%.1f" width="%.0f" height="%.1f"/>`+"\n", top, drawn, p.y-top)
	}
	p.y += 3
}

// heading writes the day, or the days.
func (p *picture) heading(d Day, class string) {
	size := headSize
	if class == "s" {
		size = smallSize
	}
	p.paragraph(daysAt, drawn-daysAt-margin, class, size, p.t.heading(d))
	p.y += 4
}

// line draws who is told what, and at what time, unless that stands above it. What somebody is told time and again is written
// out once.
func (p *picture) line(l Line, at string, timed bool) {
	middle := p.y + 9.5
	if timed {
		p.put(`<text class="n" x="%.0f" y="%.1f">%s</text>`, daysAt, p.y+14.5, at)
	}
	p.put(`<g aria-hidden="true"><path class="%s k" d="M%.0f %.1fH%.0f"/>`, laneClass[l.Lane], laneAt[l.Lane], middle, daysAt-8)
	p.mark(l.Lane, laneAt[l.Lane], middle, !p.t.Now.IsZero() && l.At.After(p.t.Now))
	p.put(`</g>`)
	whom := strings.ToUpper(l.Whom[:1]) + l.Whom[1:]
	said := l.Text
	if p.said[l.Whom] == said {
		said = i18n.T("timeline.again").In(p.t.Language)
	}
	p.said[l.Whom] = l.Text
	bold := measure(whom+" ", textSize) * 1.07
	first := true
	lines := wrap(said, func(line string) bool {
		if first && bold+measure(line, textSize) > wide {
			first = false
			return false
		}
		return measure(line, textSize) <= wide
	})
	for i, words := range lines {
		who := ""
		if i == 0 {
			who = `<tspan class="w ` + laneClass[l.Lane] + `">` + escape(whom) + `</tspan> `
		}
		p.put(`<text x="%.0f" y="%.1f">%s%s</text>`, wordsAt, p.y+14.5, who, escape(words))
		p.y += row
	}
	p.y += gap
}

// mark draws the sign of a lane: each has a form of its own, so that nobody needs the colours. What is yet to come is hollow.
func (p *picture) mark(lane Lane, x, y float64, hollow bool) {
	class := laneClass[lane]
	if hollow {
		class += " f"
	}
	switch lane {
	case Complainant:
		p.put(`<circle class="%s" cx="%.0f" cy="%.1f" r="5"/>`, class, x, y)
	case Staff:
		p.put(`<rect class="%s" x="%.1f" y="%.1f" width="9" height="9"/>`, class, x-4.5, y-4.5)
	default:
		p.put(`<path class="%s" d="M%.0f %.1fl6 6-6 6-6-6z"/>`, class, x, y-6)
	}
}

// passed draws the mark of this moment before the first thing that comes after it.
func (p *picture) passed(at time.Time) {
	if p.now || p.t.Now.IsZero() || !at.After(p.t.Now) {
		return
	}
	p.now = true
	p.y += 8
	said := i18n.T("timeline.now").In(p.t.Language)
	p.put(`<text class="w" x="%.0f" y="%.1f">%s</text><path class="z" d="M%.0f %.1fH%.0f"/>`,
		daysAt, p.y+5, escape(said), daysAt+measure(said, textSize)+8, p.y, drawn-margin)
	p.y += 10
}

func escape(words string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(words)) // a buffer takes everything
	return b.String()
}
