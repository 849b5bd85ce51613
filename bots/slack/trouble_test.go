package slack

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// fails makes one method fail in a way, the first n times; below zero: always.
func fails(method string, n int, how playground.Failure) func(string, playground.SlackArgs) *playground.Failure {
	return func(called string, _ playground.SlackArgs) *playground.Failure {
		if called != method || n == 0 {
			return nil
		}
		n--
		return &how
	}
}

// signed delivers a body to the handler as Slack would.
func (w *world) signed(contentType, body string) *httptest.ResponseRecorder {
	at := strconv.FormatInt(time.Now().Unix(), 10)
	return w.deliver(contentType, body, at, playground.Sign(w.play.SlackSigningSecret(), at, []byte(body)))
}

func (w *world) deliver(contentType, body, at, signature string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/slack/events", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("X-Slack-Request-Timestamp", at)
	r.Header.Set("X-Slack-Signature", signature)
	answer := httptest.NewRecorder()
	w.bot.Handler().ServeHTTP(answer, r)
	return answer
}

const formType = "application/x-www-form-urlencoded"

// forged is an interaction with values of our choosing, signed as if it came from Slack.
func (w *world) forged(payload map[string]any) *httptest.ResponseRecorder {
	raw, err := json.Marshal(payload)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.signed(formType, url.Values{"payload": {string(raw)}}.Encode())
}

func buttonPress(member, channel, action, value, trigger string) map[string]any {
	return map[string]any{
		"type": "block_actions", "trigger_id": trigger, "user": map[string]any{"id": member}, "channel": map[string]any{"id": channel},
		"actions": []map[string]any{{"action_id": action, "block_id": "b", "type": "button", "value": value}},
	}
}

func TestAForgedNumberChangesNothingAndIsAnswered(t *testing.T) {
	w := newWorld(t, byHTTP)
	number := w.complains()
	channel, _ := w.slack.Channel(board)
	for n, value := range []string{"K-2026-9999", "", "K-2026-0001'; DROP TABLE cases", "../../etc", strings.Repeat("K", 5_000), "K-2026-0001\x00"} {
		if answer := w.forged(buttonPress(bram, channel.ID, actTake, value, "forged-"+strconv.Itoa(n))); answer.Code != http.StatusOK {
			t.Errorf("%.20q: status %d", value, answer.Code)
		}
	}
	w.said(board, bram, "Deze zaak bestaat niet.")
	if got := w.events(number); !slices.Equal(got, []cases.EventKind{cases.Filed, cases.Screened}) {
		t.Errorf("the case has %v", got)
	}
}

func TestAForgedFormIsRefused(t *testing.T) {
	w := newWorld(t, byHTTP)
	number := w.complains()
	submit := func(member, form, metadata string) *httptest.ResponseRecorder {
		return w.forged(map[string]any{
			"type": "view_submission", "trigger_id": "forged", "user": map[string]any{"id": member},
			"view": map[string]any{"id": "V1", "callback_id": form, "private_metadata": metadata, "state": map[string]any{"values": map[string]any{
				fieldText: map[string]any{fieldAction: map[string]any{"type": "plain_text_input", "value": words("forged")}},
			}}},
		})
	}
	if answer := submit(bram, "no-such-form", "{}"); answer.Code != http.StatusInternalServerError {
		t.Errorf("a form that is none of ours: status %d", answer.Code)
	}
	if answer := submit(bram, actWrite, "no json"); answer.Code != http.StatusInternalServerError {
		t.Errorf("metadata that is none of ours: status %d", answer.Code)
	}
	for _, m := range []meta{{Case: "K-2026-9999", Step: stepPreview}, {Case: string(number), Step: stepPreview, Seal: strings.Repeat("0", 32)}} {
		answer := submit(bram, actWrite, m.String())
		if !strings.Contains(answer.Body.String(), `"response_action":"errors"`) {
			t.Errorf("%+v: answered %s", m, answer.Body)
		}
	}
	// A seal that is not ours never sends, whoever asks: it is shown once more.
	w.take(bram, number)
	answer := submit(bram, actWrite, meta{Case: string(number), Step: stepPreview, Seal: strings.Repeat("0", 32)}.String())
	if !strings.Contains(answer.Body.String(), `"response_action":"update"`) {
		t.Errorf("answered %s", answer.Body)
	}
	if n := count(w.events(number), cases.Wrote); n != 0 {
		t.Errorf("%d messages were sent", n)
	}
}

