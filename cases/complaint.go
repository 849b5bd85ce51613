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
)

// ComplaintFields lists the fields of a complaint in the order in which the procedure asks them.
var ComplaintFields = []string{
	FieldName, FieldSubject, FieldProblem, FieldWhen, FieldOften, FieldWish, FieldPrior, FieldContact, FieldTelephone, FieldEmail,
}

// TalkFields lists the fields of a request for a talk.
var TalkFields = []string{FieldName, FieldTelephone, FieldMoment, FieldSubject}

// Complaint is what a complainant confirmed: the answers by the fields of ComplaintFields, and how many parts of the
// story are kept beside them.
type Complaint struct {
	Language   i18n.Language
	Answers    Words
	StoryParts int
}

// TalkRequest is what somebody said who would like to be called.
type TalkRequest struct {
	Language  i18n.Language
	Name      string
	Telephone string
	Moment    string // when it suits
	Subject   string // may be empty
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
