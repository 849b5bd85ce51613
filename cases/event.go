package cases

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"time"
)

// EventKind says what happened.
type EventKind string

// What can happen to a case.
const (
	Filed       EventKind = "filed"
	Requested   EventKind = "requested" // a talk
	Taken       EventKind = "taken"
	Handed      EventKind = "handed"  // to another owner; data: to
	Read        EventKind = "read"    // the file of the case; data: attachment, where it was one of the files in it
	Refused     EventKind = "refused" // somebody tried what was not theirs; data: action
	Wrote       EventKind = "wrote"   // the committee to the complainant; data: question ("yes"), until, the day by which an answer is asked for, and attachments, the files that go along
	Replied     EventKind = "replied" // the complainant to the committee
	Spoke       EventKind = "spoke"   // the representative with the complainant, in person
	Extended    EventKind = "extended"
	Late        EventKind = "late" // the complainant was told that it is late; data: day, until
	Reminded    EventKind = "reminded"
	Unreachable EventKind = "unreachable" // data: way, event, notice; only ("file"), where the way stays open and a file was not taken
	Reachable   EventKind = "reachable"   // again; data: way
	// Ended has in its data outcome, points, PointField(n, ""), measures, measures.from where it is not 1, measure.n.owner and
	// measure.n.due; draft and drafted-by where another wrote it, in whose event the words stand: see ClosingOf. Words:
	// FieldSolution, PointField, MeasureField, FieldDespite.
	Ended    EventKind = "ended"
	Proposed EventKind = "proposed" // a solution, to the complainant; words: FieldSolution
	Spoiled  EventKind = "spoiled"  // a file that was sent can't be kept; data: file, reason
	Reopened EventKind = "reopened" // a closed case; data: until, its new last day; words: FieldText, why, for the committee
)

// What a complainant does with a case of theirs.
const (
	Attached        EventKind = "attached"         // a file; data: file; words: FieldText, its name, if it has one
	Corrected       EventKind = "corrected"        // words that they had sent; data: event, in which those stand, answer and date (see Correct), or field, of a write-up; words: FieldText
	LanguageChanged EventKind = "language-changed" // the one in which they are written to; data: language
	ContactChanged  EventKind = "contact-changed"  // data: telephone, email, old (see ChangeContact); words: FieldTelephone, FieldEmail
	Agreed          EventKind = "agreed"           // with the proposed solution; data: event, that proposed it, and party, where it was one; words: FieldText, if any
	Objected        EventKind = "objected"         // to it; the same
	Withdrawn       EventKind = "withdrawn"        // words: FieldText, why, if they said so
	Helped          EventKind = "helped"           // a talk
	NotHelped       EventKind = "not-helped"
	Rated           EventKind = "rated" // data: handled, solved, and to, who is asked to reopen; words: FieldText, why, if they said so
)

// What the committee does with a case besides. What is sent to the complainant by Wrote can be taken back for a while: it goes
// out with Dispatched.
const (
	Screened   EventKind = "screened"   // the words were held against the names of the workspace; data: found, how many
	Excluded   EventKind = "excluded"   // data: member, why, strength, saw (see Case.saw), to, who presides; words: FieldText, what names them, or why
	Cleared    EventKind = "cleared"    // data: member; words: FieldText, why
	LeftAlone  EventKind = "left-alone" // nobody is left of the committee who may handle the case
	Assessed   EventKind = "assessed"   // data: severity, urgency, unsafe, out-of-scope ("yes" or ""); words: FieldText, if any
	Noted      EventKind = "noted"      // words: FieldText; data: author, the member who said it, where that is another
	TakenBack  EventKind = "taken-back" // data: event, whose words do not go out; by the program where the complainant withdrew before they did
	Dispatched EventKind = "dispatched" // data: event, whose words go out now

	PartyAdded   EventKind = "party-added"      // data: party, member; words: FieldName, FieldEmail, FieldText (how they are concerned)
	Invited      EventKind = "party-invited"    // data: party, until, agreed ("yes" where the complainant agreed to what is theirs in it); words: FieldText, what is put to them
	Accounted    EventKind = "party-heard"      // data: party; words: FieldText, their account
	Declined     EventKind = "party-declined"   // data: party; words: FieldText, why, if they said so
	Unanswered   EventKind = "party-unanswered" // data: party
	PartyRemoved EventKind = "party-removed"    // data: party; words: FieldText, why they are not concerned after all
	Reported     EventKind = "reported"         // on the hearing; words: FieldText

	Drafted     EventKind = "drafted"      // a closing, for a second pair of eyes, that of who is in data to; data and words as of Ended
	SentBack    EventKind = "sent-back"    // by the second pair of eyes; data: event; words: FieldText, why
	MeasureDone EventKind = "measure-done" // data: measure; words: FieldText, if any
	Lapsed      EventKind = "lapsed"       // words: FieldText, why

	WrittenUp   EventKind = "written-up"   // by staff, instead of Filed; data: way; words: the answers
	Approved    EventKind = "approved"     // the write-up, by its complainant; data: fingerprint, by (page, chat, telephone), witness
	NotApproved EventKind = "not-approved" // words: FieldText, why, if they said so
)

