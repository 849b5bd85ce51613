package playground

import "strings"

// markdownMarks are the marks of parse mode MarkdownV2 that open and close, longest first.
var markdownMarks = []struct{ mark, kind, name string }{
	{"__", "underline", "Underline"},
	{"||", "spoiler", "Spoiler"},
	{"_", "italic", "Italic"},
	{"*", "bold", "Bold"},
	{"~", "strikethrough", "Strikethrough"},
}

const markdownReserved = "_*[]()~`>#+-=|{}.!"

// parseMarkdown turns parse mode MarkdownV2 into a text and its entities.
func parseMarkdown(source string) (string, []Entity, error) {
	var p marked
	for p.at < len(source) {
		rest := source[p.at:]
		if p.at == 0 || source[p.at-1] == '\n' {
			if p.quote(rest[0] == '>'); rest[0] == '>' {
				p.at++
				continue
			}
		}
		var err error
		switch {
		case rest[0] == '\\' && len(rest) > 1 && rest[1] < 127:
			p.write(rest[1:2])
			p.at += 2
		case rest[0] == '`':
			err = p.code(rest)
		case rest[0] == '[':
			p.open("[", "TextUrl", Entity{Type: "text_link"})
			p.at++
		case rest[0] == ']' && p.isOpen("["):
			err = p.link(rest)
		default:
			err = p.markOrText(rest)
		}
		if err != nil {
			return "", nil, err
		}
	}
	p.quote(false)
	if top := p.top(); top != nil {
		return "", nil, complaint("Can't find end of %s entity at byte offset %d", top.name, top.at)
	}
	text, entities := p.done()
	return text, entities, nil
}

// markOrText reads a mark, or text up to what may be the next.
func (p *marked) markOrText(rest string) error {
	for _, m := range markdownMarks {
		if !strings.HasPrefix(rest, m.mark) {
			continue
		}
		if p.isOpen(m.mark) {
			p.close()
		} else {
			p.open(m.mark, m.name, Entity{Type: m.kind})
		}
		p.at += len(m.mark)
		return nil
	}
	if strings.IndexByte(markdownReserved, rest[0]) >= 0 {
		return complaint(`Character '%c' is reserved and must be escaped with the preceding '\'`, rest[0])
	}
	size := 1 // a line's end stands alone, so that the next line's beginning is seen
	if rest[0] != '\n' {
		if size = strings.IndexAny(rest, `\`+markdownReserved+"\n"); size < 0 {
			size = len(rest)
		} else if size == 0 {
			size = 1
		}
	}
	p.write(rest[:size])
	p.at += size
	return nil
}

// code reads `code` or a fenced block, with the language on its first line.
func (p *marked) code(rest string) error {
	fence, entity, name := "`", Entity{Type: "code"}, "Code"
	if strings.HasPrefix(rest, "```") {
		fence, entity, name = "```", Entity{Type: "pre"}, "Pre"
	}
	code, size, ok := untilFence(rest[len(fence):], fence)
	if !ok {
		return complaint("Can't find end of %s entity at byte offset %d", name, p.at)
	}
	if language, body, found := strings.Cut(code, "\n"); entity.Type == "pre" && found && !strings.ContainsAny(language, " \t`") {
		entity.Language, code = language, body
	}
	p.open(fence, name, entity)
	p.write(code)
	p.close()
	p.at += len(fence) + size
	return nil
}

// link ends [text](address); without an address it is plain text.
func (p *marked) link(rest string) error {
	entity := p.close()
	p.at++
	if strings.HasPrefix(rest[1:], "(") {
		address, size, ok := untilFence(rest[2:], ")")
		if !ok {
			return complaint("Can't find end of a URL at byte offset %d", p.at)
		}
		entity.URL = address
		p.at += 1 + size
	}
	if !validButtonURL(entity.URL) {
		*entity = Entity{}
	}
	return nil
}

// quote begins a quotation at a line that begins with >, goes on with it, or ends it before a line that does not.
func (p *marked) quote(begins bool) {
	switch {
	case begins && p.quoting == 0:
		p.entities = append(p.entities, Entity{Type: "blockquote", Offset: p.length})
		p.quoting = len(p.entities)
	case !begins && p.quoting > 0:
		entity := &p.entities[p.quoting-1]
		entity.Length = p.length - entity.Offset
		p.quoting = 0
	}
}

// untilFence reads up to the end mark, with escapes undone, and says how much of the source that was, the mark included.
func untilFence(source, fence string) (text string, size int, ok bool) {
	var b strings.Builder
	for i := 0; i < len(source); {
		switch {
		case source[i] == '\\' && i+1 < len(source):
			b.WriteByte(source[i+1])
			i += 2
		case strings.HasPrefix(source[i:], fence):
			return b.String(), i + len(fence), true
		default:
			b.WriteByte(source[i])
			i++
		}
	}
	return "", 0, false
}
