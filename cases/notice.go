package cases

import (
	"slices"
	"strconv"
	"strings"
)

// Notice is something to be told to somebody, about an event of a case. It holds no words: who tells it reads them then.
type Notice struct {
	Kind  NoticeKind
	To    Recipient
	Event int // the event it tells about
}

// Recipient says to whom and by which way a notice goes. ToMember makes the ones that are no constants.
type Recipient string

// The recipients.
const (
	ByChat    Recipient = "chat"        // the complainant, in the chat
	ByMail    Recipient = "mail"        // the complainant, by e-mail
	ByOldMail Recipient = "mail-before" // at the address that they had before the event: that of File.Reach(event-1)
	ToBoard   Recipient = "board"       // the committee's channel, where each case has a card without words
	ToRoom    Recipient = "room"        // the private room of the case
	Held      Recipient = "held"        // nobody yet: it waits for as long as Procedure.TakeBack, and is then looked at again
)

// ToParty is a person concerned outside the workspace, by e-mail; number is that of the party in the case.
func ToParty(number int) Recipient { return "party:" + Recipient(itoa(number)) }

// Party says which party the recipient is.
func (r Recipient) Party() (number int, ok bool) {
	after, ok := strings.CutPrefix(string(r), "party:")
	if !ok {
		return 0, false
	}
	number, err := strconv.Atoi(after)
	return number, err == nil
}

// ToMember is a direct message to a member.
func ToMember(m Member) Recipient { return "member:" + Recipient(m) }

// Member says which member the recipient is.
func (r Recipient) Member() (Member, bool) {
	m, ok := Actor(r).Member()
	return m, ok
}

// NoticeKind says what a notice tells.
type NoticeKind string

// The notices to a complainant.
const (
	Acknowledgement NoticeKind = "acknowledgement"
	InHand          NoticeKind = "in-hand"      // somebody took the case up
	Message         NoticeKind = "message"      // words of the committee
	Summary         NoticeKind = "summary"      // of the personal contact
	Delay           NoticeKind = "delay"        // why, and by when
	ProgressNotice  NoticeKind = "progress"     // what has been done, and what comes next
	LateNotice      NoticeKind = "late"         // that it is late, that a reason is owed, and by when
	Confirmation    NoticeKind = "confirmation" // of the solution

	Proposal         NoticeKind = "proposal"        // of a solution, which they may agree with or object to
	HelpedQuestion   NoticeKind = "helped-question" // did the talk help?
	RatingQuestion   NoticeKind = "rating-question" // was it handled well, and did it solve it?
	ContactNotice    NoticeKind = "contact-changed" // that they are reached elsewhere from now on
	WithdrawalNotice NoticeKind = "withdrawal"      // that it ended because they withdrew it
	ReopenedNotice   NoticeKind = "reopened"        // and by when it will be done

	ReportNotice    NoticeKind = "report"   // of the hearing, to which they may react
	LapseNotice     NoticeKind = "lapse"    // that it ended because nothing was heard, or as they said on the telephone
	ApprovalRequest NoticeKind = "approval" // of a write-up: is it a true account?
	NobodyNotice    NoticeKind = "nobody"   // that nobody of the committee may handle it, and what happens now
)

// The notices to a person concerned: by e-mail, or to a member directly, without a word of what is put to them.
const (
	Invitation    NoticeKind = "invitation"     // to give their side
	PartyProposal NoticeKind = "party-proposal" // to agree with a solution or object to it
	PartyEnd      NoticeKind = "party-end"      // the case is closed
)

// The notices to the committee.
const (
	Card     NoticeKind = "card"     // make the card, the room and all that shows the case true
	News     NoticeKind = "news"     // tell the room what happened
	YourCase NoticeKind = "yours"    // somebody made the case yours
	Reminder NoticeKind = "reminder" // the data of the event say of what

	Screening   NoticeKind = "screening"   // hold the words against the names of the workspace, before anything of the case is shown
	Release     NoticeKind = "release"     // the words can't be taken back any more: have them go out
	Outward     NoticeKind = "outward"     // show in the room what became of words that went to the complainant
	Conflicted  NoticeKind = "conflicted"  // to who presides: somebody is excluded, and what they had seen
	Nobody      NoticeKind = "nobody-left" // to the channel and the log: nobody may handle the case
	EyesAsked   NoticeKind = "eyes"        // to who may approve a closing
	YourMeasure NoticeKind = "measure"     // to who owes it

	Shared      NoticeKind = "shared"       // put the file that the event names into the room
	ReopenAsked NoticeKind = "reopen-asked" // to who may: the complainant says that it did not solve it
)

