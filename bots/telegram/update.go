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
	Profile string             // the person's own language, as a BCP 47 tag
	Event   conversation.Event // nil: nothing that the conversation hears
	Press   string             // the identifier by which a press is answered
	Group   bool               // it came from a group or a channel
	Left    bool               // the person blocked us
	raw     func() []byte      // as it came

	delivered bool   // by the webhook
	reply     []byte // a call of a method, that Telegram makes when it hears that the delivery is kept
	err       error  // why it can't be understood
}

// wire is as much of the Bot API's Update as we have a use for. It is narrow on purpose: what Telegram adds to the rest, or
// changes in it, can't keep us from hearing somebody.
type wire struct {
	ID      int64        `json:"update_id"`
	Message *wireMessage `json:"message"`
	Press   *struct {
		ID      string       `json:"id"`
		From    wirePerson   `json:"from"`
		Message *wireMessage `json:"message"`
		Data    string       `json:"data"`
	} `json:"callback_query"`
	Member *struct {
		Chat wireChat `json:"chat"`
		New  struct {
			Status string `json:"status"`
		} `json:"new_chat_member"`
	} `json:"my_chat_member"`
}

type wireChat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

type wirePerson struct {
	ID       int64  `json:"id"`
	Language string `json:"language_code"`
}

// present is a part of a message that is there or not; what it holds is of no use to us.
type present bool

func (p *present) UnmarshalJSON(raw []byte) error {
	*p = string(raw) != "null"
	return nil
}

type wireMessage struct {
	Chat    wireChat   `json:"chat"`
	From    wirePerson `json:"from"`
	Text    string     `json:"text"`
	Caption string     `json:"caption"`
	Contact *struct {
		Telephone string `json:"phone_number"`
		Person    int64  `json:"user_id"`
	} `json:"contact"`
	Photo     present `json:"photo"`
	Document  present `json:"document"`
	Animation present `json:"animation"`
	Video     present `json:"video"`
	Voice     present `json:"voice"`
	VideoNote present `json:"video_note"`
	Audio     present `json:"audio"`
	Sticker   present `json:"sticker"`
	Location  present `json:"location"`
	Venue     present `json:"venue"`
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
	case w.Press != nil:
		u.Press, u.Profile = w.Press.ID, w.Press.From.Language
		if w.Press.Message != nil {
			u.place(w.Press.Message.Chat)
			u.press(w.Press.Data)
		}
	case w.Member != nil:
		u.place(w.Member.Chat)
		u.Left = !u.Group && w.Member.New.Status == "kicked"
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
	u.Chat, u.Group = c.ID, c.Type != "private"
}

func (u *update) message(m *wireMessage) {
	u.place(m.Chat)
	u.Profile = m.From.Language
	switch {
	case u.Group:
	case strings.HasPrefix(m.Text, "/"):
		u.Event = u.command(m.Text)
	case m.Text != "":
		u.Event = conversation.Typed{Text: m.Text}
	case m.Contact != nil && m.Contact.Person == m.From.ID:
		u.Event = conversation.Shared{Telephone: m.Contact.Telephone}
	default:
		u.Event = conversation.Attached{Kind: kind(m), Caption: m.Caption}
	}
}

// command reads "/status", "/status@our_bot and more".
func (u *update) command(text string) conversation.Event {
	name, _, _ := strings.Cut(strings.Fields(text)[0][1:], "@")
	if strings.EqualFold(name, "start") {
		return conversation.Started{Profile: u.Profile}
	}
	return conversation.Command{Name: name}
}

// kind names what is no text.
func kind(m *wireMessage) string {
	switch {
	case bool(m.Photo):
		return conversation.APhoto
	case bool(m.Document), bool(m.Animation):
		return conversation.ADocument
	case bool(m.Video):
		return conversation.AVideo
	case bool(m.Voice), bool(m.VideoNote), bool(m.Audio):
		return conversation.AVoice
	case bool(m.Sticker):
		return conversation.ASticker
	case bool(m.Location), bool(m.Venue):
		return conversation.ALocation
	case m.Contact != nil:
		return conversation.AContact
	}
	return ""
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
