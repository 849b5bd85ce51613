package conversation

import (
	"cmp"
	"slices"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

func askTalkOne(t *turn) {
	t.ask(i18n.T("talk.one.ask", "organisation", t.procedure.Organisation), append([][]Button{
		row(i18n.T("talk.one.button.yes"), yes),
		row(i18n.T("talk.one.button.no"), no),
		row(i18n.T("button.back"), back),
	}, t.exits()...)...)
}

func hearTalkOne(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == yes, isYes(a.words):
		t.follow(yes)
	case a.choice == no, isNo(a.words):
		t.beginTalk()
	default:
		return t.holding(a)
	}
	return i18n.Text{}
}

// askTalkFirst leaves it to them whether they talk with that person themselves. Where they can't or won't, the contact for
// complaints is there.
func askTalkFirst(t *turn) {
	text := i18n.T("talk.first.ask")
	if t.procedure.Contact != "" {
		text = i18n.T("talk.first.ask-contact", "contact", t.procedure.Contact)
	}
	t.ask(text, append([][]Button{
		row(i18n.T("talk.first.button.themselves"), "themselves"),
		row(i18n.T("talk.first.button.no"), no),
		row(i18n.T("button.back"), back),
	}, t.exits()...)...)
}

func hearTalkFirst(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == "themselves":
		t.note = i18n.T("talk.first.good")
		t.follow("themselves")
	case a.choice == no, isNo(a.words):
		t.beginTalk()
	default:
		return t.holding(a)
	}
	return i18n.Text{}
}

// beginTalk asks for what is not known yet. Their number is known from a complaint if they are its contact themselves.
func (t *turn) beginTalk() {
	for field, from := range map[string]string{fieldCall: cases.FieldTelephone, fieldMail: cases.FieldEmail, fieldAbout: cases.FieldSubject} {
		if !t.answered(field) && t.answered(from) && (field == fieldAbout || !t.isOther()) {
			t.set(field, t.Answers[from], t.Messages[from])
		}
	}
	if !t.answered(cases.FieldName) {
		t.enter(TalkName)
		return
	}
	t.enter(t.talkWhere())
}

// talkWhere asks where they can be reached, by the means they chose.
func (t *turn) talkWhere() State {
	switch t.By {
	case cases.Email:
		return TalkEmail
	case cases.Letter:
		return TalkPost
	}
	return TalkTelephone
}

func behindTalkName(t *turn) State {
	if t.By == "" {
		return TalkOne
	}
	return Menu
}

func behindTalkSubject(t *turn) State {
	if where := t.talkWhere(); where != TalkTelephone {
		return where
	}
	return TalkMoment
}

func askTalkName(t *turn) {
	text := i18n.T("talk.name.ask")
	if t.By == cases.Email || t.By == cases.Letter {
		text = i18n.T("talk.name.ask-write")
	}
	t.ask(t.framed(text), t.around()...)
}

func hearTalkName(t *turn, a answer) i18n.Text {
	name, objection := readName(t, t.open(), a)
	if objection.Key != "" {
		return objection
	}
	t.set(cases.FieldName, name, a.message)
	t.follow(t.talkOn())
	return i18n.Text{}
}

// talkOn is the arrow from the name on.
func (t *turn) talkOn() string {
	if t.By == cases.Email || t.By == cases.Letter {
		return string(t.By)
	}
	return words
}

// talkFields are the fields of what is asked for.
func (t *turn) talkFields() []string {
	switch t.By {
	case cases.Email:
		return []string{cases.FieldName, fieldMail, fieldAbout}
	case cases.Letter:
		return []string{cases.FieldName, cases.FieldPost, fieldAbout}
	}
	return []string{cases.FieldName, fieldCall, cases.FieldMoment, fieldAbout}
}

func askTalkCheck(t *turn) {
	t.sayNote()
	t.showAnswers(i18n.T("talk.check.title"), t.talkFields())
	text, button := i18n.T("talk.check.ask"), i18n.T("talk.check.button.call")
	switch t.By {
	case cases.Email:
		button = i18n.T("talk.check.button.email")
	case cases.Letter:
		button = i18n.T("talk.check.button.letter")
	}
	if told := t.toldOf(); told.Key != "" {
		text = two(i18n.T("talk.check.told", "list", told), text)
	}
	rows := [][]Button{row(button, send)}
	fields := t.talkFields()
	for i := 0; i < len(fields); i += 2 {
		pair := make([]Button, 0, 2)
		for _, field := range fields[i:min(i+2, len(fields))] {
			pair = append(pair, t.changeButton(field))
		}
		rows = append(rows, pair)
	}
	t.ask(text, append(append(rows, row(i18n.T("button.back"), back)), t.exits()...)...)
}

