package slack

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// Who may do what of all that has to do with the clock: Bram owns the case, Anna is the chair, Chris is of the committee, Dewi is
// excluded, Eve is in the workspace alone.
func TestWhoMayDoWhatWithTheClock(t *testing.T) {
	may := map[string]map[string]bool{
		actMind:     {bram: true, anna: true, chris: true},
		actSnooze:   {bram: true, anna: true, chris: true},
		actInTime:   {bram: true, anna: true},
		actForesee:  {bram: true, anna: true},
		actTimeline: {bram: true, anna: true, chris: true},
		actDigest:   {bram: true, anna: true, chris: true, dewi: true}, // she sees the others in it
		actAway:     {bram: true, anna: true, chris: true, dewi: true},
	}
	for action, allowed := range may {
		t.Run(action, func(t *testing.T) {
			w := newWorld(t)
			number := w.manyOwned(bram, 1)[0]
			chair := w.who(anna)
			w.alters(number, func(c *cases.Case, now time.Time) error {
				return c.Exclude(chair, dewi, words("why"), w.store.Procedure(), now)
			})
			w.quiet()
			w.turn(aDay) // Monday, when people are at work
			w.quiet()
			for _, member := range []string{bram, anna, chris, dewi, eve} {
				if got := w.does(member, action, number); got != allowed[member] {
					t.Errorf("%s may %s: %v", member, action, got)
				}
			}
			w.keptFrom(dewi, "Tijdlijn van zaak", canary)
			w.keptFrom(eve, canary, "Tijdlijn van zaak", "herinneringen") // the channel is public in these stories, so that she sees the card
		})
	}
}

// does says whether somebody can do something, as Slack would hand it over. That another was quicker is no matter of who may.
func (w *world) does(member, action string, number cases.Number) bool {
	w.t.Helper()
	i := interaction{Type: "block_actions", TriggerID: "does-" + member + action}
	i.User.ID = member
	var err error
	switch action {
	case actMind:
		_, err = w.bot.doing(w.t.Context(), i, deeds[actMind], string(number), "contacted.0")
	case actSnooze:
		_, err = w.bot.doing(w.t.Context(), i, deeds[actSnooze+laterSoon], string(number), "contacted.0."+laterSoon)
	case actInTime:
		_, err = w.bot.doing(w.t.Context(), i, deeds[actInTime], string(number), "")
	case actForesee:
		_, err = w.bot.hold(w.t.Context(), i, forms[actForesee], i18n.Dutch, meta{Case: string(number)})
	case actTimeline:
		_, _, err = w.bot.readFile(w.t.Context(), i, string(number))
	case actDigest:
		_, err = w.bot.openCases(w.t.Context(), member, 1, i18n.Dutch)
	case actAway:
		_, err = w.bot.awayBy(w.t.Context(), awayForm(member), i18n.Dutch)
	}
	refused, ok := errors.AsType[*cases.Refusal](err)
	return err == nil || ok && !refused.Denied && (action == actMind || action == actInTime)
}

func awayForm(member string) interaction {
	i := interaction{Type: "view_submission"}
	i.User.ID = member
	i.View.State.Values = map[string]map[string]fieldValue{
		fieldFrom: {fieldAction: {SelectedDate: "2026-12-25"}}, fieldUpTo: {fieldAction: {SelectedDate: "2026-12-26"}},
	}
	return i
}

