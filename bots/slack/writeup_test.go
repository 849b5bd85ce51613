package slack

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// writesUp lets a member write up a complaint that was told by telephone.
func (w *world) writesUp(member string, values fields, said ...string) cases.Number {
	w.t.Helper()
	if err := w.slack.Command(playground.Command{Member: member, Channel: board, Command: "/klacht", Text: "nieuw"}); err != nil {
		w.t.Fatal(err)
	}
	w.view(member, "Schrijf op wat de klager vertelde")
	w.submit(member, values)
	v := w.view(member, said...)
	w.close(member)
	for _, word := range strings.Fields(v.AllText()) {
		if number, err := numberOf(word); err == nil {
			return number
		}
	}
	w.t.Fatalf("no number in %s", v.AllText())
	return ""
}

func TestAComplaintToldByTelephoneIsWrittenUpAndAgreedWithAWitness(t *testing.T) {
	w := newWorld(t)
	if err := w.slack.Command(playground.Command{Member: bram, Channel: board, Command: "/klacht", Text: "nieuw"}); err != nil {
		t.Fatal(err)
	}
	w.view(bram, "Schrijf op wat de klager vertelde")
	told := fields{cases.FieldName: words("Noor"), cases.FieldProblem: words("the bill was wrong"), cases.FieldSubject: words("the bill")}
	w.submit(bram, told)
	w.problem(bram, fieldFormal, "Please complete this required field.")
	w.submit(bram, fields{fieldFormal: tick})
	w.problem(bram, cases.FieldEmail, "Vul een e-mailadres of een telefoonnummer van de klager in.")
	w.submit(bram, fields{cases.FieldTelephone: words("06")})
	w.view(bram, "Zaak K-2026-0001 staat klaar.", "Bel de klager")
	w.close(bram)
	const number = cases.Number("K-2026-0001")
	w.card(number)

	// An answer is corrected.
	w.press(bram, board, w.card(number), actFile)
	w.view(bram, "Verbeteren", words("the bill was wrong"))
	stack := w.slack.Views(bram)
	if err := w.slack.Click(playground.Click{Member: bram, View: stack[0].ID, ActionID: actCorrect}); err != nil {
		t.Fatal(err)
	}
	v := w.view(bram, "U verbetert een antwoord in zaak K-2026-0001: Naam")
	if !strings.Contains(string(v.State[fieldText][fieldAction]), words("Noor")) {
		t.Error("the answer is not there to be changed")
	}
	w.submit(bram, fields{fieldText: words("Noortje")})
	w.noView(bram)
	if got := w.file(number).Answers[cases.FieldName]; got != words("Noortje") {
		t.Errorf("the name is %q", got)
	}

	if c := w.card(number, "een antwoord in de weergave is verbeterd", "alleen per telefoon of brief te bereiken"); strings.Contains(c.AllText(), "niet meer te bereiken") {
		t.Errorf("a way is said to be lost that never was: %s", c.AllText())
	}

	// Agreed on the telephone: nothing counts before the witness says so.
	w.press(bram, board, w.card(number), actFile)
	w.view(bram, "Telefonisch akkoord")
	w.pressIn(bram, actAgreeByCall)
	w.view(bram, "Wie luisterde mee?")
	w.submit(bram, fields{fieldWitness: anna})
	w.problem(bram, fieldHeard, "Lees eerst elk antwoord voor")
	w.submit(bram, fields{fieldHeard: tick, fieldWitness: bram})
	w.problem(bram, fieldWitness, "Kies als getuige iemand anders")
	w.submit(bram, fields{fieldWitness: anna})
	w.view(bram, "Wij hebben de getuige gevraagd om te bevestigen.")
	w.close(bram)
	if c := w.file(number).Case; c.Stage != cases.Awaiting {
		t.Fatalf("the case is %s before the witness spoke", c.Stage)
	}
	direct := w.slack.Direct(anna).ID
	m := w.message(direct, "noemt u als getuige", "Ik was erbij")
	value := buttonOf(t, m, actWitness)
	w.forged(buttonPress(dewi, w.slack.Direct(dewi).ID, actWitness, value, "not the witness"))
	w.forged(buttonPress(anna, direct, actWitness, strings.Replace(value, " "+bram+".", " "+dewi+".", 1), "another caller"))
	if c := w.file(number).Case; c.Stage != cases.Awaiting {
		t.Fatal("a forged word of a witness counts")
	}
	w.press(anna, direct, m, actWitness)
	w.said(direct, anna, "Vastgelegd: u was erbij.")
	w.message(board, "Zaak "+string(number)+": de klager is akkoord met de weergave", "Oppakken") // a card that changes is no news to anybody
	e := w.lastEvent(number, cases.Approved)
	if e.Data["witness"] != anna || e.Data["by"] != cases.AgreedByTelephone || e.Data["fingerprint"] != cases.Fingerprint(w.file(number).Answers) || e.By != cases.By(bram) {
		t.Errorf("agreed: %+v", e)
	}
	w.card(number, "Oppakken", "nog 14 dagen")
	w.changed(direct, m.TS, "Hier is niets meer nodig: de klager is akkoord met de weergave")
	w.forged(buttonPress(anna, direct, actWitness, value, "pressed before that was shown"))
	w.said(direct, anna, "wacht niet meer op een akkoord")
	if n := count(w.events(number), cases.Approved); n != 1 {
		t.Errorf("it was agreed %d times", n)
	}
}

