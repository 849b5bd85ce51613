package web

import (
	"maps"
	"slices"
	"strings"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// say says a sentence in the language of the visit.
func (v *visit) say(key string, pairs ...any) string { return i18n.T(key, pairs...).In(v.language) }

// show says a Date or a Moment.
func (v *visit) show(when any) string { return v.say("letter.when", "when", when) }

// wrong notes what is wrong with what was sent; without a field, with all of it.
func (v *visit) wrong(field string, text i18n.Text) {
	v.failures = append(v.failures, failure{Field: field, Text: text.In(v.language)})
}

// failed is what is wrong with a field.
func (v *visit) failed(field string) string {
	for _, f := range v.failures {
		if f.Field == field {
			return f.Text
		}
	}
	return ""
}

// begin is a page with what each page has.
func (v *visit) begin(title string, intro ...string) *page {
	if v.language == "" {
		v.language = v.procedure.Languages()[0]
		if v.prefers != "" {
			v.language = i18n.Closest(v.prefers)
		}
	}
	p := &page{
		Language: v.language, Organisation: v.procedure.Organisation, Title: v.say(title),
		Failures: v.failures, Failed: v.say("page.wrong.heading"), Turn: v.turn(),
	}
	for _, l := range i18n.Languages {
		if l != v.language {
			p.Other, p.Switch = l, i18n.T("page.language").In(l)
		}
	}
	for _, key := range intro {
		p.Intro = append(p.Intro, v.say(key))
	}
	return p
}

// turn names whom to turn to, and the ways there that are set.
func (v *visit) turn() turn {
	contact := v.procedure.Contact
	if contact == "" {
		contact = v.say("notice.committee")
	}
	t := turn{Heading: v.say("page.turn-to.heading"), Text: v.say("page.turn-to.contact", "contact", contact)}
	if email := v.procedure.Email; email != "" {
		t.Ways = append(t.Ways, way{Label: v.say("page.turn-to.email"), Scheme: "mailto", Value: email})
	}
	if telephone := v.procedure.Telephone; telephone != "" {
		t.Ways = append(t.Ways, way{Label: v.say("page.turn-to.telephone"), Scheme: "tel", Value: telephone})
	}
	if post := v.procedure.Post; post != "" {
		t.Ways = append(t.Ways, way{Label: v.say("page.turn-to.post"), Value: post})
	}
	return t
}

// about says which case a page is about.
func (v *visit) about() line {
	return line{Label: v.say("letter.fact.number"), Value: string(v.link.Number)}
}

// dead is for a link that is not one of ours, or not any more: which of the two is not said.
func (v *visit) dead() *page {
	p := v.begin("page.dead.title")
	p.Intro = []string{v.say("page.dead.why", "count", postgres.LinkDays), v.say("page.dead.do")}
	return p
}

// elsewhere is for what another site would have us do.
func (v *visit) elsewhere() *page { return v.begin("page.elsewhere.title", "page.elsewhere.do") }

func (v *visit) tooMuch() *page { return v.begin("page.too-much.title", "page.too-much.do") }

// trouble is for when nothing could be looked up. What somebody wrote is on the page, to be sent once more.
func (v *visit) trouble() *page {
	if v.typed == nil {
		return v.begin("page.trouble.title", "page.trouble.do")
	}
	p := v.begin("page.trouble.title", "page.trouble.kept")
	for _, name := range slices.Sorted(maps.Keys(v.typed)) {
		p.Repeat = append(p.Repeat, line{Label: name, Value: v.typed.Get(name)})
	}
	p.Again, p.Switch = v.say("page.button.again"), "" // going elsewhere would lose it
	return p
}

// done says what was answered by this link, or that nothing is to be answered any more. It shows no words: whoever reads the
// letter later learns no more from it.
func (v *visit) done() *page {
	for i := len(v.file.Events) - 1; i >= 0; i-- {
		e := v.file.Events[i]
		key, mine := purposes[v.link.Purpose].answers[e.Kind]
		if !mine || !v.mine(e) {
			continue
		}
		p := v.begin("page.done." + key + ".title")
		p.Facts = []line{v.about(), {Label: v.say("page.done.when"), Value: v.show(i18n.Moment{Time: v.procedure.In(e.At)})}}
		p.Intro = []string{v.say("page.done." + key + ".next")}
		if aim := v.aim(); key == "approved" && aim != "" {
			p.Intro = append(p.Intro, aim)
		}
		return p
	}
	if v.link.Used {
		return v.begin("page.used.title", "page.used.do")
	}
	return v.begin("page.moot.title", "page.moot.do")
}

// mine says whether an event is about who the link was sent to.
func (v *visit) mine(e cases.Event) bool {
	if v.link.Party == 0 {
		return e.Data["party"] == ""
	}
	return e.Data["party"] == number(v.link.Party)
}

// aim says by when we want to be done, as long as that is to come.
func (v *visit) aim() string {
	c := &v.file.Case
	if c.Deadline.IsZero() || !c.Open() || c.Late(v.pages.store.Now()) {
		return ""
	}
	return v.say("notice.aim", "day", i18n.Date{Time: c.LastDay(v.procedure)})
}

// plain makes words that were typed what they are kept as: with their own lines, without the characters that show nothing.
func plain(typed string) string {
	typed = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(typed, "\uFFFD"))
	typed = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, typed)
	return strings.TrimSpace(typed)
}