func TestForgedValuesOfTheClocksButtonsChangeNothing(t *testing.T) {
	w := newWorld(t, byHTTP)
	number := w.manyOwned(bram, 1)[0]
	other := w.complains(aboutWhom("Bram"))
	w.direct(dewi, other)
	w.quiet()
	before, hidden := len(w.events(number)), len(w.events(other))
	channel, _ := w.slack.Channel(board)
	n := 0
	for _, action := range []string{actMind, actSnooze + laterSoon, actSnooze + laterNext, actSnooze + "7", actInTime + "x", actRest + "0", actRest + "999", actTimeline + "-on", actDigest + "-on"} {
		for _, value := range []string{
			"", " ", string(number), string(number) + " contacted", string(number) + " contacted.-1.-1", string(number) + " decided.0.99999999999999999999",
			string(number) + " lapsed.0", string(number) + " progress.0", string(number) + " \x00.0", "K-2026-9999 contacted.0", strings.Repeat("K-2026-0001.1 ", 400),
			string(number) + ".999999999", string(other) + ".1", string(other) + " owned.0", "../../etc 1", "-5", "99999999999999999999",
		} {
			n++
			if m, of, _ := subjectOf(strings.TrimPrefix(value, string(number)+" ")); action == actMind && (m == cases.MilestoneContacted || m == cases.MilestoneDecided) && of == 0 {
				continue // it names something that he may see to
			}
			answer := w.forged(buttonPress(bram, channel.ID, action, value, "forged-"+strconv.Itoa(n)))
			if answer.Code != http.StatusOK || strings.Contains(answer.Body.String(), canary) {
				t.Errorf("%s with %.40q: status %d: %s", action, value, answer.Code, answer.Body)
			}
		}
	}
	for _, e := range w.file(number).Events[before:] {
		if e.Kind != cases.Read && e.Kind != cases.Refused {
			t.Errorf("the case has %s", e.Kind)
		}
	}
	for _, e := range w.file(other).Events[hidden:] {
		if e.Kind != cases.Refused {
			t.Errorf("the case that he must not see has %s", e.Kind)
		}
	}
	w.keptFrom(bram, canary+" ") // in whatever opened
}

func TestMoreMessagesThanAPersonGetsOnADayComeTogetherTheNextMorning(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Clock.Most = 1 })
	first := w.manyOwned(bram, 1)[0]
	w.turn(3 * aDay) // Wednesday at a quarter past ten
	direct := w.slack.Direct(bram).ID
	w.message(direct, "In zaak "+string(first)+" heeft nog niemand")
	late := w.manyOwned(bram, 2)
	for _, number := range late { // of these they are reminded on the same day, as they asked
		who := w.who(bram)
		w.alters(number, func(c *cases.Case, now time.Time) error {
			return snoozes(c, who, "contacted.0."+laterSoon, w.store.Procedure(), now)
		})
	}
	w.play.Turn(3 * time.Hour)
	w.until("the reminders to wait", func() bool {
		if _, err := w.store.Tick(t.Context(), 100); err != nil { // it passes over what is being changed at that moment
			t.Fatal(err)
		}
		return w.holds() && w.waits() == 2
	})
	if n := len(w.slack.Direct(bram).Messages); n != 1 {
		t.Errorf("%d messages on one day, and one is allowed", n)
	}
	w.turnWaiting(20 * time.Hour) // Thursday, nine o'clock is over
	w.until("the rest in one message", func() bool {
		if _, err := w.store.Tick(t.Context(), 100); err != nil {
			t.Fatal(err)
		}
		return len(w.slack.Direct(bram).Messages) == 2
	})
	w.message(direct, string(late[0]), string(late[1]), "herinneringen op u")
}

// holds says whether a reminder was told to wait; while it is in hand it would do so from the turned clock on.
func (w *world) holds() (told bool) {
	w.t.Helper()
	err := w.pool.QueryRow(w.t.Context(), `SELECT EXISTS (SELECT FROM outbox WHERE kind = 'reminder' AND state = 'queued' AND reason = 'asked to wait')`).Scan(&told)
	return err == nil && told
}

