package names

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mention is an e-mail address or an @handle in a text.
type mention struct {
	start, end int
	local      string // what stands before the @ of an address, or after the @ of a handle
	domain     int    // where the domain of an address begins; -1: it is a handle
}

// sighting is the best that a text says of a person: how strongly, and where.
type sighting struct {
	strength   Strength
	start, end int
}

// or gives the stronger of two sightings, and of equals the first in the text, then the longer.
func (s sighting) or(o sighting) sighting {
	if o.strength > s.strength || o.strength == s.strength && o.strength > 0 &&
		(o.start < s.start || o.start == s.start && o.end > s.end) {
		return o
	}
	return s
}

func isHandle(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("._-+", r)
}

// readAddresses finds the addresses, the @handles and the chat tool's own marks (<@U123>) of a text.
func (p *page) readAddresses() {
	text := p.text
	for from := 0; ; {
		at := strings.IndexByte(text[from:], '@')
		if at < 0 {
			return
		}
		at += from
		right := at + 1 + runOf(text[at+1:])
		from = at + 1
		if at > 0 && text[at-1] == '<' {
			p.readMark(at)
		}
		left := at
		for left > 0 {
			r, size := utf8.DecodeLastRuneInString(text[:left])
			if !isHandle(r) {
				break
			}
			left -= size
		}
		host := strings.TrimRight(text[at+1:right], "._-+")
		switch {
		case host == "":
		case left == at:
			p.addresses = append(p.addresses, mention{start: at, end: at + 1 + len(host), local: host, domain: -1})
		case strings.Contains(host, "."):
			local, _, _ := strings.Cut(text[left:at], "+")
			p.addresses = append(p.addresses, mention{start: left, end: at + 1 + len(host), local: local, domain: at + 1})
		}
	}
}

// readMark reads the chat tool's own mark of a person: <@U123> or <@U123|name>.
func (p *page) readMark(at int) {
	const longest = 200
	id := p.text[at+1 : min(len(p.text), at+longest)]
	end := strings.IndexAny(id, ">|\n")
	if end <= 0 || id[end] == '\n' {
		return
	}
	whole := at + 1 + end
	if id[end] == '>' {
		whole++
	}
	p.mentioned = append(p.mentioned, mention{start: at - 1, end: whole, local: id[:end]})
}

// runOf is how many bytes at the beginning are of a handle or a domain.
func runOf(text string) int {
	if end := strings.IndexFunc(text, func(r rune) bool { return !isHandle(r) }); end >= 0 {
		return end
	}
	return len(text)
}

// holder is a person of an address or a handle.
type holder struct {
	person int
	whole  string // the whole address, where it is known
	word   bool   // it is no more than one name
	ours   bool   // it was made from a name, not given
}

// addressed finds the people whose address, handle or ID stands in a text.
func addressed(p *page, known *Workspace) map[int]sighting {
	found := map[int]sighting{}
	see := func(person int, strength Strength, start, end int) {
		found[person] = found[person].or(sighting{strength, start, end})
	}
	for _, m := range p.mentioned {
		if person, is := known.byID[m.local]; is {
			see(person, Certain, m.start, m.end)
		}
	}
	numbered := p.numbered()
	if len(p.addresses) == 0 && len(numbered) == 0 {
		return found
	}
	holders := map[string][]holder{}
	for _, m := range slices.Concat(p.addresses, numbered) {
		holders[compact(m.local)] = nil
	}
	known.holders(holders)
	for _, m := range p.addresses {
		all := holders[compact(m.local)]
		for _, h := range all {
			if strength := p.weighAddress(m, h, all); strength > 0 {
				see(h.person, strength, m.start, m.end)
			}
		}
	}
	for _, m := range numbered {
		for _, h := range holders[compact(m.local)] {
			if !h.ours {
				see(h.person, Likely, m.start, m.end)
			}
		}
	}
	return found
}

// weighAddress says how surely an address or a handle is somebody's.
func (p *page) weighAddress(m mention, h holder, all []holder) Strength {
	theirs := 0
	for _, other := range all {
		if !other.ours {
			theirs++
		}
	}
	whole, _ := fold(p.text[m.start:m.end])
	switch {
	case m.domain >= 0 && h.whole == whole:
		return Certain
	case h.ours && theirs > 0 && m.domain < 0: // no two have the same handle
		return 0
	case h.ours && len(all) > 1:
		return Possible
	case h.ours || theirs > 1 || m.domain >= 0 && (h.word || h.whole != ""):
		return Likely
	}
	return Certain
}

// numbered finds the words that hold letters and digits, as handles do: fatima87.
func (p *page) numbered() []mention {
	var all []mention
	for i := 1; i < len(p.tokens); i++ {
		left, t := &p.tokens[i-1], &p.tokens[i]
		if !t.number || left.number || t.before > dot || len(left.folded) < 2 {
			continue
		}
		start := t.start
		for start > 0 {
			r, size := utf8.DecodeLastRuneInString(p.text[:start])
			if !isHandle(r) {
				break
			}
			start -= size
		}
		end := t.start + len(strings.TrimRight(p.text[t.start:t.start+runOf(p.text[t.start:])], "._-+"))
		if len(all) == 0 || all[len(all)-1].end < end {
			all = append(all, mention{start: start, end: end, local: p.text[start:end], domain: -1})
		}
	}
	return all
}
