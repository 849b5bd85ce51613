package telegram_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/conversation"
)

// telephone delivers updates to the webhook itself, as they are: again, or in another order than they were sent.
type telephone struct {
	*stage
	chat, update, message int64
	sent                  []string // all that was delivered
	random                *rand.Rand
	repeats               bool // now and then something is delivered again
}

// makes is an update that is not delivered yet.
func (p *telephone) makes(what string) string {
	p.update++
	return fmt.Sprintf(`{"update_id":%d,%s}`, p.update, what)
}

// message is a message, with a number in the chat beyond all that was said before.
func (p *telephone) says(content string) string {
	story := p.session().Story
	p.message = max(p.message, story.Last+int64(story.Said)) + 1
	return p.makes(fmt.Sprintf(`"message":{"message_id":%d,"from":{"id":%d},"chat":{"id":%d,"type":"private"},%s}`, p.message, p.chat, p.chat, content))
}

func (p *telephone) words(text string) string { return p.says(`"text":"` + text + `"`) }

func (p *telephone) press(choice string) string {
	return p.makes(fmt.Sprintf(`"callback_query":{"id":"%d","from":{"id":%d},"message":{"message_id":1,"chat":{"id":%d,"type":"private"}},"data":"%d:%s"}`,
		p.update, p.chat, p.chat, p.session().Step, choice))
}

func (p *telephone) deliver(updates ...string) {
	p.t.Helper()
	for _, u := range updates {
		p.sent = append(p.sent, u)
		p.post(u)
		for p.repeats && p.random.IntN(3) == 0 {
			p.post(p.sent[len(p.sent)-1-p.random.IntN(min(len(p.sent), 4))])
		}
	}
}

func (p *telephone) post(update string) (answer string) {
	p.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/telegram", strings.NewReader(update))
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", "a-secret")
	w := httptest.NewRecorder()
	if p.bot.Webhook().ServeHTTP(w, r); w.Code != http.StatusOK {
		p.t.Fatalf("%s is answered by %d", update, w.Code)
	}
	return w.Body.String()
}

func (p *telephone) session() (s conversation.Session) {
	p.t.Helper()
	held, err := p.store.PersonalData(p.t.Context(), p.chat)
	if err != nil {
		p.t.Fatal(err)
	}
	if len(held.Session) > 0 {
		if err := json.Unmarshal(held.Session, &s); err != nil {
			p.t.Fatal(err)
		}
	}
	return s
}

