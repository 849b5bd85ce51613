package slack

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
)

// grown is a press of a button in a window, with metadata of our choosing, signed as if it came from Slack; it returns what the window
// shows then.
func (w *world) grown(member, form string, m meta) string {
	w.t.Helper()
	w.forgeries++
	before := w.called("views.update")
	w.forged(map[string]any{
		"type": "block_actions", "trigger_id": "grown-" + strconv.Itoa(w.forgeries), "user": map[string]any{"id": member},
		"actions": []any{map[string]any{"action_id": actAddPoint, "value": m.Case}},
		"view": map[string]any{"id": "VFORGED", "type": "modal", "callback_id": form, "private_metadata": m.String(),
			"state": map[string]any{"values": map[string]any{}}},
	})
	w.until("the window to be filled", func() bool { return w.called("views.update") > before })
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.calls[len(w.calls)-1].args["view"]
}

func TestAPersonConcernedReadsNoOtherEventThanTheirs(t *testing.T) {
	w := newWorld(t)
	number, _, _ := w.taken()
	w.names(number, fields{fieldMember: dewi})
	w.invites(number, words("did you?"))
	w.alters(number, func(c *cases.Case, now time.Time) error {
		return c.AddNote(w.who(bram), bram, words("of the committee"), now)
	})
	note := w.lastEvent(number, cases.Noted).Seq
	for _, form := range []string{actParty, actConsent} {
		for _, event := range []int{note, 1} {
			m := meta{Case: string(number), Step: stepForm, Which: "1", Event: event}
			answer := w.forgedForm(dewi, form, m, map[string]string{fieldAnswer: answerAccount}) + w.grown(dewi, form, m)
			if strings.Contains(answer, canary) {
				t.Errorf("%s shows event %d", form, event)
			}
		}
	}
	m := meta{Case: string(number), Step: stepForm, Which: "1", Event: w.lastEvent(number, cases.Invited).Seq}
	if answer := w.forgedForm(dewi, actParty, m, map[string]string{fieldAnswer: answerAccount}); strings.Contains(answer, words("of the committee")) {
		t.Error("what is put to them comes with a note")
	}
}

func TestWhoOwesOneMeasureReadsNoOther(t *testing.T) {
	w := newWorld(t)
	number, _, _ := w.taken()
	w.alters(number, func(c *cases.Case, now time.Time) error {
		return c.End(w.who(bram), cases.Closing{Outcome: cases.Upheld, Solution: words("sorry"), Measures: []cases.MeasureDraft{
			{Text: words("for Eve"), Owner: eve, Due: now.AddDate(0, 0, 3)}, {Text: words("for Bram"), Owner: bram, Due: now.AddDate(0, 0, 3)},
		}}, w.store.Procedure(), now)
	})
	w.message(w.slack.Direct(eve).ID, string(number))
	shows := func(member, which string) string {
		t.Helper()
		i := interaction{Type: "block_actions", TriggerID: "measure-" + member + which}
		i.User.ID = member
		shown, err := w.bot.blank(t.Context(), i, forms[actMeasured], "nl", meta{Case: string(number), Which: which})
		if _, known := sayable(err); err != nil && !known {
			t.Fatal(err)
		}
		raw, _ := shown.encode()
		return string(raw)
	}
	if seen := shows(eve, "2"); strings.Contains(seen, words("for Bram")) {
		t.Error("who owes one measure reads another")
	}
	if seen := shows(eve, "1"); !strings.Contains(seen, words("for Eve")) {
		t.Error("who owes a measure does not read it")
	}
	if seen := shows(bram, "1"); !strings.Contains(seen, words("for Eve")) { // he owns the case
		t.Error("the owner of the case does not read a measure of it")
	}
}

func TestWordsThatNameSomebodyAreHeldAgainstThemBeforeAnythingIsFoundOrShown(t *testing.T) {
	for verb, rest := range map[string]string{"zoek": canary, "toon": "K-2026-0001"} {
		t.Run(verb, func(t *testing.T) {
			w := newWorld(t)
			number, _, _ := w.taken()
			w.until("the names to be known", func() bool { return w.bot.directory.latest() != nil })
			w.stop()
			w.replies(7001, number, "Het ging om Dewi (invented) "+canary)
			by := command{UserID: dewi, Text: verb + " " + rest, TriggerID: verb}
			_, blocks, err := w.bot.answer(t.Context(), by, nil, w.bot.language())
			if _, known := sayable(err); err != nil && !known {
				t.Fatal(err)
			}
			if raw, _ := json.Marshal(blocks); strings.Contains(string(raw), string(number)) {
				t.Error("the case is shown to whom it names")
			}
			if !w.file(number).Case.Excludes(dewi) {
				t.Error("whom the words name is not excluded")
			}
		})
	}
}

