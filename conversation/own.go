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
func (t *turn) files() int { return t.filesIn(t.open().field) }

// filesIn counts the files that are the answer in a field.
func (t *turn) filesIn(field string) int {
	chosen, rest, _ := cutMark(t.Answers[field])
	if chosen != "files" {
		return 0
	}
	count, _ := strconv.Atoi(rest)
	return count
}

// filesAnswer is the answer that so many files are.
func filesAnswer(count int) string { return code("files:" + strconv.Itoa(count)) }

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

// attachAnswer takes a file for an answer to the open question. Words that were an answer to it stay.
func (t *turn) attachAnswer(e Attached) {
	open, most := t.open(), 1
	if open.of.Kind == cases.AskFile {
		most = t.procedure.MostOf(*open.of)
	}
	count := t.files() + 1
	if count > most && open.of.Kind == cases.AskFile {
		t.nudge(t.refuse(i18n.T("attached.enough", "count", most)))
		return
	}
	taken := t.take(e, open.field)
	t.takeCaption(e, taken)
	if !taken {
		return
	}
	if _, _, pressed := cutMark(t.Answers[open.field]); pressed || !t.answered(open.field) {
		t.set(open.field, filesAnswer(count), 0)
	}
	if count >= most {
		t.note = i18n.T("attached.kept")
		t.follow(words)
		return
	}
	t.quietly(i18n.T("own.file.noted"), true, row(i18n.T("own.file.button.done"), done))
}
