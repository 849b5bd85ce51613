package cases

import (
	"time"

	"websec.nl/gehoor/i18n"
)

// Enclosure is a file that belongs to a case, as those see it who may read the case. It is not its content.
type Enclosure struct {
	ID     string // random; it tells nothing and may stand in a button
	Field  string // the field that it answers; empty where it answers none
	Name   string // words
	Kind   string // by what is in it; empty until it is kept
	Type   string // media type, by what is in it; until it is kept, as its platform says
	Size   int64  // bytes; until it is kept, as its platform says: 0 is not known
	State  EnclosureState
	Reason string // why it is not kept, as a key of package i18n
	By     Actor
	At     time.Time // when it was sent
	Event  int       // with whose words the committee sent it; 0: the complainant sent it
}

// EnclosureState is what became of a file that was sent.
type EnclosureState string

// The states of an enclosure.
const (
	EnclosureWaiting EnclosureState = "waiting" // to be fetched and looked at
	EnclosureKept    EnclosureState = "kept"
	EnclosureRefused EnclosureState = "refused" // it was fetched, and can't be kept
	EnclosureLost    EnclosureState = "lost"    // it can't be fetched
)

// Document is a file with its content.
type Document struct {
	Name    string // words
	Kind    string
	Type    string // media type
	Content []byte
}

// Attach puts a file that the complainant sent into the file of the case, by its identifier and its name, which may be empty.
func (c *Case) Attach(id, name string, now time.Time) error {
	if !c.Open() {
		return refuse("refusal.closed", "number", string(c.Number))
	}
	c.record(now, Complainant, Attached, map[string]string{"attachment": id}, spoken(name))
	c.Work.Replied = now
	return nil
}

// Room says whether another file of size bytes goes into a case that has so many files, of so many bytes together; where it
// does not, it returns a *Refusal.
func (l Limits) Room(c *Case, files int, bytes, size int64) error {
	switch {
	case !c.Open():
		return refuse("refusal.closed", "number", string(c.Number))
	case files >= l.Files:
		return refuse("refusal.files-full", "number", string(c.Number))
	case size > l.BytesEach() || bytes+size > l.BytesTotal():
		return refuse("refusal.files-too-large", "number", string(c.Number))
	}
	return nil
}

// Spoil records that a file which was sent can't be kept, and why.
func (c *Case) Spoil(id string, why i18n.Text, now time.Time) {
	c.record(now, Program, Spoiled, map[string]string{"attachment": id, "reason": why.Key}, nil)
}

// Share puts one of the files of the case before everybody in its room, which who asks for it may read. It is recorded as a
// reading of theirs.
func (c *Case) Share(who Person, id string, now time.Time) error {
	if err := May(who, ReadFile, c); err != nil {
		return err
	}
	switch {
	case !c.Open():
		return &Refusal{Text: text("refusal.closed", c)}
	case c.Owner == "": // it has no room yet; a talk gets one for this
		return &Refusal{Text: text("refusal.take-it-first", c)}
	}
	c.Work.HaveRead = with(c.Work.HaveRead, who.Member)
	c.record(now, By(who.Member), Read, map[string]string{"attachment": id, "in": string(ToRoom)}, nil)
	return nil
}
