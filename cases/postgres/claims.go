package postgres

import (
	"encoding/binary"
	"slices"
	"time"
)

// claims are the numbers of the updates that a conversation heard last, in their order: an update is heard once, however often
// it is delivered, and in whatever order.
//
// Telegram counts the updates of a bot, delivers them roughly in that order, and tries each again for a day at most. So of more
// than mostClaims the lowest are forgotten, and what is below all that are remembered is taken to have been heard: mostClaims
// later ones have come since, while a message waits for the one before it in its chat, and a press of a button lives for minutes.
// After a silent week Telegram begins to count anew, anywhere (Bot API, Update); then, or with another bot, what was remembered
// means nothing any more.
type claims []int64

const (
	mostClaims = 64
	sameCount  = 1_000_000 // an update that is further below is of another count: no bot has so many in a day that it retries
)

// has says whether an update was heard before.
func (c claims) has(id int64) bool {
	if _, found := slices.BinarySearch(c, id); found {
		return true
	}
	return len(c) == mostClaims && id < c[0] && c[0]-id < sameCount
}

// within says whether an update comes after one that was heard.
func (c claims) within(id int64) bool { return len(c) > 0 && id > c[0] }

// late says whether an update that was not heard before comes after one that was sent later.
func (c claims) late(id int64) bool {
	return len(c) > 0 && id < c[len(c)-1] && c[len(c)-1]-id < sameCount
}

// with are the claims after one more update was heard.
func (c claims) with(id int64) claims {
	if len(c) > 0 && c[0]-id >= sameCount {
		return claims{id}
	}
	at, found := slices.BinarySearch(c, id)
	if found {
		return c
	}
	c = slices.Insert(slices.Clip(c), at, id)
	return c[max(0, len(c)-mostClaims):]
}

// bytes is how claims are kept: the first, and how much higher each of the others is than the one before.
func (c claims) bytes() []byte {
	b := make([]byte, 0, 2*len(c)+binary.MaxVarintLen64)
	for i, id := range c {
		if i == 0 {
			b = binary.AppendVarint(b, id)
		} else {
			b = binary.AppendUvarint(b, uint64(id-c[i-1]))
		}
	}
	return b
}

// claimsOf reads claims that were kept.
func claimsOf(kept []byte) claims {
	if len(kept) == 0 {
		return nil
	}
	first, n := binary.Varint(kept)
	c := make(claims, 1, mostClaims+1)
	c[0] = first
	for kept = kept[n:]; len(kept) > 0; kept = kept[n:] {
		var more uint64
		if more, n = binary.Uvarint(kept); n <= 0 {
			break // cut off, which only a hand in the database does
		}
		c = append(c, c[len(c)-1]+int64(more))
	}
	return c
}

// claimsSince are claims as they count at a moment; touched is when the last was made. They are remembered for as long as claims
// of other deliveries are.
func claimsSince(kept []byte, touched, now time.Time) claims {
	if now.Sub(touched) > claimsKept {
		return nil
	}
	return claimsOf(kept)
}
