package slack

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// taken files a complaint and lets Bram take it; it returns the number and the room with its pinned card.
func (w *world) taken() (cases.Number, playground.Channel, playground.SlackMessage) {
	w.t.Helper()
	number := w.complains()
	w.take(bram, number)
	room, pinned := w.room(number)
	return number, room, pinned
}

// pressIn clicks a button in the top window of a member.
func (w *world) pressIn(member, action string) {
	w.t.Helper()
	stack := w.slack.Views(member)
	if len(stack) == 0 {
		w.t.Fatalf("%s has no window", member)
	}
	if err := w.slack.Click(playground.Click{Member: member, View: stack[len(stack)-1].ID, ActionID: action}); err != nil {
		w.t.Fatalf("%s presses %s in a window: %v", member, action, err)
	}
}

// heard waits until the complainant was told a notice.
func (w *world) toldOf(number cases.Number, kind cases.NoticeKind) {
	w.t.Helper()
	w.until("the complainant to be told: "+string(kind), func() bool { _, ok := w.told.Load(string(number) + "/" + string(kind)); return ok })
}

func (w *world) wasTold(number cases.Number, kind cases.NoticeKind) bool {
	_, ok := w.told.Load(string(number) + "/" + string(kind))
	return ok
}

// opensFrom presses a button of the pinned card of a case's room.
func (w *world) opensFrom(member string, number cases.Number, action string, texts ...string) playground.View {
	w.t.Helper()
	room, pinned := w.room(number)
	w.press(member, room.ID, pinned, action)
	return w.view(member, texts...)
}

// last is the newest event of a kind.
func (w *world) lastEvent(number cases.Number, kind cases.EventKind) cases.Event {
	w.t.Helper()
	f := w.file(number)
	e, ok := f.Event(lastOf(f, kind))
	if !ok {
		w.t.Fatalf("nothing of %s happened: %v", kind, w.events(number))
	}
	return e
}

// changed waits until a message of a channel reads otherwise.
func (w *world) changed(channel, id string, texts ...string) playground.SlackMessage {
	w.t.Helper()
	var found playground.SlackMessage
	w.until("a message to read "+strings.Join(texts, ", "), func() bool {
		c, _ := w.slack.Channel(channel)
		for _, m := range c.Messages {
			if m.TS == id && has(m.AllText(), texts...) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// forgedForm sends a form with values of our choosing, signed as if it came from Slack, and returns what was answered.
func (w *world) forgedForm(member, form string, m meta, values map[string]string) string {
	w.t.Helper()
	state := map[string]any{}
	for name, value := range values {
		state[name] = map[string]any{fieldAction: map[string]any{"type": "plain_text_input", "value": value}}
	}
	w.forgeries++
	return w.forged(map[string]any{
		"type": "view_submission", "trigger_id": "forged-" + strconv.Itoa(w.forgeries), "user": map[string]any{"id": member},
		"view": map[string]any{"id": "VFORGED", "callback_id": form, "private_metadata": m.String(), "state": map[string]any{"values": state}},
	}).Body.String()
}

func TestWordsToTheComplainantCanBeTakenBackForAMinute(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.TakeBack = 60 })
	number, room, _ := w.taken()
	writes := func(text string) playground.SlackMessage {
		t.Helper()
		w.opensFrom(bram, number, actWrite, "Uw bericht")
		w.submit(bram, fields{fieldText: text, fieldQuestion: tick, fieldUntil: "2026-11-30"})
		w.view(bram, "Zo leest de klager het, via de chat", text)
		w.submit(bram, nil)
		w.noView(bram)
		return w.message(room.ID, text, "Dit gaat uit op zondag 22 november 2026 om 10.16 uur.", "Terugnemen")
	}

	m := writes(words("too fast"))
	w.press(bram, room.ID, m, actTakeBack)
	w.said(room.ID, bram, "Teruggenomen. De klager heeft dit niet gekregen.")
	after := w.changed(room.ID, m.TS, words("too fast"), "Teruggenomen.")
	if strings.Contains(after.AllText(), "Dit gaat uit") {
		t.Error("what was taken back still says that it goes out")
	}
	if w.file(number).Case.Work.Question != 0 {
		t.Error("a question that was taken back waits for an answer")
	}

	m = writes(words("rightly"))
	w.play.Turn(61 * time.Second)
	w.toldOf(number, cases.Message)
	after = w.changed(room.ID, m.TS, words("rightly"), "stelde de klager een vraag, met antwoord graag uiterlijk maandag 30 november 2026", "Bericht van de commissie", "verstuurd")
	w.opensFrom(bram, number, actFile, "Er ligt een vraag bij de klager, met antwoord graag uiterlijk maandag 30 november 2026.")
	w.close(bram)
	if strings.Contains(after.AllText(), "Terugnemen") {
		t.Error("what was sent can still be taken back")
	}
	// Who still sees the button of before hears that it is too late.
	w.forged(buttonPress(bram, room.ID, actTakeBack, string(number)+" "+strconv.Itoa(w.lastEvent(number, cases.Wrote).Seq), "late"))
	w.said(room.ID, bram, "kan niet meer worden teruggenomen")
	if n := count(w.events(number), cases.Dispatched); n != 1 {
		t.Errorf("%d messages went out", n)
	}
}

func TestWordsAboutATalkCanBeTakenBackFromTheWindow(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.TakeBack = 60 })
	number := w.wantsToTalk()
	w.take(bram, number)
	w.press(bram, board, w.card(number, "Schrijf de klager"), actWrite)
	w.view(bram, "Uw bericht")
	w.submit(bram, fields{fieldText: words("hello")})
	w.view(bram, "Zo leest de klager het")
	w.submit(bram, nil)
	w.view(bram, "Dit gaat uit op zondag 22 november 2026 om 10.16 uur.")
	w.pressIn(bram, actTakeBack)
	w.view(bram, "Teruggenomen.")
	w.close(bram)
	if n := count(w.events(number), cases.TakenBack); n != 1 || w.wasTold(number, cases.Message) {
		t.Errorf("it was taken back %d times", n)
	}
}