// What has to do with the clock besides. Reminded, Late and Progressed have in their data milestone, occasion, to and why (a
// Reason); Reminded has also turn, days, measure, also (other milestones of which the same reminder tells, a measure with its
// number after a colon) and skipped (who of the chain was passed over); Extended by the clock has event, that says why.
const (
	Progressed     EventKind = "progressed"       // the complainant was told how it stands; data: done, next, by, as Standing has them
	Minded         EventKind = "minded"           // somebody sees to a milestone; data: milestone, measure
	Snoozed        EventKind = "snoozed"          // somebody is to be reminded later; data: milestone, measure, until
	ForeseenInTime EventKind = "foreseen-in-time" // it will be done by its last day; data: day
	ForeseenLate   EventKind = "foreseen-late"    // it will not; data: day, until; words: FieldText, why, which the complainant is told on the last day
)

// EventKinds lists every EventKind.
var EventKinds = []EventKind{
	Screened, Excluded, Cleared, LeftAlone, Assessed, Noted, TakenBack, Dispatched, PartyAdded, PartyRemoved, Invited, Accounted, Declined, Unanswered, Reported, Drafted,
	SentBack, MeasureDone, Lapsed, WrittenUp, Approved, NotApproved, Progressed, Minded, Snoozed, ForeseenInTime, ForeseenLate,
	Filed, Requested, Taken, Handed, Read, Refused, Wrote, Replied, Spoke, Extended, Late, Reminded, Unreachable, Reachable, Ended, Proposed,
	Reopened, Attached, Spoiled, Corrected, ContactChanged, LanguageChanged, Agreed, Objected, Withdrawn, Helped, NotHelped, Rated,
}

// said are the events in which one side says something to the other.
var said = []EventKind{Dispatched, Reported, Replied, Spoke, Extended, Late, Progressed, Proposed, Reopened, Ended, Attached, Corrected, Agreed, Objected, Withdrawn}

// answering are those in which the committee answers what the complainant said.
var answering = []EventKind{Dispatched, Reported, Spoke, Extended, Proposed, Reopened, Ended}

// Event is one line of a case's file. Data holds no words of a complaint; Words are kept apart, sealed, and stand in the
// chain of hashes by their commitments.
type Event struct {
	Seq         int
	At          time.Time
	By          Actor
	Kind        EventKind
	Data        map[string]string
	Words       Words
	Commitments map[string][]byte // of each field of Words
}

// Hash chains the event to the one before it in its case. It covers everything but the words themselves, so that a file
// whose words were erased still verifies.
func (e Event) Hash(number Number, previous []byte) []byte {
	h := sha256.New()
	put := func(b []byte) {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(b)))
		h.Write(size[:])
		h.Write(b)
	}
	put(previous)
	put([]byte(number))
	put(binary.BigEndian.AppendUint64(nil, uint64(e.Seq)))
	put(binary.BigEndian.AppendUint64(nil, uint64(e.At.UnixMicro())))
	put([]byte(e.By))
	put([]byte(e.Kind))
	for _, name := range slices.Sorted(maps.Keys(e.Data)) {
		put([]byte(name))
		put([]byte(e.Data[name]))
	}
	put(nil)
	for _, field := range slices.Sorted(maps.Keys(e.Commitments)) {
		put([]byte(field))
		put(e.Commitments[field])
	}
	return h.Sum(nil)
}
