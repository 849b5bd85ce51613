package conversation

import (
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// A complaint that was told by telephone, letter or e-mail is written up by staff. Its complainant gets a link that leads
// here, is shown the write-up answer by answer, may correct each answer, and says that it is a true account or that it is not
// theirs. A correction stands in the file at once; the complaint is handled when they have agreed.

// link is what is remembered of a write-up that a link led to.
type link struct {
	Token  string   `json:"t,omitempty"` // by which the link is known
	Fields []string `json:"f,omitempty"` // of the answers that the write-up shows, in their order
	Field  string   `json:"c,omitempty"` // of the answer that is being corrected
	Shown  string   `json:"s,omitempty"` // tells the answers that they know from any others
	Mode   string   `json:"m,omitempty"` // of FieldFor: whose names are asked for; of the story: retell, where it is told anew
}

// retell is the choice to have words take the place of the story.
const retell = "retell"

// followed looks where a link leads that they followed.
func (t *turn) followed(e Followed) {
	if t.step(t.Session.at(t.flow)) == nil && e.Profile != "" {
		t.Language = i18n.Closest(e.Profile)
	}
	t.do(Open{Token: e.Token})
}

// linked shows the write-up to which a link leads, to who agreed that we read what they send; whoever did not is asked first.
func (t *turn) linked(e Linked) {
	switch {
	case e.Why.Key != "":
		t.leadsNowhere(e)
		return
	case t.Consented.IsZero():
		t.Link = link{Token: e.Token}
		t.note = i18n.T("link.first")
		if t.step(t.Session.at(t.flow)) == nil {
			t.Language = e.Language
			t.begin()
		} else {
			t.greet()
		}
		return
	case t.Link.Token != e.Token:
		t.dropAside()
	}
	if !t.between(t.State) {
		t.Return = t.State
	}
	if t.step(t.Return) == nil || t.Return == Consent || t.Return == Declined {
		t.Return = Menu
	}
	t.endAside()
	t.Case, t.Link = e.Number, link{Token: e.Token, Fields: e.Fields, Shown: e.Shown}
	if e.Changed {
		t.note = i18n.T("approve.changed")
	}
	t.showWriteUp(e)
	t.enter(Approving)
}

// leadsNowhere says why a link leads nowhere, and goes on with the open question.
func (t *turn) leadsNowhere(e Linked) {
	text := two(e.Why, t.reach())
	if e.Number != "" {
		t.Has = true
		t.sayWith(text, CaseButton(e.Number))
	} else {
		t.say(text)
	}
	was := t.Link.Token == e.Token
	switch {
	case t.open() == nil:
		t.begin()
	case was && t.State == Consent && !t.Consented.IsZero():
		t.enter(Menu)
	case was && t.between(t.State):
		t.endAside()
		t.resume()
	default:
		t.again()
	}
}

// mostOfPiece is how many UTF-16 units of an answer stand in one message at most.
const mostOfPiece = 3500

// showWriteUp says the whole write-up, answer by answer, in as few messages as it fits.
func (t *turn) showWriteUp(e Linked) {
	t.sayNote()
	page := pages{t: t, message: i18n.T("approve.title", "number", string(e.Number)), size: frame}
	for _, field := range e.Fields {
		said := t.asWritten(field, e.Answers[field]).In(t.Language)
		for i, piece := range inPieces(said, mostOfPiece) {
			item := i18n.Plain(piece)
			if i == 0 {
				item = i18n.T("answer.item", "label", t.labelOf(field), "words", item)
			}
			page.add(item, frame+i18n.Units(piece))
		}
	}
	t.say(page.message)
}

// asWritten is an answer as it stands in a file, as it is shown to the person.
func (t *turn) asWritten(field, value string) i18n.Text {
	q := t.asksOf(field)
	switch {
	case strings.TrimSpace(value) == "":
		return i18n.T("answer.none")
	case field == cases.FieldFor:
		return whose(cases.Whose(value))
	case q == nil:
	case q.Kind == cases.AskDate:
		if day, err := time.Parse(time.DateOnly, value); err == nil {
			return i18n.T("answer.day", "day", i18n.Date{Time: day})
		}
	case slices.ContainsFunc(q.Choices, func(c cases.Choice) bool { return c.ID == value }):
		return t.picked(field, value)
	}
	return i18n.Plain(value)
}

// asksOf is asks, and for a day of a write-up a question of kind date.
func (t *turn) asksOf(field string) *cases.Question {
	if slices.Contains(cases.DayFields, field) {
		q, _ := t.procedure.OwnQuestion(field)
		return &q
	}
	return t.asks(field)
}

// labelOf names an answer, also one that the settings know no more.
func (t *turn) labelOf(field string) i18n.Text {
	if label := t.label(field); label.Key != "" || label.Args != nil {
		return label
	}
	return i18n.T("answer.label.other")
}

// inPieces cuts words into pieces of at most most UTF-16 units, each after a line or a word where there is one.
func inPieces(words string, most int) (all []string) {
	for i18n.Units(words) > most {
		at, size := 0, 0
		for i, r := range words {
			if size += utf16.RuneLen(r); size > most {
				break
			}
			at = i
		}
		for _, end := range []string{"\n", " "} {
			if cut := strings.LastIndex(words[:at], end); cut > at/2 {
				at = cut
				break
			}
		}
		all = append(all, strings.TrimSpace(words[:at]))
		words = strings.TrimSpace(words[at:])
	}
	return append(all, words)
}

func askApproving(t *turn) {
	rows := [][]Button{row(i18n.T("approve.button.right"), "right")}
	var pair []Button
	for _, field := range t.Link.Fields {
		one := t.changeButton(field)
		if one.Text.Key == "" && one.Text.Args == nil {
			continue // the settings know it no more
		}
		if pair = append(pair, one); len(pair) == 2 {
			rows, pair = append(rows, pair), nil
		}
	}
	if pair != nil {
		rows = append(rows, pair)
	}
	t.ask(i18n.T("approve.ask", "organisation", t.procedure.Organisation, "count", t.procedure.Period), append(rows,
		row(i18n.T("approve.button.show"), "show"),
		row(i18n.T("approve.button.foreign"), "foreign"),
		row(i18n.T("approve.button.later"), drop))...)
}

func hearApproving(t *turn, a answer) i18n.Text {
	field, changes := strings.CutPrefix(a.choice, "change:")
	switch {
	case a.choice == "right", isYes(a.words):
		t.do(Approve{Case: t.Case, Token: t.Link.Token, Shown: t.Link.Shown})
	case changes:
		t.Link.Field, t.Link.Mode = field, ""
		t.follow("change")
	case a.choice == "show":
		t.do(Open{Token: t.Link.Token})
	case a.choice == "foreign":
		t.follow("foreign")
	case a.choice == drop:
		return t.stop()
	default:
		return t.open().expect
	}
	return i18n.Text{}
}

func askCorrecting(t *turn) {
	text, rows := i18n.T("approve.correct.ask", "label", t.labelOf(t.Link.Field)), [][]Button(nil)
	q := t.asksOf(t.Link.Field)
	switch field, mode := t.Link.Field, t.Link.Mode; {
	case field == cases.FieldFor && mode == "":
		text = i18n.T("intake.for.ask")
		rows = [][]Button{
			row(i18n.T("intake.for.button.self"), cases.ForSelf),
			row(i18n.T("intake.for.button.another"), cases.ForAnother),
			row(i18n.T("intake.for.button.joint"), cases.ForJoint),
		}
	case field == cases.FieldFor && mode == cases.ForJoint:
		text = i18n.T("intake.for-others.ask")
	case field == cases.FieldFor:
		text = i18n.T("intake.for-whom.ask")
	case field == cases.FieldProblem && mode == "":
		text = i18n.T("approve.correct.story")
		rows = [][]Button{row(i18n.T("approve.correct.button.retell"), retell)}
	case field == cases.FieldProblem:
		text = i18n.T("approve.correct.retell")
	case q != nil && q.Kind == cases.AskChoice:
		for _, one := range q.Choices {
			rows = append(rows, row(one.Label.In(t.Language), "pick:"+one.ID))
		}
	}
	t.ask(text, append(rows, row(i18n.T("button.keep"), drop))...)
}

// hearCorrecting takes other words for an answer.
func hearCorrecting(t *turn, a answer) i18n.Text {
	switch a.choice {
	case drop:
		t.note = i18n.T("approve.correct.kept")
		t.follow(drop)
		return i18n.Text{}
	case cases.ForAnother, cases.ForJoint, retell:
		t.Link.Mode = a.choice
		t.follow(a.choice)
		return i18n.Text{}
	}
	value, objection := t.correction(a)
	if objection.Key != "" {
		return objection
	}
	switch chosen, rest, pressed := cutMark(value); {
	case pressed && chosen == "day": // as a write-up keeps it, so that it reads well in either language
		value = rest
	case pressed:
		value = t.pressedAnswer(t.Link.Field, chosen, rest).In(t.Language)
	}
	t.do(CorrectAnswer{
		Case: t.Case, Token: t.Link.Token, Field: t.Link.Field, Text: value, Shown: t.Link.Shown,
		Add: t.Link.Field == cases.FieldProblem && t.Link.Mode == "",
	})
	return i18n.Text{}
}

// correction reads what is to stand in the place of an answer.
func (t *turn) correction(a answer) (string, i18n.Text) {
	field, q := t.Link.Field, t.asksOf(t.Link.Field)
	line := &step{of: q, field: field, expect: t.open().expect, most: t.procedure.Limits.Answer}
	if q != nil && !q.BuiltIn() {
		line.most = t.procedure.MostOf(*q)
	}
	switch {
	case field == cases.FieldFor && t.Link.Mode == "":
		if a.choice != cases.ForSelf {
			return "", i18n.T("intake.for.expect")
		}
		return cases.ForSelf, i18n.Text{}
	case field == cases.FieldFor:
		value, objection := readNamesOf(t.Link.Mode)(t, line, a)
		return strings.TrimPrefix(value, mark), objection
	case field == cases.FieldName, field == cases.FieldContact:
		return readName(t, line, a)
	case field == cases.FieldTelephone:
		return readTelephone(t, line, a)
	case field == cases.FieldEmail:
		return readEmail(t, line, a)
	case field == cases.FieldProblem:
		line.most = t.procedure.Limits.Story
	case q == nil:
	case q.Kind == cases.AskChoice:
		return readChoice(t, line, a)
	case q.Kind == cases.AskDate:
		line.expect = i18n.T("approve.correct.day")
		return readDate(t, line, a)
	case q.Kind == cases.AskNumber:
		return readNumber(t, line, a)
	}
	return readWords(t, line, a)
}

// corrected says that other words stand in the file, and asks again whether all is right.
func (t *turn) corrected(e Corrected) {
	t.Link.Shown = e.Shown
	t.note = i18n.T("approve.correct.done", "label", t.labelOf(t.Link.Field))
	t.follow(words)
}

// approved says that the complaint is handled from now on, and what happens next.
func (t *turn) approved(e Approved) {
	t.Has = true
	t.assure(i18n.T("approve.done", "number", string(e.Number)), e.LastDay, e.Email)
	t.endAside()
	t.resume()
}

func askDisowning(t *turn) {
	t.ask(i18n.T("approve.foreign.ask"),
		row(i18n.T("approve.foreign.button.yes"), yes),
		row(i18n.T("approve.foreign.button.no"), no))
}

// hearDisowning ends what was written up, with the words that they say of it.
func hearDisowning(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == yes, isYes(a.words):
		t.do(Disown{Case: t.Case, Token: t.Link.Token})
	case a.choice == no, isNo(a.words):
		t.follow(no)
	case a.words == "" || smallTalk(a.words):
		return t.open().expect
	case tooLong(a.words, t.procedure.Limits.Answer):
		return t.refuse(i18n.T("answer.too-long", "length", length(a.words), "limit", t.procedure.Limits.Answer))
	default:
		t.do(Disown{Case: t.Case, Token: t.Link.Token, Reason: a.words})
	}
	return i18n.Text{}
}
