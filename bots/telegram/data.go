package telegram

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/conversation"
	"websec.nl/gehoor/i18n"
)

//go:embed data.html
var dataHTML string

var dataTemplate = template.Must(template.New("data").Parse(dataHTML))

// sendData sends somebody all that is held on them, as a page that any telephone opens. It is made when it is sent, so that it
// waits nowhere.
func (b *Bot) sendData(ctx context.Context, chat int64, l i18n.Language) error {
	b.client.SendChatAction(ctx, &telegram.SendChatActionParams{ChatID: chat, Action: models.ChatActionUploadDocument}) // a sign, and no more
	held, err := b.store.PersonalData(ctx, chat)
	if err != nil {
		return err
	}
	page, err := dataPage(held, b.store.ProcedureOf, l)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s-%s.html", i18n.T("data.name").In(l), b.store.Procedure().In(held.At).Format(time.DateOnly))
	b.room.Allow()
	_, err = b.client.SendDocument(ctx, &telegram.SendDocumentParams{
		ChatID: chat, Caption: i18n.T("data.caption").In(l), Document: &models.InputFileUpload{Filename: name, Data: bytes.NewReader(page)},
	})
	return asAPIError(err)
}

// What stands on the page.
type (
	dataSheet struct {
		Language i18n.Language
		Title    string
		Intro    []string
		Sections []dataSection
	}
	dataSection struct {
		Title  string
		Groups []dataGroup
	}
	dataGroup struct {
		Title, Note string
		Facts       []dataFact
		Lines       []dataLine
	}
	dataFact struct{ Label, Value string }
	dataLine struct{ At, Text, Words string }
)

// dataPage makes the page. Settings are those of a version, or those in force for the empty one.
func dataPage(held *cases.PersonalData, settings func(version string) *cases.Procedure, l i18n.Language) ([]byte, error) {
	p := settings("")
	w := &dataWriter{procedure: p, l: l}
	sheet := dataSheet{Language: l, Title: w.say("data.title")}
	sheet.Intro = append(sheet.Intro, w.say("data.intro", "organisation", p.Organisation, "moment", w.moment(held.At)))
	var session conversation.Session
	_ = json.Unmarshal(held.Session, &session) // what can't be read is none of theirs to read either
	w.procedure = settings(session.Version)
	if here, any := w.chat(held, session); any {
		sheet.Sections = append(sheet.Sections, here)
	}
	for i := range held.Cases {
		w.procedure = settings(held.Cases[i].Version)
		sheet.Sections = append(sheet.Sections, w.ofCase(&held.Cases[i]))
	}
	if len(sheet.Sections) == 0 {
		sheet.Intro = append(sheet.Intro, w.say("data.nothing"))
	} else {
		sheet.Intro = append(sheet.Intro, w.say("data.sealed"), w.say("data.committee"))
		if w.files {
			sheet.Intro = append(sheet.Intro, w.say("data.files"))
		}
		sheet.Intro = append(sheet.Intro, w.say("data.forget"))
	}
	for _, text := range (&notice{procedure: p}).turnTo("notice.turn-to") {
		sheet.Intro = append(sheet.Intro, text.In(l))
	}
	var page bytes.Buffer
	if err := dataTemplate.Execute(&page, sheet); err != nil {
		return nil, fmt.Errorf("page of what is held on a person: %w", err)
	}
	return page.Bytes(), nil
}

// dataWriter puts what is held into words.
type dataWriter struct {
	procedure *cases.Procedure
	l         i18n.Language
	files     bool // some were listed
}

func (w *dataWriter) say(key string, pairs ...any) string { return i18n.T(key, pairs...).In(w.l) }

func (w *dataWriter) moment(at time.Time) i18n.Moment { return i18n.Moment{Time: w.procedure.In(at)} }

func (w *dataWriter) saidMoment(at time.Time) string {
	return w.say("data.moment", "moment", w.moment(at))
}

func (w *dataWriter) day(at time.Time) string {
	return w.say("data.day", "day", i18n.Date{Time: w.procedure.In(at)})
}

