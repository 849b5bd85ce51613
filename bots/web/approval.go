package web

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// purpose is what a link can be for.
type purpose struct {
	show    func(*visit) *page // nil: there is nothing to answer any more
	act     func(v *visit, c *cases.Case, now time.Time) error
	answers map[cases.EventKind]string // the events that are an answer, and the sentences that say so
}

var purposes map[postgres.LinkPurpose]purpose

// The pages come back to what they are for, so that the table can't be an initial value.
func init() {
	purposes = map[postgres.LinkPurpose]purpose{
		postgres.LinkApproval: {(*visit).approval, (*visit).approve, map[cases.EventKind]string{
			cases.Approved: "approved", cases.NotApproved: "not-approved",
		}},
		postgres.LinkAccount: {(*visit).account, (*visit).tell, map[cases.EventKind]string{
			cases.Accounted: "heard", cases.Declined: "declined",
		}},
		postgres.LinkAnswer: {(*visit).proposal, (*visit).respond, map[cases.EventKind]string{
			cases.Agreed: "agreed", cases.Objected: "objected",
		}},
	}
}

// What can be pressed.
const (
	doApprove = "right"
	doDisown  = "not-mine"
	doTell    = "tell"
	doDecline = "decline"
	doAgree   = "agree"
	doObject  = "object"
)

// The identifiers of the fields in which somebody says something besides.
const (
	fieldAccount = "account"
	fieldWhy     = "why"
)

func number(n int) string { return strconv.Itoa(n) }

// written says how a complaint was told before it was written up.
var written = map[cases.Way]string{
	cases.ByTelephone: "page.approval.way.telephone",
	cases.ByLetter:    "page.approval.way.letter",
	cases.ByEmail:     "page.approval.way.email",
}

// approval shows a write-up to its complainant, answer by answer.
func (v *visit) approval() *page {
	if v.file.Case.Stage != cases.Awaiting || len(v.file.Answers) == 0 {
		return nil
	}
	p := v.begin("page.approval.title")
	p.Form, p.Seen = true, cases.Fingerprint(v.file.Answers)
	p.Facts = []line{v.about()}
	p.Intro = []string{v.say(written[v.file.Case.Way]), v.say("page.approval.read")}
	p.Sections = []section{
		{ID: "told", Heading: v.say("page.approval.told"), Answers: v.answers()},
		{
			ID: "right", Heading: v.say("page.approval.right.heading"), Paragraphs: []string{v.say("page.approval.right.next")},
			Button: button{Do: doApprove, Label: v.say("page.button.right"), Main: true},
		},
		{
			ID: "not-mine", Heading: v.say("page.approval.not-mine.heading"), Paragraphs: []string{v.say("page.approval.not-mine.next")},
			Fields: []field{v.words(fieldWhy, v.say("page.approval.not-mine.why"), v.procedure.Limits.Reply, 3)},
			Button: button{Do: doDisown, Label: v.say("page.button.not-mine")}, Quiet: true,
		},
	}
	return p
}

// approve agrees to the write-up with what was corrected on the page, or says that it is not the reader's.
func (v *visit) approve(c *cases.Case, now time.Time) error {
	why := v.heard(fieldWhy, v.procedure.Limits.Reply)
	switch do := v.typed.Get("do"); {
	case c.Stage != cases.Awaiting:
		return errMoot
	case do == doDisown && len(v.failures) == 0:
		return c.NotApprove(why, now)
	case do != doApprove:
		return errWrong
	case v.typed.Get("seen") != cases.Fingerprint(v.file.Answers):
		v.wrong("", i18n.T("page.wrong.changed"))
	case why != "":
		v.wrong(fieldWhy, i18n.T("page.wrong.right-or-not"))
	}
	corrected := v.corrected(now)
	if len(v.failures) > 0 {
		return errWrong
	}
	answers := maps.Clone(v.file.Answers)
	for _, field := range v.file.Fields(v.procedure) {
		words, changed := corrected[field]
		if !changed {
			continue
		}
		if err := c.CorrectAnswer(field, words, cases.Complainant, now); err != nil {
			return err
		}
		answers[field] = words
	}
	return c.Approve(cases.AgreedOnPage, "", answers, v.procedure, now)
}

// words is a field for something to be said, with how much there is room for.
func (v *visit) words(id, label string, limit, rows int) field {
	return field{
		ID: id, Name: id, Label: label, Hint: v.say("page.hint.limit", "limit", v.figure(limit)), Failure: v.failed(id),
		Kind: "textarea", Value: v.typed.Get(id), Rows: rows,
	}
}

// heard is what was said in such a field.
func (v *visit) heard(id string, limit int) string {
	words := plain(v.typed.Get(id))
	v.fits(id, words, limit)
	return words
}

// fits says at the field whether words are too long.
func (v *visit) fits(id, words string, limit int) {
	if length := len([]rune(words)); length > limit {
		v.wrong(id, i18n.T("page.wrong.too-long", "length", v.figure(length), "limit", v.figure(limit)))
	}
}

// figure writes a number with its thousands apart, as the language does.
func (v *visit) figure(n int) string {
	digits := strconv.Itoa(n)
	apart := map[i18n.Language]string{i18n.Dutch: ".", i18n.English: ","}[v.language]
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(apart)
		}
		b.WriteRune(d)
	}
	return b.String()
}
