package slack

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// sees says whether a member could ever see a text: in any version of any message, window or home, in what only the program reads of
// them, in files and their names.
func (w *world) sees(member, text string) bool {
	return slices.ContainsFunc(w.slack.SeenBy(member), func(seen string) bool { return strings.Contains(seen, text) })
}

// keptFrom fails where a member could ever see one of the texts.
func (w *world) keptFrom(member string, texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		if w.sees(member, text) {
			for _, seen := range w.slack.SeenBy(member) {
				if strings.Contains(seen, text) {
					w.t.Errorf("%s saw %q: %.600s", member, text, seen)
				}
			}
		}
	}
}

// direct waits for the card of a case that a member has directly.
func (w *world) direct(member string, number cases.Number, texts ...string) playground.SlackMessage {
	w.t.Helper()
	hint := map[bool]string{true: "get this card directly", false: "deze kaart rechtstreeks"}[member == chris] // whose Slack is in English
	return w.message(w.slack.Direct(member).ID, append([]string{string(number), hint}, texts...)...)
}

// alters does something with a case as the program does, without anybody's click.
func (w *world) alters(number cases.Number, do func(*cases.Case, time.Time) error) {
	w.t.Helper()
	if _, err := w.store.Change(w.t.Context(), postgres.Claim{}, number, do); err != nil {
		w.t.Fatal(err)
	}
}

// who is a member with their roles.
func (w *world) who(member string) cases.Person {
	w.t.Helper()
	who, err := w.bot.person(w.t.Context(), member)
	if err != nil {
		w.t.Fatal(err)
	}
	return who
}

// quiet waits until all that was to be told is told.
func (w *world) quiet() {
	w.t.Helper()
	w.until("everything to be told", func() bool { return w.queue.Waiting() == 0 })
}

// pries lets a member try whatever they could: the commands, a search for the word, the home, every button there is, forged for a
// case that they have no button of, and forms.
func (w *world) pries(member string, number cases.Number, word string) {
	w.t.Helper()
	for _, text := range []string{
		"lijst", "mijn", "vrij", "te-laat", "zoek " + word, "toon " + string(number), string(number), "cijfers", "zoek " + string(number),
	} {
		m := w.command(member, board, text)
		if strings.Contains(m.AllText(), string(number)) && !strings.Contains(m.AllText(), "is voor u niet beschikbaar") && !strings.Contains(m.AllText(), "is not available to you") {
			w.t.Errorf("/klacht %s shows %s to %s:\n%s", text, number, member, m.AllText())
		}
	}
	if err := w.slack.OpenHome(member); err != nil {
		w.t.Fatal(err)
	}
	w.until("a home", func() bool { _, ok := w.slack.Home(member); return ok })
	if home, _ := w.slack.Home(member); strings.Contains(home.AllText(), string(number)) {
		w.t.Errorf("the home of %s shows %s", member, number)
	}
	channel, _ := w.slack.Channel(board)
	actions := []string{actFile, actOn, actBack, actUpload, actEnter, actTimeline, actPicture, actDigest, actRest + "0"}
	for action := range forms {
		actions = append(actions, action)
	}
	for action := range deeds {
		actions = append(actions, action)
	}
	slices.Sort(actions)
	for n, action := range actions {
		for _, value := range []string{string(number), string(number) + " 1", string(number) + " contacted.0", string(number) + ".1"} {
			trigger := strings.Join([]string{"pry", member, strconv.Itoa(len(word)), strconv.Itoa(n), strconv.Itoa(len(value))}, "-")
			if answer := w.forged(buttonPress(member, channel.ID, action, value, trigger)); strings.Contains(answer.Body.String(), canary) {
				w.t.Errorf("%s with %q is answered with words", action, value)
			}
		}
	}
	// With a click that Slack would let open a window, too.
	press := interaction{Type: "block_actions", TriggerID: "pry-file-" + member + strconv.Itoa(len(word))}
	press.User.ID = member
	if file, _, err := w.bot.readFile(w.t.Context(), press, string(number)); err == nil || file != nil {
		w.t.Errorf("%s reads the file of %s", member, number)
	}
	for _, form := range actions {
		answer := w.forged(map[string]any{
			"type": "view_submission", "trigger_id": "pry-form-" + form + member, "user": map[string]any{"id": member},
			"view": map[string]any{"id": "VPRY" + form, "callback_id": form, "private_metadata": meta{Case: string(number), Step: stepForm}.String(),
				"state": map[string]any{"values": map[string]any{fieldText: map[string]any{fieldAction: map[string]any{"type": "plain_text_input", "value": "x"}}}}},
		})
		if answer.Code == http.StatusOK && strings.Contains(answer.Body.String(), canary) {
			w.t.Errorf("the form %s is answered with words", form)
		}
	}
}