// chat is what is held of a conversation that came to no case yet.
func (w *dataWriter) chat(held *cases.PersonalData, session conversation.Session) (dataSection, bool) {
	if len(held.Session) == 0 && len(held.Parts) == 0 && len(held.Files) == 0 && len(held.Aside) == 0 {
		return dataSection{}, false
	}
	about := dataGroup{}
	about.fact(w.say("data.chat.number"), strconv.FormatInt(held.Chat, 10))
	if session.Language.Valid() {
		about.fact(w.say("data.chat.language"), w.say("data.language."+string(session.Language)))
	}
	if !session.Consented.IsZero() {
		about.fact(w.say("data.chat.consented"), w.saidMoment(session.Consented))
	}
	if !held.Touched.IsZero() {
		about.fact(w.say("data.chat.touched"), w.saidMoment(held.Touched))
	}
	all := dataSection{Title: w.say("data.chat.title"), Groups: []dataGroup{about}}
	told := cases.File{Case: cases.Case{Kind: cases.Formal}, Answers: session.Told(w.procedure, w.l)}
	answers := w.answers(w.say("data.chat.answers"), told.Fields(w.procedure), told.Answers)
	if len(answers.Facts) > 0 || len(held.Parts) > 0 || len(held.Files) > 0 {
		answers.Note = w.say("data.chat.kept", "span", conversation.Span(w.procedure.Drafts))
	}
	story := dataGroup{Title: w.say("data.chat.story")}
	for _, part := range held.Parts {
		story.Lines = append(story.Lines, dataLine{Words: part.Text})
	}
	early := dataGroup{Title: w.say("data.chat.early")}
	for _, one := range session.Early {
		if one.Text != "" {
			early.Lines = append(early.Lines, dataLine{Words: one.Text})
		}
		if one.File != nil {
			early.Lines = append(early.Lines, dataLine{Text: w.named(one.File.Name)})
		}
	}
	unsent := dataGroup{Title: w.say("data.chat.aside")}
	for _, one := range session.NotSent() {
		unsent.Facts = append(unsent.Facts, w.answers("", slices.Sorted(maps.Keys(one)), w.graded(one)).Facts...)
	}
	lost := dataGroup{Title: w.say("data.chat.lost")}
	for _, one := range held.Aside {
		lost.Lines = append(lost.Lines, dataLine{At: w.saidMoment(one.At), Words: wordsOf(one.Raw)})
	}
	return all.with(answers, story, w.enclosures(w.say("data.chat.files"), held.Files), early, unsent, lost), true
}

// wordsOf are the words of an update that could not be handled; where none can be found in it, it is shown as it came.
func wordsOf(raw []byte) string {
	var w wire
	_ = json.Unmarshal(raw, &w)
	for _, m := range []*wireMessage{w.Message, w.Edited} {
		if m != nil && m.Text+m.Caption != "" {
			return m.Text + m.Caption
		}
	}
	return strings.ToValidUTF8(string(raw), "\uFFFD")
}

// ofCase is what is held of one case.
func (w *dataWriter) ofCase(c *cases.PersonalCase) dataSection {
	title := "data.case.complaint"
	if c.Kind == cases.Talk {
		title = "data.case.talk"
	}
	about := dataGroup{}
	if c.Erased {
		about.Note = w.say("data.case.erased")
	}
	about.fact(w.say("data.case.received"), w.saidMoment(c.Received))
	about.fact(w.say("data.case.stage"), w.say("data.stage."+string(c.Stage)))
	if last := c.LastDay(w.procedure); !last.IsZero() && c.Open() {
		about.fact(w.say("data.case.deadline"), w.day(last))
	}
	if !c.Contacted.IsZero() {
		about.fact(w.say("data.case.contacted"), w.saidMoment(c.Contacted))
	}
	if c.Outcome != "" {
		about.fact(w.say("data.case.outcome"), w.say("outcome."+string(c.Outcome)))
	}
	switch {
	case c.Erased:
	case c.Kept.IsZero():
		about.fact(w.say("data.case.kept"), w.say("data.case.kept-open", "span", conversation.Span(w.procedure.Retention)))
	default:
		about.fact(w.say("data.case.kept"), w.day(c.Kept))
	}
	told := cases.File{Case: c.Case, Answers: c.Answers}
	letters := dataGroup{Title: w.say("data.case.letters")}
	for _, one := range c.Letters {
		letters.Lines = append(letters.Lines, dataLine{At: w.saidMoment(one.At), Text: w.say("data.letter",
			"what", i18n.T(letterKey(one.Kind)), "way", i18n.T("way."+string(one.To)), "state", i18n.T("data.state."+string(one.State)))})
	}
	all := dataSection{Title: w.say(title, "number", string(c.Number)), Groups: []dataGroup{about}}
	return all.with(w.answers(w.say("data.case.answers"), told.Fields(w.procedure), c.Answers), w.events(c),
		w.enclosures(w.say("data.case.files"), c.Files), letters)
}

// letterKey is the key of what was sent.
func letterKey(kind cases.NoticeKind) string {
	if _, file := kind.File(); file {
		return "letters.file"
	}
	return "letters." + string(kind)
}