func TestOnlyWhatSlackSignedIsTaken(t *testing.T) {
	w := newWorld(t, byHTTP)
	body := `{"type":"url_verification","challenge":"abc"}`
	now, old := strconv.FormatInt(time.Now().Unix(), 10), strconv.FormatInt(time.Now().Add(-6*time.Minute).Unix(), 10)
	secret := w.play.SlackSigningSecret()
	for name, answer := range map[string]*httptest.ResponseRecorder{
		"another secret": w.deliver("application/json", body, now, playground.Sign("other", now, []byte(body))),
		"another body":   w.deliver("application/json", body, now, playground.Sign(secret, now, []byte("{}"))),
		"too old":        w.deliver("application/json", body, old, playground.Sign(secret, old, []byte(body))),
		"no signature":   w.deliver("application/json", body, "", ""),
	} {
		if answer.Code != http.StatusUnauthorized || strings.Contains(answer.Body.String(), "abc") {
			t.Errorf("%s: status %d", name, answer.Code)
		}
	}
	if err := w.slack.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	for contentType, body := range map[string]string{"application/json": "{", formType: "payload=%7B", "application/x": "%zz", "text/plain": "hello"} {
		if answer := w.signed(contentType, body); answer.Code == http.StatusOK {
			t.Errorf("%s %q: status %d", contentType, body, answer.Code)
		}
	}
	get := httptest.NewRecorder()
	w.bot.Handler().ServeHTTP(get, httptest.NewRequest(http.MethodGet, "/", nil))
	if get.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET: status %d", get.Code)
	}
	huge := httptest.NewRequest(http.MethodPost, "/", io.LimitReader(neverEnding{}, maxBody+1))
	answer := httptest.NewRecorder()
	w.bot.Handler().ServeHTTP(answer, huge)
	if answer.Code != http.StatusBadRequest {
		t.Errorf("a huge body: status %d", answer.Code)
	}
}

type neverEnding struct{}

func (neverEnding) Read(p []byte) (int, error) {
	return copy(p, bytes.Repeat([]byte("x"), len(p))), nil
}

func TestAClickThatComesTwiceDoesItOnce(t *testing.T) {
	for name, settings := range map[string][]setting{"socket": nil, "http": {byHTTP}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, settings...)
			number := w.complains()
			w.take(bram, number)
			for _, d := range w.slack.Deliveries() {
				if d.Type == "block_actions" {
					if err := w.slack.Redeliver(d.ID); err != nil {
						t.Error(err)
					}
				}
			}
			if n := count(w.events(number), cases.Taken); n != 1 {
				t.Errorf("taken %d times", n)
			}
			channel, _ := w.slack.Channel(board)
			if slices.ContainsFunc(channel.Messages, func(m playground.SlackMessage) bool { return m.Ephemeral != "" }) {
				t.Error("the second delivery was answered as if it were a click of its own")
			}
		})
	}
}

func TestTwoWhoTakeAtOnceHearTheTruth(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	card := w.card(number) // both look at the same card
	w.press(bram, board, card, actTake)
	// Chris still sees the card as it was: the button is there no more, so Slack itself would not deliver a click on it.
	channel, _ := w.slack.Channel(board)
	w.forged(buttonPress(chris, channel.ID, actTake, string(number), "late"))
	w.said(board, chris, "Case K-2026-0001 has been taken already.")
	if c := w.file(number).Case; c.Owner != bram {
		t.Errorf("the owner is %s", c.Owner)
	}
}

