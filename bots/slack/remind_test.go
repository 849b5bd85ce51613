package slack

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
)

// manyOwned files complaints and has a member own them all.
func (w *world) manyOwned(member string, n int) (numbers []cases.Number) {
	w.t.Helper()
	for range n {
		number := w.complains()
		who := w.who(member)
		w.alters(number, func(c *cases.Case, now time.Time) error { return c.Take(who, now) })
		numbers = append(numbers, number)
	}
	w.quiet()
	return numbers
}

// shows waits until a message of a channel has all of the texts, and returns it.
func (w *world) shows(channel, ts string, texts ...string) (found playground.SlackMessage) {
	w.t.Helper()
	w.until(fmt.Sprintf("the message to say %q", texts), func() bool {
		found = w.at(channel, ts)
		return has(found.AllText(), texts...)
	})
	return found
}

func (w *world) at(channel, ts string) playground.SlackMessage {
	c, _ := w.slack.Channel(channel)
	for _, m := range c.Messages {
		if m.TS == ts {
			return m
		}
	}
	return playground.SlackMessage{}
}

// pressOf clicks the button of one case in a message with many.
func (w *world) pressOf(member, channel string, m playground.SlackMessage, number cases.Number, action string) {
	w.t.Helper()
	block := ""
	for part := range strings.SplitSeq(string(m.Blocks), `"block_id":"`) {
		if id, _, _ := strings.Cut(part, `"`); strings.HasPrefix(id, blockReminder+string(number)+".") {
			block = id
		}
	}
	if err := w.slack.Click(playground.Click{Member: member, Channel: channel, TS: m.TS, BlockID: block, ActionID: action}); err != nil {
		w.t.Fatalf("%s presses %s of %s: %v", member, action, number, err)
	}
}

func TestAMemberGetsOneMessageForAllThatWaits(t *testing.T) {
	w := newWorld(t)
	numbers := w.manyOwned(bram, 3)
	direct := w.slack.Direct(bram).ID
	w.turn(3 * aDay) // Wednesday: nobody spoke with any of the complainants
	m := w.message(direct, "Er wachten 3 herinneringen op u.", "heeft nog niemand de klager persoonlijk gesproken", "Uiterlijk woensdag 25 november 2026.")
	w.quiet()
	if n := len(w.slack.Direct(bram).Messages); n != 1 {
		t.Errorf("%d messages", n)
	}
	if m.Text != "Er wachten 3 herinneringen op u: K-2026-0001, K-2026-0002, K-2026-0003." {
		t.Errorf("a notification shows %q", m.Text)
	}
	// One is seen to, one is put off, of one the contact is recorded.
	w.pressOf(bram, direct, m, numbers[0], actMind)
	w.said(direct, bram, "U zorgt hiervoor. Gebeurt er 2 werkdagen niets in zaak K-2026-0001, dan volgt weer een herinnering.")
	m = w.shows(direct, m.TS, mention(bram)+" zorgt hiervoor.")
	w.pressOf(bram, direct, m, numbers[1], actSnooze+laterSoon)
	w.said(direct, bram, "U krijgt weer een herinnering: woensdag 25 november 2026 om 12.15")
	m = w.shows(direct, m.TS, "U krijgt weer een herinnering: woensdag 25 november 2026 om 12.15")
	w.pressOf(bram, direct, m, numbers[2], actSpeak)
	w.view(bram, "Persoonlijk contact")
	w.submit(bram, fields{fieldSteps: words("steps"), fieldNote: words("note")})
	w.view(bram, "Zo leest de klager het")
	w.submit(bram, nil)
	m = w.shows(direct, m.TS, "Zaak K-2026-0003: dit is gedaan, of niet meer nodig.")
	for _, e := range w.file(numbers[0]).Events {
		if e.Kind == cases.Minded && (e.Data["milestone"] != "contacted" || e.By != cases.By(bram)) {
			t.Errorf("the file has %+v", e)
		}
	}
	// Two hours later the one that was put off comes again; the one that is seen to does not.
	w.turn(2*time.Hour + time.Minute)
	w.message(direct, "In zaak K-2026-0002 heeft nog niemand", "U vroeg om deze herinnering later nog eens te krijgen.")
	w.turn(aDay)
	w.quiet()
	if c := w.slack.Direct(bram); slices.ContainsFunc(c.Messages[1:], func(m playground.SlackMessage) bool { return has(m.AllText(), "K-2026-0001") && m.Ephemeral == "" }) {
		t.Error("what somebody sees to is reminded of the next day")
	}
}

