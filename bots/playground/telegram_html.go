package playground

import (
	"html"
	"regexp"
	"strings"
)

// htmlTags are the tags of parse mode HTML, with what they mean.
var htmlTags = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline", "s": "strikethrough",
	"strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler", "a": "text_link", "code": "code",
	"pre": "pre", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}

var (
	htmlAttribute = regexp.MustCompile(`\s+([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?`)
	htmlEntity    = regexp.MustCompile(`^&(?:lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});`)
)

// parseHTML turns parse mode HTML into a text and its entities. Only the four named entities of the documentation are known; any
// other ampersand stands for itself.
func parseHTML(source string) (string, []Entity, error) {
	var p marked
	for p.at < len(source) {
		rest := source[p.at:]
		switch rest[0] {
		case '&':
			if found := htmlEntity.FindString(rest); found != "" {
				p.write(html.UnescapeString(found))
				p.at += len(found)
				continue
			}
			p.write("&")
			p.at++
		case '<':
			if err := p.tag(rest); err != nil {
				return "", nil, err
			}
		default:
			next := strings.IndexAny(rest, "<&")
			if next < 0 {
				next = len(rest)
			}
			p.write(rest[:next])
			p.at += next
		}
	}
	if top := p.top(); top != nil {
		return "", nil, complaint("Can't find end tag corresponding to start tag %q", top.mark)
	}
	text, entities := p.done()
	return text, entities, nil
}

// tag reads a start tag or an end tag.
func (p *marked) tag(rest string) error {
	end := strings.IndexByte(rest, '>')
	if end < 0 {
		return complaint("Unclosed start tag at byte offset %d", p.at)
	}
	inside := rest[1:end]
	name, closing := strings.CutPrefix(inside, "/")
	if closing {
		top := p.top()
		if top == nil {
			return complaint("Unexpected end tag at byte offset %d", p.at)
		}
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" && name != top.mark {
			return complaint("Unmatched end tag at byte offset %d, expected %q, found %q", p.at, "</"+top.mark+">", "</"+name+">")
		}
		p.close()
	} else {
		entity, tag, err := startTag(inside, p.at)
		if err != nil {
			return err
		}
		p.open(tag, tag, entity)
	}
	p.at += end + 1
	return nil
}

func startTag(inside string, at int) (Entity, string, error) {
	name := inside
	if cut := strings.IndexAny(inside, " \t\r\n"); cut >= 0 {
		name = inside[:cut]
	}
	tag := strings.ToLower(name)
	kind, known := htmlTags[tag]
	if !known {
		return Entity{}, "", complaint("Unsupported start tag %q at byte offset %d", tag, at)
	}
	entity := Entity{Type: kind}
	class := ""
	for _, match := range htmlAttribute.FindAllStringSubmatch(inside[len(name):], -1) {
		value := html.UnescapeString(match[2] + match[3] + match[4])
		switch strings.ToLower(match[1]) {
		case "href":
			entity.URL = value
		case "class":
			class = value
		case "expandable":
			if tag == "blockquote" {
				entity.Type = "expandable_blockquote"
			}
		}
	}
	switch {
	case tag == "span" && class != "tg-spoiler":
		return Entity{}, "", complaint("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", at)
	case kind == "code" || kind == "pre":
		entity.Language = strings.TrimPrefix(class, "language-")
	case tag == "a" && !validButtonURL(entity.URL):
		entity = Entity{} // a link that leads nowhere is plain text
	}
	return entity, tag, nil
}