func TestWhoTakesTheirOwnCaseOnceMoreHearsThatTheyHaveIt(t *testing.T) {
	w := newWorld(t)
	first, second := w.complains(), w.complains()
	w.take(bram, first)
	w.take(chris, second)
	channel, _ := w.slack.Channel(board)
	w.forged(buttonPress(bram, channel.ID, actTake, string(first), "once-more"))
	w.said(board, bram, "U behandelt zaak K-2026-0001 al.")
	w.forged(buttonPress(chris, channel.ID, actTake, string(second), "in-english"))
	w.said(board, chris, "You handle case K-2026-0002 already.")
	if n := count(w.events(first), cases.Taken); n != 1 {
		t.Errorf("it was taken %d times", n)
	}
}

func TestAnOldButtonOnAClosedCaseGetsAnHonestAnswer(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	room, pinned := w.room(number)
	closesQuickly(w, number, room, pinned)
	channel, _ := w.slack.Channel(board)
	for n, action := range []string{actTake, actWrite} {
		w.forged(buttonPress(bram, channel.ID, action, string(number), "old-"+strconv.Itoa(n)))
	}
	w.said(board, bram, "Zaak K-2026-0001 is afgesloten.")
}

func closesQuickly(w *world, number cases.Number, room playground.Channel, pinned playground.SlackMessage) {
	w.t.Helper()
	w.press(bram, room.ID, pinned, actClose)
	w.view(bram, "De oplossing")
	w.submit(bram, fields{fieldOutcome: "upheld", fieldSolution: words("solution")})
	w.submit(bram, nil)
	w.card(number, "Afgesloten: gegrond")
	w.until("the room to be archived", func() bool { c, _ := w.slack.Channel(room.ID); return c.Archived })
}

func TestAWindowThatDidNotOpenIsSaid(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.goesWrong(fails("views.open", 1, playground.Failure{Status: http.StatusOK, Description: "expired_trigger_id"}))
	w.press(bram, board, w.card(number), actFile)
	w.said(board, bram, "Het openen duurde te lang. Druk nog een keer op de knop.")
	if n := count(w.events(number), cases.Read); n != 0 {
		t.Errorf("%d readings of a file that nobody saw", n)
	}
	w.press(bram, board, w.card(number), actFile)
	w.view(bram, "Wat de klager vertelde")
}

func TestWhoLeftTheCommitteeCanDoNothingMore(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.press(dewi, board, w.card(number), actAssign)
	w.view(dewi, "Wie behandelt zaak")
	if err := w.slack.Leave(dewi, board); err != nil {
		t.Fatal(err)
	}
	w.submit(dewi, fields{fieldTo: bram})
	w.problem(dewi, fieldTo, "alleen voor leden van de klachtencommissie")
	w.until("the try to be on file", func() bool { return count(w.events(number), cases.Refused) == 1 })
	w.close(dewi)

	channel, _ := w.slack.Channel(board)
	for n, action := range []string{actTake, actFile, actWrite, actExtend} {
		w.forged(buttonPress(dewi, channel.ID, action, string(number), "left-"+strconv.Itoa(n)))
	}
	if c := w.file(number); c.Case.Owner != "" || count(w.events(number), cases.Read) != 0 {
		t.Error("somebody who left could act")
	}
	if n := count(w.events(number), cases.Refused); n < 2 {
		t.Errorf("%d tries are on file", n)
	}
}

func TestNotTheOwnerMayNotWrite(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	room, _ := w.room(number)
	pinned := w.letIn(chris, room.ID, number)
	w.press(chris, room.ID, pinned, actWrite)
	v := w.view(chris, "Only the owner of case K-2026-0001 can do this")
	if v.Submit != "" {
		t.Error("the refusal can be sent as a form")
	}
	w.until("the try to be on file", func() bool { return count(w.events(number), cases.Refused) == 1 })
	w.press(anna, room.ID, pinned, actWrite)
	w.view(anna, "Uw bericht") // the chair may
}