func TestWordsThatReachNobodySayWhatToDoNow(t *testing.T) {
	w := newWorld(t)
	number, room, _ := w.taken()
	w.opensFrom(bram, number, actWrite, "Uw bericht")
	w.submit(bram, fields{fieldText: words("hello")})
	w.view(bram, "Zo leest de klager het")
	w.fails.Store(true)
	w.submit(bram, nil)
	m := w.message(room.ID, words("hello"))
	w.changed(room.ID, m.TS, "niet aangekomen", "Dit heeft de klager niet bereikt. Staat er een telefoonnummer in het dossier?")
}

func TestACaseIsAssessedWithWhatElseThereIsOfItsComplainant(t *testing.T) {
	w := newWorld(t)
	first := w.complains()
	number := w.complains()
	w.press(bram, board, w.card(number), actAssess)
	w.view(bram, "Uw eerste oordeel over zaak K-2026-0002", string(first)+" (Ontvangen)")
	w.submit(bram, fields{fieldSeverity: "high", fieldUrgency: "low", fieldSafety: tick, fieldText: words("a note")})
	w.noView(bram)
	w.card(number, "Ernst", "Misschien is iemand niet veilig")
	got := w.file(number).Case.Work.Assessment
	if want := (cases.Assessment{Severity: cases.High, Urgency: cases.Low, Unsafe: true}); got != want {
		t.Errorf("the assessment is %+v", got)
	}
	// Whoever opens it again finds it as it was left.
	w.press(anna, board, w.card(number), actAssess)
	v := w.view(anna, "Uw eerste oordeel")
	if !strings.Contains(string(v.State[fieldSeverity][fieldAction]), "high") || !strings.Contains(string(v.State[fieldSafety][fieldAction]), tick) {
		t.Errorf("the form begins with %s", v.State[fieldSeverity][fieldAction])
	}
}