func TestWhomLaterWordsNamePutsNoFileInTheRoom(t *testing.T) {
	w := newWorld(t)
	number, id := w.encloses([]byte(canary), false)
	w.until("the names to be known", func() bool { return w.bot.directory.latest() != nil })
	w.quiet()
	w.stop()
	w.replies(7001, number, "Het ging om Dewi (invented) "+canary)
	w.forged(buttonPress(dewi, board, actUpload, string(number)+" "+id, "puts"))
	w.until("her to be excluded", func() bool { return w.file(number).Case.Excludes(dewi) })
	for _, e := range w.file(number).Events {
		if e.Kind == cases.Read && e.By == cases.By(dewi) {
			t.Error("she put a file in the room")
		}
	}
}

func TestWhoeverIsLetIntoTheRoomHasSeenIt(t *testing.T) {
	w := newWorld(t)
	number, room, _ := w.taken()
	e := w.lastEvent(number, cases.Read)
	if e.Data["in"] != string(cases.ToRoom) || e.By != cases.By(anna) {
		t.Errorf("the file says %v by %s", e.Data, e.By)
	}
	w.opensFrom(bram, number, actFile, "kwam in de kamer van de zaak")
	w.close(bram)
	w.replies(7001, number, "Het ging om Anna (invented) "+canary)
	w.until("Anna to be excluded", func() bool { return w.file(number).Case.Excludes(anna) })
	if saw := strings.Fields(w.lastEvent(number, cases.Excluded).Data["saw"]); !slices.Contains(saw, "room") {
		t.Errorf("she had seen %v", saw)
	}
	w.until("Anna to be out of the room", func() bool { return !w.inside(anna, room.ID) })
}

func TestWhatIsCorrectedByAMemberIsHeldAgainstNewNames(t *testing.T) {
	w := newWorld(t)
	number := w.writesUp(bram, fields{cases.FieldName: words("Noor"), cases.FieldProblem: words("it"), cases.FieldTelephone: words("06"), fieldFormal: tick}, "staat klaar")
	w.card(number)
	w.alters(number, func(c *cases.Case, now time.Time) error {
		return c.CorrectAnswer(cases.FieldProblem, words("door Floor"), cases.By(bram), now)
	})
	w.quiet()
	w.slack.AddMember(playground.Member{ID: "U9", Name: "Floor (invented)", Locale: "nl-NL"})
	w.until("who is new to be excluded", func() bool { return w.file(number).Case.Excludes("U9") })
}

func TestACaseThatNobodyMayHandleIsSaidAgainInThePlaceOfEachReminder(t *testing.T) {
	w := newWorld(t)
	number := w.files(aboutWhom("Anna, Bram, Chris en Dewi " + canary))
	told := func() (n int) {
		c, _ := w.slack.Channel(board)
		for _, m := range c.Messages {
			if has(m.AllText(), string(number), "niemand van de commissie mag deze zaak behandelen") {
				n++
			}
		}
		return n
	}
	w.until("it to be said", func() bool { return told() == 1 })
	w.quiet()
	for range 4 {
		w.turn(24 * time.Hour)
		w.until("it to be said in the place of a reminder", func() bool { return told() == 1+count(w.events(number), cases.Reminded) })
	}
	if told() < 3 {
		t.Errorf("it is said %d times", told())
	}
}

func TestAMemberWhoIsNewGetsTheCardsThatOthersHaveDirectly(t *testing.T) {
	w := newWorld(t)
	number := w.files(aboutWhom("Bram"))
	w.direct(dewi, number)
	w.quiet()
	if err := w.slack.Invite(anna, eve, board); err != nil {
		t.Fatal(err)
	}
	w.direct(eve, number, "Oppakken")
}

func TestWhoWroteAComplaintUpReachesItFromOutsideTheCommittee(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.Intake = cases.Roster{List: []cases.Member{eve}} })
	number := w.writesUp(eve, fields{cases.FieldName: words("Noor"), cases.FieldProblem: words("it"), cases.FieldTelephone: words("06"), fieldFormal: tick},
		"staat klaar", "Dossier openen", "Telefonisch akkoord")
	w.card(number)
	w.quiet()
	w.turn(4 * 24 * time.Hour)
	m := w.message(w.slack.Direct(eve).ID, string(number), "Dossier openen", "Telefonisch akkoord")
	w.press(eve, w.slack.Direct(eve).ID, m, actFile)
	w.view(eve, words("Noor"), "Verbeteren")
	w.close(eve)
	if m := w.command(eve, w.slack.Direct(eve).ID, "toon "+string(number)); !has(m.AllText(), "Klacht "+string(number)) {
		t.Errorf("/klacht toon says:\n%s", m.AllText())
	}
	other := w.complains()
	if m := w.command(eve, w.slack.Direct(eve).ID, "toon "+string(other)); strings.Contains(m.AllText(), "Uiterste datum") {
		t.Errorf("/klacht toon shows what others wrote:\n%s", m.AllText())
	}
}