func TestWhenNobodyCanSayWhoIsInTheCommitteeNothingHappens(t *testing.T) {
	w := newWorld(t, func(o *playground.Options, _ *Config) { o.AckTimeout = time.Second })
	number := w.complains()
	w.goesWrong(fails("conversations.members", -1, playground.Failure{Status: http.StatusBadGateway}))
	err := w.slack.Click(playground.Click{Member: bram, Channel: board, TS: w.card(number).TS, ActionID: actTake})
	if err == nil {
		t.Error("a click that did nothing was acknowledged")
	}
	w.said(board, bram, "Dit is niet gelukt, en er is niets bewaard.")
	w.press(bram, board, w.card(number), actFile)
	w.view(bram, "Dit is niet gelukt, en er is niets bewaard.")
	if got := w.events(number); !slices.Equal(got, []cases.EventKind{cases.Filed, cases.Screened}) {
		t.Errorf("the case has %v", got)
	}
}

func TestAFormKeepsItsWordsWhenTheDatabaseIsAway(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	room, pinned := w.room(number)
	w.message(room.ID, "heeft de zaak opgepakt")
	w.press(bram, room.ID, pinned, actWrite)
	w.view(bram, "Uw bericht")
	w.submit(bram, fields{fieldText: words("important")})
	w.view(bram, "Zo leest de klager het")
	w.pool.Close()
	w.submit(bram, nil)
	w.problem(bram, fieldText, "Dit is niet gelukt, en er is niets bewaard.")
	v := w.view(bram, words("important"))
	if !strings.Contains(string(v.State[fieldText][fieldAction]), canary) {
		t.Error("what was written is gone")
	}
}

func TestAnAmbiguousCardIsNotDoubled(t *testing.T) {
	w := newWorld(t)
	w.goesWrong(fails("chat.postMessage", 1, playground.Failure{Drop: true}))
	number := w.complains()
	channel, _ := w.slack.Channel(board)
	if n := len(channel.Messages); n != 1 {
		t.Errorf("%d messages in the channel", n)
	}
	w.take(bram, number)
}

