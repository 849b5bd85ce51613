package conversation

import (
	"strconv"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
	"websec.nl/gehoor/i18n/dates"
)

// The questions of the organisation's own, by their kind: choice, number, date and file. A question for words is asked and
// heard as our own are.

func askChoice(t *turn) {
	choices := t.open().of.Choices
	rows := make([][]Button, len(choices), len(choices)+5)
	for i, one := range choices {
		rows[i] = row(one.Label.In(t.Language), "pick:"+one.ID)
	}
	t.question(rows...)
}

// readChoice understands one of the labels, in any language.
func readChoice(_ *turn, s *step, a answer) (string, i18n.Text) {
	for _, one := range s.of.Choices {
		if a.choice == "pick:"+one.ID {
			return code(a.choice), i18n.Text{}
		}
		for _, label := range one.Label {
			if a.words != "" && strings.EqualFold(a.words, label) {
				return code("pick:" + one.ID), i18n.Text{}
			}
		}
	}
	return "", s.expect
}

func hearChoice(t *turn, a answer) i18n.Text {
	value, objection := readChoice(t, t.open(), a)
	if objection.Key != "" {
		return objection
	}
	return t.accept(value, a.message)
}

// picked says what was chosen.
func (t *turn) picked(field, id string) i18n.Text {
	if q := t.asks(field); q != nil {
		for _, one := range q.Choices {
			if one.ID == id {
				return one.Label.In(t.Language)
			}
		}
	}
	return i18n.T("answer.none")
}

// readNumber reads a whole number, however it is grouped.
func readNumber(t *turn, s *step, a answer) (string, i18n.Text) {
	most := t.procedure.MostOf(*s.of)
	bounds := i18n.T("own.number.between", "least", s.of.Least, "most", most)
	number, err := strconv.Atoi(strings.NewReplacer(" ", "", ".", "", "\u202f", "", "'", "").Replace(a.words))
	if err != nil || number < s.of.Least || number > most {
		return "", bounds
	}
	return strconv.Itoa(number), i18n.Text{}
}

// readDate reads one day.
func readDate(t *turn, s *step, a answer) (string, i18n.Text) {
	day, ok := chosenDay(a.choice)
	if !ok {
		found, understood := dates.Find(a.words, t.procedure.In(t.now))
		if !understood || found.Precision != dates.ToTheDay || found.Ongoing || !found.From.Equal(found.To) {
			return "", s.expect
		}
		day = found.From
	}
	return code(aDay + day.Format(time.DateOnly)), i18n.Text{}
}

func askDate(t *turn) {
	_, rest, _ := cutMark(t.Answers[t.open().field])
	at, err := time.Parse(time.DateOnly, rest)
	if err != nil {
		at = t.procedure.In(t.now)
	}
	t.askOn(t.asked(), at)
}

func hearDate(t *turn, a answer) i18n.Text {
	open := t.open()
	if t.turnTo(t.asked(), a.choice) {
		return i18n.Text{}
	}
	value, objection := readDate(t, open, a)
	if objection.Key != "" {
		return objection
	}
	t.set(open.field, value, a.message)
	t.note = i18n.T("intake.when.noted", "days", t.shown(open.field, mostKnown))
	t.follow(words)
	return i18n.Text{}
}

// files counts the files that answer the open question.
func (t *turn) files() int {
	count, _ := cutFiles(t.Answers[t.open().field])
	return count
}

// cutFiles says how many files an answer is, and which words stood under them; 0: it is no files.
func cutFiles(value string) (count int, words string) {
	chosen, rest, _ := cutMark(value)
	if chosen != "files" {
		return 0, ""
	}
	number, words, _ := strings.Cut(rest, "\n")
	count, _ = strconv.Atoi(number)
	return count, words
}

// filesAnswer is the answer that so many files are, with the words under them.
func filesAnswer(count int, words string) string {
	if words != "" {
		words = "\n" + words
	}
	return code("files:" + strconv.Itoa(count) + words)
}

// filesLeft is called where an answer lost files. Words that stood under them stay: as the answer, or, where only a file is
// one, held until there is a place for them.
func (t *turn) filesLeft(field string, left int) {
	_, words := cutFiles(t.Answers[field])
	q := t.asks(field)
	switch message := t.Messages[field]; {
	case left > 0:
		t.set(field, filesAnswer(left, words), message)
	case words != "" && (q == nil || q.Kind != cases.AskFile):
		t.set(field, words, message)
	default:
		t.delete(field)
		if held := t.hold(words, nil, message); held.Key != "" {
			t.say(held)
		}
	}
}

func askFile(t *turn) {
	if t.files() == 0 {
		t.question()
		return
	}
	t.ask(t.framed(t.asked()), append([][]Button{row(i18n.T("own.file.button.done"), done)}, t.around()...)...)
}

// hearFile goes on when they are done. The files themselves come as Attached.
func hearFile(t *turn, a answer) i18n.Text {
	switch {
	case a.choice == done, isDone(a.words):
		if t.files() == 0 {
			return t.open().expect
		}
		t.follow(done)
		return i18n.Text{}
	}
	return t.open().expect
}

// attachAnswer takes a file for an answer to the open question, with the words under it. Words that were an answer to it stay.
func (t *turn) attachAnswer(e Attached) {
	open, most := t.open(), 1
	if open.of.Kind == cases.AskFile {
		most = t.procedure.MostOf(*open.of)
	}
	count := t.files() + 1
	if count > most && open.of.Kind == cases.AskFile {
		t.captionAlone(e, t.refuse(i18n.T("attached.enough", "count", most)))
		return
	}
	if why := t.unfit(e.File, t.Story.Files, t.Story.Bytes); why.Key != "" {
		t.captionAlone(e, t.refuse(two(why, t.otherWay())))
		return
	}
	t.take(e, open.field)
	t.answerWith(e, count)
	if count >= most {
		t.note = i18n.T("attached.kept")
		t.follow(words)
		return
	}
	t.quietly(i18n.T("own.file.noted"), true, row(i18n.T("own.file.button.done"), done))
}

// answerWith makes a file and the words under it the answer to the open question, or part of it.
func (t *turn) answerWith(e Attached, count int) {
	open := t.open()
	value := t.Answers[open.field]
	_, _, pressed := cutMark(value)
	files := pressed || value == ""
	said := value
	if files {
		_, said = cutFiles(value)
	}
	message := t.Messages[open.field]
	if e.Caption != "" {
		longer := e.Caption
		if message = e.Message; said != "" {
			longer, message = said+"\n"+e.Caption, 0
		}
		if most := t.procedure.Limits.Answer; tooLong(longer, most) {
			t.say(t.holdCaption(t.refuse(i18n.T("answer.too-long", "length", length(longer), "limit", most)), e.Caption, e.Message))
			longer, message = said, t.Messages[open.field]
		}
		said = longer
	}
	switch {
	case files:
		t.set(open.field, filesAnswer(count, said), message)
	case said != value:
		t.set(open.field, said, message)
	}
}

// captionAlone takes the words under a file that is refused: they answer the open question where words can, and are held
// where only a file can.
func (t *turn) captionAlone(e Attached, refused i18n.Text) {
	open := t.open()
	if e.Caption == "" || open.of.Kind == cases.AskFile {
		t.nudge(t.holdCaption(refused, e.Caption, e.Message))
		return
	}
	t.say(refused)
	if objection := open.hear(t, answer{words: e.Caption, message: e.Message}); objection.Key != "" {
		t.nudge(objection)
	}
}
