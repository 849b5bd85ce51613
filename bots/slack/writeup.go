package slack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

const (
	fieldWay      = "way"
	fieldLanguage = "language"
	fieldFormal   = "formal"
	fieldWitness  = "witness"
	fieldHeard    = "heard"
)

// askedOnWriteUp are the questions of a write-up in their order; of the first few it asks one line.
var askedOnWriteUp = []string{
	cases.FieldName, cases.FieldTelephone, cases.FieldEmail, cases.FieldSubject, cases.FieldProblem, cases.FieldWhen, cases.FieldFirstDay,
	cases.FieldLastDay, cases.FieldOften, cases.FieldWish, cases.FieldPrior, cases.FieldContact, cases.FieldConflict,
}

// ownOnWriteUp are the fields of the organisation's own questions in their order. They come after all others, and of none of them
// an answer is owed: what was not told can't be written up.
func ownOnWriteUp(p *cases.Procedure) (fields []string) {
	for _, q := range p.Questions {
		if !q.BuiltIn() {
			fields = append(fields, q.Field())
		}
	}
	return fields
}

// oneLine are the answers that are short.
var oneLine = []string{cases.FieldName, cases.FieldTelephone, cases.FieldEmail, cases.FieldContact}

func isOneLine(field string) bool { return slices.Contains(oneLine, field) }

// owedOnWriteUp are the answers that no write-up does without.
var owedOnWriteUp = []string{cases.FieldName, cases.FieldProblem}

// openWriteUp opens the form in which a member types what was told by telephone, letter or e-mail.
func (b *Bot) openWriteUp(ctx context.Context, i interaction, r *reply) error {
	view, ok, err := b.open(ctx, i, r)
	if !ok {
		return err
	}
	l := b.languageOf(ctx, i.User.ID)
	who, err := b.person(ctx, i.User.ID)
	if err == nil {
		err = cases.May(who, cases.WriteUp, nil)
	}
	if err != nil {
		said, known := sayable(err)
		if known {
			err = nil
		}
		return errors.Join(err, b.fill(ctx, view, notice(l, said.In(l))))
	}
	return b.fill(ctx, view, b.writeUpModal(l))
}

func (b *Bot) writeUpModal(l i18n.Language) modal {
	word := func(what string) string { return i18n.T("form.write-up." + what).In(l) }
	var ways []choice
	for _, w := range cases.WriteUps {
		ways = append(ways, choice{string(w), i18n.T("told." + string(w)).In(l)})
	}
	blocks := []block{
		say(word("intro")),
		askOne(fieldWay, word("way.label"), "", string(cases.ByTelephone), ways),
		askOne(fieldLanguage, word("language.label"), word("language.hint"), string(b.store.Procedure().Languages()[0]), languages(b.store.Procedure(), l)),
	}
	p := b.store.Procedure()
	for _, field := range askedOnWriteUp {
		blocks = append(blocks, askAnswer(p, field, "", !slices.Contains(owedOnWriteUp, field), l)...)
	}
	for _, field := range ownOnWriteUp(p) {
		blocks = append(blocks, askAnswer(p, field, "", true, l)...)
	}
	blocks = append(blocks, askAny(fieldFormal, word("formal.label"), word("formal.hint"), "", []choice{{tick, word("formal.yes")}}, false))
	return modal{
		title: word("title"), submit: word("submit"), close: i18n.T("form.button.cancel").In(l),
		form: actWriteUp, meta: meta{Step: stepForm}.String(), blocks: blocks,
	}
}

