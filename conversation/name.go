package conversation

import (
	"strings"

	"websec.nl/gehoor/i18n"
)

// Hello is no name, but Dag and Hi are names as well. What is most often none, and could be one, is asked about: nobody is told that
// their own name is no name.

// maybe is what was typed where a name is asked, or a day on the calendar, until something else is.
type maybe struct {
	Name    string `json:"n,omitempty"`
	Message int64  `json:"m,omitempty"`
}

// so is the choice that says that it is a name.
const so = "so"

// mayName says whether the open question asks for a name, and what was typed, which was no answer, could be one.
func (t *turn) mayName(a answer) bool {
	open := t.open()
	return open != nil && open.names && couldBeName(oneLine(a.words))
}

// isThatTheName asks whether what was typed is the name after all.
func (t *turn) isThatTheName(a answer) i18n.Text {
	t.Maybe = maybe{Name: oneLine(a.words), Message: a.message}
	return i18n.T("name.maybe", "words", t.Maybe.Name)
}

// orders are words for what somebody wants done, and the names of nobody.
var orders = set("test", "help", "start", "menu", "stop", "terug", "back", "annuleren", "cancel", "klaar", "done", "n.v.t", "nvt", "skip", "overslaan",
	"hallo", "hello", "goedemorgen", "goedemiddag", "goedenavond", "goedendag", "bedankt", "thanks", "waarom", "why", "hoezo")

// mostOfShort is how many letters a word has at most that greets or agrees, and begins the names of people as well.
const mostOfShort = 4

// couldBeName says whether words that mean no name most often could be one: a single word, or one with others after it that is
// written without capitals.
func couldBeName(text string) bool {
	if !noName(text) || isQuestion(text) || strings.ContainsAny(text, ",!;:…") {
		return false
	}
	words := strings.Fields(text)
	switch {
	case len(words) == 1:
		return !orders[bare(text)] && bare(text) != ""
	case len(words) > mostOfShort || meansNoName(text) || wishesFor(text):
		return false
	}
	return len(words[0]) <= mostOfShort && meansNoName(words[0])
}
