package cases

import "time"

// File is everything of one case: what only those may see who may read it.
type File struct {
	Case    Case
	Answers Words // of the complaint, or of the request for a talk
	Events  []Event
	Letters []Delivery
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
