package slack

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/files"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// proposes proposes a solution from the room, after its preview.
func (w *world) proposes(number cases.Number, text string) {
	w.t.Helper()
	room, pinned := w.room(number, "Oplossing voorstellen")
	w.press(bram, room.ID, pinned, actPropose)
	w.view(bram, "Uw voorstel", "De klager krijgt deze woorden.", "leest Nederlands")
	w.submit(bram, fields{fieldSolution: text})
	w.view(bram, "Zo leest de klager het, via de chat en per e-mail, in het Nederlands", text)
	w.submit(bram, nil)
	w.noView(bram)
	w.message(room.ID, "stelde de klager een oplossing voor", text)
	w.until("the proposal to go", func() bool { _, ok := w.told.Load(string(number) + "/proposal"); return ok })
}

// proposed is the event that proposed the solution of a case which waits for an answer.
func (w *world) proposed(number cases.Number) int {
	c, err := w.store.Case(w.t.Context(), number)
	if err != nil {
		w.t.Fatal(err)
	}
	return c.Proposal
}

func TestASolutionIsProposedObjectedToAndAgreedWith(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	room, _ := w.room(number)
	w.proposes(number, words("half of it back"))
	w.card(number, "Oplossing voorgesteld", "oplossing voorgesteld aan de klager, zondag 22 november 2026 om 10.15 uur")

	w.in(7001, func(turn *postgres.Turn) error {
		return turn.Answer(number, w.proposed(number), false, words("all of it"))
	})
	m := w.message(room.ID, "De klager heeft bezwaar tegen de voorgestelde oplossing", words("all of it"))
	if m.Text != mention(bram)+" Zaak K-2026-0001: de klager heeft bezwaar tegen de oplossing" {
		t.Errorf("the notification says %q", m.Text)
	}
	w.card(number, "Opgepakt", "de klager heeft bezwaar tegen de oplossing")

	w.proposes(number, words("all of it back"))
	w.in(7001, func(turn *postgres.Turn) error { return turn.Answer(number, w.proposed(number), true, "") })
	m = w.message(room.ID, "De klager is het eens met de voorgestelde oplossing.")
	if m.Text != mention(bram)+" Zaak K-2026-0001: de klager is het eens met de oplossing" {
		t.Errorf("the notification says %q", m.Text)
	}
	w.card(number, "De klager is het eens met de oplossing")

	w.press(bram, board, w.card(number), actFile)
	w.reads(bram, words("half of it back"), words("all of it"), words("all of it back"), "Voorstel voor een oplossing")
}

func TestNothingIsProposedThatWasNotShown(t *testing.T) {
	w := newWorld(t, byHTTP)
	number := w.complains()
	w.take(bram, number)
	room, pinned := w.room(number)
	w.press(bram, room.ID, pinned, actPropose)
	w.view(bram, "Uw voorstel")
	view := w.slack.Views(bram)[0]
	answer := w.forged(map[string]any{
		"type": "view_submission", "trigger_id": "forged", "user": map[string]any{"id": bram},
		"view": map[string]any{"id": view.ID, "callback_id": actPropose, "private_metadata": meta{Case: string(number), Step: stepPreview, Seal: strings.Repeat("0", 32)}.String(),
			"state": map[string]any{"values": map[string]any{
				fieldSolution: map[string]any{fieldAction: map[string]any{"type": "plain_text_input", "value": words("forged")}},
			}}},
	})
	if !strings.Contains(answer.Body.String(), `"response_action":"update"`) {
		t.Errorf("answered %s", answer.Body)
	}
	if n := count(w.events(number), cases.Proposed); n != 0 {
		t.Errorf("%d proposals went out", n)
	}
}

// closed is a complaint that Bram took and closed.
func (w *world) closed() cases.Number {
	w.t.Helper()
	number := w.complains()
	w.take(bram, number)
	room, pinned := w.room(number)
	closesQuickly(w, number, room, pinned)
	return number
}

