package slack

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// enclosedFor counts the files that answer a question.
func enclosedFor(f *cases.File, field string) (n int) {
	for _, e := range f.Attachments {
		if e.Field == field {
			n++
		}
	}
	return n
}

// enclosureBlocks is one of the files of a case: what it is, how large, what became of it, its name as its sender gave it,
// and a button that puts it in the room, which a talk gets for this.
func enclosureBlocks(f *cases.File, e cases.Enclosure, p *cases.Procedure, l i18n.Language) []block {
	line := "*" + i18n.T(sortOf(e)).In(l) + "*"
	if e.Size > 0 {
		line += " · " + sizeOf(e.Size, l)
	}
	line += " · " + i18n.T("file.state."+string(e.State)).In(l) + "\n" + momentOf(e.At, p).In(l)
	if member, ok := e.By.Member(); ok {
		line += "\n" + i18n.T(sentHow(f, e), "who", mention(string(member))).In(l)
	}
	if e.Reason != "" {
		line += "\n" + whySpoiled(e.Reason).In(l)
	}
	blocks := []block{say(line)}
	coming := e.State == cases.EnclosureWaiting || e.State == cases.EnclosureKept
	if coming && f.Case.Open() && f.Case.Owner != "" {
		blocks = []block{sayWith(line, press(actUpload, i18n.T("file.button.room").In(l), string(f.Case.Number)+" "+e.ID))}
	}
	if strings.TrimSpace(e.Name) != "" {
		blocks = append(blocks, quote(e.Name)...)
	}
	return blocks
}

// sentHow is the key of what became of a file of the committee.
func sentHow(f *cases.File, e cases.Enclosure) string {
	switch {
	case takenBack(f, e.Event):
		return "file.sent.taken-back"
	case f.Unsent(e.Event):
		return "file.sent.held"
	}
	return "file.sent.out"
}

// alongBlocks lists files that go with words, by name and size, under a sentence.
func alongBlocks(key string, all []cases.Enclosure, l i18n.Language) []block {
	if len(all) == 0 {
		return nil
	}
	lines := make([]string, len(all))
	for n, one := range all {
		lines[n] = one.Name + " · " + sizeOf(one.Size, l)
	}
	return append([]block{small(i18n.T(key, "count", len(all)).In(l))}, quote(strings.Join(lines, "\n"))...)
}

// whySpoiled says to the committee why a file is not kept; what is kept of that is the key of what its sender heard.
func whySpoiled(heard string) i18n.Text {
	return named("file.spoiled.", strings.TrimPrefix(heard, "spoiled."))
}

// enclosure finds one of the files of a case.
func enclosure(f *cases.File, id string) (cases.Enclosure, bool) {
	at := slices.IndexFunc(f.Attachments, func(e cases.Enclosure) bool { return e.ID == id })
	if id == "" || at < 0 {
		return cases.Enclosure{}, false
	}
	return f.Attachments[at], true
}

// sortOf is the key of what a file is, by its media type.
func sortOf(e cases.Enclosure) string {
	switch sort, _, _ := strings.Cut(e.Type, "/"); sort {
	case "image":
		return "file.sort.picture"
	case "video":
		return "file.sort.video"
	case "audio":
		return "file.sort.sound"
	}
	return "file.sort.document"
}

// sizeOf is how large a file is, as a person reads it.
func sizeOf(bytes int64, l i18n.Language) string {
	if bytes < 1_000_000 {
		return i18n.T("file.size.kilobytes", "size", strconv.FormatInt(max(1, (bytes+500)/1000), 10)).In(l)
	}
	tenths := (bytes + 50_000) / 100_000
	point := map[i18n.Language]string{i18n.Dutch: ",", i18n.English: "."}[l]
	return i18n.T("file.size.megabytes", "size", fmt.Sprintf("%d%s%d", tenths/10, point, tenths%10)).In(l)
}
