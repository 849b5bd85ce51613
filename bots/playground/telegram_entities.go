package playground

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Entity is a part of a text that is set otherwise. Offset and Length count UTF-16 units.
type Entity struct {
	Type     string `json:"type"`
	Offset   int    `json:"offset"`
	Length   int    `json:"length"`
	URL      string `json:"url,omitempty"`
	Language string `json:"language,omitempty"`
}

// markupError is what the service has to say about a text it can't parse; it goes into the answer as it stands.
type markupError string

func (e markupError) Error() string { return string(e) }

func complaint(format string, args ...any) error { return markupError(fmt.Sprintf(format, args...)) }

// marked is a text that is being read, with its entities and the marks that are still open.
type marked struct {
	at       int // in the source
	text     strings.Builder
	length   int // of the text, in UTF-16 units
	entities []Entity
	stack    []openMark
	quoting  int // one more than the index of the quotation's entity; 0: there is none
}

type openMark struct {
	mark, name string
	at, index  int
}

func (p *marked) write(s string) {
	p.text.WriteString(s)
	p.length += units(s)
}

func (p *marked) top() *openMark {
	if len(p.stack) == 0 {
		return nil
	}
	return &p.stack[len(p.stack)-1]
}

func (p *marked) isOpen(mark string) bool {
	top := p.top()
	return top != nil && top.mark == mark
}

func (p *marked) open(mark, name string, entity Entity) {
	entity.Offset = p.length
	p.stack = append(p.stack, openMark{mark, name, p.at, len(p.entities)})
	p.entities = append(p.entities, entity)
}

// close ends the entity that was opened last.
func (p *marked) close() *Entity {
	entity := &p.entities[p.top().index]
	entity.Length = p.length - entity.Offset
	p.stack = p.stack[:len(p.stack)-1]
	return entity
}

// done returns the text, and the entities that cover some of it.
func (p *marked) done() (string, []Entity) {
	return p.text.String(), slices.DeleteFunc(p.entities, func(e Entity) bool { return e.Length == 0 || e.Type == "" })
}

// trimmed cuts white space off both ends, as the service does, and the entities with it.
func trimmed(text string, entities []Entity) (string, []Entity) {
	cut := strings.Trim(text, " \t\r\n")
	if len(cut) == len(text) || len(entities) == 0 {
		return cut, entities
	}
	before := units(text[:strings.Index(text, cut)])
	whole := units(cut)
	kept := entities[:0]
	for _, e := range entities {
		end := min(e.Offset+e.Length-before, whole)
		e.Offset = max(0, e.Offset-before)
		if e.Length = end - e.Offset; e.Length > 0 {
			kept = append(kept, e)
		}
	}
	return cut, kept
}

var found = []struct {
	kind string
	is   *regexp.Regexp
}{
	{"bot_command", regexp.MustCompile(`(?:^|\s)(/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?)(?:$|[\s.,!?;:])`)},
	{"email", regexp.MustCompile(`(?:^|[\s(<])([\w.+-]+@[\w-]+(?:\.[\w-]+)+)`)},
	{"url", regexp.MustCompile(`(?:^|[\s(<])(https?://[^\s<>"]+[^\s<>".,!?;:)])`)},
}

// detected finds what Telegram marks by itself in a text that a person typed: commands, addresses, links.
func detected(text string) []Entity {
	if !strings.ContainsAny(text, "/@") {
		return nil
	}
	var entities []Entity
	for _, f := range found {
		for _, at := range f.is.FindAllStringSubmatchIndex(text, -1) {
			entities = append(entities, Entity{Type: f.kind, Offset: units(text[:at[2]]), Length: units(text[at[2]:at[3]])})
		}
	}
	slices.SortFunc(entities, func(a, b Entity) int { return a.Offset - b.Offset })
	return entities
}

// appendEntities appends the entities of a text as a field.
func appendEntities(out []byte, key string, entities []Entity) []byte {
	if len(entities) == 0 {
		return out
	}
	out = append(appendKey(out, key), '[')
	for i, e := range entities {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendStringField(append(out, '{'), "type", e.Type)
		out = append(strconv.AppendInt(append(out, `,"offset":`...), int64(e.Offset), 10), `,"length":`...)
		out = strconv.AppendInt(out, int64(e.Length), 10)
		if e.URL != "" {
			out = appendStringField(out, "url", e.URL)
		}
		if e.Language != "" {
			out = appendStringField(out, "language", e.Language)
		}
		out = append(out, '}')
	}
	return append(out, ']')
}
