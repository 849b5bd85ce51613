package telegram

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"websec.nl/gehoor/conversation"
	"websec.nl/gehoor/i18n"
)

// update is what reached us, as far as it can be understood.
type update struct {
	ID      int64
	Chat    int64
	Message int64              // the person's, or the one of ours whose button was pressed; 0: none
	Profile string             // the person's own language, as a BCP 47 tag
	Event   conversation.Event // nil: nothing that the conversation hears
	Press   string             // the identifier by which a press is answered
	Group   bool               // it came from a group or a channel
	Channel bool               // it came from a channel
	Left    bool               // the person blocked us
	Back    bool               // or lets us in again
	Joined  bool               // we were put into the group
	markup  []byte             // what stands under the message whose button was pressed
	raw     func() []byte      // as it came

	delivered bool   // by the webhook
	answered  bool   // the press was
	reply     []byte // a call of a method, that Telegram makes when it hears that the delivery is kept
	err       error  // why it can't be understood
}

// decodeAll understands the answer to a poll. Where one of its updates can't be understood they are looked at one by one, so
// that it does not hide the others.
func decodeAll(answer []byte) ([]*update, error) {
	var whole struct {
		Result []wire `json:"result"`
	}
	if json.Unmarshal(answer, &whole) == nil {
		all := make([]*update, len(whole.Result))
		for i := range whole.Result {
			all[i] = understand(&whole.Result[i], nil)
			all[i].raw = func() []byte {
				pieces, _ := cut(answer)
				return pieces[i]
			}
		}
		return all, nil
	}
	pieces, err := cut(answer)
	if err != nil {
		return nil, err
	}
	all := make([]*update, len(pieces))
	for i, one := range pieces {
		all[i] = decode(one)
	}
	return all, nil
}

// cut is the updates of an answer to a poll, as they came.
func cut(answer []byte) ([]json.RawMessage, error) {
	var whole struct {
		Result []json.RawMessage `json:"result"`
	}
	if err := json.Unmarshal(answer, &whole); err != nil {
		return nil, fmt.Errorf("updates are no JSON: %w", err)
	}
	return whole.Result, nil
}

// decode understands one update. What it can't understand it returns with the error, for the operator.
func decode(raw []byte) *update {
	var w wire
	err := json.Unmarshal(raw, &w)
	if err != nil {
		w = wire{ID: numberOf(raw)}
	}
	u := understand(&w, err)
	u.raw = func() []byte { return raw }
	return u
}

func understand(w *wire, err error) *update {
	u := &update{ID: w.ID, err: err}
	switch {
	case w.Message != nil:
		u.message(w.Message)
	case w.Edited != nil:
		u.edited(w.Edited)
	case w.Press != nil:
		u.Press, u.Profile = w.Press.ID, w.Press.From.Language
		if m := w.Press.Message; m != nil {
			u.place(m.Chat)
			u.Message, u.markup = m.ID, m.Markup
			u.press(w.Press.Data)
		}
	case w.Member != nil:
		u.place(w.Member.Chat)
		u.Profile = w.Member.From.Language
		u.standing(w.Member.New.Status)
	}
	return u
}

// numberOf finds the number of an update that is otherwise not understood; 0 if even that is not there.
func numberOf(raw []byte) int64 {
	var id struct {
		ID json.Number `json:"update_id"`
	}
	_ = json.Unmarshal(raw, &id)
	n, _ := id.ID.Int64()
	return n
}

func (u *update) place(c wireChat) {
	u.Chat, u.Group, u.Channel = c.ID, c.Type != "private", c.Type == "channel"
}

func (u *update) message(m *wireMessage) {
	u.place(m.Chat)
	u.Message, u.Profile = m.ID, m.From.Language
	switch {
	case u.Group:
	case strings.HasPrefix(m.Text, "/"):
		u.Event = u.command(m.Text)
	case m.Text != "":
		u.Event = conversation.Typed{Text: m.Text, Message: m.ID}
	case m.Contact != nil && m.Contact.Person == m.From.ID:
		u.Event = conversation.Shared{Telephone: m.Contact.Telephone, Message: m.ID}
	default:
		u.Event = m.attached()
	}
}

// edited hears of words that were changed, and of nothing else that Telegram calls an edit, such as a place that moves.
func (u *update) edited(m *wireMessage) {
	u.place(m.Chat)
	u.Message, u.Profile = m.ID, m.From.Language
	switch {
	case u.Group:
	case m.Text != "":
		u.Event = conversation.Edited{Message: m.ID, Text: m.Text}
	case m.captioned():
		u.Event = conversation.Edited{Message: m.ID, Text: m.Caption, File: true}
	}
}

// standing hears what we are in a chat from now on (Bot API, ChatMember): in a private one whether the person lets us speak.
func (u *update) standing(status string) {
	in := status == "member" || status == "administrator"
	switch {
	case u.Group:
		u.Joined = in
	case status == "kicked":
		u.Left = true
	case in:
		u.Back = true
	}
}

// command reads "/status", "/status@our_bot and more", and "/start" with the token of a link.
func (u *update) command(text string) conversation.Event {
	words := strings.Fields(text)
	name, _, _ := strings.Cut(words[0][1:], "@")
	switch {
	case strings.EqualFold(name, "start") && len(words) == 2 && isToken(words[1]):
		return conversation.Followed{Profile: u.Profile, Token: words[1]}
	case strings.EqualFold(name, "start"):
		return conversation.Started{Profile: u.Profile}
	}
	return conversation.Command{Name: name}
}

// press reads the data of a button of ours; what is none, the conversation takes for an old one.
func (u *update) press(data string) {
	if u.Group {
		return
	}
	step, choice, ok := strings.Cut(data, ":")
	n, err := strconv.Atoi(step)
	if !ok || err != nil {
		n, choice = -1, ""
	}
	u.Event = conversation.Pressed{Step: n, Choice: choice}
}

// language is what a person who was not heard before would like to read.
func (u *update) language() i18n.Language { return i18n.Closest(u.Profile) }