func TestThePlainCardOfAWriteUpSaysWhatItWaitsFor(t *testing.T) {
	for l, stages := range map[i18n.Language][2]string{
		i18n.Dutch:   {"*Stand*\nWacht op akkoord van de klager", "*Stand*\nOntvangen"},
		i18n.English: {"*Stage*\nWaiting for the complainant to agree", "*Stage*\nReceived"},
	} {
		t.Run(string(l), func(t *testing.T) {
			w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.Language = l })
			number := w.writesUp(bram, fields{
				cases.FieldName: words("Noor"), cases.FieldProblem: words("it"), cases.FieldSubject: words("Dewi (invented)"), cases.FieldTelephone: "06", fieldFormal: tick,
			}, "staat klaar")
			plain := i18n.T("card.plain").In(l)
			answers := w.file(number).Answers
			if c := w.card(number, plain, stages[0]); has(c.AllText(), "Noor") || has(c.AllText(), canary) {
				t.Errorf("the card says:\n%s", c.AllText())
			}
			w.alters(number, func(c *cases.Case, now time.Time) error {
				return c.Approve(cases.AgreedByTelephone, anna, answers, w.store.Procedure(), now)
			})
			w.card(number, plain, stages[1])
		})
	}
}

func TestAnAnswerCorrectedSinceIsNotWhatTheWitnessHeard(t *testing.T) {
	w := newWorld(t)
	number := w.writesUp(bram, fields{cases.FieldName: words("Noor"), cases.FieldProblem: words("it"), cases.FieldTelephone: "06", fieldFormal: tick}, "staat klaar")
	w.press(bram, board, w.card(number), actFile)
	w.view(bram, "Telefonisch akkoord")
	w.pressIn(bram, actAgreeByCall)
	w.view(bram, "Wie luisterde mee?")
	w.submit(bram, fields{fieldHeard: tick, fieldWitness: anna})
	w.view(bram, "Wij hebben de getuige gevraagd")
	w.close(bram)
	m := w.message(w.slack.Direct(anna).ID, "noemt u als getuige")
	w.press(bram, board, w.card(number), actFile)
	w.view(bram, "Verbeteren")
	w.pressIn(bram, actCorrect)
	w.view(bram, "U verbetert een antwoord")
	w.submit(bram, fields{fieldText: words("Somebody else")})
	w.noView(bram)
	w.press(anna, w.slack.Direct(anna).ID, m, actWitness)
	w.said(w.slack.Direct(anna).ID, anna, "een antwoord is intussen verbeterd")
	if c := w.file(number).Case; c.Stage != cases.Awaiting {
		t.Error("what nobody heard was agreed to")
	}
}

