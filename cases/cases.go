// Package cases holds the case and its rules: its life, its deadlines, who may see and do what, and which notice follows
// from which event. Everything in it is a value or a pure function; time is an argument.
//
// It refuses to know who sends a notice and how, where a case is kept, and, but for the moment in which they pass through
// an event, a complaint's words: a Case has none, so that what is made of a Case can show none.
package cases

import (
	"fmt"
	"slices"
	"time"

	"websec.nl/gehoor/i18n"
)

// Number is what people call a case by: K-2026-0001 for a complaint, G-2026-0001 for a talk.
type Number string

// NumberOf makes the number of the nth case of its kind in a year.
func NumberOf(kind Kind, year, n int) Number {
	return Number(fmt.Sprintf("%s-%d-%04d", map[Kind]string{Formal: "K", Talk: "G"}[kind], year, n))
}

// Kind tells the formal way from the talk that comes first. A talk is kept like a case, so that it has an owner, a file and
// reminders; it starts no period.
type Kind string

// The kinds.
const (
	Formal Kind = "complaint"
	Talk   Kind = "talk"
)

// Stage is where a case stands in its life.
type Stage string

// The stages. A talk knows Received, Assigned and Closed.
const (
	Awaiting      Stage = "awaiting" // staff wrote it up; its complainant has not agreed that it is a true account
	Received      Stage = "received"
	Assigned      Stage = "assigned"
	Contact       Stage = "contact"  // the representative has spoken with the complainant
	StageProposed Stage = "proposed" // a solution was proposed, and the complainant has not objected to it
	Closed        Stage = "closed"
)

// Stages lists every Stage in the order of a case's life.
var Stages = []Stage{Awaiting, Received, Assigned, Contact, StageProposed, Closed}

// Way is how a complaint came in.
type Way string

// The ways in. All but the chat are written up by staff.
const (
	Chat        Way = "chat"
	ByTelephone Way = "telephone"
	ByLetter    Way = "letter"
	ByEmail     Way = "email"
)

// WriteUps lists the ways in that are written up.
var WriteUps = []Way{ByTelephone, ByLetter, ByEmail}

// Outcome is what a complaint ended in.
type Outcome string

// The outcomes.
const (
	Upheld           Outcome = "upheld"
	Partly           Outcome = "partly"
	NotUpheld        Outcome = "not-upheld"
	Settled          Outcome = "settled"
	Talked           Outcome = "talked"    // of a talk
	OutcomeWithdrawn Outcome = "withdrawn" // by its complainant; of a talk too
	OutcomeLapsed    Outcome = "lapsed"    // nobody agreed to the write-up, or the complainant answered no more
)

// Outcomes lists what a member can close a complaint with.
var Outcomes = []Outcome{Upheld, Partly, NotUpheld, Settled}

// Member is a person in the committee's chat tool, by its identifier there.
type Member string

// Actor is who does something: the complainant, the clock, the program, a member ("member:" and the identifier), or a person
// concerned ("party:" and the number in the case).
type Actor string

// The actors that are no members.
const (
	Complainant Actor = "complainant"
	TheClock    Actor = "clock"
	Program     Actor = "program"
)

// By makes an Actor of a member.
func By(m Member) Actor { return "member:" + Actor(m) }

// Member says which member the actor is.
func (a Actor) Member() (Member, bool) {
	if len(a) > 7 && a[:7] == "member:" {
		return Member(a[7:]), true
	}
	return "", false
}

// Case is all that is known of a case but its words.
type Case struct {
	ID        int64
	Number    Number
	Kind      Kind
	Way       Way
	Language  i18n.Language // of the complainant
	Stage     Stage
	Received  time.Time
	Deadline  time.Time // the end of the last day, which is the first instant after it; zero for a talk
	Owner     Member    // empty: nobody
	Contacted time.Time // first personal contact; zero: none
	Explained bool      // the complainant was told why Deadline is later than the period promised
	Proposal  int       // the event with the proposed solution that the complainant has not answered yet; 0: there is none
	LastWord  time.Time // when either side last said something to the other; zero: never since it was received
	Closed    time.Time
	Outcome   Outcome
	Rated     bool      // its complainant said how it was handled, or of a talk whether it helped
	Reopened  time.Time // when it was last reopened; zero: never
	Chat      int64     // the complainant's chat; 0: none
	ChatGone  bool      // the chat can't be reached any more
	HasMail   bool      // an e-mail address is among the words
	MailGone  bool
	Excluded  []Member // see nothing of this case
	Screened  bool     // its words were held against the names of the workspace; until then nobody sees anything of it
	Work      Work     // what the handling stands at
	Version   string   // of the procedure that it began with
	LastSeq   int      // number of its last event
	LastHash  []byte   // hash of its last event
	Told      []Told   // what the clock has told
	events    []Event
}

// Told is an occasion on which the clock spoke. It happens at most once.
type Told struct {
	Milestone Milestone
	Occasion  string // tells one occasion of a milestone from the next, such as the last day that it was about
	Recipient Recipient
	Way       string // WayChat, WayMail, WaySlack or WayNone
}

// Open says whether the case still waits for its end.
func (c *Case) Open() bool { return c.Stage != Closed }

// LastDay is the last day of the period, at noon in the organisation's zone; zero for a talk.
func (c *Case) LastDay(p *Procedure) time.Time {
	if c.Deadline.IsZero() {
		return time.Time{}
	}
	y, m, d := p.In(c.Deadline).Date()
	return time.Date(y, m, d-1, 12, 0, 0, 0, p.zone)
}

// Late says whether the period is over and the case open.
func (c *Case) Late(now time.Time) bool {
	return c.Open() && !c.Deadline.IsZero() && !now.Before(c.Deadline)
}

// Excludes says whether m must see nothing of the case.
func (c *Case) Excludes(m Member) bool { return slices.Contains(c.Excluded, m) }

// Kept is the instant until which the words of a closed case are kept; zero while it is open.
func (c *Case) Kept(p *Procedure) time.Time {
	if c.Open() {
		return time.Time{}
	}
	return c.Closed.AddDate(0, 0, p.Retention)
}

// Begun is when its handling began: when it was received, or last reopened.
func (c *Case) Begun() time.Time { return later(c.Received, c.Reopened) }

// Events returns what happened to the case since it was read, in order, and forgets it.
func (c *Case) Events() []Event {
	events := c.events
	c.events = nil
	return events
}

func (c *Case) record(now time.Time, by Actor, kind EventKind, data map[string]string, words Words) {
	c.LastSeq++
	c.follow(kind, by, now)
	if slices.Contains(said, kind) {
		c.LastWord = now
		if slices.Contains(answering, kind) {
			c.Work.Replied = time.Time{}
		}
	}
	c.events = append(c.events, Event{Seq: c.LastSeq, At: now, By: by, Kind: kind, Data: data, Words: words})
}

// Refusal is an error that a person must hear, in their own language.
type Refusal struct {
	Text   i18n.Text
	Denied bool   // it was not theirs to do; the file records the try
	Who    Member // who tried, where Denied
	Do     Action // and what
}

func (r *Refusal) Error() string { return "refused: " + r.Text.Key }

func refuse(key string, pairs ...any) error { return &Refusal{Text: i18n.T(key, pairs...)} }
