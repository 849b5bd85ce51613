package playground_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"websec.nl/gehoor/bots/playground"
)

func TestManyChatsAtOnceKeepTheirOrder(t *testing.T) {
	const people, each = 32, 20
	p := start(t, playground.Options{Lean: true})
	var senders sync.WaitGroup
	for person := range int64(people) {
		p.Telegram().AddPerson(playground.Person{ID: 100 + person, Name: "Crowd (invented)"})
		senders.Go(func() {
			for i := range each {
				if _, _, err := p.Telegram().Send(100+person, fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	next, offset := map[int64]int{}, int64(0)
	for got := 0; got < people*each; {
		var answer struct {
			Result []struct {
				ID      int64 `json:"update_id"`
				Message struct {
					Chat struct{ ID int64 }
					Text string
				}
			}
		}
		if err := json.Unmarshal([]byte(call(t, p, "getUpdates", fmt.Sprintf(`{"timeout":20,"offset":%d}`, offset))), &answer); err != nil {
			t.Fatal(err)
		}
		if len(answer.Result) == 0 {
			t.Fatalf("nothing more comes after %d updates", got)
		}
		for _, u := range answer.Result {
			person := u.Message.Chat.ID
			if u.ID < offset || u.Message.Text != fmt.Sprint(next[person]) {
				t.Fatalf("person %d: update %d says %q, want %d", person, u.ID, u.Message.Text, next[person])
			}
			next[person]++
			offset = u.ID + 1
			got++
		}
	}
	senders.Wait()
}
