package cases

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"websec.nl/gehoor/i18n"
)

// How much room there is for an organisation's own texts.
const (
	// MostQuestion is how many UTF-16 units a question, or why it is asked, may have: a message of Telegram has 4,096 (Bot API,
	// sendMessage), and what may stand around the question, such as an earlier answer, takes some.
	MostQuestion = 3400
	// MostButton is how many characters a button may have, and what may stand on one: our own rule, for a telephone.
	MostButton = 30

	mostPart      = 15 // characters of a part of the day, which stands on a button beside its day
	mostScope     = 500
	mostScopes    = 8
	mostQuestions = 20 // built-in and own together: a complainant has other things to do
	mostChoices   = 12
)

// identifier is what a thing of the organisation's own may be named by: it travels in a button, which has room for 40 bytes.
var identifier = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,19}$`)

// id says whether the identifier of one of a list is right and its own.
func (r *report) id(at, list string, ids []string, i int) {
	switch id := ids[i]; {
	case id == "":
		r.at(at + ".id").wrong("it is empty; it must be a short name, such as invoice-number")
	case !identifier.MatchString(id):
		r.at(at+".id").wrong("%q is no identifier; it must be at most 20 small letters, digits and dashes, such as invoice-number", id)
	case slices.Contains(ids[:i], id):
		r.at(at+".id").wrong("%s has %q already; each must have its own", list, id)
	}
}

func idsOf[T any](all []T, id func(T) string) []string {
	ids := make([]string, len(all))
	for i, one := range all {
		ids[i] = id(one)
	}
	return ids
}

// texts says what is wrong with the words of each language. There must be some where they are needed; in no language, or in
// each. Most counts UTF-16 units of what is longer than a button, and characters of what stands on one.
func (r *report) texts(at string, t Texts, needed bool, most int) {
	if len(t) == 0 && !needed {
		return
	}
	for _, l := range i18n.Languages {
		words, place := t[l], r.at(below(at, string(l)))
		switch length, unit := lengthFor(words, most); {
		case words == "":
			place.wrong("there are no words; it must be there in %s", languages("and"))
		case length > most:
			place.wrong("it has %d %s; there is room for %d", length, unit, most)
		case strings.ContainsFunc(words, func(c rune) bool { return unicode.IsControl(c) && (c != '\n' || most <= MostButton) }):
			place.wrong("it has a character that does not belong there; it must be plain words%s", onOneLine(most))
		case strings.ContainsAny(words, "{}"):
			place.doubt("nothing is filled in between braces here; it is better to write out what is meant")
		}
	}
}

func lengthFor(words string, most int) (int, string) {
	if most <= MostButton {
		return utf8.RuneCountInString(words), "characters"
	}
	return i18n.Units(words), "characters as Telegram counts them"
}

func onOneLine(most int) string {
	if most <= MostButton {
		return " on one line"
	}
	return ""
}

func (p *Procedure) checkScope(r *report) {
	if len(p.Scope) > mostScopes {
		r.at("scope").wrong("there are %d; there is room for %d", len(p.Scope), mostScopes)
	}
	ids := idsOf(p.Scope, func(s Scope) string { return s.ID })
	for i, at := range elements("scope", ids) {
		r.id(at, "scope", ids, i)
		r.texts(at+".text", p.Scope[i].Text, true, mostScope)
	}
}

// checkQuestions says what is wrong with the questions. Two of them can't be off. Without the problem there is no complaint.
// Without the question of contact nobody whom Telegram no longer reaches is told anything, and the procedure promises that
// they are; what it asks further, each complainant may skip. The name can be off, and then complaints have none: the chat
// still reaches who made one.
func (p *Procedure) checkQuestions(r *report) {
	for _, needed := range []string{FieldProblem, FieldContact} {
		if _, asked := p.Question(needed); !asked {
			r.at("questions").wrong("%s is not among them, and no complaint can be handled without it; it must be there", needed)
		}
	}
	if len(p.Questions) > mostQuestions {
		r.at("questions").wrong("there are %d; there is room for %d", len(p.Questions), mostQuestions)
	}
	ids := idsOf(p.Questions, func(q Question) string { return q.ID })
	for i, at := range elements("questions", ids) {
		q := p.Questions[i]
		r.id(at, "questions", ids, i)
		r.texts(at+".ask", q.Ask, !q.BuiltIn(), MostQuestion)
		r.texts(at+".why", q.Why, false, MostQuestion)
		r.texts(at+".label", q.Label, !q.BuiltIn(), MostButton)
		if q.BuiltIn() {
			r.builtIn(at, q)
		} else {
			p.checkOwn(r, at, q)
		}
	}
}

// definite are the built-in questions that "I don't know" is no answer to, and those that can't be skipped.
var (
	definite  = []string{FieldName, FieldFor, FieldProblem, FieldContact}
	necessary = []string{FieldFor, FieldProblem, FieldContact}
)

func (r *report) builtIn(at string, q Question) {
	for setting, given := range map[string]bool{
		"kind": q.Kind != "", "choices": q.Choices != nil, "least": q.Least != 0, "most": q.Most != 0,
	} {
		if given {
			r.at(at+"."+setting).wrong("%s is a built-in question, which has its own; it must not be mentioned", q.ID)
		}
	}
	if q.Unknown && slices.Contains(definite, q.ID) {
		r.at(at + ".unknown").wrong("not to know is no answer to this question; it must be false")
	}
	if q.Optional && slices.Contains(necessary, q.ID) {
		r.at(at + ".optional").wrong("this question can't be skipped; it must be false")
	}
}

func (p *Procedure) checkOwn(r *report, at string, q Question) {
	if !slices.Contains(QuestionKinds, q.Kind) {
		r.kind(at, q)
		return
	}
	if q.Kind != AskChoice && q.Choices != nil {
		r.at(at+".choices", at+".kind").wrong("a question of kind %s has none; it must be of kind choice, or have no choices", q.Kind)
	}
	if q.Kind != AskNumber && q.Least != 0 {
		r.at(at+".least").wrong("a question of kind %s has none; it must be of kind number, or have no least", q.Kind)
	}
	switch q.Kind {
	case AskChoice:
		r.choices(at+".choices", q.Choices)
		r.noMost(at, q)
	case AskDate:
		r.noMost(at, q)
	case AskNumber:
		if q.Least < -mostNumber || q.Least > mostNumber {
			r.at(at+".least").wrong("%d is out of reach; it must be from %d to %d", q.Least, -mostNumber, mostNumber)
		}
		if most := p.MostOf(q); most > mostNumber || most < q.Least {
			r.at(at+".most", at+".least").wrong("%d is no largest number here; it must be from %d to %d", most, q.Least, mostNumber)
		}
	case AskText:
		r.most(at, q, p.Limits.Answer, "characters, as many as limits.answer lets")
	case AskFile:
		if p.Limits.Files == 0 {
			r.at(at+".kind", "limits.files").wrong("it asks for a file, and limits.files is 0, so that nobody can answer it; it must be of another kind, or limits.files above 0")
			break
		}
		r.most(at, q, p.Limits.Files, "files, as many as limits.files lets")
		if q.Unknown {
			r.at(at + ".unknown").wrong("not to know is no answer to a question for a file; it must be false, and optional: true if the file may be left out")
		}
	}
}

// kind says what the kind of a question should have been. An identifier that is almost a built-in one was meant to be that.
func (r *report) kind(at string, q Question) {
	kinds := list(QuestionKinds, "or")
	if q.Kind != "" {
		right := kinds
		if near, ok := nearest(string(q.Kind), QuestionKinds); ok {
			right = string(near) + ", if that is what it means"
		}
		r.at(at+".kind").wrong("%q is no kind of question; it must be %s", string(q.Kind), right)
		return
	}
	if near, ok := nearest(q.ID, BuiltInQuestions); ok && len(q.Ask) == 0 {
		r.found = slices.DeleteFunc(r.found, func(f Finding) bool { return strings.HasPrefix(f.Setting, at+".") })
		r.at(at+".id").wrong("there is no built-in question %q; it must be %s, if that is what it means", q.ID, near)
		return
	}
	r.at(at+".kind").wrong("a question of your own has one; it must be %s", kinds)
}

func (r *report) noMost(at string, q Question) {
	if q.Most != 0 {
		r.at(at+".most").wrong("a question of kind %s has none; it must be of kind number, text or file, or have no most", q.Kind)
	}
}

func (r *report) most(at string, q Question, limit int, of string) {
	if q.Most < 0 || q.Most > limit {
		r.at(at+".most").wrong("%d is too %s; it must be from 1 to %d %s", q.Most, size(q.Most > limit), limit, of)
	}
}

func (r *report) choices(at string, choices []Choice) {
	if n := len(choices); n < 2 || n > mostChoices {
		r.at(at).wrong("there are %d; there must be from 2 to %d to choose from", n, mostChoices)
	}
	ids := idsOf(choices, func(c Choice) string { return c.ID })
	for i, choice := range elements(at, ids) {
		r.id(choice, at, ids, i)
		r.texts(choice+".label", choices[i].Label, true, MostButton)
		for _, before := range choices[:i] {
			for l, words := range choices[i].Label {
				if words != "" && strings.EqualFold(words, before.Label[l]) {
					r.at(choice+".label."+string(l)).wrong("%q stands on another button already; each must have its own words", words)
				}
			}
		}
	}
}
