// Package mail tells complainants by letter what happens to their case, and persons concerned what is put to them: it composes
// the letters, text and HTML, and hands them to a mail server. It refuses to know when a letter is due, and it changes nothing.
package mail

import (
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// Letter is a letter in its reader's language, before it is text or HTML. No word of a complaint stands in its
// subject, nor above its greeting, where a mail program shows a preview.
type Letter struct {
	Language     i18n.Language
	Organisation string
	Subject      string
	Title        string
	Facts        []Line // what it is about at a glance, such as the case number
	Greeting     string
	Sections     []Section
	Closing      string
	Sender       string
	Footer       []string
}

// Section is a part of a letter, with a heading or without one. Its fields are shown in their order.
type Section struct {
	Heading    string
	Paragraphs []string
	Steps      []string
	Quote      []string // the committee's words, by paragraphs
	Answers    []Line   // the complainant's words, each under its question
	Links      []Line   // addresses, each under what it leads to
	After      []string // paragraphs behind all of that
}

// Line is a label or a question, and what belongs to it.
type Line struct {
	Label string
	Value string
	None  bool // there is no answer; Value says so
}

// Compose writes the letter for a notice of a case, with the links that it leads to. It is not ok for what is no notice to a
// complainant or a person concerned, or has lost its event or its words.
func Compose(f *cases.File, n cases.Notice, p *cases.Procedure, links Links) (letter *Letter, ok bool) {
	event, found := f.Event(n.Event)
	write, known := letters[n.Kind]
	party, isParty := n.To.Party()
	if !found || !known || isParty != slices.Contains(toParties, n.Kind) {
		return nil, false
	}
	language := f.Case.Language
	if isParty {
		language = i18n.Languages[0]
		if one, named := f.Case.Work.Party(party); !named {
			return nil, false
		} else if one.Language.Valid() {
			language = one.Language
		}
	}
	w := &writer{
		file: f, event: event, to: n.To, procedure: p, links: links, party: isParty,
		letter: &Letter{Language: language, Organisation: clean(p.Organisation)},
	}
	w.begin()
	if !write(w) {
		return nil, false
	}
	w.end()
	return w.letter, true
}

// letters says who writes which letter; each says false where it has nothing to tell.
var letters = map[cases.NoticeKind]func(*writer) bool{
	cases.Acknowledgement: (*writer).acknowledgement,
	cases.InHand:          (*writer).inHand,
	cases.Message:         (*writer).message,
	cases.Summary:         (*writer).summary,
	cases.Delay:           (*writer).delay,
	cases.LateNotice:      (*writer).late,
	cases.ProgressNotice:  (*writer).progress,
	cases.Confirmation:    (*writer).confirmation,

	cases.Proposal:         (*writer).proposal,
	cases.HelpedQuestion:   (*writer).helped,
	cases.ContactNotice:    (*writer).contactChanged,
	cases.WithdrawalNotice: (*writer).withdrawal,
	cases.ReopenedNotice:   (*writer).reopened,

	cases.ReportNotice:    (*writer).report,
	cases.LapseNotice:     (*writer).lapse,
	cases.ApprovalRequest: (*writer).approval,
	cases.NobodyNotice:    (*writer).nobody,

	cases.Invitation:    (*writer).invitation,
	cases.PartyProposal: (*writer).partyProposal,
	cases.PartyEnd:      (*writer).partyEnd,
}

// toParties are the notices to persons concerned.
var toParties = []cases.NoticeKind{cases.Invitation, cases.PartyProposal, cases.PartyEnd}

// writer writes one letter.
type writer struct {
	file      *cases.File
	event     cases.Event
	to        cases.Recipient
	procedure *cases.Procedure
	links     Links
	party     bool // it goes to a person concerned
	letter    *Letter
}

func (w *writer) say(key string, pairs ...any) string {
	return i18n.T(key, pairs...).In(w.letter.Language)
}

func (w *writer) begin() {
	w.fact("letter.fact.number", string(w.file.Case.Number))
	name := nameOf(w.file)
	switch {
	case w.party:
		name = w.partyNamed()
	case w.file.Case.Stage == cases.Awaiting:
		w.fact("letter.fact.written", w.show(i18n.Moment{Time: w.procedure.In(w.file.Case.Received)}))
	default:
		w.fact("letter.fact.received", w.show(i18n.Moment{Time: w.procedure.In(w.file.Case.Received)}))
	}
	w.letter.Greeting = w.say("letter.greeting-nameless")
	if name != "" {
		w.letter.Greeting = w.say("letter.greeting", "name", name)
	}
}

func (w *writer) end() {
	w.letter.Closing = w.say("letter.closing")
	w.letter.Sender = w.say("letter.sender", "organisation", w.letter.Organisation)
	w.letter.Footer = append(w.letter.Footer, w.say("letter.footer"))
	if line := w.turnTo("letter.footer.contact"); line != "" {
		w.letter.Footer = append(w.letter.Footer, line)
	}
	if w.procedure.Post != "" {
		w.letter.Footer = append(w.letter.Footer, w.say("letter.footer.post", "address", clean(w.procedure.Post), "contact", w.contact()))
	}
}

// head sets the title and the subject, which holds the number and the kind of the letter and nothing else.
func (w *writer) head(title, subject string) {
	w.letter.Title = w.say(title)
	w.letter.Subject = w.say(subject, "number", string(w.file.Case.Number))
}

func (w *writer) fact(key, value string) {
	w.letter.Facts = append(w.letter.Facts, Line{Label: w.say(key), Value: value})
}

func (w *writer) add(s Section) { w.letter.Sections = append(w.letter.Sections, s) }

// words are words of the event, by paragraphs; none when they were erased.
func (w *writer) words(field string) []string { return paragraphs(w.event.Words[field]) }

// show says a Date or a Moment.
func (w *writer) show(when any) string {
	return i18n.T("letter.when", "when", when).In(w.letter.Language)
}

// day reads a day from the event's data.
func (w *writer) day(name string) (string, bool) {
	day, err := time.ParseInLocation(time.DateOnly, w.event.Data[name], w.procedure.Location())
	return w.show(i18n.Date{Time: day}), err == nil
}

// turnTo names the person to turn to and the ways there, in the sentence given; nothing if no way is set.
func (w *writer) turnTo(key string) string {
	p := w.procedure
	ways := clean(p.Email)
	switch {
	case p.Email == "" && p.Telephone == "":
		return ""
	case p.Email == "":
		ways = clean(p.Telephone)
	case p.Telephone != "":
		ways = w.say("notice.or", "one", ways, "other", clean(p.Telephone))
	}
	return w.say(key, "contact", w.contact(), "ways", ways)
}

// contact is the person to turn to.
func (w *writer) contact() string {
	if contact := clean(w.procedure.Contact); contact != "" {
		return contact
	}
	return w.say("notice.committee")
}

// aim says by when we want to be done, if that is still to come, here and among the facts.
func (w *writer) aim() []string {
	c := &w.file.Case
	if c.Deadline.IsZero() || c.Late(w.event.At) {
		return nil
	}
	day := w.show(i18n.Date{Time: c.LastDay(w.procedure)})
	w.fact("letter.fact.until", day)
	return []string{w.say("notice.aim", "day", day)}
}

// reply is a sentence that asks for an answer to the letter, where such an answer goes somewhere.
func (w *writer) reply(key string) []string {
	if w.procedure.Email == "" {
		return nil
	}
	return []string{w.say(key)}
}

// some leaves out what is empty.
func some(sentences ...string) (all []string) {
	for _, s := range sentences {
		if strings.TrimSpace(s) != "" {
			all = append(all, s)
		}
	}
	return all
}