func TestACaseThatWasNotSolvedIsReopenedByTheChair(t *testing.T) {
	w := newWorld(t)
	number := w.closed()
	w.turn(3 * aDay)
	w.in(7001, func(turn *postgres.Turn) error {
		return turn.Rate(number, cases.Rating{Handled: cases.GradePartly, Solved: cases.GradeNo, Why: words("still broken")})
	})
	w.message(w.slack.Direct(bram).ID, "Zaak K-2026-0001: de klager zei hoe het ging. U leest het in het dossier.", "Dossier openen")
	direct := w.slack.Direct(anna).ID
	m := w.message(direct, "De klager van zaak K-2026-0001 zegt dat het niet is opgelost, en vraagt om de zaak te heropenen.", "Heropenen", "Dossier openen")
	if all := w.card(number).AllText(); strings.Contains(all, "hoe het ging") || strings.Contains(all, "Heropenen") {
		t.Errorf("the card tells how it was rated: %s", all)
	}
	w.press(anna, direct, m, actFile)
	w.reads(anna, "De klager zei hoe het ging. Goed behandeld: deels. Opgelost: nee. De klager vraagt om de zaak te heropenen.", words("still broken"))

	w.press(anna, direct, m, actReopen)
	w.view(anna, "Waarom heropent u de zaak?", "De klager krijgt het niet.")
	w.submit(anna, fields{fieldText: words("look again")})
	w.noView(anna)
	w.card(number, "Opgepakt", mention(bram), "woensdag 9 december 2026 (nog 14 dagen)", "*Heropend*\nwoensdag 25 november 2026")
	room, _ := w.room(number, "*Heropend*")
	if room.Name != "k-2026-0001-2" {
		t.Errorf("the room is %s", room.Name)
	}
	w.message(room.ID, words("still broken"), "heeft de zaak heropend", "woensdag 9 december 2026", "alleen voor de commissie", words("look again"))
	w.message(w.slack.Direct(bram).ID, "Zaak K-2026-0001 is heropend, en is van u.")
	w.until("the complainant to hear of it", func() bool { _, ok := w.told.Load(string(number) + "/reopened"); return ok })

	// The message that asked for it is old now.
	w.press(anna, direct, m, actReopen)
	w.view(anna, "Zaak K-2026-0001 is nog open.")
}

func TestWhoMayReopenIsOfferedItByTheCommand(t *testing.T) {
	w := newWorld(t)
	number := w.closed()
	if m := w.command(anna, board, string(number)); !strings.Contains(m.AllText(), "Heropenen") {
		t.Errorf("the chair reads:\n%s", m.AllText())
	}
	if m := w.command(dewi, board, string(number)); strings.Contains(m.AllText(), "Heropenen") {
		t.Errorf("a member reads:\n%s", m.AllText())
	}
	w.forged(map[string]any{
		"type": "view_submission", "trigger_id": "not-theirs", "user": map[string]any{"id": dewi},
		"view": map[string]any{"id": "V1", "callback_id": actReopen, "private_metadata": meta{Case: string(number), Step: stepForm}.String()},
	})
	w.until("the try to be on file", func() bool { return count(w.events(number), cases.Refused) == 1 })
}

func TestWithoutAChairTheChannelIsAskedToReopen(t *testing.T) {
	w := newWorld(t)
	number := w.closed()
	if err := w.slack.Leave(anna, board); err != nil {
		t.Fatal(err)
	}
	w.in(7001, func(turn *postgres.Turn) error {
		return turn.Rate(number, cases.Rating{Handled: cases.GradeNo, Solved: cases.GradeNo, Why: words("why")})
	})
	m := w.message(board, "De klager van zaak K-2026-0001 zegt dat het niet is opgelost", "Heropenen")
	w.press(bram, board, m, actReopen) // he owned it
	w.view(bram, "Waarom heropent u de zaak?")
}

func TestAWithdrawnComplaintClosesItsRoomWithTheReason(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	room, _ := w.room(number)
	w.in(7001, func(turn *postgres.Turn) error { return turn.Withdraw(number, words("we made it up")) })
	m := w.message(room.ID, "De klager heeft de zaak ingetrokken.", words("we made it up"))
	if m.Text != mention(bram)+" Zaak K-2026-0001: ingetrokken door de klager" {
		t.Errorf("the notification says %q", m.Text)
	}
	w.card(number, "Afgesloten: ingetrokken")
	w.until("the room to be archived", func() bool { c, _ := w.slack.Channel(room.ID); return c.Archived })

	unowned := w.complains()
	w.in(7001, func(turn *postgres.Turn) error { return turn.Withdraw(unowned, "") })
	w.message(board, "Zaak K-2026-0002: ingetrokken door de klager", "Dossier openen")
	w.card(unowned, "Afgesloten: ingetrokken", "Nog niemand")
}