// writtenUp makes the case of a write-up that was sent, and says what happens next.
func (b *Bot) writtenUp(ctx context.Context, i interaction, r *reply) error {
	l := b.languageOf(ctx, i.User.ID)
	values := i.fields()
	made, done, err := b.makeWriteUp(ctx, i, values)
	if err == nil {
		shown := notice(l, done.In(l))
		if made != nil { // who wrote it up may be outside the committee, and gets no card
			shown.blocks = append(shown.blocks, small(i18n.T("write-up.correct").In(l)), buttons(act(actFile, made, l), act(actAgreeByCall, made, l)))
		}
		return b.answerForm(ctx, i, r, &shown, l)
	}
	said, known := sayable(err)
	if !known {
		b.log.Error("slack: a write-up was not kept", why(err)...)
	}
	field := cases.FieldProblem
	switch said.Key {
	case "refusal.no-contact", "refusal.no-address":
		field = cases.FieldEmail
	case "refusal.not-formal":
		field = fieldFormal
	case "refusal.day-to-come":
		field = cases.FieldFirstDay
	case "refusal.days-swapped":
		field = cases.FieldLastDay
	case "refusal.no-words":
		for _, owed := range owedOnWriteUp {
			if strings.TrimSpace(values[owed]) == "" {
				field = owed
				break
			}
		}
	}
	if wrong, ok := errors.AsType[*atField](err); ok {
		field = wrong.field
	}
	return r.ack(answerErrors{"errors", map[string]string{field: cut(said.In(l), maxError)}})
}

func (b *Bot) makeWriteUp(ctx context.Context, i interaction, values map[string]string) (made *cases.Case, done i18n.Text, err error) {
	who, err := b.person(ctx, i.User.ID)
	if err != nil {
		return nil, done, err
	}
	if err := cases.May(who, cases.WriteUp, nil); err != nil {
		return nil, done, err
	}
	if values[fieldFormal] == "" {
		return nil, done, &cases.Refusal{Text: i18n.T("refusal.not-formal")}
	}
	p := b.store.Procedure()
	own := ownOnWriteUp(p)
	draft := cases.WriteUpDraft{Way: cases.Way(values[fieldWay]), Language: i18n.Language(values[fieldLanguage]), Answers: cases.Words{}}
	h := hmac.New(sha256.New, b.seal)
	for _, field := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(h, "%q %q ", field, values[field])
		if slices.Contains(askedOnWriteUp, field) || slices.Contains(own, field) {
			draft.Answers[field] = values[field]
		}
		if err := checkAnswer(p, field, field, values[field]); err != nil {
			return nil, done, err
		}
	}
	claim := postgres.Claim{Source: "slack-form", ID: i.View.ID + "/" + hex.EncodeToString(h.Sum(nil)[:16])}
	made, err = b.store.WriteUp(ctx, claim, func(number cases.Number, now time.Time) (*cases.Case, error) {
		return cases.WrittenUpBy(who, number, draft, p, now)
	})
	switch {
	case errors.Is(err, postgres.ErrClaimed):
		return nil, i18n.T("write-up.kept-already"), nil
	case err != nil:
		return nil, done, err
	case draft.Answers[cases.FieldEmail] == "":
		return made, i18n.T("write-up.done-telephone", "number", string(made.Number)), nil
	}
	return made, i18n.T("write-up.done", "number", string(made.Number)), nil
}

// writeUpForms are those of a write-up that its complainant has not agreed to yet.
var writeUpForms = map[string]form{
	actCorrect: {
		name: actCorrect, do: cases.WriteUp, reads: readsFile, first: fieldText,
		intro: func(f filling) i18n.Text {
			return i18n.T("form.correct.intro", "number", string(f.c.Number), "answer", escape(f.nameOf(f.m.Which)))
		},
		fields: func(_ context.Context, _ *Bot, f filling) ([]block, error) {
			value := f.values[fieldText]
			if f.values == nil && f.file != nil && i18n.Units(f.file.Answers[f.m.Which]) <= maxInput {
				value = f.file.Answers[f.m.Which]
			}
			return askIn(f.p, f.m.Which, fieldText, f.word(fieldText+".label"), f.hint(fieldText), value, f.mayEmpty(), f.l), nil
		},
		carry: func(f filling, c *cases.Case, now time.Time) error {
			if err := cases.May(f.who, cases.WriteUp, c); err != nil {
				return err
			}
			after := maps.Clone(f.file.Answers)
			after[f.m.Which] = f.values[fieldText]
			if err := errors.Join(checkAnswer(f.p, f.m.Which, fieldText, f.values[fieldText]), cases.CheckDays(after, f.p, now)); err != nil {
				return err
			}
			return c.CorrectAnswer(f.m.Which, f.values[fieldText], cases.By(f.who.Member), now)
		},
	},
	actAgreeByCall: {
		name: actAgreeByCall, do: cases.AgreeByCall, reads: readsPart, first: fieldWitness, named: []string{fieldWitness}, thanks: "agreed.asked",
		at: map[string]string{"refusal.not-heard": fieldHeard},
		fields: func(ctx context.Context, b *Bot, f filling) ([]block, error) {
			witness, err := f.askColleague(ctx, b, fieldWitness, fieldWitness, false)
			if err != nil {
				return nil, err
			}
			return []block{
				askAny(fieldHeard, f.word(fieldHeard+".label"), f.hint(fieldHeard), f.values[fieldHeard], []choice{{tick, f.word(fieldHeard + ".yes")}}, true), witness,
			}, nil
		},
		ask: askWitness,
	},
}

