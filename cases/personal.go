package cases

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// PersonalData is everything that is held on a person who speaks with us in a chat, for them to see.
//
// Their own words are all there, also what they said of others, and so are the committee's words that were sent to them. What
// the committee noted for itself is not, nor who of it did what: that is about its members, and its notes are how it comes to
// its judgement. That somebody read a file, was reminded or was refused is told by no notice, and is left out for the same reason.
type PersonalData struct {
	At      time.Time // when it was looked up
	Chat    int64
	Session []byte // what is remembered of the conversation, in the encoding of its face; nil: nothing
	Touched time.Time
	Parts   []Part      // of the story of a complaint that is not filed
	Files   []Enclosure // of the same
	Aside   []Aside     // what they sent that could not be understood
	Cases   []PersonalCase
}

// Part is a part of a story that is being told.
type Part struct {
	Number  int
	Text    string
	Message int64 // of the chat; 0: not known
}

// Aside is something that a person sent and that could not be understood, as it came.
type Aside struct {
	At  time.Time
	Raw []byte
}

// PersonalCase is a case as its complainant may see all of it.
type PersonalCase struct {
	Case
	Kept    time.Time // its words are kept until then; zero while it is open
	Erased  bool      // its words are gone
	Answers Words
	Events  []Event // that are theirs to see, without who of the committee it was
	Letters []Delivery
	Files   []Enclosure
}

// TheCommittee is whoever of the committee did something, where it is not said who.
const TheCommittee Actor = "committee"

// theirs are the events of a case that its complainant may see, each with the fields of words that they may read: all of what
// they wrote themselves, and of the committee's what was sent to them.
var theirs = map[EventKind][]string{
	Filed: nil, Requested: nil, Replied: nil, Attached: nil, Corrected: nil, ContactChanged: nil, Agreed: nil, Objected: nil, Withdrawn: nil,
	Helped: nil, NotHelped: nil, Rated: nil,
	LanguageChanged: {}, Taken: {}, Handed: {}, Late: {}, Progressed: {}, Unreachable: {}, Reachable: {}, Reopened: {}, Spoiled: {},
	Wrote: {FieldText}, Spoke: {FieldSteps}, Extended: {FieldText}, Proposed: {FieldSolution}, Ended: {FieldSolution}, Reported: {FieldText},
	Lapsed: {FieldText}, WrittenUp: nil, Approved: {}, NotApproved: nil, LeftAlone: {},
}

// Personal is what the complainant may see of the file of their case.
func (f *File) Personal(p *Procedure) PersonalCase {
	own := PersonalCase{Case: f.Case, Kept: f.Case.Kept(p), Erased: len(f.Answers) == 0, Answers: f.Answers}
	own.Owner, own.Excluded, own.Told, own.Work, own.events = "", nil, nil, Work{}, nil
	own.Letters = slices.DeleteFunc(slices.Clone(f.Letters), func(d Delivery) bool { return !slices.Contains(complainantsWays, d.To) })
	unsent := f.unsent()
	own.Files = personalFiles(f.Attachments, unsent)
	for _, e := range f.Events {
		if _, byParty := e.By.Party(); byParty || unsent[e.Seq] {
			continue
		}
		if e, seen := f.personal(e); seen {
			own.Events = append(own.Events, e)
		}
	}
	return own
}

// complainantsWays are the recipients that are the complainant.
var complainantsWays = []Recipient{ByChat, ByMail, ByOldMail}

// unsent are the events whose words did not go out to the complainant: they were taken back, or still can be.
func (f *File) unsent() map[int]bool {
	all := map[int]bool{}
	for _, seq := range f.Case.Work.Held {
		all[seq] = true
	}
	for _, e := range f.Events {
		if e.Kind == TakenBack {
			seq, _ := strconv.Atoi(e.Data["event"])
			all[seq] = true
		}
	}
	return all
}

// personal is an event as the complainant may see it.
func (f *File) personal(e Event) (Event, bool) {
	fields, seen := theirs[e.Kind]
	if !seen {
		return e, false
	}
	if why, err := strconv.Atoi(e.Data["event"]); err == nil && e.Kind == Extended { // the reason was written down before
		said, _ := f.Event(why)
		e.Words = said.Words
	}
	if fields != nil {
		e.Words = f.toThem(e, fields)
	}
	if _, member := e.By.Member(); member {
		e.By = TheCommittee
	}
	e.Data = maps.Clone(e.Data)
	maps.DeleteFunc(e.Data, func(name, _ string) bool {
		return slices.Contains(committees, name) || strings.HasPrefix(name, "measure.") && strings.HasSuffix(name, ".owner")
	})
	e.Commitments = nil
	return e, true
}

// committees are the names in the data of events that say who of the committee it was, or what it noted for itself.
var committees = []string{"to", "witness", "drafted-by", "draft", "despite"}

// toThem are the words of an event that the complainant was sent.
func (f *File) toThem(e Event, fields []string) Words {
	words := Words{}
	if f.Case.Kind == Talk && e.Kind == Ended {
		return words // the note on how it went is the committee's
	}
	for field, said := range e.Words {
		part := e.Kind == Ended && (strings.HasPrefix(field, "point.") || strings.HasPrefix(field, "measure."))
		if said != "" && (part || slices.Contains(fields, field)) {
			words[field] = said
		}
	}
	return words
}
