package cases

import (
	"maps"
	"strconv"
	"time"
)

// File is everything of one case: what only those may see who may read it.
type File struct {
	Case    Case
	Answers Words // of the complaint, or of the request for a talk, as they stand now: see Assemble
	Events  []Event
	Letters []Delivery

	Attachments []Enclosure // in the order in which they were sent
}

// Reach is where the complainant could be reached after the event with the given number: their telephone number and e-mail
// address, as they told them first or changed them since.
func (f *File) Reach(event int) Words {
	reach := Words{}
	for _, e := range f.Events[:max(0, min(event, len(f.Events)))] {
		if field := e.Data["field"]; e.Kind == Corrected && (field == FieldTelephone || field == FieldEmail) {
			if reach[field] = e.Words[FieldText]; reach[field] == "" {
				delete(reach, field)
			}
		}
		if e.Seq > 1 && e.Kind != ContactChanged {
			continue
		}
		for _, field := range []string{FieldTelephone, FieldEmail} {
			if given := e.Words[field]; given != "" {
				reach[field] = given
			}
		}
	}
	return reach
}

// Delivery says what became of a notice.
type Delivery struct {
	Notice
	State  DeliveryState
	Reason string // why it failed, in a word; holds no words of a complaint
	At     time.Time
}

// DeliveryState is how far a notice got.
type DeliveryState string

// The states of a delivery.
const (
	Queued  DeliveryState = "queued"
	Sent    DeliveryState = "sent"
	Failed  DeliveryState = "failed"   // it was refused; trying again would change nothing
	Gone    DeliveryState = "gone"     // the recipient can't be reached this way any more
	NotSent DeliveryState = "not-sent" // this way is not set up
)

// Event finds an event of the file by its number.
func (f *File) Event(seq int) (Event, bool) {
	if seq < 1 || seq > len(f.Events) {
		return Event{}, false
	}
	return f.Events[seq-1], true
}

// Assemble completes a file whose Case and Events are there: its Answers, with what was corrected of a write-up and where the
// complainant can be reached now, and the words of a closing that another approved, which stand in the event of its draft.
func (f *File) Assemble() {
	f.Answers = f.AnswersAt(len(f.Events))
	for i, e := range f.Events {
		seq, err := strconv.Atoi(e.Data["draft"])
		if err != nil || e.Kind != Ended {
			continue
		}
		if draft, found := f.Event(seq); found && draft.Kind == Drafted {
			f.Events[i].Words = maps.Clone(draft.Words)
		}
	}
}

// AnswersAt are the answers as they stood after the event with the given number.
func (f *File) AnswersAt(event int) Words {
	told := Words{}
	for _, e := range f.Events[:max(0, min(event, len(f.Events)))] {
		switch field := e.Data["field"]; {
		case e.Seq == 1:
			maps.Copy(told, e.Words)
		case e.Kind == Corrected && field != "":
			if told[field] = e.Words[FieldText]; told[field] == "" {
				delete(told, field)
			}
		}
	}
	maps.Copy(told, f.Reach(event))
	return told
}

// PartyName is the name of a person concerned, as it was noted; empty where there is none, as may be of a member.
func (f *File) PartyName(number int) string { return f.party(number)[FieldName] }

// PartyMail is the address of a person concerned who is no member of the workspace; empty for one who is.
func (f *File) PartyMail(number int) string { return f.party(number)[FieldEmail] }

func (f *File) party(number int) Words {
	one, known := f.Case.Work.Party(number)
	if !known {
		return nil
	}
	e, _ := f.Event(one.Event)
	return e.Words
}
