package cases

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// sentWith is a case whose owner sent words with two files, at once.
func sentWith(t *testing.T, change func(*Case)) (*Case, *Procedure, time.Time) {
	t.Helper()
	p, now := presided(), at(t, "2026-11-23 10:00")
	p.TakeBack = 0
	c := complaint(now, p)
	_ = c.Take(member, now)
	change(c)
	c.Events()
	if err := c.Write(member, WriteDraft{Text: "one", Files: []string{"A", "B"}}, p, now); err != nil {
		t.Fatal(err)
	}
	return c, p, now
}

func TestFilesFollowTheirWordsInTheChatAndAreWithThemInALetter(t *testing.T) {
	c, _, _ := sentWith(t, func(*Case) {})
	if got := told(c); got != "wrote: card>board news>room dispatched: outward>room message>chat file-1>chat file-2>chat" {
		t.Errorf("told %s", got)
	}
	c, _, _ = sentWith(t, func(c *Case) { c.ChatGone = true })
	if got := told(c); got != "wrote: card>board news>room dispatched: outward>room message>mail" {
		t.Errorf("by mail: told %s", got)
	}
}

func TestWhatIsLostInTheChatBringsAllByMailOnce(t *testing.T) {
	for name, lost := range map[string][]NoticeKind{
		"the words": {Message, FileNotice(1), FileNotice(2)}, "a file": {FileNotice(1), FileNotice(2)}, "the last": {FileNotice(2)},
	} {
		for _, state := range []DeliveryState{Gone, Failed} {
			c, _, now := sentWith(t, func(*Case) {})
			wrote := c.LastSeq - 1
			c.Events()
			for _, kind := range lost {
				c.Lose(Notice{kind, ByChat, wrote}, state, "why", now)
			}
			if got := told(c); strings.Count(got, "message>mail") != 1 || strings.Contains(got, "file-") || strings.Count(got, "unreachable:") != 1 {
				t.Errorf("%s, %s: told %s", name, state, got)
			}
			if c.ChatGone != (state == Gone) {
				t.Errorf("%s, %s: the chat is gone: %t", name, state, c.ChatGone)
			}
		}
	}
}

func TestLetterThatIsLostIsFollowedByItsFilesInTheChat(t *testing.T) {
	c, _, now := sentWith(t, func(c *Case) { c.ChatGone = true })
	wrote := c.LastSeq - 1
	c.Return(now)
	c.Events()
	c.Lose(Notice{Message, ByMail, wrote}, Gone, "bounced", now)
	if got := told(c); !strings.HasSuffix(got, "message>chat file-1>chat file-2>chat") {
		t.Errorf("told %s", got)
	}
}

func TestFilesThatGoAlongAreBounded(t *testing.T) {
	l := Limits{MegabytesEach: 20, MegabytesAlong: 14}
	for _, c := range []struct {
		want  string
		sizes []int64
	}{
		{"<nil>", []int64{14 << 20}},
		{"along-many", make([]int64, MostAlong+1)},
		{"along-large", []int64{20<<20 + 1}},
		{"along-large", []int64{14<<20 + 1}}, // it could not go with another message either
		{"along-large", []int64{1, 14<<20 + 1}},
		{"along-total", []int64{7 << 20, 7<<20 + 1}},
	} {
		if got := refusedAs(l.Along(c.sizes...)); got != c.want {
			t.Errorf("files of %d bytes: %s, want %s", c.sizes, got, c.want)
		}
	}
	if refused, ok := l.Along(14<<20 + 1).(*Refusal); !ok || refused.Text.Args["megabytes"] != 14 {
		t.Errorf("of a file that is too large for any message it is said: %+v", refused)
	}
	if err := l.Along(); err != nil {
		t.Error(err)
	}
}

func TestComplainantSeesFilesThatWereSentAndNoOthers(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	var wrote []int
	for _, id := range []string{"SENT", "BACK", "HELD"} {
		_ = c.Write(member, WriteDraft{Text: id, Files: []string{id}}, p, now)
		wrote = append(wrote, c.LastSeq)
	}
	if err := c.Dispatch(wrote[0], now); err != nil {
		t.Fatal(err)
	}
	if err := c.TakeBack(member, wrote[1], now); err != nil {
		t.Fatal(err)
	}
	f := fileOf(c, c.Events())
	f.Attachments = []Enclosure{{ID: "OWN", By: Complainant}}
	for n, id := range []string{"SENT", "BACK", "HELD"} {
		f.Attachments = append(f.Attachments, Enclosure{ID: id, By: By(member.Member), Event: wrote[n]})
	}
	seen := f.Personal(p).Files
	if len(seen) != 2 || seen[0].ID != "OWN" || seen[1].ID != "SENT" || seen[1].By != TheCommittee {
		t.Errorf("seen: %+v", seen)
	}
	e := f.Events[slices.IndexFunc(f.Events, func(e Event) bool { return e.Seq == wrote[0] })]
	if len(f.FilesWith(e)) != 1 || f.FilesWith(e)[0].ID != "SENT" || f.Unsent(wrote[0]) || !f.Unsent(wrote[1]) || !f.Unsent(wrote[2]) {
		t.Errorf("with the words: %+v", f.FilesWith(e))
	}
}