// toldOf lists by their names the answers of a complaint that go along with a talk.
func (t *turn) toldOf() (list i18n.Text) {
	if t.Draft == "" {
		return i18n.Text{}
	}
	for _, field := range t.fields {
		if field == cases.FieldName || !t.applies(field) || !t.answered(field) && !(field == cases.FieldProblem && t.Story.has()) {
			continue
		}
		if list.Key == "" && list.Args == nil {
			list = i18n.T("talk.told.first", "label", t.label(field))
			continue
		}
		list = i18n.T("talk.told.more", "list", list, "label", t.label(field))
	}
	if t.Story.Files > 0 && list.Args != nil {
		list = i18n.T("talk.told.more", "list", list, "label", i18n.T("answer.files", "count", t.Story.Files))
	}
	return list
}

func hearTalkCheck(t *turn, a answer) i18n.Text {
	switch {
	case t.change(a):
	case a.choice == send:
		t.requestTalk()
	default:
		return t.open().expect
	}
	return i18n.Text{}
}

// requestTalk asks the committee for it, unless something is missing that can't be left out.
func (t *turn) requestTalk() {
	for _, field := range t.talkFields() {
		if field != fieldAbout && !t.answered(field) || field == cases.FieldMoment && t.passed() {
			to, _ := t.open().arrow("change:" + field)
			t.Changing = field
			t.enter(to)
			return
		}
	}
	talk := cases.TalkRequest{
		Language: t.Language, By: t.By, Name: t.final(cases.FieldName), Subject: t.final(fieldAbout),
	}
	switch t.By {
	case cases.Email:
		talk.Email = t.final(fieldMail)
	case cases.Letter:
		talk.Post = t.final(cases.FieldPost)
	default:
		talk.By, talk.Telephone, talk.Moment = cases.Call, t.final(fieldCall), t.final(cases.FieldMoment)
	}
	if t.Draft != "" {
		talk.Told, talk.Messages = t.finals(), t.messagesOf()
	}
	talk.Messages = t.talkMessages(talk.Messages)
	t.do(RequestTalk{talk})
}

// talkMessages adds to the messages that gave answers those that gave what is asked for, by its fields in the file of the talk.
func (t *turn) talkMessages(all map[string]int64) map[string]int64 {
	if all == nil {
		all = map[string]int64{}
	}
	named := map[string]string{fieldCall: cases.FieldTelephone, fieldMail: cases.FieldEmail, fieldAbout: cases.FieldSubject}
	for _, field := range t.talkFields() {
		if t.answered(field) {
			all[cmp.Or(named[field], field)] = t.Messages[field]
		}
	}
	return all
}

// talkRequested says what happens next. What was told of a complaint stays: should the talk not help, it need not be told
// again.
func (t *turn) talkRequested(number cases.Number) {
	t.Has, t.Changing, t.Asking = true, "", false
	t.say(t.promise(number))
	t.delete(cases.FieldMoment)
	if t.Draft != "" {
		if t.Talk != "" {
			t.Talks = append(slices.Clip(t.Talks[max(0, len(t.Talks)-mostTalks):]), t.Talk)
		}
		t.Talk = number
	} else {
		t.Version = ""
	}
	t.By = ""
	t.note = i18n.T("talk.requested.next")
	t.enter(Menu)
}

// promise says what the committee does with a request.
func (t *turn) promise(number cases.Number) i18n.Text {
	switch t.By {
	case cases.Email:
		return i18n.T("talk.requested.email", "number", string(number), "email", t.final(fieldMail))
	case cases.Letter:
		return i18n.T("talk.requested.letter", "number", string(number))
	}
	if t.Answers[cases.FieldMoment] == code("soon") {
		return i18n.T("talk.requested.soon", "number", string(number), "telephone", t.final(fieldCall))
	}
	return i18n.T("talk.requested.call", "number", string(number), "telephone", t.final(fieldCall), "moment", t.shown(cases.FieldMoment, mostKnown))
}
