package conversation

import (
	"strings"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// hold remembers what came before there was a place for it, and says so. It is not much: what comes after the first ten has
// to be sent again.
func (t *turn) hold(text string, file *cases.Attachment, message int64) i18n.Text {
	if file == nil && (text == "" || smallTalk(text) || isDone(text)) {
		return i18n.Text{}
	}
	if file != nil {
		if why := t.unfit(*file, len(t.Early), 0); why.Key != "" {
			return t.holdCaption(t.refuse(two(why, t.otherWay())), text, message)
		}
	}
	if len(t.Early) >= mostEarly || t.earlyWords()+length(text) > mostEarlyWords {
		return t.refuse(i18n.T("early.full"))
	}
	t.Early = append(t.Early[:len(t.Early):len(t.Early)], early{Text: text, File: file, Message: message})
	if t.Consented.IsZero() {
		return i18n.T("early.held")
	}
	return i18n.T("early.kept")
}

// holdCaption remembers the words under a file that is refused, and says both.
func (t *turn) holdCaption(refused i18n.Text, text string, message int64) i18n.Text {
	if held := t.hold(text, nil, message); held.Key != "" {
		return two(refused, held)
	}
	return refused
}

// earlyWords counts the characters of all words that are held.
func (t *turn) earlyWords() (size int) {
	for _, e := range t.Early {
		size += length(e.Text)
	}
	return size
}

// The limits of what came early.
const (
	mostEarly      = 10
	mostEarlyWords = 4000 // characters
)

// holding holds words that are no answer to the open question, and says what is.
func (t *turn) holding(a answer) i18n.Text {
	expect := t.open().expect
	if held := t.hold(a.words, nil, a.message); held.Key != "" {
		return two(held, expect)
	}
	return expect
}

// early holds a file, and words under it, that came while something else was open.
func (t *turn) early(e Attached) {
	before := len(t.Early)
	held := t.hold(e.Caption, e.file(), e.Message)
	if len(t.Early) > before && t.hushed() && !t.loud {
		return
	}
	t.Spoke = t.now.Unix()
	t.nudge(two(held, t.open().expect))
}

func askEarlier(t *turn) {
	var said []string
	files := 0
	for _, e := range t.Early {
		if e.Text != "" {
			said = append(said, e.Text)
		}
		if e.File != nil {
			files++
		}
	}
	text := i18n.T("earlier.words", "words", i18n.Plain(excerpt(strings.Join(said, "\n"), mostEarlyShown)))
	switch {
	case len(said) == 0:
		text = i18n.T("earlier.files", "files", i18n.T("answer.files", "count", files))
	case files > 0:
		text = two(text, i18n.T("earlier.and-files", "files", i18n.T("answer.files", "count", files)))
	}
	t.ask(two(text, i18n.T("earlier.ask")),
		row(i18n.T("earlier.button.yes"), yes),
		row(i18n.T("earlier.button.no"), no))
}

// mostEarlyShown is how many characters are shown of what came early.
const mostEarlyShown = 1200

func hearEarlier(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == yes, isYes(a.words):
		t.takeEarly()
		t.follow(yes)
	case a.choice == no, isNo(a.words):
		t.Early = nil
		t.note = i18n.T("earlier.dropped")
		t.follow(no)
	default: // it is shown with the others
		before := len(t.Early)
		held := t.hold(a.words, nil, a.message)
		switch {
		case len(t.Early) > before:
			t.again()
		case held.Key != "":
			return two(held, t.open().expect)
		default:
			return t.open().expect
		}
	}
	return i18n.Text{}
}

// takeEarly makes what came early part of the story. What can't be is said, with another way.
func (t *turn) takeEarly() {
	all := t.Early
	t.Early = nil
	for _, e := range all {
		if e.File != nil {
			t.takeEarlyFile(e)
		}
		if e.Text != "" {
			if full := t.addPart(e.Text, e.Message); full.Key != "" {
				t.say(full)
			}
		}
	}
	t.note = i18n.T("earlier.kept")
}

func (t *turn) takeEarlyFile(e early) {
	if why := t.unfit(*e.File, t.Story.Files, t.Story.Bytes); why.Key != "" {
		t.say(two(why, t.otherWay()))
		return
	}
	t.Story.Files++
	t.Story.Bytes += e.File.Size
	t.do(Attach{Field: cases.FieldProblem, File: *e.File, Message: e.Message})
}
