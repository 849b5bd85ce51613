package cases

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"websec.nl/gehoor/i18n"
)

// Question is one question of the formal way. A built-in one is named by the field of its answer: FieldName, FieldFor,
// FieldSubject, FieldProblem, FieldWhen, FieldOften, FieldWish, FieldPrior, FieldContact or FieldConflict; what it asks, and
// what an answer to it may be, is known without its saying so. Any other is the organisation's own.
type Question struct {
	ID       string       `yaml:"id"`
	Kind     QuestionKind `yaml:"kind,omitempty"`     // of a question of the organisation's own; empty for a built-in one
	Optional bool         `yaml:"optional,omitempty"` // it may be skipped
	Unknown  bool         `yaml:"unknown,omitempty"`  // "I don't know" is offered as an answer
	Ask      Texts        `yaml:"ask,omitempty"`      // the question; for a built-in one empty keeps the catalogue's, here and below
	Why      Texts        `yaml:"why,omitempty"`      // why it is asked, with an example
	Label    Texts        `yaml:"label,omitempty"`    // its name in a summary and on a button
	Choices  []Choice     `yaml:"choices,omitempty"`  // of kind choice
	Least    int          `yaml:"least,omitempty"`    // of kind number: the smallest; nothing is below it
	Most     int          `yaml:"most,omitempty"`     // of number: the largest; text: characters; file: how many. 0: as many as the limits let
}

// QuestionKind is what kind of answer a question of the organisation's own asks for.
type QuestionKind string

// The kinds of question.
const (
	AskText   QuestionKind = "text"
	AskChoice QuestionKind = "choice"
	AskDate   QuestionKind = "date"
	AskNumber QuestionKind = "number" // a whole one
	AskFile   QuestionKind = "file"
)

// QuestionKinds lists every QuestionKind.
var QuestionKinds = []QuestionKind{AskText, AskChoice, AskDate, AskNumber, AskFile}

// Texts are the same words in each language: an organisation's own, shown as they stand.
type Texts map[i18n.Language]string

// In is the text in a language, as a Text; without a key and empty where there is none.
func (t Texts) In(l i18n.Language) i18n.Text { return i18n.Plain(t[l]) }

// Choice is an answer that can be chosen.
type Choice struct {
	ID    string `yaml:"id"`
	Label Texts  `yaml:"label"` // on the button, and as the answer
}

// BuiltInQuestions are the identifiers of the questions that need no sentences of the organisation's own, in the order in
// which they are asked where the settings say nothing else. The procedure asks eight; whose complaint it is and who should
// not handle it come on top of them.
var BuiltInQuestions = []string{
	FieldName, FieldFor, FieldSubject, FieldProblem, FieldWhen, FieldOften, FieldWish, FieldPrior, FieldContact, FieldConflict,
}

// BuiltIn says whether the question is one of BuiltInQuestions.
func (q Question) BuiltIn() bool { return slices.Contains(BuiltInQuestions, q.ID) }

// Field is the field of Words that its answer is kept in. The story, files, and what the contact question asks further have
// their own places.
func (q Question) Field() string {
	if q.BuiltIn() {
		return q.ID
	}
	return FieldOwn + q.ID
}

// Counts says whether the question is one of those that "3 of 8" speaks of: one of the procedure's eight or the
// organisation's own.
func (q Question) Counts() bool { return q.ID != FieldFor && q.ID != FieldConflict }

// Chosen finds the choice that an answer is, by its identifier or by its label in whatever language.
func (q Question) Chosen(answer string) (Choice, bool) {
	for _, c := range q.Choices {
		if c.ID == answer {
			return c, true
		}
		for _, label := range c.Label {
			if label == answer {
				return c, true
			}
		}
	}
	return Choice{}, false
}

// Question finds the question with an identifier, if it is asked.
func (p *Procedure) Question(id string) (Question, bool) {
	at := slices.IndexFunc(p.Questions, func(q Question) bool { return q.ID == id })
	if at < 0 {
		return Question{}, false
	}
	return p.Questions[at], true
}

// OwnQuestion finds the question of the organisation's own that a field answers. A field that holds a day is answered as one of
// kind date, which has no words.
func (p *Procedure) OwnQuestion(field string) (Question, bool) {
	if slices.Contains(DayFields, field) {
		return Question{ID: field, Kind: AskDate, Optional: true}, true
	}
	id, own := strings.CutPrefix(field, FieldOwn)
	if !own {
		return Question{}, false
	}
	return p.Question(id)
}

// Fits says whether words can be an answer to a question of the organisation's own, as it is kept.
func (p *Procedure) Fits(q Question, words string) bool {
	switch q.Kind {
	case AskChoice:
		_, ok := q.Chosen(words)
		return ok
	case AskDate:
		_, err := time.Parse(time.DateOnly, words)
		return err == nil
	case AskNumber:
		given, err := strconv.Atoi(words)
		return err == nil && given >= q.Least && given <= p.MostOf(q)
	case AskText:
		return utf8.RuneCountInString(words) <= p.MostOf(q)
	}
	return false
}

// CheckDays refuses a first day that is still to come, and a last day that is before it.
func CheckDays(answers Words, p *Procedure, now time.Time) error {
	first, last := answers[FieldFirstDay], answers[FieldLastDay]
	switch {
	case first > p.In(now).Format(time.DateOnly):
		return refuse("refusal.day-to-come")
	case first != "" && last != "" && last < first:
		return refuse("refusal.days-swapped")
	}
	return nil
}

// Counted is how many of the questions count.
func (p *Procedure) Counted() (n int) {
	for _, q := range p.Questions {
		if q.Counts() {
			n++
		}
	}
	return n
}

// MostOf is what a question takes at most: of a number the largest, of a text how many characters, of files how many.
func (p *Procedure) MostOf(q Question) int {
	switch {
	case q.Most != 0:
		return q.Most
	case q.Kind == AskFile:
		return p.Limits.Files
	case q.Kind == AskNumber:
		return mostNumber
	}
	return p.Limits.Answer
}

// mostNumber is the largest number that is taken for an answer.
const mostNumber = 1_000_000_000