// aboutWhom makes the subject of a complaint.
func aboutWhom(text string) func(cases.Words) {
	return func(a cases.Words) { a[cases.FieldSubject] = text }
}

// Each is the whole way of a complaint, of which somebody in the channel must never see a word.
func TestWhomAComplaintIsAboutNeverSeesAWordOfIt(t *testing.T) {
	for name, story := range map[string]struct {
		culprit, handler string
		tell             func(cases.Words)
	}{
		"a member, by first name":                {bram, chris, aboutWhom("Bram van de helpdesk")},
		"a member, by a mention":                 {bram, chris, aboutWhom("het gaat over <@" + bram + ">")},
		"a member, by e-mail address":            {dewi, bram, aboutWhom("de persoon van u4@demo.invalid")},
		"the chair":                              {anna, chris, aboutWhom("Anna, en hoe zij mij te woord stond")},
		"a member, in the story":                 {chris, bram, func(a cases.Words) { a[cases.FieldProblem] = words("Toen zei Chris dat het mijn eigen schuld was.") }},
		"a member, who should not handle it":     {chris, bram, func(a cases.Words) { a[cases.FieldConflict] = "Chris liever niet" }},
		"a member, who spoke with them about it": {dewi, bram, func(a cases.Words) { a[cases.FieldPrior] = "Met Dewi gebeld" }},
		"a member, for whom it is made":          {dewi, bram, func(a cases.Words) { a[cases.FieldFor] = cases.ForAnother + " Dewi" }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.Deputy = chris })
			number := w.complains(story.tell)
			w.direct(story.handler, number)
			w.quiet()
			if !w.file(number).Case.Excludes(cases.Member(story.culprit)) {
				t.Fatal("they are not excluded")
			}
			w.press(story.handler, w.slack.Direct(story.handler).ID, w.direct(story.handler, number), actTake)
			w.card(number, mention(story.handler))
			room, pinned := w.room(number)
			w.replies(7001, number, words("answer"))
			w.message(room.ID, words("answer"))
			w.pries(story.culprit, number, canary)
			w.press(story.handler, room.ID, pinned, actFile)
			w.view(story.handler, words("answer")[:6])
			w.close(story.handler)
			w.quiet()
			w.keptFrom(story.culprit, canary)
			card := w.card(number)
			if strings.Contains(string(card.Blocks), `"button"`) || strings.Contains(card.AllText(), "Laatste") {
				t.Errorf("the card in the channel shows too much: %s", card.AllText())
			}
			if room, _ = w.slack.Channel(room.ID); slices.Contains(room.Members, story.culprit) {
				t.Error("they are in the room")
			}
			if c := w.slack.Direct(story.culprit); slices.ContainsFunc(c.Messages, func(m playground.SlackMessage) bool { return strings.Contains(m.AllText(), string(number)) }) {
				t.Error("they were told of the case directly")
			}
		})
	}
}