func TestWhatSomebodySeesToIsRemindedOfAgainWhenNothingFollows(t *testing.T) {
	w := newWorld(t)
	number := w.manyOwned(bram, 1)[0]
	direct := w.slack.Direct(bram).ID
	w.turn(3 * aDay)
	m := w.message(direct, "In zaak K-2026-0001 heeft nog niemand")
	w.press(bram, direct, m, actMind)
	w.shows(direct, m.TS, mention(bram)+" zorgt hiervoor.")
	room, _ := w.room(number)
	w.message(room.ID, mention(bram)+" zorgt hiervoor: er is nog geen persoonlijk contact met de klager.")
	w.turn(2*aDay + time.Hour) // Friday
	w.quiet()
	reminded := 0
	for _, e := range w.file(number).Events {
		if e.Kind == cases.Reminded && (e.Data["milestone"] == "contacted" || has(e.Data["also"], "contacted")) {
			reminded++
		}
	}
	if reminded != 2 {
		t.Errorf("they are reminded %d times", reminded)
	}
}

func TestAPressThatComesLateOrTwiceOrFromAnotherIsAnsweredHonestly(t *testing.T) {
	w := newWorld(t)
	number := w.manyOwned(bram, 1)[0]
	bramsChat := w.slack.Direct(bram).ID
	w.turn(3 * aDay)
	m := w.message(bramsChat, "In zaak K-2026-0001 heeft nog niemand")
	w.turn(aDay)
	w.message(w.slack.Direct(anna).ID, "In zaak K-2026-0001 heeft nog niemand")
	w.turn(aDay)
	later := w.message(board, "In zaak K-2026-0001 heeft nog niemand", "Dit bericht ging eerder naar "+mention(bram)+", "+mention(anna)+".")
	w.press(bram, bramsChat, m, actMind)
	w.shows(bramsChat, m.TS, mention(bram)+" zorgt hiervoor.")
	w.shows(board, later.TS, mention(bram)+" zorgt hiervoor.")
	w.press(dewi, board, w.at(board, later.TS), actFile)
	w.view(dewi, "Wat de klager vertelde")
	w.close(dewi)

	// The button is gone from the message; who pressed before that hears why it does nothing.
	again := func(member, channel, action, value, want string) {
		t.Helper()
		if err := w.slack.Click(playground.Click{Member: member, Channel: channel, TS: later.TS, ActionID: action}); err == nil {
			t.Errorf("%s can still press %s", member, action)
		}
		i := interaction{TriggerID: "again-" + member + action + value, Actions: []pressedButton{{ActionID: action, Value: value, BlockID: blockReminder + "x"}}}
		i.User.ID, i.Channel.ID, i.Message.TS = member, channel, later.TS
		if err := w.bot.pressed(t.Context(), i, &reply{send: func(any) error { return nil }}); err != nil {
			t.Fatal(err)
		}
		w.said(channel, member, want)
	}
	c, _ := w.slack.Channel(board)
	again(bram, c.ID, actMind, string(number)+" contacted.0", "U zorgt hier al voor in zaak K-2026-0001.")
	again(dewi, c.ID, actMind, string(number)+" contacted.0", mention(bram)+" zorgt hier al voor in zaak K-2026-0001.")
	again(dewi, c.ID, actSnooze+laterSoon, string(number)+" contacted.0.1", "Dat moment is voorbij, of te ver weg.")
	again(dewi, c.ID, actSnooze+laterNext, string(number)+" contacted.0.9999999999", "Dat moment is voorbij, of te ver weg.")
	again(dewi, c.ID, actMind, string(number)+" nonsense.7", "Dit is in zaak K-2026-0001 al gedaan, of niet meer nodig.")
	again(dewi, c.ID, actMind, string(number)+" owned.0", "Dit is in zaak K-2026-0001 al gedaan, of niet meer nodig.")
	who := w.who(bram)
	w.alters(number, func(c *cases.Case, now time.Time) error {
		return c.Speak(who, now, "", words("steps"), now)
	})
	w.shows(board, later.TS, "Zaak K-2026-0001: dit is gedaan, of niet meer nodig.")
	again(dewi, c.ID, actMind, string(number)+" contacted.0", "Dit is in zaak K-2026-0001 al gedaan, of niet meer nodig.")
}

func TestMoreRemindersThanFitInAMessageComeBehindButtons(t *testing.T) {
	w := newWorld(t)
	const many = reminderMost + reminderRest + 3
	numbers := w.manyOwned(bram, many)
	direct := w.slack.Direct(bram).ID
	w.turn(3 * aDay)
	m := w.message(direct, fmt.Sprintf("Er wachten %d herinneringen op u.", many), "En nog 33 herinneringen:", "Toon 13 t/m 42", "Toon 43 t/m 45")
	shown := func(text string) (n int) {
		for _, number := range numbers {
			if strings.Contains(text, "In zaak "+string(number)+" ") {
				n++
			}
		}
		return n
	}
	if n := shown(m.AllText()); n != reminderMost {
		t.Errorf("the message shows %d cases", n)
	}
	w.press(bram, direct, m, actRest+"0")
	if n := shown(w.view(bram, "heeft nog niemand de klager").AllText()); n != reminderRest {
		t.Errorf("the first window shows %d cases", n)
	}
	w.close(bram)
	w.press(bram, direct, m, actRest+"1")
	v := w.view(bram, "heeft nog niemand de klager", "Ik zorg hiervoor")
	if n := shown(v.AllText()); n != 3 {
		t.Errorf("the second window shows %d cases", n)
	}
	w.quiet()
	for _, number := range numbers {
		if n := count(w.events(number), cases.Reminded); n != 1 {
			t.Errorf("%s was reminded of %d times", number, n)
		}
	}
}

