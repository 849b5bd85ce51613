package cases

import (
	"slices"
	"strconv"
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
)

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
	LateNotice      NoticeKind = "late"         // that it is late, that a reason is owed, and by when
	Confirmation    NoticeKind = "confirmation" // of the solution

	Proposal         NoticeKind = "proposal"        // of a solution, which they may agree with or object to
	HelpedQuestion   NoticeKind = "helped-question" // did the talk help?
	RatingQuestion   NoticeKind = "rating-question" // was it handled well, and did it solve it?
	ContactNotice    NoticeKind = "contact-changed" // that they are reached elsewhere from now on
	WithdrawalNotice NoticeKind = "withdrawal"      // that it ended because they withdrew it
	ReopenedNotice   NoticeKind = "reopened"        // and by when it will be done
)

// The notices to the committee.
const (
	Card     NoticeKind = "card"     // make the card, the room and all that shows the case true
	News     NoticeKind = "news"     // tell the room what happened
	YourCase NoticeKind = "yours"    // somebody made the case yours
	Reminder NoticeKind = "reminder" // the data of the event say of what

	Shared      NoticeKind = "shared"       // put the file that the event names into the room
	ReopenAsked NoticeKind = "reopen-asked" // to who may: the complainant says that it did not solve it
)

// Notices says which notices follow from an event of a case, in the order in which they go out.
func Notices(c *Case, e Event) []Notice {
	tell := func(kind NoticeKind, to ...Recipient) (all []Notice) {
		for _, r := range to {
			all = append(all, Notice{Kind: kind, To: r, Event: e.Seq})
		}
		return all
	}
	chat := only(c.byChat(), ByChat)
	mail := only(c.byMail(), ByMail)
	either := chat
	if len(either) == 0 {
		either = mail
	}
	both := append(slices.Clone(chat), mail...)
	card := tell(Card, ToBoard)
	room := tell(News, only(c.Kind == Formal, ToRoom)...)
	switch e.Kind {
	case Filed:
		return append(card, tell(Acknowledgement, mail...)...)
	case Requested:
		return card
	case Taken:
		return append(append(card, room...), tell(InHand, either...)...)
	case Handed:
		all := append(append(card, room...), tell(YourCase, ToMember(c.Owner))...)
		return append(all, tell(InHand, either...)...)
	case Wrote:
		return append(append(card, room...), tell(Message, either...)...)
	case Replied, Reachable, Attached, Spoiled, Corrected, Agreed, Objected:
		return append(card, room...)
	case Proposed:
		return append(append(card, room...), tell(Proposal, both...)...)
	case ContactChanged:
		all := append(append(card, room...), tell(ContactNotice, mail...)...)
		return append(all, tell(ContactNotice, only(e.Data["old"] != "", ByOldMail)...)...)
	case Withdrawn: // they did so in the chat, which has told them
		return append(append(card, room...), tell(WithdrawalNotice, mail...)...)
	case Helped, NotHelped:
		return card
	case Rated:
		return append(card, tell(ReopenAsked, only(e.Data["to"] != "", Recipient(e.Data["to"]))...)...)
	case Reopened:
		all := append(append(card, room...), tell(YourCase, ToMember(c.Owner))...)
		return append(all, tell(ReopenedNotice, both...)...)
	case Spoke:
		return append(append(card, room...), tell(Summary, either...)...)
	case Extended:
		return append(append(card, room...), tell(Delay, both...)...)
	case Late:
		return append(append(card, room...), tell(LateNotice, both...)...)
	case Ended:
		if c.Kind == Talk {
			return append(card, tell(HelpedQuestion, either...)...)
		}
		all := append(append(card, room...), tell(Confirmation, both...)...)
		return append(all, tell(RatingQuestion, chat...)...) // the letter of confirmation asks as well
	case Read:
		return tell(Shared, only(e.Data["in"] == string(ToRoom), ToRoom)...)
	case Reminded:
		return tell(Reminder, Recipient(e.Data["to"]))
	case Unreachable:
		return append(append(card, room...), again(e, chat, mail)...)
	}
	return nil
}

// again sends by the way that is left what could not be told by the way that is lost, unless it went that way already.
func again(lost Event, chat, mail []Recipient) (all []Notice) {
	kind := NoticeKind(lost.Data["notice"])
	if kind == "" {
		return nil // nothing was lost: they closed the chat
	}
	switch kind {
	case Delay, LateNotice, Confirmation, Proposal, ReopenedNotice:
		return nil // these go by both ways from the start
	case ContactNotice, WithdrawalNotice:
		return nil // the chat has told them already
	case RatingQuestion:
		return nil // the letter of confirmation has asked
	}
	event, _ := strconv.Atoi(lost.Data["event"])
	for _, r := range append(chat, mail...) {
		if r == Recipient(lost.Data["way"]) {
			continue // this one was refused there
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
