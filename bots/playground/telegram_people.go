package playground

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

// Send lets a person type a message; it returns the message and the number of its update (0: the bot does not want those).
func (t *Telegram) Send(person int64, text string) (Message, int64, error) {
	if text == "" {
		return Message{}, 0, errors.New("the message is empty")
	}
	return t.say(person, &Message{Kind: "text", Text: text, Entities: detected(text)})
}

// Attachment is what a person sends besides text.
type Attachment struct {
	Kind     string // photo, document, video, animation, voice, video_note, audio, sticker, contact, location
	FileName string
	Caption  string
	Phone    string // of a contact; default an invented number
	Data     []byte // default: an invented file of that kind
	Size     int64  // what Telegram says the size is, with nothing behind Data; 0: that of Data
}

// Attach lets a person send a file, a contact or a place.
func (t *Telegram) Attach(person int64, a Attachment) (Message, int64, error) {
	m, err := t.attachment(a)
	if err != nil {
		return Message{}, 0, err
	}
	return t.say(person, m)
}

// together are the kinds of files that an album is made of (Bot API, sendMediaGroup).
var together = []string{"photo", "video", "document", "audio"}

// Album lets a person send 2 to 10 files at once. Each comes as a message of its own, with one identifier in common.
func (t *Telegram) Album(person int64, all ...Attachment) ([]Message, error) {
	if len(all) < 2 || len(all) > 10 {
		return nil, fmt.Errorf("an album has 2 to 10 files, not %d", len(all))
	}
	album := strconv.FormatUint(rand.Uint64()>>1, 10)
	messages := make([]*Message, len(all))
	for i, a := range all {
		if !slices.Contains(together, a.Kind) {
			return nil, fmt.Errorf("an album can't hold a %s", a.Kind)
		}
		m, err := t.attachment(a)
		if err != nil {
			return nil, err
		}
		m.Album, messages[i] = album, m
	}
	sent := make([]Message, len(all))
	for i, m := range messages {
		var err error
		if sent[i], _, err = t.say(person, m); err != nil {
			return nil, err
		}
	}
	return sent, nil
}

func (t *Telegram) attachment(a Attachment) (*Message, error) {
	m := &Message{Kind: a.Kind, Caption: a.Caption, FileName: a.FileName, Entities: detected(a.Caption)}
	switch a.Kind {
	case "contact":
		m.Text = a.Phone
		if m.Text == "" {
			m.Text = "+31 20 000 00 00"
		}
	case "location":
	case "photo", "voice", "video_note", "sticker": // which have no name
		m.FileName = ""
		m.FileID = t.files.add(a)
	case "document", "video", "animation", "audio":
		if m.FileName == "" {
			m.FileName = "invented" + endingOf[m.Kind]
		}
		a.FileName = m.FileName
		m.FileID = t.files.add(a)
	default:
		return nil, fmt.Errorf("a person can't send a %q", a.Kind)
	}
	return m, nil
}

func (t *Telegram) say(person int64, m *Message) (Message, int64, error) {
	c, err := t.mustChat(person)
	if err != nil {
		return Message{}, 0, err
	}
	c.mu.Lock()
	if c.blocked {
		c.mu.Unlock()
		return Message{}, 0, errors.New("the person has blocked the bot")
	}
	c.started = true
	m.At = t.play.clock.Now()
	t.add(c, m)
	id := t.push(&update{chat: person, kind: "message", body: t.appendMessage([]byte(`"message":`), c, m)})
	copied := *m
	c.mu.Unlock()
	t.shown(c)
	return copied, id, nil
}