// Notices says which notices follow from an event of a case, in the order in which they go out. Nothing of a case reaches the
// committee before its words were held against the names of the workspace, and a member who is excluded from it is told
// nothing, but what is put to them as a person concerned.
func Notices(c *Case, e Event) []Notice {
	t := telling{c: c, e: e, chat: only(c.byChat(), ByChat), mail: only(c.byMail(), ByMail)}
	if t.either = t.chat; len(t.either) == 0 {
		t.either = t.mail
	}
	t.both = append(slices.Clone(t.chat), t.mail...)
	if names(e) && !(e.Kind == Filed && c.Screened) { // it was held against them as it was filed
		t.tell(Screening, ToBoard)
	}
	for _, part := range []func(*telling) bool{(*telling).began, (*telling).byComplainant, (*telling).work, (*telling).hearing, (*telling).ended} {
		if part(&t) {
			break
		}
	}
	return slices.DeleteFunc(t.all, func(n Notice) bool {
		m, direct := n.To.Member()
		return direct && c.Excludes(m) && !slices.Contains(toParties, n.Kind)
	})
}

// toParties are the notices that go to persons concerned.
var toParties = []NoticeKind{Invitation, PartyProposal, PartyEnd}

// names says whether an event has words of somebody outside the committee, who may name one of the workspace.
func names(e Event) bool {
	switch e.Kind {
	case Filed, Requested, WrittenUp, PartyAdded:
		return true
	case Replied, Corrected, Attached, Agreed, Objected, Accounted, Declined, Withdrawn, NotApproved, Rated:
		return e.Words[FieldText] != ""
	}
	return false
}

// telling gathers the notices of one event.
type telling struct {
	c                        *Case
	e                        Event
	chat, mail, either, both []Recipient
	all                      []Notice
}

func (t *telling) tell(kind NoticeKind, to ...Recipient) *telling {
	for _, r := range to {
		t.all = append(t.all, Notice{Kind: kind, To: r, Event: t.e.Seq})
	}
	return t
}

func (t *telling) card() *telling { return t.tell(Card, ToBoard) }

// news shows the card anew and tells the room, of which a talk has none.
func (t *telling) news() *telling { return t.card().room() }

func (t *telling) room() *telling { return t.tell(News, only(t.c.Kind == Formal, ToRoom)...) }

// addressed are the recipients that the data of the event name.
func (t *telling) addressed() []Recipient {
	return only(t.e.Data["to"] != "", Recipient(t.e.Data["to"]))
}

// began tells of a case that begins, and of who owns it.
func (t *telling) began() bool {
	switch t.e.Kind {
	case Filed:
		t.card().tell(Acknowledgement, t.mail...)
	case Requested:
		t.card()
	case WrittenUp:
		t.card().tell(ApprovalRequest, t.either...)
	case Approved:
		t.news().tell(Acknowledgement, t.mail...)
	case NotApproved:
		t.card()
	case Taken:
		t.news().tell(InHand, t.either...)
	case Handed:
		t.news().tell(YourCase, ToMember(t.c.Owner)).tell(InHand, t.either...)
	case Reopened:
		t.news().tell(YourCase, only(t.c.Owner != "", ToMember(t.c.Owner))...).tell(ReopenedNotice, t.both...)
	default:
		return false
	}
	return true
}

// byComplainant tells of what the complainant did. They did it in the chat, which has told them.
func (t *telling) byComplainant() bool {
	switch t.e.Kind {
	case Corrected:
		t.news()
		if t.e.Data["field"] == FieldEmail && t.c.Stage == Awaiting { // they may have corrected and agreed in one go
			t.tell(ApprovalRequest, t.mail...)
		}
	case Replied, Reachable, Attached, Spoiled, Agreed, Objected:
		t.news()
	case ContactChanged:
		t.news().tell(ContactNotice, t.mail...).tell(ContactNotice, only(t.e.Data["old"] != "", ByOldMail)...)
	case Helped, NotHelped, LanguageChanged:
		t.card()
	case Rated:
		t.card().tell(ReopenAsked, t.addressed()...)
	case Unreachable:
		t.news()
		t.all = append(t.all, t.again()...)
	default:
		return false
	}
	return true
}