func TestAnOwnerWhomTheComplainantNamesLaterSeesNothingOnceWhoPresidesSaysSo(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	room, _ := w.room(number)
	w.message(room.ID, "heeft de zaak opgepakt")
	w.replies(7001, number, "Het ging eigenlijk over Bram zelf. "+words("lateword"))
	asked := w.message(w.slack.Direct(anna).ID, "staat misschien de naam van "+mention(bram))
	w.press(anna, w.slack.Direct(anna).ID, asked, actExclude)
	w.view(anna, "sluit")
	w.submit(anna, fields{fieldTo: bram, fieldText: words("reason")})
	w.direct(chris, number)
	w.direct(anna, number, "Nog niemand")
	w.until("Bram to be put out of the room", func() bool { c, _ := w.slack.Channel(room.ID); return !slices.Contains(c.Members, bram) })
	m := w.message(w.slack.Direct(anna).ID, "1 collega is uitgesloten", mention(bram), "Eerder gezien", "alles wat de behandelaar ziet", "de kamer")
	if strings.Contains(m.AllText(), canary) {
		t.Error("the message has words of the complaint")
	}
	w.message(room.ID, words("lateword")) // who has it in the file, in the room
	w.replies(7001, number, words("laterstill"))
	w.message(room.ID, words("laterstill"))
	w.pries(bram, number, "lateword")
	w.quiet()
	w.keptFrom(bram, "reason", "laterstill")
	if c := w.file(number).Case; c.Owner != "" {
		t.Errorf("the owner is %s", c.Owner)
	}
	// Somebody else takes it, in the same room.
	w.press(dewi, w.slack.Direct(dewi).ID, w.direct(dewi, number), actTake)
	w.until("Dewi to be in the room", func() bool { c, _ := w.slack.Channel(room.ID); return slices.Contains(c.Members, dewi) })
	w.quiet()
	w.keptFrom(bram, "reason", "laterstill")
}

func TestWhoIsExcludedAfterwardsLosesWhatTheyHad(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.press(anna, board, w.card(number), actAssign)
	w.view(anna, "Wie behandelt zaak")
	w.submit(anna, fields{fieldTo: bram})
	told := w.message(w.slack.Direct(bram).ID, "is aan u toegewezen")
	room, _ := w.room(number)
	w.letIn(chris, room.ID, number)
	if err := w.slack.OpenHome(bram); err != nil {
		t.Fatal(err)
	}
	w.until("a home with the case", func() bool { v, ok := w.slack.Home(bram); return ok && has(v.AllText(), string(number)) })
	w.turn(3 * aDay) // nobody did anything: the channel and the owner are reminded
	w.quiet()

	for _, culprit := range []string{bram, chris} {
		w.alters(number, func(c *cases.Case, now time.Time) error {
			return c.Exclude(w.who(anna), cases.Member(culprit), words("why "+culprit), w.store.Procedure(), now)
		})
	}
	w.direct(dewi, number)
	w.until("both to be out of the room", func() bool {
		c, _ := w.slack.Channel(room.ID)
		return !slices.Contains(c.Members, bram) && !slices.Contains(c.Members, chris)
	})
	w.until("what Bram was told to be emptied", func() bool {
		for _, m := range w.slack.Direct(bram).Messages {
			if strings.Contains(m.AllText()+string(m.Blocks)+string(m.Metadata), string(number)) {
				return false
			}
		}
		return len(w.slack.Direct(bram).Messages) > 0
	})
	for _, m := range w.slack.Direct(bram).Messages {
		if m.TS == told.TS && (m.AllText() == told.AllText() || !has(m.AllText(), "Dit bericht is er niet meer.")) {
			t.Errorf("it says: %s", m.AllText())
		}
	}
	w.until("his home to lose the case", func() bool { v, _ := w.slack.Home(bram); return !has(v.AllText(), string(number)) })
	w.until("the channel to keep no button of the case", func() bool {
		c, _ := w.slack.Channel(board)
		return !slices.ContainsFunc(c.Messages, func(m playground.SlackMessage) bool {
			return m.Ephemeral == "" && strings.Contains(string(m.Blocks), string(number)) && strings.Contains(string(m.Blocks), `"button"`)
		})
	})
	w.replies(7001, number, words("afterwards"))
	w.message(room.ID, words("afterwards"))
	for _, culprit := range []string{bram, chris} {
		w.pries(culprit, number, "afterwards")
	}
	w.quiet()
	w.keptFrom(bram, "afterwards", "why "+bram, "why "+chris)
	w.keptFrom(chris, "afterwards", "why "+chris) // of the other it may be in the room a moment earlier
}