func TestAWriteUpWithAnAddressGoesByMail(t *testing.T) {
	w := newWorld(t)
	w.writesUp(bram, fields{
		cases.FieldName: words("Noor"), cases.FieldProblem: words("it"), cases.FieldEmail: "noor@example.com", fieldFormal: tick, fieldWay: "letter", fieldLanguage: "en",
	}, "De klager krijgt een e-mail met de tekst")
	f := w.file("K-2026-0001")
	if f.Case.Way != cases.ByLetter || f.Case.Language != "en" || !f.Case.HasMail {
		t.Errorf("the case is %+v", f.Case)
	}
	if err := w.slack.Command(playground.Command{Member: eve, Channel: w.slack.Direct(eve).ID, Command: "/klacht", Text: "nieuw"}); err != nil {
		t.Fatal(err)
	}
	w.until("Eve to hear that it is not for her", func() bool {
		return strings.Contains(w.views(eve), "alleen voor leden") || len(w.answers(eve, w.slack.Direct(eve).ID)) > 0
	})
}

// ownQuestions are an organisation's own, one of each kind and as many as there is room for, with the longest words that there may be.
func ownQuestions(p *cases.Procedure) {
	both := func(text string) cases.Texts { return cases.Texts{i18n.Dutch: text, i18n.English: text} }
	p.Questions = append(p.Questions,
		cases.Question{ID: "shop", Kind: cases.AskChoice, Ask: both("In welke winkel was het?"), Label: both("De winkel"), Choices: []cases.Choice{
			{ID: "north", Label: both("Noord")}, {ID: "market", Label: both("Op de markt")},
		}},
		cases.Question{ID: "order", Kind: cases.AskDate, Ask: both("Wanneer bestelde u?"), Label: both("De bestelling")},
		cases.Question{ID: "loaves", Kind: cases.AskNumber, Most: 50, Ask: both("Hoeveel broden?"), Label: both("Broden")},
		cases.Question{ID: "receipt", Kind: cases.AskFile, Ask: both("Hebt u de bon?"), Label: both("De bon")})
	for n := len(p.Questions); n < 20; n++ {
		p.Questions = append(p.Questions, cases.Question{
			ID: fmt.Sprintf("more-%d", n), Kind: cases.AskText, Most: 20, Ask: both(strings.Repeat("Zeg het. ", cases.MostQuestion/9)), Label: both(fmt.Sprintf("Meer %d", n)),
		})
	}
}

func TestAWriteUpAsksForDaysAndTheOrganisationsOwnQuestions(t *testing.T) {
	w := newWorldUnder(t, ownQuestions)
	if err := w.slack.Command(playground.Command{Member: bram, Channel: board, Command: "/klacht", Text: "nieuw"}); err != nil {
		t.Fatal(err)
	}
	v := w.view(bram, "Schrijf op wat de klager vertelde", "Eerste dag", "In welke winkel was het?", "De bon", "Bij deze weergave kan geen bestand.", "Meer 19")
	if v.State["own.receipt"] != nil {
		t.Error("a file is asked for")
	}
	w.submit(bram, fields{
		cases.FieldName: words("Noor"), cases.FieldProblem: words("it"), cases.FieldEmail: "noor@example.com", fieldFormal: tick,
		cases.FieldFirstDay: "2026-11-18", cases.FieldLastDay: "2026-11-17", "own.shop": "market", "own.order": "2026-11-01", "own.loaves": "51", "own.more-19": words("x"),
	})
	w.problem(bram, "own.loaves", "van 0 tot en met 50")
	w.submit(bram, fields{"own.loaves": "5", "own.more-19": words("too long for twenty")})
	w.problem(bram, "own.more-19", "Er is plaats voor 20 tekens")
	w.submit(bram, fields{"own.more-19": words("y")})
	w.problem(bram, cases.FieldLastDay, "Deze dag ligt vóór de eerste dag.")
	w.submit(bram, fields{cases.FieldFirstDay: "2026-11-23"})
	w.problem(bram, cases.FieldFirstDay, "Deze dag moet nog komen.")
	w.submit(bram, fields{cases.FieldFirstDay: "2026-11-16"})
	w.view(bram, "Zaak K-2026-0001 staat klaar.")
	w.close(bram)
	for field, value := range map[string]string{
		cases.FieldFirstDay: "2026-11-16", cases.FieldLastDay: "2026-11-17", "own.shop": "market", "own.order": "2026-11-01", "own.loaves": "5", "own.more-19": words("y"),
	} {
		if got := w.file("K-2026-0001").Answers[field]; got != value {
			t.Errorf("%s is %q", field, got)
		}
	}
	w.press(bram, board, w.card("K-2026-0001"), actFile)
	w.view(bram, "maandag 16 november 2026", "Op de markt")
	w.corrects(bram, "own.loaves")
	w.submit(bram, fields{fieldText: "many"})
	w.problem(bram, fieldText, "van 0 tot en met 50")
	w.submit(bram, fields{fieldText: "6"})
	w.noView(bram)
	w.press(bram, board, w.card("K-2026-0001"), actFile)
	w.view(bram, "maandag 16 november 2026")
	w.corrects(bram, cases.FieldLastDay)
	w.submit(bram, fields{fieldText: ""}) // it was on one day
	w.noView(bram)
	if got := w.file("K-2026-0001").Answers; got["own.loaves"] != "6" || got[cases.FieldLastDay] != "" {
		t.Errorf("corrected: %q, %q", got["own.loaves"], got[cases.FieldLastDay])
	}
}

