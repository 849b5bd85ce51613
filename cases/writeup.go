package cases

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/i18n"
)

// WriteUpDraft is a complaint that was told by telephone, letter or e-mail, as staff typed it.
type WriteUpDraft struct {
	Way      Way
	Language i18n.Language // of the complainant
	Answers  Words
}

// The ways in which a complainant agrees with a write-up.
const (
	AgreedOnPage      = "page"
	AgreedInChat      = "chat"
	AgreedByTelephone = "telephone"
)

// WrittenUpBy makes the case of a complaint that who wrote up. It waits for the complainant to say that it is a true account:
// handling and period begin then (the procedure, on complaints by telephone).
func WrittenUpBy(who Person, number Number, d WriteUpDraft, p *Procedure, now time.Time) (*Case, error) {
	if err := May(who, WriteUp, nil); err != nil {
		return nil, err
	}
	given := Words{}
	for field, words := range d.Answers {
		if strings.TrimSpace(words) != "" {
			given[field] = words
		}
	}
	switch {
	case !slices.Contains(WriteUps, d.Way) || given[FieldName] == "" || given[FieldProblem] == "":
		return nil, refuse("refusal.no-words")
	case given[FieldEmail] == "" && given[FieldTelephone] == "":
		return nil, refuse("refusal.no-contact")
	case given[FieldEmail] != "" && !address.MatchString(strings.TrimSpace(given[FieldEmail])):
		return nil, refuse("refusal.no-address")
	}
	if err := CheckDays(given, p, now); err != nil {
		return nil, err
	}
	if !d.Language.Valid() {
		d.Language = p.Languages()[0]
	}
	c := &Case{
		Number: number, Kind: Formal, Way: d.Way, Language: d.Language, Stage: Awaiting, Received: now,
		HasMail: given[FieldEmail] != "", Version: p.Version, Work: Work{WrittenBy: who.Member},
	}
	c.record(now, By(who.Member), WrittenUp, map[string]string{"way": string(d.Way)}, given)
	return c, nil
}

// CorrectAnswer puts words in the place of an answer of a write-up that is not agreed to yet; none take it away. Whoever calls
// it has seen to it that the complaint is theirs, or asked May for WriteUp.
func (c *Case) CorrectAnswer(field, words string, by Actor, now time.Time) error {
	switch {
	case c.Stage != Awaiting:
		return &Refusal{Text: text("refusal.agreed-already", c)}
	case strings.TrimSpace(words) == "" && slices.Contains([]string{FieldName, FieldProblem, FieldEmail}, field):
		return refuse("refusal.no-words")
	case !slices.Contains(ComplaintFields, field) && !slices.Contains(DayFields, field) && !strings.HasPrefix(field, FieldOwn):
		return fmt.Errorf("correct an answer of case %s: there is no such field", c.Number)
	case field == FieldEmail && !address.MatchString(strings.TrimSpace(words)):
		return refuse("refusal.no-address")
	}
	if field == FieldEmail {
		c.HasMail, c.MailGone = true, false
	}
	c.record(now, by, Corrected, map[string]string{"field": field}, spoken(words))
	return nil
}

// Approve says that the complainant agrees with a write-up, whose answers are those that they read. Its fingerprint stays in
// the file, handling begins, and so does the period.
func (c *Case) Approve(by string, witness Member, answers Words, p *Procedure, now time.Time) error {
	return c.approve(Complainant, by, witness, answers, p, now)
}

// AgreeByCall says that the complainant agreed to the write-up on the telephone, and that a second person heard it. It is the
// last resort, for somebody who can't be reached otherwise.
func (c *Case) AgreeByCall(who, witness Person, answers Words, p *Procedure, now time.Time) error {
	if err := May(who, AgreeByCall, c); err != nil {
		return err
	}
	if witness.Member == "" || witness.Member == who.Member || c.Excludes(witness.Member) || !witness.Committee && !witness.Intake {
		return refuse("refusal.another-witness")
	}
	return c.approve(By(who.Member), AgreedByTelephone, witness.Member, answers, p, now)
}

func (c *Case) approve(actor Actor, by string, witness Member, answers Words, p *Procedure, now time.Time) error {
	if c.Stage != Awaiting {
		return &Refusal{Text: text("refusal.agreed-already", c)}
	}
	c.Stage, c.Received, c.Deadline = Received, now, p.EndOfPeriod(now)
	data := map[string]string{"by": by, "fingerprint": Fingerprint(answers)}
	if witness != "" {
		data["witness"] = string(witness)
	}
	c.record(now, actor, Approved, data, nil)
	return nil
}

// NotApprove ends a write-up with which the complainant does not agree at all. Reason may be empty.
func (c *Case) NotApprove(reason string, now time.Time) error {
	if c.Stage != Awaiting {
		return &Refusal{Text: text("refusal.agreed-already", c)}
	}
	c.end(OutcomeLapsed, now)
	c.record(now, Complainant, NotApproved, nil, spoken(reason))
	return nil
}

// Fingerprint is the SHA-256 of answers, in hexadecimal: the same for the same words in the same fields, and for no other. A
// field without words counts as none.
func Fingerprint(answers Words) string {
	sum := sha256.New()
	put := func(s string) {
		sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(s))))
		sum.Write([]byte(s))
	}
	for _, field := range slices.Sorted(maps.Keys(answers)) {
		if answers[field] != "" {
			put(field)
			put(answers[field])
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}
