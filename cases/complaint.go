package cases

import (
	"cmp"
	"maps"
	"strings"
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
	FieldDespite   = "despite"  // why it ends while hearings or consultations are open

	FieldFor       = "for"       // whose complaint it is: one of the Whose, and who they are where it is not the complainant's alone
	FieldAuthority = "authority" // how somebody else agreed that it is made for them
	FieldPriorEnd  = "prior-end" // what came of the contact before
	FieldConflict  = "conflict"  // who of the committee should not handle it
	FieldPost      = "post"      // address for a letter

	// Of a complaint that staff wrote up, the days that it is about, as 2006-01-02. What is told in the chat has them in the data
	// of its first event.
	FieldFirstDay = "first-day"
	FieldLastDay  = "last-day"

	// FieldOwn begins the field of a question of the organisation's own; its identifier follows.
	FieldOwn = "own."
)

// The values that FieldFor begins with; a space and names may follow.
const (
	ForSelf    = "self"
	ForAnother = "another"
	ForJoint   = "joint" // the complainant's and others'
)

// ComplaintFields lists the fields of a complaint in the order in which the built-in procedure asks them. An organisation's
// own questions come on top of them: see FieldOwn, and File.Fields for what stands in a file.
var ComplaintFields = []string{
	FieldName, FieldFor, FieldAuthority, FieldSubject, FieldProblem, FieldWhen, FieldOften, FieldWish, FieldPrior, FieldPriorEnd,
	FieldContact, FieldTelephone, FieldEmail, FieldConflict,
}

// DayFields lists the fields that hold a day.
var DayFields = []string{FieldFirstDay, FieldLastDay}

// TalkFields lists the fields of a request for a talk. What was told of a complaint before it stands beside them.
var TalkFields = []string{FieldName, FieldTelephone, FieldEmail, FieldPost, FieldMoment, FieldSubject}

// Complaint is what a complainant confirmed: the answers by their fields, and how many parts of the story are kept beside
// them.
type Complaint struct {
	Language   i18n.Language
	Answers    Words
	StoryParts int
	From, To   time.Time        // the first and the last day that it is about, as far as they are known; To is zero where it goes on
	Messages   map[string]int64 // by fields: the message of the chat in which the answer was given
	Files      []string         // that came with it, by their identifiers
}

// TalkRequest is what somebody said who would like to be called, or to go on in another way than by chat.
type TalkRequest struct {
	Language  i18n.Language
	By        Means
	Name      string
	Telephone string
	Email     string
	Post      string
	Moment    string           // when it suits
	Subject   string           // may be empty
	Told      Words            // what was told of a complaint so far, by its fields; the parts of the story are added to it
	Messages  map[string]int64 // by fields: the message of the chat in which the answer was given
	Files     []string         // that were sent for the complaint so far, by their identifiers in the case of the talk
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
	data := daysOf(made.From, made.To, p)
	data["way"] = string(Chat)
	if len(made.Files) > 0 {
		data["files"] = strings.Join(made.Files, " ")
	}
	c.record(now, Complainant, Filed, data, made.Answers)
	return c
}

// Request makes the case of a talk, or of going on in another way, that somebody asked for in a chat. What they had told of a
// complaint goes with it, so that nobody asks for it again.
func Request(number Number, talk TalkRequest, chat int64, p *Procedure, now time.Time) *Case {
	c := &Case{
		Number: number, Kind: Talk, Way: Chat, Language: talk.Language, Stage: Received, Received: now,
		Chat: chat, HasMail: talk.Email != "", Version: p.Version,
	}
	words := maps.Clone(talk.Told)
	if words == nil {
		words = Words{}
	}
	for field, given := range map[string]string{
		FieldName: talk.Name, FieldTelephone: talk.Telephone, FieldEmail: talk.Email, FieldPost: talk.Post, FieldMoment: talk.Moment,
		FieldSubject: talk.Subject,
	} {
		if given != "" {
			words[field] = given
		}
	}
	data := map[string]string{"by": string(cmp.Or(talk.By, Call))}
	if len(talk.Files) > 0 {
		data["files"] = strings.Join(talk.Files, " ")
	}
	c.record(now, Complainant, Requested, data, words)
	return c
}

// daysOf are the first and the last day that a complaint is about, for the data of an event.
func daysOf(from, to time.Time, p *Procedure) map[string]string {
	data := map[string]string{}
	for name, day := range map[string]time.Time{"from": from, "to": to} {
		if !day.IsZero() {
			data[name] = p.In(day).Format(time.DateOnly)
		}
	}
	return data
}