func TestAMemberRecusesThemselvesInOnePressAndIsLetInAgain(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.press(dewi, board, w.card(number), actRecuse)
	w.said(board, dewi, "U ziet niets meer van zaak K-2026-0001.")
	w.until("Dewi to be excluded", func() bool { return w.file(number).Case.Excludes(dewi) })
	// She can't clear herself; the chair can, and says why.
	w.forgedForm(dewi, actClear, meta{Case: string(number), Step: stepForm}, map[string]string{fieldTo: dewi, fieldText: words("herself")})
	if n := count(w.events(number), cases.Cleared); n != 0 {
		t.Error("somebody let themselves in")
	}
	m := w.command(anna, board, "toon "+string(number))
	w.press(anna, board, m, actFile)
	w.view(anna, "Wie deze zaak niet ziet", "gaf dat zelf aan")
	w.pressIn(anna, actClear)
	w.view(anna, "Wie mag zaak K-2026-0001 toch zien?")
	w.submit(anna, fields{fieldTo: dewi, fieldText: words("it was a mistake")})
	w.view(anna, "Deze persoon kan zaak K-2026-0001 nu zien.")
	w.close(anna)
	if w.file(number).Case.Excludes(dewi) {
		t.Error("she is not let in")
	}
}

func TestWhoPresidesExcludesSomebodyAndNobodyElseDoes(t *testing.T) {
	w := newWorld(t)
	number, _, _ := w.taken()
	answer := w.forgedForm(bram, actExclude, meta{Case: string(number), Step: stepForm}, map[string]string{fieldTo: anna, fieldText: words("not his")})
	if !strings.Contains(answer, "voorzitter is") || count(w.events(number), cases.Refused) != 1 {
		t.Errorf("who does not preside hears %s", answer)
	}
	m := w.command(anna, board, "toon "+string(number))
	w.press(anna, board, m, actFile)
	w.view(anna, "Wat de klager vertelde")
	w.pressIn(anna, actExclude)
	w.view(anna, "Wie mag zaak K-2026-0001 niet zien?")
	w.submit(anna, fields{fieldTo: anna, fieldText: words("why")})
	w.problem(anna, fieldTo, "Over uzelf kunt u dit niet beslissen.")
	w.submit(anna, fields{fieldTo: bram, fieldText: words("he is a friend")})
	w.view(anna, "Deze persoon ziet niets meer van zaak K-2026-0001.")
	w.close(anna)
	c := w.file(number).Case
	if !c.Excludes(bram) || c.Owner != "" {
		t.Errorf("excluded: %v, owner: %q", c.Excluded, c.Owner)
	}
}

func TestANoteAndAMessageOfTheRoomGoIntoTheFileOnce(t *testing.T) {
	w := newWorld(t)
	number, room, _ := w.taken()
	w.opensFrom(bram, number, actNote, "Uw notitie", "De klager krijgt dit niet.")
	w.submit(bram, fields{fieldText: words("remember")})
	w.message(room.ID, words("remember"))

	ts, err := w.slack.Message(anna, room.ID, words("she rang me &amp; said &lt;so&gt;"))
	if err != nil {
		t.Fatal(err)
	}
	adds := func(member, channel, ts string) {
		t.Helper()
		if err := w.slack.Shortcut(playground.Shortcut{Member: member, Channel: channel, TS: ts, CallbackID: actAddToFile}); err != nil {
			t.Fatal(err)
		}
	}
	adds(bram, room.ID, ts)
	w.said(room.ID, bram, "Dit bericht staat nu in het dossier.")
	e := w.lastEvent(number, cases.Noted)
	if e.Words[cases.FieldText] != words("she rang me & said <so>") || e.Data["author"] != anna || e.By != cases.By(bram) {
		t.Errorf("the note is %+v", e)
	}
	adds(bram, room.ID, ts)
	w.said(room.ID, bram, "Dit bericht stond al in het dossier.")
	adds(bram, room.ID, w.message(room.ID, "heeft de zaak opgepakt").TS)
	w.said(room.ID, bram, "Dit bericht is van Gehoor.")
	if n := count(w.events(number), cases.Noted); n != 2 {
		t.Errorf("%d notes are in the file", n)
	}

	elsewhere, err := w.slack.Message(bram, board, "lunch?")
	if err != nil {
		t.Fatal(err)
	}
	adds(bram, board, elsewhere)
	w.said(board, bram, "Dit kan alleen in de kamer van een zaak.")
	if slices.Contains(w.events(number), cases.Refused) {
		t.Error("a message from elsewhere was recorded as a try")
	}
}