// settled is what is held of a conversation, without what depends on the moment, and the parts of its story.
func (p *telephone) settled() string {
	p.t.Helper()
	held, err := p.store.PersonalData(p.t.Context(), p.chat)
	if err != nil {
		p.t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(held.Session, &all); err != nil {
		p.t.Fatal(err)
	}
	kept := map[string]any{}
	for _, field := range []string{"l", "s", "a", "y", "e", "z", "d", "k", "i", "h"} { // the language, the state, the answers, the days, ...
		kept[field] = all[field]
	}
	text := fmt.Sprint(kept, " files ", len(held.Files))
	for _, part := range held.Parts {
		text += " | " + part.Text
	}
	return text
}

// tells tells a whole complaint; swapped: the press that ends the story overtakes what was sent last before it.
func (p *telephone) tells(story []string, photo string, swapped bool) (before string) {
	p.t.Helper()
	p.deliver(p.words("/start"))
	p.deliver(p.press("agree"))
	p.deliver(p.press("file"))
	p.deliver(p.words("Noor (invented)"))
	name := p.message
	p.deliver(p.press("self"))
	p.deliver(p.words("de helpdesk"))
	for i, one := range story {
		said := p.words(one)
		if words, is := strings.CutPrefix(one, "photo "); is {
			said = p.says(fmt.Sprintf(`"photo":[{"file_id":"%s","width":9,"height":9,"file_size":900}],"caption":"%s"`, photo, words))
		}
		if last := i == len(story)-1; last && swapped {
			p.deliver(p.press("done"), said)
		} else if p.deliver(said); last {
			p.deliver(p.press("done"))
		}
	}
	p.deliver(p.words("lang geleden"))
	p.deliver(p.press("once"))
	p.deliver(p.words("een telefoontje"))
	p.deliver(p.press("no"))
	p.deliver(p.press("self"))
	p.deliver(p.words("020 123 4567"))
	p.deliver(p.words("noor@example.org"))
	p.deliver(p.press("nobody"))
	p.deliver(p.makes(fmt.Sprintf(`"edited_message":{"message_id":%d,"from":{"id":%d},"chat":{"id":%d,"type":"private"},"text":"Noor Visser (invented)"}`,
		name, p.chat, p.chat)))
	before = p.settled()
	p.deliver(p.press("right"))
	p.deliver(p.press("formal"))
	return before
}

// filed is what stands in the one case that was filed.
func (p *telephone) filed() string {
	p.t.Helper()
	all, err := p.store.List(p.t.Context(), postgres.Filter{Chat: p.chat})
	if err != nil || len(all) != 1 {
		p.t.Fatalf("%d cases, %v", len(all), err)
	}
	f, err := p.store.File(p.t.Context(), all[0].Number)
	if err != nil {
		p.t.Fatal(err)
	}
	text := fmt.Sprint(map[string]string(maps.Clone(f.Answers)), " files ", len(f.Attachments))
	for _, e := range f.Events {
		if e.Kind != cases.Spoiled {
			text += " " + string(e.Kind)
		}
	}
	return text
}

// Whatever is delivered again (words, files, presses, edits; at once or later), and where the press that ends the story and what was
// sent last before it come in the other order, the complaint is the same.
func TestRepeatedAndSwappedDeliveriesMakeTheSameComplaint(t *testing.T) {
	t.Parallel()
	s := newStage(t, true)
	photo, _, err := s.Telegram().Attach(noor, playground.Attachment{Kind: "photo"})
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(10) {
		random := rand.New(rand.NewPCG(seed, 0))
		story := make([]string, 1+random.IntN(4))
		for i := range story {
			story[i] = fmt.Sprintf("Deel %d van het verhaal.", i+1)
			if random.IntN(3) == 0 {
				story[i] = fmt.Sprintf("photo Foto %d.", i+1)
			}
		}
		swapped := len(story) > 1 && random.IntN(2) == 0
		var before, filed [2]string
		for i := range before {
			chat := int64(100_000 + 10*seed + uint64(i))
			s.Telegram().AddPerson(playground.Person{ID: chat, Name: "Noor (invented)", Language: "nl"})
			p := &telephone{stage: s, chat: chat, update: chat << 20, random: random, repeats: i == 1}
			before[i] = p.tells(story, photo.FileID, i == 1 && swapped)
			if p.repeats {
				for range 20 {
					p.post(p.sent[random.IntN(len(p.sent))])
				}
			}
			filed[i] = p.filed()
		}
		if !strings.Contains(filed[0], "Noor Visser (invented)") || before[0] != before[1] || filed[0] != filed[1] {
			t.Errorf("%q, swapped %v:\n%s\n%s\nand with repetitions\n%s\n%s", story, swapped, before[0], filed[0], before[1], filed[1])
		}
	}
}

func TestAPressThatIsDeliveredAgainIsAnsweredAgain(t *testing.T) {
	t.Parallel()
	p := &telephone{stage: newStage(t, true), chat: 7003}
	p.post(p.words("/start"))
	agree := p.press("agree")
	for n := range 2 {
		if answer := p.post(agree); !strings.Contains(answer, `"answerCallbackQuery"`) {
			t.Errorf("delivery %d is answered by %q", n, answer)
		}
	}
}

func TestAPressThatIsSetAsideIsAnswered(t *testing.T) {
	t.Parallel()
	p := &telephone{stage: newStage(t, true), chat: 7003}
	p.post(p.words("/start"))
	agree := p.press("agree")
	if _, err := p.pool.Exec(t.Context(), `UPDATE conversation SET session = 'x'`); err != nil {
		t.Fatal(err)
	}
	if answer := p.post(agree); !strings.Contains(answer, `"answerCallbackQuery"`) {
		t.Errorf("it is answered by %q", answer)
	}
	var aside int
	if err := p.pool.QueryRow(t.Context(), `SELECT count(*) FROM set_aside`).Scan(&aside); err != nil || aside != 1 {
		t.Errorf("%d were set aside, %v", aside, err)
	}
}
