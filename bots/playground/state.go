package playground

import (
	"fmt"
	"net/http"
	"time"
)

// coalesce is how long changes are gathered before the page is told.
const coalesce = 50 * time.Millisecond

type state struct {
	Version      int64         `json:"version"`
	Now          string        `json:"now"`
	NextDeadline *string       `json:"next_deadline"`
	Telegram     telegramState `json:"telegram"`
	Slack        slackState    `json:"slack"`
	Mail         []letterState `json:"mail"`
}

type telegramState struct {
	Bot   botState    `json:"bot"`
	Chats []chatState `json:"chats"`
}

type botState struct {
	Name             string        `json:"name"`
	Menu             string        `json:"menu"` // what the button beside the field opens: default, commands or web_app
	Commands         []MenuCommand `json:"commands"`
	Description      string        `json:"description"`
	ShortDescription string        `json:"short_description"`
}

type chatState struct {
	Person      Person         `json:"person"`
	Blocked     bool           `json:"blocked"`
	Typing      bool           `json:"typing"`
	Messages    []messageState `json:"messages"`
	Keyboard    [][]Key        `json:"keyboard"`
	Toast       string         `json:"toast"`
	ToastID     int            `json:"toast_id"`
	Commands    []MenuCommand  `json:"commands"`    // in the person's language
	Description string         `json:"description"` // the same
}

type messageState struct {
	ID       int64      `json:"id"`
	From     string     `json:"from"`
	Kind     string     `json:"kind"`
	Text     string     `json:"text"`
	Entities []Entity   `json:"entities,omitempty"`
	Caption  string     `json:"caption"`
	FileName string     `json:"file_name"`
	At       string     `json:"at"`
	Edited   bool       `json:"edited"`
	Buttons  [][]Button `json:"buttons"`
	Toast    string     `json:"toast"`
	File     *fileState `json:"file,omitempty"`
	Album    string     `json:"album,omitempty"` // what was sent together has it in common
}

// fileState is a file in a chat.
type fileState struct {
	URL  string `json:"url"` // of its content, on the page's own server
	Type string `json:"type"`
	Size int64  `json:"size"`
}

type letterState struct {
	ID          int              `json:"id"`
	At          string           `json:"at"`
	From        string           `json:"from"`
	To          []string         `json:"to"`
	Subject     string           `json:"subject"`
	Text        string           `json:"text"`
	HTML        string           `json:"html"`
	Attachments []enclosureState `json:"attachments"`
}

type enclosureState struct {
	Name  string `json:"name"`
	URL   string `json:"url"` // of its content, on the page's own server
	Bytes int    `json:"bytes"`
}

// state is everything that the page shows to one member of the workspace; "" is the first member.
func (p *Playground) state(member string) state {
	s := state{Version: p.version.Load(), Now: p.moment(p.clock.Now()), Telegram: p.telegram.state(), Slack: p.slack.state(member), Mail: p.mail.state()}
	if next, ok := p.deadline(); ok {
		text := p.moment(next)
		s.NextDeadline = &text
	}
	return s
}

// moment writes a time in the zone of the clock.
func (p *Playground) moment(t time.Time) string {
	return t.In(p.clock.start.Location()).Format(time.RFC3339)
}

func (t *Telegram) state() telegramState {
	s := telegramState{
		Bot: botState{
			Name: t.profile.get("name", ""), Menu: t.profile.menuButton(), Commands: t.profile.menuFor(0, ""),
			Description: t.profile.get("description", ""), ShortDescription: t.profile.get("short_description", ""),
		},
		Chats: []chatState{},
	}
	t.mu.Lock()
	order := t.order
	t.mu.Unlock()
	for _, person := range order {
		s.Chats = append(s.Chats, t.chat(person).state(t))
	}
	return s
}

func (c *chat) state(t *Telegram) chatState {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := chatState{
		Person: c.person, Blocked: c.blocked, Typing: time.Now().Before(c.typingUntil), Messages: make([]messageState, len(c.messages)),
		Keyboard: c.keyboard, Toast: c.toast, ToastID: c.toastID,
		Commands: t.profile.menuFor(c.person.ID, c.person.Language), Description: t.profile.get("description", c.person.Language),
	}
	for i, m := range c.messages {
		s.Messages[i] = messageState{
			ID: m.ID, From: "person", Kind: m.Kind, Text: m.Text, Entities: m.Entities, Caption: m.Caption, FileName: m.FileName,
			At: t.play.moment(m.At), Edited: m.other, Buttons: m.Buttons, Toast: m.Toast,
			Album: m.Album,
		}
		if m.FromBot {
			s.Messages[i].From = "bot"
		}
		if one := t.files.get(m.FileID); one != nil {
			s.Messages[i].File = &fileState{URL: "/play/telegram/file/" + one.id, Type: one.mime, Size: one.size}
		}
		if m.Buttons == nil {
			s.Messages[i].Buttons = [][]Button{}
		}
	}
	return s
}

func (m *Mail) state() []letterState {
	list := []letterState{}
	for _, letter := range m.Letters() {
		one := letterState{
			ID: letter.ID, At: m.play.moment(letter.At), From: letter.From, To: letter.To, Subject: letter.Subject, Text: letter.Text, HTML: letter.HTML,
			Attachments: []enclosureState{},
		}
		for n, e := range letter.Attachments {
			one.Attachments = append(one.Attachments, enclosureState{e.Name, fmt.Sprintf("/play/mail/file/%d/%d", letter.ID, n), len(e.Data)})
		}
		list = append(list, one)
	}
	return list
}

func (p *Playground) serveState(w http.ResponseWriter, r *http.Request) {
	w.Header()["Content-Type"] = jsonType
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(mustJSON(p.state(r.FormValue("member"))))
}

// serveEvents sends the whole state at each change, and every ten seconds so that the clock on the page stays right.
func (p *Playground) serveEvents(w http.ResponseWriter, r *http.Request) {
	member := r.FormValue("member")
	control := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	p.watchers.Add(1)
	defer p.watchers.Add(-1)
	const heartbeat = 10 * time.Second
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		changed := p.changes.next()
		event := append([]byte("event: state\ndata: "), mustJSON(p.state(member))...)
		if _, err := w.Write(append(event, "\n\n"...)); err != nil {
			return
		}
		if err := control.Flush(); err != nil {
			return
		}
		pause.Reset(heartbeat)
		select {
		case <-changed:
		case <-pause.C:
			continue
		case <-r.Context().Done():
			return
		case <-p.ctx.Done():
			return
		}
		pause.Reset(coalesce)
		select {
		case <-pause.C:
		case <-r.Context().Done():
			return
		case <-p.ctx.Done():
			return
		}
	}
}
