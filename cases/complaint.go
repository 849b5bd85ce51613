package cases

import (
	"time"

	"websec.nl/gehoor/i18n"
)

// Words are what people wrote, by the name of the field they wrote it in. They are sealed wherever they are kept.
type Words map[string]string

// The fields of Words. Those of a complaint are the questions of the procedure, in its order.
const (
	FieldName      = "name"
	FieldSubject   = "subject"
	FieldProblem   = "problem"
	FieldWhen      = "when"
	FieldOften     = "often"
	FieldWish      = "wish"
	FieldPrior     = "prior"
	FieldContact   = "contact"
	FieldTelephone = "telephone"
	FieldEmail     = "email"
	FieldMoment    = "moment"   // of a talk: when to ring
	FieldText      = "text"     // of a message, a note, a reason, a solution
	FieldSteps     = "steps"    // next steps that were agreed
	FieldSolution  = "solution" // what a case ends in

	FieldFor       = "for"       // whose complaint it is: one of the Whose, and who they are where it is not the complainant's alone
	FieldAuthority = "authority" // how somebody else agreed that it is made for them
	FieldPriorEnd  = "prior-end" // what came of the contact before
	FieldConflict  = "conflict"  // who of the committee should not handle it
	FieldPost      = "post"      // address for a letter

	// FieldOwn begins the field of a question of the organisation's own; its identifier follows.
	FieldOwn = "own."
)

// The values that FieldFor begins with; a space and names may follow.
const (
	ForSelf    = "self"
	ForAnother = "another"
	ForJoint   = "joint" // the complainant's and others'
)

// ComplaintFields lists the fields of a complaint in the order in which the procedure asks them.
var ComplaintFields = []string{
	FieldName, FieldSubject, FieldProblem, FieldWhen, FieldOften, FieldWish, FieldPrior, FieldContact, FieldTelephone, FieldEmail,
}

// TalkFields lists the fields of a request for a talk.
var TalkFields = []string{FieldName, FieldTelephone, FieldMoment, FieldSubject}

// Complaint is what a complainant confirmed: the answers by their fields, and how many parts of the story are kept beside
// them.
type Complaint struct {
	Language   i18n.Language
	Answers    Words
	StoryParts int
	From, To   time.Time // the first and the last day that it is about, as far as they are known; To is zero where it goes on
	Messages   []int64   // of the chat, in which the answers were given
}

// TalkRequest is what somebody said who would like to be called, or to go on in another way than by chat.
type TalkRequest struct {
	Language  i18n.Language
	By        Means
	Name      string
	Telephone string
	Email     string
	Post      string
	Moment    string // when it suits
	Subject   string // may be empty
	Told      Words  // what was told of a complaint so far, by its fields; the parts of the story are added to it
}

// Means is how somebody would like to be spoken with.
type Means string

// The ways to go on.
const (
	Call   Means = "call"
	Email  Means = "email"
	Letter Means = "letter"
)

// Attachment is a file that a person sent: a photograph, a document, a voice note, a video. It is not its content.
type Attachment struct {
	ID   string // by which its platform gives it out
	Name string // as its sender named it; may be empty
	Type string // media type, as its platform says; what counts is what is in it
	Size int64  // bytes; 0: not known
}

// Rating is what a complainant says of how their case was handled.
type Rating struct {
	Handled string // yes, partly or no: was it handled well?
	Solved  string // yes, partly or no: did it solve it?
	Why     string // may be empty
}

// Submit makes the case of a complaint that its complainant confirmed in a chat. Its period starts now.
func Submit(number Number, made Complaint, chat int64, p *Procedure, now time.Time) *Case {
	c := &Case{
		Number: number, Kind: Formal, Way: Chat, Language: made.Language, Stage: Received, Received: now,
		Deadline: p.EndOfPeriod(now), Chat: chat, HasMail: made.Answers[FieldEmail] != "", Version: p.Version,
	}
	c.record(now, Complainant, Filed, map[string]string{"way": string(Chat)}, made.Answers)
	return c
}

// Request makes the case of a talk that somebody asked for in a chat.
func Request(number Number, talk TalkRequest, chat int64, p *Procedure, now time.Time) *Case {
	c := &Case{
		Number: number, Kind: Talk, Way: Chat, Language: talk.Language, Stage: Received, Received: now,
		Chat: chat, Version: p.Version,
	}
	c.record(now, Complainant, Requested, nil, Words{
		FieldName: talk.Name, FieldTelephone: talk.Telephone, FieldMoment: talk.Moment, FieldSubject: talk.Subject,
	})
	return c
}