// work tells of what the committee does.
func (t *telling) work() bool {
	switch t.e.Kind {
	case Excluded:
		t.news().tell(Conflicted, t.addressed()...)
	case Cleared:
		t.news()
	case LeftAlone:
		t.card().tell(Nobody, ToBoard).tell(NobodyNotice, t.both...)
	case Assessed:
		t.news()
	case Noted:
		t.room()
	case Wrote:
		t.news().tell(Release, only(slices.Contains(t.c.Work.Held, t.e.Seq), Held)...)
	case TakenBack:
		if _, byMember := t.e.By.Member(); byMember { // else the end of the case comes with it, and shows itself
			t.card()
		}
		t.tell(Outward, only(t.c.Kind == Formal, ToRoom)...)
	case Dispatched:
		t.tell(Outward, only(t.c.Kind == Formal, ToRoom)...)
		wrote, _ := strconv.Atoi(t.e.Data["event"])
		for _, r := range t.either {
			t.all = append(t.all, t.c.messages(r, wrote)...)
		}
	case Spoke:
		t.news().tell(Summary, t.either...)
	case Extended:
		t.news()
		why := t.e.Seq
		if said, err := strconv.Atoi(t.e.Data["event"]); err == nil { // somebody said so before
			why = said
		}
		for _, r := range t.both {
			t.all = append(t.all, Notice{Kind: Delay, To: r, Event: why})
		}
	case Progressed:
		t.news().tell(ProgressNotice, t.either...)
	case Minded, ForeseenInTime, ForeseenLate:
		t.news()
	case Late:
		t.news().tell(LateNotice, t.both...)
	case Read:
		t.tell(Shared, only(t.e.Data["in"] == string(ToRoom) && t.e.Data["attachment"] != "", ToRoom)...)
	case Reminded:
		t.reminded()
	default:
		return false
	}
	return true
}

func (t *telling) reminded() {
	if t.e.Data["to"] == toComplainant { // of a write-up that they have not agreed to
		t.tell(ApprovalRequest, t.either...)
		return
	}
	t.tell(Reminder, t.addressed()...)
}

// hearing tells of what is put to persons concerned, and what they say to it.
func (t *telling) hearing() bool {
	switch t.e.Kind {
	case PartyAdded, PartyRemoved, Accounted, Declined, Unanswered:
		t.news()
	case Invited:
		number, _ := strconv.Atoi(t.e.Data["party"])
		t.news().tell(Invitation, t.party(number)...)
	case Reported:
		t.news().tell(ReportNotice, t.both...)
	case Proposed:
		t.news().tell(Proposal, t.both...)
		for _, one := range t.c.Work.Consulted {
			t.tell(PartyProposal, t.party(one.Party)...)
		}
	default:
		return false
	}
	return true
}

// party is where a person concerned is told something; the complainant, who has the number 0, is none.
func (t *telling) party(number int) []Recipient {
	one, known := t.c.Work.Party(number)
	switch {
	case !known:
		return nil
	case one.Member != "":
		return []Recipient{ToMember(one.Member)}
	}
	return []Recipient{ToParty(number)}
}

// ended tells of a case that ends, or is about to.
func (t *telling) ended() bool {
	switch t.e.Kind {
	case Drafted:
		t.news().tell(EyesAsked, t.addressed()...)
		return true
	case SentBack, MeasureDone:
		t.news()
		return true
	case Withdrawn:
		told := t.mail // they did so in the chat, which has told them
		if _, byMember := t.e.By.Member(); byMember {
			told = t.both
		}
		t.news().tell(WithdrawalNotice, told...)
	case Lapsed:
		t.news().tell(LapseNotice, t.both...)
	case Ended:
		if t.c.Kind == Talk {
			t.card().tell(HelpedQuestion, t.either...)
			return true
		}
		t.news().tell(Confirmation, t.both...).tell(RatingQuestion, t.chat...) // the letter of confirmation asks as well
		for _, owner := range t.owing() {
			t.tell(YourMeasure, owner)
		}
	default:
		return false
	}
	for _, one := range t.c.Work.Parties {
		if one.Invited > 0 {
			t.tell(PartyEnd, t.party(one.Number)...)
		}
	}
	return true
}

// owing are those who owe a measure that the event promised, each once.
func (t *telling) owing() (all []Recipient) {
	for _, m := range t.c.Work.Measures {
		if to := ToMember(m.Owner); m.Event == t.e.Seq && !slices.Contains(all, to) {
			all = append(all, to)
		}
	}
	return all
}

// again sends by the way that is left what could not be told by the way that is lost, unless it went that way already.
func (t *telling) again() (all []Notice) {
	lost, kind := t.e, NoticeKind(t.e.Data["notice"])
	if kind == "" {
		return nil // nothing was lost: they closed the chat
	}
	switch kind {
	case Delay, LateNotice, Confirmation, Proposal, ReopenedNotice, ReportNotice, LapseNotice, NobodyNotice:
		return nil // these go by both ways from the start
	case ContactNotice, WithdrawalNotice:
		return nil // the chat has told them already
	case RatingQuestion:
		return nil // the letter of confirmation has asked
	}
	event, _ := strconv.Atoi(lost.Data["event"])
	for _, r := range t.both {
		if r == Recipient(lost.Data["way"]) {
			continue // this one was refused there
		}
		if _, file := kind.File(); file || kind == Message {
			all = append(all, t.c.messages(r, event)...) // a letter brings the words and all files
			continue
		}
		all = append(all, Notice{Kind: kind, To: r, Event: event})
	}
	return all
}

func only(yes bool, r Recipient) []Recipient {
	if !yes {
		return nil
	}
	return []Recipient{r}
}

func itoa(n int) string { return strconv.Itoa(n) }
