// Package conversation leads a complainant through a complaint, from the first hello to what they think of how it was
// handled: which question comes next, what an answer may be, and what to say then. It is a table of states (flow.go, and what
// a procedure's questions add to it, questions.go) and one pure function, Next; what is to be said and done comes back as
// effects, which others say and do.
//
// It refuses to know Telegram, SQL, the clock and the sentences themselves: it says keys of package i18n.
package conversation

import (
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// Event is something that happened in the conversation.
type Event interface{ event() }

// What the person does. Message is the number of their message in the chat; 0: not known.
type (
	Started  struct{ Profile string }        // /start; Profile is the BCP 47 tag of the person's own setting
	Followed struct{ Profile, Token string } // a link to this chat that they were sent; Token is what it is known by
	Command  struct{ Name string }           // any other command, without its slash: status, language, help, cancel
	Typed    struct {
		Text    string
		Message int64
	} // words
	Pressed struct {
		Step   int // the number that the button carried
		Choice string
	} // a button under one of our messages
	Shared struct {
		Telephone string
		Message   int64
	} // the person's own contact, shared by a button
	Attached struct {
		Kind, Caption string // Kind is one of the constants below
		Message       int64
		File          cases.Attachment // its ID is empty where there is nothing that can be kept
	} // anything that is no text
	Edited struct {
		Message int64
		Text    string
		File    bool // it is the words under a file, which may have had none before
	} // they changed a message that they had sent
)

// Waited says that as much time went by without a word as Wake had said.
type Waited struct{}

// Spoiled says that a file which was taken in can't be kept after all: it was fetched and looked at, and why says what is
// wrong with it.
type Spoiled struct {
	Name  string
	Why   i18n.Text
	Case  cases.Number // that it was sent for; empty: the complaint that is being told
	Field string       // as in Attach
	Size  int64        // bytes, as was said when it was taken in
}

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
	TalkRequested struct{ Number cases.Number } // by RequestTalk
	Amended       struct {
		Part    int    // 0: no part came from that message
		Grown   int    // characters that the story has more than before; fewer, where it is negative
		Excerpt string // how the story begins now
	} // by Amend
	Forgotten struct{ Kept []Status } // by Forget: what must stay
	Linked    struct {
		Token    string // of Open
		Number   cases.Number
		Language i18n.Language
		Fields   []string    // of the answers, in their order
		Answers  cases.Words // of the write-up, as they stand
		Shown    string      // tells these answers from any others: see cases.Fingerprint
		Changed  bool        // they were not what the person had been shown who wanted to agree with them
		Why      i18n.Text   // the link leads to no write-up: why; Number is then a case of theirs that it led to, or empty
	} // by Open, and by Approve where the answers changed since they were shown
	Corrected struct {
		Number cases.Number
		Shown  string // what tells the answers from others that the person knows now
	} // by CorrectAnswer
	Approved struct {
		Number  cases.Number
		LastDay time.Time // any instant of the last day of the period
		Email   string    // at which an acknowledgement comes; empty: none does
	} // by Approve
	Helpless struct {
		Number cases.Number
		Told   cases.Words
	} // by Helped, where the talk did not help: what was told for it, if that was asked for
	FileFound struct {
		Field string // that the file was sent for, of the complaint that is being told; empty: there is none
	} // by FindFile
	Done    struct{ Number cases.Number } // by every other effect that names a case, and by Correct
	Refused struct{ Why i18n.Text }       // an effect was refused, and nothing was kept of it
)

func (Started) event()       {}
func (Followed) event()      {}
func (Command) event()       {}
func (Typed) event()         {}
func (Pressed) event()       {}
func (Shared) event()        {}
func (Attached) event()      {}
func (Edited) event()        {}
func (Waited) event()        {}
func (Spoiled) event()       {}
func (Found) event()         {}
func (Filed) event()         {}
func (TalkRequested) event() {}
func (Amended) event()       {}
func (FileFound) event()     {}
func (Forgotten) event()     {}
func (Linked) event()        {}
func (Corrected) event()     {}
func (Approved) event()      {}
func (Helpless) event()      {}
func (Done) event()          {}
func (Refused) event()       {}

