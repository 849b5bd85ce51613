package conversation

import (
	"websec.nl/gehoor/i18n"
)

// mostExcerpt is how many characters of the beginning of a story the session remembers.
const mostExcerpt = 300

func askStory(t *turn) {
	text := t.asked()
	if !t.Story.has() {
		t.ask(t.framed(text), t.around()...)
		return
	}
	if t.open().of.Ask[t.Language] == "" {
		text = i18n.T("intake.problem.ask-again")
	}
	if t.Story.Parts > 0 {
		text = i18n.T("intake.problem.begins", "question", text, "words", i18n.Plain(t.Story.Excerpt))
	}
	if t.Story.Files > 0 {
		text = two(text, i18n.T("intake.problem.files", "count", t.Story.Files))
	}
	text = i18n.T("intake.problem.ask-more", "question", text)
	open := t.open()
	t.ask(i18n.T("intake.progress", "number", open.number, "total", t.total, "question", text), append([][]Button{
		row(i18n.T("intake.problem.button.done"), done),
		row(i18n.T("intake.problem.button.retell"), "retell"),
	}, t.around()...)...)
}

func hearStory(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == "retell":
		t.follow("retell")
		return i18n.Text{}
	case a.choice == done, isDone(a.words):
		return t.storyDone()
	case a.words == "", smallTalk(a.words):
		return t.open().expect
	}
	if full := t.addPart(a.words, a.message); full.Key != "" {
		return full
	}
	t.storyNoted(t.Story.Parts+t.Story.Files == 1, false)
	return i18n.Text{}
}

// storyDone goes on to the next question, and says how much there is of the story.
func (t *turn) storyDone() i18n.Text {
	if !t.Story.has() {
		return i18n.T("intake.problem.nothing-yet")
	}
	t.Story.Done = true
	thanks := i18n.T("intake.problem.thanks")
	if t.Story.Files > 0 {
		thanks = i18n.T("intake.problem.thanks-files", "files", i18n.T("answer.files", "count", t.Story.Files))
	}
	t.note = thanks
	t.follow(done)
	return i18n.Text{}
}

// storyNoted says that something was added to the story: at length the first time, then in a word, and not each time where
// a lot comes at once.
func (t *turn) storyNoted(first, file bool) {
	button := row(i18n.T("intake.problem.button.done"), done)
	if first {
		t.Spoke = t.now.Unix()
		text := i18n.T("intake.problem.first")
		if t.procedure.Limits.Files == 0 {
			text = i18n.T("intake.problem.first-words")
		}
		t.ask(text, button)
		return
	}
	t.quietly(i18n.T("intake.problem.noted"), file, button)
}

// addPart keeps a part of the story, or says why there is no room for it.
func (t *turn) addPart(text string, message int64) i18n.Text {
	switch limits := t.procedure.Limits; {
	case t.Story.Parts >= limits.Parts:
		return t.refuse(i18n.T("intake.problem.many-parts", "limit", limits.Parts))
	case t.Story.Length+length(text) > limits.Story:
		return t.refuse(i18n.T("intake.problem.full", "limit", limits.Story, "left", max(0, limits.Story-t.Story.Length)))
	}
	t.keepPart(text, message)
	return i18n.Text{}
}

// keepPart keeps a part of the story, for which there is room.
func (t *turn) keepPart(text string, message int64) {
	t.Story.Parts++
	t.Story.Length += length(text)
	if room := mostExcerpt - length(t.Story.Excerpt); room > 1 {
		if t.Story.Excerpt != "" {
			t.Story.Excerpt += "\n"
		}
		t.Story.Excerpt = excerpt(t.Story.Excerpt+text, mostExcerpt)
	}
	t.storyHeard(message)
	t.do(Append{Part: t.Story.Parts, Text: text, Message: message})
}

// addParts keeps a story that is there already, in as many parts as it takes. It was accepted before, and is longer now by
// what stands between its parts: it is kept whole, whatever the limits.
func (t *turn) addParts(story string) {
	for rest := []rune(story); len(rest) > 0; {
		size := min(len(rest), mostPart)
		t.keepPart(string(rest[:size]), 0)
		rest = rest[size:]
	}
}

// mostPart is how many characters of such a story make a part.
const mostPart = 4000

// storyHeard remembers which messages the story came in.
func (t *turn) storyHeard(message int64) {
	if message == 0 {
		return
	}
	if t.Story.Since == 0 || message < t.Story.Since {
		t.Story.Since = message
	}
	t.Story.Last, t.Story.Said = max(t.Story.Last, message), 0
}

// isLate says whether a message was sent before the story was said to be done, though it came after: a press travels another
// way than words do, and may overtake them. Messages are numbered in the order in which they came into the chat, ours
// among them, so that one which could have been sent after the next question has a number beyond all that we said.
func (t *turn) isLate(message int64) bool {
	return message != 0 && t.Story.Done && t.Story.Last != 0 && message <= t.Story.Last+int64(t.Story.Said) && t.afterStory()
}

// afterStory says whether the question is open that follows the story.
func (t *turn) afterStory() bool {
	story := t.step(Problem)
	if story == nil {
		return false
	}
	after, _ := story.arrow(done)
	open := t.open()
	return open != nil && open.of != nil && open.of == t.step(after).of && !open.further
}

// late adds words to the story that were overtaken.
func (t *turn) late(a answer) {
	if full := t.addPart(a.words, a.message); full.Key != "" {
		t.nudge(full)
		return
	}
	t.note = i18n.T("intake.problem.late")
	t.again()
}

// count counts what we said since the last message of the story.
func (t *turn) count() {
	if t.Story.Last == 0 {
		return
	}
	if !t.Story.Done && t.State != Problem || t.Story.Done && !t.afterStory() {
		if t.State != Retell {
			t.Story.Last, t.Story.Said = 0, 0
		}
		return
	}
	for _, e := range t.effects {
		if said, ok := e.(Say); ok && !said.InPlace {
			t.Story.Said++
		}
	}
}

func askRetell(t *turn) {
	t.ask(i18n.T("intake.retell.ask"),
		row(i18n.T("intake.retell.button.yes"), yes),
		row(i18n.T("intake.retell.button.no"), no))
}

func hearRetell(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == yes, isYes(a.words):
		t.eraseStory()
		t.follow(yes)
	case a.choice == no, isNo(a.words):
		t.follow(no)
	default:
		return t.open().expect
	}
	return i18n.Text{}
}

// eraseStory forgets the story, and with it all files, also those that answered other questions.
func (t *turn) eraseStory() {
	t.Story, t.Unsaid = Story{}, 0
	for field, value := range t.Answers {
		if count, _ := cutFiles(value); count > 0 {
			t.filesLeft(field, 0)
		}
	}
	t.do(Erase{})
}
