package slack

import (
	"context"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

const aDay = 24 * time.Hour

func TestAnUnownedCaseIsAskedForWithTheChairAndThenInTheChannel(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.turn(2 * aDay) // Tuesday
	w.message(w.slack.Direct(anna).ID, "Zaak K-2026-0001 is nog van niemand. Wie pakt de zaak op?", "Oppakken", "Toewijzen")
	w.turn(aDay)
	m := w.message(board, "Zaak K-2026-0001 is nog van niemand. Wie pakt de zaak op?", "Dit bericht ging eerder naar "+mention(anna)+".", "Oppakken", "Toewijzen")
	w.press(bram, board, m, actTake)
	w.card(number, mention(bram))
	w.message(board, mention(bram)+" heeft zaak K-2026-0001 opgepakt.") // and so the reminders say
	w.message(w.slack.Direct(anna).ID, mention(bram)+" heeft zaak K-2026-0001 opgepakt.")
}

func TestTheComplainantHearsThatItIsLateAndTheChairHearsThatAReasonIsOwed(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	room, _ := w.room(number)
	w.turn(14*aDay + 9*time.Hour) // a quarter past seven in the evening of the last day
	w.until("the complainant to hear of it", func() bool { _, ok := w.told.Load(string(number) + "/late"); return ok })
	w.message(room.ID, "De klager krijgt bericht dat het langer duurt, en dat wij uiterlijk")
	w.card(number, "(vandaag)")
	w.turn(2*aDay + 15*time.Hour)
	m := w.message(w.slack.Direct(anna).ID, "Zaak K-2026-0001 is te laat, en de klager weet nog niet waarom.")
	w.press(anna, w.slack.Direct(anna).ID, m, actExtend)
	w.view(anna, "Waarom duurt het langer?")
	if err := w.bot.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.card(number, "zondag 6 december 2026 (3 dagen te laat)")
}

func TestTheDaysLeftOnTheCardsFollowTheCalendar(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.card(number, "(nog 14 dagen)")
	w.play.Turn(13 * aDay)
	if err := w.bot.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.card(number, "(nog 1 dag)")
}

func TestWhoTookATalkOverIsRemindedUntilItIsDone(t *testing.T) {
	w := newWorld(t)
	number := w.wantsToTalk()
	w.take(bram, number)
	w.turn(4 * aDay)
	w.until("the reminder", func() bool { return len(w.slack.Direct(bram).Messages) > 0 })
	m := w.message(w.slack.Direct(bram).ID, "Verzoek "+string(number)+" staat nog open.", "Verzoek afronden")
	w.press(bram, w.slack.Direct(bram).ID, m, actDone)
	w.view(bram, "Hoe ging het contact?")
}

func TestAReminderThatIsNoLongerTrueIsNotTold(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	w.goesWrong(fails("conversations.open", -1, playground.Failure{Status: 503}))
	w.turn(12 * aDay)
	w.until("a reminder to wait", func() bool { return w.called("conversations.open") > 0 })
	room, pinned := w.room(number)
	closesQuickly(w, number, room, pinned)
	w.goesWrong(nil)
	w.until("the reminder to be dropped", func() bool { return strings.Contains(w.logs.String(), "overtaken") })
	if c := w.slack.Direct(bram); len(c.Messages) != 0 {
		t.Errorf("%d messages about a closed case", len(c.Messages))
	}
}

func TestAnOwnerWhoIsGoneIsSaidInTheChannel(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	w.bot.people.mu.Lock()
	clear(w.bot.people.known) // ten minutes later
	w.bot.people.mu.Unlock()
	if err := w.slack.Deactivate(bram, true); err != nil {
		t.Fatal(err)
	}
	m := w.message(board, mention(bram)+" kan zaak K-2026-0001 niet meer behandelen")
	w.turn(11 * aDay)
	w.message(w.slack.Direct(anna).ID, "Is zaak K-2026-0001 uiterlijk", mention(bram)+" is niet meer in de commissie.")
	w.press(anna, board, m, actAssign)
	w.view(anna, "Wie behandelt zaak")
	w.submit(anna, fields{fieldTo: dewi})
	w.card(number, mention(dewi))
}

func TestAnOwnerWhoLeftTheCommitteeIsSaidInTheChannel(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	if err := w.slack.Leave(bram, board); err != nil {
		t.Fatal(err)
	}
	w.message(board, mention(bram)+" kan zaak K-2026-0001 niet meer behandelen")
	w.turn(11 * aDay)
	w.message(w.slack.Direct(anna).ID, "Is zaak K-2026-0001 uiterlijk", mention(bram)+" is niet meer in de commissie.")
	if c := w.slack.Direct(bram); len(c.Messages) != 0 {
		t.Error("somebody who left still hears of the case")
	}
}

func TestAnAnswerOnAnUnownedCaseIsSaidInTheChannel(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.replies(7001, number, words("anybody?"))
	m := w.message(board, "Zaak K-2026-0001: de klager heeft geschreven", "Oppakken")
	w.press(bram, board, m, actTake)
	w.card(number, mention(bram))
}

func TestWhenSlackRefusesNothingIsLostOrDoubled(t *testing.T) {
	w := newWorld(t, func(o *playground.Options, _ *Config) { o.Limits = true }) // and the bot keeps no rates
	const many = 7                                                               // Slack takes five at once
	numbers := w.manyTalks(many)
	for _, n := range numbers {
		w.card(n)
	}
	if w.slack.TooManyRequests() == 0 {
		t.Error("Slack refused nothing, so nothing was tried here")
	}
	if c, _ := w.slack.Channel(board); len(c.Messages) != many {
		t.Errorf("%d cards", len(c.Messages))
	}
}

// manyTalks asks for talks, all at once.
func (w *world) manyTalks(n int) (numbers []cases.Number) {
	w.t.Helper()
	w.in(7002, func(turn *postgres.Turn) error {
		for range n {
			c, err := turn.Request(cases.TalkRequest{Language: i18n.Dutch, Name: words("x"), Telephone: words("y"), Moment: words("z")})
			if err != nil {
				return err
			}
			numbers = append(numbers, c.Number)
		}
		return nil
	})
	return numbers
}

func TestAtThePublishedRateSlackNeverHasToRefuse(t *testing.T) {
	w := newWorld(t, func(o *playground.Options, cfg *Config) { o.Limits, cfg.Rate = true, PublishedRate })
	const many = 8
	for _, n := range w.manyTalks(many) {
		w.card(n)
	}
	if n := w.slack.TooManyRequests(); n != 0 {
		t.Errorf("Slack had to refuse %d times", n)
	}
	if c, _ := w.slack.Channel(board); len(c.Messages) != many {
		t.Errorf("%d cards of %d", len(c.Messages), many)
	}
}

func TestACardThatIsMadeTrueLetsGoOfItsCaseWhileItWaitsForItsTurn(t *testing.T) {
	w := newWorld(t, func(_ *playground.Options, cfg *Config) { cfg.Rate = PublishedRate })
	number := w.complains()
	w.quiet()
	for range 200 { // the cards of others take the turns of some minutes
		w.bot.slack.pace.turn(0, "chat.update", 0.5, 16)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- w.bot.about(number).refreshed(ctx, number) }()
	w.until("it to wait for its turn", func() bool {
		p := w.bot.slack.pace
		p.mu.Lock()
		defer p.mu.Unlock()
		for id, one := range p.waiting {
			if id < 0 && time.Until(one.until) > time.Minute {
				return true
			}
		}
		return false
	})
	locked := make(chan struct{})
	go func() { w.bot.lock(number)(); close(locked) }()
	select {
	case <-locked:
	case <-time.After(10 * time.Second):
		t.Error("nobody else can show the case meanwhile")
	}
	stop()
	<-ended
}
