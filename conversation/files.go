package conversation

import (
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// attached meets what is no text: a file goes where it belongs, and the words under it where words belong.
func (t *turn) attached(e Attached) {
	e.Caption = clean(e.Caption)
	if !hasWords(e.Caption) {
		e.Caption = ""
	}
	open := t.open()
	switch {
	case open == nil:
		t.note = t.hold(e.Caption, e.file(), e.Message)
		t.begin()
	case e.File.ID == "":
		t.loud = e.Kind == ALocation || e.Kind == AContact // they say something, unlike a sticker
		t.nudge(nothingIn(e.Kind))
	case t.State == Declined:
		t.nudge(open.expect)
	case t.Link.Token != "" && open.between:
		t.nudge(t.refuse(two(i18n.T("approve.no-files"), open.expect)))
	case open.between && t.Case != "":
		t.attachToCase(e)
	case t.State == Problem, t.isLate(e.Message):
		t.attachToStory(e)
	case open.state == Authority, open.of != nil && open.of.Kind == cases.AskFile:
		t.attachAnswer(e)
	case t.complaint(t.State):
		t.attachBeside(e, open)
	default:
		t.early(e)
	}
}

func (e Attached) file() *cases.Attachment {
	if e.File.ID == "" {
		return nil
	}
	return &e.File
}

// nothingIn says that nothing can be kept of a sticker and its like.
func nothingIn(kind string) i18n.Text {
	if kind == ALocation {
		return i18n.T("attached.location")
	}
	return i18n.T("attached.other")
}

// attachToStory takes a file, and the words under it, for a part of the story.
func (t *turn) attachToStory(e Attached) {
	first := !t.Story.has()
	taken := t.take(e, cases.FieldProblem)
	t.takeCaption(e, taken)
	switch {
	case !taken: // said already
	case t.State == Problem:
		t.storyNoted(first, true)
	default:
		t.note = i18n.T("intake.problem.late")
		t.again()
	}
}

// takeCaption makes the words under a file part of the story, also where the file itself can't be kept.
func (t *turn) takeCaption(e Attached, taken bool) {
	if taken {
		t.storyHeard(e.Message)
	}
	if e.Caption == "" {
		return
	}
	if full := t.addPart(e.Caption, e.Message); full.Key != "" {
		t.say(full)
	} else if !taken {
		t.say(i18n.T("attached.caption-kept"))
	}
}

// attachBeside takes a file that came at a question for words. The question stays open: what a file says of it nobody knows
// here. The words under it are part of the story.
func (t *turn) attachBeside(e Attached, open *step) {
	field, note := open.field, i18n.T("attached.beside")
	if open.of == nil {
		field, note = cases.FieldProblem, i18n.T("attached.kept")
	}
	taken := t.take(e, field)
	t.takeCaption(e, taken)
	if !taken || t.hushed() {
		return
	}
	t.Spoke = t.now.Unix()
	t.note = note
	t.again()
}

// take takes a file in for a field of the complaint that is being told, or says why it can't be kept, and how it can be
// sent instead.
func (t *turn) take(e Attached, field string) bool {
	if why := t.unfit(e.File, t.Story.Files, t.Story.Bytes); why.Key != "" {
		t.nudge(t.refuse(two(why, t.otherWay())))
		return false
	}
	t.Story.Files++
	t.Story.Bytes += e.File.Size
	t.do(Attach{Field: field, File: e.File, Message: e.Message})
	return true
}

// unfit says why a file can't be kept beside so many others of so many bytes together; nothing where it can.
func (t *turn) unfit(file cases.Attachment, files int, bytes int64) i18n.Text {
	switch limits := t.procedure.Limits; {
	case limits.Files == 0:
		return i18n.T("attached.none-taken")
	case files >= limits.Files:
		return i18n.T("attached.many", "count", limits.Files)
	case file.Size > limits.BytesEach():
		return i18n.T("attached.large", "name", named(file), "limit", limits.MegabytesEach)
	case bytes+file.Size > limits.BytesTotal():
		return i18n.T("attached.large-together", "name", named(file), "limit", limits.MegabytesTotal)
	}
	return i18n.Text{}
}

// otherWay says how a file can be sent that can't be kept here.
func (t *turn) otherWay() i18n.Text {
	switch p := t.procedure; {
	case p.Email != "":
		return i18n.T("attached.by-mail", "email", p.Email)
	case p.Post != "":
		return i18n.T("attached.by-post", "post", p.Post)
	}
	return i18n.T("attached.by-talk")
}

// named is the name of a file, as it is said.
func named(file cases.Attachment) i18n.Text {
	if name := oneLine(clean(file.Name)); name != "" {
		return i18n.T("attached.name", "name", excerpt(name, 60))
	}
	return i18n.T("attached.nameless")
}

// spoiled says that a file can't be kept after all. It counts no more, nor does it answer a question.
func (t *turn) spoiled(e Spoiled) {
	if e.Case == "" {
		t.Story.Files, t.Unsaid = max(0, t.Story.Files-1), max(0, t.Unsaid-1)
		t.Story.Bytes = max(0, t.Story.Bytes-e.Size)
		if count, _ := cutFiles(t.Answers[e.Field]); count > 0 {
			t.filesLeft(e.Field, count-1)
		}
	}
	text := i18n.T("attached.spoiled", "name", named(cases.Attachment{Name: e.Name}), "why", e.Why)
	if e.Case != "" {
		text = i18n.T("attached.spoiled-case", "name", named(cases.Attachment{Name: e.Name}), "why", e.Why, "number", string(e.Case))
	}
	t.say(two(text, t.otherWay()))
}
