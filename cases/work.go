package cases

import (
	"slices"
	"time"

	"websec.nl/gehoor/i18n"
)

// Work is what the handling of a case stands at: who is heard, what was proposed to whom, what is still to be done. It holds
// no words: names and what was said stand in the events.
type Work struct {
	Assessment Assessment `json:"assessment,omitzero"`
	Parties    []Party    `json:"parties,omitempty"`
	Consulted  []Consent  `json:"consulted,omitempty"` // on the solution that was proposed last, in the order in which they were asked
	Measures   []Measure  `json:"measures,omitempty"`
	Draft      int        `json:"draft,omitempty"`       // the event with a closing that waits for a second pair of eyes; 0: none
	DraftBy    Member     `json:"draft_by,omitempty"`    // who wrote it
	Cleared    []Member   `json:"cleared,omitempty"`     // who was excluded, and may see the case after all
	Question   int        `json:"question,omitempty"`    // the event with a question to the complainant that is not answered; 0: none
	QuestionBy string     `json:"question_by,omitempty"` // the day by which an answer is asked for, as 2006-01-02; empty: none
	Held       []int      `json:"held,omitempty"`        // events whose words can still be taken back

	Along     map[int]int `json:"along,omitempty"`     // how many files go with the words of an event, by its number
	Elsewhere []int       `json:"elsewhere,omitempty"` // events whose files go by mail after all, as not all of them arrived in the chat

	Named       int               `json:"named,omitempty"`        // the highest number that a person concerned ever had in the case; 0: see Parties
	DraftOf     map[string]string `json:"draft_of,omitempty"`     // the data of that closing
	Drafted     time.Time         `json:"drafted,omitzero"`       // when it was written
	Proposed    int               `json:"proposed,omitempty"`     // the event with the solution that Consulted is about
	WrittenBy   Member            `json:"written_by,omitempty"`   // who wrote the complaint up; empty: it was told in the chat
	Matched     []Member          `json:"matched,omitempty"`      // who is excluded by a name alone, or was a person concerned by mistake: nobody has looked at it yet
	HaveRead    []Member          `json:"have_read,omitempty"`    // who read the file, or found it in a search
	HaveOwned   []Member          `json:"have_owned,omitempty"`   // who was the owner, and so in the room
	HaveEntered []Member          `json:"have_entered,omitempty"` // who was let into the room besides
	InRoom      []Member          `json:"in_room,omitempty"`      // of these, who was not excluded since
	Owned       time.Time         `json:"owned,omitzero"`         // when its owner became that; zero: nobody ever did
	Left        time.Time         `json:"left,omitzero"`          // when it lost its owner, who was excluded; zero: it did not, or has another
	Alone       bool              `json:"alone,omitempty"`        // it was said that nobody is left who may handle it
	Replied     time.Time         `json:"replied,omitzero"`       // when the complainant said what nobody has answered yet; zero: nothing waits
	Heard       time.Time         `json:"heard,omitzero"`         // when the complainant last heard something
	Lost        time.Time         `json:"lost,omitzero"`          // when the last way to the complainant was lost; zero: there is one
	Foreseen    Foresight         `json:"foreseen,omitzero"`      // whether it will be done in time
	Minding     []Minding         `json:"minding,omitempty"`      // who sees to what they were reminded of
	Snoozed     []Snooze          `json:"snoozed,omitempty"`      // who is to be reminded later
	ReopenAsked time.Time         `json:"reopen_asked,omitzero"`  // when the complainant said that it did not solve it; zero: they did not, or it was reopened
}

// Grade is how much or how soon.
type Grade string

// The grades of an Assessment.
const (
	Low    Grade = "low"
	Middle Grade = "middle"
	High   Grade = "high"
)

// LevelsOf an Assessment, from least to most.
var LevelsOf = []Grade{Low, Middle, High}

// Assessment is what the committee thinks of a case at first sight. The zero Assessment: nobody looked yet.
type Assessment struct {
	Severity   Grade `json:"severity"`
	Urgency    Grade `json:"urgency"`
	Unsafe     bool  `json:"unsafe"`       // somebody may be in danger
	NotInScope bool  `json:"not_in_scope"` // the procedure is not for it
}