func TestACorrectionAndOtherContactDataStandInTheRoomAndTheFileAlone(t *testing.T) {
	w := newWorld(t)
	number := w.complains(func(a cases.Words) { a[cases.FieldEmail] = words("old@") })
	w.take(bram, number)
	room, _ := w.room(number)
	w.in(7001, func(turn *postgres.Turn) error { return turn.Reply(number, words("on Monday"), 41) })
	w.message(room.ID, words("on Monday"))
	w.in(7001, func(turn *postgres.Turn) error {
		found, ok, err := turn.Correct(41, words("on Tuesday"))
		if !ok || found != number {
			t.Errorf("the message is of %q", found)
		}
		return err
	})
	m := w.message(room.ID, "De klager verbeterde een", words("on Tuesday"))
	if m.Text != mention(bram)+" Zaak K-2026-0001: de klager verbeterde een eerder bericht" {
		t.Errorf("the notification says %q", m.Text)
	}
	w.card(number, "de klager verbeterde een eerder bericht")

	w.in(7001, func(turn *postgres.Turn) error { return turn.ChangeContact(number, words("06"), words("new@")) })
	w.message(room.ID, "De klager gaf andere contactgegevens.", words("new@"), words("old@"), words("06"), words("telephone"))
	w.card(number, "de klager gaf andere contactgegevens")
	w.press(bram, board, w.card(number), actFile)
	w.reads(bram, words("on Monday"), words("on Tuesday"), words("new@"), words("old@"), "e-mail, op het vorige adres")
}

func TestAfterATalkItsOwnerHearsWhetherItHelped(t *testing.T) {
	w := newWorld(t)
	for _, helped := range []bool{true, false} {
		number := w.wantsToTalk()
		w.take(bram, number)
		w.press(bram, board, w.card(number), actDone)
		w.view(bram, "Hoe ging het contact?", "De klager krijgt daarna de vraag of het contact heeft geholpen.", "De klager krijgt het niet.")
		w.submit(bram, fields{fieldSolution: words("a note")})
		w.noView(bram)
		w.card(number, "Afgesloten: persoonlijk contact gehad")
		w.until("the complainant to be asked", func() bool { _, ok := w.told.Load(string(number) + "/helped-question"); return ok })
		w.in(7002, func(turn *postgres.Turn) error {
			told, err := turn.Helped(number, helped, true)
			if !helped && !strings.Contains(told[cases.FieldSubject], canary) {
				t.Errorf("what was told is %v", told)
			}
			return err
		})
		what := map[bool]string{true: "het contact heeft geholpen", false: "het contact heeft niet genoeg geholpen"}[helped]
		w.message(w.slack.Direct(bram).ID, "Zaak "+string(number)+": "+what+".")
		w.card(number, what)
	}
}

func TestARequestToGoOnByMailOrLetterSaysSoAndHasWhatWasTold(t *testing.T) {
	w := newWorld(t)
	for by, title := range map[cases.Means]string{
		cases.Email: "Verzoek om verder te gaan per e-mail", cases.Letter: "Verzoek om verder te gaan per brief", cases.Call: "Verzoek om een gesprek",
	} {
		var number cases.Number
		w.in(7003, func(turn *postgres.Turn) error {
			c, err := turn.Request(cases.TalkRequest{
				Language: i18n.Dutch, By: by, Name: words("Noor"), Email: words("noor@"), Post: words("a street"),
				Told: cases.Words{cases.FieldSubject: words("the planner"), cases.FieldProblem: words("the story so far")},
			})
			if err == nil {
				number = c.Number
			}
			return err
		})
		m := w.card(number, title+" "+string(number))
		if m.Text != title+" "+string(number) {
			t.Errorf("the notification says %q", m.Text)
		}
		w.take(bram, number)
		w.press(bram, board, w.card(number, mention(bram), "Verzoek afronden"), actFile)
		w.reads(bram, title, words("Noor"), words("noor@"), "Postadres", words("a street"), words("the planner"), words("the story so far"))
		w.in(7003, func(turn *postgres.Turn) error { return turn.Withdraw(number, words("never mind")) })
		w.message(w.slack.Direct(bram).ID, "Zaak "+string(number)+": ingetrokken door de klager.")
	}
}

func TestAFileThatIsSentShowsInTheRoomAndTheFile(t *testing.T) {
	w := newWorld(t)
	number, _ := w.encloses([]byte("%PDF"), false)
	w.card(number, "Bestanden*\n1")
	room, _ := w.room(number)
	w.in(7001, func(turn *postgres.Turn) error {
		return turn.Attach(number, "", 51, cases.Attachment{ID: "source", Name: words("me.jpg"), Type: "image/jpeg", Size: 2_450_000}, "")
	})
	m := w.message(room.ID, "De klager stuurde een bestand.", "Foto of afbeelding* · 2,5 MB · wordt opgehaald", words("me.jpg"), "Zet in de kamer")
	if m.Text != "Zaak K-2026-0001: de klager heeft een bestand gestuurd" {
		t.Errorf("the notification says %q", m.Text)
	}
	w.card(number, "Bestanden*\n2", "de klager heeft een bestand gestuurd")
	w.press(bram, board, w.card(number), actFile)
	w.reads(bram, "1 bestand, hieronder", "Document* · 1 kB · bewaard", canary+".pdf", "Foto of afbeelding* · 2,5 MB · wordt opgehaald", words("me.jpg"))
	w.press(bram, room.ID, m, actUpload)
	w.said(room.ID, bram, "wordt nog opgehaald")
}

