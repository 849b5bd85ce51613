package slack

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
)

// inside says whether a member is in a channel.
func (w *world) inside(member, channel string) bool {
	c, _ := w.slack.Channel(channel)
	return slices.Contains(c.Members, member)
}

func TestNobodySeesACaseBeforeTheNamesOfTheWorkspaceAreKnown(t *testing.T) {
	w := newWorld(t)
	w.until("the names to be known", func() bool { _, ok := w.bot.directory.find(bram); return ok })
	w.bot.directory.mu.Lock()
	w.bot.directory.at = sunday // long ago
	w.bot.directory.mu.Unlock()
	w.goesWrong(fails("users.list", -1, playground.Failure{Status: http.StatusOK, Description: "missing_scope"}))
	number := w.files(aboutWhom("Bram"))
	w.until("an admin to be told", func() bool { return strings.Contains(w.logs.String(), "the people of the workspace can't be listed") })
	w.until("readiness to say so", func() bool { return w.bot.check(t.Context()) != nil })
	if m := w.command(anna, board, "toon "+string(number)); !has(m.AllText(), "wordt nog klaargezet") {
		t.Errorf("/klacht toon says:\n%s", m.AllText())
	}
	if m := w.command(anna, board, "lijst"); strings.Contains(m.AllText(), string(number)) {
		t.Errorf("/klacht lijst says:\n%s", m.AllText())
	}
	channel, _ := w.slack.Channel(board)
	if slices.ContainsFunc(channel.Messages, func(m playground.SlackMessage) bool { return m.Ephemeral == "" }) {
		t.Error("there is a card")
	}
	w.goesWrong(nil)
	w.card(number)
	w.direct(anna, number)
	w.until("readiness to be well again", func() bool { return w.bot.check(t.Context()) == nil })
	if n := strings.Count(w.logs.String(), "the people of the workspace can't be listed"); n > 2 {
		t.Errorf("an admin is told %d times", n)
	}
}

func TestNeitherTheBotNorAnotherBotIsExcluded(t *testing.T) {
	w := newWorld(t)
	w.slack.AddMember(playground.Member{ID: "UBOT", Name: "Postbode (invented)", Bot: true})
	number := w.complains(aboutWhom("Gehoor en de Postbode"))
	if all := w.file(number).Case.Excluded; len(all) > 0 {
		t.Errorf("excluded are %v", all)
	}
}

func TestWhoEntersARoomAndMayNotIsPutOutAndWhoPresidesHears(t *testing.T) {
	w := newWorld(t)
	number := w.complains(aboutWhom("Dewi"))
	w.press(bram, w.slack.Direct(bram).ID, w.direct(bram, number), actTake)
	room, _ := w.room(number)
	if err := w.slack.Invite(bram, dewi, room.ID); err != nil {
		t.Fatal(err)
	}
	m := w.message(w.slack.Direct(anna).ID, mention(bram)+" vroeg "+mention(dewi)+" in de kamer van zaak "+string(number))
	if strings.Contains(m.AllText(), canary) {
		t.Error("it has words")
	}
	w.until("Dewi to be out", func() bool { return !w.inside(dewi, room.ID) })
	w.until("it to be on file", func() bool { return count(w.events(number), cases.Refused) == 1 })
	for _, d := range w.slack.Deliveries() {
		if d.Type == "member_joined_channel" {
			_ = w.slack.Redeliver(d.ID)
		}
	}
	w.quiet()
	if n := count(w.events(number), cases.Refused); n != 1 {
		t.Errorf("it is on file %d times", n)
	}
}