func TestWhoIsExcludedLosesTheirPartOfARemindersMessage(t *testing.T) {
	w := newWorld(t)
	numbers := w.manyOwned(bram, 2)
	direct := w.slack.Direct(bram).ID
	w.turn(3 * aDay)
	m := w.message(direct, "Er wachten 2 herinneringen op u.", string(numbers[0]), string(numbers[1]))
	anna := w.who(anna)
	w.alters(numbers[0], func(c *cases.Case, now time.Time) error {
		return c.Exclude(anna, bram, words("why"), w.store.Procedure(), now)
	})
	w.until("his message to lose the case", func() bool {
		now := w.at(direct, m.TS)
		return !strings.Contains(now.AllText()+string(now.Blocks)+string(now.Metadata), string(numbers[0]))
	})
	if now := w.at(direct, m.TS); !has(now.AllText(), "In zaak "+string(numbers[1])) {
		t.Errorf("the other case is lost as well: %s", now.AllText())
	}
	w.turn(aDay)
	w.quiet()
	for _, m := range w.slack.Direct(bram).Messages {
		if strings.Contains(m.AllText()+string(m.Blocks)+string(m.Metadata), string(numbers[0])) {
			t.Errorf("he still reads of it: %s", m.AllText())
		}
	}
	w.pries(bram, numbers[0], "why")
	w.keptFrom(bram, "why")
}

func TestAReminderSaysWhoIsAwayInTheReadersLanguage(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.Deputy = chris })
	number := w.manyOwned(bram, 1)[0]
	if m := w.command(bram, board, "afwezig morgen t/m vrijdag"); !has(m.AllText(), "U bent afwezig van maandag 23 november 2026 tot en met vrijdag 27 november 2026.",
		"Herinneringen over 1 zaak gaan intussen naar "+mention(chris)+": K-2026-0001.") {
		t.Errorf("he hears:\n%s", m.AllText())
	}
	w.turn(3 * aDay)
	m := w.message(w.slack.Direct(chris).ID, "In case K-2026-0001 nobody has spoken", "<@U2> is away until Friday 27 November 2026, that day included. That is why this comes here.", "I'll see to it")
	w.press(chris, w.slack.Direct(chris).ID, m, actMind)
	w.said(w.slack.Direct(chris).ID, chris, "You are seeing to this. If nothing happens in case K-2026-0001 for 2 working days, there will be a reminder again.")
	w.quiet()
	if n := len(w.slack.Direct(bram).Messages); n != 0 {
		t.Errorf("%d messages to who is away", n)
	}
	_ = number
}

func TestADeputyReadsWhoHadAReminderBeforeThemAndNotWhoIsStillToGetIt(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Clock.Most, p.Committee.Deputy = 1, dewi })
	w.play.Turn(aDay) // Monday at a quarter past ten
	had := w.manyOwned(bram, 1)[0]
	w.play.Turn(30 * time.Minute)
	held := w.manyOwned(bram, 1)[0]
	w.turn(2*aDay - 30*time.Minute)
	w.message(w.slack.Direct(bram).ID, "In zaak "+string(had)+" heeft nog niemand")
	w.turn(30 * time.Minute) // the second is over what Bram gets on a day
	w.until("the second to wait", func() bool { return w.holds() && w.waits() == 1 })
	w.turnWaiting(21*time.Hour + 20*time.Minute) // Thursday, five past eight; nine o'clock is still to come
	m := w.message(w.slack.Direct(dewi).ID, string(had), string(held), "Er wachten 2 herinneringen op u.")
	if n := len(w.slack.Direct(bram).Messages); n != 1 {
		t.Fatalf("Bram has %d messages", n)
	}
	before := "Dit bericht ging eerder naar " + mention(bram) + "."
	_, first, _ := strings.Cut(m.AllText(), "In zaak "+string(had))
	first, second, _ := strings.Cut(first, "In zaak "+string(held))
	if !has(first, before) || strings.Contains(second, "ging eerder naar") {
		t.Errorf("Dewi reads:\n%s", m.AllText())
	}
	w.turnWaiting(time.Hour)
	w.message(w.slack.Direct(bram).ID, "In zaak "+string(held)+" heeft nog niemand")
	w.until("what waited to be told", func() bool { return w.waits() == 0 })
	direct := w.slack.Direct(dewi).ID
	w.pressOf(dewi, direct, m, had, actMind)
	m = w.shows(direct, m.TS, mention(dewi)+" zorgt hiervoor.")
	if n := strings.Count(m.AllText(), "ging eerder naar"); n > 1 {
		t.Errorf("what came to Bram after it came to Dewi is said to have come before:\n%s", m.AllText())
	}
}
