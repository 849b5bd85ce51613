package cases

import (
	"maps"
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
	Taken: {}, Handed: {}, Late: {}, Unreachable: {}, Reachable: {}, Reopened: {}, Spoiled: {},
	Wrote: {FieldText}, Spoke: {FieldSteps}, Extended: {FieldText}, Proposed: {FieldSolution}, Ended: {FieldSolution},
}

// Personal is what the complainant may see of the file of their case.
func (f *File) Personal(p *Procedure) PersonalCase {
	own := PersonalCase{Case: f.Case, Kept: f.Case.Kept(p), Erased: len(f.Answers) == 0, Answers: f.Answers, Letters: f.Letters, Files: f.Attachments}
	own.Owner, own.Excluded, own.Told, own.events = "", nil, nil, nil
	for _, e := range f.Events {
		fields, seen := theirs[e.Kind]
		if !seen {
			continue
		}
		if fields != nil {
			if f.Case.Kind == Talk && e.Kind == Ended {
				fields = nil // the note on how it went
			}
			words := Words{}
			for _, field := range fields {
				if e.Words[field] != "" {
					words[field] = e.Words[field]
				}
			}
			e.Words = words
		}
		if _, member := e.By.Member(); member {
			e.By = TheCommittee
		}
		e.Data = maps.Clone(e.Data)
		delete(e.Data, "to") // of the committee
		e.Commitments = nil
		own.Events = append(own.Events, e)
	}
	return own
}
