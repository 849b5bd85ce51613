package playground

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Person is an invented complainant with a telephone.
type Person struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Language string `json:"language"` // as the person's Telegram is set: "nl", "en"
	// Started persons have written to the bot before, so that it may write first.
	Started bool `json:"-"`
}

// DefaultPersons are the invented complainants of the demo.
func DefaultPersons() []Person {
	return []Person{
		{ID: 7001, Name: "Noor (invented)", Language: "nl"},
		{ID: 7002, Name: "James (invented)", Language: "en"},
	}
}

// Button is a button under a message.
type Button struct {
	Text string `json:"text"`
	Data string `json:"data"`
	URL  string `json:"url"`
}

// Key is a key of the keyboard that a bot puts in the place of the telephone's own.
type Key struct {
	Text           string `json:"text"`
	RequestContact bool   `json:"request_contact"`
}

// Message is a message in a chat, as the person's telephone has it.
type Message struct {
	ID       int64
	FromBot  bool
	Kind     string // text, or of an Attachment
	Text     string
	Entities []Entity
	Caption  string
	FileName string
	FileID   string
	Album    string // what it was sent together with has it in common
	At       time.Time
	EditedAt time.Time // zero: never
	Buttons  [][]Button
	Toast    string // what the bot answered to a press of a button of this message
	Silent   bool   // disable_notification

	other bool   // its words were changed; Telegram does not call it edited where only buttons were
	fixed bool   // sent with a reply keyboard: the Bot API does not edit those
	by    []byte // who of a group sent it, as a User of the Bot API; nil: the person whose chat it is
}

// Telegram stands in for Telegram's Bot API and for the telephones.
type Telegram struct {
	play  *Playground
	spec  *telegramSpec
	botID int64

	chats   sync.Map // person's id to *chat
	lastID  atomic.Int64
	updates updateQueue
	webhook webhook
	presses pressTable
	files   fileTable

	all       bucket
	allMu     sync.Mutex
	refusals  atomic.Int64
	calls     atomic.Int64
	fail      atomic.Pointer[func(method string, params *Params) *Failure]
	onMessage atomic.Pointer[func(person int64, m Message)]

	mu      sync.Mutex
	order   []int64 // persons, in the order they were added
	profile botProfile
}

// chat is the conversation of one person with the bot.
type chat struct {
	mu          sync.Mutex
	person      Person // of a group or channel: its id, and its title
	kind        string // private, group, supergroup or channel
	started     bool
	left        bool // the bot is not in the group
	blocked     bool
	deactivated bool
	messages    []*Message // ids ascend
	keyboard    [][]Key
	toast       string
	toastID     int
	typingUntil time.Time // real time
	bucket      bucket
	changed     signal

	userJSON, chatJSON []byte
}

func newTelegram(p *Playground) *Telegram {
	t := &Telegram{play: p, spec: telegramMethods()}
	t.botID = 1234567890
	if id, _, ok := splitToken(p.options.TelegramToken); ok {
		t.botID = id
	}
	t.profile.init()
	t.updates.next = rand.Int64N(1<<30) + 1<<20
	t.lastID.Store(10)
	t.webhook.t = t
	t.files.init()
	for _, person := range p.options.Persons {
		t.AddPerson(person)
	}
	return t
}

// AddPerson gives one more person a telephone; one who is there already is left as they are.
func (t *Telegram) AddPerson(person Person) {
	c := &chat{person: person, kind: "private", started: person.Started}
	c.encode()
	if _, there := t.chats.LoadOrStore(person.ID, c); there {
		return
	}
	t.mu.Lock()
	t.order = append(t.order, person.ID)
	t.mu.Unlock()
	t.play.changed()
}

// encode prepares what every update of this person repeats. The caller holds the lock, or nobody else has the chat yet.
func (c *chat) encode() {
	user := appendIntField([]byte{'{'}, "id", c.person.ID)
	user = append(user, `,"is_bot":false`...)
	user = appendStringField(user, "first_name", c.person.Name)
	if c.person.Language != "" {
		user = appendStringField(user, "language_code", c.person.Language)
	}
	c.userJSON = append(user, '}')
	room := appendIntField([]byte{'{'}, "id", c.person.ID)
	room = appendStringField(room, "first_name", c.person.Name)
	c.chatJSON = append(room, `,"type":"private"}`...)
}

func (t *Telegram) chat(person int64) *chat {
	c, ok := t.chats.Load(person)
	if !ok {
		return nil
	}
	return c.(*chat)
}

// mustChat is for tests and acts: they name persons that are there.
func (t *Telegram) mustChat(person int64) (*chat, error) {
	c := t.chat(person)
	if c == nil {
		return nil, fmt.Errorf("there is no person %d", person)
	}
	return c, nil
}

// find returns a message by its id. The caller holds the lock.
func (c *chat) find(id int64) (*Message, int) {
	i, ok := slices.BinarySearchFunc(c.messages, id, func(m *Message, id int64) int { return cmp.Compare(m.ID, id) })
	if !ok {
		return nil, -1
	}
	return c.messages[i], i
}

// add keeps a message, and lets go of the oldest where the history is bounded. The caller holds the lock.
func (t *Telegram) add(c *chat, m *Message) {
	m.ID = t.lastID.Add(1)
	if keep := t.play.options.History; keep > 0 && len(c.messages) >= 2*keep {
		c.messages = append(c.messages[:0], c.messages[len(c.messages)-keep+1:]...)
	}
	c.messages = append(c.messages, m)
}

// shown tells who waits that the chat is different.
func (t *Telegram) shown(c *chat) {
	c.changed.send()
	t.play.changed()
}

func splitToken(token string) (int64, string, bool) {
	for i := range len(token) {
		if token[i] == ':' {
			id, err := strconv.ParseInt(token[:i], 10, 64)
			return id, token[i+1:], err == nil
		}
	}
	return 0, "", false
}
