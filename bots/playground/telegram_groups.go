package playground

import (
	"errors"
	"fmt"
	"net/http"
)

// Join lets a person put the bot into a group, a supergroup or a channel that they are in; its id is negative. The page does not
// show those. It returns the number of the update (0: the bot does not want those).
func (t *Telegram) Join(person, group int64, kind, title string) (int64, error) {
	by, err := t.mustChat(person)
	if err != nil {
		return 0, err
	}
	if group >= 0 || kind != "group" && kind != "supergroup" && kind != "channel" {
		return 0, fmt.Errorf("%d is no %s", group, kind)
	}
	made := &chat{person: Person{ID: group, Name: title}, kind: kind, started: true, left: true}
	made.encode()
	made.chatJSON = appendStringField(appendIntField([]byte{'{'}, "id", group), "title", title)
	made.chatJSON = append(appendStringField(made.chatJSON, "type", kind), '}')
	found, _ := t.chats.LoadOrStore(group, made)
	c := found.(*chat)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.left {
		return 0, errors.New("the bot is in there already")
	}
	c.left = false
	status := "member"
	if kind == "channel" {
		status = "administrator" // a bot can be nothing else there
	}
	return t.standing(c, by, "left", status), nil
}

// SendIn lets a person type a message in a group that the bot is in.
func (t *Telegram) SendIn(person, group int64, text string) (int64, error) {
	by, err := t.mustChat(person)
	if err != nil {
		return 0, err
	}
	c, err := t.mustChat(group)
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left || c.kind == "channel" {
		return 0, errors.New("the bot does not see what is said there")
	}
	m := &Message{Kind: "text", Text: text, Entities: detected(text), At: t.play.clock.Now(), by: by.userJSON}
	t.add(c, m)
	return t.push(&update{chat: group, kind: "message", body: t.appendMessage([]byte(`"message":`), c, m)}), nil
}

// In says whether the bot is in a group.
func (t *Telegram) In(group int64) bool {
	c := t.chat(group)
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.left
}

func (t *Telegram) leaveChat(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	c, refused := t.openChat(p)
	if refused != nil {
		return out, refused
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kind == "private" {
		return out, badRequest("chat member status can't be changed in private chats")
	}
	if refused := c.mayWrite(); refused != nil {
		return out, refused
	}
	c.left = true
	t.standing(c, nil, "member", "left")
	return append(out, "true"...), nil
}

// standing tells the bot what it is in a chat from now on; without who made it so, it did that itself. The caller holds the
// chat's lock.
func (t *Telegram) standing(c, by *chat, was, is string) int64 {
	body := append([]byte(`"my_chat_member":{"chat":`), c.chatJSON...)
	body = append(body, `,"from":`...)
	if by == nil {
		body = append(t.appendBot(body), '}')
	} else {
		body = append(body, by.userJSON...)
	}
	body = appendIntField(body, "date", t.play.clock.Now().Unix())
	body = t.appendStanding(append(body, `,"old_chat_member":`...), was)
	body = append(t.appendStanding(append(body, `,"new_chat_member":`...), is), '}')
	return t.push(&update{chat: c.person.ID, kind: "my_chat_member", body: body})
}