func TestARoomSurvivesWhatIsDoneToIt(t *testing.T) {
	for name, story := range map[string]func(w *world, room playground.Channel) error{
		"archived":   func(w *world, r playground.Channel) error { return w.slack.Archive(bram, r.ID, true) },
		"deleted":    func(w *world, r playground.Channel) error { return w.slack.DeleteChannel(r.ID) },
		"thrown out": func(w *world, r playground.Channel) error { return w.slack.Remove(bram, playground.BotUserID, r.ID) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			number := w.complains()
			w.take(bram, number)
			room, _ := w.room(number)
			w.message(room.ID, "heeft de zaak opgepakt")
			if err := story(w, room); err != nil {
				t.Fatal(err)
			}
			var other playground.Channel
			w.until("another room", func() bool {
				at, err := w.store.Surface(t.Context(), number, placeRoom)
				other, _ = w.slack.Channel(at.Channel)
				return err == nil && at.Channel != room.ID && slices.Contains(other.Members, bram)
			})
			m := w.message(board, "De kamer van zaak "+string(number)+" was weg of gesloten.")
			if strings.Contains(m.AllText(), canary) {
				t.Error("it has words")
			}
			w.replies(7001, number, words("answer"))
			w.message(other.ID, words("answer"))
		})
	}
}

func TestARoomThatIsRenamedGetsItsOwnNameAgain(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	room, _ := w.room(number)
	if err := w.slack.RenameChannel(bram, room.ID, "klacht-over-iemand"); err != nil {
		t.Fatal(err)
	}
	w.until("its own name", func() bool { c, _ := w.slack.Channel(room.ID); return c.Name == "k-2026-0001" })
	w.message(board, "De kamer van zaak "+string(number)+" had een andere naam gekregen.")
}

func TestALostChannelIsToldToTheAdminAndTheChair(t *testing.T) {
	w := newWorld(t)
	w.complains()
	if err := w.slack.RenameChannel(anna, board, "klachten-2"); err != nil {
		t.Fatal(err)
	}
	w.message("klachten-2", "Dit kanaal heeft een andere naam gekregen.")
	if err := w.slack.Archive(anna, "klachten-2", true); err != nil {
		t.Fatal(err)
	}
	w.message(w.slack.Direct(anna).ID, "Ik ben niet meer in het kanaal van de klachtencommissie")
	w.until("an admin to be told", func() bool {
		return has(w.logs.String(), "has another name than the settings", "the committee's channel is lost")
	})
}

