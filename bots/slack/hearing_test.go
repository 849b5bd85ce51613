package slack

import (
	"strings"
	"testing"

	"websec.nl/gehoor/cases"
)

// names lets Bram name a member as a person concerned.
func (w *world) names(number cases.Number, values fields) {
	w.t.Helper()
	w.opensFrom(bram, number, actHear, "Wie bij zaak")
	w.pressIn(bram, actAddParty)
	w.view(bram, "Wie moet over zaak "+string(number)+" worden gehoord?")
	w.submit(bram, values)
	w.noView(bram)
}

// invites lets Bram put something to the first person concerned that was not invited yet.
func (w *world) invites(number cases.Number, text string) {
	w.t.Helper()
	w.opensFrom(bram, number, actHear, "nog niet uitgenodigd")
	w.pressIn(bram, actInvite)
	w.view(bram, "Wat legt u voor?", "Neem nooit het verhaal van de klager over")
	w.submit(bram, fields{fieldText: text})
	w.view(bram, "Zo leest", text)
	w.submit(bram, nil)
	w.noView(bram)
}

func TestWhatIsTheComplainantsIsPutToNobodyUnlessTheyAgree(t *testing.T) {
	w := newWorld(t)
	story := strings.Repeat(words("every word of it")+" ", 6)
	number := w.complains(func(a cases.Words) { a[cases.FieldProblem], a[cases.FieldTelephone] = story, "+31 20 123 4567" })
	w.take(bram, number)
	w.names(number, fields{fieldMember: dewi})
	w.opensFrom(bram, number, actHear, "nog niet uitgenodigd")
	w.pressIn(bram, actInvite)
	w.view(bram, "Wat legt u voor?")
	w.submit(bram, fields{fieldText: "Bel 020-1234567."})
	if v := w.view(bram, "een telefoonnummer of e-mailadres van de klager", "De klager vindt goed dat dit zo wordt voorgelegd"); !strings.Contains(string(v.Blocks), "Bel 020-1234567.") {
		t.Error("what was typed is lost")
	}
	w.submit(bram, fields{fieldText: story})
	w.problem(bram, fieldAgreed, "woord voor woord een stuk")
	if n := count(w.events(number), cases.Invited); n != 0 {
		t.Fatalf("%d invitations", n)
	}
	w.submit(bram, fields{fieldAgreed: tick})
	w.view(bram, "Zo leest", "De klager vindt goed")
	w.submit(bram, nil)
	w.noView(bram)
	room, _ := w.room(number)
	w.message(room.ID, "Hierin staat iets van de klager zelf. De klager vond dat goed.")
	if e := w.lastEvent(number, cases.Invited); e.Data["agreed"] != "yes" {
		t.Errorf("%+v", e.Data)
	}
	w.message(w.slack.Direct(dewi).ID, "Lezen en antwoorden")
}