// waits is how many reminders to members wait to be sent.
func (w *world) waits() (n int) {
	w.t.Helper()
	all, err := w.store.Waiting(w.t.Context(), nil, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, o := range all {
		if o.Notice.Kind == cases.Reminder {
			n++
		}
	}
	return n
}

// turnWaiting turns the clock while something waits for its time.
func (w *world) turnWaiting(d time.Duration) {
	w.t.Helper()
	w.play.Turn(d)
	if _, err := w.store.Tick(w.t.Context(), 100); err != nil {
		w.t.Fatal(err)
	}
}

func TestAMessageOfRemindersWhoseAnswerWasLostIsNotSentTwice(t *testing.T) {
	w := newWorld(t)
	w.manyOwned(bram, 2)
	lost := 0
	w.goesWrong(func(method string, args playground.SlackArgs) *playground.Failure {
		if method == "chat.postMessage" && strings.HasPrefix(args["channel"], "D") && lost == 0 {
			lost++
			return &playground.Failure{Drop: true}
		}
		return nil
	})
	w.turn(3 * aDay)
	w.until("the reminders to be settled", func() bool { return w.waits() == 0 })
	w.quiet()
	if n := len(w.slack.Direct(bram).Messages); lost != 1 || n != 1 {
		t.Errorf("%d messages, and %d answers were lost", n, lost)
	}
}

func TestTheHomeShowsTheTasksOfTheDutyToExplain(t *testing.T) {
	w := newWorld(t)
	number := w.manyOwned(bram, 1)[0]
	home := func(member string, texts ...string) {
		t.Helper()
		w.until("the home of "+member+" to say "+strings.Join(texts, " "), func() bool {
			if err := w.slack.OpenHome(member); err != nil {
				t.Fatal(err)
			}
			v, _ := w.slack.Home(member)
			return has(v.AllText(), texts...)
		})
	}
	w.turn(10 * aDay)
	home(bram, string(number)+"* · Zeggen of de zaak op tijd klaar is, en zo niet, waarom en wanneer wel")
	home(anna, "Berichten die deze week vanzelf gaan", "K-2026-0001 · aan de klager")
	w.turn(5 * aDay) // it is late
	home(anna, string(number)+"* · De klager uitleggen waarom het langer duurt")
	if slices.Contains(w.events(number), cases.ForeseenLate) {
		t.Error("somebody said why")
	}
}

func TestAReminderThatCameAfterAMessageWhoseAnswerWasLostIsTold(t *testing.T) {
	w := newWorld(t)
	numbers := w.manyOwned(bram, 2)
	late := numbers[1]
	who, p := w.who(bram), w.store.Procedure()
	var lost atomic.Bool
	w.goesWrong(func(method string, args playground.SlackArgs) *playground.Failure {
		if method == "chat.postMessage" && strings.HasPrefix(args["channel"], "D") && !lost.Swap(true) {
			// Before it is tried again, another reminder is due.
			w.alters(late, func(c *cases.Case, now time.Time) error {
				return snoozes(c, who, "contacted.0."+laterSoon, p, now)
			})
			w.play.Turn(3 * time.Hour)
			if _, err := w.store.Tick(t.Context(), 100); err != nil {
				t.Error(err)
			}
			return &playground.Failure{Drop: true}
		}
		return nil
	})
	w.turn(3 * aDay)
	w.until("the reminders to be settled", func() bool { return lost.Load() && w.waits() == 0 })
	w.quiet()
	all := w.slack.Direct(bram).Messages
	if len(all) != 2 || !has(all[len(all)-1].AllText(), string(late), "U vroeg om deze herinnering later nog eens te krijgen.") {
		t.Errorf("%d messages; the last says:\n%s", len(all), all[len(all)-1].AllText())
	}
}

func TestAReminderThatWaitedDoesNotReachWhoIsAwayByThen(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.Deputy = chris })
	number := w.manyOwned(bram, 1)[0]
	direct := w.slack.Direct(bram).ID
	var tried atomic.Bool
	w.goesWrong(func(method string, args playground.SlackArgs) *playground.Failure {
		if method == "chat.postMessage" && args["channel"] == direct {
			tried.Store(true)
			return &playground.Failure{Status: http.StatusServiceUnavailable}
		}
		return nil
	})
	w.turn(3 * aDay) // Wednesday
	w.until("the reminder to be tried", func() bool {
		w.turnWaiting(0)
		return tried.Load()
	})
	w.command(bram, board, "afwezig morgen t/m vrijdag")
	w.goesWrong(nil)
	w.play.Turn(23 * time.Hour)
	w.message(w.slack.Direct(chris).ID, "In case "+string(number)+" nobody has spoken")
	w.until("the reminder to be settled", func() bool { return w.waits() == 0 })
	for _, m := range w.slack.Direct(bram).Messages {
		if m.Ephemeral == "" {
			t.Errorf("who is away reads:\n%s", m.AllText())
		}
	}
}

