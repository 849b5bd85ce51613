package cases

import "time"

// File is everything of one case: what only those may see who may read it.
type File struct {
	Case    Case
	Answers Words // of the complaint, or of the request for a talk, but with where they can be reached now: see Reach
	Events  []Event
	Letters []Delivery

	Attachments []Enclosure // in the order in which they were sent
}

// Reach is where the complainant could be reached after the event with the given number: their telephone number and e-mail
// address, as they told them first or changed them since.
func (f *File) Reach(event int) Words {
	reach := Words{}
	for _, e := range f.Events[:max(0, min(event, len(f.Events)))] {
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
