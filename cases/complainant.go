package cases

import (
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/i18n"
)

// What a complainant may do with a case of theirs. Whoever calls these has seen to it that it is theirs.

// Reply puts the complainant's words into the file: an answer to the committee, or facts that they add.
func (c *Case) Reply(words string, now time.Time) error {
	return c.say(Replied, nil, words, now)
}

// Earlier says which words of a complainant they correct: the event in which those stand, when it was, and the field of the
// answer, empty where they are none.
type Earlier struct {
	Event int
	Field string
	At    time.Time
}

// Correct puts the complainant's words into the file in the place of earlier ones, which stay. The data of its event say what it
// corrects: answer is the field, of an answer, and date when the words came, as RFC 3339 says it.
func (c *Case) Correct(earlier Earlier, words string, now time.Time) error {
	data := map[string]string{"event": itoa(earlier.Event)}
	if earlier.Field != "" {
		data["answer"] = earlier.Field
	}
	if !earlier.At.IsZero() {
		data["date"] = earlier.At.UTC().Format(time.RFC3339)
	}
	return c.say(Corrected, data, words, now)
}

func (c *Case) say(kind EventKind, data map[string]string, words string, now time.Time) error {
	if !c.Open() {
		return refuse("refusal.closed", "number", string(c.Number))
	}
	if strings.TrimSpace(words) == "" {
		return refuse("refusal.no-words")
	}
	c.record(now, Complainant, kind, data, Words{FieldText: words})
	c.Work.Replied = now
	if kind == Replied && !slices.Contains(c.Work.Held, c.Work.Question) {
		c.Work.Question, c.Work.QuestionBy = 0, ""
	}
	return nil
}

// Withdraw ends the case because its complainant does not go on with it. The reason may be empty. Words to them that could still
// be taken back do not go out any more: what they said last is that it is over.
func (c *Case) Withdraw(reason string, now time.Time) error {
	if !c.Open() {
		return refuse("refusal.closed", "number", string(c.Number))
	}
	c.dropHeld(now)
	c.end(OutcomeWithdrawn, now)
	c.record(now, Complainant, Withdrawn, nil, spoken(reason))
	return nil
}

// ChangeContact changes where the complainant can be reached; what is empty stays. The data of its event say what changed:
// telephone and email are "changed" where they did, and old is "mail" where there was an address that can be told of it.
func (c *Case) ChangeContact(telephone, email string, now time.Time) error {
	telephone, email = strings.TrimSpace(telephone), strings.TrimSpace(email)
	data, words := map[string]string{}, Words{}
	if telephone != "" {
		data["telephone"], words[FieldTelephone] = "changed", telephone
	}
	if email != "" {
		data["email"], words[FieldEmail] = "changed", email
	}
	switch {
	case !c.Open():
		return refuse("refusal.closed", "number", string(c.Number))
	case len(words) == 0:
		return refuse("refusal.no-words")
	}
	if email != "" {
		if c.byMail() {
			data["old"] = string(ByMail)
		}
		c.HasMail, c.MailGone = true, false
	}
	c.record(now, Complainant, ContactChanged, data, words)
	return nil
}

// ChangeLanguage has the complainant written to in another language from now on. Where nothing more is to be written to them, as
// the case is closed, or the language is the same, nothing changes.
func (c *Case) ChangeLanguage(l i18n.Language, now time.Time) {
	if !c.Open() || !l.Valid() || l == c.Language {
		return
	}
	c.Language = l
	c.record(now, Complainant, LanguageChanged, map[string]string{"language": string(l)}, nil)
}

// Answer says whether the complainant agrees with the solution that the event proposal proposed to them, or what they have
// against it. Only the last that was proposed can be answered, so that nobody agrees with another than they read. After an
// objection the committee has to find another.
func (c *Case) Answer(proposal int, agree bool, words string, now time.Time) error {
	switch {
	case !c.Open():
		return refuse("refusal.closed", "number", string(c.Number))
	case c.Proposal == 0 || proposal != c.Proposal:
		return refuse("refusal.no-proposal", "number", string(c.Number))
	case !agree && strings.TrimSpace(words) == "":
		return refuse("refusal.no-words")
	}
	kind := Agreed
	if !agree {
		kind, c.Stage = Objected, Assigned
		if !c.Contacted.IsZero() {
			c.Stage = Contact
		}
	}
	c.consent(0, agree)
	c.record(now, Complainant, kind, map[string]string{"event": itoa(c.Proposal)}, spoken(words))
	c.Proposal = 0
	if !agree {
		c.Work.Replied = now
	}
	return nil
}

// Helped says, once, whether a talk that was held helped.
func (c *Case) Helped(yes bool, now time.Time) error {
	switch {
	case c.Kind != Talk || c.Outcome != Talked:
		return refuse("refusal.not-held", "number", string(c.Number))
	case c.Rated:
		return refuse("refusal.rated", "number", string(c.Number))
	}
	c.Rated = true
	kind := Helped
	if !yes {
		kind = NotHelped
	}
	c.record(now, Complainant, kind, nil, nil)
	return nil
}

// The grades of a Rating.
const (
	GradeYes    = "yes"
	GradePartly = "partly"
	GradeNo     = "no"
)

// Grades lists the grades of a Rating.
var Grades = []string{GradeYes, GradePartly, GradeNo}

// Rate says, once, how a complaint was handled that is closed. Where it did not solve it, the chair is asked whether to reopen
// it, or who stands in, or the committee.
func (c *Case) Rate(r Rating, p *Procedure, now time.Time) error {
	switch {
	case c.Kind != Formal:
		return refuse("refusal.not-for-a-talk", "number", string(c.Number))
	case c.Open():
		return refuse("refusal.not-closed", "number", string(c.Number))
	case c.Rated:
		return refuse("refusal.rated", "number", string(c.Number))
	case !slices.Contains(Grades, r.Handled) || !slices.Contains(Grades, r.Solved):
		return refuse("refusal.no-words")
	}
	c.Rated = true
	data := map[string]string{"handled": r.Handled, "solved": r.Solved}
	if r.Solved == GradeNo {
		data["to"], c.Work.ReopenAsked = string(p.Presiding(c)), now
	}
	c.record(now, Complainant, Rated, data, spoken(r.Why))
	return nil
}

// spoken are words, or none where nothing was said.
func spoken(words string) Words {
	if strings.TrimSpace(words) == "" {
		return nil
	}
	return Words{FieldText: words}
}