func TestAReminderToTheChannelThatWaitsForTheMorningHoldsUpNoCard(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.quiet()
	channel, _ := w.slack.Channel(board)
	w.goesWrong(func(method string, args playground.SlackArgs) *playground.Failure {
		if method == "chat.postMessage" && args["channel"] == channel.ID {
			return &playground.Failure{Status: http.StatusServiceUnavailable}
		}
		return nil
	})
	toBoard := func(e cases.Event) bool { return e.Kind == cases.Reminded && e.Data["to"] == string(cases.ToBoard) }
	for range 14 {
		if !slices.ContainsFunc(w.file(number).Events, toBoard) {
			w.turnWaiting(aDay)
		}
	}
	w.until("the reminder to be tried", func() bool { return strings.Contains(w.logs.String(), "notice=reminder attempt") })
	w.play.Turn(10 * time.Hour) // in the evening Slack answers again
	w.goesWrong(nil)
	who := w.who(bram)
	w.alters(number, func(c *cases.Case, now time.Time) error { return c.Take(who, now) })
	w.until("the card to say who has it", func() bool { return has(w.card(number).AllText(), mention(bram)) })
}

func TestNoReminderOfACaseReachesTheChannelBeforeItIsScreened(t *testing.T) {
	w := newWorld(t)
	number := w.complains(aboutWhom("Bram"))
	w.quiet()
	w.alters(number, func(c *cases.Case, _ time.Time) error { c.Screened = false; return nil })
	w.turn(15 * aDay)
	to := postgres.Outgoing{Number: number, Notice: cases.Notice{Kind: cases.Reminder, To: cases.ToBoard}}
	for _, e := range w.file(number).Events {
		if e.Kind == cases.Reminded {
			to.Notice.Event = e.Seq
		}
	}
	if err := w.bot.Send(t.Context(), to); !errors.Is(err, postgres.ErrNotScreened) {
		t.Errorf("it is sent: %v", err)
	}
}

func TestWhatSaysTheSameOfACaseIsInAMessageOnce(t *testing.T) {
	reminder := func(id int64, number cases.Number, m cases.Milestone, of int) entry {
		return entry{
			reminded: reminded{number, int(id)}, out: postgres.Outgoing{ID: id},
			waits: []cases.Waiting{{Step: cases.Step{Milestone: m, Of: of}}, {Step: cases.Step{Milestone: cases.MilestoneProposed}}},
		}
	}
	all := []entry{ // as they waited while nothing arrived
		reminder(1, "K-2026-0001", cases.MilestoneDecided, 0),
		reminder(2, "K-2026-0001", cases.MilestoneMeasured, 1),
		reminder(3, "K-2026-0002", cases.MilestoneDecided, 0),
		reminder(4, "K-2026-0001", cases.MilestoneMeasured, 2),
		reminder(5, "K-2026-0001", cases.MilestoneDecided, 0),
		reminder(6, "K-2026-0001", cases.MilestoneMeasured, 1),
	}
	ids := func(all []entry) (ids []int64) {
		for _, en := range all {
			ids = append(ids, en.out.ID)
		}
		return ids
	}
	for inHand, want := range map[int64][]int64{3: {3, 4, 5, 6}, 1: {3, 4, 1, 6}, 5: {3, 4, 5, 6}} {
		s, b := &sending{out: postgres.Outgoing{ID: inHand}}, &bundle{told: slices.Clone(all)}
		s.onceEach(b)
		if got := ids(b.told); !slices.Equal(got, want) || len(b.doubles) != 2 || slices.ContainsFunc(b.doubles, func(en entry) bool { return en.out.ID == inHand }) {
			t.Errorf("with %d in hand the message has %d, and the doubles are %d", inHand, got, ids(b.doubles))
		}
	}
}
