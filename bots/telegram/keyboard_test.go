package telegram_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// labels are what the buttons under a message read, as it is now.
func (p *person) labels(message int64) (all []string) {
	for _, m := range p.Telegram().Messages(p.id) {
		if m.ID == message {
			for _, b := range slices.Concat(m.Buttons...) {
				all = append(all, b.Text)
			}
		}
	}
	return all
}

// loses waits until a message has only these buttons left.
func (p *person) loses(message int64, left ...string) {
	p.t.Helper()
	p.until("buttons gone but for "+strings.Join(left, ", "), func() bool { return slices.Equal(p.labels(message), left) })
}

// The buttons under the first question that are never old.
var (
	privacy = i18n.T("consent.button.privacy").In(i18n.Dutch)
	english = i18n.T("language.button.english").In(i18n.Dutch)
)

func TestAnsweredKeyboardsAreTakenAway(t *testing.T) {
	for name, webhook := range map[string]bool{"polling": false, "webhook": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, webhook)
			p := &person{stage: s, id: noor}
			p.types("/start")
			ask := p.hears("Vindt u dat goed?")
			p.presses("Ja, dat is goed")
			menu := p.hears("Waarmee kunnen wij u helpen?")
			p.loses(ask.ID, privacy, english)
			p.presses("Een formele klacht indienen")
			name := p.hears("Wat is uw naam?")
			p.loses(menu.ID)
			p.types("Noor (invented)")
			p.hears("Dient u deze klacht in voor uzelf")
			p.loses(name.ID)
			if v := s.Violations(); len(v) > 0 {
				t.Error(v)
			}
		})
	}
}

func TestAPressOfAnOldButtonGetsItsAnswerAndItsKeyboardGoes(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	p := &person{stage: s, id: noor}
	p.types("/start")
	ask := p.hears("Vindt u dat goed?")
	agree := ask.Buttons[0][0].Data
	p.presses("Ja, dat is goed")
	p.hears("Waarmee kunnen wij u helpen?")
	p.loses(ask.ID, privacy, english)
	if _, err := s.Telegram().PressOld(noor, ask.ID, agree); err != nil {
		t.Fatal(err)
	}
	s.until("a word above the chat", func() bool { return s.Telegram().Toast(noor) != "" })
}

func TestKeyboardsThatCannotBeTakenAwayKeepNobodyWaiting(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	var tried atomic.Int32
	s.Telegram().Fail(func(method string, _ *playground.Params) *playground.Failure {
		if method == "editMessageReplyMarkup" {
			tried.Add(1)
			return &playground.Failure{Status: 429, Description: "Too Many Requests: retry after 30", RetryAfter: 30}
		}
		return nil
	})
	p := &person{stage: s, id: noor}
	p.types("/start")
	p.presses("Ja, dat is goed")
	p.presses("Een formele klacht indienen")
	p.hears("Wat is uw naam?")
	p.types("Noor (invented)")
	p.hears("Dient u deze klacht in voor uzelf")
	s.until("it was tried", func() bool { return tried.Load() > 0 })
	if n := tried.Load(); n > 3 { // those that were under way when the first was refused
		t.Errorf("tried %d times, though Telegram asked to wait", n)
	}
}

func TestTakingKeyboardsAwayKeepsToThePublishedRates(t *testing.T) {
	t.Parallel()
	s := newStageOf(t, false, cases.DefaultProcedure(), playground.Options{Limits: true})
	p := &person{stage: s, id: noor}
	p.types("/start")
	ask := p.hears("Vindt u dat goed?")
	p.chooses("agree")
	menu := p.hears("Waarmee kunnen wij u helpen?")
	p.chooses("talk")
	one := p.hears("Gaat het over één persoon")
	p.chooses("no")
	p.hears("Wat is uw naam?")
	p.loses(ask.ID, privacy, english)
	p.loses(menu.ID)
	p.loses(one.ID)
	if n := s.Telegram().TooManyRequests(); n != 0 {
		t.Errorf("%d times too many requests", n)
	}
}