func TestARoomClosesOnceItShowsWhatBecameOfTheLastLetter(t *testing.T) {
	for name, c := range map[string]struct {
		fails *playground.MailFailure
		shows string
	}{
		"it arrives": {nil, "*Schriftelijke bevestiging* via e-mail: verstuurd"},
		"it is lost": {&playground.MailFailure{Code: 550}, "*Schriftelijke bevestiging* via e-mail: niet aangekomen"},
	} {
		t.Run(name, func(t *testing.T) {
			w := reachable(t, func(*cases.Procedure) {})
			number := w.complains(withMail)
			w.take(bram, number)
			room, _ := w.room(number)
			told := make(chan struct{})
			w.play.Mail().Fail(func(_, _ string) *playground.MailFailure {
				<-told
				return c.fails
			})
			release := sync.OnceFunc(func() { close(told) })
			t.Cleanup(release)
			w.opensFrom(bram, number, actClose, "Uitkomst")
			w.submit(bram, fields{fieldOutcome: "upheld", fieldSolution: words("a new bill")})
			w.view(bram, "Zo leest de klager het")
			w.submit(bram, nil)
			w.message(room.ID, words("a new bill"), "via e-mail: wordt verstuurd")
			release()
			w.message(room.ID, words("a new bill"), c.shows)
			w.until("the room to be archived", func() bool { c, _ := w.slack.Channel(room.ID); return c.Archived })
			w.quiet()
			w.message(room.ID, words("a new bill"), c.shows)
		})
	}
}

func TestACaseLapsesAndItsComplainantIsTold(t *testing.T) {
	w := newWorld(t)
	number, room, _ := w.taken()
	w.opensFrom(bram, number, actLapse, "Wat is er gebeurd?")
	w.submit(bram, fields{fieldEnd: endSilent, fieldText: words("we heard nothing")})
	w.view(bram, "Zo leest de klager het", words("we heard nothing"))
	w.submit(bram, nil)
	w.noView(bram)
	w.toldOf(number, cases.LapseNotice)
	w.until("the room to be archived", func() bool { c, _ := w.slack.Channel(room.ID); return c.Archived })
	if c := w.file(number).Case; c.Open() || c.Outcome != cases.OutcomeLapsed {
		t.Errorf("the case is %s, %s", c.Stage, c.Outcome)
	}

	other := w.complains()
	w.take(bram, other)
	w.opensFrom(bram, other, actLapse, "Wat is er gebeurd?")
	w.submit(bram, fields{fieldEnd: endWithdrawn, fieldText: words("she rang")})
	w.view(bram, "Zo leest de klager het")
	w.submit(bram, nil)
	w.toldOf(other, cases.WithdrawalNotice)
	if c := w.file(other).Case; c.Outcome != cases.OutcomeWithdrawn {
		t.Errorf("the case is %s, %s", c.Stage, c.Outcome)
	}
}

func TestWhatMovedOnMeanwhileIsSaidAndNothingHappens(t *testing.T) {
	w := newWorld(t)
	number, room, _ := w.taken()
	w.opensFrom(bram, number, actPropose, "Uw voorstel")
	w.submit(bram, fields{fieldSolution: words("a refund")})
	w.view(bram, "Zo leest de klager het")
	w.in(7001, func(turn *postgres.Turn) error { return turn.Withdraw(number, "") })
	w.message(room.ID, "heeft de zaak ingetrokken")
	w.submit(bram, nil)
	w.problem(bram, fieldSolution, "Zaak K-2026-0001 is afgesloten.")
	if n := count(w.events(number), cases.Proposed); n != 0 {
		t.Error("a solution was proposed in a closed case")
	}
}

// buttonOf is the value of a button in a message.
func buttonOf(t *testing.T, m playground.SlackMessage, action string) string {
	t.Helper()
	var blocks []struct {
		Elements []struct {
			ActionID string `json:"action_id"`
			Value    string `json:"value"`
		} `json:"elements"`
	}
	if err := json.Unmarshal(m.Blocks, &blocks); err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks {
		for _, e := range b.Elements {
			if e.ActionID == action {
				return e.Value
			}
		}
	}
	t.Fatalf("the message has no button %s", action)
	return ""
}

