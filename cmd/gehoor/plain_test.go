package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases/postgres"
)

// BenchmarkPlainHandler is what ours is measured against: the same crowd, the same database, and a handler that promises
// less. It claims, saves and queues in one statement of one transaction, seals nothing, asks nothing, and sends plainly.
//
//	go test ./cmd/gehoor -run '^$' -bench 'PlainHandler|Conversation/webhook/64' -benchtime 2000x
func BenchmarkPlainHandler(b *testing.B) {
	for _, atOnce := range []int{1, 16, 64, 256} {
		b.Run(fmt.Sprintf("webhook/%d", atOnce), func(b *testing.B) { converseWithPlain(b, atOnce, nil) })
	}
}

// BenchmarkPlainHandlerSameWords is that handler when it says all that ours says: beside it, ours shows the price of what it
// promises, and not of how much it says.
//
//	go test ./cmd/gehoor -run '^$' -bench 'PlainHandlerSameWords|Conversation/webhook/64' -benchtime 2000x
func BenchmarkPlainHandlerSameWords(b *testing.B) {
	words := wordsOfOurs(b)
	for _, atOnce := range []int{1, 16, 64, 256} {
		b.Run(fmt.Sprintf("webhook/%d", atOnce), func(b *testing.B) { converseWithPlain(b, atOnce, words) })
	}
}

// wordsOfOurs is what our own program says to a complainant, by the step of the crowd's script that it follows on.
func wordsOfOurs(b *testing.B) [][]playground.Message {
	play := playground.New(playground.Options{Lean: true})
	if err := play.Start(b.Context(), "127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	defer play.Close()
	served := startServe(b, play, benchDatabase(b), false)
	c := newCrowd(play, 1)
	said := make([][]playground.Message, len(stepsOfComplaint)+1)
	play.Telegram().OnMessage(func(id int64, m playground.Message) {
		c.mu.Lock()
		step := len(stepsOfComplaint)
		if p := c.all[id]; p != nil {
			step = p.step
		}
		said[step] = append(said[step], m)
		c.mu.Unlock()
		c.hear(id, m)
	})
	c.begin()
	c.wait(b, served)
	served.stop(b) // it says what is left to say before it ends
	last := len(stepsOfComplaint) - 1
	said[last] = append(said[last], said[last+1]...)
	return said[:last+1]
}

func converseWithPlain(b *testing.B, atOnce int, words [][]playground.Message) {
	play := playground.New(playground.Options{Lean: true})
	if err := play.Start(b.Context(), "127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	defer play.Close()
	p := newPlain(b, play)
	p.words = words
	c := newCrowd(play, b.N)
	around, calls := surroundings(b), play.Telegram().Calls()
	b.ResetTimer()
	for range min(atOnce, b.N) {
		c.begin()
	}
	for range b.N {
		c.wait(b, &served{})
	}
	b.StopTimer()
	p.server.Close()
	steps := float64(len(c.took))
	around.report(b, steps)
	slices.Sort(c.took)
	b.ReportMetric(float64(play.Telegram().Calls()-calls)/steps, "calls/step")
	b.ReportMetric(steps/b.Elapsed().Seconds(), "steps/s")
	b.ReportMetric(float64(c.took[len(c.took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(c.took[len(c.took)*99/100].Microseconds())/1000, "p99-ms")
}

// plain is the handler: one step of the crowd's script for each update.
type plain struct {
	tb     testing.TB
	pool   *pgxpool.Pool
	server *httptest.Server
	client *http.Client
	api    string
	words  [][]playground.Message // what it says at each step; nil: a sentence
}

func newPlain(tb testing.TB, play *playground.Playground) *plain {
	database := benchDatabase(tb)
	pool, err := postgres.Connect(tb.Context(), database)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(pool.Close)
	_, err = pool.Exec(tb.Context(), `CREATE TABLE claim (id bigint PRIMARY KEY); CREATE TABLE session (chat bigint PRIMARY KEY, step int NOT NULL, said text NOT NULL);
		CREATE TABLE outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, chat bigint NOT NULL, body text NOT NULL)`)
	if err != nil {
		tb.Fatal(err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 256
	p := &plain{tb: tb, pool: pool, client: &http.Client{Timeout: 30 * time.Second, Transport: transport}, api: play.TelegramURL() + "/bot" + play.TelegramToken() + "/"}
	p.server = httptest.NewServer(http.HandlerFunc(p.handle))
	p.call("setWebhook", map[string]any{"url": p.server.URL, "max_connections": 100})
	return p
}

func (p *plain) handle(_ http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	u := decodePlain(body)
	var step int
	err = p.pool.QueryRow(r.Context(), `WITH c AS (INSERT INTO claim VALUES ($1) ON CONFLICT DO NOTHING RETURNING id),
		s AS (INSERT INTO session SELECT $2, 1, $3 FROM c ON CONFLICT (chat) DO UPDATE SET step = session.step + 1, said = session.said || excluded.said RETURNING step),
		o AS (INSERT INTO outbox (chat, body) SELECT $2, $4 FROM s)
		SELECT step FROM s`, u.id, u.chat, u.text, "the next question, as long as one is, so that the row has a body of the size of ours, or nearly so").Scan(&step)
	if err != nil {
		return // a second delivery
	}
	if u.press != "" {
		go p.call("answerCallbackQuery", map[string]any{"callback_query_id": u.press})
	}
	if p.words != nil {
		p.say(u.chat, p.words[step])
		return
	}
	next := stepsOfComplaint[step]
	message := map[string]any{"chat_id": u.chat, "text": "the next question: " + next.hear}
	if next.press != "" {
		message["reply_markup"] = map[string]any{"inline_keyboard": [][]map[string]string{{{"text": next.press, "callback_data": "1:x"}}}}
	}
	p.call("sendMessage", message)
}

// say says what ours says.
func (p *plain) say(chat int64, words []playground.Message) {
	for _, m := range words {
		message := map[string]any{"chat_id": chat, "text": m.Text}
		if len(m.Buttons) > 0 {
			rows := make([][]map[string]string, len(m.Buttons))
			for i, row := range m.Buttons {
				for _, one := range row {
					rows[i] = append(rows[i], map[string]string{"text": one.Text, "callback_data": one.Data})
				}
			}
			message["reply_markup"] = map[string]any{"inline_keyboard": rows}
		}
		p.call("sendMessage", message)
	}
}

func (p *plain) call(method string, params map[string]any) {
	body, _ := json.Marshal(params)
	response, err := p.client.Post(p.api+method, "application/json", bytes.NewReader(body))
	if err != nil {
		return
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
}

type plainUpdate struct {
	id, chat    int64
	text, press string
}

func decodePlain(body []byte) plainUpdate {
	type message struct {
		Text string `json:"text"`
		Chat struct {
			ID int64 `json:"id"`
		} `json:"chat"`
	}
	var u struct {
		ID      int64    `json:"update_id"`
		Message *message `json:"message"`
		Press   *struct {
			ID      string  `json:"id"`
			Message message `json:"message"`
		} `json:"callback_query"`
	}
	_ = json.Unmarshal(body, &u)
	if u.Press != nil {
		return plainUpdate{id: u.ID, chat: u.Press.Message.Chat.ID, press: u.Press.ID}
	}
	if u.Message == nil {
		return plainUpdate{id: u.ID}
	}
	return plainUpdate{id: u.ID, chat: u.Message.Chat.ID, text: u.Message.Text}
}