func TestAnAmbiguousRoomAndItsNewsAreNotDoubled(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.goesWrong(fails("conversations.create", 1, playground.Failure{Drop: true}))
	w.take(bram, number)
	room, _ := w.room(number)
	w.message(room.ID, "heeft de zaak opgepakt")
	w.goesWrong(fails("chat.postMessage", 1, playground.Failure{Drop: true}))
	w.replies(7001, number, words("answer"))
	w.message(room.ID, words("answer"))
	w.goesWrong(nil)
	w.replies(7001, number, words("another"))
	w.message(room.ID, words("another"))
	c, _ := w.slack.Channel(room.ID)
	n := 0
	for _, m := range c.Messages {
		if strings.Contains(m.AllText(), words("answer")) {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the answer stands in the room %d times", n)
	}
	if room.Name != "k-2026-0001" {
		t.Errorf("the room is %s, though the first was ours", room.Name)
	}
}

func TestACardThatSomebodyDeletedComesBack(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	if err := w.slack.Delete(board, w.card(number).TS); err != nil {
		t.Fatal(err)
	}
	w.replies(7001, number, words("answer"))
	w.until("another card", func() bool {
		at, err := w.store.Surface(t.Context(), number, placeCard)
		c, _ := w.slack.Channel(board)
		return err == nil && slices.ContainsFunc(c.Messages, func(m playground.SlackMessage) bool { return m.TS == at.Message })
	})
}

func TestARoomWithSomebodyElseInItIsNeverUsed(t *testing.T) {
	w := newWorld(t)
	w.slack.NewChannel("k-2026-0001", true, eve)
	number := w.complains()
	w.take(bram, number)
	room, _ := w.room(number)
	if room.Name != "k-2026-0001-2" || slices.Contains(room.Members, eve) {
		t.Errorf("the room is %s, with %v", room.Name, room.Members)
	}
}

func TestWhoMayNotReadIsPutOutOfTheRoomBeforeAWordIsPosted(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	room, _ := w.room(number)
	if err := w.slack.Join(eve, room.Name); err != nil { // as when somebody in the room asks her in
		t.Fatal(err)
	}
	var mu sync.Mutex
	var there []string
	w.goesWrong(func(method string, args playground.SlackArgs) *playground.Failure {
		if method == "chat.postMessage" && args["channel"] == room.ID {
			now, _ := w.slack.Channel(room.ID)
			mu.Lock()
			there = now.Members
			mu.Unlock()
		}
		return nil
	})
	w.replies(7001, number, words("this is for the committee"))
	w.message(room.ID, words("this is for the committee"))
	mu.Lock()
	defer mu.Unlock()
	if len(there) == 0 || slices.Contains(there, eve) {
		t.Errorf("in the room while it was posted: %v", there)
	}
}

func TestAFormThatIsSentOnceMoreSendsNothingTwice(t *testing.T) {
	w := newWorld(t, byHTTP)
	number := w.complains()
	w.take(bram, number)
	room, card := w.room(number)
	w.press(bram, room.ID, card, actWrite)
	w.view(bram, "Bericht aan de klager")
	w.submit(bram, fields{fieldText: words("Kunnen wij bellen?")})
	w.view(bram, "Kunnen wij bellen?")
	view := w.slack.Views(bram)[0]
	w.submit(bram, nil)
	w.noView(bram)
	w.until("the words to be on file", func() bool { return count(w.events(number), cases.Wrote) == 1 })
	w.forged(map[string]any{ // as when Slack had given up waiting, and the form still stood there
		"type": "view_submission", "trigger_id": "once-more", "user": map[string]any{"id": bram},
		"view": map[string]any{"id": view.ID, "callback_id": actWrite, "private_metadata": view.PrivateMetadata, "state": map[string]any{"values": map[string]any{
			fieldText: map[string]any{fieldAction: map[string]any{"type": "plain_text_input", "value": words("Kunnen wij bellen?")}},
		}}},
	})
	if n := count(w.events(number), cases.Wrote); n != 1 {
		t.Errorf("sent %d times", n)
	}
}

func TestARoomThatIsGoneIsReplacedAndSaysSo(t *testing.T) {
	for name, loses := range map[string]func(w *world, room string) error{
		"archived":   func(w *world, room string) error { return w.slack.Archive(bram, room, true) },
		"thrown out": func(w *world, room string) error { return w.slack.Leave(playground.BotUserID, room) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			number := w.complains()
			w.take(bram, number)
			room, _ := w.room(number)
			w.message(room.ID, "heeft de zaak opgepakt")
			if err := loses(w, room.ID); err != nil {
				t.Fatal(err)
			}
			w.replies(7001, number, words("answer"))
			w.until("another room", func() bool {
				at, err := w.store.Surface(t.Context(), number, placeRoom)
				return err == nil && at.Channel != room.ID
			})
			next, _ := w.room(number)
			w.message(next.ID, "De vorige kamer van zaak K-2026-0001 is niet meer in gebruik.")
			w.message(next.ID, words("answer"))
			w.until("Bram to be in it", func() bool { c, _ := w.slack.Channel(next.ID); return slices.Contains(c.Members, bram) })
		})
	}
}

func TestAPreviewTooLongForAnAnswerToAFormIsShownAllTheSame(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	room, pinned := w.room(number)
	w.press(bram, room.ID, pinned, actWrite)
	w.view(bram, "Uw bericht")
	w.submit(bram, fields{fieldText: strings.Repeat("<", maxInput)}) // six bytes each, and twice in the window
	w.view(bram, "Zo leest de klager het", strings.Repeat("<", maxQuote))
	w.submit(bram, nil)
	w.noView(bram)
	w.message(room.ID, "schreef de klager")
}