// Party is a person concerned: whom a complaint is about, or who must be heard. Their name and address are words, and stand in
// the event that made them a party.
type Party struct {
	Number int    `json:"number"`           // counts from 1 in each case
	Event  int    `json:"event"`            // that made them a party
	Member Member `json:"member,omitempty"` // of the workspace; empty: somebody outside, who is written to by e-mail

	Language i18n.Language `json:"language,omitempty"` // in which somebody outside is written to

	State   PartyState `json:"state"`
	Since   time.Time  `json:"since,omitzero"`    // when they became a party
	Invited int        `json:"invited,omitempty"` // the event that invited them last
	By      string     `json:"by,omitempty"`      // the day by which they are asked to answer, as 2006-01-02
}

// PartyState is how far the hearing of a party is.
type PartyState string

// The states of a hearing.
const (
	PartyNamed    PartyState = "named"   // nobody invited them yet
	PartyInvited  PartyState = "invited" // and they have not answered
	PartyHeard    PartyState = "heard"
	PartyDeclined PartyState = "declined" // they don't want to be heard
	PartySilent   PartyState = "silent"   // they did not answer, and the representative goes on
)

// PartyStates lists every PartyState.
var PartyStates = []PartyState{PartyNamed, PartyInvited, PartyHeard, PartyDeclined, PartySilent}

// Consent is what one of those who were consulted says to the proposed solution.
type Consent struct {
	Party  int          `json:"party"` // its number; 0: the complainant
	Answer ConsentState `json:"answer"`
}

// ConsentState is what was answered to a proposal.
type ConsentState string

// The states of a Consent.
const (
	Asked      ConsentState = "asked"
	ConsentYes ConsentState = "agreed"
	ConsentNo  ConsentState = "objected"
)

// Measure is something that was promised when a case was closed. Its words stand in the event that closed the case, in the
// field MeasureField(Number).
type Measure struct {
	Number int       `json:"number"` // counts from 1 in each case
	Event  int       `json:"event"`  // that promised it
	Owner  Member    `json:"owner"`
	Due    string    `json:"due"` // the day by which it is to be done, as 2006-01-02
	Done   time.Time `json:"done,omitzero"`
}

// Party finds a party by its number.
func (w *Work) Party(number int) (*Party, bool) {
	i := slices.IndexFunc(w.Parties, func(p Party) bool { return p.Number == number })
	if i < 0 {
		return nil, false
	}
	return &w.Parties[i], true
}

// PartyOf finds the party that a member is.
func (w *Work) PartyOf(m Member) (*Party, bool) {
	i := slices.IndexFunc(w.Parties, func(p Party) bool { return p.Member == m && m != "" })
	if i < 0 {
		return nil, false
	}
	return &w.Parties[i], true
}

// Open names what is not finished yet: parties who were invited and have not answered, and those who have not said what they
// think of the solution that was proposed, be it that they were heard too late to be asked. Closing over it needs a reason on file.
func (w *Work) Open() (hearings, consultations int) {
	for _, p := range w.Parties {
		if p.State == PartyNamed || p.State == PartyInvited {
			hearings++
		}
	}
	for _, c := range w.Consulted {
		if c.Answer == Asked {
			consultations++
		}
	}
	return hearings, consultations + w.unasked()
}

// unasked counts the parties who were heard after a solution was proposed, so that it was never put to them. It is put to all
// when it is proposed anew; one that the complainant objected to is put to nobody any more.
func (w *Work) unasked() (n int) {
	stands := w.Proposed != 0 && !slices.Contains(w.Consulted, Consent{Party: 0, Answer: ConsentNo})
	for _, p := range w.Parties {
		asked := slices.ContainsFunc(w.Consulted, func(c Consent) bool { return c.Party == p.Number })
		if stands && p.State == PartyHeard && !asked {
			n++
		}
	}
	return n
}

// unfinished says whether closing needs a reason.
func (w *Work) unfinished() bool {
	hearings, consultations := w.Open()
	return hearings+consultations > 0
}
