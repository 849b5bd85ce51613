package conversation

import (
	"unicode/utf8"

	"websec.nl/gehoor/i18n"
)

// The limits of a story.
const (
	mostStory   = 30_000 // characters
	mostParts   = 100
	mostExcerpt = 300 // characters of its beginning that the session remembers
)

func askStory(t *turn) {
	if t.Story.Parts == 0 {
		t.ask(t.framed(i18n.T("intake.problem.ask")), t.around()...)
		return
	}
	t.ask(t.framed(i18n.T("intake.problem.ask-more", "words", t.Story.Excerpt)), append([][]Button{
		{choice(i18n.T("intake.problem.button.done"), done)},
		{choice(i18n.T("intake.problem.button.retell"), "retell")},
	}, t.around()...)...)
}

func hearStory(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == "retell":
		t.follow("retell")
		return i18n.Text{}
	case a.choice == done, isDone(a.words):
		if t.Story.Parts == 0 {
			return i18n.T("intake.problem.nothing-yet")
		}
		t.say(i18n.T("intake.problem.thanks"))
		t.follow(done)
		return i18n.Text{}
	case a.words == "":
		return steps[Problem].expect
	}
	if full := t.addPart(a.words); full.Key != "" {
		return full
	}
	heard := i18n.T("intake.problem.noted")
	if t.Story.Parts == 1 {
		heard = i18n.T("intake.problem.first")
	}
	t.ask(heard, []Button{choice(i18n.T("intake.problem.button.done"), done)})
	return i18n.Text{}
}

// captioned takes the words under a file for a part of the story, and says that the file itself can't be kept.
func (t *turn) captioned(text string) {
	if full := t.addPart(text); full.Key != "" {
		t.nudge(full)
		return
	}
	t.ask(t.withEmail(i18n.T("attached.caption-kept", "email", t.procedure.Email), i18n.T("attached.caption-kept-no-email")),
		[]Button{choice(i18n.T("intake.problem.button.done"), done)})
}

// addPart keeps a part of the story, or says why there is no room for it.
func (t *turn) addPart(text string) i18n.Text {
	size := length(text)
	switch {
	case t.Story.Parts >= mostParts:
		return i18n.T("intake.problem.many-parts", "limit", mostParts)
	case t.Story.Length+size > mostStory:
		return i18n.T("intake.problem.full", "limit", mostStory, "left", mostStory-t.Story.Length)
	}
	t.Story.Parts++
	t.Story.Length += size
	if room := mostExcerpt - utf8.RuneCountInString(t.Story.Excerpt); room > 1 {
		if t.Story.Excerpt != "" {
			t.Story.Excerpt += "\n"
		}
		t.Story.Excerpt = excerpt(t.Story.Excerpt+text, mostExcerpt)
	}
	t.do(Append{Part: t.Story.Parts, Text: text})
	return i18n.Text{}
}

func askRetell(t *turn) {
	t.ask(i18n.T("intake.retell.ask"),
		[]Button{choice(i18n.T("intake.retell.button.yes"), yes)},
		[]Button{choice(i18n.T("intake.retell.button.no"), no)})
}

func hearRetell(t *turn, a answer) i18n.Text {
	switch a.choice {
	case yes:
		t.Story = Story{}
		t.do(Erase{})
		t.follow(yes)
		return i18n.Text{}
	case no:
		t.follow(no)
		return i18n.Text{}
	}
	return steps[Retell].expect
}