func TestWhatFollowsAnAnswerToAFormIsNotShownBeforeIt(t *testing.T) {
	w := newWorld(t)
	number, _, _ := w.taken()
	open := w.opensFrom(bram, number, actWrite, "Uw bericht")
	before := w.called("views.update")
	answer := w.forged(map[string]any{
		"type": "view_submission", "trigger_id": "late", "user": map[string]any{"id": bram},
		"view": map[string]any{"id": open.ID, "callback_id": actWrite, "private_metadata": open.PrivateMetadata, "state": map[string]any{"values": map[string]any{
			fieldText: map[string]any{fieldAction: map[string]any{"type": "plain_text_input", "value": strings.Repeat("<", maxInput)}},
		}}},
	})
	w.until("the window to be filled", func() bool { return w.called("views.update") > before })
	if v := w.view(bram); !has(v.AllText(), "Uw bericht") {
		t.Errorf("Slack has not taken the answer yet, and it is shown already: %.200s", v.AllText())
	}
	var update struct{ View json.RawMessage }
	if err := json.Unmarshal(answer.Body.Bytes(), &update); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"token": {w.play.SlackBotToken()}, "view_id": {open.ID}, "view": {string(update.View)}}
	if _, err := http.PostForm(w.play.SlackURL()+"views.update", form); err != nil { // as Slack takes the answer, late
		t.Fatal(err)
	}
	w.view(bram, "Zo leest de klager het", strings.Repeat("<", maxQuote))
}

func TestRefreshedAndBrokenConnectionsLoseNoClick(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	for n := range 5 {
		w.slack.Refresh()
		w.until("a new connection", func() bool { return w.called("apps.connections.open") >= n+2 })
		w.until("it to be heard", func() bool {
			return w.slack.Command(playground.Command{Member: bram, Channel: board, Command: "/klacht", Text: "help"}) == nil
		})
	}
	w.slack.KillConnections()
	w.until("a new connection", func() bool { return w.slack.Connections() > 0 })
	w.take(bram, number)
}

func TestStoppingFinishesWhatIsInHand(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	began, goOn := make(chan struct{}), make(chan struct{})
	w.goesWrong(func(method string, _ playground.SlackArgs) *playground.Failure {
		if method == "conversations.members" {
			select {
			case <-began:
			default:
				close(began)
				<-goOn
			}
		}
		return nil
	})
	clicked := make(chan error, 1)
	card := w.card(number)
	go func() {
		clicked <- w.slack.Click(playground.Click{Member: bram, Channel: board, TS: card.TS, ActionID: actTake})
	}()
	<-began
	stopped := make(chan struct{})
	go func() { defer close(stopped); w.stop() }()
	close(goOn)
	if err := <-clicked; err != nil {
		t.Errorf("the click in hand was not acknowledged: %v", err)
	}
	<-stopped
	if n := count(w.events(number), cases.Taken); n != 1 {
		t.Errorf("taken %d times", n)
	}
}

func TestReadyKnowsWhetherSlackDoes(t *testing.T) {
	w := newWorld(t)
	if err := w.bot.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	for name, cfg := range map[string]Config{
		"a wrong token":   {Token: "xoxb-wrong", Channel: board},
		"no such channel": {Token: w.play.SlackBotToken(), Channel: "elders"},
		"another channel": {Token: w.play.SlackBotToken(), Channel: "C99"},
	} {
		cfg.API = w.play.SlackURL()
		if err := New(w.store, cfg).Ready(t.Context()); err == nil {
			t.Errorf("%s: ready", name)
		}
	}
}