func TestEachChoiceAndQuestionFitsItsPlace(t *testing.T) {
	limits := map[int][]string{
		maxTitle: {"parties.title", "form.write-up.title", "form.write-up.submit"},
		maxOption: {
			"form.lapse.end.silent", "form.lapse.end.withdrawn", "form.party.answer.account", "form.party.answer.decline", "form.consent.answer.agree",
			"form.consent.answer.object", "form.approve.verdict.yes", "form.approve.verdict.back", "form.agree-by-call.heard.yes", "form.assess.safety.yes",
			"form.assess.scope.yes", "form.write.question.yes", "form.add-party.sure.yes", "form.invite.agreed.yes", "form.foresee.told.then", "form.foresee.told.now", "form.write-up.formal.yes", "form.close.outcome.of-points", "form.button.add-point",
			"form.button.add-measure", "told.telephone", "told.letter", "told.email",
		},
		maxConfirmTitle:  {"recuse.title", "party.no-answer.title"},
		maxConfirm:       {"recuse.text", "party.no-answer.text"},
		maxConfirmButton: {"recuse.yes", "party.no-answer.yes", "form.button.cancel"},
	}
	for _, m := range cases.Manners {
		limits[maxOption] = append(limits[maxOption], "manner."+string(m))
	}
	for _, g := range cases.LevelsOf {
		limits[maxOption] = append(limits[maxOption], "level."+string(g))
	}
	for _, l := range i18n.Languages {
		for limit, keys := range limits {
			for _, key := range keys {
				if said := i18n.T(key, "number", "K-2026-12345").In(l); length(said) > limit {
					t.Errorf("%s in %s has %d characters, and %d fit: %s", key, l, length(said), limit, said)
				}
			}
		}
	}
}

func TestEachPartOfALongFileIsOnePressAway(t *testing.T) {
	w := newWorld(t)
	number := w.complains(func(a cases.Words) { a[cases.FieldProblem] = strings.Repeat("Een lange zin. ", 9_000) + canary })
	w.press(bram, board, w.card(number), actFile)
	first := w.view(bram, "Pagina 1 van", "Wat de klager vertelde")
	if strings.Contains(first.AllText(), "De klager diende") {
		t.Fatal("it is all on one page")
	}
	w.pressIn(bram, actPart+"timeline")
	w.view(bram, "Wat er gebeurde", "Vorige pagina")
	w.pressIn(bram, actPart+"answers")
	w.view(bram, "Pagina 1 van")
	w.close(bram)
}

func TestEveryFormOpensInEnglishAsWell(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(chris, number)
	for action, texts := range map[string][]string{
		actAssess: {"Your first view of case", "How serious is it?"}, actWrite: {"Your message", "Is this a question?"},
		actSpeak: {"How was the contact?", "at our office"}, actHear: {"Nobody has been named yet."}, actPropose: {"nobody has been heard yet"},
		actClose: {"Another point", "Another measure"}, actExtend: {"Why is it taking longer?"}, actLapse: {"does not answer any more"},
		actNote: {"The complainant does not get this."}, actFile: {"What the complainant told us", "Make a note", "Recuse myself, because…"},
		actAssign: {"Who handles case"},
	} {
		room, pinned := w.room(number)
		w.press(chris, room.ID, pinned, action)
		v := w.view(chris, texts...)
		if strings.Contains(v.AllText(), "klager") {
			t.Errorf("the form of %s is not all in English: %s", action, v.AllText())
		}
		w.close(chris)
	}
	if err := w.slack.Command(playground.Command{Member: chris, Channel: board, Command: "/complaint", Text: "new"}); err != nil {
		t.Fatal(err)
	}
	w.view(chris, "Write down what the complainant told", "The complainant expressly wants the formal procedure")
	w.close(chris)
}

// lastOf is the last event of a kind; 0: there is none.
func lastOf(f *cases.File, kind cases.EventKind) int {
	if f == nil {
		return 0
	}
	for n := len(f.Events); n > 0; n-- {
		if f.Events[n-1].Kind == kind {
			return n
		}
	}
	return 0
}
