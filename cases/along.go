package cases

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// What goes along with a message of the committee: files. In the chat each is a notice of its own after that of the words, so
// that each is sent once, in order, and it is known of each whether it arrived. By mail they are in the letter with the words.

// MostAlong is how many files go with one message of the committee, at most: as many as Slack takes in one field of a form.
const MostAlong = 10

// filePrefix begins the kind of each notice that is a file.
const filePrefix = "file-"

// FileNotice is the notice that brings the nth file, counted from 1, of those that go with the words of its event.
func FileNotice(n int) NoticeKind { return NoticeKind(filePrefix + itoa(n)) }

// File says which of the files of its event a notice brings, counted from 1.
func (k NoticeKind) File() (n int, ok bool) {
	after, ok := strings.CutPrefix(string(k), filePrefix)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(after)
	return n, err == nil && n > 0
}

// BytesAlong is how many bytes all files together may have that go with one message.
func (l Limits) BytesAlong() int64 { return int64(l.MegabytesAlong) << 20 }

// Along says whether files of these sizes, in bytes, may go with one message; where they may not, it returns a *Refusal.
func (l Limits) Along(sizes ...int64) error {
	var total int64
	for _, size := range sizes {
		total += size
	}
	switch {
	case len(sizes) > MostAlong:
		return refuse("refusal.along-many", "most", MostAlong)
	case len(sizes) > 0 && slices.Max(sizes) > min(l.BytesEach(), l.BytesAlong()):
		return refuse("refusal.along-large", "megabytes", min(l.MegabytesEach, l.MegabytesAlong))
	case total > l.BytesAlong():
		return refuse("refusal.along-total", "megabytes", l.MegabytesAlong)
	}
	return nil
}

// FilesWith are the files that went, or are to go, with the words of an event, in their order.
func (f *File) FilesWith(e Event) (all []Enclosure) {
	for _, id := range strings.Fields(e.Data["attachments"]) {
		if at := slices.IndexFunc(f.Attachments, func(one Enclosure) bool { return one.ID == id }); at >= 0 {
			all = append(all, f.Attachments[at])
		}
	}
	return all
}

// Unsent says whether the words of an event did not go out to the complainant: they were taken back, or still can be.
func (f *File) Unsent(event int) bool { return f.unsent()[event] }

// along remembers how many files go with the words of the last event.
func (c *Case) along(files int) {
	if files == 0 {
		return
	}
	c.Work.Along = maps.Clone(c.Work.Along)
	if c.Work.Along == nil {
		c.Work.Along = map[int]int{}
	}
	c.Work.Along[c.LastSeq] = files
}

// messages are the notices by which the words of an event go to the complainant, with what goes along.
func (c *Case) messages(to Recipient, event int) []Notice {
	all := []Notice{{Kind: Message, To: to, Event: event}}
	if to != ByChat {
		return all
	}
	for n := range c.Work.Along[event] {
		all = append(all, Notice{Kind: FileNotice(n + 1), To: to, Event: event})
	}
	return all
}

// goesElsewhere says whether a notice that was lost in the chat is one of several that a letter brings anyway, since another of
// them was lost before. It remembers that from the first on.
func (c *Case) goesElsewhere(n Notice) bool {
	_, file := n.Kind.File()
	if n.To != ByChat || n.Kind != Message && !file || c.Work.Along[n.Event] == 0 {
		return false
	}
	if slices.Contains(c.Work.Elsewhere, n.Event) {
		return true
	}
	c.Work.Elsewhere = append(slices.Clip(c.Work.Elsewhere), n.Event)
	return false
}

// personalFiles are the files of a case that its complainant may see: their own, and what the committee sent them.
func personalFiles(all []Enclosure, unsent map[int]bool) (theirs []Enclosure) {
	for _, e := range all {
		if unsent[e.Event] {
			continue
		}
		if _, member := e.By.Member(); member {
			e.By = TheCommittee
		}
		theirs = append(theirs, e)
	}
	return theirs
}