func TestARoomIsNotMadeForACaseThatIsClosed(t *testing.T) {
	w := newWorld(t)
	number := w.complains()
	w.take(bram, number)
	room, pinned := w.room(number)
	closesQuickly(w, number, room, pinned)
	w.in(7001, func(turn *postgres.Turn) error { return turn.Left() })
	if err := w.bot.Send(t.Context(), postgres.Outgoing{ID: 1 << 40, Number: number, Notice: cases.Notice{Kind: cases.Card, To: cases.ToBoard, Event: 1}}); err != nil {
		t.Error(err)
	}
	at, err := w.store.Surface(t.Context(), number, placeRoom)
	if err != nil || at.Channel != room.ID {
		t.Errorf("the room is %v, %v", at, err)
	}
}

func TestErrorsOfSlackAreSortedOnce(t *testing.T) {
	if err := delivered(nil); err != nil {
		t.Error(err)
	}
	if err := delivered(errors.New("connection reset")); err == nil || err.Error() != "connection reset" {
		t.Errorf("trouble of the network became %v", err)
	}
}

func TestACaseWaitsForTheBotToBeInvited(t *testing.T) {
	w := newWorld(t)
	w.until("a first look at the channel", func() bool { return w.bot.Ready(t.Context()) == nil })
	if err := w.slack.Leave(playground.BotUserID, board); err != nil {
		t.Fatal(err)
	}
	number := w.files()
	w.until("an admin to be told", func() bool { return strings.Contains(w.logs.String(), "notices have nowhere to go") })
	if err := w.slack.Join(playground.BotUserID, board); err != nil {
		t.Fatal(err)
	}
	w.card(number, "Oppakken")
	if n := strings.Count(w.logs.String(), "notices have nowhere to go"); n != 1 {
		t.Errorf("an admin is told %d times", n)
	}
}

func TestAnyProcessSendsWhatAnotherHasShown(t *testing.T) {
	f := filling{form: forms[actWrite], c: &cases.Case{Number: "K-2026-0001"}, values: map[string]string{fieldText: "x"}}
	one, another := New(nil, Config{Token: "xoxb-1"}), New(nil, Config{Token: "xoxb-1"})
	if one.sealOf(f) != another.sealOf(f) {
		t.Error("two processes of one installation seal differently")
	}
	if one.sealOf(f) == New(nil, Config{Token: "xoxb-2"}).sealOf(f) {
		t.Error("another installation seals the same")
	}
	changed := f
	for name, change := range map[string]func(){
		"other words":  func() { changed.values = map[string]string{fieldText: "y"} },
		"another form": func() { changed.form = forms[actDone] },
		"another case": func() { changed.c = &cases.Case{Number: "K-2026-0002"} },
		"another hand": func() { changed.who = cases.Person{Member: eve} },
	} {
		changed = f
		if change(); one.sealOf(changed) == one.sealOf(f) {
			t.Errorf("%s: the same seal", name)
		}
	}
}

func TestWhatTheTokenLacksIsSaidOnceAtTheStart(t *testing.T) {
	const said = "the bot's token lacks scopes"
	all := slices.Sorted(maps.Keys(lacking))
	some := slices.DeleteFunc(slices.Clone(all), func(one string) bool { return one == "files:read" || one == "users:read.email" })
	for name, scopes := range map[string][]string{"some": some, "all": append(all, "assistant:write"), "not told": nil} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(o *playground.Options, _ *Config) { o.SlackScopes = scopes })
			if name == "some" {
				w.until("what is lacking to be said", func() bool { return strings.Contains(w.logs.String(), said) })
			}
			w.complains()
			w.quiet()
			logs := w.logs.String()
			if name != "some" {
				if strings.Contains(logs, said) {
					t.Errorf("the log has\n%s", logs)
				}
				return
			}
			if strings.Count(logs, said) != 1 || !has(logs, "files:read users:read.email", "no file of a member goes along", "by an e-mail address") {
				t.Errorf("the log has\n%s", logs)
			}
		})
	}
}