func TestWhatTheChannelIsRemindedOfGoesDirectlyWhereSomebodyThereIsExcluded(t *testing.T) {
	w := newWorld(t)
	number := w.complains(aboutWhom("Bram"))
	w.direct(dewi, number)
	w.turn(2 * aDay) // the chair hears first
	w.message(w.slack.Direct(anna).ID, "Zaak "+string(number)+" is nog van niemand", "Oppakken")
	w.turn(aDay)
	for _, member := range []string{anna, dewi} {
		w.message(w.slack.Direct(member).ID, "Zaak "+string(number)+" is nog van niemand", "Oppakken")
	}
	w.replies(7001, number, words("anybody?"))
	w.message(w.slack.Direct(dewi).ID, "Zaak "+string(number)+": de klager heeft geschreven")
	w.quiet()
	c, _ := w.slack.Channel(board)
	if n := len(c.Messages); n != 1 {
		t.Errorf("%d messages in the channel, beside the card", n-1)
	}
	if n := len(w.slack.Direct(bram).Messages); n != 0 {
		t.Errorf("%d messages to whom it is about", n)
	}
}

func TestWhoIsClearedSeesTheCaseAgain(t *testing.T) {
	w := newWorld(t)
	number := w.complains(aboutWhom("Bram"))
	w.direct(dewi, number)
	w.alters(number, func(c *cases.Case, now time.Time) error {
		return c.Clear(w.who(anna), bram, words("another Bram"), w.store.Procedure(), now)
	})
	w.card(number, "Oppakken")
	w.take(bram, number)
	w.room(number)
	w.direct(dewi, number, mention(bram)) // and what was sent stays true
	w.replies(7001, number, "nog eens: Bram")
	w.quiet()
	if w.file(number).Case.Excludes(bram) {
		t.Error("who was cleared is excluded by the same name again")
	}
}

func TestTheChairIsExcludedAndTheDeputyPresides(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.Deputy, p.Committee.Substitute = bram, dewi })
	number := w.complains(aboutWhom("Anna"))
	m := w.message(w.slack.Direct(bram).ID, "1 collega is uitgesloten", mention(anna), "Toch toelaten")
	if strings.Contains(m.AllText(), "Eerder gezien") {
		t.Errorf("somebody had seen it: %s", m.AllText())
	}
	second := w.complains(aboutWhom("Anna en Bram"))
	w.message(w.slack.Direct(dewi).ID, string(second), "2 collega’s zijn uitgesloten", mention(anna), mention(bram))
	w.quiet()
	if c := w.slack.Direct(anna); slices.ContainsFunc(c.Messages, func(m playground.SlackMessage) bool { return has(m.AllText(), "K-2026") }) {
		t.Error("the chair was told")
	}
	if slices.ContainsFunc(w.slack.Direct(bram).Messages, func(m playground.SlackMessage) bool { return has(m.AllText(), string(second)) }) {
		t.Error("the deputy was told of a case of their own")
	}
	_ = number
}

func TestAMessageThatShowsWhatItShouldIsLeftAlone(t *testing.T) {
	w := newWorld(t)
	number := w.complains(aboutWhom("Bram"))
	w.direct(dewi, number)
	w.quiet()
	before := w.called("chat.update")
	s := &sending{bot: w.bot, slack: w.bot.slack, out: postgres.Outgoing{Number: number}}
	if err := s.surfaces(t.Context(), number); err != nil {
		t.Fatal(err)
	}
	if n := w.called("chat.update") - before; n != 0 {
		t.Errorf("%d messages are changed, and none says anything else", n)
	}
	if err := w.bot.about(number).surfaces(t.Context(), number); err != nil {
		t.Fatal(err)
	}
	if n := w.called("chat.update") - before; n < 4 { // the card, and those of three members
		t.Errorf("%d messages are shown afresh", n)
	}
}

func TestWhomALateWordNamesDoesNotReadItBeforeItsScreening(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	w.room(number)
	w.quiet()
	w.until("the names to be known", func() bool { return w.bot.directory.latest() != nil })
	w.stop() // nothing is screened or told any more
	w.replies(7001, number, "Dewi was het. "+words("lateword"))
	for who, may := range map[string]bool{dewi: false, chris: true} {
		press := interaction{Type: "block_actions", TriggerID: "read-" + who}
		press.User.ID = who
		file, _, err := w.bot.readFile(t.Context(), press, string(number))
		if (err == nil) != may || (file != nil) != may {
			t.Errorf("%s reads the file: %v", who, err)
		}
	}
	if _, _, err := w.bot.may(t.Context(), postgres.Claim{}, bram, cases.Write, string(number)); err != nil {
		t.Errorf("the owner may not write: %v", err)
	}
}