func TestAFileThatCanNotBeKeptSaysWhy(t *testing.T) {
	w := newWorld(t)
	number, id := w.encloses(nil, true)
	w.in(7001, func(turn *postgres.Turn) error {
		_, err := turn.Spoil(&postgres.Fetching{ID: id}, cases.EnclosureRefused, i18n.T("spoiled."+string(files.Locked)))
		return err
	})
	room, _ := w.room(number)
	w.message(room.ID, "Een bestand van de klager kon niet worden bewaard. Het gaat alleen open met een wachtwoord.")
	w.press(bram, board, w.card(number), actFile)
	all := w.reads(bram, "niet bewaard", "Het gaat alleen open met een wachtwoord.", canary+".pdf")
	if strings.Contains(all, "Zet in de kamer") {
		t.Error("it can be asked for")
	}
	if all := w.card(number).AllText(); strings.Contains(all, "Bestanden") {
		t.Errorf("the card counts it: %s", all)
	}
}

func TestWhoChoosesABotToHandleACaseIsAskedForSomebodyElse(t *testing.T) {
	w := newWorld(t)
	for n := range maxOptions + 1 { // more than a list holds
		id := fmt.Sprintf("UM%03d", n)
		w.slack.AddMember(playground.Member{ID: id, Name: "Lid " + id + " (invented)", Locale: "nl-NL"})
		if err := w.slack.Join(id, board); err != nil {
			t.Fatal(err)
		}
	}
	number := w.complains()
	w.press(anna, board, w.card(number), actAssign)
	v := w.view(anna, "Wie behandelt zaak K-2026-0001?")
	if kindOf(t, v, fieldTo) != "users_select" {
		t.Error("nobody can be chosen who is not in the list")
	}
	for _, who := range []string{playground.BotUserID, eve} {
		w.submit(anna, fields{fieldTo: who})
		w.problem(anna, fieldTo, "geen lid van de klachtencommissie")
	}
	w.submit(anna, fields{fieldTo: bram})
	w.card(number, mention(bram))
}

func TestACommitteeOfManyIsOfferedByName(t *testing.T) {
	w := newWorld(t)
	for n := range 60 {
		id := "UM" + strings.Repeat("X", n/10) + string(rune('A'+n%10))
		w.slack.AddMember(playground.Member{ID: id, Name: "Lid " + id + " (invented)", Locale: "nl-NL"})
		if err := w.slack.Join(id, board); err != nil {
			t.Fatal(err)
		}
	}
	number := w.complains()
	w.press(anna, board, w.card(number), actAssign)
	v := w.view(anna, "Wie behandelt zaak K-2026-0001?", "Lid UMXXXXXJ (invented)", "Bram (invented)")
	if kindOf(t, v, fieldTo) != "static_select" {
		t.Error("everybody in the workspace is offered")
	}
}