// mayEmpty says whether the answer that is corrected may be taken away.
func (f filling) mayEmpty() bool { return f.file != nil && f.file.MayEmpty(f.m.Which, f.p) }

// nameOf is what an answer of the case is called.
func (f filling) nameOf(field string) string {
	q, own := f.p.OwnQuestion(field)
	return nameOfField(q, own, field, f.l)
}

// askWitness asks the second member, directly, to say that they heard the complainant agree. Nothing is agreed before they do.
func askWitness(ctx context.Context, b *Bot, _ interaction, f filling) error {
	if f.values[fieldHeard] == "" {
		return &cases.Refusal{Text: i18n.T("refusal.not-heard")}
	}
	witness := f.others[fieldWitness]
	answers := f.file.Answers
	if err := copyOf(f.c).AgreeByCall(f.who, witness, answers, f.p, f.now); err != nil {
		return err
	}
	l := b.languageOf(ctx, string(witness.Member))
	value := string(f.c.Number) + " " + string(f.who.Member) + "." + b.witnessSeal(f.c.Number, f.who.Member, witness.Member, answers)
	text := i18n.T("witness.asked", "number", string(f.c.Number), "who", mention(string(f.who.Member))).In(l)
	row := buttons(primary(press(actWitness, i18n.T("card.button.witness").In(l), value)), act(actFile, f.c, l))
	key := string(f.c.Number) + "/witness" // so that it is found, and emptied, should they be excluded
	return b.askAsWitness(ctx, f.c, string(witness.Member), message{text: text, blocks: []block{say(text), row}, key: key})
}

// witnessSeal tells what a witness heard from all else: who rang, who listened, and which answers were read out.
func (b *Bot) witnessSeal(number cases.Number, who, witness cases.Member, answers cases.Words) string {
	h := hmac.New(sha256.New, b.seal)
	fmt.Fprintf(h, "witness %q %q %q %s", number, who, witness, cases.Fingerprint(answers))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// witness takes the word of a member that they heard the complainant agree to the write-up on the telephone.
func (b *Bot) witness(ctx context.Context, i interaction, r *reply, value, which string) error {
	number, err := b.agreed(ctx, i, value, which)
	if errors.Is(err, postgres.ErrClaimed) {
		return r.ack(nil)
	}
	said, known := i18n.T("witness.done", "number", string(number)), true
	if err != nil {
		said, known = sayable(err)
	}
	if known {
		err = r.ack(nil)
	}
	b.tell(ctx, i, said)
	return err
}

func (b *Bot) agreed(ctx context.Context, i interaction, value, which string) (cases.Number, error) {
	number, err := numberOf(value)
	if err != nil {
		return "", err
	}
	caller, seal, _ := strings.Cut(which, ".")
	who, err := b.colleague(ctx, caller)
	if err != nil {
		return "", err
	}
	witness, err := b.colleague(ctx, i.User.ID)
	if err != nil {
		return "", err
	}
	file, err := b.store.File(ctx, number)
	if err != nil {
		return "", err
	}
	if !hmac.Equal([]byte(seal), []byte(b.witnessSeal(number, who.Member, witness.Member, file.Answers))) {
		return "", &cases.Refusal{Text: i18n.T("refusal.not-what-was-heard", "number", string(number))}
	}
	_, err = b.store.Change(ctx, i.claim(), number, func(c *cases.Case, now time.Time) error {
		if c.LastSeq != file.Case.LastSeq { // an answer may have changed since
			return &cases.Refusal{Text: i18n.T("refusal.try-again")}
		}
		return c.AgreeByCall(who, witness, file.Answers, b.procedure(c), now)
	})
	return number, err
}
