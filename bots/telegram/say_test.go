package telegram_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// say queues lines for Noor's chat, as they are kept.
func (s *stage) say(lines ...string) {
	s.t.Helper()
	s.alone(func(turn *postgres.Turn) error {
		for _, line := range lines {
			turn.Say([]byte(line))
		}
		return nil
	})
}

func TestALineTakesThePlaceOfAMessage(t *testing.T) {
	s, p := begins(t)
	s.say(`{"text":"eerste blad","reply_markup":{"inline_keyboard":[[{"text":"verder","callback_data":"0:x"}]]}}`)
	one := p.hears("eerste blad")
	s.say(fmt.Sprintf(`edit %d {"text":"tweede blad","reply_markup":{"inline_keyboard":[[{"text":"terug","callback_data":"0:y"}]]}}`, one.ID))
	s.until("the message reads otherwise", func() bool { return strings.Join(p.labels(one.ID), "") == "terug" })
	s.say(fmt.Sprintf(`edit %d {"text":"tweede blad","reply_markup":{"inline_keyboard":[[{"text":"terug","callback_data":"0:y"}]]}}`, one.ID), `{"text":"daarna"}`)
	after := p.hears("daarna")
	for _, m := range s.Telegram().Messages(noor) {
		if m.ID > one.ID && m.ID < after.ID {
			t.Errorf("what reads so already is said anew: %q", m.Text)
		}
	}
	if v := s.Violations(); len(v) > 0 {
		t.Error(v)
	}
}

func TestALineWhoseMessageCannotBeEditedIsANewMessage(t *testing.T) {
	s, p := begins(t)
	own, _, err := s.Telegram().Send(noor, "van mij")
	if err != nil {
		t.Fatal(err)
	}
	s.say(`edit 999999 {"text":"in plaats van wat weg is"}`, fmt.Sprintf(`edit %d {"text":"in plaats van uw eigen bericht"}`, own.ID))
	p.hears("in plaats van wat weg is")
	p.hears("in plaats van uw eigen bericht")
	if v := s.Violations(); len(v) > 0 {
		t.Error(v)
	}
}

func TestWhatPeopleWriteIsShownAsItIs(t *testing.T) {
	s, p := begins(t)
	const words = `<b>vet</b> & *ster* _streep_ [link](https://example.org) \ '"` + "`code`"
	s.say(`{"text":"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(words) + `"}`)
	m := p.hears("vet")
	if m.Text != words || len(m.Entities) > 0 {
		t.Errorf("shown as %q with %v", m.Text, m.Entities)
	}
}

func TestWhoUnblocksTheBotIsReachableAgainWithoutAWord(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.types("/start")
	p.hears("")
	number := s.files()
	chatGone := func() bool {
		c, err := s.store.Case(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		return c.ChatGone
	}
	for _, blocked := range []bool{true, false} {
		if err := s.Telegram().Block(noor, blocked); err != nil {
			t.Fatal(err)
		}
		s.until(fmt.Sprintf("gone: %t", blocked), func() bool { return chatGone() == blocked })
	}
}

func TestTheMenuIsSetInEachLanguage(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	want := map[i18n.Language]string{
		i18n.Dutch: i18n.T("profile.command.mydata").In(i18n.Dutch), i18n.English: i18n.T("profile.command.mydata").In(i18n.English),
	}
	s.until("the commands are known in both languages", func() bool {
		ok := true
		for person, l := range map[int64]i18n.Language{7001: i18n.Dutch, 7002: i18n.English} {
			found := false
			for _, c := range s.Telegram().Commands(person) {
				found = found || c.Command == "mydata" && c.Description == want[l]
			}
			ok = ok && found
		}
		return ok
	})
	s.until("a button opens them", func() bool {
		response, err := http.Post(s.TelegramURL()+"/bot"+s.TelegramToken()+"/getChatMenuButton", "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		said := make([]byte, 100)
		n, _ := response.Body.Read(said)
		return strings.Contains(string(said[:n]), `"commands"`)
	})
	if v := s.Violations(); len(v) > 0 {
		t.Error(v)
	}
}

// said is how often the bot spoke to somebody.
func (s *stage) said(person int64) (n int) {
	for _, m := range s.Telegram().Messages(person) {
		if m.FromBot {
			n++
		}
	}
	return n
}

// Somebody forwards a whole conversation at once. Nothing of it is lost, they are not answered three hundred times, and nobody
// else waits for them.
func TestOnePersonSendingHundredsOfMessagesLosesNoneAndSlowsNobody(t *testing.T) {
	t.Parallel()
	const many, others = 300, 10
	s := newStageOf(t, false, cases.DefaultProcedure(), playground.Options{Limits: true})
	p := &person{stage: s, id: noor}
	var all []*person
	for n := range others {
		id := int64(8000 + n)
		s.Telegram().AddPerson(playground.Person{ID: id, Name: "Other (invented)", Language: "nl"})
		all = append(all, &person{stage: s, id: id})
	}
	p.types("/start")
	p.chooses("agree")
	p.chooses("file")
	p.hears("1 van 8")
	p.types("Noor (invented)")
	p.chooses("self")
	p.hears("2 van 8")
	p.types("de helpdesk")
	p.hears("3 van 8")
	before := s.said(noor)
	began := time.Now()
	for n := range many {
		p.types(fmt.Sprintf("bericht %d", n))
	}
	for _, other := range all {
		other.types("/start")
	}
	for _, other := range all {
		other.hears("Vindt u dat goed?")
	}
	if took := time.Since(began); took > patience/2 {
		t.Errorf("the others were answered after %s", took)
	}
	s.until("every message is kept", func() bool {
		held, err := s.store.PersonalData(t.Context(), noor)
		return err == nil && len(held.Parts) == many
	})
	pressed := time.Now()
	p.chooses("done")
	p.hears("4 van 8")
	if took := time.Since(pressed); took > patience/2 {
		t.Errorf("the press was answered after %s", took)
	}
	if n := s.said(noor) - before; n > 20 {
		t.Errorf("answered %d times", n)
	}
}