func TestTheWordsThatTheFileShowsAreThoseOfTheQuestionsThatWereAsked(t *testing.T) {
	p := cases.DefaultProcedure()
	p.Questions = append(p.Questions,
		cases.Question{ID: "branch", Kind: cases.AskChoice, Label: cases.Texts{i18n.Dutch: "Vestiging <1>", i18n.English: "Branch"},
			Choices: []cases.Choice{{ID: "north", Label: cases.Texts{i18n.Dutch: "Noord", i18n.English: "North"}}}},
		cases.Question{ID: "visit", Kind: cases.AskDate, Ask: cases.Texts{i18n.Dutch: "Wanneer was u hier?", i18n.English: "When were you here?"}},
		cases.Question{ID: "ticket", Kind: cases.AskFile, Label: cases.Texts{i18n.Dutch: "Kaartje", i18n.English: "Ticket"}},
		cases.Question{ID: "seat", Kind: cases.AskText, Label: cases.Texts{i18n.Dutch: "Stoel", i18n.English: "Seat"}})
	long := strings.Repeat("Een lange zin. ", 2_000)
	f := &cases.File{
		Case: cases.Case{Number: "K-2026-0001", Kind: cases.Formal, Stage: cases.Received, Way: cases.Chat, Language: i18n.Dutch},
		Answers: cases.Words{
			cases.FieldFor: cases.ForJoint + " Ann en Bob", cases.FieldAuthority: "zij zaten erbij", cases.FieldPrior: "met de planner", cases.FieldPriorEnd: "niets",
			cases.FieldConflict: "de broer van de planner", cases.FieldOwn + "branch": "Noord", cases.FieldOwn + "ticket": "1 ding", cases.FieldOwn + "visit": "2026-11-17", cases.FieldOwn + "seat": long,
			cases.FieldOwn + "gone": "van vroeger",
		},
		Events:      []cases.Event{{Seq: 1, By: cases.Complainant, Kind: cases.Filed, Data: map[string]string{"from": "2026-11-16", "to": "2026-11-18"}}},
		Attachments: []cases.Enclosure{{ID: "F1", Field: cases.FieldOwn + "ticket", Type: "application/pdf", Size: 1, State: cases.EnclosureKept}},
	}
	shown := func(l i18n.Language) string {
		var all []string
		for page := 1; page < 20; page++ {
			m := fileModal(f, p, sunday, l, page)
			raw, err := m.encode()
			if err != nil {
				t.Fatal(err)
			}
			if problems := playground.CheckView(raw); len(problems) > 0 {
				t.Errorf("page %d: %v", page, problems)
			}
			all = append(all, playground.View{Blocks: blocksOf(t, raw)}.AllText())
		}
		return strings.Join(all, "\n")
	}
	dutch, english := shown(i18n.Dutch), shown(i18n.English)
	for _, text := range []string{
		"Voor de klager en anderen samen", "Ann en Bob", "zij zaten erbij", "niets", "de broer van de planner", "Vestiging &lt;1&gt;", "Noord", "Wanneer was u hier?",
		"dinsdag 17 november 2026", "Het gaat over de dagen van maandag 16 november 2026 tot en met woensdag 18 november 2026.", "Kaartje", "1 bestand, hieronder",
		"Document", "1 kB", "gone", "van vroeger",
	} {
		if !strings.Contains(dutch, text) {
			t.Errorf("the file does not show %q", text)
		}
	}
	if strings.Contains(dutch, "1 ding") {
		t.Error("how many files there are is said twice")
	}
	if n := strings.Count(dutch, "Een lange zin."); n < 2_000 {
		t.Errorf("%d of 2000 sentences", n)
	}
	for _, text := range []string{"For the complainant and others together", "Branch", "North\n", "Tuesday 17 November 2026", "Ticket"} {
		if !strings.Contains(english, text) {
			t.Errorf("in English, the file does not show %q", text)
		}
	}
}

func TestAnAnswerAfterTheEndOfACaseIsNotLostOnItsOwner(t *testing.T) {
	w := newWorld(t)
	number := w.closed()
	w.in(7001, func(turn *postgres.Turn) error {
		return turn.Rate(number, cases.Rating{Handled: cases.GradeYes, Solved: cases.GradeYes})
	})
	w.message(w.slack.Direct(bram).ID, "de klager zei hoe het ging")
	w.until("everything to be told", func() bool { return w.queue.Waiting() == 0 })
	if c := w.slack.Direct(anna); len(c.Messages) != 0 {
		t.Errorf("the chair is asked to reopen what is solved: %v", c.Messages)
	}
}

// blocksOf are the blocks of a view.
func blocksOf(t *testing.T, view []byte) json.RawMessage {
	t.Helper()
	var v struct{ Blocks json.RawMessage }
	if err := json.Unmarshal(view, &v); err != nil {
		t.Fatal(err)
	}
	return v.Blocks
}

// reads turns all pages of the file that a member has opened, closes it, and sees to it that it has all of the texts.
func (w *world) reads(member string, texts ...string) string {
	w.t.Helper()
	all := ""
	for v := w.view(member, "Wat de klager vertelde"); ; {
		all += v.AllText() + "\n"
		if !strings.Contains(v.AllText(), "Volgende pagina") {
			break
		}
		before := v.Hash
		if err := w.slack.Click(playground.Click{Member: member, View: v.ID, ActionID: actOn}); err != nil {
			w.t.Fatal(err)
		}
		w.until("the next page", func() bool { v = w.slack.Views(member)[0]; return v.Hash != before })
	}
	w.close(member)
	if !has(all, texts...) {
		w.t.Fatalf("the file does not have all of %q:\n%s", texts, all)
	}
	return all
}