// Edit lets a person change what they typed, or the words under a file that they sent.
func (t *Telegram) Edit(person, message int64, text string) (int64, error) {
	c, err := t.mustChat(person)
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	m, _ := c.find(message)
	switch {
	case m == nil:
		return 0, fmt.Errorf("there is no message %d", message)
	case c.blocked:
		return 0, errors.New("the person has blocked the bot")
	case m.FromBot || m.Kind != "text" && !m.captioned() || m.Kind == "text" && text == "":
		return 0, errors.New("only a text of one's own can be edited")
	}
	if m.Kind == "text" {
		m.Text = text
	} else {
		m.Caption = text
	}
	m.Entities, m.EditedAt, m.other = detected(text), t.play.clock.Now(), true
	id := t.push(&update{chat: person, kind: "edited_message", body: t.appendMessage([]byte(`"edited_message":`), c, m)})
	t.shown(c)
	return id, nil
}

// captioned says whether there can be words under a message.
func (m *Message) captioned() bool {
	return m.FileID != "" && m.Kind != "sticker" && m.Kind != "video_note"
}

// Press lets a person press a button under a message. A button that is not there any more can't be pressed; PressOld can.
func (t *Telegram) Press(person, message int64, data string) (int64, error) {
	return t.press(person, message, data, true)
}

// PressOld presses a button as it once was, as happens when the telephone still shows an older message.
func (t *Telegram) PressOld(person, message int64, data string) (int64, error) {
	return t.press(person, message, data, false)
}

// PressText presses the newest button that reads so.
func (t *Telegram) PressText(person int64, text string) (int64, error) {
	for _, m := range slices.Backward(t.Messages(person)) {
		for _, row := range m.Buttons {
			for _, b := range row {
				if b.Text == text && b.URL == "" {
					return t.Press(person, m.ID, b.Data)
				}
			}
		}
	}
	return 0, fmt.Errorf("there is no button %q", text)
}

func (t *Telegram) press(person, message int64, data string, mustBeThere bool) (int64, error) {
	c, err := t.mustChat(person)
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	m, _ := c.find(message)
	if m == nil {
		return 0, fmt.Errorf("there is no message %d", message)
	}
	if c.blocked {
		return 0, errors.New("the person has blocked the bot")
	}
	there := slices.ContainsFunc(m.Buttons, func(row []Button) bool {
		return slices.ContainsFunc(row, func(b Button) bool { return b.Data == data && b.URL == "" && data != "" })
	})
	if mustBeThere && !there {
		return 0, fmt.Errorf("message %d has no button %q", message, data)
	}
	query := t.presses.add(press{c, m.ID, time.Now()})
	body := append([]byte(`"callback_query":{"id":"`), strconv.FormatUint(query, 10)...)
	body = append(append(body, `","from":`...), c.userJSON...)
	body = t.appendMessage(append(body, `,"message":`...), c, m)
	body = appendStringField(body, "chat_instance", strconv.FormatInt(person*7919, 10))
	body = append(appendStringField(body, "data", data), '}')
	return t.push(&update{chat: person, kind: "callback_query", body: body}), nil
}

// Block lets a person block the bot, or let it in again.
func (t *Telegram) Block(person int64, blocked bool) error {
	c, err := t.mustChat(person)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.blocked == blocked {
		return nil
	}
	c.blocked = blocked
	was, is := "member", "kicked"
	if !blocked {
		was, is = is, was
	}
	t.standing(c, c, was, is)
	t.shown(c)
	return nil
}

func (t *Telegram) appendStanding(out []byte, status string) []byte {
	out = append(t.appendBot(append(out, `{"user":`...)), '}')
	out = appendStringField(out, "status", status)
	if status == "kicked" {
		out = append(out, `,"until_date":0`...)
	}
	return append(out, '}')
}

// Deactivate lets a person's account end.
func (t *Telegram) Deactivate(person int64) error {
	c, err := t.mustChat(person)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.deactivated = true
	c.mu.Unlock()
	t.shown(c)
	return nil
}

// Language sets the language of a person's Telegram; the bot sees it with their next message.
func (t *Telegram) Language(person int64, language string) error {
	c, err := t.mustChat(person)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.person.Language = language
	c.encode()
	c.mu.Unlock()
	t.shown(c)
	return nil
}
