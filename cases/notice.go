package cases

import "strconv"

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
	ByChat  Recipient = "chat"  // the complainant, in the chat
	ByMail  Recipient = "mail"  // the complainant, by e-mail
	ToBoard Recipient = "board" // the committee's channel, where each case has a card without words
	ToRoom  Recipient = "room"  // the private room of the case
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
)

// The notices to the committee.
const (
	Card     NoticeKind = "card"     // make the card, the room and all that shows the case true
	News     NoticeKind = "news"     // tell the room what happened
	YourCase NoticeKind = "yours"    // somebody made the case yours
	Reminder NoticeKind = "reminder" // the data of the event say of what
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
		return append(room, tell(Message, either...)...)
	case Replied, Reachable:
		return append(card, room...)
	case Spoke:
		return append(append(card, room...), tell(Summary, either...)...)
	case Extended:
		return append(append(card, room...), tell(Delay, append(chat, mail...)...)...)
	case Late:
		return append(append(card, room...), tell(LateNotice, append(chat, mail...)...)...)
	case Ended:
		if c.Kind == Talk {
			return card
		}
		return append(append(card, room...), tell(Confirmation, append(chat, mail...)...)...)
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
	if kind == Delay || kind == LateNotice || kind == Confirmation {
		return nil // these go by both ways from the start
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