func TestAMemberWhoIsConcernedIsHeardAndConsultedAndSeesNothingElse(t *testing.T) {
	w := newWorld(t)
	number, room, _ := w.taken()
	w.names(number, fields{fieldMember: dewi, fieldRelation: words("she sent the bill")})
	if !w.file(number).Case.Excludes(dewi) {
		t.Fatal("a person concerned still sees the case")
	}
	w.invites(number, words("did you send the bill?"))

	// She gets a message without a word of it, and a window with what is put to her.
	direct := w.slack.Direct(dewi).ID
	m := w.message(direct, "vraagt uw kant van het verhaal in zaak K-2026-0001", "Lezen en antwoorden")
	w.press(dewi, direct, m, actParty)
	v := w.view(dewi, words("did you send the bill?"), "Ik wil niet gehoord worden")
	if strings.Contains(v.AllText(), words("problem")) || strings.Contains(v.AllText(), "she sent the bill") {
		t.Errorf("she reads more than was put to her: %s", v.AllText())
	}
	if e := w.lastEvent(number, cases.Read); e.By != cases.ByParty(1) {
		t.Errorf("the reading is by %s", e.By)
	}
	w.submit(dewi, fields{fieldAnswer: answerAccount})
	w.problem(dewi, fieldText, "Hier staat nog niets.")
	w.submit(dewi, fields{fieldText: words("it was the wrong bill")})
	w.view(dewi, "Dank u. Uw antwoord is bij de klachtencommissie")
	w.close(dewi)
	w.message(room.ID, words("it was the wrong bill"))
	if p, _ := w.file(number).Case.Work.Party(1); p.State != cases.PartyHeard {
		t.Errorf("she is %s", p.State)
	}
	// Pressed again, or by somebody else, or with another number: nothing.
	w.press(dewi, direct, m, actParty)
	w.view(dewi, "Zaak K-2026-0001 is intussen verder.")
	w.close(dewi)
	for _, who := range []string{eve, bram, dewi} {
		which := map[string]string{dewi: "2"}[who]
		if which == "" {
			which = "1"
		}
		answer := w.forgedForm(who, actParty, meta{Case: string(number), Step: stepForm, Which: which}, map[string]string{fieldAnswer: answerAccount, fieldText: words("forged")})
		if !strings.Contains(answer, "niet aan u voorgelegd") {
			t.Errorf("%s hears %s", who, answer)
		}
	}
	if n := count(w.events(number), cases.Refused); n != 3 || count(w.events(number), cases.Accounted) != 1 {
		t.Errorf("%d tries are recorded: %v", n, w.events(number))
	}

	w.reportsAndProposes(number)
	m = w.message(direct, "een oplossing voorgesteld", "Voorstel bekijken")
	w.press(dewi, direct, m, actConsent)
	w.view(dewi, words("a new bill"), "Ik ga akkoord")
	w.submit(dewi, fields{fieldAnswer: answerObject})
	w.problem(dewi, fieldText, "Hier staat nog niets.")
	w.submit(dewi, fields{fieldText: words("who pays?")})
	w.view(dewi, "Dank u.")
	w.message(room.ID, words("who pays?"), "een betrokkene heeft bezwaar tegen de oplossing")
	w.room(number, "een betrokkene heeft bezwaar tegen de oplossing")
	w.close(dewi)
	w.press(dewi, direct, m, actConsent)
	w.view(dewi, "Zaak K-2026-0001 is intussen verder.")
	w.close(dewi)

	w.opensFrom(bram, number, actFile, "Betrokkenen", "gehoord", "Overleg over het voorstel", "heeft bezwaar tegen het voorstel", "las wat is voorgelegd")
	w.close(bram)
}

// reportsAndProposes tells the complainant what came of the hearing, and puts a solution to all.
func (w *world) reportsAndProposes(number cases.Number) {
	w.t.Helper()
	w.opensFrom(bram, number, actReport, "Uw verslag", "De klager krijgt deze woorden.")
	w.submit(bram, fields{fieldText: words("they say it was a mistake")})
	w.view(bram, "Zo leest de klager het", words("they say it was a mistake"))
	w.submit(bram, nil)
	w.noView(bram)
	w.toldOf(number, cases.ReportNotice)
	w.opensFrom(bram, number, actPropose, "Dit voorstel gaat ook naar wie is gehoord: "+mention(dewi))
	w.submit(bram, fields{fieldSolution: words("a new bill")})
	w.view(bram, "Zo leest de klager het")
	w.submit(bram, nil)
	w.noView(bram)
	w.toldOf(number, cases.Proposal)
}

func TestSomebodyOutsideIsInvitedByMailAndMayNotAnswer(t *testing.T) {
	w := newWorld(t)
	number, room, _ := w.taken()
	w.opensFrom(bram, number, actHear, "Er is nog niemand genoemd.")
	w.pressIn(bram, actAddParty)
	w.view(bram, "Lid van de werkruimte")
	w.submit(bram, fields{fieldName: words("Noor")})
	w.problem(bram, fieldEmail, "Dit is geen volledig e-mailadres.")
	w.submit(bram, fields{fieldEmail: "noor@example.com", fieldLanguage: "en"})
	w.noView(bram)
	w.message(room.ID, words("Noor"), "noor@example.com")
	w.opensFrom(bram, number, actHear, "nog niet uitgenodigd")
	w.pressIn(bram, actInvite)
	w.view(bram, "Wat legt u voor?", words("Noor"))
	w.submit(bram, fields{fieldText: words("what did you see?"), fieldUntil: "2026-11-20"})
	w.problem(bram, fieldUntil, "Deze dag is al voorbij.")
	w.submit(bram, fields{fieldUntil: "2026-11-27"})
	w.view(bram, "per e-mail en op een eigen pagina, in het Engels")
	w.submit(bram, nil)
	w.noView(bram)
	w.opensFrom(bram, number, actHear, "uitgenodigd", "graag uiterlijk vrijdag 27 november 2026")
	w.pressIn(bram, actNoAnswer)
	w.view(bram, "gaf geen antwoord")
	if strings.Contains(w.view(bram, "gaf geen antwoord").AllText(), "Gaf geen antwoord") {
		t.Error("it can be said twice")
	}
	w.close(bram)
	if p, _ := w.file(number).Case.Work.Party(1); p.State != cases.PartySilent {
		t.Errorf("the person is %s", p.State)
	}
}