func TestTheCasesOfWhoLeavesTheCommitteeAreSaidOnce(t *testing.T) {
	for name, leaves := range map[string]func(w *world) error{
		"left":        func(w *world) error { return w.slack.Leave(bram, board) },
		"deactivated": func(w *world) error { return w.slack.Deactivate(bram, true) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			first, second := w.complains(), w.complains()
			w.take(bram, first)
			w.take(bram, second)
			w.room(first)
			w.room(second)
			w.quiet()
			if err := leaves(w); err != nil {
				t.Fatal(err)
			}
			said := func(number cases.Number) (n int) {
				c, _ := w.slack.Channel(board)
				for _, m := range c.Messages {
					if has(m.AllText(), mention(bram)+" kan zaak "+string(number)+" niet meer behandelen") {
						n++
					}
				}
				return n
			}
			w.until("both to be said", func() bool { return said(first) == 1 && said(second) == 1 })
			for range 2 {
				if err := w.bot.Refresh(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if said(first) != 1 || said(second) != 1 {
				t.Errorf("said %d and %d times", said(first), said(second))
			}
			w.press(chris, board, w.message(board, "kan zaak "+string(first)+" niet meer"), actAssign)
			w.view(chris, "Who handles case")
			w.submit(chris, fields{fieldTo: dewi})
			w.card(first, mention(dewi))
		})
	}
}

func TestWhoIsNewInTheWorkspaceOrNewlyNamedIsHeldAgainstTheOpenCases(t *testing.T) {
	w := newWorld(t)
	number := w.complains(aboutWhom("Fatima Oosterveld van de planning"))
	if all := w.file(number).Case.Excluded; len(all) > 0 {
		t.Fatalf("excluded are %v", all)
	}
	w.slack.AddMember(playground.Member{ID: "U9", Name: "Fatima Oosterveld (invented)", Locale: "nl-NL"})
	if err := w.slack.Rename(dewi, "Fatima (invented)"); err != nil {
		t.Fatal(err)
	}
	w.until("both to be excluded", func() bool {
		c := w.file(number).Case
		return c.Excludes("U9") && c.Excludes(dewi)
	})
	w.direct(bram, number)
	if err := w.slack.Join("U9", board); err != nil {
		t.Fatal(err)
	}
	w.pries("U9", number, canary)
	w.quiet()
	w.keptFrom("U9", canary)
}

func TestWhoCameWhileNobodyListenedIsFoundByTheNightlyLook(t *testing.T) {
	w := newWorld(t)
	number := w.complains(aboutWhom("Fatima Oosterveld van de planning"))
	w.quiet()
	w.slack.AddMember(playground.Member{ID: "U9", Name: "Iemand (invented)", Locale: "nl-NL"})
	w.until("the new member to be known", func() bool { _, ok := w.bot.directory.find("U9"); return ok })
	w.bot.directory.mu.Lock() // as if Slack had told another process, or none
	w.bot.directory.people["U9"] = profile{ID: "U9", Name: "Fatima", Names: []string{"Fatima Oosterveld"}}
	w.bot.directory.met = nil
	w.bot.directory.mu.Unlock()
	for range 2 {
		if err := w.bot.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w.until("them to be excluded", func() bool { c := w.file(number).Case; return c.Excludes("U9") })
	if n := count(w.events(number), cases.Excluded); n != 1 {
		t.Errorf("excluded %d times", n)
	}
}

func TestACaseThatNobodyMayHandleIsSaidToTheAdminAndTheComplainant(t *testing.T) {
	w := newWorld(t)
	number := w.complains(aboutWhom("Anna, Bram, Chris en Dewi"))
	m := w.message(board, "Zaak "+string(number)+": niemand van de commissie mag deze zaak behandelen.")
	if strings.Contains(string(m.Blocks), `"button"`) {
		t.Error("it has a button")
	}
	w.until("an admin to be told", func() bool { return strings.Contains(w.logs.String(), "nobody of the committee may handle a case") })
	w.until("the complainant to hear", func() bool { _, ok := w.told.Load(string(number) + "/nobody"); return ok })
	w.quiet()
	for _, member := range []string{anna, bram, chris, dewi} {
		w.keptFrom(member, canary)
	}
	// Somebody comes who may.
	if err := w.slack.Join(eve, board); err != nil {
		t.Fatal(err)
	}
	if m := w.command(eve, board, string(number)); !has(m.AllText(), "Oppakken") {
		t.Errorf("Eve, who is of the committee now, sees:\n%s", m.AllText())
	}
}

func TestRolesComeFromGroupsAndLists(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) {
		p.Committee.Members = cases.Roster{Group: "SCOMMITTEE"}
		p.Committee.Representatives = cases.Roster{List: []cases.Member{bram, eve}}
		p.Committee.Intake = cases.Roster{Group: "SINTAKE", List: []cases.Member{chris}}
	}, func(o *playground.Options, _ *Config) {
		o.Usergroups = []playground.Usergroup{
			{ID: "SCOMMITTEE", Handle: "commissie", Name: "Commissie", Members: []string{anna, bram, eve}},
			{ID: "SINTAKE", Handle: "intake", Name: "Intake", Members: []string{eve}},
		}
	})
	for member, want := range map[string][3]bool{ // of the committee, a representative, intake
		anna: {true, false, false}, bram: {true, true, false}, chris: {false, false, true}, dewi: {false, false, false},
		eve:                  {false, false, true}, // not in the channel
		playground.BotUserID: {false, false, false},
	} {
		who := w.who(member)
		if got := [3]bool{who.Committee, who.Representative, who.Intake}; got != want {
			t.Errorf("%s is %v, want %v", member, got, want)
		}
	}
	if m := w.command(eve, w.slack.Direct(eve).ID, "help"); !has(m.AllText(), "/klacht nieuw") || has(m.AllText(), "lijst") {
		t.Errorf("intake is told:\n%s", m.AllText())
	}
	if m := w.command(eve, w.slack.Direct(eve).ID, "lijst"); !has(m.AllText(), "alleen voor leden van de klachtencommissie") {
		t.Errorf("intake is told:\n%s", m.AllText())
	}
	if err := w.slack.Command(playground.Command{Member: eve, Channel: w.slack.Direct(eve).ID, Command: "/klacht", Text: "nieuw"}); err != nil {
		t.Fatal(err)
	}
	w.view(eve, "schrij")

	// A group that can't be asked for gives nobody its role, and that is said once.
	w.goesWrong(fails("usergroups.users.list", -1, playground.Failure{Status: http.StatusOK, Description: "no_such_subteam"}))
	w.bot.people.mu.Lock()
	clear(w.bot.people.groups)
	w.bot.people.mu.Unlock()
	if _, err := w.bot.person(t.Context(), anna); err == nil {
		t.Error("who is of the committee is known without the group that says so")
	}
	for range 3 {
		if m := w.command(anna, board, "lijst"); !has(m.AllText(), "niet gelukt") {
			t.Errorf("Anna is told:\n%s", m.AllText())
		}
	}
	if n := strings.Count(w.logs.String(), "who is in a user group is not known"); n != 1 {
		t.Errorf("it is said %d times", n)
	}
}