// corrects opens from a file in a window the form in which an answer is corrected.
func (w *world) corrects(member, field string) {
	w.t.Helper()
	stack := w.slack.Views(member)
	top := stack[len(stack)-1]
	var blocks []struct {
		BlockID   string `json:"block_id"`
		Accessory struct{ Value string }
	}
	if err := json.Unmarshal(top.Blocks, &blocks); err != nil {
		w.t.Fatal(err)
	}
	for _, b := range blocks {
		if b.Accessory.Value != "K-2026-0001 "+field {
			continue
		}
		if err := w.slack.Click(playground.Click{Member: member, View: top.ID, BlockID: b.BlockID, ActionID: actCorrect}); err != nil {
			w.t.Fatal(err)
		}
	}
	w.view(member, "U verbetert een antwoord")
}

func TestWhatAsksToAgreeOnTheTelephoneLosesItsButtonOnceThatIsSettled(t *testing.T) {
	for name, one := range map[string]struct {
		settles func(w *world, number cases.Number)
		said    string
	}{
		"approved": {func(w *world, number cases.Number) {
			w.alters(number, func(c *cases.Case, now time.Time) error {
				return c.Approve(cases.AgreedOnPage, "", w.file(number).Answers, w.store.Procedure(), now)
			})
		}, "de klager is akkoord met de weergave"},
		"refused": {func(w *world, number cases.Number) {
			w.alters(number, func(c *cases.Case, now time.Time) error { return c.NotApprove("", now) })
		}, "de klager is niet akkoord met de weergave"},
		"lapsed": {func(w *world, _ cases.Number) { w.turn(12 * aDay) }, "gesloten zonder uitkomst"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			number := w.writesUp(bram, fields{cases.FieldName: words("Noor"), cases.FieldProblem: words("it"), cases.FieldTelephone: "06", fieldFormal: tick}, "staat klaar")
			w.press(bram, board, w.card(number), actAgreeByCall)
			w.view(bram, "Wie luisterde mee?")
			w.submit(bram, fields{fieldHeard: tick, fieldWitness: dewi})
			w.view(bram, "Wij hebben de getuige gevraagd")
			w.close(bram)
			asked := w.message(w.slack.Direct(dewi).ID, "Ik was erbij")
			w.turn(3 * aDay)
			reminded := w.message(w.slack.Direct(bram).ID, string(number), "Telefonisch akkoord")
			one.settles(w, number)
			for member, m := range map[string]playground.SlackMessage{dewi: asked, bram: reminded} {
				now := w.changed(w.slack.Direct(member).ID, m.TS, "Hier is niets meer nodig: "+one.said, "Dossier openen")
				if has(now.AllText(), "Telefonisch akkoord") || has(now.AllText(), "Ik was erbij") {
					t.Errorf("%s still has the button: %s", member, now.AllText())
				}
			}
		})
	}
}
