// Package conversation leads a complainant through the intake: which question comes next, what an answer may be, and what
// to say then. It is a table of states (flow.go) and one pure function, Next; what is to be said and done comes back as
// effects, which others say and do.
//
// It refuses to know Telegram, SQL, the clock and the sentences themselves: it says keys of package i18n.
package conversation

import (
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// State names what the conversation waits for. The states stand in flow.go.
type State string

// Session is all that is remembered of one conversation. It stays small whatever is told: a long story is kept in parts
// beside it, by Append. Make a new one with New; the zero Session is one that never began.
type Session struct {
	Version   string        `json:"v,omitempty"` // of the procedure it began with
	Language  i18n.Language `json:"l,omitempty"`
	State     State         `json:"s,omitempty"`
	Step      int           `json:"n,omitempty"` // grows with each question; a button carries the step it belongs to
	Consented time.Time     `json:"c,omitzero"`
	Answers   cases.Words   `json:"a,omitempty"` // by the fields of cases.ComplaintFields and cases.TalkFields
	Story     Story         `json:"t,omitzero"`
	Changing  bool          `json:"g,omitempty"` // an answer is being changed from the summary
	Draft     State         `json:"d,omitempty"` // where the complaint goes on that was put aside for the menu or a talk
	Return    State         `json:"r,omitempty"` // where it goes on after what came in between
	Case      cases.Number  `json:"k,omitempty"` // the case that the person is writing to the committee about
	Has       bool          `json:"h,omitempty"` // the person has filed something: there are cases to look up
}

// Story says what is kept of the parts of the story.
type Story struct {
	Parts   int    `json:"p,omitempty"`
	Length  int    `json:"l,omitempty"` // characters in all parts together
	Excerpt string `json:"x,omitempty"` // how it begins
}

// New is the session of somebody who was not heard of before. Profile is the BCP 47 tag of the language that they set in
// their chat program; empty where it is not known.
func New(profile string) Session {
	if profile == "" {
		return Session{Language: i18n.Languages[0]}
	}
	return Session{Language: i18n.Closest(profile)}
}

// Event is something that happened in the conversation.
type Event interface{ event() }

// What the person does.
type (
	Started struct{ Profile string } // /start; Profile is the BCP 47 tag of the person's own setting
	Command struct{ Name string }    // any other command, without its slash: status, language, help, cancel
	Typed   struct{ Text string }    // words
	Pressed struct {
		Step   int // the number that the button carried
		Choice string
	} // a button under one of our messages
	Shared   struct{ Telephone string }     // the person's own contact, shared by a button
	Attached struct{ Kind, Caption string } // anything that is no text; Kind is one of the constants below
)

// The kinds of Attached; any other is spoken of as no words.
const (
	APhoto    = "photo"
	ADocument = "document"
	AVideo    = "video"
	AVoice    = "voice" // a voice note, a round video, music
	ASticker  = "sticker"
	ALocation = "location"
	AContact  = "contact" // of somebody else
)

// What became of an effect, told in the same transaction: Next is called again with it.
type (
	Found struct{ Cases []Status } // by Look: the person's cases, oldest first
	Filed struct {
		Number  cases.Number
		LastDay time.Time // any instant of the last day of the period
		Mail    bool      // an acknowledgement goes out by e-mail as well
	} // by File
	TalkRequested struct{}                // by RequestTalk
	Replied       struct{}                // by Reply
	Refused       struct{ Why i18n.Text } // File, RequestTalk or Reply was refused and nothing was kept of it
)

func (Started) event()       {}
func (Command) event()       {}
func (Typed) event()         {}
func (Pressed) event()       {}
func (Shared) event()        {}
func (Attached) event()      {}
func (Found) event()         {}
func (Filed) event()         {}
func (TalkRequested) event() {}
func (Replied) event()       {}
func (Refused) event()       {}

// Status is a case as its complainant may see it.
type Status struct {
	Number   cases.Number
	Kind     cases.Kind
	Stage    cases.Stage
	Received time.Time
	LastDay  time.Time // any instant of the last day of the period; zero for a talk
	Closed   time.Time // zero while it is open
}

// Effect is something to say or to do. Effects are said and done in their order.
type Effect interface{ effect() }

type (
	// Say says a text, with rows of buttons under it, or with a change of the person's keyboard, never both. Words are the
	// person's own and are shown as they are: they fill the holes of Text.
	Say struct {
		Text    i18n.Text
		Buttons [][]Button
		Ask     Keyboard
	}
	// Append keeps a part of the story; Part counts from 1 since the last Erase.
	Append struct {
		Part int
		Text string
	}
	// Erase forgets the parts of the story.
	Erase struct{}
	// Toast answers a press that changes nothing, in a word above the chat.
	Toast struct{ Text i18n.Text }
	// Look looks the person's cases up; Next is called again with Found.
	Look struct{}
	// File makes a case of the answers and the parts of the story; Next is called again with Filed or Refused.
	File struct{ Complaint cases.Complaint }
	// RequestTalk puts a request to be called before the committee; Next is called again with TalkRequested or Refused.
	RequestTalk struct{ Talk cases.TalkRequest }
	// Reply puts words into the file of a case, as the complainant's answer to the committee, if the case is theirs; Next
	// is called again with Replied or Refused.
	Reply struct {
		Case cases.Number
		Text string
	}
)

func (Say) effect()         {}
func (Append) effect()      {}
func (Erase) effect()       {}
func (Toast) effect()       {}
func (Look) effect()        {}
func (File) effect()        {}
func (RequestTalk) effect() {}
func (Reply) effect()       {}

// Button is a choice under a message. Step and Choice come back in Pressed; a Link opens a page instead. Step 0 stands
// under messages that are no question: such a button is never old.
type Button struct {
	Text   i18n.Text
	Step   int
	Choice string // at most 40 bytes of ASCII
	Link   string
}

// Keyboard says what the person's own keyboard is replaced by.
type Keyboard int

// The keyboards.
const (
	Unchanged    Keyboard = iota
	AskTelephone          // a button that shares the person's own telephone number; its label is ShareTelephone
	Remove                // take ours away
)