func TestAButtonOfAnotherCaseIsAnsweredByTheRulesOfThatCase(t *testing.T) {
	w := newWorld(t)
	mine, theirs := w.complains(), w.complains(aboutWhom("Bram"))
	w.take(bram, mine)
	room, _ := w.room(mine)
	w.direct(anna, theirs)
	for n, action := range []string{actTake, actWrite, actFile, actEnter, actAssess} {
		w.forged(buttonPress(bram, room.ID, action, string(theirs), "another-"+action+string(rune('a'+n))))
	}
	w.said(room.ID, bram, "is voor u niet beschikbaar")
	w.quiet()
	if c := w.file(theirs); c.Case.Owner != "" || count(w.events(theirs), cases.Read) > 0 || count(w.events(theirs), cases.Refused) < 2 {
		t.Errorf("owner %q, events %v", c.Case.Owner, w.events(theirs))
	}
	w.keptFrom(bram, string(theirs)+" ·")
}

func TestTheHomeOfTheChairSaysHowTheCommitteeDoes(t *testing.T) {
	w := newWorld(t)
	first := w.complains()
	w.complains(aboutWhom("Anna"))
	w.take(bram, first)
	w.quiet()
	if err := w.slack.OpenHome(anna); err != nil {
		t.Fatal(err)
	}
	w.until("the chair's home", func() bool {
		v, ok := w.slack.Home(anna)
		return ok && has(v.AllText(), "Hoe de commissie ervoor staat", "Opgepakt*\n1", "Bram (invented)*\n1 zaak")
	})
	if v, _ := w.slack.Home(anna); strings.Contains(v.AllText(), "K-2026-0002") || strings.Contains(v.AllText(), "Ontvangen*\n1") {
		t.Errorf("it counts a case that she must see nothing of:\n%s", v.AllText())
	}
	if err := w.slack.OpenHome(bram); err != nil {
		t.Fatal(err)
	}
	w.until("a home", func() bool { v, ok := w.slack.Home(bram); return ok && has(v.AllText(), "Uw taken") })
	if v, _ := w.slack.Home(bram); strings.Contains(v.AllText(), "Hoe de commissie ervoor staat") {
		t.Error("a member sees what is for the chair")
	}
}

func TestASearchFindsWordsAndIsRecorded(t *testing.T) {
	w := newWorld(t)
	number := w.complains(func(a cases.Words) { a[cases.FieldProblem] = words("de blauwe factuur") })
	w.complains()
	m := w.command(bram, board, "zoek blauwe factuur")
	if !has(m.AllText(), "In 1 zaak staat wat u zoekt", string(number)) || strings.Contains(m.AllText(), "factuur") {
		t.Errorf("it says:\n%s", m.AllText())
	}
	if n := count(w.events(number), cases.Read); n != 1 {
		t.Errorf("%d readings are on file", n)
	}
}
