package cases

import (
	"strings"
	"time"
)

// AddNote puts words into the file that are told to nobody. Author is who said them, where that is another; empty: who.
func (c *Case) AddNote(who Person, author Member, words string, now time.Time) error {
	if err := May(who, Note, c); err != nil {
		return err
	}
	if strings.TrimSpace(words) == "" {
		return refuse("refusal.no-words")
	}
	data := map[string]string{}
	if author != "" && author != who.Member {
		data["author"] = string(author)
	}
	c.record(now, By(who.Member), Noted, data, Words{FieldText: words})
	return nil
}