// Status is a case as its complainant may see it.
type Status struct {
	Number    cases.Number
	Kind      cases.Kind
	Stage     cases.Stage
	Received  time.Time
	LastDay   time.Time // any instant of the last day of the period; zero for a talk
	Explained bool      // LastDay is later than was promised, and the person was told why
	Owned     bool      // somebody of the committee has taken it up
	Contacted time.Time // first personal contact; zero: none
	LastWord  time.Time // when either side last said something to the other; zero: never since it was received
	Proposal  int       // the event with a solution that was proposed and that the person has not answered yet; 0: none
	Question  bool      // the committee asked them something that they have not answered yet
	AnswerBy  time.Time // any instant of the day by which they are asked to answer; zero: none was named
	Measures  int       // that were promised when it was closed
	Carried   int       // of these, how many are done
	Closed    time.Time // zero while it is open
	Outcome   cases.Outcome
	Rated     bool           // the person said how it was handled
	Kept      time.Time      // its words are kept until then; zero while it is open
	Standing  cases.Standing // what has been done, and what comes next
	Owed      time.Time      // any instant of the day by which they hear why it is late; zero: it is not
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
		InPlace bool // it replaces the message whose button was pressed, such as a calendar that turns its page
	}
	// Append keeps a part of the story; Part counts from 1 since the last Erase.
	Append struct {
		Part    int
		Text    string
		Message int64
	}
	// Amend puts other words in the place of the part that came from a message; Next is called again with Amended.
	Amend struct {
		Message int64
		Text    string
	}
	// Attach takes a file in: it is fetched, looked at and kept. Case is empty for the complaint that is being told; for a case,
	// Next is called again with Done or Refused.
	Attach struct {
		Case    cases.Number
		Field   string // the field that it answers
		File    cases.Attachment
		Message int64
		Words   string // that go into the file of the case with it; empty: none do
	}
	// FindFile asks where in the complaint that is being told the file belongs that came in a message; Next is called again with
	// FileFound.
	FindFile struct{ Message int64 }
	// Erase forgets the parts of the story and the files of the complaint that is being told.
	Erase struct{}
	// Toast answers a press that changes nothing, in a word above the chat.
	Toast struct{ Text i18n.Text }
	// Settled says that a question has its answer to which buttons were shown that are never old: those with one of
	// Choices may be taken away.
	Settled struct{ Choices []string }
	// Look looks the person's cases up; Next is called again with Found.
	Look struct{}
	// File makes a case of the answers, the parts of the story and the files; Next is called again with Filed or Refused.
	File struct{ Complaint cases.Complaint }
	// RequestTalk puts a request to be called, or to go on by mail or letter, before the committee; Next is called again with
	// TalkRequested or Refused.
	RequestTalk struct{ Talk cases.TalkRequest }
	// Open finds the write-up to which a link leads; Next is called again with Linked.
	Open struct{ Token string }
	// ChangeLanguage has the person written to in another language about their open cases, too.
	ChangeLanguage struct{ Language i18n.Language }
	// SendData sends all that is held on the person, as a file.
	SendData struct{}
	// ShowProposal says a solution again that an event of a case of theirs proposed, if it still waits for their answer. Its words
	// are those of the case: whoever does it reads them then.
	ShowProposal struct {
		Case     cases.Number
		Proposal int
	}
	// Forget erases all that may go of what is held on the person; Next is called again with Forgotten.
	Forget struct{}
)

// What the complainant does with a case of theirs. Next is called again with Done, or with Refused. Messages are those that the
// words came from, so that a later change of one finds them.
type (
	// Reply puts words into its file: an answer to the committee, or facts that they add.
	Reply struct {
		Case     cases.Number
		Text     string
		Messages []int64
	}
	// Correct puts words into the file in the place of those that came from a message, which stay; or beside a file that came
	// without any. It is for the case that the message belongs to, if there is one; where there is none, Next is called again with
	// a Done without a number.
	Correct struct {
		Message int64
		Text    string
	}
	// Withdraw ends it.
	Withdraw struct {
		Case     cases.Number
		Reason   string // may be empty
		Messages []int64
	}
	// ChangeContact changes where the person can be reached about it; what is empty stays.
	ChangeContact struct {
		Case             cases.Number
		Telephone, Email string
	}
	// Answer says whether they agree with the solution that an event proposed, or what they have against it.
	Answer struct {
		Case     cases.Number
		Proposal int // the event; 0: it is not known, and can't be answered
		Agree    bool
		Text     string // may be empty where they agree
		Messages []int64
	}
	// Helped says whether a talk helped; where not, Next is called again with Helpless.
	Helped struct {
		Case cases.Number
		Yes  bool
		Told bool // Helpless is to say what was told for it
	}
	// Rate says how it was handled, after it was closed.
	Rate struct {
		Case     cases.Number
		Rating   cases.Rating
		Messages []int64
	}
)

// What somebody does with a write-up to which a link led them. Next is called again with Approved, with Corrected, with Done, or with
// Refused; with Linked where they would agree with answers that they have not seen.
type (
	// CorrectAnswer puts words in the place of an answer, or after it.
	CorrectAnswer struct {
		Case               cases.Number
		Token, Field, Text string
		Shown              string // what tells the answers from others that they were shown
		Add                bool   // after what stands there
	}
	// Approve says that it is a true account: the complaint is handled from then on, and the chat is that of its complainant.
	Approve struct {
		Case  cases.Number
		Token string
		Shown string // what tells the answers from others that they agree with
	}
	// Disown says that it is not theirs, or that they do not go on with it.
	Disown struct {
		Case          cases.Number
		Token, Reason string // the reason may be empty
	}
)

func (Say) effect()            {}
func (Append) effect()         {}
func (Amend) effect()          {}
func (Attach) effect()         {}
func (FindFile) effect()       {}
func (Erase) effect()          {}
func (Toast) effect()          {}
func (Look) effect()           {}
func (Settled) effect()        {}
func (Open) effect()           {}
func (File) effect()           {}
func (RequestTalk) effect()    {}
func (ChangeLanguage) effect() {}
func (SendData) effect()       {}
func (ShowProposal) effect()   {}
func (Forget) effect()         {}
func (Reply) effect()          {}
func (Correct) effect()        {}
func (Withdraw) effect()       {}
func (ChangeContact) effect()  {}
func (Answer) effect()         {}
func (Helped) effect()         {}
func (Rate) effect()           {}
func (CorrectAnswer) effect()  {}
func (Approve) effect()        {}
func (Disown) effect()         {}

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
